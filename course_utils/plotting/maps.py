"""Maps of a collection: points or pictures at places in the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from numpy.typing import ArrayLike

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, class_marker, in_course_style

if TYPE_CHECKING:
    from course_utils.images import ImageSet

__all__ = ["MapPlot", "PictureMap", "plot_map", "plot_picture_map"]

THUMBNAIL_PIXELS = 48


@dataclass(frozen=True, repr=False)
class MapPlot(Drawn):
    """What :func:`plot_map` drew."""

    ax: Axes
    points: tuple[Line2D, ...]
    """One artist a class."""

    def _summary(self) -> str:
        return f"{sum(np.size(line.get_xdata()) for line in self.points)} points"


@dataclass(frozen=True, repr=False)
class PictureMap(Drawn):
    """What :func:`plot_picture_map` drew."""

    ax: Axes
    pictures: tuple[AnnotationBbox, ...]

    def _summary(self) -> str:
        return f"{len(self.pictures)} pictures"


@in_course_style
def plot_map(
    places: ArrayLike,
    labels: ArrayLike,
    class_names: Sequence[str],
    *,
    title: str | None = None,
    ax: Axes | None = None,
) -> MapPlot:
    """Draw one point for each example, its class shown by colour and marker.

    The axes carry no numbers: on such a map only nearness means something.

    Parameters
    ----------
    places : array_like, shape (n, 2)
        From PCA, t-SNE or another method that flattens.
    labels : array_like of int, shape (n,)
        Index into ``class_names``.
    class_names : sequence of str
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
    ax = axes_for(ax, figsize=(6.5, 5.5))
    points = tuple(
        ax.plot(
            *where[y == index].T,
            class_marker(index),
            color=class_color(index),
            markersize=7,
            alpha=0.7,
            markeredgewidth=0,
            label=str(name),
        )[0]
        for index, name in enumerate(class_names)
    )
    _without_numbers(ax)
    ax.set_title(title or "")
    ax.legend(loc="best")
    names = ", ".join(str(name) for name in class_names)
    set_alt_text(ax, f"{title or 'Map'}: {len(where)} points of the classes {names}.")
    return MapPlot(ax, points)


@in_course_style
def plot_picture_map(
    places: ArrayLike,
    images: ImageSet,
    *,
    title: str | None = None,
    ax: Axes | None = None,
) -> PictureMap:
    """Draw each picture of a set at its place, small, in a frame of its class's colour.

    Parameters
    ----------
    places : array_like, shape (n, 2)
        From PCA, t-SNE or another method that flattens; row i belongs to picture i.
    images : ImageSet
    title : str, optional
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
    """
    from course_utils.images import read_image

    where = _check_places(places)
    if len(where) != len(images):
        raise ValueError(f"{len(where)} places for {len(images)} pictures: give one for each")
    ax = axes_for(ax, figsize=(10.0, 8.5))
    pictures: list[AnnotationBbox] = []
    for place, path, label in zip(where, images.paths, images.labels, strict=True):
        thumbnail = read_image(path, min_size=(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        thumbnail.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        color = class_color(int(label))
        frame = {"edgecolor": color, "linewidth": 2.5, "facecolor": color}
        box = AnnotationBbox(
            OffsetImage(np.asarray(thumbnail)), tuple(place), pad=0.15, bboxprops=frame
        )
        ax.add_artist(box)
        pictures.append(box)
    low, high = where.min(axis=0), where.max(axis=0)
    air = 0.05 * np.where(high > low, high - low, 1.0)
    ax.set_xlim(low[0] - air[0], high[0] + air[0])
    ax.set_ylim(low[1] - air[1], high[1] + air[1])
    _without_numbers(ax)
    ax.set_title(title or "")
    frames = [
        Line2D([], [], linestyle="", marker="s", markersize=11, color=class_color(i), label=name)
        for i, name in enumerate(images.class_names)
    ]
    ax.legend(handles=frames, loc="upper left", bbox_to_anchor=(1.0, 1.0), title="frame")
    counts = ", ".join(f"{count} {name}" for name, count in images.class_counts().items())
    set_alt_text(ax, f"{title or 'Map'}: {counts}, each as a small picture at its place.")
    return PictureMap(ax, tuple(pictures))


def _check_places(places: ArrayLike) -> np.ndarray:
    where = np.asarray(places, dtype=np.float64)
    if where.ndim != 2 or where.shape[1] != 2 or len(where) == 0:
        raise ValueError(f"places has shape {where.shape}; a map needs two numbers a row, (n, 2)")
    return where


def _without_numbers(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
