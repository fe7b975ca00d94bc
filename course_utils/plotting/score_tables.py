"""Tables of scores, each number on a colour that shows its sign and its size, with a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import PAGE_INCHES, Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import DIVERGING, in_course_style

__all__ = ["ScoreTablePlot", "plot_score_table"]

MOST_ROWS, MOST_COLUMNS = 30, 12
"""More numbers than this cannot be read in one figure."""


@dataclass(frozen=True, repr=False)
class ScoreTablePlot(Drawn):
    """What :func:`plot_score_table` drew."""

    ax: Axes
    image: AxesImage
    texts: np.ndarray
    """The numbers: Text artists, shape (n_rows, n_columns)."""

    def _summary(self) -> str:
        return f"{self.texts.shape[0]} rows of {self.texts.shape[1]} scores"


@in_course_style
def plot_score_table(
    scores: ArrayLike,
    row_names: Sequence[str],
    column_names: Sequence[str],
    *,
    decimals: int = 1,
    xlabel: str = "model",
    key: str = "score: above 0 says yes",
    title: str = "Raw scores",
    ax: Axes | None = None,
) -> ScoreTablePlot:
    """Draw a table of scores; zero is white, and the strongest colour is the largest number.

    Parameters
    ----------
    scores : array_like of float, shape (n_rows, n_columns)
        At most 30 rows of 12, such as ``model.decision_function(X)``.
    row_names, column_names : sequence of str
    decimals : int, default 1
        Digits after the point.
    xlabel, key, title : str
        What the columns are, what the colours mean, and what the table says.
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ScoreTablePlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If the names do not fit the table, it is too large, or it holds no number somewhere.

    Examples
    --------
    >>> plot_score_table([[-2.0, 1.5], [0.5, -0.5]], ["leaf 1", "leaf 2"], ["ash", "birch"])
    <ScoreTablePlot: 2 rows of 2 scores>
    """
    table = np.asarray(scores, dtype=np.float64)
    rows, columns = [str(name) for name in row_names], [str(name) for name in column_names]
    if table.shape != (len(rows), len(columns)):
        raise ValueError(
            f"scores has shape {table.shape}, but there are {len(rows)} row names and "
            f"{len(columns)} column names"
        )
    if not (1 <= len(rows) <= MOST_ROWS and 1 <= len(columns) <= MOST_COLUMNS):
        raise ValueError(
            f"a table of {len(rows)} rows and {len(columns)} columns cannot be read as a figure: "
            f"show at most {MOST_ROWS} and {MOST_COLUMNS}"
        )
    if not np.isfinite(table).all():
        row, column = np.argwhere(~np.isfinite(table))[0]
        raise ValueError(f"the score of {rows[row]!r}, {columns[column]!r} is {table[row, column]}")

    width = 2.4 + 0.11 * max(map(len, rows)) + 0.95 * len(columns)
    ax = axes_for(ax, figsize=(min(PAGE_INCHES, max(5.0, width)), 1.5 + 0.5 * len(rows)))
    limit = np.abs(table).max() or 1.0
    image = ax.imshow(table, cmap=DIVERGING, vmin=-limit, vmax=limit, aspect="auto")
    texts = np.empty(table.shape, dtype=object)
    for i, j in np.ndindex(*table.shape):
        color = "white" if abs(table[i, j]) > 0.6 * limit else "black"
        words = f"{table[i, j]:.{decimals}f}"
        texts[i, j] = ax.text(j, i, words, ha="center", va="center", color=color)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlabel=xlabel, title=title)
    ax.figure.colorbar(image, ax=ax, label=key)
    said = "; ".join(
        f"{name}: "
        + ", ".join(f"{column} {v:.{decimals}f}" for column, v in zip(columns, row, strict=True))
        for name, row in zip(rows, table, strict=True)
    )
    set_alt_text(ax, f"{title}, a table. {said}.")
    return ScoreTablePlot(ax, image, texts)
