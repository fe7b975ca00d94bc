"""A picture with the things in it marked: by boxes, or by their shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, in_course_style

__all__ = ["ObjectPlot", "plot_objects"]

BOX = class_color(3)
SHAPE_OPACITY = 0.6


@dataclass(frozen=True, repr=False)
class ObjectPlot(Drawn):
    """What :func:`plot_objects` drew."""

    ax: Axes
    boxes: tuple[Rectangle, ...]
    n_shapes: int

    def _summary(self) -> str:
        return f"{len(self.boxes)} boxes, {self.n_shapes} shapes"


@in_course_style
def plot_objects(
    picture: Any,
    *,
    boxes: Sequence[tuple[slice, slice]] = (),
    shapes: ArrayLike | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> ObjectPlot:
    """Show a picture with boxes around things, or with the things coloured in.

    Parameters
    ----------
    picture : PIL image or array_like, shape (height, width) or (height, width, 3)
        Integers from 0 to 255.
    boxes : sequence of (slice, slice), optional
        Rows and columns of each thing, as ``scipy.ndimage.find_objects`` gives them.
    shapes : array_like of int, shape (height, width), optional
        For each pixel the number of the thing that it belongs to, from 1; 0 where there is none.
    title : str, optional
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ObjectPlot
        The axes, the boxes, and how many shapes were coloured.

    Raises
    ------
    ValueError
        If the shapes are not of the picture's size, or a box does not lie in it.

    Examples
    --------
    >>> picture = np.zeros((20, 30), np.uint8)
    >>> plot_objects(picture, boxes=[(slice(2, 8), slice(5, 15))])
    <ObjectPlot: 1 boxes, 0 shapes>
    """
    pixels = np.asarray(picture)
    if pixels.ndim not in (2, 3) or pixels.dtype != np.uint8:
        raise ValueError(
            f"picture has shape {pixels.shape} and type {pixels.dtype}; give (height, width) or "
            "(height, width, 3), uint8"
        )
    height, width = pixels.shape[:2]
    for rows, columns in boxes:
        inside = 0 <= rows.start < rows.stop <= height
        if not (inside and 0 <= columns.start < columns.stop <= width):
            raise ValueError(
                f"the box of rows {rows.start} to {rows.stop} and columns {columns.start} to "
                f"{columns.stop} does not lie in a picture of {height} x {width} pixels"
            )
    colored = pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=2)
    n_shapes = 0
    if shapes is not None:
        labels = np.asarray(shapes)
        if labels.shape != (height, width) or labels.dtype.kind not in "ui" or labels.min() < 0:
            raise ValueError(
                f"shapes has shape {labels.shape} and type {labels.dtype}; give one whole number, "
                f"0 or more, for each of the {height} x {width} pixels"
            )
        n_shapes = len(np.unique(labels[labels > 0]))
        colored = _colored_in(colored, labels)

    ax = axes_for(ax, figsize=(6.4, 5.0))
    ax.imshow(colored)
    ax.set(xticks=[], yticks=[], title=title or "")
    drawn = []
    for rows, columns in boxes:
        corner = (columns.start - 0.5, rows.start - 0.5)
        size = (columns.stop - columns.start, rows.stop - rows.start)
        box = Rectangle(corner, *size, fill=False, edgecolor=BOX, linewidth=2)
        ax.add_patch(box)
        drawn.append(box)
    set_alt_text(ax, _in_words(title, len(drawn), n_shapes))
    return ObjectPlot(ax, tuple(drawn), n_shapes)


def _colored_in(pixels: NDArray[np.uint8], labels: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Tint each shape, neighbours in the order of their numbers in different colours."""
    palette = np.array([to_rgb(class_color(i)) for i in range(7)]) * 255
    tints = palette[(labels - 1) % len(palette)]
    mixed = (1 - SHAPE_OPACITY) * pixels + SHAPE_OPACITY * tints
    return np.where((labels > 0)[:, :, None], mixed, pixels).astype(np.uint8)


def _in_words(title: str | None, n_boxes: int, n_shapes: int) -> str:
    marked = [
        f"{count} {what if count == 1 else several}"
        for count, what, several in (
            (n_boxes, "thing in a box", "things, each in a box"),
            (n_shapes, "thing coloured in", "things, each coloured in along its outline"),
        )
        if count
    ]
    heading = " ".join(title.split()) if title else "A picture"
    return f"{heading}: {' and '.join(marked) or 'nothing is marked in it'}."
