"""Grading a whole class: many submissions at once, one process that writes the gradebook."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Any

from nbgrader.apps import ExportApp

from course_utils._progress import ProgressBar
from course_utils.grading.bubblewrap import SandboxMissing
from course_utils.grading.class_folder import Course, Work
from course_utils.grading.desk import Desk
from course_utils.grading.handed_in import defuse, read_submission
from course_utils.grading.submissions import VERSION, Result, digest, grade
from course_utils.grading.workers import (
    EarlyWorkers,
    data_folder,
    executor,
    processes_that_fit,
    start_workers,
)

_MOST_ODDITIES = 10  # of one learner, in the table


def grade_class(
    course: Course,
    *,
    workers: int | None = None,
    force: bool = False,
    feedback: bool = True,
    early: EarlyWorkers | None = None,
) -> list[dict[str, Any]]:
    """Grade everybody whose work is new, record it, write feedback, export grades.

    Gradebook and feedback are written while the next submissions are graded.

    Parameters
    ----------
    course
        Where.
    workers
        How many submissions at once; unless given, as many as there are cores and memory for.
    force
        Whether to grade also what is graded already.
    feedback
        Whether to write feedback, and export the grades.
    early
        Workers that are there already.

    Returns
    -------
    list of dict
        A row for each learner and notebook: the result (see `submissions`) without the notebook,
        and ``who``. The same is in ``results/ASSIGNMENT/report.json``.
    """
    started = time.monotonic()
    works = _read(course)
    spent = {"reading": time.monotonic() - started}
    at_once = workers or processes_that_fit(course.limits)
    desk = Desk(course, works, force=force, feedback=feedback)
    started = time.monotonic()
    _grade(course, works, at_once, force, desk, early)
    spent["grading"] = time.monotonic() - started - sum(desk.seconds.values())
    desk.write_all_pages(at_once)
    spent |= desk.seconds
    if feedback:
        started = time.monotonic()
        ExportApp.clear_instance()
        export = ExportApp(parent=None)
        export.initialize(["--log-level=WARN"])
        export.start()
        spent["export"] = time.monotonic() - started
    found = desk.found
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
    course: Course,
    works: Sequence[Work],
    workers: int,
    force: bool,
    desk: Desk,
    early: EarlyWorkers | None,
) -> None:
    """Take all results to the desk: old ones, and those made now."""
    waiting: deque[Work] = deque()
    with ProgressBar(
        total=len({work.digest for work in works}), desc="Grading", unit=" done"
    ) as bar:
        for work in {work.digest: work for work in works}.values():
            result = None if force else course.results.get(work.digest)
            if result is None:
                waiting.append(work)
            else:
                desk.take(result)
                bar.update()
        lost: list[Work] = []
        while waiting:  # a second time when the pool broke
            with executor(workers, early) as (pool, at_once):
                lost += _grade_in(course, pool, at_once, waiting, desk, bar)
            early = None
    for work in ProgressBar(lost, desc="Grading again, one by one", disable=not lost):
        with start_workers(1) as alone:
            try:
                result = _submit(course, alone, work).result()
            except Exception as error:
                desk.take(_failed(work, error))
                continue
        course.results.put(result)
        desk.take(result)


def _grade_in(
    course: Course,
    pool: Executor,
    at_once: int,
    waiting: deque[Work],
    desk: Desk,
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
        for future in _next_done(running, desk):
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
            desk.take(result)
            bar.update()
    return lost


def _next_done(running: Iterable[Future[Result]], desk: Desk) -> set[Future[Result]]:
    """Wait until something is done; write feedback in the meantime."""
    while not (done := wait(running, timeout=0).done):
        if not desk.write_a_page():
            return wait(running, return_when=FIRST_COMPLETED).done
    return done


def _submit(course: Course, pool: Executor, work: Work) -> Future[Result]:
    return pool.submit(grade, work.exam, work.submission(), course.limits, data_folder())


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


def table(rows: Sequence[Mapping[str, Any]], spent: Mapping[str, float]) -> str:
    """Give who has how many points and what was odd, as text."""
    width = max([len("who"), *(len(row["who"]) for row in rows)])
    lines = [f"{'who':<{width}}  points   what was odd"]
    for row in rows:
        points = f"{row['points']:g}/{row['max_points']:g}"
        odd = list(row["oddities"][:_MOST_ODDITIES])
        if more := len(row["oddities"]) - len(odd):
            odd.append(f"and {more:,} more, in report.json")
        lines.append(f"{row['who']:<{width}}  {points:<7}  {'; '.join(odd)}".rstrip())
    times = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in spent.items())
    return "\n".join([*lines, f"{len(rows)} submissions. {times}".rstrip()])
