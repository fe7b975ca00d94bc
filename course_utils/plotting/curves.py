"""Scores: of several methods side by side, and as they grow with labels or with training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_marker, in_course_style

__all__ = [
    "LearningCurvePlot",
    "ScorePlot",
    "TrainingCurvePlot",
    "plot_ladder",
    "plot_learning_curve",
    "plot_scores",
    "plot_training_curves",
    "wilson_interval",
]


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


@dataclass(frozen=True, repr=False)
class TrainingCurvePlot(Drawn):
    """What :func:`plot_training_curves` drew."""

    ax: Axes
    lines: tuple[Line2D, ...]
    best: Line2D | None
    """The dotted line at the best epoch."""

    def _summary(self) -> str:
        return ", ".join(str(line.get_label()) for line in self.lines)


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


def wilson_interval(right: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Say how far off an accuracy may be, when it was measured on few samples.

    Parameters
    ----------
    right, total : int
        How many of how many predictions were right.
    confidence : float, default 0.95
        Of intervals made like this, the share that holds the true accuracy.

    Returns
    -------
    low, high : float
        Wilson's score interval (E. B. Wilson, 1927, J. Am. Stat. Assoc. 22:209-212). Unlike
        "accuracy ± 2 standard errors" it stays within 0 and 1, and is right also near them.

    Raises
    ------
    ValueError
        If ``right`` is not between 0 and ``total``, or ``confidence`` not between 0 and 1.

    Examples
    --------
    >>> low, high = wilson_interval(131, 150)
    >>> round(low, 3), round(high, 3)
    (0.811, 0.917)
    """
    if total < 1 or not 0 <= right <= total:
        raise ValueError(f"{right} right of {total} is impossible")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; choose one between 0 and 1, such as 0.95")
    from scipy.stats import binomtest

    interval = binomtest(right, total).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)


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

    ax = axes_for(ax, figsize=(9.0, 5.0))
    lines, bands = [], []
    for i, (name, scores) in enumerate(draws.items()):
        if scores.shape[1] > 1:
            low, high = np.percentile(scores, [10, 90], axis=1)
            band = ax.fill_between(x, low, high, color=class_color(i), alpha=0.2, linewidth=0)
            bands.append(band)
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
    handles, _ = ax.get_legend_handles_labels()
    if bands:
        handles.append(Patch(color="0.8", label="middle 80 % of draws"))
    add_legend(ax, handles=handles)
    set_alt_text(ax, _curves_in_words(x, draws, xlabel, ylabel, title))
    return LearningCurvePlot(ax, tuple(lines), tuple(bands))


@in_course_style
def plot_training_curves(
    history: Mapping[str, ArrayLike],
    ylabel: str = "loss",
    best_epoch: int | None = None,
    title: str = "Training",
    ax: Axes | None = None,
) -> TrainingCurvePlot:
    """Draw a quantity after each epoch of training, on the training and the validation pictures.

    Parameters
    ----------
    history : mapping of str to array_like of float, shape (n_epochs,)
        Such as ``{"training": losses, "validation": losses}``.
    ylabel : str, default "loss"
        What the numbers are.
    best_epoch : int, optional
        The epoch, counted from 1, whose weights were kept, for a dotted line.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    TrainingCurvePlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If curves are empty or of different lengths, or ``best_epoch`` is not one of the epochs.

    Examples
    --------
    >>> history = {"training": [1.1, 0.6, 0.3], "validation": [1.1, 0.7, 0.8]}
    >>> plot_training_curves(history, best_epoch=2)
    <TrainingCurvePlot: training, validation>
    """
    curves = {str(name): np.asarray(values, dtype=np.float64) for name, values in history.items()}
    shapes = {name: values.shape for name, values in curves.items()}
    if len(set(shapes.values())) != 1 or any(len(s) != 1 or s == (0,) for s in shapes.values()):
        raise ValueError(f"give each curve one value an epoch, all as many; got shapes {shapes}")
    n_epochs = len(next(iter(curves.values())))
    if best_epoch is not None and not 1 <= best_epoch <= n_epochs:
        raise ValueError(f"best_epoch is {best_epoch}; epochs are counted from 1 to {n_epochs}")

    ax = axes_for(ax)
    epochs = np.arange(1, n_epochs + 1)
    lines = []
    for i, (name, values) in enumerate(curves.items()):
        style: dict[str, Any] = {"color": class_color(i), "marker": class_marker(i)}
        lines.append(ax.plot(epochs, values, label=name, **style)[0])
    best = None
    if best_epoch is not None:
        label = f"best: epoch {best_epoch}"
        best = ax.axvline(best_epoch, color="black", linestyle=":", linewidth=1.5, label=label)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(alpha=0.3)
    ax.set(xlabel="epoch", ylabel=ylabel, title=title)
    ax.legend()
    set_alt_text(ax, _training_in_words(curves, ylabel, best_epoch, title))
    return TrainingCurvePlot(ax, tuple(lines), best)


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


def _as_columns(scores: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(scores, dtype=np.float64)
    return table[:, None] if table.ndim == 1 else table


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


def _training_in_words(
    curves: dict[str, np.ndarray], ylabel: str, best_epoch: int | None, title: str
) -> str:
    parts = [
        f"{name} goes from {values[0]:.3g} to {values[-1]:.3g}" for name, values in curves.items()
    ]
    n_epochs = len(next(iter(curves.values())))
    text = f"{title}: {ylabel} over {n_epochs} epochs; {'; '.join(parts)}."
    return text if best_epoch is None else f"{text} The best epoch is {best_epoch}."
