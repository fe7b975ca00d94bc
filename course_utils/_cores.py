"""How many processor cores there are to use."""

from __future__ import annotations

import joblib

__all__ = ["usable_cores"]


def usable_cores() -> int:
    """Count the processor cores that this process may use.

    A container's quota, a batch system's mask and ``LOKY_MAX_CPU_COUNT`` often allow fewer than the
    machine has, and more threads than that only wait for each other.

    Returns
    -------
    int
        At least 1; a quota of part of a core counts as a whole one.
    """
    return int(joblib.cpu_count())
