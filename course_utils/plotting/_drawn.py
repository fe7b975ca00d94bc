"""What plotting functions share: axes to draw on, and a short ``repr`` of what was drawn."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

__all__ = ["Drawn", "axes_for"]


class Drawn:
    """What a plotting function returns; prints as one short line below a notebook cell."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._summary()}>"

    def _summary(self) -> str:
        raise NotImplementedError


def axes_for(ax: Axes | None, *, figsize: tuple[float, float] | None = None) -> Axes:
    """Give ``ax``, or the axes of a new figure where it is None."""
    if ax is not None:
        return ax
    _, new = plt.subplots(figsize=figsize, layout="constrained")
    return new
