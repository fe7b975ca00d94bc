"""Scores with their intervals, and how they grow with the number of labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_marker, in_course_style

__all__ = ["LearningCurvePlot", "ScorePlot", "plot_learning_curve", "plot_scores"]


@dataclass(frozen=True, repr=False)
class ScorePlot(Drawn):
    """What :func:`plot_scores` drew."""

    ax: Axes
    points: ErrorbarContainer
    chance: Line2D | None

    def _summary(self) -> str:
        return f"{len(self.ax.get_yticks())} scores"


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
def plot_scores(
    scores: Mapping[str, float],
    *,
    intervals: ArrayLike | None = None,
    chance: float | None = None,
    xlabel: str = "validation accuracy",
    title: str | None = None,
    ax: Axes | None = None,
) -> ScorePlot:
    """Draw named scores as points on lines, the first one on top, each with its interval.

    Parameters
    ----------
    scores : mapping of str to float, or pandas.Series
        In [0, 1].
    intervals : array_like, shape (n, 2), optional
        Lower and upper end for each score, in the same order.
    chance : float, optional
        What guessing gives, drawn as a dashed line.
    xlabel, title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ScorePlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If there is no score, or the intervals do not contain the scores.

    Examples
    --------
    >>> plot_scores({"pixels": 0.67, "features": 0.87}, intervals=[[0.6, 0.74], [0.82, 0.92]])
    <ScorePlot: 2 scores>
    """
    names = [str(name) for name in scores.keys()]  # noqa: SIM118 - iterating a Series gives values
    values = np.array([scores[name] for name in scores.keys()], dtype=np.float64)  # noqa: SIM118
    if len(values) == 0:
        raise ValueError("there is no score to draw: scores is empty")
    ends = _check_intervals(intervals, values)
    places = np.arange(len(values))

    ax = axes_for(ax, figsize=(7.5, 1.5 + 0.5 * len(values)))
    reach = None if ends is None else np.abs(ends - values[:, None]).T
    points = ax.errorbar(
        values, places, xerr=reach, fmt="o", color=class_color(0), markersize=9, capsize=5
    )
    for place, value in zip(places, values, strict=True):
        ax.annotate(f"{value:.2f}", (value, place), (0, 9), textcoords="offset points", ha="center")
    line = _draw_chance(chance, ax.axvline) if chance is not None else None
    ax.set_yticks(places, names)
    ax.set_ylim(len(values) - 0.5, -0.7)
    ax.set_xlim(0, 1.03)
    ax.grid(axis="x", alpha=0.3)
    ax.set(xlabel=xlabel, title=title or "")
    if line is not None:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 0))
    set_alt_text(ax, _scores_in_words(names, values, ends, xlabel, title))
    return ScorePlot(ax, points, line)


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
    curves : mapping of str to array_like, shape (n_sizes, n_draws)
        For each curve, the scores of repeated draws at each size, in [0, 1].
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
    draws = {name: np.asarray(scores, dtype=np.float64) for name, scores in curves.items()}
    for name, scores in draws.items():
        if scores.ndim != 2 or len(scores) != len(x) or scores.shape[1] == 0:
            raise ValueError(
                f"the curve {name!r} has shape {scores.shape}; give one row of scores for each of "
                f"the {len(x)} sizes"
            )

    ax = axes_for(ax, figsize=(8.0, 5.0))
    lines, bands = [], []
    for i, (name, scores) in enumerate(draws.items()):
        low, high = np.percentile(scores, [10, 90], axis=1)
        bands.append(ax.fill_between(x, low, high, color=class_color(i), alpha=0.2, linewidth=0))
        style: dict[str, Any] = {"color": class_color(i), "marker": class_marker(i)}
        lines.append(ax.plot(x, scores.mean(axis=1), markersize=8, label=name, **style)[0])
    if chance is not None:
        _draw_chance(chance, ax.axhline)
    ax.set_xscale("log")
    ax.set_xticks(x, [str(size) for size in x])
    ax.minorticks_off()
    ax.set_ylim(0, 1.02)
    ax.grid(alpha=0.3)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title or "")
    ax.legend(loc="lower right")
    set_alt_text(ax, _curves_in_words(x, draws, xlabel, ylabel, title))
    return LearningCurvePlot(ax, tuple(lines), tuple(bands))


def _draw_chance(chance: float, line: Any) -> Line2D:
    return line(chance, color="black", linestyle="--", linewidth=1.2, label="guessing")


def _check_intervals(intervals: ArrayLike | None, values: np.ndarray) -> np.ndarray | None:
    if intervals is None:
        return None
    ends = np.asarray(intervals, dtype=np.float64)
    if ends.shape != (len(values), 2):
        raise ValueError(
            f"intervals has shape {ends.shape}; give a lower and an upper end for each of the "
            f"{len(values)} scores"
        )
    if (ends[:, 0] > values).any() or (ends[:, 1] < values).any():
        raise ValueError("an interval does not contain its score: are they in the same order?")
    return ends


def _scores_in_words(
    names: list[str], values: np.ndarray, ends: np.ndarray | None, xlabel: str, title: str | None
) -> str:
    parts = []
    for i, name in enumerate(names):
        part = f"{name} {values[i]:.2f}"
        parts.append(part if ends is None else f"{part} ({ends[i, 0]:.2f} to {ends[i, 1]:.2f})")
    return f"{title or 'Scores'}, {xlabel}: " + "; ".join(parts) + "."


def _curves_in_words(
    x: np.ndarray, draws: dict[str, np.ndarray], xlabel: str, ylabel: str, title: str | None
) -> str:
    parts = [
        f"{name} from {scores[0].mean():.2f} at {x[0]} to {scores[-1].mean():.2f} at {x[-1]}"
        for name, scores in draws.items()
    ]
    return f"{title or 'Learning curves'}: mean {ylabel} by {xlabel}: " + "; ".join(parts) + "."
