"""Which engine computes: the fastest that this machine has, and what to step back to."""

from __future__ import annotations

import functools
import importlib.util
import threading
from dataclasses import dataclass
from typing import Any

import torch

from course_utils.networks.devices import PRECISIONS, choose_device

__all__ = ["ENGINES", "EngineChoice", "batch_size_for", "engine_choices"]

ENGINES = ("openvino", "torch")
"""Engines by name."""

# Pictures at once, by engine and kind of device. Measured on two cores with EfficientNet-Lite0:
# OpenVINO is as fast with 4 as with more (and 1.7 times as fast as with 32 for DenseNet-121); torch
# computes 18, 39, 32, 31 and 22 pictures a second in fp32 with 4, 8, 16, 32 and 64, and 121, 154,
# 116, 95 and 60 in bf16. No GPU was at hand: 256 is timm's own choice for one.
_BATCH_SIZES = {
    ("openvino", "cpu"): 4,
    ("torch", "cpu"): 8,
    ("torch", "mps"): 64,
    ("torch", "cuda"): 256,
}
_core_lock = threading.Lock()


@dataclass(frozen=True)
class EngineChoice:
    """Which engine, where, how exactly, and why."""

    engine: str
    device: str
    precision: str
    reason: str

    @property
    def label(self) -> str:
        """Short name, such as ``"openvino bf16 on cpu"``."""
        return f"{self.engine} {self.precision} on {self.device}"


def engine_choices(
    engine: str = "auto", device: str = "auto", precision: str = "auto"
) -> list[EngineChoice]:
    """List the engines to try, the fastest first and plain float32 torch last.

    Parameters
    ----------
    engine : {"auto", "openvino", "torch"}
    device : {"auto", "cuda", "mps", "cpu"}
    precision : {"auto", "fp32", "bf16", "fp16"}
        What is named is kept to: the list then holds nothing else.

    Returns
    -------
    list of EngineChoice
        At least one. Each next one is for when the one before disagrees with float32 torch.

    Raises
    ------
    ValueError
        When a name is unknown, or the choice cannot run on this machine.
    """
    if engine not in ("auto", *ENGINES):
        raise ValueError(f"engine={engine!r} is unknown; choose 'auto', {', '.join(ENGINES)}")
    if precision not in ("auto", *PRECISIONS):
        raise ValueError(
            f"precision={precision!r} is unknown; choose auto, {', '.join(PRECISIONS)}"
        )
    chosen = choose_device(device)
    kind = chosen.partition(":")[0]
    if engine == "openvino" and kind != "cpu":
        raise ValueError(f"engine='openvino' computes on the processor, not on device={chosen!r}")
    if kind == "cpu":
        choices = _processor_choices(engine, precision)
    else:
        name = {"cuda": "an NVIDIA GPU", "mps": "Apple's GPU"}[kind]
        fast = "fp16" if kind == "cuda" else "fp32"
        choices = [
            EngineChoice("torch", chosen, fast, f"{name} is there; {fast} is its fast precision"),
            EngineChoice("torch", chosen, "fp32", f"{name} is there; fp32 was asked for or needed"),
        ]
        if precision not in ("auto", fast):
            choices = [
                EngineChoice("torch", chosen, precision, f"{name}; {precision} was asked for")
            ]
    fitting = [c for c in choices if precision in ("auto", c.precision)]
    if not fitting:
        raise ValueError(
            f"precision={precision!r} cannot be had with engine={engine!r} on {chosen}; "
            f"there are {', '.join(sorted({c.precision for c in choices}))}"
        )
    unique = {(c.engine, c.precision): c for c in reversed(fitting)}
    return [c for c in fitting if unique.pop((c.engine, c.precision), None)]


def _processor_choices(engine: str, precision: str) -> list[EngineChoice]:
    choices = []
    has_openvino = importlib.util.find_spec("openvino") is not None
    if engine == "openvino" and not has_openvino:
        raise ValueError("engine='openvino' needs the package openvino: pip install openvino")
    if engine != "torch" and has_openvino:
        if "BF16" in _openvino_capabilities():
            choices.append(("openvino", "bf16", "the fastest here: the processor computes in bf16"))
        choices.append(("openvino", "fp32", "faster than torch on a processor"))
    if engine != "openvino":
        why = "engine='torch' was asked for" if engine == "torch" else "OpenVINO is not usable"
        if torch.cpu._is_avx512_bf16_supported():
            choices.append(("torch", "bf16", f"{why}; the processor computes in bf16"))
        elif precision == "bf16":
            choices.append(("torch", "bf16", "bf16 was asked for"))
        choices.append(("torch", "fp32", f"{why}; plain float32"))
    return [EngineChoice(name, "cpu", exact, reason) for name, exact, reason in choices]


def openvino_core() -> Any:
    """Give this process's one ``openvino.Core``, which is kept until the process ends.

    OpenVINO's plugin gives the thread that loads it another stack for signals, and takes it away
    when its core goes. Where that happens in another thread, the first is left with a stack that is
    no more, and the next signal, such as Ctrl-C, ends Python (OpenVINO 2026, processors with AMX).
    """
    with _core_lock:  # of two cores made at once, one would go
        return _core()


@functools.cache
def _core() -> Any:
    import openvino

    return openvino.Core()


@functools.cache
def _openvino_capabilities() -> tuple[str, ...]:
    return tuple(openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))


def batch_size_for(choice: EngineChoice) -> int:
    """Give the batch size for an engine where none was asked for; for equal choices the same."""
    return _BATCH_SIZES[choice.engine, choice.device.partition(":")[0]]
