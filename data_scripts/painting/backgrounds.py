"""Backgrounds: what lies behind the animal, out of focus."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter

from data_scripts.painting.canvas import Floats, mix, smoothstep
from data_scripts.painting.noise import clouds

# Backgrounds are blurred, so they are painted small and enlarged.
_SIDE = 128


def paint_background(kind: str, rng: Generator, size: int) -> Floats:
    """Paint a background.

    Parameters
    ----------
    kind
        One of `BACKGROUNDS`.
    rng
        Source of randomness.
    size
        Width and height in pixels.

    Returns
    -------
    ndarray
        float32, shape (size, size, 3).
    """
    small = np.clip(BACKGROUNDS[kind](rng), 0, 1)
    levels = Image.fromarray((small * 255).astype(np.uint8))
    blurred = levels.filter(ImageFilter.GaussianBlur(rng.uniform(1.0, 3.5)))
    large = blurred.resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(large, dtype=np.float32) * np.float32(1 / 255)


def _ramp(
    rng: Generator, top: tuple[float, float, float], bottom: tuple[float, float, float]
) -> Floats:
    y = np.linspace(0, 1, _SIDE, dtype=np.float32)[:, None] + 0.12 * clouds(rng, (_SIDE, _SIDE), 3)
    return mix(np.array(top, np.float32), np.array(bottom, np.float32), np.clip(y, 0, 1))


def _dab(
    ground: Floats,
    rng: Generator,
    number: int,
    radii: tuple[float, float],
    tones: list[str],
    opacity: int,
) -> Floats:
    picture = Image.fromarray((np.clip(ground, 0, 1) * 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture, "RGBA")
    for _ in range(number):
        x, y = rng.uniform(-10, _SIDE + 10, 2)
        r = rng.uniform(*radii)
        tone = tones[int(rng.integers(len(tones)))]
        alpha = int(opacity * rng.uniform(0.4, 1))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=f"{tone}{alpha:02x}")
    return np.asarray(picture, dtype=np.float32) * np.float32(1 / 255)


def _meadow(rng: Generator) -> Floats:
    light = rng.uniform(0.7, 1.15)
    warm = rng.uniform(-0.08, 0.12)
    ground = _ramp(
        rng,
        (0.42 * light + warm, 0.55 * light, 0.26 * light),
        (0.22 * light + warm, 0.38 * light, 0.12 * light),
    )
    blades = clouds(rng, (_SIDE, _SIDE), 90)
    ground = ground * (1 + 0.12 * blades + 0.15 * clouds(rng, (_SIDE, _SIDE), 14))[..., None]
    flowers = [["#f2e36b", "#f6f3e2"], ["#d8e08a"], ["#e9b9d6", "#fff2c0"]][int(rng.integers(3))]
    return _dab(ground, rng, int(rng.integers(0, 16)), (1.5, 5), flowers, 190)


def _woods(rng: Generator) -> Floats:
    light = rng.uniform(0.55, 1.1)
    ground = _ramp(
        rng, (0.40 * light, 0.46 * light, 0.28 * light), (0.30 * light, 0.24 * light, 0.13 * light)
    )
    ground = ground * (1 + 0.22 * clouds(rng, (_SIDE, _SIDE), 9))[..., None]
    picture = Image.fromarray((np.clip(ground, 0, 1) * 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture, "RGBA")
    for _ in range(int(rng.integers(2, 7))):
        x, w, lean = rng.uniform(0, _SIDE), rng.uniform(3, 12), rng.normal(0, 5)
        tone = int(rng.uniform(25, 85))
        pen.polygon(
            [(x - w, _SIDE), (x + w, _SIDE), (x + w * 0.8 + lean, 0), (x - w * 0.8 + lean, 0)],
            fill=(tone, int(tone * 0.82), int(tone * 0.62), 215),
        )
    trees = np.asarray(picture, dtype=np.float32) * np.float32(1 / 255)
    leaves = [["#d9d86a", "#9fb84a"], ["#e0a13c", "#c46a2a"], ["#b9d27a", "#f2f0b0"]][
        int(rng.integers(3))
    ]
    return _dab(trees, rng, int(rng.integers(8, 30)), (2, 7), leaves, 120)


def _snow(rng: Generator) -> Floats:
    ground = _ramp(rng, (0.62, 0.70, 0.80), (0.93, 0.95, 0.99)) * np.float32(rng.uniform(0.82, 1.0))
    ground = ground * (1 + 0.05 * clouds(rng, (_SIDE, _SIDE), 8))[..., None]
    if rng.random() < 0.6:
        ground = _dab(
            ground, rng, int(rng.integers(3, 9)), (6, 18), ["#5d6b66", "#7c8794", "#8c8478"], 120
        )
    return _dab(ground, rng, 40, (0.8, 2.2), ["#ffffff"], 220)


def _room(rng: Generator) -> Floats:
    walls = ["#d8cfc0", "#b9a58c", "#8f9aa3", "#c7b2a0", "#6f5a4a", "#e6dfd2", "#a8b09a", "#7b6f86"]
    wall = walls[int(rng.integers(len(walls)))]
    picture = Image.new("RGB", (_SIDE, _SIDE), wall)
    pen = ImageDraw.Draw(picture, "RGBA")
    tones = [
        "#5b3f2c",
        "#9c7a55",
        "#34495e",
        "#a33b3b",
        "#e8d9b8",
        "#3d5a45",
        "#caa24a",
        "#2b2b30",
        "#f2efe8",
    ]
    for _ in range(int(rng.integers(2, 7))):
        x, y = rng.uniform(-20, _SIDE, 2)
        w, h = rng.uniform(12, 70, 2)
        pen.rectangle((x, y, x + w, y + h), fill=tones[int(rng.integers(len(tones)))] + "c8")
    floor = rng.uniform(70, 125)
    pen.rectangle((0, floor, _SIDE, _SIDE), fill=tones[int(rng.integers(len(tones)))] + "d0")
    room = np.asarray(picture, dtype=np.float32) * np.float32(1 / 255)
    x = np.linspace(-1, 1, _SIDE, dtype=np.float32)[None, :] * np.float32(rng.choice([-1, 1]))
    return (
        room * (rng.uniform(0.7, 1.0) + 0.22 * x + 0.05 * clouds(rng, (_SIDE, _SIDE), 5))[..., None]
    )


def _bokeh(rng: Generator) -> Floats:
    palettes = [
        ((0.10, 0.14, 0.20), (0.20, 0.16, 0.14), ["#ffd27a", "#ff9d5c", "#fff0c4"]),
        ((0.16, 0.28, 0.18), (0.10, 0.18, 0.10), ["#d6f0a0", "#f6f7c8", "#9cd08a"]),
        ((0.35, 0.45, 0.60), (0.30, 0.30, 0.42), ["#e8f2ff", "#c8d8ff", "#ffe9d0"]),
        ((0.45, 0.30, 0.30), (0.25, 0.14, 0.20), ["#ffc0b0", "#ffe3b3", "#f7a8c0"]),
    ]
    top, bottom, tones = palettes[int(rng.integers(len(palettes)))]
    return _dab(_ramp(rng, top, bottom), rng, int(rng.integers(14, 34)), (3, 13), tones, 130)


def _studio(rng: Generator) -> Floats:
    tones = [
        (0.55, 0.60, 0.66),
        (0.75, 0.70, 0.62),
        (0.30, 0.33, 0.38),
        (0.60, 0.42, 0.36),
        (0.86, 0.86, 0.84),
        (0.12, 0.12, 0.13),
        (0.36, 0.48, 0.52),
    ]
    tone = np.array(tones[int(rng.integers(len(tones)))], np.float32)
    ticks = np.linspace(-1, 1, _SIDE, dtype=np.float32)
    x, y = np.meshgrid(ticks, ticks)
    centre = rng.uniform(-0.6, 0.6, 2)
    glow = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) * 0.9)
    return tone * (0.7 + 0.5 * glow + 0.04 * clouds(rng, (_SIDE, _SIDE), 6))[..., None]


def _sky(rng: Generator) -> Floats:
    ground = _ramp(rng, (0.38, 0.58, 0.82), (0.74, 0.84, 0.92)) * np.float32(rng.uniform(0.8, 1.05))
    veil = smoothstep(
        0.1, 1.2, clouds(rng, (_SIDE, _SIDE), 5) + 0.5 * clouds(rng, (_SIDE, _SIDE), 12)
    )
    return mix(ground, np.array([0.95, 0.95, 0.96], np.float32), veil * 0.8)


def _rocks(rng: Generator) -> Floats:
    light = rng.uniform(0.7, 1.1)
    ground = _ramp(
        rng, (0.56 * light, 0.52 * light, 0.47 * light), (0.42 * light, 0.38 * light, 0.33 * light)
    )
    rough = clouds(rng, (_SIDE, _SIDE), 6) + 0.6 * clouds(rng, (_SIDE, _SIDE), 14)
    return ground * (1 + 0.2 * rough)[..., None]


BACKGROUNDS: dict[str, Callable[[Generator], Floats]] = {
    "meadow": _meadow,
    "woods": _woods,
    "snow": _snow,
    "room": _room,
    "bokeh": _bokeh,
    "studio": _studio,
    "sky": _sky,
    "rocks": _rocks,
}
