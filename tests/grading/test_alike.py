"""Answers that are alike are found through other names and comments; what many wrote is not."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading.alike import find_alike, normalise

LONG = textwrap.dedent(
    '''
    def predict(scores, classes):
        """Give a label for each row."""
        labels = []
        for row in scores:
            best, height = None, float("-inf")
            for place, value in enumerate(row):  # look at all of them
                if value > height:
                    best, height = place, value
            if best is None:
                raise ValueError("an example without scores")
            labels.append(classes[best] if best < len(classes) else classes[-1])
        return [label for label in labels if label is not None]
    '''
)
DISGUISED = (
    LONG.replace('    """Give a label for each row."""\n', "")
    .replace("  # look at all of them", "   # mine")
    .replace("labels", "results")
    .replace("height", "top")
    .replace("place", "i")
)
OTHER = textwrap.dedent(
    """
    def predict(scores, classes):
        import numpy as np
        table = np.asarray(scores)
        order = np.argsort(-table, axis=1, kind="stable")
        first = order[:, 0]
        names = np.asarray(classes)
        assert names.ndim == 1 and len(names) >= first.max()
        return np.take(names, first).tolist()
    """
)


def test_names_comments_docstrings_and_layout_are_put_aside():
    assert normalise(LONG) == normalise(DISGUISED)
    assert normalise(LONG) != normalise(OTHER)


def test_names_of_functions_and_libraries_stay_since_they_say_what_is_done():
    assert "argsort" in normalise(OTHER)
    assert normalise("a = f(x)") != normalise("a = g(x)")


@given(st.text(max_size=300))
def test_anything_can_be_normalised_also_what_is_no_python(source):
    assert isinstance(normalise(source), str)


@pytest.mark.parametrize("source", ["(" * 5000, "x = " + "-" * 9000 + "1", "\0", "def f(:", ""])
def test_hostile_code_does_not_stop_the_search(source):
    assert find_alike({"a": {"cell": source}, "b": {"cell": source}}) == []


def test_a_disguised_copy_is_found_and_another_way_is_not():
    answers = {"ann": {"ex": LONG}, "bob": {"ex": OTHER}, "cid": {"ex": DISGUISED}}
    (pair,) = find_alike(answers)
    assert (pair.first, pair.second) == ("ann", "cid")
    assert pair.answers == {"ex": 1.0}
    assert pair.unusual > 60


def test_what_many_wrote_is_not_unusual():
    answers = {f"learner {n}": {"ex": LONG} for n in range(10)}
    assert find_alike(answers) == []


def test_what_the_assignment_contains_is_not_unusual():
    answers = {"ann": {"ex": LONG}, "cid": {"ex": DISGUISED}}
    assert find_alike(answers, known=[LONG]) == []


def test_short_answers_that_are_alike_are_not_worth_a_look():
    short = "def count(n):\n    return n * (n - 1) // 2"
    assert find_alike({"ann": {"ex": short}, "bob": {"ex": short}}) == []


def test_the_same_code_for_another_exercise_does_not_count():
    assert find_alike({"ann": {"one": LONG}, "bob": {"two": LONG}}) == []


def test_a_group_of_three_gives_its_three_pairs():
    answers = {who: {"ex": LONG} for who in ("ann", "bob", "cid")}
    assert {(p.first, p.second) for p in find_alike(answers)} == {
        ("ann", "bob"),
        ("ann", "cid"),
        ("bob", "cid"),
    }
