"""Grading a whole class: many submissions at once, one process that writes the gradebook."""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp, ExportApp
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException

from course_utils._progress import ProgressBar
from course_utils.grading.results import Results
from course_utils.grading.sandbox import SandboxMissing
from course_utils.grading.steps import (
    SandboxedExporter,
    data_folder,
    defuse,
    read_exam,
    read_submission,
    start_workers,
)
from course_utils.grading.submissions import VERSION, Exam, Result, Submission, digest, grade

SCHEDULER = "COURSE_SCHEDULER"
MEMORY_EACH = 2 << 30  # bytes that a submission at work may well need, its sandbox included


@dataclass(frozen=True)
class Work:
    """A submission that is to be graded."""

    who: str
    exam: Exam
    submission: Submission
    digest: str


class Course:
    """The instructor's course folder, as nbgrader's configuration describes it.

    Parameters
    ----------
    assignment
        What is graded.
    """

    def __init__(self, assignment: str) -> None:
        self.app = AutogradeApp()
        self.app.initialize([assignment, "--log-level=WARN"])
        self.folders = self.app.coursedir
        self.folders.assignment_id = assignment
        self.assignment = assignment
        self.results = Results(self.folders, assignment)
        self.limits = SandboxedExporter(config=self.app.config, parent=None).limits()

    def learners(self) -> list[str]:
        """Give who has handed something in."""
        folders = self.folders
        step = folders.format_path(folders.submitted_directory, "*", self.assignment)
        found = map(Path, glob.glob(step))  # noqa: PTH207 - the pattern is an absolute path
        return sorted(place.parent.name for place in found if place.is_dir())

    def submitted(self, who: str) -> Path:
        """Give the folder of a submission."""
        folders = self.folders
        return Path(folders.format_path(folders.submitted_directory, who, self.assignment))

    def exams(self) -> list[Exam]:
        """Give what each notebook of the assignment is graded by.

        Raises
        ------
        SystemExit
            When the assignment was never generated.
        """
        try:
            with Gradebook(self.folders.db_url, self.folders.course_id) as gradebook:
                names = [n.name for n in gradebook.find_assignment(self.assignment).notebooks]
        except MissingEntry:
            raise SystemExit(
                f"The gradebook knows no assignment {self.assignment!r}. Generate it first: "
                f"make release assignment={self.assignment}"
            ) from None
        return [read_exam(self.folders, self.assignment, name) for name in sorted(names)]


@contextmanager
def executor(workers: int | None) -> Iterator[Executor]:
    """Give what submissions are handed to: processes here, or a Dask cluster.

    The cluster's address is in ``COURSE_SCHEDULER`` (``tcp://host:8786``). Its workers need the
    course's packages and bubblewrap.
    """
    address = os.environ.get(SCHEDULER)
    if not address:
        with start_workers(workers or processes_that_fit()) as pool:
            yield pool
        return
    from distributed import Client

    with Client(address, set_as_default=False) as client, client.get_executor() as pool:
        yield pool


def processes_that_fit() -> int:
    """Give how many submissions this machine can grade at once, by cores and free memory."""
    cores = len(os.sched_getaffinity(0))
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free = int(text.partition("MemAvailable:")[2].split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        free = cores * MEMORY_EACH
    return max(1, min(cores, free // MEMORY_EACH))


def grade_class(
    course: Course, *, workers: int | None = None, force: bool = False, feedback: bool = True
) -> list[dict[str, Any]]:
    """Grade everybody whose work is new, record it, write feedback, export grades.

    Returns
    -------
    list of dict
        A row for each learner and notebook: the result (see `submissions`) without the notebook,
        and ``who``. The same is in ``results/ASSIGNMENT/report.json``.
    """
    spent: dict[str, float] = {}
    started = time.monotonic()
    works = _read(course)
    spent["reading"] = time.monotonic() - started
    with executor(workers) as pool:
        found = _grade(course, works, pool, force, spent)
    started = time.monotonic()
    changed = _record(course, works, found, force)
    spent["gradebook"] = time.monotonic() - started
    if feedback:
        started = time.monotonic()
        write_feedback(course, changed, workers or processes_that_fit())
        spent["feedback"] = time.monotonic() - started
        started = time.monotonic()
        ExportApp.clear_instance()
        export = ExportApp(parent=None)
        export.initialize(["--log-level=WARN"])
        export.start()
        spent["export"] = time.monotonic() - started
    rows = [
        {"who": work.who} | {k: v for k, v in found[work.digest].items() if k != "executed"}
        for work in works
        if work.digest in found
    ]
    course.results.write("report.json", {"version": 1, "rows": rows, "seconds": spent})
    return rows


def _read(course: Course) -> list[Work]:
    exams = course.exams()
    works = []
    for who in course.learners():
        folder = course.submitted(who)
        defuse(notebooks=[str(folder / "any.ipynb")])
        for exam in exams:
            submission = read_submission(folder, exam.notebook, course.folders.ignore)
            name = digest(exam, submission, course.limits)
            works.append(Work(who, exam, submission, name))
    return works


def _grade(
    course: Course,
    works: Sequence[Work],
    pool: Executor,
    force: bool,
    spent: dict[str, float],
) -> dict[str, Result]:
    """Give all results by digest, those that are there and those that are made now."""
    found: dict[str, Result] = {}
    for work in [] if force else works:
        result = course.results.get(work.digest)
        if result is not None:
            found[work.digest] = result
    open_work = {work.digest: work for work in works if work.digest not in found}
    started = time.monotonic()
    futures: dict[Future[Result], Work] = {
        pool.submit(grade, work.exam, work.submission, course.limits, data_folder()): work
        for work in open_work.values()
    }
    lost = []
    for future in ProgressBar(
        as_completed(futures), total=len(futures), desc="Grading", unit=" done"
    ):
        work = futures[future]
        try:
            result = future.result()
        except SandboxMissing:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        except Exception:  # a worker was killed, say, because the machine ran out of memory
            lost.append(work)
            continue
        course.results.put(result)
        found[work.digest] = result
    for work in ProgressBar(lost, desc="Grading again, one by one", disable=not lost):
        with start_workers(1) as alone:
            args = (work.exam, work.submission, course.limits, data_folder())
            try:
                result = alone.submit(grade, *args).result()
            except Exception as error:
                found[work.digest] = _failed(work, error)
                continue
        course.results.put(result)
        found[work.digest] = result
    spent["grading"] = time.monotonic() - started
    return found


def _failed(work: Work, error: Exception) -> Result:
    return {
        "version": VERSION,
        "assignment": work.exam.assignment,
        "notebook": work.exam.notebook,
        "digest": work.digest,
        "status": "failed",
        "points": 0.0,
        "max_points": sum(cell.points for cell in work.exam.cells if cell.is_test),
        "exercises": [],
        "oddities": [f"it could not be graded: {type(error).__name__}: {error}"],
        "seconds": 0.0,
        "cpu": 0.0,
        "memory": 0,
    }


def _record(
    course: Course, works: Sequence[Work], found: Mapping[str, Result], force: bool
) -> list[str]:
    """Write the results into the gradebook, by nbgrader's own command; give whose are new."""
    recorded = {} if force else course.results.recorded()
    wanted: dict[str, str] = {}
    for work in works:
        wanted[work.who] = wanted.get(work.who, "") + work.digest
    failed = {work.who for work in works if found[work.digest]["status"] == "failed"}
    new = [who for who, name in wanted.items() if recorded.get(who) != name and who not in failed]
    for who in ProgressBar(new, desc="Gradebook", unit=" done", disable=not new):
        if any(found[work.digest]["status"] != "missing" for work in works if work.who == who):
            course.folders.student_id = glob.escape(who)
            converter = Autograde(coursedir=course.folders, parent=course.app)
            converter.force = True
            try:
                converter.start()
            except NbGraderException as error:
                for work in works:
                    if work.who == who:
                        found[work.digest]["oddities"].append(f"nbgrader refused it: {error}")
                continue
        else:
            _record_missing(course, who)
        recorded[who] = wanted[who]
        course.results.record(recorded)
    course.folders.student_id = "*"
    return new


def _record_missing(course: Course, who: str) -> None:
    """Give no points to somebody who handed in a folder without the notebook."""
    with Gradebook(course.folders.db_url, course.folders.course_id) as gradebook:
        gradebook.update_or_create_student(who)
        submission = gradebook.update_or_create_submission(course.assignment, who)
        for notebook in submission.notebooks:
            for mark in notebook.grades:
                mark.auto_score, mark.needs_manual_grade = 0, False
        gradebook.db.commit()


def write_feedback(course: Course, learners: Sequence[str], workers: int) -> None:
    """Write the feedback pages of these learners, several at once."""
    root = course.folders.root
    there = [
        who
        for who in learners
        if Path(
            root, course.folders.format_path(course.folders.autograded_directory, who, "")
        ).is_dir()
    ]
    if not there:
        return
    shares = [there[n::workers] for n in range(workers) if there[n::workers]]
    if len(shares) == 1:
        _write_feedback(course, there)
        return
    with start_workers(len(shares)) as pool:
        jobs = [pool.submit(_feedback_of, course.assignment, share) for share in shares[1:]]
        _write_feedback(course, shares[0])
        for job in jobs:
            job.result()


def _feedback_of(assignment: str, learners: Sequence[str]) -> None:
    _write_feedback(Course(assignment), learners)


def _write_feedback(course: Course, learners: Sequence[str]) -> None:
    for who in learners:
        course.folders.student_id = glob.escape(who)
        converter = GenerateFeedback(coursedir=course.folders, parent=course.app)
        converter.force = True
        converter.start()


def table(rows: Sequence[Mapping[str, Any]], spent: Mapping[str, float]) -> str:
    """Give who has how many points and what was odd, as text."""
    width = max([len("who"), *(len(row["who"]) for row in rows)])
    lines = [f"{'who':<{width}}  points   what was odd"]
    for row in rows:
        points = f"{row['points']:g}/{row['max_points']:g}"
        lines.append(f"{row['who']:<{width}}  {points:<7}  {'; '.join(row['oddities'])}".rstrip())
    times = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in spent.items())
    return "\n".join([*lines, f"{len(rows)} submissions. {times}".rstrip()])
