"""What can be stored: turning what callers pass into plain arrays, or saying why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_utils.arrays._codec import LARGEST_CHUNK
from course_utils.arrays._format import LARGEST_HEADER
from course_utils.arrays._reading import bytes_of

# Copied at a time from an array that is not contiguous.
_PIECE_BYTES = 32 * 2**20
_INSTEAD = {
    "O": (
        "Python objects cannot be stored: only pickles could hold them, and opening a pickle from "
        "somewhere else runs its code. Store numbers (arr.astype(np.float32)), text of a fixed "
        "width (arr.astype(str)), or rows of one length; keep anything else in a JSON file"
    ),
    "V": "records cannot be stored: save each field as an array of its own",
    "T": "text of varying width cannot be stored: use arr.astype(str), which fixes the width",
}


def check_dtype(dtype: np.dtype, what: str) -> np.dtype:
    """Return ``dtype`` when it can be stored.

    Parameters
    ----------
    dtype
        Of an array, or for one.
    what
        The array's name, for the message.

    Raises
    ------
    TypeError
        When it cannot be stored; the message says what to do instead.
    """
    if dtype.kind not in "biufcSUmM":
        instead = _INSTEAD.get(dtype.kind, "convert it to numbers first")
        raise TypeError(f"{what}: dtype {dtype}: {instead}.")
    if dtype.itemsize > LARGEST_CHUNK:
        raise TypeError(f"{what}: one item of dtype {dtype} is larger than 2 GiB.")
    return dtype


def as_storable(arr: Any, what: str) -> np.ndarray:
    """Make a plain NumPy array of ``arr``, without copying where that is possible.

    Parameters
    ----------
    arr
        An array, a torch tensor on any device, or what ``numpy.asarray`` accepts.
    what
        The array's name, for messages.

    Raises
    ------
    TypeError
        For what cannot be stored: objects, records, masked or sparse arrays, bfloat16.
    """
    if isinstance(arr, np.ma.MaskedArray):
        raise TypeError(
            f"{what}: a masked array would lose its mask. Save arr.filled(...) and, under another "
            "name, arr.mask."
        )
    if hasattr(arr, "detach"):
        try:
            arr = arr.numpy(force=True)  # from any device, and without its gradient
        except TypeError as error:
            raise TypeError(
                f"{what}: NumPy has nothing like this tensor ({error}). Convert it first: sparse "
                "ones with tensor.to_dense(), bfloat16 with tensor.float(), which loses nothing."
            ) from error
    try:
        array = np.asarray(arr)
    except ValueError as error:
        raise TypeError(f"{what}: this is not an array of one shape: {error}") from error
    check_dtype(array.dtype, what)
    return array


def contiguous_pieces(array: np.ndarray) -> Iterator[np.ndarray]:
    """Go through an array's bytes in C order, copying only some rows at a time where it must.

    Parameters
    ----------
    array
        Of any layout.

    Yields
    ------
    numpy.ndarray
        uint8, 1-D, contiguous.
    """
    if array.flags.c_contiguous or array.nbytes == 0:
        yield bytes_of(array)
        return
    rows = max(1, _PIECE_BYTES * len(array) // array.nbytes)
    for start in range(0, len(array), rows):
        yield bytes_of(np.ascontiguousarray(array[start : start + rows]))


def check_attributes(attributes: dict[str, Any] | None, what: str) -> dict[str, Any]:
    """Return a copy of ``attributes`` as JSON will give it back: tuples as lists.

    Raises
    ------
    TypeError
        When JSON cannot hold them, or would change more than that.
    ValueError
        When they are larger than a small dictionary.
    """
    if attributes is None:
        return {}
    if not isinstance(attributes, dict):
        raise TypeError(f"{what}: attributes must be a dictionary, not {type(attributes).__name__}")
    _check_keys(attributes, what)
    try:
        text = json.dumps(attributes, default=_as_python_number)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(
            f"{what}: attributes must hold what JSON can: text, numbers, lists, dictionaries "
            f"({error})"
        ) from error
    if len(text) > LARGEST_HEADER // 2:
        raise ValueError(
            f"{what}: the attributes take {len(text):,} bytes and are meant to be small; "
            "save large ones as an array of their own"
        )
    copied: dict[str, Any] = json.loads(text)
    return copied


def check_compression(compression: str) -> None:
    """Raise ValueError when ``compression`` is not one of the two that there are."""
    if compression not in ("fast", "small"):
        raise ValueError(f"compression must be 'fast' or 'small', not {compression!r}")


def _check_keys(value: Any, what: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(
                    f"{what}: attributes must have text as keys; {key!r} would become {str(key)!r}"
                )
            _check_keys(item, what)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_keys(item, what)


def _as_python_number(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is not among them")
