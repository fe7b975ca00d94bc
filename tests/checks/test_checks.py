"""What the checks of assignments accept, what they refuse, and what they say about it."""

import random
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import recall_score

from course_utils.checks import (
    Case,
    CheckError,
    IncorrectError,
    NotAttemptedError,
    check_array,
    check_function,
    check_labels,
    check_number,
    check_table,
)

TABLE = pd.DataFrame({"models": [3, 10], "accuracy": [0.5, 0.75]}, index=["a", "b"])


def run_check(function, *, arguments=None, expected=6, check=check_number, **case):
    """Check ``function`` under the name ``f`` in one case."""
    check_function("f", function, [Case(arguments or {"x": 3}, expected, **case)], check)


# ---- right answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [6, 6.0, np.int8(6), np.float32(6), np.array(6), 6 + 1e-12], ids=repr
)
def test_a_number_of_any_numeric_type_is_right(answer):
    check_number("n", answer, 6)


containers = st.sampled_from([list, tuple, np.array, pd.Series, lambda v: np.array(v, object)])
labels = st.lists(st.sampled_from(["cat", "dog", "wild", ""]), min_size=1, max_size=8)
numbers = st.lists(st.floats(-1e6, 1e6) | st.integers(-1000, 1000), min_size=1, max_size=8)


@given(labels, containers)
def test_right_labels_pass_in_any_container(right, container):
    check_labels("y", container(right), right)


@given(numbers, containers)
def test_right_values_pass_in_any_container(right, container):
    check_array("x", container(right), np.array(right))


@given(numbers, st.data(), containers)
def test_one_wrong_value_anywhere_is_found_and_its_place_named(right, data, container):
    place = data.draw(st.integers(0, len(right) - 1))
    answer = list(right)
    answer[place] = right[place] + data.draw(st.sampled_from([-1, 1])) * (1 + abs(right[place]))
    with pytest.raises(
        IncorrectError, match=rf"1 of {len(right)} places\. The first is \[{place}\]"
    ):
        check_array("x", container(answer), right)


def test_nan_is_right_only_where_it_is_expected():
    check_array("x", [1.0, np.nan], [1.0, np.nan])
    with pytest.raises(IncorrectError, match=r"first is \[0\]: it should be 1\.0; it is nan"):
        check_array("x", [np.nan, np.nan], [1.0, np.nan])
    with pytest.raises(IncorrectError, match=r"should be nan; it is 2\.0"):
        check_array("x", [1.0, 2.0], [1.0, np.nan])


def test_a_table_is_right_whatever_the_order_of_its_columns():
    check_table("t", TABLE[["accuracy", "models"]], TABLE)


def test_tolerances_are_relative_and_absolute():
    check_number("n", 1000.9, 1000, rtol=1e-3)
    check_number("n", 0.0009, 0, atol=1e-3)
    with pytest.raises(IncorrectError):
        check_number("n", 1001.1, 1000, rtol=1e-3)
    with pytest.raises(IncorrectError):
        check_number("n", -1001.1, -1000, rtol=1e-3)


# ---- wrong answers, and the message they get -----------------------------------------------------


@pytest.mark.parametrize(
    ("check", "answer", "expected", "message"),
    [
        (check_number, 7, 6, "`v` should be 6; it is 7"),
        (check_number, "6", 6, "`v` should be one number; it is the text '6'"),
        (check_number, True, 1, "`v` should be one number; it is the truth value True"),
        (check_number, [6], 6, "`v` should be one number; it is a list of length 1"),
        (check_number, len, 6, "should hold plain numbers or text; it holds the function len"),
        (check_number, np.inf, 6, "should be 6; it is inf"),
        (check_number, 6, np.inf, "should be inf; it is 6"),
        (check_number, 1e308, np.inf, r"should be inf; it is 1e\+308"),
        (check_number, -np.inf, np.inf, "should be inf; it is -inf"),
        (check_number, 10**400, 6, "should be 6; it is 1000"),
        (check_number, 0.1000003, 0.1, r"should be 0\.1; it is 0\.1000003"),
        (check_array, [1.0, np.inf], [np.inf, np.inf], r"\[0\]: it should be inf; it is 1\.0"),
        (check_array, [["a", 1]], [["a", "1"]], "should hold text"),
        (check_table, TABLE.set_axis(["models", 0], axis=1), TABLE, r"it has \['models', 0\]"),
        (check_array, [1, 2, 3], [1, 2], r"should have the shape \(2,\); it is a list of length 3"),
        (check_array, 5, [1, 2], r"should have the shape \(2,\); it is the number 5"),
        (check_array, np.ones((2, 3)), np.ones((3, 2)), r"array of shape \(2, 3\)"),
        (check_array, [[1, 2], [3]], [[1, 2], [3, 4]], "should have rows of one length"),
        (
            check_array,
            [0.5, 1.0],
            [True, False],
            "should hold truth values, such as True; it holds numbers",
        ),
        (
            check_array,
            [[1, 2], [3, 9]],
            [[1, 2], [3, 4]],
            r"first is \[1, 1\]: it should be 4; it is 9",
        ),
        (
            check_labels,
            [0, 1],
            ["a", "b"],
            "should hold text, such as 'a'; it holds whole numbers, such as 0",
        ),
        (check_labels, "ab", ["a", "b"], r"should be 2 labels, shape \(2,\); it is the text 'ab'"),
        (check_labels, [["a"], ["b"]], ["a", "b"], r"\(as an array, of shape \(2, 1\)\)"),
        (check_array, np.ones((2, 1)), [1, 2], r"it is an array of shape \(2, 1\) and [^(]*$"),
        (
            check_labels,
            ["a", "a"],
            ["a", "b"],
            r"1 of 2 places.* \[1\]: it should be 'b'; it is 'a'",
        ),
        (check_table, [1, 2], TABLE, "should be a DataFrame; it is a list of length 2"),
        (check_table, TABLE[["models"]], TABLE, r"columns \['models', 'accuracy'\]; it has"),
        (check_table, TABLE.head(1), TABLE, "should have 2 rows; it has 1"),
        (
            check_table,
            TABLE.rename({"a": "z"}),
            TABLE,
            r"row 0 of `v` should have 'a' as its index; it has 'z'",
        ),
        (check_table, TABLE.assign(models=[3, 9]), TABLE, r"`v\['models'\]` has the wrong value"),
    ],
)
def test_a_wrong_answer_is_told_what_was_expected_and_what_it_is(check, answer, expected, message):
    with pytest.raises(IncorrectError, match=message):
        check("v", answer, expected)


class NoArray:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("call detach() first")


def test_something_that_numpy_cannot_read_is_refused_with_its_reason():
    with pytest.raises(IncorrectError, match=r"something of type NoArray, .* detach\(\) first"):
        check_array("x", NoArray(), [1.0])


def test_a_whole_number_can_be_required():
    check_number("n", 6, 6, whole=True)
    check_number("n", np.int64(6), 6, whole=True)
    with pytest.raises(IncorrectError, match=r"whole number of type int; it is 6\.0, a float"):
        check_number("n", 6.0, 6, whole=True)


@given(st.integers(7_770_000, 7_779_999), st.integers(0, 999))
def test_every_message_says_what_was_expected_and_what_came(right, wrong):
    for check, answer, expected in [
        (check_number, wrong, right),
        (check_array, [wrong, 0], [right, 0]),
        (check_labels, [wrong], [right]),
        (check_table, pd.DataFrame({"n": [wrong]}), pd.DataFrame({"n": [right]})),
    ]:
        with pytest.raises(IncorrectError, match=f"should be {right}; it is {wrong}") as failure:
            check("v", answer, expected)
        assert failure.value.row == (None if check is check_number else 0)


def test_infinite_numbers_equal_themselves():
    check_array("x", [np.inf, -np.inf], [np.inf, -np.inf])
    check_number("n", np.inf, np.inf, rtol=0.5)


def test_a_column_called_by_a_number_is_not_the_one_called_by_its_text():
    with pytest.raises(IncorrectError, match=r"should have the columns \[0\]; it has \['0'\]"):
        check_table("t", pd.DataFrame({"0": [1]}), pd.DataFrame({0: [1]}))


def test_an_array_can_be_required():
    check_array("x", np.array([1, 2]), [1, 2], array=True)
    for other in ([1, 2], pd.Series([1, 2])):
        with pytest.raises(IncorrectError, match="`x` should be a NumPy array; it is "):
            check_array("x", other, [1, 2], array=True)


def test_advice_is_given_for_the_mistake_it_is_for_and_for_no_other():
    mistakes = {"You took the lowest score.": ["b", "a"], "Those are positions.": [0, 1]}
    for answer, advice in [(["b", "a"], "lowest"), ([0, 1], "positions"), (["b", "b"], None)]:
        with pytest.raises(IncorrectError) as failure:
            check_labels("y", answer, ["a", "b"], mistakes=mistakes)
        given_advice = [text for text in mistakes if text in str(failure.value)]
        assert given_advice == [text for text in mistakes if advice and advice in text]


def test_advice_reaches_answers_of_the_wrong_shape():
    with pytest.raises(IncorrectError, match="one for each row"):
        check_labels("y", ["a"], ["a", "b"], mistakes={"Give one for each row.": ["a"]})


def test_table_advice_is_for_the_whole_table():
    mistakes = {"Use the test data.": TABLE.assign(accuracy=[1.0, 1.0])}
    with pytest.raises(IncorrectError, match=r"`t\['accuracy'\]`(.|\n)*test data"):
        check_table("t", TABLE.assign(accuracy=[1.0, 1.0]), TABLE, mistakes=mistakes)
    with pytest.raises(IncorrectError) as failure:
        check_table("t", TABLE.assign(accuracy=[1.0, 0.9]), TABLE, mistakes=mistakes)
    assert "test data" not in str(failure.value)


# ---- not attempted -------------------------------------------------------------------------------


def raises_not_implemented(x):
    raise NotImplementedError


def only_documented(x):
    """Twice x."""


def only_dots(x): ...


@pytest.mark.parametrize("blank", [..., None, NotImplemented], ids=str)
@pytest.mark.parametrize("check", [check_number, check_array, check_labels, check_table])
def test_a_variable_without_an_answer_is_not_attempted(check, blank):
    with pytest.raises(NotAttemptedError, match=r"^Not attempted: `v` is still"):
        check("v", blank, TABLE if check is check_table else [1])


@pytest.mark.parametrize("blank", [..., raises_not_implemented, only_documented, only_dots])
def test_a_function_without_a_body_is_not_attempted(blank):
    with pytest.raises(NotAttemptedError, match="Not attempted: `f`"):
        run_check(blank)


def test_a_blank_that_the_answer_calls_is_the_one_that_is_named():
    with pytest.raises(NotAttemptedError, match="`f` calls `raises_not_implemented`, which still"):
        run_check(lambda x: raises_not_implemented(x))


# ---- calling the learner's function --------------------------------------------------------------


def test_a_function_is_checked_in_every_case():
    with pytest.raises(IncorrectError, match=r"should be 10; it is 25\.\nCalled with x = 5"):
        check_function("f", lambda x: x * x, [Case({"x": 2}, 4), Case({"x": 5}, 10)], check_number)


def test_the_row_that_is_wrong_is_shown_and_not_the_whole_table_it_comes_from():
    scores = np.arange(160.0).reshape(80, 2)
    frame = pd.DataFrame(scores, columns=["a", "b"])
    for table, shown in [(scores, r"x\[3\] = \[6\.0, 7\.0\]"), (frame, r"x\.iloc\[3\] = \{'a'")]:
        with pytest.raises(IncorrectError, match=rf"should be 13.0; it is 0(.|\n)*{shown}"):
            check_function(
                "f",
                lambda x: [0 if i == 3 else float(a + b) for i, (a, b) in enumerate(scores)],
                [Case({"x": table}, scores.sum(axis=1))],
                check_array,
                by_row=["x"],
            )


HINTS = {"Twice, not squared.": lambda x: x * x, "Never negative.": lambda x: abs(2 * x)}


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: x**2, "Twice, not squared."),
        (lambda x: 2 * abs(x), "Never negative."),
        (lambda x: 9 if x == 3 else 2 * x, None),  # squared by accident, in one case
        (lambda x: 9 if x == 3 else 1 / 0, None),
        (lambda x: 7, None),
    ],
)
def test_a_hint_is_given_when_the_answers_fit_the_mistake_in_every_case(answer, hint):
    cases = [Case({"x": 2}, 4), Case({"x": 3}, 6), Case({"x": -1}, -2)]
    with pytest.raises(IncorrectError) as failure:
        check_function("f", answer, cases, check_number, mistakes=HINTS)
    assert [text for text in HINTS if f"Hint: {text}" in str(failure.value)] == [hint] * bool(hint)


def test_a_mistake_that_the_cases_cannot_tell_from_the_right_answer_is_nobodys():
    cases = [Case({"x": 2}, 4), Case({"x": 3}, 6)]
    with pytest.raises(IncorrectError) as failure:
        check_function(
            "f", lambda x: 0, cases, check_number, mistakes={"Wrong.": lambda x: 1 / (x - 2)}
        )
    assert "Hint" not in str(failure.value)


def helper(x, labels):
    return [labels[0]] * x


def calls_helper(x):
    return helper(x, labels=["a", "b"])


def test_a_function_that_others_call_can_be_given_other_arguments_for_one_case():
    replacing = {"helper": {1: ["b", "a"]}}
    cases = [Case({"x": 2}, ["a"] * 2), Case({"x": 1}, ["b"], replacing=replacing)]
    check_function("f", calls_helper, cases, check_labels)
    assert calls_helper(1) == ["a"]
    with pytest.raises(IncorrectError, match="should be 'b'; it is 'a'"):
        check_function("f", lambda x: ["a"] * x, cases, check_labels)


def test_a_check_without_cases_is_a_mistake_of_the_assignment():
    with pytest.raises(ValueError, match="no cases"):
        check_function("f", len, [], check_number)


def test_the_message_says_which_case_it_was():
    with pytest.raises(IncorrectError, match=r"This is the case of one row\. Called with x = 3"):
        run_check(lambda x: 0, about="one row")


def test_long_arguments_are_described_and_not_printed():
    with pytest.raises(IncorrectError, match=r"x = an array of shape \(500,\) and type float64"):
        run_check(lambda x: 0, arguments={"x": np.zeros(500)})


def test_something_that_is_no_function_is_refused():
    with pytest.raises(IncorrectError, match="`f` should be a function; it is the number 6"):
        run_check(6)


def test_wrong_parameters_are_named():
    with pytest.raises(IncorrectError, match=r"should take 2 arguments, \(a, b\); it takes \(x\)"):
        run_check(lambda x: x, arguments={"a": 1, "b": 2})


def fails_on_its_second_line(x):
    numbers = [x]
    return numbers[x]


def test_an_exception_in_the_answer_is_told_with_its_line():
    with pytest.raises(
        IncorrectError, match=r"`f\(x\)` raised IndexError: .* `return numbers\[x\]`"
    ) as failure:
        run_check(fails_on_its_second_line)
    assert f"in line {fails_on_its_second_line.__code__.co_firstlineno + 2}" in str(failure.value)


class FailsAtItsBeginning:
    def __init__(self, x):
        self.numbers = [x][x]


def test_an_exception_in_the_beginning_of_a_class_is_told_with_its_line():
    with pytest.raises(
        IncorrectError, match=r"raised IndexError: .* `self\.numbers = \[x\]\[x\]`"
    ) as failure:
        run_check(FailsAtItsBeginning)
    first = FailsAtItsBeginning.__init__.__code__.co_firstlineno
    assert f"in line {first + 1}" in str(failure.value)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda table: np.negative(table, out=read_only(table)), r"`\.copy\(\)`"),
        (lambda table: read_only(table).__setitem__(0, 1), r"`\.copy\(\)`"),
        (lambda table: table[[0, 1], [0, 1, 2]], "take the rows first"),
        (lambda table: table.tolist()[:, 0], r"`np\.array\(…\)` makes an array of it"),
        (
            lambda table: recall_score([0, 1, 2], [0, 1, 1], pos_label=1),
            "each label becomes True or False",
        ),
    ],
)
def test_an_exception_that_says_too_little_comes_with_what_helps(answer, hint):
    with pytest.raises(
        IncorrectError, match=rf"raised (Value|Index|Type)Error: .*\nHint: .*{hint}"
    ):
        check_function("f", answer, [Case({"table": np.eye(3)}, 1)], check_number)


def read_only(table):
    """Give a copy as pandas gives one away: nobody may write to it."""
    table = table.copy()
    table.setflags(write=False)
    return table


def test_leaving_python_is_an_exception_like_any_other():
    with pytest.raises(IncorrectError, match="raised SystemExit"):
        run_check(lambda x: sys.exit(0))


def test_an_interrupt_gets_through_so_that_the_time_limit_works():
    def never_ends(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_check(never_ends)


def test_a_forgotten_return_is_told_apart_from_a_blank():
    def forgets(x):
        x + x

    with pytest.raises(IncorrectError, match=r"`f\(x\)` returned None. Does it end with `return"):
        run_check(forgets)


def changes_array(x):
    x[0] = 9
    return 6


@pytest.mark.parametrize(
    "value",
    [np.zeros(3), [1, 2], {0: 1}, [np.zeros(2), np.zeros(2)], pd.DataFrame({0: [1, 2]})],
    ids=lambda value: type(value).__name__,
)
def test_a_changed_argument_is_named_and_the_original_kept(value):
    before = repr(value)
    with pytest.raises(IncorrectError, match="changed its argument `x`"):
        run_check(changes_array, arguments={"x": value})
    assert repr(value) == before


@pytest.mark.parametrize(
    "value",
    [
        np.nan,
        np.float32("nan"),
        np.array([np.nan, 1.0]),
        np.array([np.nan, "a"], object),
        [np.nan, (1.0, np.nan)],
        {"a": np.nan},
        pd.DataFrame({"a": [np.nan, 1.0]}),
        pd.Series([None, np.nan, "a"]),
    ],
    ids=repr,
)
def test_arguments_that_hold_nan_count_as_unchanged(value):
    run_check(lambda x: 6, arguments={"x": value})


def test_calls_print_nothing_and_warn_nothing(capfd):
    def noisy(x):
        print("working")
        print("working", file=sys.stderr)
        warnings.warn("old style", DeprecationWarning, stacklevel=1)
        return float(np.log(np.zeros(1))[0] * 0 + 6) if x else 6

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_check(noisy, arguments={"x": 0})
    assert capfd.readouterr() == ("", "")


def test_random_answers_are_the_same_every_time_and_the_learners_generators_are_left_alone():
    def uses_global_generators(x):
        return [np.random.rand(), random.random()]  # noqa: NPY002

    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    first = uses_global_generators(0)
    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    seen = []
    for _ in range(2):
        run_check(
            lambda x: seen.append(uses_global_generators(x)) or [1], expected=[1], check=check_array
        )
    assert seen[0] == seen[1]
    assert uses_global_generators(0) == first


# ---- not to be fooled ----------------------------------------------------------------------------


class EqualsEverything(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None
    __sub__ = __rsub__ = lambda self, other: 0.0


class TextThatEqualsEverything(str):
    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize("check", [check_number, check_array, check_labels])
def test_an_answer_that_claims_to_equal_everything_is_wrong(check):
    expected = 6 if check is check_number else [6]
    for liar in (EqualsEverything(1), TextThatEqualsEverything("a")):
        for answer in (liar, [liar], np.array([liar], object)):
            with pytest.raises(IncorrectError):
                check("v", answer, expected)


def test_comparing_functions_of_numpy_that_were_replaced_change_nothing(monkeypatch):
    for name in ("allclose", "isclose", "array_equal", "equal", "all"):
        monkeypatch.setattr(np, name, lambda *args, **kwargs: True)
    with pytest.raises(IncorrectError):
        check_array("x", [1.0], [2.0])


def test_an_exception_that_cannot_be_printed_is_told_all_the_same():
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError

    def fails(x):
        raise Unprintable

    with pytest.raises(IncorrectError, match="raised Unprintable"):
        run_check(fails)


def test_a_replaced_numpy_array_is_noticed(monkeypatch):
    nothing = np.zeros(1)
    monkeypatch.setattr(np, "array", lambda *args, **kwargs: nothing)
    with pytest.raises(IncorrectError, match=r"`numpy\.array` does not do here"):
        check_array("x", pd.Series([1.0]), [2.0])


def test_the_checks_cannot_be_replaced_by_assignment():
    from course_utils import checks

    with pytest.raises(AttributeError, match="check_number"):
        checks.check_number = lambda *args, **kwargs: None
    with pytest.raises(IncorrectError):
        checks.check_number("n", 1, 2)


# ---- in a notebook -------------------------------------------------------------------------------


def test_in_a_notebook_a_failure_is_its_message_alone_in_lines_that_nbgrader_does_not_cut():
    error = IncorrectError("word " * 50 + "\nCalled with x = 1.")
    lines = error._render_traceback_()
    assert max(map(len, lines)) <= 84
    assert lines[0].startswith("Incorrect: word")
    assert lines[-1] == "Called with x = 1."
    assert "Traceback" not in "".join(lines)


def test_all_failures_are_assertion_errors():
    assert issubclass(CheckError, AssertionError)


def test_checks_start_without_torch_scikit_learn_or_pandas():
    code = (
        "import sys, course_utils.checks;"
        "print([m for m in ('torch', 'sklearn', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
