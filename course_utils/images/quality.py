"""Looking at the data before trusting a score: what a careful engineer checks first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from course_utils._threads import map_in_threads
from course_utils.images.duplicates import Fingerprint, find_pairs, take_fingerprint
from course_utils.images.reading import BadImageError
from course_utils.images.sets import ImageSet

__all__ = ["QualityReport", "check_quality"]

# Sides below this show little; most networks enlarge them sevenfold.
_SMALL_SIDE = 32
# A picture this much longer than wide loses its shape when it is squeezed into a square.
_LONG = 3.0
# Times more or fewer pixels than the median picture.
_FAR_FROM_MEDIAN = 16.0
# Times that the largest class is larger than the smallest, before accuracy alone misleads.
_UNBALANCED = 1.5

# Suffixes by Pillow's name of the format; others are not judged.
_SUFFIXES = {
    "JPEG": {".jpg", ".jpeg", ".jpe", ".jfif"},
    "MPO": {".jpg", ".jpeg", ".mpo"},
    "PNG": {".png"},
    "GIF": {".gif"},
    "BMP": {".bmp"},
    "WEBP": {".webp"},
    "TIFF": {".tif", ".tiff"},
}


@dataclass(frozen=True, repr=False)
class QualityReport:
    """What :func:`check_quality` found.

    Parameters
    ----------
    findings
        A row for each check: ``check``, ``found`` (how many), ``verdict`` (``"good"``, ``"look"``
        or ``"repair"``) and ``note``.
    pictures
        A row for each picture: ``split``, ``class``, ``path``, ``width`` and ``height`` in pixels,
        ``mode`` and ``format`` as stored, ``blank``, ``odd_size``, and ``problem`` (why it cannot
        be read, or empty).
    duplicates
        A row for each pair of copies: ``kind`` (``"exact"``, ``"near"`` or ``"mirrored"``),
        ``distance``, and of both pictures ``split_1``, ``class_1``, ``path_1``, ``split_2`` …
    balance
        Readable pictures of each class (rows) in each split (columns).
    caption
        Which data, photographs or painted.
    """

    findings: pd.DataFrame
    pictures: pd.DataFrame
    duplicates: pd.DataFrame
    balance: pd.DataFrame
    caption: str

    @property
    def good(self) -> bool:
        """True when no check asks for a look or a repair."""
        return bool((self.findings["verdict"] == "good").all())

    def __repr__(self) -> str:
        words = ["check", "verdict", "note"]
        widths = {column: self.findings[column].str.len().max() for column in words}
        aligned = {column: f"{{:<{width}}}".format for column, width in widths.items()}
        table = self.findings.to_string(index=False, justify="left", formatters=aligned)
        return f"{self.caption}\n{table}"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.caption)}</p>{self.findings.to_html(index=False, justify='left')}"


def check_quality(
    data: ImageSet | Mapping[str, ImageSet], *, progress: bool = True
) -> QualityReport:
    """Check pictures for what spoils a score: copies across splits, broken files, odd ones.

    Every picture is decoded once, and all are compared with each other (see
    :func:`course_utils.images.duplicates.find_duplicates`).

    Parameters
    ----------
    data
        A data set, or a set, or a dictionary of sets by split.
    progress
        Show a progress bar when it takes longer than a second.

    Returns
    -------
    QualityReport
        Printed, it is a table; :func:`course_utils.plotting.quality.plot_quality` draws it.

    Raises
    ------
    ValueError
        When there is no picture, or the splits have different classes.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> check_quality(load_dataset("textures")).findings["found"].sum()
    np.int64(0)
    """
    splits = {data.split: data} if isinstance(data, ImageSet) else dict(data)
    if not any(len(images) for images in splits.values()):
        raise ValueError("there is no picture to check")
    class_names = next(iter(splits.values())).class_names
    if any(images.class_names != class_names for images in splits.values()):
        raise ValueError("the splits have different classes, so they are not one data set")

    pictures, fingerprints = _examine_all(splits, progress)
    readable = pictures[pictures["problem"] == ""]
    duplicates = _describe_pairs(readable, find_pairs(fingerprints))
    balance = pd.crosstab(readable["class"], readable["split"])
    balance = balance.reindex(index=list(class_names), columns=list(splits), fill_value=0)
    balance.index.name, balance.columns.name = "class", "split"
    origins = dict.fromkeys(images.origin for images in splits.values())
    names = dict.fromkeys(images.name for images in splits.values())
    return QualityReport(
        findings=_judge(pictures, duplicates, balance),
        pictures=pictures,
        duplicates=duplicates,
        balance=balance,
        caption=f"{', '.join(names)} ({', '.join(origins)}): {len(pictures)} pictures",
    )


def _examine_all(
    splits: Mapping[str, ImageSet], progress: bool
) -> tuple[pd.DataFrame, list[Fingerprint]]:
    """Read every picture; give a row for each, and the fingerprints of the readable ones."""
    listed = [
        (split, str(target), path)
        for split, images in splits.items()
        for target, path in zip(images.targets, images.paths, strict=True)
    ]
    examined = map_in_threads(
        _examine,
        [path for *_, path in listed],
        doing="examine",
        unit="picture",
        progress=progress,
    )
    rows = [
        {"split": split, "class": label, "path": path} | _facts(found)
        for (split, label, path), found in zip(listed, examined, strict=True)
    ]
    rows += [
        {"split": split, "class": path.parent.name, "path": path} | _facts(reason)
        for split, images in splits.items()
        for path, reason in images.skipped
    ]
    pictures = pd.DataFrame(rows)
    readable = pictures["problem"] == ""
    pictures["odd_size"] = False
    pictures.loc[readable, "odd_size"] = _odd_sizes(pictures[readable])
    return pictures, [found for found in examined if isinstance(found, Fingerprint)]


def _examine(path: Path) -> Fingerprint | str:
    try:
        return take_fingerprint(path)
    except BadImageError as problem:
        return problem.reason


def _facts(found: Fingerprint | str) -> dict[str, object]:
    """Give the columns of a picture, or of a file that cannot be read for the given reason."""
    if isinstance(found, str):
        return {
            "width": 0, "height": 0, "mode": "", "format": "", "blank": False, "problem": found,
        }  # fmt: skip
    (width, height), mode, kind = found.header
    return {
        "width": width, "height": height, "mode": mode, "format": kind, "blank": found.blank,
        "problem": "",
    }  # fmt: skip


def _describe_pairs(readable: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    described = pairs[["kind", "distance"]].reset_index(drop=True)
    for number, column in (("1", "first"), ("2", "second")):
        members = readable.iloc[pairs[column].to_numpy()][["split", "class", "path"]]
        described = described.join(members.reset_index(drop=True).add_suffix(f"_{number}"))
    return described


def _judge(pictures: pd.DataFrame, duplicates: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    readable = pictures[pictures["problem"] == ""]
    across = duplicates["split_1"] != duplicates["split_2"]
    exact = duplicates["kind"] == "exact"
    relabelled = duplicates["class_1"] != duplicates["class_2"]
    usual_mode = readable["mode"].mode().get(0, "")
    counts = balance.to_numpy()
    ratios = counts.max(axis=0) / np.maximum(counts.min(axis=0), 1)
    rows = [
        ("unreadable files", len(pictures) - len(readable), "repair",
         "replace them or leave them out, knowingly"),
        ("same picture in two splits", int((across & exact).sum()), "repair",
         "its answer is learned by heart: keep it in one split only"),
        ("nearly the same picture in two splits", int((across & ~exact).sum()), "look",
         "saved again, scaled or mirrored? Then keep it in one split only"),
        ("copies within a split", int((~across).sum()), "look",
         "they count double; keep one"),
        ("copies with different labels", int(relabelled.sum()), "repair",
         "at least one of the labels is wrong"),
        ("blank pictures", int(readable["blank"].sum()), "look",
         "one grey level all over: is that a picture?"),
        ("odd sizes", int(pictures["odd_size"].sum()), "look",
         f"a side under {_SMALL_SIDE} px, a shape beyond {_LONG:g} : 1, or "
         f"{_FAR_FROM_MEDIAN:g} times off the median"),
        ("odd colour modes", int((readable["mode"] != usual_mode).sum()), "look",
         f"most are {usual_mode}; if the others are of one class, that gives it away"),
        ("wrong file suffixes", int(_wrong_suffix(readable).sum()), "look",
         "the content decides, but other tools may trust the name"),
        ("classes absent from a split", int((counts == 0).sum()), "repair",
         "no score can say anything about them"),
        ("unbalanced splits", int((ratios > _UNBALANCED).sum()), "look",
         f"the largest class is up to {ratios.max():.1f} times the smallest"),
    ]  # fmt: skip
    findings = pd.DataFrame(rows, columns=["check", "found", "verdict", "note"])
    findings.loc[findings["found"] == 0, "verdict"] = "good"
    findings.loc[(findings["found"] == 0) & (findings["check"] != "unbalanced splits"), "note"] = ""
    return findings


def _odd_sizes(pictures: pd.DataFrame) -> pd.Series:
    """Say of each readable picture whether it is tiny, very long, or far from the median size."""
    sides = pictures[["width", "height"]].astype(float)
    area = sides["width"] * sides["height"]
    off = np.maximum(area / area.median(), area.median() / area)
    long = sides.max(axis=1) / sides.min(axis=1)
    return (sides.min(axis=1) < _SMALL_SIDE) | (long > _LONG) | (off > _FAR_FROM_MEDIAN)


def _wrong_suffix(pictures: pd.DataFrame) -> pd.Series:
    def is_wrong(path: Path, kind: str) -> bool:
        return path.suffix.lower() not in _SUFFIXES.get(kind, {path.suffix.lower()})

    wrong = [
        is_wrong(path, kind)
        for path, kind in zip(pictures["path"], pictures["format"], strict=True)
    ]
    return pd.Series(wrong, index=pictures.index, dtype=bool)
