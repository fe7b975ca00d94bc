"""Dogs: fifteen breeds, and what sets them apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Animal
from data_scripts.painting.canvas import Floats, colour
from data_scripts.painting.collar import Collar
from data_scripts.painting.dog_coats import BLACK, body_coat, head_coat
from data_scripts.painting.ears import Ear
from data_scripts.painting.eyes import Eye
from data_scripts.painting.fur import Fur
from data_scripts.painting.muzzle import Muzzle
from data_scripts.painting.solid import Blob


@dataclass(frozen=True)
class Breed:
    """What sets a breed apart.

    Attributes
    ----------
    colours
        Ground colours to choose from.
    marks
        One of `data_scripts.painting.dog_coats.MARKS`.
    ear
        ``"hanging"``, ``"long"``, ``"folded"``, ``"pricked"`` or ``"bat"``.
    reach
        How far the muzzle stands out, about 0.2 to 1.
    broad
        Breadth of the muzzle, about 0.8 to 1.4.
    hair
        Length of the hair in picture coordinates.
    eye
        Size of the eyes in head units.
    """

    colours: tuple[str, ...]
    marks: str
    ear: str
    reach: float = 0.75
    broad: float = 1.0
    hair: float = 0.04
    eye: float = 0.15


BREEDS = {
    "retriever": Breed(("#d3a35f", "#c58a45", "#e6cfa0"), "plain", "hanging", 0.75, 1.05, 0.10),
    "labrador": Breed(("#2d2928", "#5e3c2a", "#e0c596"), "plain", "hanging", 0.78, 1.14, 0.035),
    "husky": Breed(("#5a5f68", "#3f4147", "#8a6a4e"), "mask", "pricked", 0.72, 0.92, 0.10),
    "dalmatian": Breed(("#f1eee8",), "spots", "hanging", 0.8, 1.0, 0.03),
    "beagle": Breed(("#ad6c3c", "#96592f"), "blaze", "long", 0.72, 1.02, 0.035),
    "shepherd": Breed(("#b5804a", "#a87642"), "saddle", "pricked", 0.9, 0.95, 0.075),
    "pug": Breed(("#dcbd90", "#d2b58c"), "pug", "folded", 0.25, 1.3, 0.03, 0.2),
    "westie": Breed(("#f0ece4", "#e5d8c0"), "plain", "pricked", 0.5, 1.05, 0.17, 0.14),
    "terrier": Breed(("#9a7a58", "#8d8478", "#c59a63"), "beard", "folded", 0.65, 1.05, 0.14, 0.14),
    "collie": Breed(("#2f2c2d", "#7d4d2d"), "blaze", "folded", 0.85, 0.88, 0.11),
    "rottweiler": Breed(("#2c2726",), "points", "hanging", 0.7, 1.18, 0.035),
    "jack russell": Breed(("#f1ece3",), "patches", "folded", 0.7, 0.92, 0.035, 0.165),
    "chihuahua": Breed(("#d6a878", "#b98455", "#e8d6b8"), "plain", "bat", 0.45, 0.85, 0.035, 0.195),
    "spaniel": Breed(("#8e4a28", "#a8602f", "#3a2a26"), "blaze", "long", 0.55, 1.05, 0.12, 0.175),
    "boxer": Breed(("#a9713f", "#84848a"), "boxer", "folded", 0.45, 1.25, 0.03, 0.16),
}


def dog(rng: Generator, breed: str | None = None) -> Animal:
    """Make a dog: its build and its face.

    Parameters
    ----------
    rng
        Source of randomness.
    breed
        One of `BREEDS`; drawn when not given.
    """
    name = breed or list(BREEDS)[int(rng.integers(len(BREEDS)))]
    kind = BREEDS[name]
    ground = colour(kind.colours[int(rng.integers(len(kind.colours)))])
    ground = np.clip(ground * np.float32(rng.uniform(0.9, 1.1)), 0, 1)
    reach, broad = kind.reach * rng.uniform(0.92, 1.08), kind.broad * rng.uniform(0.95, 1.05)
    opening = float(rng.uniform(0.9, 1.5)) if rng.random() < 0.4 and name != "pug" else 0.0
    nose_z = 0.68 + reach
    iris = "#7fb0dc" if name == "husky" and rng.random() < 0.6 else None
    eye = Eye(
        centre=(0.31, -0.15, 0.70),
        size=kind.eye * rng.uniform(0.93, 1.07),
        iris=colour(iris or ("#5f3a20", "#472a18", "#7d5228")[int(rng.integers(3))]),
        opening=(rng.uniform(0.58, 0.76), rng.uniform(0.46, 0.60)),
        tilt=rng.uniform(-0.14, 0.06),
        iris_size=0.82,
        pupil=(0.55, 0.55),
    )
    brown = name in ("labrador", "chihuahua") and 0.3 < ground[0].item() < 0.8
    muzzle = Muzzle(
        nose=(0, 0.47, nose_z),
        size=rng.uniform(0.20, 0.23) * float(np.sqrt(broad)),
        colour=colour("#5a3a2e" if brown else "#272224"),
        shape="dog",
        drop=1.2,
        smile=1.6,
        open=opening,
    )
    return Animal(
        head=_head(reach, broad, opening * muzzle.size),
        coat=head_coat(kind.marks, ground, rng),
        fur=Fur(
            length=kind.hair, contrast=0.02 + 0.9 * kind.hair, shag=min(0.15 + 5 * kind.hair, 0.9)
        ),
        ears=_ears(kind, ground, rng),
        eye=eye,
        muzzle=muzzle,
        hair_from=(0, 0.42, nose_z),
        hang=0.2 + 3 * kind.hair,
        gloss=0.16 if kind.hair < 0.05 else 0.0,
        body=[Blob((0, 1.0, -0.5), (0.72, 1.0, 0.5)), Blob((0, 2.1, -0.5), (1.3, 1.25, 0.6), 1.0)],
        body_coat=body_coat(kind.marks, ground),
        body_fur=Fur(length=kind.hair * 1.5, contrast=0.05 + 0.6 * kind.hair),
        collar=_collar(rng),
    )


def _head(reach: float, broad: float, opening: float) -> list[Blob]:
    middle = 0.38 + reach * 0.45
    return [
        Blob((0, -0.20, -0.05), (0.70, 0.58, 0.76)),
        Blob((0.28, 0.14, 0.12), (0.38 + 0.05 * broad, 0.54, 0.44), 0.6, mirrored=True),
        Blob((0, 0.18, 0.45), (0.34, 0.52, 0.36), 0.5),
        Blob((0.24, -0.32, 0.44), (0.22, 0.15, 0.20), 0.5, mirrored=True),
        Blob(
            (0, 0.94 + opening * 0.7, middle - 0.1), (0.26 * broad, 0.16, 0.2 + reach * 0.45), 0.2
        ),
        Blob((0, 0.57, middle), (0.35 * broad, 0.31, 0.34 + reach * 0.5), 0.4),
        Blob(
            (0.17 * broad, 0.71, middle + 0.1), (0.23 * broad, 0.24, 0.3 + reach * 0.38), 0.2, True
        ),
    ]


def _ears(kind: Breed, ground: Floats, rng: Generator) -> list[Ear]:
    tones = {
        "spots": BLACK,
        "pug": colour("#332a27"),
        "saddle": colour("#4a3524"),
        "patches": colour("#8a5632"),
        "boxer": ground * 0.75,
    }
    tone = tones.get(kind.marks, ground * 0.88)
    inside = colour("#c79a8a") if kind.marks != "saddle" else colour("#9a7a66")
    fur = Fur(length=min(kind.hair, 0.09), contrast=0.05 + 0.5 * kind.hair, shag=0.6)
    shape = Ear((0, 0, 0), (0, 1, 0), 0.3, tone, inside, tone * 0.85, tuft=0.4, fur=fur)
    side, lift = rng.normal(0, 0.04), rng.normal(0, 0.06)
    if kind.ear == "pricked":
        tip = (0.70 + side, -1.42 + lift, 0.0)
        return [replace(shape, base=(0.46, -0.46, 0.0), tip=tip, width=0.37, bend=0.07)]
    if kind.ear == "bat":
        tip = (1.22 + side, -1.20 + lift, 0.0)
        return [replace(shape, base=(0.54, -0.38, -0.05), tip=tip, width=0.42, bend=0.08)]
    if kind.ear == "folded":
        # The lower half stands, the upper half folds over towards the viewer.
        fold = (0.70 + side, -0.88 + lift, 0.05)
        root = replace(shape, base=(0.46, -0.52, 0.0), tip=(0.80, -1.06 + lift, 0.0), width=0.31)
        flap = replace(shape, base=fold, tip=(0.88 + side * 2, -0.38 + lift, 0.3), width=0.31)
        flap = replace(flap, shape="flap", in_front=True)
        return [replace(root, shape="rounded", inside=tone * 0.8, tuft=0), flap]
    drop = 0.70 if kind.ear == "long" else 0.32
    width = 0.30 if kind.ear == "long" else 0.27
    tip = (1.02 + side, drop + lift, 0.05)
    ear = replace(shape, base=(0.68, -0.58, -0.05), tip=tip, width=width, bend=-0.13)
    return [replace(ear, shape="hanging", in_front=True)]


def _collar(rng: Generator) -> Collar | None:
    if rng.random() > 0.4:
        return None
    tones = ("#b8323a", "#2f5d9a", "#3b7a57", "#2b2b30", "#d07a2c")
    tag = 0.11 if rng.random() < 0.7 else 0.0
    return Collar(colour(tones[int(rng.integers(len(tones)))]), drop=1.3, tag=tag)
