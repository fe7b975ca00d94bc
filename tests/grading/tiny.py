"""A tiny assignment to attack: one function that nobody can guess, with a hidden test.

The same notebook and modules are graded by ours and by stock nbgrader.
"""

from __future__ import annotations

import json

import nbformat

from course_utils.grading.restoring import ExamCell
from course_utils.grading.submissions import Exam, Submission

NAME = "tiny"
SECRET = "canary-of-the-hidden-tests"
POINTS = 5.0

CHECKS = """
from course_utils.checks import Case, Checklist, FunctionTest, check_number

CHECKLIST = Checklist([FunctionTest("mystery", "1", [Case({"x": 1}, 10)], check_number)])
check = CHECKLIST.check
"""
HIDDEN = f"""
# {SECRET}
from course_utils.checks import Case
from tiny_checks import CHECKLIST

SECRET = "{SECRET}"
check = CHECKLIST.extended(
    {{"mystery": [Case({{"x": x}}, 7 * x + 3) for x in (12, 345, 6789)]}}
).check
"""
TEST = """import tiny_checks

### BEGIN HIDDEN TESTS
import tiny_hidden as tiny_checks

### END HIDDEN TESTS
tiny_checks.check("mystery", mystery)"""
RELEASED_TEST = 'import tiny_checks\n\ntiny_checks.check("mystery", mystery)'
BLANK = "# YOUR CODE HERE\nraise NotImplementedError()"
RIGHT = "def mystery(x):\n    return 7 * x + 3"
WRONG = "def mystery(x):\n    return 10"


def exam() -> Exam:
    cells = (
        ExamCell("answer", "code", BLANK, None, False, True, False, False),
        ExamCell("test", "code", TEST, None, True, False, False, True, POINTS, RELEASED_TEST),
    )
    modules = {"tiny_checks.py": CHECKS.encode(), "tiny_hidden.py": HIDDEN.encode()}
    return Exam(NAME, NAME, cells, modules, {"tiny_checks.py": CHECKS.encode()})


def settings(name: str, test: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "grade": test,
        "grade_id": name,
        "locked": test,
        "schema_version": 3,
        "solution": not test,
        "task": False,
    }
    return found | ({"points": POINTS} if test else {})


def notebook(answer: str, test: str = RELEASED_TEST, after: str = "") -> nbformat.NotebookNode:
    """Give the notebook with this answer; ``after`` is a cell of the learner's behind the test."""
    cells = [
        nbformat.v4.new_code_cell(answer, id="a", metadata={"nbgrader": settings("answer", False)}),
        nbformat.v4.new_code_cell(test, id="t", metadata={"nbgrader": settings("test", True)}),
    ]
    if after:
        cells.append(nbformat.v4.new_code_cell(after, id="z"))
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    return made


def submission(made: nbformat.NotebookNode, files: dict[str, bytes] | None = None) -> Submission:
    return Submission(json.dumps(made).encode(), files or {})
