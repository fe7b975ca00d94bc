"""Examples are held against the right program, and hold against wrong ones."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.checks import (
    Checklist,
    ExamplesTest,
    IncorrectError,
    NotAttemptedError,
    PartlyRightError,
    Sealed,
    check_array,
    check_labels,
    check_number,
)
from course_utils.checks.sealing import main as pack
from course_utils.checks.sealing import seal, unseal


def takes_the_smaller(a, b):
    """takes the smaller one"""
    return min(a, b)


def takes_the_first(a, b):
    """takes the first one"""
    return a


def accepts(a, b):
    numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (a, b))
    return None if numbers else "`a` and `b` should be numbers"


LARGER = ExamplesTest(
    "larger_examples",
    "1",
    "larger",
    ["a", "b"],
    right=max,
    wrong=[takes_the_smaller, takes_the_first],
    check=check_number,
    points=4,
    accepts=accepts,
    at_least=2,
)
BOTH_NOTICED = [({"a": 1, "b": 2}, 2), ({"a": 5, "b": 3}, 5)]


def complaint(examples, test=LARGER):
    with pytest.raises((IncorrectError, PartlyRightError, NotAttemptedError)) as caught:
        test.run(examples)
    return caught.value


def test_examples_that_are_right_and_notice_everybody_pass():
    LARGER.run(BOTH_NOTICED)


def test_one_who_goes_unnoticed_is_named_and_costs_its_share_of_one_half():
    error = complaint([({"a": 5, "b": 3}, 5), ({"a": 3, "b": 2}, 3)])
    assert "would not notice somebody who takes the first one.\n" in str(error)
    assert error.points == 4 * (1 / 2 + 1 / 2 * 1 / 2)


def test_several_who_go_unnoticed_are_counted_and_one_is_named():
    error = complaint([({"a": 3, "b": 3}, 3), ({"a": 2, "b": 2}, 2)])
    assert "somebody who takes the smaller one, nor 1 other." in str(error)
    assert error.points == 2


def test_a_contradiction_is_named_with_its_misconception_and_without_the_right_output():
    error = complaint([*BOTH_NOTICED, ({"a": 88, "b": 99}, 88)])
    assert "`larger_examples[2]` contradicts the text: `larger` does not give 88 there." in str(
        error
    )
    assert "There, a = 88, b = 99." in str(error)
    assert "Hint: That is what somebody gets who takes the smaller one." in str(error)
    told = str(error).replace("b = 99", "")
    assert "99" not in told
    assert error.points == round(4 * (2 / 3 / 2 + 1 / 2), 2)


def test_a_contradiction_that_no_known_mistake_explains_has_no_hint():
    assert "Hint" not in str(complaint([*BOTH_NOTICED, ({"a": 1, "b": 2}, 7)]))


def test_only_right_examples_can_notice_somebody():
    error = complaint([({"a": 1, "b": 1}, 1), ({"a": 1, "b": 2}, 7)])
    assert "would not notice" in str(error)
    assert error.points == 1


def test_nothing_right_brings_nothing():
    error = complaint([({"a": 1, "b": 2}, 7)])
    assert isinstance(error, IncorrectError)


def test_too_few_are_asked_for_more_and_twice_the_same_is_one():
    for examples in (BOTH_NOTICED[:1], BOTH_NOTICED[:1] * 3):
        error = complaint(examples)
        assert "Write at least 2 examples with different inputs; there is 1." in str(error)


def test_the_output_of_another_shape_is_described():
    test = ExamplesTest(
        "e", "1", "f", ["x"], lambda x: [x, x], [], check_array, 1, lambda x: None, 1
    )
    error = complaint([(2, [2, 2, 2])], test)
    assert "What it gives is a list of length 2; yours is a list of length 3." in str(error)
    test.run([(2, (2, 2)), ({"x": 3}, np.array([3, 3]))])


@pytest.mark.parametrize("blank", [..., None, [], (), NotImplemented])
def test_a_blank_is_not_attempted(blank):
    assert isinstance(complaint(blank), NotAttemptedError)


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        (3, "should be a list of examples; it is the number 3"),
        ({1: 2}, "should be a list of examples"),
        ("ab", "should be a list of examples"),
        ([1], r"should be a pair, \(what goes in, what comes out\)"),
        ([(1, 2, 3)], "should be a pair"),
        (
            [(1, 2)],
            r"a dictionary with the arguments of `larger`, \['a', 'b'\]; it is the number 1",
        ),
        ([({"a": 1}, 2)], r"it is the keys \['a'\]"),
        ([({"a": 1, "b": 1, "c": 1}, 1)], "it is the keys"),
        ([({"a": "x", "b": 1}, 1)], "not one that the text allows: `a` and `b` should be numbers"),
        ([({"a": [1, [2]], "b": 1}, 1)], "rows of one length"),
        ([({"a": object(), "b": 1}, 1)], "plain numbers or text"),
        ([({"a": [0] * 501, "b": 1}, 1)], "small enough to work out by hand"),
        ([({"a": 10**30, "b": 1}, 1)], "a number as large as 1000000"),
        ([({"a": 1, "b": 2}, object())], "plain numbers or text"),
        ([({"a": 1, "b": 2}, 2)] * 51, "50 are enough"),
    ],
)
def test_what_is_no_example_is_told_what_one_is(examples, says):
    error = complaint(examples)
    assert isinstance(error, IncorrectError)
    assert re.search(says, str(error)), str(error)


def test_an_input_on_which_the_right_program_fails_is_not_one_that_the_text_allows():
    test = ExamplesTest(
        "e", "1", "f", ["x"], lambda x: 1 / x, [], check_number, 1, lambda x: None, 1
    )
    assert "`f` cannot take it (ZeroDivisionError" in str(complaint([(0, 0)], test))


def test_a_wrong_program_that_fails_is_noticed():
    def fails(a, b):
        """fails"""
        raise ValueError

    LARGER.extended([fails]).run(BOTH_NOTICED)


def test_the_learners_examples_stay_as_they_are():
    def sorts(x):
        x.sort()
        return x

    test = ExamplesTest("e", "1", "f", ["x"], sorts, [], check_array, 1, lambda x: None, 1)
    examples = [([3, 1, 2], [1, 2, 3])]
    test.run(examples)
    assert examples == [([3, 1, 2], [1, 2, 3])]


def test_programs_say_nothing(capsys):
    def warns(x):
        return np.log(np.asarray(x)) * 0

    test = ExamplesTest("e", "1", "f", ["x"], warns, [], check_array, 1, lambda x: None, 1, ["x"])
    test.run([([1.0], [0.0])])
    complaint([([0.0], [0.0])], test)
    assert capsys.readouterr() == ("", "")


def test_more_wrong_programs_are_added_and_nothing_else_is():
    def takes_the_second(a, b):
        """takes the second one"""
        return b

    assert "second" in str(complaint([({"a": 1, "b": 2}, 2)], LARGER.extended([takes_the_second])))
    with pytest.raises(TypeError, match="extended by a list of wrong programs"):
        LARGER.extended([3])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
        max_leaves=8,
    )
)
def test_whatever_is_handed_in_is_judged(examples):
    try:
        LARGER.run(examples)
    except (IncorrectError, PartlyRightError, NotAttemptedError) as error:
        assert str(error)


def test_a_checklist_raises_what_is_partly_right_and_its_table_says_so(capsys):
    checklist = Checklist([LARGER])
    with pytest.raises(PartlyRightError):
        checklist.check("larger_examples", BOTH_NOTICED[:1])
    checklist.show_progress({"larger_examples": BOTH_NOTICED[:1]})
    assert "◐ partly right" in capsys.readouterr().out
    checklist.check("larger_examples", BOTH_NOTICED)
    assert capsys.readouterr().out == "Right: `larger_examples`.\n"


def test_labels_are_compared_as_labels():
    test = ExamplesTest(
        "e",
        "1",
        "f",
        ["x"],
        lambda x: "big" if x > 3 else "small",
        [],
        check_labels,
        1,
        lambda x: None,
        1,
    )
    test.run([(4, "big"), (3, np.str_("small"))])
    assert "does not give 4 there" in str(complaint([(4, 4)], test))


# ---- packed programs -----------------------------------------------------------------------------

SOURCE = """
import math

def area(r):
    '''multiplies'''
    return math.pi * r * r

ALL = [area]
"""


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_what_is_packed_comes_out_as_it_was_and_needs_no_quoting(source):
    assert unseal(seal(source)) == source
    assert not set("\"'\\\n") & set(seal(source))


def test_packed_programs_can_be_called_and_gone_through():
    programs = Sealed(seal(SOURCE))
    assert programs.area(2) == pytest.approx(12.566, abs=1e-3)
    assert [program.__doc__ for program in programs.ALL] == ["multiplies"]


def test_a_name_that_is_not_there_is_named_when_it_is_used():
    with pytest.raises(AttributeError, match="define no 'volume'"):
        Sealed(seal(SOURCE)).volume(1)


def test_packing_a_folder_makes_a_module_that_holds_no_line_of_the_programs(tmp_path):
    (tmp_path / "a9_hidden_programs.py").write_text(SOURCE)
    pack([str(tmp_path)])
    made = (tmp_path / "a9_sealed.py").read_text()
    assert "math" not in made and "assignment 9" in made
    assert max(map(len, made.splitlines())) <= 100
    done = subprocess.run(
        [sys.executable, "-c", "from a9_sealed import PROGRAMS; print(PROGRAMS.area(1))"],
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("3.14")


def test_a_folder_without_programs_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r"should hold one …_hidden_programs\.py; it holds 0"):
        pack([str(tmp_path)])
