"""The tests of an assignment: what they say, their hidden part, and the table of what is done."""

import re
import subprocess
import sys

import pytest

from course_utils.checks import (
    Called,
    Case,
    Checklist,
    Failure,
    FunctionTest,
    IncorrectError,
    LearnersFunction,
    NotAttemptedError,
    Test,
    check_number,
)

DOUBLE = FunctionTest("double", "1", [Case({"x": 2}, 4)], check_number)


def compare(f, g):
    if f(3) != g(3):
        raise IncorrectError("`f` and `g` differ.")


BOTH = Test("both", "2", compare, takes=("f", "g"))


def unfinished(x):
    raise NotImplementedError


@pytest.fixture
def checklist():
    return Checklist([DOUBLE, BOTH], by_hand={"3": "in words"})


def test_a_right_answer_is_told_so_in_one_line(checklist, capsys):
    checklist.check("double", lambda x: 2 * x)
    assert capsys.readouterr() == ("Right: `double`.\n", "")


def test_a_wrong_answer_is_told_by_its_error_alone(checklist, capsys):
    with pytest.raises(IncorrectError, match="should be 4; it is 5"):
        checklist.check("double", lambda x: 5)
    with pytest.raises(NotAttemptedError):
        checklist.check("double", unfinished)
    with pytest.raises(IncorrectError, match="`f` and `g` differ"):
        checklist.check("both", lambda x: 1, lambda x: 2)
    assert capsys.readouterr() == ("", "")


def test_a_hidden_part_adds_to_a_test_and_says_right_once(checklist, capsys):
    def never_negative(f, g):
        if f(1) < 0:
            raise IncorrectError("`f` is negative.")

    hidden = checklist.extended({"double": [Case({"x": 7}, 14)], "both": never_negative})
    hidden.check("double", lambda x: 2 * x)
    assert capsys.readouterr().out == "Right: `double`.\n"
    checklist.check("double", lambda x: x * x)
    with pytest.raises(IncorrectError, match="should be 14; it is 49"):
        hidden.check("double", lambda x: x * x)
    checklist.check("both", lambda x: -1, lambda x: -1)
    with pytest.raises(IncorrectError, match="negative"):
        hidden.check("both", lambda x: -1, lambda x: -1)
    with pytest.raises(IncorrectError, match="differ"):
        hidden.check("both", lambda x: -1, lambda x: -2)


def test_mistakes_of_the_assignment_are_told_to_its_author(checklist):
    with pytest.raises(KeyError, match="no test 'dubble'; there are double, both"):
        checklist.check("dubble", None)
    with pytest.raises(KeyError, match="dubble"):
        checklist.extended({"dubble": []})
    with pytest.raises(TypeError, match="the test both takes f, g"):
        checklist.check("both", None)
    with pytest.raises(TypeError, match="extended by a list of cases"):
        checklist.extended({"double": compare})
    with pytest.raises(TypeError, match="extended by a function"):
        checklist.extended({"both": [Case({}, 1)]})
    with pytest.raises(ValueError, match="same name"):
        Checklist([DOUBLE, DOUBLE])


def table(checklist, names, capsys):
    checklist.show_progress(names)
    *rows, summary = capsys.readouterr().out.splitlines()[1:]
    return [row.split(maxsplit=2)[2] for row in rows[:-1]], summary


def test_the_table_says_what_is_done_now(checklist, capsys):
    same = {"f": abs, "g": abs}
    for names, states, summary in [
        ({}, ["○ not defined: run its cell"] * 2, "0 of 2 checks say right"),
        ({"double": unfinished}, ["○ not attempted", "○ not defined: run its cell"], "0 of 2"),
        ({"double": lambda x: 5, "f": abs}, ["✗ incorrect", "○ not defined: run its cell"], "0 of"),
        ({"double": lambda x: 4, **same}, ["✓ right"] * 2, "2 of 2 checks say right"),
        ({"double": lambda x: 5, **same}, ["✗ incorrect", "✓ right"], "1 of 2"),
        ({"f": None, "g": None}, ["○ not defined: run its cell", "✗ incorrect"], "0 of 2"),
    ]:
        found, said = table(checklist, names, capsys)
        assert found == states
        assert summary in said


def test_the_table_names_what_a_person_reads(checklist, capsys):
    checklist.show_progress({})
    assert "3         in words  a person reads it" in capsys.readouterr().out


def test_while_nbgrader_runs_the_notebook_the_table_calls_nothing(checklist, capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    checklist.extended({}).check("double", lambda x: 4)
    capsys.readouterr()
    found, _ = table(checklist, {"double": unfinished}, capsys)
    assert found[0] == "✓ right"


class Elsewhere(LearnersFunction):
    """A function that answers from another process, as far as checks can tell."""

    def __init__(self, **answers):
        self.answers = answers

    def name(self):
        return "double"

    def refuses(self, count):
        return self.answers.get("refuses")

    def has_no_body(self):
        return self.answers.get("has_no_body", False)

    def call(self, arguments, replacing=None):
        return self.answers["call"](*arguments)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"call": lambda x: Called(5)}, "should be 4; it is 5"),
        ({"call": lambda x: Called(4, changed=(0,))}, "changed its argument `x`"),
        ({"refuses": "(a, b)"}, r"should take 1 argument, \(x\); it takes \(a, b\)"),
        ({"call": lambda x: Called(), "has_no_body": True}, "Not attempted: .* no code in it"),
        ({"call": lambda x: Called()}, "returned None"),
        (
            {"call": lambda x: Called(failure=Failure("ValueError", "no", 3, "x.y"))},
            r"raised ValueError: no, in line 3 of its cell: `x\.y`\.",
        ),
        (
            {"call": lambda x: Called(failure=Failure("NotImplementedError", "", unfinished="g"))},
            "Not attempted: `double` calls `g`, which still raises",
        ),
    ],
)
def test_a_function_elsewhere_is_judged_by_what_it_answers(checklist, answers, message):
    with pytest.raises((IncorrectError, NotAttemptedError)) as failure:
        checklist.check("double", Elsewhere(**answers))
    assert re.search(message, str(failure.value))


def test_a_function_elsewhere_can_be_right(checklist):
    checklist.check("double", Elsewhere(call=lambda x: Called(2 * x)))


def test_in_plain_python_nothing_starts_ipython():
    code = (
        "import sys; from course_utils.checks import *;"
        "Checklist([FunctionTest('f', '1', [Case({}, 1)], check_number)]).show_progress({});"
        "print('IPython' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
