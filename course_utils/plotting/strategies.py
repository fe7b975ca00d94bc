"""How several classes come out of models that know two: their scores and their duels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.boundaries import line_coefficients
from course_utils.plotting.palette import (
    class_color,
    class_colors,
    class_line_style,
    class_marker,
    in_course_style,
)

__all__ = [
    "DuelPlot",
    "RawScorePlot",
    "ScoreProfilePlot",
    "plot_duels",
    "plot_raw_scores",
    "plot_score_profile",
]

WIDEST = 4
"""Panels side by side: more would be too small to read on a laptop."""


@dataclass(frozen=True, repr=False)
class RawScorePlot(Drawn):
    """What :func:`plot_raw_scores` drew."""

    ax: Axes
    bars: BarContainer

    def _summary(self) -> str:
        return f"{len(self.bars)} classes"


@dataclass(frozen=True, repr=False)
class ScoreProfilePlot(Drawn):
    """What :func:`plot_score_profile` drew."""

    ax: Axes
    lines: tuple[Line2D, ...]
    """One line a class: its score at each place."""

    def _summary(self) -> str:
        return f"{len(self.lines)} classes"


@dataclass(frozen=True, repr=False)
class DuelPlot(Drawn):
    """What :func:`plot_duels` drew."""

    axes: tuple[Axes, ...]
    """One panel a pair of classes, in the order of the models."""
    lines: tuple[Line2D, ...]
    """Where the score of each pair's model is zero."""

    def _summary(self) -> str:
        return f"{len(self.axes)} pairs"


@in_course_style
def plot_raw_scores(
    scores: ArrayLike,
    classes: Sequence[Any],
    title: str = "Raw score of each model",
    ax: Axes | None = None,
) -> RawScorePlot:
    """Draw the raw scores of one point as bars, and say which one is the highest.

    Parameters
    ----------
    scores : array_like of float, shape (n_classes,)
        One score a class: above zero the class's model says yes.
    classes : sequence
        The class of each score.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    RawScorePlot
        The axes and the bars.

    Raises
    ------
    ValueError
        If there is not one finite score for each class.

    Examples
    --------
    >>> plot_raw_scores([-2.0, -0.5, -1.0], ["cat", "dog", "wild"])
    <RawScorePlot: 3 classes>
    """
    scores = _check_scores(scores, classes, dimensions=1)
    names = [str(name) for name in classes]
    ax = axes_for(ax, figsize=(5.0, 1.6 + 0.5 * len(names)))
    places = np.arange(len(names))
    winner = int(scores.argmax())
    bars = ax.barh(
        places,
        scores,
        color=class_colors(len(names)),
        edgecolor=["black" if i == winner else "none" for i in places],
        linewidth=2.5,
    )
    labels = [f"{s:.2f}" + (" (highest)" if i == winner else "") for i, s in enumerate(scores)]
    for place, score, label in zip(places, scores, labels, strict=True):
        # On the free side of zero, where no bar can run into it.
        ax.annotate(
            label,
            (0, place),
            xytext=(-6 if score >= 0 else 6, 0),
            textcoords="offset points",
            ha="right" if score >= 0 else "left",
            va="center",
        )
    ax.axvline(0, color="black", linewidth=1)
    reach = max(1.0, float(np.abs(scores).max()) * 1.1)
    ax.set_xlim(-reach, reach)
    ax.set_yticks(places, names)
    ax.invert_yaxis()
    ax.set(xlabel="no ←  raw score  → yes", title=title)
    said = ", ".join(f"{name} {score:.2f}" for name, score in zip(names, scores, strict=True))
    n_yes = int((scores > 0).sum())
    set_alt_text(
        ax,
        f"{title}: {said}. {n_yes} of {len(names)} models say yes; the highest score is that of "
        f"{names[winner]}.",
    )
    return RawScorePlot(ax, bars)


@in_course_style
def plot_score_profile(
    places: ArrayLike,
    scores: ArrayLike,
    classes: Sequence[Any],
    title: str = "Raw scores along a line",
    xlabel: str = "feature 0",
    ax: Axes | None = None,
) -> ScoreProfilePlot:
    """Draw the raw score of each class along a line through the plane, and which is the highest.

    Parameters
    ----------
    places : array_like of float, shape (n_places,)
        Where along the line, rising.
    scores : array_like of float, shape (n_places, n_classes)
        The score of each class there.
    classes : sequence
        The class of each column.
    title, xlabel : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ScoreProfilePlot
        The axes and the lines. The background has the colour of the class that wins there.

    Raises
    ------
    ValueError
        If there is not one finite score for each place and class.

    Examples
    --------
    >>> x = np.linspace(-4, 4, 9)
    >>> plot_score_profile(x, np.column_stack([-x, x]), ["left", "right"])
    <ScoreProfilePlot: 2 classes>
    """
    places = np.asarray(places, dtype=np.float64)
    scores = _check_scores(scores, classes, dimensions=2)
    if places.shape != (len(scores),) or (np.diff(places) <= 0).any():
        raise ValueError(
            f"places has shape {places.shape}; give a rising place for each of the {len(scores)} "
            "rows of scores"
        )
    names = [str(name) for name in classes]
    ax = axes_for(ax, figsize=(7.5, 4.5))
    lines = tuple(
        ax.plot(places, scores[:, i], color=class_color(i), ls=class_line_style(i), label=name)[0]
        for i, name in enumerate(names)
    )
    ax.axhline(0, color="black", linewidth=1)
    winners = scores.argmax(axis=1)
    starts = [0, *(np.flatnonzero(np.diff(winners)) + 1)]
    ends = [*starts[1:], len(places) - 1]
    for start, end in zip(starts, ends, strict=True):
        ax.axvspan(places[start], places[end], color=class_color(winners[start]), alpha=0.2, lw=0)
    ax.set_xlim(places[0], places[-1])
    ax.set(xlabel=xlabel, ylabel="no ←  raw score  → yes", title=title)
    # Below the axes: lines that cross the whole panel leave no free corner.
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.16),
        ncols=min(4, len(names)),
        title="score of each class; background: whose is the highest",
    )
    order = ", then ".join(names[winners[start]] for start in starts)
    n_yes = [(name, bool((scores[:, i] > 0).any())) for i, name in enumerate(names)]
    never = [name for name, yes in n_yes if not yes]
    text = f"{title}: from left to right the highest score is that of {order}."
    text += f" The score of {', '.join(never)} is nowhere above zero." if never else ""
    set_alt_text(ax, text)
    return ScoreProfilePlot(ax, lines)


@in_course_style
def plot_duels(models: Mapping[tuple[Any, Any], Any], X: ArrayLike, y: ArrayLike) -> DuelPlot:
    """Draw what each model of one-vs-one was shown, and the line that it drew.

    Parameters
    ----------
    models : dict
        Pair of classes to the fitted linear model of the two, from
        :func:`course_utils.multiclass.fit_one_vs_one`.
    X : array_like, shape (n_points, 2)
    y : array_like, shape (n_points,)

    Returns
    -------
    DuelPlot
        A panel a pair: its two classes in colour, its line, and in grey what it never saw.

    Raises
    ------
    ValueError
        If the points are not of two features, or there is no model.
    TypeError
        If a model is not linear.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn.linear_model import LogisticRegression
    >>> from course_utils.multiclass import fit_one_vs_one
    >>> X, y = make_blobs(centers=3, n_samples=120, random_state=10)
    >>> plot_duels(fit_one_vs_one(LogisticRegression, X, y), X, y)
    <DuelPlot: 3 pairs>
    """
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != (len(X),) or not models:
        raise ValueError(
            f"X has shape {X.shape}, y {y.shape}, and there are {len(models)} models: give points "
            "of two features, a class for each, and the model of each pair"
        )
    coefficients = [line_coefficients(model) for model in models.values()]
    classes = np.unique(y).tolist()
    ncols = min(WIDEST, len(models))
    nrows = -(-len(models) // ncols)
    figure, grid = plt.subplots(
        nrows,
        ncols,
        figsize=(3.5 * ncols, 3.6 * nrows),
        layout="constrained",
        squeeze=False,
        sharex=True,
        sharey=True,
    )
    axes, lines = tuple(grid.flat[: len(models)]), []
    for ax in grid.flat[len(models) :]:
        ax.set_axis_off()
    by_class: dict[Any, Line2D] = {}
    air = 0.08 * np.ptp(X, axis=0)
    for ax, pair, ((w,), (b,)) in zip(axes, models, coefficients, strict=True):
        others = X[~np.isin(y, pair)]
        (unseen,) = ax.plot(*others.T, ".", color="0.6", markersize=5, label="not given to it")
        for label in pair:
            i = classes.index(label)
            (by_class[label],) = ax.plot(
                *X[y == label].T,
                class_marker(i),
                color=class_color(i),
                markeredgecolor="black",
                markeredgewidth=0.5,
                markersize=6,
                label=f"class {label}",
            )
        foot = -b * w / (w @ w)
        lines.append(ax.axline(foot, foot + np.array([-w[1], w[0]]), color="black"))
        ax.set_xlim(X[:, 0].min() - air[0], X[:, 0].max() + air[0])
        ax.set_ylim(X[:, 1].min() - air[1], X[:, 1].max() + air[1])
        ax.set(title=f"{pair[0]} or {pair[1]}?", xlabel="feature 0")
    grid[0, 0].set_ylabel("feature 1")
    handles = [by_class[label] for label in classes if label in by_class]
    figure.legend(
        handles=[*handles, unseen] if len(others) else handles,
        loc="outside lower center",
        ncols=2 * ncols,
    )
    set_alt_text(
        figure,
        f"{len(models)} panels, one for each pair of classes: the points of the two in colour, "
        "a straight line between them, and the points of the other classes in grey.",
    )
    return DuelPlot(axes, tuple(lines))


def _check_scores(scores: ArrayLike, classes: Sequence[Any], dimensions: int) -> np.ndarray:
    values = np.asarray(scores, dtype=np.float64)
    if values.ndim != dimensions or values.shape[-1] != len(classes) or values.size == 0:
        raise ValueError(
            f"scores has shape {values.shape}; give one score for each of {len(classes)} classes"
        )
    if not np.isfinite(values).all():
        raise ValueError("scores holds nan or infinity, which cannot be drawn")
    return values
