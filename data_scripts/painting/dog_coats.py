"""Coats of dogs: markings by name, for the head and for the body."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from data_scripts.painting.animal import Coat
from data_scripts.painting.canvas import Floats, colour, mix, smoothstep
from data_scripts.painting.markings import pair, patch
from data_scripts.painting.noise import cells, clouds
from data_scripts.painting.solid import Surface

WHITE = colour("#f2eee7")
BLACK = colour("#2a2524")
_TAN = colour("#b0702f")

# Takes a surface, the ground colour on it, the half width of a blaze, and a source of randomness.
Marks = Callable[[Surface, Floats, float, Generator], Floats]


def head_coat(marks: str, ground: Floats, rng: Generator) -> Coat:
    """Make a head's coat.

    Parameters
    ----------
    marks
        One of `MARKS`.
    ground
        Ground colour, shape (3, 1, 1).
    rng
        Source of randomness for what sets this dog apart.
    """
    wide = float(rng.uniform(0.08, 0.2))

    def paint(surface: Surface, rng: Generator) -> Floats:
        tone = ground * (1 + 0.07 * clouds(rng, surface.x.shape, 10))
        return MARKS[marks](surface, tone, wide, rng)

    return paint


def body_coat(marks: str, ground: Floats) -> Coat:
    """Make the coat of the neck and the chest; see `head_coat`."""

    def paint(surface: Surface, rng: Generator) -> Floats:
        mottle = clouds(rng, surface.x.shape, 10)
        tone = ground * (1 + 0.07 * mottle)
        if marks == "spots":
            return mix(tone, BLACK, _spots(surface, 3.4, rng))
        if marks in ("mask", "blaze", "boxer"):
            return mix(tone, WHITE, smoothstep(0.5, 0.3, np.abs(surface.x) + 0.1 * mottle))
        if marks == "points":
            return mix(tone, _TAN, pair(surface, (0.35, 1.7, 0.1), (0.25, 0.3, 0.6), 0.3))
        return tone

    return paint


def _snout(surface: Surface) -> Floats:
    return patch(surface, (0, 0.68, 1.0), (0.52, 0.44, 0.75), 0.35)


def _around_eyes(surface: Surface) -> Floats:
    return 0.8 * pair(surface, (0.33, -0.1, 0.7), (0.22, 0.16, 0.4), 0.5)


def _middle(surface: Surface, rng: Generator) -> Floats:
    # Distance from the middle of the face, with a ragged edge.
    return np.abs(surface.x) + 0.03 * clouds(rng, surface.x.shape, 10)


def _spots(surface: Surface, per_unit: float, rng: Generator) -> Floats:
    distance, _, identity = cells(rng, surface.x * per_unit, surface.y * per_unit, 0.9)
    return smoothstep(0.05, -0.03, distance - 0.2 - 0.2 * identity)


def _plain(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    return mix(tone, np.clip(tone * 1.12 + 0.02, 0, 1), _snout(surface))


def _beard(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    return mix(tone, np.clip(tone * 1.35 + 0.06, 0, 1), _snout(surface))


def _husky_mask(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    x, y = _middle(surface, rng), surface.y
    spectacles = pair(surface, (0.30, -0.02, 0.7), (0.30, 0.40, 0.5), 0.25)
    cheeks = smoothstep(0.2, 0.45, y) * smoothstep(0.75, 0.5, x)
    pale = np.maximum(np.maximum(spectacles, _snout(surface)), cheeks)
    pale = np.maximum(pale, 0.8 * smoothstep(0.3, 0.55, y))
    line = smoothstep(0.07, 0.02, x) * smoothstep(0.3, 0.0, y)
    return mix(tone, WHITE, np.clip(pale - 0.8 * line, 0, 1))


def _dalmatian(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    return mix(tone, BLACK, _spots(surface, 5, rng))


def _blaze(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    edge = _middle(surface, rng) - wide * (0.55 + 0.45 * smoothstep(-0.9, -0.3, surface.y))
    edge = edge - 0.42 * smoothstep(0.05, 0.6, surface.y)
    return mix(tone, WHITE, smoothstep(0.05, -0.05, edge))


def _saddle(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    bridge = patch(surface, (0, 0.2, 0.9), (0.26, 0.5, 0.6), 0.4)
    crown = 0.75 * patch(surface, (0, -0.75, 0.3), (0.6, 0.42, 0.6), 0.5)
    black = np.maximum(np.maximum(_snout(surface), bridge), crown)
    return mix(tone, BLACK, 0.92 * np.maximum(black, _around_eyes(surface)))


def _pug(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    x, y = _middle(surface, rng), surface.y
    # Wrinkles on the forehead.
    wave = np.abs(np.sin(9 * (y + 0.55 + 0.25 * x)))
    where = smoothstep(0.5, 0.2, x) * smoothstep(-0.25, -0.4, y) * smoothstep(-0.9, -0.7, y)
    tone = mix(tone, tone * 0.75, 0.6 * smoothstep(0.25, 0.0, wave) * where)
    return mix(tone, BLACK, 0.92 * np.maximum(_snout(surface), _around_eyes(surface)))


def _boxer(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    tone = mix(tone, BLACK, 0.85 * _snout(surface))
    return mix(tone, WHITE, smoothstep(0.04, -0.04, _middle(surface, rng) - wide * 0.8))


def _points(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    brows = pair(surface, (0.26, -0.38, 0.65), (0.11, 0.07, 0.3), 0.35)
    jowls = pair(surface, (0.34, 0.62, 0.85), (0.24, 0.26, 0.7), 0.3)
    return mix(tone, _TAN, np.maximum(brows, jowls))


def _patches(surface: Surface, tone: Floats, wide: float, rng: Generator) -> Floats:
    brown = pair(surface, (0.46, -0.25, 0.5), (0.36, 0.55, 0.7), 0.15)
    # Some have a patch on one side only.
    side = 1 if wide > 0.17 else -1
    if wide > 0.14:
        brown = brown * (1 - 0.9 * (surface.x * side > 0))
    return mix(tone, colour("#9a6238"), brown)


MARKS: dict[str, Marks] = {
    "plain": _plain,
    "beard": _beard,
    "mask": _husky_mask,
    "spots": _dalmatian,
    "blaze": _blaze,
    "saddle": _saddle,
    "pug": _pug,
    "boxer": _boxer,
    "points": _points,
    "patches": _patches,
}
