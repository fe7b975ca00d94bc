"""A learner's texts as HTML: Markdown, formulas, tables and code, and what of their HTML stays.

A page is shown by the instructor's JupyterLab, to which an address alone can be an order. So a
picture brings its own data, and a link leads to another site, or to another place on the page.
What Markdown becomes is cleaned as a whole, whichever part of it the learner wrote as HTML, as a
formula or as something else. Formulas become MathML, which browsers draw by themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache, wraps
from xml.etree.ElementTree import Element, tostring

import bleach
from bleach.css_sanitizer import CSSSanitizer
from latex2mathml.converter import Converter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.token import STANDARD_TYPES

from course_utils.grading.patience import check_length

__all__ = ["cleaned", "highlighted", "is_picture", "rendered"]

_TAGS = (
    "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 "
    "h5 h6 hr i img kbd li ol p pre small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul"
)
_MATHML = (
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub "
    "msubsup msup mtable mtd mtext mtr munder munderover"
)
_ATTRIBUTES = {
    "": {"class", "title", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Those by which latex2mathml says how a formula looks; none by which one could order something.
_OF_FORMULAS = (
    "accent columnalign columnlines columnspacing depth display displaystyle fence form height "
    "largeop linethickness lspace mathcolor mathsize mathvariant maxsize minsize movablelimits "
    "notation rowlines rowspacing rspace scriptlevel separator stretchy width"
)
_FORMULA_ATTRIBUTES = frozenset(_OF_FORMULAS.split())
_FORMULA_TAGS = frozenset(_MATHML.split())
_ALL_TAGS = _FORMULA_TAGS | set(_TAGS.split())
# What Pygments and pandas write. Any other class could be one that the page itself uses.
_CLASSES = {"dataframe", "highlight", "linenos", *STANDARD_TYPES.values()} - {""}
# "http:x" and "//x" are addresses on the server that shows the page, or may be.
_LINK = re.compile(r"(?:https?://[^/\\\s]|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_WITH_CONTENT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_SETS_WORDS_OFF = re.compile(r"</?(?:b|br|code|em|i|strong|sub|sup|u)\s*/?>", re.IGNORECASE)
_SHORT, _MOST = 5_000, 500


def is_picture(address: str) -> bool:
    """Say whether an address holds the picture itself, so that nothing is asked for it."""
    return _PICTURE.fullmatch(address) is not None


def _is_kept(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute stays: never an id, which the page itself may have."""
    if tag in _FORMULA_TAGS:
        return name in _FORMULA_ATTRIBUTES
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


def cleaned(text: str) -> str:
    """Give HTML without what could run, load, order or cover something; formulas stay.

    It may take long: see `patience.Patience`.

    Parameters
    ----------
    text
        Anybody's HTML.
    """
    clean = bleach.clean(
        _WITH_CONTENT.sub("", text),
        tags=_ALL_TAGS,
        attributes=_is_kept,
        protocols=["http", "https", "mailto", "data"],
        css_sanitizer=CSSSanitizer(allowed_css_properties=["text-align", "color", "width"]),
        strip=True,
    )
    # The corner of a table of pandas, which heads nothing.
    return re.sub(r"<th[^>]*>(?:\s|&nbsp;)*</th>", "<td></td>", clean)


def _once(render: Callable[[str], str]) -> Callable[[str], str]:
    """Keep what short texts become: most are the instructor's, the same for the whole class."""

    def bounded(source: str) -> str:
        return check_length(render(source), source)

    kept = lru_cache(maxsize=_MOST)(bounded)

    @wraps(render)
    def once(source: str) -> str:
        return kept(source) if len(source) <= _SHORT else bounded(source)

    return once


class _Renderer(IPythonRenderer):
    """Markdown as nbconvert renders it, with formulas that need no script."""

    def __init__(self) -> None:
        super().__init__(escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)

    def inline_html(self, html: str) -> str:
        """Keep a tag that sets words off, and show any other as it was typed."""
        return html if _SETS_WORDS_OFF.fullmatch(html) else str(self.escape_html(html))

    def inline_math(self, body: str) -> str:
        return _formula(body, "inline")

    def block_math(self, body: str) -> str:
        return _formula(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return _formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def block_mermaidjs(self, code: str) -> str:
        """Show the text of a diagram: to draw it takes a script."""
        return f"<pre>{self.escape_html(code)}</pre>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show a picture that brings its data, and the description of any other."""
        if is_picture(url):
            return str(super().image(text, url, title))
        return f"<em>{self.escape_html(text)}</em>"


def _formula(body: str, display: str) -> str:
    try:
        tree = Converter(display=display).convert_to_element(body)
        for element in tree.iter():
            _make_plain(element)
        return tostring(tree, encoding="unicode")
    except Exception:
        # A learner's formula may be anything; unreadable LaTeX is still readable as text.
        return f"<code>{html.escape(body)}</code>"


def _make_plain(element: Element) -> None:
    """Take the character references of latex2mathml for characters, and all else for text."""
    element.text = html.unescape(element.text or "")
    element.tail = html.unescape(element.tail or "")


@_once
def rendered(source: str) -> str:
    """Give Markdown as HTML. It may take long: see `patience.Patience`.

    Parameters
    ----------
    source
        Anybody's.
    """
    text = MarkdownWithMath(renderer=_Renderer()).render(source)
    return cleaned(text)


@_once
def highlighted(source: str) -> str:
    """Give Python in colours, as HTML. It may take long: see `patience.Patience`.

    Parameters
    ----------
    source
        Anybody's.
    """
    return str(Highlight2HTML("ipython3")(source))
