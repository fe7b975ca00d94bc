"""A classifier that is loaded answers as it did, beside its own network and no other."""

import copy
import dataclasses
import doctest
import json
import os
import pickle
import zipfile
from importlib import import_module

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, Normalizer, RobustScaler, StandardScaler
from torch import nn

from course_utils import extract_features, load_classifier, save_classifier
from course_utils.classifiers import ClassifierFileError, read_about
from course_utils.networks.backbone import Backbone
from tests.classifiers.conftest import CLASSES, EXACT
from tests.features.conftest import make_tiny

LOGISTIC = LogisticRegression(max_iter=2000)


def test_the_loaded_one_gives_the_same_probabilities(saved_file, model, features, network):
    saved = load_classifier(saved_file, backbone=network)
    np.testing.assert_array_equal(
        saved.probabilities(features.X), model.predict_proba(features.X).astype(np.float64)
    )
    assert saved.class_names == CLASSES
    assert repr(saved).startswith("<SavedClassifier: 3 classes (blau ü, red <b>, weiß) from tiny")


def test_pictures_are_classified_as_they_were_before_saving(
    saved_file, model, features, network, pictures
):
    saved = load_classifier(saved_file, backbone=network)
    then = model.predict_proba(features.X)
    np.testing.assert_array_equal(saved.predict_proba(pictures, progress=False), then)
    table = saved.classify(list(pictures.paths), progress=False)
    assert table["path"].tolist() == [str(path) for path in pictures.paths]
    assert table["class"].tolist() == [CLASSES[label] for label in then.argmax(axis=1)]
    columns = [f"probability of {name}" for name in CLASSES]
    np.testing.assert_array_equal(table[columns].to_numpy(), then)


def test_engine_and_precision_of_then_are_taken_again(saved_file, network, pictures):
    again = load_classifier(saved_file, backbone=network).features(pictures, progress=False)
    assert (again.provenance["engine"], again.provenance["precision"]) == ("torch", "fp32")


def test_a_machine_that_computes_otherwise_takes_its_own_way(saved_file, network, pictures):
    saved = load_classifier(saved_file, backbone=network)
    about = dataclasses.replace(saved.about, device="cuda", precision="fp16")
    elsewhere = dataclasses.replace(saved, about=about)
    assert len(elsewhere.features(pictures, progress=False)) == len(pictures)


@pytest.mark.parametrize(
    "classifier",
    [
        LOGISTIC,
        make_pipeline(MinMaxScaler(), PCA(5), LOGISTIC),
        make_pipeline(RobustScaler(), OneVsRestClassifier(LOGISTIC)),
        make_pipeline(Normalizer(), LinearDiscriminantAnalysis()),
        make_pipeline(StandardScaler(), LogisticRegression(C=0.1, class_weight="balanced")),
        DummyClassifier(strategy="prior"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("by_name", [False, True], ids=["numbers", "names"])
def test_each_kind_that_is_trusted_comes_back_the_same(
    tmp_path, classifier, by_name, features, network
):
    fitted = copy.deepcopy(classifier).fit(features.X, features.targets if by_name else features.y)
    file = save_classifier(tmp_path / "a.skops", fitted, features, backbone=network)
    saved = load_classifier(file, backbone=network)
    np.testing.assert_allclose(
        saved.probabilities(features.X), fitted.predict_proba(features.X), atol=1e-12
    )
    assert saved.class_names == CLASSES


def test_a_class_without_training_pictures_has_no_column(tmp_path, features, network):
    some = features.y != 1
    fitted = copy.deepcopy(LOGISTIC).fit(features.X[some], features.y[some])
    fewer = dataclasses.replace(
        features,
        X=features.X[some],
        y=features.y[some],
        paths=tuple(np.array(features.paths)[some]),
    )
    file = save_classifier(tmp_path / "a.skops", fitted, fewer, backbone=network)
    assert load_classifier(file, backbone=network).class_names == (CLASSES[0], CLASSES[2])


@pytest.mark.parametrize(
    ("classifier", "words"),
    [
        (RandomForestClassifier(3), "RandomForestClassifier.* not among the parts"),
        (RidgeClassifier(), "gives no probabilities"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "not fitted"),
    ],
    ids=["forest", "no probabilities", "not fitted"],
)
def test_what_cannot_be_saved_is_refused_with_the_reason_and_no_file(
    tmp_path, classifier, words, features, network
):
    if "not fitted" not in words:
        classifier.fit(features.X, features.y)
    with pytest.raises(ValueError, match=words):
        save_classifier(tmp_path / "a.skops", classifier, features, backbone=network)
    assert list(tmp_path.iterdir()) == []


def test_features_of_another_length_or_without_labels_are_refused(tmp_path, model, features):
    longer = copy.deepcopy(LOGISTIC).fit(np.hstack([features.X, features.X]), features.y)
    network = make_tiny()
    with pytest.raises(ValueError, match="fitted on 24 features a picture, and these have 12"):
        save_classifier(tmp_path / "a.skops", longer, features, backbone=network)
    with pytest.raises(TypeError, match="what extract_features gave"):
        save_classifier(tmp_path / "a.skops", model, features.X, backbone=network)
    with pytest.raises(ValueError, match=r"tells apart \[5, 6\], which are not classes"):
        other = copy.deepcopy(LOGISTIC).fit(features.X, 5 + (features.y > 0))
        save_classifier(tmp_path / "a.skops", other, features, backbone=network)


def test_a_network_that_did_not_make_the_features_is_refused(tmp_path, model, features):
    with pytest.raises(ValueError, match="another weights than the network"):
        save_classifier(tmp_path / "a.skops", model, features, backbone=make_tiny(seed=1))
    other = make_tiny()
    other.transform = dataclasses.replace(other.transform, resize=50)
    with pytest.raises(ValueError, match="another preprocessing"):
        save_classifier(tmp_path / "a.skops", model, features, backbone=other)


def test_an_old_file_stays_when_the_new_one_cannot_be_written(saved_file, tmp_path, features):
    target = tmp_path / "a.skops"
    target.write_bytes(saved_file.read_bytes())
    forest = RandomForestClassifier(2).fit(features.X, features.y)
    with pytest.raises(ValueError, match="not among the parts"):
        save_classifier(target, forest, features, backbone=make_tiny())
    assert target.read_bytes() == saved_file.read_bytes()
    assert list(tmp_path.iterdir()) == [target]


# --- the right network, or none -----------------------------------------------------------------


def test_other_weights_are_refused_by_name(saved_file):
    with pytest.raises(ClassifierFileError, match=r"other weights \([0-9a-f]{12}….*a seed"):
        load_classifier(saved_file, backbone=make_tiny(seed=1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mean": (0.485, 0.456, 0.406)}, r"mean is \[0.485.*\], trained with \[0.4, 0.5, 0.6\]"),
        ({"resize": 41}, "resize is 41, trained with 40"),
        ({"interpolation": "bilinear"}, "interpolation is bilinear, trained with bicubic"),
    ],
)
def test_another_preprocessing_is_refused_and_named(saved_file, change, words):
    other = make_tiny()
    other.transform = dataclasses.replace(other.transform, **change)
    with pytest.raises(ClassifierFileError, match=f"another preprocessing.*{words}"):
        load_classifier(saved_file, backbone=other)


def test_another_activation_with_the_same_weights_is_refused(saved_file):
    other = make_tiny()
    other.network.act = nn.Sigmoid()
    with pytest.raises(ClassifierFileError, match="same weights but is built differently"):
        load_classifier(saved_file, backbone=other)


def test_the_same_network_under_another_version_of_torch_is_taken(saved_file, network, features):
    # The structure's digest holds torch's version; here a layer of its own that does nothing.
    other = make_tiny()
    other.network.add_module("unused", nn.Identity())
    assert other.identity().structure != network.identity().structure
    assert other.identity().weights == network.identity().weights
    saved = load_classifier(saved_file, backbone=other)
    assert saved.probabilities(features.X).shape == (24, 3)


def test_a_name_that_no_network_has_is_said(saved_file):
    with pytest.raises(ClassifierFileError, match="there is no network named 'tiny'"):
        load_classifier(saved_file)


def test_a_network_that_cannot_be_identified_is_not_trusted(saved_file):
    class Odd(nn.Module):
        def __init__(self, own):
            super().__init__()
            self.own = own
            self.stream = open(os.devnull)  # noqa: SIM115, PTH123 - held by a layer

        def forward(self, x):
            return self.own(x)

    tiny = make_tiny()
    odd = Backbone("tiny", Odd(tiny.network), tiny.transform, tiny.class_names)
    with pytest.raises(ClassifierFileError, match="nobody can tell"):
        load_classifier(saved_file, backbone=odd)


# --- what the file says ---------------------------------------------------------------------------


def test_any_tool_can_read_what_the_file_belongs_to_and_finds_no_picture(saved_file, pictures):
    with zipfile.ZipFile(saved_file) as archive:
        about = json.loads(archive.read("about.json"))
    assert about["backbone"] == "tiny"
    assert about["class_names"] == list(CLASSES)
    assert about["note"] == "for tests"
    assert about["transform"]["resize"] == 40
    everything = saved_file.read_bytes()
    assert str(pictures.paths[0].parent).encode() not in everything
    assert saved_file.stat().st_size < 60_000


def test_what_a_file_says_about_itself_is_read_without_its_network(saved_file, network):
    about = read_about(saved_file)
    assert about.preprocessing() == network.transform
    assert about.weights == network.identity().weights


def test_skops_own_tools_read_the_file(saved_file):
    import skops.io

    assert skops.io.get_untrusted_types(file=saved_file) == []
    assert "classifier" in skops.io.load(saved_file)


def test_its_errors_can_be_sent_between_processes():
    error = pickle.loads(pickle.dumps(ClassifierFileError("a.skops", "it is empty")))
    assert str(error) == "a.skops cannot be used as a saved classifier: it is empty"


@pytest.mark.slow
@pytest.mark.parametrize(
    "module", ["classifiers.saving", "images.walking", "judging.pages", "judging.groups"]
)
def test_docstring_examples_hold(module, project_root, monkeypatch):
    monkeypatch.chdir(project_root)
    results = doctest.testmod(import_module(f"course_utils.{module}"))
    assert results.attempted > 0
    assert results.failed == 0


def test_layers_other_than_the_last_are_read_again(tmp_path, pictures, network):
    middle = extract_features(pictures, network, layer="mix", pooled=False, **EXACT)
    fitted = make_pipeline(PCA(8), LogisticRegression(max_iter=2000)).fit(middle.X, middle.y)
    file = save_classifier(tmp_path / "a.skops", fitted, middle, backbone=network)
    saved = load_classifier(file, backbone=network)
    np.testing.assert_allclose(
        saved.predict_proba(pictures, progress=False), fitted.predict_proba(middle.X), atol=1e-6
    )
