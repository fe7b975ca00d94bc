"""Reading one picture file safely, by one stated policy."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFile, ImageOps

from course_utils.images._reasons import PixelRangeError, explain
from course_utils.images.stores import fetch, is_address, located

__all__ = ["FORMATS", "BadImageError", "Header", "check_image", "read_image", "to_rgb"]

FORMATS = (
    *("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000"),
    *("BLP", "CUR", "DCX", "DDS", "DIB", "FLI", "FTEX", "GBR", "ICNS", "ICO", "MSP", "PCD"),
    *("PCX", "PIXAR", "PPM", "PSD", "QOI", "SGI", "SUN", "TGA", "XBM", "XPM", "XVTHUMB"),
)
"""Pillow's names of the formats that are read: those of pictures made of pixels.

"JPEG" includes the many-pictured JPEGs of cameras (MPO). Of all that Pillow opens it leaves out
what runs another program on the file (EPS and PostScript start Ghostscript), drawings that only one
system can show (WMF, EMF), data of science (FITS, GRIB, BUFR, HDF5, McIDAS, SPIDER, IM Tools), film
(MPEG) and envelopes that hold another file (IPTC).
"""

# EXIF tag 0x0112; the values 5 to 8 turn the picture by a quarter (EXIF 2.32, section 4.6.4).
_ORIENTATION = 0x0112
_QUARTER_TURNS = range(5, 9)


class BadImageError(ValueError):
    """One picture cannot be read.

    Parameters
    ----------
    path
        The file.
    reason
        What is wrong with it, in words.

    Attributes
    ----------
    path : pathlib.Path, or str for an address
        The file.
    reason : str
        What is wrong with it, in words.
    """

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{os.fspath(path)} cannot be used as a picture: {reason}")
        self.path = located(path)
        self.reason = reason

    def __reduce__(self) -> tuple[type[BadImageError], tuple[Path | str, str]]:
        # Exceptions are pickled with their message alone, which would not rebuild this one.
        return type(self), (self.path, self.reason)


class Header(NamedTuple):
    """What a picture file says about itself: size in pixels as stored, mode, format."""

    size: tuple[int, int]
    mode: str
    format: str


def read_image(
    path: str | os.PathLike[str], *, min_size: tuple[int, int] | None = None
) -> Image.Image:
    """Read a picture file as 8-bit RGB, or say what is wrong with it.

    The policy, the same everywhere in the course:

    - the EXIF orientation is applied, so that a phone's portrait stands upright;
    - grey and palette pictures become RGB; CMYK and YCbCr are converted;
    - transparent parts are laid on white, the colour of the page that they were drawn for;
    - 16-bit grey is scaled so that 65,535 becomes 255;
    - of an animation or a many-paged file, the first frame is read;
    - colour profiles are ignored, as nearly all training pipelines do;
    - a file that is missing, empty, cut off, not in one of the :data:`FORMATS`, or larger than
      Pillow's limit (``PIL.Image.MAX_IMAGE_PIXELS``, a guard against decompression bombs) is an
      error. No other picture ever takes its place.

    Parameters
    ----------
    path
        The file to read, in one of the :data:`FORMATS`, or its address (``s3://…``, ``http://…``;
        see :mod:`course_utils.images.stores`). Its content decides; its suffix does not matter.
    min_size
        Smallest width and height in pixels that will do. A JPEG is then decoded at 1/2, 1/4 or
        1/8 of its size where that is still at least as large, which is several times faster and
        hardly different once the picture is scaled down. Other formats are read in full.

    Returns
    -------
    PIL.Image.Image
        Mode ``"RGB"``, fully loaded; the file is closed.

    Raises
    ------
    BadImageError
        When the file cannot be read; the message names the file and the reason.
    OSError
        When the fault lies with the computer (too many open files, a failing disk) or the network
        (:class:`~course_utils.images.stores.StoreError`), not with the picture.
    RuntimeError
        When Pillow was told to fill up files that are cut off.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> read_image(load_dataset("sample_photos").all.paths[0]).size
    (451, 300)
    """
    return read_with_header(path, min_size=min_size)[0]


def read_with_header(
    path: str | os.PathLike[str],
    *,
    min_size: tuple[int, int] | None = None,
    content: bytes | None = None,
) -> tuple[Image.Image, Header]:
    """Do what :func:`read_image` does, and give the file's header too, for one decoding.

    Where the file's bytes are in memory already, they are the ``content``.
    """
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        raise RuntimeError(
            "PIL.ImageFile.LOAD_TRUNCATED_IMAGES is on, so files that are cut off would be filled "
            "up with grey and nobody would know; set it to False, and repair or skip such files"
        )
    try:
        if content is None and is_address(path):
            content = fetch(str(path))
        source = path if content is None else io.BytesIO(content)
        with Image.open(source, formats=FORMATS) as image:
            _refuse_oversized(image)
            header = Header(image.size, image.mode, str(image.format))
            if min_size is not None and image.format == "JPEG":
                wanted = min_size[::-1] if _orientation(image) in _QUARTER_TURNS else min_size
                image.draft(None, wanted)
            image.load()
            upright = ImageOps.exif_transpose(image) if _orientation(image) != 1 else image.copy()
        return to_rgb(upright), header
    except Exception as problem:
        # Pillow's decoders raise many kinds of error for broken bytes: SyntaxError, struct.error,
        # zlib.error, IndexError … All of them mean the same here.
        if isinstance(problem, OSError) and not _is_about_the_file(problem):
            raise
        raise BadImageError(path, explain(path, problem, content)) from problem


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Unreadable camera data says nothing about orientation; the pixels are unharmed.
        return 1


def _refuse_oversized(image: Image.Image) -> None:
    limit = Image.MAX_IMAGE_PIXELS
    width, height = image.size
    if limit is not None and width * height > limit:
        raise Image.DecompressionBombError(f"it says that it is {width} x {height} pixels")


def to_rgb(image: Image.Image) -> Image.Image:
    """Turn a picture in memory into 8-bit RGB, by the policy of :func:`read_image`.

    Parameters
    ----------
    image
        A picture in any of Pillow's modes.

    Returns
    -------
    PIL.Image.Image
        Mode ``"RGB"``, of the same size.

    Raises
    ------
    ValueError
        When the pixels are numbers of unknown range.
    """
    if image.mode.startswith("I"):
        values = np.asarray(image)
        if values.min() < 0 or values.max() > 65535:
            raise PixelRangeError(
                "its pixels are 32-bit numbers outside 0 to 65,535; save it as 8-bit"
            )
        return Image.fromarray(np.round(values / 257).astype(np.uint8)).convert("RGB")
    if image.mode == "F":
        raise PixelRangeError(
            "its pixels are floating-point numbers of unknown range; save it as 8-bit"
        )
    if image.has_transparency_data:
        image = image.convert("RGBA")
        page = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(page, image).convert("RGB")
    return image.convert("RGB")


def _is_about_the_file(problem: OSError) -> bool:
    of_the_path = {errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}
    return problem.errno in {None, errno.EACCES, errno.EPERM, *of_the_path}


def check_image(path: str | os.PathLike[str], *, pixels: bool = False) -> None:
    """Raise :class:`BadImageError` when a file is not a picture that can be read.

    Parameters
    ----------
    path
        The file.
    pixels
        Decode the whole picture, which also finds files that are cut off. Otherwise only the
        header is read: about 0.1 ms.

    Raises
    ------
    BadImageError
        Naming the file and the reason.
    """
    if pixels or is_address(path):
        read_image(path)
        return
    try:
        with Image.open(path, formats=FORMATS) as image:
            _refuse_oversized(image)
    except Exception as problem:
        if isinstance(problem, OSError) and not _is_about_the_file(problem):
            raise
        raise BadImageError(path, explain(path, problem)) from problem
