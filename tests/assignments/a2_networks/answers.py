"""Answers to assignment 2 that must pass, and answers that must fail with the message they need."""

from harness import Equivalent, Right, Submission, Wrong, forged_modules

RESULTS = {
    # A weight array and a bias, in one tuple: no form of its own but a list of two.
    "one_step": ["as it is"],
    "sgd": ["as it is"],
    "softmax": ["array", "array in Fortran's order", "view of an array", "float64"],
    "cross_entropy": ["float", "NumPy's float", "array of no dimension"],
    "softmax_step": ["as it is"],
    "count_parameters": ["int", "NumPy's integer", "array of no dimension"],
    "read_note": ["list", "tuple", "array", "series", "index", "int32", "int8", "object array"],
}

DEVELOP = "picture, _ = sgd(masks, brightness, learning_rate=0.002, epochs={}, seed={})"

EQUIVALENT = [
    Equivalent(
        "sgd",
        "There are as many targets as there are rows, so that either can be counted.",
        ("for i in rng.permutation(len(X)): → for i in rng.permutation(len(y)):",),
    ),
    Equivalent(
        "cross_entropy",
        "There are as many labels as there are rows, so that either can be counted.",
        (
            "of_right_class = probabilities[np.arange(len(labels)), labels] → "
            "of_right_class = probabilities[np.arange(len(probabilities)), labels]",
        ),
    ),
    Equivalent(
        "read_note",
        "SGD has arrived long before: an epoch more or less, or another order, changes nothing.",
        tuple(
            f"{DEVELOP.format(20, 0)} → {DEVELOP.format(*other)}"
            for other in [(21, 0), (19, 0), (20, 1)]
        ),
    ),
    Equivalent(
        "read_note",
        "NumPy takes any negative length for the one that it has to find out.",
        (
            "note = picture.reshape(8, -1) → note = picture.reshape(8, ~1)",
            "note = picture.reshape(8, -1) → note = picture.reshape(8, -2)",
        ),
    ),
    Equivalent(
        "read_note",
        "The last digit begins eight columns before the end, which is early enough for both.",
        (
            "digits = [note[:, left:left + 8].ravel() for left in range(0, note.shape[1], 8)] → "
            "digits = [note[:, left:left + 8].ravel() for left in range(0, note.shape[1] - 1, 8)]",
        ),
    ),
    Equivalent(
        "read_note",
        "A list of arrays times an array is what NumPy makes of an array times an array.",
        (
            "return (np.array(digits) @ W + b).argmax(axis=1) → "
            "return (digits @ W + b).argmax(axis=1)",
        ),
    ),
]

RIGHT = [
    Right(
        "one-step",
        "one weight after the other",
        """
        def one_step(weights, bias, x, y, learning_rate):
            predicted = bias
            for w, feature in zip(weights, x):
                predicted += w * feature
            error = predicted - y
            moved = []
            for w, feature in zip(weights, x):
                moved.append(w - learning_rate * 2 * error * feature)
            return np.array(moved), bias - learning_rate * 2 * error
        """,
    ),
    Right(
        "one-step",
        "the bias as the weight of a feature that is always 1",
        """
        def one_step(w, b, features, target, rate):
            all_weights = np.append(w, b)
            row = np.append(features, 1.0)
            all_weights -= 2 * rate * (all_weights.dot(row) - target) * row
            return all_weights[:-1], all_weights[-1]
        """,
    ),
    Right(
        "one-step",
        "a copy, changed in place",
        """
        def one_step(weights, bias, x, y, learning_rate):
            surprise = 2 * (y - np.sum(np.multiply(weights, x)) - bias)
            weights = np.array(weights, dtype=float)
            weights += learning_rate * surprise * np.asarray(x)
            bias = bias + learning_rate * surprise
            return weights, float(bias)
        """,
    ),
    Right(
        "sgd",
        "steps of its own, counted by while",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            n, d = X.shape
            w, b = np.array([0.0] * d), 0.0
            generator = np.random.default_rng(seed)
            epoch = 0
            while epoch < epochs:
                order = generator.permutation(n)
                for place in range(n):
                    row = order[place]
                    off = X[row] @ w + b - y[row]
                    w = w - 2 * learning_rate * off * X[row]
                    b = b - 2 * learning_rate * off
                epoch += 1
            return w, b
        """,
    ),
    Right(
        "sgd",
        "mixed tables, row by row",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            rng = np.random.default_rng(seed)
            current = (np.zeros_like(X[0]), 0)
            for epoch in range(epochs):
                order = rng.permutation(len(X))
                for x, target in zip(X[order], y[order]):
                    current = one_step(*current, x, target, learning_rate)
            return current
        """,
    ),
    Right(
        "sgd",
        "recursion over the epochs, a list of two",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            rng = np.random.default_rng(seed)

            def after(epochs):
                if epochs == 0:
                    return [np.zeros(X.shape[1]), 0.0]
                weights, bias = after(epochs - 1)
                for i in list(rng.permutation(len(y))):
                    weights, bias = one_step(weights, bias, X[i], y[i], learning_rate)
                return [weights, bias]

            return after(epochs)
        """,
    ),
    Right(
        "sgd",
        "numbers of rows, and a bias that begins as a whole number",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            n, d = X.shape
            weights = np.zeros(d)
            bias = 0
            rng = np.random.default_rng(seed)
            for epoch in range(epochs):
                for i in rng.permutation(n):
                    weights, bias = one_step(weights, bias, X[i], y[i], learning_rate)
            return weights, bias
        """,
    ),
    Right(
        "softmax",
        "row by row, with the standard library",
        """
        import math

        def softmax(logits):
            rows = []
            for row in logits:
                highest = max(row)
                powers = [math.exp(z - highest) for z in row]
                rows.append([power / sum(powers) for power in powers])
            return np.array(rows)
        """,
    ),
    Right(
        "softmax",
        "pandas",
        """
        def softmax(logits):
            table = pd.DataFrame(logits)
            powers = np.exp(table.sub(table.max(axis=1), axis=0))
            return powers.div(powers.sum(axis=1), axis=0).to_numpy()
        """,
    ),
    Right(
        "softmax",
        "PyTorch's",
        """
        import torch

        def softmax(logits):
            return torch.softmax(torch.tensor(logits), dim=1).numpy()
        """,
    ),
    Right(
        "softmax",
        "through logarithms",
        """
        from scipy.special import logsumexp

        def softmax(z):
            return np.exp(z - logsumexp(z, axis=-1)[:, None])
        """,
    ),
    Right(
        "softmax",
        "one over the sum of the powers of the differences",
        """
        def softmax(logits):
            with np.errstate(over="ignore"):
                return 1 / np.exp(logits[:, None, :] - logits[:, :, None]).sum(axis=2)
        """,
    ),
    Right(
        "loss-examples",
        "one row each, but for one",
        """
        loss_examples = [
            ({"probabilities": [[0.5, 0.5]], "labels": [1]}, 0.693),
            ({"probabilities": [[0.01, 0.99]], "labels": [0]}, 4.605),
            ({"probabilities": [[0.7, 0.2, 0.1]], "labels": [1]}, 1.609),
            ({"probabilities": [[0.25, 0.75], [0.5, 0.5]], "labels": [0, 1]}, 1.04),
        ]
        """,
    ),
    Right(
        "loss-examples",
        "calculated, from arrays, in a tuple",
        """
        ln = np.log
        tables = np.array([[0.2, 0.3, 0.5], [0.6, 0.1, 0.3]])
        loss_examples = (
            ({"probabilities": tables, "labels": np.array([0, 1])}, -(ln(0.2) + ln(0.1)) / 2),
            ({"probabilities": tables[:1], "labels": np.array([1])}, -ln(0.3)),
            ({"probabilities": tables[1:], "labels": np.array([2])}, -ln(0.3)),
            ({"probabilities": tables, "labels": np.array([2, 1])}, (ln(2) + ln(10)) / 2),
        )
        """,
    ),
    Right(
        "loss-examples",
        "many, with whole numbers among the probabilities",
        """
        loss_examples = [
            [{"probabilities": [[1, 0]], "labels": [0]}, 0],
            [{"probabilities": [[0, 1], [1, 0]], "labels": [1, 0]}, 0],
            [{"probabilities": [[0.1, 0.9], [0.9, 0.1]], "labels": [0, 1]}, 2.303],
            [{"probabilities": [[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]], "labels": [1, 2]}, 1.498],
            [{"probabilities": [[0.25, 0.25, 0.25, 0.25]], "labels": [3]}, 1.386],
        ]
        """,
    ),
    Right(
        "loss-examples",
        "calculated and rounded, with a comment for each",
        """
        loss_examples = [
            # sure and right: it costs nothing
            ({"probabilities": [[1.0, 0.0, 0.0]], "labels": [0]}, 0.0),
            # nearly sure and wrong
            ({"probabilities": [[0.9, 0.1]], "labels": [1]}, -np.log(0.1)),
            # neither the winner nor the last is right
            ({"probabilities": [[0.2, 0.3, 0.5]], "labels": [1]}, -np.log(0.3)),
            # a mean and no sum, with another label in each row
            (
                {"probabilities": [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1]], "labels": [0, 2]},
                -(np.log(0.7) + np.log(0.1)) / 2,
            ),
            (
                {"probabilities": [[0.5, 0.5], [0.25, 0.75], [0.8, 0.2]], "labels": [1, 0, 0]},
                round(-(np.log(0.5) + np.log(0.25) + np.log(0.8)) / 3, 3),
            ),
        ]
        """,
    ),
    Right(
        "cross-entropy",
        "row by row, with the standard library",
        """
        import math

        def cross_entropy(probabilities, labels):
            total = 0
            for row, label in zip(probabilities, labels):
                total -= math.log(row[label])
            return total / len(labels)
        """,
    ),
    Right(
        "cross-entropy",
        "a mask that picks one number of each row",
        """
        def cross_entropy(probabilities, labels):
            n, k = probabilities.shape
            is_right = np.arange(k) == np.asarray(labels).reshape(n, 1)
            return np.mean(-np.log(probabilities[is_right]))
        """,
    ),
    Right(
        "cross-entropy",
        "the right ones as ones, summed before the logarithm",
        """
        def cross_entropy(probabilities, labels):
            one_hot = np.eye(probabilities.shape[1])[labels]
            return np.log(1 / (probabilities * one_hot).sum(axis=1)).sum() / len(one_hot)
        """,
    ),
    Right(
        "cross-entropy",
        "scikit-learn's, which is there too",
        """
        from sklearn.metrics import log_loss

        def cross_entropy(probabilities, labels):
            return log_loss(labels, probabilities, labels=range(probabilities.shape[1]))
        """,
    ),
    Right(
        "cross-entropy",
        "PyTorch's loss for logarithms",
        """
        import torch

        def cross_entropy(probabilities, labels):
            logs = torch.log(torch.tensor(probabilities))
            return torch.nn.functional.nll_loss(logs, torch.tensor(labels)).item()
        """,
    ),
    Right(
        "softmax-step",
        "row by row, class by class",
        """
        def softmax_step(W, b, X, labels, learning_rate):
            grad_W, grad_b = np.zeros(W.shape), np.zeros(b.shape)
            for x, label in zip(X, labels):
                p = softmax((x @ W + b).reshape(1, -1))[0]
                for j in range(len(b)):
                    off = p[j] - (1 if j == label else 0)
                    grad_W[:, j] += off * x
                    grad_b[j] += off
            n = len(X)
            return W - learning_rate * grad_W / n, b - learning_rate * grad_b / n
        """,
    ),
    Right(
        "softmax-step",
        "an outer product for each row",
        """
        def softmax_step(W, b, X, labels, learning_rate):
            probabilities = softmax(X @ W + b)
            gradient_W = np.zeros(W.shape)
            gradient_b = np.zeros(b.shape)
            n = len(X)
            for i in range(n):
                off = probabilities[i].copy()
                off[labels[i]] -= 1
                gradient_W += np.outer(X[i], off) / n
                gradient_b += off / n
            return W - learning_rate * gradient_W, b - learning_rate * gradient_b
        """,
    ),
    Right(
        "softmax-step",
        "one-hot labels and an einsum",
        """
        def softmax_step(W, b, X, labels, rate):
            one_hot = np.eye(W.shape[1])[labels]
            off = softmax(X.dot(W) + b) - one_hot
            return (
                W - rate * np.einsum("nd,nk->ndk", X, off).mean(axis=0),
                b - rate * np.mean(off, axis=0),
            )
        """,
    ),
    Right(
        "softmax-step",
        "PyTorch's gradient",
        """
        def softmax_step(W, b, X, labels, learning_rate):
            import torch

            W, b, X = (torch.tensor(a, dtype=torch.float64) for a in (W, b, X))
            W.requires_grad_()
            b.requires_grad_()
            torch.nn.functional.cross_entropy(X @ W + b, torch.tensor(labels)).backward()
            with torch.no_grad():
                return (W - learning_rate * W.grad).numpy(), (b - learning_rate * b.grad).numpy()
        """,
    ),
    Right(
        "count-parameters",
        "pairs of layers",
        """
        from itertools import pairwise

        def count_parameters(layer_sizes):
            return sum(n * m + m for n, m in pairwise(layer_sizes))
        """,
    ),
    Right(
        "count-parameters",
        "layers by their numbers",
        """
        def count_parameters(layer_sizes):
            total = 0
            for layer in range(1, len(layer_sizes)):
                weights = layer_sizes[layer - 1] * layer_sizes[layer]
                biases = layer_sizes[layer]
                total += weights + biases
            return total
        """,
    ),
    Right(
        "count-parameters",
        "recursion from the front",
        """
        def count_parameters(layer_sizes):
            if len(layer_sizes) < 2:
                return 0
            first, second, *_ = layer_sizes
            return (first + 1) * second + count_parameters(layer_sizes[1:])
        """,
    ),
    Right(
        "count-parameters",
        "NumPy, weights and biases apart",
        """
        def count_parameters(layer_sizes):
            sizes = np.array(layer_sizes)
            return (sizes[:-1] * sizes[1:]).sum() + sizes[1:].sum()
        """,
    ),
    Right(
        "count-parameters",
        "a network that is made and measured",
        """
        def count_parameters(layer_sizes):
            total, before = 0, None
            for units in layer_sizes:
                if before is not None:
                    weights, biases = np.empty((before, units)), np.empty(units)
                    total += weights.size + biases.size
                before = units
            return total
        """,
    ),
    Right(
        "read-note",
        "one digit after the other",
        """
        def read_note(masks, brightness, W, b):
            weights, dark = sgd(masks, brightness, 0.002, 20, 0)
            n_digits = len(weights) // 64
            found = []
            for m in range(n_digits):
                pixels = []
                for row in range(8):
                    start = row * 8 * n_digits + 8 * m
                    pixels.extend(weights[start : start + 8])
                found.append(int(np.argmax(np.array(pixels) @ W + b)))
            return found
        """,
    ),
    Right(
        "read-note",
        "split by NumPy, read piece by piece",
        """
        def read_note(masks, brightness, W, b):
            ink, dark = sgd(masks, brightness, 0.002, 20, 0)
            note = ink.reshape(8, -1)
            digits = []
            for piece in np.hsplit(note, note.shape[1] // 8):
                logits = piece.flatten() @ W + b
                digits.append(int(np.argmax(logits)))
            return digits
        """,
    ),
    Right(
        "read-note",
        "a third axis, and probabilities",
        """
        def read_note(masks, brightness, W, b):
            weights = sgd(masks, brightness, 0.002, 20, 0)[0]
            digits = weights.reshape(8, -1, 8).transpose(1, 0, 2).reshape(-1, 64)
            return pd.Series(softmax(digits @ W + b).argmax(axis=1))
        """,
    ),
    Right(
        "read-note",
        "least squares in place of steps, split by NumPy",
        """
        def read_note(masks, brightness, W, b):
            shots = np.hstack([masks, np.ones((len(masks), 1))])
            weights = np.linalg.lstsq(shots, brightness, rcond=None)[0][:-1]
            note = weights.reshape(8, len(weights) // 8)
            digits = np.hsplit(note, note.shape[1] // 8)
            return [np.argmax(digit.flatten() @ W + b) for digit in digits]
        """,
    ),
]

STEP = """
def one_step(weights, bias, x, y, learning_rate):
    error = {error}
    return {weights}, {bias}
"""
STEP_ERROR = "weights @ x + bias - y"
STEP_WEIGHTS = "weights - learning_rate * 2 * error * x"
STEP_BIAS = "bias - learning_rate * 2 * error"


def step(error=STEP_ERROR, weights=STEP_WEIGHTS, bias=STEP_BIAS):
    """Write exercise 1 with one part of it changed."""
    return STEP.format(error=error, weights=weights, bias=bias)


SGD = """
def sgd(X, y, learning_rate, epochs, seed):
    rng = np.random.default_rng(seed)
    weights, bias = np.zeros(X.shape[1]), 0.0
    {before}
    for _ in range({epochs}):
        {start}
        for {i} in {order}:
            weights, bias = one_step({w}, {b}, X[i], y[{j}], learning_rate)
    return weights, bias
"""


def descent(
    order="rng.permutation(len(X))",
    before="pass",
    start="pass",
    epochs="epochs",
    i="i",
    j="i",
    w="weights",
    b="bias",
):
    """Write exercise 2 with one part of it changed."""
    return SGD.format(order=order, before=before, start=start, epochs=epochs, i=i, j=j, w=w, b=b)


SOFTMAX = """
def softmax(logits):
    {}
    return {}
"""

LOSS = """
def cross_entropy(probabilities, labels):
    of_right = probabilities[np.arange(len(labels)), labels]
    return {}
"""

SOFTMAX_STEP = """
def softmax_step(W, b, X, labels, learning_rate):
    off = {probabilities}
    {aim}
    {mean}
    {between}
    return {W}, {b}
"""


def class_step(
    probabilities="softmax(X @ W + b)",
    aim="off[np.arange(len(labels)), labels] -= 1",
    mean="off = off / len(labels)",
    between="pass",
    W="W - learning_rate * X.T @ off",
    b="b - learning_rate * off.sum(axis=0)",
):
    """Write exercise 6 with one part of it changed."""
    return SOFTMAX_STEP.format(
        probabilities=probabilities, aim=aim, mean=mean, between=between, W=W, b=b
    )


COUNT = """
def count_parameters(layer_sizes):
    total = 0
    for before, after in zip(layer_sizes[:-1], layer_sizes[1:]):
        total += {}
    return total
"""

READ = """
def read_note(masks, brightness, W, b):
    picture, _ = sgd(masks, brightness, 0.002, 20, 0)
    note = picture.reshape(8, -1)
    digits = {digits}
    return {chosen}
"""
DIGITS = "np.array([piece.ravel() for piece in np.hsplit(note, note.shape[1] // 8)])"
CHOSEN = "(digits @ W + b).argmax(axis=1)"

WRONG = [
    # ---- exercise 1
    Wrong(
        "one-step",
        "uphill",
        step(
            weights="weights + learning_rate * 2 * error * x",
            bias="bias + learning_rate * 2 * error",
        ),
        "test-one-step",
        r"\[0\]` has the wrong value in 2 of 2 places. The first is \[0\]: it should be 1\.3; "
        r"it is 0\.7\.\nThe answer is a tuple, and \[0\] in it is `new weights`\.\n"
        r"This is the case of the step that you took by hand(.|\n)*goes uphill",
    ),
    Wrong(
        "one-step",
        "the error the other way round",
        step(error="y - (weights @ x + bias)"),
        "test-one-step",
        "goes uphill",
    ),
    Wrong(
        "one-step",
        "the 2 forgotten",
        step(weights="weights - learning_rate * error * x", bias="bias - learning_rate * error"),
        "test-one-step",
        "half of the step",
    ),
    Wrong(
        "one-step",
        "the learning rate in gradient and step",
        step(error=f"learning_rate * ({STEP_ERROR})"),
        "test-one-step",
        "learning rate is in there twice",
    ),
    Wrong(
        "one-step",
        "no learning rate",
        step(weights="weights - 2 * error * x", bias="bias - 2 * error"),
        "test-one-step",
        "The learning rate is not in it",
    ),
    Wrong(
        "one-step",
        "a bias that never learns",
        step(bias="bias"),
        "test-one-step",
        r"should be 0\.1; it is 0(.|\n)*\[1\] in it is `new bias`(.|\n)*The bias did not move",
    ),
    Wrong(
        "one-step",
        "the bias after the weights, by a new error",
        """
        def one_step(weights, bias, x, y, learning_rate):
            weights = weights - learning_rate * 2 * (weights @ x + bias - y) * x
            bias = bias - learning_rate * 2 * (weights @ x + bias - y)
            return weights, bias
        """,
        "test-one-step",
        r"by the error of the \*new\* weights",
    ),
    Wrong(
        "one-step",
        "the weights after the bias, by a new error",
        """
        def one_step(weights, bias, x, y, learning_rate):
            bias = bias - learning_rate * 2 * (weights @ x + bias - y)
            weights = weights - learning_rate * 2 * (weights @ x + bias - y) * x
            return weights, bias
        """,
        "test-one-step",
        r"by the error of the \*new\* bias",
    ),
    Wrong(
        "one-step",
        "the feature forgotten in the gradient",
        step(weights="weights - learning_rate * 2 * error"),
        "test-one-step",
        "All weights moved alike",
    ),
    Wrong(
        "one-step",
        "a prediction without the bias",
        step(error="weights @ x - y"),
        "test-one-step",
        "bias is missing in the prediction",
    ),
    Wrong(
        "one-step",
        "the gradient instead of the step",
        step(weights="2 * error * x", bias="2 * error"),
        "test-one-step",
        "That is the gradient",
    ),
    Wrong(
        "one-step",
        "the caller's weights changed",
        """
        def one_step(weights, bias, x, y, learning_rate):
            error = weights @ x + bias - y
            weights -= learning_rate * 2 * error * x
            return weights, bias - learning_rate * 2 * error
        """,
        "test-one-step",
        "changed its argument `weights`",
    ),
    Wrong(
        "one-step",
        "a product where a sum of products was meant",
        step(error="weights * x + bias - y"),
        "test-one-step",
        "A prediction is one number: add up the products",
    ),
    Wrong(
        "one-step",
        "the loss in the place of its gradient",
        step(error="(weights @ x + bias - y) ** 2"),
        "test-one-step",
        "its gradient has the error itself",
    ),
    Wrong(
        "one-step",
        "weights and bias in one array",
        step()
        .replace("return ", "return np.append(")
        .replace("error * x, ", "error * x, ")
        .rstrip("\n")
        + ")\n",
        "test-one-step",
        r"should be a tuple of two, `\(new weights, new bias\)`; it is an array of shape \(3,\)",
    ),
    Wrong(
        "one-step",
        "weights in a list",
        step(weights="list(weights - learning_rate * 2 * error * x)"),
        "test-one-step",
        r"should be a NumPy array; it is a list of length 2(.|\n)*`new weights`",
    ),
    Wrong(
        "one-step",
        "two features taken for granted",
        """
        def one_step(weights, bias, x, y, learning_rate):
            error = weights[0] * x[0] + weights[1] * x[1] + bias - y
            w = np.array([
                weights[0] - 2 * learning_rate * error * x[0],
                weights[1] - 2 * learning_rate * error * x[1],
            ])
            return w, bias - 2 * learning_rate * error
        """,
        "test-one-step",
        r"should have the shape \(3,\); it is an array of shape \(2,\)",
    ),
    # ---- exercise 2
    Wrong(
        "sgd",
        "rows in the order of the table",
        descent(order="range(len(X))"),
        "test-sgd",
        "rows come in the order of the table",
    ),
    Wrong(
        "sgd",
        "a new generator in each epoch",
        descent(start="rng = np.random.default_rng(seed)"),
        "test-sgd",
        "Every epoch has the same order",
    ),
    Wrong(
        "sgd",
        "mixed once, before the first epoch",
        descent(before="order = rng.permutation(len(X))", order="order"),
        "test-sgd",
        "Every epoch has the same order",
    ),
    Wrong(
        "sgd",
        "a random row at each step",
        descent(order="rng.choice(len(X), len(X))"),
        "test-sgd",
        "some come twice and others never",
    ),
    Wrong(
        "sgd",
        "a random row at each step, one by one",
        descent(order="range(len(X))", i="_").replace(
            "            weights, bias =",
            "            i = rng.integers(len(X))\n            weights, bias =",
        ),
        "test-sgd",
        "some come twice and others never",
    ),
    Wrong(
        "sgd",
        "rows mixed, targets not",
        descent(start="order = rng.permutation(len(X))", order="range(len(X))", j="i").replace(
            "X[i]", "X[order[i]]"
        ),
        "test-sgd",
        "rows are mixed and their targets are not",
    ),
    Wrong(
        "sgd",
        "rows of a mixed table mixed again, targets not",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            rng = np.random.default_rng(seed)
            weights, bias = np.zeros(X.shape[1]), 0
            for epoch in range(epochs):
                X = rng.permutation(X)
                for features, target in zip(X, y):
                    weights, bias = one_step(weights, bias, features, target, learning_rate)
            return weights, bias
        """,
        "test-sgd",
        "rows are mixed and their targets are not",
    ),
    Wrong(
        "sgd",
        "a mixed table mixed again",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            rng = np.random.default_rng(seed)
            weights, bias = np.zeros(X.shape[1]), 0
            for epoch in range(epochs):
                order = rng.permutation(len(X))
                X, y = X[order], y[order]
                for features, target in zip(X, y):
                    weights, bias = one_step(weights, bias, features, target, learning_rate)
            return weights, bias
        """,
        "test-sgd",
        "the case of three epochs(.|\n)*you mix a table that is mixed already",
    ),
    Wrong(
        "sgd",
        "steps whose result is thrown away",
        descent().replace("weights, bias = one_step", "one_step"),
        "test-sgd",
        "A step changes nothing by itself",
    ),
    Wrong(
        "sgd",
        "a single epoch",
        descent(epochs="1"),
        "test-sgd",
        "one epoch, whatever `epochs` says",
    ),
    Wrong(
        "sgd",
        "returned from inside the loop",
        descent().replace("    return weights, bias\n", "        return weights, bias\n"),
        "test-sgd",
        "one epoch, whatever `epochs` says",
    ),
    Wrong(
        "sgd",
        "the whole table at once",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            weights, bias = np.zeros(X.shape[1]), 0.0
            for _ in range(epochs):
                errors = X @ weights + bias - y
                weights = weights - learning_rate * 2 * (X.T @ errors) / len(X)
                bias = bias - learning_rate * 2 * errors.mean()
            return weights, bias
        """,
        "test-sgd",
        "one step for the whole table in each epoch",
    ),
    Wrong(
        "sgd",
        "the bias forgotten at each step",
        """
        def sgd(X, y, learning_rate, epochs, seed):
            rng = np.random.default_rng(seed)
            weights, bias = np.zeros(X.shape[1]), 0.0
            for _ in range(epochs):
                for i in rng.permutation(len(X)):
                    weights, _ = one_step(weights, bias, X[i], y[i], learning_rate)
            return weights, bias
        """,
        "test-sgd",
        "The bias is 0 again at every step",
    ),
    Wrong(
        "sgd",
        "every step from the start",
        descent(w="np.zeros(X.shape[1])", b="0.0"),
        "test-sgd",
        "a single step from 0",
    ),
    Wrong(
        "sgd",
        "a fixed seed",
        descent().replace("default_rng(seed)", "default_rng(0)"),
        "test-sgd",
        r"the case of three epochs(.|\n)*seed = 4",
    ),
    Wrong(
        "sgd",
        "epochs that all start at zero again",
        descent(start="weights, bias = np.zeros(X.shape[1]), 0.0"),
        "test-sgd",
        "has the wrong value",
    ),
    Wrong(
        "sgd",
        "two features taken for granted",
        descent().replace("np.zeros(X.shape[1])", "np.zeros(2)"),
        "test-sgd",
        r"raised ValueError(.|\n)*|should have the shape \(1,\)",
    ),
    # ---- exercise 4
    Wrong(
        "softmax",
        "numerically unstable",
        SOFTMAX.format("powers = np.exp(logits)", "powers / powers.sum(axis=1, keepdims=True)"),
        "test-softmax",
        r"should be 0\.125; it is nan(.|\n)*case of large logits(.|\n)*infinite divided by inf",
    ),
    Wrong(
        "softmax",
        "the highest of the whole array taken away",
        SOFTMAX.format(
            "powers = np.exp(logits - logits.max())", "powers / powers.sum(axis=1, keepdims=True)"
        ),
        "test-softmax",
        r"the case of one row that is far below(.|\n)*A row that is far below it becomes all zeros",
    ),
    Wrong(
        "softmax",
        "down the columns",
        SOFTMAX.format(
            "powers = np.exp(logits - logits.max(axis=1, keepdims=True))",
            "powers / powers.sum(axis=0)",
        ),
        "test-softmax",
        "add up to 1 down each column",
    ),
    Wrong(
        "softmax",
        "down the columns, unstable",
        SOFTMAX.format("powers = np.exp(logits)", "powers / powers.sum(axis=0)"),
        "test-softmax",
        "add up to 1 down each column",
    ),
    Wrong(
        "softmax",
        "the highest of each column taken away",
        SOFTMAX.format(
            "powers = np.exp(logits - logits.max(axis=0))", "powers / powers.sum(axis=0)"
        ),
        "test-softmax",
        "add up to 1 down each column",
    ),
    Wrong(
        "softmax",
        "over the whole array",
        SOFTMAX.format("powers = np.exp(logits)", "powers / powers.sum()"),
        "test-softmax",
        "add up to 1 over the whole array",
    ),
    Wrong(
        "softmax",
        "powers of 2",
        SOFTMAX.format(
            "powers = 2.0 ** (logits - logits.max(axis=1, keepdims=True))",
            "powers / powers.sum(axis=1, keepdims=True)",
        ),
        "test-softmax",
        "powers of 2",
    ),
    Wrong(
        "softmax",
        "a minus in front",
        SOFTMAX.format(
            "powers = np.exp(logits.max(axis=1, keepdims=True) - logits)",
            "powers / powers.sum(axis=1, keepdims=True)",
        ),
        "test-softmax",
        "highest logit should get the highest probability",
    ),
    Wrong(
        "softmax",
        "shares of the logits",
        SOFTMAX.format("pass", "logits / logits.sum(axis=1, keepdims=True)"),
        "test-softmax",
        "shares of the logits themselves",
    ),
    Wrong(
        "softmax",
        "a sigmoid for each class",
        SOFTMAX.format("pass", "1 / (1 + np.exp(-logits))"),
        "test-softmax",
        "as the sigmoid does",
    ),
    Wrong(
        "softmax",
        "logarithms of probabilities",
        SOFTMAX.format(
            "z = logits - logits.max(axis=1, keepdims=True)",
            "z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
        ),
        "test-softmax",
        "logarithms of probabilities",
    ),
    Wrong(
        "softmax",
        "the winner takes it all",
        SOFTMAX.format("winner = logits.argmax(axis=1)", "np.eye(logits.shape[1])[winner]"),
        "test-softmax",
        "Those are decisions",
    ),
    Wrong(
        "softmax",
        "powers that are not divided",
        SOFTMAX.format("pass", "np.exp(logits - logits.max(axis=1, keepdims=True))"),
        "test-softmax",
        "do not add up to 1 yet",
    ),
    Wrong(
        "softmax",
        "a list of rows",
        SOFTMAX.format(
            "powers = np.exp(logits - logits.max(axis=1, keepdims=True))",
            "(powers / powers.sum(axis=1, keepdims=True)).tolist()",
        ),
        "test-softmax",
        "should be a NumPy array; it is a list of length 2",
    ),
    Wrong(
        "softmax",
        "sums without a shape to divide by",
        SOFTMAX.format(
            "powers = np.exp(logits - logits.max(axis=1, keepdims=True))",
            "powers / powers.sum(axis=1)",
        ),
        "test-softmax",
        "raised ValueError: operands could not be broadcast together",
    ),
    Wrong(
        "softmax",
        "large logits cut off",
        SOFTMAX.format(
            "powers = np.exp(np.clip(logits, -700, 700))",
            "powers / powers.sum(axis=1, keepdims=True)",
        ),
        "test-softmax",
        "the case of large logits(.|\n)*different logits become equal",
    ),
    Wrong(
        "softmax",
        "divided by the highest",
        SOFTMAX.format(
            "powers = np.exp(logits / logits.max(axis=1, keepdims=True))",
            "powers / powers.sum(axis=1, keepdims=True)",
        ),
        "test-softmax",
        r"the same number is \*taken away\* from all of a row",
    ),
    Wrong(
        "softmax",
        "the mean taken away",
        SOFTMAX.format(
            "powers = np.exp(logits - logits.mean(axis=1, keepdims=True))",
            "powers / powers.sum(axis=1, keepdims=True)",
        ),
        "test-softmax",
        "the case of logits far apart in one row",
        hidden=True,
    ),
    # ---- exercise 5a
    Wrong(
        "loss-examples",
        "logarithms to the base 2",
        """
        loss_examples = [
            ({"probabilities": [[0.5, 0.5]], "labels": [1]}, 1.0),
            ({"probabilities": [[0.25, 0.75]], "labels": [0]}, 2.0),
        ]
        """,
        "test-loss-examples",
        r"`loss_examples\[0\]` contradicts the text(.|\n)*somebody gets who takes the logarithm to "
        "the base 2",
    ),
    Wrong(
        "loss-examples",
        "the sum over the rows",
        """
        loss_examples = [
            ({"probabilities": [[0.5, 0.5], [0.5, 0.5]], "labels": [1, 0]}, 1.386),
        ]
        """,
        "test-loss-examples",
        "somebody gets who adds up the rows and takes no mean",
    ),
    Wrong(
        "loss-examples",
        "probabilities that do not add up",
        """
        loss_examples = [({"probabilities": [[0.5, 0.6]], "labels": [1]}, 0.511)]
        """,
        "test-loss-examples",
        "one that the text allows: row 0 of the probabilities adds up to 1.1, and not to 1",
    ),
    Wrong(
        "loss-examples",
        "labels counted from 1",
        """
        loss_examples = [({"probabilities": [[0.5, 0.5]], "labels": [2]}, 0.693)]
        """,
        "test-loss-examples",
        "there are 2 classes, so a label is a whole number from 0 to 1",
    ),
    Wrong(
        "loss-examples",
        "the output forgotten",
        """
        loss_examples = [{"probabilities": [[0.5, 0.5]], "labels": [1]}]
        """,
        "test-loss-examples",
        r"should be a pair, \(what goes in, what comes out\)",
    ),
    # ---- exercise 5b
    Wrong(
        "cross-entropy",
        "logarithms to the base 2",
        LOSS.format("-np.log2(of_right).mean()"),
        "test-cross-entropy",
        r"should be 1\.03972; it is 1\.5(.|\n)*logarithms to the base 2",
    ),
    Wrong(
        "cross-entropy",
        "logarithms to the base 10",
        LOSS.format("-np.log10(of_right).mean()"),
        "test-cross-entropy",
        "logarithms to the base 10",
    ),
    Wrong(
        "cross-entropy",
        "the sum over the rows",
        LOSS.format("-np.log(of_right).sum()"),
        "test-cross-entropy",
        "That is the sum over the rows",
    ),
    Wrong(
        "cross-entropy",
        "the minus forgotten",
        LOSS.format("np.log(of_right).mean()"),
        "test-cross-entropy",
        "A loss is above 0",
    ),
    Wrong(
        "cross-entropy",
        "divided by rows times classes",
        LOSS.format("-np.log(of_right).sum() / probabilities.size"),
        "test-cross-entropy",
        "not by rows times classes",
    ),
    Wrong(
        "cross-entropy",
        "the probability of the winner",
        LOSS.format("-np.log(probabilities.max(axis=1)).mean()"),
        "test-cross-entropy",
        r"probabilities of the class that \*won\*",
    ),
    Wrong(
        "cross-entropy",
        "what is missing to 1",
        LOSS.format("(1 - of_right).mean()"),
        "test-cross-entropy",
        "how much is missing to 1",
    ),
    Wrong(
        "cross-entropy",
        "the logarithm of the mean",
        LOSS.format("-np.log(of_right.mean())"),
        "test-cross-entropy",
        "the logarithm of the mean",
    ),
    Wrong(
        "cross-entropy",
        "a yes or no for every class",
        LOSS.format(
            "-np.log(np.where(np.eye(probabilities.shape[1])[labels] == 1, probabilities, "
            "1 - probabilities)).sum(axis=1).mean()"
        ),
        "test-cross-entropy",
        "The wrong classes are in there too",
    ),
    Wrong(
        "cross-entropy",
        "these columns of every row",
        LOSS.format("-np.log(probabilities[:, labels]).mean()"),
        "test-cross-entropy",
        r"takes these columns of \*every\* row",
    ),
    Wrong(
        "cross-entropy",
        "zero times the logarithm of zero",
        LOSS.format(
            "-(np.eye(probabilities.shape[1])[labels] * np.log(probabilities)).sum() / len(labels)"
        ),
        "test-cross-entropy",
        r"is nan(.|\n)*whose probability is exactly 0(.|\n)*0 times the logarithm of 0 is nan",
    ),
    Wrong(
        "cross-entropy",
        "softmax once more",
        LOSS.format("-np.log(softmax(probabilities)[np.arange(len(labels)), labels]).mean()"),
        "test-cross-entropy",
        "They are probabilities already",
    ),
    Wrong(
        "cross-entropy",
        "one loss for each row",
        LOSS.format("-np.log(of_right)"),
        "test-cross-entropy",
        r"should be one number; it is an array of shape \(2,\)",
    ),
    Wrong(
        "cross-entropy",
        "one-hot labels expected",
        LOSS.format("-(labels * np.log(probabilities)).sum(axis=1).mean()"),
        "test-cross-entropy",
        "raised ValueError: operands could not be broadcast together",
    ),
    # ---- exercise 6
    Wrong(
        "softmax-step",
        "uphill",
        class_step(W="W + learning_rate * X.T @ off", b="b + learning_rate * off.sum(axis=0)"),
        "test-softmax-step",
        r"\[0\] in it is `new W`(.|\n)*case of one row, from 0(.|\n)*goes uphill",
    ),
    Wrong(
        "softmax-step",
        "the averaging forgotten",
        class_step(mean="pass"),
        "test-softmax-step",
        "That is the sum over the rows",
    ),
    Wrong(
        "softmax-step",
        "the averaging forgotten for b",
        class_step(b="b - learning_rate * off.sum(axis=0) * len(X)"),
        "test-softmax-step",
        "but b moves by their sum",
    ),
    Wrong(
        "softmax-step",
        "the averaging forgotten for W",
        class_step(mean="pass", b="b - learning_rate * off.mean(axis=0)"),
        "test-softmax-step",
        "but W moves by their sum",
    ),
    Wrong(
        "softmax-step",
        "the right class not taken off",
        class_step(aim="pass"),
        "test-softmax-step",
        "Which class is right does not enter",
    ),
    Wrong(
        "softmax-step",
        "the number of the class taken off",
        class_step(aim="off = off - labels[:, None]"),
        "test-softmax-step",
        "The number of a class is no probability",
    ),
    Wrong(
        "softmax-step",
        "1 taken off in these columns of every row",
        class_step(aim="off[:, labels] -= 1"),
        "test-softmax-step",
        r"should be 0\.434778; it is 0\.534778(.|\n)*once in each row, in the column of its own",
    ),
    Wrong(
        "softmax-step",
        "1 taken off in whole rows",
        class_step(aim="off[labels] -= 1"),
        "test-softmax-step",
        r"All of row 0 should be \[1\.0, -1\.0\]; it is \[1\.0, 1\.0\]",
        before="once in each row, in the column of its own label",
    ),
    Wrong(
        "softmax-step",
        "logits that never became probabilities",
        class_step(probabilities="X @ W + b"),
        "test-softmax-step",
        "softmax is missing",
    ),
    Wrong(
        "softmax-step",
        "a step for each row",
        """
        def softmax_step(W, b, X, labels, learning_rate):
            for x, label in zip(X, labels):
                off = np.array(softmax(np.array([x @ W + b]))[0])
                off[label] -= 1
                W = W - learning_rate * np.outer(x, off)
                b = b - learning_rate * off
            return W, b
        """,
        "test-softmax-step",
        r"A batch is \*one\* step",
    ),
    Wrong(
        "softmax-step",
        "a small step for each row",
        """
        def softmax_step(W, b, X, labels, learning_rate):
            n = len(X)
            for i in range(n):
                off = softmax(X[i : i + 1] @ W + b) - np.eye(len(b))[labels[i : i + 1]]
                W = W - learning_rate / n * X[i : i + 1].T @ off
                b = b - learning_rate / n * off[0]
            return W, b
        """,
        "test-softmax-step",
        r"A batch is \*one\* step",
    ),
    Wrong(
        "softmax-step",
        "b by the mean over the classes",
        class_step(mean="pass", W="W - learning_rate * X.T @ off / len(X)", b="b - off.mean()"),
        "test-softmax-step",
        r"over the classes of a row, \*off\* adds up to 0",
    ),
    Wrong(
        "softmax-step",
        "probabilities that may not be changed, as pandas gives them away",
        class_step(
            probabilities="np.broadcast_to(softmax(X @ W + b), (len(X), len(b)))",
        ),
        "test-softmax-step",
        r"read-only, in line \d of its cell(.|\n)*Hint: (.|\n)*Work on a copy",
    ),
    Wrong(
        "softmax-step",
        "a b that never learns",
        class_step(b="b"),
        "test-softmax-step",
        r"\[1\] in it is `new b`(.|\n)*b did not move",
    ),
    Wrong(
        "softmax-step",
        "W moved before b looks",
        """
        def softmax_step(W, b, X, labels, learning_rate):
            one_hot = np.eye(len(b))[labels]
            W = W - learning_rate * X.T @ (softmax(X @ W + b) - one_hot) / len(X)
            b = b - learning_rate * (softmax(X @ W + b) - one_hot).mean(axis=0)
            return W, b
        """,
        "test-softmax-step",
        r"by the probabilities of the \*new\* W",
    ),
    Wrong(
        "softmax-step",
        "the learning rate in gradient and step",
        class_step(mean="off = learning_rate * off / len(labels)"),
        "test-softmax-step",
        "learning rate is in there twice",
    ),
    Wrong(
        "softmax-step",
        "no learning rate",
        class_step(W="W - X.T @ off", b="b - off.sum(axis=0)"),
        "test-softmax-step",
        "The learning rate is not in it",
    ),
    Wrong(
        "softmax-step",
        "the mean over rows and classes",
        class_step(mean="off = off / off.size"),
        "test-softmax-step",
        "not by rows times classes",
    ),
    Wrong(
        "softmax-step",
        "logits without b",
        class_step(probabilities="softmax(X @ W)"),
        "test-softmax-step",
        "b is missing in the logits",
    ),
    Wrong(
        "softmax-step",
        "the 2 of the squared error",
        class_step(mean="off = 2 * off / len(labels)"),
        "test-softmax-step",
        "The 2 came from the squared error",
    ),
    Wrong(
        "softmax-step",
        "the gradient instead of the step",
        class_step(W="X.T @ off", b="off.sum(axis=0)"),
        "test-softmax-step",
        "That is the gradient",
    ),
    Wrong(
        "softmax-step",
        "the caller's W changed",
        class_step(between="W -= learning_rate * X.T @ off", W="W"),
        "test-softmax-step",
        "changed its argument `W`",
    ),
    Wrong(
        "softmax-step",
        "rows and classes exchanged",
        class_step(W="W - learning_rate * (off.T @ X)"),
        "test-softmax-step",
        r"has the wrong value|raised ValueError",
    ),
    Wrong(
        "softmax-step",
        "decisions in the place of probabilities",
        class_step(
            probabilities="np.eye(W.shape[1])[(X @ W + b).argmax(axis=1)]",
        ),
        "test-softmax-step",
        "has the wrong value",
    ),
    Wrong(
        "softmax-step",
        "a softmax of its own that overflows",
        """
        def softmax_step(W, b, X, labels, learning_rate):
            powers = np.exp(X @ W + b)
            off = powers / powers.sum(axis=1, keepdims=True)
            off[np.arange(len(labels)), labels] -= 1
            off = off / len(labels)
            return W - learning_rate * X.T @ off, b - learning_rate * off.sum(axis=0)
        """,
        "test-softmax-step",
        "is nan(.|\n)*high logits",
        hidden=True,
    ),
    # ---- exercise 7
    Wrong(
        "count-parameters",
        "biases forgotten",
        COUNT.format("before * after"),
        "test-count-parameters",
        r"should be 26; it is 20\.\nThis is the case of the graph above(.|\n)*biases are missing",
    ),
    Wrong(
        "count-parameters",
        "biases of the inputs counted",
        COUNT.format("before * after + after").replace("total = 0", "total = layer_sizes[0]"),
        "test-count-parameters",
        "Inputs have no bias",
    ),
    Wrong(
        "count-parameters",
        "one bias a layer",
        COUNT.format("before * after + 1"),
        "test-count-parameters",
        "as many biases as it has units",
    ),
    Wrong(
        "count-parameters",
        "a bias for each unit before",
        COUNT.format("before * (after + 1)"),
        "test-count-parameters",
        "It belongs to the unit that adds up",
    ),
    Wrong(
        "count-parameters",
        "no bias in the last layer",
        COUNT.format("before * after + after").replace(
            "return total", "return total - layer_sizes[-1]"
        ),
        "test-count-parameters",
        "units of the last layer have biases too",
    ),
    Wrong(
        "count-parameters",
        "units counted",
        "count_parameters = lambda layer_sizes: sum(layer_sizes)",
        "test-count-parameters",
        "That is the number of units",
    ),
    Wrong(
        "count-parameters",
        "all sizes multiplied",
        "count_parameters = lambda layer_sizes: np.prod(layer_sizes)",
        "test-count-parameters",
        "do not multiply on",
    ),
    Wrong(
        "count-parameters",
        "returned from inside the loop",
        COUNT.format("before * after + after").replace("    return total", "        return total"),
        "test-count-parameters",
        "the first two layers alone",
    ),
    Wrong(
        "count-parameters",
        "a float",
        COUNT.format("before * after + after").replace("total = 0", "total = 0.0"),
        "test-count-parameters",
        r"should be a whole number of type int; it is 26\.0, a float",
    ),
    Wrong(
        "count-parameters",
        "by heart",
        "count_parameters = lambda sizes: {(3, 4, 2): 26, (5, 1): 6}.get(tuple(sizes), 37)",
        "test-count-parameters",
        r"should be 20601; it is 37",
        hidden=True,
    ),
    Wrong(
        "count-parameters",
        "three layers at most",
        """
        def count_parameters(layer_sizes):
            total = 0
            for layer in range(1, min(len(layer_sizes), 4)):
                total += (layer_sizes[layer - 1] + 1) * layer_sizes[layer]
            return total
        """,
        "test-count-parameters",
        r"should be 20601; it is 20500",
        hidden=True,
    ),
    # ---- exercise 8
    Wrong(
        "read-note",
        "64 neighbours in a row of the list",
        READ.format(digits="picture.reshape(-1, 64)", chosen=CHOSEN),
        "test-read-note",
        "cut in the wrong place",
    ),
    Wrong(
        "read-note",
        "digits on their side",
        READ.format(digits="note.T.reshape(-1, 64)", chosen=CHOSEN),
        "test-read-note",
        "lie on their side",
    ),
    Wrong(
        "read-note",
        "the lowest logit",
        READ.format(digits=DIGITS, chosen="(digits @ W + b).argmin(axis=1)"),
        "test-read-note",
        "lowest logits",
    ),
    Wrong(
        "read-note",
        "logits without b",
        READ.format(digits=DIGITS, chosen="(digits @ W).argmax(axis=1)"),
        "test-read-note",
        "b is missing in the logits",
    ),
    Wrong(
        "read-note",
        "from right to left",
        READ.format(digits=DIGITS, chosen=f"{CHOSEN}[::-1]"),
        "test-read-note",
        "Read from left to right",
    ),
    Wrong(
        "read-note",
        "probabilities instead of digits",
        READ.format(digits=DIGITS, chosen="softmax(digits @ W + b)"),
        "test-read-note",
        r"should be 2 labels, shape \(2,\); it is an array of shape \(2, 10\)",
    ),
    Wrong(
        "read-note",
        "the best picture of each digit",
        READ.format(digits=DIGITS, chosen="(digits @ W + b).argmax(axis=0)"),
        "test-read-note",
        r"should be 2 labels, shape \(2,\); it is an array of shape \(10,\)",
    ),
    Wrong(
        "read-note",
        "text instead of numbers",
        READ.format(digits=DIGITS, chosen=f"[str(digit) for digit in {CHOSEN}]"),
        "test-read-note",
        "should hold whole numbers(.|\n)*it holds text",
    ),
    Wrong(
        "read-note",
        "one number of all digits",
        READ.format(digits=DIGITS, chosen=f"int(''.join(str(digit) for digit in {CHOSEN}))"),
        "test-read-note",
        r"should be 2 labels, shape \(2,\); it is the number",
    ),
    Wrong(
        "read-note",
        "a rate that explodes",
        READ.replace("0.002", "0.05").format(digits=DIGITS, chosen=CHOSEN),
        "test-read-note",
        "wrong label|raised",
    ),
    Wrong(
        "read-note",
        "the learner's own photograph instead of the argument",
        READ.replace("sgd(masks, brightness, 0.002, 20, 0)", "sgd(*shots_of_mine, 0.002, 20, 0)")
        .format(digits=DIGITS, chosen=CHOSEN)
        .replace("\ndef", "\nshots_of_mine = np.ones((300, 256)), np.ones(300)\n\ndef"),
        "test-read-note",
        r"should be 2 labels, shape \(2,\); it is an array of shape \(4,\)",
    ),
    Wrong(
        "read-note",
        "three digits at most",
        READ.format(digits=DIGITS + "[:3]", chosen=CHOSEN),
        "test-read-note",
        r"should be 4 labels, shape \(4,\); it is an array of shape \(3,\)",
        hidden=True,
    ),
]

ENDLESS = """
def read_note(masks, brightness, W, b):
    import time

    while True:
        time.sleep(1)
"""
NOISY = """
import sys, warnings

def one_step(weights, bias, x, y, learning_rate):
    warnings.warn("a step")
    print("a step", file=sys.stderr)
    error = weights @ x + bias - y
    return weights - learning_rate * 2 * error * x, bias - learning_rate * 2 * error
"""
REPLACED_CHECKS = """
from course_utils import checks

try:
    checks.check_function = lambda *arguments, **options: None
except AttributeError:
    pass
"""
# Points: 2, 3, 2, 2 + 2, 3, 2, 2, and 2 that a person gives.
SUBMISSIONS = [
    # The step of exercise 1 is taken in exercise 2, and that in exercise 8.
    Submission(
        "uphill",
        ("the error the other way round",),
        score=11,
        messages=("A step goes *against* the gradient",),
    ),
    # A softmax that overflows makes a step that does, where logits are high.
    Submission(
        "overflow",
        ("numerically unstable", "biases forgotten"),
        score=11,
        messages=("infinite divided by infinite", "every unit has one, but for the inputs"),
    ),
    Submission(
        "columns",
        ("down the columns", "64 neighbours in a row of the list"),
        score=11,
        messages=("add up to 1 down each column", "cut in the wrong place"),
    ),
    # Somebody deleted the cell that fails, edited the next, made the checks say yes, and handed in
    # others. Apart from that, one function warns and prints, which is no error, and one never
    # ends. 18, less 2 for the deleted cell, 2 for the edited one, and 2 for the endless one.
    Submission(
        "sly",
        ("logarithms to the base 10", "biases forgotten"),
        score=12,
        messages=(
            "logarithms to the base 10",
            "every unit has one, but for the inputs",
            "`read_note` did not finish within",
        ),
        answers={"one-step": NOISY, "read-note": ENDLESS},
        edits={
            "test-cross-entropy": None,
            "test-count-parameters": "pass",
            "imports": REPLACED_CHECKS,
        },
        files=forged_modules("a2_checks", "a2_sealed", "a2_hidden"),
    ),
]
