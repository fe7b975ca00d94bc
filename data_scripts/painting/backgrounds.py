"""Backgrounds: what lies behind the animal, out of focus."""

from __future__ import annotations

from collections.abc import Callable

from numpy.random import Generator
from PIL import Image, ImageFilter

from data_scripts.painting import indoors, outdoors
from data_scripts.painting.canvas import Floats, from_image

BACKGROUNDS: dict[str, Callable[[Generator], Image.Image]] = {
    "meadow": outdoors.meadow,
    "lawn": outdoors.lawn,
    "woods": outdoors.woods,
    "autumn": outdoors.autumn,
    "snow": outdoors.snow,
    "coast": outdoors.coast,
    "sunset": outdoors.sunset,
    "savanna": outdoors.savanna,
    "rocks": outdoors.rocks,
    "room": indoors.room,
    "lights": indoors.lights,
    "studio": indoors.studio,
}


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
        float32 in [0, 1], shape (3, size, size).
    """
    # What is out of focus can be painted small and enlarged.
    small = BACKGROUNDS[kind](rng)
    if rng.random() < 0.5:
        small = small.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    blurred = small.filter(ImageFilter.GaussianBlur(rng.uniform(1.2, 3.4)))
    large = blurred.resize((size, size), Image.Resampling.BICUBIC)
    return from_image(large)
