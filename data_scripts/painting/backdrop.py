"""What backgrounds are made of: washes of colour, blots, and dabs of light."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from data_scripts.painting.canvas import Floats, colour, mix
from data_scripts.painting.noise import clouds

SIDE = 128


def wash(rng: Generator, top: str, bottom: str, uneven: float = 0.12) -> Floats:
    """Fade from one colour to another, unevenly; shape (3, SIDE, SIDE)."""
    y = np.linspace(0, 1, SIDE, dtype=np.float32)[:, None]
    y = y + np.float32(uneven) * clouds(rng, (SIDE, SIDE), 3)
    ground = mix(colour(top), colour(bottom), np.clip(y, 0, 1))
    return ground * np.float32(rng.uniform(0.82, 1.12))


def horizon(rng: Generator, far: Floats, near: Floats, height: float, rough: float) -> Floats:
    """Put one ground in front of another, along an uneven line.

    Parameters
    ----------
    rng
        Source of randomness.
    far, near
        What is seen above and below the line, shape (3, SIDE, SIDE).
    height
        Where the line lies: 0 at the top, 1 at the bottom.
    rough
        How uneven it is, in the same unit.
    """
    line = height + rough * clouds(rng, (2, SIDE), 8)[:1]
    y = np.linspace(0, 1, SIDE, dtype=np.float32)[:, None]
    return np.where(y > line, near, far)


def dabs(
    ground: Image.Image,
    rng: Generator,
    number: int,
    radii: tuple[float, float],
    tones: list[str],
    opacity: int = 130,
    rows: tuple[float, float] = (-10, SIDE + 10),
) -> Image.Image:
    """Dab round spots of colour onto a picture, in place, and give it back.

    Parameters
    ----------
    ground
        The picture.
    rng
        Source of randomness.
    number
        How many spots.
    radii
        Smallest and largest radius in pixels.
    tones
        Colours to choose from.
    opacity
        Of the most opaque spot, up to 255.
    rows
        Between which rows their middles lie.
    """
    pen = ImageDraw.Draw(ground, "RGBA")
    for _ in range(number):
        x, y = rng.uniform(-10, SIDE + 10), rng.uniform(*rows)
        r = rng.uniform(*radii)
        alpha = int(opacity * rng.uniform(0.4, 1))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=f"{pick(rng, tones)}{alpha:02x}")
    return ground


def pick(rng: Generator, choices: list[str]) -> str:
    """Choose one."""
    return choices[int(rng.integers(len(choices)))]
