"""Pictures through decoding and the network, and their rows to where they belong."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils.features.cache import CacheLookup, read_settled
from course_utils.features.decoding import (
    Fetched,
    Picture,
    decode_picture,
    fetched,
    map_in_order,
    path_of,
)
from course_utils.features.engines import (
    Engine,
    EngineChoice,
    PixelNetwork,
    batch_size_for,
    build_engine,
    disagreement,
    kept_engines,
)
from course_utils.features.engines.base import TOLERANCE
from course_utils.features.jobs import Job, Rows
from course_utils.images.reading import BadImageError
from course_utils.networks.devices import is_out_of_memory
from course_utils.networks.layers import hooks_lock

__all__ = ["EngineFailure", "Runner"]

# Pictures on which an engine is compared with plain float32 torch.
_CHECKED_PICTURES = 3
# Decoded pictures that wait for the network may take so many bytes: some 400 at 224 pixels.
_WAITING_BYTES = 64 * 2**20


class EngineFailure(RuntimeError):
    """An engine cannot be used; nothing has been computed with it."""


class _Decoded(NamedTuple):
    """What a decoding thread found out about picture ``i``."""

    i: int
    key: bytes | None = None  # digest of the picture; None without a cache
    pixels: NDArray[np.uint8] | None = None  # None when the cache has its row
    error: BadImageError | None = None


class _Batch(NamedTuple):
    """Pictures whose rows an engine is computing."""

    pictures: list[_Decoded]
    pixels: NDArray[np.uint8]
    handle: Any


class Runner:
    """Takes pictures through decoding and the network, and puts their rows where they belong."""

    def __init__(
        self,
        job: Job,
        choice: EngineChoice,
        lookup: CacheLookup | None,
        rows: Rows,
        advance: Callable[[int], Any],
    ) -> None:
        self._job = job
        self._choice = choice
        self._lookup = lookup
        self._rows = rows
        self._advance = advance
        self._engine: Engine | None = None
        self._started: deque[_Batch] = deque()
        self.difference: float | None = None
        asked = job.batch_size
        self.batch_size = batch_size_for(choice) if asked == "auto" else asked

    def run(self, todo: NDArray[np.int64]) -> None:
        """Compute the rows of these pictures."""
        ready: list[_Decoded] = []
        equal: list[_Decoded] = []  # pictures whose twin is computed in this very run
        cached: list[_Decoded] = []
        computing: dict[bytes, int] = {}
        try:
            for picture in map_in_order(
                self._read, todo.tolist(), threads=self._job.threads, ahead=self._ahead()
            ):
                if picture.error is not None:
                    self._skip(picture)
                elif picture.pixels is None:
                    cached.append(picture)
                elif picture.key is not None and picture.key in computing:
                    equal.append(picture._replace(pixels=None))
                else:
                    if picture.key is not None:
                        computing[picture.key] = picture.i
                    ready.append(picture)
                    if len(ready) >= self.batch_size:
                        self._start(ready)
                        ready = []
            if ready:
                self._start(ready)
            self._finish_all()
        except BaseException:
            # Ctrl-C, a bad picture, a full disk: what the engine has nearly done is kept as well.
            with suppress(Exception):
                self._finish_all()
            raise
        for picture in equal:
            assert picture.key is not None
            self._rows.copy(computing[picture.key], picture.i)
        self._advance(len(equal))
        self._keep_engine()
        self._take_cached(cached)

    def _ahead(self) -> int:
        height, width = self._job.backbone.transform.input_size
        return max(2 * self._job.threads, _WAITING_BYTES // (height * width * 3))

    def _read(self, i: int) -> _Decoded:
        """Run in a decoding thread."""
        source = self._job.sources[i]
        try:
            ready = fetched(source)
            if self._lookup is not None:
                key, pixels = self._lookup.read(ready, self._decode)
                return _Decoded(i, key, pixels)
            if self._job.digests is not None:
                key, state, pixels = read_settled(ready, self._decode)
                self._job.digests[i] = (state, key)
                return _Decoded(i, key, pixels)
            return _Decoded(i, pixels=self._decode(ready))
        except BadImageError as error:
            return _Decoded(i, error=error)
        except (OSError, ValueError, SyntaxError) as error:
            if not isinstance(source, Image.Image):
                raise  # of the computer or the network
            # Of a picture in memory the pixels may be unusable, or still to be read from a file.
            reason = str(error) or type(error).__name__
            return _Decoded(i, error=BadImageError(path_of(source, i), reason))

    def _decode(self, source: Picture | Fetched) -> NDArray[np.uint8]:
        return decode_picture(source, self._job.backbone.transform, draft=self._job.draft)

    def _skip(self, picture: _Decoded) -> None:
        assert picture.error is not None
        if not self._job.skip:
            raise picture.error
        self._rows.skipped.append((picture.i, picture.error.reason))
        self._advance(1)

    def _take_cached(self, pictures: list[_Decoded]) -> None:
        """Take rows whose pictures turned out to be in the cache under another name."""
        if not pictures:
            return
        assert self._lookup is not None
        found, there = self._lookup.take([picture.key for picture in pictures if picture.key])
        at = np.array([picture.i for picture in pictures], np.int64)
        self._rows.put(at[there], found[there])
        self._advance(int(there.sum()))
        if not there.all():
            self.run(at[~there])

    def _start(self, pictures: list[_Decoded]) -> None:
        pixels = np.stack([picture.pixels for picture in pictures])  # type: ignore[misc]
        if self._engine is None:
            self._engine = self._take_engine() or self._make_engine(pixels)
            self.batch_size = self._engine.batch_size
        while len(self._started) >= self._engine.in_flight:
            self._finish_oldest()
        if len(pixels) > self._engine.batch_size:  # memory has run out meanwhile
            self._finish_all()
            self._keep(pictures, self._compute_in_parts(pixels))
            return
        batch = _Batch(pictures, pixels, None)
        try:
            batch = batch._replace(handle=self._engine.start(pixels))
        except Exception as error:
            self._compute_again_in_smaller_batches(batch, error)
        else:
            self._started.append(batch)

    def _finish_all(self) -> None:
        while self._started:
            self._finish_oldest()

    def _finish_oldest(self) -> None:
        assert self._engine is not None
        batch = self._started.popleft()
        try:
            rows = self._engine.finish(batch.handle)
        except Exception as error:
            self._compute_again_in_smaller_batches(batch, error)
        else:
            self._keep(batch.pictures, rows)

    def _keep(self, pictures: list[_Decoded], rows: NDArray[np.float32]) -> None:
        wrong = ~np.isfinite(rows).all(axis=1)
        if wrong.any():
            i = pictures[int(np.flatnonzero(wrong)[0])].i
            raise ArithmeticError(
                f"{self._choice.label} gave numbers that are not finite for "
                f"{path_of(self._job.sources[i], i)}; try precision='fp32', and if they stay, the "
                f"network's weights are broken"
            )
        self._rows.put(np.array([picture.i for picture in pictures]), rows)
        self._rows.computed += len(rows)
        if self._lookup is not None:
            self._lookup.add([picture.key for picture in pictures if picture.key], rows)
        self._advance(len(rows))

    def _compute_again_in_smaller_batches(self, batch: _Batch, error: Exception) -> None:
        """Halve the batch size when memory ran out; anything else is raised."""
        assert self._engine is not None
        _raise_unless_out_of_memory(error)
        again = [batch]
        # Only the engine that a batch was started with can finish it, so that comes first.
        while self._started:
            batch = self._started.popleft()
            try:
                rows = self._engine.finish(batch.handle)
            except Exception as later:
                _raise_unless_out_of_memory(later)
                again.append(batch)
            else:
                self._keep(batch.pictures, rows)
        self._halve(error)
        for batch in again:
            self._keep(batch.pictures, self._compute_in_parts(batch.pixels))

    def _compute_in_parts(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert self._engine is not None
        parts: list[NDArray[np.float32]] = []
        done = 0
        while done < len(pixels):
            part = pixels[done : done + self._engine.batch_size]
            try:
                parts.append(self._engine.compute(part))
            except Exception as error:
                _raise_unless_out_of_memory(error)
                self._halve(error)
            else:
                done += len(part)
        return np.concatenate(parts)

    def _halve(self, error: Exception) -> None:
        """Change to an engine for half as many pictures; no batch may be under way."""
        assert self._engine is not None
        size = self._engine.batch_size
        while size > 1:
            size //= 2
            try:
                self._engine = self._engine.resized(size)
            except Exception as next_error:
                _raise_unless_out_of_memory(next_error)
                error = next_error
            else:
                self.batch_size = size
                return
        raise MemoryError(
            f"the memory of {self._choice.device} does not suffice for a single picture in "
            f"{self._job.backbone.name}; close other programs that use it, or choose "
            f"device='cpu' or a smaller network"
        ) from error

    def _make_engine(self, pixels: NDArray[np.uint8]) -> Engine:
        if failure := kept_engines(self._job.backbone).failure(self._key[:3], self._made_from):
            raise EngineFailure(failure)
        network = PixelNetwork(self._job.truncated, self._job.backbone.transform)
        size = self.batch_size
        while True:
            try:
                with hooks_lock:
                    engine = build_engine(network, self._choice, size, self._job.cores)
                    self._check(engine, network, pixels[:_CHECKED_PICTURES])
                return engine
            except EngineFailure:
                raise
            except Exception as error:
                if is_out_of_memory(error) and size > 1:
                    size //= 2
                    continue
                failure = (
                    f"{self._choice.label} does not work for {self._job.backbone.name} "
                    f"({type(error).__name__}: {str(error).strip().partition(chr(10))[0][:200]})"
                )
                if not is_out_of_memory(error):  # which other programs may cause, and end
                    self._remember(failure)
                raise EngineFailure(failure) from error

    def _check(self, engine: Engine, network: PixelNetwork, pixels: NDArray[np.uint8]) -> None:
        if engine.is_plain:
            return
        self.difference = disagreement(engine, network, pixels)
        if not self.difference <= TOLERANCE[self._choice.precision]:
            failure = (
                f"{self._choice.label} disagrees with plain float32 torch on "
                f"{self._job.backbone.name}'s {self._job.layer} by {self.difference:.2g} of their "
                f"length, where {TOLERANCE[self._choice.precision]:g} is allowed"
            )
            self._remember(failure)
            raise EngineFailure(failure)

    @property
    def _key(self) -> tuple[Any, ...]:
        """Which of a backbone's engines."""
        job = self._job
        return job.layer, job.pooled, self._choice.label, job.batch_size, job.cores

    @property
    def _made_from(self) -> tuple[Any, ...]:
        """Say what an engine depends on, apart from its key."""
        backbone = self._job.backbone
        return self._job.identity, backbone.transform, backbone.network

    def _remember(self, failure: str) -> None:
        if not self._job.identity.problem:
            kept = kept_engines(self._job.backbone)
            kept.remember_failure(self._key[:3], self._made_from, failure)

    def _take_engine(self) -> Engine | None:
        if self._job.identity.problem:
            return None
        kept = kept_engines(self._job.backbone).take(self._key, self._made_from)
        if kept is None:
            return None
        engine, self.difference = kept
        return engine

    def _keep_engine(self) -> None:
        if self._engine is not None and not self._job.identity.problem:
            kept_engines(self._job.backbone).keep(
                self._key, self._made_from, self._engine, self.difference
            )


def _raise_unless_out_of_memory(error: Exception) -> None:
    if not is_out_of_memory(error):
        raise error
