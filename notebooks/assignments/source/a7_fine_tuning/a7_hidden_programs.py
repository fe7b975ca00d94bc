"""What exercise 3 of assignment 7 holds examples against: when to stop, and ways to miss it.

Packed into a7_sealed.py, which is released; this file is not. After a change, pack it again:
``python -m course_utils.checks notebooks/assignments/source/a7_fine_tuning``.
"""

from fractions import Fraction

INFINITE = float("inf")


def accepts(losses, patience, min_delta):
    """Say what is wrong with the input of an example."""
    if not isinstance(losses, (list, tuple)) or not 1 <= len(losses) <= 100:
        return "`losses` should be a list of one to a hundred numbers"
    for loss in losses:
        if isinstance(loss, (bool, str, list, tuple)) or abs(loss) > 1000:
            return "losses should be numbers up to 1000, or NaN"
    if isinstance(patience, bool) or not isinstance(patience, int) or not 1 <= patience <= 100:
        return "`patience` should be a whole number from 1"
    if isinstance(min_delta, (bool, str, list, tuple)) or not 0 <= min_delta <= 1000:
        return "`min_delta` should be a number from 0"
    return None


def exact(number):
    """Give a number as it is written: on paper, 0.8 is higher than 0.7 by 0.1 and no more."""
    return Fraction(str(number)) if abs(number) < INFINITE else number


def is_better(loss, best, least, before):
    """Say whether a loss is better than the best so far, as the text says."""
    return loss < best - least


def is_over(epoch, best_epoch, waits, patience):
    """Say whether to stop, as the text says."""
    return epoch - best_epoch >= patience


def watch(losses, patience, min_delta, better=is_better, over=is_over):
    """Watch losses with these rules; give the best epoch and the last."""
    best, best_epoch, waits, before, epoch = INFINITE, 0, 0, INFINITE, 0
    least = exact(min_delta)
    for epoch, loss in enumerate(map(exact, losses), start=1):
        if better(loss, best, least, before):
            best, best_epoch = loss, epoch
        else:
            waits += 1
        before = loss
        if over(epoch, best_epoch, waits, patience):
            break
    return [best_epoch, epoch]


def right(losses, patience, min_delta):
    """Give the best epoch and the last."""
    return watch(losses, patience, min_delta)


def one_too_late(losses, patience, min_delta):
    """stops only after one more epoch than the patience says"""
    return watch(losses, patience + 1, min_delta)


def never_anew(losses, patience, min_delta):
    """counts all epochs that were not better, also those before a better one"""
    return watch(
        losses, patience, min_delta, over=lambda epoch, best, waits, patience: waits >= patience
    )


def without_min_delta(losses, patience, min_delta):
    """takes every lower loss for better, whatever `min_delta` is"""
    return watch(losses, patience, 0)


def counts_from_nought(losses, patience, min_delta):
    """gives the epochs a number less, because Python counts from 0"""
    return [max(0, epoch - 1) for epoch in watch(losses, patience, min_delta)]


WRONG = [one_too_late, never_anew, without_min_delta, counts_from_nought]
