"""The steps of `nbgrader autograde` that the course puts in the place of nbgrader's own.

``nbgrader_config.py`` names them: `SandboxedExporter` reads a submission and gives the graded
notebook, so that no other step ever sees what a learner wrote but as text; `handed_in.defuse` is
called before; `NameTestCells` when an assignment is generated. What is left of nbgrader's steps
reads the points from the outputs of the test cells, as always.
"""

from __future__ import annotations

import ast
import contextlib
import shutil
from collections.abc import Mapping
from concurrent.futures import Executor
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Float, Integer

from course_utils.grading.bubblewrap import SandboxMissing
from course_utils.grading.handed_in import HIDDEN, matches, read_files, read_submission
from course_utils.grading.limits import Limits
from course_utils.grading.restoring import ExamCell
from course_utils.grading.results import Results
from course_utils.grading.submissions import Exam, Result, Submission, digest, grade
from course_utils.grading.testcells import broken_rules, names_defined
from course_utils.grading.workers import data_folder, start_workers

_own_worker: list[Executor] = []


def _grade_in_own_worker(*arguments: Any) -> Result:
    if not _own_worker:
        _own_worker.append(start_workers(1))
    return _own_worker[0].submit(grade, *arguments).result()


# ---- reading -------------------------------------------------------------------------------------


def read_exam(course: CourseDirectory, assignment: str, notebook: str) -> Exam:
    """Give what a notebook is graded by: the gradebook's copy of the instructor's cells."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        source = gradebook.find_notebook(notebook, assignment)
        points = {cell.name: float(cell.max_score) for cell in [*source.grade_cells]}
        tasks = {cell.name: float(cell.max_score) for cell in source.task_cells}
        solutions = {cell.name for cell in source.solution_cells}
        cells = tuple(
            ExamCell(
                name=cell.name,
                kind=cell.cell_type,
                source=cell.source,
                checksum=cell.checksum,
                grade=cell.name in points,
                solution=cell.name in solutions,
                task=cell.name in tasks,
                locked=bool(cell.locked),
                points=points.get(cell.name, tasks.get(cell.name, 0.0)),
                released=_without_hidden_tests(cell.source),
            )
            for cell in source.source_cells
        )
    folder = Path(course.root, course.format_path(course.source_directory, ".", assignment))
    files = read_files(folder)
    hidden = [*course.ignore, HIDDEN]
    released = {name: text for name, text in files.items() if not matches(name, hidden)}
    libraries = imported_modules(folder / f"{notebook}.ipynb")
    return Exam(assignment, notebook, cells, files, released, libraries)


def imported_modules(notebook: Path) -> tuple[str, ...]:
    """Give the names of the modules that the cells of a notebook import, sorted.

    Parameters
    ----------
    notebook
        Its file. One that cannot be read imports nothing, and cells that are not plain Python,
        such as those with magics, count for nothing: knowing a module only saves time.
    """
    try:
        return _imported_modules(notebook.read_bytes())
    except (OSError, ValueError):
        return ()


# These two are the same for each submission of a class.
@lru_cache(maxsize=8)
def _imported_modules(notebook: bytes) -> tuple[str, ...]:
    names = set()
    for cell in nbformat.reads(notebook.decode("utf-8"), as_version=4).cells:
        if cell.cell_type != "code":
            continue
        with contextlib.suppress(SyntaxError):
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    names |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module)
    return tuple(sorted(names))


@lru_cache(maxsize=256)
def _without_hidden_tests(source: str) -> str:
    cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": {"grade": True}})
    ClearHiddenTests().preprocess_cell(cell, {}, 0)
    return str(cell.source)


# ---- nbgrader's hooks ----------------------------------------------------------------------------


class NameTestCells(NbGraderPreprocessor):
    """Refuses to generate an assignment with a test cell that cannot be run apart."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Look at every test cell.

        Raises
        ------
        ValueError
            It names each cell, and what is wrong with it.
        """
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        tests = [cell for cell in code if is_grade(cell) and not is_solution(cell)]
        learners = {
            name
            for cell in code
            if is_solution(cell) or "nbgrader" not in cell.metadata
            for name in names_defined(cell.source)
        }
        broken = [
            f"{cell.metadata.nbgrader.grade_id} {rule}"
            for cell in tests
            for rule in broken_rules(cell.source, learners)
        ]
        if broken:
            raise ValueError(
                "Test cells run in another process than the learner's code, so they may use only "
                "what the learner defines and what they import themselves. Test cell "
                + "; test cell ".join(broken)
            )
        return nb, resources


class SandboxedExporter(NotebookExporter):
    """Reads a submission and gives it graded; what is graded already it reads as it is."""

    total_seconds = Float(600, help="Seconds for a whole submission.").tag(config=True)
    memory = Integer(3 << 30, help="Bytes of memory for a submission.").tag(config=True)

    def from_filename(
        self, filename: str, resources: Any = None, **options: Any
    ) -> tuple[Any, Any]:
        """Give the notebook for the next step; a file that is no notebook gives a blank one."""
        course = cast(Autograde, self.parent).coursedir
        names = resources["nbgrader"]
        student, assignment, notebook = (names[k] for k in ("student", "assignment", "notebook"))
        folder = Path(course.format_path(course.submitted_directory, student, assignment))
        if Path(filename).resolve().parent != folder.resolve():
            return super().from_filename(filename, resources=resources, **options)
        exam = read_exam(course, assignment, notebook)
        submission = read_submission(folder, notebook, course.ignore)
        try:
            result = self.graded(course, exam, submission)
        except SandboxMissing as error:
            shutil.rmtree(course.format_path(course.autograded_directory, student, assignment))
            raise SystemExit(str(error)) from None
        for oddity in result["oddities"]:
            self.log.warning("%s: %s", student, oddity)
        executed = nbformat.from_dict(result["executed"])
        return self.from_notebook_node(executed, resources=resources, **options)

    def graded(self, course: CourseDirectory, exam: Exam, submission: Submission) -> Result:
        """Give the result: the one that is there, or else grade now."""
        limits = self.limits()
        results = Results(course, exam.assignment)
        name = digest(exam, submission, limits)
        result = results.get(name)
        if result is None:
            result = _grade_in_own_worker(exam, submission, limits, data_folder())
            results.put(result)
        return result

    def limits(self) -> Limits:
        """Give the limits; the time of a cell is nbgrader's own ``Execute.timeout``."""
        execute: Mapping[str, Any] = self.config.get("Execute", {})
        seconds = float(execute.get("timeout", None) or Limits.cell)
        return Limits(cell=seconds, total=self.total_seconds, memory=self.memory)
