"""What each data set is: its licence, source, size and purpose, and what decides its content.

The hashes of files that are fetched one by one lie beside this module in ``files/NAME.txt``. A new
data set is an entry here; one that is made, or comes as an archive, also needs a maker in
``data_scripts.makers``.
"""

from __future__ import annotations

import difflib

from course_utils.datasets.kinds import Archive, DataSetInfo, Files, Installed, Made

__all__ = ["DATA_SETS", "find_data_set"]

_COURSE_REPOSITORY = (
    "https://raw.githubusercontent.com/UBC-CS/cpsc330-2023W1/"
    "dc5a64841a318a88895dd3224e506e3169694d7a/lectures/data/"
)


DATA_SETS: dict[str, DataSetInfo] = {
    info.name: info
    for info in (
        Files(
            name="animal_faces",
            description="faces of cats, dogs and wild animals, 512 x 512",
            licence="CC BY-NC 4.0 (AFHQ)",
            source="a subset of AFHQ (Choi et al., StarGAN v2, CVPR 2020), as used in "
            "UBC-CS/cpsc330-2023W1",
            size="150 + 150 photographs, 13 MB",
            purpose="the photographs that most lectures work on",
            url=_COURSE_REPOSITORY + "animal_faces/",
            stand_in="painted_animals",
        ),
        Files(
            name="test_images",
            description="animals that ImageNet has a class for",
            licence="CC BY 4.0 (course material of UBC-CS/cpsc330-2023W1)",
            source="UBC-CS/cpsc330-2023W1",
            size="3 photographs, 0.6 MB",
            purpose="pictures to classify out of the box",
            url=_COURSE_REPOSITORY + "test_images/",
            subjects={"cat": "11.jpg", "cheetah": "12.jpg", "dog": "669.jpg"},
        ),
        Files(
            name="campus_images",
            description="scenes on a campus, for which ImageNet has no class",
            licence="CC BY 4.0 (course material of UBC-CS/cpsc330-2023W1)",
            source="UBC-CS/cpsc330-2023W1",
            size="4 photographs, 0.3 MB",
            purpose="what a classifier says about what it does not know",
            url=_COURSE_REPOSITORY + "UBC_img/",
            subjects={
                "avenue in autumn": "UBC_fall_colours.jpeg",
                "rose garden": "UBC_rose_garden.jpeg",
                "baskets of apples": "apples.jpeg",
                "letters of steel": "ubc_pic.jpeg",
            },
        ),
        Archive(
            name="cifar4",
            description="tiny pictures of cats, dogs, birds and automobiles, 32 x 32",
            licence="none stated; credit Krizhevsky's report",
            source="a part of CIFAR-10 (Krizhevsky, Learning Multiple Layers of Features from Tiny "
            "Images, 2009)",
            size="2,000 + 4,000 photographs; 170 MB to download, about 14 MB kept",
            purpose="raw pixels against features on pictures that are small enough for pixels",
            url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
            sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            bytes=170_498_071,
            recipe={
                "prepared": 1,
                "seed": 0,
                "classes": ["automobile", "bird", "cat", "dog"],
                "train_per_class": 500,
            },
        ),
        Archive(
            name="dogs_vs_cats",
            description="photographs of cats and dogs of all sizes",
            licence="CDLA-Permissive-2.0, enclosed in the archive",
            source="Asirra (Elson et al., CCS 2007), as published by Microsoft after Kaggle's "
            "competition",
            size="about 25,000 photographs; 825 MB to download, as much again kept",
            purpose="a real data set with its broken files, for big runs; .sample() for quick ones",
            url="https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/"
            "kagglecatsanddogs_5340.zip",
            sha256="b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
            bytes=824_887_076,
            recipe={
                "prepared": 1,
                "seed": 0,
                "splits": {"train": 0.8, "valid": 0.1, "test": 0.1},
            },
        ),
        Made(
            name="textures",
            description="patches of brick, grass and gravel, 64 x 64, grey",
            licence="CC0",
            source="CC0Textures and Linda Chaudron's grass, as shipped with scikit-image",
            size="96 + 96 patches of 3 photographs, 0.6 MB",
            purpose="a quick three-class problem that deep features solve and raw pixels do not",
            recipe={"cut": 1, "patch": 64, "classes": ["brick", "grass", "gravel"]},
        ),
        Installed(
            name="sample_photos",
            description="single photographs: a cat, a cup of coffee, a rocket and others",
            licence="temple and flower CC BY 2.0; the rest CC0, public domain or as scikit-image "
            "states",
            source="shipped with scikit-image and scikit-learn",
            size="14 photographs, nothing to download",
            purpose="pictures for classify_image, some of which fit no ImageNet class",
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
        Made(
            name="painted_animals",
            description="faces of cats, dogs and wild animals, painted by code",
            licence="as the course's own code (MIT)",
            source="painted by data_scripts.painting",
            size="150 + 150 paintings, about 5 MB",
            purpose="the stand-in for animal_faces where no network is",
            origin="painted",
            # Raise "painter" when the painter's pictures change: older sets are then painted anew.
            recipe={"painter": 9, "n_train": 50, "n_valid": 50, "seed": 0, "size": 256},
        ),
        Made(
            name="barn_doors",
            description="faces of cats, dogs and foxes at the doors of barns, painted by code",
            licence="as the course's own code (MIT)",
            source="painted by data_scripts.painting",
            size="90 + 180 paintings, about 2 MB",
            purpose="assignment 6, in which something about them is for its learner to find",
            origin="painted",
            # After a change, also: python -m data_scripts.door_features --seed N
            recipe={
                "painter": 9,
                "cameras": 1,
                "n_train": 30,
                "n_valid": 60,
                "seed": 1,
                "size": 160,
            },
        ),
    )
}
"""Every data set of the course, by its name."""


def find_data_set(name: str) -> DataSetInfo:
    """Give the facts of a data set.

    Raises
    ------
    ValueError
        When there is none of that name; the message names the nearest, and all.
    """
    if name in DATA_SETS:
        return DATA_SETS[name]
    near = difflib.get_close_matches(str(name).lower(), DATA_SETS, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else "."
    raise ValueError(f"there is no data set {name!r}{meant} There are {', '.join(DATA_SETS)}")
