"""Reading an array in the course's own format."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.arrays._codec import ChunkError, decompress_into
from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._folder import ReadableFile, open_committed
from course_utils.arrays._format import MANIFEST, Manifest, checksum
from course_utils.arrays._reading import ReadableArray, copy_of_json, run_in_threads


class StoredArray(ReadableArray):
    """An array that :func:`save_array` or :class:`ArrayWriter` wrote.

    Every byte that is read is checked against its checksum before it is decompressed.

    Parameters
    ----------
    folder
        The array's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._manifest, self._file = open_committed(folder)
        self.dtype, self.shape = self._manifest.dtype, self._manifest.shape
        lengths = self._manifest.index["length"].astype(np.int64)
        self._offsets = np.concatenate([[0], np.cumsum(lengths)])
        # The chunk read last: rows that are asked for one by one are read once.
        self._last: tuple[int, np.ndarray] | None = None
        # Each thread reads into a buffer of its own: fresh memory costs more than reading.
        self._buffers = threading.local()

    @property
    def attributes(self) -> dict[str, Any]:
        """The dictionary that was saved with the array."""
        return copy_of_json(self._manifest.attributes)

    @property
    def format(self) -> str:
        """The format's name."""
        return "course array"

    @property
    def manifest(self) -> Manifest:
        """What the array's manifest says."""
        return self._manifest

    @property
    def stored_bytes(self) -> int:
        """Length on the disk, in bytes."""
        return self._manifest.stored_bytes + len(self._manifest.to_bytes())

    @property
    def chunk_rows(self) -> int:
        """How many rows :meth:`chunks` gives at a time."""
        return max(1, self._manifest.chunk_bytes // max(1, self._row_bytes))

    @property
    def _row_bytes(self) -> int:
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    def close(self) -> None:
        """Close the files; reading afterwards raises ValueError."""
        if self._file is not None:
            self._file.close()

    def verify(self) -> int:
        """Read, check and decompress every chunk; return how many there are.

        Raises
        ------
        ArrayFileError
            When one is damaged.
        """
        n_full, chunk_bytes = len(self._manifest.index), self._manifest.chunk_bytes
        run_in_threads(
            lambda chunk: self._read_chunk(chunk, np.empty(chunk_bytes, np.uint8)),
            n_full,
            self.nbytes,
        )
        return n_full + (len(self.read_tail()) > 0)

    def read_tail(self) -> np.ndarray:
        """Return the bytes (uint8) behind the last full chunk."""
        data = np.empty(self._manifest.tail_bytes, np.uint8)
        if len(data):
            self._read_chunk(len(self._manifest.index), data)
        return data

    def _read_all(self) -> np.ndarray:
        array = np.empty(self.shape, self.dtype)
        self._read_bytes(0, bytes_of(array))
        return array

    def _read_rows(self, start: int, stop: int) -> np.ndarray:
        array = np.empty((stop - start, *self.shape[1:]), self.dtype)
        self._read_bytes(start * self._row_bytes, bytes_of(array))
        return array

    def _take_rows(self, rows: np.ndarray) -> np.ndarray:
        array = np.empty((len(rows), *self.shape[1:]), self.dtype)
        chunk_bytes, row_bytes = self._manifest.chunk_bytes, self._row_bytes
        if array.nbytes == 0:
            return array
        if chunk_bytes % row_bytes:
            # Rows longer than a chunk.
            for place, row in enumerate(rows):
                array[place] = self._read_rows(int(row), int(row) + 1)[0]
            return array
        rows_a_chunk = chunk_bytes // row_bytes
        # Sorted by chunk, so that each chunk is read once.
        order = np.argsort(rows, kind="stable")
        chunks = rows[order] // rows_a_chunk
        starts = np.flatnonzero(np.diff(chunks, prepend=-1))
        groups = np.split(order, starts[1:])

        def take(number: int) -> None:
            places = groups[number]
            chunk = int(chunks[starts[number]])
            block = self._chunk(chunk).view(np.uint8).reshape(-1, row_bytes)
            target = bytes_of(array).reshape(-1, row_bytes)
            target[places] = block[rows[places] - chunk * rows_a_chunk]

        run_in_threads(take, len(groups), len(groups) * chunk_bytes)
        return array

    def _read_bytes(self, start: int, destination: np.ndarray) -> None:
        """Fill ``destination`` (uint8) with the array's bytes from ``start`` on."""
        if destination.nbytes == 0:
            return
        chunk_bytes, stop = self._manifest.chunk_bytes, start + destination.nbytes
        first, last = start // chunk_bytes, (stop - 1) // chunk_bytes

        def read(number: int) -> None:
            chunk = first + number
            low = chunk * chunk_bytes
            high = min(low + chunk_bytes, self._manifest.total_bytes)
            if start <= low and high <= stop:
                self._read_chunk(chunk, destination[low - start : high - start])
            else:
                a, b = max(low, start), min(high, stop)
                destination[a - start : b - start] = self._chunk(chunk)[a - low : b - low]

        run_in_threads(read, last - first + 1, destination.nbytes)

    def _chunk(self, chunk: int) -> np.ndarray:
        """Return a decompressed chunk, keeping it for the next call."""
        last = self._last
        if last is not None and last[0] == chunk:
            return last[1]
        is_tail = chunk == len(self._manifest.index)
        length = self._manifest.tail_bytes if is_tail else self._manifest.chunk_bytes
        data = np.empty(length, np.uint8)
        self._read_chunk(chunk, data)
        self._last = chunk, data
        return data

    def _read_chunk(self, chunk: int, destination: np.ndarray) -> None:
        """Read, check and decompress one chunk into ``destination``, which it must fill."""
        manifest = self._manifest
        if chunk == len(manifest.index):
            path, place, compressed = self.path / MANIFEST, "tail", memoryview(manifest.tail)
        else:
            path, place, compressed = self._read_compressed(chunk)
        try:
            decompress_into(compressed, destination)
        except ChunkError as error:
            raise ArrayFileError(path, place, str(error)) from error

    def _buffer(self, length: int) -> memoryview:
        buffer = getattr(self._buffers, "buffer", None)
        if buffer is None or len(buffer) < length:
            buffer = memoryview(bytearray(int(self._manifest.index["length"].max())))
            self._buffers.buffer = buffer
        return buffer[:length]

    def _read_compressed(self, chunk: int) -> tuple[Path, str, memoryview]:
        file: ReadableFile | None = self._file
        if file is None:
            raise RuntimeError("an array without full chunks was asked for one")
        start, stop = int(self._offsets[chunk]), int(self._offsets[chunk + 1])
        place = f"chunk {chunk} (bytes {start} to {stop - 1})"
        compressed = self._buffer(stop - start)
        found = file.read_into(compressed, start)
        if found < len(compressed):
            raise ArrayFileError(
                file.path, place, f"the file is cut short: it ends at byte {start + found}"
            )
        if checksum(compressed) != int(self._manifest.index["checksum"][chunk]):
            raise ArrayFileError(
                file.path,
                place,
                "the checksum does not fit: these bytes have changed since they were written",
            )
        return file.path, place, compressed


def bytes_of(array: np.ndarray) -> np.ndarray:
    """View a C-contiguous array as its bytes (uint8, 1-D), whatever its dtype."""
    if array.nbytes == 0:
        return np.empty(0, np.uint8)
    return array.reshape(-1).view(np.uint8)
