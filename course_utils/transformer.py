"""Deep features as a step of a scikit-learn pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from course_utils.features import extract_features
from course_utils.images import ImageSet


class DeepFeatures(TransformerMixin, BaseEstimator):
    """Turn pictures into the features that a pretrained network computes.

    There is nothing to fit: the network is already trained.

    Parameters
    ----------
    backbone : str or Backbone
    layer : str
    pooled : bool
    device, precision : str
    batch_size : int or "auto"
    cache
    progress : bool
        As in :func:`~course_utils.features.extract_features`.
    """

    def __init__(
        self,
        backbone: Any = "efficientnet_lite0",
        *,
        layer: str = "features",
        pooled: bool = True,
        device: str = "auto",
        precision: str = "auto",
        batch_size: Any = "auto",
        cache: Any = None,
        progress: bool = False,
    ) -> None:
        self.backbone = backbone
        self.layer = layer
        self.pooled = pooled
        self.device = device
        self.precision = precision
        self.batch_size = batch_size
        self.cache = cache
        self.progress = progress

    def fit(self, X: ImageSet | Sequence[Any], y: Any = None) -> DeepFeatures:
        """Do nothing but note that it was called."""
        self.is_fitted_ = True
        return self

    def transform(self, X: ImageSet | Sequence[Any]) -> NDArray[np.float32]:
        """Compute the features of pictures.

        Parameters
        ----------
        X : ImageSet, or sequence of paths or PIL images

        Returns
        -------
        numpy.ndarray of float32, shape (n, d)
        """
        return extract_features(
            X,
            self.backbone,
            layer=self.layer,
            pooled=self.pooled,
            device=self.device,
            precision=self.precision,
            batch_size=self.batch_size,
            cache=self.cache,
            progress=self.progress,
        ).X
