"""Weights of a linear model of pixels, drawn as the pictures that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import PAGE_INCHES, Drawn
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import DIVERGING, in_course_style

__all__ = ["WeightPictures", "plot_weights"]

MOST_COLUMNS = 4


@dataclass(frozen=True, repr=False)
class WeightPictures(Drawn):
    """What :func:`plot_weights` drew."""

    figure: Figure | SubFigure
    axes: tuple[Axes, ...]
    """One for each picture, in order."""

    def _summary(self) -> str:
        return f"{len(self.axes)} pictures of weights"


@in_course_style
def plot_weights(
    weights: ArrayLike,
    names: Sequence[str],
    *,
    shape: tuple[int, int] | None = None,
    key: str = "weight of a pixel",
    title: str | None = None,
    fig: Figure | SubFigure | None = None,
) -> WeightPictures:
    """Draw each row of a model's weights as a picture, all on the same scale of colours.

    Parameters
    ----------
    weights : array_like of float, shape (n_pictures, n_pixels)
        Such as ``LogisticRegression.coef_`` of grey pixels.
    names : sequence of str
        What each row is, for instance its class.
    shape : (int, int), optional
        Height and width in pixels; a square unless given.
    key, title : str
        What the colours mean, and what the figure says.
    fig : Figure or SubFigure, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    WeightPictures
        The figure and one axes a picture.

    Raises
    ------
    ValueError
        If the names or the shape do not fit the weights, or one is not finite.

    Examples
    --------
    >>> plot_weights([[0.1, -0.2, 0.3, 0.0]], ["cat"])
    <WeightPictures: 1 pictures of weights>
    """
    table = np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or table.size == 0 or len(names) != len(table):
        raise ValueError(
            f"weights has shape {table.shape} for {len(names)} names; give one row of pixels a name"
        )
    n_pixels = table.shape[1]
    height, width = (round(n_pixels**0.5),) * 2 if shape is None else shape
    if height * width != n_pixels:
        raise ValueError(
            f"{n_pixels} weights a row are no picture of {height} x {width} pixels: pass its shape "
            "as (height, width), of one colour"
        )
    if not np.isfinite(table).all():
        raise ValueError("weights holds nan or inf: did the model converge?")

    n, ncols = len(table), min(len(table), MOST_COLUMNS)
    nrows = ceil(n / ncols)
    if fig is None:
        size = (min(PAGE_INCHES, 1.3 + 2.2 * ncols), 0.6 + 2.3 * nrows)
        fig = plt.figure(figsize=size, layout="constrained")
    grid = fig.subplots(nrows, ncols, squeeze=False).ravel()
    for ax in grid:
        ax.set_axis_off()
    limit = np.abs(table).max() or 1.0
    for ax, name, row in zip(grid, names, table, strict=False):
        image = ax.imshow(row.reshape(height, width), cmap=DIVERGING, vmin=-limit, vmax=limit)
        ax.set_title(str(name))
    fig.colorbar(image, ax=grid.tolist(), label=key, shrink=0.8)
    if title:
        fig.suptitle(title)
    largest = ", ".join(
        f"{name} from {row.min():.2g} to {row.max():.2g}"
        for name, row in zip(names, table, strict=True)
    )
    set_alt_text(grid[0], f"{title or 'Weights as pictures'}: {key}, {largest}.")
    return WeightPictures(fig, tuple(grid[:n]))
