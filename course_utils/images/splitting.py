"""Dividing pictures into training, validation and test sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["stratified_split"]


def stratified_split(
    labels: NDArray[np.int64],
    fractions: Mapping[str, float],
    seed: int,
    groups: NDArray[np.int64] | None = None,
    *,
    class_names: Sequence[str] | None = None,
) -> dict[str, NDArray[np.int64]]:
    """Deal pictures out at random so that each part has its share of every class.

    Groups (pictures that are copies of each other) go to one part as a whole, the largest first, to
    the part that lacks most of what they bring. Where no picture has a copy, every class is divided
    exactly, up to rounding.

    Parameters
    ----------
    labels
        Class of each picture, shape (n,).
    fractions
        Part to its fraction of the pictures; they add up to 1.
    seed
        The same seed deals the same.
    groups
        Group of each picture, shape (n,); each its own when left out.
    class_names
        What the classes are called, for messages; their numbers when left out.

    Returns
    -------
    dict of str to numpy.ndarray
        For each part the positions of its pictures, ascending.

    Raises
    ------
    ValueError
        When the fractions are not positive or do not add up to 1, or a class is too small to be in
        every part.
    """
    labels = np.asarray(labels)
    _check_fractions(fractions)
    groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
    _, groups = np.unique(groups, return_inverse=True)
    n_classes = int(labels.max()) + 1 if len(labels) else 0
    # contents[g, c]: pictures of class c in group g; lacking[p, c]: how many part p still needs.
    contents = np.zeros((groups.max() + 1 if len(groups) else 0, n_classes), dtype=np.int64)
    np.add.at(contents, (groups, labels), 1)
    lacking = np.array([_shares(total, fractions) for total in contents.sum(axis=0)]).T
    lacking = lacking.reshape(len(fractions), n_classes)

    rng = np.random.default_rng(seed)
    order = rng.permutation(len(contents))
    order = order[np.argsort(-contents[order].sum(axis=1), kind="stable")]
    part_of_group = np.empty(len(contents), dtype=np.int64)
    for group in order:
        part = int(np.argmax(lacking @ contents[group]))
        part_of_group[group] = part
        lacking[part] -= contents[group]

    part_of_picture = part_of_group[groups]
    parts = {name: np.flatnonzero(part_of_picture == p) for p, name in enumerate(fractions)}
    for name, positions in parts.items():
        absent = set(labels.tolist()) - set(labels[positions].tolist())
        if absent:
            first = min(absent)
            called = repr(class_names[first]) if class_names else first
            raise ValueError(
                f"class {called} has too few different pictures ({(labels == first).sum()}, copies "
                f"counted) to be in {name} as well; add pictures, or ask for fewer or larger parts"
            )
    return parts


def _check_fractions(fractions: Mapping[str, float]) -> None:
    values = list(fractions.values())
    if not values or min(values) <= 0 or abs(sum(values) - 1) > 1e-6:
        raise ValueError(f"fractions must be positive and add up to 1; got {dict(fractions)}")


def _shares(total: int, fractions: Mapping[str, float]) -> NDArray[np.int64]:
    """Divide a class by largest remainders, so that the parts add up to the whole."""
    exact = total * np.array(list(fractions.values()))
    # Without rounding first, 0.1 * 30 could fall just below 3.
    shares = np.floor(np.round(exact, 9)).astype(np.int64)
    by_remainder = np.argsort(-(exact - shares), kind="stable")
    shares[by_remainder[: total - shares.sum()]] += 1
    return shares
