"""From a picture to its numbers: closer and closer, until they can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import PAGE_INCHES, Drawn
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, in_course_style

__all__ = ["ZoomPlot", "plot_zoom"]

MOST_NUMBERS = 16
"""More pixels a side than this, and nobody can read the numbers in them."""

FRAME = class_color(3)


@dataclass(frozen=True, repr=False)
class ZoomPlot(Drawn):
    """What :func:`plot_zoom` drew."""

    figure: Figure | SubFigure
    axes: tuple[Axes, Axes, Axes]
    """The whole picture, a part of it, and the pixels with their numbers."""
    numbers: NDArray[np.generic]
    """The pixels whose numbers are written out, shape (n_pixels, n_pixels)."""

    def _summary(self) -> str:
        return f"the numbers of {len(self.numbers)} x {len(self.numbers)} pixels"


@in_course_style
def plot_zoom(
    picture: ArrayLike,
    center: Sequence[int],
    *,
    n_pixels: int = 12,
    title: str | None = None,
    fig: Figure | SubFigure | None = None,
) -> ZoomPlot:
    """Show a grey picture, a part of it, and a few of its pixels with their numbers in them.

    Parameters
    ----------
    picture : array_like, shape (height, width)
        Grey: integers from 0 (black) to 255, or floats from 0 to 1.
    center : (int, int)
        Row and column to look at; moved inwards where the part would reach over the edge.
    n_pixels : int, default 12
        Pixels a side whose numbers are written out, 2 to 16.
    title : str, optional
        Above the whole figure.
    fig : Figure or SubFigure, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ZoomPlot
        The figure, its three axes, and the numbers.

    Raises
    ------
    ValueError
        If the picture is not a grey one, is smaller than ``n_pixels`` a side, or ``center`` does
        not lie in it.

    Examples
    --------
    >>> drawn = plot_zoom(np.arange(6400).reshape(80, 80) % 256, center=(40, 40), n_pixels=4)
    >>> drawn
    <ZoomPlot: the numbers of 4 x 4 pixels>
    >>> drawn.numbers[0].tolist()
    [6, 7, 8, 9]
    """
    pixels, white = _check_picture(np.asarray(picture), n_pixels)
    row, column = center
    if not (0 <= row < pixels.shape[0] and 0 <= column < pixels.shape[1]):
        raise ValueError(
            f"center is row {row}, column {column}, outside of a picture of {pixels.shape[0]} rows "
            f"and {pixels.shape[1]} columns"
        )
    part = min(5 * n_pixels, *pixels.shape)
    wide, close = _window(pixels, center, part), _window(pixels, center, n_pixels)
    numbers = pixels[close]

    if fig is None:
        fig = plt.figure(figsize=(PAGE_INCHES, 5.8), layout="constrained")
    grid = fig.add_gridspec(2, 2, width_ratios=(1, 2))
    whole, middle = fig.add_subplot(grid[0, 0]), fig.add_subplot(grid[1, 0])
    near = fig.add_subplot(grid[:, 1])
    everything = (slice(0, pixels.shape[0]), slice(0, pixels.shape[1]))
    for ax, shown, frame in ((whole, everything, wide), (middle, wide, close), (near, close, None)):
        rows, columns = shown
        edges = (columns.start - 0.5, columns.stop - 0.5, rows.stop - 0.5, rows.start - 0.5)
        ax.imshow(pixels[shown], "gray", vmin=0, vmax=white, extent=edges, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        if frame is not None:
            _draw_frame(ax, frame)
    whole.set_title(f"{pixels.shape[0]} x {pixels.shape[1]} pixels")
    middle.set_title(f"{part} x {part} of them")
    near.set_title(f"{n_pixels} x {n_pixels} of these, with their numbers")
    _write_numbers(near, numbers, close, white)
    if title:
        fig.suptitle(title)
    first = ", ".join(_written(number) for number in numbers[0])
    set_alt_text(
        whole,
        f"{title or 'A picture and its numbers'}: the whole picture, a part of {part} by {part} "
        f"pixels, and {n_pixels} by {n_pixels} pixels with their numbers, from "
        f"{_written(numbers.min())} to {_written(numbers.max())}; the first row is {first}.",
    )
    return ZoomPlot(fig, (whole, middle, near), numbers)


def _check_picture(pixels: NDArray[np.generic], n_pixels: int) -> tuple[NDArray[np.generic], int]:
    """Give the picture and its number for white."""
    if pixels.ndim != 2 or pixels.dtype.kind not in "uif":
        raise ValueError(
            f"picture has shape {pixels.shape} and type {pixels.dtype}; give a grey one, (height, "
            "width): reshape a flattened one, take one channel of a colour picture"
        )
    if not 2 <= n_pixels <= MOST_NUMBERS or n_pixels > min(pixels.shape):
        raise ValueError(
            f"n_pixels is {n_pixels}; choose 2 to {MOST_NUMBERS}, and no more than the picture's "
            f"{pixels.shape[0]} x {pixels.shape[1]} pixels have a side"
        )
    white = 1 if pixels.dtype.kind == "f" else 255
    if not (pixels.min() >= 0 and pixels.max() <= white):
        raise ValueError(
            f"picture has values from {pixels.min():.3g} to {pixels.max():.3g}; {pixels.dtype} "
            f"values must lie in 0 to {white}"
        )
    return pixels, white


def _window(pixels: NDArray[np.generic], center: Sequence[int], side: int) -> tuple[slice, slice]:
    starts = [
        min(max(0, middle - side // 2), length - side)
        for middle, length in zip(center, pixels.shape, strict=True)
    ]
    return slice(starts[0], starts[0] + side), slice(starts[1], starts[1] + side)


def _draw_frame(ax: Axes, frame: tuple[slice, slice]) -> None:
    rows, columns = frame
    size = columns.stop - columns.start
    corner = (columns.start - 0.5, rows.start - 0.5)
    ax.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=FRAME, linewidth=2.5))


def _write_numbers(
    ax: Axes, numbers: NDArray[np.generic], window: tuple[slice, slice], white: int
) -> None:
    rows, columns = window
    for (i, j), number in np.ndenumerate(numbers):
        color = "white" if number < 0.5 * white else "black"
        place = (columns.start + j, rows.start + i)
        size = min(14, 125 / len(numbers))
        ax.text(*place, _written(number), ha="center", va="center", color=color, fontsize=size)


def _written(number: np.generic) -> str:
    return f"{number:.2f}".lstrip("0") if number.dtype.kind == "f" else str(number)
