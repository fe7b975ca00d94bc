"""What is wrong with a picture file, in words for the person who reads them."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from course_utils.images.stores import is_address

__all__ = ["PixelRangeError", "explain"]

# How files begin that people take for pictures and that are not read, with what they are.
_REFUSED = (
    (b"%!PS", "a PostScript file, a program that would have to be run"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript file (EPS), a program that would have to be run"),
    (b"%PDF", "a PDF document"),
    (b"<svg", "a drawing of lines (SVG)"),
    (b"<?xml", "a text in XML, perhaps a drawing of lines (SVG)"),
    (b"\xd7\xcd\xc6\x9a", "a drawing for Windows (WMF)"),
    (b"\x89HDF", "a container of data (HDF5)"),
    (b"SIMPLE  =", "astronomical data (FITS)"),
    (b"GRIB", "weather data (GRIB)"),
    (b"BUFR", "weather data (BUFR)"),
    (b"\x00\x00\x01\xb3", "a film (MPEG)"),
)

# The kinds of ISO media files (bytes 8 to 12) that hold HEIF pictures, as telephones write them.
_HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


# What a store may say of an object.
_OF_OBJECTS: dict[type[Exception], str] = {
    FileNotFoundError: "there is no such object",
    PermissionError: "you have no permission to read it",
    IsADirectoryError: "it is a folder",
}


class PixelRangeError(ValueError):
    """Pixels are numbers of which nobody knows which is black and which is white."""


def explain(path: str | os.PathLike[str], problem: Exception, content: bytes | None = None) -> str:
    """Say in words why a picture file could not be read.

    Parameters
    ----------
    path
        The file.
    problem
        What opening or decoding it raised.
    content
        The file's bytes, where they are in memory.
    """
    file = Path(path)
    if isinstance(problem, Image.DecompressionBombError):
        return (
            f"it is larger than the limit of {Image.MAX_IMAGE_PIXELS:,} pixels "
            f"(PIL.Image.MAX_IMAGE_PIXELS), or pretends to be: {problem}"
        )
    if is_address(path):
        if isinstance(problem, tuple(_OF_OBJECTS)):
            return _OF_OBJECTS[type(problem)]
    elif isinstance(problem, OSError) and (reason := _explain_path(file, problem)):
        return reason
    elif file.is_dir():
        return "it is a folder"
    start = _first_bytes(file) if content is None else content[:64]
    if not start:
        return "the file is empty"
    if isinstance(problem, UnidentifiedImageError):
        return _explain_content(start)
    if isinstance(problem, PixelRangeError):
        return str(problem)
    return _explain_decoding(problem)


def _explain_path(file: Path, problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError) and not file.parent.exists():
        return (
            f"there is no such file, and no folder {file.parent} either; if it was there before, "
            "load the data set again (load_dataset, or ImageSet.from_folder)"
        )
    if isinstance(problem, FileNotFoundError):
        return "there is no such file"
    if problem.errno == errno.ELOOP:
        return "its links lead in a circle"
    if problem.errno == errno.ENAMETOOLONG:
        return "its name is longer than the file system allows"
    if isinstance(problem, PermissionError) and not file.is_dir():
        return "you have no permission to read it"
    return ""


def _explain_content(start: bytes) -> str:
    """Say what a file is in which no picture was recognised, from how it begins."""
    if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return "it is a web page (perhaps a log-in page saved in the picture's place)"
    if start.startswith(b"version https://git-lfs"):
        return "it is a Git LFS pointer, not the picture; run `git lfs pull`"
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF:
        return "it is an HEIF picture, as telephones save them; save it as JPEG"
    if start[40:44] == b" EMF":
        return "it is a drawing for Windows (EMF), not a picture; save it as PNG or JPEG"
    for beginning, what in _REFUSED:
        if start.lstrip().startswith(beginning):
            return f"it is {what}, not a picture; save it as PNG or JPEG"
    if start.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        return "its content is damaged: it begins as a picture does, and does not go on as one"
    return (
        "it is not a picture in a format that the course reads: JPEG, PNG, WebP, GIF, TIFF, BMP, "
        "AVIF, JPEG 2000 and the others of course_utils.images.reading.FORMATS"
    )


# What Pillow's errors say of a file that is right, but of a kind that Pillow cannot decode.
_NOT_KNOWN = (
    "unsupported",
    "not supported",
    "cannot handle",
    "unknown",
    "unrecognized",
    "no codec",
)


def _explain_decoding(problem: Exception) -> str:
    """Put an error of Pillow's decoders into a sentence; their own words end it."""
    words = str(problem).strip().rstrip(".")
    said = f" (Pillow reports: {words or type(problem).__name__})"
    if isinstance(problem, MemoryError):
        return "it needs more memory than there is"
    if "truncated" in words.lower():
        return f"the file is cut off{said}"
    if isinstance(problem, NotImplementedError) or any(w in words.lower() for w in _NOT_KNOWN):
        return f"it is stored in a variant of its format that cannot be read; save it anew{said}"
    return f"its content is damaged: it begins as a picture, and then makes no sense{said}"


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(64)
