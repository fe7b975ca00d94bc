"""The feedback page: points first, an exercise a line, and what to read again for each miss.

nbgrader calls it (``nbgrader_config.py`` says so); the page itself is a template in
``templates/course_feedback``. The page is one file that asks no server for anything.
"""

from __future__ import annotations

import copy
import html
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from jinja2.filters import do_striptags as striptags
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.ansi import strip_ansi
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import GetGrades
from traitlets import List, Unicode
from traitlets.config import Config

from course_utils.grading.headings import first_heading, without_points
from course_utils.grading.patience import Patience
from course_utils.grading.texts import cleaned, highlighted, rendered

__all__ = ["FeedbackExporter", "Grades", "Summary"]

MAX_OUTPUTS = 16 << 20  # characters on one page, pictures included
# These are looked for line by line: a learner may have written it, and in a long text they would
# take for ever.
# A paragraph of the exercise or, for all exercises together, of the first cell.
_READ_AGAIN = re.compile(r"\W{0,9}(?:to )?read again\W{0,5}:\W{0,5}", re.IGNORECASE)
_BEFORE = re.compile(r"\*\*Before\*\*:\s?([^.]+)\.")
_LONGEST = 300  # characters
# nbgrader's own comment on an answer that is as it was released.
_NO_RESPONSE = "No response."
# Of what an output shows itself as, the page has the first of these: no scripts, no widgets. A
# figure with a text alternative is HTML as well, of which the page would keep the text.
_KINDS = (
    "image/png",
    "image/jpeg",
    "image/svg+xml",
    "text/html",
    "text/markdown",
    "text/latex",
    "text/plain",
)


class Grades(GetGrades):
    """nbgrader's ``GetGrades``, which also says what nobody has graded by hand yet."""

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        settings = cell.metadata.nbgrader
        grade = self.gradebook.find_grade(
            settings["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        settings["score"], settings["points"] = grade.score, grade.max_score
        settings["waiting"] = grade.auto_score is None and grade.manual_score is None


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
        everywhere = _before(notebook.cells[:3])
        heading, read_again = "", list(everywhere)
        title = resources.get("course_title", "")
        exercises: dict[str, dict[str, Any]] = {}
        for cell in notebook.cells:
            settings = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "markdown" and not settings.get("solution"):
                found = first_heading(cell.source)
                if found:
                    heading, read_again = found, list(everywhere)
                    title = title or heading
                read_again += _to_read_again(cell.source)
                cell.metadata["course_anchor"] = f"text-{_slug(heading)}" if found else ""
            if not settings.get("grade") and not settings.get("comment"):
                continue
            name = without_points(heading)
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


def _before(cells: Sequence[NotebookNode]) -> list[str]:
    """Give what the assignment says to read before."""
    for line in "\n".join(cell.source for cell in cells).splitlines():
        if found := _BEFORE.search(line[:_LONGEST]):
            return [found[1].strip()]
    return []


def _to_read_again(text: str) -> Iterator[str]:
    """Give the paragraphs that say what to read again, from there to their end."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if found := _READ_AGAIN.match(line[:_LONGEST]):
            rest = itertools.takewhile(str.strip, lines[number + 1 : number + 9])
            yield "\n".join([line[found.end() :][:_LONGEST], *rest]).strip()


@lru_cache(maxsize=8)
def _title_in(notebook: bytes) -> str:
    cells = nbformat.reads(notebook.decode("utf-8"), as_version=4).cells
    headings = (first_heading(cell.source) for cell in cells if cell.cell_type == "markdown")
    return next(filter(None, headings), "")


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
    return re.sub(r"\W+", "-", without_points(heading).lower()).strip("-")


def _with_code(message: str) -> str:
    """Show what a message has in backquotes as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(message))


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
        # Those of nbgrader's pages are named for every HTMLExporter there is.
        ours = copy.deepcopy(config) if config is not None else Config()
        for name in ("template_name", "template_file", "extra_template_basedirs"):
            ours.HTMLExporter.pop(name, None)
        super().__init__(config=ours, **options)
        self._begin_a_page()

    def _begin_a_page(self) -> None:
        self._patience, self._tables = Patience(), itertools.count(1)

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
        self._begin_a_page()
        resources = {**(resources or {}), "course_title": self._title(resources or {})}
        # Not by HTMLExporter's own method: it reads the whole page again to add what the template
        # has, texts for pictures, and what only JupyterLab's has. Half of the time, that was.
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **options)

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = _COMPILED
        return environment

    def _title(self, resources: Mapping[str, Any]) -> str:
        """Give the heading of the instructor's notebook, where there is one: not a learner's."""
        course, names = getattr(self.parent, "coursedir", None), resources.get("nbgrader", {})
        if course is None or "notebook" not in names:
            return ""
        folder = course.format_path(course.source_directory, ".", names["assignment"])
        try:
            return _title_in(Path(folder, f"{names['notebook']}.ipynb").read_bytes())
        except (OSError, ValueError):
            return ""

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Add the filters of the template."""

        def patiently(render: Callable[[str], str]) -> Callable[[str], str]:
            return lambda text: self._patience.render(render, text)

        def scrolling(page: str) -> str:
            """Let wide tables scroll by themselves, and be found by who does not see them."""
            opening = '<div class="scrolls" tabindex="0" role="region" aria-label="Table {}">'
            page = re.sub("<table", lambda _: opening.format(next(self._tables)) + "<table", page)
            return page.replace("</table>", "</table></div>")

        markdown = patiently(rendered)
        yield from super().default_filters()
        yield "filter_data_type", lambda data: [kind for kind in _KINDS if kind in data][:1]
        yield "course_markdown", lambda source: scrolling(markdown(source))
        # A heading's: any cell before the first that the course wrote may have it.
        yield "course_text", lambda source: html.escape(striptags(markdown(source)))
        yield "course_table", lambda output: scrolling(patiently(cleaned)(output))
        yield "course_python", patiently(highlighted)
        yield "course_code", _with_code
        yield "points", lambda number: f"{float(number):.2f}".rstrip("0").rstrip(".")
