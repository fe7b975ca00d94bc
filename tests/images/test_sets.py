"""Reading pictures, sets of pictures, flattening."""

import errno
import io
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from course_utils import BadImageError, ImageSet, flatten_images, read_image

# Red, green / blue, white: every turn and mirroring of it is different.
CORNERS = (
    np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], dtype=np.uint8)
    .repeat(16, axis=0)
    .repeat(24, axis=1)
)


def corners_of(image: Image.Image) -> np.ndarray:
    pixels = np.asarray(image).astype(int)
    height, width = pixels.shape[:2]
    rows, columns = np.array([1, 1, 3, 3]) * height // 4, np.array([1, 3, 1, 3]) * width // 4
    return (pixels[rows, columns] > 127).astype(int)


UPRIGHT = corners_of(Image.fromarray(CORNERS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for label, shade in (("dark", 20), ("light", 230)):
        (tmp_path / "set" / label).mkdir(parents=True)
        for i in range(4):
            Image.new("RGB", (8, 6), (shade, shade, shade + i)).save(
                tmp_path / "set" / label / f"{i}.png"
            )
    return tmp_path / "set"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("min_size", [None, (12, 8)])
def test_camera_orientation_is_applied(tmp_path, orientation, suffix, min_size):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = Image.fromarray(CORNERS)
    if orientation in undo:
        stored = stored.transpose(undo[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"picture.{suffix}"
    stored.save(path, exif=exif, quality=95)

    image = read_image(path, min_size=min_size)

    assert image.width > image.height
    assert np.array_equal(corners_of(image), UPRIGHT)


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [("L", "png"), ("P", "png"), ("RGBA", "png"), ("LA", "png"), ("CMYK", "jpg"), ("1", "png"),
     ("I;16", "png"), ("I;16", "tif"), ("P", "gif"), ("YCbCr", "jpg"), ("PA", "tif")],
)  # fmt: skip
def test_every_mode_becomes_rgb_with_the_same_look(tmp_path, mode, suffix):
    grey = np.repeat(np.linspace(0, 255, 32).astype(np.uint8)[None], 32, axis=0)
    if mode == "I;16":
        stored = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode == "1":
        grey = np.where(grey > 127, 255, 0).astype(np.uint8)
        stored = Image.fromarray(grey).convert("1", dither=Image.Dither.NONE)
    else:
        stored = Image.fromarray(grey).convert("RGB").convert(mode)
        grey = np.asarray(stored.convert("L"))
    stored.save(tmp_path / f"picture.{suffix}")

    image = read_image(tmp_path / f"picture.{suffix}")

    assert image.mode == "RGB"
    assert np.abs(np.asarray(image).astype(int) - grey[..., None]).max() <= 12


def test_transparent_parts_are_laid_on_white(tmp_path):
    hidden = Image.new("RGBA", (8, 8), (200, 0, 0, 0))
    hidden.save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png").getpixel((3, 3)) == (255, 255, 255)


def test_numbers_beyond_16_bits_are_refused_instead_of_clipped(tmp_path):
    Image.fromarray(np.full((4, 4), 70_000, dtype=np.int32)).save(tmp_path / "a.tif")
    Image.fromarray(np.full((4, 4), 0.5, dtype=np.float32)).save(tmp_path / "b.tif")
    for name in ("a.tif", "b.tif"):
        with pytest.raises(BadImageError, match="save it as 8-bit"):
            read_image(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"just words", "not a picture"),
        (b"<!DOCTYPE html><html>log in</html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "git lfs pull"),
    ],
)
def test_a_file_that_is_no_picture_is_named_with_the_reason(tmp_path, content, reason):
    (tmp_path / "cat.jpg").write_bytes(content)
    with pytest.raises(BadImageError, match=reason) as caught:
        read_image(tmp_path / "cat.jpg")
    assert "cat.jpg" in str(caught.value)


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "bmp", "tif"])
def test_a_file_that_is_cut_off_is_an_error_not_a_grey_picture(tmp_path, suffix):
    path = tmp_path / f"cat.{suffix}"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadImageError, match=path.name):
        read_image(path)


def test_filling_up_of_files_that_are_cut_off_is_refused(tmp_path, monkeypatch):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(RuntimeError, match="set it to False"):
        read_image(tmp_path / "a.png")


@given(
    format=st.sampled_from(["JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    keep=st.floats(0, 1),
    min_size=st.sampled_from([None, (10, 10)]),
)
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_whatever_the_bytes_the_outcome_is_a_picture_or_a_named_file(
    tmp_path_factory, format, changes, keep, min_size
):
    buffer = io.BytesIO()
    Image.fromarray(CORNERS).save(buffer, format)
    content = bytearray(buffer.getvalue())
    for place, value in changes:
        content[int(place * (len(content) - 1))] = value
    path = tmp_path_factory.getbasetemp() / "mangled"
    path.write_bytes(content[: int(keep * len(content))])
    try:
        image = read_image(path, min_size=min_size)
    except BadImageError as problem:
        assert problem.path == path and problem.reason in str(problem)
    else:
        assert image.mode == "RGB" and min(image.size) > 0


def test_the_computers_own_trouble_is_not_blamed_on_the_picture(tmp_path, monkeypatch):
    def too_many_open_files(path):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Image, "open", too_many_open_files)
    with pytest.raises(OSError, match="Too many open files") as caught:
        read_image(tmp_path / "a.png")
    assert not isinstance(caught.value, BadImageError)


def test_an_origin_is_photographs_or_painted_and_both_when_joined(folder):
    painted = ImageSet.from_folder(folder, origin="painted")
    joined = painted + ImageSet.from_folder(folder)
    assert joined.origin == "painted + photographs"
    with pytest.raises(ValueError, match="photographs, painted"):
        ImageSet.from_folder(folder, origin="drawn")


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(BadImageError, match="no such file"):
        read_image(tmp_path / "none.jpg")
    with pytest.raises(BadImageError, match="folder"):
        read_image(tmp_path)


def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    Image.new("1", (300, 200)).save(tmp_path / "big.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 50_000)
    with pytest.warns(Image.DecompressionBombWarning), pytest.raises(BadImageError, match="larger"):
        read_image(tmp_path / "big.png")


def test_a_bad_image_error_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(BadImageError("a.jpg", "the file is empty")))
    assert (error.path, error.reason) == (Path("a.jpg"), "the file is empty")


def test_min_size_decodes_a_jpeg_smaller_but_not_smaller_than_asked(tmp_path):
    Image.new("RGB", (801, 403)).save(tmp_path / "a.jpg")
    image = read_image(tmp_path / "a.jpg", min_size=(200, 100))
    assert image.size == (201, 101)


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


def test_labels_cannot_be_changed_behind_the_sets_back(folder):
    images = ImageSet.from_folder(folder)
    with pytest.raises(ValueError, match="read-only"):
        images.labels[0] = 1
    images.y[0] = 1
    assert images.y[0] == 0


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


def test_subsets_keep_each_label_with_its_picture(folder):
    images = ImageSet.from_folder(folder)
    chosen = images.subset([7, 0])
    assert [path.parent.name for path in chosen.paths] == chosen.targets.tolist()
    assert images.subset(images.y == 1).targets.tolist() == ["light"] * 4
    assert images[2:4].paths == images.paths[2:4]
    assert len(images.subset([])) == 0
    with pytest.raises(IndexError, match="8 pictures"):
        images.subset([8])
    with pytest.raises(IndexError, match="mask of 1"):
        images.subset([True])
    with pytest.raises(TypeError, match="float"):
        images.subset([0.5])
    with pytest.raises(IndexError):
        images[8]


@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    data=st.data(),
)
def test_whatever_is_picked_keeps_its_label(labels, data):
    """The path says the label, so a mix-up would show."""
    names = ("a", "b", "c", "d")
    paths = tuple(Path(names[label], str(i)) for i, label in enumerate(labels))
    images = ImageSet(paths, np.array(labels), names)
    picked = data.draw(st.lists(st.integers(-len(labels), len(labels) - 1)))
    start, stop, step = (data.draw(st.integers(-5, 5)) for _ in range(3))
    results = (
        images.subset(picked),
        images.subset(images.y % 2 == 0),
        images[start : stop : step or 1],
        images + images.subset(picked),
        images.sample(min(images.class_counts().values()), seed=1),
    )
    for result in results:
        assert [path.parent.name for path in result.paths] == result.targets.tolist()
        assert sum(result.class_counts().values()) == len(result)


def test_a_sample_is_balanced_seeded_and_without_repeats(folder):
    images = ImageSet.from_folder(folder)
    drawn = images.sample(3, seed=1)
    assert drawn.class_counts() == {"dark": 3, "light": 3}
    assert len(set(drawn.paths)) == 6
    assert drawn.paths == images.sample(3, seed=1).paths
    assert any(drawn.paths != images.sample(3, seed=s).paths for s in range(2, 8))
    with pytest.raises(ValueError, match="has 4 pictures"):
        images.sample(5, seed=0)


def test_sets_join_only_when_their_labels_mean_the_same(folder):
    images = ImageSet.from_folder(folder)
    joined = images.subset([0]) + images.subset([7])
    assert joined.y.tolist() == [0, 1]
    with pytest.raises(ValueError, match="same classes"):
        images + ImageSet((), np.array([], int), ("other",))


@pytest.mark.parametrize(
    ("labels", "message"),
    [([0, 2], "2 classes"), ([0, -1], "2 classes"), ([0], "2 paths"), ([0.0, 1.0], "integer")],
)
def test_labels_that_name_no_class_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        ImageSet((Path("a"), Path("b")), np.array(labels), ("x", "y"))


def test_flattened_rows_are_the_pictures_between_0_and_1(folder):
    images = ImageSet.from_folder(folder)
    X = flatten_images(images, size=(4, 3))
    assert X.shape == (8, 12) and X.dtype == np.float32
    assert np.allclose(X[:4], 20 / 255, atol=0.01) and np.allclose(X[4:], 230 / 255, atol=0.01)
    colors = flatten_images(images, size=(4, 3), color=True).reshape(8, 3, 4, 3)
    assert np.allclose(colors[2, 1, 1] * 255, [20, 20, 22])


def test_flattening_accepts_files_and_pictures_alike(folder):
    images = ImageSet.from_folder(folder)
    files = flatten_images([str(path) for path in images.paths], size=(4, 3))
    pictures = flatten_images(list(images), size=(4, 3))
    assert np.array_equal(files, pictures)


def test_flattening_treats_pictures_in_memory_like_files():
    hidden = Image.new("RGBA", (8, 8), (200, 0, 0, 0))
    deep = Image.fromarray(np.full((8, 8), 65_535, np.uint16))
    assert np.all(flatten_images([hidden, deep], size=(2, 2)) == 1)


def test_flattening_names_the_picture_that_it_cannot_read(folder):
    images = ImageSet.from_folder(folder)
    images.paths[5].write_bytes(b"")
    with pytest.raises(BadImageError, match=r"1\.png"):
        flatten_images(images)


def test_wide_and_tall_keep_their_meaning_when_flattened(tmp_path):
    Image.fromarray(CORNERS).save(tmp_path / "a.png")
    row = flatten_images([tmp_path / "a.png"], size=(6, 4), color=True)[0]
    assert np.array_equal((row.reshape(4, 6, 3)[[0, 0, -1, -1], [0, -1, 0, -1]] > 0.5), UPRIGHT)
