"""Name what is in a picture, with a pretrained network out of the box."""

from __future__ import annotations

import operator
import os
import warnings

import pandas as pd
import torch
from PIL import Image

from course_utils.images.reading import read_image, to_rgb
from course_utils.networks.backbone import Backbone
from course_utils.networks.layers import evaluating
from course_utils.networks.loading import shared_backbone

__all__ = ["classify_image"]


def classify_image(
    image: str | os.PathLike[str] | Image.Image,
    topn: int = 4,
    *,
    backbone: str | Backbone = "efficientnet_lite0",
) -> pd.DataFrame:
    """List the classes that a pretrained network finds most probable for one picture.

    The picture is preprocessed as for the network's training, and the network computes in
    evaluation mode, whatever mode it is in; it is left as it was. A network that is named loads on
    its first use and is kept for the next calls.

    Parameters
    ----------
    image : path or PIL.Image.Image
        The picture, in any format or mode that :func:`~course_utils.read_image` takes.
    topn : int, default 4
        How many classes to list, from 1 to the number that the network knows.
    backbone : str or Backbone
        A name for :func:`~course_utils.networks.loading.load_backbone`, or what it gave.

    Returns
    -------
    pandas.DataFrame
        Columns ``class`` (str) and ``probability`` (float64, in [0, 1]), the most probable first.
        The probabilities of *all* classes sum to 1: a network that knows no right class for a
        picture shares the 1 out among wrong ones.

    Raises
    ------
    BadImageError
        If the file cannot be read as a picture; the message names it.
    ValueError
        If ``topn`` is out of range, there is no such network, or it has no class names.
    TypeError
        If ``image`` is neither a path nor a PIL image.

    Warns
    -----
    UserWarning
        When the backbone's transform is not the one that its weights were trained with.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> photos = load_dataset("sample_photos").all
    >>> cup = photos.paths[photos.class_names.index("coffee")]
    >>> classify_image(cup, topn=1)["class"].tolist()
    ['espresso']
    """
    picture = _rgb(image)
    own = shared_backbone(backbone) if isinstance(backbone, str) else backbone
    names = own.class_names
    if not names:
        raise ValueError(
            f"{own.name} has no class names, so it cannot say what it sees; "
            "use extract_features with it, and train a classifier on those"
        )
    topn = operator.index(topn)
    if not 1 <= topn <= len(names):
        raise ValueError(f"topn is {topn}; {own.name} knows 1 to {len(names)} classes")
    if mismatch := own.transform_mismatch():
        warnings.warn(
            f"{own.name} sees a picture unlike those it was trained on, so it is right less often: "
            f"{mismatch}",
            stacklevel=2,
        )
    with evaluating(own.network), torch.inference_mode():
        logits = own.network(own.transform(picture)[None])[0]
        # in double precision, so that the probabilities of all classes sum to 1 to many places
        probabilities, classes = torch.softmax(logits.double(), dim=0).topk(topn)
    return pd.DataFrame(
        {
            "class": [names[index] for index in classes.tolist()],
            "probability": probabilities.numpy(),
        }
    )


def _rgb(image: str | os.PathLike[str] | Image.Image) -> Image.Image:
    if isinstance(image, Image.Image):
        return to_rgb(image)
    if isinstance(image, (str, os.PathLike)):
        return read_image(image)
    raise TypeError(
        f"image is of type {type(image).__name__}; give a file's path or a PIL image "
        "(PIL.Image.fromarray makes one from an array of uint8)"
    )
