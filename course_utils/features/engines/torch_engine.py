"""torch as an engine, on a GPU or the processor."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from course_utils.features.engines.base import Engine, PixelNetwork
from course_utils.features.engines.choosing import EngineChoice

__all__ = ["TorchEngine"]


class TorchEngine(Engine):
    """torch, on a GPU or the processor.

    Works on a copy of the network: memory layout and device of the original stay as they are.
    """

    def __init__(self, network: PixelNetwork, choice: EngineChoice, batch_size: int) -> None:
        self.choice = choice
        self.batch_size = batch_size
        self._device = torch.device(choice.device)
        self._on_gpu = self._device.type == "cuda"
        # Two, so that the processor makes the next batch ready while the GPU computes this one.
        self.in_flight = 2 if self._on_gpu else 1
        self._network = copy.deepcopy(network).eval().requires_grad_(False).to(self._device)
        for parameter in self._network.parameters():
            if parameter.ndim == 4:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
        self._dtype = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}[
            choice.precision
        ]

    def resized(self, batch_size: int) -> TorchEngine:
        """Change the batch size."""
        self.batch_size = batch_size
        if self._on_gpu:
            torch.cuda.empty_cache()  # what is left of larger batches cannot be used for smaller
        return self

    def _start(self, pixels: NDArray[np.uint8]) -> Any:
        with torch.inference_mode():
            if not self._on_gpu:
                return self._compute(torch.from_numpy(pixels))
            with torch.cuda.device(self._device):  # events and pinned memory belong to one GPU
                rows = self._compute(torch.from_numpy(pixels).pin_memory())
                landed = torch.empty(rows.shape, dtype=rows.dtype, pin_memory=True)
                landed.copy_(rows, non_blocking=True)
                arrived = torch.cuda.Event()
                arrived.record()
                return landed, arrived

    def _compute(self, batch: torch.Tensor) -> torch.Tensor:
        batch = batch.to(self._device, non_blocking=self._on_gpu)
        half = torch.autocast(self._device.type, self._dtype, enabled=self._dtype is not None)
        # The fastest algorithm found by trying would differ from run to run, and TF32 has 10 bits
        # where float32 was promised 23.
        same_each_time = torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        )
        with half, same_each_time:
            return self._network(batch).float()

    def _finish(self, handle: Any) -> NDArray[np.float32]:
        if self._on_gpu:
            rows, arrived = handle
            arrived.synchronize()
            return rows.numpy()
        return handle.cpu().numpy()
