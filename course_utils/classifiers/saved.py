"""A classifier with its network: pictures in, probabilities out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from course_utils.classifiers.about import About
from course_utils.features.cache import FeatureCache
from course_utils.features.decoding import Picture
from course_utils.features.engines import engine_choices
from course_utils.features.extracting import FeatureSet, extract_features
from course_utils.images.sets import ImageSet
from course_utils.networks.backbone import Backbone

__all__ = ["SavedClassifier"]


@dataclass(frozen=True, eq=False, repr=False)
class SavedClassifier:
    """A classifier that was loaded from a file, ready for pictures.

    Parameters
    ----------
    classifier
        The scikit-learn classifier.
    backbone
        The network that its features come from.
    about
        What the file says.

    Examples
    --------
    >>> saved = load_classifier("animals.skops")  # doctest: +SKIP
    >>> saved.classify(["cat.jpg", "dog.jpg"])  # doctest: +SKIP
    """

    classifier: Any
    backbone: Backbone
    about: About

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of the columns of probabilities."""
        return self.about.class_names

    def features(
        self,
        images: ImageSet | Sequence[Picture],
        *,
        on_bad_image: Literal["raise", "skip"] = "raise",
        cache: FeatureCache | str | os.PathLike[str] | bool | None = None,
        progress: bool = True,
    ) -> FeatureSet:
        """Compute the features that the classifier was trained on, of other pictures.

        Where this machine can, with the engine and precision of then, so that the same pictures
        get the same answers; elsewhere with what is fastest here, which moves a probability in
        the second or third digit.

        Parameters
        ----------
        images, on_bad_image, cache, progress
            As in :func:`~course_utils.extract_features`.
        """
        return extract_features(
            images,
            self.backbone,
            layer=self.about.layer,
            pooled=self.about.pooled,
            draft=self.about.draft,
            on_bad_image=on_bad_image,
            cache=cache,
            progress=progress,
            **self._as_then(),
        )

    def _as_then(self) -> dict[str, Any]:
        then = self.about.engine, self.about.precision
        by_itself = engine_choices()[0]
        kind = self.about.device.partition(":")[0]
        if then == (by_itself.engine, by_itself.precision) or (
            by_itself.device.partition(":")[0] != kind
        ):
            return {}
        try:
            engine_choices(then[0], kind, then[1])
        except ValueError:  # this machine cannot
            return {}
        return {"engine": then[0], "precision": then[1], "device": kind}

    def predict_proba(
        self, images: ImageSet | Sequence[Picture], *, progress: bool = True
    ) -> NDArray[np.float64]:
        """Give each picture's probability of each class, shape (n, n_classes).

        Parameters
        ----------
        images : ImageSet, or sequence of paths or PIL images
        progress : bool
            Show a progress bar, once there is something to wait for.

        Raises
        ------
        BadImageError
            When a picture cannot be read; the message names it.
        """
        features = self.features(images, progress=progress)
        return self.probabilities(features.X)

    def probabilities(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Give the probabilities of rows of features, shape (n, n_classes)."""
        if len(X) == 0:
            return np.empty((0, len(self.class_names)))
        return np.asarray(self.classifier.predict_proba(X), dtype=np.float64)

    def classify(
        self, images: ImageSet | Sequence[Picture], *, progress: bool = True
    ) -> pd.DataFrame:
        """Give a row for each picture: its most probable class, and how probable each is.

        Parameters
        ----------
        images, progress
            As in :meth:`predict_proba`.

        Returns
        -------
        pandas.DataFrame
            ``path``, ``class``, and for each class ``probability of <class>``. As the command
            ``python -m course_utils.classify`` writes it.

        Raises
        ------
        BadImageError
            When a picture cannot be read; the message names it.
        """
        features = self.features(images, progress=progress)
        probabilities = self.probabilities(features.X)
        best = probabilities.argmax(axis=1)
        table = pd.DataFrame(
            probabilities, columns=[f"probability of {name}" for name in self.class_names]
        )
        table.insert(0, "class", [self.class_names[label] for label in best])
        table.insert(0, "path", [str(path) for path in features.paths])
        return table

    def __repr__(self) -> str:
        about = self.about
        classes = ", ".join(about.class_names[:6]) + (", …" if len(about.class_names) > 6 else "")
        return (
            f"<SavedClassifier: {len(about.class_names)} classes ({classes}) from "
            f"{about.backbone}, {about.layer}; saved {about.saved}>"
        )
