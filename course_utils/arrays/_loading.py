"""Opening what lies under a name, whatever its format."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from course_utils.arrays._bcolz import BcolzArray
from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._folder import kind_of
from course_utils.arrays._npy import NpyArray
from course_utils.arrays._reading import ReadableArray
from course_utils.arrays._stored import StoredArray


def load_array(fname: str | os.PathLike[str]) -> np.ndarray:
    """Load a stored array into memory.

    Parameters
    ----------
    fname
        What :func:`save_array` or :class:`ArrayWriter` wrote, an old bcolz directory, or a
        ``.npy`` file.

    Returns
    -------
    numpy.ndarray
        In C order, writeable, with the shape and dtype that were saved.

    Raises
    ------
    FileNotFoundError
        When there is no array.
    ArrayFileError
        When it is damaged: no wrong number is ever returned. (The old formats have no checksums,
        so there only damage that shows can be reported.)
    MemoryError
        When it is larger than memory; :func:`open_array` reads it in pieces.
    """
    with open_array(fname) as stored:
        return stored.load()


def open_array(fname: str | os.PathLike[str]) -> ReadableArray:
    """Open a stored array without loading it.

    Parameters
    ----------
    fname
        As for :func:`load_array`.

    Returns
    -------
    ReadableArray
        With ``shape``, ``dtype``, ``attributes``, ``len()``, indexing that reads only what it
        needs, and ``chunks()`` to go through the array block by block. It keeps showing the state
        that was committed when it was opened.

    Raises
    ------
    FileNotFoundError
        When there is no array.
    ArrayFileError
        When it is damaged.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from course_utils import open_array, save_array
    >>> fname = tempfile.mkdtemp() + "/squares"
    >>> save_array(fname, np.arange(1000) ** 2, attributes={"what": "squares"})
    >>> with open_array(fname) as squares:
    ...     squares[[3, 30]], squares.attributes
    (array([  9, 900]), {'what': 'squares'})
    """
    path = Path(fname)
    kind = kind_of(path)
    if kind == "ours":
        return StoredArray(path)
    if kind == "bcolz":
        return BcolzArray(path)
    if kind == "file":
        return NpyArray(path)
    if kind == "nothing":
        unfinished = path.is_dir()
        raise FileNotFoundError(
            f"there is no array at {path}"
            + (": the folder is empty, or its first save was not finished" if unfinished else "")
        )
    columns = [entry.name for entry in path.iterdir() if kind_of(entry) == "bcolz"]
    if columns:
        raise ArrayFileError(
            path, "the folder", f"a bcolz table; open one of its columns: {path / columns[0]}"
        )
    raise ArrayFileError(path, "the folder", "neither a stored array nor a bcolz directory")
