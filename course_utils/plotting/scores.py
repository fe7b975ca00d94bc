"""Scores of several methods side by side, each with how far off it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from course_utils.intervals import wilson_interval
from course_utils.plotting._drawn import Drawn, axes_for, draw_chance
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, in_course_style

__all__ = ["ScorePlot", "plot_ladder", "plot_scores"]


@dataclass(frozen=True, repr=False)
class ScorePlot(Drawn):
    """What :func:`plot_scores` drew."""

    ax: Axes
    points: ErrorbarContainer
    chance: Line2D | None

    def _summary(self) -> str:
        return f"{len(self.ax.get_yticks())} scores"


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
    # On white, so that the line of chance does not run through a number.
    page = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    for place, value in zip(places, values, strict=True):
        text = f"{value:.2f}"
        ax.annotate(
            text, (value, place), (0, 9), textcoords="offset points", ha="center", bbox=page
        )
    line = draw_chance(chance, ax.axvline) if chance is not None else None
    ax.set_yticks(places, names)
    ax.set_ylim(len(values) - 0.5, -0.7)
    ax.set_xlim(0, 1.03)
    ax.grid(axis="x", alpha=0.3)
    ax.set(xlabel=xlabel, title=title or "")
    if line is not None:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 0))
    set_alt_text(ax, _scores_in_words(names, values, ends, xlabel, title))
    return ScorePlot(ax, points, line)


def plot_ladder(
    correct: Mapping[str, ArrayLike],
    *,
    chance: float | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> ScorePlot:
    """Compare methods by accuracy on the same samples, each with its 95 % interval.

    Parameters
    ----------
    correct : mapping of str to array_like of bool, shape (n,)
        For each method, whether it got each sample right: ``model.predict(X) == y``.
    chance : float, optional
        What guessing gives, drawn as a dashed line.
    title : str, optional
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ScorePlot
        The axes and the artists; the intervals are :func:`wilson_interval`'s.

    Raises
    ------
    ValueError
        If there is no method, or one's values are not true or false, or their numbers differ.

    Examples
    --------
    >>> plot_ladder({"pixels": [True, False, True, False], "features": [True, True, True, False]})
    <ScorePlot: 2 scores>
    """
    answers = _check_correct(correct)
    total = len(next(iter(answers.values())))
    return plot_scores(
        {name: float(right.mean()) for name, right in answers.items()},
        intervals=[wilson_interval(int(right.sum()), total) for right in answers.values()],
        chance=chance,
        xlabel=f"accuracy on {total} samples, with 95 % interval",
        title=title,
        ax=ax,
    )


def _check_correct(correct: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.bool_]]:
    if not correct:
        raise ValueError("there is no method to draw: correct is empty")
    answers = {str(name): np.asarray(right) for name, right in correct.items()}
    for name, right in answers.items():
        if right.dtype != bool or right.ndim != 1 or len(right) == 0:
            raise ValueError(
                f"correct[{name!r}] has dtype {right.dtype} and shape {right.shape}; "
                "give true or false for each sample: predicted == y"
            )
    lengths = {name: len(right) for name, right in answers.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"methods are compared on the same samples, but they have {lengths}")
    return answers


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
