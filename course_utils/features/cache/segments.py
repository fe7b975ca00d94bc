"""Segments: the folders of rows and keys that calls wrote, and one that merges many."""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from course_utils._files import delete_folder
from course_utils.arrays import ArrayBusyError, ArrayWriter, load_array, open_array

__all__ = [
    "GONE",
    "as_array",
    "close_writer",
    "drop_segment",
    "is_being_written",
    "list_segments",
    "merge_segments",
    "modified",
    "new_segment_name",
    "open_segment",
    "read_keys",
    "read_recipe",
    "size",
]

_KEY_BYTES = 32
# More segments than this in one recipe are merged into one.
_MAX_SEGMENTS = 16
# What is raised where another program deletes a folder in the moment in which it is used; the
# latter two where the folder or its lock is just being made.
GONE = (FileNotFoundError, FileExistsError, ArrayBusyError)
"""What is raised when another program has moved or deleted a segment."""


def read_recipe(file: Path) -> dict[str, Any] | None:
    """Read a recipe: empty when it is damaged, None when there is none."""
    try:
        recipe = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return recipe if isinstance(recipe, dict) else {}


def list_segments(folder: Path) -> list[Path]:
    """List the segments, the oldest first."""
    try:
        return sorted(e for e in folder.iterdir() if e.is_dir() and e.name[0] != ".")
    except FileNotFoundError:
        return []


def size(folder: Path) -> int:
    """Count the bytes of a folder on disk."""
    # Unlike Path.rglob, os.walk does not mind folders that another program deletes meanwhile.
    states = [_state(Path(path, name)) for path, _, names in os.walk(folder) for name in names]
    return sum(state.st_size for state in states if state is not None)


def modified(file: Path) -> float:
    """Say when a file or folder was last changed, in seconds since 1970; 0 when it is gone."""
    state = _state(file)
    return state.st_mtime if state is not None else 0.0


def _state(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None  # another program has replaced or deleted it this very moment


def as_array(keys: Sequence[bytes]) -> NDArray[np.uint8]:
    """Give keys as an array of uint8, shape (n, 32)."""
    return np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES)


def open_segment(segment: Path, row_length: int) -> tuple[ArrayWriter, ArrayWriter]:
    """Begin a segment: give the writers of its rows and of its keys."""
    # The keys first: their lock is what tells other programs to leave the segment alone.
    keys = ArrayWriter(segment / "keys", (_KEY_BYTES,), np.uint8, mode="w")
    try:
        return ArrayWriter(segment / "rows", (row_length,), np.float32, mode="w"), keys
    except BaseException:
        close_writer(keys)
        raise


def close_writer(writer: ArrayWriter) -> None:
    """Close a writer, also one whose folder was deleted."""
    with suppress(*GONE):  # with its folder, there is nothing left to close properly
        writer.close()


def read_keys(segment: Path, row_length: int) -> list[bytes]:
    """Read the keys of the rows that can be used; none when the segment is damaged."""
    try:
        keys = load_array(segment / "keys")
        with open_array(segment / "rows") as rows:
            if (keys.dtype, keys.shape[1:]) != (np.uint8, (_KEY_BYTES,)):
                raise ValueError(f"{segment}: keys have {keys.dtype} and shape {keys.shape}")
            if (rows.dtype, rows.shape[1:]) != (np.float32, (row_length,)):
                raise ValueError(f"{segment}: rows have {rows.dtype} and shape {rows.shape}")
            n = min(len(keys), len(rows))
    except (ValueError, OSError) as error:
        drop_segment(segment, error)
        return []
    flat = keys[:n].tobytes()
    return [flat[start : start + _KEY_BYTES] for start in range(0, len(flat), _KEY_BYTES)]


def drop_segment(segment: Path, error: Exception) -> None:
    """Delete a damaged segment and say so; leave one that cannot be read at this moment."""
    if isinstance(error, FileNotFoundError):
        return  # killed before its first commit, or merged or deleted by another program
    if isinstance(error, OSError):
        warnings.warn(f"cached features cannot be read and are not used: {error}", stacklevel=4)
        return
    warnings.warn(f"cached features are damaged and computed anew: {error}", stacklevel=4)
    delete_folder(segment)


def merge_segments(folder: Path, row_length: int) -> None:
    """Make one segment of many, so that a thousand small calls leave no thousand folders."""
    if len(list_segments(folder)) <= _MAX_SEGMENTS:
        return
    try:
        with FileLock(folder / ".merge.lock", timeout=0):
            _merge(
                folder, [s for s in list_segments(folder) if not is_being_written(s)], row_length
            )
    except (Timeout, *GONE):
        return  # another program is at it, or deletes what is to be merged


def _merge(folder: Path, segments: list[Path], row_length: int) -> None:
    merged = folder / new_segment_name()
    temporary = folder / f".{merged.name}.part"  # a hidden folder is no segment yet
    temporary.mkdir()
    try:
        _copy_segments(segments, temporary, row_length)
        temporary.rename(merged)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for segment in segments:
        delete_folder(segment)


def _copy_segments(segments: list[Path], target: Path, row_length: int) -> None:
    seen: set[bytes] = set()
    rows_writer, keys_writer = open_segment(target, row_length)
    with keys_writer, rows_writer:  # the rows are committed first
        for segment in segments:
            keys = read_keys(segment, row_length)
            new = [i for i, key in enumerate(keys) if key not in seen]
            if not new:
                continue
            try:
                with open_array(segment / "rows") as stored:
                    rows = stored[np.array(new)]
            except (ValueError, OSError) as error:
                drop_segment(segment, error)
                continue
            rows_writer.append(rows)
            keys_writer.append(as_array([keys[i] for i in new]))
            seen.update(keys)


def new_segment_name() -> str:
    """Give a name that no other has, and that sorts behind all earlier ones."""
    return f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"


def is_being_written(segment: Path) -> bool:
    """Tell whether a program is adding to a segment."""
    try:
        ArrayWriter(segment / "keys").close()
    except ArrayBusyError:
        return True
    except (FileNotFoundError, FileExistsError, ValueError):
        return False
    return False
