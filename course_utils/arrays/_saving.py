"""Saving whole arrays."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.arrays._appender import ChunkAppender
from course_utils.arrays._codec import Compression
from course_utils.arrays._format import Manifest
from course_utils.arrays._input import (
    as_storable,
    check_attributes,
    check_compression,
    contiguous_pieces,
)
from course_utils.arrays._locking import explaining_full_disk, locked


def save_array(
    fname: str | os.PathLike[str],
    arr: Any,
    *,
    attributes: dict[str, Any] | None = None,
    compression: Compression = "fast",
) -> None:
    """Save an array, so that :func:`load_array` gives it back; replace what was saved before.

    The array under ``fname`` is at every moment the old one or the new one, whole, also for those
    who are reading it, and when the program is killed, the disk is full or the power fails.

    Parameters
    ----------
    fname
        A folder, made when missing. The argument order is that of fast.ai's lessons.
    arr
        An array of any shape and layout, of booleans, numbers, fixed-width text or dates; a torch
        tensor on any device; or what ``numpy.asarray`` accepts. It may be a ``numpy.memmap`` that
        is larger than memory.
    attributes
        A small dictionary that JSON can hold, to travel with the array: which network, which
        layer, when. Tuples come back as lists.
    compression
        ``"fast"``: to write and to read. ``"small"``: about a third less on the disk, for two to
        four times the time.

    Raises
    ------
    TypeError
        When the array holds Python objects or records, or the attributes are not JSON; nothing
        has been written then.
    FileExistsError
        When ``fname`` is a file, an old bcolz array, or a folder of something else.
    ArrayBusyError
        When another program is writing this array.
    OSError
        When there is no room; the old array is still there then.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from course_utils import load_array, save_array
    >>> fname = tempfile.mkdtemp() + "/features"
    >>> save_array(fname, np.arange(6.0).reshape(2, 3), attributes={"layer": "features"})
    >>> load_array(fname)
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    folder = Path(fname)
    array = as_storable(arr, os.fspath(folder))
    checked = check_attributes(attributes, os.fspath(folder))
    check_compression(compression)
    with locked(folder), explaining_full_disk(folder, "what was saved there before is untouched"):
        nothing = Manifest.of_no_rows(array.dtype, array.shape[1:])
        with closing(ChunkAppender(folder, nothing, np.empty(0, np.uint8), compression)) as chunks:
            for piece in contiguous_pieces(array):
                chunks.add(piece)
            chunks.commit(array.shape, checked)
