"""What is partly right keeps its points, and shows its message, in a kernel and in *Validate*."""

import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from nbgrader.validator import Validator

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

CHECKS = """
from course_utils.checks import Checklist, ExamplesTest, check_number

def takes_the_first(a, b):
    '''takes the first one'''
    return a

checklist = Checklist(
    [
        ExamplesTest(
            "larger_examples", "1", "larger", ["a", "b"], max, [takes_the_first], check_number, 4,
            lambda a, b: None, 1,
        )
    ]
)
larger_examples = [({"a": 5, "b": 3}, 5)]
"""


@pytest.fixture
def notebook():
    settings = {"grade": True, "grade_id": "test", "locked": True, "points": 4, "solution": False}
    test = new_code_cell('checklist.check("larger_examples", larger_examples)')
    test.metadata = {"nbgrader": {"schema_version": 3, "task": False, **settings}}
    return new_notebook(cells=[new_code_cell(CHECKS), test])


def test_a_kernel_puts_the_points_before_the_message_and_nbgrader_grades_by_them(notebook):
    executed, _ = Execute().preprocess(notebook, {"metadata": {"path": "."}})
    cell = executed.cells[1]
    assert [output.output_type for output in cell.outputs] == ["execute_result", "error"]
    assert cell.outputs[1].traceback[0] == "Partly right: 2 of 4 points, as far as this check sees."
    assert determine_grade(cell) == (2, 4)


def test_validate_shows_the_message_of_what_is_partly_right(notebook, tmp_path, capsys):
    path = tmp_path / "partly.ipynb"
    nbformat.write(notebook, path)
    validator = Validator()
    validator.stream = sys.stdout
    validator.validate_and_print(str(path))
    said = capsys.readouterr().out
    assert "Partly right: 2 of 4 points" in said
    assert "would not notice somebody who takes the first one." in said
