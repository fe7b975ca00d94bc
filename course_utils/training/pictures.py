"""Batches of a set's pictures, decoded once where they fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from course_utils._cores import usable_cores
from course_utils.features.decoding import decode_picture, map_in_order
from course_utils.images.sets import ImageSet
from course_utils.networks.preprocessing import Preprocessing
from course_utils.training.augmentation import Augmentation
from course_utils.training.loop import Batch

__all__ = ["PictureBatches"]

# Decoded pictures are kept up to so many bytes: 3,500 pictures of 224 pixels.
KEPT_BYTES = 512 * 2**20


class PictureBatches:
    """The pictures of a set as a network takes them, in any order, batch by batch.

    Parameters
    ----------
    images : ImageSet
    transform : Preprocessing
    draft : bool
        See :func:`~course_utils.features.extracting.extract_features`.
    device : str
    """

    def __init__(
        self, images: ImageSet, transform: Preprocessing, *, draft: bool, device: str
    ) -> None:
        self.images, self.transform = images, transform
        self._draft, self._device = draft, device
        height, width = transform.input_size
        self._kept: NDArray[np.uint8] | None = None
        if len(images) * height * width * 3 <= KEPT_BYTES:
            self._kept = np.stack(list(self._decoded(range(len(images)))))

    def training(
        self, *, batch_size: int, augmentation: Augmentation, seed: int, epoch: int
    ) -> Iterator[Batch]:
        """Give all pictures in this epoch's random order, changed as this epoch changes them."""
        order = np.random.default_rng([seed, epoch]).permutation(len(self.images))
        labels = torch.from_numpy(self.images.y)
        # As equal as possible: a last batch of one picture would be a step in its direction alone.
        parts = np.array_split(order, -(-len(order) // batch_size))
        pixels = self._batches(order, parts)
        for step, (part, batch) in enumerate(zip(parts, pixels, strict=True)):
            changed = augmentation(batch, part.tolist(), seed=seed, epoch=epoch)
            draws = np.random.SeedSequence([seed, epoch, step]).generate_state(1, np.uint64)
            yield Batch(
                self._inputs(changed), labels[part].to(self._device), int(draws[0] >> np.uint64(1))
            )

    def in_order(self, *, batch_size: int) -> Iterator[torch.Tensor]:
        """Give all pictures as they are, in the order of the set."""
        order = np.arange(len(self.images))
        parts = np.array_split(order, -(-len(order) // batch_size))
        return map(self._inputs, self._batches(order, parts))

    def _inputs(self, pixels: torch.Tensor) -> torch.Tensor:
        # Colours last in memory: half the time on processors and on GPUs with tensor cores.
        return self.transform.normalise(pixels).contiguous(memory_format=torch.channels_last)

    def _batches(
        self, order: NDArray[np.int64], parts: Sequence[NDArray[np.int64]]
    ) -> Iterator[torch.Tensor]:
        take: Callable[[NDArray[np.int64]], NDArray[np.uint8]]
        if self._kept is not None:
            kept = self._kept
            take = lambda part: kept[part]  # noqa: E731
        else:
            stream = self._decoded(order.tolist())
            take = lambda part: np.stack([next(stream) for _ in part])  # noqa: E731
        for part in parts:
            yield torch.from_numpy(take(part)).to(self._device)

    def _decoded(self, order: Iterable[int]) -> Iterator[NDArray[np.uint8]]:
        threads = usable_cores()
        return map_in_order(
            lambda i: decode_picture(self.images.paths[i], self.transform, draft=self._draft),
            order,
            threads=threads,
            ahead=32 * threads,
        )
