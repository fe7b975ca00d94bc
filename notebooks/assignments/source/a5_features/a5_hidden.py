"""The hidden part of the checks of assignment 5: the same tests on other data.

It never leaves this folder (`CourseDirectory.ignore` in nbgrader_config.py); autograding imports it
from here.
"""

import numpy as np
from a5_checks import (
    CHECKLIST,
    KEY_CASES,
    KEYS,
    LONGER,
    MONDAY,
    a_cut,
    a_cut_over_old_rows,
    alike_case,
    chances_case,
    features_case,
    key_case,
    run_cache_key,
    run_on_a_disk,
    some_files,
)
from a5_hidden_programs import cosine, distance, ordered, product
from a5_hidden_programs import right as as_it_should

from course_utils.checks import Case


def features():
    """Give last batches of one picture, batches of one, and one batch for all."""
    seven, many = some_files(11, 7), some_files(12, 13, start=500)
    return [
        features_case(sorted(seven), seven, "small-4", 2, about="a last batch of one picture"),
        features_case(list(seven)[:3], seven, "small-5", 1, about="batches of one picture"),
        features_case(list(many)[::-1], many, "small-7", 6, about="thirteen pictures"),
    ]


def cache_key(function):
    """Give pieces of which only the borders differ, and changes at the end of what is long."""
    long = b"0123456789" * 2000
    # What a file holds may be any bytes, those among them that somebody puts between two files.
    between = [mark.encode() for mark in ("\n", "\0", " ", ",", ", ", ";", "|", ":", "-", "_", "/")]
    cases = [
        *KEY_CASES[:1],
        key_case("contents of which only the borders differ", "one", contents=[b"ab", b"c", b""]),
        key_case("contents of which only the borders differ", "two", contents=[b"a", b"bc", b""]),
        key_case("names of which only the borders differ", "three", names=["ab", "c", "d"]),
        key_case("names of which only the borders differ", "four", names=["a", "bc", "d"]),
        key_case("a name with a comma", "five", names=["a, b", "c"], contents=[b"1", b"2"]),
        key_case("a name with a comma", "six", names=["a", "b, c"], contents=[b"1", b"2"]),
        *[
            key_case(f"files that hold {mark!r}", (mark, place), contents=[*two, b"4"])
            for mark in between
            for place, two in enumerate(([b"1" + mark + b"2", b"3"], [b"1", b"2" + mark + b"3"]))
        ],
        key_case("files that are no text", "nineteen", contents=[b"\xff\xd8", b"2", b"3"]),
        key_case("files that are no text", "twenty", contents=[b"\xff\xd9", b"2", b"3"]),
        key_case("long files", "seven", contents=[long, long, long]),
        key_case(
            "long files of which one ends otherwise",
            "eight",
            contents=[long, long, long[:-1] + b"x"],
        ),
        key_case(
            "a name and a content of which only the border differs",
            "seventeen",
            names=["x1", "y"],
            contents=[b"2", b"3"],
        ),
        key_case(
            "a name and a content of which only the border differs",
            "eighteen",
            names=["x", "y"],
            contents=[b"12", b"3"],
        ),
        key_case("a file that went", "nine", names=["a", "b"], contents=[b"1", b"2"]),
        key_case("a file that went", "ten", names=["a"], contents=[b"1"]),
        key_case(
            "two files with the same content", "eleven", names=["a", "b"], contents=[b"1"] * 2
        ),
        key_case("another network of two with nearly the same name", "twelve", network="small-11"),
        key_case("no files", "thirteen", names=[], contents=[]),
        key_case("no files, and another network", "fourteen", "small-2", names=[], contents=[]),
        *KEY_CASES[:1],
    ]
    run_cache_key(function, cases)


def on_a_disk(keep, find):
    """Let the power fail at other rows, and put shorter tables over longer ones."""

    def at_once(disk):
        a_cut(disk, KEYS[1], MONDAY, 0)

    def before_the_last(disk):
        a_cut(disk, KEYS[0], LONGER, len(LONGER) - 1)

    def shorter_over_longer(disk):
        a_cut_over_old_rows(disk, KEYS[1], LONGER, MONDAY, 2)

    def twice(disk):
        a_cut_over_old_rows(disk, KEYS[2], MONDAY, LONGER, 0)
        a_cut_over_old_rows(disk, KEYS[2], LONGER[:1], LONGER, 3)
        a_cut(disk, KEYS[1], LONGER, 1)

    run_on_a_disk(keep, find, [at_once, before_the_last, shorter_over_longer, twice])


def most_alike():
    """Give rows in more dimensions, two rows, and many that are equally alike."""
    rng = np.random.default_rng(3)
    table = rng.integers(-9, 10, (12, 5)) + 0.5
    # Along the axes, where ties are exact in whatever way a cosine is computed.
    corners = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, -1.0], [-1.0, 0.0], [2.0, 0.0]])
    tied = rng.permutation(np.repeat(np.array([[0.0, 2.0], [3.0, 0.0]]), 12, axis=0))
    cases = []
    for metric in ("cosine", "euclidean"):
        cases += [
            alike_case(table, 0, 11, metric, about="twelve rows of five numbers"),
            alike_case(table, 11, 4, metric, about="the last row"),
            alike_case(table[:2], 1, 1, metric, about="two rows"),
            alike_case(corners, 1, 4, metric, about="rows that are equally alike"),
            alike_case(tied, 20, 23, metric, about="many rows that are equal"),
        ]
    return cases


def picture_numbers():
    """Give a single file, no copies, copies alone, and empty files."""
    return [
        Case({"contents": [b"alone"]}, [0]),
        Case({"contents": [b"b", b"a", b"c"]}, [0, 1, 2], about="no copies"),
        Case({"contents": [b"a"] * 4}, [0, 0, 0, 0], about="nothing but copies"),
        Case({"contents": [b"", b"a", b"", b"ab", b"a", b"ab"]}, [0, 1, 0, 2, 1, 2]),
    ]


def chances_of_new():
    """Give other collections, and every second and every fifth picture."""
    return [
        chances_case(21, every=2, about="every second picture"),
        chances_case(22, every=5, n_pictures=20, n_files=40, about="every fifth picture"),
        chances_case(23, n_columns=8, words=("b", "a"), about="classes in sorted order"),
    ]


# ---- wrong programs that examples should notice; each docstring completes "somebody who …" -------


def always_direction(features, row, k, metric):
    """takes the cosine when the distance is asked for"""
    return as_it_should(features, row, k, "cosine")


def lengths_count(features, row, k, metric):
    """multiplies rows without dividing by their lengths, and calls that the cosine"""

    def measure(one, other, metric):
        return distance(one, other) if metric == "euclidean" else -product(one, other)

    return ordered(features, row, metric, measure)[:k]


def either_way(features, row, k, metric):
    """takes the opposite direction for the same one"""

    def measure(one, other, metric):
        return distance(one, other) if metric == "euclidean" else -abs(cosine(one, other))

    return ordered(features, row, metric, measure)[:k]


def larger_first(features, row, k, metric):
    """puts the larger number first among rows that are equally alike"""
    turned = [list(each) for each in features[::-1]]
    last = len(features) - 1
    return [last - other for other in as_it_should(turned, last - row, k, metric)]


def first_is_itself(features, row, k, metric):
    """leaves out the first in the order, and takes that for the row itself"""
    order = sorted(
        range(len(features)),
        key=lambda n: (
            distance(features[n], features[row])
            if metric == "euclidean"
            else -cosine(features[n], features[row])
        ),
    )
    return order[1 : k + 1]


def no_equals(features, row, k, metric):
    """leaves out all rows that are equal to the one that asks"""
    return [n for n in ordered(features, row, metric) if features[n] != features[row]][:k]


def slipped(features, row, k, metric):
    """takes the row out of the table first, so that the numbers behind it slip"""
    return [n - (n > row) for n in as_it_should(features, row, k, metric)]


def one_less(features, row, k, metric):
    """counts the row itself as one of the k"""
    return as_it_should(features, row, k, metric)[: k - 1]


def in_the_order_of_numbers(features, row, k, metric):
    """gives the right rows, but in the order of their numbers"""
    return sorted(as_it_should(features, row, k, metric))


check = CHECKLIST.extended(
    {
        "features_in_batches": features(),
        "cache_key": cache_key,
        "keep_and_find": on_a_disk,
        "alike_examples": [
            always_direction,
            lengths_count,
            either_way,
            larger_first,
            first_is_itself,
            no_equals,
            slipped,
            one_less,
            in_the_order_of_numbers,
        ],
        "most_alike": most_alike(),
        "picture_numbers": picture_numbers(),
        "chances_of_new": chances_of_new(),
    }
).check
