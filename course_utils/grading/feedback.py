"""The feedback page: points first, an exercise a line, and what to read again for each miss.

nbgrader calls it (``nbgrader_config.py`` says so); the page itself is a template in
``templates/course_feedback``. The page is one file that asks no server for anything:
formulas become MathML, which browsers draw by themselves.
"""

from __future__ import annotations

import copy
import html
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bleach
from bs4 import BeautifulSoup
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from jinja2.filters import do_striptags as striptags
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.ansi import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import GetGrades
from traitlets import List, Unicode
from traitlets.config import Config

from course_utils.grading.pages import Patience, clean_html

__all__ = ["FeedbackExporter", "Grades", "Summary"]

MAX_OUTPUTS = 16 << 20  # characters on one page, pictures included
# "## Exercise 1: count the models (2 points)"
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_POINTS = re.compile(r"\s*\([^()]*points?\b[^()]*\)")
# A paragraph of the exercise or, for all exercises together, of the first cell.
_READ_AGAIN = re.compile(
    r"^\W*(?:to )?read again\W*:\W*(.+?)(?:\n\s*\n|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_SETS_WORDS_OFF = re.compile(r"</?(?:b|br|code|em|i|strong|sub|sup|u)\s*/?>", re.IGNORECASE)
# nbgrader's own comment on an answer that is as it was released.
_NO_RESPONSE = "No response."
# Of what an output shows itself as, the page has the first of these: no scripts, no widgets.
_KINDS = (
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "text/latex",
    "image/png",
    "image/jpeg",
    "text/plain",
)
_BEFORE = re.compile(r"\*\*Before\*\*:\s*([^.]+)\.")


class Grades(GetGrades):
    """nbgrader's ``GetGrades``, which also says what nobody has graded by hand yet."""

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader["grade_id"]
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["waiting"] = grade.auto_score is None and grade.manual_score is None


class Summary:
    """An nbconvert preprocessor that gathers what stands at the top of the page.

    It adds ``resources["feedback"]``: ``title``, and ``exercises``, each with its ``title``,
    ``anchor``, ``score``, ``points``, ``waiting``, ``misses``, ``comments`` and ``read_again``.
    """

    def __init__(self, **_: Any) -> None:
        return

    def __call__(
        self, notebook: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Look through the notebook's cells in order; leave out hints, which come too late."""
        notebook.cells = [cell for cell in notebook.cells if not _is_hints(cell)]
        before = _BEFORE.search("\n".join(c.source for c in notebook.cells[:3]))
        everywhere = [before[1].strip()] if before else []
        heading, read_again = "", list(everywhere)
        title = ""
        exercises: dict[str, dict[str, Any]] = {}
        for cell in notebook.cells:
            settings = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "markdown" and not settings.get("solution"):
                found = _HEADING.search(cell.source)
                if found:
                    heading, read_again = found[1], list(everywhere)
                    title = title or heading
                read_again += [again[1].strip() for again in _READ_AGAIN.finditer(cell.source)]
                cell.metadata["course_anchor"] = f"text-{_slug(heading)}" if found else ""
            if not settings.get("grade") and not settings.get("comment"):
                continue
            name = _POINTS.sub("", heading)
            exercise = exercises.setdefault(
                name,
                {
                    "title": name,
                    "anchor": f"text-{_slug(heading)}",
                    "score": 0.0,
                    "points": 0.0,
                    "waiting": False,
                    "misses": [],
                    "comments": [],
                    "read_again": [],
                },
            )
            if settings.get("grade"):
                _count(exercise, cell, settings)
                exercise["read_again"] = list(dict.fromkeys(read_again))
            if settings.get("comment") and settings["comment"] != _NO_RESPONSE:
                exercise["comments"].append(settings["comment"])
        resources["feedback"] = {"title": title, "exercises": list(exercises.values())}
        return notebook, resources


def _is_hints(cell: NotebookNode) -> bool:
    # A learner who calls a cell so only hides it from a page of their own; no answer is one.
    return cell.get("id", "").endswith("-hints") and "nbgrader" not in cell.metadata


def _count(exercise: dict[str, Any], cell: NotebookNode, settings: dict[str, Any]) -> None:
    score, points = settings.get("score") or 0.0, settings.get("points") or 0.0
    exercise["score"] += score
    exercise["points"] += points
    if settings.get("waiting"):
        exercise["waiting"] = True
    elif score < points:
        exercise["misses"].append({"anchor": settings["grade_id"], "said": _said(cell)})


def _said(cell: NotebookNode) -> str:
    """Give what a failed test said, in a line or two."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            lines = strip_ansi("\n".join(output.traceback)).strip().splitlines()
            # A check shows itself as its message; of anything else the last line says what it was.
            return " ".join(" ".join(lines).split()) if not _is_traceback(lines) else lines[-1]
    no_answer = cell.metadata.nbgrader.get("comment") == _NO_RESPONSE
    return "There is no answer." if no_answer else ""


def _is_traceback(lines: list[str]) -> bool:
    return any(line.startswith(("---", "Traceback")) for line in lines)


def _slug(heading: str) -> str:
    return re.sub(r"\W+", "-", _POINTS.sub("", heading).lower()).strip("-")


class _Renderer(IPythonRenderer):
    """Markdown as nbconvert renders it, with formulas that need no script."""

    def __init__(self, wrap_table: Callable[[str], str]) -> None:
        super().__init__(escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)
        self._wrap_table = wrap_table

    def block_html(self, html: str) -> str:
        """Keep of HTML in Markdown what shows text: a learner may have written it."""
        return clean_html(html)

    def inline_html(self, html: str) -> str:
        """Keep a tag that sets words off, and show any other as it was typed."""
        return html if _SETS_WORDS_OFF.fullmatch(html) else str(self.escape_html(html))

    def inline_math(self, body: str) -> str:
        return _formula(body, "inline")

    def block_math(self, body: str) -> str:
        return _formula(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return _formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def table(self, text: str) -> str:
        return self._wrap_table(f"<table>{_without_empty_headings(text)}</table>")


def _formula(body: str, display: str) -> str:
    try:
        return convert(body, display=display)
    except Exception:
        # A learner's formula may be anything; unreadable LaTeX is still readable as text.
        return f"<code>{IPythonRenderer().escape_html(body)}</code>"


def _without_empty_headings(table: str) -> str:
    return re.sub(r"<th[^>]*>(?:\s|&nbsp;)*</th>", "<td></td>", table)


_TABLE_TAGS = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
_TEXT_TAGS = {"a", "b", "br", "code", "div", "em", "i", "p", "pre", "span", "strong", "sub", "sup"}


def _clean(output: str) -> str:
    """Keep of what a learner's cell shows as HTML the text and the tables: no script, no style."""
    output = re.sub(r"<(style|script)\b.*?</\1\s*>", "", output, flags=re.DOTALL | re.IGNORECASE)
    allowed = {"th": ["scope", "colspan", "rowspan"], "td": ["colspan", "rowspan"]}
    return _without_empty_headings(
        bleach.clean(output, tags=_TABLE_TAGS | _TEXT_TAGS, attributes=allowed, strip=True)
    )


def _with_code(message: str) -> str:
    """Show what a message has in backquotes as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(message))


def _with_ends(rendered: str) -> str:
    """End what is left open: a learner's `<b>` would else set the rest of the page in bold."""
    return str(BeautifulSoup(rendered, "html.parser"))


class _Compiled(BytecodeCache):
    """Keeps what templates are compiled to for the next page of the same process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter with the course's template."""

    template_name = Unicode("course_feedback")
    extra_template_basedirs = List(Unicode(), [str(Path(__file__).parent / "templates")])

    def __init__(self, config: Config | None = None, **options: Any) -> None:
        # nbgrader names its own template for every HTMLExporter there is.
        ours = copy.deepcopy(config) if config is not None else Config()
        for name in ("template_name", "extra_template_basedirs"):
            ours.HTMLExporter.pop(name, None)
        super().__init__(config=ours, **options)

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Make the page; of outputs that would make it too large, it says so."""
        left = MAX_OUTPUTS
        for cell in nb.cells:
            kept = []
            for output in cell.get("outputs", []):
                size = len(str(output))
                if size > left:
                    note = "(An output is left out here: this page would be too large.)"
                    output = new_output("stream", text=note)
                    size = 0
                left -= size
                kept.append(output)
            if "outputs" in cell:
                cell.outputs = kept
        self.register_filter("highlight_code", Highlight2HTML("ipython3", parent=self))
        # Not by HTMLExporter's own method: it reads the whole page again to add what the template
        # has, texts for pictures, and what only JupyterLab's has. Half of the time, that was.
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **options)

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = _COMPILED
        return environment

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Add the filters of the template."""
        tables = itertools.count(1)
        patience = Patience()

        def scrolling(table: str) -> str:
            region = f'tabindex="0" role="region" aria-label="Table {next(tables)}"'
            return f'<div class="scrolls" {region}>{table}</div>'

        def markdown(source: str) -> str:
            reader = MarkdownWithMath(renderer=_Renderer(scrolling))
            return patience.render(lambda text: _with_ends(reader.render(text)), source)

        yield from super().default_filters()
        yield "filter_data_type", lambda data: [kind for kind in _KINDS if kind in data][:1]
        yield "course_markdown", markdown
        # A heading's: any cell before the first that the course wrote may have it.
        yield "course_text", lambda source: html.escape(striptags(markdown(source)))
        yield "course_table", lambda output: scrolling(patience.render(_clean, output))
        yield (
            "course_code",
            lambda text: re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text)),
        )
        yield "points", lambda number: f"{float(number):.2f}".rstrip("0").rstrip(".")
