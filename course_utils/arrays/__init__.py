"""The array cache: compute features once, load them for ever."""

from __future__ import annotations

import json
import os
from typing import Any

import blosc2
import numpy as np

from course_utils._files import replace_when_complete

__all__ = ["load_array", "save_array"]


def save_array(
    fname: str | os.PathLike[str], arr: Any, *, attributes: dict[str, Any] | None = None
) -> None:
    """Save ``arr`` (any plain dtype and shape) under ``fname``, replacing what was there.

    Parameters
    ----------
    fname
        Where to save.
    arr
        A NumPy array, or what NumPy can make one of.
    attributes
        A small JSON dictionary that travels with the array.

    Raises
    ------
    TypeError
        For arrays of Python objects.
    """
    array = np.asarray(arr)
    if array.dtype.hasobject:
        raise TypeError(f"{os.fspath(fname)}: an array of Python objects cannot be saved")
    header = {"dtype": array.dtype.str, "shape": array.shape, "attributes": attributes or {}}
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    with replace_when_complete(fname) as temporary:
        stored = blosc2.asarray(flat, urlpath=str(temporary), mode="w")
        stored.schunk.vlmeta["header"] = json.dumps(header)


def load_array(fname: str | os.PathLike[str]) -> np.ndarray:
    """Load the array that :func:`save_array` saved under ``fname``.

    Parameters
    ----------
    fname
        Where it was saved.

    Returns
    -------
    numpy.ndarray
        The array, with its dtype and shape.

    Raises
    ------
    FileNotFoundError
        When there is nothing there.
    """
    stored = blosc2.open(os.fspath(fname), mode="r")
    header = json.loads(stored.schunk.vlmeta["header"])
    return stored[:].view(np.dtype(header["dtype"])).reshape(header["shape"])
