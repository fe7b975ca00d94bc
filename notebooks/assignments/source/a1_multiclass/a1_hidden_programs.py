"""What exercise 3b of assignment 1 holds examples against: the rules for ties, and misreadings.

Packed into a1_sealed.py, which is released; this file is not. After a change, pack it again:
``python -m course_utils.checks notebooks/assignments/source/a1_multiclass``.
"""

CLASSES = ["a", "b", "c"]
PAIRS = [(0, 1), (0, 2), (1, 2)]


def tally(scores, second_wins=lambda score: score > 0):
    """Give votes and support of the three classes."""
    votes, support = [0, 0, 0], [0.0, 0.0, 0.0]
    for score, (i, j) in zip(scores, PAIRS, strict=True):
        votes[j if second_wins(score) else i] += 1
        support[j] += score
        support[i] -= score
    # As by hand: 0.3 - 0.1 is 0.2.
    return votes, [round(s, 9) for s in support]


def ranked(*keys):
    """Give the class with the highest first key, among equals the second, and so on."""
    return CLASSES[max(range(3), key=lambda c: (*(key[c] for key in keys), -c))]


def accepts(scores):
    """Say what is wrong with the scores of an example."""
    numbers = list(scores) if isinstance(scores, (list, tuple)) else [scores]
    if len(numbers) != 3:
        return "there are three duels, so it should be a list of three scores"
    if any(isinstance(x, (bool, str)) or not abs(x) <= 1000 for x in numbers):
        return "scores should be numbers between -1000 and 1000"
    return None


def right(scores):
    """Predict by most votes, then most support, then the first."""
    return ranked(*tally(scores))


def first_of_equal_votes(scores):
    """takes the first of the classes that share the most votes"""
    return ranked(tally(scores)[0])


def support_alone(scores):
    """looks at the support alone and never counts votes"""
    return ranked(tally(scores)[1])


def votes_for_first(scores):
    """takes a score above 0 for a vote for the first class of the pair"""
    return ranked(*tally([-score for score in scores]))


WRONG = [first_of_equal_votes, support_alone, votes_for_first]
