"""Pictures in a grid."""

from __future__ import annotations

import math
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

__all__ = ["ImageGrid", "plot_images"]

MOST_PICTURES = 100
"""More pictures than this in one figure are too small to see and slow to draw."""

TILE_INCHES = 2.0


@dataclass(frozen=True, repr=False)
class ImageGrid(Drawn):
    """A drawn grid of pictures."""

    figure: Figure | SubFigure
    axes: tuple[Axes, ...]
    """One for each picture, in order."""

    def _summary(self) -> str:
        return f"{len(self.axes)} pictures"


def _pixels(picture: Any) -> np.ndarray:
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


def _where_from(images: Any) -> str | None:
    """Say which pictures an ImageSet holds, and whether they are photographs; None for others."""
    if not hasattr(images, "origin"):
        return None
    name = ", ".join(str(part) for part in (images.name, images.split) if part)
    return f"{name} ({images.origin})"


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
        title = _where_from(images)
    if ncols is None:
        ncols = min(n, 6, max(1, math.ceil(math.sqrt(n * 1.5))))
    if ncols < 1:
        raise ValueError(f"ncols is the number of pictures in a row, at least 1; got {ncols}")

    nrows = math.ceil(n / ncols)
    shown = [_pixels(images[index]) for index in range(n)]
    if fig is None:
        tallest = max(pixels.shape[0] / pixels.shape[1] for pixels in shown)
        row_inches = TILE_INCHES * min(tallest, 2.0) + (0.3 if titles is not None else 0.0)
        size = (TILE_INCHES * ncols, row_inches * nrows + (0.4 if title else 0.0))
        fig = plt.figure(figsize=size, layout="constrained")
    grid = fig.subplots(nrows, ncols, squeeze=False).ravel()
    for ax in grid:
        ax.set_axis_off()
    for index, pixels in enumerate(shown):
        limits = {"vmin": 0, "vmax": 255 if pixels.dtype.kind in "ui" else 1}
        grid[index].imshow(pixels, cmap="gray" if pixels.ndim == 2 else None, **limits)
        if titles is not None:
            grid[index].set_title(titles[index])
    if title:
        fig.suptitle(title)
    axes = tuple(grid[:n])
    _describe(axes[0], n, title, titles)
    return ImageGrid(fig, axes)


def _describe(ax: Axes, n: int, title: str | None, titles: Sequence[str] | None) -> None:
    text = f"{n} picture{'s' if n > 1 else ''}"
    text += f" from {title}" if title else ""
    if titles is not None:
        text += ": " + ", ".join(" ".join(str(t).split()) for t in titles)
    set_alt_text(ax, text + ".")
