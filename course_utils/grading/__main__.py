"""``python -m course_utils.grading ASSIGNMENT``: grade everybody's work on an assignment."""

from __future__ import annotations

import argparse
import gc
import json

from course_utils.grading.bubblewrap import SandboxMissing
from course_utils.grading.workers import EarlyWorkers, start_early


def main() -> None:
    """Grade, and print a table: who, points, what was odd."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.grading", description=__doc__)
    parser.add_argument("assignment", help="its name, such as a1_multiclass")
    parser.add_argument("--workers", type=int, help="how many submissions at once")
    parser.add_argument("--force", action="store_true", help="grade also what is graded already")
    parser.add_argument("--no-feedback", action="store_true", help="no feedback, no export")
    given = parser.parse_args()
    with start_early(given.workers) as early:
        _grade(given, early)


def _grade(given: argparse.Namespace, early: EarlyWorkers | None) -> None:
    # Here, because every worker imports this module, and would wait for nbgrader.
    from course_utils.grading.class_folder import Course
    from course_utils.grading.run import grade_class, table

    gc.freeze()  # what is imported is not looked through for garbage after each learner
    course = Course(given.assignment)
    try:
        rows = grade_class(
            course,
            workers=given.workers,
            force=given.force,
            feedback=not given.no_feedback,
            early=early,
        )
    except SandboxMissing as error:
        raise SystemExit(str(error)) from None
    report = json.loads((course.results.folder / "report.json").read_text(encoding="utf-8"))
    print(table(rows, report["seconds"]))
    for folder in course.nobodies():
        print(
            f"Not graded: {folder!a} in submitted/ is nobody's name. Rename it, then grade again."
        )
    print(f"In full: {course.results.folder / 'report.json'}")


if __name__ == "__main__":
    main()
