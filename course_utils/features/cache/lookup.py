"""Which pictures of one call have their rows in the cache: the one place that asks and tells it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils.features.cache.session import Session
from course_utils.features.cache.store import FeatureCache
from course_utils.features.decoding import (
    Fetched,
    FileState,
    Picture,
    digest_picture,
    state_of,
)
from course_utils.images.reading import BadImageError
from course_utils.images.stores import is_address

__all__ = ["CacheLookup", "read_settled"]


class CacheLookup:
    """Finds and keeps the rows of one call's pictures; to be used in a ``with`` block.

    Parameters
    ----------
    cache : FeatureCache
    recipe : dict
        What rows depend on, apart from the picture; its ``row_length`` is their length.
    sources : sequence of paths or PIL images
    """

    def __init__(
        self, cache: FeatureCache, recipe: dict[str, Any], sources: Sequence[Picture]
    ) -> None:
        self._cache = cache
        self._sources = sources
        self._session: Session = cache.session(recipe, recipe["row_length"])
        self._digests: list[tuple[str, FileState, bytes]] = []

    def __enter__(self) -> CacheLookup:
        self._session.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Also after an error or Ctrl-C: what is finished need not be computed again.
        try:
            self._session.__exit__(kind, error, trace)
            self._cache.known_files.remember(self._digests)
            if self._cache.max_bytes is not None:
                self._cache.shrink(self._cache.max_bytes)
        except Exception:
            if error is None:
                raise  # otherwise the error under way is the one to be read

    def __len__(self) -> int:
        """Count the rows that are there."""
        return len(self._session)

    def __contains__(self, key: bytes) -> bool:
        return self._session.number(key) >= 0

    def take_unchanged(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Take the rows of files that have not changed since the cache saw them, without reading.

        Returns
        -------
        at : numpy.ndarray of int64, shape (k,)
            Numbers of the pictures, in ascending order.
        rows : numpy.ndarray of float32, shape (k, row_length)
        """
        no_files = any(
            isinstance(source, Image.Image) or is_address(source) for source in self._sources
        )
        digests: list[bytes | None] = []
        if len(self._session) and not no_files:
            names = [_absolute(source) for source in self._sources]  # type: ignore[arg-type]
            digests = self._cache.known_files.digests(names)
        numbers = np.fromiter(map(self._session.number, digests), np.int64, len(digests))
        known = np.flatnonzero(numbers >= 0)
        rows, there = self._session.take(numbers[known])
        return (known, rows) if there.all() else (known[there], rows[there])

    def read(
        self, source: Picture | Fetched, decode: Callable[[Any], NDArray[np.uint8]]
    ) -> tuple[bytes, NDArray[np.uint8] | None]:
        """Give a picture's key and its pixels, or no pixels when its row is here. Thread-safe.

        Raises
        ------
        BadImageError
            When the picture cannot be read, or never stays the same while it is being read.
        """
        key, state, pixels = read_settled(source, decode, lambda k: self._session.number(k) >= 0)
        self.note(source, state, key)
        return key, pixels

    def note(self, source: Picture | Fetched, state: FileState | None, key: bytes) -> None:
        """Note which bytes a file held when it was in that state. Thread-safe."""
        if state is not None:
            self._digests.append((_absolute(source), state, key))  # type: ignore[arg-type]

    def take(self, keys: Sequence[bytes]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Take rows by their pictures' keys.

        Returns
        -------
        rows : numpy.ndarray of float32, shape (n, row_length)
        there : numpy.ndarray of bool, shape (n,)
            False where the row cannot be read (any more); its numbers mean nothing then.
        """
        return self._session.take(np.array([self._session.number(key) for key in keys], np.int64))

    def add(self, keys: Sequence[bytes], rows: NDArray[np.float32]) -> None:
        """Keep the rows of pictures, by their keys."""
        self._session.add(keys, rows)


def read_settled(
    source: Picture | Fetched,
    decode: Callable[[Any], NDArray[np.uint8]],
    is_known: Callable[[bytes], bool] = lambda key: False,
) -> tuple[bytes, FileState | None, NDArray[np.uint8] | None]:
    """Digest and decode a picture, and make sure that both saw the same bytes.

    Parameters
    ----------
    source : path, PIL image or Fetched
    decode : callable
        Gives its pixels.
    is_known : callable
        Whether the row of a digest is there already, so that no pixels are wanted.

    Returns
    -------
    key : bytes
        The digest.
    state : FileState or None
        Of the file before it was read.
    pixels : numpy.ndarray of uint8, or None

    Raises
    ------
    BadImageError
        When it cannot be read, or never stays the same while it is being read.
    """
    for _ in range(3):
        state = state_of(source)
        key = digest_picture(source)
        pixels = None if is_known(key) else decode(source)
        if pixels is None or state_of(source) == state:
            return key, state, pixels
    assert isinstance(source, (str, os.PathLike))  # what is in memory has no state that changes
    raise BadImageError(source, "it changes while it is being read")


def _absolute(path: str | os.PathLike[str]) -> str:
    name = os.fspath(path)
    # abspath takes longer than all else that is done for a known file.
    return name if name.startswith("/") else os.path.abspath(name)  # noqa: PTH100
