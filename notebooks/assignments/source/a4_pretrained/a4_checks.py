"""What the checks of assignment 4 try, and what they know about mistakes.

The notebook's checks call this. Solve the exercises before you read on: what follows gives away a
good part of the fun.
"""

import numpy as np
import pandas as pd
from a4_sealed import PROGRAMS
from PIL import Image

from course_utils.checks import (
    Case,
    Checklist,
    ExamplesTest,
    FunctionTest,
    IncorrectError,
    check_array,
    check_number,
    check_table,
)
from course_utils.checks.plain import describe, plain, refuse_blank

# ---- exercise 1 ----------------------------------------------------------------------------------

# Who mixes pixels in floats, or along the other axis first, differs by a rounding or two.
TWO_LEVELS = 2.01
BICUBIC = Image.Resampling.BICUBIC


def some_picture(seed, height, width):
    """Draw a picture with soft shapes in it, and another brightness in each channel."""
    rng = np.random.default_rng(seed)
    rough = rng.integers(0, 256, (height // 3 + 1, width // 3 + 1, 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(rough).resize((width, height), BICUBIC), dtype=float)
    return (soft * [1.0, 0.7, 0.4]).astype(np.uint8)


def resized(picture, width, height, mixing=BICUBIC):
    """Resize a picture."""
    size = max(int(width), 1), max(int(height), 1)
    return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize(size, mixing))


def small(picture, shorter, mixing=BICUBIC):
    """Resize a picture until its shorter side has this length."""
    height, width = picture.shape[:2]
    smaller = min(height, width)
    return resized(picture, width * shorter // smaller, height * shorter // smaller, mixing)


def sides_exchanged(picture, shorter):
    """Take the height for the width."""
    height, width = picture.shape[:2]
    smaller = min(height, width)
    return resized(picture, height * shorter // smaller, width * shorter // smaller)


def longer_side(picture, shorter):
    """Give the longer side the length that the shorter one should have."""
    height, width = picture.shape[:2]
    larger = max(height, width)
    return resized(picture, width * shorter // larger, height * shorter // larger)


def always_the_height(picture, shorter):
    """Give the height that length, even when it is the longer side."""
    height, width = picture.shape[:2]
    return resized(picture, width * shorter // height, shorter)


def always_the_width(picture, shorter):
    """Give the width that length, even when it is the longer side."""
    height, width = picture.shape[:2]
    return resized(picture, shorter, height * shorter // width)


def rounded(picture, shorter, to_whole):
    """Round the longer side in another way."""
    height, width = picture.shape[:2]
    smaller = min(height, width)
    return resized(
        picture, to_whole(width * shorter / smaller), to_whole(height * shorter / smaller)
    )


def never_larger(picture, shorter):
    """Leave a picture alone that is smaller than it should be."""
    return small(picture, shorter) if min(picture.shape[:2]) > shorter else picture


def by_a_factor(picture, shorter):
    """Round down what a factor gives, which is not exact in the computer."""
    height, width = picture.shape[:2]
    factor = shorter / min(height, width)
    return resized(picture, width * factor, height * factor)


def cropped(picture, height, width):
    """Cut out the middle."""
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width]


LYING, STANDING = some_picture(1, 10, 20), some_picture(2, 18, 10)
INEXACT = some_picture(4, 22, 25)  # 22 times 15 / 22 is less than 15 in floats
ROUND_DOWN = "The longer side is rounded *down* to a whole number."
SQUASHED = (
    "That squashes the picture to a square. Both sides shrink by the same factor; the middle is "
    "cut out later."
)

SHRINK = FunctionTest(
    "shrink",
    "1a",
    [
        Case({"picture": LYING, "shorter": 5}, small(LYING, 5), about="a picture that lies"),
        Case(
            {"picture": STANDING, "shorter": 6}, small(STANDING, 6), about="a picture that stands"
        ),
        Case({"picture": LYING[:4, :7], "shorter": 8}, small(LYING[:4, :7], 8), about="growing"),
        Case(
            {"picture": INEXACT, "shorter": 15},
            small(INEXACT, 15),
            about="a factor that has no exact number in the computer, 15 / 22",
        ),
    ],
    check_array,
    mistakes={
        SQUASHED: lambda picture, shorter: resized(picture, shorter, shorter),
        "Width and height are exchanged: Pillow's sizes begin with the width, an array's shape "
        "with the height.": sides_exchanged,
        "There, the *longer* side has the wanted length: the shorter one should.": longer_side,
        "There, the height always gets the wanted length. Which side is the shorter one?": (
            always_the_height
        ),
        "There, the width always gets the wanted length. Which side is the shorter one?": (
            always_the_width
        ),
        ROUND_DOWN: [
            lambda picture, shorter: rounded(picture, shorter, np.ceil),
            lambda picture, shorter: rounded(picture, shorter, round),
        ],
        "There, the shorter side is one pixel too short. A factor such as 15 / 22 is not exact in "
        "the computer, and rounding down takes a whole pixel away. Multiply by the wanted length "
        "first, and divide at the end: `//` does that in whole numbers.": by_a_factor,
        "A picture that is too small has to grow.": never_larger,
        "That mixes pixels in another way. Take `Image.Resampling.BICUBIC`.": [
            lambda picture, shorter: small(picture, shorter, Image.Resampling.NEAREST),
            lambda picture, shorter: small(picture, shorter, Image.Resampling.BILINEAR),
            lambda picture, shorter: small(picture, shorter, Image.Resampling.LANCZOS),
        ],
        "That cuts the picture to a square first. `shrink` cuts nothing off.": (
            lambda picture, shorter: small(cropped(picture, *[min(picture.shape[:2])] * 2), shorter)
        ),
        "Those run from 0 to 1. `shrink` leaves the numbers from 0 to 255.": (
            lambda picture, shorter: small(picture, shorter) / 255
        ),
    },
    options={"array": True, "rtol": 0, "atol": TWO_LEVELS},
)

# ImageNet's, which are different for each channel: a mistake shows.
BRIGHT = 255 - some_picture(3, 4, 6) // 4
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def normalised(pixels, mean, std):
    """Normalise pixels from 0 to 255, and put the channels first."""
    return ((pixels / 255 - np.array(mean)) / np.array(std)).transpose(2, 0, 1)


def prepared(picture, resize, size, mean, std):
    """Make of a picture what goes into a network."""
    return normalised(cropped(small(picture, resize), size, size), mean, std)


def cropped_first(picture, resize, size, mean, std):
    """Cut out the middle of the picture as it came."""
    return normalised(small(cropped(picture, size, size), size), mean, std)


def corner(picture, resize, size, mean, std):
    """Cut out the upper left corner."""
    return normalised(small(picture, resize)[:size, :size], mean, std)


def crops_exchanged(picture, resize, size, mean, std):
    """Begin the rows where the columns should begin."""
    pixels = small(picture, resize)
    left, top = (pixels.shape[0] - size) // 2, (pixels.shape[1] - size) // 2
    return normalised(pixels[top : top + size, left : left + size], mean, std)


def cut_from_behind(picture, resize, size, mean, std):
    """Cut as much off at the end as at the beginning, counted from the end."""
    pixels = small(picture, resize)
    top, left = (pixels.shape[0] - size) // 2, (pixels.shape[1] - size) // 2
    return normalised(pixels[top:-top, left:-left], mean, std)


def last_first(prepare):
    """Give what a way to prepare gives, with the channels last."""
    return lambda *arguments: prepare(*arguments).transpose(1, 2, 0)


def of_the_middle(then):
    """Do something to the pixels of the middle."""

    def prepare(picture, resize, size, mean, std):
        middle = cropped(small(picture, resize), size, size).astype(float)
        return then(middle, np.array(mean), np.array(std))

    return prepare


def channels(then):
    """Do something to the pixels of the middle, and put the channels first."""
    return of_the_middle(lambda middle, mean, std: then(middle, mean, std).transpose(2, 0, 1))


PREPARE = FunctionTest(
    "prepare",
    "1b",
    [
        Case(
            {
                "picture": LYING,
                "resize": 6,
                "size": 4,
                "mean": (0.5, 0.25, 0.75),
                "std": (0.5,) * 3,
            },
            prepared(LYING, 6, 4, (0.5, 0.25, 0.75), (0.5,) * 3),
            about="a picture that lies",
        ),
        Case(
            {"picture": STANDING, "resize": 8, "size": 4, "mean": MEAN, "std": STD},
            prepared(STANDING, 8, 4, MEAN, STD),
            about="a picture that stands, with the mean and deviation of ImageNet's colours",
        ),
        Case(
            {
                "picture": BRIGHT,
                "resize": 4,
                "size": 4,
                "mean": (0.8, 0.7, 0.6),
                "std": (0.05,) * 3,
            },
            prepared(BRIGHT, 4, 4, (0.8, 0.7, 0.6), (0.05,) * 3),
            about="a bright picture that needs no resizing",
        ),
    ],
    check_array,
    mistakes={
        "The channels are last. `transpose` puts them first, rows and columns after them.": (
            last_first(prepared)
        ),
        "Rows and columns are exchanged: the axes are channels, rows, columns, in this order.": (
            lambda *arguments: prepared(*arguments).transpose(0, 2, 1)
        ),
        "`reshape` only lays the same numbers out anew, and mixes the colours. Move the axes.": (
            of_the_middle(
                lambda middle, mean, std: ((middle / 255 - mean) / std).reshape(
                    3, *middle.shape[:2]
                )
            )
        ),
        "The numbers were not divided by 255. Mean and deviation are meant for numbers from 0 to "
        "1.": channels(lambda middle, mean, std: (middle - mean) / std),
        "That is divided by 255 twice, or by 255 after all the rest.": [
            channels(lambda middle, mean, std: (middle - mean) / std / 255),
            channels(lambda middle, mean, std: (middle / 255 / 255 - mean) / std),
        ],
        "White is 255, and not 256.": channels(
            lambda middle, mean, std: (middle / 256 - mean) / std
        ),
        "The colours are in the order blue, green, red. The picture's are red, green, blue, and so "
        "should yours be.": [
            channels(lambda middle, mean, std: (middle[..., ::-1] / 255 - mean) / std),
            lambda *arguments: prepared(*arguments)[::-1],
        ],
        "`mean` and `std` are exchanged: the mean is subtracted, the deviation divides.": channels(
            lambda middle, mean, std: (middle / 255 - std) / mean
        ),
        "Subtract the mean first, and then divide by the deviation.": channels(
            lambda middle, mean, std: middle / 255 / std - mean
        ),
        "It is only scaled to 0 to 1. Subtract the mean, and divide by the deviation.": channels(
            lambda middle, mean, std: middle / 255
        ),
        "The mean is subtracted; what is missing is the deviation.": channels(
            lambda middle, mean, std: middle / 255 - mean
        ),
        "Multiplied by the deviation: divide by it.": channels(
            lambda middle, mean, std: (middle / 255 - mean) * std
        ),
        "That is the mean and deviation of this picture. Take those that are given: the network "
        "was trained with one and the same for all.": channels(
            lambda middle, mean, std: (
                (middle - middle.mean(axis=(0, 1))) / middle.std(axis=(0, 1)).clip(1e-9)
            )
        ),
        "The middle was cut out before the picture was resized, so most of it is lost. Resize "
        "first.": cropped_first,
        "The picture was resized to the size of the crop, so nothing is left to cut off on the "
        "shorter side. Resize it to `resize` first.": (
            lambda picture, resize, size, mean, std: prepared(picture, size, size, mean, std)
        ),
        "The picture is squashed to a square. Use your `shrink`, and cut out the middle.": [
            lambda picture, resize, size, mean, std: normalised(
                cropped(resized(picture, resize, resize), size, size), mean, std
            ),
            lambda picture, resize, size, mean, std: normalised(
                resized(picture, size, size), mean, std
            ),
        ],
        "That is the upper left corner. Cut as much off on the left as on the right.": corner,
        "The crop begins at the row where it should begin at the column, and reversed.": (
            crops_exchanged
        ),
        "Where nothing is to be cut off, a slice from 0 to -0 is empty. Let a slice end `size` "
        "after its beginning.": cut_from_behind,
        "Nothing was cut off: the middle is `size` by `size`.": (
            lambda picture, resize, size, mean, std: normalised(small(picture, resize), mean, std)
        ),
    },
    options={"array": True, "rtol": 0, "atol": TWO_LEVELS / 255 / 0.224},
)

# ---- exercise 2 ----------------------------------------------------------------------------------

ANIMALS = ["fox", "cat", "dog", "hen", "ant"]


def softmax(logits):
    """Make probabilities of logits."""
    powers = np.exp(np.asarray(logits, dtype=float) - np.max(logits))
    return powers / powers.sum()


def overflowing(logits):
    """Make probabilities of logits by the formula as it stands."""
    with np.errstate(all="ignore"):
        powers = np.exp(np.asarray(logits, dtype=float))
        return powers / powers.sum()


def largest_first(values):
    """Give the order from large to small, of equal values the first first."""
    return np.argsort(-np.asarray(values), kind="stable")


def listed(order, class_names, probabilities):
    """Make a table of the classes at these positions."""
    chosen = [class_names[position] for position in order]
    return pd.DataFrame({"class": chosen, "probability": np.asarray(probabilities)[order]})


def top(logits, class_names, n, of=softmax, order_of=largest_first):
    """List the n most probable classes."""
    return listed(order_of(logits)[:n], class_names, of(logits))


def among_themselves(logits, class_names, n):
    """Make probabilities of the listed classes alone."""
    order = largest_first(logits)[:n]
    return pd.DataFrame(
        {"class": [class_names[i] for i in order], "probability": softmax(logits[order])}
    )


def names_left_behind(logits, class_names, n):
    """Sort the probabilities, and leave the names as they were."""
    table = top(logits, class_names, n)
    return table.assign(**{"class": class_names[: len(table)]})


def numbers_left_behind(logits, class_names, n):
    """Sort the names, and leave the probabilities as they were."""
    table = top(logits, class_names, n)
    return table.assign(probability=softmax(logits)[: len(table)])


FEW_LOGITS = np.array([0.5, 2.0, -1.0, 3.0, 1.5])
TIES = np.array([1.0, 4.0, 4.0, 0.0, 4.0])
OVERFLOWN = (
    "A power of e of a large number is too large for the computer, and infinity divided by "
    "infinity is nan. Subtract the largest logit from all of them first."
)

TOP_TABLE = FunctionTest(
    "top_table",
    "2",
    [
        Case({"logits": FEW_LOGITS, "class_names": ANIMALS, "n": 3}, top(FEW_LOGITS, ANIMALS, 3)),
        Case(
            {"logits": TIES, "class_names": ["d", "c", "a", "b", "e"], "n": 4},
            top(TIES, ["d", "c", "a", "b", "e"], 4),
            about="classes that are equally probable",
        ),
        Case(
            {"logits": np.array([1.0, 2.0]), "class_names": ["x", "y"], "n": 5},
            top(np.array([1.0, 2.0]), ["x", "y"], 5),
            about="a table that could be longer than there are classes",
        ),
        Case(
            {"logits": np.array([1001.0, 1003.0, 1002.0]), "class_names": ["a", "b", "c"], "n": 2},
            top(np.array([1001.0, 1003.0, 1002.0]), ["a", "b", "c"], 2),
            about="large logits",
        ),
    ],
    check_table,
    mistakes={
        OVERFLOWN: lambda *arguments: top(*arguments, of=overflowing),
        "Those are logits. Softmax makes probabilities of them.": (
            lambda *arguments: top(*arguments, of=np.asarray)
        ),
        "Those add up to 1 within the table. Divide by the sum of *all* powers, and choose "
        "afterwards.": among_themselves,
        "Those are the powers of e; each is divided by the sum of all of them.": [
            lambda *arguments: top(*arguments, of=np.exp),
            lambda *arguments: top(*arguments, of=lambda z: np.exp(z - z.max())),
        ],
        "That is a sigmoid of each logit for itself. Softmax divides by the sum of all powers.": (
            lambda *arguments: top(*arguments, of=lambda z: 1 / (1 + np.exp(-z.clip(-700))))
        ),
        "Logits divided by their sum are no probabilities: they may be negative. Take powers of e "
        "first.": lambda *arguments: top(*arguments, of=lambda z: z / z.sum()),
        "Those are percents. A probability goes from 0 to 1.": (
            lambda *arguments: top(*arguments, of=lambda z: 100 * softmax(z))
        ),
        "Those are the *least* probable ones. `argsort` sorts from small to large.": [
            lambda *arguments: top(*arguments, order_of=np.argsort),
            lambda *arguments: top(*arguments, order_of=lambda z: np.argsort(z, kind="stable")),
        ],
        "Those are the most probable ones, with the least of them first.": (
            lambda logits, class_names, n: top(logits, class_names, n)[::-1].reset_index(drop=True)
        ),
        "The classes are in the order of the list: sort them by their probability.": (
            lambda *arguments: top(*arguments, order_of=lambda z: np.arange(len(z)))
        ),
        "The probabilities are sorted, and the names are not: each name belongs to the logit at "
        "its own position.": names_left_behind,
        "The names are sorted, and the probabilities are not: both need the same order.": (
            numbers_left_behind
        ),
        "Of equally probable classes, the one that comes first in `class_names` comes first. An "
        "order that is turned round turns those round as well.": (
            lambda *arguments: top(
                *arguments, order_of=lambda z: np.argsort(z, kind="stable")[::-1]
            )
        ),
        "Of equally probable classes, the one that comes first in `class_names` comes first; here "
        "they are in the order of the alphabet.": (
            lambda logits, class_names, n: top(
                logits,
                class_names,
                n,
                order_of=lambda z: np.array(
                    sorted(range(len(z)), key=lambda i: (-z[i], class_names[i]))
                ),
            )
        ),
        "The column `class` holds positions. Take the names at these positions.": (
            lambda logits, class_names, n: top(logits, np.arange(len(logits)), n)
        ),
        "There is one class too many: n of them are listed.": (
            lambda logits, class_names, n: top(logits, class_names, n + 1)
        ),
        "There is one class too few: n of them are listed.": (
            lambda logits, class_names, n: top(logits, class_names, n - 1)
        ),
        "The index keeps the old positions. It should count the lines: 0, 1, 2 and so on.": (
            lambda logits, class_names, n: top(logits, class_names, n).set_index(
                largest_first(logits)[:n]
            )
        ),
    },
)

# ---- exercise 3 ----------------------------------------------------------------------------------

GROUPS = ("cat", "dog", "other")


def check_group(name, answer, expected):
    """Check one group."""
    refuse_blank(name, answer)
    given = plain(name, answer)
    if not isinstance(given, str) or given not in GROUPS:
        raise IncorrectError(
            f'`{name}` should be one of the texts "cat", "dog" and "other"; it is '
            f"{describe(given)}."
        )
    if given != expected:
        raise IncorrectError(f'`{name}` should be "{expected}"; it is "{given}".')


GROUP_EXAMPLES = ExamplesTest(
    "group_examples",
    "3",
    "group_of",
    ["name"],
    right=PROGRAMS.right,
    wrong=PROGRAMS.WRONG,
    check=check_group,
    points=2,
    accepts=PROGRAMS.accepts,
    at_least=8,
)

# ---- exercise 4 ----------------------------------------------------------------------------------

# Group and name, and what is to be said to who gets it wrong.
SOME_NAMES = [
    ("cat", "tabby", "a cat whose name is that of its coat"),
    ("cat", "Egyptian cat", "the last cat in the list, which a slice may leave out"),
    ("cat", "tiger cat", "a cat with stripes, and no tiger"),
    ("cat", "Siamese cat", ""),
    ("dog", "Chihuahua", "the first dog in the list"),
    ("dog", "Mexican hairless", "the last dog in the list, which a slice may leave out"),
    ("dog", "beagle", "one of many dogs with no *dog* in their names"),
    ("dog", "Irish wolfhound", "a dog that hunted wolves"),
    ("dog", "boxer", "a dog, and nobody in a ring"),
    ("dog", "Cardigan", "a dog from Wales, with a capital letter"),
    ("dog", "Eskimo dog", ""),
    ("other", "hotdog", "a sausage"),
    ("other", "dogsled", "a thing that dogs pull"),
    ("other", "catamaran", "a boat, which begins as a cat does"),
    ("other", "polecat", "a relative of the weasel, which ends as a cat does"),
    ("other", "Madagascar cat", "a lemur, which is only called a cat"),
    ("other", "cardigan", "a jacket of wool, with a small letter"),
    ("other", "African hunting dog", "a wild relative of the dog, which nobody ever tamed"),
    ("other", "timber wolf", "a wild relative of the dog"),
    ("other", "dingo", "a dog that lives wild: rule 3 has it among the others"),
    ("other", "red fox", "a wild relative of the dog"),
    ("other", "cougar", "a wild relative of the cat"),
    ("other", "lion", "a wild relative of the cat"),
    ("other", "sea lion", ""),
    ("other", "white wolf", "a wild relative of the dog"),
    ("other", "grey whale", ""),
    ("other", "espresso", ""),
]
GROUP_OF = FunctionTest(
    "group_of",
    "4a",
    [Case({"name": name}, kind, about=about) for kind, name, about in SOME_NAMES],
    check_group,
    mistakes={
        "That goes by letters anywhere in the name. Many a breed has no *cat* or *dog* in its "
        "name, and many another thing has.": [
            PROGRAMS.looks_for_letters,
            PROGRAMS.looks_for_small_letters,
        ],
        "That goes by the end of the name. Many a breed has no *cat* or *dog* in its name, and "
        "many another thing has.": [PROGRAMS.looks_at_the_end, PROGRAMS.looks_at_the_last_word],
        "That takes in the wild relatives. Rule 3 has them among the others.": [
            PROGRAMS.takes_the_families,
            PROGRAMS.adds_the_wild_cats,
            PROGRAMS.adds_the_wild_dogs,
        ],
        "The last of each kind is missing: a slice leaves out its end.": PROGRAMS.stops_early,
        "It says the same of every name.": [
            lambda name: "cat",
            lambda name: "dog",
            lambda name: "other",
        ],
        "Cats and dogs are exchanged.": PROGRAMS.exchanges_them,
    },
)


def some_probabilities(seed, n_pictures, n_classes):
    """Draw probabilities with three digits; each row adds up to 1."""
    rng = np.random.default_rng(seed)
    table = rng.dirichlet(np.ones(n_classes), n_pictures).round(3)
    table[:, 0] += 1 - table.sum(axis=1)
    return table.round(3)


def of_groups(probabilities, groups, combine=np.sum):
    """Combine the probabilities of each group."""
    columns = {kind: [j for j, group in enumerate(groups) if group == kind] for kind in GROUPS}
    return pd.DataFrame(
        {
            kind: combine(probabilities[:, places], axis=1) if places else 0.0
            for kind, places in columns.items()
        },
        index=range(len(probabilities)),
    )


def of_pets_alone(probabilities, groups):
    """Give each group's share of the pets' probabilities."""
    sums = of_groups(probabilities, groups)
    return sums.div(sums["cat"] + sums["dog"], axis=0)


def one_column_each(probabilities, groups):
    """Take the first class of each group for all of them."""
    return of_groups(probabilities, groups, lambda chosen, axis: chosen[:, 0])


def exchanged(table, one, other):
    """Exchange two columns."""
    return table.rename(columns={one: other, other: one})


FEW = np.array([[0.1, 0.2, 0.3, 0.4], [0.25, 0.0, 0.5, 0.25], [0.05, 0.05, 0.0, 0.9]])
MIXED = ["other", "dog", "cat", "dog", "other", "cat", "dog"]

ADD_UP = FunctionTest(
    "add_up",
    "4b",
    [
        Case(
            {"probabilities": FEW, "groups": ["dog", "cat", "dog", "other"]},
            of_groups(FEW, ["dog", "cat", "dog", "other"]),
        ),
        Case(
            {"probabilities": some_probabilities(4, 5, 7), "groups": MIXED},
            of_groups(some_probabilities(4, 5, 7), MIXED),
        ),
        Case(
            {"probabilities": FEW, "groups": ["other", "dog", "other", "dog"]},
            of_groups(FEW, ["other", "dog", "other", "dog"]),
            about="a list without any cats",
        ),
    ],
    check_table,
    by_row=["probabilities"],
    mistakes={
        "Those are the means of the groups. Add up: the sum is the probability of *any* of the "
        "names.": lambda *arguments: of_groups(*arguments, np.mean),
        "Those are the largest probabilities of the groups. Add up: the sum is the probability of "
        "*any* of the names.": lambda *arguments: of_groups(*arguments, np.max),
        "That is the first class of each group alone. Add up all of them.": one_column_each,
        "The three sums are divided by those of cat and dog. Leave them as they are: together they "
        "are 1.": of_pets_alone,
        "Cats and dogs are exchanged.": (
            lambda *arguments: exchanged(of_groups(*arguments), "cat", "dog")
        ),
        "That counts the classes that are there. Add up their probabilities.": (
            lambda *arguments: of_groups(*arguments, lambda chosen, axis: (chosen > 0).sum(axis))
        ),
        "`other` is what is left of the whole 1, without cats *and* dogs.": [
            lambda *arguments: of_groups(*arguments).assign(other=1 - of_groups(*arguments)["cat"]),
            lambda *arguments: of_groups(*arguments).assign(other=1 - of_groups(*arguments)["dog"]),
        ],
        "Every picture gets the sums of all pictures. Add up each row for itself.": (
            lambda probabilities, groups: of_groups(
                np.repeat(probabilities.sum(axis=0, keepdims=True), len(probabilities), 0), groups
            )
        ),
    },
)

# ---- exercise 5 ----------------------------------------------------------------------------------


def table_of_sums(cat, dog):
    """Make a table of sums: the third one is the rest."""
    cat, dog = np.array(cat), np.array(dog)
    return pd.DataFrame({"cat": cat, "dog": dog, "other": (1 - cat - dog).round(6)})


def said(sums, sure, says=None):
    """Make the table that exercise 5a asks for."""
    says = np.where(sums["cat"] >= sums["dog"], "cat", "dog") if says is None else says
    return pd.DataFrame({"says": says, "sure": sure}, index=sums.index)


def two(sums):
    """Say cat or dog, and the share of the two that it has."""
    return said(sums, sums[["cat", "dog"]].max(axis=1) / (sums["cat"] + sums["dog"]))


def other_way(sums):
    """Say the animal with the smaller sum."""
    return two(sums).assign(says=np.where(sums["cat"] >= sums["dog"], "dog", "cat"))


TIMED = table_of_sums([0.02, 0.5], [0.06, 0.3]).set_axis(["21:00", "21:20"])

CAT_OR_DOG = FunctionTest(
    "cat_or_dog",
    "5a",
    [
        Case(
            {"sums": table_of_sums([0.01, 0.6, 0.3, 0.002], [0.03, 0.2, 0.1, 0.038])},
            two(table_of_sums([0.01, 0.6, 0.3, 0.002], [0.03, 0.2, 0.1, 0.038])),
        ),
        Case(
            {"sums": table_of_sums([0.25, 0.0, 0.75], [0.25, 0.125, 0.0])},
            two(table_of_sums([0.25, 0.0, 0.75], [0.25, 0.125, 0.0])),
            about="two sums that are equal, and some that are 0",
        ),
        Case(
            {"sums": TIMED},
            two(TIMED),
            about="sums whose index is the time on the camera's clock",
        ),
    ],
    check_table,
    by_row=["sums"],
    mistakes={
        "She asks for cat and dog only: *other* is never said.": [
            lambda sums: two(sums).assign(says=sums.idxmax(axis=1)),
            lambda sums: said(sums, sums.max(axis=1), sums.idxmax(axis=1)),
        ],
        "That is the larger sum itself. Divide it by both sums together.": (
            lambda sums: said(sums, sums[["cat", "dog"]].max(axis=1))
        ),
        "That is always the share of the dogs. Take that of the animal that wins.": (
            lambda sums: said(sums, sums["dog"] / (sums["cat"] + sums["dog"]))
        ),
        "That is always the share of the cats. Take that of the animal that wins.": (
            lambda sums: said(sums, sums["cat"] / (sums["cat"] + sums["dog"]))
        ),
        "That is the share of the animal that loses.": (
            lambda sums: two(sums).assign(sure=1 - two(sums)["sure"])
        ),
        "That is one sum divided by the other. Divide by both of them together.": (
            lambda sums: said(
                sums, sums[["cat", "dog"]].max(axis=1) / sums[["cat", "dog"]].min(axis=1)
            )
        ),
        "That is by how much the one is ahead of the other. Take its share of the two.": [
            lambda sums: said(sums, (sums["cat"] - sums["dog"]).abs()),
            lambda sums: said(
                sums, (sums["cat"] - sums["dog"]).abs() / (sums["cat"] + sums["dog"])
            ),
        ],
        "The larger sum wins; here it is the smaller one.": other_way,
        "When the two sums are equal, it says cat.": (
            lambda sums: two(sums).assign(says=np.where(sums["cat"] > sums["dog"], "cat", "dog"))
        ),
        "Those are percents. A share goes from 0 to 1.": (
            lambda sums: two(sums).assign(sure=100 * two(sums)["sure"])
        ),
    },
)


def pairs(known, unknown, equal=0.5):
    """Give how often the first of a pair is larger; equal ones count as much as this."""
    difference = np.asarray(known)[:, np.newaxis] - np.asarray(unknown)
    return float(np.mean((difference > 0) + equal * (difference == 0)))


def side_by_side(known, unknown):
    """Compare the first with the first, the second with the second and so on."""
    length = min(len(known), len(unknown))
    return np.mean(known[:length] > unknown[:length])


SURER = FunctionTest(
    "surer",
    "5b",
    [
        Case({"known": np.array([0.9, 0.4]), "unknown": np.array([0.2, 0.7, 0.1])}, 5 / 6),
        Case(
            {"known": np.array([0.3, 0.8, 0.5, 0.5]), "unknown": np.array([0.5, 0.6, 0.3])},
            6.5 / 12,
            about="pairs of equal confidence",
        ),
        Case(
            {"known": np.array([0.1, 0.2]), "unknown": np.array([0.9, 0.3, 0.15, 0.4, 0.2])},
            1.5 / 10,
            about="a network that is surer of what it cannot know",
        ),
    ],
    check_number,
    mistakes={
        "That is how often the picture *without* a right answer gets more confidence.": (
            lambda known, unknown: 1 - pairs(known, unknown)
        ),
        "Pairs of equal confidence count one half each; here they count nothing.": (
            lambda known, unknown: pairs(known, unknown, 0)
        ),
        "Pairs of equal confidence count one half each; here they count as a whole one.": (
            lambda known, unknown: pairs(known, unknown, 1)
        ),
        "That compares the first with the first, the second with the second. Compare every one "
        "with every other.": side_by_side,
        "That compares with a mean or a median. Compare with every single picture.": [
            lambda known, unknown: np.mean(known > np.mean(unknown)),
            lambda known, unknown: np.mean(known > np.median(unknown)),
            lambda known, unknown: np.mean(np.mean(known) > unknown),
            lambda known, unknown: np.mean(np.median(known) > unknown),
        ],
        "That is a number of pairs. Divide by how many pairs there are.": (
            lambda known, unknown: pairs(known, unknown) * len(known) * len(unknown)
        ),
        "Divide by the number of pairs: the one length times the other.": [
            lambda known, unknown: pairs(known, unknown) * len(unknown),
            lambda known, unknown: pairs(known, unknown) * len(known),
            lambda known, unknown: (
                pairs(known, unknown) * len(known) * len(unknown) / (len(known) + len(unknown))
            ),
        ],
        "That is how much more confidence there is on average. Ask how often it is more.": (
            lambda known, unknown: np.mean(known) - np.mean(unknown)
        ),
        "Those are percents. The result goes from 0 to 1.": (
            lambda known, unknown: 100 * pairs(known, unknown)
        ),
    },
)

# ---- the notebook's ------------------------------------------------------------------------------

CHECKLIST = Checklist(
    [
        SHRINK,
        PREPARE,
        TOP_TABLE,
        GROUP_EXAMPLES,
        GROUP_OF,
        ADD_UP,
        CAT_OR_DOG,
        SURER,
    ],
    by_hand={"6": "a letter to Mrs Adler"},
)
check = CHECKLIST.check
show_progress = CHECKLIST.show_progress
