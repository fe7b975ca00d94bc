"""Scores: of several methods side by side, and as they grow with data or training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import COLORS, class_color, class_marker, in_course_style

__all__ = [
    "CurvePlot",
    "LadderPlot",
    "plot_ladder",
    "plot_learning_curve",
    "plot_training_curves",
    "wilson_interval",
]

CHANCE_COLOR = "0.45"


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


@dataclass(frozen=True, repr=False)
class LadderPlot(Drawn):
    """What :func:`plot_ladder` drew."""

    ax: Axes
    bars: tuple[ErrorbarContainer, ...]
    """One a method: the dot is its accuracy, the bar its interval."""
    accuracies: dict[str, float]
    intervals: dict[str, tuple[float, float]]

    def _summary(self) -> str:
        return ", ".join(f"{name} {value:.3f}" for name, value in self.accuracies.items())


@in_course_style
def plot_ladder(
    correct: Mapping[str, ArrayLike],
    chance: float | None = None,
    title: str = "Accuracy",
    ax: Axes | None = None,
) -> LadderPlot:
    """Compare methods by accuracy on the same samples, with the interval each is sure to.

    Parameters
    ----------
    correct : mapping of str to array_like of bool, shape (n,)
        For each method, whether it got each sample right: ``model.predict(X) == y``. Drawn from
        top to bottom in this order.
    chance : float, optional
        The accuracy of guessing, in [0, 1], for a dashed line.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    LadderPlot
        With ``accuracies`` and ``intervals`` (95 %, :func:`wilson_interval`) by method.

    Raises
    ------
    ValueError
        If there is no method, or one's values are not true or false, or their numbers differ.

    Examples
    --------
    >>> plot_ladder({"pixels": [True, False, True, False], "features": [True, True, True, False]})
    <LadderPlot: pixels 0.500, features 0.750>
    """
    answers = _check_correct(correct)
    accuracies = {name: float(right.mean()) for name, right in answers.items()}
    intervals = {
        name: wilson_interval(int(right.sum()), len(right)) for name, right in answers.items()
    }
    total = len(next(iter(answers.values())))

    ax = axes_for(ax, figsize=(7.0, 1.6 + 0.5 * len(answers)))
    bars = []
    for row, (name, accuracy) in enumerate(accuracies.items()):
        low, high = intervals[name]
        bars.append(
            ax.errorbar(
                [accuracy],
                [row],
                xerr=[[accuracy - low], [high - accuracy]],
                fmt="o",
                color=COLORS["blue"],
                markersize=9,
                capsize=5,
                label=name,
            )
        )
        ax.annotate(
            f"{accuracy:.3f}",
            (accuracy, row),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
        )
    if chance is not None:
        ax.axvline(chance, color=CHANCE_COLOR, linestyle="--", linewidth=1.5, label="guessing")
        ax.annotate(
            "guessing",
            (chance, -0.75),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=CHANCE_COLOR,
        )
    ax.set_yticks(range(len(answers)), list(answers))
    ax.set_ylim(len(answers) - 0.5, -1.0)
    lowest = min([low for low, _ in intervals.values()] + ([] if chance is None else [chance]))
    ax.set_xlim(max(0.0, lowest - 0.05), 1.03)
    ax.grid(axis="x", alpha=0.3)
    ax.set_xlabel(f"accuracy on {total} samples, with 95 % interval")
    ax.set_title(title)
    set_alt_text(ax, _describe_ladder(accuracies, intervals, chance, title))
    return LadderPlot(ax, tuple(bars), accuracies, intervals)


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


def _describe_ladder(
    accuracies: dict[str, float],
    intervals: dict[str, tuple[float, float]],
    chance: float | None,
    title: str,
) -> str:
    parts = [
        f"{name} {accuracies[name]:.3f} (95 % interval {low:.3f} to {high:.3f})"
        for name, (low, high) in intervals.items()
    ]
    if chance is not None:
        parts.append(f"guessing {chance:.3f}")
    return f"{title}: {'; '.join(parts)}."


@dataclass(frozen=True, repr=False)
class CurvePlot(Drawn):
    """Curves, and the bands around them where values were repeated."""

    ax: Axes
    lines: tuple[Line2D, ...]
    bands: tuple[FillBetweenPolyCollection, ...]

    def _summary(self) -> str:
        return ", ".join(str(line.get_label()) for line in self.lines)


@in_course_style
def plot_learning_curve(
    sizes: ArrayLike,
    scores: Mapping[str, ArrayLike],
    chance: float | None = None,
    title: str = "How many labels are enough?",
    ylabel: str = "validation accuracy",
    ax: Axes | None = None,
) -> CurvePlot:
    """Draw how scores grow with the number of training samples.

    Parameters
    ----------
    sizes : array_like of int, shape (n_sizes,)
        Numbers of training samples, increasing. Drawn on a logarithmic axis.
    scores : mapping of str to array_like of float, shape (n_sizes,) or (n_sizes, n_repeats)
        For each method, its score at each size, once or for several random draws of the training
        samples. The line is the mean; the band reaches from the lowest to the highest draw.
    chance : float, optional
        The score of guessing, for a dashed line.
    title, ylabel : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    CurvePlot
        The axes, one line a method, and a band for each that has repeats.

    Raises
    ------
    ValueError
        If sizes do not increase, or a method has another number of scores, or a score is not a
        number.

    Examples
    --------
    >>> scores = {"features": [[0.7, 0.8], [0.9, 0.92]], "pixels": [[0.4, 0.5], [0.6, 0.61]]}
    >>> plot_learning_curve([6, 60], scores)
    <CurvePlot: features, pixels>
    """
    sizes = np.asarray(sizes)
    if sizes.ndim != 1 or len(sizes) < 2 or (np.diff(sizes) <= 0).any() or sizes[0] <= 0:
        raise ValueError("sizes must be at least two positive numbers, in increasing order")
    tables = {str(name): _check_scores(str(name), s, len(sizes)) for name, s in scores.items()}
    if not tables:
        raise ValueError("there is no method to draw: scores is empty")

    ax = axes_for(ax, figsize=(8.5, 4.8))
    lines, bands = _draw_curves(ax, sizes, tables)
    if chance is not None:
        ax.axhline(chance, color=CHANCE_COLOR, linestyle="--", linewidth=1.5, label="guessing")
    ax.set_xscale("log")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
    ax.minorticks_off()
    ax.grid(alpha=0.3)
    ax.set(xlabel="training samples", ylabel=ylabel, title=title)
    handles, _ = ax.get_legend_handles_labels()
    n_draws = max(table.shape[1] for table in tables.values())
    if n_draws > 1:
        handles.append(Patch(color="0.8", label=f"lowest to highest of {n_draws} draws"))
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    ends = "; ".join(
        f"{name} from {table[0].mean():.2f} with {sizes[0]:g} to {table[-1].mean():.2f} "
        f"with {sizes[-1]:g}"
        for name, table in tables.items()
    )
    set_alt_text(ax, f"{title} Mean {ylabel} by number of training samples: {ends}.")
    return CurvePlot(ax, lines, bands)


@in_course_style
def plot_training_curves(
    history: Mapping[str, ArrayLike],
    ylabel: str = "loss",
    best_epoch: int | None = None,
    title: str = "Training",
    ax: Axes | None = None,
) -> CurvePlot:
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
    CurvePlot
        The axes and one line a curve.

    Raises
    ------
    ValueError
        If curves are empty or of different lengths, or ``best_epoch`` is not one of the epochs.

    Examples
    --------
    >>> history = {"training": [1.1, 0.6, 0.3], "validation": [1.1, 0.7, 0.8]}
    >>> plot_training_curves(history, best_epoch=2)
    <CurvePlot: training, validation>
    """
    lengths = {str(name): len(np.atleast_1d(np.asarray(v))) for name, v in history.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise ValueError(f"curves must have the same number of epochs, at least 1; got {lengths}")
    n_epochs = next(iter(lengths.values()))
    if best_epoch is not None and not 1 <= best_epoch <= n_epochs:
        raise ValueError(f"best_epoch is {best_epoch}; epochs are counted from 1 to {n_epochs}")
    epochs = np.arange(1, n_epochs + 1)
    tables = {str(name): _check_scores(str(name), v, n_epochs) for name, v in history.items()}

    ax = axes_for(ax)
    lines, bands = _draw_curves(ax, epochs, tables)
    if best_epoch is not None:
        ax.axvline(best_epoch, color=CHANCE_COLOR, linestyle=":", label=f"best: epoch {best_epoch}")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(alpha=0.3)
    ax.set(xlabel="epoch", ylabel=ylabel, title=title)
    ax.legend()
    ends = "; ".join(
        f"{name} goes from {table[0].mean():.3g} to {table[-1].mean():.3g}"
        for name, table in tables.items()
    )
    best = f" The best epoch is {best_epoch}." if best_epoch is not None else ""
    set_alt_text(ax, f"{title}: {ylabel} over {n_epochs} epochs; {ends}.{best}")
    return CurvePlot(ax, lines, bands)


def _check_scores(name: str, values: ArrayLike, n: int) -> NDArray[np.float64]:
    """Give values as a table with a row for each point of the curve."""
    table = np.asarray(values, dtype=np.float64)
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or len(table) != n or table.shape[1] == 0:
        raise ValueError(
            f"{name!r} has shape {np.shape(values)}; give ({n},) or ({n}, n_repeats) values"
        )
    if np.isnan(table).any():
        raise ValueError(f"{name!r} holds nan: a score that is not a number cannot be drawn")
    return table


def _draw_curves(
    ax: Axes, x: NDArray[np.generic], tables: Mapping[str, NDArray[np.float64]]
) -> tuple[tuple[Line2D, ...], tuple[FillBetweenPolyCollection, ...]]:
    lines, bands = [], []
    for index, (name, table) in enumerate(tables.items()):
        color = class_color(index)
        lines += ax.plot(x, table.mean(axis=1), marker=class_marker(index), color=color, label=name)
        if table.shape[1] > 1:
            low, high = table.min(axis=1), table.max(axis=1)
            bands.append(ax.fill_between(x, low, high, color=color, alpha=0.2, linewidth=0))
    return tuple(lines), tuple(bands)
