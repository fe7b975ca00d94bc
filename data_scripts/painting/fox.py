"""Foxes: red for most, and cross, silver and arctic foxes."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Animal, Coat, Whiskers
from data_scripts.painting.canvas import Floats, as_colour, colour, mix, smoothstep
from data_scripts.painting.ears import Ear
from data_scripts.painting.eyes import Eye
from data_scripts.painting.fur import Fur
from data_scripts.painting.markings import pair
from data_scripts.painting.muzzle import Muzzle
from data_scripts.painting.noise import clouds
from data_scripts.painting.solid import Blob, Surface

# Back, cheeks and chin, line from eye to nose, back of the ears.
_COATS = {
    "red": ("#c2662a", "#f0e6da", "#7a3a1c", "#2a1f1c"),
    "sandy": ("#c0905a", "#efe4d2", "#7d5535", "#4a3425"),
    "cross": ("#8a5a3a", "#d8c8b4", "#3d2a20", "#241c1a"),
    "arctic": ("#e9e7e4", "#f6f4f1", "#c9c6c4", "#d5d2cf"),
}


def fox(rng: Generator) -> Animal:
    """Make a fox: its colour, its build and its face."""
    name = ("red", "red", "red", "red", "red", "sandy", "cross", "arctic")[int(rng.integers(8))]
    back, pale, line, black = (colour(c) for c in _COATS[name])
    if name != "arctic":
        back = back * as_colour([1, rng.uniform(0.92, 1.08), 1])
    back = np.clip(back * np.float32(rng.uniform(0.88, 1.12)), 0, 1)
    head = [
        Blob((0, -0.14, 0), (0.80, 0.70, 0.76)),
        Blob((0.50, 0.24, 0.05), (0.54, 0.36, 0.40), 0.45, mirrored=True),
        Blob((0, 0.22, 0.55), (0.32, 0.42, 0.5), 0.45),
        Blob((0, 0.47, 0.95), (0.20, 0.19, 0.56), 0.3),
        Blob((0, 0.64, 0.7), (0.17, 0.13, 0.45), 0.15),
    ]
    ear = Ear(
        base=(0.52, -0.46, -0.1),
        tip=(0.70 + rng.uniform(0, 0.14), -1.36 - rng.uniform(0, 0.2), -0.15),
        width=rng.uniform(0.38, 0.45),
        outside=back,
        inside=pale * 0.9,
        edge=black,
        bend=0.06,
        tuft=rng.uniform(0.6, 1.0),
        fur=Fur(length=0.05, contrast=0.1, shag=0.6),
    )
    eye = Eye(
        centre=(0.36, 0.0, 0.66),
        size=rng.uniform(0.16, 0.19),
        iris=colour(("#c98a2e", "#b5712a", "#8a5a2a")[int(rng.integers(3))]),
        opening=(rng.uniform(0.5, 0.75), rng.uniform(0.4, 0.6)),
        tilt=rng.uniform(0.3, 0.5),
        iris_size=0.74,
        pupil=(rng.uniform(0.3, 0.5), 0.75),
        closed=rng.random() < 0.05,
    )
    muzzle = Muzzle((0, 0.40, 1.5), 0.145, colour("#211c1d"), "dog", drop=1.15, smile=1.8)
    return Animal(
        head=head,
        coat=_coat(back, pale, line),
        fur=Fur(length=0.075, contrast=0.09, shag=0.8),
        ears=[ear],
        eye=eye,
        muzzle=muzzle,
        hair_from=(0, 0.40, 1.5),
        body=[Blob((0, 1.0, -0.5), (0.74, 1.0, 0.5)), Blob((0, 2.1, -0.5), (1.3, 1.25, 0.6), 1.0)],
        body_coat=_body_coat(back, pale),
        body_fur=Fur(length=0.15, contrast=0.1),
        whiskers=Whiskers((0.15, 0.48, 1.2), 0.7, 4, colour("#3a302c")),
    )


def _coat(back: Floats, pale: Floats, line: Floats) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 10)
        tone = back * (1 + 0.08 * mottle)
        x = np.abs(surface.x)
        # White from the lips over the cheeks; its upper edge climbs towards the ear.
        edge = surface.y - 0.36 + 0.30 * smoothstep(0.1, 0.8, x) + 0.08 * (surface.z - 0.9)
        bridge = smoothstep(0.03, 0.16, x + 3 * np.maximum(surface.y - 0.45, 0))
        white = smoothstep(-0.05, 0.10, edge + 0.05 * mottle) * bridge
        tone = mix(tone, pale, white)
        tear = pair(surface, (0.22, 0.2, 0.85), (0.1, 0.26, 0.35), 0.5)
        return mix(tone, line, 0.75 * tear)

    return paint


def _body_coat(back: Floats, pale: Floats) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 10)
        bib = smoothstep(0.5, 0.3, np.abs(surface.x) + 0.1 * mottle)
        return mix(back * (1 + 0.08 * mottle), pale, bib)

    return paint
