"""Growth: how a time or a count rises with size, on logarithmic axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator, StrMethodFormatter
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import (
    class_color,
    class_line_style,
    class_marker,
    in_course_style,
)

__all__ = ["GrowthPlot", "plot_growth"]


@dataclass(frozen=True, repr=False)
class GrowthPlot(Drawn):
    """What :func:`plot_growth` drew."""

    ax: Axes
    lines: tuple[Line2D, ...]
    """One a curve, in order."""

    def _summary(self) -> str:
        return f"{len(self.lines)} curves"


@in_course_style
def plot_growth(
    sizes: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    xlabel: str = "classes",
    ylabel: str = "seconds",
    title: str | None = None,
    ax: Axes | None = None,
) -> GrowthPlot:
    """Draw how quantities grow with size; both axes are logarithmic.

    On such axes whatever doubles with size is a straight line of slope 1, whatever grows fourfold
    one of slope 2: how steep a line is says what happens when size doubles.

    Parameters
    ----------
    sizes : array_like of float, shape (n_sizes,)
        Positive and rising.
    curves : mapping of str to array_like of float, shape (n_sizes,)
        Positive numbers for each curve.
    xlabel, ylabel, title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    GrowthPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If the sizes do not rise, or a curve has not one positive number for each of them.

    Examples
    --------
    >>> plot_growth([2, 4, 8], {"one-vs-rest": [2, 4, 8], "one-vs-one": [1, 6, 28]})
    <GrowthPlot: 2 curves>
    """
    x = np.asarray(sizes, dtype=np.float64)
    if x.ndim != 1 or len(x) == 0 or not (x > 0).all() or (np.diff(x) <= 0).any():
        raise ValueError(f"sizes must be positive and rise; got {np.atleast_1d(x).tolist()}")
    rows = {str(name): np.asarray(values, dtype=np.float64) for name, values in curves.items()}
    if not rows:
        raise ValueError("there is no curve to draw: curves is empty")
    for name, values in rows.items():
        if values.shape != x.shape or not ((values > 0) & np.isfinite(values)).all():
            raise ValueError(
                f"the curve {name!r} is {values.tolist()}; give one positive number for each of "
                f"the {len(x)} sizes"
            )

    ax = axes_for(ax, figsize=(6.8, 5.0))
    lines = []
    for i, (name, values) in enumerate(rows.items()):
        look: dict[str, Any] = {"color": class_color(i), "linestyle": class_line_style(i)}
        line = ax.plot(x, values, marker=class_marker(i), markersize=8, label=name, **look)[0]
        lines.append(line)
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel, title=title or "")
    ax.set_xticks(x)
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(alpha=0.3)
    add_legend(ax)
    set_alt_text(ax, _in_words(x, rows, xlabel, ylabel, title))
    return GrowthPlot(ax, tuple(lines))


def _in_words(
    x: NDArray[np.float64],
    rows: Mapping[str, NDArray[np.float64]],
    xlabel: str,
    ylabel: str,
    title: str | None,
) -> str:
    parts = [
        f"{name} from {values[0]:.3g} at {x[0]:g} to {values[-1]:.3g} at {x[-1]:g}"
        for name, values in rows.items()
    ]
    return (
        f"{title or 'Growth'}: {ylabel} by {xlabel}, both on logarithmic axes: {'; '.join(parts)}."
    )
