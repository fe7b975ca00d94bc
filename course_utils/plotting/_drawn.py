"""What plotting functions share: axes, legends, and a short ``repr`` of what was drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.legend import Legend

__all__ = ["Drawn", "add_legend", "axes_for"]


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
    """Put a legend beside the axes if the figure's layout makes room there, otherwise inside.

    A figure that somebody else made with ``plt.subplots(1, 2)`` makes none: the legend of one
    panel would lie under the next.
    """
    if ax.figure.get_layout_engine() is None:
        return ax.legend(loc="best", **options)
    return ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), **options)
