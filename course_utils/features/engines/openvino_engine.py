"""OpenVINO as an engine, on the processor."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from openvino.frontend import FrontEndManager
from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

from course_utils._cores import usable_cores
from course_utils.features.engines.base import Engine, PixelNetwork
from course_utils.features.engines.choosing import EngineChoice, openvino_core

__all__ = ["OpenVINOEngine"]


class OpenVINOEngine(Engine):
    """OpenVINO, on the processor, made from the torch module.

    Small batches on several streams: measured faster than one large batch, and the rows come out
    the same to the last bit for every batch size.
    """

    def __init__(
        self,
        network: PixelNetwork,
        choice: EngineChoice,
        batch_size: int,
        cores: int | None = None,
    ) -> None:
        self._cores = cores or usable_cores()
        self.choice = choice
        self.batch_size = batch_size
        self._source = network
        height, width = network.transform.input_size
        model = _convert(network, (batch_size, height, width, 3))
        settings = {
            "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[choice.precision],
            "NUM_STREAMS": self._cores,
            "INFERENCE_NUM_THREADS": self._cores,
            # The decoding threads share the cores; a pinned thread would wait for its own core.
            "ENABLE_CPU_PINNING": False,
        }
        compiled = openvino_core().compile_model(model, "CPU", settings)
        self.in_flight = 2 * self._cores
        self._idle = [compiled.create_infer_request() for _ in range(self.in_flight)]

    def resized(self, batch_size: int) -> OpenVINOEngine:
        """Compile the network again: its batch size is part of it."""
        return OpenVINOEngine(self._source, self.choice, batch_size, self._cores)

    def _start(self, pixels: NDArray[np.uint8]) -> Any:
        request = self._idle.pop()
        try:
            request.start_async({0: pixels}, share_inputs=True)
        except BaseException:
            self._idle.append(request)
            raise
        return request, pixels  # the request reads the pixels' memory: keep it alive

    def _finish(self, handle: Any) -> NDArray[np.float32]:
        request, _ = handle
        try:
            request.wait()
            return request.get_output_tensor(0).data.copy()
        finally:
            self._idle.append(request)


def _convert(network: PixelNetwork, shape: tuple[int, ...]) -> Any:
    """Translate a torch module for OpenVINO, for one shape of input.

    ``openvino.convert_model`` would do the same, but it reports its use to Google Analytics and
    runs every network three times more to check the trace; :func:`disagreement` checks the result.
    """
    frontend = FrontEndManager().load_by_framework("pytorch")
    with warnings.catch_warnings(), torch.no_grad():
        # Tracing warns of every size that a network reads from its input; ours is fixed.
        warnings.simplefilter("ignore")
        decoder = TorchScriptPythonDecoder(
            network,
            example_input=torch.zeros(shape, dtype=torch.uint8),
            shared_memory=False,  # training the network later must not reach into the engine
            trace_kwargs={"check_trace": False},
        )
    model = frontend.convert(frontend.load(decoder))
    model.reshape(list(shape))
    return model
