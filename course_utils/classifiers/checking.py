"""Does it still answer as it did? What a saved classifier carries so that this can be tested.

A version of scikit-learn that reads a file differently, or a version of torch whose network
computes something else, need not raise an error. So the file holds rows of features with the
answers that they got, and what the network made of two patterns. The answers are computed anew
whenever it is loaded, the patterns when the network's structure is not the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from course_utils.networks.backbone import Backbone
from course_utils.networks.layers import evaluating

__all__ = ["check_rows", "compare_answers", "features_of_patterns", "probabilities_of"]

_MOST_ROWS = 32
# Probabilities in float32 differ by less than 1e-5 between processors.
_TOLERANCE = 1e-4


def patterns() -> list[Image.Image]:
    """Draw two pictures that are the same on every machine, by whole numbers alone."""
    y, x = np.mgrid[0:320, 0:320]
    rings = ((x - 150) ** 2 + (y - 170) ** 2) // 40
    waves = (x * y) // 7 + 3 * x
    return [
        Image.fromarray(np.stack([a, a // 2 + y // 3, 255 - a], axis=-1).astype(np.uint8))
        for a in (rings % 256, waves % 256)
    ]


def features_of_patterns(backbone: Backbone, layer: str, *, pooled: bool) -> NDArray[np.float32]:
    """Compute a layer's output for the patterns, by plain float32 torch, shape (2, n_features)."""
    network = backbone.truncated(layer, pooled=pooled)
    with evaluating(backbone.network), torch.inference_mode():
        batch = torch.stack([backbone.transform(picture) for picture in patterns()])
        return network(batch).reshape(len(batch), -1).numpy().astype(np.float32)


def check_rows(X: NDArray[np.float32], y: NDArray[np.int64]) -> NDArray[np.float32]:
    """Give the mean row of each class, of the first 32: rows to ask a classifier about.

    Means, because a single row would be somebody's picture.
    """
    labels = np.unique(y)[:_MOST_ROWS]
    return np.stack([X[y == label].mean(axis=0, dtype=np.float64) for label in labels]).astype(
        np.float32
    )


def probabilities_of(
    classifier: Any, X: NDArray[np.float32], n_classes: int
) -> NDArray[np.float64]:
    """Ask a classifier, and make sure that what it says are probabilities.

    Raises
    ------
    ValueError
        When it cannot answer, or what it says is not one probability for each class.
    """
    try:
        answer = np.asarray(classifier.predict_proba(X), dtype=np.float64)
    except Exception as error:  # scikit-learn's and NumPy's, of many kinds
        raise ValueError(f"it cannot classify ({error})") from error
    if answer.shape != (len(X), n_classes):
        raise ValueError(f"it gives {answer.shape[-1]} probabilities for {n_classes} classes")
    if not (np.isfinite(answer).all() and np.allclose(answer.sum(axis=1), 1, atol=1e-3)):
        raise ValueError("what it gives are no probabilities: they do not add up to 1")
    return answer


def compare_answers(now: NDArray[Any], then: NDArray[Any]) -> bool:
    """Say whether two sets of probabilities are the same up to rounding."""
    return now.shape == then.shape and bool(np.abs(now - then).max() <= _TOLERANCE)
