"""Every answer of every assignment's proof gets the same score and message as in one process."""

import json
import textwrap

import harness
import pytest
from nbgrader.utils import is_locked

from course_utils.grading.limits import Limits
from course_utils.grading.restoring import ExamCell
from course_utils.grading.steps import imported_modules
from course_utils.grading.submissions import Exam, Submission
from course_utils.grading.submissions import grade as grade_apart

pytestmark = [pytest.mark.slow, pytest.mark.notebook]

NAMES = harness.assignment_names()
PROOFS = {name: harness.load_proof(name) for name in NAMES}


NOTEBOOKS = [
    pytest.param(name, answers, id=f"{name}: {number}")
    for name, proof in PROOFS.items()
    for number, answers in enumerate(harness.side_by_side([*proof.RIGHT, *proof.WRONG]), start=1)
]


def cells_of(name):
    """Give the cells that matter to a verdict: figures and training take seconds each."""
    source = harness.source_notebook(name)
    graded = harness.cells_with_tests(source).keys() | harness.cells_with_solutions(source).keys()
    kept = graded | {cell.id for cell in harness.cells_that_answers_need(name)}
    return [cell for cell in source.cells if cell.id in kept]


def exam_of(name):
    cells = [
        ExamCell(
            cell.metadata.nbgrader.grade_id,
            cell.cell_type,
            cell.source,
            None,
            cell.metadata.nbgrader.grade,
            cell.metadata.nbgrader.solution,
            cell.metadata.nbgrader.get("task", False),
            is_locked(cell),
            cell.metadata.nbgrader.get("points", 0),
        )
        for cell in cells_of(name)
        if "nbgrader" in cell.metadata
    ]
    folder = harness.SOURCE / name
    modules = {path.name: path.read_bytes() for path in folder.glob("*.py")}
    released = {n: content for n, content in modules.items() if "_hidden" not in n}
    libraries = imported_modules(folder / f"{name}.ipynb")
    return Exam(name, name, cells, modules, released, libraries)


def submission_of(name, answers):
    """Give the notebook with these answers."""
    kept = [
        {
            "cell_type": cell.cell_type,
            "source": textwrap.dedent(answers.get(cell.id, cell.source)),
            "metadata": dict(cell.metadata),
        }
        for cell in cells_of(name)
    ]
    return Submission(json.dumps({"nbformat": 4, "cells": kept}).encode())


@pytest.mark.parametrize(("name", "answers"), NOTEBOOKS)
def test_answers_get_the_same_scores_and_messages_apart(name, answers):
    # As IPython does, which counts the lines of a cell from the first that is not empty.
    codes = {answer.cell: textwrap.dedent(answer.code).strip() for answer in answers}
    here = harness.grade(name, codes)
    apart = grade_apart(exam_of(name), submission_of(name, codes), Limits())
    found = {exercise["name"]: exercise for exercise in apart["exercises"]}
    said = [f"{answer.cell}: {answer.what}" for answer in answers]
    for test, outcome in here.items():
        assert found[test]["points"] == outcome.score, (test, found[test]["message"], said)
        assert found[test]["message"] == outcome.message, said
