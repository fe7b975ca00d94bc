"""The cluster as one computer: pictures in, rows out, in order."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils._progress import ProgressBar
from course_utils.features.cache import CacheLookup
from course_utils.features.cluster.agreeing import Agreement, agree, ask_all, common_offers
from course_utils.features.cluster.connecting import Scheduler, connected
from course_utils.features.cluster.orders import ChunkRows, Order
from course_utils.features.cluster.sending import Sender
from course_utils.features.cluster.worker import OrderPlugin, compute, digest
from course_utils.features.decoding import Picture, path_of
from course_utils.features.jobs import Job, Rows, recipe_of
from course_utils.features.run import Extraction, chunk_size, in_groups
from course_utils.images.reading import BadImageError, to_rgb
from course_utils.images.stores import absolute

__all__ = ["Cluster", "run_on_cluster"]

# What it costs to send a chunk is little beside computing so many pictures.
_SMALLEST_CHUNK = 16
# How often workers are told what to do, where some die meanwhile.
_TRIES = 4


class Cluster:
    """All workers of a scheduler, agreed on one engine; to be used in a ``with`` block.

    Parameters
    ----------
    scheduler : str or distributed.Client
    order : Order
    job : Job
        The client's own: its network is the one that counts.
    """

    def __init__(self, scheduler: Scheduler, order: Order, job: Job) -> None:
        self._scheduler, self._order, self._job = scheduler, order, job
        self._token = uuid.uuid4().hex
        self._agreement: Agreement | None = None
        self._workers: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Cluster:
        self._stack = ExitStack()
        try:
            self._client = self._stack.enter_context(connected(self._scheduler))
            plugin = OrderPlugin(self._token, self._order)
            self._stack.callback(self._forget, plugin.name)
            self._tell(plugin)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _tell(self, plugin: OrderPlugin) -> None:
        """Bring the order to all workers; where one dies meanwhile, once more to the others."""
        for _ in range(_TRIES - 1):
            with suppress(OSError):
                self._client.register_plugin(plugin)
                return
        self._client.register_plugin(plugin)

    def _forget(self, plugin: str) -> None:
        with suppress(Exception):  # where the scheduler is gone there is nothing to forget
            self._client.unregister_worker_plugin(plugin)

    def settle(self, groups: Iterable[list[Picture]]) -> dict[str, Any]:
        """Let the workers agree on an engine, by trying it on the first pictures.

        Returns
        -------
        dict
            What rows depend on, and why this engine.

        Raises
        ------
        ValueError
            When they have nothing in common, or another network.
        EngineFailure
            When none of what they have in common works.
        """
        offers = common_offers(ask_all(self._client, self._token), self._job)
        self._agreement = agree(self._client, self._token, offers, groups)
        choice = self._agreement.offer.choice
        return {
            **self._agreement.offer.recipe,
            "reason": choice.reason,
            "difference_from_fp32": self._agreement.difference,
            "workers_give_same_bits": self._agreement.same_bits,
        }

    def chunk_size(self, pictures: int) -> int:
        """Give how many pictures go to a worker at once: fewer where all should get some."""
        share = pictures // (4 * max(1, len(self._client.nthreads())))
        return min(chunk_size(self._job), max(_SMALLEST_CHUNK, share))

    def rows(self, chunks: Iterable[list[Picture]]) -> Iterator[tuple[list[Picture], ChunkRows]]:
        """Compute chunk after chunk, on all workers; see :meth:`Sender.rows`."""
        assert self._agreement is not None, "settle comes first"
        common = (self._token, self._agreement.offer.recipe, self._agreement.trial)
        for chunk, rows in Sender(self._client, compute, *common).rows(chunks):
            known = self._workers.setdefault(
                rows.machine["worker"], {**rows.machine, "pictures": 0}
            )
            known["pictures"] += len(chunk)
            yield chunk, rows

    def digests(self, chunks: Iterable[list[Picture]]) -> Iterator[tuple[list[Picture], ChunkRows]]:
        """Let the workers read pictures, and give their digests alone."""
        return Sender(self._client, digest).rows(chunks)

    @property
    def workers(self) -> list[dict[str, Any]]:
        """Who has computed how many pictures so far, and with which processor."""
        return list(self._workers.values())


def run_on_cluster(job: Job, order: Order, scheduler: Scheduler) -> Extraction:
    """Compute all rows that the cache does not have, on a cluster.

    Raises
    ------
    BadImageError
        When a picture cannot be read, unless such pictures are to be skipped.
    OSError
        When the scheduler or a store is gone; rows that are finished are in the cache.
    """
    began = time.perf_counter()
    sources, unusable = _as_sent(job.sources)
    rows = Rows(len(sources), job.row_length)
    with ExitStack() as stack:
        cluster = stack.enter_context(Cluster(scheduler, order, job))
        made = cluster.settle(in_groups(sources))
        lookup = None
        if job.cache is not None:
            lookup = stack.enter_context(CacheLookup(job.cache, recipe_of(made), job.sources))
            rows.put(*lookup.take_unchanged())
            _take_known(cluster, lookup, rows, sources)
        todo = rows.missing()
        if unusable:
            stop = len(sources) if job.skip else unusable[0][0]
            todo = np.setdiff1d(todo[todo < stop], [i for i, _ in unusable])
        bar = stack.enter_context(
            ProgressBar(
                total=len(sources),
                initial=len(sources) - len(todo),
                desc=f"{job.backbone.name}: {job.layer}",
                unit="picture",
                disable=not job.progress,
            )
        )
        at = 0
        for chunk, found in cluster.rows(_chunks(sources, todo, cluster.chunk_size(len(todo)))):
            numbers = todo[at : at + len(chunk)]
            at += len(chunk)
            _keep(job, rows, lookup, numbers, found)
            bar.update(len(chunk))
        for i, reason in unusable:
            _skip(job, rows, i, reason)
    X, kept = rows.finish()
    provenance = {
        **made,
        "source": job.backbone.source,
        "batch_size": job.batch_size,
        "shape": list(job.truncated.shape),
        "computed": rows.computed,
        "from_cache": len(X) - rows.computed,
        "seconds": round(time.perf_counter() - began, 3),
        "workers": cluster.workers,
    }
    return Extraction(X, kept, sorted(rows.skipped), provenance)


def _as_sent(sources: list[Picture]) -> tuple[list[Picture], list[tuple[int, str]]]:
    """Give pictures as workers understand them, and those in memory that cannot be used."""
    sent: list[Picture] = []
    unusable = []
    for i, source in enumerate(sources):
        if not isinstance(source, Image.Image):
            sent.append(absolute(source))
            continue
        try:
            sent.append(to_rgb(source))
        except (OSError, ValueError, SyntaxError) as error:
            unusable.append((i, str(error) or type(error).__name__))
            sent.append(Image.new("RGB", (1, 1)))  # keeps the place; is not computed
    return sent, unusable


def _chunks(sources: list[Picture], todo: NDArray[np.int64], size: int) -> Iterator[list[Picture]]:
    for start in range(0, len(todo), size):
        yield [sources[i] for i in todo[start : start + size].tolist()]


def _take_known(cluster: Cluster, lookup: CacheLookup, rows: Rows, sources: list[Picture]) -> None:
    """Take the rows of pictures that the cache knows under another name; workers digest them."""
    todo = rows.missing()
    if not len(lookup) or not len(todo):
        return
    at = 0
    for chunk, found in cluster.digests(_chunks(sources, todo, 256)):
        numbers = todo[at : at + len(chunk)]
        at += len(chunk)
        known = [(i, *noted) for i, noted in sorted(found.digests.items()) if noted[1] in lookup]
        for i, state, key in known:
            lookup.note(chunk[i], state, key)
        values, there = lookup.take([key for _, _, key in known])
        places = numbers[[i for i, _, _ in known]] if known else np.empty(0, np.int64)
        rows.put(places[there], values[there])


def _keep(
    job: Job,
    rows: Rows,
    lookup: CacheLookup | None,
    numbers: NDArray[np.int64],
    found: ChunkRows,
) -> None:
    """Put a chunk's rows where they belong, and into the cache."""
    rows.put(numbers[found.kept], found.X)
    rows.computed += len(found.X)
    if lookup is not None:
        for i in found.kept.tolist():
            state, key = found.digests[i]
            lookup.note(job.sources[numbers[i]], state, key)
        lookup.add([found.digests[i][1] for i in found.kept.tolist()], found.X)
    for i, reason in found.skipped:
        _skip(job, rows, int(numbers[i]), reason)


def _skip(job: Job, rows: Rows, number: int, reason: str) -> None:
    if not job.skip:
        raise BadImageError(path_of(job.sources[number], number), reason)
    rows.skipped.append((number, reason))
