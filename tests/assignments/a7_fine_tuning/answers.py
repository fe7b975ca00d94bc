"""Answers to assignment 7 that must pass, and answers that must fail with the message they need."""

from harness import Equivalent, Right, Submission, Wrong, forged_modules

WHOLE = ["int", "float", "NumPy's integer", "NumPy's float", "array of no dimension"]
NAMES = ["list", "tuple", "array", "object array", "series", "series with another index", "index"]
PAIR = ["list", "tuple", "array", "float64", "float32", "series", "series with another index"]
RESULTS = {
    "count": WHOLE,
    "trained": NAMES,
    "lit": ["array", "array in Fortran's order", "view of an array", "uint8"],
    "mirrored": ["as it is"],
    "EarlyStopping": [],
    "choose": ["int", "NumPy's integer", "array of no dimension"],
    "rates": PAIR,
}

NAMED = "name.endswith(('running_mean', 'running_var', 'num_batches_tracked'))"
OTHERWISE = (
    "name.endswith(('running_var', 'running_mean', 'num_batches_tracked'))",
    "name.endswith(('running_mean', 'num_batches_tracked', 'running_var'))",
)
CLIPPED = "return np.clip({}).astype(np.uint8)"
EQUIVALENT = [
    *(
        Equivalent(
            function,
            "Whether a name ends with one of three words does not depend on their order.",
            tuple(f"{line.format(NAMED)} → {line.format(other)}" for other in OTHERWISE),
        )
        for function, line in {"count": "if not {}:", "trained": "if belongs and (not {}):"}.items()
    ),
    Equivalent(
        "lit",
        "No product of a pixel and a factor is below 0, and a middle one of three has no order.",
        tuple(
            f"{CLIPPED.format('np.round(pictures * factors), 0, 255')} → {CLIPPED.format(other)}"
            for other in (
                "np.round(pictures * factors), -1, 255",
                "0, np.round(pictures * factors), 255",
            )
        ),
    ),
    Equivalent(
        "mirrored",
        "There are as many labels as pictures, and no draw of sixteen digits is one half.",
        (
            "if draws[i] < 0.5 and label in partner: → if draws[i] <= 0.5 and label in partner:",
            "draws = np.random.default_rng(seed).random(len(pictures)) → "
            "draws = np.random.default_rng(seed).random(len(labels))",
        ),
    ),
    Equivalent(
        "EarlyStopping",
        "The wait grows by one at a time, and nobody calls `update` after it has said True.",
        (
            "return self.epoch - self.best_epoch >= self.patience → "
            "return self.epoch - self.best_epoch == self.patience",
        ),
    ),
    Equivalent(
        "rates",
        "The larger one of two numbers is the same whichever of them comes first.",
        (
            "return (found / np.sum(of_kind), found / max(np.sum(called), 1)) → "
            "return (found / np.sum(of_kind), found / max(1, np.sum(called)))",
        ),
    ),
]

RIGHT = [
    # ---- exercise 1
    Right(
        "count",
        "NumPy's product, and the last part of the name",
        """
        def count(entries):
            no_parameters = {"running_mean", "running_var", "num_batches_tracked"}
            return sum(
                int(np.prod(shape))
                for name, shape in entries
                if name.split(".")[-1] not in no_parameters
            )
        """,
    ),
    Right(
        "count",
        "a table in pandas",
        """
        import math

        def count(entries):
            table = pd.DataFrame(entries, columns=["name", "shape"])
            if len(table) == 0:
                return 0
            statistic = table["name"].str.contains(
                r"(?:^|\\.)(?:running_mean|running_var|num_batches_tracked)$"
            )
            return table["shape"].map(math.prod)[~statistic].sum()
        """,
    ),
    Right(
        "count",
        "recursion over entries and sides",
        """
        def numbers(shape):
            return 1 if len(shape) == 0 else shape[0] * numbers(shape[1:])

        def count(entries):
            if not entries:
                return 0
            (name, shape), *rest = entries
            last = name.rsplit(".", 1)[-1]
            mine = 0 if last.startswith("running_") and last in (
                "running_mean", "running_var"
            ) or last == "num_batches_tracked" else numbers(shape)
            return mine + count(rest)
        """,
    ),
    Right(
        "trained",
        "names taken apart at their dots",
        """
        def trained(entries, layers):
            asked = {tuple(layer.split(".")) for layer in layers}
            found = []
            for name, shape in entries:
                parts = tuple(name.split("."))
                if parts[-1] in ("running_mean", "running_var", "num_batches_tracked"):
                    continue
                if any(parts[:length] in asked for length in range(1, len(parts) + 1)):
                    found.append(name)
            return found
        """,
    ),
    Right(
        "trained",
        "a regular expression",
        """
        import re

        def trained(entries, layers):
            if not layers:
                return np.array([], dtype=str)
            layer = "|".join(re.escape(name) for name in layers)
            belongs = re.compile(rf"(?:{layer})(?:\\..*)?")
            statistic = re.compile(r".*(running_mean|running_var|num_batches_tracked)")
            return np.array(
                [n for n, _ in entries if belongs.fullmatch(n) and not statistic.fullmatch(n)]
            )
        """,
    ),
    Right(
        "trained",
        "layer by layer into a set, then in order",
        """
        def trained(entries, layers):
            chosen = set()
            for layer in layers:
                for name, _ in entries:
                    if (name + ".").startswith(layer + "."):
                        chosen.add(name)
            statistics = ("running_mean", "running_var", "num_batches_tracked")
            return tuple(
                name for name, _ in entries if name in chosen and not name.endswith(statistics)
            )
        """,
    ),
    Right(
        "count",
        "the rows of a table that are left, and NumPy's product of each",
        """
        def count(entries):
            no_parameters = ("running_mean", "running_var", "num_batches_tracked")
            table = pd.DataFrame(entries, columns=["name", "shape"]).astype(object)
            total = 0
            for name, shape in table.to_numpy():
                if not name.endswith(no_parameters):
                    total += np.prod(shape)
            return total
        """,
    ),
    Right(
        "trained",
        "the set of all layers that a name lies in",
        """
        def trained(entries, layers):
            buffers = {"running_mean", "running_var", "num_batches_tracked"}
            names = []
            for name, _ in entries:
                parts = name.split(".")
                if parts[-1] in buffers:
                    continue
                above = {".".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
                if above & set(layers):
                    names.append(name)
            return names
        """,
    ),
    # ---- exercise 2
    Right(
        "lit",
        "one picture after the other",
        """
        def lit(pictures, factors):
            result = np.zeros_like(pictures)
            for i, factor in enumerate(factors):
                brighter = np.rint(pictures[i].astype(float) * factor)
                brighter[brighter > 255] = 255
                result[i] = brighter
            return result
        """,
    ),
    Right(
        "lit",
        "in 32 bits, with np.minimum",
        """
        def lit(pictures, factors):
            factors = np.asarray(factors, dtype=np.float32)[:, None, None, None]
            values = np.minimum(pictures.astype(np.float32) * factors, 255)
            return (values + 0.5).astype(np.uint8)
        """,
    ),
    Right(
        "lit",
        "a table of what becomes of each level",
        """
        def lit(pictures, factors):
            levels = np.arange(256)
            return np.stack(
                [
                    np.round(levels * factor).clip(0, 255).astype("uint8")[picture]
                    for picture, factor in zip(pictures, factors)
                ]
            )
        """,
    ),
    Right(
        "mirrored",
        "np.where, all pictures at once",
        """
        def mirrored(pictures, labels, partner, seed):
            numbers = np.random.default_rng(seed).random(len(pictures))
            flip = (numbers < 0.5) & np.array([label in partner for label in labels])
            changed = np.where(flip[:, None, None, None], pictures[:, :, ::-1, :], pictures)
            names = [partner[lb] if f else lb for lb, f in zip(labels, flip)]
            return changed, np.array(names)
        """,
    ),
    Right(
        "mirrored",
        "np.fliplr, lists, and a dictionary's get",
        """
        def mirrored(pictures, labels, partner, seed):
            rng = np.random.default_rng(seed)
            new_pictures, new_labels = [], []
            for picture, label, number in zip(pictures, labels, rng.random(len(labels))):
                other = partner.get(label)
                if other is None or number >= 0.5:
                    new_pictures.append(picture)
                    new_labels.append(label)
                else:
                    new_pictures.append(np.fliplr(picture))
                    new_labels.append(other)
            return np.stack(new_pictures), new_labels
        """,
    ),
    Right(
        "mirrored",
        "Pillow, and a pandas column of labels",
        """
        from PIL import ImageOps, Image

        def mirrored(pictures, labels, partner, seed):
            draws = np.random.default_rng(seed).random(size=len(pictures))
            labels = pd.Series(labels)
            flip = (draws < 0.5) & labels.isin(list(partner))
            result = pictures.copy()
            for i in np.flatnonzero(flip):
                result[i] = np.array(ImageOps.mirror(Image.fromarray(pictures[i])))
            return result, labels.where(~flip, labels.map(partner))
        """,
    ),
    Right(
        "lit",
        "torch",
        """
        import torch

        def lit(pictures, factors):
            scale = torch.as_tensor(factors, dtype=torch.float64).reshape(-1, 1, 1, 1)
            brighter = torch.as_tensor(np.array(pictures)) * scale
            return brighter.round().clamp(0, 255).to(torch.uint8).numpy()
        """,
    ),
    Right(
        "mirrored",
        "np.flip of all, and a column of objects",
        """
        def mirrored(pictures, labels, partner, seed):
            draws = np.random.default_rng(seed).random(len(pictures))
            labels = pd.Series(list(labels), dtype=object)
            flip = ((draws < 0.5) & labels.isin(list(partner))).to_numpy()
            flipped = np.where(flip[:, None, None, None], np.flip(pictures, axis=2), pictures)
            return flipped, labels.where(~flip, labels.map(partner)).tolist()
        """,
    ),
    # ---- exercise 3
    Right(
        "stop-examples",
        "arrays, whole numbers and tuples",
        """
        stop_examples = (
            ({"losses": np.array([5, 3, 4, 2, 3, 3, 1]), "patience": 2, "min_delta": 0}, (4, 6)),
            ({"min_delta": 0, "patience": 1, "losses": [2, 2, 1]}, [1, 2]),
            ({"losses": (8, 7.5, 5, 4.5, 4.2, 4.1), "patience": 3, "min_delta": 1}, [3, 6]),
            ({"losses": [float("nan"), 3.0], "patience": 5, "min_delta": 0.0}, [2, 2]),
            ({"losses": [4, 5, 4.5, 4.2, 1], "patience": 3, "min_delta": 0}, np.array([1, 4])),
            ({"losses": [3, np.nan, 2, np.nan, np.nan, 1], "patience": 2, "min_delta": 0}, [3, 5]),
            ({"losses": [3, 2.5, 3.0, 4.0], "patience": 2, "min_delta": 1}, [1, 3]),
        )
        """,
    ),
    Right(
        "stop-examples",
        "one long run, watched in several ways",
        """
        run = [1.0, 0.8, 0.9, 0.7, 0.7, 0.75, 0.72, np.nan, 0.5, 0.45, 0.6, 0.55, 0.52]
        stop_examples = [
            ({"losses": run, "patience": 1, "min_delta": 0}, [2, 3]),
            ({"losses": run, "patience": 3, "min_delta": 0}, [4, 7]),
            ({"losses": run, "patience": 4, "min_delta": 0}, [4, 8]),
            ({"losses": run, "patience": 5, "min_delta": 0}, [10, 13]),
            ({"losses": run, "patience": 3, "min_delta": 0.25}, [4, 7]),
            ({"losses": run, "patience": 9, "min_delta": 0.1}, [9, 13]),
            ({"losses": [2, np.nan, 2, 1], "patience": 2, "min_delta": 0}, [1, 3]),
        ]
        """,
    ),
    Right(
        "stop-examples",
        "differences that are equal on paper, and a remark at each",
        """
        stop_examples = [
            # a difference of exactly min_delta, which a computer takes for more
            ({"losses": [0.8, 0.7], "patience": 1, "min_delta": 0.1}, [1, 2]),
            # small steps add up, since the best one counts
            ({"losses": [1.0, 0.875, 0.75, 0.7], "patience": 2, "min_delta": 0.25}, [1, 3]),
            ({"losses": [1.0, 0.75, 0.5, 0.3, 0.2], "patience": 2, "min_delta": 0.25}, [5, 5]),
            # equal is not better
            ({"losses": [0.5, 0.5, 0.5, 0.4], "patience": 2, "min_delta": 0}, [1, 3]),
            # never two in a row
            ({"losses": [0.9, 1.0, 0.8, 0.9, 0.7, 0.8], "patience": 2, "min_delta": 0}, [5, 6]),
            # lower than the one before, not than the best
            ({"losses": [0.5, 0.9, 0.8, 0.7, 0.1], "patience": 3, "min_delta": 0}, [1, 4]),
            # NaN first, and in between
            (
                {"losses": [np.nan, 4, np.nan, 2, 3, np.nan, 1], "patience": 2, "min_delta": 0},
                [4, 6],
            ),
            ({"losses": [np.nan] * 4, "patience": 3, "min_delta": 0}, [0, 3]),
            # it ends before anybody stops it
            ({"losses": [0.9, 0.8], "patience": 3, "min_delta": 0}, [2, 2]),
        ]
        """,
    ),
    # ---- exercise 4
    Right(
        "early-stopping",
        "a counter that begins anew",
        """
        class EarlyStopping:
            def __init__(self, patience, min_delta):
                self.patience, self.min_delta = patience, min_delta
                self.best_loss, self.best_epoch = np.inf, 0
                self.waited = self.epochs = 0

            def update(self, loss):
                self.epochs = self.epochs + 1
                if self.best_loss - loss > self.min_delta:
                    self.best_loss = loss
                    self.best_epoch = self.epochs
                    self.waited = 0
                    return False
                self.waited = self.waited + 1
                if self.waited >= self.patience:
                    return True
                return False
        """,
    ),
    Right(
        "early-stopping",
        "all losses kept, and gone through each time",
        """
        class EarlyStopping:
            def __init__(self, patience, min_delta=0):
                self.patience = patience
                self.min_delta = min_delta
                self.losses = []
                self._look()

            def _look(self):
                self.best_epoch, self.best_loss = 0, float("inf")
                for number, loss in enumerate(self.losses, start=1):
                    if np.isnan(loss):
                        continue
                    if loss < self.best_loss - self.min_delta:
                        self.best_epoch, self.best_loss = number, loss

            def update(self, loss):
                self.losses.append(loss)
                self._look()
                return len(self.losses) - self.best_epoch >= self.patience
        """,
    ),
    Right(
        "early-stopping",
        "a dataclass with properties",
        """
        from dataclasses import dataclass, field

        @dataclass
        class EarlyStopping:
            patience: int
            min_delta: float
            better: list = field(default_factory=list)
            heard: int = 0

            @property
            def best_epoch(self):
                return self.better[-1][0] if self.better else 0

            @property
            def best_loss(self):
                return self.better[-1][1] if self.better else float("inf")

            def update(self, loss):
                self.heard += 1
                if loss < self.best_loss - self.min_delta:
                    self.better.append((self.heard, loss))
                return np.bool_(self.heard >= self.best_epoch + self.patience)
        """,
    ),
    Right(
        "early-stopping",
        "patience that is used up",
        """
        class EarlyStopping:
            def __init__(self, patience, min_delta):
                self.full = patience
                self.left = patience
                self.least = min_delta
                self.epoch = 0
                self.best_epoch = 0
                self.best_loss = float("inf")

            def update(self, loss):
                self.epoch += 1
                self.left -= 1
                target = self.best_loss - self.least
                if loss < target:
                    self.best_epoch, self.best_loss, self.left = self.epoch, loss, self.full
                return not self.left > 0
        """,
    ),
    Right(
        "early-stopping",
        "a list of losses, of which the length is the epoch",
        """
        class EarlyStopping:
            def __init__(self, patience, min_delta):
                self.patience = patience
                self.min_delta = min_delta
                self.losses = []
                self.best_epoch = 0
                self.best_loss = float("inf")

            def update(self, loss):
                self.losses.append(loss)
                if self.best_loss - loss > self.min_delta:
                    self.best_loss = loss
                    self.best_epoch = len(self.losses)
                return len(self.losses) - self.best_epoch >= self.patience
        """,
    ),
    # ---- exercise 5
    Right(
        "choose",
        "row by row",
        """
        def choose(log, by):
            sign = -1 if by.endswith("accuracy") else 1
            best, best_value = None, None
            for index, value in zip(log.index, log[by]):
                if value != value:
                    continue
                if best is None or sign * value < sign * best_value:
                    best, best_value = index, value
            return int(best)
        """,
    ),
    Right(
        "choose",
        "sorted, in a way that keeps the order of equals",
        """
        def choose(log, by):
            low_is_good = by[-4:] == "loss"
            ordered = log.dropna(subset=[by]).sort_values(by, ascending=low_is_good, kind="stable")
            return ordered.index[0]
        """,
    ),
    Right(
        "choose",
        "NumPy, and the index of the position",
        """
        def choose(log, by):
            values = log[by].to_numpy()
            position = np.nanargmin(values) if by.endswith("loss") else np.nanargmax(values)
            return log.index[position]
        """,
    ),
    Right(
        "choose",
        "without NaN, all rows that are as good as the best",
        """
        def choose(log, by):
            column = log[by].dropna()
            best = column.min() if by.endswith("loss") else column.max()
            return column.index[column == best][0]
        """,
    ),
    # ---- exercise 6
    Right(
        "rates",
        "counted in a loop",
        """
        def rates(labels, says, kind):
            found = called = there = 0
            for label, said in zip(labels, says):
                there += label == kind
                called += said == kind
                found += label == kind and said == kind
            return found / there, found / called if called else 0.0
        """,
    ),
    Right(
        "rates",
        "scikit-learn",
        """
        from sklearn.metrics import precision_score, recall_score

        def rates(labels, says, kind):
            truth, said = [lb == kind for lb in labels], [s == kind for s in says]
            return (
                recall_score(truth, said),
                precision_score(truth, said, zero_division=0),
            )
        """,
    ),
    Right(
        "rates",
        "pandas",
        """
        def rates(labels, says, kind):
            table = pd.DataFrame({"is": labels, "said": says}).eq(kind)
            recall = table.loc[table["is"], "said"].mean()
            precision = table.loc[table["said"], "is"].mean() if table["said"].any() else 0
            return recall, precision
        """,
    ),
    Right(
        "rates",
        "a table of two columns, true or false",
        """
        def rates(labels, says, kind):
            table = pd.DataFrame(
                {"is": [y == kind for y in labels], "called": [s == kind for s in says]}
            )
            found = (table["is"] & table["called"]).sum()
            called = table["called"].sum()
            return found / table["is"].sum(), found / called if called > 0 else 0
        """,
    ),
]

COUNT = """
def count(entries):
    statistics = ("running_mean", "running_var", "num_batches_tracked")
    kept = [(name, shape) for name, shape in entries if not name.endswith(statistics)]
    return {}
"""
TRAINED = """
def trained(entries, layers):
    statistics = ("running_mean", "running_var", "num_batches_tracked")
    names = [name for name, shape in entries if not name.endswith(statistics)]
    return [name for name in names if {}]
"""
LIT = """
def lit(pictures, factors):
    factors = np.array(factors)[:, None, None, None]
    return {}
"""
MIRRORED = """
def mirrored(pictures, labels, partner, seed):
    draws = {draws}
    changed, names = pictures.copy(), list(labels)
    for i, label in enumerate(labels):
        if {when}:
            changed[i] = {picture}
            names[i] = {label}
    return changed, names
"""
AS_ASKED = {
    "draws": "np.random.default_rng(seed).random(len(pictures))",
    "when": "draws[i] < 0.5 and label in partner",
    "picture": "pictures[i][:, ::-1]",
    "label": "partner[label]",
}


def mirrored(**changes):
    """Give the reference of exercise 2b with something else in it."""
    return MIRRORED.format(**{**AS_ASKED, **changes})


STOPPING = """
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience = patience
        self.min_delta = min_delta
        self.best_epoch = 0
        self.best_loss = {start}
        self.epoch = {first}
        self.waits = 0
        self.before = float("inf")

    def update(self, loss):
        self.epoch += 1
        if {better}:
            self.best_epoch = self.epoch
            self.best_loss = loss
            self.waits = {anew}
        else:
            self.waits += 1
        self.before = loss
        return {stop}
"""
STOPPING_AS_ASKED = {
    "start": 'float("inf")',
    "first": "0",
    "better": "loss < self.best_loss - self.min_delta",
    "anew": "0",
    "stop": "self.waits >= self.patience",
}


def stopping(**changes):
    """Give a right class with something else in it."""
    return STOPPING.format(**{**STOPPING_AS_ASKED, **changes})


CHOOSE = """
def choose(log, by):
    return {}
"""
RATES = """
def rates(labels, says, kind):
    labels, says = np.array(labels), np.array(says)
    of_kind, called = labels == kind, says == kind
    both = np.sum(of_kind & called)
    return {}
"""


def examples(*pairs):
    """Give a list of examples, each losses, patience, least difference and what comes out."""
    lines = [
        f'    ({{"losses": {losses}, "patience": {patience}, "min_delta": {least}}}, {out}),'
        for losses, patience, least, out in pairs
    ]
    return "\n".join(["stop_examples = [", *lines, "]"])


FOR_ALL = (
    ("[0.9, 0.7, 0.8, 0.75, 0.6]", 2, 0, "[2, 4]"),
    ("[0.9, 1.0, 0.8, 0.85, 0.7, 0.9]", 2, 0, "[5, 6]"),
    ("[0.5, 0.5, 0.4]", 1, 0, "[1, 2]"),
    ("[1.0, 0.95, 0.5, 0.45, 0.4]", 2, 0.2, "[3, 5]"),
    ("[1.0, 1.1, 1.05, 1.0, 0.5]", 3, 0, "[1, 4]"),
    ("[0.9, np.nan, np.nan, 0.3]", 2, 0, "[1, 3]"),
)

WRONG = [
    # ---- exercise 1a
    Wrong(
        "count",
        "tensors are counted",
        COUNT.format("len(kept)"),
        "test-count",
        r"should be 10; it is 2(.|\n)*Count the numbers in them",
    ),
    Wrong(
        "count",
        "with the statistics",
        COUNT.format("sum(int(np.prod(shape)) for name, shape in entries)"),
        "test-count",
        r"should be 126; it is 135(.|\n)*no gradient reaches them",
    ),
    Wrong(
        "count",
        "without what is tracked alone",
        """
        def count(entries):
            return sum(int(np.prod(s)) for n, s in entries if not n.endswith("tracked"))
        """,
        "test-count",
        "They are no parameters: no gradient reaches",
    ),
    Wrong(
        "count",
        "weights alone",
        COUNT.format("sum(int(np.prod(s)) for n, s in kept if not n.endswith('bias'))"),
        "test-count",
        "The biases are missing",
    ),
    Wrong(
        "count",
        "sums of the sides",
        COUNT.format("sum(sum(shape) for name, shape in kept)"),
        "test-count",
        r"holds 4 times 3 numbers",
    ),
    Wrong(
        "count",
        "nothing in a tensor without sides",
        COUNT.format("sum(int(np.prod(shape)) if shape else 0 for name, shape in kept)"),
        "test-count",
        r"of shape \(\)(.|\n)*holds one number",
    ),
    Wrong(
        "count",
        "batch normalisation left out",
        COUNT.format("sum(int(np.prod(s)) for n, s in kept if not n.startswith('bn'))"),
        "test-count",
        "counts batch normalisation as nothing",
    ),
    Wrong(
        "count",
        "whatever has running in its name left out",
        """
        def count(entries):
            left_out = ("running", "tracked")
            return sum(
                int(np.prod(shape))
                for name, shape in entries
                if not any(word in name for word in left_out)
            )
        """,
        "test-count",
        "should be 79; it is 66",
        hidden=True,
    ),
    Wrong(
        "count",
        "one of the three forgotten",
        """
        def count(entries):
            kept = [shape for name, shape in entries if "running" not in name]
            return sum(np.prod(shape) for shape in kept)
        """,
        "test-count",
        r"should be 126; it is 127(.|\n)*`num_batches_tracked` is a single number",
    ),
    # ---- exercise 1b
    Wrong(
        "trained",
        "the frozen ones",
        TRAINED.format("not any(name == la or name.startswith(la + '.') for la in layers)"),
        "test-trained",
        "Those are the frozen ones",
    ),
    Wrong(
        "trained",
        "without the dot",
        TRAINED.format("any(name.startswith(layer) for layer in layers)"),
        "test-trained",
        "`blocks.10` begins with `blocks.1` and is another layer",
    ),
    Wrong(
        "trained",
        "anywhere in the name",
        TRAINED.format("any(layer in name for layer in layers)"),
        "test-trained",
        "`old.head` has `head` in it and is another layer",
    ),
    Wrong(
        "trained",
        "statistics among them",
        """
        def trained(entries, layers):
            return [
                name
                for name, shape in entries
                if any(name == layer or name.startswith(layer + ".") for layer in layers)
            ]
        """,
        "test-trained",
        "The running statistics are among them",
    ),
    Wrong(
        "trained",
        "weights without biases",
        TRAINED.format(
            "name.endswith('weight') and any(name.startswith(la + '.') for la in layers)"
        ),
        "test-trained",
        r"should be 2 labels, shape \(2,\)(.|\n)*case of the head alone",
    ),
    Wrong(
        "trained",
        "one step down only",
        TRAINED.format("name.rpartition('.')[0] in layers"),
        "test-trained",
        "A layer holds all that is inside it",
    ),
    Wrong(
        "trained",
        "layer by layer",
        """
        def trained(entries, layers):
            statistics = ("running_mean", "running_var", "num_batches_tracked")
            found = []
            for layer in layers:
                for name, shape in entries:
                    if (name + ".").startswith(layer + ".") and not name.endswith(statistics):
                        found.append(name)
            return found
        """,
        "test-trained",
        "Keep the order of `entries`, and give no name twice",
    ),
    Wrong(
        "trained",
        "everything when there is no layer",
        TRAINED.format("not layers or any((name + '.').startswith(la + '.') for la in layers)"),
        "test-trained",
        "no layer at all",
    ),
    Wrong(
        "trained",
        "the pairs",
        """
        def trained(entries, layers):
            return [e for e in entries if any((e[0] + ".").startswith(la + ".") for la in layers)]
        """,
        "test-trained",
        "should hold names; it holds a tuple of length 2",
    ),
    Wrong(
        "trained",
        "no name that looks like a statistic",
        TRAINED.format(
            "'running' not in name and any((name + '.').startswith(la + '.') for la in layers)"
        ),
        "test-trained",
        r"should be 3 labels",
        hidden=True,
    ),
    Wrong(
        "trained",
        "the first part of a name",
        TRAINED.format("name.split('.')[0] in layers"),
        "test-trained",
        r"Missing: 'blocks.1.conv.weight'(.|\n)*`blocks.1` is more than the first part",
    ),
    Wrong(
        "trained",
        "a block too many",
        TRAINED.format("any(name.startswith(layer) for layer in layers) or '10' in name"),
        "test-trained",
        r"Too many: 'blocks.10.conv.weight'\.",
    ),
    Wrong(
        "trained",
        "in the order of the alphabet",
        TRAINED.format("any((name + '.').startswith(la + '.') for la in layers)").replace(
            "return [name for name in names", "return [name for name in sorted(names)"
        ),
        "test-trained",
        "Keep the order of `entries`, and give no name twice",
    ),
    Wrong(
        "trained",
        "once for each layer that it lies in",
        """
        def trained(entries, layers):
            statistics = ("running_mean", "running_var", "num_batches_tracked")
            found = []
            for name, shape in entries:
                for layer in layers:
                    if (name + ".").startswith(layer + ".") and not name.endswith(statistics):
                        found.append(name)
            return found
        """,
        "test-trained",
        "layers within layers(.|\\n)*give no name twice",
    ),
    # ---- exercise 2a
    Wrong(
        "lit",
        "beyond white it begins at black",
        LIT.format("np.round(pictures * factors).astype(np.int64).astype(np.uint8)"),
        "test-lit",
        "began at 0 again",
    ),
    Wrong(
        "lit",
        "cut off",
        LIT.format("np.clip(pictures * factors, 0, 255).astype(np.uint8)"),
        "test-lit",
        "cut off and not rounded",
    ),
    Wrong(
        "lit",
        "beyond white",
        LIT.format("np.round(pictures * factors)"),
        "test-lit",
        "Nothing is brighter than white",
    ),
    Wrong(
        "lit",
        "floats",
        LIT.format("np.clip(np.round(pictures * factors), 0, 255)"),
        "test-lit",
        "should be of type uint8, as the pictures were; it is of type float64",
    ),
    Wrong(
        "lit",
        "factors that meet the colours",
        """
        def lit(pictures, factors):
            return np.clip(np.round(pictures * np.array(factors)), 0, 255).astype(np.uint8)
        """,
        "test-lit",
        "could not be broadcast|along the first axis",
    ),
    Wrong(
        "lit",
        "one factor for all",
        LIT.format("np.clip(np.round(pictures * factors[0]), 0, 255).astype(np.uint8)"),
        "test-lit",
        "All pictures got the factor of the first",
    ),
    Wrong(
        "lit",
        "from 0 to 1",
        LIT.format("np.clip(pictures / 255 * factors, 0, 1)"),
        "test-lit",
        "Pixels of type uint8 go from 0 to 255",
    ),
    Wrong(
        "lit",
        "light is added",
        LIT.format("np.clip(np.round(pictures + 255 * (factors - 1)), 0, 255).astype(np.uint8)"),
        "test-lit",
        "Here something was added",
    ),
    Wrong(
        "lit",
        "in place",
        """
        def lit(pictures, factors):
            for i, factor in enumerate(factors):
                pictures[i] = np.clip(np.round(pictures[i] * factor), 0, 255)
            return pictures
        """,
        "test-lit",
        "changed its argument `pictures`",
    ),
    Wrong(
        "lit",
        "a list",
        LIT.format("list(np.clip(np.round(pictures * factors), 0, 255).astype(np.uint8))"),
        "test-lit",
        "should be a NumPy array; it is a list",
    ),
    Wrong(
        "lit",
        "three pictures at most",
        LIT.format("np.clip(np.round(pictures * factors), 0, 255).astype(np.uint8)[:3]"),
        "test-lit",
        r"should have the shape \(4, 3, 5, 3\)",
        hidden=True,
    ),
    Wrong(
        "lit",
        "a list of factors, indexed like an array",
        """
        def lit(pictures, factors):
            factors = factors[:, None, None, None]
            return np.clip(np.round(pictures * factors), 0, 255).astype(np.uint8)
        """,
        "test-lit",
        r"raised TypeError(.|\n)*`np.array\(…\)` makes an array of it",
    ),
    Wrong(
        "lit",
        "products put into pixels as they are",
        """
        def lit(pictures, factors):
            result = pictures.copy()
            for i, factor in enumerate(factors):
                result[i] = pictures[i] * factor
            return result
        """,
        "test-lit",
        "So two things come before it: round",
    ),
    # ---- exercise 2b
    Wrong(
        "mirrored",
        "labels as before",
        mirrored(label="label"),
        "test-mirrored",
        "in the mirror a left-winding shell",
    ),
    Wrong(
        "mirrored",
        "pictures as before",
        mirrored(picture="pictures[i]"),
        "test-mirrored",
        "The labels are right, and the pictures are as before",
    ),
    Wrong(
        "mirrored",
        "upside down",
        mirrored(picture="pictures[i][::-1]"),
        "test-mirrored",
        "Those stand on their heads",
    ),
    Wrong(
        "mirrored",
        "half a turn",
        mirrored(picture="np.rot90(pictures[i], 2)"),
        "test-mirrored",
        "only the columns are to be reversed",
    ),
    Wrong(
        "mirrored",
        "blue for red",
        mirrored(picture="pictures[i][:, :, ::-1]"),
        "test-mirrored",
        "Red and blue are exchanged",
    ),
    Wrong(
        "mirrored",
        "all of them",
        mirrored(when="label in partner"),
        "test-mirrored",
        "All pictures that have a partner were mirrored",
    ),
    Wrong(
        "mirrored",
        "above a half",
        mirrored(when="draws[i] >= 0.5 and label in partner"),
        "test-mirrored",
        r"where the number is \*below\* 0\.5",
    ),
    Wrong(
        "mirrored",
        "also without a partner",
        mirrored(when="draws[i] < 0.5", label="partner.get(label, label)"),
        "test-mirrored",
        "A picture whose label has no partner was mirrored",
    ),
    Wrong(
        "mirrored",
        "a partner that must be there",
        mirrored(when="draws[i] < 0.5"),
        "test-mirrored",
        "raised KeyError: '7'",
    ),
    Wrong(
        "mirrored",
        "a draw only where there is a partner",
        """
        def mirrored(pictures, labels, partner, seed):
            rng = np.random.default_rng(seed)
            changed, names = pictures.copy(), list(labels)
            for i, label in enumerate(labels):
                if label in partner and rng.random() < 0.5:
                    changed[i] = pictures[i][:, ::-1]
                    names[i] = partner[label]
            return changed, names
        """,
        "test-mirrored",
        "also for one without a partner",
    ),
    Wrong(
        "mirrored",
        "one draw for all",
        mirrored(draws="[np.random.default_rng(seed).random()] * len(pictures)"),
        "test-mirrored",
        "One number was drawn for all pictures",
    ),
    Wrong(
        "mirrored",
        "always the same seed",
        mirrored(draws="np.random.default_rng(0).random(len(pictures))"),
        "test-mirrored",
        "every epoch would see the same",
    ),
    Wrong(
        "mirrored",
        "the old generator",
        mirrored(draws="np.random.RandomState(seed).random_sample(len(pictures))"),
        "test-mirrored",
        "has the wrong value in",
    ),
    Wrong(
        "mirrored",
        "every label changed",
        """
        def mirrored(pictures, labels, partner, seed):
            draws = np.random.default_rng(seed).random(len(pictures))
            changed = pictures.copy()
            for i, label in enumerate(labels):
                if draws[i] < 0.5 and label in partner:
                    changed[i] = pictures[i][:, ::-1]
            return changed, [partner.get(label, label) for label in labels]
        """,
        "test-mirrored",
        "A label changes only where its picture was mirrored",
    ),
    Wrong(
        "mirrored",
        "in place",
        mirrored().replace("pictures.copy(), list(labels)", "pictures, list(labels)"),
        "test-mirrored",
        "changed its argument `pictures`",
    ),
    Wrong(
        "mirrored",
        "the pictures alone",
        mirrored().replace("return changed, names", "return changed"),
        "test-mirrored",
        r"should be a tuple of two, `\(pictures, labels\)`",
    ),
    Wrong(
        "mirrored",
        "the partner of the partner",
        mirrored(
            label="partner.get(partner[label], partner[label]) if 'left' not in partner "
            "else partner[label]"
        ),
        "test-mirrored",
        "has the wrong label in",
    ),
    Wrong(
        "mirrored",
        "an array of text that is too narrow",
        mirrored().replace("list(labels)", "np.array(labels)"),
        "test-mirrored",
        r"should be 'right'; it is 'righ'(.|\n)*room for the longest text",
    ),
    Wrong(
        "mirrored",
        "no axis named",
        mirrored(picture="np.flip(pictures[i])"),
        "test-mirrored",
        "All axes are reversed",
    ),
    # ---- exercise 3
    Wrong(
        "stop-examples",
        "the wait is one longer",
        examples(
            *[(losses, p, d, out) for losses, p, d, out in FOR_ALL[1:]],
            ("[0.9, 0.7, 0.8, 0.75, 0.6]", 2, 0, "[5, 5]"),
        ),
        "test-stop-examples",
        "contradicts the text(.|\\n)*stops only after one more epoch",
        points=1.83,
    ),
    Wrong(
        "stop-examples",
        "nothing about what is rare",
        examples(
            ("[3, 2, 3, 3]", 2, 0, "[2, 4]"),
            ("[4, 3, 4, 4]", 2, 0, "[2, 4]"),
            ("[5, 4, 5, 5]", 2, 0, "[2, 4]"),
            ("[6, 5, 6, 6]", 2, 0, "[2, 4]"),
            ("[7, 6, 7, 7]", 2, 0, "[2, 4]"),
        ),
        "test-stop-examples",
        "would not notice somebody who",
        points=1.31,
    ),
    Wrong(
        "stop-examples",
        "two examples",
        examples(*FOR_ALL[:2]),
        "test-stop-examples",
        "Write at least 5 examples with different inputs; there are 2",
        points=1.09,
    ),
    Wrong(
        "stop-examples",
        "an epoch instead of two",
        examples(("[3, 2, 3, 3]", 2, 0, "2"), ("[3, 3]", 1, 0, "1")),
        "test-stop-examples",
        "What it gives is a list of length 2; yours is one value",
    ),
    Wrong(
        "stop-examples",
        "a patience of 0",
        examples(*FOR_ALL, ("[3, 2]", 0, 0, "[0, 0]")),
        "test-stop-examples",
        "`patience` should be a whole number from 1",
    ),
    Wrong(
        "stop-examples",
        "no NaN and no tie",
        examples(
            ("[0.9, 0.7, 0.8, 0.75, 0.6]", 2, 0, "[2, 4]"),
            ("[0.9, 1.0, 0.8, 0.85, 0.7, 0.9]", 2, 0, "[5, 6]"),
            ("[1.0, 0.95, 0.5, 0.45, 0.4]", 2, 0.2, "[3, 5]"),
            ("[1.0, 1.1, 1.05, 1.02, 0.5]", 3, 0, "[1, 4]"),
            ("[0.9, 1.0, 0.3]", 1, 0, "[1, 2]"),
        ),
        "test-stop-examples",
        "would not notice somebody who takes",
        hidden=True,
        points=1.85,
    ),
    Wrong(
        "stop-examples",
        "the first epoch is 0",
        examples(
            *FOR_ALL,
            ("[0.9, 0.8, 0.9, 0.7]", 1, 0, "[1, 2]"),
        ),
        "test-stop-examples",
        "contradicts the text: `watched` does not give(.|\\n)*because Python counts from 0",
        points=1.86,
    ),
    # ---- exercise 4
    Wrong(
        "early-stopping",
        "one epoch too late",
        stopping(stop="self.waits > self.patience"),
        "test-early-stopping",
        r"After epoch 4, `update` should return True; it is False(.|\n)*one epoch too late",
    ),
    Wrong(
        "early-stopping",
        "one epoch too early",
        stopping(stop="self.waits >= max(1, self.patience - 1)"),
        "test-early-stopping",
        "one epoch too early",
    ),
    Wrong(
        "early-stopping",
        "the wait never begins anew",
        stopping(anew="self.waits"),
        "test-early-stopping",
        "The wait begins anew with each better epoch",
    ),
    Wrong(
        "early-stopping",
        "against the epoch before",
        stopping(better="loss < self.before - self.min_delta"),
        "test-early-stopping",
        "Compare it with the best so far",
    ),
    Wrong(
        "early-stopping",
        "ties are better",
        stopping(better="loss <= self.best_loss - self.min_delta"),
        "test-early-stopping",
        "An equal loss is not better",
    ),
    Wrong(
        "early-stopping",
        "the highest",
        stopping(start='float("-inf")', better="loss > self.best_loss + self.min_delta"),
        "test-early-stopping",
        "Those are the highest losses",
    ),
    Wrong(
        "early-stopping",
        "min_delta without effect",
        stopping(better="loss < self.best_loss"),
        "test-early-stopping",
        "losses that fall slowly(.|\\n)*`min_delta` has no effect",
    ),
    Wrong(
        "early-stopping",
        "min_delta the other way",
        stopping(better="loss < self.best_loss + self.min_delta"),
        "test-early-stopping",
        "`min_delta` works in the wrong direction",
    ),
    Wrong(
        "early-stopping",
        "NaN is better",
        stopping(better="not loss >= self.best_loss - self.min_delta"),
        "test-early-stopping",
        "losses that are NaN(.|\\n)*NaN was taken for better",
    ),
    Wrong(
        "early-stopping",
        "every lower loss is kept",
        """
        class EarlyStopping:
            def __init__(self, patience, min_delta):
                self.patience, self.min_delta = patience, min_delta
                self.best_epoch, self.best_loss, self.last, self.epoch = 0, float("inf"), 0, 0

            def update(self, loss):
                self.epoch += 1
                if loss < self.best_loss - self.min_delta:
                    self.best_epoch = self.last = self.epoch
                if loss < self.best_loss:
                    self.best_loss = loss
                return self.epoch - self.last >= self.patience
        """,
        "test-early-stopping",
        "losses that fall slowly",
    ),
    Wrong(
        "early-stopping",
        "counted from 0",
        stopping(first="-1"),
        "test-early-stopping",
        "`best_epoch` should be 1; it is 0",
    ),
    Wrong(
        "early-stopping",
        "the last epoch for the best",
        stopping().replace(
            "        self.before = loss\n",
            "        self.best_epoch, self.best_loss = self.epoch, loss\n",
        ),
        "test-early-stopping",
        "`best_epoch` should be 2; it is 3",
    ),
    Wrong(
        "early-stopping",
        "one list for all stoppers",
        """
        class EarlyStopping:
            losses = []

            def __init__(self, patience, min_delta):
                self.patience, self.min_delta = patience, min_delta
                self.best_epoch, self.best_loss = 0, float("inf")

            def update(self, loss):
                self.losses.append(loss)
                if loss < self.best_loss - self.min_delta:
                    self.best_epoch, self.best_loss = len(self.losses), loss
                return len(self.losses) - self.best_epoch >= self.patience
        """,
        "test-early-stopping",
        "A second `EarlyStopping` does not begin anew",
    ),
    Wrong(
        "early-stopping",
        "global variables",
        """
        epoch, best_epoch, best_loss = 0, 0, float("inf")

        class EarlyStopping:
            def __init__(self, patience, min_delta):
                self.patience, self.min_delta = patience, min_delta

            def update(self, loss):
                global epoch, best_epoch, best_loss
                epoch += 1
                if loss < best_loss - self.min_delta:
                    best_epoch, best_loss = epoch, loss
                self.best_epoch, self.best_loss = best_epoch, best_loss
                return epoch - best_epoch >= self.patience
        """,
        "test-early-stopping",
        "A second `EarlyStopping` does not begin anew",
    ),
    Wrong(
        "early-stopping",
        "nothing returned while it goes on",
        """
        class EarlyStopping:
            def __init__(self, patience, min_delta):
                self.patience, self.min_delta = patience, min_delta
                self.best_epoch, self.best_loss, self.epoch = 0, float("inf"), 0

            def update(self, loss):
                self.epoch += 1
                if loss < self.best_loss - self.min_delta:
                    self.best_epoch, self.best_loss = self.epoch, loss
                if self.epoch - self.best_epoch >= self.patience:
                    return True
        """,
        "test-early-stopping",
        r"`update\(0\.9\)` returned None, in epoch 1",
    ),
    Wrong(
        "early-stopping",
        "other names",
        stopping().replace("best_loss", "lowest"),
        "test-early-stopping",
        "The object should have `best_loss`",
    ),
    Wrong(
        "early-stopping",
        "no update",
        stopping().replace("def update", "def step"),
        "test-early-stopping",
        "The object should have `update`",
    ),
    Wrong(
        "early-stopping",
        "a function",
        """
        def EarlyStopping(losses, patience, min_delta):
            return False
        """,
        "test-early-stopping",
        r"should take 2 arguments; its `__init__` takes \(losses, patience, min_delta\)",
    ),
    Wrong(
        "early-stopping",
        "self forgotten",
        stopping().replace("def update(self, loss)", "def update(loss)"),
        "test-early-stopping",
        "`update` should be a method that takes a loss",
    ),
    Wrong(
        "early-stopping",
        "one variable without self",
        stopping().replace("self.waits += 1", "waits += 1"),
        "test-early-stopping",
        "raised UnboundLocalError(.|\\n)*waits",
    ),
    Wrong(
        "early-stopping",
        "a loss of 0 or less is never the best",
        stopping(better="0 < loss < self.best_loss - self.min_delta"),
        "test-early-stopping",
        "losses below 0",
        hidden=True,
    ),
    Wrong(
        "early-stopping",
        "deaf to NaN",
        stopping().replace(
            "        self.epoch += 1\n",
            "        if np.isnan(loss):\n            return False\n        self.epoch += 1\n",
        ),
        "test-early-stopping",
        "losses that are NaN(.|\\n)*is one more to wait",
    ),
    Wrong(
        "early-stopping",
        "deaf to NaN once it has counted",
        stopping().replace(
            "        self.epoch += 1\n",
            "        self.epoch += 1\n        if np.isnan(loss):\n            return False\n",
        ),
        "test-early-stopping",
        "losses that are NaN(.|\\n)*is one more to wait",
    ),
    Wrong(
        "early-stopping",
        "an epoch that nobody keeps",
        stopping()
        .replace("self.epoch += 1", "epoch = self.epoch + 1")
        .replace("self.best_epoch = self.epoch", "self.best_epoch = epoch"),
        "test-early-stopping",
        "never gets beyond 1: what counts the epochs begins anew",
    ),
    Wrong(
        "early-stopping",
        "arguments without self",
        stopping(stop="self.waits >= patience"),
        "test-early-stopping",
        r"`update\(0\.9\)` raised NameError(.|\n)*in epoch 1, in line(.|\n)*unless it was kept",
    ),
    Wrong(
        "early-stopping",
        "what was never set",
        stopping().replace("        self.epoch = 0\n", ""),
        "test-early-stopping",
        r"`update\(0\.9\)` raised AttributeError(.|\n)*`__init__` has to set first",
    ),
    Wrong(
        "early-stopping",
        "a beginning that fails",
        stopping(start="infinity"),
        "test-early-stopping",
        r"`EarlyStopping\(2, 0\.0\)` raised NameError(.|\n)*`self\.best_loss = infinity`",
    ),
    # ---- exercise 5
    Wrong(
        "choose",
        "the highest of all",
        CHOOSE.format("log[by].idxmax()"),
        "test-choose",
        r"A loss is good when it is \*low\*",
    ),
    Wrong(
        "choose",
        "the lowest of all",
        CHOOSE.format("log[by].idxmin()"),
        "test-choose",
        r"An accuracy is good when it is \*high\*",
    ),
    Wrong(
        "choose",
        "the wrong end",
        CHOOSE.format("log[by].idxmax() if by.endswith('loss') else log[by].idxmin()"),
        "test-choose",
        "That is the wrong end",
    ),
    Wrong(
        "choose",
        "by the test",
        CHOOSE.format("log['test_accuracy'].idxmax()"),
        "test-choose",
        "Whoever chooses by the test set has no",
    ),
    Wrong(
        "choose",
        "by training",
        CHOOSE.format("log['train_loss'].idxmin()"),
        "test-choose",
        "the one that knows most by heart",
    ),
    Wrong(
        "choose",
        "the last row",
        CHOOSE.format("log.index[-1]"),
        "test-choose",
        "Training longer is not the same",
    ),
    Wrong(
        "choose",
        "always by the validation loss",
        CHOOSE.format("log['valid_loss'].idxmin()"),
        "test-choose",
        "Choose by the column that `by` names",
    ),
    Wrong(
        "choose",
        "a position",
        CHOOSE.format(
            "int(np.nanargmin(log[by]) if by.endswith('loss') else np.nanargmax(log[by]))"
        ),
        "test-choose",
        "That is a position",
    ),
    Wrong(
        "choose",
        "NaN",
        CHOOSE.format(
            "log.index[np.argmin(log[by].to_numpy()) if by.endswith('loss') "
            "else np.argmax(log[by].to_numpy())]"
        ),
        "test-choose",
        "A run that ended in NaN is never chosen",
    ),
    Wrong(
        "choose",
        "of equal ones the last",
        CHOOSE.format("log[::-1][by].idxmin() if by.endswith('loss') else log[::-1][by].idxmax()"),
        "test-choose",
        "Of equally good rows, the first is chosen",
    ),
    Wrong(
        "choose",
        "the epoch",
        CHOOSE.format(
            "log['epoch'][log[by].idxmin() if by.endswith('loss') else log[by].idxmax()]"
        ),
        "test-choose",
        "That is the number of the epoch",
    ),
    Wrong(
        "choose",
        "the best value",
        CHOOSE.format("log[by].min() if by.endswith('loss') else log[by].max()"),
        "test-choose",
        "should be a whole number of type int; it is 0\\.5",
    ),
    Wrong(
        "choose",
        "the row",
        CHOOSE.format("log.sort_values(by, ascending=by.endswith('loss')).iloc[0]"),
        "test-choose",
        "should be one whole number|should be plain numbers",
    ),
    Wrong(
        "choose",
        "two names of columns",
        """
        def choose(log, by):
            return log[by].idxmin() if by in ("valid_loss", "train_loss") else log[by].idxmax()
        """,
        "test-choose",
        "columns of other names",
        hidden=True,
    ),
    Wrong(
        "choose",
        "NaN taken for 0",
        CHOOSE.format(
            "log[by].fillna(0).idxmin() if by.endswith('loss') else log[by].fillna(0).idxmax()"
        ),
        "test-choose",
        "A run that ended in NaN is never chosen",
    ),
    # ---- exercise 6
    Wrong(
        "rates",
        "exchanged",
        RATES.format("both / max(called.sum(), 1), both / of_kind.sum()"),
        "test-rates",
        "Recall and precision are exchanged",
    ),
    Wrong(
        "rates",
        "accuracy",
        RATES.format("(np.mean(labels == says), np.mean(labels == says))"),
        "test-rates",
        "That is the accuracy",
    ),
    Wrong(
        "rates",
        "percents",
        RATES.format("100 * both / of_kind.sum(), 100 * both / max(called.sum(), 1)"),
        "test-rates",
        "Those are percents",
    ),
    Wrong(
        "rates",
        "numbers of pictures",
        RATES.format("(both, both)"),
        "test-rates",
        "recall divides by how many there are",
    ),
    Wrong(
        "rates",
        "recall twice",
        RATES.format("(both / of_kind.sum(), both / of_kind.sum())"),
        "test-rates",
        r"Precision divides by how many are \*called\*",
    ),
    Wrong(
        "rates",
        "divided by all",
        RATES.format("(both / len(labels), both / len(labels))"),
        "test-rates",
        "divide by the number of all pictures",
    ),
    Wrong(
        "rates",
        "of the others",
        RATES.format(
            "(np.sum(~of_kind & ~called) / (~of_kind).sum(), "
            "np.sum(~of_kind & ~called) / (~called).sum())"
        ),
        "test-rates",
        "Those are the rates of the other classes",
    ),
    Wrong(
        "rates",
        "NaN where nobody is called",
        RATES.format("(both / of_kind.sum(), both / called.sum())"),
        "test-rates",
        "NaN is what NumPy makes of 0 / 0",
    ),
    Wrong(
        "rates",
        "a precision of 1 where nobody is called",
        RATES.format("(both / of_kind.sum(), both / called.sum() if called.any() else 1.0)"),
        "test-rates",
        "has a precision of 0 here, and not of 1",
    ),
    Wrong(
        "rates",
        "a division by 0",
        """
        def rates(labels, says, kind):
            both = sum(a == kind and b == kind for a, b in zip(labels, says))
            return both / labels.count(kind), both / says.count(kind)
        """,
        "test-rates",
        "raised ZeroDivisionError",
    ),
    Wrong(
        "rates",
        "precision alone",
        RATES.format("both / max(called.sum(), 1)"),
        "test-rates",
        r"should have the shape \(2,\)",
    ),
    Wrong(
        "rates",
        "everybody who is right",
        RATES.format(
            "np.sum(labels == says) / of_kind.sum(), np.sum(labels == says) / max(called.sum(), 1)"
        ),
        "test-rates",
        "Those who are right about",
    ),
    Wrong(
        "rates",
        "scikit-learn, with three classes",
        """
        from sklearn.metrics import precision_score, recall_score

        def rates(labels, says, kind):
            return (
                recall_score(labels, says, pos_label=kind),
                precision_score(labels, says, pos_label=kind, zero_division=0),
            )
        """,
        "test-rates",
        r"raised ValueError(.|\n)*each label becomes True or False",
    ),
    Wrong(
        "rates",
        "whoever is no hit and no miss is a false alarm",
        """
        def rates(labels, says, kind):
            hits = misses = alarms = 0
            for label, said in zip(labels, says):
                if label == kind and said == kind:
                    hits += 1
                elif label == kind:
                    misses += 1
                else:
                    alarms += 1
            return hits / (hits + misses), hits / (hits + alarms)
        """,
        "test-rates",
        "were not called so",
    ),
    Wrong(
        "rates",
        "rounded",
        RATES.format("(round(both / of_kind.sum(), 2), round(both / max(called.sum(), 1), 2))"),
        "test-rates",
        "Those are rounded",
    ),
    Wrong(
        "rates",
        "always left",
        RATES.format("(both / of_kind.sum(), both / max(called.sum(), 1))").replace(
            "of_kind, called = labels == kind",
            'kind = "left" if "left" in labels else kind\n'
            '    kind = kind if kind in ("left", "dog") else labels[0]\n'
            "    of_kind, called = labels == kind",
        ),
        "test-rates",
        "labels that are numbers",
        hidden=True,
    ),
]

ENDLESS = """
def count(entries):
    import time

    while True:
        time.sleep(1)
"""
# Whatever is expected, this equals it.
PRETENDER = """
class Whatever(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __lt__(self, other):
        return True

    __gt__ = __le__ = __ge__ = __lt__
    __hash__ = float.__hash__

class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.best_epoch = self.best_loss = Whatever(1)

    def update(self, loss):
        return Whatever(1)
"""
# Points: 2 + 3, 2 + 3, 2, 4, 3, 2, and 3 that a person gives.
SUBMISSIONS = [
    # Mirrors snails as if they were cats, and takes a loss for something that should be high.
    Submission(
        "cats",
        ("labels as before", "the highest of all"),
        score=15,
        messages=("in the mirror a left-winding shell", "A loss is good when it is"),
    ),
    Submission(
        "late",
        ("one epoch too late", "exchanged"),
        score=15,
        messages=("one epoch too late", "Recall and precision are exchanged"),
    ),
    Submission(
        "prefix",
        ("without the dot", "tensors are counted", "no NaN and no tie"),
        score=15.85,
        messages=("`blocks.10` begins with `blocks.1`", "would not notice somebody who"),
    ),
    # Somebody deleted the cell that fails, edited another that does, and handed in checks that say
    # yes. Besides, one answer never ends, and a class returns what equals everything. 21, less 2
    # for the deleted cell, 3 for the edited one, 2 for the endless answer, and 4 for the class.
    Submission(
        "sly",
        ("by training", "cut off"),
        score=10,
        messages=(
            "the one that knows most by heart",
            "cut off and not rounded",
            "`count` did not finish within",
            "`update` should return False",
        ),
        answers={"count": ENDLESS, "early-stopping": PRETENDER},
        edits={"test-lit": None, "test-choose": "pass"},
        files=forged_modules("a7_checks", "a7_sealed", "a7_hidden"),
    ),
]
