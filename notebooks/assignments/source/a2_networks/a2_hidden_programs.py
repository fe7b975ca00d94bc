"""What exercise 5a of assignment 2 holds examples against: cross-entropy, and ways to miss it.

Packed into a2_sealed.py, which is released; this file is not. After a change, pack it again:
``python -m course_utils.checks notebooks/assignments/source/a2_networks``.
"""

import numpy as np


def of_right_classes(probabilities, labels):
    """Give one probability of each row."""
    return probabilities[np.arange(len(labels)), labels]


def accepts(probabilities, labels):
    """Say what is wrong with the table or the labels of an example."""
    if (
        probabilities.ndim != 2
        or probabilities.shape[1] < 2
        or probabilities.dtype.kind not in "if"
    ):
        return "`probabilities` should be a list of rows, each with numbers for two classes or more"
    n, k = probabilities.shape
    if not np.all((probabilities >= 0) & (probabilities <= 1)):
        return "a probability lies between 0 and 1"
    for row, total in enumerate(probabilities.sum(axis=1)):
        if abs(total - 1) > 1e-3:
            return f"row {row} of the probabilities adds up to {total:.6g}, and not to 1"
    if labels.shape != (n,):
        rows = "is 1 row" if n == 1 else f"are {n} rows"
        return f"there {rows}, so `labels` should be a list of {n}"
    if labels.dtype.kind not in "iu" or not np.all((labels >= 0) & (labels < k)):
        return f"there are {k} classes, so a label is a whole number from 0 to {k - 1}"
    if not np.all(of_right_classes(probabilities, labels) > 0):
        return "no right class should have the probability 0"
    return None


def right(probabilities, labels):
    """Give the mean of minus the natural logarithms."""
    return float(-np.log(of_right_classes(probabilities, labels)).mean())


def base_two(probabilities, labels):
    """takes the logarithm to the base 2"""
    return float(-np.log2(of_right_classes(probabilities, labels)).mean())


def added_up(probabilities, labels):
    """adds up the rows and takes no mean"""
    return float(-np.log(of_right_classes(probabilities, labels)).sum())


def winners(probabilities, labels):
    """takes the probability of the class that wins, be it the right one or not"""
    return float(-np.log(probabilities.max(axis=1)).mean())


WRONG = [base_two, added_up, winners]
