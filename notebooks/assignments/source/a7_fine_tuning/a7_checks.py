"""What the checks of assignment 7 try, and what they know about mistakes.

The notebook's checks call this. Solve the exercises before you read on: what follows gives away a
good part of the fun.
"""

import math
from collections.abc import Sequence

import numpy as np
from a7_sealed import PROGRAMS

from course_utils.checks import (
    Called,
    Case,
    Checklist,
    ExamplesTest,
    Failure,
    FunctionTest,
    IncorrectError,
    LearnersFunction,
    NotAttemptedError,
    Test,
    check_array,
    check_function,
    check_labels,
    check_number,
)
from course_utils.checks.calling import learners_function
from course_utils.checks.plain import describe, equal, plain, refuse_blank, short

# ---- exercise 1 ----------------------------------------------------------------------------------

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def norm(name, size):
    """Give what a layer of batch normalisation brings along."""
    return [
        (f"{name}.weight", (size,)),
        (f"{name}.bias", (size,)),
        (f"{name}.running_mean", (size,)),
        (f"{name}.running_var", (size,)),
        (f"{name}.num_batches_tracked", ()),
    ]


HEAD = [("head.weight", (2, 4)), ("head.bias", (2,))]
SMALL = [("conv.weight", (4, 3, 3, 3)), *norm("bn", 4), *HEAD]
SCALED = [("scale", ()), ("head.weight", (3, 5)), ("head.bias", (3,))]


def parameters(entries):
    """Leave out what is no parameter."""
    return [entry for entry in entries if not entry[0].endswith(STATISTICS)]


def numbers(entries):
    """Count the numbers in all of these."""
    return sum(math.prod(shape) for _, shape in entries)


def sides(entries):
    """Add up the lengths of all axes."""
    return sum(sum(shape) for _, shape in parameters(entries))


COUNT = FunctionTest(
    "count",
    "1a",
    [
        Case({"entries": HEAD}, 10, about="a head alone"),
        Case({"entries": SMALL}, 126, about="a layer, its batch normalisation, and a head"),
        Case({"entries": SCALED}, 19, about="a parameter that is a single number, of shape ()"),
    ],
    check_number,
    mistakes={
        "Those are numbers of tensors. Count the numbers in them: a shape of (4, 3) has 12.": [
            len,
            lambda entries: len(parameters(entries)),
        ],
        "The statistics of batch normalisation are among them. They are no parameters: no gradient "
        "reaches them.": [
            numbers,
            lambda entries: numbers([e for e in entries if not e[0].endswith("tracked")]),
            lambda entries: numbers([e for e in entries if "mean" not in e[0]]),
        ],
        "One of the three is still among them: `num_batches_tracked` is a single number, and no "
        "parameter either.": (
            lambda entries: numbers([e for e in entries if "running" not in e[0]])
        ),
        "The biases are missing. Each is a parameter like any other.": (
            lambda entries: numbers([e for e in parameters(entries) if not e[0].endswith("bias")])
        ),
        "Those are sums of the sides. A shape of (4, 3) holds 4 times 3 numbers.": sides,
        "A tensor of shape () holds one number.": (
            lambda entries: numbers([e for e in parameters(entries) if e[1]])
        ),
        "That counts batch normalisation as nothing. Its weight and its bias are parameters.": (
            lambda entries: numbers([e for e in parameters(entries) if not e[0].startswith("bn")])
        ),
    },
)

NETWORK = [
    ("stem.weight", (8, 3, 3, 3)),
    ("blocks.1.conv.weight", (8, 8, 1, 1)),
    *norm("blocks.1.bn", 8),
    ("blocks.10.conv.weight", (8, 8, 1, 1)),
    ("old.head.weight", (5, 8)),
    ("head.weight", (2, 8)),
    ("head.bias", (2,)),
]


def within(name, layer):
    """Say whether a parameter belongs to a layer."""
    return name == layer or name.startswith(f"{layer}.")


def names_where(entries, keep):
    """Give the names of the parameters that are kept."""
    return [name for name, _ in parameters(entries) if keep(name)]


def names_trained(entries, layers):
    """Give the names of the parameters of these layers."""
    return names_where(entries, lambda name: any(within(name, layer) for layer in layers))


def with_statistics(entries, layers):
    """Give the names of all that is in these layers."""
    return [name for name, _ in entries if any(within(name, layer) for layer in layers)]


def in_order_of_layers(entries, layers):
    """Give the names layer by layer, in the order of the layers."""
    return [name for layer in layers for name in names_trained(entries, [layer])]


def once_for_each_layer(entries, layers):
    """Give a name as often as it lies in one of the layers."""
    return [name for name, _ in parameters(entries) for layer in layers if within(name, layer)]


def check_names(name, answer, expected):
    """Check names; where there are too few or too many, say which."""
    if isinstance(answer, list | tuple) and answer and isinstance(answer[0], list | tuple):
        raise IncorrectError(f"`{name}` should hold names; it holds {describe(answer[0])}.")
    try:
        check_labels(name, answer, expected)
    except IncorrectError as error:
        given = plain(name, answer)
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise
        apart = {
            "Missing": [one for one in expected if one not in given],
            "Too many": [one for one in given if one not in expected],
        }
        told = [f"{what}: {some_of(names)}." for what, names in apart.items() if names]
        raise IncorrectError("\n".join([error.args[0], *told]), error.row) from None


def some_of(names, most=3):
    """Write some names down, and say how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(short(name) for name in names[:most]) + more


def opened(layers, about=""):
    """Make a case of the network above."""
    return Case({"entries": NETWORK, "layers": layers}, names_trained(NETWORK, layers), about=about)


TRAINED = FunctionTest(
    "trained",
    "1b",
    [
        opened(["head"], "the head alone"),
        opened(["blocks.1"], "a network that has `blocks.1` and `blocks.10`"),
        opened(["head", "blocks.1.bn"], "layers that are named in another order"),
        opened(["blocks.1", "blocks.1.bn", "head.bias"], "layers within layers"),
        opened([], "no layer at all: everything is frozen"),
    ],
    check_names,
    mistakes={
        "Those are the frozen ones. Give those that are trained.": lambda entries, layers: (
            names_where(entries, lambda name: not any(within(name, layer) for layer in layers))
        ),
        "`blocks.10` begins with `blocks.1` and is another layer: after a layer's name comes a "
        "dot, or nothing.": lambda entries, layers: names_where(
            entries, lambda name: any(name.startswith(layer) for layer in layers)
        ),
        "`old.head` has `head` in it and is another layer: a parameter's name *begins* with its "
        "layer's.": lambda entries, layers: names_where(
            entries, lambda name: any(layer in name for layer in layers)
        ),
        "The running statistics are among them. They are no parameters.": with_statistics,
        "The biases are missing. A layer's bias is trained with it.": lambda entries, layers: [
            name for name in names_trained(entries, layers) if not name.endswith("bias")
        ],
        "A layer holds all that is inside it, also where several more names follow.": (
            lambda entries, layers: names_where(
                entries, lambda name: name.rpartition(".")[0] in layers
            )
        ),
        "A layer's name may have dots in it: `blocks.1` is more than the first part of a name.": (
            lambda entries, layers: names_where(
                entries, lambda name: name.partition(".")[0] in layers
            )
        ),
        "Keep the order of `entries`, and give no name twice.": [
            in_order_of_layers,
            once_for_each_layer,
            lambda entries, layers: sorted(names_trained(entries, layers)),
        ],
        "A whole name counts as a layer too: `head.bias` names one parameter.": (
            lambda entries, layers: names_where(
                entries, lambda name: any(name.startswith(f"{layer}.") for layer in layers)
            )
        ),
        "`()` for no layer stands for: nothing is trained.": lambda entries, layers: (
            names_trained(entries, layers) if layers else names_where(entries, lambda name: True)
        ),
    },
)

# ---- exercise 2 ----------------------------------------------------------------------------------


def check_pixels(name, answer, expected, **options):
    """Check pictures: a NumPy array, of the type uint8 where those are that it should be."""
    check_array(name, answer, expected, array=True, rtol=0, atol=1e-9, **options)
    if expected.dtype == np.uint8 and answer.dtype != np.uint8:
        raise IncorrectError(
            f"`{name}` should be of type uint8, as the pictures were; it is of type {answer.dtype}."
        )


def pictures_of(seed, n, height, width, most=256):
    """Draw pictures, no two of their pixels alike but by chance."""
    shape = (n, height, width, 3)
    return np.random.default_rng(seed).integers(0, most, shape, dtype=np.uint8)


def times(pictures, factors):
    """Multiply each picture by its factor."""
    return pictures * np.reshape(factors, (-1, 1, 1, 1)).astype(float)


def as_pixels(values):
    """Round, bring into the range, and give as pixels."""
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def lit_case(pictures, factors, about=""):
    """Make a case. No product lies half-way between two levels: there are ways to round that."""
    return Case(
        {"pictures": pictures, "factors": factors}, as_pixels(times(pictures, factors)), about
    )


GREYS = np.array([[[[100] * 3, [201] * 3]], [[[3] * 3, [249] * 3]]], dtype=np.uint8)

LIT = FunctionTest(
    "lit",
    "2a",
    [
        lit_case(GREYS[:1], [0.6], "one picture that gets darker"),
        lit_case(GREYS, [1.3, 0.9], "two pictures, of which the first gets brighter"),
        lit_case(pictures_of(1, 3, 2, 2), [0.703, 1.0, 1.399], "three pictures in colour"),
    ],
    check_pixels,
    mistakes={
        "What is brighter than 255 began at 0 again, like the kilometres of an old car: bring it "
        "to 255 *before* you turn it into uint8.": lambda pictures, factors: (
            np.round(times(pictures, factors)).astype(np.int64).astype(np.uint8)
        ),
        "Those are cut off and not rounded: `astype` drops what is behind the point.": (
            lambda pictures, factors: np.clip(times(pictures, factors), 0, 255).astype(np.uint8)
        ),
        "uint8 cuts off what is behind the point, and begins at 0 again after 255. So two things "
        "come before it: round, and leave nothing above 255.": (
            lambda pictures, factors: times(pictures, factors).astype(np.int64).astype(np.uint8)
        ),
        "Nothing is brighter than white: 255 is the end.": lambda pictures, factors: np.round(
            times(pictures, factors)
        ),
        "There is a factor for each *picture*, along the first axis. Here they met another axis.": [
            lambda pictures, factors: as_pixels(pictures * np.array(factors)),
            lambda pictures, factors: as_pixels(pictures * np.array(factors)[:, np.newaxis]),
        ],
        "All pictures got the factor of the first.": lambda pictures, factors: as_pixels(
            pictures * factors[0]
        ),
        "Each picture is multiplied by its factor. Here something was added.": (
            lambda pictures, factors: as_pixels(
                pictures + 255 * (np.reshape(factors, (-1, 1, 1, 1)) - 1)
            )
        ),
        "Those run from 0 to 1. Pixels of type uint8 go from 0 to 255.": (
            lambda pictures, factors: times(pictures, factors).clip(0, 255) / 255
        ),
        "Those are divided by the factors: a factor above 1 makes brighter.": (
            lambda pictures, factors: as_pixels(times(pictures, 1 / np.array(factors)))
        ),
    },
)

SNAILS = {"left": "right", "right": "left"}
CATS = {"cat": "cat", "dog": "dog"}
LETTERS = {"b": "d", "d": "b", "A": "A"}


def check_augmented(name, answer, expected):
    """Check a tuple of pictures and labels."""
    refuse_blank(name, answer)
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise IncorrectError(
            f"`{name}` should be a tuple of two, `(pictures, labels)`; it is {describe(answer)}."
        )
    checks = {"pictures": check_pixels, "labels": check_labels}
    for place, (what, check) in enumerate(checks.items()):
        try:
            check(f"{name}[{place}]", answer[place], expected[place])
        except IncorrectError as error:
            raise IncorrectError(
                f"{error.args[0]}\nThe answer is a tuple, and [{place}] in it is the {what}.",
                error.row,
            ) from None


def draws_of(seed, n):
    """Draw a number for each picture."""
    return np.random.default_rng(seed).random(n)


def flipped(picture):
    """Swap left and right."""
    return picture[:, ::-1]


def changed_by(chosen, flip=flipped, renamed=lambda label, partner: partner[label]):
    """Give the function that changes some pictures in this way, and their labels in that."""

    def change(pictures, labels, partner, seed):
        changed, names = pictures.copy(), list(labels)
        for i in np.flatnonzero(chosen(labels, partner, seed)):
            changed[i] = flip(pictures[i])
            names[i] = renamed(labels[i], partner) if labels[i] in partner else labels[i]
        return changed, names

    return change


def below_a_half(labels, partner, seed):
    """Choose as the text says."""
    may = np.array([label in partner for label in labels], dtype=bool)
    return may & (draws_of(seed, len(labels)) < 0.5)


mirror = changed_by(below_a_half)


def never_flipped(labels, partner, seed):
    """Choose none."""
    return np.zeros(len(labels), dtype=bool)


def all_labels_renamed(pictures, labels, partner, seed):
    """Change the label of every picture, mirrored or not."""
    changed, _ = mirror(pictures, labels, partner, seed)
    return changed, [partner.get(label, label) for label in labels]


def every_second_drawn(labels, partner, seed):
    """Draw only for pictures that may be mirrored."""
    may = np.flatnonzero([label in partner for label in labels])
    chosen = never_flipped(labels, partner, seed)
    chosen[may[draws_of(seed, len(may)) < 0.5]] = True
    return chosen


def one_draw(labels, partner, seed):
    """Draw once, for all pictures together."""
    may = np.array([label in partner for label in labels], dtype=bool)
    return may & (draws_of(seed, 1)[0] < 0.5)


def cut_off(pictures, labels, partner, seed):
    """Put the new labels into an array that has room for the old ones."""
    changed, names = mirror(pictures, labels, partner, seed)
    return changed, [name[: max(map(len, labels))] for name in names]


def mirrored_case(seed, labels, partner, about, pixels=1, shape=(2, 3)):
    """Make a case."""
    given = {
        "pictures": pictures_of(pixels, len(labels), *shape),
        "labels": labels,
        "partner": partner,
        "seed": seed,
    }
    return Case(given, mirror(*given.values()), about)


MIRRORED = FunctionTest(
    "mirrored",
    "2b",
    [
        mirrored_case(0, ["right", "left", "right", "left"], SNAILS, "snails, with the seed 0"),
        mirrored_case(5, ["cat", "dog", "cat", "cat", "dog"], CATS, "cats and dogs"),
        mirrored_case(
            3, ["b", "7", "d", "7", "A", "b", "7"], LETTERS, "signs, of which 7 has no partner"
        ),
        mirrored_case(4, ["right", "right", "left"], SNAILS, "snails, with the seed 4", 2, (3, 3)),
        mirrored_case(6, ["left"] * 4, SNAILS, "kings alone, with the seed 6"),
    ],
    check_augmented,
    mistakes={
        "The pictures are right, and the labels are as before: in the mirror a left-winding shell "
        "winds to the right.": changed_by(below_a_half, renamed=lambda label, partner: label),
        "The labels are right, and the pictures are as before.": changed_by(
            below_a_half, flip=lambda picture: picture
        ),
        "A label changes only where its picture was mirrored.": all_labels_renamed,
        "Those stand on their heads. The axes of a picture are its rows, its columns and its "
        "colours, and its columns are to be reversed.": changed_by(
            below_a_half, flip=lambda picture: picture[::-1]
        ),
        "Those are turned by half a turn: only the columns are to be reversed.": changed_by(
            below_a_half, flip=lambda picture: picture[::-1, ::-1]
        ),
        "All axes are reversed, rows and colours too: `np.flip` has to be told which one.": (
            changed_by(below_a_half, flip=np.flip)
        ),
        "Red and blue are exchanged: the columns are to be reversed, not the colours.": changed_by(
            below_a_half, flip=lambda picture: picture[..., ::-1]
        ),
        "All pictures that have a partner were mirrored. Draw, and mirror those below 0.5.": (
            changed_by(lambda labels, partner, seed: np.isin(labels, list(partner)))
        ),
        "Mirror where the number is *below* 0.5.": changed_by(
            lambda labels, partner, seed: (
                np.isin(labels, list(partner)) & (draws_of(seed, len(labels)) >= 0.5)
            )
        ),
        "A picture whose label has no partner was mirrored: its mirror image is nothing.": (
            changed_by(lambda labels, partner, seed: draws_of(seed, len(labels)) < 0.5)
        ),
        "Draw a number for *each* picture, also for one without a partner: then picture i has "
        "number i.": changed_by(every_second_drawn),
        "One number was drawn for all pictures. Draw as many as there are.": changed_by(one_draw),
        "The generator does not begin with `seed`: every epoch would see the same pictures.": (
            changed_by(lambda labels, partner, seed: below_a_half(labels, partner, 0))
        ),
        "Nothing was mirrored.": changed_by(never_flipped),
        "A label was cut off: an array of text has room for the longest text that it was made "
        "of, and no more. A list has room for any.": cut_off,
    },
)

# ---- exercise 3 ----------------------------------------------------------------------------------

STOP_EXAMPLES = ExamplesTest(
    "stop_examples",
    "3",
    "watched",
    ["losses", "patience", "min_delta"],
    right=PROGRAMS.right,
    wrong=PROGRAMS.WRONG,
    check=check_array,
    points=2,
    accepts=PROGRAMS.accepts,
    at_least=5,
)

# ---- exercise 4 ----------------------------------------------------------------------------------

SAID = ("`update` should return", "`best_epoch` should be", "`best_loss` should be")


class Watched(LearnersFunction):
    """A class like `EarlyStopping`, as a function: what it says after each of some losses."""

    def __init__(self, learned: LearnersFunction) -> None:
        self._learned = learned

    def name(self) -> str:
        """Give the name of the class."""
        return self._learned.name()

    def refuses(self, count: int) -> str | None:
        """Let `call` find out, which knows the method's arguments too."""
        return None

    def has_no_body(self) -> bool:
        """Say whether there is nothing in the class."""
        return False

    def call(self, arguments: Sequence[object], replacing: object = None) -> Called:
        """Make an object, and tell it the losses, one after the other.

        The answer has a row for each loss: what `update` returned, `best_epoch` and `best_loss`.
        """
        patience, min_delta, losses = arguments
        signature = self._learned.refuses(2)
        if signature is not None:
            raise IncorrectError(
                "`EarlyStopping(patience, min_delta)` should take 2 arguments; its `__init__` "
                f"takes {signature}."
            )
        made = self._learned.call([patience, min_delta])
        if made.failure:
            return failed(made.failure, f"EarlyStopping({patience}, {min_delta})")
        rows = []
        for epoch, loss in enumerate(losses, start=1):
            update = learners_function(attribute(made.answer, "update", epoch))
            if update is None or update.refuses(1) is not None:
                raise IncorrectError("`update` should be a method that takes a loss, after `self`.")
            told = update.call([loss])
            if told.failure:
                return failed(told.failure, f"update({short(loss)})", f", in epoch {epoch}")
            if told.answer is None:
                raise IncorrectError(
                    f"`update({short(loss)})` returned None, in epoch {epoch}. It should return "
                    "True or False, on every way through it."
                )
            best = [attribute(made.answer, name, epoch) for name in ("best_epoch", "best_loss")]
            rows.append([told.answer, *best])
        return Called(rows)


FORGOTTEN = {
    "NameError": "A name that `__init__` got or set is gone when `__init__` ends, unless it was "
    "kept as `self.…`; `update` uses it under that name.",
    "UnboundLocalError": "What is to be there in the next epoch, too, has `self.` before its name, "
    "wherever it is used.",
    "AttributeError": "Whatever `update` uses as `self.…`, `__init__` has to set first.",
}


def failed(failure, call, when=""):
    """Say what a call to a method raised; one that is not written yet counts as the class."""
    if failure.unfinished is not None:
        return Called(failure=Failure(failure.kind, failure.message, unfinished="EarlyStopping"))
    where = f", in line {failure.line} of its cell: `{failure.code}`" if failure.code else ""
    hint = f"\nHint: {FORGOTTEN[failure.kind]}" if when and failure.kind in FORGOTTEN else ""
    raise IncorrectError(
        f"`{call}` raised {failure.kind}: {failure.message[:300]}{when}{where}.{hint}"
    )


def attribute(stopper, name, epoch):
    """Give what a stopper of the learner's has under a name."""
    try:
        return getattr(stopper, name)
    except Exception:
        raise IncorrectError(
            f"The object should have `{name}`; in epoch {epoch} it has none. Set it in `__init__`, "
            f"as `self.{name}`."
        ) from None


def check_watched(name, answer, expected):
    """Check what a stopper said after each epoch."""
    for row, (given, right) in enumerate(zip(answer, expected, strict=True)):
        for what, value, wanted in zip(SAID, given, right, strict=True):
            where = what.split()[0].strip("`")
            refuse_blank(where, value)
            data = plain(where, value)
            if isinstance(data, list | str) or (isinstance(wanted, bool) != isinstance(data, bool)):
                raise IncorrectError(
                    f"After epoch {row + 1}, {what} {wanted!r}; it is {describe(value)}.", row
                )
            if not equal(data, wanted, 1e-9, 1e-12):
                raise IncorrectError(
                    f"After epoch {row + 1}, {what} {wanted!r}; it is {short(data)}.", row
                )


def rows_of(
    better=lambda loss, best, least, before: loss < best - least,
    stops=lambda epoch, best_epoch, waits, patience: epoch - best_epoch >= patience,
    shown=lambda epoch, loss, best_epoch, best: [best_epoch, best],
    start=float("inf"),
):
    """Give the function that watches losses with these rules."""

    def watch(patience, min_delta, losses):
        best, best_epoch, waits, before = start, 0, 0, float("inf")
        rows = []
        for epoch, loss in enumerate(losses, start=1):
            if better(loss, best, min_delta, before):
                best, best_epoch = loss, epoch
            else:
                waits += 1
            before = loss
            rows.append([bool(stops(epoch, best_epoch, waits, patience))])
            rows[-1] += shown(epoch, loss, best_epoch, best)
        return rows

    return watch


watch = rows_of()


def watched_case(patience, min_delta, losses, about):
    """Make a case of losses that end where training should."""
    given = {"patience": patience, "min_delta": min_delta, "losses": losses}
    return Case(given, watch(**given), about)


def lowest_is_kept(patience, min_delta, losses):
    """Keep every loss that is lower, and count only those that are lower by enough."""
    rows = watch(patience, min_delta, losses)
    for row, so_far in zip(rows, range(1, len(losses) + 1), strict=True):
        row[2] = min(losses[:so_far])
    return rows


def unheard(counted):
    """Give the function that goes on at NaN, whatever the patience, and counts it or does not."""

    def watch(patience, min_delta, losses):
        best, best_epoch, epoch, rows = float("inf"), 0, 0, []
        for loss in losses:
            is_number = loss == loss
            epoch += is_number or counted
            if loss < best - min_delta:
                best, best_epoch = loss, epoch
            rows.append([is_number and epoch - best_epoch >= patience, best_epoch, best])
        return rows

    return watch


NAN = float("nan")
STOPS = [
    watched_case(2, 0.0, [0.9, 0.7, 0.8, 0.75], "two epochs in a row that are not better"),
    watched_case(2, 0.0, [0.9, 1.0, 0.8, 0.85, 0.7, 0.7, 0.9], "epochs that begin the wait anew"),
    watched_case(1, 0.0, [0.5, 0.4, 0.4], "a patience of 1, and a tie"),
    watched_case(
        3, 0.125, [1.0, 0.875, 0.8125, 0.75, 0.625, 0.625, 0.5625, 0.5], "losses that fall slowly"
    ),
    watched_case(2, 0.0, [0.9, NAN, 0.8, NAN, NAN], "losses that are NaN"),
    watched_case(2, 0.0, [NAN, 0.9, 0.95, 0.99], "a first loss that is NaN"),
]

WATCHING = {
    "It stops one epoch too late: with a patience of 2, the second epoch in a row that is not "
    "better is the last.": rows_of(stops=lambda epoch, best, waits, p: epoch - best > p),
    "It stops one epoch too early: with a patience of 2, one epoch that is not better is borne.": (
        rows_of(stops=lambda epoch, best, waits, p: epoch - best >= max(p - 1, 1))
    ),
    "The wait begins anew with each better epoch: count epochs *in a row*.": rows_of(
        stops=lambda epoch, best, waits, p: waits >= p
    ),
    "Each loss was compared with the one before. Compare it with the best so far.": rows_of(
        better=lambda loss, best, least, before: loss < before - least
    ),
    "An equal loss is not better: of equal epochs the first is kept.": rows_of(
        better=lambda loss, best, least, before: loss <= best - least
    ),
    "Those are the highest losses. The lowest is the best.": [
        rows_of(better=lambda loss, best, least, before: loss > best + least, start=start)
        for start in (-float("inf"), 0)
    ],
    "`min_delta` has no effect: a loss has to be lower than the best by *more* than that.": rows_of(
        better=lambda loss, best, least, before: loss < best
    ),
    "A loss that is a little lower, by no more than `min_delta`, does not become the best one: "
    "otherwise losses could fall for ever in steps too small to count.": lowest_is_kept,
    "`min_delta` works in the wrong direction: a loss has to be *lower* than the best by more "
    "than that.": rows_of(better=lambda loss, best, least, before: loss < best + least),
    "NaN was taken for better. Comparisons with NaN are False, also in `not (a >= b)`.": rows_of(
        better=lambda loss, best, least, before: not loss >= best - least
    ),
    "An epoch whose loss is NaN is an epoch that was not better: it is counted, and is one more to "
    "wait.": [unheard(counted=True), unheard(counted=False)],
    "`best_epoch` never gets beyond 1: what counts the epochs begins anew in each call. Keep it as "
    "`self.…`, which `__init__` sets.": [
        rows_of(shown=lambda epoch, loss, best_epoch, best: [min(best_epoch, 1), best], **stops)
        for stops in ({}, {"stops": lambda epoch, best, waits, patience: False})
    ],
    "Epochs are counted from 1.": rows_of(
        shown=lambda epoch, loss, best_epoch, best: [max(best_epoch - 1, 0), best]
    ),
    "`best_epoch` and `best_loss` are those of the last epoch. Keep the best one's.": rows_of(
        shown=lambda epoch, loss, best_epoch, best: [epoch, loss]
    ),
    "`best_epoch` says how many epochs there were. Keep the number of the best one.": rows_of(
        shown=lambda epoch, loss, best_epoch, best: [epoch, best]
    ),
}


def watches(early_stopping):
    """Check the learner's class."""
    run_watches(early_stopping, STOPS)


def run_watches(early_stopping, cases):
    """Check the learner's class by some cases."""
    refuse_blank("EarlyStopping", early_stopping)
    learned = learners_function(early_stopping)
    if learned is None:
        raise IncorrectError(
            f"`EarlyStopping` should be a class; it is {describe(early_stopping)}."
        )
    watched = Watched(learned)
    again = [told(watched, cases[0]) for _ in range(2)]
    if again[0] is not None and again[0] != again[1]:
        raise IncorrectError(
            "A second `EarlyStopping` does not begin anew: it knows what the first one was told. "
            "What belongs to one object is set in `__init__`, as `self.…`, and not in the class."
        )
    check_function("EarlyStopping", watched, cases, check_watched, mistakes=WATCHING)


def told(watched, case):
    """Give what a new stopper says; None where that is no plain data."""
    try:
        return plain(
            "it", [list(row) for row in watched.call(list(case.arguments.values())).answer]
        )
    except (IncorrectError, NotAttemptedError, TypeError):
        return None


EARLY_STOPPING = Test("EarlyStopping", "4", watches)

# ---- exercise 5 ----------------------------------------------------------------------------------


def log_of(rows, index=None):
    """Make a log, a row for each epoch of each run."""
    import pandas as pd

    columns = ["run", "epoch", "train_loss", "valid_loss", "valid_accuracy", "test_accuracy"]
    return pd.DataFrame(rows, columns=columns, index=index)


TWO_RUNS = [
    ("a", 1, 0.9, 0.8, 0.60, 0.70),
    ("a", 2, 0.4, 0.6, 0.70, 0.65),
    ("a", 3, 0.1, 0.7, 0.75, 0.60),
    ("b", 1, 0.8, 0.9, 0.55, 0.80),
    ("b", 2, 0.6, 0.5, 0.65, 0.72),
    ("b", 3, 0.3, 0.6, 0.65, 0.74),
]
TIES = [
    ("a", 1, 0.7, 0.5, 0.50, 0.40),
    ("a", 2, 0.6, 0.4, 0.80, 0.50),
    ("a", 3, 0.2, 0.4, 0.80, 0.55),
    ("b", 1, NAN, NAN, NAN, 0.60),
]


def best_row(log, by):
    """Give the index of the best row."""
    column = log[by]
    return int(column.idxmin() if by.endswith("loss") else column.idxmax())


def chosen(rows, by, about="", index=None):
    """Make a case."""
    log = log_of(rows, index)
    return Case({"log": log, "by": by}, best_row(log, by), about or f"by = {by!r}")


def last_of_ties(log, by):
    """Of equal rows, choose the last."""
    return best_row(log[::-1], by)


def wrong_way(log, by):
    """Choose the highest loss, or the lowest accuracy."""
    return int(log[by].idxmax() if by.endswith("loss") else log[by].idxmin())


CHOOSE = FunctionTest(
    "choose",
    "5",
    [
        chosen(TWO_RUNS, "valid_loss"),
        chosen(TWO_RUNS, "valid_accuracy"),
        chosen(TIES, "valid_loss", "two losses that are equally low, and a NaN"),
        chosen(TIES, "valid_accuracy", "two accuracies that are equally high, and a NaN"),
        chosen(
            TWO_RUNS[1:5],
            "valid_loss",
            "a part of a log, whose rows are called 11, 12, 13 and 14",
            index=[11, 12, 13, 14],
        ),
    ],
    check_number,
    mistakes={
        "That is the wrong end: a loss is good when it is low, an accuracy when it is high.": (
            wrong_way
        ),
        "A loss is good when it is *low*.": lambda log, by: int(log[by].idxmax()),
        "An accuracy is good when it is *high*.": lambda log, by: int(log[by].idxmin()),
        "That is the row with the best *test* accuracy. Whoever chooses by the test set has no "
        "test set any more. Choose by the column `by`.": lambda log, by: best_row(
            log, "test_accuracy"
        ),
        "That is the row with the lowest *training* loss: the one that knows most by heart.": (
            lambda log, by: best_row(log, "train_loss")
        ),
        "That is the last row. Training longer is not the same as being better.": [
            lambda log, by: int(log.index[-1]),
            lambda log, by: int(log.index[log["epoch"] == log["epoch"].max()][0]),
        ],
        "Choose by the column that `by` names, and not always by the same one.": [
            lambda log, by: best_row(log, "valid_loss"),
            lambda log, by: best_row(log, "valid_accuracy"),
        ],
        "That is a position. Give what stands in the *index* of the row: of a log that is a part "
        "of another one, the two differ.": lambda log, by: best_row(log.reset_index(drop=True), by),
        "That is the row with NaN. A run that ended in NaN is never chosen.": [
            lambda log, by: int(
                log.index[(np.argmin if by.endswith("loss") else np.argmax)(log[by].to_numpy())]
            ),
            lambda log, by: best_row(log.fillna(0), by),
        ],
        "Of equally good rows, the first is chosen.": last_of_ties,
        "That is the number of the epoch. Give the index of its row, which says the run as well.": (
            lambda log, by: int(log.loc[best_row(log, by), "epoch"])
        ),
        "That is the best value. Give the index of the row in which it stands.": (
            lambda log, by: float(log.loc[best_row(log, by), by])
        ),
    },
    options={"whole": True},
)

# ---- exercise 6 ----------------------------------------------------------------------------------


def counted(labels, says, kind):
    """Count: of the kind and called so, of the kind, called so."""
    labels, says = np.asarray(labels), np.asarray(says)
    of_kind, called = labels == kind, says == kind
    return int(np.sum(of_kind & called)), int(of_kind.sum()), int(called.sum())


def rates_of(labels, says, kind):
    """Give recall and precision."""
    both, of_kind, called = counted(labels, says, kind)
    return both / of_kind, both / called if called else 0.0


def share_right(labels, says, kind):
    """Give the accuracy, twice."""
    right = float(np.mean(np.asarray(labels) == np.asarray(says)))
    return right, right


def of_the_others(labels, says, kind):
    """Give recall and precision of all that is not of the kind."""
    return rates_of(np.asarray(labels) != kind, np.asarray(says) != kind, True)


def all_right(labels, says, kind, least):
    """Divide all that are right by how many are of the kind, and by how many are called so.

    Where nobody is called so: by `least`, or the second rate is 0.
    """
    right = int(np.sum(np.asarray(labels) == np.asarray(says)))
    _, of_kind, called = counted(labels, says, kind)
    return right / of_kind, right / max(called, least) if called or least else 0.0


def without_missed_ones(labels, says, kind):
    """Take for called so whoever is not one that was missed."""
    found, of_kind, _ = counted(labels, says, kind)
    return found / of_kind, found / (len(labels) - (of_kind - found))


SIX = ["left", "right", "right", "left", "right", "right"]


def rated(labels, says, kind, about=""):
    """Make a case."""
    given = {"labels": labels, "says": says, "kind": kind}
    return Case(given, rates_of(**given), about)


RATES = FunctionTest(
    "rates",
    "6",
    [
        rated(SIX, ["left", "left", "right", "right", "left", "right"], "left"),
        rated(
            ["right", "left", "left", "left", "right"],
            ["right", "right", "left", "right", "right"],
            "left",
            "somebody who calls few",
        ),
        rated(SIX, ["right"] * 6, "left", "somebody who never says left"),
        rated(
            ["cat", "dog", "wild", "dog", "dog", "dog"],
            ["dog", "cat", "dog", "dog", "dog", "wild"],
            "dog",
            "three classes",
        ),
    ],
    check_array,
    mistakes={
        "Recall and precision are exchanged: recall comes first, and divides by how many there "
        "*are*.": lambda *given: rates_of(*given)[::-1],
        "That is the accuracy. Recall looks only at those that are of the kind, precision only at "
        "those that are called so.": share_right,
        "Those are the rates of the other classes.": of_the_others,
        "Those who are right about *other* classes are counted among the found. Count who is of "
        "the kind *and* was called so.": [
            lambda *given, least=least: all_right(*given, least) for least in (0, 1)
        ],
        "Those are percents: recall and precision go from 0 to 1.": lambda *given: [
            100 * rate for rate in rates_of(*given)
        ],
        "Those are numbers of pictures: recall divides by how many there are, precision by how "
        "many are called so.": lambda *given: [counted(*given)[0]] * 2,
        "Both divide by how many there are of the kind. Precision divides by how many are *called* "
        "so.": lambda *given: [rates_of(*given)[0]] * 2,
        "Precision divides by how many are *called* so. Here those count, too, who are not of the "
        "kind and were not called so.": without_missed_ones,
        "Those are rounded. Leave all places behind the point.": [
            lambda *given, places=places: [round(rate, places) for rate in rates_of(*given)]
            for places in (2, 3)
        ],
        "Both divide by how many are called so. Recall divides by how many there *are*.": (
            lambda *given: [rates_of(*given)[1]] * 2
        ),
        "Both divide by the number of all pictures.": lambda *given: (
            [counted(*given)[0] / len(given[0])] * 2
        ),
        "Who calls nothing so has a precision of 0 here, and not of 1.": lambda *given: (
            rates_of(*given)[0],
            rates_of(*given)[1] if counted(*given)[2] else 1.0,
        ),
        "Who calls nothing so has a precision of 0 here. NaN is what NumPy makes of 0 / 0.": (
            lambda *given: (
                rates_of(*given)[0],
                rates_of(*given)[1] if counted(*given)[2] else NAN,
            )
        ),
    },
)

# ---- the notebook's ------------------------------------------------------------------------------

CHECKLIST = Checklist(
    [COUNT, TRAINED, LIT, MIRRORED, STOP_EXAMPLES, EARLY_STOPPING, CHOOSE, RATES],
    by_hand={"7": "what a finder is worth"},
)
check = CHECKLIST.check
show_progress = CHECKLIST.show_progress
