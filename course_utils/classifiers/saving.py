"""A trained classifier in one file, to be used tomorrow, by others, on another machine."""

from __future__ import annotations

import datetime
import io
import os
import warnings
import zipfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from course_utils._files import replace_when_complete
from course_utils.classifiers.about import About
from course_utils.classifiers.archive import ClassifierFileError, check_members, read_members
from course_utils.classifiers.checking import (
    check_rows,
    compare_answers,
    features_of_patterns,
    probabilities_of,
)
from course_utils.classifiers.saved import SavedClassifier
from course_utils.features.extracting import FeatureSet
from course_utils.networks.backbone import Backbone
from course_utils.networks.loading import shared_backbone
from course_utils.networks.preprocessing import Preprocessing

__all__ = ["load_classifier", "read_about", "save_classifier"]

_PARTS = {"classifier", "check_rows", "check_probabilities", "check_features"}
# Between the same network under two versions of torch: rounding alone. Other activations, sizes or
# paddings are far beyond it.
_LEAST_COSINE = 0.9999


def save_classifier(
    path: str | os.PathLike[str],
    classifier: Any,
    features: FeatureSet,
    *,
    backbone: Backbone | None = None,
    note: str = "",
) -> Path:
    """Save a trained classifier with all that it takes to classify new pictures.

    The file holds the classifier, the names of its classes, and what its features were: the
    network's name, the digests of its weights and structure, the layer and the preprocessing. The
    network itself is not in it, and no picture. It is written whole or not at all.

    Parameters
    ----------
    path : path
        File to create or replace, such as ``"animals.skops"``.
    classifier : scikit-learn classifier or pipeline
        Fitted on ``features.X`` and ``features.y`` (or ``features.targets``), with
        ``predict_proba``, and made of the parts in
        :data:`course_utils.classifiers.archive.ESTIMATORS`.
    features : FeatureSet
        What it was trained on, as :func:`~course_utils.extract_features` gave it.
    backbone : Backbone, optional
        The network, where it is not the one that ``load_backbone`` gives for its name.
    note : str
        What somebody should know who finds the file.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    TypeError
        When ``features`` is no FeatureSet with labels.
    ValueError
        When the classifier is not fitted, was fitted on other features, has parts that are not
        trusted, or the network is another one than the features were made with.
    OSError
        When the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn.linear_model import LogisticRegression
    >>> from course_utils import extract_features, load_dataset
    >>> train = extract_features(load_dataset("sample_photos").all, progress=False)
    >>> model = LogisticRegression(max_iter=2000).fit(train.X, train.y)
    >>> file = save_classifier(Path(tempfile.mkdtemp()) / "things.skops", model, train)
    >>> load_classifier(file).class_names[:2]
    ('cat', 'coffee')
    """
    if not isinstance(features, FeatureSet) or features.y is None:
        raise TypeError(
            "features must be what extract_features gave for a labelled set of pictures: it says "
            "which network, layer and preprocessing the classifier belongs to"
        )
    own = _network_of(features, backbone)
    about = _about(classifier, features, own, note)
    rows = check_rows(features.X, features.y)
    parts = {
        "classifier": classifier,
        "check_rows": rows,
        "check_probabilities": probabilities_of(classifier, rows, len(about.class_names)),
        "check_features": features_of_patterns(own, about.layer, pooled=about.pooled),
    }
    content = _packed(parts, about)
    with replace_when_complete(path) as temporary:
        temporary.write_bytes(content)
        try:
            _read(temporary)
        except ClassifierFileError as error:
            raise ValueError(
                f"this classifier cannot be saved: read again, {error.reason}"
            ) from error
    return Path(path)


def _network_of(features: FeatureSet, backbone: Backbone | None) -> Backbone:
    made_with = features.provenance
    own = shared_backbone(made_with["backbone"]) if backbone is None else backbone
    identity = own.identity()
    if not made_with["weights"] or identity.problem:
        raise ValueError(
            f"the network cannot be told from others, so nobody could find out whether a saved "
            f"classifier is used with the right one: {identity.problem}"
        )
    for what, now in (("weights", identity.weights), ("structure", identity.structure)):
        if made_with[what] != now:
            raise ValueError(
                f"the features were made by a {own.name} with another {what} than the network "
                "that is given here; pass the one that made them as backbone="
            )
    if (
        type(own.transform) is not Preprocessing
        or _as_lists(own.transform) != made_with["transform"]
    ):
        raise ValueError(
            f"the features were made with another preprocessing than {own.name} has here, or one "
            "of a class of its own, which cannot be saved; pass the network that made them"
        )
    return own


def _about(classifier: Any, features: FeatureSet, own: Backbone, note: str) -> About:
    made_with = features.provenance
    classes = getattr(classifier, "classes_", None)
    if classes is None or not hasattr(classifier, "predict_proba"):
        raise ValueError(
            f"the classifier, {type(classifier).__name__}, is not fitted or gives no "
            "probabilities; fit one that has predict_proba, such as LogisticRegression"
        )
    if getattr(classifier, "n_features_in_", features.X.shape[1]) != features.X.shape[1]:
        raise ValueError(
            f"the classifier was fitted on {classifier.n_features_in_} features a picture, and "
            f"these have {features.X.shape[1]}"
        )
    identity = own.identity()
    return About(
        backbone=own.name,
        weights=identity.weights,
        structure=identity.structure,
        layer=made_with["layer"],
        pooled=bool(made_with["pooled"]),
        transform=_as_lists(own.transform),
        draft=bool(made_with["draft"]),
        engine=made_with["engine"],
        precision=made_with["precision"],
        device=made_with["device"],
        class_names=_names_of(np.asarray(classes), features.class_names),
        n_features=int(features.X.shape[1]),
        versions=_versions(),
        saved=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        note=note,
    )


def _names_of(classes: np.ndarray, class_names: Sequence[str]) -> tuple[str, ...]:
    """Give the class name of each column of ``predict_proba``."""
    if classes.ndim == 1 and classes.dtype.kind in "iu":
        if len(classes) and classes.min() >= 0 and classes.max() < len(class_names):
            return tuple(class_names[label] for label in classes.tolist())
    elif classes.ndim == 1 and {str(name) for name in classes} <= set(class_names):
        return tuple(str(name) for name in classes)
    raise ValueError(
        f"the classifier tells apart {classes.tolist()}, which are not classes of these features: "
        f"{', '.join(class_names)}"
    )


def _as_lists(transform: Preprocessing) -> dict[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in vars(transform).items()
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in ("course-utils", "scikit-learn", "skops", "torch"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found


def _packed(parts: dict[str, Any], about: About) -> bytes:
    import skops.io

    buffer = io.BytesIO()
    try:
        skops.io.dump(parts, buffer)
    except Exception as error:  # skops raises several kinds for what it cannot write
        raise ValueError(f"the classifier cannot be saved: {error}") from error
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("about.json", about.as_json())
    return buffer.getvalue()


def load_classifier(
    path: str | os.PathLike[str], *, backbone: Backbone | None = None
) -> SavedClassifier:
    """Load a saved classifier, with its network, if it is the network that it was trained on.

    Nothing in the file is run. It may ask for the types in
    :data:`course_utils.classifiers.archive.TRUSTED` and for nothing else, whatever it says about
    itself, and it has to answer its own check as it did when it was saved.

    Parameters
    ----------
    path : path
        What :func:`save_classifier` wrote.
    backbone : Backbone, optional
        The network, where it is not the one that ``load_backbone`` gives for its name.

    Returns
    -------
    SavedClassifier

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ClassifierFileError
        When the file is no saved classifier, is damaged, asks for something that is not trusted,
        belongs to other weights or another preprocessing than are here, or no longer answers as it
        did. The message says which.
    WeightsNotFoundError
        When the network's weights are not on this machine.

    Examples
    --------
    >>> load_classifier("of-a-colleague.skops")
    Traceback (most recent call last):
    FileNotFoundError: there is no file of-a-colleague.skops
    """
    file = Path(path)
    about, parts = _read(file)
    try:
        own = shared_backbone(about.backbone) if backbone is None else backbone
    except ValueError as error:  # no network of that name; weights that are absent say so alone
        raise ClassifierFileError(file, str(error)) from error
    if problem := _mismatch(about, parts["check_features"], own):
        raise ClassifierFileError(file, problem)
    return SavedClassifier(parts["classifier"], own, about)


def read_about(path: str | os.PathLike[str]) -> About:
    """Read what a saved classifier says about itself, without its network and its classifier.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ClassifierFileError
        When the file is no saved classifier.
    """
    return _about_in(read_members(Path(path)), Path(path))


def _about_in(members: dict[str, bytes], file: Path) -> About:
    if "about.json" not in members:
        raise ClassifierFileError(file, "it does not say which network it belongs to (about.json)")
    try:
        return About.from_json(members["about.json"])
    except ValueError as error:
        raise ClassifierFileError(file, str(error)) from error


def _read(file: Path) -> tuple[About, dict[str, Any]]:
    """Read a file and let its classifier answer its own check."""
    members = read_members(file)
    about = _about_in(members, file)
    check_members(members, file)
    parts = _built(file, members, about)
    try:
        answers = probabilities_of(parts["classifier"], parts["check_rows"], len(about.class_names))
    except ValueError as error:
        raise ClassifierFileError(file, f"{error}{_other_versions(about)}") from error
    if not compare_answers(answers, parts["check_probabilities"]):
        raise ClassifierFileError(
            file,
            "it no longer answers as it did when it was saved"
            f"{_other_versions(about) or '; its content is damaged'}",
        )
    return about, parts


def _built(file: Path, members: dict[str, bytes], about: About) -> dict[str, Any]:
    import skops.io
    from sklearn.exceptions import InconsistentVersionWarning

    # Of what was checked, and not of the file, which could be another one by now.
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    try:
        with warnings.catch_warnings():
            # Whether another version of scikit-learn still means the same is tested below.
            warnings.simplefilter("ignore", InconsistentVersionWarning)
            parts = skops.io.load(content, trusted=[])
    except Exception as error:  # a file from elsewhere can make any of skops' steps fail
        raise ClassifierFileError(
            file, f"skops cannot build it ({error}){_other_versions(about)}"
        ) from error
    if not isinstance(parts, dict) or parts.keys() != _PARTS:
        raise ClassifierFileError(file, f"it does not consist of {', '.join(sorted(_PARTS))}")
    rows, features = parts["check_rows"], parts["check_features"]
    for array in (rows, features, parts["check_probabilities"]):
        if not isinstance(array, np.ndarray) or array.ndim != 2 or array.dtype.kind != "f":
            raise ClassifierFileError(file, "its check is not made of tables of numbers")
    if rows.shape[1] != about.n_features or features.shape != (2, about.n_features):
        raise ClassifierFileError(file, "its check has another number of features than it says")
    return parts


def _other_versions(about: About) -> str:
    """Say with which other versions a classifier was saved; empty when they are these."""
    here = _versions()
    other = [
        f"{package} {there} (here {here[package]})"
        for package, there in about.versions.items()
        if package in here and here[package] != there
    ]
    if not other:
        return ""
    return f"; it was saved with {', '.join(other)}: take those, or train and save it anew"


def _mismatch(about: About, expected: np.ndarray, own: Backbone) -> str:
    """Say why a classifier must not be used beside a network; empty when it may."""
    identity = own.identity()
    if identity.problem:
        return f"nobody can tell whether it belongs to the network here: {identity.problem}"
    if identity.weights != about.weights:
        return (
            f"it was trained on features of {about.backbone} with other weights "
            f"({about.weights[:12]}…) than those here ({identity.weights[:12]}…, from "
            f"{own.source}), so its answers would mean nothing; load it with its own network, "
            f"load_classifier(…, backbone=load_backbone({about.backbone!r}, weights=…))"
        )
    now, then = _as_lists(own.transform), about.transform
    if type(own.transform) is not Preprocessing or now != then:
        differences = [
            f"{key} is {now.get(key)}, trained with {then.get(key)}"
            for key in {**now, **then}
            if now.get(key) != then.get(key)
        ] or [f"it is a {type(own.transform).__name__}"]
        return (
            "it was trained on pictures with another preprocessing than the network has here: "
            + "; ".join(differences)
        )
    if identity.structure == about.structure:
        return ""
    # The structure's digest holds the versions of torch and timm. A change of those alone must not
    # make a classifier useless; whether it is more than that shows in what the network computes.
    try:
        features = features_of_patterns(own, about.layer, pooled=about.pooled)
    except ValueError as error:
        return f"the network here is built differently ({error})"
    if features.shape == expected.shape:
        products = (features * expected).sum(axis=1)
        norms = np.linalg.norm(features, axis=1) * np.linalg.norm(expected, axis=1)
        if (products >= _LEAST_COSINE * norms).all() and np.allclose(
            np.linalg.norm(features, axis=1), np.linalg.norm(expected, axis=1), rtol=1e-2
        ):
            return ""
    return (
        f"the network here, {own.name}, has the same weights but is built differently: it no "
        f"longer computes what it did{_other_versions(about)}"
    )
