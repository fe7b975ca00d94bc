"""What exercise 3 of assignment 5 holds examples against: which rows are most alike, and errors.

Packed into a5_sealed.py, which is released; this file is not. After a change, pack it again:
``python -m course_utils.checks notebooks/assignments/source/a5_features``.
"""

from fractions import Fraction


def is_number(value):
    """Say whether this is a number of modest size."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= 1000 and (value == 0 or abs(value) >= 0.001)


def is_whole(value):
    """Say whether this is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def accepts(features, row, k, metric):
    """Say what is wrong with the input of an example."""
    rows = features if isinstance(features, list) else []
    if not 2 <= len(rows) <= 30 or not all(isinstance(each, list) for each in rows):
        return "`features` should be a list of two or more rows, each a list of numbers"
    if len(rows[0]) == 0 or not all(is_number(value) for each in rows for value in each):
        return "rows should hold numbers from -1000 to 1000, none nearer to 0 than 0.001 but 0"
    if not all(any(each) for each in rows):
        return "a row of zeros has no direction"
    if not is_whole(row) or not 0 <= row < len(rows):
        return f"`row` should be a whole number from 0 to {len(rows) - 1}"
    if not is_whole(k) or not 1 <= k < len(rows):
        return f"`k` should be a whole number from 1 to {len(rows) - 1}"
    if metric not in ("cosine", "euclidean"):
        return '`metric` should be "cosine" or "euclidean"'
    return None


def product(one, other):
    """Give the sum of the products of the entries, without rounding."""
    return sum(Fraction(a) * Fraction(b) for a, b in zip(one, other, strict=True))


def distance(one, other):
    """Give the square of the distance."""
    return sum((Fraction(a) - Fraction(b)) ** 2 for a, b in zip(one, other, strict=True))


def cosine(one, other):
    """Give the square of the cosine, with the sign of the cosine: it keeps the order."""
    scalar = product(one, other)
    return scalar * abs(scalar) / (product(one, one) * product(other, other))


def unlike(one, other, metric):
    """Give how unlike two rows are."""
    return distance(one, other) if metric == "euclidean" else -cosine(one, other)


def ordered(features, row, metric, measure=unlike):
    """Give the numbers of all other rows, the most alike first."""
    others = [number for number in range(len(features)) if number != row]
    return sorted(others, key=lambda number: measure(features[number], features[row], metric))


def right(features, row, k, metric):
    """Give the k most alike."""
    return ordered(features, row, metric)[:k]


def finds_itself(features, row, k, metric):
    """finds the row itself first"""
    return [row, *ordered(features, row, metric)][:k]


def always_distance(features, row, k, metric):
    """takes the distance when the cosine is asked for"""
    return right(features, row, k, "euclidean")


def least_alike(features, row, k, metric):
    """gives those that are least alike"""
    order = ordered(features, row, metric, lambda *rows: -unlike(*rows))
    return order[:k]


WRONG = [finds_itself, always_distance, least_alike]
