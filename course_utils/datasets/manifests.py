"""Lists of files with their hashes.

One file a line: SHA-256, size in bytes, path below the data set's folder. Data sets that are
fetched file by file have their list beside the registry; those that are made here (cut, painted,
unpacked) get one, ``manifest.txt``, when they are made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

__all__ = ["MANIFEST", "ListedFile", "Manifest", "parse", "read_manifest", "sha256_of",
           "write_manifest"]  # fmt: skip

MANIFEST = "manifest.txt"
"""The file in which a made data set lists its pictures."""


@dataclass(frozen=True)
class ListedFile:
    """One file of a data set: its hash, its size and its path below the data set's folder."""

    sha256: str
    size: int
    path: PurePosixPath


@dataclass(frozen=True)
class Manifest:
    """What a data set's folder should hold, and the recipe that it was made by."""

    recipe: Mapping[str, Any]
    files: tuple[ListedFile, ...]


def sha256_of(file: Path) -> str:
    """Compute a file's SHA-256 as hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def parse(lines: Iterable[str]) -> tuple[ListedFile, ...]:
    """Read a list of files; lines that start with ``#`` are left out."""
    rows = (line.split(maxsplit=2) for line in lines if line.strip() and line[0] != "#")
    return tuple(ListedFile(sha, int(size), PurePosixPath(path)) for sha, size, path in rows)


def write_manifest(folder: Path, recipe: Mapping[str, Any]) -> None:
    """List all files of a folder in its manifest, under the recipe that made them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"# {json.dumps(recipe, sort_keys=True)}"]
    for file in files:
        name = file.relative_to(folder).as_posix()
        lines.append(f"{sha256_of(file)} {file.stat().st_size} {name}")
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """Read a folder's manifest; None when it has none, or not one of ours."""
    try:
        first, *rest = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
        return Manifest(json.loads(first.removeprefix("# ")), parse(rest))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
