"""A map of pictures: features flattened to two dimensions, similar pictures near each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.images import as_pixels, caption_of
from course_utils.plotting.palette import class_color, class_marker, in_course_style

__all__ = ["METHODS", "FeatureMap", "map_features", "plot_feature_map"]

METHODS = ("pca", "tsne")
"""Ways to flatten features to two dimensions."""

THUMBNAIL_PIXELS = 40


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
class FeatureMap(Drawn):
    """What :func:`plot_feature_map` drew."""

    ax: Axes
    points: tuple[Line2D, ...]
    """One artist a class."""
    rings: Line2D | None
    thumbnails: tuple[AnnotationBbox, ...]

    def _summary(self) -> str:
        return f"{sum(len(np.asarray(points.get_xydata())) for points in self.points)} points"


@in_course_style
def plot_feature_map(
    positions: ArrayLike,
    y: ArrayLike,
    class_names: Sequence[str] | None = None,
    *,
    images: Sequence[Any] | None = None,
    n_thumbnails: int = 24,
    highlight: ArrayLike | None = None,
    highlight_label: str = "highlighted",
    title: str = "A map of the features",
    ax: Axes | None = None,
) -> FeatureMap:
    """Draw a map of pictures, with some of the pictures on it.

    Parameters
    ----------
    positions : array_like of float, shape (n, 2)
        What :func:`map_features` gave.
    y : array_like of int, shape (n,)
        Classes, as positions in ``class_names``.
    class_names : sequence of str, optional
        Needed unless ``images`` is an ImageSet, which has them.
    images : ImageSet or sequence of paths, PIL images or arrays, optional
        The pictures, to show some of them where they lie.
    n_thumbnails : int, default 24
        How many to show. They are spread over the map, so that they overlap little.
    highlight : array_like of int, optional
        Rows to ring in black, for instance those that a model gets wrong.
    highlight_label : str, default "highlighted"
        What the rings mean, for the legend.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    FeatureMap
        The axes and the artists.

    Raises
    ------
    ValueError
        If the arguments do not fit each other.

    Examples
    --------
    >>> plot_feature_map([[0, 0], [0, 1], [5, 5]], [0, 0, 1], ["cat", "dog"])
    <FeatureMap: 3 points>
    """
    names = getattr(images, "class_names", None) if class_names is None else class_names
    if names is None:
        raise ValueError("class_names are needed, since images is not an ImageSet")
    names = [str(name) for name in names]
    positions, y = _check_positions(positions, y, len(names))
    if images is not None and len(images) != len(y):
        raise ValueError(f"{len(images)} images do not fit {len(y)} positions")

    ax = axes_for(ax, figsize=(9.0, 7.0) if images is not None else (7.0, 5.0))
    points = tuple(
        ax.plot(
            *positions[y == k].T,
            class_marker(k),
            color=class_color(k),
            markeredgecolor="black",
            markeredgewidth=0.7,
            markersize=8,
            alpha=0.85,
            label=name,
        )[0]
        for k, name in enumerate(names)
    )
    ringed = np.asarray([] if highlight is None else highlight, dtype=np.int64)
    rings = _draw_rings(ax, positions[ringed], highlight_label) if len(ringed) else None
    shown = [] if images is None else _spread(positions, min(n_thumbnails, len(y)))
    thumbnails = tuple(
        _draw_thumbnail(ax, images[i], positions[i], class_color(int(y[i])), ringed=i in ringed)
        for i in shown
        if images is not None
    )
    ax.margins(0.08)
    # The axes of a map are mixtures of all features: their numbers mean nothing to a reader.
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set(xlabel="first direction", ylabel="second direction")
    where_from = caption_of(images)
    ax.set_title(f"{title}\n{where_from}" if where_from else title)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    counts = ", ".join(f"{int((y == k).sum())} {name}" for k, name in enumerate(names))
    text = f"{title}: {len(y)} pictures as points in two dimensions, {counts}"
    if rings is not None:
        text += f"; {len(ringed)} are {highlight_label}"
    set_alt_text(ax, f"{text}. {_describe_separation(positions, y)}")
    return FeatureMap(ax, points, rings, thumbnails)


def _check_positions(
    positions: ArrayLike, y: ArrayLike, n_classes: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    places, labels = np.asarray(positions, dtype=np.float64), np.asarray(y)
    if places.ndim != 2 or places.shape[1] != 2 or labels.shape != (len(places),):
        raise ValueError(
            f"positions have shape {places.shape} and y {labels.shape}; they must be (n, 2) and "
            "(n,): map_features makes positions from features"
        )
    if labels.dtype.kind not in "iu" or (labels < 0).any() or (labels >= n_classes).any():
        raise ValueError(f"y must hold class numbers from 0 to {n_classes - 1}")
    return places, labels.astype(np.int64)


def _draw_rings(ax: Axes, positions: NDArray[np.float64], label: str) -> Line2D:
    return ax.plot(
        *positions.T,
        "o",
        markersize=16,
        markerfacecolor="none",
        markeredgecolor="black",
        markeredgewidth=1.8,
        label=label,
    )[0]


def _spread(positions: NDArray[np.float64], n: int) -> list[int]:
    """Choose rows far from each other: each next one the farthest from all chosen so far."""
    if n < 1:
        return []
    low, high = positions.min(axis=0), positions.max(axis=0)
    scaled = (positions - low) / np.where(high > low, high - low, 1.0)
    chosen = [int(np.linalg.norm(scaled - scaled.mean(axis=0), axis=1).argmin())]
    distance = np.linalg.norm(scaled - scaled[chosen[0]], axis=1)
    while len(chosen) < n:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(scaled - scaled[chosen[-1]], axis=1))
    return chosen


def _draw_thumbnail(
    ax: Axes, picture: Any, position: NDArray[np.float64], color: str, *, ringed: bool
) -> AnnotationBbox:
    from PIL import Image

    pixels = as_pixels(picture)
    if pixels.dtype.kind == "f":
        pixels = np.round(pixels * 255)
    small = Image.fromarray(pixels.astype(np.uint8)).convert("RGB")
    small.thumbnail((2 * THUMBNAIL_PIXELS, 2 * THUMBNAIL_PIXELS))
    outline = [withStroke(linewidth=6.0, foreground="black")] if ringed else []
    box = AnnotationBbox(
        OffsetImage(np.asarray(small), zoom=0.5),
        (float(position[0]), float(position[1])),
        pad=0.15,
        bboxprops={"edgecolor": color, "linewidth": 2.5, "path_effects": outline},
    )
    ax.add_artist(box)
    return box


def _describe_separation(positions: NDArray[np.float64], y: NDArray[np.int64]) -> str:
    """Say how mixed the classes are: how often a point's nearest neighbour is of its own class."""
    if len(y) < 2:
        return "It is a single point."
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    same = float((y[distances.argmin(axis=1)] == y).mean())
    return f"The nearest neighbour on the map is of the same class for {same:.0%} of the pictures."
