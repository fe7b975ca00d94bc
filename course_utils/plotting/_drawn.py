"""What plotting functions share: axes, legends, and a short ``repr`` of what was drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

__all__ = ["PAGE_INCHES", "Drawn", "add_legend", "axes_for", "draw_chance"]

PAGE_INCHES = 8.8
"""No figure is wider: it fits on a page of the website and beside JupyterLab's side bar."""

LETTERS_AN_INCH = 11.0
"""So many letters of a legend's size fit in an inch."""

POINTS_AN_INCH = 72


class Drawn(ABC):
    """What a plotting function returns; prints as one short line below a notebook cell."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._summary()}>"

    @abstractmethod
    def _summary(self) -> str:
        """Say in a few words what was drawn."""


def axes_for(ax: Axes | None, *, figsize: tuple[float, float] | None = None) -> Axes:
    """Give ``ax``, or the axes of a new figure where it is None."""
    if ax is not None:
        return ax
    _, new = plt.subplots(figsize=figsize, layout="constrained")
    return new


def add_legend(ax: Axes, **options: Any) -> Legend:
    """Put a legend below the axes if the figure's layout makes room there, otherwise inside.

    Below, it takes nothing from the width, of which a telephone has little. A figure that somebody
    else made with ``plt.subplots(2, 1)`` makes no room: the legend would lie on the next panel.
    """
    if ax.figure.get_layout_engine() is None:
        return ax.legend(loc="best", **options)
    # Below the numbers and the name of the axis, which a map has not.
    numbers, name = len(ax.get_xticks()) > 0, bool(ax.get_xlabel())
    down = 6 + 18 * numbers + 18 * name
    shift = ScaledTranslation(0, -down / POINTS_AN_INCH, ax.figure.dpi_scale_trans)
    return ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=ax.transAxes + shift,
        **{"ncols": _columns(ax, options.get("labels"), options.get("handles")), **options},
    )


def draw_chance(chance: float, draw_line: Callable[..., Line2D]) -> Line2D:
    """Draw what guessing gives, with ``ax.axhline`` or ``ax.axvline``."""
    return draw_line(chance, color="black", linestyle="--", linewidth=1.2, label="guessing")


def _columns(ax: Axes, labels: Any, handles: Any) -> int:
    """Count how many entries fit side by side below the axes."""
    if labels is None:
        drawn = ax.get_legend_handles_labels()[0] if handles is None else handles
        labels = [handle.get_label() for handle in drawn]
    widest = max((len(str(label)) for label in labels), default=0) / LETTERS_AN_INCH + 0.75
    subplot = ax.get_subplotspec()
    share = 1 if subplot is None else len(subplot.colspan) / subplot.get_gridspec().ncols
    width = ax.figure.get_figwidth() if hasattr(ax.figure, "get_figwidth") else 6.4
    return max(1, min(len(labels), int(width * share / widest)))
