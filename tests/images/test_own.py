"""Somebody's own folder is read as it is, and what is wrong with it is said in words."""

import shutil
import warnings
import zipfile

import numpy as np
import pytest

from course_utils import check_quality
from course_utils.images import leave_out_disputed, read_own_pictures
from tests.features.conftest import paint


@pytest.fixture
def own(tmp_path):
    """Give a folder of two classes of six pictures."""
    rng = np.random.default_rng(0)
    for label in ("cat", "Hünde & <b>"):
        (tmp_path / "own" / label).mkdir(parents=True)
        for i in range(6):
            paint(rng).save(tmp_path / "own" / label / f"{i} ü'\".png")
    return tmp_path / "own"


def test_a_folder_with_all_that_people_leave_in_it(own):
    (own / ".DS_Store").write_bytes(b"x")
    (own / "cat" / "Thumbs.db").write_bytes(b"x")
    (own / "cat" / "cut off.png").write_bytes((own / "cat" / "0 ü'\".png").read_bytes()[:500])
    (own / "read me.txt").write_text("not a class")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pictures = read_own_pictures(own, progress=False)
    assert pictures.class_counts() == {"Hünde & <b>": 6, "cat": 6}
    [(path, reason)] = pictures.skipped
    assert path.name == "cut off.png"
    assert "cut off" in reason
    assert (pictures.name, pictures.origin) == ("own", "photographs")


def test_the_same_in_a_zip(own, tmp_path):
    file = tmp_path / "sent by a colleague.ZIP"
    with zipfile.ZipFile(file, "w") as archive:
        for path in own.rglob("*.png"):
            archive.write(path, path.relative_to(own.parent))
    pictures = read_own_pictures(file, unpack_into=tmp_path / "here", progress=False)
    assert pictures.class_counts() == {"Hünde & <b>": 6, "cat": 6}
    assert all(tmp_path / "here" in path.parents for path in pictures.paths)
    beside = read_own_pictures(file, progress=False)
    assert tmp_path / "sent by a colleague" in beside.paths[0].parents


def test_paintings_are_called_so(own):
    (own / ".origin").write_text("painted\n")
    assert read_own_pictures(own, progress=False).origin == "painted"


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda own: (own / "empty").mkdir(), ValueError, "empty is empty; add pictures or remove"),
        (lambda own: shutil.rmtree(own / "cat"), ValueError, "one class only, 'Hünde & <b>'"),
        (
            lambda own: [(own / "cat" / f"{i} ü'\".png").unlink() for i in range(3)],
            ValueError,
            "at least 5 pictures.*'cat' has 3",
        ),
        (
            lambda own: (own / "cat" / "tabby").mkdir(),
            ValueError,
            "holds a folder, tabby.*If tabby is a class, give",
        ),
        (lambda own: shutil.rmtree(own), FileNotFoundError, "there is no folder"),
        (
            lambda own: [p.write_bytes(b"") for p in (own / "cat").iterdir()],
            ValueError,
            "has no picture left: none of its files can be read",
        ),
    ],
    ids=["empty class", "one class", "too few", "nested", "not there", "none readable"],
)
def test_what_is_wrong_is_said_in_words(own, change, error, words):
    change(own)
    with pytest.raises(error, match=words):
        read_own_pictures(own, progress=False)


def test_a_layout_with_train_and_valid_around_the_classes_is_explained(own, tmp_path):
    for split in ("train", "valid"):
        shutil.copytree(own, tmp_path / "set" / split)
    with pytest.raises(ValueError, match=r"give .*train as the folder"):
        read_own_pictures(tmp_path / "set", progress=False)


def test_a_file_in_two_classes_is_left_out_of_both(own):
    shutil.copy(own / "cat" / "0 ü'\".png", own / "Hünde & <b>" / "copy.png")
    pictures = read_own_pictures(own, progress=False)
    kept, disputed = leave_out_disputed(pictures, check_quality(pictures, progress=False))
    assert sorted(path.name for path in disputed) == ["0 ü'\".png", "copy.png"]
    assert len(kept) == len(pictures) - 2
    assert not set(disputed) & set(kept.paths)


def test_a_copy_within_a_class_is_not_disputed(own):
    shutil.copy(own / "cat" / "0 ü'\".png", own / "cat" / "copy.png")
    pictures = read_own_pictures(own, progress=False)
    kept, disputed = leave_out_disputed(pictures, check_quality(pictures, progress=False))
    assert disputed == []
    assert kept.paths == pictures.paths


def test_a_class_that_is_all_disputed_is_named(own):
    for i in range(4):
        shutil.copy(own / "cat" / f"{i} ü'\".png", own / "Hünde & <b>" / f"copy {i}.png")
    pictures = read_own_pictures(own, progress=False)
    with pytest.raises(ValueError, match=r"without 8 files that lie in two classes.*'cat' has 2"):
        leave_out_disputed(pictures, check_quality(pictures, progress=False))
