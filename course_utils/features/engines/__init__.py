"""Engines: what pushes batches of pixels through a network, as fast as the device allows.

All of them compute the same function, from uint8 pixels to the output of one layer. The plainest,
torch in float32, is what every other engine is checked against before its results are used.
"""

from __future__ import annotations

from course_utils.features.engines.base import Engine, PixelNetwork, disagreement
from course_utils.features.engines.choosing import EngineChoice, batch_size_for, engine_choices
from course_utils.features.engines.kept import KeptEngines, kept_engines
from course_utils.features.engines.torch_engine import TorchEngine

__all__ = [
    "Engine",
    "EngineChoice",
    "KeptEngines",
    "PixelNetwork",
    "batch_size_for",
    "build_engine",
    "disagreement",
    "engine_choices",
    "kept_engines",
]


def build_engine(
    network: PixelNetwork, choice: EngineChoice, batch_size: int, cores: int | None = None
) -> Engine:
    """Make the engine that was chosen, for so many cores; None for all."""
    if choice.engine == "torch":
        return TorchEngine(network, choice, batch_size)
    # OpenVINO need not be installed.
    from course_utils.features.engines.openvino_engine import OpenVINOEngine

    return OpenVINOEngine(network, choice, batch_size, cores)
