"""Pictures through decoding and the network, and their rows to where they belong."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils.features.cache import Session, absolute
from course_utils.features.decoding import (
    FileState,
    decode_picture,
    digest_picture,
    map_in_order,
    path_of,
    state_of,
)
from course_utils.features.engines import (
    TOLERANCE,
    Engine,
    EngineChoice,
    PixelNetwork,
    build_engine,
    disagreement,
    first_batch_size,
    largest_batch_size,
)
from course_utils.features.jobs import Job, Rows
from course_utils.images.sets import BadImageError
from course_utils.networks.devices import grow_batch_size, is_out_of_memory
from course_utils.networks.layers import looking_inside

# Pictures on which an engine is compared with plain float32 torch.
_CHECKED_PICTURES = 3
# Decoded pictures that wait for the network may take so many bytes: some 400 at 224 pixels.
_WAITING_BYTES = 64 * 2**20
# Engines that one backbone keeps for the next call.
_KEPT_ENGINES = 2


class EngineFailure(RuntimeError):
    """An engine cannot be used; nothing has been computed with it."""


class _Decoded(NamedTuple):
    """What a decoding thread found out about picture ``i``."""

    i: int
    key: bytes | None = None  # digest of the picture; None without a cache
    state: FileState | None = None
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
        session: Session | None,
        rows: Rows,
        advance: Callable[[int], Any],
    ) -> None:
        self._job = job
        self._choice = choice
        self._session = session
        self._rows = rows
        self._advance = advance
        self._engine: Engine | None = None
        self._started: deque[_Batch] = deque()
        self.difference: float | None = None
        self.batch_size = self._first_batch_size()

    def run(self, todo: NDArray[np.int64]) -> None:
        """Compute the rows of these pictures."""
        ready: list[_Decoded] = []
        equal: list[_Decoded] = []  # pictures whose twin is computed in this very run
        cached: list[_Decoded] = []
        computing: dict[bytes, int] = {}
        digests: list[tuple[str, FileState, bytes]] = []
        try:
            for picture in map_in_order(
                self._read, todo.tolist(), threads=self._job.threads, ahead=self._ahead()
            ):
                if picture.error is not None:
                    self._skip(picture)
                    continue
                if picture.key is not None and picture.state is not None:
                    name = absolute(self._job.sources[picture.i])  # type: ignore[arg-type]
                    digests.append((name, picture.state, picture.key))
                if picture.pixels is None:
                    cached.append(picture)
                elif picture.key is not None and picture.key in computing:
                    equal.append(picture._replace(pixels=None))
                else:
                    if picture.key is not None:
                        computing[picture.key] = picture.i
                    ready.append(picture)
                    ready = self._start_full_batches(ready, len(todo))
            if ready:
                self._start(ready, len(todo))
            self._finish_all()
        except BaseException:
            # Ctrl-C, a bad picture, a full disk: what the engine has nearly done is kept as well.
            with suppress(Exception):
                self._finish_all()
            raise
        finally:
            if self._job.cache is not None:
                self._job.cache.remember_digests(digests)
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
        transform, draft = self._job.backbone.transform, self._job.draft
        try:
            if self._session is None:
                return _Decoded(i, pixels=decode_picture(source, transform, draft=draft))
            for _ in range(3):
                state = state_of(source)
                key = digest_picture(source)
                if self._session.number(key) >= 0:
                    return _Decoded(i, key, state)
                pixels = decode_picture(source, transform, draft=draft)
                if state_of(source) == state:
                    return _Decoded(i, key, state, pixels)
            raise BadImageError(path_of(source, i), "it changes while it is being read")
        except BadImageError as error:
            return _Decoded(i, error=error)
        except (OSError, ValueError, SyntaxError) as error:
            if not isinstance(source, Image.Image):
                raise
            # Of a picture in memory the pixels may be unusable, or still to be read from a file.
            reason = str(error) or type(error).__name__
            return _Decoded(i, error=BadImageError(path_of(source, i), reason))

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
        assert self._session is not None
        numbers = np.array([self._session.number(picture.key) for picture in pictures], np.int64)
        found, there = self._session.take(numbers)
        at = np.array([picture.i for picture in pictures], np.int64)
        self._rows.put(at[there], found[there])
        self._advance(int(there.sum()))
        if not there.all():
            self.run(at[~there])

    def _start_full_batches(self, ready: list[_Decoded], total: int) -> list[_Decoded]:
        while len(ready) >= self.batch_size:
            batch, ready = ready[: self.batch_size], ready[self.batch_size :]
            self._start(batch, total)
        return ready

    def _start(self, pictures: list[_Decoded], total: int) -> None:
        pixels = np.stack([picture.pixels for picture in pictures])  # type: ignore[misc]
        if self._engine is None:
            self._engine = self._take_engine() or self._make_engine(pixels, total)
            self.batch_size = self._engine.batch_size
        if len(pixels) > self._engine.batch_size:  # memory ran out while it was made
            self._keep(pictures, self._compute_in_parts(pixels))
            return
        while len(self._started) >= self._engine.in_flight:
            self._finish_oldest()
        try:
            handle = self._engine.start(pixels)
        except Exception as error:
            self._keep(pictures, self._compute_in_smaller_batches(pixels, error))
        else:
            self._started.append(_Batch(pictures, pixels, handle))

    def _finish_all(self) -> None:
        while self._started:
            self._finish_oldest()

    def _finish_oldest(self) -> None:
        assert self._engine is not None
        batch = self._started.popleft()
        try:
            rows = self._engine.finish(batch.handle)
        except Exception as error:
            rows = self._compute_in_smaller_batches(batch.pixels, error)
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
        if self._session is not None:
            self._session.add([picture.key for picture in pictures if picture.key], rows)
        self._advance(len(rows))

    def _compute_in_smaller_batches(
        self, pixels: NDArray[np.uint8], error: Exception
    ) -> NDArray[np.float32]:
        """Halve the batch size when memory ran out; anything else is raised."""
        assert self._engine is not None
        if not is_out_of_memory(error):
            raise error
        if self._engine.batch_size == 1:
            raise MemoryError(
                f"the memory of {self._choice.device} does not suffice for a single picture in "
                f"{self._job.backbone.name}; close other programs that use it, or choose "
                f"device='cpu' or a smaller network"
            ) from error
        self._engine = self._engine.resized(self._engine.batch_size // 2)
        self.batch_size = self._engine.batch_size
        self._finish_all()
        return self._compute_in_parts(pixels)

    def _compute_in_parts(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert self._engine is not None
        parts: list[NDArray[np.float32]] = []
        done = 0
        while done < len(pixels):
            part = pixels[done : done + self._engine.batch_size]
            try:
                parts.append(self._engine.compute(part))
            except Exception as error:
                parts.append(self._compute_in_smaller_batches(part, error))
            done += len(part)
        return np.concatenate(parts)

    def _first_batch_size(self) -> int:
        if self._job.batch_size != "auto":
            return self._job.batch_size
        # An interrupted run's batch size, so that the rest comes out the same to the last bit.
        remembered = self._session.batch_size if self._session is not None else None
        return remembered or first_batch_size(self._choice)

    def _make_engine(self, pixels: NDArray[np.uint8], total: int) -> Engine:
        self._refuse_what_failed_before()
        network = PixelNetwork(self._job.tap(), self._job.backbone.transform)
        size = self.batch_size
        while True:
            try:
                with looking_inside:
                    engine = build_engine(network, self._choice, size)
                    self._check(engine, network, pixels[:_CHECKED_PICTURES])
                break
            except EngineFailure:
                raise
            except Exception as error:
                if is_out_of_memory(error) and size > 1:
                    size //= 2
                    continue
                failure = EngineFailure(
                    f"{self._choice.label} does not work for {self._job.backbone.name} "
                    f"({type(error).__name__}: {str(error).strip().partition(chr(10))[0][:200]})"
                )
                if not is_out_of_memory(error):  # which other programs may cause, and end
                    self._remember(failure)
                raise failure from error
        if self._job.batch_size == "auto" and size == first_batch_size(self._choice):
            engine = self._grown(engine, pixels, total)
        if self._session is not None and self._job.batch_size == "auto":
            self._session.batch_size = engine.batch_size
        return engine

    def _check(self, engine: Engine, network: PixelNetwork, pixels: NDArray[np.uint8]) -> None:
        if engine.is_plain:
            return
        self.difference = disagreement(engine, network, pixels)
        if not self.difference <= TOLERANCE[self._choice.precision]:
            failure = EngineFailure(
                f"{self._choice.label} disagrees with plain float32 torch on "
                f"{self._job.backbone.name}'s {self._job.layer} by {self.difference:.2g} of their "
                f"length, where {TOLERANCE[self._choice.precision]:g} is allowed"
            )
            self._remember(failure)
            raise failure

    def _failure_key(self) -> tuple[Any, ...]:
        return ("failure", self._job.layer, self._job.pooled, self._choice.label)

    def _remember(self, failure: EngineFailure) -> None:
        self._job.backbone._made[self._failure_key()] = (self._made_from(), str(failure))

    def _refuse_what_failed_before(self) -> None:
        """Keep to the step back: training and validation pictures get the same engine.

        Otherwise the few pictures that each call checks an engine on would decide, call by call.
        """
        made_from, failure = self._job.backbone._made.get(self._failure_key(), (None, ""))
        if made_from == self._made_from():
            raise EngineFailure(failure)

    def _grown(self, engine: Engine, pixels: NDArray[np.uint8], total: int) -> Engine:
        """Find out whether larger batches pay, if there are enough pictures to find out."""
        limit = min(largest_batch_size(self._choice), total // 8)

        def rate(size: int) -> float:
            resized = engine.resized(size)
            batch = np.repeat(pixels[:1], size, axis=0)
            resized.compute(batch)  # the first pass of a size also chooses its algorithms
            began = time.perf_counter()
            for _ in range(2):
                resized.compute(batch)
            return 2 * size / (time.perf_counter() - began)

        if 2 * engine.batch_size > limit:
            return engine
        return engine.resized(grow_batch_size(rate, engine.batch_size, limit))

    def _engine_key(self) -> tuple[Any, ...]:
        job = self._job
        return ("engine", job.layer, job.pooled, self._choice.label, job.batch_size)

    def _take_engine(self) -> Engine | None:
        """Take the engine that an earlier call left, if network and transform are the same.

        It is gone from its place then, so that two threads never share one.
        """
        kept = self._job.backbone._made.pop(self._engine_key(), None)
        if kept is None or kept[0] != self._made_from():
            return None
        _, engine, self.difference = kept
        return engine if engine.batch_size == self.batch_size else None

    def _made_from(self) -> tuple[Any, ...]:
        """Say what an engine depends on, apart from its key."""
        return self._job.weights_digest, self._job.backbone.transform, self._job.backbone.network

    def _keep_engine(self) -> None:
        made = self._job.backbone._made
        if self._engine is not None:
            made[self._engine_key()] = (self._made_from(), self._engine, self.difference)
        engines = [key for key in made if key[0] == "engine"]
        for key in engines[:-_KEPT_ENGINES]:
            made.pop(key, None)
