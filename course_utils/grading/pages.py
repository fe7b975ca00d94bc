"""What a submission's HTML may be on the pages that show it: text and pictures, no program.

nbgrader's pages (feedback, Formgrader) show a learner's Markdown and HTML as they are, so that a
script in a submission would run in the browser of the instructor who opens it. These filters take
the place of nbconvert's, by ``HTMLExporter.filters`` in ``nbgrader_config.py``; nbconvert's own
`clean_html` would also take out headings, paragraphs and the heads of tables.

A page is shown by the instructor's JupyterLab, to which an address alone can be an order:
Formgrader runs the ``nbgrader_config.py`` of the folder that ``/formgrader/?path=…`` names. So a
picture brings its own data, and a link leads to another site, or to another place on the page.

Nor may a text hold up whoever makes the page: a few thousand backquotes keep a reader of Markdown
busy for minutes. What takes too long is shown as it was typed.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Collection

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters import Highlight2HTML
from nbconvert.filters import strip_files_prefix as without_prefix
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from pygments.token import STANDARD_TYPES

from course_utils.grading.patience import TooLong, processor_seconds

_TAGS = (
    "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 "
    "h5 h6 hr i img kbd li ol p pre small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul"
)
_ATTRIBUTES = {
    "": {"class", "title", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# What Pygments and pandas write. Any other class could be one that the page itself uses.
_CLASSES = {"dataframe", "highlight", "linenos", *STANDARD_TYPES.values()} - {""}
# "http:x" and "//x" are addresses on the server that shows the page, or may be.
_LINK = re.compile(r"(?:https?://[^/\\\s]|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
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
    """Do what nbconvert's filter of this name does, in bounded time."""
    return _PAGE.render(lambda text: str(markdown2html_mistune(text)), source)


def highlight_code(source: str, language: str | None = None, metadata: object = None) -> str:
    """Do what nbconvert's filter of this name does with Python, in bounded time."""
    return _PAGE.render(highlighted, source)


def highlighted(source: str) -> str:
    """Give Python in colours, as HTML. It may take long: see `Patience`."""
    return str(Highlight2HTML("ipython3")(source))


def is_picture(address: str) -> bool:
    """Say whether an address holds the picture itself, so that nothing is asked for it."""
    return _PICTURE.fullmatch(address) is not None


def _is_kept(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute stays: never an id, which the page itself may have."""
    if name not in _ATTRIBUTES[""] | _ATTRIBUTES.get(tag, set()):
        return False
    match name:
        case "class":
            return set(value.split()) <= _CLASSES
        case "href":
            return _LINK.match(value) is not None
        case "src":
            return is_picture(value)
    return True


def cleaned(
    text: str, more_tags: Collection[str] = (), their_attributes: Collection[str] = ()
) -> str:
    """Do what `clean_html` does. It may take long: see `Patience`.

    Parameters
    ----------
    text
        HTML.
    more_tags
        Names of tags that stay besides those of text, tables and pictures.
    their_attributes
        Names of attributes that these tags keep, whatever their values.
    """

    def is_kept(tag: str, name: str, value: str) -> bool:
        return (tag in more_tags and name in their_attributes) or _is_kept(tag, name, value)

    return str(
        bleach.clean(
            _WITH_CONTENT.sub("", text),
            tags={*_TAGS.split(), *more_tags},
            attributes=is_kept,
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
