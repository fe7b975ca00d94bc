"""Networks as graphs: units in columns, a line for each weight. Needs no Graphviz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.typing import LineStyleType
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import COLORS, in_course_style

__all__ = ["NetworkGraph", "count_weights", "plot_network_graph"]

MOST_UNITS = 12
"""With more units in a layer than this, lines and labels run into each other."""


POSITIVE: tuple[str, LineStyleType] = (COLORS["blue"], "solid")
NEGATIVE: tuple[str, LineStyleType] = (COLORS["vermilion"], "dashed")
"""Colour and line style by the sign of a weight."""


@dataclass(frozen=True, repr=False)
class NetworkGraph(Drawn):
    """What :func:`plot_network_graph` drew."""

    ax: Axes
    units: tuple[tuple[Circle, ...], ...]
    """One tuple a layer, from the top unit down."""
    weights: tuple[LineCollection, ...]
    """The lines between each two layers."""

    def _summary(self) -> str:
        return " → ".join(str(len(layer)) for layer in self.units) + " units"


def count_weights(layers: Sequence[int]) -> tuple[int, int]:
    """Count the parameters of a fully connected network.

    Parameters
    ----------
    layers : sequence of int
        Numbers of units: the inputs, each hidden layer, the outputs.

    Returns
    -------
    weights, biases : int
        One weight for each line of the graph, one bias for each unit that is not an input.

    Examples
    --------
    >>> count_weights([4, 3, 1])
    (15, 4)
    """
    return sum(a * b for a, b in pairwise(layers)), sum(layers[1:])


@in_course_style
def plot_network_graph(
    layers: Sequence[int] = (4, 1),
    *,
    weights: Sequence[ArrayLike] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> NetworkGraph:
    """Draw a fully connected network as a graph.

    Logistic regression is ``(n_features, 1)``; each further number in between is a hidden layer.

    Parameters
    ----------
    layers : sequence of int, default (4, 1)
        Numbers of units, 1 to 12 each: the inputs, each hidden layer, the outputs.
    weights : sequence of array_like, optional
        The matrix between each two layers, shape (from, to), as in scikit-learn's
        ``MLPClassifier.coefs_``. A line is then thicker the larger its weight, blue where positive
        and dashed vermilion where negative.
    title : str, optional
        By default what such a network is called, and its number of parameters.
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    NetworkGraph
        The axes, the circles of each layer, and the lines between layers.

    Raises
    ------
    ValueError
        If there are fewer than two layers, a layer cannot be drawn, or weights do not fit.

    Examples
    --------
    >>> plot_network_graph([4, 3, 3, 1])
    <NetworkGraph: 4 → 3 → 3 → 1 units>
    """
    layers = [int(units) for units in layers]
    if len(layers) < 2 or not all(1 <= units <= MOST_UNITS for units in layers):
        raise ValueError(
            f"layers is {layers}; give at least inputs and outputs, 1 to {MOST_UNITS} units each"
        )
    matrices = _check_weights(weights, layers)
    if title is None:
        n_weights, n_biases = count_weights(layers)
        title = f"{_name(layers)}: {n_weights} weights + {n_biases} bias" + "es" * (n_biases != 1)

    ax = axes_for(ax, figsize=(2.4 * len(layers) + 0.6, max(3.0, 0.8 * max(layers) + 1.2)))
    places = [_column(index, units, max(layers)) for index, units in enumerate(layers)]
    lines = tuple(
        _draw_weights(ax, places[index], places[index + 1], matrix)
        for index, matrix in enumerate(matrices)
    )
    circles = tuple(
        tuple(_draw_unit(ax, place, index, i, layers) for i, place in enumerate(column))
        for index, column in enumerate(places)
    )
    for index, heading in enumerate(_headings(len(layers))):
        ax.text(2 * index, -0.5, heading, ha="center", va="bottom", fontsize=12)
    ax.set_xlim(-0.6, 2 * (len(layers) - 1) + 0.6)
    ax.set_ylim(max(layers) - 0.6, -0.9)
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_title(title)
    if weights is not None:
        _explain_weights(ax)
    arrows = ", then ".join(
        f"{units} {heading}" for units, heading in zip(layers, _headings(len(layers)), strict=True)
    )
    set_alt_text(ax, f"{title}. A graph of {arrows}; each unit is joined to all of the next layer.")
    return NetworkGraph(ax, circles, lines)


def _name(layers: Sequence[int]) -> str:
    hidden = len(layers) - 2
    if hidden == 0:
        return "Logistic regression" if layers[-1] == 1 else "Softmax regression"
    return (
        f"{['One', 'Two', 'Three'][hidden - 1] if hidden <= 3 else hidden} hidden layer"
        + "s" * (hidden > 1)
    )


def _headings(n_layers: int) -> list[str]:
    hidden = n_layers - 2
    numbered = [f"hidden {i + 1}" for i in range(hidden)] if hidden > 1 else ["hidden"] * hidden
    return ["inputs", *numbered, "output"]


def _check_weights(
    weights: Sequence[ArrayLike] | None, layers: Sequence[int]
) -> list[np.ndarray | None]:
    pairs = list(pairwise(layers))
    if weights is None:
        return [None] * len(pairs)
    matrices = [np.asarray(matrix, dtype=np.float64) for matrix in weights]
    if [matrix.shape for matrix in matrices] != pairs:
        raise ValueError(
            f"weights have shapes {[matrix.shape for matrix in matrices]}; layers {list(layers)} "
            f"need {pairs}"
        )
    return list(matrices)


def _column(index: int, units: int, tallest: int) -> np.ndarray:
    """Give the centres of a layer's units, shape (units, 2), in the middle of the height."""
    return np.column_stack([np.full(units, 2.0 * index), np.arange(units) + (tallest - units) / 2])


def _draw_unit(ax: Axes, place: np.ndarray, index: int, i: int, layers: Sequence[int]) -> Circle:
    last = len(layers) - 1
    color = {0: COLORS["sky"], last: COLORS["orange"]}.get(index, "#DDDDDD")
    circle = Circle((place[0], place[1]), 0.3, facecolor=color, edgecolor="black", zorder=2)
    ax.add_patch(circle)
    ax.text(
        place[0],
        place[1],
        _label(index, i, layers),
        ha="center",
        va="center",
        zorder=3,
        fontsize=13,
    )
    return circle


def _label(index: int, i: int, layers: Sequence[int]) -> str:
    if index == 0:
        return f"$x_{{{i}}}$"
    if index == len(layers) - 1:
        return r"$\hat{y}$" if layers[-1] == 1 else f"$\\hat{{y}}_{{{i}}}$"
    return f"$h_{{{i}}}$" if len(layers) == 3 else f"$h_{{{index},{i}}}$"


def _explain_weights(ax: Axes) -> None:
    signs = [
        Line2D([], [], color=POSITIVE[0], linestyle=POSITIVE[1], label="positive weight"),
        Line2D([], [], color=NEGATIVE[0], linestyle=NEGATIVE[1], label="negative weight"),
    ]
    ax.legend(handles=signs, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, frameon=False)


def _draw_weights(
    ax: Axes, start: np.ndarray, end: np.ndarray, matrix: np.ndarray | None
) -> LineCollection:
    segments = [(a, b) for a in start for b in end]
    if matrix is None:
        lines = LineCollection(segments, colors="0.4", linewidths=1.0, zorder=1)
    else:
        values = matrix.ravel()
        largest = np.abs(values).max() or 1.0
        looks = [POSITIVE if value >= 0 else NEGATIVE for value in values]
        lines = LineCollection(
            segments,
            colors=[color for color, _ in looks],
            linestyles=[style for _, style in looks],
            linewidths=0.3 + 4.0 * np.abs(values) / largest,
            zorder=1,
        )
    ax.add_collection(lines)
    return lines
