"""The filters by which Formgrader shows a submission: nothing of it runs, and none takes long.

nbgrader's pages show a learner's Markdown and HTML as they are, so that a script in a submission
would run in the browser of the instructor who opens it. These filters take the place of
nbconvert's, by ``HTMLExporter.filters`` in ``nbgrader_config.py``; nbconvert's own `clean_html`
would also take out headings, paragraphs and the heads of tables. ``templates/course_formgrade``
takes MathJax out of nbgrader's template: it comes from another server, and with it a formula could
cover the page.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable

from nbconvert.filters import ansi2html as ansi2html_anew
from nbconvert.filters import strip_ansi
from nbconvert.filters import strip_files_prefix as without_prefix

from course_utils.grading.patience import Patience
from course_utils.grading.texts import cleaned, highlighted, rendered

_LONG_ENOUGH = 20_000  # characters of an output, for its colours


class _OnePage:
    """`Patience` for the texts that come right after one another: filters are told of no page."""

    _PAUSE = 0.5  # seconds

    def __init__(self) -> None:
        self._patience, self._last = Patience(), 0.0

    def render(self, how: Callable[[str], str], text: str) -> str:
        if time.monotonic() - self._last > self._PAUSE:
            self._patience = Patience()
        try:
            return self._patience.render(how, text)
        finally:
            self._last = time.monotonic()


_PAGE = _OnePage()


def clean_html(element: str | bytes) -> str:
    """Give HTML without what could run, load, order or cover something, in bounded time."""
    text = element.decode("utf-8", "replace") if isinstance(element, bytes) else str(element)
    return _PAGE.render(cleaned, text)


def markdown2html(source: str) -> str:
    """Do what nbconvert's filter of this name does, with formulas that need no script."""
    return _PAGE.render(rendered, source)


def highlight_code(source: str, language: str | None = None, metadata: object = None) -> str:
    """Do what nbconvert's filter of this name does with Python, in bounded time."""
    return _PAGE.render(highlighted, source)


def ansi2html(text: str) -> str:
    """Do what nbconvert's filter of this name does; of a long text it shows no colours."""
    if len(text) > _LONG_ENOUGH:
        return html.escape(strip_ansi(text))
    return _PAGE.render(lambda source: str(ansi2html_anew(source)), text)


def strip_files_prefix(text: str) -> str:
    """Do what nbconvert's filter of this name does, on clean HTML.

    It is the last filter in nbgrader's templates for a Markdown cell, and they have no other.
    """
    return clean_html(without_prefix(text))
