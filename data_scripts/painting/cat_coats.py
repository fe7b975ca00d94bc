"""Coats of cats: tabbies, plain ones, white patches, and points."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Coat
from data_scripts.painting.canvas import Floats, colour, mix, smoothstep
from data_scripts.painting.markings import pair, patch, tabby
from data_scripts.painting.noise import clouds
from data_scripts.painting.solid import Surface

# How often each is drawn, as a share of the sum.
COATS = {
    "brown tabby": 2,
    "silver tabby": 1,
    "ginger": 2,
    "cream": 1,
    "tabby and white": 1,
    "black": 1,
    "grey": 1,
    "white": 1,
    "tuxedo": 2,
    "bicolour": 1,
    "siamese": 2,
    "calico": 1,
}
WHITE = colour("#f1ede6")

# Ground, stripes, pale parts.
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
_WITH_WHITE = ("tuxedo", "bicolour", "tabby and white")
_CREAM, _SEAL = colour("#e6d8c2"), colour("#463329")
_GINGER, _BLACK = colour("#c97f3c"), colour("#2e2a2b")


def ear_colour(name: str) -> Floats:
    """Give the colour of the backs of the ears."""
    if name == "siamese":
        return _SEAL
    if name == "calico":
        return _BLACK
    return colour(_PLAIN.get(name) or _TABBIES[name][0])


def head_coat(name: str, rng: Generator) -> Coat:
    """Make a head's coat.

    Parameters
    ----------
    name
        One of `COATS`.
    rng
        Source of randomness for what sets this cat apart.
    """
    blaze, shift = float(rng.uniform(0.12, 0.4)), float(rng.normal(0, 0.1))

    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 12)
        if name == "calico":
            return _calico(surface, rng, blaze, shift, mottle)
        if name == "siamese":
            mask = patch(surface, (0, 0.2, 0.8), (0.66, 0.72, 0.75), 0.5)
            return mix(_CREAM * (1 + 0.03 * mottle), _SEAL, mask * 0.93)
        if name in _TABBIES:
            tone = _tabby_face(surface, rng, name, mottle)
        else:
            tone = colour(_PLAIN[name]) * (1 + 0.06 * mottle)
        if name in _WITH_WHITE:
            tone = _white_wedge(surface, tone, blaze, shift, mottle)
        return tone

    return paint


def body_coat(name: str) -> Coat:
    """Make the coat of the neck and the chest; see `head_coat`."""

    def paint(surface: Surface, rng: Generator) -> Floats:
        shape = surface.x.shape
        mottle = clouds(rng, shape, 12)
        if name == "siamese":
            return _CREAM * 0.95 * (1 + 0.03 * mottle)
        if name == "calico":
            tone = _GINGER * (1 + 0.05 * mottle)
        elif name in _TABBIES:
            ground, stripe, _ = (colour(c) for c in _TABBIES[name])
            bars = np.sin(surface.y * 11 + 2.5 * np.abs(surface.x) + 1.2 * clouds(rng, shape, 6))
            tone = mix(ground * (1 + 0.06 * mottle), stripe, 0.7 * smoothstep(0.1, 0.7, bars))
        else:
            tone = colour(_PLAIN[name]) * (1 + 0.05 * mottle)
        if name in (*_WITH_WHITE, "calico"):
            tone = mix(tone, WHITE, smoothstep(0.62, 0.45, np.abs(surface.x) + 0.12 * mottle))
        return tone

    return paint


def _tabby_face(surface: Surface, rng: Generator, name: str, mottle: Floats) -> Floats:
    ground, stripe, pale = (colour(c) for c in _TABBIES[name])
    tone = ground * (1 + 0.06 * mottle)
    tone = mix(tone, pale, 0.8 * patch(surface, (0, 0.62, 0.8), (0.5, 0.35, 0.6)))
    tone = mix(tone, pale, 0.7 * pair(surface, (0.36, -0.02, 0.8), (0.36, 0.3, 0.4)))
    return mix(tone, stripe, 0.85 * tabby(surface, rng))


def _white_wedge(
    surface: Surface, tone: Floats, blaze: float, shift: float, mottle: Floats
) -> Floats:
    # White in the shape of an upside-down V, from the forehead to the cheeks.
    middle = np.abs(surface.x - shift * (surface.y + 0.3))
    edge = middle - blaze * (surface.y + 0.62) - 0.06 * mottle
    return mix(tone, WHITE, smoothstep(0.06, -0.06, edge))


def _calico(surface: Surface, rng: Generator, blaze: float, shift: float, mottle: Floats) -> Floats:
    x, y = surface.x, surface.y
    blots = clouds(rng, x.shape, 5)
    tone = np.broadcast_to(WHITE, (3, *x.shape))
    tone = mix(tone, _GINGER, smoothstep(-0.05, 0.15, blots + 0.7 * x - 0.35 * (y + 0.2)))
    tone = mix(tone, _BLACK, smoothstep(0.0, 0.2, blots - 0.9 * x - 0.5 * (y + 0.2)))
    return _white_wedge(surface, tone, blaze, shift, mottle)
