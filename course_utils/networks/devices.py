"""Where a network runs, how exactly it computes, and how many pictures it takes at once."""

from __future__ import annotations

from collections.abc import Callable

DEVICES = ("cuda", "mps", "cpu")
PRECISIONS = ("fp32", "bf16", "fp16")


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


def grow_batch_size(rate: Callable[[int], float], start: int, limit: int) -> int:
    """Double the batch size for as long as that pays.

    Parameters
    ----------
    rate : callable
        Takes a batch size, gives pictures a second. May raise an error for which
        :func:`is_out_of_memory` holds.
    start : int
        The batch size to begin with.
    limit : int
        The largest one to try.

    Returns
    -------
    int
        The last batch size that was more than 5 % faster than half of it.

    Raises
    ------
    Exception
        Whatever ``rate`` raises, except for lack of memory above ``start``.

    Examples
    --------
    >>> grow_batch_size(lambda size: min(size, 100), start=16, limit=1024)
    128
    """
    best, best_rate = start, rate(start)
    while 2 * best <= limit:
        try:
            next_rate = rate(2 * best)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            return best
        if next_rate <= 1.05 * best_rate:
            return best
        best, best_rate = 2 * best, next_rate
    return best
