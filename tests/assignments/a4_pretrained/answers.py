"""Answers to assignment 4 that must pass, and answers that must fail with the message they need."""

from harness import Equivalent, Right, Submission, Wrong, forged_modules

ARRAYS = ["array", "array in Fortran's order", "view of an array", "float64", "float32"]
NUMBER = ["float", "NumPy's float", "NumPy's float32", "array of no dimension"]
RESULTS = {
    "shrink": [*ARRAYS, "int64", "uint8"],
    "prepare": ARRAYS,
    "top_table": ["columns in another order", "columns of objects"],
    "group_of": ["as it is", "array of no dimension"],
    "add_up": ["columns in another order", "columns of floats", "columns of objects"],
    "cat_or_dog": ["columns in another order", "columns of objects"],
    "surer": NUMBER,
}

EQUIVALENT = [
    Equivalent(
        "shrink",
        "The smaller of two numbers is the same in whichever order they are given.",
        ("smaller = min(height, width) → smaller = min(width, height)",),
    ),
    Equivalent(
        "prepare",
        "An array minus a tuple of three, or divided by one, takes it for an array.",
        tuple(
            "return ((middle / 255 - np.array(mean)) / np.array(std)).transpose(2, 0, 1) → "
            f"return ((middle / 255 - {mean}) / {std}).transpose(2, 0, 1)"
            for mean, std in (("mean", "np.array(std)"), ("np.array(mean)", "std"))
        ),
    ),
    Equivalent(
        "top_table",
        "NumPy reads no more than the first letter of the kind of sorting.",
        (
            "order = np.argsort(-probabilities, kind='stable')[:n] → "
            "order = np.argsort(-probabilities, kind='stable_')[:n]",
        ),
    ),
    Equivalent(
        "add_up",
        "The columns of a DataFrame may stand in any order; they are called by name.",
        tuple(
            "return pd.DataFrame({kind: probabilities[:, groups == kind].sum(axis=1) "
            "for kind in ['cat', 'dog', 'other']}) → "
            "return pd.DataFrame({kind: probabilities[:, groups == kind].sum(axis=1) "
            f"for kind in {kinds}}})"
            for kinds in (["dog", "cat", "other"], ["cat", "other", "dog"])
        ),
    ),
    Equivalent(
        "cat_or_dog",
        "The larger of two sums is the same in whichever order they are given.",
        (
            "larger = np.maximum(sums['cat'], sums['dog']) → "
            "larger = np.maximum(sums['dog'], sums['cat'])",
        ),
    ),
]

RIGHT = [
    # ---- exercise 1
    Right(
        "shrink",
        "the two kinds of pictures, one after the other",
        """
        def shrink(picture, shorter):
            height, width, _ = picture.shape
            if width < height:
                new_width, new_height = shorter, int(shorter * height / width)
            else:
                new_width, new_height = int(shorter * width / height), shorter
            image = Image.fromarray(picture)
            return np.array(image.resize((new_width, new_height), Image.Resampling.BICUBIC))
        """,
    ),
    Right(
        "shrink",
        "torchvision",
        """
        def shrink(picture, shorter):
            from torchvision.transforms import InterpolationMode, Resize

            resize = Resize(shorter, interpolation=InterpolationMode.BICUBIC)
            return np.array(resize(Image.fromarray(picture)))
        """,
    ),
    Right(
        "shrink",
        "by recursion: one that lies is one that stands, turned",
        """
        def shrink(picture, shorter):
            if picture.shape[1] > picture.shape[0]:
                turned = np.ascontiguousarray(picture.transpose(1, 0, 2))
                return shrink(turned, shorter).transpose(1, 0, 2)
            size = (shorter, shorter * picture.shape[0] // picture.shape[1])
            return np.asarray(Image.fromarray(picture).resize(size, Image.BICUBIC))
        """,
    ),
    Right(
        "shrink",
        "each channel for itself, in floats",
        """
        def shrink(picture, shorter):
            height, width = picture.shape[:2]
            size = (shorter * width // min(height, width), shorter * height // min(height, width))
            channels = []
            for c in range(3):
                channel = Image.fromarray(picture[:, :, c].astype(np.float32))
                channels.append(np.asarray(channel.resize(size, Image.Resampling.BICUBIC)))
            return np.stack(channels, axis=2).clip(0, 255)
        """,
    ),
    Right(
        "shrink",
        "one factor for both sides, as a fraction",
        """
        from fractions import Fraction

        def shrink(picture, shorter):
            height, width = picture.shape[:2]
            factor = Fraction(shorter, min(height, width))
            new_size = (int(width * factor), int(height * factor))
            image = Image.fromarray(picture).resize(new_size, Image.Resampling.BICUBIC)
            return np.asarray(image)
        """,
    ),
    Right(
        "prepare",
        "Pillow's crop, one channel after the other",
        """
        def prepare(picture, resize, size, mean, std):
            image = Image.fromarray(shrink(picture, resize).astype(np.uint8))
            left, top = (image.width - size) // 2, (image.height - size) // 2
            middle = np.asarray(image.crop((left, top, left + size, top + size)))
            result = np.zeros((3, size, size))
            for c in range(3):
                result[c] = (middle[:, :, c] / 255 - mean[c]) / std[c]
            return result
        """,
    ),
    Right(
        "prepare",
        "torchvision",
        """
        def prepare(picture, resize, size, mean, std):
            from torchvision import transforms

            steps = transforms.Compose(
                [
                    transforms.Resize(resize, transforms.InterpolationMode.BICUBIC),
                    transforms.CenterCrop(size),
                    transforms.ToTensor(),
                    transforms.Normalize(mean, std),
                ]
            )
            return steps(Image.fromarray(picture)).numpy()
        """,
    ),
    Right(
        "prepare",
        "the library's own transform",
        """
        def prepare(picture, resize, size, mean, std):
            from course_utils.networks.preprocessing import Preprocessing

            steps = Preprocessing((size, size), resize, tuple(mean), tuple(std), "bicubic")
            return steps(Image.fromarray(picture)).numpy()
        """,
    ),
    Right(
        "prepare",
        "pixel by pixel, in 32 bits",
        """
        def prepare(picture, resize, size, mean, std):
            small = shrink(picture, resize)
            top = (small.shape[0] - size) // 2
            left = (small.shape[1] - size) // 2
            result = np.empty((3, size, size), dtype=np.float32)
            for channel in range(3):
                for row in range(size):
                    for column in range(size):
                        value = small[top + row, left + column, channel] / 255
                        result[channel, row, column] = (value - mean[channel]) / std[channel]
            return result
        """,
    ),
    Right(
        "prepare",
        "torch, and the channels first from the beginning",
        """
        def prepare(picture, resize, size, mean, std):
            small = shrink(picture, resize)
            block = torch.tensor(small).permute(2, 0, 1).float() / 255
            top = (block.shape[1] - size) // 2
            left = (block.shape[2] - size) // 2
            block = block[:, top : top + size, left : left + size]
            for channel in range(3):
                block[channel] = (block[channel] - mean[channel]) / std[channel]
            return block.numpy()
        """,
    ),
    # ---- exercise 2
    Right(
        "top-table",
        "the largest of a Series",
        """
        def top_table(logits, class_names, n):
            powers = np.exp(pd.Series(logits) - max(logits))
            best = (powers / powers.sum()).nlargest(n)
            table = pd.DataFrame({"class": [class_names[i] for i in best.index]})
            table["probability"] = best.to_numpy()
            return table
        """,
    ),
    Right(
        "top-table",
        "pandas",
        """
        def top_table(logits, class_names, n):
            table = pd.DataFrame({"class": class_names, "probability": logits})
            table["probability"] = np.exp(table["probability"] - table["probability"].max())
            table["probability"] /= table["probability"].sum()
            table = table.sort_values("probability", ascending=False, kind="stable")
            return table.head(n).reset_index(drop=True)
        """,
    ),
    Right(
        "top-table",
        "pairs, sorted by Python",
        """
        import math

        def top_table(logits, class_names, n):
            largest = max(logits)
            powers = [math.exp(z - largest) for z in logits]
            pairs = [(p / sum(powers), name) for p, name in zip(powers, class_names)]
            pairs.sort(key=lambda pair: -pair[0])
            rows = [{"class": name, "probability": p} for p, name in pairs[:n]]
            return pd.DataFrame(rows)
        """,
    ),
    Right(
        "top-table",
        "torch",
        """
        def top_table(logits, class_names, n):
            probabilities = torch.softmax(torch.tensor(logits, dtype=torch.float64), dim=0)
            values, order = torch.sort(probabilities, descending=True, stable=True)
            chosen = [class_names[i] for i in order[:n].tolist()]
            return pd.DataFrame({"class": chosen, "probability": values[:n].numpy()})
        """,
    ),
    Right(
        "top-table",
        "the largest one, again and again",
        """
        from scipy.special import softmax

        def top_table(logits, class_names, n):
            left = dict(enumerate(softmax(np.asarray(logits, dtype=float))))
            rows = []
            while left and len(rows) < n:
                best = max(left, key=left.get)
                rows.append({"class": class_names[best], "probability": left.pop(best)})
            return pd.DataFrame(rows)
        """,
    ),
    # ---- exercise 3
    Right(
        "group-examples",
        "tuples and dictionaries",
        """
        group_examples = (
            ({"name": "Persian cat"}, "cat"),
            ({"name": "tabby"}, "cat"),
            ({"name": "Egyptian cat"}, "cat"),
            ["pug", "dog"],
            ["Chihuahua", "dog"],
            ["Mexican hairless", "dog"],
            ["polecat", "other"],
            ["Madagascar cat", "other"],
            ["catamaran", "other"],
            ["dogsled", "other"],
            ["hotdog", "other"],
            ["African hunting dog", "other"],
            ["cheetah", "other"],
            ["grey fox", "other"],
            ["red wolf", "other"],
            ["cardigan", "other"],
        )
        """,
    ),
    Right(
        "group-examples",
        "made in a loop",
        """
        groups_by_hand = {
            "cat": ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"],
            "dog": ["boxer", "Cardigan", "Eskimo dog", "Mexican hairless"],
            "other": [
                "cardigan", "lion", "tiger", "lynx", "timber wolf", "coyote", "dingo", "kit fox",
                "African hunting dog", "Madagascar cat", "polecat", "hotdog", "catamaran",
            ],
        }
        group_examples = []
        for group, members in groups_by_hand.items():
            for name in members:
                group_examples.append((name, group))
        """,
    ),
    # ---- exercise 4
    Right(
        "group-of",
        "positions",
        """
        def group_of(name):
            position = names.index(name)
            if names.index("tabby") <= position <= names.index("Egyptian cat"):
                return "cat"
            elif names.index("Chihuahua") <= position <= names.index("Mexican hairless"):
                return "dog"
            else:
                return "other"
        """,
    ),
    Right(
        "group-of",
        "numbers, and a dictionary that is made once",
        """
        GROUP = {name: "other" for name in names}
        GROUP.update({name: "dog" for name in names[151:269]})
        GROUP.update({name: "cat" for name in names[281:286]})

        def group_of(name):
            return GROUP[name]
        """,
    ),
    Right(
        "group-of",
        "a NumPy array of groups",
        """
        labels = np.full(len(names), "other")
        labels[281:286] = "cat"
        labels[151:269] = "dog"

        def group_of(name):
            return labels[names.index(name)]
        """,
    ),
    Right(
        "group-of",
        "by recursion: a name's group is that of the one before it",
        """
        def group_of(name):
            begins = {"tench": "other", "Chihuahua": "dog", "timber wolf": "other"}
            begins |= {"tabby": "cat", "cougar": "other", "abacus": "other", "dishrag": "other"}
            begins |= {"mosque": "other", "studio couch": "other"}
            if name in begins:
                return begins[name]
            return group_of(names[names.index(name) - 1])
        """,
    ),
    Right(
        "add-up",
        "class by class",
        """
        def add_up(probabilities, groups):
            rows = []
            for row in probabilities:
                sums = {"cat": 0.0, "dog": 0.0, "other": 0.0}
                for p, group in zip(row, groups):
                    sums[group] += p
                rows.append(sums)
            return pd.DataFrame(rows)
        """,
    ),
    Right(
        "add-up",
        "a product with a table of zeros and ones",
        """
        def add_up(probabilities, groups):
            kinds = ["cat", "dog", "other"]
            belongs = np.array([[group == kind for kind in kinds] for group in groups], dtype=float)
            return pd.DataFrame(probabilities @ belongs, columns=kinds)
        """,
    ),
    Right(
        "add-up",
        "pandas, grouped by columns",
        """
        def add_up(probabilities, groups):
            table = pd.DataFrame(probabilities).T.groupby(np.array(groups)).sum().T
            return table.reindex(columns=["cat", "dog", "other"], fill_value=0.0)
        """,
    ),
    Right(
        "add-up",
        "the rest of the whole 1",
        """
        def add_up(probabilities, groups):
            table = pd.DataFrame()
            table["cat"] = probabilities[:, [g == "cat" for g in groups]].sum(axis=1)
            table["dog"] = probabilities[:, [g == "dog" for g in groups]].sum(axis=1)
            table["other"] = 1 - table["cat"] - table["dog"]
            return table
        """,
    ),
    Right(
        "add-up",
        "torch, each class to the column of its group",
        """
        def add_up(probabilities, groups):
            kinds = ["cat", "dog", "other"]
            places = torch.tensor([kinds.index(group) for group in groups])
            sums = torch.zeros((len(probabilities), 3), dtype=torch.float64)
            sums.index_add_(1, places, torch.tensor(probabilities))
            return pd.DataFrame(sums.numpy(), columns=kinds)
        """,
    ),
    # ---- exercise 5
    Right(
        "cat-or-dog",
        "a function for one row, applied",
        """
        def judged(row):
            pets = row[["cat", "dog"]]
            return pd.Series({"says": pets.idxmax(), "sure": pets.max() / pets.sum()})

        def cat_or_dog(sums):
            return sums.apply(judged, axis=1)
        """,
    ),
    Right(
        "cat-or-dog",
        "row by row",
        """
        def cat_or_dog(sums):
            rows = []
            for _, row in sums.iterrows():
                both = row["cat"] + row["dog"]
                if row["cat"] >= row["dog"]:
                    rows.append(("cat", row["cat"] / both))
                else:
                    rows.append(("dog", row["dog"] / both))
            return pd.DataFrame(rows, columns=["says", "sure"], index=sums.index)
        """,
    ),
    Right(
        "cat-or-dog",
        "shares first, then the largest",
        """
        def cat_or_dog(sums):
            two = sums[["cat", "dog"]]
            shares = two.div(two.sum(axis=1), axis=0)
            return pd.DataFrame({"says": shares.idxmax(axis=1), "sure": shares.max(axis=1)})
        """,
    ),
    Right(
        "cat-or-dog",
        "NumPy, and the index at the end",
        """
        def cat_or_dog(sums):
            cat, dog = sums["cat"].to_numpy(), sums["dog"].to_numpy()
            of_cat = cat / (cat + dog)
            table = pd.DataFrame()
            table["sure"] = np.where(cat < dog, 1 - of_cat, of_cat)
            table["says"] = ["dog" if d > c else "cat" for c, d in zip(cat, dog)]
            table.index = sums.index
            return table
        """,
    ),
    Right(
        "surer",
        "two loops",
        """
        def surer(known, unknown):
            count = 0
            for k in known:
                for u in unknown:
                    if k > u:
                        count += 1
                    elif k == u:
                        count += 0.5
            return count / (len(known) * len(unknown))
        """,
    ),
    Right(
        "surer",
        "scikit-learn's area under the curve",
        """
        from sklearn.metrics import roc_auc_score

        def surer(known, unknown):
            labels = [1] * len(known) + [0] * len(unknown)
            return roc_auc_score(labels, np.concatenate([known, unknown]))
        """,
    ),
    Right(
        "surer",
        "ranks",
        """
        def surer(known, unknown):
            ranks = pd.Series([*known, *unknown]).rank()
            n, m = len(known), len(unknown)
            return (ranks[:n].sum() - n * (n + 1) / 2) / (n * m)
        """,
    ),
    Right(
        "surer",
        "the sign of every difference",
        """
        def surer(known, unknown):
            return (1 + np.sign(np.subtract.outer(known, unknown)).mean()) / 2
        """,
    ),
    Right(
        "surer",
        "sorted once, and each one's place looked up",
        """
        def surer(known, unknown):
            in_order = np.sort(unknown)
            smaller = np.searchsorted(in_order, known, side="left")
            not_larger = np.searchsorted(in_order, known, side="right")
            return (smaller + not_larger).mean() / 2 / len(unknown)
        """,
    ),
]

SHRINK = """
def shrink(picture, shorter):
    height, width = picture.shape[:2]
    smaller, larger = min(height, width), max(height, width)
    size = {size}
    return np.asarray(Image.fromarray({picture}).resize(size, Image.Resampling.{mixing})){then}
"""


def shrink(
    size="(width * shorter // smaller, height * shorter // smaller)",
    picture="picture",
    mixing="BICUBIC",
    then="",
):
    return SHRINK.format(size=size, picture=picture, mixing=mixing, then=then)


PREPARE = """
def prepare(picture, resize, size, mean, std):
    mean, std = np.array(mean), np.array(std)
    small = {small}
    height, width = small.shape[:2]
    top, left = (height - size) // 2, (width - size) // 2
    middle = {middle}
    normal = {normal}
    return {gives}
"""


def prepare(
    small="shrink(picture, resize)",
    middle="small[top : top + size, left : left + size]",
    normal="(middle / 255 - mean) / std",
    gives="normal.transpose(2, 0, 1)",
):
    return PREPARE.format(small=small, middle=middle, normal=normal, gives=gives)


TOP = """
def top_table(logits, class_names, n):
    powers = {powers}
    probabilities = {probabilities}
    order = {order}
    return pd.DataFrame(
        {{"class": {chosen}, "probability": {values}}}
    ){then}
"""


def top(
    powers="np.exp(logits - np.max(logits))",
    probabilities="powers / powers.sum()",
    order='np.argsort(-logits, kind="stable")[:n]',
    chosen="[class_names[i] for i in order]",
    values="probabilities[order]",
    then="",
):
    return TOP.format(
        powers=powers,
        probabilities=probabilities,
        order=order,
        chosen=chosen,
        values=values,
        then=then,
    )


GROUP = """
def group_of(name):
    cats, dogs = {cats}, {dogs}
    if {is_cat}:
        return "cat"
    if {is_dog}:
        return "dog"
    return "other"
"""


def group(
    cats='names[names.index("tabby") : names.index("Egyptian cat") + 1]',
    dogs='names[names.index("Chihuahua") : names.index("Mexican hairless") + 1]',
    is_cat="name in cats",
    is_dog="name in dogs",
):
    return GROUP.format(cats=cats, dogs=dogs, is_cat=is_cat, is_dog=is_dog)


ADD = """
def add_up(probabilities, groups):
    groups = np.array(groups)
    columns = {{}}
    for kind in ["cat", "dog", "other"]:
        chosen = probabilities[:, groups == kind]
        columns[kind] = {combined}
    table = pd.DataFrame(columns)
    return {gives}
"""


def add(combined="chosen.sum(axis=1)", gives="table"):
    return ADD.format(combined=combined, gives=gives)


TWO = """
def cat_or_dog(sums):
    cat, dog = sums["cat"], sums["dog"]
    larger, both = np.maximum(cat, dog), cat + dog
    return pd.DataFrame({{"says": {says}, "sure": {sure}}})
"""


def two(says='np.where(cat >= dog, "cat", "dog")', sure="larger / both"):
    return TWO.format(says=says, sure=sure)


PAIRS = """
def surer(known, unknown):
    count = 0
    for k in known:
        for u in unknown:
            count += {counts}
    return {gives}
"""


def pairs(counts="(k > u) + (k == u) / 2", gives="count / (len(known) * len(unknown))"):
    return PAIRS.format(counts=counts, gives=gives)


EXAMPLES = """
group_examples = [
    ("tabby", "cat"), ("Egyptian cat", "cat"), ("beagle", "dog"), ("hotdog", "other"),
    ("polecat", "other"), ("lion", "other"), ("timber wolf", "other"), {last},
]
"""

WRONG = [
    # ---- exercise 1a
    Wrong(
        "shrink",
        "a square, squashed",
        shrink("(shorter, shorter)"),
        "test-shrink",
        r"should have the shape \(5, 10, 3\)(.|\n)*That squashes the picture",
    ),
    Wrong(
        "shrink",
        "height for width",
        shrink("(height * shorter // smaller, width * shorter // smaller)"),
        "test-shrink",
        "Pillow's sizes begin with the width",
    ),
    Wrong(
        "shrink",
        "the longer side",
        shrink("(width * shorter // larger, height * shorter // larger)"),
        "test-shrink",
        "the \\*longer\\* side has the wanted length",
    ),
    Wrong(
        "shrink",
        "always the height",
        shrink("(width * shorter // height, shorter)"),
        "test-shrink",
        "the height always gets the wanted length",
    ),
    Wrong(
        "shrink",
        "always the width",
        shrink("(shorter, height * shorter // width)"),
        "test-shrink",
        "the width always gets the wanted length",
    ),
    Wrong(
        "shrink",
        "rounded to the nearest",
        shrink("(round(width * shorter / smaller), round(height * shorter / smaller))"),
        "test-shrink",
        "rounded \\*down\\*",
    ),
    Wrong(
        "shrink",
        "a factor, and what floats lose",
        """
        def shrink(picture, shorter):
            height, width = picture.shape[:2]
            factor = shorter / min(height, width)
            new_size = (int(width * factor), int(height * factor))
            image = Image.fromarray(picture).resize(new_size, Image.Resampling.BICUBIC)
            return np.asarray(image)
        """,
        "test-shrink",
        r"should have the shape \(15, 17, 3\)(.|\n)*the shorter side is one pixel too short",
    ),
    Wrong(
        "shrink",
        "the wrong mixing",
        shrink(mixing="NEAREST"),
        "test-shrink",
        "mixes pixels in another way",
    ),
    Wrong(
        "shrink",
        "cut to a square first",
        """
        def shrink(picture, shorter):
            side = min(picture.shape[:2])
            top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
            square = picture[top : top + side, left : left + side]
            image = Image.fromarray(np.ascontiguousarray(square))
            return np.asarray(image.resize((shorter, shorter), Image.Resampling.BICUBIC))
        """,
        "test-shrink",
        "`shrink` cuts nothing off",
    ),
    Wrong(
        "shrink",
        "Pillow's thumbnail, which never grows",
        """
        def shrink(picture, shorter):
            if min(picture.shape[:2]) <= shorter:
                return picture
            height, width = picture.shape[:2]
            factor = min(height, width)
            size = (width * shorter // factor, height * shorter // factor)
            return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
        """,
        "test-shrink",
        "has to grow",
    ),
    Wrong(
        "shrink",
        "from 0 to 1",
        shrink(then=" / 255"),
        "test-shrink",
        "leaves the numbers from 0 to 255",
    ),
    # ---- exercise 1b
    Wrong(
        "prepare",
        "channels last",
        prepare(gives="normal"),
        "test-prepare",
        r"should have the shape \(3, 4, 4\)(.|\n)*The channels are last",
    ),
    Wrong(
        "prepare",
        "not scaled",
        prepare(normal="(middle - mean) / std"),
        "test-prepare",
        "were not divided by 255",
    ),
    Wrong(
        "prepare",
        "blue, green, red",
        prepare(normal="(middle[:, :, ::-1] / 255 - mean) / std"),
        "test-prepare",
        "in the order blue, green, red",
    ),
    Wrong(
        "prepare",
        "turned round at the end",
        prepare(gives="normal.transpose(2, 0, 1)[::-1]"),
        "test-prepare",
        "in the order blue, green, red",
    ),
    Wrong(
        "prepare",
        "mean and deviation exchanged",
        prepare(normal="(middle / 255 - std) / mean"),
        "test-prepare",
        "`mean` and `std` are exchanged",
    ),
    Wrong(
        "prepare",
        "cut out before it is resized",
        """
        def prepare(picture, resize, size, mean, std):
            height, width = picture.shape[:2]
            top, left = (height - size) // 2, (width - size) // 2
            middle = np.ascontiguousarray(picture[top : top + size, left : left + size])
            small = shrink(middle, size)
            return ((small / 255 - np.array(mean)) / np.array(std)).transpose(2, 0, 1)
        """,
        "test-prepare",
        "cut out before the picture was resized",
    ),
    Wrong(
        "prepare",
        "squashed to a square",
        prepare(
            small="np.asarray(Image.fromarray(picture)"
            ".resize((resize, resize), Image.Resampling.BICUBIC))"
        ),
        "test-prepare",
        "squashed to a square",
    ),
    Wrong(
        "prepare",
        "resized to the crop",
        prepare(small="shrink(picture, size)"),
        "test-prepare",
        "nothing is left to cut off",
    ),
    Wrong(
        "prepare",
        "the upper left corner",
        prepare(middle="small[:size, :size]"),
        "test-prepare",
        "upper left corner",
    ),
    Wrong(
        "prepare",
        "cut off from behind",
        prepare(middle="small[top:-top, left:-left]"),
        "test-prepare",
        "a slice from 0 to -0 is empty",
    ),
    Wrong(
        "prepare",
        "no crop",
        prepare(middle="small"),
        "test-prepare",
        "Nothing was cut off",
    ),
    Wrong(
        "prepare",
        "rows for columns",
        prepare(gives="normal.T"),
        "test-prepare",
        "Rows and columns are exchanged",
    ),
    Wrong(
        "prepare",
        "laid out anew",
        prepare(gives="normal.reshape(3, size, size)"),
        "test-prepare",
        "only lays the same numbers out anew",
    ),
    Wrong(
        "prepare",
        "divided first",
        prepare(normal="middle / 255 / std - mean"),
        "test-prepare",
        "Subtract the mean first",
    ),
    Wrong(
        "prepare",
        "times the deviation",
        prepare(normal="(middle / 255 - mean) * std"),
        "test-prepare",
        "Multiplied by the deviation",
    ),
    Wrong(
        "prepare",
        "its own mean",
        prepare(normal="(middle - middle.mean(axis=(0, 1))) / middle.std(axis=(0, 1))"),
        "test-prepare",
        "mean and deviation of this picture",
    ),
    Wrong(
        "prepare",
        "only scaled",
        prepare(normal="middle / 255"),
        "test-prepare",
        "only scaled to 0 to 1",
    ),
    Wrong(
        "prepare",
        "a tensor",
        prepare(gives="torch.tensor(normal.transpose(2, 0, 1))"),
        "test-prepare",
        "should be a NumPy array; it is something of type Tensor",
    ),
    Wrong(
        "prepare",
        "the network's own mean for every network",
        prepare(normal="(middle / 255 - 127 / 255) / (128 / 255)"),
        "test-prepare",
        "has the wrong value",
    ),
    # ---- exercise 2
    Wrong(
        "top-table",
        "the formula as it stands",
        top(powers="np.exp(logits)"),
        "test-top-table",
        r"it is nan(.|\n)*infinity divided by infinity",
    ),
    Wrong(
        "top-table",
        "logits",
        top(values="logits[order]"),
        "test-top-table",
        "Those are logits",
    ),
    Wrong(
        "top-table",
        "1 within the table",
        top(values="powers[order] / powers[order].sum()"),
        "test-top-table",
        "add up to 1 within the table",
    ),
    Wrong(
        "top-table",
        "the least probable ones",
        top(order='np.argsort(logits, kind="stable")[:n]'),
        "test-top-table",
        "the \\*least\\* probable ones",
    ),
    Wrong(
        "top-table",
        "names as they were",
        top(chosen="class_names[:len(order)]"),
        "test-top-table",
        "the names are not",
    ),
    Wrong(
        "top-table",
        "probabilities as they were",
        top(values="probabilities[:len(order)]"),
        "test-top-table",
        "the probabilities are not",
    ),
    Wrong(
        "top-table",
        "equal ones turned round",
        top(order='np.argsort(logits, kind="stable")[::-1][:n]'),
        "test-top-table",
        "An order that is turned round",
    ),
    Wrong(
        "top-table",
        "by the alphabet",
        top(order="sorted(range(len(logits)), key=lambda i: (-logits[i], class_names[i]))[:n]"),
        "test-top-table",
        "in the order of the alphabet",
    ),
    Wrong(
        "top-table",
        "positions",
        top(chosen="order"),
        "test-top-table",
        "holds positions|should hold text",
    ),
    Wrong(
        "top-table",
        "sigmoids",
        top(probabilities="1 / (1 + np.exp(-logits))"),
        "test-top-table",
        "a sigmoid of each logit",
    ),
    Wrong(
        "top-table",
        "percents",
        top(values="100 * probabilities[order]"),
        "test-top-table",
        "Those are percents",
    ),
    Wrong(
        "top-table",
        "no more than there are",
        """
        def top_table(logits, class_names, n):
            powers = np.exp(logits - np.max(logits))
            left = list(powers / powers.sum())
            rows = []
            for _ in range(n):
                best = int(np.argmax(left))
                rows.append((class_names[best], left[best]))
                left[best] = -1
            return pd.DataFrame(rows, columns=["class", "probability"])
        """,
        "test-top-table",
        "should have 2 rows; it has 5",
    ),
    Wrong(
        "top-table",
        "the index as it was",
        """
        def top_table(logits, class_names, n):
            powers = np.exp(logits - logits.max())
            table = pd.DataFrame({"class": class_names, "probability": powers / powers.sum()})
            return table.sort_values("probability", ascending=False, kind="stable").head(n)
        """,
        "test-top-table",
        "The index keeps the old positions",
    ),
    Wrong(
        "top-table",
        "another column",
        top(then='.rename(columns={"class": "name"})'),
        "test-top-table",
        r"should have the columns \['class', 'probability'\]; it has \['name', 'probability'\]",
    ),
    Wrong(
        "top-table",
        "small logits overflow",
        """
        def top_table(logits, class_names, n):
            powers = np.exp(logits - 1002)
            if np.max(logits) < 100:
                powers = np.exp(np.asarray(logits, dtype=float))
            probabilities = powers / powers.sum()
            order = np.argsort(-np.asarray(logits), kind="stable")[:n]
            return pd.DataFrame(
                {"class": [class_names[i] for i in order], "probability": probabilities[order]}
            )
        """,
        "test-top-table",
        "it is nan",
        hidden=True,
    ),
    # ---- exercise 3
    Wrong(
        "group-examples",
        "by letters",
        'group_examples = [("polecat", "cat")]',
        "test-group-examples",
        "contradicts the text(.|\\n)*has the letters of",
    ),
    Wrong(
        "group-examples",
        "by the family",
        'group_examples = [("lion", "cat")]',
        "test-group-examples",
        "contradicts the text(.|\\n)*takes lions for cats",
    ),
    Wrong(
        "group-examples",
        "a name that the network does not have",
        'group_examples = [("horse", "other")]',
        "test-group-examples",
        "has no class of the name 'horse'",
    ),
    Wrong(
        "group-examples",
        "a capital letter",
        'group_examples = [("Tabby", "cat")]',
        "test-group-examples",
        "did you mean 'tabby'",
    ),
    Wrong(
        "group-examples",
        "names alone",
        'group_examples = ["tabby", "beagle"]',
        "test-group-examples",
        "should be a pair",
    ),
    Wrong(
        "group-examples",
        "a dictionary",
        'group_examples = {"tabby": "cat"}',
        "test-group-examples",
        "should be a list of examples",
    ),
    Wrong(
        "group-examples",
        "too few",
        'group_examples = [("tabby", "cat"), ("hotdog", "other"), ("lion", "other")]',
        "test-group-examples",
        "Write at least 8 examples",
        points=0.84,
    ),
    Wrong(
        "group-examples",
        "no word for the traps",
        EXAMPLES.format(last='("pug", "dog")'),
        "test-group-examples",
        "would not notice somebody who knows every breed, and adds",
        hidden=True,
        points=1.67,
    ),
    # ---- exercise 4a
    Wrong(
        "group-of",
        "letters anywhere",
        group(is_cat='"cat" in name', is_dog='"dog" in name'),
        "test-group-of",
        r'"cat"; it is "other"(.|\n)*by letters anywhere',
    ),
    Wrong(
        "group-of",
        "the last letters",
        group(is_cat='name.endswith("cat")', is_dog='name.endswith("dog")'),
        "test-group-of",
        "by the end of the name",
    ),
    Wrong(
        "group-of",
        "the last word",
        group(is_cat='name.split()[-1] == "cat"', is_dog='name.split()[-1] == "dog"'),
        "test-group-of",
        "by the end of the name",
    ),
    Wrong(
        "group-of",
        "breeds and letters",
        group(is_cat='name in cats or "cat" in name', is_dog='name in dogs or "dog" in name'),
        "test-group-of",
        r'"other"; it is "dog"(.|\n)*the case of a sausage',
    ),
    Wrong(
        "group-of",
        "a slice that stops early",
        group(
            cats='names[names.index("tabby") : names.index("Egyptian cat")]',
            dogs='names[names.index("Chihuahua") : names.index("Mexican hairless")]',
        ),
        "test-group-of",
        r"the last cat in the list(.|\n)*a slice leaves out its end",
    ),
    Wrong(
        "group-of",
        "the whole families",
        group(
            cats='names[names.index("tabby") : names.index("cheetah") + 1]',
            dogs='names[names.index("Chihuahua") : names.index("grey fox") + 1]',
        ),
        "test-group-of",
        "takes in the wild relatives",
    ),
    Wrong(
        "group-of",
        "wolves are dogs",
        group(dogs='names[names.index("Chihuahua") : names.index("African hunting dog") + 1]'),
        "test-group-of",
        "a wild relative of the dog",
    ),
    Wrong(
        "group-of",
        "without capital letters",
        group(
            dogs="[n.lower() for n in "
            'names[names.index("Chihuahua") : names.index("Mexican hairless") + 1]]',
            is_dog="name.lower() in dogs",
        ),
        "test-group-of",
        "a jacket of wool",
    ),
    Wrong(
        "group-of",
        "other words for it",
        group().replace('"other"', '"wild"'),
        "test-group-of",
        'should be one of the texts "cat", "dog" and "other"',
    ),
    Wrong(
        "group-of",
        "from memory",
        """
        def group_of(name):
            if name in ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"]:
                return "cat"
            if name in ["Chihuahua", "Mexican hairless", "beagle", "Irish wolfhound", "boxer"]:
                return "dog"
            if name in ["Cardigan", "Eskimo dog", "pug", "collie", "dalmatian"]:
                return "dog"
            return "other"
        """,
        "test-group-of",
        "Called with name = Japanese spaniel|Called with name = 'Japanese spaniel'",
        hidden=True,
    ),
    # ---- exercise 4b
    Wrong(
        "add-up",
        "means",
        add("chosen.mean(axis=1) if chosen.size else 0"),
        "test-add-up",
        "Those are the means",
    ),
    Wrong(
        "add-up",
        "the largest",
        add("chosen.max(axis=1) if chosen.size else 0"),
        "test-add-up",
        "the largest probabilities",
    ),
    Wrong(
        "add-up",
        "a list compared with a text",
        """
        def add_up(probabilities, groups):
            return pd.DataFrame(
                {k: probabilities[:, groups == k].sum(axis=1) for k in ["cat", "dog", "other"]}
            )
        """,
        "test-add-up",
        "a \\*list\\* compared with a text gives a single False",
    ),
    Wrong(
        "add-up",
        "down the columns",
        add("chosen.sum()"),
        "test-add-up",
        "Add up each row for itself|raised ValueError",
    ),
    Wrong(
        "add-up",
        "shares of the pets",
        add(gives='table.div(table["cat"] + table["dog"], axis=0)'),
        "test-add-up",
        "divided by those of cat and dog",
    ),
    Wrong(
        "add-up",
        "without the others",
        add(gives='table[["cat", "dog"]]'),
        "test-add-up",
        r"should have the columns \['cat', 'dog', 'other'\]",
    ),
    Wrong(
        "add-up",
        "no cats, no column",
        """
        def add_up(probabilities, groups):
            return pd.DataFrame(probabilities).T.groupby(np.array(groups)).sum().T
        """,
        "test-add-up",
        r"it has \['dog', 'other'\]",
    ),
    Wrong(
        "add-up",
        "the first of each",
        """
        def add_up(probabilities, groups):
            kinds = ["cat", "dog", "other"]
            return pd.DataFrame(
                {k: probabilities[:, groups.index(k)] if k in groups else 0.0 for k in kinds}
            )
        """,
        "test-add-up",
        "the first class of each group alone",
    ),
    Wrong(
        "add-up",
        "the rest without dogs only",
        add(gives='table.assign(other=1 - table["dog"])'),
        "test-add-up",
        "what is left of the whole 1",
    ),
    # ---- exercise 5a
    Wrong(
        "cat-or-dog",
        "other is said",
        two(says="sums.idxmax(axis=1)"),
        "test-cat-or-dog",
        r"\*other\* is never said",
    ),
    Wrong(
        "cat-or-dog",
        "not divided",
        two(sure="larger"),
        "test-cat-or-dog",
        "the larger sum itself",
    ),
    Wrong(
        "cat-or-dog",
        "always the dogs' share",
        two(sure="dog / both"),
        "test-cat-or-dog",
        "always the share of the dogs",
    ),
    Wrong(
        "cat-or-dog",
        "one by the other",
        two(sure="larger / np.minimum(cat, dog)"),
        "test-cat-or-dog",
        "has the wrong value|one sum divided by the other",
    ),
    Wrong(
        "cat-or-dog",
        "how far ahead",
        two(sure="(cat - dog).abs() / both"),
        "test-cat-or-dog",
        "ahead of the other",
    ),
    Wrong(
        "cat-or-dog",
        "the smaller one",
        two(says='np.where(cat < dog, "cat", "dog")'),
        "test-cat-or-dog",
        "here it is the smaller one|has the wrong value",
    ),
    Wrong(
        "cat-or-dog",
        "a dog when equal",
        two(says='np.where(cat > dog, "cat", "dog")'),
        "test-cat-or-dog",
        "equal, it says cat",
    ),
    Wrong(
        "cat-or-dog",
        "one for all pictures",
        """
        def cat_or_dog(sums):
            if sums["cat"].sum() >= sums["dog"].sum():
                says = "cat"
            else:
                says = "dog"
            return pd.DataFrame(
                {"says": says, "sure": sums[says] / (sums["cat"] + sums["dog"])}, index=sums.index
            )
        """,
        "test-cat-or-dog",
        "has the wrong value",
    ),
    Wrong(
        "cat-or-dog",
        "a new index",
        """
        def cat_or_dog(sums):
            cat, dog = sums["cat"].to_numpy(), sums["dog"].to_numpy()
            return pd.DataFrame(
                {
                    "says": np.where(cat >= dog, "cat", "dog"),
                    "sure": np.maximum(cat, dog) / (cat + dog),
                }
            )
        """,
        "test-cat-or-dog",
        "should have '21:00' as its index",
    ),
    # ---- exercise 5b
    Wrong(
        "surer",
        "side by side",
        """
        def surer(known, unknown):
            right = [k > u for k, u in zip(known, unknown)]
            return sum(right) / len(right)
        """,
        "test-surer",
        "the second with the second",
    ),
    Wrong(
        "surer",
        "arrays of two lengths",
        """
        def surer(known, unknown):
            return np.mean(known > unknown)
        """,
        "test-surer",
        "raised ValueError",
    ),
    Wrong(
        "surer",
        "equal ones count nothing",
        pairs("k > u"),
        "test-surer",
        "here they count nothing",
    ),
    Wrong(
        "surer",
        "equal ones count fully",
        pairs("k >= u"),
        "test-surer",
        "as a whole one",
    ),
    Wrong(
        "surer",
        "the other way round",
        pairs("(k < u) + (k == u) / 2"),
        "test-surer",
        "\\*without\\* a right answer gets more",
    ),
    Wrong(
        "surer",
        "a count",
        pairs(gives="count"),
        "test-surer",
        "a number of pairs",
    ),
    Wrong(
        "surer",
        "divided by one length",
        pairs(gives="count / len(known)"),
        "test-surer",
        "the one length times the other",
    ),
    Wrong(
        "surer",
        "against the mean",
        """
        def surer(known, unknown):
            return np.mean(known > unknown.mean())
        """,
        "test-surer",
        "compares with a mean or a median",
    ),
    Wrong(
        "surer",
        "how much more",
        """
        def surer(known, unknown):
            return known.mean() - unknown.mean()
        """,
        "test-surer",
        "how much more confidence",
    ),
]

ENDLESS = """
def surer(known, unknown):
    import time

    while True:
        time.sleep(1)
"""
NOISY = """
import sys, warnings

def cat_or_dog(sums):
    warnings.warn("sharing")
    print("sharing", file=sys.stderr)
    says = np.where(sums["cat"] >= sums["dog"], "cat", "dog")
    return pd.DataFrame({"says": says, "sure": sums["cat"] / (sums["cat"] + sums["dog"])})
"""
# Points: 2 + 3, 3, 2, 2 + 2, 2 + 3, and 3 that a person gives.
SUBMISSIONS = [
    # A picture that is squashed costs the exercise, and the one that builds on it.
    Submission(
        "squasher",
        ("a square, squashed",),
        score=14,
        messages=("That squashes the picture to a square",),
    ),
    Submission(
        "speller",
        ("letters anywhere", "names as they were"),
        score=14,
        messages=("by letters anywhere in the name", "the names are not"),
    ),
    # 19 less 2, 2 and 3, with what the three right examples bring.
    Submission(
        "halves",
        ("too few", "always the dogs' share", "equal ones count nothing"),
        score=12.84,
        messages=("Write at least 8 examples", "always the share of the dogs", "count nothing"),
    ),
    # Somebody deleted the cell that fails, edited another that does, and handed in checks that say
    # yes. Besides, one answer warns, prints and is wrong, and one never ends. 19, less 3 for the
    # deleted cell, 2 for the edited one, and 3 for the endless answer.
    Submission(
        "sly",
        ("the upper left corner",),
        score=11,
        messages=(
            "That is the upper left corner",
            "always the share of the cats",
            "`surer` did not finish within",
        ),
        answers={"surer": ENDLESS, "cat-or-dog": NOISY},
        edits={"test-prepare": None, "test-cat-or-dog": "pass"},
        files=forged_modules("a4_checks", "a4_sealed", "a4_hidden"),
    ),
]
