"""Features on disk, found again by what they were made from.

A row is kept under the SHA-256 of the picture's bytes, in a folder named by the SHA-256 of its
*recipe*: weights, layer, preprocessing, engine, precision and library versions. Whatever changes,
the old row is simply not found. Nothing is ever looked up by a file's name alone.

Layout, under the cache's folder::

    files.sqlite                    which bytes a file held when it was last read
    <recipe's digest>/recipe.json   the recipe, to be read by people
    <recipe's digest>/<segment>/    rows and keys that one call wrote, each an array

A call appends to a segment of its own, so that any number of programs can use one cache at once.
Rows are committed before their keys: after a kill at any moment, every key has its row.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
import uuid
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from course_utils._files import delete_folder, delete_old_folders, replace_when_complete
from course_utils.arrays import ArrayBusyError, ArrayWriter, load_array, open_array
from course_utils.features.decoding import FileState, bare_state

_KEY_BYTES = 32
# A commit waits for the disk; a kill costs at most this many seconds of work.
_COMMIT_SECONDS = 2.0
# More segments than this in one recipe are merged into one.
_MAX_SEGMENTS = 16
# A file that changed so recently may change again within the clock's resolution.
_SETTLED_NS = 2 * 10**9
# What is raised where another program deletes a folder in the moment in which it is used; the
# latter two where the folder or its lock is just being made.
_GONE = (FileNotFoundError, FileExistsError, ArrayBusyError)


@dataclass(frozen=True)
class CacheEntry:
    """What the cache holds for one recipe.

    Attributes
    ----------
    recipe : dict
        What the rows were made with.
    rows : int
    bytes : int
        On disk.
    last_used : float
        Seconds since 1970.
    folder : pathlib.Path
    """

    recipe: dict[str, Any]
    rows: int
    bytes: int
    last_used: float
    folder: Path


class FeatureCache:
    """A folder of features that were computed before.

    Parameters
    ----------
    folder : path
        Made when missing.
    max_bytes : int or None
        Keep it below this size, by deleting what was not used for the longest time after each
        call. None for no limit.

    Examples
    --------
    >>> import tempfile
    >>> cache = FeatureCache(tempfile.mkdtemp())
    >>> cache.entries()
    []
    """

    def __init__(self, folder: str | os.PathLike[str], *, max_bytes: int | None = None) -> None:
        if max_bytes is not None and max_bytes < 0:
            raise ValueError(f"max_bytes={max_bytes} must not be negative")
        self.folder = Path(folder)
        self.max_bytes = max_bytes
        if self.folder.exists() and not self.folder.is_dir():
            raise NotADirectoryError(f"{self.folder} is a file; a cache is a folder")
        self.folder.mkdir(parents=True, exist_ok=True)

    def entries(self) -> list[CacheEntry]:
        """List what is there, the most recently used first."""
        found = []
        for file in self._recipe_files():
            if recipe := _read_recipe(file):
                folder = file.parent
                length = int(recipe.get("row_length", 0))
                rows = sum(len(_read_keys(segment, length)) for segment in _segments(folder))
                used = _modified(file)
                found.append(CacheEntry(recipe, rows, _size(folder), used, folder))
        return sorted(found, key=lambda entry: -entry.last_used)

    def clear(self) -> None:
        """Delete all features; the folder stays."""
        for file in self._recipe_files():
            delete_folder(file.parent)
        delete_old_folders(self.folder)
        _known_files.pop(self.folder.resolve(), None)
        for name in ("files.sqlite", "files.sqlite-wal", "files.sqlite-shm"):
            (self.folder / name).unlink(missing_ok=True)

    def shrink(self, max_bytes: int) -> None:
        """Delete what was not used for the longest time, until the rest fits.

        Parameters
        ----------
        max_bytes : int
            Of features; the list of known files, some 100 bytes a file, does not count. What a
            program is writing at this moment stays.
        """
        kept = 0
        for entry in self.entries():
            for segment in sorted(_segments(entry.folder), key=_modified, reverse=True):
                kept += _size(segment)
                if kept > max_bytes and not _is_being_written(segment):
                    delete_folder(segment)
            delete_old_folders(entry.folder)
            if not _segments(entry.folder):
                delete_folder(entry.folder)
        delete_old_folders(self.folder)

    def _recipe_files(self) -> list[Path]:
        # A hidden folder is one that is being deleted.
        return [file for file in self.folder.glob("*/recipe.json") if file.parent.name[0] != "."]

    def session(self, recipe: dict[str, Any], row_length: int) -> Session:
        """Open the rows of one recipe, to look up and to add; use it in a ``with`` block."""
        return Session(self, recipe, row_length)

    def known_digests(self, names: Sequence[str]) -> list[bytes | None]:
        """Give the digests of the files that have not changed since they were last read.

        Parameters
        ----------
        names : sequence of str
            Absolute.

        Returns
        -------
        list of bytes or None
            None for a file that has to be read.
        """
        known = _known_files.setdefault(self.folder.resolve(), {})
        unseen = [name for name in names if name not in known]
        if unseen:
            with self._files() as files:
                for name in unseen:
                    row = files.execute(_SELECT, (name,)).fetchone()
                    if row is not None:
                        known[name] = (FileState(*row[:-1]), row[-1])
        return [_unchanged(name, known.get(name)) for name in names]

    def remember_digests(self, digests: Iterable[tuple[str, FileState, bytes]]) -> None:
        """Note the digests of files, given their absolute paths and states *before* reading."""
        now = time.time_ns()
        known = _known_files.setdefault(self.folder.resolve(), {})
        settled = [
            (path, state, digest)
            for path, state, digest in digests
            if now - max(state.modified_ns, state.changed_ns) > _SETTLED_NS
        ]
        if settled:
            known.update((path, (state, digest)) for path, state, digest in settled)
            with self._files() as files, files:
                files.executemany(
                    _INSERT, [(path, *state, digest) for path, state, digest in settled]
                )

    @contextmanager
    def _files(self) -> Iterator[sqlite3.Connection]:
        file = self.folder / "files.sqlite"
        try:
            connection = _open_files(file)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked, or the disk is full: not a fault of the file
            # The list only saves reading files again, so a broken one costs nothing but that.
            warnings.warn(f"{file} is damaged ({error}) and is begun anew", stacklevel=2)
            file.unlink(missing_ok=True)
            connection = _open_files(file)
        with closing(connection):
            yield connection

    def __repr__(self) -> str:
        limit = "" if self.max_bytes is None else f" of at most {self.max_bytes / 1e6:.1f} MB"
        entries = self.entries()
        rows = sum(entry.rows for entry in entries)
        stored = sum(entry.bytes for entry in entries)
        return (
            f"<FeatureCache {str(self.folder)!r}: {rows:,} rows of {len(entries)} recipes, "
            f"{stored / 1e6:.1f} MB{limit}>"
        )


class Session:
    """The rows of one recipe: those found when it was opened, and those added since.

    Parameters
    ----------
    cache : FeatureCache
    recipe : dict
        Plain JSON values.
    row_length : int
    """

    def __init__(self, cache: FeatureCache, recipe: dict[str, Any], row_length: int) -> None:
        self._cache = cache
        self._recipe = recipe
        self._row_length = row_length
        text = json.dumps(recipe, sort_keys=True, ensure_ascii=False)
        self.folder = cache.folder / hashlib.sha256(text.encode()).hexdigest()
        self._segments: list[Path] = []
        self._first: list[int] = []  # number of each segment's first row
        self._number: dict[bytes, int] = {}
        self._segment: Path | None = None  # the one that this session writes
        self._writers: tuple[ArrayWriter, ArrayWriter] | None = None
        self._last_commit = time.monotonic()

    def __enter__(self) -> Session:
        recipe_file = self.folder / "recipe.json"
        # Without a recipe the folder is one that another program is just making or deleting.
        if _read_recipe(recipe_file) not in (None, self._recipe):
            warnings.warn(f"{self.folder} holds other features and is deleted", stacklevel=2)
            delete_folder(self.folder)
        self._write_recipe()
        with suppress(*_GONE):
            os.utime(recipe_file)
        _merge_segments(self.folder, self._row_length)
        total = 0
        for segment in _segments(self.folder):
            keys = _read_keys(segment, self._row_length)
            self._segments.append(segment)
            self._first.append(total)
            self._number.update(zip(keys, range(total, total + len(keys)), strict=True))
            total += len(keys)
        self._first.append(total)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Also after an error or Ctrl-C: what is finished need not be computed again.
        try:
            self.commit()
        finally:
            self._close_segment()
        if self._cache.max_bytes is not None:
            self._cache.shrink(self._cache.max_bytes)

    @property
    def batch_size(self) -> int | None:
        """The batch size that the rows were computed with; None before the first."""
        try:
            return int((self.folder / "batch_size").read_text())
        except (OSError, ValueError):
            return None

    @batch_size.setter
    def batch_size(self, batch_size: int) -> None:
        with suppress(*_GONE), replace_when_complete(self.folder / "batch_size") as temporary:
            temporary.write_text(str(batch_size))

    def __len__(self) -> int:
        """Count the rows found when it was opened."""
        return len(self._number)

    def number(self, key: bytes | None) -> int:
        """Give the number of a picture's row, or -1 when it is not there."""
        return self._number.get(key, -1) if key is not None else -1

    def take(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Load rows.

        Parameters
        ----------
        numbers : numpy.ndarray of int64, shape (n,)
            From :meth:`number`.

        Returns
        -------
        rows : numpy.ndarray of float32, shape (n, row_length)
        there : numpy.ndarray of bool, shape (n,)
            False where the row cannot be read (any more); its numbers mean nothing then.
        """
        owner = np.searchsorted(self._first, numbers, side="right") - 1
        parts = {
            i: self._read(i, numbers[owner == i] - self._first[i]) for i in set(owner.tolist())
        }
        found = {i: rows for i, rows in parts.items() if rows is not None}
        there = np.isin(owner, list(found))
        if len(parts) == len(found) == 1:
            return found.popitem()[1], there  # the usual second call: nothing to put together
        rows = np.empty((len(numbers), self._row_length), np.float32)
        for i, part in found.items():
            rows[owner == i] = part
        return rows, there

    def _read(self, i: int, wanted: NDArray[np.int64]) -> NDArray[np.float32] | None:
        segment = self._segments[i]
        in_a_row = bool((np.diff(wanted) == 1).all())
        try:
            with open_array(segment / "rows") as stored:
                if wanted.max() >= len(stored):
                    raise ValueError(f"{segment} has lost rows")
                return stored[wanted[0] : wanted[-1] + 1] if in_a_row else stored[wanted]
        except (ValueError, OSError) as error:
            _drop(segment, error)
            here = range(self._first[i], self._first[i + 1])
            self._number = {key: n for key, n in self._number.items() if n not in here}
            return None

    def add(self, keys: Sequence[bytes], rows: NDArray[np.float32]) -> None:
        """Add rows, and commit from time to time.

        Parameters
        ----------
        keys : sequence of bytes
            The pictures' digests.
        rows : numpy.ndarray of float32, shape (len(keys), row_length)
        """
        with self._unless_cleared():
            if self._writers is None:
                self._write_recipe()
                self._segment = self.folder / _new_segment_name()
                self._segment.mkdir(parents=True)
                self._writers = _open_segment(self._segment, self._row_length)
            self._writers[0].append(rows)
            self._writers[1].append(_as_array(keys))
        if time.monotonic() - self._last_commit > _COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Make what was added permanent."""
        with self._unless_cleared():
            for writer in self._writers or ():  # rows first: a key without its row must never be
                writer.commit()
        self._last_commit = time.monotonic()

    def _write_recipe(self) -> None:
        recipe_file = self.folder / "recipe.json"
        # Cleared by another program at the wrong moment, it is written again with the next rows.
        if not recipe_file.exists():
            with suppress(*_GONE), replace_when_complete(recipe_file) as temporary:
                text = json.dumps(self._recipe, indent=1, ensure_ascii=False)
                temporary.write_text(text, encoding="utf-8")

    @contextmanager
    def _unless_cleared(self) -> Iterator[None]:
        """Begin a new segment later when another program has deleted the one being written."""
        try:
            yield
        except _GONE:
            segment = self._segment
            if segment is None or all((segment / part).exists() for part in ("rows", "keys")):
                raise
            self._close_segment()

    def _close_segment(self) -> None:
        for writer in self._writers or ():
            _close(writer)
        self._writers = self._segment = None


# By cache folder and absolute path: the file's state when it was read, and its digest. A program
# that asks again need not ask the disk.
_known_files: dict[Path, dict[str, tuple[FileState, bytes]]] = {}

_CREATE = (
    "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER, modified_ns INTEGER,"
    " changed_ns INTEGER, inode INTEGER, digest BLOB) WITHOUT ROWID"
)
_SELECT = "SELECT size, modified_ns, changed_ns, inode, digest FROM files WHERE path = ?"
_INSERT = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)"


def absolute(path: str | os.PathLike[str]) -> str:
    """Give a file's absolute name."""
    name = os.fspath(path)
    # abspath takes longer than all else that is done for a known file.
    return name if name.startswith("/") else os.path.abspath(name)  # noqa: PTH100


def _unchanged(name: str, seen: tuple[FileState, bytes] | None) -> bytes | None:
    try:
        return seen[1] if seen is not None and bare_state(name) == seen[0] else None
    except OSError:
        return None


def _open_files(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(_CREATE)
    except BaseException:
        connection.close()
        raise
    return connection


def _read_recipe(file: Path) -> dict[str, Any] | None:
    """Read a recipe: empty when it is damaged, None when there is none."""
    try:
        recipe = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return recipe if isinstance(recipe, dict) else {}


def _segments(folder: Path) -> list[Path]:
    """List the segments, the oldest first."""
    try:
        return sorted(e for e in folder.iterdir() if e.is_dir() and e.name[0] != ".")
    except FileNotFoundError:
        return []


def _size(folder: Path) -> int:
    # Unlike Path.rglob, os.walk does not mind folders that another program deletes meanwhile.
    states = [_state(Path(path, name)) for path, _, names in os.walk(folder) for name in names]
    return sum(state.st_size for state in states if state is not None)


def _modified(file: Path) -> float:
    state = _state(file)
    return state.st_mtime if state is not None else 0.0


def _state(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None  # another program has replaced or deleted it this very moment


def _as_array(keys: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES)


def _open_segment(segment: Path, row_length: int) -> tuple[ArrayWriter, ArrayWriter]:
    # The keys first: their lock is what tells other programs to leave the segment alone.
    keys = ArrayWriter(segment / "keys", (_KEY_BYTES,), np.uint8, mode="w")
    try:
        return ArrayWriter(segment / "rows", (row_length,), np.float32, mode="w"), keys
    except BaseException:
        _close(keys)
        raise


def _close(writer: ArrayWriter) -> None:
    with suppress(*_GONE):  # with its folder, there is nothing left to close properly
        writer.close()


def _read_keys(segment: Path, row_length: int) -> list[bytes]:
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
        _drop(segment, error)
        return []
    flat = keys[:n].tobytes()
    return [flat[start : start + _KEY_BYTES] for start in range(0, len(flat), _KEY_BYTES)]


def _drop(segment: Path, error: Exception) -> None:
    """Delete a damaged segment and say so."""
    if isinstance(error, FileNotFoundError):
        return  # killed before its first commit, or merged or deleted by another program
    problem = f"cached features are damaged and computed anew: {error}"
    warnings.warn(problem, stacklevel=4)
    delete_folder(segment)


def _merge_segments(folder: Path, row_length: int) -> None:
    """Make one segment of many, so that a thousand small calls leave no thousand folders."""
    if len(_segments(folder)) <= _MAX_SEGMENTS:
        return
    try:
        with FileLock(folder / ".merge.lock", timeout=0):
            _merge(folder, [s for s in _segments(folder) if not _is_being_written(s)], row_length)
    except (Timeout, *_GONE):
        return  # another program is at it, or deletes what is to be merged


def _merge(folder: Path, segments: list[Path], row_length: int) -> None:
    merged = folder / _new_segment_name()
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
    rows_writer, keys_writer = _open_segment(target, row_length)
    with keys_writer, rows_writer:  # the rows are committed first
        for segment in segments:
            keys = _read_keys(segment, row_length)
            new = [i for i, key in enumerate(keys) if key not in seen]
            if not new:
                continue
            try:
                with open_array(segment / "rows") as stored:
                    rows = stored[np.array(new)]
            except (ValueError, OSError) as error:
                _drop(segment, error)
                continue
            rows_writer.append(rows)
            keys_writer.append(_as_array([keys[i] for i in new]))
            seen.update(keys)


def _new_segment_name() -> str:
    return f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"


def _is_being_written(segment: Path) -> bool:
    try:
        ArrayWriter(segment / "keys").close()
    except ArrayBusyError:
        return True
    except (FileNotFoundError, FileExistsError, ValueError):
        return False
    return False


def as_cache(cache: Any) -> FeatureCache | None:
    """Make a cache of what was given for one.

    Parameters
    ----------
    cache : FeatureCache, path, bool or None
        None or False for no cache; True for ``features`` in the course's data directory.
    """
    if cache is None or cache is False:
        return None
    if isinstance(cache, FeatureCache):
        return cache
    if cache is True:
        from course_utils.datasets.loading import data_directory

        return FeatureCache(data_directory() / "feature_cache")
    return FeatureCache(cache)
