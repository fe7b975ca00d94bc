"""What happens on a worker: it keeps the order, says what it can, and computes chunks.

A worker computes one chunk at a time, with all its threads, as one machine does; its next chunk
waits at the lock, so that there is no pause between two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
import torch
from distributed import Worker, WorkerPlugin, get_worker

from course_utils.features.cluster.orders import (
    ChunkRows,
    Offer,
    Order,
    WorkerReport,
    WorkerUnfitError,
)
from course_utils.features.decoding import Picture, digest_picture, fetched, state_of
from course_utils.features.engines import EngineChoice, engine_choices
from course_utils.features.jobs import Job
from course_utils.features.machine import describe_machine
from course_utils.features.run import Extraction, run
from course_utils.features.runner import EngineFailure
from course_utils.images.reading import BadImageError

__all__ = ["OrderPlugin", "compute", "digest", "report", "try_engine"]

_orders: dict[str, Order] = {}
# By order: what a chunk is computed with. To make it, the network is digested, once as on one
# machine.
_prepared: dict[str, tuple[dict[str, Any], Job, EngineChoice]] = {}
_tried: set[tuple[str, str]] = set()
_one_at_a_time = Lock()


class OrderPlugin(WorkerPlugin):
    """Brings the order to every worker; the scheduler gives it to those that come later too.

    Parameters
    ----------
    token : str
        Names the order.
    order : Order
    """

    def __init__(self, token: str, order: Order) -> None:
        self.name = f"course_utils-{token}"
        self._token = token
        self._order = order

    def setup(self, worker: Worker) -> None:
        """Keep the order; Dask calls this when a worker starts."""
        _orders[self._token] = self._order

    def teardown(self, worker: Worker) -> None:
        """Forget the order; Dask calls this when the work is done."""
        _orders.pop(self._token, None)
        _prepared.pop(self._token, None)
        _tried.difference_update([tried for tried in _tried if tried[0] == self._token])


async def report(token: str, dask_worker: Worker) -> WorkerReport:
    """Say who this worker is, and what it can compute with.

    Raises
    ------
    ValueError
        When it has nothing of what was asked for.
    """
    await _until_known(token)
    # Loading torch takes seconds, in which the worker must go on answering the scheduler.
    return await asyncio.to_thread(_report, token, dask_worker)


async def _until_known(token: str) -> None:
    """Wait for the order: the scheduler lists a worker a moment before it has been told."""
    for _ in range(600):
        if token in _orders:
            return
        await asyncio.sleep(0.1)


def _report(token: str, worker: Worker) -> WorkerReport:
    order, cores = _orders[token], worker.state.nthreads
    choices = engine_choices(order.engine, order.device, order.precision)
    job = order.job(cores)
    facts = {"worker": worker.address, **describe_machine(choices[0], cores)}
    return WorkerReport(facts, [Offer(choice, job.recipe(choice)) for choice in choices])


async def try_engine(
    token: str, recipe: dict[str, Any], sources: list[Picture], dask_worker: Worker
) -> Extraction | str:
    """Compute the first pictures with an engine, checked against float32 torch.

    Returns
    -------
    Extraction or str
        The rows, or why the engine cannot be used.
    """
    await _until_known(token)
    return await asyncio.to_thread(_try_engine, token, recipe, sources, dask_worker)


def _try_engine(
    token: str, recipe: dict[str, Any], sources: list[Picture], worker: Worker
) -> Extraction | str:
    with _one_at_a_time:
        try:
            job, choice = _prepare(token, recipe, worker)
            with _torch_threads(job.cores):
                found = run(replace(job, sources=sources), choice)
            if len(found.kept):
                _tried.add((token, choice.label))
            return found
        except (EngineFailure, WorkerUnfitError) as failure:
            return str(failure)


def compute(
    token: str, recipe: dict[str, Any], trial: list[Picture], sources: list[Picture]
) -> ChunkRows:
    """Compute the rows of a chunk of pictures.

    Parameters
    ----------
    token : str
        Names the order.
    recipe : dict
        What all workers agreed on.
    trial : list of pictures
        Those that the engine was tried on when they did: a worker that came later tries them too.
    sources : list of pictures

    Raises
    ------
    WorkerUnfitError
        When this worker cannot compute what the others do.
    OSError
        When pictures cannot be reached.
    """
    worker = get_worker()
    with _one_at_a_time:
        job, choice = _prepare(token, recipe, worker)
        try:
            with _torch_threads(job.cores):
                if (token, choice.label) not in _tried:
                    run(replace(job, sources=trial), choice)
                    _tried.add((token, choice.label))
                digests: dict[int, Any] | None = {} if _orders[token].with_digests else None
                found = run(replace(job, sources=sources, digests=digests), choice)
        except EngineFailure as failure:
            raise WorkerUnfitError(worker.address, str(failure)) from failure
    machine = {"worker": worker.address, **describe_machine(choice, job.cores)}
    return ChunkRows(found.X, found.kept, found.skipped, machine, digests or {})


def digest(sources: list[Picture]) -> ChunkRows:
    """Read pictures for their digests alone; those that cannot be read have none."""
    found: dict[int, Any] = {}
    for i, source in enumerate(sources):
        with suppress(BadImageError):
            ready = fetched(source)
            found[i] = state_of(ready), digest_picture(ready)
    return ChunkRows(np.empty((0, 0), np.float32), np.empty(0, np.int64), [], {}, found)


def _prepare(token: str, recipe: dict[str, Any], worker: Worker) -> tuple[Job, EngineChoice]:
    order = _orders[token]
    if token in _prepared and _prepared[token][0] == recipe:
        return _prepared[token][1:]
    job = order.job(worker.state.nthreads)
    for choice in engine_choices(order.engine, order.device, order.precision):
        if job.recipe(choice) == recipe:
            _prepared[token] = (recipe, job, choice)
            return job, choice
    wanted = f"{recipe['engine']} {recipe['precision']} on {recipe['device']}"
    raise WorkerUnfitError(worker.address, f"it does not have {wanted} as the others have it")


@contextmanager
def _torch_threads(n: int) -> Iterator[None]:
    """Let torch use the worker's threads; Dask allows numeric libraries only one."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)
