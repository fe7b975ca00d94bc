"""Reaching a cluster: a client, an address, or processes on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias

from course_utils._cores import usable_cores

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["DASK_SETTINGS", "Scheduler", "connected", "require_dask"]

Scheduler: TypeAlias = "str | Client"
"""``"local"`` for a worker process a core on this machine, a scheduler's address, or a client."""

DASK_SETTINGS: dict[str, str | None] = {
    # Dask looks 15 s after a process died whether another one is there, and otherwise never
    # starts one again; where processes die in a row, that may just be between two of them.
    "distributed.deploy.lost-worker-timeout": "1000 days",
    # Dask has its workers give memory back to the system at once. Every picture then takes it anew,
    # page by page, which costs a fifth of the rate; without this, workers do as any process does.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}
"""What is set for worker processes on this machine."""


def require_dask() -> None:
    """Say what to install where Dask is missing.

    Raises
    ------
    ImportError
    """
    if find_spec("distributed") is None:
        raise ImportError(
            "scheduler= hands the work to Dask, which is not installed. Run: "
            "pip install 'course-utils[cluster]' (or: pip install distributed)"
        )


@contextmanager
def connected(scheduler: Scheduler) -> Iterator[Client]:
    """Give a client of the scheduler; what was started for it ends with the block.

    Raises
    ------
    ValueError
        When this is no address.
    OSError
        When no scheduler answers there.
    TypeError
        When it is something else.
    """
    import dask
    from distributed import Client, LocalCluster

    if isinstance(scheduler, Client):
        yield scheduler
    elif scheduler == "local":
        with (
            dask.config.set(DASK_SETTINGS),
            ExitStack() as stack,
        ):
            cluster = LocalCluster(
                n_workers=usable_cores(),
                threads_per_worker=1,
                dashboard_address=":0",
                # It warns of each process that takes some seconds to end, which harms nothing.
                silence_logs=logging.ERROR,
            )
            stack.callback(_close, cluster)
            yield stack.enter_context(Client(cluster, set_as_default=False))
    elif isinstance(scheduler, str):
        with _client_of(scheduler) as client:
            yield client
    else:
        raise TypeError(
            f"scheduler must be 'local', an address such as 'tcp://host:8786', or a "
            f"distributed.Client, not {type(scheduler).__name__}"
        )


def _close(cluster: Any) -> None:
    # At its very end Dask raises what it missed about workers that died as soon as they came; the
    # rows are whole.
    with suppress(KeyError):
        cluster.close()


def _client_of(address: str) -> Any:
    from distributed import Client

    if "://" not in address:
        raise ValueError(
            f"scheduler={address!r} is neither 'local' nor an address such as 'tcp://host:8786', "
            f"which `dask scheduler` prints when it starts"
        )
    try:
        return Client(address, set_as_default=False)
    except OSError as error:
        raise OSError(f"no scheduler answers at {address} ({error}); is it running?") from error
