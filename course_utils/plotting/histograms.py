"""Histograms of several groups on one axis: where they overlap is the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_line_style, in_course_style

__all__ = ["HistogramPlot", "plot_histograms"]


@dataclass(frozen=True, repr=False)
class HistogramPlot(Drawn):
    """What :func:`plot_histograms` drew.

    Attributes
    ----------
    ax : Axes
    bars : tuple of BarContainer
        One for each group.
    edges : numpy.ndarray of float64, shape (bins + 1,)
        Where the bins of all groups begin and end.
    shares : numpy.ndarray of float64, shape (n_groups, bins)
        Which share of its group lies in each bin; each row adds up to 1.
    """

    ax: Axes
    bars: tuple[BarContainer, ...]
    edges: NDArray[np.float64]
    shares: NDArray[np.float64]

    def _summary(self) -> str:
        return f"{len(self.bars)} groups in {len(self.edges) - 1} bins"


@in_course_style
def plot_histograms(
    groups: Mapping[str, ArrayLike],
    *,
    bins: int = 20,
    limits: tuple[float, float] = (0.0, 1.0),
    xlabel: str = "value",
    ylabel: str = "share of the group",
    title: str | None = None,
    ax: Axes | None = None,
) -> HistogramPlot:
    """Draw how the numbers of several groups are distributed, one over the other.

    Each group is drawn as shares of itself, so that a large group does not hide a small one.
    Medians and a legend tell groups apart; one group alone has neither.

    Parameters
    ----------
    groups : mapping of str to array_like of float, shape (n,)
        The numbers of each group; groups may have different sizes.
    bins : int, default 20
    limits : tuple of float, default (0, 1)
        Where the first bin begins and the last one ends.
    xlabel, ylabel, title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    HistogramPlot
        The axes, the artists, and the shares.

    Raises
    ------
    ValueError
        If there is no group, one is empty, or a number is nan or outside the limits.

    Examples
    --------
    >>> plot_histograms({"known": [0.9, 0.8, 0.3], "unknown": [0.1, 0.2]}, bins=10)
    <HistogramPlot: 2 groups in 10 bins>
    """
    low, high = limits
    if not low < high:
        raise ValueError(f"limits are {limits}: the first must be less than the second")
    if not groups:
        raise ValueError("there is nothing to draw: groups is empty")
    numbers = {
        name: _checked(name, np.asarray(values, np.float64), low, high)
        for name, values in groups.items()
    }
    edges = np.linspace(low, high, bins + 1)
    shares = np.stack([np.histogram(values, edges)[0] / len(values) for values in numbers.values()])

    ax = axes_for(ax, figsize=(9.0, 4.5))
    drawn = []
    for i, (name, values) in enumerate(numbers.items()):
        drawn.append(
            ax.bar(
                edges[:-1],
                shares[i],
                width=np.diff(edges),
                align="edge",
                color=class_color(i),
                alpha=0.45,
                label=f"{name} ({len(values)})",
            )
        )
        # The outline stays visible where another group lies over the bars.
        ax.stairs(shares[i], edges, color=class_color(i), linewidth=2)
    if len(numbers) > 1:
        for i, values in enumerate(numbers.values()):
            middle = float(np.median(values))
            ax.axvline(middle, color=class_color(i), linestyle=class_line_style(i + 1))
        ylabel += "\n(vertical lines: medians)"
        add_legend(ax)
    ax.set_xlim(low, high)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title or "")
    set_alt_text(ax, _in_words(numbers, xlabel, title))
    return HistogramPlot(ax, tuple(drawn), edges, shares)


def _checked(
    name: str, values: NDArray[np.float64], low: float, high: float
) -> NDArray[np.float64]:
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"the group {name!r} has shape {values.shape}; give a row of numbers")
    outside = ~((values >= low) & (values <= high))
    if outside.any():
        i = int(np.flatnonzero(outside)[0])
        raise ValueError(
            f"number {i} of the group {name!r} is {values[i]:g}, outside {low:g} to {high:g}; "
            f"set limits=(…, …) so that all fit"
        )
    return values


def _in_words(numbers: Mapping[str, NDArray[np.float64]], xlabel: str, title: str | None) -> str:
    quartiles = {name: np.percentile(values, [25, 50, 75]) for name, values in numbers.items()}
    parts = [
        f"{name}: median {middle:.2f}, middle half {low:.2f} to {high:.2f}, "
        f"from {numbers[name].min():.2f} to {numbers[name].max():.2f}"
        for name, (low, middle, high) in quartiles.items()
    ]
    return f"{title or 'Histograms'}. Overlapping histograms of {xlabel}. {'; '.join(parts)}."
