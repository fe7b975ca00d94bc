"""What the checks of assignment 2 try, and what they know about mistakes.

The notebook's checks call this. Solve the exercises before you read on: what follows gives away a
good part of the fun.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import prod

import numpy as np
from a2_sealed import PROGRAMS

from course_utils.checks import (
    Case,
    Checklist,
    ExamplesTest,
    FunctionTest,
    IncorrectError,
    check_array,
    check_labels,
    check_number,
)
from course_utils.checks.plain import describe


def check_pair(name: str, answer: object, expected: tuple, *, parts: Sequence[str]) -> None:
    """Check a tuple of two: an array, and an array or a number."""
    if not isinstance(answer, tuple | list) or len(answer) != len(parts):
        raise IncorrectError(
            f"`{name}` should be a tuple of two, `({', '.join(parts)})`; it is {describe(answer)}."
        )
    for place, (part, wanted) in enumerate(zip(answer, expected, strict=True)):
        try:
            if np.ndim(wanted):
                check_array(f"{name}[{place}]", part, wanted, array=True)
            else:
                check_number(f"{name}[{place}]", part, wanted)
        except IncorrectError as error:
            raise IncorrectError(
                f"{error.args[0]}\nThe answer is a tuple, and [{place}] in it is `{parts[place]}`."
            ) from None


# ---- exercise 1 ----------------------------------------------------------------------------------


def moved(weights, bias, x, y, rate):
    """Give weights and bias after one step on one row."""
    error = weights @ x + bias - y
    return weights - rate * 2 * error * x, bias - rate * 2 * error


def bias_after_weights(weights, bias, x, y, rate):
    """Give the step whose bias moves by the error of the weights that have moved already."""
    weights, _ = moved(weights, bias, x, y, rate)
    return weights, moved(weights, bias, x, y, rate)[1]


def weights_after_bias(weights, bias, x, y, rate):
    """Give the step whose weights move by the error of the bias that has moved already."""
    _, bias = moved(weights, bias, x, y, rate)
    return moved(weights, bias, x, y, rate)[0], bias


def never_added_up(weights, bias, x, y, rate):
    """Give the step by an error for each weight, whose products were not added up."""
    error = weights * x + bias - y
    return weights - rate * 2 * error * x, bias - rate * 2 * error


def by_the_square(weights, bias, x, y, rate):
    """Give the step by the square of the error."""
    error = weights @ x + bias - y
    return weights - rate * 2 * error**2 * x, bias - rate * 2 * error**2


BY_HAND = {
    "weights": np.array([1.0, 2.0]),
    "bias": 0.0,
    "x": np.array([3.0, -1.0]),
    "y": 2.0,
    "learning_rate": 0.05,
}

ONE_STEP = FunctionTest(
    "one_step",
    "1",
    [
        Case(BY_HAND, (np.array([1.3, 1.9]), 0.1), about="the step that you took by hand"),
        Case(
            {
                "weights": np.array([0.5, -1.0, 2.0]),
                "bias": 3.0,
                "x": np.array([1.0, 2.0, -1.0]),
                "y": -1.5,
                "learning_rate": 0.1,
            },
            (np.array([0.3, -1.4, 2.2]), 2.8),
        ),
        Case(BY_HAND | {"y": 1.0}, (np.array([1.0, 2.0]), 0.0), about="no error at all"),
    ],
    check_pair,
    mistakes={
        "That step goes uphill: the error grows. A step goes *against* the gradient.": (
            lambda w, b, x, y, rate: moved(w, b, x, y, -rate)
        ),
        "That is half of the step. The slope of a square is twice what is squared.": (
            lambda w, b, x, y, rate: moved(w, b, x, y, rate / 2)
        ),
        "The learning rate is in there twice.": lambda w, b, x, y, rate: moved(
            w, b, x, y, rate * rate
        ),
        "How far does the step go? The learning rate is not in it.": (
            lambda w, b, x, y, rate: moved(w, b, x, y, 1)
        ),
        "The bias did not move. It learns too, like the weight of a feature that is always 1.": (
            lambda w, b, x, y, rate: (moved(w, b, x, y, rate)[0], b)
        ),
        "The bias moved by the error of the *new* weights. Both move by one and the same error, "
        "that of the weights and bias that came in.": bias_after_weights,
        "The weights moved by the error of the *new* bias. Both move by one and the same error, "
        "that of the weights and bias that came in.": weights_after_bias,
        "All weights moved alike. How much a weight matters for the prediction depends on its "
        "feature.": lambda w, b, x, y, rate: (
            w - (b - moved(w, b, x, y, rate)[1]),
            moved(w, b, x, y, rate)[1],
        ),
        "A prediction is one number: add up the products of weights and features.": (
            never_added_up
        ),
        "The step has the square of the error in it. The loss is the square; its gradient has the "
        "error itself.": by_the_square,
        "The bias is missing in the prediction.": lambda w, b, x, y, rate: (
            moved(w, 0, x, y, rate)[0],
            b + moved(w, 0, x, y, rate)[1],
        ),
        "That is the gradient. Return the weights and the bias after the step.": (
            lambda w, b, x, y, rate: (w - moved(w, b, x, y, 1)[0], b - moved(w, b, x, y, 1)[1])
        ),
    },
    options={"parts": ("new weights", "new bias")},
)

# ---- exercise 2 ----------------------------------------------------------------------------------


def orders(seed: int, epochs: int, n: int) -> Iterator[np.ndarray]:
    """Give the order of the rows in each epoch."""
    rng = np.random.default_rng(seed)
    return (rng.permutation(n) for _ in range(epochs))


def descended(X, y, rate, order, targets=None):
    """Start at 0 and take a step for each row in this order, with the targets in that order."""
    weights, bias = np.zeros(X.shape[1]), 0.0
    for i, j in zip(order, order if targets is None else targets, strict=True):
        weights, bias = moved(weights, bias, X[i], y[j], rate)
    return weights, bias


def in_order(order: Callable[[int, int, int], Sequence]) -> Callable[..., object]:
    """Give the SGD that takes the rows in the order that a function of seed, epochs, n gives."""

    def fitted(X, y, rate, epochs, seed):
        return descended(X, y, rate, order(seed, epochs, len(X)))

    return fitted


SGD = in_order(lambda seed, epochs, n: np.concatenate(list(orders(seed, epochs, n))))


def with_replacement(seed, epochs, n):
    """Draw rows one by one, whether they were seen in this epoch or not."""
    return np.random.default_rng(seed).integers(n, size=(epochs, n)).ravel()


def chosen_with_replacement(seed, epochs, n):
    """Draw the rows of an epoch, whether they were drawn in this epoch or not."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.choice(n, n) for _ in range(epochs)])


def only_features_mixed(X, y, rate, epochs, seed):
    """Mix the rows, and leave the targets as they are."""
    order = np.concatenate(list(orders(seed, epochs, len(X))))
    return descended(X, y, rate, order, np.tile(np.arange(len(X)), epochs))


def mixed_again(X, y, rate, epochs, seed, *, targets=True):
    """Mix the table itself in each epoch, with the targets or without, and not numbers of rows."""
    weights, bias = np.zeros(X.shape[1]), 0.0
    for order in orders(seed, epochs, len(X)):
        X, y = X[order], y[order] if targets else y
        for x, target in zip(X, y, strict=True):
            weights, bias = moved(weights, bias, x, target, rate)
    return weights, bias


def of_the_whole_table(X, y, rate, epochs, seed, *, share=1.0):
    """Take one step an epoch, against the gradient of all rows: their mean, or their sum."""
    weights, bias = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        errors = X @ weights + bias - y
        weights = weights - rate * 2 * errors @ X / len(X) ** share
        bias = bias - rate * 2 * errors.sum() / len(X) ** share
    return weights, bias


def without_the_bias(X, y, rate, epochs, seed):
    """Take steps whose bias is lost each time."""
    weights = np.zeros(X.shape[1])
    for i in np.concatenate(list(orders(seed, epochs, len(X)))):
        weights, _ = moved(weights, 0.0, X[i], y[i], rate)
    return weights, 0.0


LINE = {
    "X": np.array([[1.0, 2.0], [-1.0, 0.0], [0.5, -1.0], [2.0, 1.0], [-2.0, 1.0]]),
    "y": np.array([1.0, -1.0, 1.5, 2.5, -3.0]),
}


def fitted_case(X, y, rate, epochs, seed, about="") -> Case:
    """Make a case of exercise 2."""
    given = {"X": X, "y": y, "learning_rate": rate, "epochs": epochs, "seed": seed}
    return Case(given, SGD(X, y, rate, epochs, seed), about=about)


SGD_TEST = FunctionTest(
    "sgd",
    "2",
    [
        fitted_case(**LINE, rate=0.05, epochs=1, seed=0, about="a single epoch"),
        fitted_case(**LINE, rate=0.05, epochs=3, seed=4, about="three epochs"),
        fitted_case(
            np.array([[1.0], [-1.0], [3.0]]),
            np.array([2.0, 0.0, 5.0]),
            rate=0.02,
            epochs=40,
            seed=1,
            about="one feature and forty epochs",
        ),
    ],
    check_pair,
    mistakes={
        "The rows come in the order of the table. Mix them anew in every epoch.": in_order(
            lambda seed, epochs, n: np.tile(np.arange(n), epochs)
        ),
        "Every epoch has the same order. Make the generator once, before the first epoch, and ask "
        "it for a new order at the start of each.": in_order(
            lambda seed, epochs, n: np.tile(next(orders(seed, 1, n)), epochs)
        ),
        "In an epoch, each row has its turn once. These rows are drawn so that some come twice and "
        "others never; `permutation` mixes them.": [
            in_order(with_replacement),
            in_order(chosen_with_replacement),
        ],
        "The rows are mixed and their targets are not: row and target no longer belong together.": [
            only_features_mixed,
            lambda *given: mixed_again(*given, targets=False),
        ],
        "From the second epoch on, the order is another one: you mix a table that is mixed "
        "already. Leave `X` and `y` as they are, and take the rows by their numbers.": mixed_again,
        "All of it is 0 still. A step changes nothing by itself: it gives new weights and a new "
        "bias back, and those have to be kept.": (
            lambda X, y, rate, epochs, seed: (np.zeros(X.shape[1]), 0.0)
        ),
        "That is one epoch, whatever `epochs` says.": in_order(
            lambda seed, epochs, n: next(orders(seed, 1, n))
        ),
        "That is one step for the whole table in each epoch. The S of SGD: step after *every* row, "
        "and let the next row see what this one has changed.": [
            of_the_whole_table,
            lambda *given: of_the_whole_table(*given, share=0),
        ],
        "The bias is 0 again at every step. Carry it on from step to step, like the "
        "weights.": without_the_bias,
        "That is a single step from 0. Each step starts where the one before it ended.": in_order(
            lambda seed, epochs, n: list(orders(seed, epochs, n))[-1][-1:]
        ),
    },
    options={"parts": ("weights", "bias")},
)

# ---- exercise 4 ----------------------------------------------------------------------------------


def normalised(powers, axis=1):
    """Divide by the sums."""
    with np.errstate(all="ignore"):
        return powers / powers.sum(axis=axis, keepdims=True)


def softmax_of(logits, base=np.e, axis=1, highest=lambda z: z.max(axis=1, keepdims=True)):
    """Give the powers of a base, divided by their sums, after the highest were taken away."""
    with np.errstate(all="ignore"):
        return normalised(base ** (logits - highest(logits)), axis)


def as_they_come(logits):
    """Take nothing away."""
    return 0.0


def log_softmax(logits):
    """Give the logarithms of softmax, without losing those of the smallest."""
    below = logits - logits.max(axis=1, keepdims=True)
    return below - np.log(np.exp(below).sum(axis=1, keepdims=True))


def both(**changes) -> list[Callable[..., object]]:
    """Give a softmax with changes twice: one that takes the highest away, and one that does not."""
    return [
        lambda z: softmax_of(z, **changes),
        lambda z: softmax_of(z, highest=as_they_come, **changes),
        lambda z: softmax_of(z, highest=np.max, **changes),
    ]


SOFTMAX = FunctionTest(
    "softmax",
    "4",
    [
        Case(
            {"logits": np.log([[1.0, 2.0, 5.0], [4.0, 3.0, 3.0]])},
            [[0.125, 0.25, 0.625], [0.4, 0.3, 0.3]],
            about="logits whose powers are whole numbers",
        ),
        Case({"logits": np.array([[-2.0, -2.0, -2.0, -2.0]])}, [[0.25] * 4], about="equal logits"),
        Case(
            {"logits": 1000 + np.log([[1.0, 2.0, 5.0], [1.0, 1.0, 2.0]])},
            [[0.125, 0.25, 0.625], [0.25, 0.25, 0.5]],
            about="large logits",
        ),
        Case(
            {"logits": np.array([[-1000.0, -1000.0], [1000.0, 1000.0]])},
            [[0.5, 0.5], [0.5, 0.5]],
            about="one row that is far below the other",
        ),
    ],
    check_array,
    by_row=["logits"],
    mistakes={
        "`np.exp` of a large number is infinite, and infinite divided by infinite is nan (far "
        "below 0 it is 0 divided by 0). How does the answer change when you take the same number "
        "from all logits of a row?": lambda z: softmax_of(z, highest=as_they_come),
        "The number that you take away is the highest of the whole array. A row that is far below "
        "it becomes all zeros.": lambda z: softmax_of(z, highest=np.max),
        "Those add up to 1 down each column. A row is an example: its probabilities add up to 1.": [
            *both(axis=0),
            lambda z: softmax_of(z, axis=0, highest=lambda z: z.max(axis=0, keepdims=True)),
        ],
        "Those add up to 1 over the whole array. A row is an example: its probabilities add up to "
        "1.": both(axis=(0, 1)),
        "Those are powers of 2. Softmax takes powers of e, which `np.exp` gives.": both(base=2),
        "The highest logit should get the highest probability.": both(base=1 / np.e),
        "Those are shares of the logits themselves: without `exp`, logits below 0 make no "
        "probabilities.": [normalised, lambda z: normalised(np.abs(z))],
        "That squeezes each logit for itself, as the sigmoid does. A row does not add up to "
        "1.": lambda z: 1 / (1 + np.exp(-z)),
        "Those are logarithms of probabilities.": log_softmax,
        "Those are decisions: all for the winner. Softmax gives every class its share.": lambda z: (
            np.eye(z.shape[1])[z.argmax(axis=1)]
        ),
        "Logits divided by a number are other logits, with other probabilities. Nothing changes "
        "when the same number is *taken away* from all of a row.": (
            lambda z: normalised(np.exp(z / z.max(axis=1, keepdims=True)))
        ),
        "Cut off at a border, different logits become equal. What can you take away from all "
        "logits of a row, so that none is too large?": (
            lambda z: normalised(np.exp(z.clip(-700, 700)))
        ),
        "Those do not add up to 1 yet: divide by their sum.": [
            lambda z: np.exp(z),
            lambda z: np.exp(z - z.max(axis=1, keepdims=True)),
        ],
    },
    options={"array": True},
)

# ---- exercise 5 ----------------------------------------------------------------------------------


def of_labels(probabilities, labels):
    """Give the probability of the right class in each row."""
    return np.asarray(probabilities)[np.arange(len(labels)), labels]


def mean_log(probabilities, log=np.log):
    """Give minus the mean logarithm, without a warning where there is none."""
    with np.errstate(all="ignore"):
        return -log(probabilities).mean()


def binary(probabilities, labels):
    """Give the loss that asks of each class whether it is the right one."""
    right = np.eye(probabilities.shape[1], dtype=bool)[labels]
    with np.errstate(all="ignore"):
        return -np.log(np.where(right, probabilities, 1 - probabilities)).sum(axis=1).mean()


def zero_times_log_of_zero(probabilities, labels):
    """Multiply the logarithms of all classes by 1 for the right one and by 0 for the others."""
    right = np.eye(probabilities.shape[1])[labels]
    with np.errstate(all="ignore"):
        return -(right * np.log(probabilities)).sum(axis=1).mean()


LOSS_EXAMPLES = ExamplesTest(
    "loss_examples",
    "5a",
    "cross_entropy",
    ["probabilities", "labels"],
    right=PROGRAMS.right,
    wrong=PROGRAMS.WRONG,
    check=check_number,
    points=2,
    accepts=PROGRAMS.accepts,
    at_least=4,
    arrays=["probabilities", "labels"],
    # Three digits after the point, rounded or cut off.
    options={"rtol": 0.0, "atol": 1.1e-3},
)

SURPRISED = {
    "probabilities": np.array([[0.5, 0.3, 0.2], [0.1, 0.65, 0.25]]),
    "labels": np.array([0, 2]),
}

LOSS_MISTAKES = {
    "Those are logarithms to the base 2. The natural one, to the base e, is meant.": (
        lambda p, labels: mean_log(of_labels(p, labels), np.log2)
    ),
    "Those are logarithms to the base 10. The natural one, to the base e, is meant.": (
        lambda p, labels: mean_log(of_labels(p, labels), np.log10)
    ),
    "That is the sum over the rows. A loss that can be compared from table to table is their "
    "mean.": lambda p, labels: mean_log(of_labels(p, labels)) * len(labels),
    "A loss is above 0: the logarithm of a probability is below it.": (
        lambda p, labels: -mean_log(of_labels(p, labels))
    ),
    "Divide by the number of rows, and not by rows times classes.": (
        lambda p, labels: mean_log(of_labels(p, labels)) / p.shape[1]
    ),
    "Those are the probabilities of the class that *won*. What counts is the one that is right, "
    "whether it won or not.": lambda p, labels: mean_log(p.max(axis=1)),
    "That is how much is missing to 1, and no logarithm.": (
        lambda p, labels: 1 - of_labels(p, labels).mean()
    ),
    "That is the logarithm of the mean. Take the logarithm of each row first, and then the "
    "mean.": lambda p, labels: -np.log(of_labels(p, labels).mean()),
    "The wrong classes are in there too. Only the probability of the right class counts.": binary,
    "`probabilities[:, labels]` takes these columns of *every* row. You want one number of each "
    "row.": lambda p, labels: mean_log(np.asarray(p)[:, labels]),
}


def given(probabilities, labels) -> dict[str, object]:
    """Give the arguments of a case of exercise 5."""
    return {"probabilities": np.array(probabilities), "labels": np.array(labels)}


CROSS_ENTROPY = FunctionTest(
    "cross_entropy",
    "5b",
    [
        # -ln(1/2) = 0.693147, -ln(1/4) = 1.386294
        Case(SURPRISED, 1.0397207708399179),
        Case(
            given([[0.01, 0.99]], [0]),
            4.605170185988091,
            about="one row, nearly sure of the wrong class",
        ),
        Case(
            given([[1.0, 0.0], [0.5, 0.5]], [0, 1]),
            0.34657359027997264,
            about="a wrong class whose probability is exactly 0",
        ),
    ],
    check_number,
    mistakes={
        **LOSS_MISTAKES,
        "They are probabilities already. Softmax was before.": lambda p, labels: mean_log(
            of_labels(softmax_of(p), labels)
        ),
        "0 times the logarithm of 0 is nan. The logarithm of the right class's probability is all "
        "that you need.": zero_times_log_of_zero,
    },
)

# ---- exercise 6 ----------------------------------------------------------------------------------


def stepped(W, b, X, labels, rate, *, aim=1.0, share=1.0, start=True):
    """Give W and b after one step of softmax regression on some rows."""
    probabilities = softmax_of(X @ W + (b if start else 0))
    off = (probabilities - aim * np.eye(W.shape[1])[labels]) / len(X) ** share
    return W - rate * X.T @ off, b - rate * off.sum(axis=0)


def b_after_w(W, b, X, labels, rate):
    """Give the step whose b moves by the probabilities of the W that has moved already."""
    W, _ = stepped(W, b, X, labels, rate)
    return W, stepped(W, b, X, labels, rate)[1]


def off_by(taken_off):
    """Give the step whose *off* is what a function makes of probabilities and labels."""

    def step(W, b, X, labels, rate):
        off = taken_off(softmax_of(X @ W + b), labels) / len(X)
        return W - rate * X.T @ off, b - rate * off.sum(axis=0)

    return step


def at_all_labels(probabilities, labels):
    """Take 1 away in these columns of every row."""
    off = probabilities.copy()
    off[:, labels] -= 1
    return off


def in_whole_rows(probabilities, labels):
    """Take 1 away in all of the rows that have the numbers of the labels."""
    off = probabilities.copy()
    off[labels] -= 1
    return off


def logits_off(W, b, X, labels, rate):
    """Give the step whose *off* comes from logits."""
    off = (X @ W + b - np.eye(W.shape[1])[labels]) / len(X)
    return W - rate * X.T @ off, b - rate * off.sum(axis=0)


def row_after_row(W, b, X, labels, rate, *, share=0):
    """Take a step for each row, from where the one before it ended."""
    for i in range(len(X)):
        W, b = stepped(W, b, X[[i]], labels[[i]], rate / len(X) ** share)
    return W, b


THREE_ROWS = {
    "W": np.array([[0.5, -0.5, 0.0], [1.0, 0.0, -1.0]]),
    "b": np.array([0.1, 0.0, -0.2]),
    "X": np.array([[1.0, 2.0], [0.0, -1.0], [2.0, 0.5]]),
    "labels": np.array([2, 2, 0]),
}


def step_case(W, b, X, labels, rate, about="") -> Case:
    """Make a case of exercise 6."""
    arguments = {"W": W, "b": b, "X": X, "labels": labels, "learning_rate": rate}
    return Case(arguments, stepped(W, b, X, labels, rate), about=about)


SOFTMAX_STEP = FunctionTest(
    "softmax_step",
    "6",
    [
        step_case(
            np.zeros((2, 2)),
            np.zeros(2),
            np.array([[4.0, 2.0]]),
            np.array([0]),
            rate=0.5,
            about="one row, from 0",
        ),
        step_case(**THREE_ROWS, rate=0.3, about="three rows"),
    ],
    check_pair,
    mistakes={
        "That step goes uphill: the loss grows. A step goes *against* the gradient.": (
            lambda W, b, X, labels, rate: stepped(W, b, X, labels, -rate)
        ),
        "That is the sum over the rows. With the mean, the size of the step does not depend on "
        "how many rows there are.": lambda *given: stepped(*given, share=0),
        "W moves by the mean over the rows, but b moves by their sum.": lambda *given: (
            stepped(*given)[0],
            stepped(*given, share=0)[1],
        ),
        "b moves by the mean over the rows, but W moves by their sum.": lambda *given: (
            stepped(*given, share=0)[0],
            stepped(*given)[1],
        ),
        "Which class is right does not enter: every logit only goes down. The right one has to go "
        "up.": lambda *given: stepped(*given, aim=0),
        "b did not move. It learns too, like the weight of a feature that is always 1. (And if "
        "you did move it: over the classes of a row, *off* adds up to 0. Add it up over the rows, "
        "for each class.)": lambda W, b, *given: (stepped(W, b, *given)[0], b),
        "Take 1 away once in each row, in the column of its own label. That takes a list of rows "
        "*and* a list of columns, as in exercise 5b.": [
            off_by(at_all_labels),
            off_by(in_whole_rows),
        ],
        "The number of a class is no probability: the right class should have 1, whatever its "
        "number.": off_by(lambda probabilities, labels: probabilities - labels[:, np.newaxis]),
        "*Off* is a probability minus 1 or 0. Those are logits: softmax is missing.": logits_off,
        "You took a step for each row, from where the one before it ended. A batch is *one* step: "
        "every row's *off* is that of the W and b that came in.": [
            row_after_row,
            lambda *given: row_after_row(*given, share=1),
        ],
        "b moved by the probabilities of the *new* W. Both move by the same ones, those of the W "
        "and b that came in.": b_after_w,
        "The learning rate is in there twice.": (
            lambda W, b, X, labels, rate: stepped(W, b, X, labels, rate * rate)
        ),
        "How far does the step go? The learning rate is not in it.": (
            lambda W, b, X, labels, rate: stepped(W, b, X, labels, 1)
        ),
        "Divide by the number of rows, and not by rows times classes.": (
            lambda W, b, X, labels, rate: stepped(W, b, X, labels, rate / W.shape[1])
        ),
        "b is missing in the logits.": lambda *given: stepped(*given, start=False),
        "That step is twice as long. The 2 came from the squared error; this loss has no "
        "square.": lambda W, b, X, labels, rate: stepped(W, b, X, labels, 2 * rate),
        "That is the gradient. Return W and b after the step.": lambda W, b, X, labels, rate: (
            W - stepped(W, b, X, labels, 1)[0],
            b - stepped(W, b, X, labels, 1)[1],
        ),
    },
    options={"parts": ("new W", "new b")},
)

TOLERANCE = 1e-10


def compare_with_pytorch(softmax, cross_entropy, softmax_step, W, b, X, labels):
    """Print how far a learner's probabilities, loss and gradients are from PyTorch's.

    While nbgrader runs the notebook, nothing is compared: no point depends on it, and importing
    PyTorch takes seconds.
    """
    if "NBGRADER_EXECUTION" in os.environ:
        return
    import torch

    parameters = [torch.tensor(array, requires_grad=True) for array in (W, b)]
    logits = torch.tensor(X) @ parameters[0] + parameters[1]
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
    loss.backward()

    probabilities = softmax(X @ W + b)
    moved_by = [
        old - new for old, new in zip((W, b), softmax_step(W, b, X, labels, 1.0), strict=True)
    ]
    theirs = torch.softmax(logits, dim=1).detach().numpy()
    differences = {
        "softmax": np.abs(probabilities - theirs).max(),
        "cross_entropy": abs(cross_entropy(probabilities, labels) - loss.item()),
        "gradient of W": np.abs(moved_by[0] - parameters[0].grad.numpy()).max(),
        "gradient of b": np.abs(moved_by[1] - parameters[1].grad.numpy()).max(),
    }
    for name, difference in differences.items():
        print(f"{name:14} differs from PyTorch's by at most {difference:.0e}")
    if max(differences.values()) > TOLERANCE:
        raise IncorrectError(f"Each of these should be at most {TOLERANCE:g}.")


# ---- exercise 7 ----------------------------------------------------------------------------------


def weights_of(sizes: Sequence[int]) -> int:
    """Count the lines between the layers."""
    return sum(before * after for before, after in pairwise(sizes))


COUNT_PARAMETERS = FunctionTest(
    "count_parameters",
    "7",
    [
        Case({"layer_sizes": [3, 4, 2]}, 26, about="the graph above"),
        Case({"layer_sizes": [5, 1]}, 6, about="logistic regression with five features"),
        Case({"layer_sizes": [2, 3, 3, 4]}, 37),
    ],
    check_number,
    mistakes={
        "The biases are missing: every unit has one, but for the inputs.": weights_of,
        "Inputs have no bias. Nothing is added up in them.": lambda n: weights_of(n) + sum(n),
        "A layer has as many biases as it has units, and not one for all of them.": (
            lambda n: weights_of(n) + len(n) - 1
        ),
        "One bias for each unit that gives something on? It belongs to the unit that adds up.": (
            lambda n: weights_of(n) + sum(n[:-1])
        ),
        "The units of the last layer have biases too.": lambda n: weights_of(n) + sum(n[1:-1]),
        "That is the number of units. Parameters are the lines, and the biases.": sum,
        "Between two layers each unit of one is joined to each of the other; add up what is "
        "between all such pairs of layers, and do not multiply on.": [
            prod,
            lambda n: prod(n) + sum(n[1:]),
        ],
        "Those are the parameters of the first two layers alone.": lambda n: (n[0] + 1) * n[1],
    },
    options={"whole": True},
)

# ---- exercise 8 ----------------------------------------------------------------------------------

SIDE = 8


def templates(seed: int) -> np.ndarray:
    """Give ten pictures that stand for the digits; some are darker than others."""
    rng = np.random.default_rng(seed)
    return rng.random((10, SIDE * SIDE)) * rng.uniform(0.4, 1.0, (10, 1))


def nearest_template(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give W and b of the linear classifier whose highest logit is that of the nearest picture."""
    return 2 * pictures.T, -(pictures**2).sum(axis=1)


def note_case(digits: Sequence[int], seed: int, about: str = "") -> Case:
    """Make a case of exercise 8: shots of a note on which these digits stand."""
    rng = np.random.default_rng(seed)
    pictures = templates(seed)
    note = np.hstack([pictures[digit].reshape(SIDE, SIDE) for digit in digits])
    note = note + rng.normal(0, 0.05, note.shape)
    masks = rng.choice([-1.0, 1.0], (3 * note.size, note.size))
    W, b = nearest_template(pictures)
    arguments = {"masks": masks, "brightness": masks @ note.ravel() - 2.5, "W": W, "b": b}
    return Case(arguments, list(digits), about=about)


def pieces(picture: np.ndarray) -> np.ndarray:
    """Cut a note into its digits, each a row of 64 points."""
    note = picture.reshape(SIDE, -1)
    digits = np.split(note, note.shape[1] // SIDE, axis=1)
    return np.array([digit.ravel() for digit in digits])


def digits_read(masks, brightness, W, b, *, cut=pieces, choose=np.argmax):
    """Develop a note, cut it, and choose a digit for each piece by its logits."""
    shots = np.column_stack([masks, np.ones(len(masks))])
    picture = np.linalg.lstsq(shots, brightness)[0][:-1]
    return choose(cut(picture) @ W + b, axis=1)


READ_NOTE = FunctionTest(
    "read_note",
    "8",
    [
        note_case([7, 2], seed=1, about="a note of two digits"),
        note_case([3, 0, 8], seed=2, about="a note of three digits"),
    ],
    check_labels,
    mistakes={
        "The picture is cut in the wrong place. In a row of the note, the first eight points are "
        "the first digit's, the next eight the second's. What you have is the first 64 points, "
        "the next 64 … (Draw one of your pieces.)": lambda *given: digits_read(
            *given, cut=lambda picture: picture.reshape(-1, SIDE * SIDE)
        ),
        "Your digits lie on their side: rows and columns are exchanged.": lambda *given: (
            digits_read(
                *given,
                cut=lambda picture: picture.reshape(SIDE, -1).T.reshape(-1, SIDE * SIDE),
            )
        ),
        "Those have the lowest logits.": lambda *given: digits_read(*given, choose=np.argmin),
        "b is missing in the logits.": lambda masks, brightness, W, b: digits_read(
            masks, brightness, W, 0 * b
        ),
        "Read from left to right.": lambda *given: digits_read(*given)[::-1],
    },
)

# ---- the notebook's ------------------------------------------------------------------------------

CHECKLIST = Checklist(
    [
        ONE_STEP,
        SGD_TEST,
        SOFTMAX,
        LOSS_EXAMPLES,
        CROSS_ENTROPY,
        SOFTMAX_STEP,
        COUNT_PARAMETERS,
        READ_NOTE,
    ],
    by_hand={"3": "how long a step"},
)
check = CHECKLIST.check
show_progress = CHECKLIST.show_progress
