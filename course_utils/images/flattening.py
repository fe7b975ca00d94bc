"""Pictures as rows of numbers: the matrix that a classical classifier wants."""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils._threads import map_in_threads
from course_utils.images._listing import HasPaths, Picture, listed_pictures
from course_utils.images.reading import read_image, to_rgb

__all__ = ["flatten_images"]


def flatten_images(
    images: HasPaths | Sequence[Picture],
    size: tuple[int, int] = (200, 200),
    *,
    color: bool = False,
    progress: bool = True,
) -> NDArray[np.float32]:
    """Scale pictures to one size and lay each one's pixels out in a row.

    The whole picture is squeezed into ``size``, whatever its shape, by Pillow's bilinear filter
    (which averages when it shrinks). Row ``i`` belongs to picture ``i``.

    Parameters
    ----------
    images
        A set, or a list of files or of Pillow images.
    size
        Width and height in pixels.
    color
        Keep red, green and blue; otherwise convert to grey (ITU-R 601-2 luma, Pillow's "L").
    progress
        Show a progress bar when it takes longer than a second.

    Returns
    -------
    numpy.ndarray
        Shape (n, height * width), or (n, height * width * 3) with ``color``; float32 from 0
        (black) to 1. Reshape a row to (height, width[, 3]) to see the picture again.

    Raises
    ------
    BadImageError
        When a picture cannot be read; the message names it.
    TypeError
        When ``images`` is one picture, or a data set with splits.
    ValueError
        When ``size`` is not two positive integers.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> X = flatten_images(load_dataset("textures").train, size=(32, 32))
    >>> X.shape
    (96, 1024)
    """
    if len(size) != 2 or min(size) < 1:
        raise ValueError(f"size must be a width and a height of at least 1 pixel; got {size!r}")
    width, height = (operator.index(length) for length in size)
    sources = listed_pictures(images, "flatten_images")
    rows = np.empty((len(sources), height * width * (3 if color else 1)), dtype=np.float32)

    def flatten_into_row(i: int) -> None:
        image = sources[i]
        if not isinstance(image, Image.Image):
            image = read_image(image, min_size=(2 * width, 2 * height))
        image = to_rgb(image) if color else to_rgb(image).convert("L")
        pixels = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
        np.divide(pixels.ravel(), 255, out=rows[i])

    map_in_threads(
        flatten_into_row,
        range(len(sources)),
        doing="flatten",
        unit="picture",
        progress=progress,
    )
    return rows
