"""Reading an array in the course's own format."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from course_utils.arrays._codec import ChunkError, decompress_into
from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._folder import ReadableFile, open_committed
from course_utils.arrays._format import MANIFEST, checksum
from course_utils.arrays._reading import ChunkedArray


class StoredArray(ChunkedArray):
    """An array that :func:`save_array` or :class:`ArrayWriter` wrote.

    Every byte that is read is checked against its checksum before it is decompressed.

    Parameters
    ----------
    folder
        The array's folder.
    """

    format = "course array"

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.manifest, self._file = open_committed(folder)
        self.dtype, self.shape = self.manifest.dtype, self.manifest.shape
        self.chunk_bytes = self.manifest.chunk_bytes
        self.attributes = self.manifest.attributes
        lengths = self.manifest.index["length"].astype(np.int64)
        self._offsets = np.concatenate([[0], np.cumsum(lengths)])
        self._longest = int(lengths.max(initial=0))
        # Each thread reads into a buffer of its own: fresh memory costs more than reading.
        self._buffers = threading.local()

    @property
    def stored_bytes(self) -> int:
        """Length on the disk, in bytes."""
        return self.manifest.stored_bytes + len(self.manifest.to_bytes())

    def close(self) -> None:
        """Close the files; reading afterwards raises ValueError."""
        if self._file is not None:
            self._file.close()

    def read_tail(self) -> np.ndarray:
        """Return the bytes (uint8) behind the last full chunk."""
        full = len(self.manifest.index)
        return self._new_chunk(full) if self.manifest.tail else np.empty(0, np.uint8)

    def _read_chunk(self, chunk: int, destination: np.ndarray) -> None:
        if self._file is None or chunk == len(self.manifest.index):
            path, place = self.path / MANIFEST, "tail"
            compressed = memoryview(self.manifest.tail)
        else:
            start, stop = int(self._offsets[chunk]), int(self._offsets[chunk + 1])
            path, place = self._file.path, f"chunk {chunk} (bytes {start} to {stop - 1})"
            compressed = self._read_compressed(self._file, chunk, start, stop, place)
        try:
            decompress_into(compressed, destination)
        except ChunkError as error:
            raise ArrayFileError(path, place, str(error)) from error

    def _read_compressed(
        self, file: ReadableFile, chunk: int, start: int, stop: int, place: str
    ) -> memoryview:
        if not hasattr(self._buffers, "buffer"):
            self._buffers.buffer = memoryview(bytearray(self._longest))
        compressed: memoryview = self._buffers.buffer[: stop - start]
        found = file.read_into(compressed, start)
        if found < len(compressed):
            raise ArrayFileError(
                file.path, place, f"the file is cut short: it ends at byte {start + found}"
            )
        if checksum(compressed) != int(self.manifest.index["checksum"][chunk]):
            raise ArrayFileError(
                file.path,
                place,
                "the checksum does not fit: these bytes have changed since they were written",
            )
        return compressed
