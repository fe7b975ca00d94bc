"""Which bytes a file held when it was last read: it saves reading the file again, and no more."""

from __future__ import annotations

import functools
import os
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from course_utils.features.decoding import FileState, bare_state

__all__ = ["KnownFiles"]

# A file that changed so recently may change again within the clock's resolution.
_SETTLED_NS = 2 * 10**9
# Another program holds the list for milliseconds; a network drive may refuse locks altogether.
_LOCK_SECONDS = 5
_CREATE = (
    "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER, modified_ns INTEGER,"
    " changed_ns INTEGER, inode INTEGER, digest BLOB) WITHOUT ROWID"
)
_SELECT = "SELECT size, modified_ns, changed_ns, inode, digest FROM files WHERE path = ?"
_INSERT = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)"


class KnownFiles:
    """The list of files under one cache, in memory and in ``files.sqlite``.

    Whatever is wrong with the file, such as a home directory on a network drive that knows no
    locks, costs reading pictures again, and a warning: no method raises an error.

    Parameters
    ----------
    folder : pathlib.Path
        The cache's.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "files.sqlite"
        # A program that asks again need not ask the disk.
        self._known: dict[str, tuple[FileState, bytes]] = {}

    @staticmethod
    def of(folder: Path) -> KnownFiles:
        """Give the list of a cache; everybody in this process gets the same."""
        return _of_resolved(folder.resolve())

    def digests(self, names: Sequence[str]) -> list[bytes | None]:
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
        unseen = [name for name in names if name not in self._known]

        def look_up(files: sqlite3.Connection) -> None:
            for name in unseen:
                row = files.execute(_SELECT, (os.fsencode(name),)).fetchone()
                if row is not None:
                    self._known[name] = (FileState(*row[:-1]), row[-1])

        if unseen:
            self._use(look_up)
        return [_unchanged(name, self._known.get(name)) for name in names]

    def remember(self, digests: Iterable[tuple[str, FileState, bytes]]) -> None:
        """Note the digests of files, given their absolute names and states *before* reading."""
        now = time.time_ns()
        settled = {
            name: (state, digest)
            for name, state, digest in digests
            if now - max(state.modified_ns, state.changed_ns) > _SETTLED_NS
        }
        if settled:
            self._known.update(settled)
            rows = [
                (os.fsencode(name), *state, digest) for name, (state, digest) in settled.items()
            ]
            self._use(lambda files: files.executemany(_INSERT, rows))

    def forget(self) -> None:
        """Forget what is in memory, as another process would not know it."""
        self._known.clear()

    def clear(self) -> None:
        """Forget everything, also on the disk."""
        self.forget()
        for name in ("files.sqlite", "files.sqlite-wal", "files.sqlite-shm"):
            self._file.with_name(name).unlink(missing_ok=True)

    def _use(self, work: Callable[[sqlite3.Connection], object]) -> None:
        try:
            try:
                self._open_and(work)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise  # locked, or the disk is full: not a fault of the file
                warnings.warn(f"{self._file} is damaged ({error}) and is begun anew", stacklevel=2)
                self.clear()
                self._open_and(work)
        except (sqlite3.Error, OSError) as error:
            warnings.warn(
                f"{self._file} cannot be used ({error}), so pictures that have not changed are "
                f"read again; nothing else is lost",
                stacklevel=2,
            )

    def _open_and(self, work: Callable[[sqlite3.Connection], object]) -> None:
        with closing(sqlite3.connect(self._file, timeout=_LOCK_SECONDS)) as files, files:
            files.execute("PRAGMA journal_mode=WAL")
            files.execute(_CREATE)
            work(files)


@functools.cache
def _of_resolved(folder: Path) -> KnownFiles:
    return KnownFiles(folder)


def _unchanged(name: str, seen: tuple[FileState, bytes] | None) -> bytes | None:
    try:
        return seen[1] if seen is not None and bare_state(name) == seen[0] else None
    except OSError:
        return None
