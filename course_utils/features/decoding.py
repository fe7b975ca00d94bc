"""From picture files to pixels in memory, in threads, ahead of the network.

Threads are enough: Pillow lets go of Python's lock while it decodes and resizes. Worker processes
would cost start-up time and memory, and can be killed.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils.images._reasons import explain
from course_utils.images.reading import BadImageError, read_image, read_with_header, to_rgb
from course_utils.images.stores import fetch, is_address, located
from course_utils.networks.preprocessing import Preprocessing

__all__ = [
    "Fetched",
    "FileState",
    "Picture",
    "bare_state",
    "decode_picture",
    "digest_picture",
    "fetched",
    "map_in_order",
    "path_of",
    "state_of",
]

Picture = str | os.PathLike[str] | Image.Image
"""A picture is the path of its file, its address, or a PIL image."""

T = TypeVar("T")
R = TypeVar("R")


class Fetched(NamedTuple):
    """A picture that was fetched from its address, whole."""

    address: str
    content: bytes


def fetched(picture: Picture) -> Picture | Fetched:
    """Fetch a picture that lies elsewhere, once for all that is done with it; others stay.

    Raises
    ------
    BadImageError
        When there is no such object, or it may not be read.
    StoreError
        When the store cannot be reached.
    """
    if not is_address(picture):
        return picture
    try:
        return Fetched(str(picture), fetch(str(picture)))
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise BadImageError(str(picture), explain(str(picture), error)) from error


class FileState(NamedTuple):
    """What the file system says about a file; it differs after any change to the contents."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> FileState:
        """Ask the file system.

        Raises
        ------
        OSError
            When there is no such file.
        """
        return cls(*bare_state(path))


def bare_state(path: str | os.PathLike[str]) -> tuple[int, int, int, int]:
    """Give the same as :meth:`FileState.of`, as a plain tuple: it takes half as long to make."""
    stat = os.stat(path)  # noqa: PTH116 - making a Path would take longer than asking
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def state_of(picture: Picture | Fetched) -> FileState | None:
    """Ask for the state of a picture's file; None for a picture in memory.

    Raises
    ------
    BadImageError
        When the file is not there or may not be looked at.
    """
    if isinstance(picture, (Image.Image, Fetched)):
        return None
    try:
        return FileState.of(picture)
    except OSError as error:
        read_image(picture)  # raises the error that explains what is wrong
        raise BadImageError(picture, str(error)) from error


def digest_picture(picture: Picture | Fetched) -> bytes:
    """Give the SHA-256 of a picture: of the file's bytes, or of the pixels of one in memory.

    Raises
    ------
    BadImageError
        When the file cannot be read.
    """
    if isinstance(picture, Image.Image):
        pixels = np.asarray(to_rgb(picture))
        return hashlib.sha256(b"pixels %d %d\n" % picture.size + pixels.tobytes()).digest()
    if isinstance(picture, Fetched):
        return hashlib.sha256(picture.content).digest()
    try:
        with Path(picture).open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        read_image(picture)  # raises the error that explains what is wrong
        raise BadImageError(picture, str(error)) from error


def decode_picture(
    picture: Picture | Fetched, transform: Preprocessing, *, draft: bool
) -> NDArray[np.uint8]:
    """Read a picture, resize and crop it.

    Parameters
    ----------
    picture : path, PIL.Image.Image or Fetched
    transform : Preprocessing
    draft : bool
        Let the JPEG decoder leave out detail that resizing would remove: it decodes at 1/2, 1/4 or
        1/8 of the size, but never below the size that the picture is resized to.

    Returns
    -------
    numpy.ndarray of uint8, shape (height, width, 3)

    Raises
    ------
    BadImageError
        When the file cannot be read.
    """
    if isinstance(picture, Image.Image):
        return transform.pixels(to_rgb(picture))
    size = (transform.resize, transform.resize)
    path, content = picture if isinstance(picture, Fetched) else (picture, None)
    image, _ = read_with_header(path, min_size=size if draft else None, content=content)
    return transform.pixels(image)


def map_in_order(
    function: Callable[[T], R], items: Iterable[T], *, threads: int, ahead: int
) -> Iterator[R]:
    """Apply a function in threads; give the results in the order of the items.

    Unlike ``Executor.map`` it never works further ahead than asked for, so that memory stays
    bounded however slowly the results are taken.

    Parameters
    ----------
    function : callable
    items : iterable
    threads : int
    ahead : int
        How many results may wait.

    Yields
    ------
    object
        ``function(item)``, or what it raised is raised.
    """
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def path_of(picture: Picture, i: int) -> Path | str:
    """Name a picture: its path or address, or its number when it was given in memory."""
    if isinstance(picture, Path):
        return picture
    return Path(f"<picture {i}>") if isinstance(picture, Image.Image) else located(picture)
