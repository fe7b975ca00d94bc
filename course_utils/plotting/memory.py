"""Memory over time: what a program holds while it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_line_style, in_course_style

__all__ = ["MemoryPlot", "plot_memory"]


@dataclass(frozen=True, repr=False)
class MemoryPlot(Drawn):
    """What :func:`plot_memory` drew."""

    ax: Axes
    lines: tuple[Line2D, ...]
    """One a run, in order."""
    marks: tuple[Line2D, ...]
    """The dotted lines at what happened."""

    def _summary(self) -> str:
        return ", ".join(str(line.get_label()) for line in self.lines)


@in_course_style
def plot_memory(
    runs: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    marks: Mapping[str, float] | None = None,
    title: str = "Memory while it works",
    ax: Axes | None = None,
) -> MemoryPlot:
    """Draw how much memory programs hold, over time.

    Parameters
    ----------
    runs : mapping of str to (array_like of float, array_like of float), each of shape (n_looks,)
        For each run the seconds at which somebody looked, in rising order, and the bytes that it
        held then. Bytes may be negative where they are counted from a start.
    marks : mapping of str to float, optional
        What happened, and after how many seconds, for a dotted line each.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    MemoryPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If there is no run, or seconds and bytes of one do not fit together.

    Examples
    --------
    >>> plot_memory({"a list": ([0, 1, 2], [0, 1e8, 2e8]), "a folder": ([0, 1, 2], [0, 1e7, 1e7])})
    <MemoryPlot: a list, a folder>
    """
    looks = {str(name): _checked(str(name), *run) for name, run in runs.items()}
    if not looks:
        raise ValueError("there is no run to draw: runs is empty")
    ax = axes_for(ax, figsize=(7.6, 4.6))
    lines = []
    for i, (name, (seconds, held)) in enumerate(looks.items()):
        look: dict[str, Any] = {"color": class_color(i), "linestyle": class_line_style(i)}
        lines.append(ax.plot(seconds, held / 1e6, label=name, **look)[0])
    dotted = [
        ax.axvline(at, color="black", linestyle=":", linewidth=1.5, label=what)
        for what, at in (marks or {}).items()
    ]
    ax.set(xlabel="seconds", ylabel="MB of memory", title=title)
    ax.grid(alpha=0.3)
    add_legend(ax)
    set_alt_text(ax, _in_words(looks, marks or {}, title))
    return MemoryPlot(ax, tuple(lines), tuple(dotted))


def _checked(
    name: str, seconds: ArrayLike, held: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at, values = np.asarray(seconds, np.float64), np.asarray(held, np.float64)
    if at.ndim != 1 or at.shape != values.shape or len(at) == 0:
        raise ValueError(
            f"the run {name!r} has seconds of shape {at.shape} and bytes of shape {values.shape}; "
            "give one number of bytes for each look"
        )
    if not (np.isfinite(at).all() and np.isfinite(values).all()):
        raise ValueError(f"the run {name!r} has seconds or bytes that are not finite")
    if (np.diff(at) < 0).any():
        raise ValueError(f"the seconds of the run {name!r} do not rise")
    return at, values


def _in_words(
    looks: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
    marks: Mapping[str, float],
    title: str,
) -> str:
    parts = [
        f"{name}: at most {held.max() / 1e6:.0f} MB, {held[-1] / 1e6:.0f} MB at the end, after "
        f"{seconds[-1]:.1f} seconds"
        for name, (seconds, held) in looks.items()
    ]
    parts += [f"{what} after {at:.1f} seconds" for what, at in marks.items()]
    return f"{title}: {'; '.join(parts)}."
