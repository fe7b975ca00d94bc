"""Pictures in a grid."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from course_utils.plotting._drawn import Drawn
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import in_course_style

__all__ = ["ImageGrid", "as_pixels", "caption_of", "plot_images"]

MOST_PICTURES = 100
"""More pictures than this in one figure are too small to see and slow to draw."""

TILE_INCHES = 2.0
TILE_LETTERS = 21
"""So many letters of the title's size fit above one picture."""

LINE_INCHES = 0.24


@dataclass(frozen=True, repr=False)
class ImageGrid(Drawn):
    """A drawn grid of pictures."""

    figure: Figure | SubFigure
    axes: tuple[Axes, ...]
    """One for each picture, in order."""

    def _summary(self) -> str:
        return f"{len(self.axes)} pictures"


def as_pixels(picture: Any) -> np.ndarray:
    """Give a path, a PIL image or an array as an array that matplotlib shows."""
    if isinstance(picture, (str, Path)):
        from course_utils.images import read_image

        picture = read_image(picture)
    pixels = np.asarray(picture)
    if not (pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (1, 3, 4))):
        raise ValueError(
            f"a picture has shape (height, width) or (height, width, 1, 3 or 4), got {pixels.shape}"
        )
    return pixels[:, :, 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels


def caption_of(images: Any) -> str | None:
    """Say which pictures an ImageSet holds, and whether they are photographs; None for others."""
    return images.caption() if hasattr(images, "caption") else None


@in_course_style
def plot_images(
    images: Sequence[Any],
    titles: Sequence[str] | None = None,
    ncols: int | None = None,
    *,
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
        Pictures a row; by default a grid a little wider than high, at most 6 a row.
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
    ValueError
        If there is no picture, too many, a shape that is no picture's, or another number of titles.

    Examples
    --------
    >>> import numpy as np
    >>> grid = plot_images([np.zeros((8, 8)), np.ones((8, 8))], titles=["black", "white"])
    >>> grid
    <ImageGrid: 2 pictures>
    """
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
    if ncols is None:
        ncols = _columns_for(n)
    if ncols < 1:
        raise ValueError(f"ncols is the number of pictures in a row, at least 1; got {ncols}")

    nrows = math.ceil(n / ncols)
    shown = [as_pixels(images[index]) for index in range(n)]
    wrapped = [] if titles is None else [_wrap(words) for words in titles]
    if fig is None:
        size = _figure_size(shown, wrapped, title, nrows, ncols)
        fig = plt.figure(figsize=size, layout="constrained")
    grid = fig.subplots(nrows, ncols, squeeze=False).ravel()
    for ax in grid:
        ax.set_axis_off()
    for index, pixels in enumerate(shown):
        limits = {"vmin": 0, "vmax": 255 if pixels.dtype.kind in "ui" else 1}
        grid[index].imshow(pixels, cmap="gray" if pixels.ndim == 2 else None, **limits)
        if wrapped:
            grid[index].set_title(wrapped[index])
    if title:
        fig.suptitle(title)
    axes = tuple(grid[:n])
    set_alt_text(axes[0], _in_words(n, title, titles))
    return ImageGrid(fig, axes)


def _columns_for(n: int) -> int:
    """Choose a number of columns: few blanks in the last row, and a little wider than high."""
    best_looking = math.sqrt(1.5 * n)
    return min(range(min(n, 3), min(n, 6) + 1), key=lambda c: (-n % c, abs(c - best_looking)))


def _wrap(words: str) -> str:
    """Break a title into lines that fit above one picture, keeping its own line breaks."""
    return "\n".join(textwrap.fill(line, TILE_LETTERS) for line in str(words).split("\n"))


def _figure_size(
    pictures: Sequence[np.ndarray], titles: Sequence[str], title: str | None, nrows: int, ncols: int
) -> tuple[float, float]:
    """Give width and height, in inches, with room for every picture and every line of text."""
    tallest = max(pixels.shape[0] / pixels.shape[1] for pixels in pictures)
    title_lines = max((words.count("\n") + 1 for words in titles), default=0)
    row = TILE_INCHES * min(tallest, 2.0) + LINE_INCHES * title_lines
    heading = title.split("\n") if title else []
    widest = max(map(len, heading), default=0) * TILE_INCHES / TILE_LETTERS
    return max(TILE_INCHES * ncols, widest), row * nrows + 1.5 * LINE_INCHES * len(heading)


def _in_words(n: int, title: str | None, titles: Sequence[str] | None) -> str:
    text = f"{n} picture{'s' if n > 1 else ''}"
    text += f" from {title}" if title else ""
    counts = Counter(" ".join(str(words).split()) for words in titles or ())
    if counts and len(counts) < n:
        text += ": " + ", ".join(f"{count} of {words}" for words, count in counts.items())
    elif counts:
        text += ": " + ", ".join(counts)
    return text + "."
