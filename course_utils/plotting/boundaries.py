"""Lines and regions of a linear classifier of two features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_colors, class_marker, in_course_style

__all__ = ["BoundaryPlot", "line_coefficients", "plot_multiclass_lr_ovr"]

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
        If the model is not fitted, or not linear.

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
    coef = np.vstack([np.atleast_2d(part.coef_) for part in parts])
    intercept = np.concatenate([np.atleast_1d(part.intercept_) for part in parts])
    return coef.astype(np.float64), intercept.astype(np.float64)


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
        A linear one, with ``coef_`` and ``intercept_``, or a ``OneVsRestClassifier`` around one.
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
        If ``lr`` is not a fitted linear classifier.

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
    X, y = _check_points(X, y)
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
    stars = None if test_points is None else np.atleast_2d(np.asarray(test_points, np.float64))
    if stars is not None and (stars.ndim != 2 or stars.shape[1] != 2):
        raise ValueError(f"test_points has shape {stars.shape}; give one row of two features each")

    ax = axes_for(ax, figsize=(7.0, 5.0))
    (left, right), (bottom, top) = _limits(X if stars is None else np.vstack([X, stars]))
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    regions = _draw_regions(lr, classes, ax) if decision_boundary else None
    points = tuple(
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
    lines = tuple(_draw_lines(coef, intercept, classes, ax))
    drawn_stars = _draw_test_points(stars, ax) if stars is not None else None
    ax.set(xlabel="feature 0", ylabel="feature 1")
    ax.set_title("One line a binary model" if len(lines) > 1 else "One line between two classes")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    text = f"Scatter plot of {len(X)} points in {n_classes} classes with {len(lines)} straight "
    text += "lines, one for each binary model"
    if regions is not None:
        text += "; the plane is coloured by the predicted class"
    if stars is not None:
        text += f"; {len(stars)} test points are marked by stars"
    set_alt_text(ax, text + ".")
    return BoundaryPlot(ax, points, lines, regions, drawn_stars)


def _check_points(X: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) == 0:
        raise ValueError(f"X has shape {X.shape}; only points of two features can be drawn, (n, 2)")
    if y.shape != (len(X),):
        raise ValueError(f"y has shape {y.shape}; give one class for each of the {len(X)} points")
    return X, y


def _limits(X: np.ndarray, margin: float = 0.08) -> np.ndarray:
    """Give ``[[left, right], [bottom, top]]`` around the points, with some air."""
    low, high = X.min(axis=0), X.max(axis=0)
    air = np.where(high > low, (high - low) * margin, 1.0)
    return np.stack([low - air, high + air], axis=1)


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
) -> list[Line2D]:
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
                label="score = 0" if only_one else f"line of class {classes[i]}",
            )
        )
    return lines


def _draw_test_points(stars: np.ndarray, ax: Axes) -> Line2D:
    drawn = ax.plot(
        *stars.T, "*", color="black", markeredgecolor="white", markersize=16, label="test points"
    )[0]
    for number, point in enumerate(stars, start=1):
        ax.annotate(str(number), point, xytext=(7, 7), textcoords="offset points", weight="bold")
    return drawn
