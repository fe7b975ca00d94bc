"""What the checks of assignment 5 try, and what they know about mistakes.

The notebook's checks call this. Solve the exercises before you read on: what follows gives away a
good part of the fun.
"""

import shutil
import string
import uuid
from itertools import pairwise
from pathlib import Path

import numpy as np
from a5_network import small_weights
from a5_sealed import PROGRAMS

from course_utils.checks import (
    Case,
    Checklist,
    ExamplesTest,
    FunctionTest,
    IncorrectError,
    NotAttemptedError,
    Test,
    check_array,
    check_function,
)
from course_utils.checks.calling import learners_function

# ---- exercise 1 ----------------------------------------------------------------------------------


def prepared(picture):
    """Bring a picture to the range that a small network wants."""
    return np.asarray(picture, dtype=float) / 127.5 - 1


def from_0_to_1(picture):
    """Divide a picture by 255, and do no more."""
    return np.asarray(picture, dtype=float) / 255


def from_0_to_255(picture):
    """Leave a picture as it is."""
    return np.asarray(picture, dtype=float)


def through(batch, network_name, training=False, scores=False, prepare=prepared):
    """Let a batch of pictures go through a small network, and give a row for each."""
    weights = small_weights(int(network_name.removeprefix("small-")))
    pixels = np.stack([prepare(picture) for picture in batch])
    values = pixels @ weights["colours"].T + weights["offsets"]
    mean, variance = weights["mean"], weights["variance"]
    if training:
        mean, variance = values.mean(axis=(0, 1, 2)), values.var(axis=(0, 1, 2))
    values = (values - mean) / np.sqrt(variance + 1e-5) * weights["scale"] + weights["shift"]
    rows = np.maximum(values, 0).mean(axis=(1, 2))
    return rows @ weights["classes"].T + weights["intercepts"] if scores else rows


def in_batches(names, pictures, network_name, batch_size, **how):
    """Give the features, batch by batch; ``how`` is for `through`."""
    starts = range(0, len(names), batch_size)
    return np.concatenate(
        [
            through([pictures[n] for n in names[start : start + batch_size]], network_name, **how)
            for start in starts
        ]
    )


def wrongly(**how):
    """Give the function that lets batches go through a network in a wrong way."""
    return lambda *arguments: in_batches(*arguments, **how)


def of_other_names(choose):
    """Give the function that makes rows for other names: ``choose`` takes names and pictures."""

    def wrong(names, pictures, network_name, batch_size):
        return in_batches(choose(names, pictures), pictures, network_name, batch_size)

    return wrong


def without_the_last(names, pictures, network_name, batch_size):
    """Give the features of the batches that are full."""
    whole = len(names) // batch_size * batch_size
    return in_batches(names[:whole], pictures, network_name, batch_size)


def one_batch_alone(which):
    """Give the function that returns the features of one batch."""

    def wrong(names, pictures, network_name, batch_size):
        batches = [names[s : s + batch_size] for s in range(0, len(names), batch_size)]
        return in_batches(batches[which], pictures, network_name, batch_size)

    return wrong


def by_the_last_part(names, pictures, network_name, batch_size):
    """Give rows for names of which only what follows the folder counts."""
    last = {name.split("/")[-1]: picture for name, picture in pictures.items()}
    return in_batches([n.split("/")[-1] for n in names], last, network_name, batch_size)


def only_the_layers(average):
    """Give the function that lets pictures go through the first two layers, and through no more."""

    def wrong(names, pictures, network_name, batch_size):
        weights = small_weights(int(network_name.removeprefix("small-")))
        pixels = np.stack([prepared(pictures[name]) for name in names])
        values = pixels @ weights["colours"].T + weights["offsets"] - weights["mean"]
        values = values / np.sqrt(weights["variance"] + 1e-5) * weights["scale"] + weights["shift"]
        return values.mean(axis=(1, 2)) if average else np.moveaxis(values, -1, 1)

    return wrong


def probabilities(*arguments):
    """Give what a softmax makes of the scores."""
    scores = np.exp(in_batches(*arguments, scores=True))
    return scores / scores.sum(axis=1, keepdims=True)


def some_files(seed, n, start=100):
    """Draw pictures for files of two cameras; of each number there are two."""
    rng = np.random.default_rng(seed)
    names = [f"{('desk', 'yard')[i % 2]}/IMG_{start + i // 2}.jpg" for i in range(n)]
    colours = rng.integers(0, 200, (n, 1, 1, 3))
    pictures = colours + rng.integers(0, 56, (n, 4, 5, 3))
    return {name: picture.astype(np.uint8) for name, picture in zip(names, pictures, strict=True)}


def features_case(names, pictures, network_name, batch_size, about=""):
    """Make a case of exercise 1."""
    given = [names, pictures, network_name, batch_size]
    arguments = dict(zip(["names", "pictures", "network_name", "batch_size"], given, strict=True))
    return Case(arguments, in_batches(*given), about=about)


FIVE, EIGHT, FOUR = some_files(1, 5), some_files(2, 8), some_files(3, 6)
D100, Y100, D101, Y101, D102, *_ = FIVE
SCORES = (
    "Those are the scores that come out of the last layer. Features are what goes into it: put a "
    "layer that does nothing in the place of `network.classifier`."
)
TRAINING = (
    "The network is in training mode: a picture's features depend on which others are in its batch."
)

FEATURES = FunctionTest(
    "features_in_batches",
    "1",
    [
        features_case([Y101, D100, D102, Y100, D101], FIVE, "small-1", 3),
        features_case(list(EIGHT)[::-1], EIGHT, "small-2", 4, about="two full batches"),
        features_case(
            ["yard/IMG_101.jpg", "desk/IMG_101.jpg", "yard/IMG_100.jpg", "yard/IMG_101.jpg"],
            FOUR,
            "small-3",
            2,
            about="a name that comes twice, and pictures that nobody asks for",
        ),
    ],
    check_array,
    mistakes={
        f"{TRAINING} And those are scores: features are what goes into the last layer.": wrongly(
            training=True, scores=True
        ),
        TRAINING: wrongly(training=True),
        SCORES: wrongly(scores=True),
        "Those are probabilities of classes. Features are what goes into the last layer.": (
            probabilities
        ),
        "The last batch is missing: it may be smaller than the others, and counts.": (
            without_the_last
        ),
        "That is the last batch alone: collect the rows of all of them.": one_batch_alone(-1),
        "That is the first batch alone. Does `return` stand inside of the loop?": (
            one_batch_alone(0)
        ),
        "Those rows are in the order of sorted names. Row i belongs to `names[i]`.": (
            of_other_names(lambda names, pictures: sorted(names))
        ),
        "Those rows are in the order of the dictionary, with a row for each of its pictures. Row i "
        "belongs to `names[i]`.": of_other_names(lambda names, pictures: list(pictures)),
        "Those rows are in the order of the dictionary. Row i belongs to `names[i]`.": (
            of_other_names(lambda names, pictures: [n for n in pictures if n in names])
        ),
        "A name that comes twice has two rows: row i belongs to `names[i]`.": of_other_names(
            lambda names, pictures: list(dict.fromkeys(names))
        ),
        "Two cameras have an `IMG_100.jpg`: a name is the whole of it, with its folder.": (
            by_the_last_part
        ),
        "That is what the layers give that `network.children()` lists. What a network does between "
        "its layers is not among them: put a layer that does nothing in the place of "
        "`network.classifier`, and call the whole network.": [
            only_the_layers(average=True),
            only_the_layers(average=False),
        ],
        "The pictures are not prepared: `prepare` brings them to the range that this network was "
        "trained with.": [wrongly(prepare=from_0_to_255), wrongly(prepare=from_0_to_1)],
    },
    options={"array": True, "rtol": 1e-3, "atol": 1e-4},
)

# ---- exercise 2 ----------------------------------------------------------------------------------

KEY_LENGTH = 64
NAMES = ["desk/IMG_100.jpg", "yard/IMG_100.jpg", "desk/IMG_101.jpg"]
CONTENTS = [b"a tabby", b"a black cat", b"a fox"]


def key_case(about, key, network="small-1", names=NAMES, contents=CONTENTS):
    """Make a case of exercise 2a; cases with one `key` must have one, and others others."""
    arguments = {"network_name": network, "names": list(names), "contents": list(contents)}
    return Case(arguments, key, about=about)


KEY_CASES = [
    key_case("the first morning", "first"),
    key_case("a second morning on which nothing has changed", "first"),
    key_case("a new network", "network", network="small-2"),
    key_case(
        "another picture in a file of the same name and size",
        "content",
        contents=[b"a tabby", b"a white cat", b"a fox"],
    ),
    key_case(
        "two files that exchanged their names", "exchanged", names=[NAMES[1], NAMES[0], NAMES[2]]
    ),
    key_case(
        "the same files in another order: so are the rows",
        "order",
        names=NAMES[::-1],
        contents=CONTENTS[::-1],
    ),
    key_case(
        "a file that came",
        "came",
        names=[*NAMES, "yard/IMG_101.jpg"],
        contents=[*CONTENTS, b"a dog"],
    ),
    key_case("a file with a new name", "renamed", names=[*NAMES[:2], "desk/IMG_102.jpg"]),
    key_case("the first morning, once more", "first"),
]


def run_cache_key(function, cases=KEY_CASES):
    """Check that keys are equal where nothing changed, and different where something did."""
    seen = {}

    def check_key(call, answer, expected):
        key = str(answer) if isinstance(answer, (str, np.str_)) else None
        if key is None or len(key) != KEY_LENGTH or set(key) - set(string.hexdigits):
            given = type(answer).__name__ if key is None else "other text"
            raise IncorrectError(
                f"`{call}` should be text of {KEY_LENGTH} hexadecimal digits, as `hexdigest()` of "
                f"hashlib gives it; it is {given}."
            )
        if expected in seen and seen[expected] != key:
            raise IncorrectError(
                f"`{call}` gives another key although nothing has changed: nothing would be found. "
                "Does it use `hash`, the time, or something that it remembers?"
            )
        for other, earlier in seen.items():
            if other != expected and earlier == key:
                raise IncorrectError(
                    f"`{call}` gives the same key as before although something has changed: "
                    "rows that are wrong would be found."
                )
        seen[expected] = key

    check_function("cache_key", function, cases, check_key)


CACHE_KEY = Test("cache_key", "2a", run_cache_key)

MONDAY = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
TUESDAY = np.array([[7.0, 8.5], [9.0, 1.0], [2.0, 3.0]])
LONGER = np.array([[0.5, 1.5, 2.5], [3.5, 4.5, 5.5], [6.5, 7.5, 8.5], [9.5, 0.5, 1.5]])
KEYS = [letter * KEY_LENGTH for letter in "abc"]


class Disk:
    """A learner's `keep` and `find`, and a folder for them.

    Parameters
    ----------
    keep, find
        The learner's.
    """

    def __init__(self, keep, find):
        self.keep_function = self._function("keep", keep, 4)
        self.find_function = self._function("find", find, 2)
        # Beside the notebook: the one place that can be written to wherever an answer runs.
        self.folder = f"rows-of-a-check-{uuid.uuid4().hex[:12]}"

    def clear(self):
        """Take away what was written, if it was written here."""
        for folder in (self.folder, f"{self.folder}-after-the-cut"):
            shutil.rmtree(folder, ignore_errors=True)
        # An answer that exchanges folder and name makes a folder that is called like a key.
        for key in KEYS:
            for folder in Path().glob(f"{key}*"):
                shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def _function(name, function, count):
        learned = None if function is ... or function is None else learners_function(function)
        if learned is None:
            raise IncorrectError(f"`{name}` should be a function; it is {function!r:.80}.")
        if learned.has_no_body():
            raise NotAttemptedError(f"`{name}` has no code in it yet.")
        signature = learned.refuses(count)
        if signature is not None:
            raise IncorrectError(f"`{name}` should take {count} arguments; it takes {signature}.")
        return learned

    def _call(self, name, function, arguments, what, may_raise=None):
        called = function.call(arguments)
        failure = called.failure
        if failure is not None and failure.unfinished is not None:
            raise NotAttemptedError.still_a_stub(f"`{failure.unfinished}`")
        if failure is not None and failure.kind != may_raise:
            line = f", in line {failure.line} of its cell: `{failure.code}`" if failure.code else ""
            message = failure.message.replace(self.folder, "folder")[:300]
            raise IncorrectError(
                f"`{name}` raised {failure.kind}: {message}{line}.\nThis is the case of {what}."
            )
        if called.changed:
            raise IncorrectError(f"`{name}` changed one of its arguments: work on a copy.")
        return called

    def keep(self, key, rows, what):
        """Keep rows while the power holds."""
        self._call("keep(…)", self.keep_function, [self.folder, key, rows, None], what)

    def keep_until_the_cut(self, key, rows, power):
        """Keep rows until the power fails."""
        what = f"a power cut after {power} of {len(rows)} rows"
        call = f"keep(…, power={power})"
        arguments = [self.folder, key, rows, power]
        called = self._call(call, self.keep_function, arguments, what, "PowerCut")
        if called.failure is None:
            raise IncorrectError(
                f"`{call}` came to its end as if the power had held. Hand `power` on to "
                "`write_rows`, and let the PowerCut through: nothing of a program runs after it."
            )

    def expect(self, key, rows, what, advice, after_the_cut=False):
        """Find what was kept; ``rows`` is None where nothing is to be found."""
        folder = f"{self.folder}-after-the-cut" if after_the_cut else self.folder
        called = self._call("find(…)", self.find_function, [folder, key], what)
        answer = called.answer
        story = f"This is the case of {what}.\n{advice}"
        if rows is None:
            if answer is not None:
                shape = np.shape(np.asarray(answer, dtype=object))
                raise IncorrectError(
                    f"`find(…)` should give None; it gives something of shape {shape}.\n{story}"
                )
            return
        if answer is None:
            raise IncorrectError(f"`find(…)` gives None instead of the rows.\n{story}")
        try:
            check_array("find(…)", answer, rows, array=True)
        except IncorrectError as error:
            raise IncorrectError(f"{error.args[0]}\n{story}") from None


def nothing_yet(disk):
    """Nothing was ever kept."""
    disk.expect(KEYS[0], None, "a folder that does not exist yet", "Nothing is kept there.")


def several_keys(disk):
    """Two tables of the same size, one after the other."""
    disk.keep(KEYS[0], MONDAY, "a first table")
    disk.expect(KEYS[0], MONDAY, "a table that was kept", "Does `find` look where `keep` wrote?")
    disk.expect(
        KEYS[1],
        None,
        "a key under which nothing was kept, in a folder that holds another table",
        "That table belongs to another key.",
    )
    disk.keep(KEYS[1], TUESDAY, "a second table")
    disk.expect(KEYS[1], TUESDAY, "a second table of the same size", "Each key has a table.")
    disk.expect(
        KEYS[0], MONDAY, "a table after which another was kept", "Both stay: each key has its own."
    )


HALF = (
    "The file has the name that `find` looks for while it is still being written. Nothing of your "
    "program runs after a power cut, so nobody takes it away."
)
LOST = (
    "What was kept under this key before is no longer whole. Until the new rows are whole, the old "
    "ones have to stay, in a file that nobody writes to."
)


def a_cut(disk, key=KEYS[2], rows=LONGER, power=2):
    """The power fails while a table is kept, and the next time it holds."""
    what = f"a power cut after {power} of {len(rows)} rows"
    disk.keep_until_the_cut(key, rows, power)
    disk.expect(key, None, what, HALF, after_the_cut=True)
    disk.expect(key, None, f"{what}, on the same disk", HALF)
    disk.keep(key, rows, "keeping a table again after a power cut")
    disk.expect(key, rows, "a table that was kept again after a power cut", "It is whole now.")


def a_cut_over_old_rows(disk, key=KEYS[0], old=MONDAY, new=TUESDAY, power=1):
    """The power fails while rows are kept under a key that has some."""
    what = f"a power cut after {power} of {len(new)} rows, under a key that had rows before"
    disk.keep(key, old, "a table")
    disk.keep_until_the_cut(key, new, power)
    disk.expect(key, old, what, LOST, after_the_cut=True)
    disk.keep(key, new, "keeping other rows under the same key")
    disk.expect(
        key, new, "other rows kept under the same key", "The new ones take the place of the old."
    )


def run_on_a_disk(keep, find, scenes=(nothing_yet, several_keys, a_cut, a_cut_over_old_rows)):
    """Play scenes, each on a disk of its own."""
    for scene in scenes:
        disk = Disk(keep, find)
        try:
            scene(disk)
        finally:
            disk.clear()


KEEP_AND_FIND = Test("keep_and_find", "2b", run_on_a_disk, takes=("keep", "find"))

# ---- exercise 3 ----------------------------------------------------------------------------------

ALIKE_EXAMPLES = ExamplesTest(
    "alike_examples",
    "3",
    "most_alike",
    ["features", "row", "k", "metric"],
    right=PROGRAMS.right,
    wrong=PROGRAMS.WRONG,
    check=check_array,
    points=2,
    accepts=PROGRAMS.accepts,
    at_least=5,
)

# ---- exercise 4 ----------------------------------------------------------------------------------


def lengths(features):
    """Give the length of each row."""
    return np.sqrt((features**2).sum(axis=1))


def by_cosine(features, row):
    """Give how unlike the others are in direction; products of whole numbers stay exact."""
    return -(features @ features[row]) / (lengths(features) * lengths(features)[row])


def by_product(features, row):
    """Give how unlike the others are by the product alone."""
    return -(features @ features[row])


def by_angle_either_way(features, row):
    """Give how unlike the others are when the opposite direction counts as the same."""
    return -np.abs(by_cosine(features, row))


def by_distance(features, row):
    """Give the distance of the others."""
    return ((features - features[row]) ** 2).sum(axis=1)


def by_steps(features, row):
    """Give the distance when one can only go along the axes."""
    return np.abs(features - features[row]).sum(axis=1)


def alike(features, row, k, metric, cosine=by_cosine, euclidean=by_distance):
    """Give the k most alike, the most alike first."""
    unlike = (cosine if metric == "cosine" else euclidean)(features, row)
    order = np.argsort(np.round(unlike, 12), kind="stable")
    return order[order != row][:k]


def alike_by(**measures):
    """Give the function that measures in another way."""
    return lambda *arguments: alike(*arguments, **measures)


def with_itself(features, row, k, metric):
    """Give the k most alike, with the row itself first."""
    return [row, *alike(features, row, len(features) - 1, metric)][:k]


def one_too_few(features, row, k, metric):
    """Take k, and then take the row itself out."""
    return alike(features, row, k, metric)[: k - 1]


def first_taken_for_itself(features, row, k, metric):
    """Leave out the first in the order, which need not be the row itself."""
    unlike = (by_cosine if metric == "cosine" else by_distance)(features, row)
    return np.argsort(np.round(unlike, 12), kind="stable")[1 : k + 1]


def numbers_that_slipped(features, row, k, metric):
    """Number the rows that are left when the row itself is taken out."""
    order = alike(features, row, k, metric)
    return order - (order > row)


def without_equals(features, row, k, metric):
    """Leave out every row that is equal to the one that asks."""
    order = alike(features, row, len(features) - 1, metric)
    return [other for other in order if (features[other] != features[row]).any()][:k]


def least_alike(features, row, k, metric):
    """Give the least alike first."""
    return alike(features, row, k, metric, lambda *x: -by_cosine(*x), lambda *x: -by_distance(*x))


def last_of_equals(features, row, k, metric):
    """Give the k most alike, of equally alike ones the larger number first."""
    unlike = np.round((by_cosine if metric == "cosine" else by_distance)(features, row), 12)
    order = np.lexsort([-np.arange(len(features)), unlike])
    return order[order != row][:k]


def ranks(features, row, k, metric):
    """Give the place of each row, and not the rows at the places."""
    order = alike(features, row, len(features) - 1, metric)
    return np.argsort(order, kind="stable")[:k]


ARROWS = np.array([[2.0, 0.0], [6.0, 2.0], [2.0, 1.0], [0.0, 3.0], [-4.0, 0.0], [1.0, 0.0]])
# Directions along the axes: their cosines are exactly 0 and 1 in whatever way they are computed.
EQUALS = np.array([[0.0, 2.0], [3.0, 1.0], [0.0, 2.0], [0.0, 4.0], [5.0, 5.0], [0.0, 2.0]])


def alike_case(features, row, k, metric, about=""):
    """Make a case of exercise 4."""
    given = {"features": features, "row": row, "k": k, "metric": metric}
    return Case(given, alike(*given.values()), about=about)


MOST_ALIKE = FunctionTest(
    "most_alike",
    "4",
    [
        alike_case(ARROWS, 0, 3, "cosine"),
        alike_case(ARROWS, 0, 3, "euclidean"),
        alike_case(ARROWS, 3, 5, "cosine", about="all of the other rows"),
        alike_case(ARROWS, 3, 5, "euclidean", about="all of the other rows"),
        alike_case(EQUALS, 2, 4, "euclidean", about="rows that are equal to the one that asks"),
        alike_case(EQUALS, 2, 5, "cosine", about="rows that are equal to the one that asks"),
    ],
    check_array,
    mistakes={
        "The row itself is among them: it is no answer to itself.": with_itself,
        "One is missing: take the row itself out first, and then keep k.": one_too_few,
        "The row itself need not stand first: another one may be equal to it. Take it out by its "
        "number.": first_taken_for_itself,
        "Numbers have slipped: when a row is taken out of the table, those behind it get another "
        "number.": numbers_that_slipped,
        "A row that is equal to the one that asks, but is not it, is a very good answer.": (
            without_equals
        ),
        "Those are the least alike.": least_alike,
        "Of equally alike rows, the one with the smaller number comes first. (`np.argsort` keeps "
        'their order with `kind="stable"`.)': last_of_equals,
        "Those are the distances' answers for both metrics.": alike_by(cosine=by_distance),
        "Those are the cosine's answers for both metrics.": alike_by(euclidean=by_cosine),
        "With the cosine, lengths must not matter: divide the product by the lengths of both "
        "rows.": alike_by(cosine=by_product),
        "With the cosine, those with the smallest one come first here. A large cosine means alike."
        "": alike_by(cosine=lambda *x: -by_cosine(*x)),
        "The opposite direction has a cosine of -1, and is the least alike: leave its sign.": (
            alike_by(cosine=by_angle_either_way)
        ),
        "As by a ruler: square the differences, and do not take their absolute values.": alike_by(
            euclidean=by_steps
        ),
        "Those are the places at which rows stand. Return the numbers of the rows.": ranks,
    },
)

# ---- exercise 5 ----------------------------------------------------------------------------------


def numbered(contents):
    """Give each file the number of its picture."""
    seen = {}
    return [seen.setdefault(content, len(seen)) for content in contents]


def first_places(contents):
    """Give for each file the place of the first one with the same content."""
    return [contents.index(content) for content in contents]


def in_sorted_order(contents):
    """Number the pictures in sorted order."""
    return [sorted(set(contents)).index(content) for content in contents]


def neighbours_only(contents):
    """Compare each file with the one before it only."""
    numbers = [0]
    for before, content in pairwise(contents):
        numbers.append(numbers[-1] + (content != before))
    return numbers


def by_size(contents):
    """Take files of one size for the same."""
    return numbered([len(content) for content in contents])


def copies_so_far(contents):
    """Count how often each content has come before."""
    return [contents[:i].count(content) for i, content in enumerate(contents)]


PICTURE_NUMBERS = FunctionTest(
    "picture_numbers",
    "5a",
    [
        Case({"contents": [b"x", b"y", b"x", b"z", b"y", b"x"]}, [0, 1, 0, 2, 1, 0]),
        Case(
            {"contents": [b"tabby", b"spotted", b"collie", b"tabby", b"a fox", b"collie"]},
            [0, 1, 2, 0, 3, 2],
            about="files of the same size with different pictures",
        ),
        Case({"contents": [b"d", b"d", b"c", b"b", b"b", b"d"]}, [0, 0, 1, 2, 2, 0]),
    ],
    check_array,
    mistakes={
        "Pictures are numbered from 0.": lambda contents: [1 + n for n in numbered(contents)],
        "Each file has a number of its own here: equal contents have equal numbers.": (
            lambda contents: list(range(len(contents)))
        ),
        "Those are the places where each picture comes first. The next new picture gets the next "
        "number, without gaps.": first_places,
        "Those are numbered in sorted order. The picture of the first file is number 0.": (
            in_sorted_order
        ),
        "A copy need not stand next to its original: remember all that you have seen.": (
            neighbours_only
        ),
        "Files of one size need not hold the same picture: compare what is in them.": by_size,
        "Those count how often a picture has come before.": copies_so_far,
        "Those count how often each picture is there.": (
            lambda contents: [contents.count(content) for content in contents]
        ),
    },
)


def the_model(X, y, scaled=True):
    """Fit lecture 5's classifier."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = LogisticRegression(max_iter=2000)
    return (make_pipeline(StandardScaler(), model) if scaled else model).fit(X, y)


def standardised(table, by=None):
    """Scale by the means and deviations of a table: its own, or another's."""
    by = table if by is None else by
    deviations = by.std(axis=0)
    return (table - by.mean(axis=0)) / np.where(deviations > 0, deviations, 1)


def chances(features, labels, numbers, every, scale=None, new=None):
    """Give the probabilities for new files.

    ``scale`` gives the scaled tables of training and new files, and ``new`` says which are new.
    """
    is_new = numbers % every == 0 if new is None else new(numbers, every)
    train, test = features[~is_new], features[is_new]
    if scale is not None:
        train, test = scale(features, is_new)
    return the_model(train, labels[~is_new], scaled=scale is None).predict_proba(test)


def chances_with(**how):
    """Give the function that does something in another way."""
    return lambda *arguments: chances(*arguments, **how)


def scaled_by_all(features, is_new):
    """Scale by the means of all files."""
    table = standardised(features)
    return table[~is_new], table[is_new]


def scaled_apart(features, is_new):
    """Scale each part by its own means."""
    return standardised(features[~is_new]), standardised(features[is_new])


def only_training_scaled(features, is_new):
    """Scale the training files, and leave the new ones as they are."""
    return standardised(features[~is_new]), features[is_new]


def not_scaled(features, is_new):
    """Scale nothing."""
    return features[~is_new], features[is_new]


def each_file_for_itself(numbers, every):
    """Say that every so manieth file is new, whatever its picture is."""
    return np.arange(len(numbers)) % every == 0


def exchanged(numbers, every):
    """Take the training files for the new ones."""
    return numbers % every != 0


def fitted_to_all(features, labels, numbers, every):
    """Fit to all files, and ask for the new ones."""
    return the_model(features, labels).predict_proba(features[numbers % every == 0])


def asked_for_all(features, labels, numbers, every):
    """Fit as one should, and ask for all files."""
    is_new = numbers % every == 0
    return the_model(features[~is_new], labels[~is_new]).predict_proba(features)


def asked_for_training(features, labels, numbers, every):
    """Fit as one should, and ask for the training files."""
    is_new = numbers % every == 0
    return the_model(features[~is_new], labels[~is_new]).predict_proba(features[~is_new])


def one_file_a_picture(features, labels, numbers, every):
    """Give the probabilities of the first file of each new picture."""
    first = np.unique(numbers, return_index=True)[1]
    is_first = np.isin(np.arange(len(numbers)), first)
    new = numbers % every == 0
    return the_model(features[~new], labels[~new]).predict_proba(features[new & is_first])


def a_collection(seed, n_pictures=15, n_files=24, n_columns=5, words=("gone", "waiting")):
    """Draw files of pictures, of which some come several times; columns differ in scale."""
    rng = np.random.default_rng(seed)
    numbers = np.array(numbered([*range(n_pictures), *rng.integers(0, n_pictures, n_files)]))
    numbers = np.array(numbered(rng.permutation(numbers)[:n_files].tolist()))
    rows = rng.normal(0, 1, (n_pictures, n_columns))
    home = np.array([words[i % len(words)] for i in rng.permutation(n_pictures)])
    rows = rows + 0.8 * (home == words[0])[:, np.newaxis]
    rows[::3] += 1.5  # new pictures were taken on a brighter day
    scales = 10.0 ** (np.arange(n_columns) % 4 - 1)
    return {
        "features": (rows * scales + 2 * scales)[numbers].round(4),
        "labels": home[numbers],
        "numbers": numbers,
    }


def chances_case(seed, every=3, about="", **collection):
    """Make a case of exercise 5b."""
    given = {**a_collection(seed, **collection), "every": every}
    return Case(given, chances(*given.values()), about=about)


CHANCES = FunctionTest(
    "chances_of_new",
    "5b",
    [
        chances_case(1),
        chances_case(
            2,
            every=4,
            about="every fourth picture, and three classes",
            words=("gone", "ill", "waiting"),
            n_files=30,
        ),
    ],
    check_array,
    mistakes={
        "Those put aside every so manieth *file*, so that copies stand on both sides. Split by the "
        "numbers of the pictures.": chances_with(new=each_file_for_itself),
        "The mean and the deviation are those of all files, the new ones among them. Scaling is "
        "learned too: from the training files only.": chances_with(scale=scaled_by_all),
        "The new files are scaled by their own mean and deviation. They get those of the training "
        "files: nothing is fitted to new files.": chances_with(scale=scaled_apart),
        "The new files have to be scaled as well, as the training files were.": chances_with(
            scale=only_training_scaled
        ),
        "Those are not scaled: `StandardScaler` comes first.": chances_with(scale=not_scaled),
        "That model has been fitted to the new files as well.": fitted_to_all,
        "The two parts are exchanged: new are the files whose picture's number can be divided by "
        "`every`.": chances_with(new=exchanged),
        "Those are the probabilities of all files. Give those of the new ones only.": asked_for_all,
        "Those are the probabilities of the training files.": asked_for_training,
        "All new files have a row, the copies among them too.": one_file_a_picture,
    },
    options={"array": True, "rtol": 0, "atol": 2e-3},
)

# ---- the notebook's ------------------------------------------------------------------------------

CHECKLIST = Checklist(
    [
        FEATURES,
        CACHE_KEY,
        KEEP_AND_FIND,
        ALIKE_EXAMPLES,
        MOST_ALIKE,
        PICTURE_NUMBERS,
        CHANCES,
    ],
    by_hand={"6": "what you tell the station"},
)
check = CHECKLIST.check
show_progress = CHECKLIST.show_progress
