"""What travels between the client and its workers; all of it can be pickled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from course_utils.features.decoding import FileState
from course_utils.features.engines import EngineChoice
from course_utils.features.jobs import Job
from course_utils.networks.backbone import Backbone
from course_utils.networks.identity import NetworkIdentity
from course_utils.networks.loading import shared_backbone

__all__ = ["ChunkRows", "Offer", "Order", "WorkerReport", "WorkerUnfitError"]


@dataclass(frozen=True)
class Order:
    """What is asked of all workers: the same network, layer and settings.

    Parameters
    ----------
    backbone : str or Backbone
        By name each worker loads its own.
    identity : NetworkIdentity
        What the network has to be.
    layer, pooled, batch_size, draft, threads
        As in :func:`~course_utils.features.extracting.extract_features`; ``threads=None`` for as
        many as the worker has.
    engine, device, precision : str
        What may compute.
    with_digests : bool
        Whether each picture's SHA-256 is wanted, for a cache.
    """

    backbone: str | Backbone
    identity: NetworkIdentity
    layer: str
    pooled: bool
    batch_size: int | Literal["auto"]
    draft: bool
    threads: int | None
    engine: str
    device: str
    precision: str
    with_digests: bool = False

    @classmethod
    def of(
        cls,
        job: Job,
        backbone: str | Backbone,
        threads: int | None,
        *,
        engine: str,
        device: str,
        precision: str,
    ) -> Order:
        """Make an order of what a client's job is, and of what the caller asked for."""
        return cls(
            backbone=backbone,
            identity=job.identity,
            layer=job.layer,
            pooled=job.pooled,
            batch_size=job.batch_size,
            draft=job.draft,
            threads=threads,
            engine=engine,
            device=device,
            precision=precision,
            with_digests=job.cache is not None,
        )

    def job(self, cores: int) -> Job:
        """Make a job of it, without pictures yet, for as many cores."""
        named = isinstance(self.backbone, str)
        backbone = shared_backbone(self.backbone) if named else self.backbone
        assert isinstance(backbone, Backbone)
        return Job(
            sources=[],
            backbone=backbone,
            identity=backbone.identity(),
            truncated=backbone.truncated(self.layer, pooled=self.pooled),
            layer=self.layer,
            pooled=self.pooled,
            batch_size=self.batch_size,
            skip=True,
            cache=None,
            draft=self.draft,
            threads=self.threads or cores,
            progress=False,
            cores=cores,
        )


@dataclass(frozen=True)
class Offer:
    """An engine that a worker has, and everything that rows made with it depend on."""

    choice: EngineChoice
    recipe: dict[str, Any]


@dataclass(frozen=True)
class WorkerReport:
    """What a worker says about itself.

    Attributes
    ----------
    facts : dict
        For the provenance: its host, processor, threads.
    offers : list of Offer
        The fastest first.
    """

    facts: dict[str, Any]
    offers: list[Offer]


@dataclass
class ChunkRows:
    """What a worker found out about some pictures; numbers are positions among them.

    Attributes
    ----------
    X : numpy.ndarray of float32, shape (k, d)
    kept : numpy.ndarray of int64, shape (k,)
        Which pictures the rows belong to.
    skipped : list of (int, str)
        The others, and what is wrong with them.
    machine : dict
        Who computed it: address, host, processor, threads.
    digests : dict of int to (FileState or None, bytes)
        Of the pictures with rows, where digests are wanted: the file's state before it was read,
        and its SHA-256.
    """

    X: NDArray[np.float32]
    kept: NDArray[np.int64]
    skipped: list[tuple[int, str]]
    machine: dict[str, Any]
    digests: dict[int, tuple[FileState | None, bytes]] = field(default_factory=dict)


class WorkerUnfitError(RuntimeError):
    """A worker cannot compute what the others agreed on.

    Parameters
    ----------
    worker : str
        Its address.
    reason : str
    """

    def __init__(self, worker: str, reason: str) -> None:
        super().__init__(f"worker {worker} cannot be used: {reason}")
        self.worker = worker
        self.reason = reason

    def __reduce__(self) -> tuple[type[WorkerUnfitError], tuple[str, str]]:
        return type(self), (self.worker, self.reason)
