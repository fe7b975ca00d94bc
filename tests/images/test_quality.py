"""Quality checks, on photographs that were spoilt on purpose."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image, ImageFile

from course_utils import ImageSet, check_quality, load_dataset
from course_utils.plotting import get_alt_text, plot_quality

SIDE = 96


def noise(seed: int) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), np.uint8)
    return Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


@pytest.fixture
def folder(tmp_path):
    """Give a clean data set: two splits, two classes, five pictures each."""
    seed = 0
    for split in ("train", "valid"):
        for label in ("cat", "dog"):
            (tmp_path / split / label).mkdir(parents=True)
            for i in range(5):
                noise(seed).save(tmp_path / split / label / f"{i}.png")
                seed += 1
    return tmp_path


def report_on(folder):
    splits = {
        split: ImageSet.from_folder(folder / split, split=split, name="noise")
        for split in ("train", "valid")
    }
    return check_quality(splits, progress=False)


def found(report):
    return {row.check: row.found for row in report.findings.itertuples() if row.found}


def test_a_clean_data_set_is_called_good(folder):
    report = report_on(folder)
    assert report.good and found(report) == {}
    assert report.balance.to_numpy().tolist() == [[5, 5], [5, 5]]
    assert set(report.findings["verdict"]) == {"good"}


def copy_across(folder):
    source = folder / "train" / "cat" / "0.png"
    (folder / "valid" / "cat" / "copy.png").write_bytes(source.read_bytes())


def near_across(folder):
    image = Image.open(folder / "train" / "cat" / "0.png")
    image.resize((64, 64)).save(folder / "valid" / "cat" / "small.jpg", quality=60)


def mirror_across(folder):
    image = Image.open(folder / "train" / "cat" / "0.png")
    image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "valid" / "cat" / "m.png")


def relabelled_copy(folder):
    source = folder / "train" / "cat" / "0.png"
    (folder / "train" / "dog" / "copy.png").write_bytes(source.read_bytes())


def cut_off(folder):
    file = folder / "train" / "cat" / "0.png"
    file.write_bytes(file.read_bytes()[:500])


def blank(folder):
    Image.new("RGB", (SIDE, SIDE), "grey").save(folder / "train" / "cat" / "blank.png")


def tiny(folder):
    noise(99).resize((20, 20)).save(folder / "train" / "cat" / "tiny.png")


def long(folder):
    noise(99).resize((200, 40)).save(folder / "train" / "cat" / "long.png")


def huge(folder):
    noise(99).resize((SIDE * 5, SIDE * 5)).save(folder / "train" / "cat" / "huge.png")


def grey(folder):
    noise(99).convert("L").save(folder / "train" / "cat" / "grey.png")


def misnamed(folder):
    noise(99).save(folder / "train" / "cat" / "really_a_png.jpg", format="PNG")


def unbalanced(folder):
    for i in range(5):
        noise(200 + i).save(folder / "train" / "dog" / f"more_{i}.png")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (copy_across, {"same picture in two splits": 1}),
        (near_across, {"nearly the same picture in two splits": 1}),
        (mirror_across, {"nearly the same picture in two splits": 1}),
        (relabelled_copy, {"copies within a split": 1, "copies with different labels": 1}),
        (cut_off, {"unreadable files": 1}),
        (blank, {"blank pictures": 1}),
        (tiny, {"odd sizes": 1}),
        (long, {"odd sizes": 1}),
        (huge, {"odd sizes": 1}),
        (grey, {"odd colour modes": 1}),
        (misnamed, {"wrong file suffixes": 1}),
        (unbalanced, {"unbalanced splits": 1}),
    ],
)
def test_each_fault_is_found_and_nothing_else(folder, spoil, expected):
    spoil(folder)
    report = report_on(folder)
    assert found(report) == expected
    assert not report.good
    assert all(check in repr(report) and check in report._repr_html_() for check in expected)


def test_files_that_were_skipped_on_reading_the_folder_count_as_unreadable(folder):
    (folder / "train" / "cat" / "0.png").write_bytes(b"")
    with pytest.warns(UserWarning, match="left out 1"):
        images = ImageSet.from_folder(folder / "train", on_bad_image="skip")
    report = check_quality(images, progress=False)
    assert found(report) == {"unreadable files": 1}
    assert "empty" in report.pictures.set_index("path").loc[images.skipped[0][0], "problem"]


def test_a_class_that_is_absent_from_a_split_is_found(folder):
    train = ImageSet.from_folder(folder / "train", split="train")
    cats = train.subset(train.targets == "cat")
    report = check_quality({"train": train, "valid": cats}, progress=False)
    assert found(report)["classes absent from a split"] == 1


def test_the_drawing_shows_the_suspects_and_says_so_in_words(folder):
    copy_across(folder)
    tiny(folder)
    drawn = plot_quality(report_on(folder))
    assert len(drawn.axes) == 2 + 2 + 1
    words = get_alt_text(drawn.figure)
    assert "train: 6 cat, 5 dog" in words and "same picture in two splits (1)" in words
    titles = [ax.get_title() for ax in drawn.axes[2:]]
    assert "copy.png" in titles[1] and "20 x 20" in titles[2]
    plt.close(drawn.figure)


def test_the_courses_own_textures_are_good(tmp_path):
    report = check_quality(load_dataset("textures", data_dir=tmp_path), progress=False)
    assert report.good
    assert "textures (photographs): 192 pictures" in repr(report)


def test_what_is_no_data_set_is_refused(folder):
    with pytest.raises(ValueError, match="no picture"):
        check_quality({})
    cats = ImageSet.from_folder(folder / "train")
    other = ImageSet(cats.paths, cats.labels, ("a", "b"))
    with pytest.raises(ValueError, match="different classes"):
        check_quality({"train": cats, "valid": other})


def test_each_picture_is_decoded_once(folder, monkeypatch):
    decoded = []
    load = ImageFile.ImageFile.load

    def counting(image):
        decoded.append(image.filename)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counting)
    opened = []
    really_open = Image.open
    monkeypatch.setattr(
        Image, "open", lambda path, **how: opened.append(path) or really_open(path, **how)
    )
    report_on(folder)
    # Making the sets has looked at each header.
    assert len(opened) == 2 * 20
    assert len(set(decoded)) == 20
