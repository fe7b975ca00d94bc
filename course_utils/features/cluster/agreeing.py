"""One engine for all: workers agree on what computes before the first row counts."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from distributed.comm import CommClosedError

from course_utils.features.cluster.orders import Offer, WorkerReport
from course_utils.features.cluster.worker import report, try_engine
from course_utils.features.decoding import Picture
from course_utils.features.jobs import Job
from course_utils.features.runner import EngineFailure

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Agreement", "agree", "ask_all", "common_offers"]

# How often workers are asked where all that were asked have died.
_TRIES = 4


class Agreement(NamedTuple):
    """What all workers compute with.

    Parameters
    ----------
    offer : Offer
    trial : list of pictures
        Those that it was tried on.
    difference : float or None
        The largest of the workers' differences from float32 torch.
    same_bits : bool
        Whether all workers gave the same bits.
    """

    offer: Offer
    trial: list[Picture]
    difference: float | None
    same_bits: bool


def ask_all(client: Client, token: str) -> list[WorkerReport]:
    """Ask every worker who it is and what it can compute with.

    Raises
    ------
    OSError
        When no worker comes within a minute.
    """
    return list(_of_all(client, report, token).values())


def _of_all(client: Client, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Call a function on every worker; one that dies meanwhile is as one that comes later.

    Raises
    ------
    OSError
        When all die, again and again, or none comes within a minute.
    """
    for _ in range(_TRIES):
        try:
            client.wait_for_workers(1, timeout=60)
        except TimeoutError:
            raise OSError("the scheduler has no worker, and none came within a minute") from None
        found = client.run(function, *arguments, on_error="return")
        there = client.nthreads()
        alive = {
            who: what
            for who, what in found.items()
            if not isinstance(what, Exception)
            or (who in there and not isinstance(what, CommClosedError))
        }
        for what in alive.values():
            if isinstance(what, Exception):
                raise what
        if alive:
            return alive
    raise OSError("all workers died while they were asked what they compute with")


def common_offers(reports: list[WorkerReport], job: Job) -> list[Offer]:
    """Find the engines that all workers have, the fastest first.

    Everything that rows depend on has to be the same: network, engine, precision, the libraries'
    versions.

    Parameters
    ----------
    reports : list of WorkerReport
    job : Job
        The client's own, whose network counts.

    Raises
    ------
    ValueError
        When there is none, or a worker has another network; the message says who has what.
    """
    for one in reports:
        for key in ("weights", "structure"):
            theirs, ours = one.offers[0].recipe[key], getattr(job.identity, key)
            if theirs != ours:
                raise ValueError(
                    f"worker {one.facts['worker']} on {one.facts['host']} has another "
                    f"{job.backbone.name} than this machine (its {key} are {theirs[:12]}…, here "
                    f"{ours[:12]}…); install the same packages on both"
                )
    common = [
        offer
        for offer in reports[0].offers
        if all(offer.recipe in [o.recipe for o in one.offers] for one in reports)
    ]
    if not common:
        raise ValueError(
            "the workers have no engine in common, so their rows would not belong together: "
            + "; ".join(_described(one) for one in reports)
            + ". Install the same versions everywhere, or say device='cpu'"
        )
    return common


def _described(one: WorkerReport) -> str:
    offered = ", ".join(offer.choice.label for offer in one.offers)
    recipe = one.offers[0].recipe
    names = [key for key in ("torch", "openvino", "pillow", "code") if key in recipe]
    versions = ", ".join(f"{key} {recipe[key]}" for key in names)
    return f"{one.facts['worker']} on {one.facts['host']} has {offered} ({versions})"


def agree(
    client: Client, token: str, offers: list[Offer], groups: Iterable[list[Picture]]
) -> Agreement:
    """Let all workers try the same first pictures, until there is an engine that works for all.

    Parameters
    ----------
    client : distributed.Client
    token : str
        Names the order.
    offers : list of Offer
        What they have in common.
    groups : iterable of list of pictures
        The pictures in their order; no more are looked at than it takes to find one that can be
        read.

    Raises
    ------
    EngineFailure
        When there is none.
    """
    trial: list[Picture] = []
    for trial in groups:
        for offer, next_offer in zip(offers, [*offers[1:], None], strict=True):
            found = _of_all(client, try_engine, token, offer.recipe, trial)
            failures = {who: said for who, said in found.items() if isinstance(said, str)}
            if failures:
                who, said = next(iter(failures.items()))
                if next_offer is None:
                    raise EngineFailure(f"worker {who}: {said}")
                warnings.warn(
                    f"worker {who}: {said}; all use {next_offer.choice.label} instead",
                    stacklevel=5,
                )
            elif any(len(rows.kept) for rows in found.values()):
                return Agreement(offer, trial, _largest_difference(found), _same_bits(found))
            else:
                break  # none of these pictures can be read: try the next ones
    return Agreement(offers[0], trial, None, True)


def _largest_difference(found: dict[str, Any]) -> float | None:
    differences = [rows.provenance["difference_from_fp32"] for rows in found.values()]
    return max((d for d in differences if d is not None), default=None)


def _same_bits(found: dict[str, Any]) -> bool:
    """Compare the workers' rows of the same pictures; say so where they differ."""
    (first_name, first), *others = found.items()
    for name, rows in others:
        if not np.array_equal(rows.kept, first.kept):
            raise OSError(
                f"workers {first_name} and {name} cannot read the same pictures "
                f"({_skipped(first)} and {_skipped(rows)}); every worker has to reach all of them, "
                f"under the same path"
            )
        if not np.array_equal(rows.X, first.X):
            difference = np.linalg.norm(rows.X - first.X, axis=1) / np.linalg.norm(first.X, axis=1)
            warnings.warn(
                f"workers {first_name} and {name} compute the same engine on different processors: "
                f"their rows differ by up to {difference.max():.1g} of their length, so which "
                f"worker computes a row shows in its last digits",
                stacklevel=6,
            )
            return False
    return True


def _skipped(rows: Any) -> str:
    return rows.skipped[0][1] if rows.skipped else "all can be read"
