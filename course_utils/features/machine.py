"""Which machine computes."""

from __future__ import annotations

import functools
import platform
from pathlib import Path
from typing import Any

import torch

from course_utils.features.engines import EngineChoice

__all__ = ["describe_machine"]


def describe_machine(choice: EngineChoice, threads: int) -> dict[str, Any]:
    """Say for the provenance who computes: host, processor or GPU, and how many threads."""
    return {"host": platform.node(), "processor": _processor(choice.device), "threads": threads}


@functools.cache
def _processor(device: str) -> str:
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor()
    return f"{name} ({torch.backends.cpu.get_cpu_capability()})"
