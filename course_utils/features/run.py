"""The run behind :func:`~course_utils.features.extracting.extract_features`.

Three stages overlap: threads read and decode; raw pixels wait, a bounded number of them; an engine
computes batch after batch. Finished rows go to the result and to the cache as they come.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from course_utils._progress import ProgressBar
from course_utils.features.cache import CacheLookup
from course_utils.features.decoding import Picture
from course_utils.features.engines import EngineChoice
from course_utils.features.jobs import Job, Rows
from course_utils.features.runner import EngineFailure, Runner
from course_utils.networks.layers import evaluating

__all__ = [
    "Extraction",
    "chunk_size",
    "in_chunks",
    "in_groups",
    "run",
    "run_first_that_works",
    "settle_engine",
]


# Rows that a worker computes, or a folder gets, together: a second of work or so, which is what a
# kill costs; fewer where rows are long, so that they fit into memory.
_CHUNK_PICTURES = 256
_CHUNK_BYTES = 16 * 2**20
# Pictures that are tried at a time until one can be read and the engine be checked on it.
_TRIED = 16
# What is done sooner, such as a call that finds all its rows in the cache, shows no bar.
_SILENT_SECONDS = 0.5


@dataclass(frozen=True)
class Extraction:
    """What a run gave.

    Attributes
    ----------
    X : numpy.ndarray of float32, shape (k, d)
    kept : numpy.ndarray of int64, shape (k,)
        Numbers of the pictures that have a row.
    skipped : list of (int, str)
        Numbers of the others, and what was wrong.
    provenance : dict
    """

    X: NDArray[np.float32]
    kept: NDArray[np.int64]
    skipped: list[tuple[int, str]]
    provenance: dict[str, Any]


def run_first_that_works(job: Job, choices: list[EngineChoice]) -> Extraction:
    """Run with the first engine; step back to the next when it disagrees with float32 torch.

    Raises
    ------
    EngineFailure
        When none is left.
    """
    for choice, next_choice in zip(choices, [*choices[1:], None], strict=True):
        try:
            return run(job, choice)
        except EngineFailure as failure:
            if next_choice is None:
                raise
            warnings.warn(f"{failure}; using {next_choice.label} instead", stacklevel=3)
    raise AssertionError("there is always a choice")


def chunk_size(job: Job) -> int:
    """Give how many pictures are computed together where work is cut into chunks."""
    return max(1, min(_CHUNK_PICTURES, _CHUNK_BYTES // (4 * job.row_length)))


class Pictures(Protocol):
    """Many pictures, of which parts are read: a list, or one on disk."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice) -> Sequence[Picture]: ...


def in_chunks(pictures: Pictures, start: int, size: int) -> Iterator[list[Picture]]:
    """Give the pictures from one on, so many at a time."""
    for first in range(start, len(pictures), size):
        yield list(pictures[first : first + size])


def in_groups(pictures: Pictures) -> Iterator[list[Picture]]:
    """Give the pictures in groups for :func:`settle_engine`."""
    return in_chunks(pictures, 0, _TRIED)


def settle_engine(
    job: Job, choices: list[EngineChoice], groups: Iterable[list[Picture]]
) -> tuple[EngineChoice, float | None]:
    """Choose the engine before the first row counts: the first that agrees with float32 torch.

    Parameters
    ----------
    job : Job
    choices : list of EngineChoice
    groups : iterable of list of pictures
        The pictures in their order; no more are looked at than it takes to find one that can be
        read.

    Returns
    -------
    EngineChoice
    float or None
        Its difference from float32 torch.
    """
    for sources in groups:
        trial = replace(job, sources=sources, skip=True, cache=None, progress=False)
        found = run_first_that_works(trial, choices)
        if len(found.kept):
            made = (found.provenance["engine"], found.provenance["precision"])
            choice = next(c for c in choices if (c.engine, c.precision) == made)
            return choice, found.provenance["difference_from_fp32"]
    return choices[0], None


def run(job: Job, choice: EngineChoice) -> Extraction:
    """Compute all rows that the cache does not have.

    Raises
    ------
    BadImageError
        When a picture cannot be read, unless such pictures are to be skipped.
    EngineFailure
        When the engine cannot be used.
    """
    began = time.perf_counter()
    recipe = job.recipe(choice)
    rows = Rows(len(job.sources), recipe["row_length"])
    runner: Runner | None = None
    with ExitStack() as stack:
        lookup = None
        if job.cache is not None:
            lookup = stack.enter_context(CacheLookup(job.cache, recipe, job.sources))
            rows.put(*lookup.take_unchanged())
        todo = rows.missing()
        bar = stack.enter_context(
            ProgressBar(
                total=len(job.sources),
                initial=len(job.sources) - len(todo),
                desc=f"{job.backbone.name}: {job.layer}",
                unit="picture",
                disable=not job.progress,
                delay=_SILENT_SECONDS,
            )
        )
        if len(todo):
            runner = Runner(job, choice, lookup, rows, bar.update)
            with evaluating(job.backbone.network):
                runner.run(todo)
    X, kept = rows.finish()
    provenance = {
        **recipe,
        "source": job.backbone.source,
        "engine": choice.engine,
        "device": choice.device,
        "reason": choice.reason,
        "difference_from_fp32": runner.difference if runner else None,
        "batch_size": runner.batch_size if runner else None,
        "shape": list(job.truncated.shape),
        "computed": rows.computed,
        "from_cache": len(X) - rows.computed,
        "seconds": round(time.perf_counter() - began, 3),
    }
    return Extraction(X, kept, sorted(rows.skipped), provenance)
