"""Cats: a tabby for most, and seven other coats."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Animal, Coat, Whiskers
from data_scripts.painting.canvas import Floats, colour, mix, smoothstep
from data_scripts.painting.collar import Collar
from data_scripts.painting.ears import Ear
from data_scripts.painting.eyes import Eye
from data_scripts.painting.fur import Fur
from data_scripts.painting.markings import pair, patch, tabby
from data_scripts.painting.muzzle import Muzzle
from data_scripts.painting.noise import clouds
from data_scripts.painting.solid import Blob, Surface

COATS = (
    "brown tabby", "brown tabby", "silver tabby", "ginger", "ginger", "black", "grey", "white",
    "tuxedo", "tuxedo", "siamese", "siamese", "calico", "bicolour", "tabby and white", "cream",
)  # fmt: skip

_TABBIES = {
    "brown tabby": ("#8f7454", "#33261b", "#cdb694"),
    "silver tabby": ("#a3a09a", "#3a3a3d", "#d6d4cf"),
    "ginger": ("#cf8b48", "#99531f", "#ecc999"),
    "cream": ("#e0bf95", "#c3935f", "#f4e6cf"),
    "tabby and white": ("#8d7a62", "#352b22", "#cdbb9f"),
}
_PLAIN = {
    "black": "#2a2728",
    "grey": "#6f7680",
    "white": "#efebe4",
    "tuxedo": "#29272a",
    "bicolour": "#666b75",
}
_WHITE = colour("#f1ede6")
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
    coat = coat or COATS[int(rng.integers(len(COATS)))]
    slim = rng.uniform(-1, 1) + (0.8 if coat == "siamese" else 0)
    long_hair = rng.random() < 0.3
    head = [
        Blob((0, -0.06, 0), (0.94 - 0.05 * slim, 0.82, 0.86)),
        Blob((0.44, 0.28, 0.22), (0.50 - 0.06 * slim, 0.42, 0.46), 0.4, mirrored=True),
        Blob((0, 0.62, 0.45), (0.26, 0.2, 0.3), 0.3),
        Blob((0, 0.06, 0.66), (0.2, 0.46, 0.34), 0.35),
        Blob((0.16, 0.44, 0.74), (0.21, 0.185, 0.27), 0.1, mirrored=True),
    ]
    base = _PLAIN.get(coat) or (_TABBIES[coat][0] if coat in _TABBIES else "#e3d3bb")
    ear_tone = colour({"siamese": "#4a382f", "calico": "#2d2827"}.get(coat, base))
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
        coat=_coat(coat, rng),
        fur=fur,
        ears=[ear],
        eye=eye,
        muzzle=muzzle,
        hair_from=(0, 0.2, 1.1),
        body=[Blob((0, 1.0, -0.5), (0.74, 1.0, 0.5)), Blob((0, 2.1, -0.5), (1.3, 1.25, 0.6), 1.0)],
        body_coat=_body_coat(coat, rng),
        body_fur=Fur(length=0.2 if long_hair else 0.12, contrast=0.1),
        collar=_collar(rng),
        whiskers=Whiskers((0.22, 0.45, 0.95), rng.uniform(0.9, 1.25), 6, _WHITE),
    )


def _collar(rng: Generator) -> Collar | None:
    if rng.random() > 0.25:
        return None
    tones = ("#b8323a", "#2f5d9a", "#3b7a57", "#2b2b30", "#c96aa0")
    return Collar(colour(tones[int(rng.integers(len(tones)))]), width=0.06, tag=0.09)


def _coat(name: str, rng: Generator) -> Coat:
    blaze = float(rng.uniform(0.12, 0.4))
    shift = float(rng.normal(0, 0.1))

    def paint(surface: Surface, rng: Generator) -> Floats:
        shape = surface.x.shape
        mottle = clouds(rng, shape, 12)
        if name in _TABBIES:
            base, stripe, pale = (colour(c) for c in _TABBIES[name])
            tone = base * (1 + 0.06 * mottle)
            tone = mix(tone, pale, 0.8 * patch(surface, (0, 0.62, 0.8), (0.5, 0.35, 0.6)))
            tone = mix(tone, pale, 0.7 * pair(surface, (0.36, -0.02, 0.8), (0.36, 0.3, 0.4)))
            tone = mix(tone, stripe, 0.85 * tabby(surface, rng))
            if name != "tabby and white":
                return tone
        elif name in _PLAIN:
            tone = colour(_PLAIN[name]) * (1 + 0.06 * mottle)
            if name in ("black", "grey", "white"):
                return tone
        elif name == "siamese":
            tone = colour("#e6d8c2") * (1 + 0.03 * mottle)
            mask = patch(surface, (0, 0.2, 0.8), (0.66, 0.72, 0.75), 0.5)
            return mix(tone, colour("#463329"), mask * 0.93)
        else:
            tone = np.broadcast_to(_WHITE, (3, *shape))
            blots = clouds(rng, shape, 5)
            tone = mix(
                tone,
                colour("#c97f3c"),
                smoothstep(-0.05, 0.15, blots + surface.x * 0.7 - 0.35 * (surface.y + 0.2)),
            )
            return mix(
                tone,
                colour("#2e2a2b"),
                smoothstep(0.0, 0.2, blots - surface.x * 0.9 - 0.5 * (surface.y + 0.2)),
            )
        # An upside-down V of white, from the forehead to the cheeks.
        edge = (
            np.abs(surface.x - shift * (surface.y + 0.3))
            - blaze * (surface.y + 0.62)
            - 0.06 * mottle
        )
        return mix(tone, _WHITE, smoothstep(0.06, -0.06, edge))

    return paint


def _body_coat(name: str, rng: Generator) -> Coat:
    def paint(surface: Surface, rng: Generator) -> Floats:
        shape = surface.x.shape
        mottle = clouds(rng, shape, 12)
        if name in _TABBIES and name != "tabby and white":
            base, stripe, _ = (colour(c) for c in _TABBIES[name])
            bars = np.sin(surface.y * 11 + 2.5 * np.abs(surface.x) + 1.2 * clouds(rng, shape, 6))
            return mix(base * (1 + 0.06 * mottle), stripe, 0.7 * smoothstep(0.1, 0.7, bars))
        if name == "siamese":
            return colour("#d9c8ae") * (1 + 0.03 * mottle)
        if name in ("black", "grey", "white"):
            return colour(_PLAIN[name]) * (1 + 0.05 * mottle)
        side = colour(_PLAIN.get(name) or ("#7d6a52" if name == "tabby and white" else "#c98a4d"))
        bib = smoothstep(0.62, 0.45, np.abs(surface.x) + 0.12 * mottle)
        return mix(side * (1 + 0.05 * mottle), _WHITE, bib)

    return paint
