"""What each data set is: its licence, source, size and purpose, and the hash of each file.

The hashes of files that are fetched one by one lie beside this module in ``files/NAME.txt``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from data_scripts.manifests import ListedFile, parse

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
        ``"made"``: made from what is installed; ``"installed"``: read where it is installed.
    url
        Where it is fetched from: a folder's address for files, the file's own for an archive.
    sha256, bytes
        Hash and size of an archive, as published by others (see ``book/data.md``).
    subjects
        For single photographs: what each shows, and its path.
    """

    name: str
    description: str
    licence: str
    source: str
    size: str
    purpose: str
    how: str
    url: str = ""
    sha256: str = ""
    bytes: int = 0
    subjects: Mapping[str, str] = field(default_factory=dict)


DATA_SETS: dict[str, DataSetInfo] = {
    info.name: info
    for info in (
        DataSetInfo(
            name="animal_faces",
            description="faces of cats, dogs and wild animals, 512 x 512",
            licence="CC BY-NC 4.0 (AFHQ)",
            source="a subset of AFHQ (Choi et al., StarGAN v2, CVPR 2020), as used in "
            "UBC-CS/cpsc330-2023W1",
            size="150 + 150 photographs, 13 MB",
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
            subjects={"cat": "11.jpg", "cheetah": "12.jpg", "dog": "669.jpg"},
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
            subjects={
                "avenue in autumn": "UBC_fall_colours.jpeg",
                "rose garden": "UBC_rose_garden.jpeg",
                "baskets of apples": "apples.jpeg",
                "letters of steel": "ubc_pic.jpeg",
            },
        ),
        DataSetInfo(
            name="cifar4",
            description="tiny pictures of cats, dogs, birds and automobiles, 32 x 32",
            licence="none stated; credit Krizhevsky's report",
            source="a part of CIFAR-10 (Krizhevsky, Learning Multiple Layers of Features from Tiny "
            "Images, 2009)",
            size="2,000 + 4,000 photographs; 170 MB to download, about 14 MB kept",
            purpose="raw pixels against features on pictures that are small enough for pixels",
            how="archive",
            url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
            sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            bytes=170_498_071,
        ),
        DataSetInfo(
            name="dogs_vs_cats",
            description="photographs of cats and dogs of all sizes",
            licence="CDLA-Permissive-2.0, enclosed in the archive",
            source="Asirra (Elson et al., CCS 2007), as published by Microsoft after Kaggle's "
            "competition",
            size="about 25,000 photographs; 825 MB to download, as much again kept",
            purpose="a real data set with its broken files, for big runs; .sample() for quick ones",
            how="archive",
            url="https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/"
            "kagglecatsanddogs_5340.zip",
            sha256="b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
            bytes=824_887_076,
        ),
        DataSetInfo(
            name="textures",
            description="patches of brick, grass and gravel, 64 x 64, grey",
            licence="CC0",
            source="CC0Textures and Linda Chaudron's grass, as shipped with scikit-image",
            size="96 + 96 patches of 3 photographs, 0.6 MB",
            purpose="a quick three-class problem that deep features solve and raw pixels do not",
            how="made",
        ),
        DataSetInfo(
            name="sample_photos",
            description="single photographs: a cat, a cup of coffee, a rocket and others",
            licence="temple and flower CC BY 2.0; the rest CC0, public domain or as scikit-image "
            "states",
            source="shipped with scikit-image and scikit-learn",
            size="14 photographs, nothing to download",
            purpose="pictures for classify_image, some of which fit no ImageNet class",
            how="installed",
            subjects={
                "cat": "skimage/data/chelsea.png",
                "coffee": "skimage/data/coffee.png",
                "rocket": "skimage/data/rocket.jpg",
                "flower": "sklearn/datasets/images/flower.jpg",
                "temple": "sklearn/datasets/images/china.jpg",
                "motorcycle": "skimage/data/motorcycle_left.png",
                "photographer": "skimage/data/camera.png",
                "astronaut": "skimage/data/astronaut.png",
                "coins": "skimage/data/coins.png",
                "moon": "skimage/data/moon.png",
                "galaxies": "skimage/data/hubble_deep_field.jpg",
                "retina": "skimage/data/retina.jpg",
                "tissue": "skimage/data/ihc.png",
                "page": "skimage/data/page.png",
            },
        ),
        DataSetInfo(
            name="painted_animals",
            description="faces of cats, dogs and wild animals, painted by code",
            licence="as the course's own code (MIT)",
            source="painted by data_scripts.painting",
            size="150 + 150 paintings, about 5 MB",
            purpose="the stand-in for animal_faces where no network is",
            how="made",
        ),
    )
}


@cache
def files_of(name: str) -> tuple[ListedFile, ...]:
    """Read the hashes of a data set whose files are known beforehand."""
    listing = Path(__file__).with_name("files") / f"{name}.txt"
    return parse(listing.read_text(encoding="utf-8").splitlines())
