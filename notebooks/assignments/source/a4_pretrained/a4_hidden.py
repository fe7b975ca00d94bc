"""The hidden part of the checks of assignment 4: the same tests on other data.

It never leaves this folder (`CourseDirectory.ignore` in nbgrader_config.py); autograding imports it
from here.
"""

import numpy as np
import pandas as pd
from a4_checks import (
    CHECKLIST,
    MEAN,
    SOME_NAMES,
    STD,
    of_groups,
    pairs,
    prepared,
    small,
    some_picture,
    some_probabilities,
    table_of_sums,
    top,
    two,
)
from a4_hidden_programs import (
    CATS,
    DOGS,
    NAMES,
    WILD_DOGS,
    adds_the_wild_cats,
    decided,
    looks_at_the_last_word,
)
from a4_hidden_programs import right as as_it_should

from course_utils.checks import Case


def shrink():
    """Give pictures of other proportions: a square, a ribbon, one that stays as it is."""
    sizes = [(31, 20, 7), (20, 33, 9), (12, 12, 5), (6, 16, 6), (9, 5, 11), (40, 14, 6)]
    return [
        Case({"picture": picture, "shorter": shorter}, small(picture, shorter))
        for picture, shorter in (
            (some_picture(20 + height, height, width), shorter) for height, width, shorter in sizes
        )
    ]


def prepare():
    """Give other means and deviations, a square, and a crop that cuts nothing off one side."""
    lying, standing, square = some_picture(41, 20, 33), some_picture(42, 27, 12), LARGE
    mean, std = (0.1, 0.5, 0.9), (0.5, 0.25, 1.0)
    given = [
        (lying, 10, 6, mean, std),
        (standing, 8, 4, mean, std),
        (square, 12, 8, MEAN, STD),
        (square[:, :18], 6, 6, mean, std),
        (square[:10], 9, 5, std, mean[::-1]),
    ]
    names = ["picture", "resize", "size", "mean", "std"]
    return [Case(dict(zip(names, each, strict=True)), prepared(*each)) for each in given]


LARGE = some_picture(43, 24, 24)


def top_table():
    """Give more classes, one class alone, several ties, and logits far below 0."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 3, 40).round(2)
    names = [f"class {number}" for number in rng.permutation(40)]
    many = rng.integers(0, 3, 80).astype(float)  # too many for a sort that is stable by chance
    ties = np.array([2.0, 5.0, 2.0, 5.0, 5.0, 1.0])
    given = [
        (logits, names, 1, ""),
        (logits, names, 12, ""),
        (logits, names, 40, "all classes"),
        (logits - 2000, names, 4, "logits far below 0"),
        (logits * 400, names, 3, "large logits, far apart"),
        (ties, list("uvwxyz"), 4, "several classes that are equally probable"),
        (many, names * 2, 30, "many classes that are equally probable"),
        (np.array([7.0]), ["one"], 3, "one class alone"),
        (np.array([0, 3, 1]), ["a", "b", "c"], 2, "logits that are whole numbers"),
    ]
    return [
        Case({"logits": z, "class_names": n, "n": k}, top(z, n, k), about=about)
        for z, n, k, about in given
    ]


def group_of():
    """Give all the other names."""
    seen = {name for _, name, _ in SOME_NAMES}
    return [Case({"name": name}, as_it_should(name)) for name in NAMES if name not in seen]


def add_up():
    """Give more classes, one picture alone, and a group of all."""
    rng = np.random.default_rng(6)
    groups = rng.choice(["cat", "dog", "other"], 12).tolist()
    given = [
        (some_probabilities(7, 9, 12), groups),
        (some_probabilities(8, 1, 4), ["cat", "other", "other", "dog"]),
        (some_probabilities(9, 3, 3), ["other", "other", "other"]),
        (some_probabilities(10, 2, 5), ["cat", "cat", "dog", "cat", "cat"]),
    ]
    return [Case({"probabilities": p, "groups": g}, of_groups(p, g)) for p, g in given]


def cat_or_dog():
    """Give another index, tiny sums, and one picture alone."""
    rng = np.random.default_rng(11)
    many = table_of_sums(rng.uniform(0, 0.5, 8).round(3), rng.uniform(0, 0.5, 8).round(3))
    timed = table_of_sums([1e-6, 0.2], [3e-6, 0.1]).set_axis(pd.Index(["23:00", "23:20"]))
    return [
        Case({"sums": many}, two(many)),
        Case({"sums": timed}, two(timed), about="another index, and sums that are tiny"),
        Case({"sums": many[4:5]}, two(many[4:5]), about="one picture alone"),
    ]


def surer():
    """Give more pictures, only equal ones, and one of each."""
    rng = np.random.default_rng(12)
    known, unknown = rng.integers(0, 10, 30) / 10, rng.integers(0, 7, 21) / 10
    given = [
        (known, unknown),
        (unknown, known),
        (np.full(3, 0.5), np.full(4, 0.5)),
        (np.array([0.2]), np.array([0.1])),
        (np.array([0.9, 0.8]), np.array([0.1, 0.2, 0.3])),
    ]
    return [Case({"known": k, "unknown": u}, pairs(k, u)) for k, u in given]


# ---- wrong programs that examples should notice; each docstring completes "somebody who …" -------


def adds_letters_to_the_breeds(name):
    """knows every breed, and adds whatever has the letters of *cat* or *dog* in its name"""
    return decided(
        name,
        lambda name: name in CATS or "cat" in name,
        lambda name: name in DOGS or "dog" in name,
    )


def adds_last_words_to_the_breeds(name):
    """knows every breed, and adds each name whose last word is *cat* or *dog*"""
    return decided(
        name,
        lambda name: name in CATS or name.endswith(" cat"),
        lambda name: name in DOGS or name.endswith(" dog"),
    )


def looks_at_the_beginning(name):
    """knows every breed, and adds whatever begins with *cat* or *dog*"""
    return decided(
        name,
        lambda name: name in CATS or name.startswith("cat"),
        lambda name: name in DOGS or name.startswith("dog"),
    )


def adds_the_wolves(name):
    """takes wolves and wild dogs for dogs, and foxes for others"""
    wolves = WILD_DOGS[: WILD_DOGS.index("African hunting dog") + 1]
    return decided(name, CATS.__contains__, (DOGS + wolves).__contains__)


def adds_the_foxes(name):
    """takes foxes for dogs"""
    foxes = WILD_DOGS[WILD_DOGS.index("red fox") :]
    return decided(name, CATS.__contains__, (DOGS + foxes).__contains__)


def leaves_out_the_last_cat(name):
    """stops before the last cat of the list, as a slice does"""
    return decided(name, CATS[:-1].__contains__, DOGS.__contains__)


def leaves_out_the_last_dog(name):
    """stops before the last dog of the list, as a slice does"""
    return decided(name, CATS.__contains__, DOGS[:-1].__contains__)


def wants_the_word_for_dogs(name):
    """knows every cat, and takes a dog for one only if its name says so"""
    return decided(name, CATS.__contains__, lambda name: name in DOGS and "dog" in name)


def wants_the_word_for_cats(name):
    """knows every dog, and takes a cat for one only if its name says so"""
    return decided(name, lambda name: name in CATS and "cat" in name, DOGS.__contains__)


def does_not_mind_capitals(name):
    """compares names as if capital letters were small"""
    dogs = [dog.lower() for dog in DOGS]
    return decided(name, CATS.__contains__, lambda name: name.lower() in dogs)


check = CHECKLIST.extended(
    {
        "shrink": shrink(),
        "prepare": prepare(),
        "top_table": top_table(),
        "group_examples": [
            looks_at_the_last_word,
            adds_letters_to_the_breeds,
            adds_last_words_to_the_breeds,
            looks_at_the_beginning,
            adds_the_wild_cats,
            adds_the_wolves,
            adds_the_foxes,
            leaves_out_the_last_cat,
            leaves_out_the_last_dog,
            wants_the_word_for_dogs,
            wants_the_word_for_cats,
            does_not_mind_capitals,
        ],
        "group_of": group_of(),
        "add_up": add_up(),
        "cat_or_dog": cat_or_dog(),
        "surer": surer(),
    }
).check
