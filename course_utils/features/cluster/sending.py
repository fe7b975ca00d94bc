"""Chunks to the workers, a bounded number at a time, and their rows back in order."""

from __future__ import annotations

import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from distributed import CancelledError, KilledWorker
from distributed.comm import CommClosedError

from course_utils.features.cluster.orders import ChunkRows, WorkerUnfitError
from course_utils.features.decoding import Picture

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["ClusterLostError", "Sender"]

# Chunks that are under way for each worker: one that it computes, one that waits for it, and two
# for the time until the client has fetched what is finished.
_UNDER_WAY = 4
# Seconds after which the client looks whether there is still a worker.
_LOOK = 10.0
_LOST = "the connection to the scheduler is lost; what is finished is kept"


class ClusterLostError(OSError):
    """The scheduler is gone."""


class Sender:
    """Lets workers compute chunks, and gives their rows in the order of the chunks.

    Results that are finished early stay on their workers until it is their turn, so the client
    never holds more than one. A worker that dies costs the time of its chunks: Dask lets others
    compute them.

    Parameters
    ----------
    client : distributed.Client
    function : callable
        What a worker does with a chunk: it gives ``ChunkRows``.
    *common
        Its arguments before the chunk, the same for all.
    """

    def __init__(self, client: Client, function: Callable[..., ChunkRows], *common: Any) -> None:
        self._client = client
        self._function = function
        self._common = common
        self._unfit: set[str] = set()
        self._workers: list[str] = []
        self._looked = -_LOOK

    def rows(self, chunks: Iterable[list[Picture]]) -> Iterator[tuple[list[Picture], ChunkRows]]:
        """Compute chunk after chunk.

        Yields
        ------
        chunk : list of pictures
        rows : ChunkRows

        Raises
        ------
        ClusterLostError
            When the scheduler is gone.
        WorkerUnfitError
            When there is no worker left that can compute what was agreed on.
        RuntimeError
            When workers die of a picture.
        """
        waiting: deque[tuple[list[Picture], Future]] = deque()
        try:
            for chunk in chunks:
                waiting.append((chunk, self._submit(chunk)))
                if len(waiting) >= _UNDER_WAY * max(1, len(self._usable())):
                    yield self._take(*waiting.popleft())
            while waiting:
                yield self._take(*waiting.popleft())
        except (CancelledError, CommClosedError) as error:
            raise ClusterLostError(_LOST) from error
        finally:
            for _, future in waiting:
                future.release()

    def _submit(self, chunk: list[Picture]) -> Future:
        only = self._usable() if self._unfit else None
        return self._client.submit(self._function, *self._common, chunk, workers=only, pure=False)

    def _take(self, chunk: list[Picture], future: Future) -> tuple[list[Picture], ChunkRows]:
        """Wait for a chunk's rows; give the chunk to others where that is what it takes."""
        while True:
            try:
                return chunk, future.result(timeout=_LOOK)
            except TimeoutError:
                if not self._usable():
                    warnings.warn(
                        "the scheduler has no worker at the moment; waiting for one", stacklevel=2
                    )
            except WorkerUnfitError as error:
                if error.worker not in self._unfit:
                    warnings.warn(f"{error}; it is left out", stacklevel=2)
                self._unfit.add(error.worker)
                if not self._usable():
                    raise
                future = self._submit(chunk)
            except KilledWorker as error:
                return chunk, self._in_halves(chunk, error)

    def _in_halves(self, chunk: list[Picture], error: KilledWorker) -> ChunkRows:
        """Compute what workers died of in two parts: at last only the culprit is left."""
        if len(chunk) == 1:
            raise RuntimeError(
                f"workers die while they compute {chunk[0]}, alone: {error}. It may need more "
                f"memory than they have; take it out of the list"
            ) from error
        middle = len(chunk) // 2
        halves = [chunk[:middle], chunk[middle:]]
        futures = [self._submit(half) for half in halves]
        first, second = (
            self._take(half, future)[1] for half, future in zip(halves, futures, strict=True)
        )
        return ChunkRows(
            np.concatenate([first.X, second.X]),
            np.concatenate([first.kept, second.kept + middle]),
            [*first.skipped, *((i + middle, reason) for i, reason in second.skipped)],
            first.machine,
            {**first.digests, **{i + middle: digest for i, digest in second.digests.items()}},
        )

    def _usable(self) -> list[str]:
        if time.monotonic() - self._looked > 1:
            try:
                self._workers = list(self._client.nthreads())
            except OSError as error:
                raise ClusterLostError(_LOST) from error
            self._looked = time.monotonic()
        return [worker for worker in self._workers if worker not in self._unfit]
