"""A file that is damaged or means harm is refused in words: nothing in it runs or fills memory."""

import io
import json
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import load_classifier
from course_utils.classifiers import ClassifierFileError
from course_utils.classifiers.archive import TRUSTED
from tests.features.conftest import make_tiny


@pytest.fixture
def members(saved_file) -> dict[str, bytes]:
    with zipfile.ZipFile(saved_file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def refused(tmp_path, network):
    """Give a function that writes a file and gives the words with which it is refused."""

    def refuse(content, compression=zipfile.ZIP_STORED) -> str:
        file = tmp_path / "hostile.skops"
        if isinstance(content, dict):
            with zipfile.ZipFile(file, "w", compression) as archive:
                for name, member in content.items():
                    archive.writestr(name, member)
        else:
            file.write_bytes(content)
        with pytest.raises(ClassifierFileError) as caught:
            load_classifier(file, backbone=network)
        return caught.value.reason

    return refuse


def with_about(members, **changes):
    about = json.loads(members["about.json"]) | changes
    kept = {key: value for key, value in about.items() if value is not None}
    return {**members, "about.json": json.dumps(kept).encode()}


def with_node(members, node):
    """Put something to build in the place of the classifier."""
    schema = json.loads(members["schema.json"])
    schema["content"]["classifier"] = node
    return {**members, "schema.json": json.dumps(schema).encode()}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"not a zip", "no file that save_classifier wrote"),
        (b"\x80\x04\x95\x00", "no file that save_classifier wrote"),
        (b"PK\x03\x04 and nothing more", "damaged, or it was cut off"),
        ({"schema.json": b"{}"}, "which network it belongs to"),
        ({"about.json": b"{}"}, "not that of a saved classifier"),
        ({"about.json": b"[" * 100_000}, "cannot be read"),
        ({"about.json": b"\xff"}, "cannot be read"),
    ],
    ids=lambda value: str(value)[:25],
)
def test_what_is_no_saved_classifier_is_said(refused, content, words):
    assert words in refused(content)


def test_a_folder_and_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ClassifierFileError, match="it is a folder"):
        load_classifier(tmp_path)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_classifier(tmp_path / "none.skops")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off(refused, saved_file, share):
    whole = saved_file.read_bytes()
    assert "cut off" in refused(whole[: int(share * len(whole))])


@settings(max_examples=150)
@given(data=st.data())
def test_a_changed_byte_is_found_or_changes_no_answer(data, saved_file, tmp_path_factory):
    whole = bytearray(saved_file.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    file = tmp_path_factory.getbasetemp() / "changed.skops"
    file.write_bytes(whole)
    tiny = make_tiny()
    try:
        changed = load_classifier(file, backbone=tiny)
    except ClassifierFileError:
        return
    sound = load_classifier(saved_file, backbone=tiny)
    rows = np.random.default_rng(0).normal(size=(20, 12)).astype(np.float32)
    np.testing.assert_array_equal(changed.probabilities(rows), sound.probabilities(rows))
    assert changed.about == sound.about


def test_refusing_a_bomb_costs_no_memory(tmp_path, network, members):
    file = tmp_path / "bomb.skops"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("bomb.npy", "w") as stream:
            for _ in range(100):
                stream.write(bytes(2_000_000))
        for name, content in members.items():
            archive.writestr(name, content)
    tracemalloc.start()
    try:
        with pytest.raises(ClassifierFileError, match="is compressed"):
            load_classifier(file, backbone=network)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_parts_that_lie_on_top_of_each_other(refused, members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a", bytes(300_000))
        for name, content in members.items():
            archive.writestr(name, content)
        for name in ("b", "c", "d"):  # the same bytes once more, under another name
            twin = zipfile.ZipInfo(name)
            first = archive.getinfo("a")
            twin.header_offset, twin.CRC = first.header_offset, first.CRC
            twin.file_size = twin.compress_size = first.file_size
            archive.filelist.append(twin)
            archive.NameToInfo[name] = twin
    words = refused(stream.getvalue())
    assert "larger than the file" in words or "damaged" in words


def test_a_part_that_is_there_twice(refused, members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("about.json", members["about.json"])
    assert "there twice" in refused(stream.getvalue())


def test_a_password(refused, members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    content = bytearray(stream.getvalue())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1  # the flag of an encrypted member, in the directory
    content[6] |= 1  # and before the member itself
    assert "password" in refused(bytes(content))


# --- what it asks for ---------------------------------------------------------------------------

HARM = {
    "a function": ("FunctionNode", "os", "system"),
    "a ufunc that skops trusts": ("FunctionNode", "numpy._core._multiarray_umath", "add"),
    "a type": ("TypeNode", "subprocess", "Popen"),
    "a constructor": ("ConstructorFromReduceNode", "builtins", "eval"),
    "a partial": ("PartialNode", "functools", "partial"),
    "a method": ("MethodNode", "sklearn.linear_model._logistic", "LogisticRegression"),
    "an object of any class": ("ObjectNode", "pathlib", "Path"),
    "a forest": ("ObjectNode", "sklearn.ensemble._forest", "RandomForestClassifier"),
    "a sparse matrix": ("SparseMatrixNode", "scipy.sparse._csr", "csr_matrix"),
    "a tree": ("TreeNode", "sklearn.tree._tree", "Tree"),
    "a random generator": ("RandomGeneratorNode", "numpy.random._generator", "Generator"),
    "bytes": ("BytesNode", "builtins", "bytes"),
    "a reference": ("CachedNode", "builtins", "dict"),
    "a loader of another type's": ("ListNode", "os", "system"),
    "no loader": (None, "builtins", "dict"),
    "nothing": (None, None, None),
}  # fmt: skip


@pytest.mark.parametrize("what", HARM)
def test_a_type_that_is_not_on_the_list_is_named_and_never_imported(
    refused, members, what, monkeypatch
):
    loader, module, name = HARM[what]
    node = {"__loader__": loader, "__module__": module, "__class__": name, "content": {}}
    imported = []
    monkeypatch.setattr("skops.io._utils._import_obj", lambda *words: imported.append(words))
    words = refused(with_node(members, node))
    assert f"it asks for {module}.{name}" in words
    assert "which is not among the parts that are trusted" in words
    assert imported == []


def test_harm_that_is_hidden_where_skops_would_not_look_is_refused_too(refused, members):
    schema = json.loads(members["schema.json"])
    schema["extra"] = [[{"deep": {"__loader__": "FunctionNode", "__class__": "system"}}]]
    changed = {**members, "schema.json": json.dumps(schema).encode()}
    assert "which is not among" in refused(changed)


def test_an_older_protocol_opens_no_other_door(refused, members):
    schema = json.loads(members["schema.json"])
    schema["protocol"] = 0
    schema["content"]["classifier"] = {
        "__loader__": "FunctionNode", "__module__": "os", "__class__": "system", "content": {},
    }  # fmt: skip
    changed = {**members, "schema.json": json.dumps(schema).encode()}
    assert "it asks for os.system" in refused(changed)


def test_every_trusted_kind_is_a_class_of_numpy_of_scikit_learn_or_plain_data():
    for loader, name in TRUSTED:
        assert loader != "FunctionNode"
        assert name.split(".")[0] in {"builtins", "numpy", "sklearn"}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}", "claims"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "claims"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "no plain numbers"),
        ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "no plain numbers"),
        ("__import__('os').system('false')", "cannot be read"),
        ("{'descr': '<f4'}", "cannot be read"),
    ],
)
def test_an_array_that_claims_what_it_is_not(refused, members, header, words):
    name = next(name for name in members if name.endswith(".npy"))
    text = header.encode() + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(4)
    assert words in refused({**members, name: array})


def test_an_array_that_is_missing(refused, members):
    name = next(name for name in members if name.endswith(".npy"))
    assert "that is not in it" in refused({k: v for k, v in members.items() if k != name})


def test_a_schema_that_is_nested_beyond_all_measure(refused, members):
    assert "cannot be read" in refused({**members, "schema.json": b'{"a":' * 200_000})
    assert "schema.json" in refused({k: v for k, v in members.items() if k != "schema.json"})


# --- what it says -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 2}, "of version 2, and this course reads version 1"),
        ({"version": None}, "of version None"),
        ({"format": "something"}, "not that of a saved classifier"),
        ({"layer": None}, r"lacks ['layer']"),
        ({"author": "x"}, r"has ['author'] too many"),
        ({"layer": 3}, "its layer is of type int"),
        ({"weights": "abc"}, "digests of the network are not complete"),
        ({"class_names": ["a", "a", "b"]}, "class names are not different words"),
        ({"class_names": []}, "names no class"),
        ({"class_names": ["a", "b"]}, "gives 3 probabilities for 2 classes"),
        ({"n_features": 7}, "another number of features"),
        ({"transform": {"resize": 3}}, "its preprocessing is none"),
        ({"transform": {"input_size": [0, 0], "resize": 3, "mean": [0], "std": [1]}}, "is none"),
        ({"pooled": "yes"}, "its pooled is of type str"),
    ],
)
def test_what_the_file_says_about_itself_must_make_sense(refused, members, changes, words):
    assert words in refused(with_about(members, **changes))


def test_a_layer_that_the_network_lacks(refused, members):
    changed = with_about(members, layer="no such layer", structure="0" * 64)
    assert "built differently" in refused(changed)


def test_a_later_protocol_of_skops(refused, members):
    schema = json.loads(members["schema.json"])
    schema["protocol"] = 99
    changed = with_about(
        {**members, "schema.json": json.dumps(schema).encode()},
        versions={"skops": "99.0"},
    )
    words = refused(changed)
    assert "protocol 99" in words
    assert "it was saved with skops 99.0 (here" in words


def test_a_scikit_learn_that_reads_it_differently_is_found_out(
    refused, members, network, monkeypatch
):
    from sklearn.linear_model import LogisticRegression

    right = LogisticRegression.predict_proba
    monkeypatch.setattr(
        LogisticRegression, "predict_proba", lambda self, X: right(self, 2 * np.asarray(X))
    )
    words = refused(with_about(members, versions={"scikit-learn": "0.1"}))
    assert "no longer answers as it did" in words
    assert "saved with scikit-learn 0.1 (here" in words


def test_a_classifier_whose_arrays_do_not_fit_each_other(refused, members):
    weights = [
        name
        for name, content in members.items()
        if name.endswith(".npy") and np.load(io.BytesIO(content)).shape == (3, 12)
    ]
    small = io.BytesIO()
    np.save(small, np.zeros((3, 5), np.float32))
    assert weights
    for name in weights:
        words = refused({**members, name: small.getvalue()})
        assert "cannot classify" in words or "its check" in words


def test_something_else_than_a_classifier(refused, members):
    node = {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode", "content": "1"}
    assert "cannot classify" in refused(with_node(members, node))
    assert "does not consist of" in refused({**members, "schema.json": json.dumps(
        {**node, "protocol": 2, "_skops_version": "0"}).encode()})  # fmt: skip
