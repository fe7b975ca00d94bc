"""Points on a map: what maps of points and maps of pictures share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from course_utils.plotting.palette import class_color, class_marker


def check_places(places: ArrayLike) -> NDArray[np.float64]:
    """Give places as an array; ValueError where they are not two numbers each."""
    where = np.asarray(places, dtype=np.float64)
    if where.ndim != 2 or where.shape[1] != 2 or len(where) == 0:
        raise ValueError(f"places has shape {where.shape}; a map needs two numbers a row, (n, 2)")
    if not np.isfinite(where).all():
        row = int(np.flatnonzero(~np.isfinite(where).all(axis=1))[0])
        raise ValueError(f"places[{row}] is {where[row].tolist()}: that is nowhere on a map")
    return where


def check_labels(labels: ArrayLike, n: int, class_names: Sequence[str]) -> NDArray[np.int64]:
    """Give class numbers as an array; ValueError where one is missing or names no class."""
    y = np.asarray(labels)
    if y.shape != (n,):
        shown = "None" if labels is None else f"of shape {y.shape}"
        raise ValueError(f"labels is {shown}; give one for each of the {n} places")
    for row, label in enumerate(y.tolist()):
        if label is None:
            raise ValueError(f"labels[{row}] is None: no label was given for this place")
    if y.dtype.kind not in "iu":
        raise ValueError(
            f"labels holds {y.tolist()[0]!r}; give class numbers, positions in class_names"
        )
    if y.min() < 0 or y.max() >= len(class_names):
        raise ValueError(
            f"labels run from {y.min()} to {y.max()}, but there are {len(class_names)} class names"
        )
    return y.astype(np.int64)


def check_rows(highlight: ArrayLike, n: int) -> NDArray[np.int64]:
    """Give row numbers as an array; ValueError where they are none."""
    rows = np.asarray(highlight)
    if rows.size == 0:
        return np.empty(0, dtype=np.int64)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= n:
        raise ValueError(
            f"highlight must list rows from 0 to {n - 1}; np.flatnonzero makes them from a mask"
        )
    return rows.astype(np.int64)


def draw_points(
    ax: Axes, where: np.ndarray, y: np.ndarray, class_names: Sequence[str]
) -> tuple[Line2D, ...]:
    """Draw one point a row, one artist a class."""
    return tuple(
        ax.plot(
            *where[y == index].T,
            class_marker(index),
            color=class_color(index),
            markersize=7,
            markeredgecolor="black",
            markeredgewidth=0.6,
            alpha=0.85,
            label=str(name),
        )[0]
        for index, name in enumerate(class_names)
    )


def draw_rings(ax: Axes, where: np.ndarray, label: str) -> Line2D | None:
    """Ring places in black."""
    if len(where) == 0:
        return None
    look: dict[str, Any] = {
        "markerfacecolor": "none",
        "markeredgecolor": "black",
        "markeredgewidth": 1.8,
    }
    return ax.plot(*where.T, "o", markersize=15, label=label, **look)[0]


def hide_numbers(ax: Axes) -> None:
    """Take numbers and frame away: on a map only nearness means something."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def describe_separation(positions: NDArray[np.float64], y: NDArray[np.int64]) -> str:
    """Say how mixed the classes are: how often a point's nearest neighbour is of its own class."""
    if len(y) < 2:
        return "It is a single point."
    # A tree finds neighbours without a table of all distances, which takes 1.6 GB for 10,000.
    _, nearest = cKDTree(positions).query(positions, k=2)
    # Of points at the same place, either may come first.
    itself = nearest[:, 0] == np.arange(len(y))
    other = np.where(itself, nearest[:, 1], nearest[:, 0])
    same = float((y[other] == y).mean())
    return f"The nearest neighbour on the map is of the same class for {same:.0%} of the pictures."
