"""Where a network runs, and how exactly it computes."""

from __future__ import annotations

__all__ = ["DEVICES", "PRECISIONS", "choose_device", "is_out_of_memory"]

DEVICES = ("cuda", "mps", "cpu")
"""Kinds of devices, the fastest first."""
PRECISIONS = ("fp32", "bf16", "fp16")
"""How exactly a network may compute."""


def choose_device(device: str = "auto") -> str:
    """Give the device to compute on: an NVIDIA GPU, else Apple's, else the processor.

    Parameters
    ----------
    device : {"auto", "cuda", "mps", "cpu"} or such as "cuda:1"

    Returns
    -------
    str
        A device that is there and that torch can use.

    Raises
    ------
    ValueError
        When a device is asked for by a name that torch does not know, or that is not there.
    """
    import torch

    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if device == "auto":
        return next(name for name in DEVICES if present[name])
    kind, _, index = str(device).partition(":")
    if kind not in present:
        raise ValueError(f"device={device!r} is unknown; choose 'auto', {', '.join(DEVICES)}")
    usable = [name for name in DEVICES if present[name]]
    if not present[kind]:
        raise ValueError(f"device={device!r} is not on this machine; here are {', '.join(usable)}")
    if (
        kind == "cuda"
        and index
        and not (index.isdigit() and int(index) < torch.cuda.device_count())
    ):
        raise ValueError(
            f"device={device!r} is not on this machine, which has cuda:0 to "
            f"cuda:{torch.cuda.device_count() - 1}"
        )
    return str(device)


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that a batch did not fit into memory.

    Only such an error is worth another try with a smaller batch.

    Examples
    --------
    >>> is_out_of_memory(MemoryError())
    True
    >>> is_out_of_memory(RuntimeError("CUDA error: device-side assert triggered"))
    False
    """
    if isinstance(error, MemoryError):
        return True
    if not isinstance(error, RuntimeError):
        return False
    message = str(error).lower()
    # torch.OutOfMemoryError says "out of memory" on every GPU; the processor's allocator in torch
    # and the C++ library's, which OpenVINO passes on, have words of their own.
    signs = (
        "out of memory",
        "defaultcpuallocator: can't allocate",
        "not enough memory",
        "bad_alloc",
    )
    return any(sign in message for sign in signs)
