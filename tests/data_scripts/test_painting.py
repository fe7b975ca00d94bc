"""Pictures painted one at a time, and the data set that they make up."""

import io
import shutil
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from data_scripts.errors import DataError
from data_scripts.painting import BIG_CATS, KINDS, paint_animal, paint_dataset
from data_scripts.painting.__main__ import main
from data_scripts.painting.dataset import kind_of
from data_scripts.painting.poster import paint_poster, save_poster


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_painted_at_several_sizes(kind):
    for size in (32, 100, 256):
        picture = paint_animal(kind, np.random.default_rng(3), size)
        assert picture.mode == "RGB"
        assert picture.size == (size, size)
        assert np.asarray(picture).std() > 10


def test_the_same_seed_paints_the_same_picture_and_another_seed_another():
    first, again, other = (
        paint_animal("cat", np.random.default_rng(seed), 64).tobytes() for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_unknown_kinds_and_tiny_sizes_are_refused_by_name():
    with pytest.raises(ValueError, match=r"unicorn.*leopard"):
        paint_animal("unicorn", np.random.default_rng(0))
    with pytest.raises(ValueError, match="size is 8"):
        paint_animal("cat", np.random.default_rng(0), 8)


@pytest.fixture(scope="module")
def painted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("painted") / "animals"
    paint_dataset(folder, n_train=2, n_valid=10, seed=5, size=48, progress=False)
    return folder


def test_a_painted_set_is_laid_out_as_the_photographs_are(painted):
    found = {
        f"{split}/{label}": len(list((painted / split / label).glob("*.jpg")))
        for split in ("train", "valid")
        for label in ("cat", "dog", "wild")
    }
    assert found == {
        f"{split}/{label}": number
        for split, number in (("train", 2), ("valid", 10))
        for label in ("cat", "dog", "wild")
    }


def test_big_cats_are_in_validation_only_in_the_share_that_the_photographs_have(painted):
    wild = {split: sorted((painted / split / "wild").iterdir()) for split in ("train", "valid")}
    kinds = {
        split: [kind_of(5, split, "wild", i) for i in range(len(files))]
        for split, files in wild.items()
    }
    assert set(kinds["train"]) == {"fox"}
    assert sum(kind in BIG_CATS for kind in kinds["valid"]) in (3, 4)
    # What is said of a picture is what was painted.
    for split, files in wild.items():
        for i, (file, kind) in enumerate(zip(files, kinds[split], strict=True)):
            again = io.BytesIO()
            rng = np.random.default_rng([5, ("train", "valid").index(split), 2, i])
            paint_animal(kind, rng, 48).save(again, "JPEG", quality=92)
            assert again.getvalue() == file.read_bytes()
    names = [path.name for path in painted.rglob("*")]
    assert not any(kind in name for name in names for kind in ("fox", *BIG_CATS))


def test_a_larger_set_starts_with_the_pictures_of_a_smaller_one(painted, tmp_path):
    paint_dataset(tmp_path / "more", n_train=3, n_valid=1, seed=5, size=48, progress=False)
    for name in ("train/cat/cat_00001.jpg", "train/wild/wild_00000.jpg", "valid/dog/dog_00000.jpg"):
        assert (tmp_path / "more" / name).read_bytes() == (painted / name).read_bytes()


def test_a_painted_set_is_replaced_by_the_next(tmp_path):
    folder = tmp_path / "set"
    paint_dataset(folder, 2, 1, size=32, progress=False)
    paint_dataset(folder, 1, 1, size=32, progress=False)
    assert len(list(folder.rglob("*.jpg"))) == 6


@pytest.mark.parametrize(
    "manifest", [None, "", "[]", "# {", "# {}\nnothing", "# {}\n0 0 other.jpg"]
)
def test_files_of_the_readers_own_are_never_touched(tmp_path, manifest):
    (tmp_path / "thesis.txt").write_text("precious")
    if manifest is not None:
        (tmp_path / "manifest.txt").write_text(manifest)
    with pytest.raises(DataError, match=r"the course did not put there .*left alone"):
        paint_dataset(tmp_path, 1, 1, size=32, progress=False)
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_a_manifest_of_the_readers_own_is_not_taken_for_ours(tmp_path):
    (tmp_path / "manifest.txt").write_text("what is aboard")
    with pytest.raises(DataError, match=r"did not put there \(manifest\.txt\)"):
        paint_dataset(tmp_path, 1, 1, size=32, progress=False)
    assert (tmp_path / "manifest.txt").read_text() == "what is aboard"


def test_a_picture_that_somebody_added_to_a_painted_set_is_not_lost(painted, tmp_path):
    folder = tmp_path / "set"
    shutil.copytree(painted, folder)
    (folder / "train" / "cat" / "my_own_cat.jpg").write_bytes(b"miaow")
    with pytest.raises(DataError, match=r"my_own_cat\.jpg"):
        paint_dataset(folder, 1, 1, size=32, progress=False)
    assert (folder / "train" / "cat" / "my_own_cat.jpg").read_bytes() == b"miaow"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_painting_stops_at_once_and_leaves_nothing_behind(
    tmp_path, monkeypatch, error
):
    attempts = []

    def fail(self, *args, **kwargs):
        attempts.append(args)
        raise error

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(type(error)):
        paint_dataset(tmp_path / "set", 100, 100, size=32, progress=False)
    assert len(attempts) < 100
    assert list(tmp_path.iterdir()) == []


def test_a_failed_painting_leaves_the_old_set_as_it_was(painted, tmp_path, monkeypatch):
    shutil.copytree(painted, tmp_path / "set")
    monkeypatch.setattr(Image.Image, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        paint_dataset(tmp_path / "set", 1, 1, size=32, progress=False)
    old, kept = (sorted(p.name for p in f.rglob("*.jpg")) for f in (painted, tmp_path / "set"))
    assert old == kept


@settings(deadline=None)
@given(seed=st.integers(0, 2**31), number=st.integers(1, 400))
def test_any_number_of_pictures_has_the_photographs_share_of_big_cats(seed, number):
    kinds = [kind_of(seed, "valid", "wild", index) for index in range(number)]
    big = sum(kind in BIG_CATS for kind in kinds)
    assert abs(big - number * 19 / 50) < 1
    assert set(kinds) <= {"fox", *BIG_CATS}


@settings(max_examples=25, deadline=None)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 2**31), size=st.integers(32, 130))
def test_whatever_is_drawn_paints_without_a_numerical_warning(kind, seed, size):
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        assert paint_animal(kind, np.random.default_rng(seed), size).size == (size, size)


def test_a_file_where_the_folder_should_be_is_left_alone(tmp_path, capsys):
    (tmp_path / "set").write_text("precious")
    assert main(["set", str(tmp_path / "set"), "--train", "1", "--valid", "1"]) == 1
    assert "is a file where a folder should be" in capsys.readouterr().err
    assert [file.read_text() for file in tmp_path.iterdir()] == ["precious"]


def test_impossible_numbers_are_refused(tmp_path):
    with pytest.raises(ValueError, match="n_train is 0"):
        paint_dataset(tmp_path / "set", 0, 1)
    with pytest.raises(ValueError, match="seed is -1"):
        paint_dataset(tmp_path / "set", 1, 1, seed=-1)


def test_a_poster_is_a_grid_of_different_animals_with_seams(tmp_path):
    poster = np.asarray(paint_poster(3, 2, size=48, gap=5))
    assert poster.shape == (2 * 48 + 5, 3 * 48 + 2 * 5, 3)
    assert (poster[48:53] == 255).all()
    tiles = {
        poster[r * 53 : r * 53 + 48, c * 53 : c * 53 + 48].tobytes()
        for r in (0, 1)
        for c in range(3)
    }
    assert len(tiles) == 6
    save_poster(tmp_path / "poster.jpg", 2, 1)
    assert Image.open(tmp_path / "poster.jpg").format == "JPEG"
    with pytest.raises(ValueError, match=r"must end in \.jpg or \.png"):
        save_poster(tmp_path / "poster.gif")
    with pytest.raises(ValueError, match="needs columns, rows and kinds"):
        paint_poster(0, 1)


def test_the_command_line_paints_one_picture_a_poster_and_a_set(tmp_path):
    assert main(["one", "tiger", str(tmp_path / "tiger.png"), "--size", "40"]) == 0
    assert Image.open(tmp_path / "tiger.png").size == (40, 40)
    assert main(["poster", str(tmp_path / "poster.png"), "--columns", "1", "--rows", "1"]) == 0
    assert Image.open(tmp_path / "poster.png").size == (256, 256)
    assert main(["set", str(tmp_path / "set"), "--train", "1", "--valid", "2", "--size", "32"]) == 0
    assert len(list((tmp_path / "set").rglob("*.jpg"))) == 9


def test_the_command_line_says_what_was_wrong_and_leaves_no_file(tmp_path, capsys):
    assert main(["one", "cat", str(tmp_path / "cat.gif")]) == 1
    assert "must end in .jpg or .png" in capsys.readouterr().err
    assert main(["one", "cat", str(tmp_path / "cat.png"), "--size", "3"]) == 1
    assert "at least 32 pixels" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
