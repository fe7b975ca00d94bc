"""What several pictures are given as: a set, or a list of files or of pictures in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

__all__ = ["HasPaths", "Picture", "listed_pictures"]

Picture = str | os.PathLike[str] | Image.Image


class HasPaths(Protocol):
    """What an :class:`~course_utils.ImageSet` has that functions of many pictures need."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, one a picture."""


def listed_pictures(images: HasPaths | Iterable[Picture], function: str) -> Sequence[Any]:
    """Give the pictures one by one; refuse what looks like several and is not.

    Parameters
    ----------
    images
        What the reader gave.
    function
        The function that it was given to, for the message.

    Raises
    ------
    TypeError
        For one picture, whose name would be taken apart letter by letter, and for a data set, of
        which one split is meant.
    """
    if isinstance(images, str | os.PathLike | Image.Image):
        one = "picture" if isinstance(images, Image.Image) else repr(os.fspath(images))
        raise TypeError(
            f"{function} takes several pictures, and this is one; give a list, "
            f"{function}([{one}]). A folder of pictures is read by ImageSet.from_folder"
        )
    if isinstance(images, Mapping):
        raise TypeError(
            f"{function} takes one set of pictures; give one of {', '.join(map(str, images))}, "
            f'for example {function}(data["{next(iter(images), "train")}"])'
        )
    return images.paths if hasattr(images, "paths") else list(images)
