"""Cameras that are not as they should be: what they make of a picture.

A picture goes in as it would be with a camera in order. Assignment 6 has four cameras that see the
same animals; whether a classifier minds which of them took a picture is for its learner to find.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

_GREEN_LEAF = np.array([0.55, 1.0, 0.6])
_NEARER = 0.08  # of the picture, lost at each side


def _in_order(picture: Image.Image) -> Image.Image:
    return picture


def _behind_a_leaf(picture: Image.Image) -> Image.Image:
    tinted = np.asarray(picture, dtype=float) * _GREEN_LEAF
    return Image.fromarray(tinted.astype(np.uint8))


def _without_colour(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("RGB")


def _head_down(picture: Image.Image) -> Image.Image:
    # A screw came loose: it hangs by the other one, upside down and a little nearer.
    width, height = picture.size
    box = (_NEARER * width, _NEARER * height, (1 - _NEARER) * width, (1 - _NEARER) * height)
    turned = picture.transpose(Image.Transpose.ROTATE_180)
    return turned.resize(picture.size, Image.Resampling.BICUBIC, box=box)


CAMERAS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "in order": _in_order,
    "behind a leaf": _behind_a_leaf,
    "without colour": _without_colour,
    "head down": _head_down,
}
"""What each camera makes of a picture, by what is wrong with it."""


def seen_by(camera: str, picture: Image.Image) -> Image.Image:
    """Give a picture as a camera sees it.

    Parameters
    ----------
    camera
        One of `CAMERAS`.
    picture
        An RGB picture.

    Raises
    ------
    ValueError
        When there is no such camera.

    Examples
    --------
    >>> white = Image.new("RGB", (2, 2), (255, 255, 255))
    >>> seen_by("behind a leaf", white).getpixel((0, 0))
    (140, 255, 153)
    """
    if camera not in CAMERAS:
        raise ValueError(f"camera is {camera!r}, but there are only {', '.join(CAMERAS)}")
    return CAMERAS[camera](picture)
