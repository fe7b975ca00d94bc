"""Reading one picture file by the stated policy."""

import errno
import io
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from course_utils import BadImageError, read_image
from course_utils.images import check_image
from course_utils.images.reading import FORMATS

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


CORNERS = (
    np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], dtype=np.uint8)
    .repeat(16, axis=0)
    .repeat(24, axis=1)
)


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
    def too_many_open_files(path, **how):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Image, "open", too_many_open_files)
    with pytest.raises(OSError, match="Too many open files") as caught:
        read_image(tmp_path / "a.png")
    assert not isinstance(caught.value, BadImageError)


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


# A drawing as PostScript has it, which leaves a file behind when somebody runs it.
POSTSCRIPT = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 40 40\n%%EndComments\n"
    b"0 0 40 40 rectfill showpage\n%%EOF\n"
)


@pytest.mark.parametrize("name", ["cat.jpg", "cat.eps", "cat"])
def test_postscript_starts_no_program_whatever_its_name_ends_in(tmp_path, monkeypatch, name):
    programs = tmp_path / "programs"
    programs.mkdir()
    for program in ("gs", "gswin32c", "gswin64c"):
        (programs / program).write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexit 1\n")
        (programs / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", None)
    (tmp_path / name).write_bytes(POSTSCRIPT)
    for attempt in (read_image, check_image, lambda path: read_image(path, min_size=(8, 8))):
        with pytest.raises(BadImageError, match="PostScript file, a program"):
            attempt(tmp_path / name)
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xc5\xd0\xd3\xc6" + bytes(60), "PostScript"),
        (b"%PDF-1.7\n", "PDF document"),
        (b"\xd7\xcd\xc6\x9a\0\0" + bytes(80), "WMF"),
        (b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(60), "EMF"),
        (b"\x89HDF\r\n\x1a\n" + bytes(60), "HDF5"),
        (b"SIMPLE  =                    T" + bytes(60), "FITS"),
        (b"GRIB" + bytes(3) + b"\x01" + bytes(60), "GRIB"),
        (b"BUFR" + bytes(60), "BUFR"),
        (b"\0\0\x01\xb3" + bytes(60), "MPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF picture, as telephones save them"),
        (b"just words", r"JPEG, PNG, WebP, GIF, TIFF, BMP, AVIF, JPEG 2000 and .*FORMATS"),
    ],
)
def test_what_is_no_photograph_is_refused_by_its_name(tmp_path, content, reason):
    (tmp_path / "cat.jpg").write_bytes(content)
    for attempt in (read_image, check_image):
        with pytest.raises(BadImageError, match=reason):
            attempt(tmp_path / "cat.jpg")


def test_every_format_of_the_list_is_one_that_pillow_has_and_those_it_writes_are_read(tmp_path):
    Image.init()
    assert set(FORMATS) <= set(Image.OPEN)
    picture = Image.fromarray(CORNERS).resize((64, 64))
    written = 0
    for format in sorted({*FORMATS, "MPO"} & set(Image.SAVE)):
        path = tmp_path / format
        for mode in ("RGB", "L", "1", "P"):
            try:
                picture.convert(mode).save(path, format)
            except (OSError, ValueError):  # this format has no such mode
                continue
            break
        assert read_image(path).mode == "RGB"
        written += 1
    assert written > 15


def jpeg(quality=90, **how) -> bytearray:
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG", quality=quality, **how)
    return bytearray(buffer.getvalue())


def damaged_scan() -> bytes:
    """A JPEG whose table of codes is spoilt: "broken data stream when reading image file"."""
    content = jpeg()
    place = content.index(b"\xff\xc4") + 5
    content[place : place + 16] = b"\xff" * 16
    return bytes(content)


def tile_before_the_file() -> bytes:
    """A TIFF whose pixels begin before the file does: "Tile offset cannot be negative"."""
    buffer = io.BytesIO()
    Image.new("L", (8, 8), 7).save(buffer, "TIFF")
    content = bytearray(buffer.getvalue())
    # Tag 273, where the strips begin, of type LONG, and here it lies beyond the file.
    entry = content.index((273).to_bytes(2, "little") + (4).to_bytes(2, "little"))
    content[entry + 8 : entry + 12] = (2**31).to_bytes(4, "little")
    return bytes(content)


def header_of_nothing() -> bytes:
    return bytes(jpeg()[:20]) + b"nonsense" * 20


@pytest.mark.parametrize("make", [damaged_scan, tile_before_the_file, header_of_nothing])
def test_damaged_content_is_said_in_a_sentence(tmp_path, make):
    (tmp_path / "cat").write_bytes(make())
    with pytest.raises(BadImageError) as caught:
        read_image(tmp_path / "cat")
    assert caught.value.reason.startswith(
        ("its content is damaged: it begins as", "the file is cut")
    )


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (OSError("decoder error -2"), "its content is damaged: .*decoder error -2"),
        (OSError("broken data stream when reading image file"), "its content is damaged: .*broken"),
        (ValueError("Tile offset cannot be negative"), "its content is damaged: .*Tile offset"),
        (IndexError(), "its content is damaged: .*IndexError"),
        (OSError("Unsupported BMP compression (77)"), "variant of its format .*save it anew"),
        (MemoryError(), "needs more memory than there is"),
    ],
)
def test_every_complaint_of_a_decoder_becomes_a_sentence(tmp_path, monkeypatch, problem, sentence):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")

    def complain(self):
        raise problem

    monkeypatch.setattr(ImageFile.ImageFile, "load", complain)
    with pytest.raises(BadImageError, match=sentence):
        read_image(tmp_path / "a.png")


def test_after_its_folder_was_deleted_the_message_says_to_load_the_set_again(folder):
    path = folder / "dark" / "0.png"
    shutil.rmtree(folder)
    with pytest.raises(BadImageError, match=r"no folder .*dark either; .*load the data set again"):
        read_image(path)
