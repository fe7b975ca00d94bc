"""Answers to assignment 6 that must pass, and answers that must fail with the message they need."""

from harness import Equivalent, Right, Submission, Wrong, forged_modules

SEQUENCES = ["list", "tuple", "array", "float64", "int64", "int32", "series"]
RESULTS = {
    "count_confusions": [*SEQUENCES, "array in Fortran's order", "table", "uint8"],
    "pick": [*SEQUENCES, "object array", "series with another index", "index"],
    "group_report": ["columns in another order", "columns of floats", "columns of objects"],
    "after_teaching": ["list", "tuple", "array", "float64", "float32", "series"],
}
RESULTS["count_confusions"].remove("series")

ZEROS = "counts = np.zeros((n_classes, n_classes), dtype=int)"
MODEL = "model = LogisticRegression(max_iter=2000).fit(X, y)"
ALL_BY = "return np.argsort(sureness, kind='stable')[:n]"
SOME_BY = "return rows[np.argsort(-sureness[rows], kind='stable')][:n]"
EQUIVALENT = [
    Equivalent(
        "count_confusions",
        "Counts that are floats equal whole numbers, and the text allows both.",
        (f"{ZEROS} → counts = np.zeros((n_classes, n_classes))",),
    ),
    Equivalent(
        "pick",
        "Of the three kinds, this one is the last in the order of the alphabet.",
        ("if kind == 'most uncertain': → if kind >= 'most uncertain':",),
    ),
    Equivalent(
        "pick",
        "NumPy reads no more than the first letter of a kind of sort.",
        tuple(f"{line} → {line.replace('stable', 'stable_')}" for line in (ALL_BY, SOME_BY)),
    ),
    Equivalent(
        "after_teaching",
        "On tables this small, fitting ends long before its one hundredth step.",
        tuple(
            f"{MODEL} → {MODEL.replace('max_iter=2000', steps)}"
            for steps in ("max_iter=2001", "max_iter=1999", "")
        ),
    ),
]

RIGHT = [
    # ---- exercise 1
    Right(
        "count-confusions",
        "place by place",
        """
        def count_confusions(y, says, n_classes):
            return [
                [sum(1 for a, b in zip(y, says) if a == i and b == j) for j in range(n_classes)]
                for i in range(n_classes)
            ]
        """,
    ),
    Right(
        "count-confusions",
        "NumPy, one number for each pair",
        """
        def count_confusions(y, says, n_classes):
            pairs = np.asarray(y) * n_classes + np.asarray(says)
            return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)
        """,
    ),
    Right(
        "count-confusions",
        "a matrix product of indicators",
        """
        def count_confusions(y, says, n_classes):
            classes = np.eye(n_classes)
            return classes[y].T @ classes[says]
        """,
    ),
    Right(
        "count-confusions",
        "pandas",
        """
        def count_confusions(y, says, n_classes):
            table = pd.crosstab(pd.Series(y), pd.Series(says))
            every = range(n_classes)
            return table.reindex(index=every, columns=every, fill_value=0).to_numpy()
        """,
    ),
    Right(
        "count-confusions",
        "scikit-learn",
        """
        from sklearn.metrics import confusion_matrix

        def count_confusions(y, says, n_classes):
            return confusion_matrix(y, says, labels=np.arange(n_classes))
        """,
    ),
    Right(
        "count-confusions",
        "bins of one's own",
        """
        def count_confusions(y, says, n_classes):
            edges = np.arange(n_classes + 1) - 0.5
            counts, _, _ = np.histogram2d(y, says, bins=[edges, edges])
            return counts
        """,
    ),
    # ---- exercise 2
    Right(
        "pick-examples",
        "one table of lists, a comment for each row",
        """
        y = [0, 1, 2, 0, 1, 2, 0]
        table = [
            [0.7, 0.2, 0.1],  # right, 0.7
            [0.8, 0.1, 0.1],  # wrong, 0.8
            [0.4, 0.3, 0.3],  # wrong, 0.4
            [0.9, 0.1, 0.0],  # right, 0.9
            [0.5, 0.5, 0.0],  # of equal ones the first: wrong, 0.5
            [0.1, 0.2, 0.7],  # right, 0.7
            [0.1, 0.8, 0.1],  # wrong, 0.8
        ]
        some = {"y": y, "probabilities": table}
        pick_examples = [
            (some | {"kind": "most correct", "n": 2}, [3, 0]),
            (some | {"kind": "most correct", "n": 9}, [3, 0, 5]),
            (some | {"kind": "most incorrect", "n": 2}, [1, 6]),
            (some | {"kind": "most incorrect", "n": 10}, [1, 6, 4, 2]),
            (some | {"kind": "most uncertain", "n": 5}, [2, 4, 0, 5, 1]),
            ({"y": y[:2], "probabilities": table[:2], "kind": "most uncertain", "n": 3}, [0, 1]),
        ]
        """,
    ),
    Right(
        "pick-examples",
        "one table in an array, every kind",
        """
        table = np.array([
            [0.8, 0.1, 0.1],
            [0.4, 0.35, 0.25],
            [0.05, 0.9, 0.05],
            [0.3, 0.0, 0.7],
            [0.8, 0.2, 0.0],
            [0.45, 0.5, 0.05],
        ])
        shown = np.array([0, 1, 0, 1, 2, 1])

        def ask(kind, n, rows):
            return ({"y": shown, "probabilities": table, "kind": kind, "n": n}, rows)

        pick_examples = [
            ask("most incorrect", 3, [2, 4, 3]),
            ask("most incorrect", 9, [2, 4, 3, 1]),
            ask("most correct", 1, [0]),
            ask("most correct", 2, [0, 5]),
            ask("most uncertain", 3, [1, 5, 3]),
            ask("most uncertain", 4, [1, 5, 3, 0]),
            (
                {"y": (1, 1, 0, 0, 1), "kind": "most incorrect", "n": 2,
                 "probabilities": [[0.6, 0.35, 0.05], [0.7, 0.0, 0.3], [0.2, 0.8, 0.0],
                                   [0.45, 0.55, 0.0], [0.6, 0.0, 0.4]]},
                [2, 1],
            ),
        ]
        """,
    ),
    Right(
        "pick-examples",
        "tuples, with many that are equally sure",
        """
        thirds = ((0.5, 0.5, 0.0), (0.0, 0.5, 0.5), (0.25, 0.25, 0.5), (0.9, 0.05, 0.05),
                  (0.1, 0.1, 0.8), (0.35, 0.3, 0.35), (0.2, 0.7, 0.1))
        truth = (0, 0, 0, 1, 2, 1, 0)
        pick_examples = (
            ({"y": truth, "probabilities": thirds, "kind": "most incorrect", "n": 4}, (3, 6, 1, 2)),
            ({"y": truth, "probabilities": thirds, "kind": "most incorrect", "n": 1}, (3,)),
            ({"y": truth, "probabilities": thirds, "kind": "most correct", "n": 7}, (4, 0)),
            ({"y": truth, "probabilities": thirds, "kind": "most uncertain", "n": 2}, (5, 0)),
            ({"y": truth, "probabilities": thirds, "kind": "most uncertain", "n": 5},
             (5, 0, 1, 2, 6)),
            ({"y": (0, 0), "probabilities": ((0.1, 0.9, 0.0), (0.0, 0.6, 0.4)),
              "kind": "most incorrect", "n": 2}, (0, 1)),
        )
        """,
    ),
    # ---- exercise 3
    Right(
        "pick",
        "Python's own sort",
        """
        def pick(y, probabilities, kind, n):
            rows = []
            for row in range(len(y)):
                says = list(probabilities[row]).index(max(probabilities[row]))
                if kind == "most correct" and says != y[row]:
                    continue
                if kind == "most incorrect" and says == y[row]:
                    continue
                rows.append(row)
            if kind == "most uncertain":
                rows.sort(key=lambda row: max(probabilities[row]))
            else:
                rows.sort(key=lambda row: -max(probabilities[row]))
            return rows[:n]
        """,
    ),
    Right(
        "pick",
        "pandas",
        """
        def pick(y, probabilities, kind, n):
            table = pd.DataFrame({
                "right": np.argmax(probabilities, axis=1) == y,
                "sure": np.max(probabilities, axis=1),
            })
            if kind == "most correct":
                table = table[table.right]
            elif kind == "most incorrect":
                table = table[~table.right]
            up = kind == "most uncertain"
            return table.sort_values("sure", ascending=up, kind="stable").index[:n]
        """,
    ),
    Right(
        "pick",
        "a sort by two keys",
        """
        def pick(y, probabilities, kind, n):
            n_rows = len(y)
            sure = np.amax(probabilities, axis=1)
            right = np.argmax(probabilities, axis=1) == y
            order = np.lexsort((np.arange(n_rows), sure if kind == "most uncertain" else -sure))
            takes_part = {
                "most correct": right,
                "most incorrect": ~right,
                "most uncertain": np.ones(n_rows, dtype=bool),
            }[kind]
            return [row for row in order if takes_part[row]][:n]
        """,
    ),
    Right(
        "pick",
        "one after the other, by recursion",
        """
        def pick(y, probabilities, kind, n):
            says = probabilities.argmax(axis=1)
            fits = {"most correct": says == y, "most incorrect": says != y}
            rows = np.flatnonzero(fits.get(kind, says >= 0)).tolist()

            def best(rows, n):
                if n == 0 or not rows:
                    return []
                choose = min if kind == "most uncertain" else max
                first = choose(rows, key=lambda row: probabilities[row].max())
                return [first] + best([row for row in rows if row != first], n - 1)

            return best(rows, n)
        """,
    ),
    Right(
        "pick",
        "the library",
        """
        def pick(y, probabilities, kind, n):
            return pick_predictions(y, probabilities, kind, n=n)
        """,
    ),
    Right(
        "pick",
        "pandas, the largest and the smallest",
        """
        def pick(y, probabilities, kind, n):
            table = pd.DataFrame(probabilities)
            sure = table.max(axis=1)
            right = table.idxmax(axis=1) == y
            if kind == "most uncertain":
                return sure.nsmallest(n).index
            return sure[right if kind == "most correct" else ~right].nlargest(n).index
        """,
    ),
    # ---- exercise 4
    Right(
        "in-the-group",
        "in another order, as an array",
        """
        in_the_group = np.array(
            [177, 174, 171, 167, 161, 159, 153, 150, 144, 143, 138, 133, 128, 127, 123]
        )
        """,
    ),
    Right(
        "in-the-group",
        "foxes without the others",
        """
        upright = [120, 121, 122, 124, 125, 126, *range(129, 133), *range(134, 138)]
        upright += [*range(139, 143), *range(145, 150), 151, 152, *range(154, 159), 160]
        upright += [*range(162, 167), 168, 169, 170, 172, 173, 175, 176, 178, 179]
        in_the_group = sorted(set(range(120, 180)) - set(upright))
        """,
    ),
    Right(
        "group-report",
        "line by line",
        """
        def group_report(right, members, among):
            others = [row for row in among if row not in members]
            rows = []
            for line in (members, others, among):
                n_right = 0
                for row in line:
                    if right[row]:
                        n_right += 1
                rows.append([len(line), n_right, n_right / len(line)])
            return pd.DataFrame(
                rows,
                index=["group", "others", "together"],
                columns=["pictures", "right", "accuracy"],
            )
        """,
    ),
    Right(
        "group-report",
        "grouped by pandas",
        """
        def group_report(right, members, among):
            table = pd.DataFrame({"right": np.asarray(right)[among]}, index=among)
            table["line"] = np.where(table.index.isin(members), "group", "others")
            lines = table.groupby("line").right.agg(["size", "sum", "mean"])
            lines.loc["together"] = [len(table), table.right.sum(), table.right.mean()]
            lines.columns = ["pictures", "right", "accuracy"]
            return lines
        """,
    ),
    Right(
        "group-report",
        "by subtraction",
        """
        def group_report(right, members, among):
            group = np.array([len(members), right[list(members)].sum()])
            together = np.array([len(among), right[among].sum()])
            table = pd.DataFrame(
                [group, together - group, together],
                index=["group", "others", "together"],
                columns=["pictures", "right"],
            )
            return table.assign(accuracy=table.right / table.pictures)
        """,
    ),
    Right(
        "group-report",
        "a table that is filled line by line",
        """
        def group_report(right, members, among):
            parts = {
                "group": list(members),
                "others": [row for row in among if row not in members],
                "together": list(among),
            }
            table = pd.DataFrame(index=list(parts), columns=["pictures", "right", "accuracy"])
            for name, rows in parts.items():
                hits = sum(bool(right[row]) for row in rows)
                table.loc[name] = [len(rows), hits, hits / len(rows)]
            return table
        """,
    ),
    # ---- exercises 5 and 6
    Right(
        "after-teaching",
        "a mask",
        """
        def after_teaching(X_train, y_train, X_new, y_new, taught):
            is_taught = np.zeros(len(y_new), dtype=bool)
            is_taught[np.array(taught, dtype=int)] = True
            model = LogisticRegression(max_iter=2000)
            model.fit(
                np.concatenate([X_train, X_new[is_taught]]), np.append(y_train, y_new[is_taught])
            )
            correct = (model.predict(X_new) == y_new)[~is_taught]
            return np.array([
                correct.mean(),
                correct.sum() / len(y_new),
                (correct.sum() + is_taught.sum()) / len(y_new),
            ])
        """,
    ),
    Right(
        "after-teaching",
        "lists, counted in a loop",
        """
        def after_teaching(X_train, y_train, X_new, y_new, taught):
            X, y = list(X_train), list(y_train)
            for row in taught:
                X.append(X_new[row])
                y.append(y_new[row])
            model = LogisticRegression(max_iter=2000).fit(X, y)
            right, rest = 0, 0
            for row in range(len(y_new)):
                if row in taught:
                    continue
                rest += 1
                right += int(model.predict(X_new[row : row + 1])[0] == y_new[row])
            return right / rest, right / len(y_new), (right + len(taught)) / len(y_new)
        """,
    ),
    Right(
        "after-teaching",
        "rows taken out of copies, score of the model",
        """
        def after_teaching(X_train, y_train, X_new, y_new, taught):
            taught = [int(row) for row in taught]
            rest_X, rest_y = np.delete(X_new, taught, axis=0), np.delete(y_new, taught)
            X = pd.concat([pd.DataFrame(X_train), pd.DataFrame(X_new).iloc[taught]]).to_numpy()
            y = pd.concat([pd.Series(y_train), pd.Series(y_new).iloc[taught]]).to_numpy()
            share = LogisticRegression(max_iter=5000).fit(X, y).score(rest_X, rest_y)
            worst = share * len(rest_y) / len(y_new)
            return pd.Series([share, worst, worst + len(taught) / len(y_new)])
        """,
    ),
    Right("teach", "two foxes and a white dog, upside down", "teach = [177, 174, 101]"),
    Right("teach", "one picture, a fox", "teach = [144]"),
    Right(
        "teach",
        "the surest mistakes among those upside down, as an array",
        "teach = np.array([177, 144, 123])",
    ),
    Right(
        "teach",
        "what the door is least sure of, by one's own function",
        "teach = (153, 143, 133)",
    ),
]
CONFUSIONS = """
        def count_confusions(y, says, n_classes):
            counts = np.zeros((n_classes, n_classes), dtype=int)
            {}
            return counts
        """
PICKED = """
        def pick(y, probabilities, kind, n):
            right = probabilities.argmax(axis=1) == y
            sureness = probabilities.max(axis=1)
            {}
        """
REPORT = """
        def group_report(right, members, among):
            group, others = list(members), [row for row in among if row not in members]
            lines = [group, others, list(among)]
            {}
            return pd.DataFrame(
                {{"pictures": pictures, "right": rights, "accuracy": accuracy}},
                index=["group", "others", "together"],
            )
        """
TEACHING = """
        def after_teaching(X_train, y_train, X_new, y_new, taught):
            taught = np.array(taught, dtype=int)
            rest = np.setdiff1d(np.arange(len(y_new)), taught)
            X, y = np.vstack([X_train, X_new[taught]]), np.append(y_train, y_new[taught])
            model = LogisticRegression(max_iter=2000)
            {}
        """
SHARES = "return [n / len(rest), n / len(y_new), (n + len(taught)) / len(y_new)]"


def _confusions(what, body, says, hidden=False):
    code = CONFUSIONS.format(body.replace("\n", "\n            "))
    return Wrong("count-confusions", what, code, "test-count-confusions", says, hidden)


def _pick(what, body, says, hidden=False):
    code = PICKED.format(body.replace("\n", "\n            "))
    return Wrong("pick", what, code, "test-pick", says, hidden)


def _report(what, body, says, hidden=False):
    code = REPORT.format(body.replace("\n", "\n            "))
    return Wrong("group-report", what, code, "test-group-report", says, hidden)


def _teaching(what, body, says, hidden=False):
    code = TEACHING.format(body.replace("\n", "\n            "))
    return Wrong("after-teaching", what, code, "test-after-teaching", says, hidden)


def _examples(what, code, says, points=0, hidden=False):
    return Wrong("pick-examples", what, code, "test-pick-examples", says, hidden, points)


def _group(what, code, says, points=0):
    return Wrong("in-the-group", what, code, "test-in-the-group", says, points=points)


def _teach(what, code, says, points=0, hidden=False):
    return Wrong("teach", what, code, "test-teach", says, hidden, points)


PAIRS = "for shown, said in zip(y, says):\n    "
ORDER = 'order = np.argsort(sureness if kind == "most uncertain" else -sureness, kind="stable")\n'
ROWS = 'rows = {"most correct": right, "most incorrect": ~right}.get(kind, right | ~right)\n'
WRONG = [
    # ---- exercise 1
    _confusions(
        "the door's word as a row",
        PAIRS + "counts[said, shown] += 1",
        "Rows and columns are exchanged",
    ),
    _confusions(
        "mistakes only",
        PAIRS + "counts[shown, said] += shown != said",
        "mistakes alone",
    ),
    _confusions(
        "NumPy adds to each place once",
        "counts[y, says] += 1",
        "Each place holds at most 1",
    ),
    Wrong(
        "count-confusions",
        "one row, n times",
        """
        def count_confusions(y, says, n_classes):
            counts = [[0] * n_classes] * n_classes
            for shown, said in zip(y, says):
                counts[shown][said] += 1
            return counts
        """,
        "test-count-confusions",
        "holds \\*one\\* row n times",
    ),
    _confusions(
        "shares of each row",
        PAIRS + "counts[shown, said] += 1\n"
        "counts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)",
        "Those are shares",
    ),
    _confusions(
        "shares of all",
        PAIRS + "counts[shown, said] += 1\ncounts = counts / len(y)",
        "Those are shares",
    ),
    _confusions(
        "the diagonal",
        PAIRS + "counts[shown, said] += shown == said\ncounts = np.diag(counts)",
        "diagonal alone",
    ),
    Wrong(
        "count-confusions",
        "scikit-learn without its labels",
        """
        from sklearn.metrics import confusion_matrix

        def count_confusions(y, says, n_classes):
            return confusion_matrix(y, says)
        """,
        "test-count-confusions",
        r"(?s)should have the shape \(4, 4\).*does not occur",
    ),
    Wrong(
        "count-confusions",
        "as many classes as the largest that is shown",
        """
        def count_confusions(y, says, n_classes):
            counts = np.zeros((max(y) + 1, max(y) + 1), dtype=int)
            for shown, said in zip(y, says):
                counts[shown, said] += 1
            return counts
        """,
        "test-count-confusions",
        r"IndexError",
        hidden=True,
    ),
    # ---- exercise 2
    _examples(
        "positions among the wrong ones",
        """
        pick_examples = [
            ({"y": [0, 0, 0], "probabilities": [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]],
              "kind": "most incorrect", "n": 1}, [0]),
        ]
        """,
        "(?s)contradicts the text.*gets who counts only the right ones",
    ),
    _examples(
        "probabilities that do not add up",
        """
        pick_examples = [
            ({"y": [0, 1], "probabilities": [[0.9, 0.4], [0.3, 0.7]],
              "kind": "most correct", "n": 1}, [0]),
        ]
        """,
        "row 0 of `probabilities` should add up to 1",
    ),
    _examples(
        "a kind of one's own",
        """
        pick_examples = [
            ({"y": [0, 1], "probabilities": [[0.9, 0.1], [0.3, 0.7]],
              "kind": "correct", "n": 1}, [0]),
        ]
        """,
        "`kind` should be one of most correct",
    ),
    _examples(
        "the arguments in a row, without names",
        "pick_examples = [([0, 1], [[0.9, 0.1], [0.3, 0.7]], 'most correct', 1, [0])]",
        "should be a pair",
    ),
    _examples(
        "one picture, five times",
        """
        pick_examples = [
            ({"y": [0], "probabilities": [[0.9, 0.1]], "kind": "most correct", "n": n}, [0])
            for n in range(1, 6)
        ]
        """,
        "would not notice somebody who",
        points=1.08,
    ),
    _examples(
        "the ends are told apart, the middle is not",
        """
        table = [[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.05, 0.05, 0.9], [0.6, 0.4, 0.0]]
        pick_examples = [
            ({"y": [1, 1, 1, 0], "probabilities": table, "kind": "most incorrect", "n": 1}, [0]),
            ({"y": [1, 1, 1, 0], "probabilities": table, "kind": "most incorrect", "n": 2}, [0, 2]),
            ({"y": [1, 1, 1, 0], "probabilities": table, "kind": "most correct", "n": 1}, [1]),
            ({"y": [1, 1, 1, 0], "probabilities": table, "kind": "most correct", "n": 2}, [1, 3]),
            ({"y": [1, 1, 1, 0], "probabilities": table, "kind": "most uncertain", "n": 1}, [3]),
        ]
        """,
        "would not notice somebody who",
        points=1.62,
        hidden=True,
    ),
    # ---- exercise 3
    _pick(
        "positions among the wrong ones",
        ROWS + "sure = sureness[rows]\n"
        'return np.argsort(sure if kind == "most uncertain" else -sure, kind="stable")[:n]',
        "positions among the right ones",
    ),
    _pick(
        "the least sure first, always",
        ROWS + "rows = np.flatnonzero(rows)\n"
        "return rows[np.argsort(sureness[rows], kind='stable')][:n]",
        "The surest come first",
    ),
    _pick(
        "uncertain among the wrong ones",
        ORDER + 'chosen = right if kind == "most correct" else ~right\n'
        "return [row for row in order if chosen[row]][:n]",
        "all pictures take part",
    ),
    _pick(
        "the true class's probability",
        "truth = probabilities[np.arange(len(y)), y]\n"
        "rank = {'most correct': -truth, 'most incorrect': truth}.get(kind, sureness)\n"
        "order = np.argsort(rank, kind='stable')\n"
        + ROWS
        + "return [row for row in order if rows[row]][:n]",
        "probability of what it \\*says\\*",
    ),
    _pick(
        "uncertain near to one half",
        "rank = abs(sureness - 0.5) if kind == 'most uncertain' else -sureness\n"
        + ROWS
        + "return [row for row in np.argsort(rank, kind='stable') if rows[row]][:n]",
        "need not be near to one half",
    ),
    _pick(
        "a reversed sort",
        'order = np.argsort(sureness, kind="stable")\n'
        'if kind != "most uncertain":\n    order = order[::-1]\n'
        + ROWS
        + "return [row for row in order if rows[row]][:n]",
        "equally sure",
    ),
    _pick(
        "the margin",
        "two = np.sort(probabilities, axis=1)\n"
        "rank = two[:, -1] - two[:, -2] if kind == 'most uncertain' else -sureness\n"
        + ROWS
        + "return [row for row in np.argsort(rank, kind='stable') if rows[row]][:n]",
        "lead of the first class over the second",
    ),
    _pick(
        "right and wrong exchanged",
        ORDER
        + "rows = {'most correct': ~right, 'most incorrect': right}.get(kind, right | ~right)\n"
        "return [row for row in order if rows[row]][:n]",
        "Right and wrong are exchanged",
    ),
    _pick(
        "sorted row numbers",
        ORDER + ROWS + "return sorted([row for row in order if rows[row]][:n])",
        "in the order of the pictures",
    ),
    _pick(
        "all of them",
        ORDER + ROWS + "return [row for row in order if rows[row]]",
        "and not all",
    ),
    _pick(
        "two for the most uncertain",
        ORDER + ROWS + "return [row for row in order if rows[row]][: min(n, 5)]",
        "held against `pick_predictions`",
        hidden=True,
    ),
    # ---- exercise 4
    _group(
        "the foxes that get in",
        "in_the_group = [123, 126, 127, 128, 133, 138, 143, "
        "144, 150, 159, 161, 171, 174, 177, 179]",
        "those of this kind that came out right",
        points=1.5,
    ),
    _group(
        "the green ones",
        "in_the_group = [122, 126, 130, 134, 137, 141, 146, "
        "151, 154, 157, 163, 164, 169, 175, 178]",
        "not what the most incorrect pictures share",
    ),
    _group(
        "all foxes",
        "in_the_group = list(range(120, 180))",
        "45 of your list are of another kind",
        0.5,
    ),
    _group(
        "positions among the foxes",
        "in_the_group = [3, 7, 8, 13, 18, 23, 24, 30, 33, 39, 41, 47, 51, 54, 57]",
        "3, which is no fox",
    ),
    _group(
        "truth values",
        "in_the_group = [row in (123, 127, 128) for row in range(120, 180)]",
        "should be a list of row numbers",
    ),
    _group("a set", "in_the_group = {123, 127, 128}", "should be a list of row numbers"),
    _group("one of them twice", "in_the_group = [123, 123, 127]", "row 123 more than once"),
    _group(
        "some of them",
        "in_the_group = [123, 127, 128, 133, 138, 143]",
        "9 of the foxes that are of this kind are not in your list",
        points=0.8,
    ),
    _report(
        "the others of every class",
        "lines[1] = [row for row in range(len(right)) if row not in members]\n"
        "pictures = [len(line) for line in lines]\n"
        "lines[2] = range(len(right))\npictures[2] = len(right)\n"
        "rights = [sum(right[row] for row in line) for line in lines]\n"
        "accuracy = np.divide(rights, pictures)",
        "Only pictures that are in `among`",
    ),
    *[
        _report(
            f"pictures of every class in the line {name}",
            change + "\npictures = [len(line) for line in lines]\n"
            "rights = [sum(right[row] for row in line) for line in lines]\n"
            "accuracy = np.divide(rights, pictures)",
            "Only pictures that are in `among`",
        )
        for name, change in {
            "others": "lines[1] = [row for row in range(len(right)) if row not in members]",
            "together": "lines[2] = range(len(right))",
        }.items()
    ],
    _report(
        "wrong ones counted",
        "pictures = [len(line) for line in lines]\n"
        "rights = [sum(not right[row] for row in line) for line in lines]\n"
        "accuracy = np.divide(rights, pictures)",
        "Those are the wrong ones",
    ),
    _report(
        "the others are all",
        "lines[1] = lines[2]\npictures = [len(line) for line in lines]\n"
        "rights = [sum(right[row] for row in line) for line in lines]\n"
        "accuracy = np.divide(rights, pictures)",
        r"The others are those that are \*not\* members",
    ),
    _report(
        "a mean of two accuracies",
        "pictures = [len(line) for line in lines]\n"
        "rights = [sum(right[row] for row in line) for line in lines]\n"
        "accuracy = np.divide(rights, pictures)\naccuracy[2] = accuracy[:2].mean()",
        "no mean of two accuracies",
    ),
    _report(
        "percents",
        "pictures = [len(line) for line in lines]\n"
        "rights = [sum(right[row] for row in line) for line in lines]\n"
        "accuracy = 100 * np.divide(rights, pictures)",
        "Those are percents",
    ),
    _report(
        "a share of all foxes",
        "pictures = [len(line) for line in lines]\n"
        "rights = [sum(right[row] for row in line) for line in lines]\n"
        "accuracy = np.divide(rights, pictures[2])",
        "own\\* pictures",
    ),
    # ---- exercises 5 and 6
    _teaching(
        "the swindler's repair",
        "model.fit(X_train, y_train)\nn = (model.predict(X_new[rest]) == y_new[rest]).sum()\n"
        + SHARES,
        "the swindler's repair",
    ),
    _teaching(
        "judged on what was taught",
        "model.fit(X, y)\nn = (model.predict(X_new) == y_new).sum()\n"
        "return [n / len(y_new), n / len(y_new), n / len(y_new)]",
        "What the door was taught, it knows",
    ),
    _teaching(
        "the old pictures forgotten",
        "model.fit(X[len(X_train):], y[len(X_train):])\n"
        "n = (model.predict(X_new[rest]) == y_new[rest]).sum()\n" + SHARES,
        "it should be 0.666667; it is 0.416667",
    ),
    _teaching(
        "fitted to the rest",
        "model.fit(np.vstack([X_train, X_new[rest]]), np.append(y_train, y_new[rest]))\n"
        "n = (model.predict(X_new[rest]) == y_new[rest]).sum()\n" + SHARES,
        "trained with the pictures that it is judged on",
    ),
    _teaching(
        "best before worst",
        "model.fit(X, y)\nn = (model.predict(X_new[rest]) == y_new[rest]).sum()\n"
        "return [n / len(rest), (n + len(taught)) / len(y_new), n / len(y_new)]",
        "other way round",
    ),
    _teaching(
        "the taught ones as the door says",
        "model.fit(X, y)\nn = (model.predict(X_new[rest]) == y_new[rest]).sum()\n"
        "return [n / len(rest), n / len(y_new), model.score(X_new, y_new)]",
        "whatever the door says of them",
    ),
    _teaching(
        "numbers of pictures",
        "model.fit(X, y)\nn = (model.predict(X_new[rest]) == y_new[rest]).sum()\n"
        "return [n, n, n + len(taught)]",
        "Those are numbers of pictures",
    ),
    _teaching(
        "all divided by the rest",
        "model.fit(X, y)\nn = (model.predict(X_new[rest]) == y_new[rest]).sum()\n"
        "return [n / len(rest), n / len(rest), (n + len(taught)) / len(rest)]",
        "share of the rest, the other two of",
    ),
    _teaching(
        "scaled columns",
        "from sklearn.preprocessing import StandardScaler\n"
        "scaler = StandardScaler().fit(X_train)\nmodel.fit(scaler.transform(X), y)\n"
        "n = (model.predict(scaler.transform(X_new[rest])) == y_new[rest]).sum()\n" + SHARES,
        "without scaling",
    ),
    Wrong(
        "after-teaching",
        "an empty list as it is",
        """
        def after_teaching(X_train, y_train, X_new, y_new, taught):
            taught = np.array(taught)
            rest = np.setdiff1d(np.arange(len(y_new)), taught)
            X, y = np.vstack([X_train, X_new[taught]]), np.append(y_train, y_new[taught])
            model = LogisticRegression(max_iter=2000).fit(X, y)
            n = (model.predict(X_new[rest]) == y_new[rest]).sum()
            return [n / len(rest), n / len(y_new), (n + len(taught)) / len(y_new)]
        """,
        "test-after-teaching",
        "(?s)raised IndexError.*nothing that is taught",
    ),
    _teach("what it knows best", "teach = [5, 2, 92]", "got all of these right anyway"),
    _teach("four presses", "teach = [144, 171, 10, 20]", "the button works 3 times"),
    _teach(
        "names instead of rows", "teach = ['fox', 'fox', 'cat']", "should be a list of row numbers"
    ),
    _teach("a row that is not there", "teach = [180]", "only rows 0 to 179"),
    _teach("a picture twice", "teach = [144, 144]", "row 144 more than once"),
    _teach("labels with the rows", "teach = {144: 'fox'}", "should be a list of row numbers"),
    _teach("three cats upside down", "teach = [7, 13, 18]", "got all of these right anyway"),
    _teach("a set", "teach = {177, 174, 101}", "should be a list of row numbers"),
    _teach("three green foxes", "teach = [130, 141, 154]", "All points are for"),
]
ENDLESS = """
def after_teaching(X_train, y_train, X_new, y_new, taught):
    while True:
        pass
"""
NOISY = """
import warnings

def group_report(right, members, among):
    warnings.warn("nearly there")
    print("working")
    return pd.DataFrame({"pictures": [1, 2, 3], "right": [1, 2, 3], "accuracy": 1.0})
"""
SUBMISSIONS = [
    Submission(
        "column",
        ("the door's word as a row", "right and wrong exchanged"),
        score=15,
        messages=("Rows and columns are exchanged", "Right and wrong are exchanged"),
    ),
    # An oddity that is no reason for mistakes: neither found nor repaired.
    Submission(
        "green",
        ("the green ones", "three green foxes"),
        score=16,
        messages=("not what the most incorrect pictures share", "more, and none for"),
    ),
    # 22, less 1.5 of 2, 0.92 of 2, and 4.
    Submission(
        "half",
        ("all foxes", "one picture, five times", "the swindler's repair"),
        score=15.58,
        messages=("45 of your list are of another kind", "would not notice somebody who"),
    ),
    # Somebody deleted the cell that fails, edited another that does, and handed in checks that say
    # yes. Besides, one answer warns, prints and is wrong, and one never ends. 22, less 4 for the
    # deleted cell, 3 for the edited one, and 4 for the endless answer.
    Submission(
        "sly",
        ("four presses",),
        score=11,
        messages=(
            "the button works 3 times",
            "`after_teaching` did not finish within",
            "`group_report(right, members, among)",
        ),
        answers={"after-teaching": ENDLESS, "group-report": NOISY},
        edits={"test-teach": None, "test-group-report": "pass"},
        files=forged_modules("a6_checks", "a6_sealed", "a6_hidden"),
    ),
]
