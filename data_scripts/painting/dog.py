"""Dogs: ten breeds, drawn from memory of the park."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Animal, Coat
from data_scripts.painting.canvas import Floats, colour, mix, smoothstep
from data_scripts.painting.ears import Ear
from data_scripts.painting.eyes import Eye
from data_scripts.painting.fur import Fur
from data_scripts.painting.markings import pair, patch
from data_scripts.painting.muzzle import Muzzle
from data_scripts.painting.noise import cells, clouds
from data_scripts.painting.solid import Blob, Surface


@dataclass(frozen=True)
class Breed:
    """What sets a breed apart.

    Attributes
    ----------
    colours
        Ground colours to choose from.
    marks
        Name of its markings.
    ear
        ``"hanging"``, ``"long"``, ``"folded"`` or ``"pricked"``.
    muzzle
        Length of the muzzle, about 0.2 to 1.
    broad
        Breadth of the muzzle, about 0.8 to 1.4.
    hair
        Length of the hair in picture coordinates.
    """

    colours: tuple[str, ...]
    marks: str
    ear: str
    muzzle: float = 0.75
    broad: float = 1.0
    hair: float = 0.06


BREEDS = {
    "retriever": Breed(("#d3a35f", "#c58a45", "#e6cfa0"), "plain", "hanging", 0.75, 1.05, 0.11),
    "labrador": Breed(("#2b2726", "#5b3a28", "#dfc79a"), "plain", "hanging", 0.78, 1.12, 0.05),
    "husky": Breed(("#5a5f68", "#3a3b40", "#8a6a4e"), "mask", "pricked", 0.75, 0.92, 0.11),
    "dalmatian": Breed(("#f1eee8",), "spots", "hanging", 0.8, 1.0, 0.045),
    "beagle": Breed(("#a9683a", "#8f5630"), "blaze", "long", 0.75, 1.0, 0.05),
    "shepherd": Breed(("#b07a44", "#a0703f"), "saddle", "pricked", 0.9, 0.9, 0.09),
    "pug": Breed(("#d9b98a", "#cdb08a"), "pug", "folded", 0.3, 1.3, 0.045),
    "terrier": Breed(("#efe9dc", "#8b7a66", "#c9a477"), "plain", "folded", 0.6, 1.05, 0.16),
    "collie": Breed(("#2d2a2b", "#7b4a2a"), "blaze", "folded", 0.85, 0.88, 0.13),
    "rottweiler": Breed(("#2a2524",), "points", "hanging", 0.7, 1.15, 0.045),
}
_WHITE = colour("#f2eee7")


def dog(rng: Generator) -> Animal:
    """Make a dog: its breed, its build and its face."""
    name = list(BREEDS)[int(rng.integers(len(BREEDS)))]
    breed = BREEDS[name]
    ground = colour(breed.colours[int(rng.integers(len(breed.colours)))])
    ground = np.clip(ground * rng.uniform(0.9, 1.1), 0, 1).astype(np.float32)
    reach, broad = breed.muzzle * rng.uniform(0.92, 1.08), breed.broad * rng.uniform(0.94, 1.06)
    head = [
        Blob((0, -0.15, 0), (0.82, 0.80, 0.8)),
        Blob((0.36, 0.22, 0.1), (0.46 * broad, 0.44, 0.46), 0.35, mirrored=True),
        Blob((0.28, -0.22, 0.6), (0.26, 0.2, 0.24), 0.3, mirrored=True),
        Blob((0, 0.74, 0.35 + reach * 0.45), (0.27 * broad, 0.18, 0.2 + reach * 0.5), 0.15),
        Blob((0, 0.34, 0.4 + reach * 0.45), (0.30 * broad, 0.30, 0.35 + reach * 0.5), 0.3),
        Blob(
            (0.15 * broad, 0.50, 0.55 + reach * 0.5),
            (0.22 * broad, 0.23, 0.25 + reach * 0.35),
            0.12,
            mirrored=True,
        ),
    ]
    nose_z = 0.72 + reach
    eye = Eye(
        centre=(0.33, -0.08, 0.74),
        size=rng.uniform(0.155, 0.185) * (1.2 if name == "pug" else 1),
        iris=colour(
            "#7fb0dc"
            if name == "husky" and rng.random() < 0.6
            else ("#5a3820", "#43291a", "#7a5228")[int(rng.integers(3))]
        ),
        opening=(rng.uniform(0.62, 0.8), rng.uniform(0.5, 0.66)),
        tilt=rng.uniform(-0.08, 0.14),
        iris_size=0.8,
        pupil=(0.5, 0.5),
    )
    brown = name == "labrador" and ground[0] > 0.3 and ground[2] < 0.3
    muzzle = Muzzle(
        nose=(0, 0.28, nose_z),
        size=rng.uniform(0.2, 0.235) * np.sqrt(broad),
        colour=colour("#4a2f25" if brown else "#262123"),
        shape="dog",
        drop=1.25,
        smile=1.55,
        open=float(rng.uniform(0.9, 1.5)) if rng.random() < 0.45 and name != "pug" else 0.0,
    )
    return Animal(
        head=head,
        coat=_coat(breed.marks, ground, rng),
        fur=Fur(length=breed.hair, contrast=0.11),
        ears=[_ear(breed, name, ground, rng)],
        eye=eye,
        muzzle=muzzle,
        hair_from=(0, 0.25, nose_z),
        body=[Blob((0, 1.8, -0.6), (0.95, 1.4, 0.8)), Blob((0, 1.0, -0.4), (0.66, 0.7, 0.6), 0.4)],
        body_coat=_body_coat(breed.marks, ground),
        body_fur=Fur(length=breed.hair * 1.4, contrast=0.1),
    )


def _ear(breed: Breed, name: str, ground: Floats, rng: Generator) -> Ear:
    tone = {
        "spots": colour("#2b2727"),
        "pug": colour("#2f2624"),
        "mask": ground,
        "saddle": colour("#4a3524"),
    }.get(breed.marks, ground * 0.85)
    tone = np.asarray(tone, np.float32)
    fur = Fur(length=breed.hair, contrast=0.1)
    if breed.ear == "pricked":
        return Ear(
            (0.46, -0.72, 0.0),
            (0.62, -1.5 - rng.uniform(0, 0.15), 0.0),
            0.32,
            tone,
            colour("#c79a8a"),
            tone * 0.8,
            bend=0.05,
            tuft=0.5,
            fur=fur,
        )
    if breed.ear == "folded":
        return Ear(
            (0.56, -0.74, 0.2),
            (0.86, -0.28 + rng.uniform(-0.1, 0.1), 0.35),
            0.30,
            tone,
            tone,
            tone,
            shape="hanging",
            bend=-0.12,
            in_front=True,
            fur=fur,
        )
    drop = 0.62 if breed.ear == "long" else 0.32
    return Ear(
        (0.66, -0.55, 0.0),
        (0.98, drop + rng.uniform(-0.1, 0.1), 0.1),
        0.33,
        tone,
        tone,
        tone,
        shape="hanging",
        bend=-0.16,
        in_front=True,
        fur=fur,
    )


def _coat(marks: str, ground: Floats, rng: Generator) -> Coat:
    wide = float(rng.uniform(0.10, 0.24))

    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 10)
        tone = ground * (1 + 0.07 * mottle)[..., None]
        x, y = np.abs(surface.x), surface.y
        if marks == "mask":
            pale = np.maximum(
                pair(surface, (0.36, 0.02, 0.7), (0.30, 0.42, 0.5), 0.25), smoothstep(0.25, 0.4, y)
            )
            pale = np.maximum(pale, smoothstep(0.09, 0.04, x) * smoothstep(-0.7, -0.4, y) * 0.7)
            return mix(tone, _WHITE, np.clip(pale, 0, 1))
        if marks == "spots":
            distance, _, identity = cells(rng, surface.x * 4.2, y * 4.2, 0.9)
            spot = smoothstep(0.33, 0.25, distance + 0.06 * mottle) * (identity > 0.25)
            return mix(tone, colour("#2a2626"), spot)
        if marks == "blaze":
            edge = x - wide - 0.3 * smoothstep(0.1, 0.6, y) + 0.05 * mottle
            return mix(tone, _WHITE, smoothstep(0.05, -0.05, edge))
        if marks == "saddle":
            black = patch(surface, (0, 0.55, 1.0), (0.5, 0.5, 0.7), 0.4)
            black = np.maximum(black, patch(surface, (0, -0.75, 0.3), (0.6, 0.4, 0.6), 0.5) * 0.8)
            return mix(tone, colour("#2a211d"), 0.9 * black)
        if marks == "pug":
            black = patch(surface, (0, 0.42, 0.9), (0.56, 0.46, 0.6), 0.25)
            black = np.maximum(black, pair(surface, (0.36, -0.06, 0.7), (0.24, 0.2, 0.4), 0.4))
            return mix(tone, colour("#2b2422"), 0.92 * black)
        if marks == "points":
            tan = np.maximum(
                pair(surface, (0.3, -0.36, 0.7), (0.13, 0.09, 0.3), 0.3),
                pair(surface, (0.36, 0.5, 0.7), (0.26, 0.26, 0.6), 0.3),
            )
            return mix(tone, colour("#a5672f"), tan)
        return mix(tone, tone * 1.12, patch(surface, (0, 0.5, 1.0), (0.5, 0.5, 0.8), 0.5))

    return paint


def _body_coat(marks: str, ground: Floats) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 10)
        tone = ground * (1 + 0.07 * mottle)[..., None]
        if marks == "spots":
            distance, _, identity = cells(rng, surface.x * 3, surface.y * 3, 0.9)
            return mix(tone, colour("#2a2626"), smoothstep(0.36, 0.28, distance) * (identity > 0.3))
        if marks in ("mask", "blaze"):
            bib = smoothstep(0.55, 0.35, np.abs(surface.x) + 0.1 * mottle)
            return mix(tone, _WHITE, bib)
        if marks == "points":
            return mix(
                tone, colour("#a5672f"), pair(surface, (0.35, 1.5, 0.1), (0.25, 0.3, 0.6), 0.3)
            )
        return tone

    return paint
