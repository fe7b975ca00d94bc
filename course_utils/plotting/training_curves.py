"""Training curves: loss or accuracy, step by step or epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import (
    class_color,
    class_line_style,
    class_marker,
    in_course_style,
)

__all__ = ["TrainingCurvePlot", "plot_training_curves"]

MOST_MARKERS = 40
"""With more epochs than this, markers run into each other and hide the line."""


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
def plot_training_curves(
    history: Mapping[str, ArrayLike],
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    log: bool = False,
    best_epoch: int | None = None,
    title: str = "Training",
    ax: Axes | None = None,
) -> TrainingCurvePlot:
    """Draw a quantity after each epoch, or each step, of training.

    Parameters
    ----------
    history : mapping of str to array_like of float, shape (n_epochs,)
        Such as ``{"training": losses, "validation": losses}``, or one curve a learning rate. A
        curve that runs away may hold ``inf`` or ``nan``: it ends where its numbers do, and the text
        alternative says so.
    xlabel : str, default "epoch"
        What was counted.
    ylabel : str, default "loss"
        What the numbers are.
    log : bool, default False
        Whether to draw them on a logarithmic axis.
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
        If curves are empty or of different lengths, begin with no number, do not fit a logarithmic
        axis, or ``best_epoch`` is not one of the epochs.

    Examples
    --------
    >>> history = {"training": [1.1, 0.6, 0.3], "validation": [1.1, 0.7, 0.8]}
    >>> plot_training_curves(history, best_epoch=2)
    <TrainingCurvePlot: training, validation>
    """
    curves = {str(name): np.asarray(values, dtype=np.float64) for name, values in history.items()}
    _check_curves(curves, log=log)
    n_epochs = len(next(iter(curves.values())))
    if best_epoch is not None and not 1 <= best_epoch <= n_epochs:
        raise ValueError(f"best_epoch is {best_epoch}; epochs are counted from 1 to {n_epochs}")

    ax = axes_for(ax)
    epochs = np.arange(1, n_epochs + 1)
    lines = []
    for i, (name, values) in enumerate(curves.items()):
        style: dict[str, Any] = {"color": class_color(i), "linestyle": class_line_style(i)}
        if n_epochs <= MOST_MARKERS:
            style["marker"] = class_marker(i)
        lines.append(ax.plot(epochs, values, label=name, **style)[0])
    best = None
    if best_epoch is not None:
        label = f"best: {xlabel} {best_epoch}"
        best = ax.axvline(best_epoch, color="black", linestyle=":", linewidth=1.5, label=label)
    if log:
        ax.set_yscale("log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(alpha=0.3)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    add_legend(ax)
    text = _in_words(curves, xlabel, ylabel, title)
    set_alt_text(ax, text if best_epoch is None else f"{text} The best {xlabel} is {best_epoch}.")
    return TrainingCurvePlot(ax, tuple(lines), best)


def _check_curves(curves: Mapping[str, np.ndarray], *, log: bool) -> None:
    shapes = {name: values.shape for name, values in curves.items()}
    if len(set(shapes.values())) != 1 or any(len(s) != 1 or s == (0,) for s in shapes.values()):
        raise ValueError(f"give each curve one value an epoch, all as many; got shapes {shapes}")
    for name, values in curves.items():
        if not np.isfinite(values[0]):
            raise ValueError(f"the curve {name!r} begins with {values[0]}: it has no line")
        if log and (values <= 0).any():
            raise ValueError(
                f"the curve {name!r} goes down to {values.min():.3g}, and a logarithmic axis "
                "has no place for it: pass log=False"
            )


def _in_words(curves: Mapping[str, np.ndarray], xlabel: str, ylabel: str, title: str) -> str:
    parts = []
    for name, values in curves.items():
        there = np.isfinite(values)
        # Up to the first value that is no number: what may follow it is another story.
        n_drawn = len(values) if there.all() else int(there.argmin())
        part = f"{name} goes from {values[0]:.3g} to {values[n_drawn - 1]:.3g}"
        if n_drawn < len(values):
            part += f" at {xlabel} {n_drawn} and then beyond all numbers"
        parts.append(part)
    n_epochs = len(next(iter(curves.values())))
    return f"{title}: {ylabel} over {n_epochs} {xlabel}s; {'; '.join(parts)}."
