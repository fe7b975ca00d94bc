"""Writing chunks behind those that are committed, and committing them."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import blosc2
import numpy as np

from course_utils.arrays._codec import Compression, choose_compression, compress
from course_utils.arrays._folder import (
    chunks_path,
    commit_manifest,
    open_regular,
    remove_left_over,
)
from course_utils.arrays._format import INDEX_ENTRY, Manifest, checksum

# So often the disk is told to write what is finished, while the processor goes on compressing.
_FLUSH_EVERY = 8 * 2**20


class ChunkAppender:
    """Compresses bytes into chunks behind the committed ones; nobody sees them until a commit.

    Parameters
    ----------
    folder
        The array's folder; the caller holds its lock.
    manifest
        What is committed; an empty one begins a new chunks file.
    tail
        The committed bytes that do not fill a chunk, decompressed.
    compression
        For the chunks that are added: ``"fast"`` or ``"small"``.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, tail: np.ndarray, compression: Compression
    ) -> None:
        self._folder = folder
        self._manifest = manifest
        self._compression = choose_compression(manifest.dtype, manifest.shape[1:], compression)
        self._chunk_bytes = manifest.chunk_bytes
        self._chunks_id = manifest.chunks_id
        self._index = manifest.index
        self._new_entries: list[tuple[int, int]] = []
        self._offset = manifest.stored_bytes
        self._pending = np.empty(self._chunk_bytes, np.uint8)
        self._n_pending = len(tail)
        self._pending[: len(tail)] = tail
        self._file: int | None = None
        self._unflushed = 0
        self._flusher = ThreadPoolExecutor(1)
        self._flushing: Future[None] | None = None
        self._flush_failed = False

    def add(self, data: np.ndarray) -> None:
        """Add bytes (uint8, 1-D): all of them, or none when an exception is raised.

        Raises
        ------
        OSError
            When the disk is full. Once there is room, the same bytes can be added again.
        """
        before = self._offset, len(self._new_entries), self._n_pending
        fills_chunk = self._n_pending + len(data) >= self._chunk_bytes
        pending_before = self._pending[: self._n_pending].copy() if fills_chunk else None
        try:
            self._add(data)
        except BaseException:
            self._offset, n_entries, self._n_pending = before
            del self._new_entries[n_entries:]
            if pending_before is not None:
                self._pending[: len(pending_before)] = pending_before
            if self._file is not None:
                os.ftruncate(self._file, self._offset)
                os.lseek(self._file, self._offset, os.SEEK_SET)
            raise

    def commit(self, shape: tuple[int, ...], attributes: dict[str, Any]) -> None:
        """Make what was added part of the array; what it replaces is deleted then.

        Parameters
        ----------
        shape
            Of the whole array now.
        attributes
            Checked already.

        Raises
        ------
        OSError
            When the disk is full; what is committed stays as it was.
        """
        if self._new_entries:
            fresh = np.array(self._new_entries, INDEX_ENTRY)
            self._index, self._new_entries = np.concatenate([self._index, fresh]), []
        if self._file is not None:
            self._wait_for_flush()
            with self._noting_failure():
                os.fsync(self._file)
            self._unflushed = 0
        tail = self._pending[: self._n_pending]
        manifest = replace(
            self._manifest,
            shape=shape,
            chunks_id=self._chunks_id,
            index=self._index,
            tail=compress(tail, self._compression) if len(tail) else b"",
            attributes=attributes,
        )
        commit_manifest(self._folder, manifest)
        remove_left_over(self._folder, self._chunks_id)

    def close(self) -> None:
        """Close the chunks file; what is not committed is lost."""
        self._flusher.shutdown()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _add(self, data: np.ndarray) -> None:
        if self._n_pending:
            missing = self._chunk_bytes - self._n_pending
            self._keep(data[:missing])
            data = data[missing:]
            if self._n_pending < self._chunk_bytes:
                return
            self._write_chunk(compress(self._pending, self._compression))
            self._n_pending = 0
        n_full = len(data) // self._chunk_bytes
        for compressed in self._compress_all(data, n_full):
            self._write_chunk(compressed)
        self._keep(data[n_full * self._chunk_bytes :])

    def _keep(self, data: np.ndarray) -> None:
        self._pending[self._n_pending : self._n_pending + len(data)] = data
        self._n_pending += len(data)

    def _compress_all(self, data: np.ndarray, n_full: int) -> Iterator[bytes]:
        """Compress the full chunks of ``data`` on several threads; give them in order."""
        size = self._chunk_bytes
        parts = (data[start : start + size] for start in range(0, n_full * size, size))
        if n_full < 2 or blosc2.nthreads < 2:
            yield from (compress(part, self._compression) for part in parts)
            return
        waiting: deque[Future[bytes]] = deque()
        with ThreadPoolExecutor(min(blosc2.nthreads, n_full)) as pool:
            try:
                for part in parts:
                    waiting.append(pool.submit(compress, part, self._compression))
                    if len(waiting) > 2 * blosc2.nthreads:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _write_chunk(self, compressed: bytes) -> None:
        if self._file is None:
            self._file = self._open()
        view = memoryview(compressed)
        while view:
            view = view[os.write(self._file, view) :]
        self._offset += len(compressed)
        self._new_entries.append((len(compressed), checksum(compressed)))
        self._unflushed += len(compressed)
        if self._unflushed > _FLUSH_EVERY and (self._flushing is None or self._flushing.done()):
            self._wait_for_flush()
            self._flushing = self._flusher.submit(os.fsync, self._file)
            self._unflushed = 0

    def _wait_for_flush(self) -> None:
        if self._flush_failed:
            raise OSError(
                errno.EIO,
                "an earlier write did not reach the disk; open the array anew to go on from its "
                "last commit",
                os.fspath(self._folder),
            )
        if self._flushing is not None:
            flushing, self._flushing = self._flushing, None
            with self._noting_failure():
                flushing.result()

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        """Remember that a flush failed: a second one would succeed without writing anything."""
        try:
            yield
        except OSError:
            self._flush_failed = True
            raise

    def _open(self) -> int:
        """Open the chunks file behind the committed chunks; what lies there was never committed."""
        if self._chunks_id is None:
            return self._create()
        path = chunks_path(self._folder, self._chunks_id)
        file = open_regular(path, os.O_RDWR)
        if os.fstat(file).st_nlink > 1:
            # A backup made of hard links shares this file; leave the backup its own.
            os.close(file)
            file = self._create()
            with path.open("rb") as source, os.fdopen(os.dup(file), "wb") as target:
                shutil.copyfileobj(source, target)
        os.ftruncate(file, self._offset)
        os.lseek(file, self._offset, os.SEEK_SET)
        return file

    def _create(self) -> int:
        self._chunks_id = uuid.uuid4().hex
        path = chunks_path(self._folder, self._chunks_id)
        return open_regular(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
