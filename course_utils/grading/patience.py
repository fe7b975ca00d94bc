"""A bound on the processor time of Python code that works on what a learner made."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooLong(BaseException):
    """It takes too long. No ``except Exception`` of a library is in its way."""


@contextmanager
def processor_seconds(limit: float) -> Iterator[None]:
    """Raise `TooLong` inside of the block when it has used so much of the processor.

    Time that passes while the machine is busy with something else does not count. Only the main
    thread can be interrupted: in another one there is no bound.

    Parameters
    ----------
    limit
        Seconds.

    Raises
    ------
    TooLong
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    around, _ = signal.getitimer(signal.ITIMER_VIRTUAL)  # one block may be within another
    limit = min(limit, around or limit)
    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
        yield
    finally:
        left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        # Another thread may have the signal still to deliver, and by default it ends the process.
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN if before is signal.SIG_DFL else before)
        if around:
            signal.setitimer(signal.ITIMER_VIRTUAL, max(around - (limit - left), 0.001))
