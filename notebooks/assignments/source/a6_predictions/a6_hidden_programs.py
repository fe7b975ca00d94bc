"""What assignment 6 holds answers against: which pictures to pick, and which foxes are the group.

Packed into a6_sealed.py, which is released; this file is not. After a change, pack it again:
``python -m course_utils.checks notebooks/assignments/source/a6_predictions``.
"""

KINDS = ("most correct", "most incorrect", "most uncertain")
MOST_PICTURES, MOST_CLASSES = 50, 10

# The foxes whose pictures hang upside down.
GROUP = [123, 127, 128, 133, 138, 143, 144, 150, 153, 159, 161, 167, 171, 174, 177]


def accepts(y, probabilities, kind, n):
    """Say what is wrong with the input of an example."""
    if not isinstance(y, list) or not 1 <= len(y) <= MOST_PICTURES:
        return f"`y` should be a list of 1 to {MOST_PICTURES} class numbers"
    rows = probabilities if isinstance(probabilities, list) else []
    if len(rows) != len(y) or not all(isinstance(row, list) for row in rows):
        return f"`probabilities` should have a row for each of the {len(y)} pictures"
    classes = len(rows[0])
    if not 2 <= classes <= MOST_CLASSES:
        return f"there should be between 2 and {MOST_CLASSES} classes"
    if any(isinstance(label, bool) or not isinstance(label, int) for label in y) or not all(
        0 <= label < classes for label in y
    ):
        return f"`y` should hold class numbers, with {classes} classes 0 to {classes - 1}"
    for number, row in enumerate(rows):
        if any(isinstance(value, (bool, str)) or not 0 <= value <= 1 for value in row):
            return f"row {number} of `probabilities` should hold numbers from 0 to 1"
        if abs(sum(row) - 1) > 0.011:
            return f"row {number} of `probabilities` should add up to 1"
    if kind not in KINDS:
        return f"`kind` should be one of {', '.join(KINDS)}"
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= MOST_PICTURES:
        return f"`n` should be a whole number from 1 to {MOST_PICTURES}"
    return None


def wanted(y, probabilities, kind):
    """Give the rows that a kind is picked from."""
    rows = range(len(y))
    if kind == "most uncertain":
        return list(rows)
    right_ones = kind == "most correct"
    return [
        r for r in rows if (probabilities[r].index(max(probabilities[r])) == y[r]) == right_ones
    ]


def picked(y, probabilities, kind, n, key):
    """Pick the rows with the lowest key; of equal ones, the first."""
    return sorted(wanted(y, probabilities, kind), key=key)[:n]


def right(y, probabilities, kind, n):
    """Pick as the rules say."""
    sign = 1 if kind == "most uncertain" else -1
    return picked(y, probabilities, kind, n, lambda r: sign * max(probabilities[r]))


def the_least_sure_first(y, probabilities, kind, n):
    """puts those first of which the door is least sure, whichever kind is asked for"""
    return picked(y, probabilities, kind, n, lambda r: max(probabilities[r]))


def positions(y, probabilities, kind, n):
    """counts only the right ones, or the wrong ones, and gives positions among those"""
    rows = wanted(y, probabilities, kind)
    return [rows.index(r) for r in right(y, probabilities, kind, n)]


def all_of_them(y, probabilities, kind, n):
    """gives all of a kind, however few were asked for"""
    return right(y, probabilities, kind, len(y))


WRONG = [the_least_sure_first, positions, all_of_them]
