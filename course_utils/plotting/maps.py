"""Maps of a collection: points or pictures at places in the plane, similar ones near each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.images import caption_of
from course_utils.plotting.palette import class_color, class_marker, in_course_style

if TYPE_CHECKING:
    from course_utils.images.sets import ImageSet

__all__ = ["METHODS", "MapPlot", "PictureMap", "map_features", "plot_map", "plot_picture_map"]

METHODS = ("pca", "tsne")
"""Ways to flatten features to two dimensions."""

THUMBNAIL_PIXELS = 48


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

    def _summary(self) -> str:
        return f"{sum(np.size(line.get_xdata()) for line in self.points)} points"


@dataclass(frozen=True, repr=False)
class PictureMap(Drawn):
    """What :func:`plot_picture_map` drew."""

    ax: Axes
    pictures: tuple[AnnotationBbox, ...]
    points: tuple[Line2D, ...] = ()
    """One artist a class, where not all pictures are shown."""
    rings: Line2D | None = None
    """Around the highlighted points."""

    def _summary(self) -> str:
        return f"{len(self.pictures)} pictures"


@in_course_style
def plot_map(
    places: ArrayLike,
    labels: ArrayLike,
    class_names: Sequence[str],
    *,
    highlight: ArrayLike = (),
    highlight_label: str = "highlighted",
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
    where, y = _check_places(places), np.asarray(labels)
    if y.shape != (len(where),):
        raise ValueError(
            f"labels has shape {y.shape}; give one for each of the {len(where)} places"
        )
    if y.min() < 0 or y.max() >= len(class_names):
        raise ValueError(
            f"labels run from {y.min()} to {y.max()}, but there are {len(class_names)} class names"
        )
    ringed = _check_rows(highlight, len(where))
    ax = axes_for(ax, figsize=(7.5, 5.5))
    points = _draw_points(ax, where, y, class_names)
    rings = _draw_rings(ax, where[ringed], highlight_label)
    _without_numbers(ax)
    ax.set_title(title or "")
    add_legend(ax)
    names = ", ".join(str(name) for name in class_names)
    text = f"{title or 'Map'}: {len(where)} points of the classes {names}."
    text += f" {len(ringed)} are ringed: {highlight_label}." if rings is not None else ""
    set_alt_text(ax, f"{text} {_describe_separation(where, y)}")
    return MapPlot(ax, points, rings)


@in_course_style
def plot_picture_map(
    places: ArrayLike,
    images: ImageSet,
    *,
    n_pictures: int | None = None,
    highlight: ArrayLike = (),
    highlight_label: str = "highlighted",
    title: str | None = None,
    ax: Axes | None = None,
) -> PictureMap:
    """Draw each picture of a set at its place, small, in a frame of its class's colour.

    Parameters
    ----------
    places : array_like, shape (n, 2)
        From :func:`map_features`, or another method that flattens; row i belongs to picture i.
    images : ImageSet
    n_pictures : int, optional
        Show only so many of the pictures, spread over the map, and points for the others.
    highlight : array_like of int, optional
        Rows to ring in black, for instance those that a model gets wrong.
    highlight_label : str, default "highlighted"
        What the rings mean, for the legend.
    title : str, optional
        The pictures' name, split and origin (photographs or painted) are added below.
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    PictureMap
        The axes and the artists.

    Raises
    ------
    ValueError
        If there is not one place for each picture.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> textures = load_dataset("textures").train.sample(2, seed=0)
    >>> plot_picture_map(np.random.default_rng(0).normal(size=(6, 2)), textures)
    <PictureMap: 6 pictures>
    """
    where = _check_places(places)
    if len(where) != len(images):
        raise ValueError(f"{len(where)} places for {len(images)} pictures: give one for each")
    ringed = _check_rows(highlight, len(where))
    shown = _spread(where, len(where) if n_pictures is None else min(n_pictures, len(where)))
    ax = axes_for(ax, figsize=(10.0, 8.0))
    points: tuple[Line2D, ...] = ()
    rings = None
    if len(shown) < len(where):
        points = _draw_points(ax, where, images.labels, images.class_names)
        rings = _draw_rings(ax, where[ringed], highlight_label)
    pictures = tuple(
        _draw_picture(ax, images, i, where[i], ringed=i in ringed) for i in sorted(shown)
    )
    low, high = where.min(axis=0), where.max(axis=0)
    air = 0.06 * np.where(high > low, high - low, 1.0)
    ax.set_xlim(low[0] - air[0], high[0] + air[0])
    ax.set_ylim(low[1] - air[1], high[1] + air[1])
    _without_numbers(ax)
    ax.set_title("\n".join(line for line in (title, caption_of(images)) if line))
    frames = [
        Line2D([], [], linestyle="", marker="s", markersize=11, color=class_color(i), label=name)
        for i, name in enumerate(images.class_names)
    ]
    if len(ringed):
        look: dict[str, Any] = {
            "markerfacecolor": "none",
            "markeredgecolor": "black",
            "markeredgewidth": 2,
        }
        frames.append(
            Line2D([], [], linestyle="", marker="s", markersize=13, label=highlight_label, **look)
        )
    handles = [*points, *([] if rings is None else [rings])] or frames
    heading = "frame" if handles is frames else "point or frame"
    add_legend(ax, handles=handles, title=heading)
    counts = ", ".join(f"{count} {name}" for name, count in images.class_counts().items())
    text = f"{title or 'Map'}: {counts}; {len(shown)} of them as small pictures at their places."
    text += f" {len(ringed)} are ringed: {highlight_label}." if len(ringed) else ""
    set_alt_text(ax, f"{text} {_describe_separation(where, images.labels)}")
    return PictureMap(ax, pictures, points, rings)


def _check_places(places: ArrayLike) -> np.ndarray:
    where = np.asarray(places, dtype=np.float64)
    if where.ndim != 2 or where.shape[1] != 2 or len(where) == 0:
        raise ValueError(f"places has shape {where.shape}; a map needs two numbers a row, (n, 2)")
    return where


def _check_rows(highlight: ArrayLike, n: int) -> NDArray[np.int64]:
    rows = np.asarray(highlight)
    if rows.size == 0:
        return np.empty(0, dtype=np.int64)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= n:
        raise ValueError(
            f"highlight must list rows from 0 to {n - 1}; np.flatnonzero makes them from a mask"
        )
    return rows.astype(np.int64)


def _draw_points(
    ax: Axes, where: np.ndarray, y: np.ndarray, class_names: Sequence[str]
) -> tuple[Line2D, ...]:
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


def _draw_rings(ax: Axes, where: np.ndarray, label: str) -> Line2D | None:
    if len(where) == 0:
        return None
    look: dict[str, Any] = {
        "markerfacecolor": "none",
        "markeredgecolor": "black",
        "markeredgewidth": 1.8,
    }
    return ax.plot(*where.T, "o", markersize=15, label=label, **look)[0]


def _draw_picture(
    ax: Axes, images: ImageSet, index: int, place: np.ndarray, *, ringed: bool
) -> AnnotationBbox:
    from course_utils.images.sets import read_image

    # Twice as many pixels as are shown at 100 dots an inch: sharp also on a finer screen.
    side = 2 * THUMBNAIL_PIXELS
    thumbnail = read_image(images.paths[index], min_size=(side, side))
    thumbnail.thumbnail((side, side))
    color = class_color(int(images.labels[index]))
    frame: dict[str, Any] = {"edgecolor": color, "linewidth": 2.5, "facecolor": color}
    if ringed:
        frame["path_effects"] = [withStroke(linewidth=7.0, foreground="black")]
    box = AnnotationBbox(
        OffsetImage(np.asarray(thumbnail), zoom=0.5), tuple(place), pad=0.15, bboxprops=frame
    )
    ax.add_artist(box)
    return box


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


def _without_numbers(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def _describe_separation(positions: NDArray[np.float64], y: NDArray[np.int64]) -> str:
    """Say how mixed the classes are: how often a point's nearest neighbour is of its own class."""
    if len(y) < 2:
        return "It is a single point."
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    same = float((y[distances.argmin(axis=1)] == y).mean())
    return f"The nearest neighbour on the map is of the same class for {same:.0%} of the pictures."
