"""The errors of the array cache."""

from __future__ import annotations

import os
from pathlib import Path


class ArrayFileError(ValueError):
    """A stored array that cannot be trusted: damaged, cut short, or not one at all.

    Parameters
    ----------
    path
        The file in which the fault lies.
    place
        Where in the file, in words: ``"chunk 3 (bytes 12000 to 15999)"``.
    reason
        What is wrong there.

    Attributes
    ----------
    path : pathlib.Path
    place : str
    reason : str
    """

    def __init__(self, path: str | os.PathLike[str], place: str, reason: str) -> None:
        self.path = Path(path)
        self.place = place
        self.reason = reason
        super().__init__(f"{os.fspath(path)}, {place}: {reason}")

    def __reduce__(self) -> tuple[type[ArrayFileError], tuple[Path, str, str]]:
        return type(self), (self.path, self.place, self.reason)


class ArrayBusyError(RuntimeError):
    """Another writer holds the array."""
