"""The desk at which results come in: they go into the gradebook, and feedback is written."""

from __future__ import annotations

import gc
import glob
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter

from course_utils._progress import ProgressBar
from course_utils.grading.class_folder import Course, Work
from course_utils.grading.submissions import Result
from course_utils.grading.workers import start_workers


class Desk:
    """Takes the results of a class, in any order; the one that writes the gradebook.

    Parameters
    ----------
    course
        Where.
    works
        All submissions whose results will come.
    force
        Whether to write also what is written already.
    feedback
        Whether to write feedback.

    Attributes
    ----------
    found
        The results by digest, without their notebooks.
    seconds
        The time taken, by step.
    """

    def __init__(
        self, course: Course, works: Sequence[Work], *, force: bool, feedback: bool
    ) -> None:
        self.found: dict[str, Result] = {}
        self.seconds = {"gradebook": 0.0, "feedback": 0.0}
        self._course = course
        self._works: dict[str, list[Work]] = {}
        self._learners: dict[str, list[str]] = {}
        for work in works:
            self._works.setdefault(work.who, []).append(work)
            self._learners.setdefault(work.digest, []).append(work.who)
        self._recorded = {} if force else course.results.noted("recorded")
        self._fed_back = {} if force else course.results.noted("fed_back")
        self._feedback = feedback
        self._waiting: deque[str] = deque()

    def take(self, result: Result) -> None:
        """Take a result, and record everybody of whom nothing is missing any more."""
        name = result["digest"]
        self.found[name] = {key: value for key, value in result.items() if key != "executed"}
        for who in dict.fromkeys(self._learners[name]):
            if all(work.digest in self.found for work in self._works[who]):
                with self._taking_time("gradebook"):
                    self._finish(who)

    def write_a_page(self) -> bool:
        """Write feedback for somebody who waits for it; give whether there was anybody."""
        if not self._waiting:
            return False
        with self._taking_time("feedback"):
            who = self._waiting.popleft()
            self._note(write_feedback(self._course, [who]), [who])
        return True

    def write_all_pages(self, workers: int) -> None:
        """Write the feedback that is left, several pages at once."""
        with self._taking_time("feedback"):
            # Another process first imports nbgrader, which takes as long as some pages.
            workers = min(workers, len(self._waiting) // 8 + 1)
            shares = [list(self._waiting)[n::workers] for n in range(workers)]
            self._waiting.clear()
            own = ProgressBar(shares[0], desc="Feedback", unit=" pages", delay=1)
            if workers == 1:
                self._note(write_feedback(self._course, own), shares[0])
                return
            with start_workers(workers - 1) as pool:
                name = self._course.assignment
                jobs = [pool.submit(_write_feedback_of, name, share) for share in shares[1:]]
                self._note(write_feedback(self._course, own), shares[0])
                for job, share in zip(jobs, shares[1:], strict=True):
                    self._note(job.result(), share)

    @contextmanager
    def _taking_time(self, step: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[step] += time.monotonic() - started

    def _finish(self, who: str) -> None:
        """Write somebody's results into the gradebook, unless they are there."""
        results = [self.found[work.digest] for work in self._works[who]]
        wanted = "".join(result["digest"] for result in results)
        if any(result["status"] == "failed" for result in results):
            return
        if self._recorded.get(who) != wanted:
            if all(result["status"] == "missing" for result in results):
                _record_missing(self._course, who)
            elif error := _run_nbgrader(self._course, Autograde, who):
                self._say(who, f"nbgrader refused it: {error}")
                return
            self._recorded[who] = wanted
            self._course.results.note("recorded", self._recorded)
            self._fed_back.pop(who, None)
        if self._feedback and self._fed_back.get(who) != wanted:
            self._waiting.append(who)

    def _note(self, refused: dict[str, str], learners: Sequence[str]) -> None:
        for who in learners:
            if who in refused:
                self._say(who, f"nbgrader could not write the feedback: {refused[who]}")
            else:
                self._fed_back[who] = self._recorded[who]
        self._course.results.note("fed_back", self._fed_back)

    def _say(self, who: str, oddity: str) -> None:
        for work in self._works[who]:
            self.found[work.digest]["oddities"].append(oddity)


def _record_missing(course: Course, who: str) -> None:
    """Give no points to somebody who handed in a folder without the notebook."""
    with Gradebook(course.folders.db_url, course.folders.course_id) as gradebook:
        gradebook.update_or_create_student(who)
        submission = gradebook.update_or_create_submission(course.assignment, who)
        for notebook in submission.notebooks:
            for mark in notebook.grades:
                mark.auto_score, mark.needs_manual_grade = 0, False
        gradebook.db.commit()


def write_feedback(course: Course, learners: Iterable[str]) -> dict[str, str]:
    """Write the feedback pages of these learners; give what went wrong with whom."""
    refused = {}
    for who in learners:
        folders = course.folders
        graded = folders.format_path(folders.autograded_directory, who, course.assignment)
        if Path(folders.root, graded).is_dir() and (
            error := _run_nbgrader(course, GenerateFeedback, who)
        ):
            refused[who] = error
    return refused


def _write_feedback_of(assignment: str, learners: Sequence[str]) -> dict[str, str]:
    return write_feedback(Course(assignment), learners)


def _run_nbgrader(course: Course, step: type[BaseConverter], who: str) -> str:
    """Run a step of nbgrader's for one learner; give what it died of, or nothing."""
    course.folders.student_id = glob.escape(who)
    try:
        with _garbage_left_for_later():
            converter = step(coursedir=course.folders, parent=course.app)
            converter.force = True
            converter.start()
    except (Exception, SystemExit) as error:  # nbgrader ends the program for some errors
        return str(error) or type(error).__name__
    finally:
        course.folders.student_id = "*"
    return ""


@contextmanager
def _garbage_left_for_later() -> Iterator[None]:
    """Collect garbage after the block: a page makes so many objects that Python looks all the time.

    A quarter of the time, that is.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
