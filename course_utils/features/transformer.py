"""Deep features as a step of a scikit-learn pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from course_utils.features.extracting import as_pictures, extract_features
from course_utils.images.sets import ImageSet
from course_utils.networks.backbone import Backbone
from course_utils.networks.loading import shared_backbone

__all__ = ["DeepFeatures"]


class DeepFeatures(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Turn pictures into the features that a pretrained network computes.

    The network is already trained: fitting only finds out how long its features are. With a
    ``cache``, a grid search computes each picture once.

    Parameters
    ----------
    backbone : str or Backbone
    layer : str
    pooled : bool
    device, engine, precision : str
    batch_size : int or "auto"
    cache : FeatureCache, path, bool or None
    draft : bool
    threads : int or None
    progress : bool
        As in :func:`~course_utils.features.extracting.extract_features`. A picture that cannot be
        read is always an error: a row that went missing would leave labels without their pictures.

    Attributes
    ----------
    n_features_out_ : int
        Length of a row.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> model = make_pipeline(DeepFeatures("resnet18", cache=True), LogisticRegression())
    """

    def __init__(
        self,
        backbone: str | Backbone = "efficientnet_lite0",
        *,
        layer: str = "features",
        pooled: bool = True,
        device: str = "auto",
        engine: str = "auto",
        precision: str = "auto",
        batch_size: int | str = "auto",
        cache: Any = None,
        draft: bool = True,
        threads: int | None = None,
        progress: bool = True,
    ) -> None:
        self.backbone = backbone
        self.layer = layer
        self.pooled = pooled
        self.device = device
        self.engine = engine
        self.precision = precision
        self.batch_size = batch_size
        self.cache = cache
        self.draft = draft
        self.threads = threads
        self.progress = progress

    def fit(self, X: ImageSet | Sequence[Any], y: Any = None) -> DeepFeatures:
        """Check the arguments and find out how long a row will be; no picture is read.

        Parameters
        ----------
        X : ImageSet, or sequence of paths or PIL images
        y
            Not used.

        Returns
        -------
        DeepFeatures
            Itself.

        Raises
        ------
        TypeError
            When ``X`` does not hold pictures.
        ValueError
            When there is no such network or layer.
        """
        _pictures(X)
        named = isinstance(self.backbone, str)
        backbone = shared_backbone(self.backbone) if named else self.backbone
        assert isinstance(backbone, Backbone)
        self.n_features_out_ = backbone.layer_size(self.layer, pooled=self.pooled)
        return self

    def transform(self, X: ImageSet | Sequence[Any]) -> NDArray[np.float32]:
        """Compute the features of pictures.

        Parameters
        ----------
        X : ImageSet, or sequence of paths or PIL images
            A column of a data frame will do.

        Returns
        -------
        numpy.ndarray of float32, shape (n, n_features_out_)

        Raises
        ------
        BadImageError
            When a picture cannot be read.
        NotFittedError
            When :meth:`fit` was not called.
        """
        check_is_fitted(self)
        return extract_features(
            _pictures(X),
            self.backbone,
            layer=self.layer,
            pooled=self.pooled,
            device=self.device,
            engine=self.engine,
            precision=self.precision,
            batch_size=self.batch_size,  # type: ignore[arg-type]
            cache=self.cache,
            draft=self.draft,
            threads=self.threads,
            progress=self.progress,
        ).X

    @property
    def _n_features_out(self) -> int:
        # What scikit-learn names the columns by: deepfeatures0, deepfeatures1 and so on.
        return self.n_features_out_

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        tags.no_validation = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _pictures(X: Any) -> Any:
    """Give the list of pictures in what pipelines pass on: a list, an array, one column."""
    if isinstance(X, ImageSet):
        return X
    if hasattr(X, "to_numpy"):
        X = X.to_numpy()
    if isinstance(X, np.ndarray):
        if X.ndim == 2 and X.shape[1] == 1:
            X = X[:, 0]
        if X.ndim != 1:
            raise TypeError(
                f"expected a list of pictures (paths or PIL images), got an array of shape "
                f"{X.shape}"
            )
        X = X.tolist()
    return as_pictures(X)
