"""Duels: the line of each one-vs-one model of two features, between the two classes it knows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from numpy.typing import ArrayLike

from course_utils.plotting import _plane
from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.boundaries import line_coefficients
from course_utils.plotting.palette import class_color, in_course_style

__all__ = ["DuelPlot", "plot_one_vs_one"]


@dataclass(frozen=True, repr=False)
class DuelPlot(Drawn):
    """What :func:`plot_one_vs_one` drew."""

    ax: Axes
    points: tuple[Line2D, ...]
    """The training points, one artist a class."""
    lines: tuple[AxLine, ...]
    """Where each pair's score is zero: two artists a pair, one in the colour of either class."""
    regions: AxesImage | None
    """What the votes elect where, if it was asked for."""
    test_points: Line2D | None

    def _summary(self) -> str:
        return f"{len(self.points)} classes, {len(self.lines) // 2} lines"


@in_course_style
def plot_one_vs_one(
    model: Any,
    X: ArrayLike,
    y: ArrayLike,
    *,
    test_points: ArrayLike | None = None,
    decision_boundary: bool = False,
    title: str = "A line for each pair of classes",
    ax: Axes | None = None,
) -> DuelPlot:
    """Draw points of several classes and the line between each two, dashed in both their colours.

    Parameters
    ----------
    model : fitted OneVsOneClassifier
        Around a linear model.
    X : array_like, shape (n_points, 2)
        Two features of each training point.
    y : array_like, shape (n_points,)
        Their classes.
    test_points : array_like, shape (n_test, 2) or (2,), optional
        Points without a class, drawn as black stars and numbered from 1.
    decision_boundary : bool, default False
        Whether to colour the plane by the class that ``model`` predicts there.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    DuelPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If a shape is wrong, or a label in ``y`` is none of the model's classes.
    TypeError
        If ``model`` is not fitted, not linear, or has not one model for each pair of classes.

    Examples
    --------
    >>> from sklearn.datasets import make_blobs
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.multiclass import OneVsOneClassifier
    >>> X, y = make_blobs(centers=4, n_samples=120, random_state=3)
    >>> plot_one_vs_one(OneVsOneClassifier(LogisticRegression()).fit(X, y), X, y)
    <DuelPlot: 4 classes, 6 lines>
    """
    classes = np.asarray(getattr(model, "classes_", ()))
    pairs = list(combinations(range(len(classes)), 2))
    if len(getattr(model, "estimators_", ())) != len(pairs) or not pairs:
        raise TypeError(
            f"{type(model).__name__} has not one model for each pair of classes: give a fitted "
            "OneVsOneClassifier of a linear classifier"
        )
    coef, intercept = line_coefficients(model)
    if coef.shape[1] != 2:
        raise ValueError(f"model was fitted on {coef.shape[1]} features; only 2 can be drawn")
    X, y, stars = _plane.check_points(X, y, classes, test_points)

    ax = axes_for(ax, figsize=_plane.FIGURE_SIZE)
    _plane.set_limits(ax, X, stars)
    regions = _plane.draw_regions(model, classes, ax) if decision_boundary else None
    points = _plane.draw_points(X, y, classes, ax)
    lines: list[AxLine] = []
    for (one, other), w, b in zip(pairs, coef, intercept, strict=True):
        for look in ({"color": class_color(one)}, {"color": class_color(other), "dashes": (4, 4)}):
            line = _plane.draw_line(w, b, ax, **look)
            if line is not None:
                lines.append(line)
    ax.set(xlabel="feature 0", ylabel="feature 1", title=title)
    drawn_stars = _plane.draw_test_points(stars, ax, lines)
    _plane.add_plane_legend(ax)
    text = f"{title}: {_plane.describe_points(X, classes)} {_plane.count(len(pairs), 'line')}, each"
    text += " where the score between two of the classes is zero."
    text += " The plane is coloured by the predicted class." if decision_boundary else ""
    stars_in_words = _plane.describe_test_points(stars, model if decision_boundary else None)
    set_alt_text(ax, text + stars_in_words)
    return DuelPlot(ax, points, tuple(lines), regions, drawn_stars)
