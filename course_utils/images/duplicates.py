"""Finding pictures that are the same, or nearly.

A picture that lies in training and in validation makes a score look better than it is. Exact copies
are found by their bytes. Near copies (saved again, scaled, made brighter, cropped a little, turned
grey) are found by a difference hash: shrink the grey picture to 8 x 9, and note for each pair of
neighbours which is brighter (Neal Krawetz, "Kind of Like That", hackerfactor.com, 2013). Here it is
taken along rows and along columns, which gives 128 bits; two pictures are compared by the number of
bits that differ. It is written out because it is short, worth reading, and compares 100,000
pictures in 12 processor seconds, where hash objects of a library would be compared one pair at a
time. Looking only at pictures that share a part of their hash would find the same pairs and save
nothing: for up to 16 differing bits the hash has to be cut into 17 parts, one of which is then sure
to be the same, and parts of 7 bits are shared by one picture in 128, in each of the 17.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from course_utils._threads import map_in_threads
from course_utils.images._listing import HasPaths, listed_pictures
from course_utils.images.reading import Header, read_with_header

__all__ = ["difference_hash", "duplicate_groups", "find_duplicates"]

THRESHOLD = 16
"""Differing bits, of 128, up to which two pictures count as nearly the same.

Measured on animal_faces: copies saved as JPEG of quality 30, scaled to a third, 25 % brighter or in
grey differ by at most 11 bits, cropped by 2 % a side or turned by 2 degrees by at most 15; the two
most similar different photographs differ by 20.
"""

# Grey levels (standard deviation) below which there is nothing to compare: a blank picture.
BLANK = 1.5
_SIDE = 8


def difference_hash(image: Image.Image) -> NDArray[np.bool_]:
    """Note where a picture gets brighter from left to right and from top to bottom.

    Parameters
    ----------
    image
        A picture of any size.

    Returns
    -------
    numpy.ndarray
        Shape (128,), bool: 64 comparisons along rows, then 64 along columns.
    """
    grey = image.convert("L")
    wide = np.asarray(grey.resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)).astype(np.int16)
    tall = np.asarray(grey.resize((_SIDE, _SIDE + 1), Image.Resampling.BOX)).astype(np.int16)
    return np.concatenate([np.diff(wide, axis=1).ravel() > 0, np.diff(tall, axis=0).ravel() > 0])


def find_duplicates(
    images: HasPaths | Sequence[str | os.PathLike[str]],
    *,
    threshold: int = THRESHOLD,
    progress: bool = True,
) -> pd.DataFrame:
    """Find pairs of pictures that are the same, nearly the same, or mirror images.

    Parameters
    ----------
    images
        A set, or a list of files.
    threshold
        Number of bits of the :func:`difference_hash`, of 128, up to which pictures are nearly the
        same. The default is right for photographs; 0 finds only equal hashes.
    progress
        Show a progress bar when it takes longer than a second.

    Returns
    -------
    pandas.DataFrame
        A row for each pair: ``first`` and ``second``, positions in ``images`` with first < second;
        ``kind``: ``"exact"`` (the same bytes), ``"near"`` or ``"mirrored"``; ``distance``, the
        differing bits. Blank pictures are only compared by their bytes.

    Raises
    ------
    BadImageError
        When a picture cannot be read; the message names it.
    TypeError
        When ``images`` is one picture, or a data set with splits.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> len(find_duplicates(load_dataset("textures").train))
    0
    """
    fingerprints = map_in_threads(
        take_fingerprint,
        [Path(path) for path in listed_pictures(images, "find_duplicates")],
        doing="compare",
        unit="picture",
        progress=progress,
    )
    return find_pairs(fingerprints, threshold)


class Fingerprint(NamedTuple):
    """All that is compared of a picture: its bytes, its look and its mirror image's, its header."""

    digest: str
    plain: NDArray[np.bool_]
    mirrored: NDArray[np.bool_]
    blank: bool
    header: Header


def take_fingerprint(path: Path) -> Fingerprint:
    """Read a picture once, to its end, and keep what comparing it takes.

    Raises
    ------
    BadImageError
        When it cannot be read.
    """
    # Decoding a JPEG at a fraction of its size is enough for 9 x 9 pixels, and much quicker.
    image, header = read_with_header(path, min_size=(64, 64))
    image = image.convert("L")
    small = image.resize((64, 64), Image.Resampling.BOX)
    mirror = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    blank = bool(np.asarray(small).std() < BLANK)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Fingerprint(digest, difference_hash(image), difference_hash(mirror), blank, header)


def find_pairs(fingerprints: Sequence[Fingerprint], threshold: int = THRESHOLD) -> pd.DataFrame:
    """Compare all pictures with each other; see :func:`find_duplicates` for the table."""
    digests = [fingerprint.digest for fingerprint in fingerprints]
    plain = _packed([fingerprint.plain for fingerprint in fingerprints])
    mirrored = _packed([fingerprint.mirrored for fingerprint in fingerprints])
    blank = np.array([fingerprint.blank for fingerprint in fingerprints], dtype=bool)
    return _pairs(digests, plain, mirrored, blank, threshold)


def _packed(hashes: list[NDArray[np.bool_]]) -> NDArray[np.uint64]:
    """Pack each hash into two 64-bit numbers, shape (2, n)."""
    bits = np.array(hashes, dtype=bool).reshape(len(hashes), 2 * _SIDE * _SIDE)
    return np.ascontiguousarray(np.packbits(bits, axis=1).view(np.uint64).T)


def _pairs(
    digests: list[str],
    plain: NDArray[np.uint64],
    mirrored: NDArray[np.uint64],
    blank: NDArray[np.bool_],
    threshold: int,
) -> pd.DataFrame:
    rows: list[tuple[int, int, str, int]] = []
    for i in range(len(digests) - 1):
        later = slice(i + 1, None)
        alike = _close(plain[:, later], plain[:, i], threshold)
        for j, distance in ((i + 1 + j, distance) for j, distance in alike.items()):
            if digests[i] == digests[j]:
                rows.append((i, j, "exact", 0))
            elif not (blank[i] or blank[j]):
                rows.append((i, j, "near", distance))
        for j, distance in _close(mirrored[:, later], plain[:, i], threshold).items():
            if j not in alike and not (blank[i] or blank[i + 1 + j]):
                rows.append((i, i + 1 + j, "mirrored", distance))
    rows.sort()
    table = pd.DataFrame(rows, columns=["first", "second", "kind", "distance"])
    return table.astype({"first": int, "second": int, "kind": object, "distance": int})


def _close(
    hashes: NDArray[np.uint64], wanted: NDArray[np.uint64], threshold: int
) -> dict[int, int]:
    """Find the hashes within ``threshold`` bits of one: position to number of differing bits."""
    differing = np.bitwise_count(hashes[0] ^ wanted[0])
    # Few are that close in the first half already; only those need the second.
    candidates = np.flatnonzero(differing <= threshold)
    total = differing[candidates] + np.bitwise_count(hashes[1, candidates] ^ wanted[1])
    close = total <= threshold
    return dict(zip(candidates[close].tolist(), total[close].tolist(), strict=True))


def duplicate_groups(pairs: pd.DataFrame, n: int) -> NDArray[np.int64]:
    """Give a group number to each picture, so that linked ones share it, shape (n,).

    Copies of copies are in one group, and a picture without a copy is a group of its own.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = (np.ones(len(pairs)), (pairs["first"].to_numpy(), pairs["second"].to_numpy()))
    _, groups = connected_components(coo_array(links, shape=(n, n)), directed=False)
    return groups.astype(np.int64)
