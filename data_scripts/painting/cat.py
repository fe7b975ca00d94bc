"""Cats: their build and their faces."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Animal, Whiskers
from data_scripts.painting.canvas import colour
from data_scripts.painting.cat_coats import COATS, WHITE, body_coat, ear_colour, head_coat
from data_scripts.painting.collar import Collar
from data_scripts.painting.ears import Ear
from data_scripts.painting.eyes import Eye
from data_scripts.painting.fur import Fur
from data_scripts.painting.muzzle import Muzzle
from data_scripts.painting.solid import Blob

_PINK = colour("#d59a91")


def cat(rng: Generator, coat: str | None = None) -> Animal:
    """Make a cat: its build and its face.

    Parameters
    ----------
    rng
        Source of randomness.
    coat
        One of `COATS`; drawn when not given.
    """
    weights = np.array(list(COATS.values()), float)
    coat = coat or str(rng.choice(list(COATS), p=weights / weights.sum()))
    slim = rng.uniform(-1, 1) + (0.8 if coat == "siamese" else 0)
    long_hair = rng.random() < 0.3
    head = [
        Blob((0, -0.06, 0), (0.94 - 0.05 * slim, 0.82, 0.86)),
        Blob((0.44, 0.28, 0.22), (0.50 - 0.06 * slim, 0.42, 0.46), 0.4, mirrored=True),
        Blob((0, 0.62, 0.45), (0.26, 0.2, 0.3), 0.3),
        Blob((0, 0.06, 0.66), (0.2, 0.46, 0.34), 0.35),
        Blob((0.16, 0.44, 0.74), (0.21, 0.185, 0.27), 0.1, mirrored=True),
    ]
    ear_tone = ear_colour(coat)
    ear_height = rng.uniform(0.76, 0.98)
    ear = Ear(
        base=(0.54, -0.50, 0.0),
        tip=(0.76 + rng.uniform(0, 0.16), -0.50 - ear_height, -0.05),
        width=rng.uniform(0.40, 0.47),
        outside=ear_tone,
        inside=_PINK * rng.uniform(0.75, 1.0),
        edge=ear_tone * 0.9,
        bend=0.05,
        tuft=rng.uniform(0.3, 0.9),
    )
    irises = ["#9db04a", "#c9a53a", "#d08a2c", "#7fa56b", "#b6b34d"]
    iris = colour("#6fa3d8" if coat == "siamese" else irises[int(rng.integers(len(irises)))])
    odd = colour("#74a9dd") if coat == "white" and rng.random() < 0.35 else None
    eye = Eye(
        centre=(0.40, -0.02, 0.80),
        size=rng.uniform(0.215, 0.25),
        iris=iris,
        other_iris=odd,
        opening=(rng.uniform(0.45, 0.86), rng.uniform(0.5, 0.72)),
        tilt=rng.uniform(0.12, 0.3),
        iris_size=0.88,
        pupil=(rng.uniform(0.16, 0.72), 0.82),
        closed=rng.random() < 0.06,
    )
    dark_nose = coat in ("black", "grey", "siamese", "tuxedo") and rng.random() < 0.7
    nose = colour("#4b3a39") if dark_nose else _PINK * rng.uniform(0.75, 1)
    muzzle = Muzzle(
        (0, 0.29, 1.0), 0.125, nose, "cat", drop=1.35, smile=1.9, lips=colour("#3a2522")
    )
    fur = Fur(length=0.13 if long_hair else 0.075, contrast=0.12, shag=0.8)
    return Animal(
        head=head,
        coat=head_coat(coat, rng),
        fur=fur,
        ears=[ear],
        eye=eye,
        muzzle=muzzle,
        hair_from=(0, 0.2, 1.1),
        body=[Blob((0, 1.0, -0.5), (0.74, 1.0, 0.5)), Blob((0, 2.1, -0.5), (1.3, 1.25, 0.6), 1.0)],
        body_coat=body_coat(coat),
        body_fur=Fur(length=0.2 if long_hair else 0.12, contrast=0.1),
        collar=_collar(rng),
        whiskers=Whiskers((0.22, 0.45, 0.95), rng.uniform(0.9, 1.25), 6, WHITE),
    )


def _collar(rng: Generator) -> Collar | None:
    if rng.random() > 0.25:
        return None
    tones = ("#b8323a", "#2f5d9a", "#3b7a57", "#2b2b30", "#c96aa0")
    return Collar(colour(tones[int(rng.integers(len(tones)))]), width=0.06, tag=0.09)
