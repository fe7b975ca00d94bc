"""Who grades: processes of this machine, or the workers of a Dask cluster.

A worker imports this module, and nothing of nbgrader: that would take longer than to grade.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from course_utils._paths import project_root
from course_utils.grading.jail import die_with_parent
from course_utils.grading.limits import Limits
from course_utils.grading.submissions import get_ready, use_core

SCHEDULER = "COURSE_SCHEDULER"


def data_folder() -> str | None:
    """Give the course's data folder, for submissions to read."""
    folder = Path(os.environ.get("COURSE_DATA") or project_root() / "data")
    return str(folder.resolve()) if folder.is_dir() else None


class EarlyWorkers(NamedTuple):
    """Processes that were started, with their sandboxes, before there was anything to grade."""

    pool: Executor
    size: int


@contextmanager
def start_early(workers: int | None) -> Iterator[EarlyWorkers | None]:
    """Start workers while there is something else to do, such as importing nbgrader.

    Parameters
    ----------
    workers
        How many; unless given, as many as there is memory for by default.
    """
    if os.environ.get(SCHEDULER):
        yield None
        return
    count = workers or processes_that_fit(Limits())
    with start_workers(count) as pool:
        for _ in range(count):
            pool.submit(get_ready, data_folder())
        yield EarlyWorkers(pool, count)


@contextmanager
def executor(workers: int, early: EarlyWorkers | None) -> Iterator[tuple[Executor, int]]:
    """Give what submissions are handed to, and how many it takes at once.

    That is processes here or, with its address in ``COURSE_SCHEDULER`` (``tcp://host:8786``), a
    Dask cluster. The cluster's workers need the course's packages and bubblewrap.

    Parameters
    ----------
    workers
        How many processes here.
    early
        Those that are there already; they are used where they are as many.
    """
    address = os.environ.get(SCHEDULER)
    if early is not None and early.size == workers:
        yield early
    elif not address:
        with start_workers(workers) as pool:
            yield pool, workers
    else:
        from distributed import Client

        with Client(address, set_as_default=False) as client, client.get_executor() as pool:
            yield pool, max(1, sum(client.nthreads().values()))


def processes_that_fit(limits: Limits) -> int:
    """Give how many submissions this machine can grade at once, by cores and free memory.

    Parameters
    ----------
    limits
        Each may use what they allow.
    """
    cores = len(os.sched_getaffinity(0))
    each = limits.memory + 2 * limits.disk
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free = int(text.partition("MemAvailable:")[2].split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        free = cores * each
    return max(1, min(cores, free // each))


def start_workers(count: int) -> ProcessPoolExecutor:
    """Give processes that grade; each keeps its sandbox for the next submission."""
    # Spawned: nothing of this process is in theirs, and no thread is in the way of a fork.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    start = multiprocessing.get_context("spawn")
    cores = sorted(os.sched_getaffinity(0))
    # Another run at the same time most likely begins with another core.
    number = start.Value("Q", random.randrange(len(cores)))
    return ProcessPoolExecutor(
        count, mp_context=start, initializer=_begin, initargs=(number, cores)
    )


def _begin(number: Any, cores: Sequence[int]) -> None:
    die_with_parent(signal.SIGKILL)
    # What all wait for in the end is the one process that writes gradebook and feedback; nor should
    # a class that is graded hold up whoever works on the machine.
    os.nice(5)
    with number.get_lock():
        use_core(cores[number.value % len(cores)])
        number.value += 1
