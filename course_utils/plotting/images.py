"""Pictures in a grid."""

from __future__ import annotations

import math
import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from course_utils.plotting._drawn import PAGE_INCHES, Drawn
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import in_course_style

__all__ = ["ImageGrid", "plot_images"]

MOST_PICTURES = 100
"""More pictures than this in one figure are too small to see and slow to draw."""

SIZES = ((1, 1, 4.5), (2, 2, 3.4), (3, 3, 2.7), (24, 4, 2.0), (MOST_PICTURES, 8, 0.96))
"""Up to so many pictures: so many a row, so many inches wide. One is shown larger than many."""

SMALLEST_TILE = 0.7
"""Inches; with more pictures a row than fit on a page at this width, a figure becomes wider."""

LETTERS_AN_INCH = 9.5
"""So many letters of the titles' size fit in an inch."""

LINE_INCHES = 0.24
GAP_INCHES = 0.12


@dataclass(frozen=True, repr=False)
class ImageGrid(Drawn):
    """A drawn grid of pictures."""

    figure: Figure | SubFigure
    axes: tuple[Axes, ...]
    """One for each picture, in order."""

    def _summary(self) -> str:
        return f"{len(self.axes)} pictures"


def _pixels(picture: Any, index: int, side: int) -> np.ndarray:
    """Give a path, a PIL image or an array as an array that matplotlib shows as it is.

    A JPEG file is read no larger than ``side`` pixels need.
    """
    from PIL import Image

    from course_utils.images.reading import read_image, to_rgb

    if isinstance(picture, (str, os.PathLike)):
        picture = read_image(picture, min_size=(side, side))
    if isinstance(picture, Image.Image):
        picture = picture if picture.mode in ("L", "RGB") else to_rgb(picture)
        if max(picture.size) > 4 * side:
            picture = picture.copy()
            picture.thumbnail((4 * side, 4 * side))
    pixels = np.asarray(picture)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if pixels.ndim != 2 and not (pixels.ndim == 3 and pixels.shape[2] in (3, 4)):
        raise ValueError(
            f"picture {index} has shape {pixels.shape}; an array must be (height, width) or "
            "(height, width, 1, 3 or 4): reshape a flattened one, permute a tensor's axes"
        )
    return _check_values(pixels, index)


def _check_values(pixels: np.ndarray, index: int) -> np.ndarray:
    if pixels.dtype.kind == "b":
        return pixels.astype(np.float32)
    if pixels.dtype.kind not in "uif" or pixels.size == 0:
        raise ValueError(f"picture {index} has no numbers to show: {pixels.dtype}, {pixels.shape}")
    low, high = pixels.min(), pixels.max()
    white = 1 if pixels.dtype.kind == "f" else 255
    # Resizing may overshoot by a rounding error; a picture that was normalised is far outside.
    slack = 1e-3 if white == 1 else 0
    if not (low >= -slack and high <= white + slack):
        raise ValueError(
            f"picture {index} has values from {low:.3g} to {high:.3g}; {pixels.dtype} values must "
            f"lie in 0 to {white}: undo the normalisation, or divide by the largest"
        )
    return np.clip(pixels, 0, white)


def caption_of(images: Any) -> str | None:
    """Say which pictures an ImageSet holds, and whether they are photographs; None for others."""
    return images.caption() if hasattr(images, "caption") else None


@in_course_style
def plot_images(
    images: Sequence[Any],
    titles: Sequence[str] | None = None,
    *,
    ncols: int | None = None,
    title: str | None = None,
    fig: Figure | SubFigure | None = None,
) -> ImageGrid:
    """Show pictures in a grid.

    Parameters
    ----------
    images : ImageSet, or sequence of paths, PIL images or arrays
        At most 100. Arrays are ``(height, width)`` for grey or ``(height, width, 3 or 4)`` for
        colour; floats in [0, 1] or integers in [0, 255].
    titles : sequence of str, optional
        One for each picture. For an ImageSet, its class names unless given.
    ncols : int, optional
        Pictures a row; by default a grid a little wider than high, at most 4 a row (8 of more than
        24 pictures). With more a row each is smaller, so that the figure still fits on a page.
    title : str, optional
        Above the whole grid. For an ImageSet, its name, split and origin (photographs or painted)
        unless given; pass ``""`` for none.
    fig : Figure or SubFigure, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ImageGrid
        With the ``figure`` and one of ``axes`` for each picture.

    Raises
    ------
    TypeError
        If ``images`` is one picture, or a whole data set, rather than a sequence of pictures.
    ValueError
        If there is no picture, too many, another number of titles, or an array whose shape or
        values are no picture's.
    BadImageError
        If a file cannot be read as a picture.

    Examples
    --------
    >>> import numpy as np
    >>> grid = plot_images([np.zeros((8, 8)), np.ones((8, 8))], titles=["black", "white"])
    >>> grid
    <ImageGrid: 2 pictures>
    """
    _check_sequence(images)
    n = len(images)
    if n == 0:
        raise ValueError("there is no picture to show: images is empty")
    if n > MOST_PICTURES:
        raise ValueError(
            f"{n} pictures are too many for one figure (at most {MOST_PICTURES}): "
            "choose some, for instance images.sample(4, seed=0) of an ImageSet"
        )
    if titles is None and hasattr(images, "targets"):
        titles = [str(target) for target in images.targets]
    if titles is not None and len(titles) != n:
        raise ValueError(f"{len(titles)} titles for {n} pictures: give one for each")
    if title is None:
        title = caption_of(images)
    _, most, tile = next(size for size in SIZES if n <= size[0])
    if ncols is None:
        ncols = _columns_for(n, most)
    if ncols < 1:
        raise ValueError(f"ncols is the number of pictures in a row, at least 1; got {ncols}")

    fitting = (PAGE_INCHES - 2 * GAP_INCHES - (ncols - 1) * GAP_INCHES) / ncols
    tile = min(tile, max(SMALLEST_TILE, fitting))
    nrows = math.ceil(n / ncols)
    sources = getattr(images, "paths", images)
    # Twice as many pixels as are shown at 100 dots an inch: sharp also on a finer screen.
    shown = [_pixels(sources[i], i, side=round(200 * tile)) for i in range(n)]
    wrapped = [] if titles is None else [_wrap(words, tile) for words in titles]
    if fig is None:
        fig, grid = _new_figure(shown, wrapped, title, nrows, ncols, tile)
    else:
        grid = fig.subplots(nrows, ncols, squeeze=False)
        if title:
            fig.suptitle(title)
    grid = grid.ravel()
    for ax in grid:
        ax.set_axis_off()
        # Ticks that nobody sees would still be measured: half of the time that drawing takes.
        ax.set(xticks=[], yticks=[])
        # Titles of a row are level with each other, however high their pictures are.
        ax.set_anchor("N")
    for index, pixels in enumerate(shown):
        limits = {"vmin": 0, "vmax": 255 if pixels.dtype.kind in "ui" else 1}
        grid[index].imshow(pixels, cmap="gray" if pixels.ndim == 2 else None, **limits)
        if wrapped:
            grid[index].set_title(wrapped[index])
    axes = tuple(grid[:n])
    set_alt_text(axes[0], _in_words(n, title, titles))
    return ImageGrid(fig, axes)


def _check_sequence(images: Any) -> None:
    """Raise TypeError for what a reader may well pass instead of a sequence of pictures."""
    from PIL import Image

    advice = "plot_images takes a list of pictures"
    if isinstance(images, (str, os.PathLike)):
        raise TypeError(f"{advice}, and this is one path: plot_images([{os.fspath(images)!r}])")
    if isinstance(images, Image.Image):
        raise TypeError(f"{advice}, and this is one picture: plot_images([picture])")
    if isinstance(images, Mapping):
        name, keys = getattr(images, "name", "this"), ", ".join(map(repr, images))
        first = next(iter(images), "train")
        raise TypeError(
            f"{advice}, and {name} has several parts: {keys}; choose one, such as "
            f"plot_images(data[{first!r}])"
        )
    shape = np.shape(images) if isinstance(images, np.ndarray) else ()
    if len(shape) == 2 or (len(shape) == 3 and shape[2] in (3, 4)):
        raise TypeError(
            f"{advice}, and this is one array of shape {shape}: plot_images([array]); "
            "reshape a table of flattened pictures to (n, height, width)"
        )
    if not hasattr(images, "__len__") or not hasattr(images, "__getitem__"):
        raise TypeError(f"{advice}, not {type(images).__name__}: plot_images(list(pictures))")


def _columns_for(n: int, most: int) -> int:
    """Choose a number of columns: few blanks in the last row, and a little wider than high."""
    best_looking = math.sqrt(1.5 * n)
    choices = range((most + 1) // 2, min(n, most) + 1)
    return min(choices, key=lambda columns: (-n % columns, abs(columns - best_looking)))


def _wrap(words: str, tile: float) -> str:
    """Break a title into lines that fit above one picture, keeping its own line breaks."""
    letters = int(LETTERS_AN_INCH * tile)
    size = FontProperties(size=mpl.rcParams["axes.titlesize"]).get_size_in_points()
    return "\n".join(
        line if _inches(line, size) <= tile else textwrap.fill(line, letters)
        for line in str(words).split("\n")
    )


@lru_cache(maxsize=1024)
def _inches(line: str, points: float) -> float:
    """Measure how wide a line of text is; letters are too unlike to be counted."""
    font = FontProperties(size=points)
    return TextToPath().get_text_width_height_descent(line, font, ismath=False)[0] / 72


def _new_figure(
    pictures: Sequence[np.ndarray],
    titles: Sequence[str],
    title: str | None,
    nrows: int,
    ncols: int,
    tile: float,
) -> tuple[Figure, np.ndarray]:
    """Make a figure just large enough for every picture and every line of text.

    matplotlib's own layout engines would find the same places, at twice the time for drawing.
    """
    slimness = [min(2.0, pixels.shape[0] / pixels.shape[1]) for pixels in pictures]
    heights = [tile * max(slimness[i * ncols : (i + 1) * ncols]) for i in range(nrows)]
    title_lines = max((words.count("\n") + 1 for words in titles), default=0)
    above = GAP_INCHES + LINE_INCHES * title_lines
    heading = title.split("\n") if title else []
    heading_height = LINE_INCHES * len(heading) * 1.2

    grid_width = ncols * tile + (ncols - 1) * GAP_INCHES
    widest_line = max(map(len, heading), default=0) / LETTERS_AN_INCH
    width = max(grid_width, widest_line) + 2 * GAP_INCHES
    height = heading_height + sum(heights) + nrows * above + GAP_INCHES

    fig, grid = plt.subplots(
        nrows,
        ncols,
        squeeze=False,
        figsize=(width, height),
        gridspec_kw={
            "left": (1 - grid_width / width) / 2,
            "right": (1 + grid_width / width) / 2,
            "top": 1 - (heading_height + above) / height,
            "bottom": GAP_INCHES / height,
            "wspace": GAP_INCHES / tile,
            "hspace": above / (sum(heights) / nrows),
            "height_ratios": heights,
        },
    )
    if title:
        fig.suptitle(title, y=1 - GAP_INCHES / 2 / height, va="top")
    return fig, grid


def _in_words(n: int, title: str | None, titles: Sequence[str] | None) -> str:
    text = f"{n} picture{'s' if n > 1 else ''}"
    if titles is not None:
        runs = groupby(" ".join(str(words).split()) for words in titles)
        counted = [(words, len(list(run))) for words, run in runs]
        text += ": " + ", ".join(
            words if times == 1 else f"{words} ({times} times)" for words, times in counted
        )
    heading = " ".join(title.split()) if title else ""
    return f"{heading}. {text}." if heading else f"{text}."
