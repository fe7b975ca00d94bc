"""The run behind :func:`~course_utils.features.extract_features`.

Three stages overlap: threads read and decode; raw pixels wait, a bounded number of them; an engine
computes batch after batch. Finished rows go to the result and to the cache as they come.
"""

from __future__ import annotations

import math
import time
import warnings
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import PIL
import torch
from numpy.typing import NDArray
from PIL import Image

from course_utils.backbones import Backbone
from course_utils.decoding import (
    FileState,
    Picture,
    decode_picture,
    digest_picture,
    map_in_order,
    path_of,
    state_of,
)
from course_utils.devices import grow_batch_size, is_out_of_memory
from course_utils.engines import (
    TOLERANCE,
    Engine,
    EngineChoice,
    PixelNetwork,
    build_engine,
    disagreement,
    first_batch_size,
    largest_batch_size,
)
from course_utils.feature_cache import FeatureCache, Session, absolute
from course_utils.images import BadImageError
from course_utils.layers import Tap, evaluating, looking_inside

# To be raised whenever a change of this code changes the numbers that a recipe gives.
_CODE_VERSION = 1
# Pictures on which an engine is compared with plain float32 torch.
_CHECKED_PICTURES = 3
# Decoded pictures that wait for the network may take so many bytes: some 400 at 224 pixels.
_WAITING_BYTES = 64 * 2**20
# Engines that one backbone keeps for the next call.
_KEPT_ENGINES = 2


class EngineFailure(RuntimeError):
    """An engine cannot be used; nothing has been computed with it."""


@dataclass(frozen=True)
class Job:
    """What one call was asked for; see :func:`~course_utils.features.extract_features`."""

    sources: list[Picture]
    backbone: Backbone
    weights_digest: str
    layer: str
    pooled: bool
    batch_size: int | Literal["auto"]
    skip: bool
    cache: FeatureCache | None
    draft: bool
    threads: int
    progress: bool

    def tap(self) -> Tap:
        """Give the network up to the layer."""
        return self.backbone.tap(self.layer, pooled=self.pooled)

    def recipe(self, choice: EngineChoice) -> dict[str, Any]:
        """Say everything that a row's numbers depend on, apart from the picture."""
        recipe = {
            "backbone": self.backbone.name,
            "weights": self.weights_digest,
            "layer": self.layer,
            "pooled": self.pooled,
            "row_length": math.prod(self.tap().shape),
            "transform": _as_json(asdict(self.backbone.transform)),
            "draft": self.draft,
            "engine": choice.engine,
            "device": choice.device.partition(":")[0],
            "precision": choice.precision,
            "code": _CODE_VERSION,
            "torch": torch.__version__,
            "pillow": PIL.__version__,
        }
        if choice.engine == "openvino":
            import openvino

            recipe["openvino"] = openvino.__version__
        return recipe


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


def run(job: Job, choice: EngineChoice) -> Extraction:
    """Compute all rows that the cache does not have.

    Raises
    ------
    BadImageError
        When a picture cannot be read, unless such pictures are to be skipped.
    EngineFailure
        When the engine cannot be used.
    """
    from tqdm.auto import tqdm

    began = time.perf_counter()
    recipe = job.recipe(choice)
    rows = _Rows(len(job.sources), recipe["row_length"])
    runner: _Runner | None = None
    with ExitStack() as stack:
        stack.enter_context(evaluating(job.backbone.network))
        session = None
        if job.cache is not None:
            session = stack.enter_context(job.cache.session(recipe, recipe["row_length"]))
            _take_unchanged_files(job, session, rows)
        todo = rows.missing()
        bar = stack.enter_context(
            tqdm(
                total=len(job.sources),
                initial=len(job.sources) - len(todo),
                desc=f"{job.backbone.name}: {job.layer}",
                unit="picture",
                disable=not job.progress,
            )
        )
        if len(todo):
            runner = _Runner(job, choice, session, rows, bar.update)
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
        "shape": list(job.tap().shape),
        "computed": rows.computed,
        "from_cache": len(X) - rows.computed,
        "seconds": round(time.perf_counter() - began, 3),
    }
    return Extraction(X, kept, sorted(rows.skipped), provenance)


def _take_unchanged_files(job: Job, session: Session, rows: _Rows) -> None:
    """Take the rows of files that have not changed since the cache saw them."""
    assert job.cache is not None
    in_memory = any(isinstance(source, Image.Image) for source in job.sources)
    if in_memory or not len(session):
        return
    paths = [source for source in job.sources if not isinstance(source, Image.Image)]
    numbers = np.array([session.number(key) for key in job.cache.known_digests(paths)], np.int64)
    known = np.flatnonzero(numbers >= 0)
    found, there = session.take(numbers[known])
    if len(known) == len(paths) and there.all():
        rows.put_all(found)
    else:
        rows.put(known[there], found[there])


class _Rows:
    """The result as it grows: which rows are there, which are missing, which never will be."""

    def __init__(self, n: int, row_length: int) -> None:
        self._X: NDArray[np.float32] | None = None
        self._shape = (n, row_length)
        self._missing = np.ones(n, dtype=bool)
        self.skipped: list[tuple[int, str]] = []
        self.computed = 0

    def missing(self) -> NDArray[np.int64]:
        return np.flatnonzero(self._missing)

    def put(self, at: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        if self._X is None:
            self._X = np.empty(self._shape, np.float32)
        self._X[at] = values
        self._missing[at] = False

    def put_all(self, values: NDArray[np.float32]) -> None:
        self._X = values
        self._missing[:] = False

    def copy(self, source: int, target: int) -> None:
        assert self._X is not None
        self.put(np.array([target]), self._X[source])

    def finish(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        kept = np.flatnonzero(~self._missing)
        X = self._X if self._X is not None else np.empty(self._shape, np.float32)
        return (X if len(kept) == len(X) else X[kept]), kept


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


class _Runner:
    """Takes pictures through decoding and the network, and puts their rows where they belong."""

    def __init__(
        self,
        job: Job,
        choice: EngineChoice,
        session: Session | None,
        rows: _Rows,
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
                raise EngineFailure(
                    f"{self._choice.label} does not work for {self._job.backbone.name} "
                    f"({type(error).__name__}: {str(error).strip().partition(chr(10))[0][:200]})"
                ) from error
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
            raise EngineFailure(
                f"{self._choice.label} disagrees with plain float32 torch on "
                f"{self._job.backbone.name}'s {self._job.layer} by {self.difference:.2g} of their "
                f"length, where {TOLERANCE[self._choice.precision]:g} is allowed"
            )

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


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
