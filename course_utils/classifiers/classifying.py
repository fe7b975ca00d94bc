"""Any number of files, classified in order and in bounded memory, as rows of a CSV file."""

from __future__ import annotations

import csv
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from course_utils.classifiers.saved import SavedClassifier
from course_utils.features.cache import FeatureCache
from course_utils.images.walking import Found

__all__ = ["Classified", "classify_files", "write_table"]

CHUNK = 512
"""Pictures whose features are in memory at once."""


class Classified(NamedTuple):
    """What is known of one file."""

    path: str
    label: str
    """The most probable class; empty where the file could not be read."""
    probabilities: tuple[float, ...]
    """One for each class; empty where the file could not be read."""
    problem: str
    """Why it could not be read, or empty."""


def classify_files(
    saved: SavedClassifier,
    files: Iterable[Found],
    *,
    cache: FeatureCache | str | os.PathLike[str] | bool | None = None,
    chunk: int = CHUNK,
) -> Iterator[Classified]:
    """Classify files one chunk after the other.

    Parameters
    ----------
    saved : SavedClassifier
    files : iterable of Found
        As :func:`~course_utils.images.walking.walk_files` gives them. They are taken as they are
        needed.
    cache
        As in :func:`~course_utils.extract_features`: what was finished before an interruption is
        not computed again.
    chunk : int
        How many at once.

    Yields
    ------
    Classified
        One for each file, in the order of ``files``.
    """
    waiting = iter(files)
    while some := list(islice(waiting, chunk)):
        yield from _classify_chunk(saved, some, cache)


def _classify_chunk(
    saved: SavedClassifier,
    files: list[Found],
    cache: FeatureCache | str | os.PathLike[str] | bool | None,
) -> Iterator[Classified]:
    # A file that is named twice is read once. So each path has one row or one reason.
    paths = list(dict.fromkeys(found.path for found in files if not found.problem))
    with warnings.catch_warnings():
        # The rows say so, one by one.
        warnings.filterwarnings("ignore", message=".*could not be read and have no row")
        features = saved.features(paths, on_bad_image="skip", cache=cache, progress=False)
    reasons = {os.fspath(path): reason for path, reason in features.skipped}
    row_of = {os.fspath(path): row for row, path in enumerate(features.paths)}
    probabilities = saved.probabilities(features.X)
    best = probabilities.argmax(axis=1) if len(probabilities) else np.empty(0, dtype=int)
    for found in files:
        as_path = os.fspath(Path(found.path))
        if found.problem or as_path in reasons:
            yield Classified(found.path, "", (), found.problem or reasons[as_path])
        else:
            row = row_of[as_path]
            label = saved.class_names[int(best[row])]
            yield Classified(found.path, label, tuple(probabilities[row].tolist()), "")


def write_table(
    stream: IO[str],
    class_names: Iterable[str],
    rows: Iterable[Classified],
    done: Callable[[int], object] = lambda n: None,
) -> tuple[int, int]:
    """Write rows as CSV: path, class, the probability of each class, and what was wrong.

    Parameters
    ----------
    stream : text file
        Opened with ``newline=""``.
    class_names : iterable of str
    rows : iterable of Classified
    done : callable
        Called with 1 after each row, for a progress bar.

    Returns
    -------
    written, unread : int
        How many rows, and how many of them without a class.
    """
    names = list(class_names)
    table = csv.writer(stream)
    table.writerow(["path", "class", *(f"probability of {name}" for name in names), "problem"])
    written = unread = 0
    for row in rows:
        numbers = [f"{p:.6f}" for p in row.probabilities] or [""] * len(names)
        table.writerow([_safe_in_a_sheet(row.path), row.label, *numbers, row.problem])
        written += 1
        unread += bool(row.problem)
        done(1)
    return written, unread


def _safe_in_a_sheet(path: str) -> str:
    # A spreadsheet runs a cell that begins like this as a formula; "./" names the same file.
    return f"./{path}" if path[:1] in set("=+-@\t\r") else path
