"""Reliability diagrams: what probabilities promised, and how often it came true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from course_utils.intervals import wilson_interval
from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_marker, in_course_style

__all__ = ["BINS", "ReliabilityPlot", "plot_reliability"]

BINS = (0.0, 0.5, 0.7, 0.9, 0.99, 1.0)
"""Ends of the bins: narrow near 1, where the probabilities of a good classifier crowd."""

Predictions = tuple[NDArray[np.float64], NDArray[np.bool_]]


@dataclass(frozen=True, repr=False)
class ReliabilityPlot(Drawn):
    """What :func:`plot_reliability` drew.

    Attributes
    ----------
    ax : Axes
    promised : tuple of Line2D
        For each group, the mean probability in each bin that holds predictions.
    kept : tuple of ErrorbarContainer
        For each group, the share that was right, with its interval.
    counts : ndarray of int, shape (n_groups, n_bins)
        How many predictions each bin holds.
    """

    ax: Axes
    promised: tuple[Line2D, ...]
    kept: tuple[ErrorbarContainer, ...]
    counts: NDArray[np.int64]

    def _summary(self) -> str:
        return f"{len(self.counts)} groups in {self.counts.shape[1]} bins"


@in_course_style
def plot_reliability(
    groups: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    bins: Sequence[float] = BINS,
    title: str | None = None,
    ax: Axes | None = None,
) -> ReliabilityPlot:
    """Draw, for bins of probability, what was promised and what came true.

    Bins lie side by side, all as wide, whatever part of the scale they cover: on a scale from 0 to
    1 all predictions of a good classifier would lie on top of each other at its end. The counts
    above the points say how many predictions each bin holds, and the lines are 95 % intervals of
    :func:`~course_utils.intervals.wilson_interval`. The diagram is that of M. H. DeGroot and
    S. E. Fienberg (1983, The Statistician 32:12-22).

    Parameters
    ----------
    groups : mapping of str to (confidence, right)
        For each group of predictions two arrays of shape (n,): the probability of the predicted
        class, in [0, 1], and whether it was right.
    bins : sequence of float, default BINS
        Ends of the bins, rising from 0 to 1. A bin holds its lower end, the last one also 1.
    title : str, optional
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ReliabilityPlot
        The axes, the artists, and the counts.

    Raises
    ------
    ValueError
        If there is no group, its arrays do not fit each other or are no probabilities and no true
        or false, or the bins do not rise from 0 to 1.

    Examples
    --------
    >>> plot_reliability({"a model": ([0.6, 0.95, 0.97], [False, True, True])})
    <ReliabilityPlot: 1 groups in 5 bins>
    """
    edges = _check_bins(bins)
    if not groups:
        raise ValueError("there is nothing to draw: groups is empty")
    checked = {str(name): _check_group(str(name), *group) for name, group in groups.items()}
    n_bins = len(edges) - 1

    ax = axes_for(ax, figsize=(8.4, 5.0))
    promised, kept, counts, words = [], [], [], []
    for i, (name, (confidence, right)) in enumerate(checked.items()):
        bin_of = np.digitize(confidence, edges[1:-1])
        count = np.bincount(bin_of, minlength=n_bins)
        filled = np.flatnonzero(count)
        # Groups stand beside each other within a bin.
        x = filled + (i - (len(checked) - 1) / 2) * 0.7 / len(checked)
        mean = np.array([confidence[bin_of == b].mean() for b in filled])
        share = np.array([right[bin_of == b].mean() for b in filled])
        ends = np.array([wilson_interval(int(right[bin_of == b].sum()), count[b]) for b in filled])
        half = 0.28 / len(checked)
        (line,) = ax.plot(
            np.column_stack([x - half, x + half, np.full(len(x), np.nan)]).ravel(),
            np.repeat(mean, 3),
            color="black",
            label="promised: mean probability" if i == 0 else None,
        )
        promised.append(line)
        # Rounding may put an interval's end a hair on the wrong side of 0 or 1.
        reach = np.maximum(np.abs(ends - share[:, None]), 0).T
        color = class_color(i)
        style: dict[str, Any] = {
            "fmt": class_marker(i),
            "color": color,
            "markersize": 9,
            "capsize": 4,
        }
        kept.append(ax.errorbar(x, share, yerr=reach, label=f"came true: {name}", **style))
        for place, b in zip(x, filled, strict=True):
            ax.text(place, 1.06, str(count[b]), color=color, ha="center", fontsize=11)
        counts.append(count)
        words.append(_in_words(name, edges, filled, count, mean, share))
    labels = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    ax.set_xticks(range(n_bins), labels)
    ax.set_xlim(-0.55, n_bins - 0.45)
    ax.set_ylim(-0.03, 1.14)
    ax.set_yticks(np.linspace(0, 1, 6))
    for border in np.arange(n_bins - 1) + 0.5:
        ax.axvline(border, color="0.85", linewidth=1, zorder=0)
    ax.grid(axis="y", alpha=0.3)
    ax.set(xlabel="probability of the predicted class", ylabel="share that came true")
    ax.set_title(f"{title}\n(numbers: predictions in the bin)" if title else "")
    add_legend(ax)
    set_alt_text(ax, f"{title or 'Reliability diagram'}. {' '.join(words)}")
    return ReliabilityPlot(ax, tuple(promised), tuple(kept), np.array(counts))


def _check_bins(bins: Sequence[float]) -> NDArray[np.float64]:
    edges = np.asarray(bins, dtype=np.float64)
    if edges.ndim != 1 or len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise ValueError(f"bins are {list(bins)}; give ends that rise, such as {list(BINS)}")
    if edges[0] != 0 or edges[-1] != 1:
        raise ValueError(f"bins run from {edges[0]:g} to {edges[-1]:g}; they must cover 0 to 1")
    return edges


def _check_group(name: str, confidence: ArrayLike, right: ArrayLike) -> Predictions:
    p, came_true = np.asarray(confidence, dtype=np.float64), np.asarray(right)
    if p.ndim != 1 or len(p) == 0 or came_true.shape != p.shape:
        raise ValueError(
            f"the group {name!r} has confidences of shape {p.shape} and right of shape "
            f"{came_true.shape}; give one of each for every prediction, and at least one"
        )
    if came_true.dtype != bool:
        raise ValueError(
            f"right of the group {name!r} has dtype {came_true.dtype}; give true or false: "
            "predicted == y"
        )
    outside = np.flatnonzero(~((p >= 0) & (p <= 1)))
    if len(outside):
        raise ValueError(
            f"confidence {outside[0]} of the group {name!r} is {p[outside[0]]:g}: no probability; "
            "give predict_proba(X).max(axis=1)"
        )
    return p, came_true


def _in_words(
    name: str,
    edges: NDArray[np.float64],
    filled: NDArray[np.int64],
    count: NDArray[np.int64],
    mean: NDArray[np.float64],
    share: NDArray[np.float64],
) -> str:
    parts = [
        f"{edges[b]:g} to {edges[b + 1]:g}: promised {m:.2f}, came true {s:.2f} of {count[b]}"
        for b, m, s in zip(filled, mean, share, strict=True)
    ]
    return f"{name}: {'; '.join(parts)}."
