"""The canvas: a picture in floating point, the coordinates of its pixels, and windows onto it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Everything that is painted is float32; the type says less, because NumPy's own annotations cannot
# follow float32 through arithmetic with numbers.
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Window:
    """A rectangle of a canvas, with the coordinates of its pixels.

    Attributes
    ----------
    x, y
        Picture coordinates of the pixel centres, float32, shape (rows, columns). The picture spans
        -1 to 1 in both directions; y points down.
    pixel
        Width of a pixel in picture coordinates.
    rows, columns
        Where the window lies on the canvas.
    """

    x: Floats
    y: Floats
    pixel: float
    rows: slice
    columns: slice


class Canvas:
    """A square picture that layers are painted onto, from the back to the front.

    Parameters
    ----------
    size
        Width and height in pixels.

    Attributes
    ----------
    rgb
        The picture so far, float32 in [0, 1], shape (3, size, size).
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.pixel = 2.0 / size
        self.rgb: Floats = np.zeros((3, size, size), np.float32)
        self._ticks = ((np.arange(size, dtype=np.float32) + 0.5) * 2 / size - 1).astype(np.float32)

    def window(
        self, left: float = -1, top: float = -1, right: float = 1, bottom: float = 1
    ) -> Window | None:
        """Cut the window that covers a box, or None when the box misses the canvas.

        Parameters
        ----------
        left, top, right, bottom
            The box in picture coordinates; what lies outside the picture is cut off.
        """
        first_column, last_column = self._range(left, right)
        first_row, last_row = self._range(top, bottom)
        if last_column - first_column < 2 or last_row - first_row < 2:
            return None
        columns, rows = slice(first_column, last_column), slice(first_row, last_row)
        x, y = np.meshgrid(self._ticks[columns], self._ticks[rows])
        return Window(x, y, self.pixel, rows, columns)

    def _range(self, low: float, high: float) -> tuple[int, int]:
        first = int(np.clip(np.floor((low + 1) * self.size / 2), 0, self.size))
        last = int(np.clip(np.ceil((high + 1) * self.size / 2), 0, self.size))
        return first, last

    def lay(self, window: Window, rgb: Floats, alpha: Floats) -> None:
        """Lay colours over the picture.

        Parameters
        ----------
        window
            Where.
        rgb
            The colours, shape (3, rows, columns) or (3,).
        alpha
            How much they cover, 0 to 1, shape (rows, columns).
        """
        target = self.rgb[:, window.rows, window.columns]
        target += alpha * (rgb - target)

    def to_image(self) -> Image.Image:
        """Give the picture as a Pillow RGB picture."""
        return to_image(self.rgb)


def to_image(rgb: Floats) -> Image.Image:
    """Make a Pillow RGB picture of colours in [0, 1], clipping what lies outside.

    Parameters
    ----------
    rgb
        Shape (3, rows, columns).
    """
    levels = np.clip(rgb * 255 + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(levels.transpose(1, 2, 0)))


def from_image(image: Image.Image) -> Floats:
    """Give a Pillow RGB picture's colours in [0, 1], shape (3, rows, columns)."""
    return np.asarray(image).transpose(2, 0, 1).astype(np.float32) * np.float32(1 / 255)


def smoothstep(low: float, high: float, value: Floats) -> Floats:
    """Rise smoothly from 0 at ``low`` to 1 at ``high``; ``low > high`` falls instead."""
    t = np.clip((value - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return t * t * (3 - 2 * t)


def mix(first: Floats, second: Floats, share: Floats) -> Floats:
    """Blend two colours, or pictures of colours, by a map of shares of the second.

    Parameters
    ----------
    first, second
        Colours, shape (3, 1, 1) or (3, rows, columns).
    share
        Share of ``second``, 0 to 1, shape (rows, columns).
    """
    return first + share * (second - first)


def colour(text: str) -> Floats:
    """Read a colour such as ``"#c8a070"`` as float32 in [0, 1], shape (3, 1, 1)."""
    return as_colour([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def as_colour(parts: Iterable[float]) -> Floats:
    """Make a colour of its red, green and blue; float32, shape (3, 1, 1)."""
    return np.array([*parts], np.float32).reshape(3, 1, 1)
