"""Folders of class folders."""

import pytest

from course_utils import BadImageError, ImageSet


def test_a_folder_of_class_folders_becomes_a_set_in_a_fixed_order(folder):
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "dark" / ".DS_Store").write_bytes(b"x")
    images = ImageSet.from_folder(folder, split="train", origin="painted")
    assert images.class_names == ("dark", "light")
    assert [path.name for path in images.paths] == ["0.png", "1.png", "2.png", "3.png"] * 2
    assert images.y.tolist() == [0] * 4 + [1] * 4
    assert images.targets.tolist() == ["dark"] * 4 + ["light"] * 4
    assert images.class_counts() == {"dark": 4, "light": 4}
    assert "PAINTED" in repr(images) and "PAINTED" in images.caption()
    assert images[-1].getpixel((0, 0)) == (230, 230, 233)
    assert [image.size for image in images] == [(8, 6)] * 8


def test_a_folder_that_is_not_laid_out_as_classes_is_explained(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ImageSet.from_folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="no class folders"):
        ImageSet.from_folder(folder / "dark")
    with pytest.raises(ValueError, match=r"holds a folder, dark"):
        ImageSet.from_folder(tmp_path)
    (folder / "void").mkdir()
    with pytest.raises(ValueError, match="void is empty"):
        ImageSet.from_folder(folder)


def test_a_file_that_is_not_a_picture_is_named_or_skipped_and_listed(folder):
    (folder / "dark" / "notes.txt").write_text("hello")
    with pytest.raises(BadImageError, match=r"notes\.txt"):
        ImageSet.from_folder(folder)
    with pytest.warns(UserWarning, match=r"left out 1 of 9 .*notes\.txt"):
        images = ImageSet.from_folder(folder, on_bad_image="skip")
    assert len(images) == 8
    assert images.skipped[0][0].name == "notes.txt"


def test_checking_pixels_finds_pictures_that_are_cut_off(folder):
    path = folder / "dark" / "0.png"
    path.write_bytes(path.read_bytes()[:50])
    assert len(ImageSet.from_folder(folder)) == 8
    with pytest.raises(BadImageError, match=r"0\.png"):
        ImageSet.from_folder(folder, check="pixels")
