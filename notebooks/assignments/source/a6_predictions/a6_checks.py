"""What the checks of assignment 6 try, and what they know about mistakes.

The notebook's checks call this. Solve the exercises before you read on: what follows gives away a
good part of the fun.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from a6_pictures import new_pictures, training_pictures
from a6_sealed import PROGRAMS

from course_utils.checks import (
    Case,
    Checklist,
    ExamplesTest,
    FunctionTest,
    IncorrectError,
    NotAttemptedError,
    PartlyRightError,
    Test,
    check_array,
    check_table,
)
from course_utils.checks.plain import describe, plain, refuse_blank

# ---- exercise 1 ----------------------------------------------------------------------------------


def confusions(y, says, n_classes):
    """Count how often each class was said of each."""
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (np.asarray(y), np.asarray(says)), 1)
    return counts


def of_those_that_occur(y, says, n_classes):
    """Count only the classes that occur."""
    occurring = np.union1d(y, says)
    return confusions(y, says, n_classes)[np.ix_(occurring, occurring)]


def mistakes_only(y, says, n_classes):
    """Count mistakes alone."""
    counts = confusions(y, says, n_classes)
    return counts - np.diag(counts.diagonal())


def one_row_for_all(y, says, n_classes):
    """Count into one row that stands in every place of the table."""
    return np.tile(confusions(y, says, n_classes).sum(axis=0), (n_classes, 1))


def shares(axis):
    """Give the function that divides by a sum."""

    def divided(y, says, n_classes):
        counts = confusions(y, says, n_classes)
        return counts / np.maximum(counts.sum(axis=axis, keepdims=True), 1)

    return divided


COUNT_CONFUSIONS = FunctionTest(
    "count_confusions",
    "1",
    [
        Case(
            {
                "y": np.array([0, 0, 0, 1, 1, 2, 2, 2, 2]),
                "says": np.array([0, 0, 1, 1, 1, 0, 1, 1, 2]),
                "n_classes": 3,
            },
            [[2, 1, 0], [0, 2, 0], [1, 2, 1]],
        ),
        Case(
            {"y": np.array([3, 0, 3, 3]), "says": np.array([0, 0, 3, 0]), "n_classes": 4},
            [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [2, 0, 0, 1]],
            about="four classes, of which two do not occur",
        ),
    ],
    check_array,
    mistakes={
        "Rows and columns are exchanged: a row is for what a picture *shows*, a column for what "
        "the door *says*.": lambda y, says, n_classes: confusions(says, y, n_classes),
        "A class that does not occur has a row and a column too, full of zeros: there are "
        "`n_classes` of each.": of_those_that_occur,
        "Those are mistakes alone. What is right is counted too, on the diagonal.": mistakes_only,
        "Those are shares. Count pictures.": [
            shares(1),
            shares(0),
            shares((0, 1)),
            lambda y, says, n_classes: confusions(y, says, n_classes) / len(y),
        ],
        "That is the diagonal alone, what is right. The other places count the mistakes.": [
            lambda y, says, n_classes: confusions(y, says, n_classes).diagonal(),
            lambda y, says, n_classes: np.diag(confusions(y, says, n_classes).diagonal()),
        ],
        "Each place holds at most 1 here. Two pictures that are mistaken in the same way count "
        "twice: `counts[y, says] += 1` does not see that.": (
            lambda y, says, n_classes: np.minimum(confusions(y, says, n_classes), 1)
        ),
        "All rows are the same: `[[0] * n] * n` holds *one* row n times, so what is added to it is "
        "seen in every place. Make a new row for each class.": one_row_for_all,
    },
)

# ---- exercises 2 and 3 ---------------------------------------------------------------------------

PICK_EXAMPLES = ExamplesTest(
    "pick_examples",
    "2",
    "pick",
    ["y", "probabilities", "kind", "n"],
    right=PROGRAMS.right,
    wrong=PROGRAMS.WRONG,
    check=check_array,
    points=2,
    accepts=PROGRAMS.accepts,
    at_least=5,
)


def sureness(probabilities):
    """Give the highest probability of each row."""
    return np.asarray(probabilities).max(axis=1)


def candidates(y, probabilities, kind):
    """Give the rows that a kind is picked from."""
    right = np.asarray(probabilities).argmax(axis=1) == y
    of_kind = {"most correct": right, "most incorrect": ~right}
    return np.flatnonzero(of_kind.get(kind, np.ones(len(right), dtype=bool)))


def first_by(rank, rows, n):
    """Give the rows with the lowest rank; of equal ones, the first."""
    return rows[np.argsort(rank[rows], kind="stable")][:n]


def by_sureness(probabilities, kind):
    """Rank: the surest first, or of the uncertain ones the least sure."""
    sure = sureness(probabilities)
    return sure if kind == "most uncertain" else -sure


def picked(y, probabilities, kind, n):
    """Pick the rows that exercise 3 asks for."""
    rows = candidates(y, probabilities, kind)
    return first_by(by_sureness(probabilities, kind), rows, n)


def ranked(rank):
    """Give the function that picks by another rank."""

    def wrong(y, probabilities, kind, n):
        return first_by(rank(y, probabilities, kind), candidates(y, probabilities, kind), n)

    return wrong


def of_others(other):
    """Give the function that picks as if another kind had been asked for."""

    def wrong(y, probabilities, kind, n):
        rows = candidates(y, probabilities, other.get(kind, kind))
        return first_by(by_sureness(probabilities, kind), rows, n)

    return wrong


def of_the_truth(y, probabilities, kind):
    """Rank by the probability of the true class, where it tells right from wrong."""
    truth = np.asarray(probabilities)[np.arange(len(y)), y]
    return {"most correct": -truth, "most incorrect": truth}.get(kind, sureness(probabilities))


def lead(y, probabilities, kind):
    """Rank the uncertain ones by how far the first class leads."""
    ordered = np.sort(probabilities, axis=1)
    if kind == "most uncertain":
        return ordered[:, -1] - ordered[:, -2]
    return -ordered[:, -1]


def near_a_half(y, probabilities, kind):
    """Rank the uncertain ones by how near to one half they are."""
    sure = sureness(probabilities)
    return np.abs(sure - 0.5) if kind == "most uncertain" else -sure


def positions_among(y, probabilities, kind, n):
    """Give positions among the right ones, or the wrong ones."""
    rows = candidates(y, probabilities, kind)
    return np.argsort(by_sureness(probabilities, kind)[rows], kind="stable")[:n]


def in_row_order(y, probabilities, kind, n):
    """Pick the right rows, and give them in the order of the pictures."""
    return np.sort(picked(y, probabilities, kind, n))


def last_of_equal(y, probabilities, kind, n):
    """Pick the last ones where several are equally sure."""
    rows = candidates(y, probabilities, kind)
    return first_by(by_sureness(probabilities, kind), rows[::-1], n)


def filled_up(y, probabilities, kind, n):
    """Fill up with other pictures where there are fewer than n."""
    rows = picked(y, probabilities, kind, n)
    others = np.setdiff1d(np.arange(len(y)), rows)
    return np.concatenate([rows, others])[:n]


PROBABILITIES = np.array(
    [
        [0.9, 0.1, 0.0],
        [0.3, 0.6, 0.1],
        [0.2, 0.7, 0.1],
        [0.1, 0.0, 0.9],
        [0.4, 0.2, 0.4],
        [0.0, 0.45, 0.55],
        [0.05, 0.8, 0.15],
        [0.7, 0.2, 0.1],
        [0.45, 0.1, 0.45],
        [0.3, 0.5, 0.2],
    ]
)
SHOWN = np.array([0, 0, 1, 1, 0, 1, 2, 2, 2, 1])


def picks(kind, n, expected, about=""):
    """Make a case of the ten pictures above."""
    arguments = {"y": SHOWN, "probabilities": PROBABILITIES, "kind": kind, "n": n}
    return Case(arguments, expected, about=about)


PICK = FunctionTest(
    "pick",
    "3",
    [
        picks("most correct", 2, [0, 2], about="the two most correct ones"),
        picks("most incorrect", 4, [3, 6, 7, 1], about="the four most incorrect ones"),
        picks("most uncertain", 5, [4, 8, 9, 5, 1], about="the five most uncertain ones"),
        picks("most correct", 9, [0, 2, 9, 4], about="fewer right ones than were asked for"),
        Case(
            {
                "y": np.array([1, 0, 1, 1, 0]),
                "probabilities": np.array(
                    [[0.75, 0.25], [0.25, 0.75], [0.75, 0.25], [0.25, 0.75], [0.25, 0.75]]
                ),
                "kind": "most incorrect",
                "n": 3,
            },
            [0, 1, 2],
            about="several that are equally sure",
        ),
    ],
    check_array,
    mistakes={
        "Those are positions among the right ones, or among the wrong ones. Give row numbers of "
        "all pictures: `np.flatnonzero` says which rows a condition holds for.": positions_among,
        "The surest come first where *most correct* or *most incorrect* ones are asked for, and "
        "the least sure for *most uncertain*.": [
            ranked(lambda y, probabilities, kind: sureness(probabilities)),
            ranked(lambda y, probabilities, kind: -sureness(probabilities)),
            ranked(lambda y, probabilities, kind: -by_sureness(probabilities, kind)),
        ],
        "How sure the door is, is the probability of what it *says*. That of the true class says "
        "something else when there are more than two.": ranked(of_the_truth),
        "*Most uncertain* are right or wrong ones: all pictures take part.": [
            of_others({"most uncertain": "most incorrect"}),
            of_others({"most uncertain": "most correct"}),
        ],
        "Right and wrong are exchanged.": of_others(
            {"most correct": "most incorrect", "most incorrect": "most correct"}
        ),
        "All pictures take part here, right and wrong ones alike.": of_others(
            {"most correct": "most uncertain", "most incorrect": "most uncertain"}
        ),
        "With more than two classes, the least sure ones need not be near to one half: take the "
        "lowest highest probability.": ranked(near_a_half),
        "That is the lead of the first class over the second, which is another measure of "
        "uncertainty. Here it is a low highest probability.": ranked(lead),
        "Those are the right rows in the order of the pictures: the first is to be the one that "
        "the kind fits best.": in_row_order,
        "Of several that are equally sure, the one with the lower row number comes first. A sort "
        'that is reversed afterwards turns them round; `kind="stable"` keeps their order.': (
            last_of_equal
        ),
        "Where there are fewer than `n`, give fewer.": filled_up,
        "Give `n` of them, and not all.": lambda y, p, kind, n: picked(y, p, kind, len(y)),
        "Those are probabilities. Give the rows that they belong to.": (
            lambda y, p, kind, n: sureness(p)[picked(y, p, kind, n)]
        ),
    },
)

# ---- exercise 4 ----------------------------------------------------------------------------------

FOXES = range(120, 180)


def row_numbers(name, answer, what):
    """Give the row numbers that somebody wrote down, each once."""
    refuse_blank(name, answer)
    rows = None if isinstance(answer, (dict, set)) else plain(name, answer)
    if not isinstance(rows, list) or any(type(row) is not int for row in rows):
        raise IncorrectError(
            f"`{name}` should be a list of row numbers, such as [3, 17]; it is {describe(answer)}."
        )
    if not rows:
        raise NotAttemptedError(f"`{name}` is empty. Put row numbers into it, {what}.")
    for row in rows:
        if rows.count(row) > 1:
            raise IncorrectError(f"`{name}` has row {row} more than once.")
    return rows


def check_group(answer):
    """Check which foxes somebody takes for the group."""
    rows = row_numbers("in_the_group", answer, "of foxes")
    for row in rows:
        if row not in FOXES:
            raise IncorrectError(
                f"`in_the_group` has {row}, which is no fox: foxes are rows "
                f"{FOXES.start} to {FOXES.stop - 1}, as the numbers above the pictures say."
            )
    group = set(PROGRAMS.GROUP)
    found, others = len(group & set(rows)), len(set(rows) - group)
    missing = len(group) - found
    if not missing and not others:
        return
    share = found / (len(group) + others)
    if share < 0.25:
        raise IncorrectError(
            "What these foxes have in common is not what the most incorrect pictures share. "
            "Look at those again: in which way do nearly all of them differ from the pictures "
            "that the door was trained with?"
        )
    points = round(2 * share, 1)
    X, y = training_pictures()
    X_new, y_new = new_pictures()
    wrong = set(np.flatnonzero(fitted(X, y).predict(X_new) != y_new).tolist()) & set(FOXES)
    told = [f"{min(points, 1.9):g} of 2 points, as far as this check sees."]
    if set(rows) == wrong:
        told.append(
            "Those are the foxes that the door gets wrong. What is asked for is a kind of "
            "*picture*: those of this kind that came out right belong to it too."
        )
    elif missing:
        told.append(f"{missing} of the foxes that are of this kind are not in your list.")
    if others and set(rows) != wrong:
        told.append(f"{others} of your list {'is' if others == 1 else 'are'} of another kind.")
    raise PartlyRightError("\n".join(told), min(points, 1.9))


IN_THE_GROUP = Test("in_the_group", "4a", check_group)


def report(right, members, among, table=None):
    """Make the table that exercise 4b asks for."""
    import pandas as pd

    others = [row for row in np.asarray(among).tolist() if row not in set(members)]
    counts = {
        name: (len(rows), int(np.sum(np.asarray(right)[list(rows)])))
        for name, rows in {"group": list(members), "others": others, "together": among}.items()
    }
    made = pd.DataFrame(
        {
            "pictures": [n for n, _ in counts.values()],
            "right": [r for _, r in counts.values()],
            "accuracy": [r / n for n, r in counts.values()],
        },
        index=["group", "others", "together"],
    )
    return table(made) if table else made


def others_everywhere(right, members, among):
    """Take all pictures outside of the group for the others, those of other classes too."""
    return report(right, members, range(len(right)))


def everywhere(line):
    """Give the function in which one line has pictures of other classes too."""

    def wrong(right, members, among):
        made = report(right, members, among)
        made.loc[line] = others_everywhere(right, members, among).loc[line]
        return made

    return wrong


def wrong_ones(right, members, among):
    """Count the wrong ones."""
    return report(~np.asarray(right, dtype=bool), members, among)


def changed(**columns):
    """Give the function whose table has other columns, each made of the right table."""

    def wrong(right, members, among):
        made = report(right, members, among)
        return made.assign(**{name: change(made) for name, change in columns.items()})

    return wrong


def some_right(seed, n, among, n_members):
    """Draw which pictures are right, and a group."""
    rng = np.random.default_rng(seed)
    right = rng.random(n) < 0.7
    members = rng.choice(np.arange(*among), n_members, replace=False)
    return {"right": right, "members": members.tolist(), "among": np.arange(*among)}


GROUP_REPORT = FunctionTest(
    "group_report",
    "4b",
    [
        Case(
            arguments := {
                "right": np.array([True, True, False, True, False, False, True, True, True, True]),
                "members": [5, 2, 4, 8],
                "among": np.array([2, 3, 4, 5, 6, 7, 8]),
            },
            report(**arguments),
            about="pictures 2 to 8 out of ten",
        ),
        Case(arguments := some_right(1, 30, (10, 25), 6), report(**arguments)),
    ],
    check_table,
    mistakes={
        "Only pictures that are in `among` take part: what the door makes of other classes does "
        "not belong here.": [others_everywhere, everywhere("others"), everywhere("together")],
        "Those are the wrong ones. Count the right ones.": [
            wrong_ones,
            changed(right=lambda made: made.pictures - made.right),
            changed(accuracy=lambda made: 1 - made.accuracy),
        ],
        "The others are those that are *not* members: *together* is the row for both.": changed(
            pictures=lambda made: [made.pictures["group"], *[made.pictures["together"]] * 2],
            right=lambda made: [made.right["group"], *[made.right["together"]] * 2],
            accuracy=lambda made: [made.accuracy["group"], *[made.accuracy["together"]] * 2],
        ),
        "The lines *group* and *others* are exchanged.": (
            lambda right, members, among: report(
                right, [row for row in among if row not in members], among
            )
        ),
        "The accuracy of both together is no mean of two accuracies: there are more of the one kind"
        " than of the other.": changed(
            accuracy=lambda made: [*made.accuracy[:2], made.accuracy[:2].mean()]
        ),
        "An accuracy is the share of the line's *own* pictures.": changed(
            accuracy=lambda made: made.right / made.pictures["together"]
        ),
        "Those are percents. An accuracy goes from 0 to 1.": changed(
            accuracy=lambda made: 100 * made.accuracy
        ),
    },
)

# ---- exercises 5 and 6 ---------------------------------------------------------------------------


def fitted(X, y):
    """Fit a classifier as the door does."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=2000).fit(X, y)


def numbers_after(X_train, y_train, X_new, y_new, taught, fit=None):
    """Give how many of the rest are right, how many the rest are, and how many were taught."""
    rest = np.setdiff1d(np.arange(len(y_new)), np.asarray(taught, dtype=int))
    taught = np.asarray(taught, dtype=int)
    X, y = np.vstack([X_train, X_new[taught]]), np.concatenate([y_train, y_new[taught]])
    model = (fit or fitted)(X, y)
    return int(np.sum(model.predict(X_new[rest]) == y_new[rest])), len(rest), len(taught)


def three(right, rest, taught):
    """Give the three shares that exercise 5 asks for."""
    return [right / rest, right / (rest + taught), (right + taught) / (rest + taught)]


def after(*arguments):
    """Give what exercise 5 asks for."""
    return three(*numbers_after(*arguments))


def nothing_learned(X_train, y_train, X_new, y_new, taught):
    """Leave the taught pictures out, and do not train with them."""
    return three(
        *numbers_after(
            X_train, y_train, X_new, y_new, taught, fit=lambda X, y: fitted(X_train, y_train)
        )
    )


def nothing_left_out(X_train, y_train, X_new, y_new, taught):
    """Judge on the taught pictures too."""
    model = fitted(np.vstack([X_train, X_new[taught]]), np.append(y_train, y_new[taught]))
    right = int(np.sum(model.predict(X_new) == y_new))
    return [right / len(y_new)] * 3


def judged_on_all(X_train, y_train, X_new, y_new, taught):
    """Judge the first number on the taught pictures too."""
    return [
        nothing_left_out(X_train, y_train, X_new, y_new, taught)[0],
        *after(X_train, y_train, X_new, y_new, taught)[1:],
    ]


def taught_ones_judged(X_train, y_train, X_new, y_new, taught):
    """Count the taught pictures in the third number by what the door says of them."""
    return [
        *after(X_train, y_train, X_new, y_new, taught)[:2],
        nothing_left_out(X_train, y_train, X_new, y_new, taught)[2],
    ]


def the_rest_learned(X_train, y_train, X_new, y_new, taught):
    """Train with the rest, and judge on it."""
    rest = np.setdiff1d(np.arange(len(y_new)), taught)
    return three(
        *numbers_after(
            X_train,
            y_train,
            X_new,
            y_new,
            taught,
            fit=lambda X, y: fitted(
                np.vstack([X_train, X_new[rest]]), np.append(y_train, y_new[rest])
            ),
        )
    )


def scaled(X_train, y_train, X_new, y_new, taught):
    """Give the numbers of a classifier on scaled columns."""
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    return after((X_train - mean) / deviation, y_train, (X_new - mean) / deviation, y_new, taught)


def counted(*arguments):
    """Give numbers of pictures."""
    right, _, taught = numbers_after(*arguments)
    return [right, right, right + taught]


def divided_by(choose):
    """Give the function that divides all three by the same number."""

    def wrong(*arguments):
        right, rest, taught = numbers_after(*arguments)
        n = choose(rest, taught)
        return [right / n, right / n, (right + taught) / n]

    return wrong


def some_doors(seed, n_train=12, n_new=14, n_columns=3, shift=2.5):
    """Draw pictures of three classes, some of the new ones of another kind."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 1.6, (3, n_columns))
    y_train, y_new = np.arange(n_train) % 3, rng.integers(0, 3, n_new)
    other_kind = rng.random(n_new) < 0.5
    X_train = centres[y_train] + rng.normal(0, 0.8, (n_train, n_columns))
    X_new = centres[y_new] + rng.normal(0, 0.8, (n_new, n_columns))
    X_new = X_new + shift * other_kind[:, np.newaxis]
    return {
        "X_train": X_train.round(2),
        "y_train": y_train,
        "X_new": X_new.round(2),
        "y_new": y_new,
    }


def teaching(seed, taught, about="", **sizes):
    """Make a case, held against a computation of the checks' own."""
    given = {**some_doors(seed, **sizes), "taught": taught}
    return Case(given, after(*given.values()), about=about)


AFTER_TEACHING = FunctionTest(
    "after_teaching",
    "5",
    [
        teaching(42, [2, 5]),
        teaching(67, [0, 7, 9]),
        teaching(68, [], about="nothing that is taught"),
        teaching(23, [3, 4, 11], about="a taught picture that the door still gets wrong"),
    ],
    check_array,
    mistakes={
        "The taught pictures are left out of the first number, and the door never learned from "
        "them: that is the swindler's repair. Train with them.": nothing_learned,
        "What the door was taught, it knows. Leave it out where it is judged.": [
            nothing_left_out,
            judged_on_all,
        ],
        "The door was trained with the pictures that it is judged on. Train with the taught ones, "
        "judge on the rest.": the_rest_learned,
        "The second number counts the taught pictures as wrong, the third as right: here it is the "
        "other way round.": lambda *arguments: np.array(after(*arguments))[[0, 2, 1]],
        "The third number counts the taught pictures as right, whatever the door says of them.": (
            taught_ones_judged
        ),
        "Those are numbers of pictures. Give shares.": counted,
        "The first number is a share of the rest, the other two of *all* new pictures.": [
            divided_by(lambda rest, taught: rest),
            divided_by(lambda rest, taught: rest + taught),
        ],
        "Take the features as they are, without scaling.": scaled,
    },
)

MOST = 3
ALL_POINTS = 4


def the_rest_of(taught):
    """Give the new pictures that were not taught."""
    X, y = new_pictures()
    rest = np.setdiff1d(np.arange(len(y)), taught)
    return X[rest], y[rest], f"{len(rest)} pictures that you did not teach"


@dataclass(frozen=True)
class TeachTest:
    """A test of which pictures somebody teaches: by what the door gets right afterwards.

    Parameters
    ----------
    name, exercise
        As for `Test`.
    judged_on
        Is given the taught rows, and gives features and labels of the pictures that count, with a
        word about them.
    usual, needed
        How many more of those may come out right after teaching foxes of any kind, which is worth
        no points, and how many more must come out right for all points.
    """

    name: str
    exercise: str
    judged_on: Callable
    usual: int
    needed: int

    def names(self):
        """Give the learner's names that it takes."""
        return (self.name,)

    def extended(self, more):
        """Give this test with other pictures to judge on, and other numbers for those."""
        judged_on, usual, needed = more
        return replace(self, judged_on=judged_on, usual=usual, needed=needed)

    def run(self, answer):
        """Teach the pictures, and count."""
        rows = row_numbers(self.name, answer, "of the pictures to teach")
        X_new, y_new = new_pictures()
        if len(rows) > MOST:
            raise IncorrectError(
                f"`{self.name}` has {len(rows)} pictures: the button works {MOST} times."
            )
        for row in rows:
            if not 0 <= row < len(y_new):
                raise IncorrectError(
                    f"`{self.name}` has {row}: there are only rows 0 to {len(y_new) - 1}."
                )
        X, y = training_pictures()
        before = fitted(X, y)
        after_it = fitted(np.vstack([X, X_new[rows]]), np.append(y, y_new[rows]))
        X_judged, y_judged, words = self.judged_on(rows)
        right = [int(np.sum(model.predict(X_judged) == y_judged)) for model in (before, after_it)]
        gain = right[1] - right[0]
        if gain >= self.needed:
            return
        told = f"Of the {words}, {right[1]} come out right; before teaching it was {right[0]}."
        told += f" All points are for {self.needed} more, and none for {self.usual}."
        share = (gain - self.usual) / (self.needed - self.usual)
        points = min(round(ALL_POINTS * share, 1), ALL_POINTS - 0.1)
        if points <= 0:
            known = before.predict(X_new[rows]) == y_new[rows]
            hint = "\nHint: The door got all of these right anyway. What could it learn from them?"
            raise IncorrectError(told + hint * bool(known.all()))
        raise PartlyRightError(
            f"{points:g} of {ALL_POINTS} points, as far as this check sees.\n{told}", points
        )


TEACH = TeachTest("teach", "6", the_rest_of, 4, 7)

# ---- the notebook's ------------------------------------------------------------------------------

CHECKLIST = Checklist(
    [
        COUNT_CONFUSIONS,
        PICK_EXAMPLES,
        PICK,
        IN_THE_GROUP,
        GROUP_REPORT,
        AFTER_TEACHING,
        TEACH,
    ],
    by_hand={"7": "what do you tell them"},
)
check = CHECKLIST.check
show_progress = CHECKLIST.show_progress
