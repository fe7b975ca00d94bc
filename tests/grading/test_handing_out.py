"""What `make lab` copies for a learner: once, in one process, and in a line or two of text."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from .tiny import notebook

pytestmark = pytest.mark.slow

SOLUTION = "def mystery(x):\n    ### BEGIN SOLUTION\n    return 7 * x + 3\n    ### END SOLUTION"


@pytest.fixture
def course(project_root, tmp_path) -> Path:
    """Give a project folder that holds a course of two assignments."""
    shutil.copy(project_root / "nbgrader_config.py", tmp_path)
    for name in ("first", "second"):
        folder = tmp_path / "notebooks" / "assignments" / "source" / name
        folder.mkdir(parents=True)
        nbformat.write(notebook(SOLUTION, "mystery(1)"), folder / f"{name}.ipynb")
    return tmp_path


def hand_out(course: Path, *names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COURSE_FOLDER", "COURSE_EXCHANGE")
    }
    return subprocess.run(
        [sys.executable, "-m", "course_utils.grading.handing_out", *names],
        cwd=course,
        env={**inherited, "JUPYTER_CONFIG_PATH": str(course), **environment},
        capture_output=True,
        text=True,
    )


def test_learners_get_each_assignment_without_solutions_and_hear_of_it_in_one_line(course):
    done = hand_out(course, "first", "second")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Assignments: first, second in my_assignments.\n"
    for name in ("first", "second"):
        fetched = (course / "my_assignments" / name / f"{name}.ipynb").read_text()
        assert "### BEGIN SOLUTION" not in fetched
        assert "YOUR CODE HERE" in fetched


def test_what_a_learner_has_written_is_never_written_over(course):
    assert hand_out(course, "first").returncode == 0
    mine = course / "my_assignments" / "first" / "first.ipynb"
    mine.write_text("an evening's work")
    done = hand_out(course, "first")
    assert done.returncode != 0
    assert "first could not be fetched:" in done.stderr
    assert "You already have a copy" in done.stderr
    assert mine.read_text() == "an evening's work"


def test_where_the_instructor_releases_a_learner_gets_what_is_released_and_hears_the_rest(course):
    exchange = course / "notebooks" / "assignments" / "exchange"
    assert hand_out(course, "first").returncode == 0
    shutil.rmtree(course / "my_assignments")
    done = hand_out(course, "first", "second", COURSE_EXCHANGE=str(exchange))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Assignments: first in my_assignments.\n"
    assert "Not released yet: second." in done.stderr
    assert not (course / "my_assignments" / "second").exists()


def test_an_assignment_that_cannot_be_made_is_named_with_the_reason(course):
    (course / "notebooks/assignments/source/second/second.ipynb").write_text("{")
    done = hand_out(course, "second")
    assert done.returncode != 0
    assert "second could not be made:" in done.stderr
    assert "JSON" in done.stderr
