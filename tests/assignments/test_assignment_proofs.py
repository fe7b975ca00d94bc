"""Every assignment is proven: right answers pass, misconceptions are told, blanks get nothing."""

import re

import pytest
from harness import (
    assignment_names,
    broken_rules,
    cells_with_solutions,
    cells_with_tests,
    code_cells,
    grade,
    load_proof,
    released_notebook,
    source_notebook,
    top_level_names,
)
from nbformat.v4 import new_code_cell

ASSIGNMENTS = assignment_names()
PROOFS = {name: load_proof(name) for name in ASSIGNMENTS}


def every(kind):
    return [
        pytest.param(name, answer, id=f"{name}: {answer.cell}: {answer.what}")
        for name, proof in PROOFS.items()
        for answer in getattr(proof, kind)
    ]


@pytest.mark.notebook
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_reference_gets_every_point_in_silence(name):
    for cell, outcome in grade(name).items():
        assert outcome.passed, f"{cell}: {outcome.message}"
        assert not outcome.printed, cell


@pytest.mark.notebook
@pytest.mark.parametrize(("name", "answer"), every("RIGHT"))
def test_another_right_answer_gets_every_point(name, answer):
    for cell, outcome in grade(name, {answer.cell: answer.code}).items():
        assert outcome.passed, f"{cell}: {outcome.message}"


@pytest.mark.notebook
@pytest.mark.parametrize(("name", "answer"), every("WRONG"))
def test_a_misconception_gets_no_point_and_is_told_what_is_wrong(name, answer):
    answers = {answer.cell: answer.code}
    graded = grade(name, answers, only=answer.test)[answer.test]
    assert graded.score == 0
    assert re.search(answer.says, graded.message), graded.message
    as_learner = grade(name, answers, hidden_tests=False, only=answer.test)[answer.test]
    if answer.hidden:
        assert as_learner.passed, "found without the hidden tests: say hidden=False"
    else:
        assert re.search(answer.says, as_learner.message), as_learner.message


@pytest.mark.notebook
@pytest.mark.parametrize("hidden_tests", [True, False])
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_blank_gets_nothing_and_is_told_that_it_is_not_attempted(name, hidden_tests):
    for cell, outcome in grade(name, blank=True, hidden_tests=hidden_tests).items():
        assert outcome.score == 0, cell
        assert outcome.message.startswith("Not attempted: "), outcome.message


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_exercise_has_its_proof(name):
    notebook, proof = source_notebook(name), PROOFS[name]
    for cell in cells_with_solutions(notebook):
        assert any(answer.cell == cell for answer in proof.RIGHT), f"{cell}: one right way only"
    for cell in cells_with_tests(notebook):
        assert any(answer.test == cell for answer in proof.WRONG), f"{cell}: never seen to fail"
    known = cells_with_solutions(notebook).keys()
    for answer in [*proof.RIGHT, *proof.WRONG]:
        assert answer.cell in known, f"{answer.cell} is no solution cell"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_test_cells_keep_the_rules(name):
    notebook = source_notebook(name)
    learners = set().union(
        *(top_level_names(cell.source) for cell in cells_with_solutions(notebook).values())
    )
    broken = [
        f"{cell} {rule}"
        for cell, node in cells_with_tests(notebook).items()
        for rule in broken_rules(node, learners)
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("    checks.check(answer)", "uses 'checks'"),
        ("    print(answer)", "uses 'print'"),
        ("    [x for x in range(answer)]", "uses 'range'"),
        ("    import torch.nn", "imports torch.nn"),
        ("    from torchvision import io", "imports torchvision"),
        ("    global answer\n    answer = 1", "assigns to names outside"),
    ],
)
def test_a_test_cell_that_breaks_a_rule_is_found(body, complaint):
    def cell(body):
        return new_code_cell(f"def test_it():\n{body}\n\n\ntest_it()")

    assert any(complaint in rule for rule in broken_rules(cell(body), {"answer"}))
    assert not list(broken_rules(cell("    import numpy as np\n    np.abs(answer)"), {"answer"}))


@pytest.mark.parametrize("source", ["answer", "def test_it(): pass", "def f(): pass\nf()", ""])
def test_a_test_cell_is_one_function_and_its_call(source):
    assert any("not one function" in rule for rule in broken_rules(new_code_cell(source), set()))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_what_learners_get_holds_neither_solutions_nor_hidden_tests(name):
    for cell in code_cells(released_notebook(name)).values():
        assert "SOLUTION" not in cell.source
        assert "HIDDEN" not in cell.source


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_points_that_the_notebook_promises_are_those_that_nbgrader_gives(name):
    cells = source_notebook(name).cells
    points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells)
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert [points] == [int(n) for n in re.findall(r"\*\*Points\*\*: (\d+)", prose)]
    assert points == sum(int(n) for n in re.findall(r"^\|.*\| (\d+) \|$", cells[0].source, re.M))
    assert points == sum(int(n) for n in re.findall(r"^## .*\((\d+) points?\b", prose, re.M))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_cells_are_called_as_nbgrader_calls_them(name):
    for cell in source_notebook(name).cells:
        if "nbgrader" in cell.metadata:
            assert cell.id == cell.metadata.nbgrader.grade_id
