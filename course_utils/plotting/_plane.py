"""Points of several classes in a plane of two features: what every figure of them shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import add_legend
from course_utils.plotting.palette import class_color, class_colors, class_marker

GRID_POINTS = 300
"""Points along each axis at which a classifier is asked for its regions."""

FIGURE_SIZE = (6.8, 5.8)

MOST_NUMBERED = 30
"""With more test points, their numbers would hide the points."""

NUMBER_AWAY = 15.0
"""Points of type (1/72 inch) from a test point to the middle of its number."""


def check_points(
    X: ArrayLike, y: ArrayLike, classes: ArrayLike, test_points: ArrayLike | None
) -> tuple[NDArray[np.float64], np.ndarray, NDArray[np.float64]]:
    """Give points, their classes, and test points: shape (0, 2) where there are none.

    Raises
    ------
    ValueError
        If a shape is wrong, a coordinate is not finite, or a label is none of ``classes``.
    """
    X, y, classes = np.asarray(X, dtype=np.float64), np.asarray(y), np.asarray(classes)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) == 0:
        raise ValueError(f"X has shape {X.shape}; only points of two features can be drawn, (n, 2)")
    if y.shape != (len(X),):
        raise ValueError(
            f"y is {_shape_in_words(y)}; give one class for each of the {len(X)} points"
        )
    if not np.isfinite(X).all():
        row = int(np.flatnonzero(~np.isfinite(X).all(axis=1))[0])
        raise ValueError(f"X[{row}] is {X[row].tolist()}: a point without a place")
    known = set(classes.tolist())
    strangers = [label for label in y.tolist() if label not in known]
    if strangers:
        named = ", ".join(dict.fromkeys(map(repr, strangers)))
        raise ValueError(
            f"{len(strangers)} of the {len(y)} labels in y are none of the model's classes: "
            f"{named}; it was fitted on {', '.join(map(repr, classes.tolist()))}"
        )
    stars = np.empty((0, 2)) if test_points is None else np.asarray(test_points, np.float64)
    stars = np.atleast_2d(stars)
    if stars.ndim != 2 or stars.shape[1] != 2:
        raise ValueError(f"test_points has shape {stars.shape}; give one row of two features each")
    return X, y, stars


def _shape_in_words(y: np.ndarray) -> str:
    return "None" if y.shape == () and y.item() is None else f"of shape {y.shape}"


def set_limits(ax: Axes, X: np.ndarray, stars: np.ndarray) -> None:
    """Show all points, with some air around them."""
    every = np.vstack([X, stars])
    low, high = every.min(axis=0), every.max(axis=0)
    air = np.where(high > low, 0.08 * (high - low), 1.0)
    (left, bottom), (right, top) = low - air, high + air
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)


def draw_points(X: np.ndarray, y: np.ndarray, classes: np.ndarray, ax: Axes) -> tuple[Line2D, ...]:
    """Draw the points of each class, one artist a class."""
    return tuple(
        ax.plot(
            *X[y == label].T,
            class_marker(i),
            color=class_color(i),
            markeredgecolor="black",
            markersize=7,
            label=f"class {label}",
        )[0]
        for i, label in enumerate(classes)
    )


def draw_regions(model: Any, classes: np.ndarray, ax: Axes) -> AxesImage:
    """Colour what the axes show by the class that a model predicts there."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    xx, yy = np.meshgrid(
        np.linspace(left, right, GRID_POINTS), np.linspace(bottom, top, GRID_POINTS)
    )
    predicted = np.searchsorted(classes, model.predict(np.c_[xx.ravel(), yy.ravel()]))
    return ax.imshow(
        predicted.reshape(xx.shape),
        extent=(left, right, bottom, top),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap=ListedColormap(class_colors(len(classes))),
        vmin=-0.5,
        vmax=len(classes) - 0.5,
        alpha=0.25,
        zorder=0,
    )


def draw_line(w: np.ndarray, b: float, ax: Axes, **look: Any) -> AxLine | None:
    """Draw where the score ``w @ x + b`` is zero; a score without slope has no such line."""
    if not w.any():
        return None
    x, y = (-b * w / (w @ w)).tolist()
    return ax.axline((x, y), (x - float(w[1]), y + float(w[0])), **look)


def draw_test_points(stars: np.ndarray, ax: Axes, lines: Sequence[AxLine] = ()) -> Line2D | None:
    """Draw stars; several get numbers, each where it is farthest from lines and other stars."""
    if len(stars) == 0:
        return None
    drawn = ax.plot(
        *stars.T, "*", color="black", markeredgecolor="white", markersize=16, label="test points"
    )[0]
    # A single star needs no number: in a lecture it would look like star 1 of five.
    if len(stars) == 1 or len(stars) > MOST_NUMBERED:
        return drawn
    # On a white rim a number can be read wherever it has to stand.
    rim = [withStroke(linewidth=3.0, foreground="white")]
    for number, away in enumerate(_freest_sides(stars, ax, lines), start=1):
        ax.annotate(
            str(number),
            stars[number - 1],
            xytext=tuple(away),
            textcoords="offset points",
            ha="center",
            va="center",
            weight="bold",
            path_effects=rim,
            zorder=5,
        )
    return drawn


def _freest_sides(stars: np.ndarray, ax: Axes, lines: Sequence[AxLine]) -> NDArray[np.float64]:
    """Choose, for each star, the one of 16 directions that leads farthest from all else."""
    in_type = 72 / ax.figure.dpi
    places = ax.transData.transform(stars) * in_type
    box = ax.get_window_extent()
    edges = np.array([box.x0, box.y0, box.x1, box.y1]) * in_type
    ends = [
        ax.transData.transform(np.array([line.get_xy1(), line.get_xy2()])) * in_type
        for line in lines
    ]
    angles = np.deg2rad(45 + np.arange(16) * 22.5)
    around = NUMBER_AWAY * np.column_stack([np.cos(angles), np.sin(angles)])
    chosen = np.empty((len(stars), 2))
    numbered: list[np.ndarray] = []
    for i, place in enumerate(places):
        others = [*np.delete(places, i, axis=0), *numbered]
        room = [
            min(
                *(_distance_to_line(place + away, *pair) for pair in ends),
                *(float(np.linalg.norm(place + away - other)) for other in others),
                *np.abs(edges - np.tile(place + away, 2)).tolist(),
            )
            for away in around
        ]
        chosen[i] = around[int(np.argmax(np.round(room, 3)))]
        numbered.append(place + chosen[i])
    return chosen


def _distance_to_line(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    along = end - start
    across = point - start
    return float(abs(along[0] * across[1] - along[1] * across[0]) / np.hypot(*along))


def add_plane_legend(ax: Axes, lines: Sequence[AxLine] = ()) -> None:
    """Explain all that is drawn; the points and the line of a class share an entry."""
    drawn, _ = ax.get_legend_handles_labels()
    line_of = {str(line.get_label()).removeprefix("line of "): line for line in lines}
    shown = [artist for artist in drawn if artist not in lines]
    labels = [str(artist.get_label()) for artist in shown]
    handles: list[Any] = [
        (line_of[label], artist) if label in line_of else artist
        for label, artist in zip(labels, shown, strict=True)
    ]
    add_legend(
        ax,
        handles=handles,
        labels=labels,
        title="points and line of" if lines else None,
        handlelength=3.5 if lines else 2.0,
    )


def count(n: int, thing: str) -> str:
    """Write a number of things."""
    return f"{n} {thing}{'s' if n != 1 else ''}"


def describe_points(X: np.ndarray, classes: np.ndarray) -> str:
    """Say what the training points are."""
    return f"{count(len(X), 'point')} of {len(classes)} classes, by two features."


def describe_test_points(stars: np.ndarray, model: Any = None) -> str:
    """Say how many test points there are, and where a figure shows it, in which region each is."""
    if len(stars) == 0:
        return ""
    if model is None:
        return f" {count(len(stars), 'test point')} without a class."
    fates = [f"{i} in class {label}" for i, label in enumerate(model.predict(stars), start=1)]
    return f" Test points lie as follows: {', '.join(fates)}."
