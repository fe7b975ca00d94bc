"""Short tracebacks in notebooks for errors that the course itself raises.

Such an error says what is wrong and what to do. What helps beside it is the reader's own line; the
way from there through this library, twenty frames of it, would only push both off the screen. The
whole way is one word away: ``%tb``.

Errors from anywhere else (the reader's own code, NumPy, PyTorch) are shown as IPython shows them.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["shorten_tracebacks"]

_ROOT = Path(__file__).parents[1]
_OWN = tuple(f"{_ROOT / package}/" for package in ("course_utils", "data_scripts"))
_LIBRARIES = (
    *_OWN,
    *(f"{sysconfig.get_path(name)}/" for name in ("stdlib", "purelib", "platlib")),
)
_HINT = "\n(A cell with %tb shows the whole way to this error, through the course's library too.)"


def shorten_tracebacks() -> None:
    """Let IPython, where this code runs in it, show the course's own errors with the reader's line.

    Does nothing outside of IPython, and nothing the second time.
    """
    if "IPython" not in sys.modules:
        return
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    if shell is None or hasattr(shell, "_shortens_tracebacks"):
        return
    show_as_ipython_does = shell.showtraceback

    def show_traceback(*arguments: Any, **options: Any) -> None:
        # %tb comes here too, without this option: then everything is wanted.
        error = sys.exc_info()[1]
        if options.get("running_compiled_code") and error is not None and not arguments:
            shown = _readers_part(error)
            if shown is not None:
                _show(shell, error, shown)
                return
        show_as_ipython_does(*arguments, **options)

    shell.showtraceback = show_traceback
    shell._shortens_tracebacks = True


def _readers_part(error: BaseException) -> TracebackType | None:
    """Give the beginning of an error's traceback, up to the reader's line that called a library.

    None for an error that is not the course's, or that shows itself in its own way.
    """
    frames = []
    step = error.__traceback__
    while step is not None:
        frames.append(step)
        step = step.tb_next
    if (
        not isinstance(error, Exception)
        or hasattr(error, "_render_traceback_")
        or not frames
        or not _file_of(frames[-1]).startswith(_OWN)
    ):
        return None
    reader_seen = False
    kept = []
    for frame in frames:
        in_library = _file_of(frame).startswith(_LIBRARIES)
        if in_library and reader_seen:
            break
        reader_seen = reader_seen or not in_library
        kept.append(frame)
    if not reader_seen:
        return None
    shown: TracebackType | None = None
    for frame in reversed(kept):
        shown = TracebackType(shown, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return shown


def _file_of(frame: TracebackType) -> str:
    return frame.tb_frame.f_code.co_filename


def _show(shell: Any, error: BaseException, traceback: TracebackType) -> None:
    shell._get_exc_info()  # for %tb and %debug: the whole error, not what is shown of it
    cause, suppress = error.__cause__, error.__suppress_context__
    # The message says what the cause was, as far as it helps.
    error.__cause__, error.__suppress_context__ = None, True
    try:
        lines = shell.InteractiveTB.structured_traceback(type(error), error, traceback)
    finally:
        error.__cause__, error.__suppress_context__ = cause, suppress
    shell._showtraceback(type(error), error, [*lines, _HINT])
