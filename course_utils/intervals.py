"""How far off an accuracy may be that was measured on few samples."""

from __future__ import annotations

__all__ = ["wilson_interval"]


def wilson_interval(right: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Say how far off an accuracy may be, when it was measured on few samples.

    Parameters
    ----------
    right, total : int
        How many of how many predictions were right.
    confidence : float, default 0.95
        Of intervals made like this, the share that holds the true accuracy.

    Returns
    -------
    low, high : float
        Wilson's score interval (E. B. Wilson, 1927, J. Am. Stat. Assoc. 22:209-212). Unlike
        "accuracy ± 2 standard errors" it stays within 0 and 1, and is right also near them.

    Raises
    ------
    ValueError
        If ``right`` is not between 0 and ``total``, or ``confidence`` not between 0 and 1.

    Examples
    --------
    >>> low, high = wilson_interval(131, 150)
    >>> round(low, 3), round(high, 3)
    (0.811, 0.917)
    """
    if total < 1 or not 0 <= right <= total:
        raise ValueError(f"{right} right of {total} is impossible")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; choose one between 0 and 1, such as 0.95")
    from scipy.stats import binomtest

    interval = binomtest(right, total).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)
