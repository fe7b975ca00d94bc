"""Learning curves: scores as they grow with the amount of training data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, add_legend, axes_for, draw_chance
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_marker, in_course_style

__all__ = ["LearningCurvePlot", "plot_learning_curve"]


@dataclass(frozen=True, repr=False)
class LearningCurvePlot(Drawn):
    """What :func:`plot_learning_curve` drew."""

    ax: Axes
    lines: tuple[Line2D, ...]
    """The mean scores, one line a curve."""
    bands: tuple[PolyCollection, ...]

    def _summary(self) -> str:
        return f"{len(self.lines)} curves"


@in_course_style
def plot_learning_curve(
    sizes: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    chance: float | None = None,
    xlabel: str = "training examples",
    ylabel: str = "validation accuracy",
    title: str | None = None,
    ax: Axes | None = None,
) -> LearningCurvePlot:
    """Draw how scores grow with the amount of training data: means, and where most draws lie.

    Parameters
    ----------
    sizes : array_like of int, shape (n_sizes,)
        Amounts of training data, rising; drawn on a logarithmic axis.
    curves : mapping of str to array_like, shape (n_sizes, n_draws) or (n_sizes,)
        For each curve, the scores of repeated draws (or of the only one) at each size, in [0, 1].
    chance : float, optional
        What guessing gives, drawn as a dashed line.
    xlabel, ylabel, title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    LearningCurvePlot
        The axes and the artists. Bands run from the 10th to the 90th percentile of the draws.

    Raises
    ------
    ValueError
        If the sizes do not rise, or a curve has not one row of scores for each of them.

    Examples
    --------
    >>> plot_learning_curve([1, 10], {"features": [[0.5, 0.6], [0.8, 0.8]]})
    <LearningCurvePlot: 1 curves>
    """
    x = np.asarray(sizes)
    if x.ndim != 1 or len(x) == 0 or (np.diff(x) <= 0).any() or x[0] <= 0:
        raise ValueError(f"sizes must be positive and rise; got {list(np.atleast_1d(x))}")
    draws = {name: _as_columns(scores) for name, scores in curves.items()}
    if not draws:
        raise ValueError("there is no curve to draw: curves is empty")
    for name, scores in draws.items():
        if np.isnan(scores).any():
            raise ValueError(f"the curve {name!r} holds nan: that is no score")
        if scores.ndim != 2 or len(scores) != len(x) or scores.shape[1] == 0:
            raise ValueError(
                f"the curve {name!r} has shape {scores.shape}; give one row of scores for each of "
                f"the {len(x)} sizes"
            )

    ax = axes_for(ax, figsize=(6.8, 5.0))
    lines, bands = [], []
    for i, (name, scores) in enumerate(draws.items()):
        if scores.shape[1] > 1:
            low, high = np.percentile(scores, [10, 90], axis=1)
            band = ax.fill_between(x, low, high, color=class_color(i), alpha=0.2, linewidth=0)
            bands.append(band)
        style: dict[str, Any] = {"color": class_color(i), "marker": class_marker(i)}
        lines.append(ax.plot(x, scores.mean(axis=1), markersize=8, label=name, **style)[0])
    if chance is not None:
        draw_chance(chance, ax.axhline)
    ax.set_xscale("log")
    ax.set_xticks(x, [str(size) for size in x])
    ax.minorticks_off()
    ax.set_ylim(0, 1.02)
    ax.grid(alpha=0.3)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title or "")
    handles, _ = ax.get_legend_handles_labels()
    if bands:
        handles.append(Patch(color="0.8", label="middle 80 % of draws"))
    add_legend(ax, handles=handles)
    set_alt_text(ax, _curves_in_words(x, draws, xlabel, ylabel, title))
    return LearningCurvePlot(ax, tuple(lines), tuple(bands))


def _as_columns(scores: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(scores, dtype=np.float64)
    return table[:, None] if table.ndim == 1 else table


def _curves_in_words(
    x: np.ndarray, draws: dict[str, np.ndarray], xlabel: str, ylabel: str, title: str | None
) -> str:
    parts = [
        f"{name} from {scores[0].mean():.2f} at {x[0]} to {scores[-1].mean():.2f} at {x[-1]}"
        for name, scores in draws.items()
    ]
    return f"{title or 'Learning curves'}: mean {ylabel} by {xlabel}: " + "; ".join(parts) + "."
