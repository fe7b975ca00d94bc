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
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from harness import (
    PROJECT_ROOT,
    SOURCE,
    Submission,
    assignment_names,
    cells_that_answers_need,
    cells_with_tests,
    code_cells,
    load_proof,
    source_notebook,
)
from nbgrader.api import Gradebook

# On a busy machine, all of nbgrader's commands together may take long.
pytestmark = [pytest.mark.notebook, pytest.mark.slow, pytest.mark.timeout(2400)]

PROOFS = {name: load_proof(name) for name in assignment_names()}
COMMENT = "Well argued, with both products."


class Course:
    """A course folder with one assignment, and nbgrader run in it."""

    def __init__(self, root: Path, name: str):
        self.root, self.name, self.proof = root, name, PROOFS[name]
        self.assignments = root / "notebooks" / "assignments"
        self.fetched = root / "my_assignments" / name / f"{name}.ipynb"
        # As make does: nbgrader wants an exchange that exists and that everybody can write to.
        exchange = self.assignments / "exchange"
        exchange.mkdir(parents=True)
        exchange.chmod(0o777)
        shutil.copy(PROJECT_ROOT / "nbgrader_config.py", root)
        shutil.copytree(
            SOURCE / name,
            self.assignments / "source" / name,
            ignore=shutil.ignore_patterns("__pycache__"),
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

    def submit(
        self,
        learner: str,
        notebook: nbformat.NotebookNode,
        files: Mapping[str, str] | None = None,
    ) -> None:
        folder = self.assignments / "submitted" / learner / self.name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{self.name}.ipynb")
        for place, text in (files or {}).items():
            (folder / place).parent.mkdir(exist_ok=True)
            (folder / place).write_text(text)

    def released(self) -> nbformat.NotebookNode:
        path = self.assignments / "release" / self.name / f"{self.name}.ipynb"
        return nbformat.read(path, as_version=4)

    def handed_in(self, submission: Submission) -> nbformat.NotebookNode:
        by_what = {answer.what: answer for answer in self.proof.WRONG}
        wrong = {by_what[what].cell: by_what[what].code for what in submission.wrong}
        notebook = self.answered(self.released(), {**wrong, **submission.answers})
        # Cells that draw and train take most of the time; the reference and the blank have them.
        needed = {cell.id for cell in cells_that_answers_need(self.name)} | submission.edits.keys()
        notebook.cells = [c for c in notebook.cells if "nbgrader" in c.metadata or c.id in needed]
        for name, source in submission.edits.items():
            if source is None:
                notebook.cells = [cell for cell in notebook.cells if cell.id != name]
            else:
                code_cells(notebook)[name].source += "\n" + source
        return notebook

    def answered(
        self, notebook: nbformat.NotebookNode, changes: Mapping[str, str] | None = None
    ) -> nbformat.NotebookNode:
        """Fill a released notebook with the reference's answers, but for the changes."""
        reference = {cell.id: cell.source for cell in source_notebook(self.name).cells}
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = textwrap.dedent((changes or {}).get(cell.id, reference[cell.id]))
        return notebook

    def grade_by_hand(self, learner: str) -> None:
        """Give all points and a comment for what a person reads, as Formgrader writes them down."""
        address = f"sqlite:///{self.assignments}/gradebook.db"
        with Gradebook(address, "pixels") as gradebook:
            for name, cell in self.by_hand().items():
                place = (name, self.name, self.name, learner)
                grade = gradebook.find_grade(*place)
                assert grade.needs_manual_grade
                grade.manual_score, grade.needs_manual_grade = cell.metadata.nbgrader.points, False
                gradebook.find_comment(*place).manual_comment = COMMENT
            gradebook.db.commit()

    def by_hand(self) -> dict[str, nbformat.NotebookNode]:
        """Give the cells that a person reads."""
        return {
            cell.id: cell
            for cell in source_notebook(self.name).cells
            if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("grade")
        }

    def grades(self) -> dict[str, dict[str, str]]:
        with (self.assignments / "grades.csv").open(newline="") as file:
            return {row["student_id"]: row for row in csv.DictReader(file)}

    def feedback(self, learner: str) -> str:
        page = self.assignments / "feedback" / learner / self.name / f"{self.name}.html"
        text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
        return " ".join(html.unescape(text).split())


@pytest.fixture(scope="module", params=PROOFS)
def course(request, tmp_path_factory):
    """Release, receive, grade and export, as an instructor does.

    The reference comes through the exchange, from the account that runs the tests; the other
    submissions are put where the exchange would put them.
    """
    name = request.param
    course = Course(tmp_path_factory.mktemp("course"), name)
    course.nbgrader("generate_assignment", name, "--create", "--force")
    course.nbgrader("release_assignment", name)
    course.nbgrader("fetch_assignment", name)
    nbformat.write(course.answered(nbformat.read(course.fetched, as_version=4)), course.fetched)
    course.validated = course.nbgrader("validate", str(course.fetched))
    course.nbgrader("submit", name)
    course.nbgrader("collect", name)
    (collected,) = (course.assignments / "submitted").iterdir()
    collected.rename(collected.with_name("reference"))

    course.submit("blank", course.released())
    for submission in course.proof.SUBMISSIONS:
        course.submit(submission.learner, course.handed_in(submission), submission.files)

    # Who tries to cheat has an answer that never ends, and the project's own limit is a minute.
    sly = [s.learner for s in course.proof.SUBMISSIONS if s.edits and s.files]
    course.said = "".join(
        course.nbgrader("autograde", name, f"--student={learner}", "--Execute.timeout=30")
        for learner in sly
    )
    course.said += course.nbgrader("autograde", name)
    course.grade_by_hand("reference")
    course.nbgrader("generate_feedback", name)
    course.nbgrader("export")
    return course


def points(course, *, by_hand):
    cells = cells_with_tests(source_notebook(course.name)).values()
    if by_hand:
        cells = source_notebook(course.name).cells
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells)


def test_the_export_says_what_can_be_reached(course):
    row = course.grades()["reference"]
    assert row["assignment"] == course.name
    assert float(row["max_score"]) == points(course, by_hand=True)


def test_the_reference_gets_all_points_those_that_a_person_gives_among_them(course):
    assert course.by_hand()
    assert float(course.grades()["reference"]["score"]) == points(course, by_hand=True)
    assert points(course, by_hand=True) > points(course, by_hand=False)
    assert COMMENT in course.feedback("reference")


def test_validate_finds_nothing_to_say_against_the_reference(course):
    assert "Success! Your notebook passes all the tests." in course.validated


def test_a_blank_gets_nothing_and_reads_not_attempted(course):
    assert float(course.grades()["blank"]["score"]) == 0
    tests = cells_with_tests(source_notebook(course.name))
    # The table speaks of it too, without a colon.
    assert course.feedback("blank").count("Not attempted: `") == len(tests)


def test_each_other_submission_gets_its_score_and_its_messages(course):
    for submission in course.proof.SUBMISSIONS:
        given = float(course.grades()[submission.learner]["score"])
        assert given == pytest.approx(submission.score), submission.learner
        feedback = course.feedback(submission.learner)
        for message in submission.messages:
            assert message in feedback, submission.learner
        if not submission.edits:  # a loop that was interrupted shows where
            assert "Traceback (most recent" not in feedback


def test_every_assignment_tries_to_cheat(course):
    assert any(s.edits and s.files for s in course.proof.SUBMISSIONS)


def test_the_hidden_checks_reach_nobody_by_any_of_nbgraders_ways(course):
    hidden = [
        path
        for path in course.root.rglob("*_hidden*")
        if not {"source", "submitted"}.intersection(path.parts)
    ]
    assert hidden == []
    assert list((course.assignments / "autograded" / "reference").rglob("*_checks.py"))
    release = course.assignments / "release" / course.name
    # A network's hidden layers may be spoken of.
    released = (release / f"{course.name}.ipynb").read_text(encoding="utf-8")
    assert "_hidden" not in released and "HIDDEN" not in released


def test_grading_is_silent_about_cells_that_are_as_they_were_released(course):
    edited = [
        name
        for submission in course.proof.SUBMISSIONS
        for name, source in submission.edits.items()
        if source is not None and name in cells_with_tests(source_notebook(course.name))
    ]
    assert re.findall(r"the locked cell (\S+) was changed", course.said) == edited
    assert "SAWarning" not in course.said


def test_what_is_released_cannot_be_deleted_and_its_checks_cannot_be_edited(course):
    for cell in course.released().cells:
        settings = cell.metadata.get("nbgrader")
        if settings:
            assert cell.metadata.deletable is False
            assert cell.metadata.get("editable", True) is settings["solution"]


def test_fetching_again_is_refused_and_leaves_the_learners_work_alone(course):
    work = course.fetched.read_bytes()
    said = course.nbgrader("fetch_assignment", course.name, succeeds=False)
    assert "already have a copy" in said
    assert course.fetched.read_bytes() == work
