"""Lists of files with their hashes, and whether the files on disk are those.

One file a line: SHA-256, size in bytes, path below the data set's folder. Data sets that are
fetched file by file have their list beside the registry; those that are made here (cut, painted,
unpacked) get one, ``manifest.txt``, when they are made.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.txt"


@dataclass(frozen=True)
class ListedFile:
    """One file of a data set: its hash, its size and its path below the data set's folder."""

    sha256: str
    size: int
    path: PurePosixPath


@dataclass(frozen=True)
class Manifest:
    """What a data set's folder should hold, and the recipe that it was made by."""

    recipe: str
    files: tuple[ListedFile, ...]


def sha256_of(file: Path) -> str:
    """Compute a file's SHA-256 as hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def parse(lines: Iterable[str]) -> tuple[ListedFile, ...]:
    """Read a list of files; lines that start with ``#`` are left out."""
    rows = (line.split(maxsplit=2) for line in lines if line.strip() and line[0] != "#")
    return tuple(ListedFile(sha, int(size), PurePosixPath(path)) for sha, size, path in rows)


def write_manifest(folder: Path, recipe: str) -> None:
    """List all files of a folder in its manifest, under the recipe that made them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"# {recipe}"]
    for file in files:
        name = file.relative_to(folder).as_posix()
        lines.append(f"{sha256_of(file)} {file.stat().st_size} {name}")
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """Read a folder's manifest; None when it has none."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    first, *rest = text.splitlines()
    return Manifest(first.removeprefix("# "), parse(rest))


def missing(folder: Path, files: Iterable[ListedFile]) -> list[ListedFile]:
    """List the files that are absent or have another size: quick, without reading them."""

    def is_there(listed: ListedFile) -> bool:
        try:
            return (folder / listed.path).stat().st_size == listed.size
        except OSError:
            return False

    return [listed for listed in files if not is_there(listed)]


def damaged(folder: Path, files: Iterable[ListedFile]) -> list[ListedFile]:
    """List the files that are there but do not have the listed content."""

    def is_damaged(listed: ListedFile) -> bool:
        file = folder / listed.path
        if not file.is_file():
            return False
        return file.stat().st_size != listed.size or sha256_of(file) != listed.sha256

    files = list(files)
    # Hashing releases Python's lock, so threads share the work.
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        return [f for f, bad in zip(files, pool.map(is_damaged, files), strict=True) if bad]
