"""Grades go to Canvas, Moodle and Blackboard in the columns that each reads; doubt stays empty."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course_utils.grading.exports import (
    BlackboardExportPlugin,
    CanvasExportPlugin,
    MoodleExportPlugin,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> str:
    """Give a gradebook: Zoë has 2.5 points, less 1 for being late; Bo waits; Al has nothing."""
    address = f"sqlite:///{tmp_path_factory.mktemp('course')}/gradebook.db"
    with Gradebook(address, "pixels") as gradebook:
        gradebook.add_assignment("a1")
        gradebook.add_notebook("nb", "a1")
        gradebook.add_grade_cell("test", "nb", "a1", max_score=3, cell_type="code")
        gradebook.add_student(
            "zoe", first_name="Zoë", last_name='Park, "Z"', email="z@example.edu", lms_user_id="77"
        )
        gradebook.add_student("bo", first_name="Bo", last_name="Abe")
        gradebook.add_student("al")
        for who, score in (("zoe", 2.5), ("bo", 3.0)):
            gradebook.add_submission("a1", who)
            grade = gradebook.find_grade("test", "nb", "a1", who)
            grade.auto_score, grade.needs_manual_grade = score, who == "bo"
        gradebook.find_submission_notebook("nb", "a1", "zoe").late_submission_penalty = 1.0
        gradebook.db.commit()
    return address


def exported(plugin_class, database, path, **settings) -> list[list[str]]:
    plugin = plugin_class(to=str(path), **settings)
    with Gradebook(database, "pixels") as gradebook:
        plugin.export(gradebook)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_canvas_gets_its_columns_the_possible_points_and_its_own_numbers(database, tmp_path):
    rows = exported(CanvasExportPlugin, database, tmp_path / "c.csv")
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "a1"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "3"]
    assert rows[2:] == [
        ["al", "", "", "al", "", ""],
        ["Abe, Bo", "", "", "bo", "", ""],
        ['Park, "Z", Zoë', "77", "", "zoe", "", "1.5"],
    ]


def test_moodle_finds_people_by_user_name_alone_since_an_empty_cell_is_the_row_above(
    database, tmp_path
):
    rows = exported(MoodleExportPlugin, database, tmp_path / "m.csv")
    assert rows[0] == ["First name", "Last name", "Username", "a1"]
    assert [row[2:] for row in rows[1:]] == [["al", ""], ["bo", ""], ["zoe", "1.5"]]


def test_blackboard_gets_every_cell_in_quotes(database, tmp_path):
    path = tmp_path / "b.csv"
    rows = exported(BlackboardExportPlugin, database, path)
    assert rows[0] == ["Last Name", "First Name", "Username", "a1"]
    assert rows[3] == ['Park, "Z"', "Zoë", "zoe", "1.5"]
    assert all(line.startswith('"') for line in path.read_text(encoding="utf-8").splitlines())


def test_a_column_that_the_system_has_is_called_as_it_calls_it(database, tmp_path):
    rows = exported(CanvasExportPlugin, database, tmp_path / "c.csv", columns={"a1": "A1 (4711)"})
    assert rows[0][-1] == "A1 (4711)"


def test_only_the_assignments_and_learners_that_are_named_are_written(database, tmp_path):
    rows = exported(
        MoodleExportPlugin, database, tmp_path / "m.csv", student=["zoe"], assignment=["a2"]
    )
    assert rows == [["First name", "Last name", "Username"], ["Zoë", 'Park, "Z"', "zoe"]]


def test_the_log_names_those_whose_grade_is_not_final(database, tmp_path, caplog):
    with caplog.at_level("WARNING"):
        exported(CanvasExportPlugin, database, tmp_path / "c.csv")
    said = caplog.text
    assert "al has not handed in a1" in said
    assert "bo: a person has to read some of a1" in said
    assert "zoe" not in said


@pytest.mark.slow
def test_nbgraders_own_command_finds_the_plugins(database, tmp_path):
    path = tmp_path / "grades.csv"
    subprocess.run(
        [
            *(sys.executable, "-m", "nbgrader", "export", f"--db={database}", f"--to={path}"),
            "--exporter=course_utils.grading.exports.MoodleExportPlugin",
        ],
        cwd=tmp_path,
        env={**os.environ, "JUPYTER_CONFIG_PATH": str(ROOT)},
        check=True,
    )
    assert "Zoë" in path.read_text(encoding="utf-8")
