"""What a submission's HTML may be on the pages that show it: text and pictures, no program.

nbgrader's pages (feedback, Formgrader) show a learner's Markdown and HTML as they are, so that a
script in a submission would run in the browser of the instructor who opens it. These filters take
the place of nbconvert's, by ``HTMLExporter.filters`` in ``nbgrader_config.py``; nbconvert's own
`clean_html` would also take out headings, paragraphs and the heads of tables.

Nor may a text hold up whoever makes the page: a few thousand backquotes keep a reader of Markdown
busy for minutes. What takes too long is shown as it was typed.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters import strip_files_prefix as without_prefix
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from course_utils.grading.patience import TooLong, processor_seconds

_TAGS = (
    "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 "
    "h5 h6 hr i img kbd li ol p pre small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul"
)
_ATTRIBUTES = {
    "*": ["class", "id", "title", "style"],
    "a": ["href"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}
_WITH_CONTENT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


LONGEST = 200_000  # characters of one text


class Patience:
    """How long the texts of one page may take to render.

    Parameters
    ----------
    each, together
        Processor seconds.
    """

    def __init__(self, each: float = 2.0, together: float = 20.0) -> None:
        self._each = each
        self._left = together

    def render(self, how: Callable[[str], str], text: str) -> str:
        """Give ``how(text)``, which is HTML; or the text as it was typed, if that takes too long.

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
                    return how(text)
        except (Exception, TooLong):
            pass
        finally:
            self._left -= time.process_time() - started
        return f"<pre>{html.escape(text[:LONGEST])}</pre>"


def clean_html(element: str | bytes) -> str:
    """Give HTML without what could run, load or cover something."""
    text = element.decode("utf-8", "replace") if isinstance(element, bytes) else str(element)
    return Patience().render(_clean, text)


def markdown2html(source: str) -> str:
    """Do what nbconvert's filter of this name does, in bounded time."""
    return Patience().render(lambda text: str(markdown2html_mistune(text)), source)


def _clean(text: str) -> str:
    return str(
        bleach.clean(
            _WITH_CONTENT.sub("", text),
            tags=_TAGS.split(),
            attributes=_ATTRIBUTES,
            protocols=["http", "https", "mailto", "data"],
            css_sanitizer=CSSSanitizer(allowed_css_properties=["text-align", "color", "width"]),
            strip=True,
        )
    )


def strip_files_prefix(text: str) -> str:
    """Do what nbconvert's filter of this name does, on clean HTML.

    It is the last filter in nbgrader's templates for a Markdown cell, and they have no other.
    """
    return clean_html(without_prefix(text))
