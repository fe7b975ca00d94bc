"""Every kind of odd file that people have: a right row, or its name and the reason."""

import base64
import os
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from course_utils import ImageSet, extract_features
from course_utils.images.reading import BadImageError, read_image
from tests.features.conftest import by_hand, make_tiny, paint

PLAIN = {"engine": "torch", "precision": "fp32", "draft": False, "progress": False}

# 16 x 16 pixels, red growing to the right and green downwards; libjpeg-turbo's jpegtran has coded
# it arithmetically, which Pillow reads but cannot write.
ARITHMETIC_JPEG = base64.b85decode(
    "|JeWF01!$>Nk#wx0RR9200961|JwjV01XKW3knDg3knMk4h;_zAQcl55)&sJ9v2`kDKRiEDJ?8BI!Zn>HbyrrEkIX6"
    "ModmpQ&KWMT47pHU`kO^PygEhLjevB4iga*CKVMXPc<zyPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%z"
    "Pft%zPft%zPft%zPf!2J01*fP5C9MZ0TBQK5di}c0sqVZ3IGrg1pyEd1^?Or3<CiG0ucid06zf#0BGQ=WX&J5AEox("
    "f*U4xvTY4jQ!*OT*W+y3qj$C)$+FG)Seee=C1C&A"
)


def picture():
    return paint(np.random.default_rng(3), 64, 48)


def save(name, image=None, **options):
    def write(folder):
        (image or picture()).save(folder / name, **options)
        return folder / name

    return write


def write_bytes(name, content):
    def write(folder):
        (folder / name).write_bytes(content() if callable(content) else content)
        return folder / name

    return write


def jpeg_bytes():
    import io

    buffer = io.BytesIO()
    picture().save(buffer, "JPEG")
    return buffer.getvalue()


def bomb():
    """A PNG of 100 bytes that says it is 60,000 x 60,000 pixels."""

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def see_through():
    image = picture().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def sixteen_bit():
    values = np.asarray(picture().convert("L")).astype(np.uint16) * 257
    return Image.fromarray(values)


def oriented(k):
    exif = Image.Exif()
    exif[0x0112] = k
    return save(f"turned{k}.jpg", exif=exif, quality=95)


def animated(name):
    frames = [paint(np.random.default_rng(i), 64, 48) for i in range(3)]
    return save(name, frames[0], save_all=True, append_images=frames[1:], lossless=True)


READABLE = {
    "wrong extension": save("png.jpg", format="PNG"),
    "no extension": save("picture", format="PNG"),
    "capital extension": save("P.JPG"),
    "CMYK": save("cmyk.jpg", picture().convert("CMYK")),
    "palette": save("palette.png", picture().quantize(16)),
    "palette with transparency": save(
        "see_through.gif", see_through().quantize(16), transparency=3
    ),
    "16 bits": save("16.png", sixteen_bit()),
    "1 bit": save("1.png", picture().convert("1")),
    "grey": save("grey.jpg", picture().convert("L")),
    "grey with alpha": save("la.png", see_through().convert("LA")),
    "alpha": save("rgba.png", see_through()),
    "animated GIF": animated("moving.gif"),
    "animated WebP": animated("moving.webp"),
    "WebP": save("still.webp"),
    "TIFF": save("scan.tif", compression="tiff_lzw"),
    "TIFF in CMYK": save("print.tif", picture().convert("CMYK")),
    "BMP": save("old.bmp"),
    "progressive JPEG": save("progressive.jpg", progressive=True),
    "arithmetic JPEG": write_bytes("arithmetic.jpg", ARITHMETIC_JPEG),
    "one pixel": save("dot.png", Image.new("RGB", (1, 1), "red")),
    "20,000 pixels wide": save("wide.png", Image.new("RGB", (20_000, 12), "blue")),
    "20,000 pixels high": save("high.jpg", Image.new("RGB", (12, 20_000), "green")),
    "unicode name": save("Кошка 猫 \N{CAT FACE} é.jpg"),
    "name with a line break": save("two\nlines.png"),
    "very long name": save("x" * 240 + ".jpg"),
    **{f"turned, EXIF {k}": oriented(k) for k in range(1, 9)},
}


def loop(folder):
    (folder / "a.jpg").symlink_to(folder / "b.jpg")
    (folder / "b.jpg").symlink_to(folder / "a.jpg")
    return folder / "a.jpg"


def unreadable(folder):
    path = save("private.jpg")(folder)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything (root), so permissions cannot be tried")
    return path


def a_folder(folder):
    (folder / "folder.jpg").mkdir()
    return folder / "folder.jpg"


UNREADABLE = {
    "truncated JPEG": (write_bytes("cut.jpg", lambda: jpeg_bytes()[:700]), "cut off"),
    "header only": (write_bytes("head.jpg", lambda: jpeg_bytes()[:30]), ""),
    "truncated PNG": (lambda f: cut(save("cut.png")(f)), ""),
    "empty": (write_bytes("empty.jpg", b""), "empty"),
    "not a picture": (write_bytes("text.jpg", b"Hello, I am a text."), "not a picture"),
    "web page": (write_bytes("page.jpg", b"<!DOCTYPE html><html>log in"), "web page"),
    "decompression bomb": (write_bytes("bomb.png", bomb), "larger than the limit"),
    "no permission": (unreadable, "permission"),
    "symlink loop": (loop, "circle"),
    "missing": (lambda folder: folder / "missing.jpg", "no such file"),
    "folder": (a_folder, "folder"),
    "name too long": (lambda folder: folder / ("y" * 300 + ".jpg"), "longer"),
    "broken link": (lambda folder: link(folder), "no such file"),
}


def cut(path):
    path.write_bytes(path.read_bytes()[:-300])
    return path


def link(folder):
    (folder / "link.jpg").symlink_to(folder / "gone.jpg")
    return folder / "link.jpg"


@pytest.mark.parametrize("kind", READABLE)
def test_odd_but_readable_file_gets_the_row_of_what_it_shows(kind, tmp_path):
    path = READABLE[kind](tmp_path)
    shown = tmp_path / "shown.png"
    read_image(path).save(shown)
    tiny = make_tiny()
    for cache in (None, tmp_path / "cache"):
        found = extract_features([path], tiny, cache=cache, **PLAIN)
        np.testing.assert_allclose(found.X[0], by_hand(tiny, shown), atol=1e-5)
        assert found.paths == (path,)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_file_that_cannot_be_read_is_named_with_the_reason(kind, tmp_path):
    write, reason = UNREADABLE[kind]
    path = write(tmp_path)
    for cache in (None, tmp_path / "cache"):
        with pytest.raises(BadImageError) as caught:
            extract_features([path], make_tiny(), cache=cache, **PLAIN)
        assert caught.value.path == path
        assert reason in caught.value.reason
        assert "Traceback" not in str(caught.value)


def test_a_folder_of_everything_gives_rows_and_a_report(tmp_path):
    tiny = make_tiny()
    expected, wanted, bad = [], [], []
    for i, kind in enumerate([*READABLE, *UNREADABLE]):
        folder = tmp_path / str(i)
        folder.mkdir()
        if kind in READABLE:
            wanted.append(READABLE[kind](folder))
            expected.append(extract_features([wanted[-1]], tiny, batch_size=3, **PLAIN).X[0])
        elif kind != "no permission":
            wanted.append(UNREADABLE[kind][0](folder))
            bad.append(wanted[-1])
    order = np.random.default_rng(0).permutation(len(wanted))
    with pytest.warns(UserWarning, match=f"{len(bad)} of {len(wanted)} pictures could not be read"):
        found = extract_features(
            [wanted[i] for i in order], tiny, on_bad_image="skip", batch_size=3, threads=3, **PLAIN
        )
    kept = [i for i in order if wanted[i] not in bad]
    assert list(found.paths) == [wanted[i] for i in kept]
    np.testing.assert_allclose(found.X, np.stack([expected[i] for i in kept]), atol=1e-6)
    assert [path for path, _ in found.skipped] == [wanted[i] for i in order if wanted[i] in bad]
    assert all(reason for _, reason in found.skipped)


def test_upright_and_turned_photographs_have_the_same_features(tmp_path):
    tiny = make_tiny()
    upright = picture()
    upright.save(tmp_path / "upright.png")
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    for k, turn in back.items():
        exif = Image.Exif()
        exif[0x0112] = k
        upright.transpose(turn).save(tmp_path / f"{k}.png", exif=exif)
    paths = [tmp_path / "upright.png", *(tmp_path / f"{k}.png" for k in back)]
    X = extract_features(paths, tiny, **PLAIN).X
    np.testing.assert_allclose(X, np.tile(X[0], (len(X), 1)), atol=1e-6)


def test_same_name_in_different_classes_stays_apart(tmp_path):
    for i, name in enumerate(("cat", "dog")):
        (tmp_path / name).mkdir()
        paint(np.random.default_rng(i)).save(tmp_path / name / "1.png")
    pictures = ImageSet.from_folder(tmp_path)
    tiny = make_tiny()
    X = extract_features(pictures, tiny, cache=tmp_path.parent / "c", **PLAIN).X
    np.testing.assert_allclose(X, np.stack([by_hand(tiny, p) for p in pictures.paths]), atol=1e-5)


def test_no_warning_of_a_library_reaches_the_reader(tmp_path):
    """Some odd files make Pillow grumble about metadata; the report says all that matters."""
    folder = tmp_path / "f"
    folder.mkdir()
    paths = [write(folder) for kind, write in READABLE.items() if "turned" not in kind]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        extract_features(paths, make_tiny(), **PLAIN)


def test_unusable_picture_in_memory_is_named_by_its_number(tmp_path):
    cut(save("cut.png")(tmp_path))
    pictures = [picture(), Image.new("F", (9, 9)), Image.open(tmp_path / "cut.png")]
    with pytest.warns(UserWarning, match="2 of 3"):
        found = extract_features(pictures, make_tiny(), on_bad_image="skip", **PLAIN)
    assert [str(path) for path, _ in found.skipped] == ["<picture 1>", "<picture 2>"]
    assert "floating-point" in found.skipped[0][1]
