"""What can be stored: turning what callers pass into plain arrays, or saying why not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_utils.arrays._codec import LARGEST_CHUNK
from course_utils.arrays._format import LARGEST_HEADER

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
        An array, a torch tensor on any device, or what ``numpy.asarray`` accepts. Tensors of
        bfloat16, which NumPy lacks, become float32, which holds their values exactly.
    what
        The array's name, for messages.

    Raises
    ------
    TypeError
        For what cannot be stored: objects, records, masked or sparse arrays.
    """
    if isinstance(arr, np.ma.MaskedArray):
        raise TypeError(
            f"{what}: a masked array would lose its mask. Save arr.filled(...) and, under another "
            "name, arr.mask."
        )
    is_tensor = hasattr(arr, "detach") and hasattr(arr, "resolve_conj")
    try:
        array = np.asarray(_on_processor(arr) if is_tensor else arr)
    except ValueError as error:
        raise TypeError(f"{what}: this is not an array of one shape: {error}") from error
    check_dtype(array.dtype, what)
    return array


def _on_processor(tensor: Any) -> np.ndarray:
    if str(tensor.layout) != "torch.strided":
        raise TypeError("a sparse tensor cannot be stored: use tensor.to_dense()")
    tensor = tensor.detach().cpu().resolve_conj().resolve_neg()
    if str(tensor.dtype) == "torch.bfloat16":
        tensor = tensor.float()
    converted: np.ndarray = tensor.numpy()
    return converted


def contiguous_pieces(array: np.ndarray, piece_bytes: int) -> Iterator[np.ndarray]:
    """Go through an array's bytes in C order without copying more than a piece at a time.

    Parameters
    ----------
    array
        Of any layout.
    piece_bytes
        How much to copy at a time, where the layout makes a copy necessary.

    Yields
    ------
    numpy.ndarray
        uint8, 1-D, contiguous.
    """
    if array.nbytes == 0:
        return
    if array.flags.c_contiguous:
        yield array.reshape(-1).view(np.uint8)
        return
    row_bytes = array.nbytes // len(array)
    if row_bytes > piece_bytes:
        for row in array:
            yield from contiguous_pieces(row, piece_bytes)
        return
    step = piece_bytes // row_bytes
    for start in range(0, len(array), step):
        yield np.ascontiguousarray(array[start : start + step]).reshape(-1).view(np.uint8)


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
        text = json.dumps(attributes, default=_plain)
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


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} is not among them")
