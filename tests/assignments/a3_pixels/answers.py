"""Answers to assignment 3 that must pass, and answers that must fail with the message they need."""

from harness import Equivalent, Right, Submission, Wrong, forged_modules

ARRAYS = ["array", "array in Fortran's order", "view of an array", "float64", "float32"]
NUMBER = ["float", "NumPy's float", "NumPy's float32", "array of no dimension"]
RESULTS = {
    "to_grey": ARRAYS,
    "flatten": ARRAYS,
    "baseline": NUMBER,
    "gap": NUMBER,
    "diagnose": ["columns in another order", "columns of floats", "columns of objects"],
    "shifted": ARRAYS,
    "right_when_moved": ["list", "tuple", *ARRAYS, "series", "series with another index"],
    "prediction_map": ["list", "tuple", *ARRAYS, "int64", "int32", "int8", "uint8", "table"],
}

TRUE = "true = LogisticRegression({}).fit(X_train, y_train)"
HAT = "hat = LogisticRegression({}).fit(X_train, y_hat)"
EQUIVALENT = [
    Equivalent(
        "diagnose",
        "On tables this small, fitting ends long before its one hundredth step.",
        tuple(
            f"{model.format('max_iter=2000')} → {model.format(steps)}"
            for model in (TRUE, HAT)
            for steps in ("max_iter=2001", "max_iter=1999", "")
        ),
    ),
    Equivalent(
        "shifted",
        "To bring a number into a range is to take the middle one of three, in any order.",
        (
            "rows = np.clip(np.arange(height) - down, 0, height - 1) → "
            "rows = np.clip(0, np.arange(height) - down, height - 1)",
            "columns = np.clip(np.arange(width) - right, 0, width - 1) → "
            "columns = np.clip(0, np.arange(width) - right, width - 1)",
        ),
    ),
    Equivalent(
        "right_when_moved",
        "A product of a list of rows with an array makes an array of the list.",
        (
            "rows = np.array([shifted(picture, step, 0).ravel() for picture in pictures]) → "
            "rows = [shifted(picture, step, 0).ravel() for picture in pictures]",
        ),
    ),
    Equivalent(
        "prediction_map",
        "A step too far up or left is written at place -1, the last, and then overwritten.",
        (
            "for down in range(-reach, reach + 1): → for down in range(~reach, reach + 1):",
            "for right in range(-reach, reach + 1): → for right in range(~reach, reach + 1):",
        ),
    ),
    Equivalent(
        "prediction_map",
        "Every place is written to, and class numbers that are floats equal whole numbers.",
        (
            "said = np.zeros((size, size), dtype=int) → said = np.zeros((size, size))",
            "said = np.zeros((size, size), dtype=int) → said = np.ones((size, size), dtype=int)",
        ),
    ),
]

RIGHT = [
    # ---- exercise 1
    Right(
        "to-grey",
        "a matrix product with the weights",
        """
        def to_grey(picture):
            return picture @ np.array([0.299, 0.587, 0.114])
        """,
    ),
    Right(
        "to-grey",
        "pixel by pixel",
        """
        def to_grey(picture):
            rows = []
            for row in picture:
                rows.append([0.299 * int(r) + 0.587 * int(g) + 0.114 * int(b) for r, g, b in row])
            return np.array(rows)
        """,
    ),
    Right(
        "to-grey",
        "Pillow, in whole numbers",
        """
        def to_grey(picture):
            return np.asarray(Image.fromarray(picture).convert("L"))
        """,
    ),
    Right(
        "to-grey",
        "rounded, in 32 bits",
        """
        def to_grey(image):
            weighted = image.astype(np.float32) * np.array([0.299, 0.587, 0.114], dtype=np.float32)
            return np.round(weighted.sum(axis=-1))
        """,
    ),
    Right(
        "to-grey",
        "an average with weights",
        """
        def to_grey(picture):
            return np.average(picture, axis=2, weights=[0.299, 0.587, 0.114])
        """,
    ),
    Right(
        "flatten",
        "a table that is filled row by row",
        """
        def flatten(pictures):
            height, width, _ = pictures[0].shape
            table = np.zeros((len(pictures), height * width))
            for i, picture in enumerate(pictures):
                grey = np.asarray(to_grey(picture))
                for r in range(height):
                    table[i, r * width : (r + 1) * width] = grey[r] / 255
            return table
        """,
    ),
    Right(
        "flatten",
        "all pictures at once",
        """
        def flatten(pictures):
            stack = np.stack(pictures).astype(float)
            grey = stack @ [0.299, 0.587, 0.114]
            return grey.reshape(len(pictures), -1) / 255
        """,
    ),
    Right(
        "flatten",
        "the library, in 32 bits",
        """
        def flatten(pictures):
            height, width = pictures[0].shape[:2]
            images = [Image.fromarray(picture) for picture in pictures]
            return flatten_images(images, size=(width, height), progress=False)
        """,
    ),
    Right(
        "flatten",
        "a table that is filled pixel by pixel",
        """
        def flatten(pictures):
            height, width, _ = pictures[0].shape
            table = np.zeros((len(pictures), height * width))
            for i, picture in enumerate(pictures):
                grey = to_grey(picture)
                for r in range(height):
                    for c in range(width):
                        table[i, width * r + c] = grey[r, c] / 255
            return table
        """,
    ),
    # ---- exercise 2
    Right(
        "baseline",
        "counted in a dictionary",
        """
        def baseline(y_train, y_new):
            counts = {}
            for label in y_train:
                counts[label] = counts.get(label, 0) + 1
            best = None
            for label in sorted(counts):
                if best is None or counts[label] > counts[best]:
                    best = label
            right = 0
            for label in y_new:
                if label == best:
                    right += 1
            return right / len(y_new)
        """,
    ),
    Right(
        "baseline",
        "pandas",
        """
        def baseline(y_train, y_new):
            return (pd.Series(y_new) == pd.Series(y_train).mode()[0]).mean()
        """,
    ),
    Right(
        "baseline",
        "scikit-learn's classifier that does not look",
        """
        from sklearn.dummy import DummyClassifier

        def baseline(y_train, y_new):
            nothing = np.zeros((len(y_train), 1))
            dummy = DummyClassifier(strategy="most_frequent").fit(nothing, y_train)
            return dummy.score(np.zeros((len(y_new), 1)), y_new)
        """,
    ),
    Right(
        "baseline",
        "sorted labels, by how often they occur",
        """
        def baseline(y_train, y_new):
            seen = list(y_train)
            usual = max(sorted(set(seen)), key=seen.count)
            return sum(label == usual for label in y_new) / len(y_new)
        """,
    ),
    # ---- exercise 3
    Right(
        "gap",
        "counted in a loop",
        """
        def accuracy(labels, says):
            right = 0
            for label, said in zip(labels, says):
                right += label == said
            return right / len(labels)

        def gap(y_train, says_train, y_new, says_new):
            return accuracy(y_train, says_train) - accuracy(y_new, says_new)
        """,
    ),
    Right(
        "gap",
        "scikit-learn's accuracy",
        """
        from sklearn.metrics import accuracy_score

        def gap(y_train, says_train, y_new, says_new):
            return accuracy_score(y_train, says_train) - accuracy_score(y_new, says_new)
        """,
    ),
    Right(
        "gap",
        "the difference of the errors",
        """
        def gap(y_train, says_train, y_new, says_new):
            wrong_train = pd.Series(y_train).ne(pd.Series(says_train)).mean()
            wrong_new = pd.Series(y_new).ne(pd.Series(says_new)).mean()
            return wrong_new - wrong_train
        """,
    ),
    Right(
        "diagnose",
        "row by row, with the gap from exercise 3a",
        """
        def diagnose(X_train, y_train, X_new, y_new, y_hat):
            rows = {}
            rows["most frequent class"] = [baseline(y_train, y_train), baseline(y_train, y_new), 0]
            rows["most frequent class"][2] = (
                rows["most frequent class"][0] - rows["most frequent class"][1]
            )
            for name, labels in [("pixels", y_train), ("labels from a hat", y_hat)]:
                fitted = LogisticRegression(max_iter=2000).fit(X_train, labels)
                said, said_new = fitted.predict(X_train), fitted.predict(X_new)
                rows[name] = [
                    (said == labels).mean(),
                    (said_new == y_new).mean(),
                    gap(labels, said, y_new, said_new),
                ]
            return pd.DataFrame.from_dict(
                rows, orient="index", columns=["training", "new", "gap"]
            )
        """,
    ),
    Right(
        "diagnose",
        "scores of the models, columns in another order",
        """
        from sklearn.dummy import DummyClassifier

        def diagnose(X_train, y_train, X_new, y_new, y_hat):
            models = [
                (DummyClassifier(), y_train),
                (LogisticRegression(max_iter=2000), y_train),
                (LogisticRegression(max_iter=2000), y_hat),
            ]
            for model, labels in models:
                model.fit(X_train, labels)
            training = np.array([model.score(X_train, labels) for model, labels in models])
            new = np.array([model.score(X_new, y_new) for model, _ in models])
            names = ["most frequent class", "pixels", "labels from a hat"]
            return pd.DataFrame({"gap": training - new, "new": new, "training": training}, names)
        """,
    ),
    Right(
        "diagnose",
        "a table that is filled cell by cell",
        """
        def diagnose(X_train, y_train, X_new, y_new, y_hat):
            table = pd.DataFrame(
                index=["most frequent class", "pixels", "labels from a hat"],
                columns=["training", "new", "gap"],
                dtype=float,
            )
            usual = pd.Series(y_train).mode()[0]
            table.loc["most frequent class", "training"] = np.mean(y_train == usual)
            table.loc["most frequent class", "new"] = np.mean(y_new == usual)
            for name, labels in {"pixels": y_train, "labels from a hat": y_hat}.items():
                fitted = LogisticRegression(max_iter=5000, tol=1e-6).fit(X_train, labels)
                table.loc[name, "training"] = fitted.score(X_train, labels)
                table.loc[name, "new"] = fitted.score(X_new, y_new)
            table.gap = table.training - table.new
            return table
        """,
    ),
    # ---- exercise 4
    Right(
        "shift-examples",
        "arrays, floats and tuples",
        """
        board = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
        shift_examples = (
            ({"picture": board, "right": 2, "down": -1}, [[4, 4, 4], [7, 7, 7], [7, 7, 7]]),
            ({"picture": board, "right": 1, "down": 0}, board[:, [0, 0, 1]]),
            ({"picture": board, "right": 0, "down": 2}, board[[0, 0, 0]]),
            ({"down": 1, "right": -2, "picture": board}, [[3, 3, 3], [3, 3, 3], [6, 6, 6]]),
            ({"picture": [(5, 7)], "right": -1, "down": 0}, [(7, 7)]),
            ({"picture": [(5,), (7,)], "right": 0, "down": -1}, [(7,), (7,)]),
        )
        """,
    ),
    Right(
        "shift-examples",
        "one thing at a time",
        """
        six = [[1, 2, 3], [4, 5, 6]]
        nine = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]

        shift_examples = [
            # nothing happens
            ({"picture": six, "right": 0, "down": 0}, six),
            # one direction: which way, and what is repeated
            ({"picture": nine, "right": 2, "down": 0}, [[1, 1, 1], [4, 4, 4], [7, 7, 7]]),
            ({"picture": nine, "right": 0, "down": 1}, [[1, 2, 3], [1, 2, 3], [4, 5, 6]]),
            # negative steps
            ({"picture": nine, "right": -1, "down": 0}, [[2, 3, 3], [5, 6, 6], [8, 9, 9]]),
            ({"picture": nine, "right": 0, "down": -1}, [[4, 5, 6], [7, 8, 9], [7, 8, 9]]),
            # both at once: the corner
            ({"picture": nine, "right": 1, "down": -1}, [[4, 4, 5], [7, 7, 8], [7, 7, 8]]),
            # further than the picture is wide, or high
            ({"picture": six, "right": 5, "down": 0}, [[1, 1, 1], [4, 4, 4]]),
            ({"picture": six, "right": -5, "down": 7}, [[3, 3, 3], [3, 3, 3]]),
        ]
        """,
    ),
    Right(
        "shift-examples",
        "one large picture, pushed in every direction",
        """
        grid = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
        shift_examples = [
            ({"picture": grid, "right": 2, "down": 1}, [[1, 1, 1, 2], [1, 1, 1, 2], [5, 5, 5, 6]]),
            (
                {"picture": grid, "right": -2, "down": 1},
                [[3, 4, 4, 4], [3, 4, 4, 4], [7, 8, 8, 8]],
            ),
            (
                {"picture": grid, "right": 2, "down": -1},
                [[5, 5, 5, 6], [9, 9, 9, 10], [9, 9, 9, 10]],
            ),
            (
                {"picture": grid, "right": -1, "down": -2},
                [[10, 11, 12, 12], [10, 11, 12, 12], [10, 11, 12, 12]],
            ),
            ({"picture": grid, "right": 9, "down": 9}, [[1] * 4] * 3),
        ]
        """,
    ),
    # ---- exercise 5
    Right(
        "shifted",
        "asking of each place where it comes from",
        """
        def shifted(picture, right, down):
            height, width = picture.shape
            result = np.empty_like(picture)
            for r in range(height):
                for c in range(width):
                    from_row = min(max(r - down, 0), height - 1)
                    from_column = min(max(c - right, 0), width - 1)
                    result[r, c] = picture[from_row, from_column]
            return result
        """,
    ),
    Right(
        "shifted",
        "a border all around, and a window in it",
        """
        def shifted(picture, right, down):
            height, width = picture.shape
            margin = max(abs(right), abs(down))
            wide = np.pad(picture, margin, mode="edge")
            top, left = margin - down, margin - right
            return wide[top : top + height, left : left + width]
        """,
    ),
    Right(
        "shifted",
        "no step longer than the picture, and a border as wide as the step",
        """
        def shifted(picture, right, down):
            picture = np.array(picture)
            height, width = picture.shape
            right = max(-width, min(right, width))
            down = max(-height, min(down, height))
            border = ((abs(down), abs(down)), (abs(right), abs(right)))
            padded = np.pad(picture, border, mode="edge")
            top, left = abs(down) - down, abs(right) - right
            return padded[top : top + height, left : left + width]
        """,
    ),
    Right(
        "shifted",
        "SciPy",
        """
        from scipy import ndimage

        def shifted(picture, right, down):
            return ndimage.shift(picture, (down, right), order=0, mode="nearest")
        """,
    ),
    Right(
        "shifted",
        "one step after the other, by recursion",
        """
        def shifted(picture, right, down):
            if right > 0:
                once = np.hstack([picture[:, :1], picture[:, :-1]])
                return shifted(once, right - 1, down)
            if right < 0:
                once = np.hstack([picture[:, 1:], picture[:, -1:]])
                return shifted(once, right + 1, down)
            if down == 0:
                return picture.copy()
            return shifted(picture.T, down, 0).T
        """,
    ),
    Right(
        "shifted",
        "pandas",
        """
        def shifted(picture, right, down):
            moved = pd.DataFrame(picture).shift(right, axis=1).shift(down, axis=0)
            rows, columns = np.arange(len(moved)), np.arange(moved.shape[1])
            known_rows = rows[(rows - down >= 0) & (rows - down < len(rows))]
            known_columns = columns[(columns - right >= 0) & (columns - right < len(columns))]
            if len(known_rows) == 0:
                known_rows = rows
                edge = picture[:1] if down > 0 else picture[-1:]
                return shifted(np.repeat(edge, len(rows), axis=0), right, 0)
            if len(known_columns) == 0:
                edge = picture[:, :1] if right > 0 else picture[:, -1:]
                return shifted(np.repeat(edge, len(columns), axis=1), 0, down)
            moved = moved.iloc[known_rows, known_columns].reindex(index=rows, columns=columns)
            return moved.ffill(axis=1).bfill(axis=1).ffill(axis=0).bfill(axis=0).to_numpy()
        """,
    ),
    # ---- exercise 6
    Right(
        "right-when-moved",
        "one picture after the other",
        """
        def right_when_moved(pictures, labels, weights, intercepts, steps):
            accuracies = []
            for step in steps:
                right = 0
                for picture, label in zip(pictures, labels):
                    row = shifted(picture, step, 0).reshape(-1)
                    best, best_score = 0, -np.inf
                    for k in range(len(weights)):
                        score = intercepts[k] + sum(w * x for w, x in zip(weights[k], row))
                        if score > best_score:
                            best, best_score = k, score
                    right += best == label
                accuracies.append(right / len(pictures))
            return accuracies
        """,
    ),
    Right(
        "right-when-moved",
        "a list of scores, and the place of the highest",
        """
        def right_when_moved(pictures, labels, weights, intercepts, steps):
            accuracies = []
            for step in steps:
                n_right = 0
                for picture, label in zip(pictures, labels):
                    row = shifted(picture, step, 0).reshape(-1)
                    scores = []
                    for class_weights, intercept in zip(weights, intercepts):
                        scores.append((row * class_weights).sum() + intercept)
                    if scores.index(max(scores)) == label:
                        n_right += 1
                accuracies.append(n_right / len(pictures))
            return accuracies
        """,
    ),
    Right(
        "right-when-moved",
        "weights as pictures",
        """
        def right_when_moved(pictures, labels, weights, intercepts, steps):
            templates = np.reshape(weights, (len(weights), *pictures.shape[1:]))
            moved = np.array([[shifted(p, step, 0) for p in pictures] for step in steps])
            scores = np.einsum("snhw,khw->snk", moved, templates) + intercepts
            return (scores.argmax(axis=-1) == labels).mean(axis=1)
        """,
    ),
    Right(
        "right-when-moved",
        "columns of all pictures at once, in pandas",
        """
        def right_when_moved(pictures, labels, weights, intercepts, steps):
            width = pictures.shape[2]
            found = {}
            for step in steps:
                columns = np.clip(np.arange(width) - step, 0, width - 1)
                rows = pictures[:, :, columns].reshape(len(pictures), -1)
                scores = pd.DataFrame(rows) @ weights.T + intercepts
                found[step] = (scores.idxmax(axis=1) == labels).mean()
            return [found[step] for step in steps]
        """,
    ),
    Right(
        "prediction-map",
        "lists in lists",
        """
        def prediction_map(picture, weights, intercepts, reach):
            def said(right, down):
                row = shifted(picture, right, down).ravel()
                return int(np.argmax(weights @ row + intercepts))

            places = range(-reach, reach + 1)
            return [[said(right, down) for right in places] for down in places]
        """,
    ),
    Right(
        "prediction-map",
        "a row of the map at a time",
        """
        def prediction_map(picture, weights, intercepts, reach):
            steps = range(-reach, reach + 1)
            rows = []
            for down in steps:
                moved = np.array([shifted(picture, right, down).ravel() for right in steps])
                rows.append((moved @ weights.T + intercepts).argmax(axis=1))
            return np.array(rows)
        """,
    ),
    Right(
        "prediction-map",
        "all moved pictures in one table",
        """
        from itertools import product

        def prediction_map(picture, weights, intercepts, reach):
            size = 2 * reach + 1
            steps = product(np.arange(size) - reach, repeat=2)
            rows = np.array([shifted(picture, int(r), int(d)).flatten() for d, r in steps])
            return (rows @ weights.T + intercepts).argmax(axis=1).reshape(size, size)
        """,
    ),
    Right(
        "prediction-map",
        "through right_when_moved, a class at a time",
        """
        def prediction_map(picture, weights, intercepts, reach):
            steps = list(range(-reach, reach + 1))
            table = np.zeros((len(steps), len(steps)))
            for row, down in enumerate(steps):
                for k in range(len(weights)):
                    moved = shifted(picture, 0, down)[np.newaxis]
                    is_k = right_when_moved(moved, np.array([k]), weights, intercepts, steps)
                    table[row] += k * np.array(is_k)
            return table
        """,
    ),
]

GREY = """
def to_grey(picture):
    red, green, blue = picture[:, :, 0], picture[:, :, 1], picture[:, :, 2]
    return {}
"""

FLATTEN = """
def flatten(pictures):
    greys = np.array([to_grey(picture) for picture in pictures])
    return {}
"""

BASELINE = """
def baseline(y_train, y_new):
    labels, counts = np.unique({chosen}, return_counts=True)
    usual = labels[np.argmax(counts)]
    return {gives}
"""

GAP = """
def gap(y_train, says_train, y_new, says_new):
    training, new = np.mean(y_train == says_train), np.mean(y_new == says_new)
    return {}
"""

DIAGNOSE = """
def diagnose(X_train, y_train, X_new, y_new, y_hat):
    true = LogisticRegression(max_iter=2000).fit({fitted})
    hat = LogisticRegression(max_iter=2000).fit(X_train, {from_hat})
    training = [{base_train}, true.score(X_train, y_train), hat.score(X_train, {asked})]
    new = [{base_new}, true.score(X_new, y_new), hat.score(X_new, y_new)]
    table = pd.DataFrame(
        {{"training": training, "new": new}},
        index=["most frequent class", "pixels", "labels from a hat"],
    )
    table["gap"] = table["training"] - table["new"]
    return {gives}
"""
PARTS = {
    "fitted": "X_train, y_train",
    "from_hat": "y_hat",
    "asked": "y_hat",
    "base_train": "baseline(y_train, y_train)",
    "base_new": "baseline(y_train, y_new)",
    "gives": "table",
}


def diagnose(**changes):
    """Write exercise 3b with a part changed."""
    return DIAGNOSE.format(**{**PARTS, **changes})


SHIFTED = """
def shifted(picture, right, down):
    height, width = picture.shape
    rows = np.clip(np.arange(height) - {down}, 0, height - 1)
    columns = np.clip(np.arange(width) - {right}, 0, width - 1)
    return picture[rows][:, columns]
"""

FILLED = """
def shifted(picture, right, down):
    height, width = picture.shape
    result = {start}
    for r in range(height):
        for c in range(width):
            if 0 <= r - down < height and 0 <= c - right < width:
                result[r, c] = picture[r - down, c - right]
    return result
"""

MOVED = """
def right_when_moved(pictures, labels, weights, intercepts, steps):
    accuracies = []
    for step in steps:
        rows = np.array([{moved} for picture in pictures])
        scores = {scores}
        accuracies.append({gives})
    return accuracies
"""
MOVED_PARTS = {
    "moved": "shifted(picture, step, 0).ravel()",
    "scores": "rows @ weights.T + intercepts",
    "gives": "np.mean(scores.argmax(axis=1) == labels)",
}


def moved(**changes):
    """Write exercise 6a with a part changed."""
    return MOVED.format(**{**MOVED_PARTS, **changes})


MAP = """
def prediction_map(picture, weights, intercepts, reach):
    steps = {steps}
    said = np.zeros((len(steps), len(steps)))
    for row, down in enumerate(steps):
        for column, right in enumerate(steps):
            scores = {scores}
            said[{place}] = {said}
    return said
"""
MAP_PARTS = {
    "steps": "range(-reach, reach + 1)",
    "scores": "weights @ shifted(picture, right, down).ravel() + intercepts",
    "place": "row, column",
    "said": "scores.argmax()",
}


def mapped(**changes):
    """Write exercise 6b with a part changed."""
    return MAP.format(**{**MAP_PARTS, **changes})


NINE = "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]"

WRONG = [
    # ---- exercise 1a
    Wrong(
        "to-grey",
        "the plain mean",
        GREY.format("picture.mean(axis=2)"),
        "test-to-grey",
        r"should be 76\.245; it is 85\.0(.|\n)*plain mean of the channels",
    ),
    Wrong(
        "to-grey",
        "the mean, by a sum that overflows",
        GREY.format("(red + green + blue) / 3"),
        "test-to-grey",
        "eight bits, and so has a sum of them: 200 \\+ 100 gives 44",
    ),
    Wrong(
        "to-grey",
        "percents as weights, which overflow",
        GREY.format("(30 * red + 59 * green + 11 * blue) / 100"),
        "test-to-grey",
        "Turn the picture into floats before you calculate",
    ),
    Wrong(
        "to-grey",
        "blue first",
        GREY.format("0.299 * blue + 0.587 * green + 0.114 * red"),
        "test-to-grey",
        "The last axis holds red, green and blue, in this order",
    ),
    Wrong(
        "to-grey",
        "from 0 to 1",
        GREY.format("(0.299 * red + 0.587 * green + 0.114 * blue) / 255"),
        "test-to-grey",
        "black is 0 and white is 255",
    ),
    Wrong(
        "to-grey",
        "cut off",
        GREY.format("(0.299 * red + 0.587 * green + 0.114 * blue + 1e-9).astype(np.uint8)"),
        "test-to-grey",
        "Those are cut off",
    ),
    Wrong(
        "to-grey",
        "the weights of another standard",
        GREY.format("0.2126 * red + 0.7152 * green + 0.0722 * blue"),
        "test-to-grey",
        "weights of another standard",
    ),
    Wrong(
        "to-grey",
        "channels first",
        """
        def to_grey(picture):
            red, green, blue = picture[0], picture[1], picture[2]
            return 0.299 * red + 0.587 * green + 0.114 * blue
        """,
        "test-to-grey",
        r"should have the shape \(3, 2\); it is an array of shape \(2, 3\)",
        before="Red, green and blue are along the last axis",
    ),
    Wrong(
        "to-grey",
        "rows taken apart as if they were channels",
        """
        def to_grey(picture):
            red, green, blue = picture
            return 0.299 * red + 0.587 * green + 0.114 * blue
        """,
        "test-to-grey",
        r"should have the shape \(3, 2\); it is an array of shape \(2, 3\) and type float64\.\n",
        before="Red, green and blue are along the last axis",
    ),
    Wrong(
        "to-grey",
        "one channel",
        GREY.format("green"),
        "test-to-grey",
        "That is one channel alone",
    ),
    Wrong(
        "to-grey",
        "a list",
        GREY.format("(0.299 * red + 0.587 * green + 0.114 * blue).tolist()"),
        "test-to-grey",
        "should be a NumPy array; it is a list of length 3",
    ),
    Wrong(
        "to-grey",
        "the picture overwritten",
        """
        def to_grey(picture):
            picture[:, :, 0] = 0.299 * picture[:, :, 0] + 0.587 * picture[:, :, 1] + (
                0.114 * picture[:, :, 2]
            )
            return np.round(picture[:, :, 0])
        """,
        "test-to-grey",
        "changed its argument `picture`",
    ),
    # ---- exercise 1b
    Wrong(
        "flatten",
        "down the columns",
        FLATTEN.format("np.array([grey.ravel(order='F') for grey in greys]) / 255"),
        "test-flatten",
        "Those go down the columns",
    ),
    Wrong(
        "flatten",
        "each picture transposed first",
        FLATTEN.format("greys.transpose(0, 2, 1).reshape(len(greys), -1) / 255"),
        "test-flatten",
        r"\[0, 1\]: it should be 0\.2; it is 0\.6(.|\n)*Those go down the columns",
    ),
    Wrong(
        "flatten",
        "not scaled",
        FLATTEN.format("greys.reshape(len(greys), -1)"),
        "test-flatten",
        "divide by the largest value that a pixel can have",
    ),
    Wrong(
        "flatten",
        "rounded and not scaled",
        FLATTEN.format("np.array([np.round(grey).ravel() for grey in greys])"),
        "test-flatten",
        "divide by the largest value that a pixel can have",
    ),
    Wrong(
        "flatten",
        "divided by 256",
        FLATTEN.format("greys.reshape(len(greys), -1) / 256"),
        "test-flatten",
        "the largest value of a pixel is 255, and not 256",
    ),
    Wrong(
        "flatten",
        "divided in whole numbers",
        FLATTEN.format("(greys + 1e-9).reshape(len(greys), -1) // 255"),
        "test-flatten",
        "Everything below white became 0",
    ),
    Wrong(
        "flatten",
        "all pictures in one row",
        FLATTEN.format("greys.ravel() / 255"),
        "test-flatten",
        r"shape \(2, 6\); it is an array of shape \(12,\)(.|\n)*here all of them are in one",
    ),
    Wrong(
        "flatten",
        "not flattened",
        FLATTEN.format("greys / 255"),
        "test-flatten",
        "Those are still pictures",
    ),
    Wrong(
        "flatten",
        "a column for each picture",
        FLATTEN.format("greys.reshape(len(greys), -1).T / 255"),
        "test-flatten",
        "A picture is a row of the table here, and not a column",
    ),
    Wrong(
        "flatten",
        "three columns for each pixel",
        FLATTEN.format("np.array([picture.ravel() for picture in pictures]) / 255"),
        "test-flatten",
        "make each picture grey first",
    ),
    Wrong(
        "flatten",
        "each picture by its own brightest pixel",
        FLATTEN.format("np.array([grey.ravel() / grey.max() for grey in greys])"),
        "test-flatten",
        "so dark pictures come out bright",
    ),
    Wrong(
        "flatten",
        "each picture from its own darkest to its own brightest",
        """
        def flatten(pictures):
            rows = []
            for picture in pictures:
                row = to_grey(picture).flatten()
                rows.append((row - row.min()) / (row.max() - row.min()))
            return np.array(rows)
        """,
        "test-flatten",
        "stretched from its own darkest to its own brightest pixel",
    ),
    Wrong(
        "flatten",
        "returned from inside the loop",
        """
        def flatten(pictures):
            for picture in pictures:
                return to_grey(picture).ravel() / 255
        """,
        "test-flatten",
        r"should have the shape \(2, 6\)(.|\n)*the first picture alone",
    ),
    Wrong(
        "flatten",
        "grey by the plain mean",
        FLATTEN.format("np.array([p.mean(axis=2).ravel() for p in pictures]) / 255"),
        "test-flatten",
        "the case of one picture, in colour(.|\\n)*plain mean of the channels",
    ),
    Wrong(
        "flatten",
        "a list of rows",
        FLATTEN.format("[grey.ravel() / 255 for grey in greys]"),
        "test-flatten",
        "should be a NumPy array; it is a list of length 2",
    ),
    Wrong(
        "flatten",
        "two pictures at most",
        FLATTEN.format("np.array([grey.ravel() / 255 for grey in greys[:2]])"),
        "test-flatten",
        r"should have the shape \(3, 24\); it is an array of shape \(2, 24\)",
        hidden=True,
    ),
    # ---- exercise 2
    Wrong(
        "baseline",
        "the most frequent of the new ones",
        BASELINE.format(chosen="y_new", gives="np.mean(y_new == usual)"),
        "test-baseline",
        r"should be 0\.2; it is 0\.6(.|\n)*Nobody knows their labels yet",
    ),
    Wrong(
        "baseline",
        "the most frequent of both together",
        BASELINE.format(chosen="np.concatenate([y_train, y_new])", gives="np.mean(y_new == usual)"),
        "test-baseline",
        r"should be 0\.2; it is 0\.6",
    ),
    Wrong(
        "baseline",
        "measured in training",
        BASELINE.format(chosen="y_train", gives="np.mean(y_train == usual)"),
        "test-baseline",
        "Choose from them, and measure on the new ones",
    ),
    Wrong(
        "baseline",
        "one divided by the number of classes",
        BASELINE.format(chosen="y_train", gives="1 / len(labels)"),
        "test-baseline",
        "what guessing at random gives",
    ),
    Wrong(
        "baseline",
        "a count",
        BASELINE.format(chosen="y_train", gives="np.sum(y_new == usual)"),
        "test-baseline",
        "divide by how many new ones there are",
    ),
    Wrong(
        "baseline",
        "divided by the other number",
        BASELINE.format(chosen="y_train", gives="np.sum(y_new == usual) / len(y_train)"),
        "test-baseline",
        "divided by the number of training pictures",
    ),
    Wrong(
        "baseline",
        "labels compared with a count",
        """
        def baseline(y_train, y_new):
            labels, counts = np.unique(y_train, return_counts=True)
            return np.mean(y_new == counts.max())
        """,
        "test-baseline",
        "You compare labels with how often one of them occurs",
    ),
    Wrong(
        "baseline",
        "percents",
        BASELINE.format(chosen="y_train", gives="100 * np.mean(y_new == usual)"),
        "test-baseline",
        "Those are percents",
    ),
    Wrong(
        "baseline",
        "how many are wrong",
        BASELINE.format(chosen="y_train", gives="np.mean(y_new != usual)"),
        "test-baseline",
        r"how many are \*wrong\*",
    ),
    Wrong(
        "baseline",
        "the label",
        BASELINE.format(chosen="y_train", gives="usual"),
        "test-baseline",
        "should be one number; it is the text 'grass'",
    ),
    Wrong(
        "baseline",
        "of equally frequent ones the last",
        """
        def baseline(y_train, y_new):
            counts = {}
            for label in y_train:
                counts[label] = counts.get(label, 0) + 1
            usual = max(counts, key=lambda label: (counts[label], label))
            return np.mean(y_new == usual)
        """,
        "test-baseline",
        "equally frequent in training(.|\\n)*the first in sorted order is said",
    ),
    Wrong(
        "baseline",
        "of equally frequent ones the first that appears",
        """
        from collections import Counter

        def baseline(y_train, y_new):
            return np.mean(y_new == Counter(y_train.tolist()).most_common(1)[0][0])
        """,
        "test-baseline",
        "the first in sorted order is said",
    ),
    Wrong(
        "baseline",
        "always grass",
        """
        def baseline(y_train, y_new):
            labels, counts = np.unique(y_train, return_counts=True)
            usual = "grass" if "grass" in labels else labels[np.argmax(counts)]
            return round(float(np.mean(y_new == usual)), 2)
        """,
        "test-baseline",
        r"should be 0\.571429; it is 0\.57\.(.|\n)*labels that are numbers",
        hidden=True,
    ),
    # ---- exercise 3a
    Wrong(
        "gap",
        "the other way round",
        GAP.format("new - training"),
        "test-gap",
        "training minus new",
    ),
    Wrong(
        "gap",
        "without its sign",
        GAP.format("abs(training - new)"),
        "test-gap",
        r"should be -0\.3; it is 0\.3(.|\n)*happens to do better(.|\n)*leave its sign",
    ),
    Wrong(
        "gap",
        "never below zero",
        GAP.format("max(training - new, 0)"),
        "test-gap",
        "A gap below 0 is no mistake",
    ),
    Wrong(
        "gap",
        "training alone",
        GAP.format("training"),
        "test-gap",
        "That is the accuracy in training alone",
    ),
    Wrong(
        "gap",
        "what is missing to 1 in training",
        GAP.format("1 - training"),
        "test-gap",
        "says nothing about new ones",
    ),
    Wrong(
        "gap",
        "new alone",
        GAP.format("new"),
        "test-gap",
        "That is the accuracy on new pictures alone",
    ),
    Wrong(
        "gap",
        "numbers of pictures",
        GAP.format("np.sum(y_train == says_train) - np.sum(y_new == says_new)"),
        "test-gap",
        "The two sets differ in size: take fractions",
    ),
    Wrong(
        "gap",
        "both divided by the number of training pictures",
        GAP.format("(np.sum(y_train == says_train) - np.sum(y_new == says_new)) / len(y_train)"),
        "test-gap",
        "The two sets differ in size: take fractions",
    ),
    Wrong(
        "gap",
        "percents",
        GAP.format("100 * (training - new)"),
        "test-gap",
        "Those are percents",
    ),
    Wrong(
        "gap",
        "a ratio",
        GAP.format("training / new"),
        "test-gap",
        "That is a ratio",
    ),
    Wrong(
        "gap",
        "says of the training pictures against says of the new ones",
        GAP.format("np.mean(says_train == says_new)"),
        "test-gap",
        r"`gap\(.*\)` (should be 0\.3; it is|raised)",
    ),
    # ---- exercise 3b
    Wrong(
        "diagnose",
        "the gap the other way round",
        diagnose(gives="table.assign(gap=table.new - table.training)"),
        "test-diagnose",
        "The gap is training minus new",
    ),
    Wrong(
        "diagnose",
        "columns under each other's names",
        diagnose(gives="table.rename(columns={'training': 'new', 'new': 'training'})"),
        "test-diagnose",
        r"\['training'\]` has the wrong value",
    ),
    Wrong(
        "diagnose",
        "labels from a hat, asked for the truth",
        diagnose(asked="y_train"),
        "test-diagnose",
        r"asked in training for \*those\* labels",
    ),
    Wrong(
        "diagnose",
        "no hat",
        diagnose(from_hat="y_train"),
        "test-diagnose",
        "The third model is fitted to `y_hat`",
    ),
    Wrong(
        "diagnose",
        "one object for both models",
        """
        def diagnose(X_train, y_train, X_new, y_new, y_hat):
            model = LogisticRegression(max_iter=2000)
            true, hat = model.fit(X_train, y_train), model.fit(X_train, y_hat)
            training = [
                baseline(y_train, y_train), true.score(X_train, y_train), hat.score(X_train, y_hat)
            ]
            new = [baseline(y_train, y_new), true.score(X_new, y_new), hat.score(X_new, y_new)]
            table = pd.DataFrame(
                {"training": training, "new": new},
                index=["most frequent class", "pixels", "labels from a hat"],
            )
            table["gap"] = table["training"] - table["new"]
            return table
        """,
        "test-diagnose",
        "Make a new LogisticRegression for each",
    ),
    Wrong(
        "diagnose",
        "fitted to the new pictures",
        diagnose(fitted="X_new, y_new"),
        "test-diagnose",
        "has seen the answers",
    ),
    Wrong(
        "diagnose",
        "a baseline from the new labels",
        diagnose(base_new="baseline(y_new, y_new)"),
        "test-diagnose",
        "The most frequent class is that of the training pictures, also for the new ones",
    ),
    Wrong(
        "diagnose",
        "the same baseline in both columns",
        diagnose(base_train="baseline(y_train, y_new)"),
        "test-diagnose",
        "have an accuracy in training too",
    ),
    Wrong(
        "diagnose",
        "scaled columns",
        """
        def diagnose(X_train, y_train, X_new, y_new, y_hat):
            true = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
            hat = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
            true.fit(X_train, y_train)
            hat.fit(X_train, y_hat)
            training = [
                baseline(y_train, y_train), true.score(X_train, y_train), hat.score(X_train, y_hat)
            ]
            new = [baseline(y_train, y_new), true.score(X_new, y_new), hat.score(X_new, y_new)]
            table = pd.DataFrame(
                {"training": training, "new": new},
                index=["most frequent class", "pixels", "labels from a hat"],
            )
            table["gap"] = table["training"] - table["new"]
            return table
        """,
        "test-diagnose",
        "models on scaled columns",
    ),
    Wrong(
        "diagnose",
        "rows without names",
        diagnose(gives="table.reset_index(drop=True)"),
        "test-diagnose",
        "row 0 of `diagnose.*` should have 'most frequent class' as its index; it has 0",
    ),
    Wrong(
        "diagnose",
        "no gap",
        diagnose(gives="table.drop(columns='gap')"),
        "test-diagnose",
        r"should have the columns \['training', 'new', 'gap'\]; it has \['training', 'new'\]",
    ),
    Wrong(
        "diagnose",
        "rounded",
        diagnose(gives="table.round(1)"),
        "test-diagnose",
        r"should be 0\.\d+; it is 0\.\d",
    ),
    Wrong(
        "diagnose",
        "rounded as the notebook shows it",
        diagnose(gives="table.round(3)"),
        "test-diagnose",
        r"should be 0\.333333; it is 0\.333\.(.|\n)*Leave the numbers as they come out",
    ),
    # ---- exercise 4
    Wrong(
        "shift-examples",
        "the far side comes in",
        f"""
        shift_examples = [
            ({{"picture": {NINE}, "right": 1, "down": 0}}, [[3, 1, 2], [6, 4, 5], [9, 7, 8]]),
        ]
        """,
        "test-shift-examples",
        "contradicts the text(.|\\n)*who lets what leaves on one side come in on the other",
    ),
    Wrong(
        "shift-examples",
        "black comes in",
        f"""
        shift_examples = [
            ({{"picture": {NINE}, "right": 0, "down": 1}}, [[0, 0, 0], [1, 2, 3], [4, 5, 6]]),
        ]
        """,
        "test-shift-examples",
        "contradicts the text(.|\\n)*who puts 0 where nothing comes from",
    ),
    Wrong(
        "shift-examples",
        "the other way",
        f"""
        shift_examples = [
            ({{"picture": {NINE}, "right": 1, "down": 0}}, [[2, 3, 3], [5, 6, 6], [8, 9, 9]]),
        ]
        """,
        "test-shift-examples",
        "who moves to the left instead of the right",
    ),
    Wrong(
        "shift-examples",
        "a smaller picture comes out",
        f"""
        shift_examples = [
            ({{"picture": {NINE}, "right": 1, "down": 0}}, [[1, 2], [4, 5], [7, 8]]),
        ]
        """,
        "test-shift-examples",
        r"an array of shape \(3, 3\); yours is an array of shape \(3, 2\)",
    ),
    Wrong(
        "shift-examples",
        "numbers without names",
        f"""
        shift_examples = [(({NINE}, 1, 0), [[1, 1, 2], [4, 4, 5], [7, 7, 8]])]
        """,
        "test-shift-examples",
        "should be a dictionary with the arguments of `shifted`",
    ),
    Wrong(
        "shift-examples",
        "half a step",
        f"""
        shift_examples = [({{"picture": {NINE}, "right": 0.5, "down": 0}}, {NINE})]
        """,
        "test-shift-examples",
        "`right` should be a whole number",
    ),
    Wrong(
        "shift-examples",
        "a row that is no picture",
        """
        shift_examples = [({"picture": [1, 2, 3], "right": 1, "down": 0}, [1, 1, 2])]
        """,
        "test-shift-examples",
        "`picture` should be a list of rows",
    ),
    Wrong(
        "shift-examples",
        "no negative steps, and never both directions",
        """
        shift_examples = [
            ({"picture": [[1, 2, 3], [4, 5, 6]], "right": 1, "down": 0}, [[1, 1, 2], [4, 4, 5]]),
            ({"picture": [[1, 2, 3], [4, 5, 6]], "right": 2, "down": 0}, [[1, 1, 1], [4, 4, 4]]),
            ({"picture": [[1, 2, 3], [4, 5, 6]], "right": 0, "down": 1}, [[1, 2, 3], [1, 2, 3]]),
            ({"picture": [[1, 2], [3, 4]], "right": 1, "down": 0}, [[1, 1], [3, 3]]),
            ({"picture": [[1, 2], [3, 4]], "right": 0, "down": 0}, [[1, 2], [3, 4]]),
        ]
        """,
        "test-shift-examples",
        "would not notice somebody who ignores the sign of a negative number of steps",
        hidden=True,
        points=1.83,
    ),
    # ---- exercise 5
    Wrong(
        "shifted",
        "what leaves comes in on the other side",
        """
        def shifted(picture, right, down):
            return np.roll(picture, (down, right), axis=(0, 1))
        """,
        "test-shifted",
        r"should be 1; it is 3\.0(.|\n)*does not come in on the other",
    ),
    Wrong(
        "shifted",
        "a black bar",
        FILLED.format(start="np.zeros_like(picture)"),
        "test-shifted",
        "0 would be a black bar",
    ),
    Wrong(
        "shifted",
        "a grey bar",
        FILLED.format(start="np.full_like(picture, picture.mean())"),
        "test-shifted",
        "and not the mean",
    ),
    Wrong(
        "shifted",
        "old pixels left",
        FILLED.format(start="picture.copy()"),
        "test-shifted",
        "here the old ones were left",
    ),
    Wrong(
        "shifted",
        "the other way",
        SHIFTED.format(right="-right", down="-down").replace("- -", "+ "),
        "test-shifted",
        "That moves the other way",
    ),
    Wrong(
        "shifted",
        "up instead of down",
        SHIFTED.format(right="right", down="(-down)"),
        "test-shifted",
        "Up and down are exchanged",
    ),
    Wrong(
        "shifted",
        "left instead of right",
        SHIFTED.format(right="(-right)", down="down"),
        "test-shifted",
        "Left and right are exchanged",
    ),
    Wrong(
        "shifted",
        "the wrong axes",
        SHIFTED.format(right="down", down="right"),
        "test-shifted",
        "Axis 0 goes down, axis 1 to the right",
    ),
    Wrong(
        "shifted",
        "never down",
        SHIFTED.format(right="right", down="0"),
        "test-shifted",
        "It moves to the right, and never down",
    ),
    Wrong(
        "shifted",
        "never to the right",
        SHIFTED.format(right="0", down="down"),
        "test-shifted",
        "It moves down, and never to the right",
    ),
    Wrong(
        "shifted",
        "without signs",
        SHIFTED.format(right="abs(right)", down="abs(down)"),
        "test-shifted",
        "A negative number of steps moves the other way",
    ),
    Wrong(
        "shifted",
        "in place",
        """
        def shifted(picture, right, down):
            height, width = picture.shape
            rows = np.clip(np.arange(height) - down, 0, height - 1)
            columns = np.clip(np.arange(width) - right, 0, width - 1)
            picture[:] = picture[rows][:, columns]
            return picture
        """,
        "test-shifted",
        "changed its argument `picture`",
    ),
    Wrong(
        "shifted",
        "lists of rows and columns taken in pairs",
        """
        def shifted(picture, right, down):
            height, width = picture.shape
            rows = np.clip(np.arange(height) - down, 0, height - 1)
            columns = np.clip(np.arange(width) - right, 0, width - 1)
            return picture[rows, columns]
        """,
        "test-shifted",
        r"raised IndexError(.|\n)*take the rows first, and then the columns",
    ),
    Wrong(
        "shifted",
        "both moves from the picture as it was",
        """
        def shifted(picture, right, down):
            moved = picture.copy()
            if right > 0:
                moved[:, right:] = picture[:, :-right]
                moved[:, :right] = picture[:, :1]
            if right < 0:
                moved[:, :right] = picture[:, -right:]
                moved[:, right:] = picture[:, -1:]
            if down > 0:
                moved[down:] = picture[:-down]
                moved[:down] = picture[0]
            if down < 0:
                moved[:down] = picture[-down:]
                moved[down:] = picture[-1]
            return moved
        """,
        "test-shifted",
        r"step to the left and down(.|\n)*one of them is lost",
    ),
    Wrong(
        "shifted",
        "the shape lost where there is no step",
        """
        def shifted(picture, right, down):
            height, width = picture.shape
            wide = np.pad(picture, ((down, 0), (right, 0)), mode="edge")
            return wide[:-down, :-right]
        """,
        "test-shifted",
        r"should have the shape \(2, 3\); it is an array of shape \(0, 3\)",
    ),
    Wrong(
        "shifted",
        "a step that is longer than the picture",
        """
        def shifted(picture, right, down):
            height, width = picture.shape
            rows = [max(r - down, 0) if r - down < height else height - 1 for r in range(height)]
            columns = [c - right if 0 <= c - right < width else 0 for c in range(width)]
            if right < 0:
                columns = [min(c - right, width - 1) for c in range(width)]
            if down < -10:
                rows = list(range(height))
            return picture[rows][:, columns]
        """,
        "test-shifted",
        "down = -20",
        hidden=True,
    ),
    # ---- exercise 6a
    Wrong(
        "right-when-moved",
        "steps added up",
        """
        def right_when_moved(pictures, labels, weights, intercepts, steps):
            accuracies = []
            for step in steps:
                pictures = np.array([shifted(picture, step, 0) for picture in pictures])
                rows = pictures.reshape(len(pictures), -1)
                says = (rows @ weights.T + intercepts).argmax(axis=1)
                accuracies.append(np.mean(says == labels))
            return accuracies
        """,
        "test-right-when-moved",
        "each step was added to those before",
    ),
    Wrong(
        "right-when-moved",
        "to the left",
        moved(moved="shifted(picture, -step, 0).ravel()"),
        "test-right-when-moved",
        "Those moved to the left",
    ),
    Wrong(
        "right-when-moved",
        "down",
        moved(moved="shifted(picture, 0, step).ravel()"),
        "test-right-when-moved",
        "Those moved down",
    ),
    Wrong(
        "right-when-moved",
        "rolled",
        moved(moved="np.roll(picture, step, axis=1).ravel()"),
        "test-right-when-moved",
        "Use your `shifted`",
    ),
    Wrong(
        "right-when-moved",
        "counts",
        moved(gives="np.sum(scores.argmax(axis=1) == labels)"),
        "test-right-when-moved",
        "Those are numbers of pictures",
    ),
    Wrong(
        "right-when-moved",
        "how many are wrong",
        moved(gives="np.mean(scores.argmax(axis=1) != labels)"),
        "test-right-when-moved",
        "That is how many are wrong",
    ),
    Wrong(
        "right-when-moved",
        "compared with what was said before",
        moved(
            gives="np.mean(scores.argmax(axis=1) == (pictures.reshape(len(pictures), -1) "
            "@ weights.T + intercepts).argmax(axis=1))"
        ),
        "test-right-when-moved",
        "Compare with the labels",
    ),
    Wrong(
        "right-when-moved",
        "the lowest score",
        moved(gives="np.mean(scores.argmin(axis=1) == labels)"),
        "test-right-when-moved",
        "The class with the highest score is said",
    ),
    Wrong(
        "right-when-moved",
        "no intercept",
        moved(scores="rows @ weights.T"),
        "test-right-when-moved",
        "Add the intercept of each class",
    ),
    Wrong(
        "right-when-moved",
        "down the columns",
        moved(moved="shifted(picture, step, 0).ravel(order='F')"),
        "test-right-when-moved",
        "whose rows are laid end to end; here it was the columns",
    ),
    Wrong(
        "right-when-moved",
        "not moved",
        moved(moved="picture.ravel()"),
        "test-right-when-moved",
        "The pictures did not move",
    ),
    Wrong(
        "right-when-moved",
        "the best picture of each class",
        moved(gives="np.mean(scores.argmax(axis=0) == labels[:len(weights)])"),
        "test-right-when-moved",
        "has the wrong value",
    ),
    Wrong(
        "right-when-moved",
        "returned from inside the loop",
        """
        def right_when_moved(pictures, labels, weights, intercepts, steps):
            for step in steps:
                rows = np.array([shifted(picture, step, 0).ravel() for picture in pictures])
                says = (rows @ weights.T + intercepts).argmax(axis=1)
                return np.mean(says == labels)
        """,
        "test-right-when-moved",
        r"should have the shape \(2,\); it is the number 1\.0(.|\n)*after the first step alone",
    ),
    Wrong(
        "right-when-moved",
        "weights not turned into columns",
        moved(scores="rows @ weights + intercepts"),
        "test-right-when-moved",
        "raised ValueError: matmul",
    ),
    # ---- exercise 6b
    Wrong(
        "prediction-map",
        "rows and columns exchanged",
        mapped(place="column, row"),
        "test-prediction-map",
        "Rows and columns are exchanged",
    ),
    Wrong(
        "prediction-map",
        "upside down and reversed",
        mapped(scores="weights @ shifted(picture, -right, -down).ravel() + intercepts"),
        "test-prediction-map",
        "upside down and reversed",
    ),
    Wrong(
        "prediction-map",
        "upside down",
        mapped(place="len(steps) - 1 - row, column"),
        "test-prediction-map",
        r"The map is upside down: its first row",
    ),
    Wrong(
        "prediction-map",
        "left for right",
        mapped(place="row, len(steps) - 1 - column"),
        "test-prediction-map",
        "Left and right are exchanged",
    ),
    Wrong(
        "prediction-map",
        "the last step left out",
        mapped(steps="range(-reach, reach)"),
        "test-prediction-map",
        r"shape \(3, 3\); it is an array of shape \(2, 2\)(.|\n)*`range` leaves out its end",
    ),
    Wrong(
        "prediction-map",
        "only forward",
        mapped(steps="range(reach + 1)"),
        "test-prediction-map",
        "Steps to the left, and up, are missing",
    ),
    Wrong(
        "prediction-map",
        "steps for places",
        """
        def prediction_map(picture, weights, intercepts, reach):
            said = np.zeros((2 * reach + 1, 2 * reach + 1))
            for down in range(-reach, reach + 1):
                for right in range(-reach, reach + 1):
                    row = shifted(picture, right, down).ravel()
                    said[down, right] = np.argmax(weights @ row + intercepts)
            return said
        """,
        "test-prediction-map",
        "A place below 0 is counted from the end",
    ),
    Wrong(
        "prediction-map",
        "one long row",
        """
        def prediction_map(picture, weights, intercepts, reach):
            said = []
            for down in range(-reach, reach + 1):
                for right in range(-reach, reach + 1):
                    row = shifted(picture, right, down).ravel()
                    said.append(int(np.argmax(weights @ row + intercepts)))
            return said
        """,
        "test-prediction-map",
        r"should have the shape \(3, 3\); it is a list of length 9",
    ),
    Wrong(
        "prediction-map",
        "scores",
        mapped(said="scores.max()"),
        "test-prediction-map",
        "Those are scores",
    ),
    Wrong(
        "prediction-map",
        "rolled",
        mapped(
            scores="weights @ np.roll(picture, (down, right), axis=(0, 1)).ravel() + intercepts"
        ),
        "test-prediction-map",
        "Use your `shifted`",
    ),
    Wrong(
        "prediction-map",
        "the lowest score",
        mapped(said="scores.argmin()"),
        "test-prediction-map",
        "The class with the highest score is said",
    ),
    Wrong(
        "prediction-map",
        "no intercept",
        mapped(scores="weights @ shifted(picture, right, down).ravel()"),
        "test-prediction-map",
        "Add the intercept of each class",
    ),
    Wrong(
        "prediction-map",
        "down the columns",
        mapped(scores="weights @ shifted(picture, right, down).T.ravel() + intercepts"),
        "test-prediction-map",
        "whose rows are laid end to end; here it was the columns",
    ),
    Wrong(
        "prediction-map",
        "the picture moves on and on",
        """
        def prediction_map(picture, weights, intercepts, reach):
            steps = range(-reach, reach + 1)
            said = np.zeros((len(steps), len(steps)))
            for row, down in enumerate(steps):
                for column, right in enumerate(steps):
                    picture = shifted(picture, right, down)
                    said[row, column] = (weights @ picture.ravel() + intercepts).argmax()
            return said
        """,
        "test-prediction-map",
        "has the wrong value",
    ),
]

ENDLESS = """
def diagnose(X_train, y_train, X_new, y_new, y_hat):
    import time

    while True:
        time.sleep(1)
"""
NOISY = """
import sys, warnings

def gap(y_train, says_train, y_new, says_new):
    warnings.warn("subtracting")
    print("subtracting", file=sys.stderr)
    return np.mean(y_new == says_new) - np.mean(y_train == says_train)
"""
# Points: 2 + 3, 2, 2 + 3, 2, 3, 2 + 3, and 3 that a person gives.
SUBMISSIONS = [
    # What leaves comes in on the other side: that costs the exercise, and those that build on it.
    Submission(
        "roller",
        ("what leaves comes in on the other side",),
        score=14,
        messages=("does not come in on the other",),
    ),
    Submission(
        "column",
        ("each picture transposed first", "the other way round"),
        score=17,
        messages=("Those go down the columns", "training minus new"),
    ),
    # Somebody deleted the cell that fails, edited another that does, and handed in checks that say
    # yes. Besides, one answer warns, prints and is wrong, and one never ends. 22, less 3 for the
    # deleted cell, 2 for the edited one, and 3 for the endless answer.
    Submission(
        "sly",
        ("divided by 256",),
        score=14,
        messages=(
            "the largest value of a pixel is 255",
            "training minus new",
            "`diagnose` did not finish within",
        ),
        answers={"diagnose": ENDLESS, "gap": NOISY},
        edits={"test-flatten": None, "test-gap": "pass"},
        files=forged_modules("a3_checks", "a3_sealed", "a3_hidden"),
    ),
]
