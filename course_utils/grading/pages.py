"""What a submission's HTML may be on the pages that show it: text and pictures, no program.

nbgrader's pages (feedback, Formgrader) show a learner's Markdown and HTML as they are, so that a
script in a submission would run in the browser of the instructor who opens it. These filters take
the place of nbconvert's, by ``HTMLExporter.filters`` in ``nbgrader_config.py``; nbconvert's own
`clean_html` would also take out headings, paragraphs and the heads of tables.
"""

from __future__ import annotations

import re

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters import strip_files_prefix as without_prefix

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


def clean_html(element: str | bytes) -> str:
    """Give HTML without what could run, load or cover something."""
    text = element.decode("utf-8", "replace") if isinstance(element, bytes) else str(element)
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
