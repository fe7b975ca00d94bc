"""A learner's texts as HTML for the feedback page: Markdown, formulas, tables, Python in colours.

What Markdown becomes is cleaned as a whole (`pages.cleaned`), whichever part of it the learner
wrote as HTML, as a formula or as something else. Formulas become MathML, which browsers draw by
themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache
from xml.etree.ElementTree import Element, tostring

import bleach
from latex2mathml.converter import Converter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course_utils.grading.pages import cleaned, is_picture
from course_utils.grading.pages import highlighted as highlighted_anew

__all__ = ["highlighted", "rendered", "table_of"]

_SHORT, _MOST = 5_000, 1_000
_SETS_WORDS_OFF = re.compile(r"</?(?:b|br|code|em|i|strong|sub|sup|u)\s*/?>", re.IGNORECASE)
_MATHML = (
    "math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub "
    "msubsup msup mtable mtd mtext mtr munder munderover"
)
# Those by which latex2mathml says how a formula looks; none by which one could order or cover.
_OF_FORMULAS = (
    "accent columnalign columnlines columnspacing depth display displaystyle fence form height "
    "largeop linethickness lspace mathcolor mathsize mathvariant maxsize minsize movablelimits "
    "notation rowlines rowspacing rspace scriptlevel separator stretchy width"
)
_TAGS, _ATTRIBUTES = frozenset(_MATHML.split()), frozenset(_OF_FORMULAS.split())


def _once(render: Callable[[str], str]) -> Callable[[str], str]:
    """Keep what short texts become: most are the instructor's, the same for the whole class."""
    kept = lru_cache(maxsize=_MOST)(render)
    return lambda source: kept(source) if len(source) <= _SHORT else render(source)


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
    """Take the character references of latex2mathml for characters, and all else as it is."""
    if element.tag not in _TAGS:
        raise ValueError(f"{element.tag} is no part of a formula")
    element.text = html.unescape(element.text or "")
    element.tail = html.unescape(element.tail or "")
    for name in element.attrib.keys() - _ATTRIBUTES:
        del element.attrib[name]


def _without_empty_headings(table: str) -> str:
    return re.sub(r"<th[^>]*>(?:\s|&nbsp;)*</th>", "<td></td>", table)


@_once
def rendered(source: str) -> str:
    """Give Markdown as HTML. It may take long: see `pages.Patience`.

    Parameters
    ----------
    source
        Anybody's.
    """
    text = MarkdownWithMath(renderer=_Renderer()).render(source)
    return _without_empty_headings(cleaned(text, _TAGS, _ATTRIBUTES))


highlighted = _once(highlighted_anew)

_TABLE_TAGS = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
_TEXT_TAGS = {"a", "b", "br", "code", "div", "em", "i", "p", "pre", "span", "strong", "sub", "sup"}


def table_of(output: str) -> str:
    """Keep of what a learner's cell shows as HTML the text and the tables: no script, no style.

    It may take long: see `pages.Patience`.
    """
    output = re.sub(r"<(style|script)\b.*?</\1\s*>", "", output, flags=re.DOTALL | re.IGNORECASE)
    allowed = {"th": ["scope", "colspan", "rowspan"], "td": ["colspan", "rowspan"]}
    return _without_empty_headings(
        bleach.clean(output, tags=_TABLE_TAGS | _TEXT_TAGS, attributes=allowed, strip=True)
    )
