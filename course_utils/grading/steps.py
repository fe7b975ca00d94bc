"""The steps of `nbgrader autograde` that the course puts in the place of nbgrader's own.

``nbgrader_config.py`` names them: `SandboxedExporter` reads a submission and gives the graded
notebook, so that no other step ever sees what a learner wrote but as text; `defuse` is called
before; `NameTestCells` when an assignment is generated. What is left of nbgrader's steps reads the
points from the outputs of the test cells, as always.
"""

from __future__ import annotations

import fnmatch
import logging
import multiprocessing
import os
import shutil
import signal
import stat
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
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

from course_utils._paths import project_root
from course_utils.grading.jail import die_with_parent
from course_utils.grading.limits import Limits
from course_utils.grading.restoring import ExamCell
from course_utils.grading.results import Results
from course_utils.grading.sandbox import SandboxMissing
from course_utils.grading.submissions import Exam, Result, Submission, digest, grade
from course_utils.grading.testcells import broken_rules, names_defined

MAX_FILE, MAX_FILES, MAX_BYTES = 20 << 20, 500, 100 << 20
_REPLACED = b"This is not what was handed in: "
_HIDDEN = "*_hidden*"  # never given to learners, whatever is configured
_log = logging.getLogger(__name__)


def data_folder() -> str | None:
    """Give the course's data folder, for submissions to read."""
    folder = Path(os.environ.get("COURSE_DATA") or project_root() / "data")
    return str(folder.resolve()) if folder.is_dir() else None


def start_workers(count: int) -> ProcessPoolExecutor:
    """Give processes that grade; each keeps its sandbox for the next submission."""
    # Spawned: nothing of this process is in theirs, and no thread is in the way of a fork.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=die_with_parent,
        initargs=(signal.SIGKILL,),
    )


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
    files, _ = read_files(folder)
    hidden = [*course.ignore, _HIDDEN]
    released = {name: text for name, text in files.items() if not _matches(name, hidden)}
    return Exam(assignment, notebook, cells, files, released)


def _without_hidden_tests(source: str) -> str:
    cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": {"grade": True}})
    ClearHiddenTests().preprocess_cell(cell, {}, 0)
    return str(cell.source)


def read_submission(folder: Path, notebook: str, ignore: Iterable[str]) -> Submission:
    """Give what a learner handed in. Links are not followed."""
    files, oddities = read_files(folder)
    path = folder / f"{notebook}.ipynb"
    content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
    if content and content.startswith(_REPLACED):
        oddities.append(f"{path.name}: {content.decode(errors='replace').strip()}")
        content = None
    kept = {name: text for name, text in files.items() if not _matches(name, [*ignore, _HIDDEN])}
    kept.pop("timestamp.txt", None)
    return Submission(content, kept, tuple(oddities))


def read_files(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Give all regular files but notebooks, by path, and what was left out, in words."""
    files: dict[str, bytes] = {}
    oddities = []
    size = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted([*names, *(n for n in folders if Path(place, n).is_symlink())]):
            path = Path(place, name)
            shown = path.relative_to(folder).as_posix()
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                oddities.append(f"{shown} is no file, but {_kind(status.st_mode)}: left out")
            elif path.suffix == ".ipynb":
                continue
            elif status.st_size > MAX_FILE or len(files) >= MAX_FILES:
                oddities.append(f"{shown} is too large, or one of too many: left out")
            elif size + status.st_size <= MAX_BYTES:
                size += status.st_size
                files[shown] = path.read_bytes()
    for name in [name for name, text in files.items() if text.startswith(_REPLACED)]:
        oddities.append(f"{name}: {files.pop(name).decode(errors='replace').strip()}")
    return files, oddities


def _kind(mode: int) -> str:
    return "a link" if stat.S_ISLNK(mode) else "something else"


def _matches(name: str, patterns: Iterable[str]) -> bool:
    parts = Path(name).parts
    return any(fnmatch.fnmatch(part, pattern) for part in parts for pattern in patterns)


# ---- nbgrader's hooks ----------------------------------------------------------------------------


def defuse(*, notebooks: list[str], **_: object) -> None:
    """Take links and the like out of a submission before nbgrader copies its files.

    nbgrader follows links, and would copy what they lead to into the learner's feedback. In the
    place of each stands a text that says what it was. (``pre_convert_hook``)
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        for place, folders, names in os.walk(folder):
            for name in [*folders, *names]:
                path = Path(place, name)
                mode = path.lstat().st_mode
                if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                    what = f"a link to {path.readlink()}" if stat.S_ISLNK(mode) else "no file"
                    path.unlink()
                    path.write_bytes(_REPLACED + f"that was {what}.\n".encode())


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
