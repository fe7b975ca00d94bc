"""What each data set is: its licence, source, size and purpose, and the hash of each file.

The hashes lie beside this module in ``files/NAME.txt``, one file a line: SHA-256, size in bytes,
path below the data set's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

_COURSE_REPOSITORY = (
    "https://raw.githubusercontent.com/UBC-CS/cpsc330-2023W1/"
    "dc5a64841a318a88895dd3224e506e3169694d7a/lectures/data/"
)


@dataclass(frozen=True)
class DataSetInfo:
    """Facts about one data set.

    Parameters
    ----------
    name
        What ``load_dataset`` calls it.
    description
        What the pictures show.
    licence
        Under which terms the pictures may be used.
    source
        Who made it and where it comes from.
    size
        How many pictures, and how much is downloaded or written.
    purpose
        What the course uses it for.
    how
        ``"files"``: single files are fetched; ``"archive"``: one archive is fetched and prepared;
        ``"local"``: made from what is installed, without a network.
    url
        Where it is fetched from: a folder's address for files, the file's own for an archive.
    """

    name: str
    description: str
    licence: str
    source: str
    size: str
    purpose: str
    how: str
    url: str = ""


@dataclass(frozen=True)
class RemoteFile:
    """One file to fetch: its hash, its size and its path below the data set's folder."""

    sha256: str
    size: int
    path: PurePosixPath


DATA_SETS: dict[str, DataSetInfo] = {
    info.name: info
    for info in (
        DataSetInfo(
            name="animal_faces",
            description="faces of cats, dogs and wild animals, 512 x 512",
            licence="CC BY-NC 4.0 (AFHQ)",
            source="a subset of AFHQ (Choi et al., StarGAN v2, CVPR 2020), as used in "
            "UBC-CS/cpsc330-2023W1",
            size="150 + 150 photographs, 12 MB",
            purpose="the photographs that most lectures work on",
            how="files",
            url=_COURSE_REPOSITORY + "animal_faces/",
        ),
        DataSetInfo(
            name="test_images",
            description="animals that ImageNet has a class for",
            licence="CC BY 4.0 (course material of UBC-CS/cpsc330-2023W1)",
            source="UBC-CS/cpsc330-2023W1",
            size="3 photographs, 0.6 MB",
            purpose="pictures to classify out of the box",
            how="files",
            url=_COURSE_REPOSITORY + "test_images/",
        ),
        DataSetInfo(
            name="campus_images",
            description="scenes on a campus, for which ImageNet has no class",
            licence="CC BY 4.0 (course material of UBC-CS/cpsc330-2023W1)",
            source="UBC-CS/cpsc330-2023W1",
            size="4 photographs, 0.3 MB",
            purpose="what a classifier says about what it does not know",
            how="files",
            url=_COURSE_REPOSITORY + "UBC_img/",
        ),
        DataSetInfo(
            name="textures",
            description="patches of brick, grass and gravel, 64 x 64, grey",
            licence="CC0",
            source="CC0Textures and Linda Chaudron's grass, as shipped with scikit-image",
            size="96 + 96 patches of 3 photographs, 1 MB",
            purpose="a quick three-class problem, and one that pixels cannot solve",
            how="local",
        ),
        DataSetInfo(
            name="sample_photos",
            description="single photographs: a cat, a cup of coffee, a rocket and others",
            licence="CC0 or public domain; temple and flower CC BY 2.0",
            source="shipped with scikit-image and scikit-learn",
            size="14 photographs, nothing to download",
            purpose="pictures for classify_image, some of which fit no ImageNet class",
            how="local",
        ),
        DataSetInfo(
            name="painted_animals",
            description="faces of cats, dogs and wild animals, painted by code",
            licence="as the course's own code (MIT)",
            source="painted by data_scripts.painting",
            size="150 + 150 paintings, about 5 MB",
            purpose="the stand-in for animal_faces where no network is",
            how="local",
        ),
    )
}


@cache
def files_of(name: str) -> tuple[RemoteFile, ...]:
    """Read the hashes of a data set that is fetched file by file."""
    listing = Path(__file__).with_name("files") / f"{name}.txt"
    rows = (line.split(maxsplit=2) for line in listing.read_text(encoding="utf-8").splitlines())
    return tuple(RemoteFile(sha, int(size), PurePosixPath(path)) for sha, size, path in rows)
