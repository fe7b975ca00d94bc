"""Progress bars that a saved notebook can show again.

``tqdm.auto`` draws a widget in a notebook. A widget lives in the kernel: a notebook that was saved
and opened again says "Error displaying widget: model not found" in its place. :class:`ProgressBar`
draws text, and leaves one finished line behind.
"""

from __future__ import annotations

import sys
from typing import Any

from tqdm.std import tqdm

__all__ = ["ProgressBar"]


class ProgressBar(tqdm):
    """tqdm's bar, which in a notebook is text that is updated in place.

    Takes what ``tqdm`` takes, and is used in the same way; also as ``tqdm_class=`` of
    ``tqdm.contrib.concurrent``. When all is done a notebook keeps a line such as "flatten: 150
    pictures in 2 s"; a bar that was stopped before stays as it was.

    Examples
    --------
    >>> sum(ProgressBar(range(4), disable=True))
    6
    """

    _shown: Any = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._in_notebook = _display_hook() is not None
        if self._in_notebook:
            options.setdefault("ncols", 88)
            # What tqdm itself writes, line ends and erasures, is for terminals.
            options["file"] = _Nowhere()
        super().__init__(*arguments, **options)

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Draw the bar as it is now, or ``msg``."""
        if not self._in_notebook:
            return bool(super().display(msg, pos))
        self._show(str(self) if msg is None else msg)
        return True

    def close(self) -> None:
        """Draw the bar for the last time."""
        if self.disable:
            return
        super().close()
        if self._shown is not None and self.total is not None and self.n >= self.total:
            self._show(self._finished())

    def _finished(self) -> str:
        done = self.format_dict
        number = f"{self.n:,} {self.unit}{'s' if self.n != 1 else ''}"
        if self.unit_scale:
            number = f"{self.format_sizeof(self.n, divisor=self.unit_divisor)}{self.unit}"
        return f"{(self.desc or 'done').rstrip(': ')}: {number} in {done['elapsed']:.0f} s"

    def _show(self, text: str) -> None:
        hook = _display_hook()
        if hook is None or (not text and self._shown is None):
            return
        # The metadata lets the website leave such lines out: times differ from build to build.
        line: dict[str, Any] = {"raw": True, "metadata": {"course_utils": {"progress": True}}}
        if self._shown is None:
            self._shown = hook({"text/plain": text}, display_id=True, **line)
        else:
            self._shown.update({"text/plain": text}, **line)


class _Nowhere:
    """A file that forgets what is written."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return


def _display_hook() -> Any:
    """Give IPython's ``display`` where this runs in a notebook, else None."""
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    # A shell in a terminal has no front end that could update a line in place.
    return display if hasattr(get_ipython(), "kernel") else None
