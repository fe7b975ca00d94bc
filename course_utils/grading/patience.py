"""Bounds on what is done with what a learner made: processor time, and the length of what comes.

A few thousand backquotes keep a reader of Markdown busy for minutes, and a picture that is named a
thousand times makes a page of gigabytes.
"""

from __future__ import annotations

import html
import signal
import threading
import time
from collections.abc import Callable, Iterator
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


LONGEST = 200_000  # characters of one text
_ROOM = 32 << 20  # characters of what the texts of one page become, together


def check_length(shown: str, source: str) -> str:
    """Give what a text has become, if that is no more than colours and tags make of it.

    Parameters
    ----------
    shown, source
        What it has become, and what it was.

    Raises
    ------
    ValueError
    """
    if len(shown) > 20_000 + 30 * len(source):
        raise ValueError("it becomes many times as long as it is")
    return shown


class Patience:
    """How long the texts of one page may take to render, and how long they may become.

    Parameters
    ----------
    each, together
        Processor seconds.
    """

    def __init__(self, each: float = 2.0, together: float = 20.0) -> None:
        self._each = each
        self._left = together
        self._room = _ROOM

    def render(self, how: Callable[[str], str], text: str) -> str:
        """Give ``how(text)``, which is HTML; or the text as it was typed, if that is too much.

        Parameters
        ----------
        how
            What makes HTML of the text. Where it fails, the text is shown as it was typed, too.
        text
            Anybody's.
        """
        started = time.process_time()
        try:
            if len(text) <= LONGEST:
                with processor_seconds(max(0.01, min(self._each, self._left))):
                    shown = check_length(how(text), text)
                if len(shown) <= self._room:
                    self._room -= len(shown)
                    return shown
        except (Exception, TooLong):
            pass
        finally:
            self._left -= time.process_time() - started
        return f"<pre>{html.escape(text[:LONGEST])}</pre>"
