"""Answers to assignment 5 that must pass, and answers that must fail with the message they need."""

from harness import Equivalent, Right, Submission, Wrong, forged_modules

ARRAYS = ["array", "array in Fortran's order", "view of an array", "float64", "float32"]
WHOLE = ["list", "tuple", "array", "int64", "int32", "int8", "series", "series with another index"]
RESULTS = {
    "features_in_batches": ARRAYS,
    "cache_key": ["as it is"],
    "keep": ["as it is"],
    "find": ["as it is"],
    "most_alike": WHOLE,
    "picture_numbers": WHOLE,
    "chances_of_new": ARRAYS,
}

MODEL = "model = make_pipeline(StandardScaler(), LogisticRegression({}))"
EQUIVALENT = [
    Equivalent(
        "cache_key",
        "In which order the three stand in what is digested does not matter, only that they do.",
        tuple(
            f"everything = repr((network_name, names, contents)) → everything = repr(({order}))"
            for order in ("names, network_name, contents", "network_name, contents, names")
        ),
    ),
    Equivalent(
        "most_alike",
        "Of the two metrics that there are, only the cosine is not behind it in the alphabet.",
        ("if metric == 'cosine': → if metric <= 'cosine':",),
    ),
    Equivalent(
        "most_alike",
        "NumPy goes by the first letter of the name of a kind of sorting.",
        ("order = np.argsort(unlike, kind='stable') → order = np.argsort(unlike, kind='stable_')",),
    ),
    Equivalent(
        "chances_of_new",
        "What is left over by a division is never below zero.",
        ("is_new = numbers % every == 0 → is_new = numbers % every <= 0",),
    ),
    Equivalent(
        "chances_of_new",
        "On tables this small, fitting ends long before its one hundredth step.",
        tuple(
            f"{MODEL.format('max_iter=2000')} → {MODEL.format(steps)}"
            for steps in ("max_iter=2001", "max_iter=1999", "")
        ),
    ),
]

RIGHT = [
    # ---- exercise 1
    Right(
        "features-in-batches",
        "a table that is filled, without gradients",
        """
        def features_in_batches(names, pictures, network_name, batch_size):
            network, prepare = load_network(network_name)
            size = network.classifier.in_features
            network.classifier = torch.nn.Sequential()
            network.train(False)
            table = np.zeros((len(names), size))
            start = 0
            while start < len(names):
                stop = min(start + batch_size, len(names))
                with torch.no_grad():
                    batch = torch.stack([prepare(pictures[n]) for n in names[start:stop]])
                    table[start:stop] = network(batch).numpy()
                start = stop
            return table
        """,
    ),
    Right(
        "features-in-batches",
        "a hook on the last layer",
        """
        def features_in_batches(names, pictures, network_name, batch_size):
            network, prepare = load_network(network_name)
            network = network.eval().requires_grad_(False)
            caught = []
            network.classifier.register_forward_pre_hook(
                lambda layer, inputs: caught.append(inputs[0].detach().numpy())
            )
            for start in range(0, len(names), batch_size):
                network(torch.stack([prepare(pictures[n]) for n in names[start:][:batch_size]]))
            return np.vstack(caught)
        """,
    ),
    Right(
        "features-in-batches",
        "PyTorch's own loader, each picture computed once",
        """
        from torch.utils.data import DataLoader

        def features_in_batches(names, pictures, network_name, batch_size):
            different = sorted(set(names))
            network, prepare = load_network(network_name)
            network.classifier = torch.nn.Identity()
            network.eval()
            tensors = [prepare(pictures[name]) for name in different]
            with torch.no_grad():
                rows = [network(batch) for batch in DataLoader(tensors, batch_size)]
            of_name = dict(zip(different, torch.cat(rows).numpy(), strict=True))
            return np.array([of_name[name] for name in names])
        """,
    ),
    Right(
        "features-in-batches",
        "recursion",
        """
        def features_in_batches(names, pictures, network_name, batch_size):
            first, others = names[:batch_size], names[batch_size:]
            network, prepare = load_network(network_name)
            network.classifier = torch.nn.Identity()
            network.eval()
            with torch.inference_mode():
                rows = network(torch.stack([prepare(pictures[n]) for n in first])).numpy()
            if not others:
                return rows
            more = features_in_batches(others, pictures, network_name, batch_size)
            return np.concatenate([rows, more])
        """,
    ),
    Right(
        "features-in-batches",
        "a list that gets shorter, and a hook that is taken away",
        """
        def features_in_batches(names, pictures, network_name, batch_size):
            network, prepare = load_network(network_name)
            network.eval()
            caught = []
            hook = network.classifier.register_forward_pre_hook(
                lambda layer, inputs: caught.append(inputs[0].numpy())
            )
            waiting = list(names)
            with torch.inference_mode():
                while waiting:
                    now, waiting = waiting[:batch_size], waiting[batch_size:]
                    network(torch.stack([prepare(pictures[name]) for name in now]))
            hook.remove()
            return np.concatenate(caught)
        """,
    ),
    # ---- exercise 2
    Right(
        "cache-key",
        "fed file by file, and in capital letters",
        """
        def cache_key(network_name, names, contents):
            found = hashlib.sha3_256()
            pieces = [network_name.encode()]
            for name, content in zip(names, contents):
                pieces += [name.encode(), content]
            for piece in pieces:
                found.update(f"{len(piece)}:".encode())
                found.update(piece)
            return found.hexdigest().upper()
        """,
    ),
    Right(
        "cache-key",
        "a key of keys",
        """
        def digest(data):
            return hashlib.sha256(data).hexdigest()

        def cache_key(network_name, names, contents):
            pieces = [digest(network_name.encode())]
            for name, content in zip(names, contents):
                pieces.append(digest(name.encode()))
                pieces.append(digest(content))
            return digest("".join(pieces).encode())
        """,
    ),
    Right(
        "cache-key",
        "fed piece by piece, with lengths between",
        """
        def cache_key(network_name, names, contents):
            found = hashlib.sha256()
            for piece in [network_name.encode(), *(n.encode() for n in names), *contents]:
                found.update(len(piece).to_bytes(8, "big"))
                found.update(piece)
            return found.hexdigest()
        """,
    ),
    Right(
        "cache-key",
        "JSON, and another function of hashlib",
        """
        import json

        def cache_key(network_name, names, contents):
            digests = [hashlib.blake2b(content).hexdigest() for content in contents]
            text = json.dumps({"network": network_name, "files": list(zip(names, digests))})
            return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
        """,
    ),
    Right(
        "keep-and-find",
        "os.replace, and an error that is caught",
        """
        import os

        def keep(folder, key, rows, power=None):
            write_rows(folder, "unfinished", rows, power=power)
            os.replace(os.path.join(folder, "unfinished"), os.path.join(folder, key + ".rows"))

        def find(folder, key):
            try:
                return read_rows(folder, key + ".rows")
            except FileNotFoundError:
                return None
        """,
    ),
    Right(
        "keep-and-find",
        "an ending for what is whole",
        """
        def keep(folder, key, rows, power=None):
            whole = Path(folder) / f"{key}.whole"
            part = whole.with_suffix(".part")
            write_rows(folder, part.name, rows, power)
            part.rename(whole)

        def find(folder, key):
            whole = Path(folder) / f"{key}.whole"
            return read_rows(folder, whole.name) if whole.is_file() else None
        """,
    ),
    Right(
        "keep-and-find",
        "a folder of unfinished tables inside, and a look at all names",
        """
        def keep(folder, key, rows, power=None):
            unfinished = Path(folder, "unfinished")
            unfinished.mkdir(parents=True, exist_ok=True)
            write_rows(folder, f"unfinished/{key}", rows, power)
            (unfinished / key).replace(Path(folder) / key)

        def find(folder, key):
            there = [path.name for path in Path(folder).glob("*")]
            if key in there:
                return np.array(read_rows(folder, key))
        """,
    ),
    Right(
        "keep-and-find",
        "moved by shutil, and a look into the list of files",
        """
        import os
        import shutil

        def keep(folder, key, rows, power=None):
            write_rows(folder, f"{key}.part", rows, power)
            shutil.move(f"{folder}/{key}.part", f"{folder}/{key}")

        def find(folder, key):
            if os.path.isdir(folder) and key in os.listdir(folder):
                return read_rows(folder, key)
            return None
        """,
    ),
    # ---- exercise 3
    Right(
        "alike-examples",
        "six arrows, asked again and again",
        """
        arrows = [[4, 0], [1, 0], [3, 3], [-4, 0], [0, 2], [1, 0]]
        alike_examples = [
            ({"features": arrows, "row": row, "k": len(found), "metric": metric}, found)
            for row, metric, found in [
                (1, "cosine", [0, 5]),
                (1, "euclidean", [5, 4, 0]),
                (5, "cosine", [0, 1, 2, 4, 3]),
                (2, "euclidean", [0, 4]),
                (2, "cosine", [0, 1, 4, 5]),
                (3, "cosine", [4]),
            ]
        ]
        """,
    ),
    Right(
        "alike-examples",
        "arrays, floats and tuples",
        """
        board = np.array([[4.0, 0.0], [1.0, 0.0], [3.0, 2.0], [-4.0, 0.5], [0.0, 1.0], [4.0, 0.0]])
        alike_examples = (
            ({"features": board, "row": 0, "k": 5, "metric": "cosine"}, (1, 5, 2, 4, 3)),
            ({"features": board, "row": 0, "k": 3, "metric": "euclidean"}, np.array([5, 2, 1])),
            ({"k": 2, "row": 5, "metric": "cosine", "features": board}, [0, 1]),
            ({"features": board, "row": 2, "k": 2, "metric": "cosine"}, [0, 1]),
            ({"features": board[1:3], "row": 1, "k": 1, "metric": "euclidean"}, [0]),
            ({"features": [(1, 1), (9, 8), (1, 0)], "row": 2, "k": 1, "metric": "cosine"}, [1]),
        )
        """,
    ),
    Right(
        "alike-examples",
        "rows of one number, and rows of three",
        """
        line = [[5], [1], [7], [-5], [3], [5]]
        space = [[1, 0, 0], [0, 9, 0], [8, 1, 0], [1, 0, 3], [2, 0, 0]]
        alike_examples = [
            ({"features": line, "row": 5, "k": 5, "metric": "euclidean"}, [0, 2, 4, 1, 3]),
            ({"features": line, "row": 3, "k": 3, "metric": "euclidean"}, [1, 4, 0]),
            ({"features": line, "row": 5, "k": 5, "metric": "cosine"}, [0, 1, 2, 4, 3]),
            ({"features": space, "row": 0, "k": 4, "metric": "cosine"}, [4, 2, 3, 1]),
            ({"features": space, "row": 0, "k": 2, "metric": "euclidean"}, [4, 3]),
            ({"features": space, "row": 3, "k": 3, "metric": "cosine"}, [0, 4, 2]),
        ]
        """,
    ),
    # ---- exercise 4
    Right(
        "most-alike",
        "row by row, sorted as pairs",
        """
        def most_alike(features, row, k, metric):
            asked = features[row]
            found = []
            for number, other in enumerate(features):
                if number == row:
                    continue
                if metric == "cosine":
                    product = sum(a * b for a, b in zip(asked, other))
                    length = np.sqrt(sum(a * a for a in asked)) * np.sqrt(sum(b * b for b in other))
                    found.append((-product / length, number))
                else:
                    found.append((sum((a - b) ** 2 for a, b in zip(asked, other)), number))
            return [number for _, number in sorted(found)[:k]]
        """,
    ),
    Right(
        "most-alike",
        "scikit-learn's distances, the row itself infinitely far",
        """
        from sklearn.metrics import pairwise_distances

        def most_alike(features, row, k, metric):
            distances = pairwise_distances(features[[row]], features, metric=metric)[0].round(12)
            distances[row] = np.inf
            return np.argsort(distances, kind="stable")[:k]
        """,
    ),
    Right(
        "most-alike",
        "pandas",
        """
        def most_alike(features, row, k, metric):
            table = pd.DataFrame(features)
            if metric == "cosine":
                table = table.div(np.sqrt((table**2).sum(axis=1)), axis=0)
                alike = table.mul(table.loc[row], axis=1).sum(axis=1)
            else:
                alike = -((table - table.loc[row]) ** 2).sum(axis=1)
            return alike.drop(row).sort_values(ascending=False, kind="stable").index[:k].tolist()
        """,
    ),
    Right(
        "most-alike",
        "one after the other, the smallest that is left",
        """
        def most_alike(features, row, k, metric):
            def unlike(other):
                one, two = features[row], features[other]
                if metric == "euclidean":
                    return np.linalg.norm(one - two)
                return 1 - np.dot(one, two) / (np.linalg.norm(one) * np.linalg.norm(two))

            left = [other for other in range(len(features)) if other != row]
            found = []
            for _ in range(k):
                found.append(min(left, key=unlike))
                left.remove(found[-1])
            return np.array(found)
        """,
    ),
    Right(
        "most-alike",
        "PyTorch, the most alike first",
        """
        def most_alike(features, row, k, metric):
            table = torch.tensor(features)
            if metric == "cosine":
                alike = torch.nn.functional.cosine_similarity(table, table[row], dim=1)
            else:
                alike = -torch.linalg.norm(table - table[row], dim=1)
            order = torch.argsort(alike, descending=True, stable=True).tolist()
            order.remove(row)
            return order[:k]
        """,
    ),
    # ---- exercise 5
    Right(
        "picture-numbers",
        "a list of what has been seen",
        """
        def picture_numbers(contents):
            seen, numbers = [], []
            for content in contents:
                if content not in seen:
                    seen.append(content)
                numbers.append(seen.index(content))
            return numbers
        """,
    ),
    Right(
        "picture-numbers",
        "pandas, by digests",
        """
        def picture_numbers(contents):
            digests = [hashlib.sha256(content).hexdigest() for content in contents]
            return pd.factorize(np.array(digests, dtype=object))[0]
        """,
    ),
    Right(
        "picture-numbers",
        "NumPy, by the first place of each",
        """
        def picture_numbers(contents):
            digests = np.array([hashlib.md5(content).hexdigest() for content in contents])
            _, first, which = np.unique(digests, return_index=True, return_inverse=True)
            return np.argsort(np.argsort(first))[which]
        """,
    ),
    Right(
        "chances-of-new",
        "a loop that deals the files out, and scaling by hand",
        """
        def chances_of_new(features, labels, numbers, every):
            train, new = [], []
            for place, number in enumerate(numbers):
                (train if number % every else new).append(place)
            mean, deviation = features[train].mean(axis=0), features[train].std(axis=0)
            deviation[deviation == 0] = 1
            model = LogisticRegression(max_iter=2000)
            model.fit((features[train] - mean) / deviation, labels[train])
            return model.predict_proba((features[new] - mean) / deviation)
        """,
    ),
    Right(
        "chances-of-new",
        "a scaler and a classifier, one after the other",
        """
        def chances_of_new(features, labels, numbers, every):
            new = np.isin(numbers, np.arange(0, numbers.max() + 1, every))
            scaler = StandardScaler().fit(features[~new])
            model = LogisticRegression(max_iter=5000)
            model.fit(scaler.transform(features[~new]), labels[~new])
            return model.predict_proba(scaler.transform(features[new]))
        """,
    ),
    Right(
        "chances-of-new",
        "pandas",
        """
        def chances_of_new(features, labels, numbers, every):
            table = pd.DataFrame(features).assign(label=labels)
            parts = dict(list(table.groupby(np.asarray(numbers) % every == 0)))
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
            model.fit(parts[False].drop(columns="label").to_numpy(), parts[False].label)
            return np.array(model.predict_proba(parts[True].drop(columns="label").to_numpy()))
        """,
    ),
]

FEATURES = """
def features_in_batches(names, pictures, network_name, batch_size):
    network, prepare = load_network(network_name)
    {cut}
    {mode}
    {names}
    rows = []
    with {without}:
        for start in {starts}:
            batch = [{picture} for name in names[start : start + batch_size]]
            rows.append(network(torch.stack(batch)))
    {gives}
"""


def features(
    cut="network.classifier = torch.nn.Identity()",
    mode="network.eval()",
    names="",
    without="torch.inference_mode()",
    starts="range(0, len(names), batch_size)",
    picture="prepare(pictures[name])",
    gives="return torch.cat(rows).numpy()",
):
    return FEATURES.format(
        cut=cut,
        mode=mode,
        names=names,
        without=without,
        starts=starts,
        picture=picture,
        gives=gives,
    )


KEEP = """
def keep(folder, key, rows, power=None):
    {keeps}

def find(folder, key):
    {finds}
"""
FINDS = "return read_rows(folder, key) if Path(folder, key).exists() else None"
KEEPS = """write_rows(folder, "part", rows, power)
    Path(folder, "part").replace(Path(folder, key))"""


def kept(keeps=KEEPS, finds=FINDS):
    return KEEP.format(keeps=keeps, finds=finds)


ALIKE = """
def most_alike(features, row, k, metric):
    if metric == "cosine":
        unlike = {cosine}
    else:
        unlike = {euclidean}
    order = np.argsort(unlike, kind="stable")
    {gives}
"""
LENGTHS = "np.linalg.norm(features, axis=1)"
COSINE = f"-(features @ features[row]) / ({LENGTHS} * {LENGTHS}[row])"
DISTANCE = "np.linalg.norm(features - features[row], axis=1)"


def alike(cosine=COSINE, euclidean=DISTANCE, gives="return order[order != row][:k]"):
    return ALIKE.format(cosine=cosine, euclidean=euclidean, gives=gives)


CHANCES = """
def chances_of_new(features, labels, numbers, every):
    is_new = {new}
    train, new = {scaled}
    model = {model}
    model.fit({fitted})
    return {gives}
"""


def chances(
    new="numbers % every == 0",
    scaled="features[~is_new], features[is_new]",
    model="make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))",
    fitted="train, labels[~is_new]",
    gives="model.predict_proba(new)",
):
    return CHANCES.format(new=new, scaled=scaled, model=model, fitted=fitted, gives=gives)


PLAIN = "LogisticRegression(max_iter=2000)"
E1, E2A, E2B, E3 = (
    "test-features-in-batches",
    "test-cache-key",
    "test-keep-and-find",
    "test-alike-examples",
)
E4, E5A, E5B = "test-most-alike", "test-picture-numbers", "test-chances-of-new"

WRONG = [
    # ---- exercise 1
    Wrong(
        "features-in-batches",
        "training mode",
        features(mode=""),
        E1,
        "The network is in training mode",
    ),
    Wrong(
        "features-in-batches",
        "scores of the last layer",
        features(cut=""),
        E1,
        "Features are what goes into it",
    ),
    Wrong(
        "features-in-batches",
        "training mode, and scores",
        features(cut="", mode=""),
        E1,
        "training mode(.|\n)*And those are scores",
    ),
    Wrong(
        "features-in-batches",
        "probabilities",
        features(cut="", gives="return torch.cat(rows).softmax(dim=1).numpy()"),
        E1,
        "Those are probabilities of classes",
    ),
    Wrong(
        "features-in-batches",
        "gradients kept, and thrown away",
        features(without="torch.enable_grad()", gives="return torch.cat(rows).detach().numpy()"),
        E1,
        "raised MemoryError(.|\n)*in case somebody asks for gradients",
    ),
    Wrong(
        "features-in-batches",
        "all pictures at once",
        features(starts="[0]").replace("names[start : start + batch_size]", "names"),
        E1,
        "a batch of 8 pictures does not fit",
    ),
    Wrong(
        "features-in-batches",
        "full batches only",
        features(starts="range(0, len(names) - batch_size + 1, batch_size)"),
        E1,
        "The last batch is missing",
    ),
    Wrong(
        "features-in-batches",
        "the last batch alone",
        features(gives="return rows[-1].numpy()"),
        E1,
        "That is the last batch alone",
    ),
    Wrong(
        "features-in-batches",
        "a return inside of the loop",
        features().replace(
            "rows.append(network(torch.stack(batch)))", "return network(torch.stack(batch)).numpy()"
        ),
        E1,
        "Does `return` stand inside of the loop",
    ),
    Wrong(
        "features-in-batches",
        "sorted names",
        features(names="names = sorted(names)"),
        E1,
        "in the order of sorted names",
    ),
    Wrong(
        "features-in-batches",
        "all pictures of the dictionary",
        features(names="names = list(pictures)"),
        E1,
        "in the order of the dictionary, with a row for each of its pictures",
    ),
    Wrong(
        "features-in-batches",
        "those of the dictionary that are asked for",
        features(names="names = [name for name in pictures if name in names]"),
        E1,
        "Those rows are in the order of the dictionary",
    ),
    Wrong(
        "features-in-batches",
        "each name once",
        features(names="names = list(dict.fromkeys(names))"),
        E1,
        "A name that comes twice has two rows",
    ),
    Wrong(
        "features-in-batches",
        "names without their folders",
        features(
            names='pictures = {name.split("/")[-1]: p for name, p in pictures.items()}',
            picture='prepare(pictures[name.split("/")[-1]])',
        ),
        E1,
        "Two cameras have an `IMG_100.jpg`",
    ),
    Wrong(
        "features-in-batches",
        "pictures that are not prepared",
        features(picture="torch.tensor(pictures[name]).permute(2, 0, 1) / 255"),
        E1,
        "The pictures are not prepared",
    ),
    Wrong(
        "features-in-batches",
        "the layers alone",
        features(cut="network = torch.nn.Sequential(*list(network.children())[:-1])"),
        E1,
        "(?s)should have the shape.*What a network does between",
    ),
    Wrong(
        "features-in-batches",
        "the layers alone, averaged",
        features(
            cut="network = torch.nn.Sequential(*list(network.children())[:-1])",
            gives="return torch.cat(rows).mean(dim=(2, 3)).numpy()",
        ),
        E1,
        "What a network does between",
    ),
    Wrong(
        "features-in-batches",
        "a list",
        features(gives="return torch.cat(rows).tolist()"),
        E1,
        r"should be a NumPy array; it is a list of length 5\. `np\.array",
    ),
    Wrong(
        "features-in-batches",
        "a list of batches",
        features(gives="return [batch.numpy() for batch in rows]"),
        E1,
        "should be a NumPy array|rows of one length",
    ),
    Wrong(
        "features-in-batches",
        "one picture at a time",
        features(starts="range(0, len(names), 2)").replace("start + batch_size", "start + 1"),
        E1,
        "should have the shape",
    ),
    Wrong(
        "features-in-batches",
        "a last batch of one picture is left out",
        features(starts="range(0, len(names) - 1, batch_size)"),
        E1,
        "a last batch of one picture",
        hidden=True,
    ),
    # ---- exercise 2a
    Wrong(
        "cache-key",
        "names alone",
        """
        def cache_key(network_name, names, contents):
            return hashlib.sha256(repr((network_name, names)).encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*another picture in a file of the same name and size",
    ),
    Wrong(
        "cache-key",
        "the number of files",
        """
        def cache_key(network_name, names, contents):
            return hashlib.sha256(f"{network_name} {len(names)}".encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*another picture in a file",
    ),
    Wrong(
        "cache-key",
        "the sizes of the files",
        """
        def cache_key(network_name, names, contents):
            sizes = [len(content) for content in contents]
            return hashlib.sha256(repr((network_name, names, sizes)).encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*same name and size",
    ),
    Wrong(
        "cache-key",
        "no network",
        """
        def cache_key(network_name, names, contents):
            return hashlib.sha256(repr((names, contents)).encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*a new network",
    ),
    Wrong(
        "cache-key",
        "contents sorted, so that order does not matter",
        """
        def cache_key(network_name, names, contents):
            everything = repr((network_name, sorted(names), sorted(contents)))
            return hashlib.sha256(everything.encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*exchanged their names",
    ),
    Wrong(
        "cache-key",
        "pairs sorted, so that the order of the rows does not matter",
        """
        def cache_key(network_name, names, contents):
            everything = repr((network_name, sorted(zip(names, contents))))
            return hashlib.sha256(everything.encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*the same files in another order",
    ),
    Wrong(
        "cache-key",
        "contents alone",
        """
        def cache_key(network_name, names, contents):
            return hashlib.sha256(repr((network_name, contents)).encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*exchanged their names",
    ),
    Wrong(
        "cache-key",
        "the first file alone",
        """
        def cache_key(network_name, names, contents):
            everything = repr((network_name, names[0], contents[0]))
            return hashlib.sha256(everything.encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before",
    ),
    Wrong(
        "cache-key",
        "a line for each piece",
        """
        def cache_key(network_name, names, contents):
            lines = [network_name.encode(), *[name.encode() for name in names], *contents]
            return hashlib.sha256(b"\\n".join(lines)).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*files that hold",
        hidden=True,
    ),
    Wrong(
        "cache-key",
        "what can be read as text",
        """
        def cache_key(network_name, names, contents):
            texts = [content.decode(errors="ignore") for content in contents]
            return hashlib.sha256(repr((network_name, names, texts)).encode()).hexdigest()
        """,
        E2A,
        "gives the same key as before(.|\n)*files that are no text",
        hidden=True,
    ),
    Wrong(
        "cache-key",
        "Python's hash",
        """
        def cache_key(network_name, names, contents):
            return str(hash((network_name, tuple(names), tuple(contents))))
        """,
        E2A,
        "should be text of 64 hexadecimal digits",
    ),
    Wrong(
        "cache-key",
        "something random in it",
        """
        def cache_key(network_name, names, contents):
            everything = str(hash((network_name, tuple(names), tuple(contents))))
            return hashlib.sha256(os.urandom(8) + everything.encode()).hexdigest()

        import os
        """,
        E2A,
        "gives another key although nothing has changed",
    ),
    Wrong(
        "cache-key",
        "the time",
        """
        def cache_key(network_name, names, contents):
            everything = repr((network_name, names, contents, time.time_ns()))
            return hashlib.sha256(everything.encode()).hexdigest()
        """,
        E2A,
        "gives another key although nothing has changed",
    ),
    Wrong(
        "cache-key",
        "bytes",
        """
        def cache_key(network_name, names, contents):
            return hashlib.sha256(repr((network_name, names, contents)).encode()).digest()
        """,
        E2A,
        "should be text of 64 hexadecimal digits",
    ),
    Wrong(
        "cache-key",
        "pieces run together",
        """
        def cache_key(network_name, names, contents):
            found = hashlib.sha256(network_name.encode())
            for name, content in zip(names, contents):
                found.update(name.encode())
                found.update(content)
            return found.hexdigest()
        """,
        E2A,
        "of which only the border",
        hidden=True,
    ),
    Wrong(
        "cache-key",
        "the beginning of each file",
        """
        def cache_key(network_name, names, contents):
            heads = [content[:4096] for content in contents]
            return hashlib.sha256(repr((network_name, names, heads)).encode()).hexdigest()
        """,
        E2A,
        "long files of which one ends otherwise",
        hidden=True,
    ),
    # ---- exercise 2b
    Wrong(
        "keep-and-find",
        "written where it is looked for",
        kept(keeps="write_rows(folder, key, rows, power)"),
        E2B,
        "while it is still being written",
    ),
    Wrong(
        "keep-and-find",
        "cleared away after the power cut",
        kept(
            keeps="""try:
        write_rows(folder, key, rows, power)
    except OSError:
        Path(folder, key).unlink()
        raise"""
        ),
        E2B,
        "Nothing of your program runs after a power cut",
    ),
    Wrong(
        "keep-and-find",
        "the power is not handed on",
        kept(keeps=KEEPS.replace(", power)", ")")),
        E2B,
        "Hand `power` on to `write_rows`",
    ),
    Wrong(
        "keep-and-find",
        "the power cut is swallowed",
        kept(
            keeps="""try:
        write_rows(folder, "part", rows, power)
    except OSError:
        return
    Path(folder, "part").replace(Path(folder, key))"""
        ),
        E2B,
        "let the PowerCut through",
    ),
    Wrong(
        "keep-and-find",
        "written a second time under the right name",
        kept(
            keeps="""write_rows(folder, "part", rows)
    write_rows(folder, key, read_rows(folder, "part"), power)"""
        ),
        E2B,
        "while it is still being written",
    ),
    Wrong(
        "keep-and-find",
        "the old rows taken away first",
        kept(
            keeps="""Path(folder, key).unlink(missing_ok=True)
    write_rows(folder, "part", rows, power)
    Path(folder, "part").replace(Path(folder, key))"""
        ),
        E2B,
        "gives None instead of the rows(.|\n)*the old ones have to stay",
    ),
    Wrong(
        "keep-and-find",
        "never given its right name",
        kept(keeps='write_rows(folder, f"{key}.part", rows, power)'),
        E2B,
        "gives None instead of the rows(.|\n)*look where `keep` wrote",
    ),
    Wrong(
        "keep-and-find",
        "one file for all keys",
        kept(
            keeps="""write_rows(folder, "part", rows, power)
    Path(folder, "part").replace(Path(folder, "rows"))""",
            finds='return read_rows(folder, "rows") if Path(folder, "rows").exists() else None',
        ),
        E2B,
        "That table belongs to another key",
    ),
    Wrong(
        "keep-and-find",
        "an error where nothing is kept",
        kept(finds="return read_rows(folder, key)"),
        E2B,
        "raised FileNotFoundError(.|\n)*a folder that does not exist yet",
    ),
    Wrong(
        "keep-and-find",
        "an empty table where nothing is kept",
        kept(
            finds="there = Path(folder, key).exists()\n"
            "    return read_rows(folder, key) if there else np.empty((0, 0))"
        ),
        E2B,
        "should give None",
    ),
    Wrong(
        "keep-and-find",
        "a list",
        kept(
            finds="return read_rows(folder, key).tolist() if Path(folder, key).exists() else None"
        ),
        E2B,
        "should be a NumPy array",
    ),
    Wrong(
        "keep-and-find",
        "kept in memory",
        """
        kept_rows = {}

        def keep(folder, key, rows, power=None):
            kept_rows[folder, key] = rows

        def find(folder, key):
            return kept_rows.get((folder, key))
        """,
        E2B,
        "Hand `power` on to `write_rows`",
    ),
    Wrong(
        "keep-and-find",
        "never twice under one key",
        kept(
            keeps="""write_rows(folder, "part", rows, power)
    if not Path(folder, key).exists():
        Path(folder, "part").replace(Path(folder, key))"""
        ),
        E2B,
        "The new ones take the place of the old",
    ),
    # ---- exercise 3
    Wrong(
        "alike-examples",
        "the row itself",
        """
        alike_examples = [
            ({"features": [[1, 0], [3, 1], [0, 2]], "row": 0, "k": 2, "metric": "cosine"}, [0, 1]),
        ]
        """,
        E3,
        "contradicts the text(.|\n)*finds the row itself first",
    ),
    Wrong(
        "alike-examples",
        "the distance for the cosine",
        """
        alike_examples = [
            ({"features": [[4, 0], [5, 1], [1, 0]], "row": 0, "k": 1, "metric": "cosine"}, [1]),
        ]
        """,
        E3,
        "contradicts the text(.|\n)*takes the distance when the cosine is asked for",
    ),
    Wrong(
        "alike-examples",
        "the least alike",
        """
        alike_examples = [
            ({"features": [[4, 0], [5, 1], [0, 9]], "row": 0, "k": 1, "metric": "euclidean"}, [2]),
        ]
        """,
        E3,
        "contradicts the text(.|\n)*gives those that are least alike",
    ),
    Wrong(
        "alike-examples",
        "a row of zeros",
        """
        alike_examples = [
            ({"features": [[0, 0], [5, 1], [0, 9]], "row": 0, "k": 1, "metric": "euclidean"}, [1]),
        ]
        """,
        E3,
        "not one that the text allows: a row of zeros has no direction",
    ),
    Wrong(
        "alike-examples",
        "more than there are",
        """
        alike_examples = [
            ({"features": [[1, 0], [5, 1]], "row": 0, "k": 2, "metric": "euclidean"}, [1, 0]),
        ]
        """,
        E3,
        "not one that the text allows: `k` should be a whole number from 1 to 1",
    ),
    Wrong(
        "alike-examples",
        "a row number without brackets",
        """
        alike_examples = [
            ({"features": [[1, 0], [5, 1], [3, 0]], "row": 0, "k": 1, "metric": "euclidean"}, 2),
        ]
        """,
        E3,
        "What it gives is a list of length 1; yours is one value",
    ),
    Wrong(
        "alike-examples",
        "five that show one thing",
        """
        alike_examples = [
            ({"features": [[1, 0], [2, 0], [n, 5]], "row": 0, "k": 1, "metric": "euclidean"}, [1])
            for n in range(5)
        ]
        """,
        E3,
        "would not notice somebody who takes the distance when the cosine is asked for",
        points=1.33,
    ),
    # ---- exercise 4
    Wrong(
        "most-alike",
        "the row itself among them",
        alike(gives="return order[:k]"),
        E4,
        "it is no answer to itself|need not stand first|has the wrong value",
    ),
    Wrong(
        "most-alike",
        "the first in the order left out",
        alike(gives="return order[1 : k + 1]"),
        E4,
        "Take it out by its number",
    ),
    Wrong(
        "most-alike",
        "one too few",
        alike(gives="return [other for other in order[:k] if other != row]"),
        E4,
        "should have the shape",
    ),
    Wrong(
        "most-alike",
        "one less",
        alike(gives="return order[order != row][: k - 1]"),
        E4,
        "One is missing",
    ),
    Wrong(
        "most-alike",
        "the least alike",
        alike(gives="order = order[::-1]; return order[order != row][:k]"),
        E4,
        "has the wrong value",
    ),
    Wrong(
        "most-alike",
        "the smallest cosine first",
        alike(cosine=COSINE[1:]),
        E4,
        "A large cosine means alike",
    ),
    Wrong(
        "most-alike",
        "products without lengths",
        alike(cosine="-(features @ features[row])"),
        E4,
        "divide the product by the lengths of both rows",
    ),
    Wrong(
        "most-alike",
        "the sign taken away",
        alike(cosine=f"-np.abs({COSINE})"),
        E4,
        "leave its sign",
    ),
    Wrong(
        "most-alike",
        "the distance for both",
        alike(cosine=DISTANCE),
        E4,
        "Those are the distances' answers for both metrics",
    ),
    Wrong(
        "most-alike",
        "the cosine for both",
        alike(euclidean=COSINE),
        E4,
        "Those are the cosine's answers for both metrics",
    ),
    Wrong(
        "most-alike",
        "along the axes",
        alike(euclidean="np.abs(features - features[row]).sum(axis=1)"),
        E4,
        "As by a ruler",
    ),
    Wrong(
        "most-alike",
        "numbers that slip",
        """
        def most_alike(features, row, k, metric):
            others = np.delete(features, row, axis=0)
            if metric == "cosine":
                lengths = np.linalg.norm(others, axis=1) * np.linalg.norm(features[row])
                unlike = -(others @ features[row]) / lengths
            else:
                unlike = np.linalg.norm(others - features[row], axis=1)
            return np.argsort(unlike, kind="stable")[:k]
        """,
        E4,
        "Numbers have slipped",
    ),
    Wrong(
        "most-alike",
        "equal rows left out",
        alike(
            gives="return [n for n in order if (features[n] != features[row]).any()][:k]",
        ),
        E4,
        "is a very good answer|should have the shape",
    ),
    Wrong(
        "most-alike",
        "the larger number first",
        alike(
            gives="order = len(features) - 1 - np.argsort(unlike[::-1], kind='stable')\n"
            "    return order[order != row][:k]"
        ),
        E4,
        "the one with the smaller number comes first",
    ),
    Wrong(
        "most-alike",
        "columns scaled instead of rows",
        alike(
            cosine="-((features / np.linalg.norm(features, axis=0)) "
            "@ (features / np.linalg.norm(features, axis=0))[row])"
        ),
        E4,
        "has the wrong value",
    ),
    Wrong(
        "most-alike",
        "an order that is not stable",
        alike(gives="").replace(
            'order = np.argsort(unlike, kind="stable")',
            "order = np.argsort(unlike)\n    return order[order != row][:k]",
        ),
        E4,
        "many rows that are equal",
        hidden=True,
    ),
    # ---- exercise 5a
    Wrong(
        "picture-numbers",
        "counted from 1",
        """
        def picture_numbers(contents):
            numbers = {}
            for content in contents:
                numbers.setdefault(content, len(numbers) + 1)
            return [numbers[content] for content in contents]
        """,
        E5A,
        "Pictures are numbered from 0",
    ),
    Wrong(
        "picture-numbers",
        "every file a number",
        """
        def picture_numbers(contents):
            return list(range(len(contents)))
        """,
        E5A,
        "equal contents have equal numbers",
    ),
    Wrong(
        "picture-numbers",
        "the place of the first",
        """
        def picture_numbers(contents):
            return [contents.index(content) for content in contents]
        """,
        E5A,
        "The next new picture gets the next number, without gaps",
    ),
    Wrong(
        "picture-numbers",
        "the sorted order",
        """
        def picture_numbers(contents):
            different = sorted(set(contents))
            return [different.index(content) for content in contents]
        """,
        E5A,
        "numbered in sorted order",
    ),
    Wrong(
        "picture-numbers",
        "compared with the file before",
        """
        def picture_numbers(contents):
            numbers = [0]
            for i in range(1, len(contents)):
                numbers.append(numbers[-1] + (0 if contents[i] == contents[i - 1] else 1))
            return numbers
        """,
        E5A,
        "A copy need not stand next to its original",
    ),
    Wrong(
        "picture-numbers",
        "the sizes compared",
        """
        def picture_numbers(contents):
            numbers = {}
            sizes = [len(content) for content in contents]
            return [numbers.setdefault(size, len(numbers)) for size in sizes]
        """,
        E5A,
        "Files of one size need not hold the same picture",
    ),
    Wrong(
        "picture-numbers",
        "how often so far",
        """
        def picture_numbers(contents):
            return [contents[:i].count(contents[i]) for i in range(len(contents))]
        """,
        E5A,
        "count how often a picture has come before",
    ),
    Wrong(
        "picture-numbers",
        "how often in all",
        """
        def picture_numbers(contents):
            return [contents.count(content) for content in contents]
        """,
        E5A,
        "count how often each picture is there",
    ),
    Wrong(
        "picture-numbers",
        "a table of numbers",
        """
        def picture_numbers(contents):
            numbers = {}
            for content in contents:
                numbers.setdefault(content, len(numbers))
            return list(numbers.values())
        """,
        E5A,
        r"should have the shape \(6,\)",
    ),
    # ---- exercise 5b
    Wrong(
        "chances-of-new",
        "every third file",
        chances(new="np.arange(len(features)) % every == 0"),
        E5B,
        "copies stand on both sides",
    ),
    Wrong(
        "chances-of-new",
        "scaled before the split",
        """
        def chances_of_new(features, labels, numbers, every):
            is_new = numbers % every == 0
            scaled = StandardScaler().fit_transform(features)
            model = LogisticRegression(max_iter=2000).fit(scaled[~is_new], labels[~is_new])
            return model.predict_proba(scaled[is_new])
        """,
        E5B,
        "Scaling is learned too",
    ),
    Wrong(
        "chances-of-new",
        "new files scaled by themselves",
        """
        def chances_of_new(features, labels, numbers, every):
            is_new = numbers % every == 0
            scaler = StandardScaler()
            train = scaler.fit_transform(features[~is_new])
            model = LogisticRegression(max_iter=2000).fit(train, labels[~is_new])
            return model.predict_proba(scaler.fit_transform(features[is_new]))
        """,
        E5B,
        "The new files are scaled by their own mean",
    ),
    Wrong(
        "chances-of-new",
        "new files not scaled",
        chances(
            scaled="StandardScaler().fit_transform(features[~is_new]), features[is_new]",
            model=PLAIN,
        ),
        E5B,
        "The new files have to be scaled as well",
    ),
    Wrong(
        "chances-of-new",
        "nothing scaled",
        chances(model=PLAIN),
        E5B,
        "`StandardScaler` comes first",
    ),
    Wrong(
        "chances-of-new",
        "fitted to everything",
        chances(fitted="features, labels"),
        E5B,
        "fitted to the new files as well",
    ),
    Wrong(
        "chances-of-new",
        "parts exchanged",
        chances(new="numbers % every != 0"),
        E5B,
        "The two parts are exchanged|should have the shape",
    ),
    Wrong(
        "chances-of-new",
        "asked about all files",
        chances(gives="model.predict_proba(features)"),
        E5B,
        "Give those of the new ones only",
    ),
    Wrong(
        "chances-of-new",
        "asked about the training files",
        chances(gives="model.predict_proba(train)"),
        E5B,
        "Those are the probabilities of the training files",
    ),
    Wrong(
        "chances-of-new",
        "what the model says",
        chances(gives="model.predict(new)"),
        E5B,
        "should have the shape|should hold numbers",
    ),
    Wrong(
        "chances-of-new",
        "the second class alone",
        chances(gives="model.predict_proba(new)[:, 1]"),
        E5B,
        "should have the shape",
    ),
    Wrong(
        "chances-of-new",
        "each new picture once",
        """
        def chances_of_new(features, labels, numbers, every):
            is_new = numbers % every == 0
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
            model.fit(features[~is_new], labels[~is_new])
            first = [i for i in range(len(numbers)) if numbers[i] not in numbers[:i] and is_new[i]]
            return model.predict_proba(features[first])
        """,
        E5B,
        "All new files have a row",
    ),
]

ENDLESS = """
def chances_of_new(features, labels, numbers, every):
    import time

    while True:
        time.sleep(1)
"""
NOISY = """
import sys, warnings

def picture_numbers(contents):
    warnings.warn("numbering")
    print("numbering", file=sys.stderr)
    return [contents.index(content) for content in contents]
"""
# Points: 5, 3 + 4, 2, 4, 2 + 4, and 3 that a person gives.
SUBMISSIONS = [
    # Forgot the switch that nobody notices, and keeps rows under names.
    Submission(
        "hasty",
        ("training mode", "names alone"),
        score=16,
        messages=("The network is in training mode", "gives the same key as before"),
    ),
    Submission(
        "leaky",
        ("cleared away after the power cut", "scaled before the split"),
        score=16,
        messages=("Nothing of your program runs after a power cut", "Scaling is learned too"),
    ),
    Submission(
        "turned",
        ("five that show one thing", "the smallest cosine first", "the place of the first"),
        score=17.33,
        messages=("would not notice somebody who", "A large cosine means alike", "without gaps"),
    ),
    # Somebody deleted the cell that fails, edited another that does, and handed in checks that say
    # yes. Besides, one answer warns, prints and is wrong, and one never ends. 24, less 5 for the
    # deleted cell, 2 for the edited one, 3 for the wrong key and 4 for the endless answer.
    Submission(
        "sly",
        ("sorted names", "the number of files"),
        score=10,
        messages=(
            "in the order of sorted names",
            "without gaps",
            "`chances_of_new` did not finish within",
        ),
        answers={"chances-of-new": ENDLESS, "picture-numbers": NOISY},
        edits={"test-features-in-batches": None, "test-picture-numbers": "pass"},
        files=forged_modules("a5_checks", "a5_sealed", "a5_hidden"),
    ),
]
