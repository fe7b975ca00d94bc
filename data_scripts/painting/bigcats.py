"""Big cats: leopard, jaguar, snow leopard."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Animal, Coat, Whiskers
from data_scripts.painting.canvas import Floats, colour, mix
from data_scripts.painting.ears import Ear
from data_scripts.painting.eyes import Eye
from data_scripts.painting.fur import Fur
from data_scripts.painting.markings import pair, patch, rosettes
from data_scripts.painting.muzzle import Muzzle
from data_scripts.painting.noise import clouds
from data_scripts.painting.solid import Blob, Surface

# Ground, pale parts, spots, iris, rosettes in a head unit, length of the hair.
_KINDS = {
    "leopard": ("#c8974f", "#f0e2c4", "#241a14", "#b9a24a", 6.2, 0.06),
    "jaguar": ("#b97f3c", "#ead6b0", "#1c1512", "#c9a03c", 5.2, 0.05),
    "snow leopard": ("#c2bdb3", "#f1eee7", "#34312e", "#b3c09e", 5.8, 0.075),
}


def big_cat(kind: str, rng: Generator) -> Animal:
    """Make a big cat of a kind: its build and its face."""
    ground, pale, spots, iris, density, hair = _KINDS[kind]
    stocky = {"leopard": 0.0, "jaguar": 1.0, "snow leopard": -0.4}[kind] + rng.normal(0, 0.3)
    head = [
        Blob((0, -0.05, 0), (0.92 + 0.04 * stocky, 0.88, 0.9)),
        Blob((0.5, 0.34, 0.12), (0.46 + 0.04 * stocky, 0.44, 0.46), 0.35, mirrored=True),
        Blob((0, 0.74, 0.5), (0.34, 0.24, 0.38), 0.25),
        Blob((0, 0.10, 0.66), (0.27, 0.52, 0.42), 0.3),
        Blob((0.2, 0.50, 0.80), (0.27, 0.24, 0.34), 0.1, mirrored=True),
    ]
    tone = colour(ground) * np.float32(rng.uniform(0.85, 1.12))
    ear = Ear(
        base=(0.66, -0.60, -0.1),
        tip=(0.90, -1.08, -0.15),
        width=0.30,
        outside=tone,
        inside=colour(pale) * 0.92,
        edge=colour(spots),
        shape="rounded",
        tuft=0.8,
    )
    eye = Eye(
        centre=(0.40, -0.06, 0.80),
        size=0.185,
        iris=colour(iris),
        opening=(rng.uniform(0.5, 0.66), rng.uniform(0.5, 0.62)),
        tilt=rng.uniform(0.2, 0.38),
        iris_size=0.8,
        pupil=(0.36, 0.36),
    )
    nose = colour("#b27a70") if kind != "snow leopard" else colour("#9a8078")
    muzzle = Muzzle((0, 0.33, 1.12), 0.2, nose, "cat", drop=1.2, smile=1.7)
    coat = _coat(tone, colour(pale), colour(spots), density)
    return Animal(
        head=head,
        coat=coat,
        fur=Fur(length=hair, contrast=0.11),
        ears=[ear],
        eye=eye,
        muzzle=muzzle,
        hair_from=(0, 0.25, 1.2),
        body=[Blob((0, 1.0, -0.5), (0.95, 1.0, 0.5)), Blob((0, 2.2, -0.5), (1.5, 1.5, 0.6), 0.8)],
        body_coat=_body_coat(tone, colour(spots), density * 0.5),
        body_fur=Fur(length=hair * 1.3, contrast=0.1),
        whiskers=Whiskers((0.28, 0.52, 1.0), 0.95, 7, colour("#f4f0e8")),
    )


def _coat(ground: Floats, pale: Floats, spots: Floats, density: float) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 9)
        tone = ground * (1 + 0.07 * mottle)
        tone = mix(tone, pale, 0.9 * patch(surface, (0, 0.68, 0.9), (0.58, 0.40, 0.8), 0.35))
        tone = mix(tone, pale, 0.75 * pair(surface, (0.38, 0.16, 0.8), (0.2, 0.18, 0.4), 0.5))
        marks, centres = rosettes(surface, rng, density)
        bridge = patch(surface, (0, 0.1, 1.0), (0.2, 0.42, 0.5), 0.3)
        tone = mix(tone, tone * 0.78, centres)
        tone = mix(tone, spots, 0.92 * marks * (1 - bridge))
        tear = pair(surface, (0.2, 0.1, 0.95), (0.07, 0.18, 0.3), 0.5)
        return mix(tone, spots, 0.6 * tear)

    return paint


def _body_coat(ground: Floats, spots: Floats, density: float) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 9)
        marks, centres = rosettes(surface, rng, density)
        tone = ground * (1 + 0.07 * mottle)
        return mix(mix(tone, tone * 0.75, centres), spots, 0.9 * marks)

    return paint
