"""Big cats: with rosettes, with spots, with stripes, with a mane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Animal, Coat, Whiskers
from data_scripts.painting.canvas import Floats, colour, mix, smoothstep
from data_scripts.painting.ears import Ear
from data_scripts.painting.eyes import Eye
from data_scripts.painting.fur import Fur
from data_scripts.painting.markings import pair, patch, rosettes, tiger_stripes
from data_scripts.painting.muzzle import Muzzle
from data_scripts.painting.noise import clouds
from data_scripts.painting.solid import Blob, Surface


@dataclass(frozen=True)
class Species:
    """What sets a big cat apart.

    Attributes
    ----------
    ground, pale, marks, iris, nose
        Colours: of the back, of the muzzle and around the eyes, of the markings, of the eyes and
        of the nose.
    pattern
        ``"rosettes"``, ``"spots"``, ``"stripes"`` or ``"plain"``.
    density
        Rosettes or spots in a head unit.
    hair
        Length of the hair in picture coordinates.
    stocky
        How broad the head is: 0 for a leopard.
    mane
        Whether it has one.
    """

    ground: str
    pale: str
    marks: str
    iris: str
    nose: str = "#b27a70"
    pattern: str = "rosettes"
    density: float = 6.0
    hair: float = 0.06
    stocky: float = 0.0
    mane: bool = False


SPECIES = {
    "leopard": Species("#c8974f", "#f0e2c4", "#241a14", "#b9a24a", density=6.2),
    "jaguar": Species("#b97f3c", "#ead6b0", "#1c1512", "#c9a03c", density=5.2, stocky=1.0),
    "snow leopard": Species(
        "#c2bdb3", "#f1eee7", "#34312e", "#b3c09e", "#9a8078", density=5.8, hair=0.075, stocky=-0.4
    ),
    "cheetah": Species(
        "#d2aa66", "#f2e6cc", "#1f1813", "#c08a3a", "#2d2422", "spots", 8.5, 0.05, -1.2
    ),
    "tiger": Species(
        "#cf7d30", "#f4eee4", "#1f1815", "#c2a23e", "#c98a7c", "stripes", hair=0.07, stocky=1
    ),
    "lion": Species(
        "#c79a5c",
        "#ecdcbc",
        "#3a2618",
        "#b98a3c",
        "#9a6a5c",
        "plain",
        hair=0.1,
        mane=True,
        stocky=0.8,
    ),
}
_BODY = [Blob((0, 1.0, -0.5), (0.95, 1.0, 0.5)), Blob((0, 2.1, -0.5), (1.65, 1.5, 0.6), 1.0)]


def big_cat(kind: str, rng: Generator) -> Animal:
    """Make a big cat: its build and its face.

    Parameters
    ----------
    kind
        One of `SPECIES`.
    rng
        Source of randomness.
    """
    species = SPECIES[kind]
    stocky = species.stocky + float(rng.normal(0, 0.3))
    ground = colour(species.ground) * np.float32(rng.uniform(0.85, 1.12))
    pale, marks = colour(species.pale), colour(species.marks)
    head = [
        Blob((0, -0.05, 0), (0.92 + 0.04 * stocky, 0.88, 0.9)),
        Blob((0.5, 0.34, 0.12), (0.46 + 0.04 * stocky, 0.44, 0.46), 0.35, mirrored=True),
        Blob((0, 0.84, 0.5), (0.33, 0.22, 0.40), 0.25),
        Blob((0, 0.14, 0.66), (0.27, 0.56, 0.44), 0.3),
        Blob((0.2, 0.58, 0.82), (0.28, 0.25, 0.36), 0.1, mirrored=True),
    ]
    ear = Ear(
        base=(0.66, -0.60, -0.1),
        tip=(0.90, -1.04, -0.15),
        width=0.30,
        outside=ground,
        inside=pale * 0.92,
        edge=marks,
        shape="rounded",
        tuft=0.8,
    )
    eye = Eye(
        centre=(0.40, -0.10, 0.80),
        size=0.172,
        iris=colour(species.iris),
        opening=(rng.uniform(0.48, 0.66), rng.uniform(0.5, 0.62)),
        tilt=rng.uniform(0.2, 0.38),
        iris_size=0.8,
        pupil=(0.36, 0.36),
    )
    mane = _mane(rng) if species.mane else None
    return Animal(
        head=head,
        coat=_coat(species, ground, pale, marks, mane),
        fur=Fur(length=species.hair, contrast=0.11),
        ears=[ear],
        eye=eye,
        muzzle=Muzzle((0, 0.41, 1.14), 0.2, colour(species.nose), "cat", drop=1.2, smile=1.7),
        hair_from=(0, 0.35, 1.2),
        body=_BODY,
        body_coat=_body_coat(species, ground, marks),
        body_fur=Fur(length=species.hair * 1.3, contrast=0.1),
        whiskers=Whiskers((0.30, 0.60, 1.0), 0.95, 7, colour("#f4f0e8")),
        mane=mane,
    )


def _mane(rng: Generator) -> Floats:
    tones = ("#8a5a2c", "#6b4426", "#a8743c")
    return colour(tones[int(rng.integers(len(tones)))])


def _coat(
    species: Species, ground: Floats, pale: Floats, marks: Floats, mane: Floats | None
) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 9)
        tone = ground * (1 + 0.07 * mottle)
        tone = mix(tone, pale, 0.9 * patch(surface, (0, 0.76, 0.9), (0.60, 0.42, 0.8), 0.35))
        tone = mix(tone, pale, 0.75 * pair(surface, (0.38, 0.12, 0.8), (0.2, 0.18, 0.4), 0.5))
        if species.pattern == "stripes":
            brow = pair(surface, (0.36, -0.30, 0.7), (0.20, 0.13, 0.4), 0.4)
            cheek = pair(surface, (0.70, 0.42, 0.3), (0.34, 0.36, 0.6), 0.4)
            tone = mix(tone, pale, 0.9 * np.maximum(brow, cheek))
            tone = mix(tone, marks, 0.92 * tiger_stripes(surface, rng))
        elif species.pattern != "plain":
            solid = 1.0 if species.pattern == "spots" else 0.35
            spots, centres = rosettes(surface, rng, species.density, solid)
            bridge = patch(surface, (0, 0.14, 1.0), (0.22, 0.46, 0.5), 0.3)
            tone = mix(tone, tone * 0.78, centres)
            tone = mix(tone, marks, 0.92 * spots * (1 - bridge))
        if mane is not None:
            # The mane begins on the cheeks and the brow.
            radius = np.sqrt(surface.x**2 + (surface.y - 0.12) ** 2) + 0.05 * mottle
            tone = mix(tone, mane * 1.25, smoothstep(0.72, 0.95, radius))
        tear = 0.6 * pair(surface, (0.2, 0.1, 0.95), (0.07, 0.18, 0.3), 0.5)
        if species.pattern == "spots":
            # The cheetah's tear line runs from the eye to the corner of the mouth.
            off = np.abs(np.abs(surface.x) - 0.19 - 0.22 * np.maximum(surface.y, 0))
            line = smoothstep(0.075, 0.035, off) * smoothstep(-0.05, 0.08, surface.y)
            tear = 0.92 * line * smoothstep(0.78, 0.66, surface.y)
        return mix(tone, marks, tear)

    return paint


def _body_coat(species: Species, ground: Floats, marks: Floats) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        shape = surface.x.shape
        tone = ground * (1 + 0.07 * clouds(rng, shape, 9))
        if species.pattern == "stripes":
            bars = np.sin(surface.y * 9 + 3 * np.abs(surface.x) + 1.6 * clouds(rng, shape, 5))
            tone = mix(tone, colour(species.pale), smoothstep(0.5, 0.2, np.abs(surface.x)))
            return mix(tone, marks, 0.9 * smoothstep(0.35, 0.75, bars))
        if species.pattern == "plain":
            return tone
        solid = 1.0 if species.pattern == "spots" else 0.35
        spots, centres = rosettes(surface, rng, species.density * 0.5, solid)
        return mix(mix(tone, tone * 0.75, centres), marks, 0.9 * spots)

    return paint
