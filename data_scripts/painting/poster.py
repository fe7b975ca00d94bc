"""A poster: one large picture of many painted animals, for a front page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils._files import replace_when_complete
from course_utils._threads import map_in_threads
from data_scripts.painting.scene import paint_animal

# No two of a kind side by side, nor above one another, for any number of columns that 4 does not
# divide.
CAST = ("cat", "dog", "fox", "leopard", "dog", "cat", "snow leopard", "fox")


def paint_poster(
    columns: int = 6,
    rows: int = 2,
    *,
    size: int = 256,
    gap: int = 6,
    seed: int = 10,
    kinds: Sequence[str] = CAST,
    paper: tuple[int, int, int] = (255, 255, 255),
) -> Image.Image:
    """Paint a grid of animals.

    Parameters
    ----------
    columns, rows
        How many animals side by side, and one above another.
    size
        Width and height of each in pixels.
    gap
        Width of the seams between them in pixels.
    seed
        Which animals. The default was chosen for its variety.
    kinds
        Kinds of animals, taken in turn, starting three further in each row.
    paper
        Colour of the seams, red, green and blue from 0 to 255.

    Returns
    -------
    PIL.Image.Image
        An RGB picture.

    Raises
    ------
    ValueError
        When there is not at least one column, one row and one kind.

    Examples
    --------
    >>> paint_poster(3, 1, size=64, gap=4).size
    (200, 64)
    """
    if columns < 1 or rows < 1 or not kinds:
        raise ValueError(
            f"a poster needs columns, rows and kinds, but got {columns}, {rows} and {kinds!r}"
        )
    step = size + gap
    poster = Image.new("RGB", (columns * step - gap, rows * step - gap), paper)
    places = [(row, column) for row in range(rows) for column in range(columns)]

    def paint_one(place: tuple[int, int]) -> Image.Image:
        row, column = place
        kind = kinds[(column + 3 * row) % len(kinds)]
        large = paint_animal(kind, np.random.default_rng([seed, row, column]), 2 * size)
        return large.reduce(2)

    animals = map_in_threads(paint_one, places, doing="paint", unit="animal", progress=False)
    for (row, column), animal in zip(places, animals, strict=True):
        poster.paste(animal, (column * step, row * step))
    return poster


def save_poster(
    path: str | os.PathLike[str], columns: int = 6, rows: int = 2, seed: int = 10
) -> None:
    """Paint a poster into a file, whole or not at all.

    Parameters
    ----------
    path
        A file whose name ends in ``.jpg`` or ``.png``.
    columns, rows, seed
        See `paint_poster`.

    Raises
    ------
    ValueError
        When the name has another ending.
    """
    kind = picture_format(path)
    with replace_when_complete(path) as temporary:
        paint_poster(columns, rows, seed=seed).save(temporary, kind, quality=92)


def picture_format(path: str | os.PathLike[str]) -> str:
    """Name the format that a file's ending asks for, as Pillow calls it.

    Raises
    ------
    ValueError
        When the name does not end in ``.jpg`` or ``.png``.
    """
    kind = {".jpg": "JPEG", ".png": "PNG"}.get(Path(path).suffix.lower())
    if kind is None:
        raise ValueError(f"{path} must end in .jpg or .png")
    return kind
