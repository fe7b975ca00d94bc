"""Whole submissions get their scores and messages from stock nbgrader, from source to exported CSV.

Everything happens in a course folder of its own, laid out as the project is, with the project's own
``nbgrader_config.py``, through the commands that an instructor and a learner give.
"""

import csv
import html
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from harness import PROJECT_ROOT, code_cells, load_proof, source_notebook

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

NAME = "a1_multiclass"
PROOF = load_proof(NAME)


NOISY = """
import sys, warnings

def count_one_vs_rest(n_classes):
    warnings.warn("counting")
    print("counting", file=sys.stderr)
    return n_classes

def count_one_vs_one(n_classes):
    return n_classes * (n_classes - 1)
"""
ENDLESS = """
def compare(X_train, y_train, X_test, y_test):
    import time

    while True:
        time.sleep(1)
"""
REPLACED_CHECKS = """
from course_utils import checks

def check_function(*arguments, **options):
    pass

try:
    checks.check_function = check_function
except AttributeError:
    pass
"""


class Course:
    """A course folder, and nbgrader run in it."""

    def __init__(self, root: Path):
        self.root = root
        self.assignments = root / "notebooks" / "assignments"
        self.fetched = root / "my_assignments" / NAME / f"{NAME}.ipynb"
        # As make does: nbgrader wants an exchange that exists and that everybody can write to.
        exchange = self.assignments / "exchange"
        exchange.mkdir(parents=True)
        exchange.chmod(0o777)
        shutil.copy(PROJECT_ROOT / "nbgrader_config.py", root)
        shutil.copytree(
            PROJECT_ROOT / "notebooks" / "assignments" / "source" / NAME,
            self.assignments / "source" / NAME,
        )

    def nbgrader(self, *arguments: str, succeeds: bool = True) -> str:
        """Run a command; give what it said."""
        environment = {
            **os.environ,
            # nbgrader calls alembic by name.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(PROJECT_ROOT),
            "JUPYTER_DATA_DIR": str(self.root / "jupyter"),
            "OMP_NUM_THREADS": "1",
        }
        environment.pop("COURSE_EXCHANGE", None)
        done = subprocess.run(
            ["nbgrader", *arguments], cwd=self.root, env=environment, capture_output=True, text=True
        )
        said = done.stdout + done.stderr
        assert (done.returncode == 0) is succeeds, said
        return said

    def submit(self, learner: str, notebook: nbformat.NotebookNode) -> None:
        path = self.assignments / "submitted" / learner / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)

    def released(self) -> nbformat.NotebookNode:
        return nbformat.read(self.assignments / "release" / NAME / f"{NAME}.ipynb", as_version=4)

    def grades(self) -> dict[str, dict[str, str]]:
        with (self.assignments / "grades.csv").open(newline="") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}

    def feedback(self, learner: str) -> str:
        page = self.assignments / "feedback" / learner / NAME / f"{NAME}.html"
        text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
        return " ".join(html.unescape(text).split())


def answered(notebook, changes=None):
    """Fill a released notebook with the reference's answers, but for the changes."""
    reference = {
        cell.id: cell for cell in source_notebook(NAME).cells if "nbgrader" in cell.metadata
    }
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("solution"):
            cell.source = textwrap.dedent((changes or {}).get(cell.id, reference[cell.id].source))
    return notebook


def wrong_answers(*whats):
    by_what = {answer.what: answer for answer in PROOF.WRONG}
    return {by_what[what].cell: by_what[what].code for what in whats}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Release, receive, grade and export, as an instructor does.

    The reference comes through the exchange, from the account that runs the tests; the other
    submissions are put where the exchange would put them.
    """
    course = Course(tmp_path_factory.mktemp("course"))
    course.nbgrader("generate_assignment", NAME, "--create", "--force")
    course.nbgrader("release_assignment", NAME)
    course.nbgrader("fetch_assignment", NAME)
    nbformat.write(answered(nbformat.read(course.fetched, as_version=4)), course.fetched)
    course.nbgrader("submit", NAME)
    course.nbgrader("collect", NAME)
    (collected,) = (course.assignments / "submitted").iterdir()
    collected.rename(collected.with_name("reference"))

    course.submit("blank", course.released())
    for submission in PROOF.SUBMISSIONS:
        course.submit(
            submission.learner, answered(course.released(), wrong_answers(*submission.wrong))
        )

    # Somebody deleted the cell that fails, edited the next one, and made the checks say yes. Apart
    # from that, one function warns and prints, which is no error, and another never ends.
    changes = wrong_answers("the lowest score") | {"count-models": NOISY, "compare": ENDLESS}
    sly = answered(course.released(), changes)
    sly.cells = [cell for cell in sly.cells if cell.id != "test-predict-one-vs-rest"]
    code_cells(sly)["test-count-one-vs-one"].source = "pass"
    code_cells(sly)["imports"].source += REPLACED_CHECKS
    course.submit("sly", sly)

    course.nbgrader("autograde", NAME, "--Execute.timeout=20")
    course.nbgrader("generate_feedback", NAME)
    course.nbgrader("export")
    return course


def test_the_export_says_what_can_be_reached(course):
    row = course.grades()["reference"]
    assert row["assignment"] == NAME
    assert float(row["max_score"]) == 20


def test_the_reference_gets_all_that_nbgrader_gives_by_itself(course):
    # Two points are a person's to give.
    assert float(course.grades()["reference"]["score"]) == 18


def test_a_blank_gets_nothing_and_reads_not_attempted(course):
    assert float(course.grades()["blank"]["score"]) == 0
    assert course.feedback("blank").count("Not attempted: `") == 8


@pytest.mark.parametrize("submission", PROOF.SUBMISSIONS, ids=lambda s: s.learner)
def test_a_misconception_gets_its_score_and_its_message(course, submission):
    assert float(course.grades()[submission.learner]["score"]) == submission.score
    feedback = course.feedback(submission.learner)
    for message in submission.messages:
        assert message in feedback
    assert "Traceback (most recent" not in feedback


def test_deleting_editing_and_replacing_checks_gains_nothing(course):
    # 18, less 3 for the deleted cell, 1 for the edited one, and 2 for the endless one. The noisy
    # function gets its point.
    assert float(course.grades()["sly"]["score"]) == 12
    feedback = course.feedback("sly")
    assert "Those have the lowest scores" in feedback
    assert "count it once" in feedback


def test_an_endless_loop_is_stopped_and_costs_its_own_exercise(course):
    assert "No reply from kernel before timeout" in course.feedback("sly")


def test_what_is_released_cannot_be_deleted_and_its_checks_cannot_be_edited(course):
    for cell in course.released().cells:
        settings = cell.metadata.get("nbgrader")
        if settings:
            assert cell.metadata.deletable is False
            assert cell.metadata.get("editable", True) is settings["solution"]


def test_fetching_again_is_refused_and_leaves_the_learners_work_alone(course):
    work = course.fetched.read_bytes()
    said = course.nbgrader("fetch_assignment", NAME, succeeds=False)
    assert "already have a copy" in said
    assert course.fetched.read_bytes() == work
