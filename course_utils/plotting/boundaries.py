"""Lines: where the score of each one-vs-rest model of two features is zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from numpy.typing import ArrayLike

from course_utils.plotting import _plane
from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_line_style, in_course_style

__all__ = ["BoundaryPlot", "line_coefficients", "plot_multiclass_lr_ovr"]


@dataclass(frozen=True, repr=False)
class BoundaryPlot(Drawn):
    """What :func:`plot_multiclass_lr_ovr` drew."""

    ax: Axes
    points: tuple[Line2D, ...]
    """The training points, one artist a class."""
    lines: tuple[AxLine, ...]
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
    *,
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
        Points without a class, drawn as black stars; several are numbered from 1.
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
        If a shape is wrong, ``n_classes`` is not the number of classes that ``lr`` knows, or a
        label in ``y`` is none of them.
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
    X, y, stars = _plane.check_points(X, y, classes, test_points)

    ax = axes_for(ax, figsize=_plane.FIGURE_SIZE)
    _plane.set_limits(ax, X, stars)
    regions = _plane.draw_regions(lr, classes, ax) if decision_boundary else None
    points = _plane.draw_points(X, y, classes, ax)
    lines = _draw_lines(coef, intercept, classes, ax)
    two_classes = len(coef) == 1
    ax.set(xlabel="feature 0", ylabel="feature 1")
    ax.set_title("One line between two classes" if two_classes else "A line for each binary model")
    drawn_stars = _plane.draw_test_points(stars, ax, lines)
    _plane.add_plane_legend(ax, () if two_classes else lines)
    text = _plane.describe_points(X, classes)
    text += f" {_plane.count(len(lines), 'straight line')}, where the score of a binary model"
    text += " is zero."
    text += " The plane is coloured by the predicted class." if decision_boundary else ""
    set_alt_text(ax, text + _plane.describe_test_points(stars, lr if decision_boundary else None))
    return BoundaryPlot(ax, points, lines, regions, drawn_stars)


def _draw_lines(
    coef: np.ndarray, intercept: np.ndarray, classes: np.ndarray, ax: Axes
) -> tuple[AxLine, ...]:
    """Draw where each score ``w @ x + b`` is zero; a model with no slope has no such line."""
    lines: list[AxLine] = []
    only_one = len(coef) == 1
    for i, (w, b) in enumerate(zip(coef, intercept, strict=True)):
        look: dict[str, Any] = {
            "color": "black" if only_one else class_color(i),
            "linestyle": "-" if only_one else class_line_style(i),
            "label": "score = 0" if only_one else f"line of class {classes[i]}",
        }
        line = _plane.draw_line(w, b, ax, **look)
        if line is not None:
            lines.append(line)
    return tuple(lines)
