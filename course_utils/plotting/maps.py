"""Maps of a collection: points at places in the plane, similar ones near each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting import _map
from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import in_course_style

__all__ = ["METHODS", "MapPlot", "map_features", "plot_map"]

METHODS = ("pca", "tsne")
"""Ways to flatten features to two dimensions."""


def map_features(X: ArrayLike, method: str = "pca", *, seed: int = 0) -> NDArray[np.float64]:
    """Flatten features to two dimensions.

    Parameters
    ----------
    X : array_like of float, shape (n, n_features)
        At least three rows.
    method : {"pca", "tsne"}, default "pca"
        Principal component analysis keeps the two directions in which the features differ most:
        distances on the map are real, as far as they fit on paper. t-SNE keeps neighbours together:
        groups show better, but sizes of groups and distances between them mean nothing.
    seed : int, default 0
        For t-SNE.

    Returns
    -------
    ndarray of float64, shape (n, 2)

    Raises
    ------
    ValueError
        If the method is unknown, or ``X`` has another shape or too few rows.

    Examples
    --------
    >>> map_features(np.eye(4)).shape
    (4, 2)
    """
    if method not in METHODS:
        raise ValueError(f"method is {method!r}; choose one of {', '.join(METHODS)}")
    features = np.asarray(X, dtype=np.float64)
    n = len(features)
    if features.ndim != 2 or n < 3 or features.shape[1] < 2:
        raise ValueError(
            f"X has shape {features.shape}; a map needs 3 rows and 2 features at least"
        )
    if method == "pca":
        from sklearn.decomposition import PCA

        return PCA(n_components=2).fit_transform(features)
    from sklearn.manifold import TSNE

    # A point cannot have as many neighbours as there are points; 30 is scikit-learn's own choice.
    perplexity = min(30.0, (n - 1) / 3)
    return (
        TSNE(perplexity=perplexity, init="pca", random_state=seed)
        .fit_transform(features)
        .astype(float)
    )


@dataclass(frozen=True, repr=False)
class MapPlot(Drawn):
    """What :func:`plot_map` drew."""

    ax: Axes
    points: tuple[Line2D, ...]
    """One artist a class."""
    rings: Line2D | None = None
    """Around the highlighted points."""
    joins: LineCollection | None = None
    """Lines between joined points."""

    def _summary(self) -> str:
        return f"{sum(np.size(line.get_xdata()) for line in self.points)} points"


@in_course_style
def plot_map(
    places: ArrayLike,
    labels: ArrayLike,
    class_names: Sequence[str],
    *,
    highlight: ArrayLike = (),
    highlight_label: str = "highlighted",
    joins: ArrayLike = (),
    joins_label: str = "joined",
    title: str | None = None,
    ax: Axes | None = None,
) -> MapPlot:
    """Draw one point for each example, its class shown by colour and marker.

    The axes carry no numbers: on such a map only nearness means something.

    Parameters
    ----------
    places : array_like, shape (n, 2)
        From :func:`map_features`, or another method that flattens.
    labels : array_like of int, shape (n,)
        Index into ``class_names``.
    class_names : sequence of str
    highlight : array_like of int, optional
        Rows to ring in black, for instance those that a model gets wrong.
    highlight_label : str, default "highlighted"
        What the rings mean, for the legend.
    joins : array_like of int, shape (n_joins, 2), optional
        Pairs of rows to join by a thin line, for instance neighbours in the features themselves,
        which the map may have torn apart.
    joins_label : str, default "joined"
        What the lines mean, for the legend.
    title : str, optional
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    MapPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If places or labels have the wrong shape, or a label names no class.

    Examples
    --------
    >>> plot_map([[0, 0], [1, 1], [1, 0]], [0, 1, 1], ["cat", "dog"])
    <MapPlot: 3 points>
    """
    where = _map.check_places(places)
    y = _map.check_labels(labels, len(where), class_names)
    ringed = _map.check_rows(highlight, len(where))
    pairs = _check_joins(joins, len(where))
    ax = axes_for(ax, figsize=(6.8, 6.0))
    points = _map.draw_points(ax, where, y, class_names)
    lines = _draw_joins(ax, where[pairs], joins_label)
    rings = _map.draw_rings(ax, where[ringed], highlight_label)
    _map.hide_numbers(ax)
    ax.set_title(title or "")
    add_legend(ax)
    names = ", ".join(str(name) for name in class_names)
    text = f"{title or 'Map'}: {len(where)} points of the classes {names}."
    text += f" {len(ringed)} are ringed: {highlight_label}." if rings is not None else ""
    text += f" {len(pairs)} lines join two of them: {joins_label}." if lines is not None else ""
    set_alt_text(ax, f"{text} {_map.describe_separation(where, y)}")
    return MapPlot(ax, points, rings, lines)


def _check_joins(joins: ArrayLike, n: int) -> NDArray[np.int64]:
    pairs = np.asarray(joins)
    if pairs.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(f"joins has shape {pairs.shape}; give two rows a join, (n_joins, 2)")
    if pairs.dtype.kind not in "iu" or pairs.min() < 0 or pairs.max() >= n:
        raise ValueError(f"joins must hold pairs of rows from 0 to {n - 1}")
    return pairs.astype(np.int64)


def _draw_joins(ax: Axes, ends: NDArray[np.float64], label: str) -> LineCollection | None:
    if len(ends) == 0:
        return None
    lines = LineCollection(list(ends), colors="0.55", linewidths=0.8, zorder=1, label=label)
    ax.add_collection(lines)
    return lines
