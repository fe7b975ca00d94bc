"""Every assignment is proven: right answers pass, misconceptions are told, blanks get nothing."""

import ast
import re
import subprocess
import sys
import time

import pytest
from harness import (
    SLOW_TO_IMPORT,
    SOURCE,
    assignment_names,
    broken_rules,
    cells_with_solutions,
    cells_with_tests,
    code_cells,
    grade,
    learners_names,
    load_proof,
    reference_names,
    released_notebook,
    run_given_cells,
    side_by_side,
    source_notebook,
    top_level_names,
    used_names,
)
from nbformat.v4 import new_code_cell
from threadpoolctl import threadpool_limits

from course_utils.checks import ExamplesTest
from course_utils.checks.sealing import unseal

ASSIGNMENTS = assignment_names()
PROOFS = {name: load_proof(name) for name in ASSIGNMENTS}
STYLES, MISCONCEPTIONS = 3, 4  # of right answers to a solution cell, of wrong ones in a test cell
SECONDS = 2  # of processor time for the table of what is done


def every(kind):
    return [
        pytest.param(name, answer, id=f"{name}: {answer.cell}: {answer.what}")
        for name, proof in PROOFS.items()
        for answer in getattr(proof, kind)
    ]


@pytest.mark.notebook
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_reference_gets_every_point_and_a_line_that_says_so(name):
    for cell, outcome in grade(name).items():
        assert outcome.passed, f"{cell}: {outcome.message}"
        assert re.fullmatch(r"Right: `\w+`\.\n", outcome.printed), cell


@pytest.mark.notebook
@pytest.mark.parametrize(("name", "answer"), every("RIGHT"))
def test_another_right_answer_gets_every_point(name, answer):
    for cell, outcome in grade(name, {answer.cell: answer.code}).items():
        assert outcome.passed, f"{cell}: {outcome.message}"


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("name", "answers"),
    [
        pytest.param(name, answers, id=f"{name}: {number}")
        for name, proof in PROOFS.items()
        for number, answers in enumerate(side_by_side(proof.RIGHT), start=1)
    ],
)
def test_the_cells_that_come_after_right_answers_take_them_as_they_are(name, answers):
    run_given_cells(name, {answer.cell: answer.code for answer in answers})


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("name", "cell"),
    [(name, cell) for name in ASSIGNMENTS for cell in cells_with_solutions(source_notebook(name))],
)
def test_an_empty_answer_passes_no_test_of_its_own(name, cell):
    notebook = source_notebook(name)
    needs = [test for test in cells_with_tests(notebook).values() if defines(notebook, cell, test)]
    assert needs
    for test in needs:
        assert grade(name, {cell: ""}, only=test.id)[test.id].score == 0


def defines(notebook, cell, test):
    return top_level_names(code_cells(notebook)[cell].source) & used_names(test.source)


@pytest.mark.notebook
@pytest.mark.parametrize(("name", "answer"), every("WRONG"))
def test_a_misconception_gets_no_point_and_is_told_what_is_wrong(name, answer):
    answers = {answer.cell: answer.code}
    graded = grade(name, answers, only=answer.test)[answer.test]
    assert graded.score == answer.points
    assert re.search(answer.says, graded.message), graded.message
    as_learner = grade(name, answers, hidden_tests=False, only=answer.test)[answer.test]
    if answer.hidden:
        assert as_learner.passed, "found without the hidden tests: say hidden=False"
    else:
        assert re.search(answer.says, as_learner.message), as_learner.message
        assert re.search(answer.before, as_learner.message), as_learner.message


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
    for cell, node in cells_with_solutions(notebook).items():
        styles = {answer.what for answer in proof.RIGHT if answer.cell == cell}
        assert len(styles) >= (STYLES if "def " in node.source or "class " in node.source else 2), (
            f"{cell}: right answers of {len(styles)} styles only"
        )
    for cell in cells_with_tests(notebook):
        errors = {answer.what for answer in proof.WRONG if answer.test == cell}
        assert len(errors) >= MISCONCEPTIONS, f"{cell}: {len(errors)} misconceptions only"
    known = cells_with_solutions(notebook).keys()
    for answer in [*proof.RIGHT, *proof.WRONG]:
        assert answer.cell in known, f"{answer.cell} is no solution cell"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_test_cells_keep_the_rules(name):
    broken = [
        f"{cell} {rule}"
        for notebook in (source_notebook(name), released_notebook(name))
        for cell, node in cells_with_tests(notebook).items()
        for rule in broken_rules(node, learners_names(name))
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('a1_checks.check("f", f)', "is not `import"),
        ('import a1_checks\nf()\na1_checks.check("f", f)', "another hidden part"),
        ('import a1_checks\nimport os as a1_checks\na1_checks.check("f", f)', "another hidden"),
        ('import a1_checks\nimport a1_hidden\na1_checks.check("f", f)', "another hidden part"),
        ('import a1_checks\na1_checks.check("f", f(1))', "hands over f\\(1\\)"),
        ('import a1_checks\na1_checks.check("f", numpy)', "uses 'numpy'"),
        ('import a1_checks\na1_checks.check("f", f)\nprint(1)', "is not `import"),
        ('import torch\ntorch.check("f", f)', "is not `import"),
        ("", "is not `import"),
    ],
)
def test_a_test_cell_that_breaks_a_rule_is_found(source, complaint):
    assert any(re.search(complaint, rule) for rule in broken_rules(new_code_cell(source), {"f"}))


def test_a_test_cell_may_bring_its_hidden_part():
    for hidden in ("", "import a2_hidden as a2_checks\n"):
        cell = new_code_cell(f'import a2_checks\n{hidden}a2_checks.check("f", f, g)')
        assert not list(broken_rules(cell, {"f", "g"}))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_what_learners_see_of_a_test_is_two_lines(name):
    for cell in cells_with_tests(released_notebook(name)).values():
        assert len([line for line in cell.source.splitlines() if line]) == 2


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_modules_beside_a_notebook_start_without_what_takes_seconds(name):
    number = name.split("_")[0]
    code = (
        f"import sys; sys.path.insert(0, {str(SOURCE / name)!r}); import {number}_hidden;"
        f"print(sorted({SLOW_TO_IMPORT!r} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_checks_that_are_released_know_nothing_of_the_hidden_ones(name):
    number = name.split("_")[0]
    assert "hidden" not in (SOURCE / name / f"{number}_checks.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_run_all_goes_on_whatever_an_answer_does(name):
    notebook, answers = source_notebook(name), learners_names(name)
    for cell in code_cells(notebook).values():
        if "nbgrader" in cell.metadata or used_names(cell.source) & answers:
            assert "raises-exception" in cell.metadata.get("tags", []), cell.id


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_table_stands_at_the_top_and_at_the_end_and_names_every_test(name):
    notebook = released_notebook(name)
    shown = [cell for cell in notebook.cells if ".show_progress(globals())" in cell.source]
    assert len(shown) == 2
    first_answer = next(iter(cells_with_solutions(notebook)))
    order = [cell.id for cell in notebook.cells]
    assert order.index(shown[0].id) < order.index(first_answer)
    assert shown[1] is notebook.cells[-1]
    checks = __import__(f"{name.split('_')[0]}_checks")
    tested = [
        re.search(r'check\("(\w+)"', cell.source)[1] for cell in cells_with_tests(notebook).values()
    ]
    assert list(checks.CHECKLIST.tests) == tested


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
def test_the_minutes_of_the_exercises_are_those_of_the_whole(name):
    first = source_notebook(name).cells[0].source
    (promised,) = re.findall(r"\*\*Time\*\*: about (\d+) minutes", first)
    minutes = [int(n) for n in re.findall(r"^\|.*\| (\d+) \| \d+ \|$", first, re.M)]
    assert sum(minutes) == int(promised)
    assert 60 <= int(promised) <= 90


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_exercise_has_two_or_three_folded_hints_under_it_and_none_has_code(name):
    cells = source_notebook(name).cells
    names = [cell.id for cell in cells]
    answers = [cell.id for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    for answer, following in zip(answers, [*answers[1:], names[-1]], strict=True):
        assert f"{answer}-hints" in names, f"{answer} has no hints"
        place = names.index(f"{answer}-hints")
        assert names.index(answer) < place <= names.index(following), answer
        graded_before = [c for c in cells[names.index(answer) : place] if "nbgrader" in c.metadata]
        assert graded_before[-1] is cells[place - 1], f"the hints of {answer} come after its test"
        hints = re.findall(
            r"<details>\n<summary>[^<]+</summary>\n\n(.+?)\n\n</details>", cells[place].source, re.S
        )
        assert 2 <= len(hints) == cells[place].source.count("<details>") <= 3, answer
        for hint in hints:
            assert len(hint.split()) >= 8
            assert "```" not in hint and "return" not in hint and "\n    " not in hint
            assert not re.search(r"`[^`]*(\w\(.|=)[^`]*`", hint), f"{answer}: a hint gives code"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_what_is_packed_is_what_the_programs_say(name):
    folder, number = SOURCE / name, name.split("_")[0]
    programs, packed = folder / f"{number}_hidden_programs.py", folder / f"{number}_sealed.py"
    assert programs.exists() and packed.exists(), "one exercise has examples before its code"
    constants = [
        node.value
        for node in ast.walk(ast.parse(packed.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert unseal(constants[-1]) == programs.read_text(encoding="utf-8"), (
        f"pack them again: python -m course_utils.checks {folder}"
    )


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_one_exercise_has_examples_first_and_its_wrong_programs_are_not_to_be_read(name):
    number = name.split("_")[0]
    visible = __import__(f"{number}_checks").CHECKLIST.tests
    full = __import__(f"{number}_hidden").check.__self__.tests
    kept = [test for test in visible.values() if isinstance(test, ExamplesTest)]
    assert kept
    tests = cells_with_tests(source_notebook(name))
    released = "\n".join(c.source for c in released_notebook(name).cells) + "\n".join(
        path.read_text(encoding="utf-8")
        for path in (SOURCE / name).glob("*.py")
        if "_hidden" not in path.name
    )
    for test in kept:
        (cell,) = [c for c in tests.values() if f'check("{test.name}"' in c.source]
        assert cell.metadata.nbgrader.points == test.points
        seen, all_of_them = list(test.wrong), list(full[test.name].wrong)
        assert len(seen) >= 2
        assert len(all_of_them) >= len(seen) + 2
        for program in all_of_them:
            assert len(program.__doc__.split()) >= 4, "completes: somebody who …"
            assert program.__doc__ not in released


@pytest.mark.notebook
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_all_visible_tests_together_take_a_second_or_two(name):
    number = name.split("_")[0]
    checklist, names = __import__(f"{number}_checks").CHECKLIST, reference_names(name)
    started = time.process_time()
    with threadpool_limits(1):
        for test in checklist.tests.values():
            test.run(*(names[needed] for needed in test.names()))
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_cells_are_called_as_nbgrader_calls_them(name):
    for cell in source_notebook(name).cells:
        if "nbgrader" in cell.metadata:
            assert cell.id == cell.metadata.nbgrader.grade_id
