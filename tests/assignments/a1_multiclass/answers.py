"""Answers to assignment 1 that must pass, and answers that must fail with the message they need."""

from harness import Equivalent, Right, Submission, Wrong, forged_modules

LABELS = ["list", "tuple", "array", "object array", "series", "series with another index", "index"]
RESULTS = {
    "count_one_vs_rest": ["int", "NumPy's integer", "array of no dimension"],
    "count_one_vs_one": ["int", "NumPy's integer", "array of no dimension"],
    "predict_one_vs_rest": LABELS,
    "count_votes": ["array", "float64", "float32", "int64", "int32", "int8", "uint8"],
    "predict_one_vs_one": LABELS,
    "one_vs_rest_scores": ["array", "array in Fortran's order", "view of an array", "float32"],
    "one_vs_one_scores": ["array", "array in Fortran's order", "view of an array", "float32"],
    "compare": ["columns in another order", "columns of floats", "columns of objects"],
}

EQUIVALENT = [
    Equivalent(
        "count_votes",
        "Votes as floats are as right: they equal whole numbers.",
        (
            "votes = np.zeros((len(pair_scores), n_classes), dtype=int) → "
            "votes = np.zeros((len(pair_scores), n_classes))",
        ),
    ),
    Equivalent(
        "predict_one_vs_one",
        "Nothing is greater than the maximum, so that at least and equal are one.",
        (
            "has_most_votes = votes == votes.max(axis=1, keepdims=True) → "
            "has_most_votes = votes >= votes.max(axis=1, keepdims=True)",
        ),
    ),
    Equivalent(
        "predict_one_vs_one",
        "Support is compared between classes: what is added to all of them changes nothing.",
        ("support = np.zeros(votes.shape) → support = np.ones(votes.shape)",),
    ),
    Equivalent(
        "one_vs_one_scores",
        "No label is of both classes, so that *or* and *either or* are one.",
        (
            "of_these_two = (y_train == classes[i]) | (y_train == classes[j]) → "
            "of_these_two = (y_train == classes[i]) ^ (y_train == classes[j])",
        ),
    ),
    Equivalent(
        "one_vs_one_scores",
        "The last class has none behind it, so that its turn in the outer loop does nothing.",
        (
            "for i in range(len(classes)): → for i in range(0, len(classes) + 1):",
            "for i in range(len(classes)): → for i in range(0, len(classes) - 1):",
        ),
    ),
    Equivalent(
        "compare",
        "The last class has none behind it, so that its turn in the outer loop does nothing.",
        (
            "pairs = [(i, j) for i in range(k) for j in range(i + 1, k)] → "
            "pairs = [(i, j) for i in range(0, k + 1) for j in range(i + 1, k)]",
            "pairs = [(i, j) for i in range(k) for j in range(i + 1, k)] → "
            "pairs = [(i, j) for i in range(0, k - 1) for j in range(i + 1, k)]",
        ),
    ),
]

RIGHT = [
    Right(
        "count-models",
        "counted, not calculated",
        """
        from itertools import combinations

        def count_one_vs_rest(k):
            return len(range(k))

        def count_one_vs_one(k):
            return sum(1 for _ in combinations(range(k), 2))
        """,
    ),
    Right(
        "count-models",
        "NumPy's whole numbers",
        """
        def count_one_vs_rest(n_classes):
            return np.int64(n_classes)

        def count_one_vs_one(n_classes):
            return np.arange(n_classes).sum()
        """,
    ),
    Right(
        "count-models",
        "recursion",
        """
        def count_one_vs_rest(n_classes):
            if n_classes == 1:
                return 1
            return count_one_vs_rest(n_classes // 2) + count_one_vs_rest(n_classes - n_classes // 2)

        def count_one_vs_one(n_classes):
            half = n_classes // 2
            if n_classes < 2:
                return 0
            rest = n_classes - half
            return count_one_vs_one(half) + count_one_vs_one(rest) + half * rest
        """,
    ),
    Right(
        "predict-one-vs-rest",
        "sorting, stable",
        """
        def predict_one_vs_rest(scores, classes):
            return pd.Series(
                classes[sorted(range(len(row)), key=lambda j: row[j], reverse=True)[0]]
                for row in scores
            )
        """,
    ),
    Right(
        "predict-one-vs-rest",
        "a loop that returns a list",
        """
        def predict_one_vs_rest(scores, classes):
            labels = []
            for row in scores:
                best = 0
                for j in range(len(classes)):
                    if row[j] > row[best]:
                        best = j
                labels.append(classes[best])
            return labels
        """,
    ),
    Right(
        "predict-one-vs-rest",
        "pandas",
        """
        def predict_one_vs_rest(scores, classes):
            return pd.DataFrame(scores, columns=classes).idxmax(axis=1)
        """,
    ),
    Right(
        "count-votes",
        "one example after the other",
        """
        def count_votes(pair_scores, pairs, n_classes):
            table = []
            for row in pair_scores:
                votes = [0] * n_classes
                for score, (i, j) in zip(row, pairs):
                    votes[j if score > 0 else i] += 1
                table.append(votes)
            return np.array(table)
        """,
    ),
    Right(
        "count-votes",
        "a matrix product, in floats",
        """
        def count_votes(pair_scores, pairs, n_classes):
            first, second = np.eye(n_classes)[np.array(pairs).T]
            for_second = (np.asarray(pair_scores) > 0).astype(float)
            return for_second @ second + (1 - for_second) @ first
        """,
    ),
    Right(
        "count-votes",
        "pandas",
        """
        def count_votes(pair_scores, pairs, n_classes):
            winners = pd.DataFrame(
                {d: np.where(pair_scores[:, d] > 0, j, i) for d, (i, j) in enumerate(pairs)}
            )
            counted = winners.apply(lambda row: row.value_counts(), axis=1)
            return counted.reindex(columns=range(n_classes)).fillna(0).to_numpy()
        """,
    ),
    Right(
        "tie-examples",
        "tuples and arrays, many of them",
        """
        tie_examples = (
            ((-2, -1, 3), "a"),
            (np.array([2.0, 1.0, -9.0]), "b"),
            [{"scores": [-0.1, -0.2, 5]}, np.str_("a")],
            ([-1, 3, -1], "c"),
            ([-3, 0.5, -3.5], "a"),
            ([-1, 1, -1], "a"),
            ([0, 2, 0], "c"),
            ([0, 0, 5], "a"),
            ([0, 0, 0], "a"),
            ([0.3, -0.1, 0.2], "b"),
        )
        """,
    ),
    Right(
        "tie-examples",
        "as few as will do",
        """
        tie_examples = [
            ([-0.1, -0.2, 5.0], "a"),
            ([-3.0, 0.5, -3.5], "a"),
            ([-1.0, 1.0, -1.0], "a"),
            ([0.0, 2.0, 0.0], "c"),
            ([0.0, 0.0, 5.0], "a"),
        ]
        """,
    ),
    Right(
        "predict-one-vs-one",
        "sorting by votes, support and order",
        """
        def predict_one_vs_one(pair_scores, pairs, classes):
            labels = []
            for row in pair_scores:
                votes, support = [0] * len(classes), [0.0] * len(classes)
                for score, (i, j) in zip(row, pairs):
                    votes[j if score > 0 else i] += 1
                    support[j] += score
                    support[i] -= score
                ranking = sorted(
                    range(len(classes)), key=lambda c: (-votes[c], -support[c], c)
                )
                labels.append(classes[ranking[0]])
            return np.array(labels)
        """,
    ),
    Right(
        "predict-one-vs-one",
        "support squeezed below half a vote, as scikit-learn does it",
        """
        def predict_one_vs_one(pair_scores, pairs, classes):
            votes = np.asarray(count_votes(pair_scores, pairs, len(classes)), dtype=float)
            support = np.zeros_like(votes)
            for d, (i, j) in enumerate(pairs):
                support[:, i] -= pair_scores[:, d]
                support[:, j] += pair_scores[:, d]
            return [classes[c] for c in (votes + support / (3 * (abs(support) + 1))).argmax(axis=1)]
        """,
    ),
    Right(
        "predict-one-vs-one",
        "NumPy's sort by several keys",
        """
        def predict_one_vs_one(pair_scores, pairs, classes):
            first, second = np.array(pairs).T
            in_favour = np.eye(len(classes))[second] - np.eye(len(classes))[first]
            votes = count_votes(pair_scores, pairs, len(classes))
            order = np.broadcast_to(-np.arange(len(classes)), votes.shape)
            best = np.lexsort((order, pair_scores @ in_favour, votes), axis=1)[:, -1]
            return pd.Series([classes[c] for c in best])
        """,
    ),
    Right(
        "one-vs-rest-scores",
        "the models that scikit-learn fitted",
        """
        def one_vs_rest_scores(X_train, y_train, X_test):
            fitted = OneVsRestClassifier(LogisticRegression()).fit(X_train, y_train)
            return fitted.decision_function(X_test)
        """,
    ),
    Right(
        "one-vs-rest-scores",
        "pandas",
        """
        def one_vs_rest_scores(X_train, y_train, X_test):
            targets = pd.get_dummies(pd.Series(y_train)).sort_index(axis=1)
            scores = {
                label: LogisticRegression().fit(X_train, targets[label]).decision_function(X_test)
                for label in targets
            }
            return pd.DataFrame(scores).to_numpy()
        """,
    ),
    Right(
        "one-vs-rest-scores",
        "0 and 1 as labels, scores from the coefficients",
        """
        def one_vs_rest_scores(X_train, y_train, X_test):
            scores = np.empty((len(X_test), len(set(y_train))))
            for column, label in enumerate(sorted(set(y_train))):
                target = np.where(np.array(y_train) == label, 1, 0)
                model = LogisticRegression(max_iter=1000).fit(X_train, target)
                scores[:, column] = X_test @ model.coef_[0] + model.intercept_[0]
            return scores
        """,
    ),
    Right(
        "one-vs-one-scores",
        "the second of the pair as True",
        """
        from itertools import combinations

        def one_vs_one_scores(X_train, y_train, X_test):
            columns = []
            for first, second in combinations(sorted(set(y_train)), 2):
                rows = np.isin(y_train, [first, second])
                model = LogisticRegression()
                model.fit(X_train[rows], y_train[rows] == second)
                columns.append(model.decision_function(X_test))
            return np.array(columns).T
        """,
    ),
    Right(
        "one-vs-one-scores",
        "the models that scikit-learn fitted",
        """
        def one_vs_one_scores(X_train, y_train, X_test):
            fitted = OneVsOneClassifier(LogisticRegression()).fit(X_train, y_train)
            return np.column_stack([m.decision_function(X_test) for m in fitted.estimators_])
        """,
    ),
    Right(
        "one-vs-one-scores",
        "-1 and 1 as labels, scores from the coefficients",
        """
        def one_vs_one_scores(X_train, y_train, X_test):
            labels, scores = sorted(set(y_train.tolist())), []
            for i, first in enumerate(labels):
                for second in labels[i + 1 :]:
                    X = np.vstack([X_train[y_train == first], X_train[y_train == second]])
                    y = np.repeat([-1, 1], [(y_train == first).sum(), (y_train == second).sum()])
                    model = LogisticRegression(max_iter=1000).fit(X, y)
                    scores.append(X_test @ model.coef_[0] + model.intercept_[0])
            return np.stack(scores, axis=1)
        """,
    ),
    Right(
        "compare",
        "a column after the other, in a table that is empty at first",
        """
        def compare(X_train, y_train, X_test, y_test):
            classes, data = np.unique(y_train), (X_train, y_train, X_test)
            table = pd.DataFrame(index=["one-vs-rest", "one-vs-one"])
            ready = [OneVsRestClassifier, OneVsOneClassifier]
            fitted = [kind(LogisticRegression()).fit(X_train, y_train) for kind in ready]
            table["models"] = [len(classifier.estimators_) for classifier in fitted]
            pairs = [(i, j) for j in range(len(classes)) for i in range(j)]
            pairs.sort()
            rest = np.array(predict_one_vs_rest(one_vs_rest_scores(*data), classes))
            one = np.array(predict_one_vs_one(one_vs_one_scores(*data), pairs, classes))
            table["mine"] = [float(np.mean(rest == y_test)), float(np.mean(one == y_test))]
            table["scikit-learn"] = [c.score(X_test, y_test) for c in fitted]
            return table
        """,
    ),
    Right(
        "compare",
        "a list of rows",
        """
        def compare(X_train, y_train, X_test, y_test):
            classes = sorted(set(y_train))
            k, rows = len(classes), []
            for kind in ("rest", "one"):
                if kind == "rest":
                    n, ready = k, OneVsRestClassifier(LogisticRegression())
                    scores = one_vs_rest_scores(X_train, y_train, X_test)
                    mine = predict_one_vs_rest(scores, classes)
                else:
                    n, ready = k * (k - 1) // 2, OneVsOneClassifier(LogisticRegression())
                    pairs = [(i, j) for i in range(k) for j in range(k) if i < j]
                    scores = one_vs_one_scores(X_train, y_train, X_test)
                    mine = predict_one_vs_one(scores, pairs, classes)
                right = sum(a == b for a, b in zip(mine, y_test))
                theirs = (ready.fit(X_train, y_train).predict(X_test) == y_test).mean()
                rows.append({"models": n, "mine": right / len(y_test), "scikit-learn": theirs})
            return pd.DataFrame(rows, index=["one-vs-rest", "one-vs-one"])
        """,
    ),
    Right(
        "compare",
        "row by row, accuracies from sklearn.metrics",
        """
        from itertools import combinations
        from sklearn.metrics import accuracy_score

        def compare(X_train, y_train, X_test, y_test):
            classes = sorted(set(y_train))
            pairs = list(combinations(range(len(classes)), 2))
            table = pd.DataFrame(columns=["scikit-learn", "mine", "models"], dtype=float)
            theirs = OneVsRestClassifier(LogisticRegression()).fit(X_train, y_train)
            mine = predict_one_vs_rest(one_vs_rest_scores(X_train, y_train, X_test), classes)
            table.loc["one-vs-rest"] = [
                accuracy_score(y_test, theirs.predict(X_test)),
                accuracy_score(y_test, mine),
                len(theirs.estimators_),
            ]
            theirs = OneVsOneClassifier(LogisticRegression()).fit(X_train, y_train)
            mine = predict_one_vs_one(one_vs_one_scores(X_train, y_train, X_test), pairs, classes)
            table.loc["one-vs-one"] = [
                accuracy_score(y_test, theirs.predict(X_test)),
                accuracy_score(y_test, mine),
                len(theirs.estimators_),
            ]
            return table
        """,
    ),
]

COUNT = """
def count_one_vs_rest(n_classes):
    return {rest}

def count_one_vs_one(n_classes):
    return {one}
"""

PREDICT_REST = """
def predict_one_vs_rest(scores, classes):
    scores, classes = np.asarray(scores), np.asarray(classes)
    return {}
"""

VOTES = """
def count_votes(pair_scores, pairs, n_classes):
    votes = np.zeros((len(pair_scores), n_classes))
    for d, (i, j) in enumerate(pairs):
        {}
    return votes
"""

PREDICT_ONE = """
def predict_one_vs_one(pair_scores, pairs, classes):
    classes = np.asarray(classes)
    votes = count_votes(pair_scores, pairs, len(classes))
    support = np.zeros(votes.shape)
    for d, (i, j) in enumerate(pairs):
        support[:, j] += pair_scores[:, d]
        support[:, i] -= pair_scores[:, d]
    return {}
"""

REST_SCORES = """
def one_vs_rest_scores(X_train, y_train, X_test):
    columns = []
    for label in np.unique(y_train):
        model = LogisticRegression().fit(X_train, y_train == label)
        columns.append({})
    return np.column_stack(columns)
"""

ONE_SCORES = """
def one_vs_one_scores(X_train, y_train, X_test):
    classes = np.unique(y_train)
    columns = []
    for i in range(len(classes)):
        for j in range(i + 1, len(classes)):
            {}
    return np.column_stack(columns)
"""

OF_PAIR = (
    "rows = np.isin(y_train, [classes[i], classes[j]]); "
    "columns.append(LogisticRegression().fit(X_train[rows], y_train[rows]{wanted}){gives})"
)

COMPARE = """
def compare(X_train, y_train, X_test, y_test):
    {prepare}
    classes = np.unique(y_train)
    k = len(classes)
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    mine = [
        predict_one_vs_rest(one_vs_rest_scores(X_train, y_train, X_test), classes),
        predict_one_vs_one(one_vs_one_scores(X_train, y_train, X_test), pairs, classes),
    ]
    theirs = [
        OneVsRestClassifier(LogisticRegression()).fit(X_train, y_train),
        OneVsOneClassifier(LogisticRegression()).fit(X_train, y_train),
    ]
    return pd.DataFrame(
        {{
            "models": {models},
            "mine": [np.mean(labels == y_test) for labels in mine],
            "scikit-learn": [model.score(X_test, y_test) for model in theirs],
        }},
        index={index},
    )
"""
TWO_ROWS = '["one-vs-rest", "one-vs-one"]'

WRONG = [
    # ---- exercise 1
    Wrong(
        "count-models",
        "the last class is what is left over",
        COUNT.format(rest="n_classes - 1", one="n_classes * (n_classes - 1) // 2"),
        "test-count-one-vs-rest",
        r"should be 3; it is 2\.\n.*n_classes = 3\.\nHint: Every class has a model of its own",
    ),
    Wrong(
        "count-models",
        "each class against each other",
        COUNT.format(rest="n_classes**2", one="n_classes**2"),
        "test-count-one-vs-one",
        r"should be 3; it is 9\.\n.*\nHint: A class is not paired with itself, and A with B and B",
    ),
    Wrong(
        "count-models",
        "each class against each other",
        COUNT.format(rest="n_classes**2", one="n_classes**2"),
        "test-count-one-vs-rest",
        r"should be 3; it is 9\.\nCalled with n_classes = 3\.",
    ),
    Wrong(
        "count-models",
        "a model more, for none of them",
        COUNT.format(rest="n_classes + 1", one="n_classes"),
        "test-count-one-vs-rest",
        r"should be 3; it is 4\.\nCalled with n_classes = 3\.",
    ),
    Wrong(
        "count-models",
        "printed instead of returned",
        COUNT.format(rest="print(n_classes)", one="print(n_classes)"),
        "test-count-one-vs-rest",
        "returned None. Does it end with `return",
    ),
    Wrong(
        "count-models",
        "the strategies mixed up",
        COUNT.format(rest="n_classes * (n_classes - 1) // 2", one="n_classes"),
        "test-count-one-vs-rest",
        r"`count_one_vs_rest\(n_classes\)` should be 5; it is 10.*\n.*\n.*which one-vs-one needs",
    ),
    Wrong(
        "count-models",
        "the strategies mixed up",
        COUNT.format(rest="n_classes * (n_classes - 1) // 2", one="n_classes"),
        "test-count-one-vs-one",
        r"should be 10; it is 5\.\n.*\n.*one model for each class, which one-vs-rest needs",
    ),
    Wrong(
        "count-models",
        "each pair counted twice",
        COUNT.format(rest="n_classes", one="n_classes * (n_classes - 1)"),
        "test-count-one-vs-one",
        r"should be 3; it is 6\.\n.*\nHint: A with B and B with A are the same model",
    ),
    Wrong(
        "count-models",
        "a class paired with itself",
        COUNT.format(rest="n_classes", one="n_classes * (n_classes + 1) // 2"),
        "test-count-one-vs-one",
        r"should be 3; it is 6\.\n.*\nHint: A class is not paired with itself\.$",
    ),
    Wrong(
        "count-models",
        "a count that is a float",
        COUNT.format(rest="n_classes", one="n_classes * (n_classes - 1) / 2"),
        "test-count-one-vs-one",
        r"should be a whole number of type int; it is 3\.0, a float",
    ),
    Wrong(
        "count-models",
        "learned from the examples by heart",
        COUNT.format(rest="n_classes", one="{3: 3, 5: 10}.get(n_classes, 0)"),
        "test-count-one-vs-one",
        r"should be 190; it is 0.*\n.*n_classes = 20\.$",
        hidden=True,
    ),
    # ---- exercise 2
    Wrong(
        "predict-one-vs-rest",
        "positions instead of labels",
        PREDICT_REST.format("scores.argmax(axis=1)"),
        "test-predict-one-vs-rest",
        "should hold text, such as 'cat'; it holds whole numbers, such as 0(.|\n)*are positions",
    ),
    Wrong(
        "predict-one-vs-rest",
        "the lowest score",
        PREDICT_REST.format("classes[scores.argmin(axis=1)]"),
        "test-predict-one-vs-rest",
        r"label in 4 of 4 places(.|\n)*scores\[0\] = \[2\.0, -1\.0, 0\.5\](.|\n)*the lowest scores",
    ),
    Wrong(
        "predict-one-vs-rest",
        "the first model that says mine",
        PREDICT_REST.format("classes[(scores > 0).argmax(axis=1)]"),
        "test-predict-one-vs-rest",
        "Several models may claim an example, or none",
    ),
    Wrong(
        "predict-one-vs-rest",
        "the score furthest from zero",
        PREDICT_REST.format("classes[np.abs(scores).argmax(axis=1)]"),
        "test-predict-one-vs-rest",
        "far below 0 is a firm no",
    ),
    Wrong(
        "predict-one-vs-rest",
        "the best example of each class",
        PREDICT_REST.format("classes[scores.argmax(axis=0) % len(classes)]"),
        "test-predict-one-vs-rest",
        r"should be 4 labels, shape \(4,\); it is an array of shape \(3,\)",
    ),
    Wrong(
        "predict-one-vs-rest",
        "of equal scores the last",
        PREDICT_REST.format("classes[scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)]"),
        "test-predict-one-vs-rest",
        r"should be 'b'; it is 'a'.*\nThis is the case of a tie.*\n.*Of equal scores",
    ),
    Wrong(
        "predict-one-vs-rest",
        "three classes taken for granted",
        """
        def predict_one_vs_rest(scores, classes):
            labels = []
            for a, b, c in scores:
                best = 0
                if b > a:
                    best = 1
                if c > max(a, b):
                    best = 2
                labels.append(classes[best])
            return labels
        """,
        "test-predict-one-vs-rest",
        "raised ValueError: too many values to unpack.*`for a, b, c in scores:`",
        hidden=True,
    ),
    Wrong(
        "predict-one-vs-rest",
        "the learner's own variable instead of the argument",
        """
        scores_of_mine = np.zeros((4, 3))

        def predict_one_vs_rest(scores, classes):
            return np.asarray(classes)[scores_of_mine.argmax(axis=1)]
        """,
        "test-predict-one-vs-rest",
        "wrong label in 3 of 4 places",
    ),
    Wrong(
        "predict-one-vs-rest",
        "the sigmoid before the comparison",
        PREDICT_REST.format("classes[(1 / (1 + np.exp(-scores))).argmax(axis=1)]"),
        "test-predict-one-vs-rest",
        "should be 'dog'; it is 'cat'(.|\n)*A sigmoid makes 1.0 of every high score",
    ),
    # ---- exercise 3
    Wrong(
        "count-votes",
        "above zero is for the first",
        VOTES.format("votes[:, i] += pair_scores[:, d] > 0; votes[:, j] += pair_scores[:, d] <= 0"),
        "test-count-votes",
        "A score above 0 is a vote for j, the second class of the pair",
    ),
    Wrong(
        "count-votes",
        "scores added up instead of votes",
        VOTES.format("votes[:, j] += pair_scores[:, d]; votes[:, i] -= pair_scores[:, d]"),
        "test-count-votes",
        "Those are sums of scores",
    ),
    Wrong(
        "count-votes",
        "no vote for the first",
        VOTES.format("votes[:, j] += pair_scores[:, d] > 0"),
        "test-count-votes",
        "Count a vote for i too",
    ),
    Wrong(
        "count-votes",
        "zero is a vote for the second",
        VOTES.format("votes[:, j] += pair_scores[:, d] >= 0; votes[:, i] += pair_scores[:, d] < 0"),
        "test-count-votes",
        r"should be 2; it is 1(.|\n)*case of a score of exactly 0(.|\n)*exactly 0 is a vote for i",
    ),
    Wrong(
        "count-votes",
        "the scores overwritten by votes",
        VOTES.format(
            "pair_scores[:, d] = pair_scores[:, d] > 0; "
            "votes[:, j] += pair_scores[:, d]; votes[:, i] += 1 - pair_scores[:, d]"
        ),
        "test-count-votes",
        "changed its argument `pair_scores`",
    ),
    Wrong(
        "count-votes",
        "pairs always in the usual order",
        """
        from itertools import combinations

        def count_votes(pair_scores, pairs, n_classes):
            votes = np.zeros((len(pair_scores), n_classes))
            for d, (i, j) in enumerate(combinations(range(n_classes), 2)):
                votes[:, j] += pair_scores[:, d] > 0
                votes[:, i] += pair_scores[:, d] <= 0
            return votes
        """,
        "test-count-votes",
        r"the case of pairs in another order\. Called with pair_scores\[0\] = \[",
        hidden=True,
    ),
    Wrong(
        "count-votes",
        "a list of lists",
        VOTES.format(
            "votes[:, i] += pair_scores[:, d] <= 0; votes[:, j] += pair_scores[:, d] > 0"
        ).replace("return votes", "return votes.tolist()"),
        "test-count-votes",
        "should be a NumPy array; it is a list of length 2",
    ),
    Wrong(
        "tie-examples",
        "no tie at all",
        """
        tie_examples = [
            ([-2.0, -1.0, 3.0], "a"),
            ([-1.0, -1.0, 1.0], "a"),
            ([2.0, 1.0, -1.0], "b"),
            ([1.0, 2.0, 1.0], "c"),
            ([-1.0, 2.0, 1.0], "c"),
        ]
        """,
        "test-tie-examples",
        "would not notice somebody who takes the first of the classes that share the most votes",
        points=1.1,
    ),
    Wrong(
        "tie-examples",
        "rule 2 not understood",
        """
        tie_examples = [([-1.0, 3.0, -1.0], "a")]
        """,
        "test-tie-examples",
        r"`tie_examples\[0\]` contradicts the text(.|\n)*scores = \[-1\.0, 3\.0, -1\.0\]\.\n"
        r"Hint: That is what somebody gets who takes the first",
    ),
    Wrong(
        "tie-examples",
        "the winner by position",
        """
        tie_examples = [([-1.0, 3.0, -1.0], 2), ([-2.0, -1.0, 3.0], 0)]
        """,
        "test-tie-examples",
        r"`tie_examples\[0\]` contradicts the text: `predict_one_vs_one` does not give 2 there",
    ),
    Wrong(
        "tie-examples",
        "scores of two duels",
        """
        tie_examples = [([-1.0, 3.0], "a")]
        """,
        "test-tie-examples",
        "not one that the text allows: there are three duels, so it should be a list of three",
    ),
    Wrong(
        "tie-examples",
        "inputs without outputs",
        """
        tie_examples = [[-1.0, 3.0, -1.0]]
        """,
        "test-tie-examples",
        r"should be a pair, \(what goes in, what comes out\); it is a list of length 3",
    ),
    Wrong(
        "tie-examples",
        "nothing about zeros",
        """
        tie_examples = [
            ([-0.1, -0.2, 5.0], "a"),
            ([2.0, 1.0, -9.0], "b"),
            ([-1.0, 3.0, -1.0], "c"),
            ([-3.0, 0.5, -3.5], "a"),
            ([-1.0, 1.0, -1.0], "a"),
        ]
        """,
        "test-tie-examples",
        "would not notice somebody who takes a score of exactly 0 for a vote for the second class",
        hidden=True,
        points=1.8,
    ),
    Wrong(
        "predict-one-vs-one",
        "the first of equal votes",
        PREDICT_ONE.format("classes[votes.argmax(axis=1)]"),
        "test-predict-one-vs-one",
        "Among equal votes, support decides",
    ),
    Wrong(
        "predict-one-vs-one",
        "support without votes",
        PREDICT_ONE.format("classes[support.argmax(axis=1)]"),
        "test-predict-one-vs-one",
        "Those have the most support. It only decides among equal votes",
    ),
    Wrong(
        "predict-one-vs-one",
        "positions instead of labels",
        PREDICT_ONE.format(
            "np.where(votes == votes.max(axis=1, keepdims=True), support, -np.inf).argmax(axis=1)"
        ),
        "test-predict-one-vs-one",
        "should hold text.*; it holds whole numbers(.|\n)*positions",
    ),
    Wrong(
        "predict-one-vs-one",
        "of equal support the last",
        PREDICT_ONE.format(
            "[classes[max(range(len(classes)), key=lambda c: (v[c], s[c], c))] "
            "for v, s in zip(votes, support)]"
        ),
        "test-predict-one-vs-one",
        "the case of equal votes and equal support(.|\n)*Rule 3",
    ),
    Wrong(
        "predict-one-vs-one",
        "support added to votes at full weight",
        PREDICT_ONE.format("classes[(votes + support).argmax(axis=1)]"),
        "test-predict-one-vs-one",
        "Those have the most support",
    ),
    Wrong(
        "predict-one-vs-one",
        "support of won duels only",
        """
        def predict_one_vs_one(pair_scores, pairs, classes):
            votes = count_votes(pair_scores, pairs, len(classes))
            support = np.zeros(votes.shape)
            for d, (i, j) in enumerate(pairs):
                support[:, j] += np.maximum(pair_scores[:, d], 0)
                support[:, i] += np.maximum(-pair_scores[:, d], 0)
            best = votes == votes.max(axis=1, keepdims=True)
            return np.asarray(classes)[np.where(best, support, -np.inf).argmax(axis=1)]
        """,
        "test-predict-one-vs-one",
        "A duel that it loses counts too, against it",
    ),
    # ---- exercise 4
    Wrong(
        "one-vs-rest-scores",
        "decisions instead of scores",
        REST_SCORES.format("model.predict(X_test).astype(int)"),
        "test-one-vs-rest-scores",
        "Those are decisions: return scores",
    ),
    Wrong(
        "one-vs-rest-scores",
        "probabilities instead of scores",
        REST_SCORES.format("model.predict_proba(X_test)[:, 1]"),
        "test-one-vs-rest-scores",
        "Those are probabilities: return scores",
    ),
    Wrong(
        "one-vs-rest-scores",
        "one model object for all classes",
        """
        def one_vs_rest_scores(X_train, y_train, X_test):
            model, models = LogisticRegression(), []
            for label in np.unique(y_train):
                models.append(model.fit(X_train, y_train == label))
            return np.column_stack([m.decision_function(X_test) for m in models])
        """,
        "test-one-vs-rest-scores",
        "All columns are the scores of the last model",
    ),
    Wrong(
        "one-vs-rest-scores",
        "columns in order of appearance",
        """
        def one_vs_rest_scores(X_train, y_train, X_test):
            return np.column_stack([
                LogisticRegression().fit(X_train, y_train == label).decision_function(X_test)
                for label in dict.fromkeys(y_train)
            ])
        """,
        "test-one-vs-rest-scores",
        "columns should be in sorted order",
    ),
    Wrong(
        "one-vs-rest-scores",
        "softmax regression",
        """
        def one_vs_rest_scores(X_train, y_train, X_test):
            return LogisticRegression().fit(X_train, y_train).decision_function(X_test)
        """,
        "test-one-vs-rest-scores",
        "One LogisticRegression for all classes is softmax regression",
    ),
    Wrong(
        "one-vs-rest-scores",
        "rows and columns exchanged",
        REST_SCORES.format("model.decision_function(X_test)").replace(
            "np.column_stack(columns)", "np.array(columns)"
        ),
        "test-one-vs-rest-scores",
        r"should have the shape \(4, 3\); it is an array of shape \(3, 4\)",
    ),
    Wrong(
        "one-vs-rest-scores",
        "scores of the training examples",
        REST_SCORES.format("model.decision_function(X_train)"),
        "test-one-vs-rest-scores",
        r"should have the shape \(4, 3\); it is an array of shape \(6, 3\)",
    ),
    Wrong(
        "one-vs-rest-scores",
        "the others as the positive class",
        REST_SCORES.format("-model.decision_function(X_test)"),
        "test-one-vs-rest-scores",
        r"A score above 0 should say \*this class\*",
    ),
    Wrong(
        "one-vs-rest-scores",
        "scaled features",
        """
        def one_vs_rest_scores(X_train, y_train, X_test):
            from sklearn.pipeline import make_pipeline
            from sklearn.preprocessing import StandardScaler

            return np.column_stack([
                make_pipeline(StandardScaler(), LogisticRegression())
                .fit(X_train, y_train == label)
                .decision_function(X_test)
                for label in np.unique(y_train)
            ])
        """,
        "test-one-vs-rest-scores",
        "the scores on scaled features",
    ),
    Wrong(
        "one-vs-one-scores",
        "probabilities instead of scores",
        ONE_SCORES.format(OF_PAIR.format(wanted="", gives=".predict_proba(X_test)[:, 1]")),
        "test-one-vs-one-scores",
        "Those are probabilities: return scores",
    ),
    Wrong(
        "one-vs-one-scores",
        "pairs in order of appearance",
        ONE_SCORES.replace("np.unique(y_train)", "list(dict.fromkeys(y_train))").format(
            OF_PAIR.format(wanted="", gives=".decision_function(X_test)")
        ),
        "test-one-vs-one-scores",
        "pairs should be in sorted order",
    ),
    Wrong(
        "one-vs-one-scores",
        "pairs in order of appearance, the second as True",
        ONE_SCORES.replace("np.unique(y_train)", "list(dict.fromkeys(y_train))").format(
            OF_PAIR.format(wanted=" == classes[j]", gives=".decision_function(X_test)")
        ),
        "test-one-vs-one-scores",
        "pairs should be in sorted order",
    ),
    Wrong(
        "one-vs-one-scores",
        "models of a pair that saw everybody",
        ONE_SCORES.format(
            "columns.append(LogisticRegression().fit(X_train, y_train == classes[j])"
            ".decision_function(X_test))"
        ),
        "test-one-vs-one-scores",
        "on the examples of its two classes, without the others",
    ),
    Wrong(
        "one-vs-one-scores",
        "scores that speak for the first",
        ONE_SCORES.format(
            "rows = np.isin(y_train, [classes[i], classes[j]]); "
            "columns.append(LogisticRegression().fit(X_train[rows], y_train[rows] == classes[i])"
            ".decision_function(X_test))"
        ),
        "test-one-vs-one-scores",
        "should speak for the second class of the pair",
    ),
    Wrong(
        "one-vs-one-scores",
        "each pair in both directions",
        ONE_SCORES.replace("range(i + 1, len(classes))", "set(range(len(classes))) - {{i}}").format(
            "rows = np.isin(y_train, [classes[i], classes[j]]); "
            "columns.append(LogisticRegression().fit(X_train[rows], y_train[rows] == classes[j])"
            ".decision_function(X_test))"
        ),
        "test-one-vs-one-scores",
        r"should have the shape \(4, 3\); it is an array of shape \(4, 6\)",
    ),
    Wrong(
        "one-vs-one-scores",
        "decisions instead of scores",
        ONE_SCORES.format(
            "rows = np.isin(y_train, [classes[i], classes[j]]); "
            "columns.append(LogisticRegression().fit(X_train[rows], y_train[rows] == classes[j])"
            ".predict(X_test).astype(int))"
        ),
        "test-one-vs-one-scores",
        "Those are decisions: return scores",
    ),
    # ---- exercise 5
    Wrong(
        "compare",
        "accuracy on the training data",
        COMPARE.format(
            prepare="X_test, y_test = X_train, y_train",
            models="[count_one_vs_rest(k), count_one_vs_one(k)]",
            index=TWO_ROWS,
        ),
        "test-compare",
        "accuracy on the training data: measure it on the test data",
    ),
    Wrong(
        "compare",
        "as many models as classes for both",
        COMPARE.format(prepare="", models="[k, k]", index=TWO_ROWS),
        "test-compare",
        r"\['models'\]` has the wrong value in 1 of 2 places\. The first is \[1\]: it should be 6; "
        r"it is 4(.|\n)*trains a model for each pair",
    ),
    Wrong(
        "compare",
        "rows without names",
        COMPARE.format(
            prepare="", models="[count_one_vs_rest(k), count_one_vs_one(k)]", index="None"
        ),
        "test-compare",
        r"row 0 of `compare.*` should have 'one-vs-rest' as its index; it has 0",
    ),
    Wrong(
        "compare",
        "rows under each other's names",
        COMPARE.format(
            prepare="",
            models="[count_one_vs_rest(k), count_one_vs_one(k)]",
            index='["one-vs-one", "one-vs-rest"]',
        ),
        "test-compare",
        "should have 'one-vs-rest' as its index; it has 'one-vs-one'",
    ),
    Wrong(
        "compare",
        "one-vs-one first, but for its name",
        COMPARE.format(
            prepare="", models="[count_one_vs_rest(k), count_one_vs_one(k)]", index=TWO_ROWS
        ).replace("    )\n", "    ).iloc[::-1].set_axis(['one-vs-rest', 'one-vs-one'])\n"),
        "test-compare",
        "The two rows are exchanged",
    ),
    Wrong(
        "compare",
        "scikit-learn's accuracy as one's own",
        COMPARE.format(
            prepare="", models="[count_one_vs_rest(k), count_one_vs_one(k)]", index=TWO_ROWS
        ).replace(
            "[np.mean(labels == y_test) for labels in mine]",
            "[model.score(X_test, y_test) for model in theirs]",
        ),
        "test-compare",
        r"\['mine'\]` has the wrong value .* should be 0.3; it is 1.0(.|\n)*it comes from them",
    ),
    Wrong(
        "compare",
        "printed instead of returned",
        """
        def compare(X_train, y_train, X_test, y_test):
            model = OneVsRestClassifier(LogisticRegression()).fit(X_train, y_train)
            print(model.score(X_test, y_test))
        """,
        "test-compare",
        "returned None. Does it end with `return",
    ),
    Wrong(
        "compare",
        "the examples' results by heart",
        """
        def compare(X_train, y_train, X_test, y_test):
            return pd.DataFrame(
                {"models": [4, 6], "mine": [1.0, 0.8], "scikit-learn": [1.0, 0.8]},
                index=["one-vs-rest", "one-vs-one"],
            )
        """,
        "test-compare",
        r"\['mine'\]` has the wrong value in 2 of 2 places(.|\n)*it comes from them",
    ),
]

NOISY = """
import sys, warnings

def count_one_vs_rest(n_classes):
    warnings.warn("counting")
    print("counting", file=sys.stderr)
    return n_classes

def count_one_vs_one(n_classes):
    return n_classes * (n_classes - 1)
"""
ENDLESS = """
def compare(X_train, y_train, X_test, y_test):
    import time

    while True:
        time.sleep(1)
"""
REPLACED_CHECKS = """
from course_utils import checks

def check_function(*arguments, **options):
    pass

try:
    checks.check_function = check_function
except AttributeError:
    pass
"""
# Points: 1 + 1, 3, 2 + 2 + 3, 3 + 3, 2, and 2 that a person gives.
SUBMISSIONS = [
    # Several misconceptions in one notebook. Right are the first count, 1, the examples but for
    # what they say of zeros, 1.8, and the scores of one-vs-rest, 3: a wrong vote, and a wrong rule
    # for predictions, cost what is built on them too.
    Submission(
        "several",
        (
            "the lowest score",
            "models of a pair that saw everybody",
            "each pair counted twice",
            "zero is a vote for the second",
            "nothing about zeros",
        ),
        score=5.8,
        messages=(
            "Those have the lowest scores",
            "on the examples of its two classes, without the others",
            "count it once",
            "exactly 0 is a vote for i",
            "Partly right: 1.8 of 2 points",
            "would not notice somebody who takes a score of exactly 0",
        ),
    ),
    # Somebody deleted the cell that fails, edited the next, made the checks say yes, and handed in
    # others. Apart from that, one function warns and prints, which is no error, and one never
    # ends. 20, less 3 for the deleted cell, 1 for the edited one, and 2 for the endless one.
    Submission(
        "sly",
        ("the lowest score",),
        score=14,
        messages=(
            "Those have the lowest scores",
            "count it once",
            "`compare` did not finish within",
        ),
        answers={"count-models": NOISY, "compare": ENDLESS},
        edits={
            "test-predict-one-vs-rest": None,
            "test-count-one-vs-one": "pass",
            "imports": REPLACED_CHECKS,
        },
        files=forged_modules("a1_checks", "a1_sealed", "a1_hidden"),
    ),
]
