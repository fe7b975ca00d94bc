"""Finding copies, and keeping them together."""

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from course_utils import ImageSet, load_dataset
from course_utils.images.duplicates import difference_hash, duplicate_groups, find_duplicates


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Sample photographs, and changed copies of the first."""
    folder = tmp_path_factory.mktemp("photos")
    originals = list(load_dataset("sample_photos").all)[:8]
    for i, image in enumerate(originals):
        image.save(folder / f"{i}.png")
    first = originals[0]
    (folder / "a_same.png").write_bytes((folder / "0.png").read_bytes())
    first.save(folder / "b_jpeg.jpg", quality=30)
    first.resize((first.width // 3, first.height // 3)).save(folder / "c_small.png")
    ImageEnhance.Brightness(first).enhance(1.2).save(folder / "d_bright.png")
    first.convert("L").save(folder / "e_grey.png")
    first.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "f_mirrored.png")
    return sorted(folder.iterdir())


def test_changed_copies_are_found_and_different_photographs_are_not(photos):
    pairs = find_duplicates(photos, progress=False)
    names = [path.stem for path in photos]
    of_first = {names[j]: k for i, j, k in pairs[["first", "second", "kind"]].to_numpy() if i == 0}
    assert of_first == {
        "a_same": "exact",
        "b_jpeg": "near",
        "c_small": "near",
        "d_bright": "near",
        "e_grey": "near",
        "f_mirrored": "mirrored",
    }
    groups = duplicate_groups(pairs, len(photos))
    assert len(set(groups.tolist())) == 8


def test_the_real_photographs_have_no_copies(mirror, tmp_path):
    from data_scripts.commands import fetch
    from data_scripts.network import Place

    fetch("animal_faces", place=Place(str(mirror)), data_dir=tmp_path, progress=False)
    data = load_dataset("animal_faces", data_dir=tmp_path)
    assert len(find_duplicates(data.train + data.valid, progress=False)) == 0


def test_blank_pictures_are_copies_only_when_their_bytes_are_equal(tmp_path):
    for name, color in (("a", "red"), ("b", "blue"), ("c", "red")):
        Image.new("RGB", (50, 50), color).save(tmp_path / f"{name}.png")
    pairs = find_duplicates(sorted(tmp_path.iterdir()))
    assert pairs[["first", "second", "kind"]].to_numpy().tolist() == [[0, 2, "exact"]]


def test_no_pictures_have_no_duplicates():
    assert len(find_duplicates([])) == 0
    assert duplicate_groups(find_duplicates([]), 0).tolist() == []


def test_a_split_never_parts_copies(tmp_path):
    rng = np.random.default_rng(0)
    for label in ("cat", "dog"):
        (tmp_path / label).mkdir()
        for i in range(12):
            coarse = Image.fromarray(rng.integers(0, 255, (8, 8, 3), np.uint8))
            image = coarse.resize((96, 96), Image.Resampling.BICUBIC)
            image.save(tmp_path / label / f"{i:02}.png")
            if i % 3 == 0:
                image.save(tmp_path / label / f"{i:02}_again.jpg", quality=80)
    images = ImageSet.from_folder(tmp_path)
    fractions = {"train": 0.5, "valid": 0.25, "test": 0.25}
    parts = images.split_into(fractions, seed=3, progress=False)
    assert [part.split for part in parts.values()] == ["train", "valid", "test"]
    assert sum(map(len, parts.values())) == len(images) == 32
    assert all(part.class_counts() == {"cat": n, "dog": n} for part, n in
               zip(parts.values(), (8, 4, 4), strict=True))  # fmt: skip
    sources = [{(p.parent.name, p.stem[:2]) for p in part.paths} for part in parts.values()]
    assert sum(map(len, sources)) == len(set.union(*sources)) == 24

    loose = images.split_into(fractions, seed=3, keep_together="nothing")
    sources = [{(p.parent.name, p.stem[:2]) for p in part.paths} for part in loose.values()]
    assert sum(map(len, sources)) > 24
    with pytest.raises(ValueError, match="exact duplicates"):
        images.split_into(fractions, seed=0, keep_together="some")


def test_the_pairs_are_those_of_comparing_every_picture_with_every_other(tmp_path):
    rng = np.random.default_rng(5)
    images = []
    for i in range(30):
        coarse = Image.fromarray(rng.integers(0, 255, (3, 3), np.uint8))
        images.append(coarse.resize((64, 64), Image.Resampling.BICUBIC))
        images[-1].save(tmp_path / f"{i:02}.png")
    hashes = [difference_hash(image) for image in images]
    expected = {(i, j): int((hashes[i] != hashes[j]).sum()) for j in range(30) for i in range(j)}
    expected = {pair: distance for pair, distance in expected.items() if distance <= 40}
    found = find_duplicates(sorted(tmp_path.iterdir()), threshold=40)
    near = found[found["kind"] == "near"]
    rows = near[["first", "second", "distance"]].to_numpy().tolist()
    assert {(i, j): distance for i, j, distance in rows} == expected
    assert len(expected) > 5


def test_one_file_is_not_taken_for_a_list_of_letters():
    with pytest.raises(TypeError, match=r"give a list, find_duplicates\(\['cat.jpg'\]\)"):
        find_duplicates("cat.jpg")
