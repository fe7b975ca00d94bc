"""The files of a stored array: telling what lies there, opening safely, committing, tidying."""

from __future__ import annotations

import errno
import os
import stat
import weakref
from pathlib import Path

from course_utils._files import replace_when_complete
from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._format import LARGEST_MANIFEST, MANIFEST, Manifest

LOCK = "lock"
_CHUNKS_PREFIX = "chunks-"

# What an old bcolz array consists of; see _bcolz.py.
BCOLZ_STORAGE = Path("meta") / "storage"
BCOLZ_SIZES = Path("meta") / "sizes"
BCOLZ_ATTRIBUTES = "__attrs__"
BCOLZ_DATA = "data"

# A link or a pipe in the place of a file would lead elsewhere, or wait for ever.
_OPEN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def open_regular(path: Path, flags: int = os.O_RDONLY) -> int:
    """Open a plain file and return its descriptor; refuse links, pipes and devices.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ArrayFileError
        When it is not a plain file.
    """
    try:
        descriptor = os.open(path, flags | _OPEN, 0o666)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
            raise ArrayFileError(path, "the file itself", "not a plain file") from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ArrayFileError(path, "the file itself", "not a plain file")
    return descriptor


class ReadableFile:
    """A file that several threads read at once, and that stays readable when it is replaced.

    Parameters
    ----------
    path
        A plain file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = open_regular(path)
        self.close = weakref.finalize(self, os.close, self._descriptor)

    def length(self) -> int:
        """Return how many bytes the file has now."""
        return os.fstat(self._descriptor).st_size

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill ``buffer`` from ``offset`` on; return how many bytes there were."""
        if not self.close.alive:
            raise ValueError(f"{self.path}: the array was closed")
        filled = 0
        while filled < len(buffer):
            rest, place = buffer[filled:], offset + filled
            if hasattr(os, "preadv"):
                count = os.preadv(self._descriptor, [rest], place)
            else:  # macOS before 11
                data = os.pread(self._descriptor, len(rest), place)
                count = len(data)
                rest[:count] = data
            if count == 0:
                break
            filled += count
        return filled


def read_whole(path: Path, largest: int) -> bytes:
    """Read a plain file of at most ``largest`` bytes.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ArrayFileError
        When it is longer, or not a plain file.
    """
    file = ReadableFile(path)
    try:
        length = file.length()
        if length > largest:
            raise ArrayFileError(
                path, f"byte {largest}", f"the file should end by here, and has {length:,} bytes"
            )
        data = bytearray(length)
        return bytes(data[: file.read_into(memoryview(data), 0)])
    finally:
        file.close()


def chunks_path(folder: Path, chunks_id: str) -> Path:
    """Name the chunks file with this id."""
    return folder / f"{_CHUNKS_PREFIX}{chunks_id}"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest that is committed now.

    Raises
    ------
    FileNotFoundError
        When nothing has been committed.
    ArrayFileError
        When it is damaged.
    """
    path = folder / MANIFEST
    return Manifest.from_bytes(read_whole(path, LARGEST_MANIFEST), path)


def open_committed(folder: Path) -> tuple[Manifest, ReadableFile | None]:
    """Read the committed manifest and open the chunks file that it names.

    A save may replace both between the two steps: then the chunks file is gone, and the manifest
    is read again.

    Raises
    ------
    FileNotFoundError
        When nothing has been committed.
    ArrayFileError
        When the manifest is damaged, or the chunks file is missing or too short.
    """
    manifest = read_manifest(folder)
    while True:
        if manifest.chunks_id is None:
            return manifest, None
        path = chunks_path(folder, manifest.chunks_id)
        try:
            file = ReadableFile(path)
        except FileNotFoundError:
            newer = read_manifest(folder)
            if newer.chunks_id == manifest.chunks_id:
                raise ArrayFileError(
                    path, "the file itself", "missing, though the manifest names it"
                ) from None
            manifest = newer
            continue
        if file.length() < manifest.stored_bytes:
            found = file.length()
            file.close()
            raise ArrayFileError(
                path,
                f"end (byte {found})",
                f"the file is cut short: the manifest knows {manifest.stored_bytes:,} bytes",
            )
        return manifest, file


def commit_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest; when this returns, the new one is on the disk.

    Raises
    ------
    OSError
        When it cannot be written. The old one is still there then.
    """
    with replace_when_complete(folder / MANIFEST, make_folder=False) as temporary:
        temporary.write_bytes(manifest.to_bytes())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    """Make sure that the folder's list of names is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def kind_of(path: Path) -> str:
    """Say what lies at ``path``.

    Returns
    -------
    str
        ``"ours"``, ``"bcolz"``, ``"file"``, ``"nothing"`` (also an empty folder, and one where a
        first save was cut off) or ``"foreign"``: a folder of something else.
    """
    if path.is_file():
        return "file"
    if not path.is_dir():
        return "nothing"
    if os.path.lexists(path / MANIFEST):
        return "ours"
    if (path / BCOLZ_STORAGE).is_file():
        return "bcolz"
    try:
        names = [entry.name for entry in path.iterdir()]
    except FileNotFoundError:
        return "nothing"
    # A first save may have been committed since the manifest was looked for.
    if MANIFEST in names:
        return "ours"
    return "nothing" if all(map(_is_left_over, names)) else "foreign"


def _is_left_over(name: str) -> bool:
    return name == LOCK or name.startswith(_CHUNKS_PREFIX) or _is_unfinished(name)


def _is_unfinished(name: str) -> bool:
    # Earlier versions wrote without the leading dot, and noted who was writing.
    is_part = name.lstrip(".").startswith(f"{MANIFEST}.") and name.endswith(".part")
    return is_part or name == "writer.json"


def remove_left_over(folder: Path, keep_chunks_id: str | None) -> None:
    """Delete what the committed manifest does not need: remains of a crash, a replaced array.

    Only the writer that holds the lock may call this. Names that no writer gives are left alone.
    """
    for entry in list(folder.iterdir()):
        replaced = (
            entry.name.startswith(_CHUNKS_PREFIX)
            and entry.name != f"{_CHUNKS_PREFIX}{keep_chunks_id}"
        )
        if replaced or _is_unfinished(entry.name):
            entry.unlink(missing_ok=True)
