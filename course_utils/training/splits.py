"""Are these pictures fit to train and to judge a network? Errors before anything is computed."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any, Literal

from course_utils._threads import map_in_threads
from course_utils.datasets.loading import Dataset
from course_utils.features.decoding import FileState
from course_utils.images.duplicates import Fingerprint, find_pairs, take_fingerprint
from course_utils.images.sets import ImageSet

__all__ = ["check_splits", "content_digest"]


def check_splits(
    *,
    copies: Literal["raise", "allow"] = "raise",
    progress: bool = True,
    **splits: ImageSet,
) -> None:
    """Refuse sets of pictures from which nothing can be concluded.

    Parameters
    ----------
    copies : {"raise", "allow"}
        Whether near and mirrored copies across sets are an error. The same *file* in two sets
        always is one. Say "allow" after looking at the pairs, when they are different pictures.
    progress : bool
        Show a progress bar while pictures are compared.
    **splits : ImageSet
        By their names: ``train=…, valid=…, test=…``.

    Raises
    ------
    TypeError
        When one is no labelled set: a list of files without labels, or a whole data set.
    ValueError
        When a set is empty, the classes differ or one has no training picture, or a picture is in
        two sets, by its contents: copied, saved again, scaled, cropped a little, or mirrored. The
        message names both files.
    BadImageError
        When a picture cannot be read.
    """
    if copies not in ("raise", "allow"):
        raise ValueError(f"copies={copies!r} must be 'raise' or 'allow'")
    for name, images in splits.items():
        _check_kind(name, images)
    first, *others = splits
    for name in others:
        if splits[name].class_names != splits[first].class_names:
            raise ValueError(
                f"{first} has the classes {', '.join(splits[first].class_names)}, and {name} has "
                f"{', '.join(splits[name].class_names)}: their labels do not mean the same"
            )
    if "train" in splits:
        without = [name for name, count in splits["train"].class_counts().items() if not count]
        if without:
            raise ValueError(
                f"train has no picture of {', '.join(without)}: a class cannot be learned from none"
            )
    _check_overlap(splits, copies, progress)


def content_digest(images: ImageSet) -> str:
    """Give one SHA-256 for what a set holds: its files' bytes, labels, classes, and their order."""
    digest = hashlib.sha256("\n".join(images.class_names).encode())
    prints = map_in_threads(_fingerprint, images.paths, doing="read", unit="file", progress=False)
    for label, found in zip(images.labels.tolist(), prints, strict=True):
        digest.update(f"\n{label} {found.digest}".encode())
    return digest.hexdigest()


def _check_kind(name: str, images: Any) -> None:
    if isinstance(images, Dataset):
        raise TypeError(
            f"{name} is the whole data set {images.name!r}; choose one of its splits: "
            f"{' or '.join(f'data.{split}' for split in images)}"
        )
    if not isinstance(images, ImageSet):
        raise TypeError(
            f"{name} is of type {type(images).__name__}, which has no labels; make a set with "
            "ImageSet.from_folder(folder), one folder for each class, or ImageSet(paths, labels, "
            "class_names)"
        )
    if not len(images):
        raise ValueError(f"{name} is empty: there is nothing to learn from or to judge by")


def _check_overlap(splits: dict[str, ImageSet], copies: str, progress: bool) -> None:
    paths = [path for images in splits.values() for path in images.paths]
    names = [name for name, images in splits.items() for _ in images.paths]
    prints = map_in_threads(_fingerprint, paths, doing="compare", unit="picture", progress=progress)
    pairs = find_pairs(prints)
    across = [
        (names[row.first], paths[row.first], names[row.second], paths[row.second], row.kind)
        for row in pairs.itertuples()
        if names[row.first] != names[row.second]
    ]
    if copies == "allow":
        across = [pair for pair in across if pair[-1] == "exact"]
    if not across:
        return
    one, path, other, twin, kind = across[0]
    what = {
        "exact": "the same file as",
        "near": "nearly the same as",
        "mirrored": "the mirror image of",
    }
    allow = "" if kind == "exact" else " (if you have looked and they differ: copies='allow')"
    raise ValueError(
        f"{one} and {other} overlap in {len(across)} pictures, so {other} would test what was "
        f"learned by heart. The first: {path} in {one} is {what[kind]} {twin} in {other}{allow}. "
        "Leave them out, or split with images.split_into(…), which keeps copies together"
    )


def _fingerprint(path: Path) -> Fingerprint:
    try:
        state = FileState.of(path)
    except OSError:
        return take_fingerprint(path)  # raises the error that explains what is wrong
    return _kept_fingerprint(path, state)


@functools.lru_cache(maxsize=20_000)
def _kept_fingerprint(path: Path, state: FileState) -> Fingerprint:
    """Remember fingerprints for as long as the file stays the same: runs share their pictures."""
    return take_fingerprint(path)
