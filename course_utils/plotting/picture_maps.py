"""Maps of pictures: each at its place in the plane, similar ones near each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, OffsetImage
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from course_utils.images.reading import read_image
from course_utils.images.sets import ImageSet
from course_utils.plotting import _map
from course_utils.plotting._drawn import PAGE_INCHES, Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.images import caption_of
from course_utils.plotting.palette import class_color, in_course_style

__all__ = ["PictureMap", "plot_picture_map"]

THUMBNAIL_PIXELS = 48


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
    where = _map.check_places(places)
    if len(where) != len(images):
        raise ValueError(f"{len(where)} places for {len(images)} pictures: give one for each")
    ringed = _map.check_rows(highlight, len(where))
    shown = _spread(where, len(where) if n_pictures is None else min(n_pictures, len(where)))
    ax = axes_for(ax, figsize=(PAGE_INCHES, 8.0))
    points: tuple[Line2D, ...] = ()
    rings = None
    if len(shown) < len(where):
        points = _map.draw_points(ax, where, images.labels, images.class_names)
        rings = _map.draw_rings(ax, where[ringed], highlight_label)
    pictures = tuple(
        _draw_picture(ax, images, i, where[i], ringed=i in ringed) for i in sorted(shown)
    )
    low, high = where.min(axis=0), where.max(axis=0)
    air = 0.06 * np.where(high > low, high - low, 1.0)
    ax.set_xlim(low[0] - air[0], high[0] + air[0])
    ax.set_ylim(low[1] - air[1], high[1] + air[1])
    _map.hide_numbers(ax)
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
    set_alt_text(ax, f"{text} {_map.describe_separation(where, images.labels)}")
    return PictureMap(ax, pictures, points, rings)


def _draw_picture(
    ax: Axes, images: ImageSet, index: int, place: np.ndarray, *, ringed: bool
) -> AnnotationBbox:
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
