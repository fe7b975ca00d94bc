"""Classifiers of two features: the lines that their models draw, and the regions that result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import (
    class_color,
    class_colors,
    class_line_style,
    class_marker,
    in_course_style,
)

__all__ = [
    "BoundaryPlot",
    "RegionPlot",
    "line_coefficients",
    "plot_class_regions",
    "plot_multiclass_lr_ovr",
]

GRID_POINTS = 300
"""Points along each axis at which a classifier is asked for its regions."""


@dataclass(frozen=True, repr=False)
class BoundaryPlot(Drawn):
    """What :func:`plot_multiclass_lr_ovr` drew."""

    ax: Axes
    points: tuple[Line2D, ...]
    """The training points, one artist a class."""
    lines: tuple[Line2D, ...]
    """Where each class's score is zero, one line a binary model."""
    regions: AxesImage | None
    """What is predicted where, if it was asked for."""
    test_points: Line2D | None

    def _summary(self) -> str:
        return f"{len(self.points)} classes, {len(self.lines)} lines"


@dataclass(frozen=True, repr=False)
class RegionPlot(Drawn):
    """What :func:`plot_class_regions` drew."""

    ax: Axes
    points: tuple[Line2D, ...]
    """The training points, one artist a class."""
    regions: AxesImage
    """What is predicted where."""
    test_points: Line2D | None

    def _summary(self) -> str:
        return f"{len(self.points)} classes"


def line_coefficients(model: Any) -> tuple[np.ndarray, np.ndarray]:
    """Give the weights and intercepts of a fitted linear model's binary scores.

    Parameters
    ----------
    model : fitted classifier
        One with ``coef_`` and ``intercept_``, or a ``OneVsRestClassifier`` around such models.

    Returns
    -------
    coef : ndarray of float64, shape (n_lines, n_features)
    intercept : ndarray of float64, shape (n_lines,)
        Score ``j`` of a point ``x`` is ``coef[j] @ x + intercept[j]``.

    Raises
    ------
    TypeError
        If the model is not fitted, not linear, or has no binary scores. Softmax regression has
        none: of its scores only the differences mean something, and no class has a line of its own.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> model = LogisticRegression().fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 1, 1])
    >>> coef, intercept = line_coefficients(model)
    >>> coef.shape, intercept.shape
    ((1, 2), (1,))
    """
    parts = list(getattr(model, "estimators_", [])) or [model]
    if not all(hasattr(part, "coef_") and hasattr(part, "intercept_") for part in parts):
        raise TypeError(
            f"{type(model).__name__} has no lines to draw: give a fitted linear classifier "
            "(LogisticRegression, LinearSVC, …) or a OneVsRestClassifier of one"
        )
    if len(parts) == 1 and len(getattr(model, "classes_", ())) > 2 and _is_softmax(model):
        raise TypeError(
            f"{type(model).__name__} fits all classes at once (softmax), so no class has a line of "
            f"its own: wrap it, OneVsRestClassifier({type(model).__name__}()), or draw what it "
            "predicts with plot_class_regions"
        )
    coef = np.vstack([np.atleast_2d(part.coef_) for part in parts])
    intercept = np.concatenate([np.atleast_1d(part.intercept_) for part in parts])
    return coef.astype(np.float64), intercept.astype(np.float64)


def _is_softmax(model: Any) -> bool:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression

    return isinstance(model, (LogisticRegression, LinearDiscriminantAnalysis))


@in_course_style
def plot_multiclass_lr_ovr(
    lr: Any,
    X: ArrayLike,
    y: ArrayLike,
    n_classes: int,
    test_points: ArrayLike | None = None,
    decision_boundary: bool = False,
    ax: Axes | None = None,
) -> BoundaryPlot:
    """Draw points of several classes and the line of each one-vs-rest binary model.

    Parameters
    ----------
    lr : fitted classifier
        A ``OneVsRestClassifier`` around a linear model, or a linear model that is one-vs-rest
        itself, such as ``LinearSVC``; of two classes, any linear classifier.
    X : array_like, shape (n_points, 2)
        Two features of each training point.
    y : array_like, shape (n_points,)
        Their classes.
    n_classes : int
        How many classes ``lr`` knows.
    test_points : array_like, shape (n_test, 2) or (2,), optional
        Points without a class, drawn as black stars and numbered from 1.
    decision_boundary : bool, default False
        Whether to colour the plane by the class that ``lr`` predicts there.
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    BoundaryPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If a shape is wrong, or ``n_classes`` is not the number of classes that ``lr`` knows.
    TypeError
        If ``lr`` is not fitted, not linear, or not one-vs-rest.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.multiclass import OneVsRestClassifier
    >>> X, y = make_blobs(centers=3, n_samples=120, random_state=10)
    >>> lr = OneVsRestClassifier(LogisticRegression()).fit(X, y)
    >>> plot_multiclass_lr_ovr(lr, X, y, 3, test_points=[[-4, 0]], decision_boundary=True)
    <BoundaryPlot: 3 classes, 3 lines>
    """
    X, y, stars = _check_points(X, y, test_points)
    coef, intercept = line_coefficients(lr)
    if not hasattr(lr, "classes_"):
        raise TypeError(f"{type(lr).__name__} predicts no classes: give a linear classifier")
    classes = np.asarray(lr.classes_)
    if len(classes) != n_classes:
        raise ValueError(
            f"n_classes is {n_classes}, but lr was fitted on {len(classes)} classes: "
            + ", ".join(str(c) for c in classes)
        )
    if coef.shape[1] != 2:
        raise ValueError(f"lr was fitted on {coef.shape[1]} features; only 2 can be drawn")

    ax = axes_for(ax, figsize=(7.0, 5.0))
    _set_limits(ax, X, stars)
    regions = _draw_regions(lr, classes, ax) if decision_boundary else None
    points = _draw_points(X, y, classes, ax)
    lines = _draw_lines(coef, intercept, classes, ax)
    drawn_stars = _draw_test_points(stars, ax)
    two_classes = len(coef) == 1
    ax.set(xlabel="feature 0", ylabel="feature 1")
    ax.set_title("One line between two classes" if two_classes else "A line for each binary model")
    _draw_legend(ax, () if two_classes else lines)
    text = _describe_points(X, y, classes)
    text += f" {_count(len(lines), 'straight line')}, where the score of a binary model is zero."
    text += " The plane is coloured by the predicted class." if decision_boundary else ""
    text += _describe_test_points(lr, stars) if decision_boundary else _count_test_points(stars)
    set_alt_text(ax, text)
    return BoundaryPlot(ax, points, lines, regions, drawn_stars)


@in_course_style
def plot_class_regions(
    model: Any,
    X: ArrayLike,
    y: ArrayLike,
    test_points: ArrayLike | None = None,
    title: str = "What is predicted where",
    ax: Axes | None = None,
) -> RegionPlot:
    """Colour the plane by the class that a classifier predicts there, and draw its points.

    Parameters
    ----------
    model : fitted classifier
        Any with ``predict`` and ``classes_``, linear or not.
    X : array_like, shape (n_points, 2)
        Two features of each training point.
    y : array_like, shape (n_points,)
        Their classes.
    test_points : array_like, shape (n_test, 2) or (2,), optional
        Points without a class, drawn as black stars and numbered from 1.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    RegionPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If a shape is wrong.
    TypeError
        If ``model`` is not a fitted classifier.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = make_blobs(centers=3, n_samples=120, random_state=10)
    >>> plot_class_regions(LogisticRegression().fit(X, y), X, y, title="Softmax regression")
    <RegionPlot: 3 classes>
    """
    X, y, stars = _check_points(X, y, test_points)
    if not hasattr(model, "classes_") or not hasattr(model, "predict"):
        raise TypeError(f"{type(model).__name__} predicts no classes: give a fitted classifier")
    if getattr(model, "n_features_in_", 2) != 2:
        raise ValueError(
            f"model was fitted on {model.n_features_in_} features; only 2 can be drawn"
        )
    classes = np.asarray(model.classes_)

    ax = axes_for(ax, figsize=(7.0, 5.0))
    _set_limits(ax, X, stars)
    regions = _draw_regions(model, classes, ax)
    points = _draw_points(X, y, classes, ax)
    drawn_stars = _draw_test_points(stars, ax)
    ax.set(xlabel="feature 0", ylabel="feature 1", title=title)
    _draw_legend(ax)
    text = f"{title}: {_describe_points(X, y, classes)}"
    text += " The plane is coloured by the predicted class."
    set_alt_text(ax, text + _describe_test_points(model, stars))
    return RegionPlot(ax, points, regions, drawn_stars)


def _check_points(
    X: ArrayLike, y: ArrayLike, test_points: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give points, classes, and test points: shape (0, 2) where there are none."""
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) == 0:
        raise ValueError(f"X has shape {X.shape}; only points of two features can be drawn, (n, 2)")
    if y.shape != (len(X),):
        raise ValueError(f"y has shape {y.shape}; give one class for each of the {len(X)} points")
    stars = np.empty((0, 2)) if test_points is None else np.asarray(test_points, np.float64)
    stars = np.atleast_2d(stars)
    if stars.ndim != 2 or stars.shape[1] != 2:
        raise ValueError(f"test_points has shape {stars.shape}; give one row of two features each")
    return X, y, stars


def _set_limits(ax: Axes, X: np.ndarray, stars: np.ndarray) -> None:
    """Show all points, with some air around them."""
    every = np.vstack([X, stars])
    low, high = every.min(axis=0), every.max(axis=0)
    air = np.where(high > low, 0.08 * (high - low), 1.0)
    (left, bottom), (right, top) = low - air, high + air
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)


def _draw_points(X: np.ndarray, y: np.ndarray, classes: np.ndarray, ax: Axes) -> tuple[Line2D, ...]:
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


def _draw_legend(ax: Axes, lines: Sequence[Line2D] = ()) -> None:
    """Explain all that is drawn; the points and the line of a class share an entry."""
    drawn, _ = ax.get_legend_handles_labels()
    line_of = {str(line.get_label()).removeprefix("line of "): line for line in lines}
    handles: list[Any] = [
        (line_of[label], artist) if (label := artist.get_label()) in line_of else artist
        for artist in drawn
        if artist not in lines
    ]
    add_legend(
        ax,
        handles=handles,
        labels=[str(artist.get_label()) for artist in drawn if artist not in lines],
        title="points and line of" if lines else None,
        ncols=1 + len(handles) // 18,
        handlelength=3.5,
    )


def _count(n: int, thing: str) -> str:
    return f"{n} {thing}{'s' if n != 1 else ''}"


def _describe_points(X: np.ndarray, y: np.ndarray, classes: np.ndarray) -> str:
    return f"{_count(len(X), 'point')} of {len(classes)} classes, by two features."


def _count_test_points(stars: np.ndarray) -> str:
    return f" {_count(len(stars), 'test point')} without a class." if len(stars) else ""


def _describe_test_points(model: Any, stars: np.ndarray) -> str:
    if len(stars) == 0:
        return ""
    fates = [f"{i} in class {label}" for i, label in enumerate(model.predict(stars), start=1)]
    return f" Test points lie as follows: {', '.join(fates)}."


def _draw_regions(model: Any, classes: np.ndarray, ax: Axes) -> AxesImage:
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


def _draw_lines(
    coef: np.ndarray, intercept: np.ndarray, classes: np.ndarray, ax: Axes
) -> tuple[Line2D, ...]:
    """Draw where each score ``w @ x + b`` is zero; a model with no slope has no such line."""
    lines: list[Line2D] = []
    for i, (w, b) in enumerate(zip(coef, intercept, strict=True)):
        if not w.any():
            continue
        on_line = -b * w / (w @ w)
        along = np.array([-w[1], w[0]])
        only_one = len(coef) == 1
        lines.append(
            ax.axline(
                on_line,
                on_line + along,
                color="black" if only_one else class_color(i),
                linestyle="-" if only_one else class_line_style(i),
                label="score = 0" if only_one else f"line of class {classes[i]}",
            )
        )
    return tuple(lines)


def _draw_test_points(stars: np.ndarray, ax: Axes) -> Line2D | None:
    if len(stars) == 0:
        return None
    drawn = ax.plot(
        *stars.T, "*", color="black", markeredgecolor="white", markersize=16, label="test points"
    )[0]
    for number, point in enumerate(stars, start=1):
        ax.annotate(str(number), point, xytext=(7, 7), textcoords="offset points", weight="bold")
    return drawn
