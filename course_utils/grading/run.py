"""Grading a whole class: many submissions at once, one process that writes the gradebook."""

from __future__ import annotations

import glob
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp, ExportApp
from nbgrader.converters import Autograde, GenerateFeedback

from course_utils._progress import ProgressBar
from course_utils.grading.handed_in import defuse, read_submission
from course_utils.grading.limits import Limits
from course_utils.grading.results import Results
from course_utils.grading.sandbox import SandboxMissing
from course_utils.grading.steps import SandboxedExporter, data_folder, read_exam, start_workers
from course_utils.grading.submissions import VERSION, Exam, Result, Submission, digest, grade

SCHEDULER = "COURSE_SCHEDULER"


@dataclass(frozen=True)
class Work:
    """A submission that is to be graded; it is read when its turn comes, and not kept."""

    who: str
    exam: Exam
    folder: Path
    ignore: Sequence[str]
    digest: str

    def submission(self) -> Submission:
        """Read it."""
        return read_submission(self.folder, self.exam.notebook, self.ignore)


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
def executor(workers: int) -> Iterator[tuple[Executor, int]]:
    """Give what submissions are handed to, and how many it takes at once.

    That is processes here or, with its address in ``COURSE_SCHEDULER`` (``tcp://host:8786``), a
    Dask cluster. The cluster's workers need the course's packages and bubblewrap.
    """
    address = os.environ.get(SCHEDULER)
    if not address:
        with start_workers(workers) as pool:
            yield pool, workers
        return
    from distributed import Client

    with Client(address, set_as_default=False) as client, client.get_executor() as pool:
        yield pool, max(1, sum(client.nthreads().values()))


def processes_that_fit(limits: Limits) -> int:
    """Give how many submissions this machine can grade at once, by cores and free memory.

    Parameters
    ----------
    limits
        Each may use what they allow.
    """
    cores = len(os.sched_getaffinity(0))
    each = limits.memory + 2 * limits.disk
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free = int(text.partition("MemAvailable:")[2].split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        free = cores * each
    return max(1, min(cores, free // each))


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
    at_once = workers or processes_that_fit(course.limits)
    found = _grade(course, works, at_once, force, spent)
    started = time.monotonic()
    changed = _record(course, works, found, force)
    spent["gradebook"] = time.monotonic() - started
    if feedback:
        started = time.monotonic()
        write_feedback(course, changed, at_once)
        spent["feedback"] = time.monotonic() - started
        started = time.monotonic()
        ExportApp.clear_instance()
        export = ExportApp(parent=None)
        export.initialize(["--log-level=WARN"])
        export.start()
        spent["export"] = time.monotonic() - started
    rows = [{"who": work.who} | found[work.digest] for work in works if work.digest in found]
    course.results.write("report.json", {"version": 1, "rows": rows, "seconds": spent})
    return rows


def _read(course: Course) -> list[Work]:
    exams = course.exams()
    ignore = tuple(course.folders.ignore)
    works = []
    for who in course.learners():
        folder = course.submitted(who)
        defuse(notebooks=[str(folder / "any.ipynb")])
        for exam in exams:
            submission = read_submission(folder, exam.notebook, ignore)
            name = digest(exam, submission, course.limits)
            works.append(Work(who, exam, folder, ignore, name))
    return works


def _grade(
    course: Course, works: Sequence[Work], workers: int, force: bool, spent: dict[str, float]
) -> dict[str, Result]:
    """Give all results by digest, without their notebooks: old ones, and those made now."""
    found: dict[str, Result] = {}
    waiting: deque[Work] = deque()
    for work in {work.digest: work for work in works}.values():
        result = None if force else course.results.get(work.digest)
        if result is None:
            waiting.append(work)
        else:
            found[work.digest] = _without_notebook(result)
    started = time.monotonic()
    lost: list[Work] = []
    with ProgressBar(total=len(waiting), desc="Grading", unit=" done") as bar:
        while waiting:  # a second time when the pool broke
            with executor(workers) as (pool, at_once):
                lost += _grade_in(course, pool, at_once, waiting, found, bar)
    for work in ProgressBar(lost, desc="Grading again, one by one", disable=not lost):
        with start_workers(1) as alone:
            try:
                result = _submit(course, alone, work).result()
            except Exception as error:
                found[work.digest] = _failed(work, error)
                continue
        course.results.put(result)
        found[work.digest] = _without_notebook(result)
    spent["grading"] = time.monotonic() - started
    return found


def _grade_in(
    course: Course,
    pool: Executor,
    at_once: int,
    waiting: deque[Work],
    found: dict[str, Result],
    bar: ProgressBar,
) -> list[Work]:
    """Hand out what waits, a few ahead, until nothing does or the pool is broken; give the lost.

    What is neither waiting nor at work is on the disk, so memory does not grow with the class.
    """
    running: dict[Future[Result], Work] = {}
    lost: list[Work] = []
    while waiting or running:
        try:
            while waiting and len(running) < 2 * at_once:
                running[_submit(course, pool, waiting[0])] = waiting[0]
                waiting.popleft()
        except BrokenExecutor:
            if not running:
                return lost
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            work = running.pop(future)
            try:
                result = future.result()
            except SandboxMissing:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            except Exception:  # a worker was killed, say, because the machine ran out of memory
                lost.append(work)
                continue
            course.results.put(result)
            found[work.digest] = _without_notebook(result)
            bar.update()
    return lost


def _submit(course: Course, pool: Executor, work: Work) -> Future[Result]:
    return pool.submit(grade, work.exam, work.submission(), course.limits, data_folder())


def _without_notebook(result: Result) -> Result:
    return {key: value for key, value in result.items() if key != "executed"}


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
            except (Exception, SystemExit) as error:  # nbgrader ends the program for some errors
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
