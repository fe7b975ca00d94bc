"""Regions: which class a classifier of two features predicts where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from course_utils.plotting import _plane
from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import in_course_style

__all__ = ["RegionPlot", "plot_class_regions"]


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


@in_course_style
def plot_class_regions(
    model: Any,
    X: ArrayLike,
    y: ArrayLike,
    *,
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
        Points without a class, drawn as black stars; several are numbered from 1.
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
        If a shape is wrong, or a label in ``y`` is none of the model's classes.
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
    if not hasattr(model, "classes_") or not hasattr(model, "predict"):
        raise TypeError(f"{type(model).__name__} predicts no classes: give a fitted classifier")
    if getattr(model, "n_features_in_", 2) != 2:
        raise ValueError(
            f"model was fitted on {model.n_features_in_} features; only 2 can be drawn"
        )
    classes = np.asarray(model.classes_)
    X, y, stars = _plane.check_points(X, y, classes, test_points)

    ax = axes_for(ax, figsize=_plane.FIGURE_SIZE)
    _plane.set_limits(ax, X, stars)
    regions = _plane.draw_regions(model, classes, ax)
    points = _plane.draw_points(X, y, classes, ax)
    ax.set(xlabel="feature 0", ylabel="feature 1", title=title)
    drawn_stars = _plane.draw_test_points(stars, ax)
    _plane.add_plane_legend(ax)
    text = f"{title}: {_plane.describe_points(X, classes)}"
    text += " The plane is coloured by the predicted class."
    set_alt_text(ax, text + _plane.describe_test_points(stars, model))
    return RegionPlot(ax, points, regions, drawn_stars)
