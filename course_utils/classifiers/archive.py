"""The bytes of a saved classifier: read within bounds, and only if nothing in them is unknown.

A saved classifier is a skops file (https://skops.readthedocs.io): a zip archive with a
``schema.json`` that names types, and NumPy arrays beside it. Pickle would run whatever a file says;
skops builds only types that it trusts, which are some hundreds. This course trusts a list that fits
on a page (:data:`TRUSTED`), of classes that compute with NumPy alone: a wrong array in one of them
is an error of NumPy's, where a tree or a support vector machine would read memory that is not its
own.

Nothing in the archive is compressed, so that no small file can unpack to a large one.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

__all__ = [
    "ESTIMATORS",
    "LARGEST",
    "TRUSTED",
    "ClassifierFileError",
    "check_members",
    "read_members",
]

LARGEST = 2**30
"""Bytes that a saved classifier may have: a thousand classes on 1,280 features take 10 million."""

ESTIMATORS = frozenset(
    {
        "sklearn.decomposition._pca.PCA",
        "sklearn.discriminant_analysis.LinearDiscriminantAnalysis",
        "sklearn.dummy.DummyClassifier",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.multiclass.OneVsRestClassifier",
        "sklearn.pipeline.Pipeline",
        "sklearn.preprocessing._data.MinMaxScaler",
        "sklearn.preprocessing._data.Normalizer",
        "sklearn.preprocessing._data.RobustScaler",
        "sklearn.preprocessing._data.StandardScaler",
        "sklearn.preprocessing._label.LabelBinarizer",
    }
)
"""Parts that a saved classifier may be made of."""

TRUSTED = frozenset(
    {("ObjectNode", name) for name in ESTIMATORS}
    | {
        ("DictNode", "builtins.dict"),
        ("ListNode", "builtins.list"),
        ("TupleNode", "builtins.tuple"),
        ("JsonNode", "builtins.str"),
        ("TypeNode", "builtins.str"),
        ("TypeNode", "builtins.int"),
        ("NdArrayNode", "numpy.ndarray"),
        ("NdArrayNode", "numpy.float32"),
        ("NdArrayNode", "numpy.float64"),
        ("NdArrayNode", "numpy.int32"),
        ("NdArrayNode", "numpy.int64"),
    }
)
"""All that a file may ask for: how skops builds it, and what."""

_MOST_MEMBERS = 10_000
_LARGEST_TEXT = 2**24
_ARRAY_KINDS = "biufUS"


class ClassifierFileError(ValueError):
    """A file cannot be used as a saved classifier.

    Parameters
    ----------
    path
        The file.
    reason
        What is wrong with it, in words.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    reason : str
        What is wrong with it, in words.
    """

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{os.fspath(path)} cannot be used as a saved classifier: {reason}")
        self.path = Path(path)
        self.reason = reason

    def __reduce__(self) -> tuple[type[ClassifierFileError], tuple[Path, str]]:
        return type(self), (self.path, self.reason)


def read_members(path: Path) -> dict[str, bytes]:
    """Read a zip archive's members, all of them, if they are of the kind that is written here.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict of str to bytes
        Their contents by name, each as its checksum says.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ClassifierFileError
        When it is a folder, no archive, damaged, compressed, or too large.
    """
    if path.is_dir():
        raise ClassifierFileError(path, "it is a folder; give the file")
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}")
    size = path.stat().st_size
    if size > LARGEST:
        raise ClassifierFileError(path, f"it has {size:,} bytes, more than {LARGEST:,}")
    if size == 0:
        raise ClassifierFileError(path, "the file is empty")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(path, archive.infolist(), size)
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        if isinstance(error, ClassifierFileError):
            raise
        beginning = path.read_bytes()[:2]
        what = (
            "its content is damaged, or it was cut off"
            if beginning == b"PK"
            else "it is no file that save_classifier wrote"
        )
        raise ClassifierFileError(path, f"{what} ({error})") from error
    except RuntimeError as error:  # what zipfile raises for an encrypted member
        raise ClassifierFileError(path, f"it is protected by a password ({error})") from error


def _check_entries(path: Path, entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > _MOST_MEMBERS:
        raise ClassifierFileError(path, f"it holds {len(entries):,} parts")
    names = [info.filename for info in entries]
    if len(set(names)) != len(names):
        raise ClassifierFileError(path, "a part of it is there twice, so it says two things")
    for info in entries:
        if info.compress_type != zipfile.ZIP_STORED:
            raise ClassifierFileError(
                path,
                f"{info.filename!r} in it is compressed, which nothing in a saved classifier is: "
                "a small file could unpack to any size",
            )
    # Without compression the parts cannot be larger than the file, unless they overlap.
    if sum(info.file_size for info in entries) > size:
        raise ClassifierFileError(path, "its parts claim to be larger than the file")


def check_members(members: dict[str, bytes], path: str | os.PathLike[str]) -> None:
    """Make sure that skops will build nothing but what is on the list, from arrays that are whole.

    Parameters
    ----------
    members
        What :func:`read_members` gave.
    path
        The file, for messages.

    Raises
    ------
    ClassifierFileError
        When something is not on the list; the message names it.
    """
    try:
        text = members["schema.json"]
        if len(text) > _LARGEST_TEXT:
            raise ClassifierFileError(path, "its schema.json is too large")
        schema = json.loads(text)
    except KeyError:
        raise ClassifierFileError(path, "it has no schema.json: no skops file") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, ClassifierFileError):
            raise
        raise ClassifierFileError(path, f"its schema.json cannot be read ({error})") from error
    for node in _nodes(schema):
        _check_node(node, members, path)


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Give everything that skops could take for an instruction to build something."""
    waiting = [schema]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, dict):
            if not thing.keys().isdisjoint({"__loader__", "__class__", "__module__"}):
                yield thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            waiting.extend(thing)


def _check_node(
    node: dict[str, Any], members: dict[str, bytes], path: str | os.PathLike[str]
) -> None:
    wanted = f"{node.get('__module__')}.{node.get('__class__')}"
    if (node.get("__loader__"), wanted) not in TRUSTED:
        raise ClassifierFileError(
            path,
            f"it asks for {wanted} ({node.get('__loader__')}), which is not among the parts that "
            f"are trusted: {', '.join(sorted(name.rpartition('.')[2] for name in ESTIMATORS))}, "
            "and plain data",
        )
    file = node.get("file")
    if file is None:
        return
    if not isinstance(file, str) or file not in members:
        raise ClassifierFileError(path, f"it names an array, {file!r}, that is not in it")
    if problem := _problem_of_array(members[file]):
        raise ClassifierFileError(path, f"the array {file!r} in it {problem}")


def _problem_of_array(content: bytes) -> str:
    """Say what is wrong with a .npy file before NumPy makes room for what it claims to hold."""
    stream = io.BytesIO(content)
    try:
        version = npy.read_magic(stream)
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        shape, _, dtype = read_header[version](stream)
    except Exception as error:  # NumPy parses the header as Python, with all errors of that
        return f"cannot be read ({error})"
    if dtype.kind not in _ARRAY_KINDS:
        return f"is of type {dtype}, and holds no plain numbers or text"
    claimed = int(np.prod([int(length) for length in shape], dtype=object)) * dtype.itemsize
    if claimed != len(content) - stream.tell() or any(length < 0 for length in shape):
        return f"claims {claimed:,} bytes and has {len(content) - stream.tell():,}"
    return ""
