"""Finding the pictures that are most alike.

scikit-learn does the search; this module keeps rows, paths and labels together.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.features.extracting import FeatureSet

__all__ = ["NeighbourIndex", "Neighbours"]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest pictures of each query, the nearest first.

    Attributes
    ----------
    indices : numpy.ndarray of int64, shape (n_queries, k)
        Rows of the collection.
    distances : numpy.ndarray of float64, shape (n_queries, k)
    paths : list of tuple of pathlib.Path
        For each query the neighbours' files.
    targets : numpy.ndarray of str, shape (n_queries, k), or None
        The neighbours' class names, if the collection has labels.
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float64]
    paths: list[tuple[Path | str, ...]]
    targets: NDArray[np.str_] | None


class NeighbourIndex:
    """A collection of pictures that can be asked for the most alike.

    Parameters
    ----------
    features : FeatureSet
        The collection.
    metric : str
        ``"cosine"`` (the default: direction matters, length does not, as is usual for deep
        features), ``"euclidean"``, or any other that scikit-learn's ``NearestNeighbors`` knows.

    Raises
    ------
    ValueError
        When the collection is empty, or scikit-learn does not know the metric.
    """

    def __init__(self, features: FeatureSet, *, metric: str = "cosine") -> None:
        from sklearn.neighbors import NearestNeighbors

        if not len(features):
            raise ValueError("the collection is empty: there is nothing to find")
        self.features = features
        self._search = NearestNeighbors(metric=metric).fit(features.X)

    def query(self, X: FeatureSet | ArrayLike, k: int = 5) -> Neighbours:
        """Find the nearest pictures of other pictures.

        Parameters
        ----------
        X : FeatureSet or array of shape (n_queries, d) or (d,)
            Made by the same network and layer as the collection.
        k : int
            How many neighbours.

        Returns
        -------
        Neighbours

        Raises
        ------
        ValueError
            When the collection has fewer than k pictures, or the features were made otherwise.
        """
        if isinstance(X, FeatureSet):
            _check_same_origin(X, self.features)
            rows = X.X
        else:
            rows = np.atleast_2d(np.asarray(X, dtype=np.float32))
        length = self.features.X.shape[1]
        if rows.ndim != 2 or rows.shape[1] != length:
            raise ValueError(
                f"the collection has {length} features a picture; the query has shape {rows.shape}"
            )
        self._check_count(k, len(self.features))
        distances, indices = self._search.kneighbors(rows, n_neighbors=k)
        return self._named(indices, distances)

    def similar_to(self, row: int, k: int = 5) -> Neighbours:
        """Find the nearest pictures of one of the collection, which is not its own neighbour.

        Parameters
        ----------
        row : int
            Which picture.
        k : int
            How many neighbours.

        Raises
        ------
        IndexError
            When there is no such row.
        ValueError
            When there are fewer than k other pictures.
        """
        n = len(self.features)
        if not -n <= row < n:
            raise IndexError(f"there is no row {row} in a collection of {n} pictures")
        row %= n
        self._check_count(k, n - 1)
        distances, indices = self._search.kneighbors(self.features.X[[row]], n_neighbors=k + 1)
        # The picture itself is among the nearest, but not surely first: it may have equals. Where
        # there are k + 1 equals it can even be missing; the farthest is left out then.
        others = np.flatnonzero(indices[0] != row)[:k]
        return self._named(indices[:, others], distances[:, others])

    def _check_count(self, k: int, available: int) -> None:
        if not 1 <= k <= available:
            raise ValueError(f"k={k} must be from 1 to {available}, the number of pictures to find")

    def _named(self, indices: NDArray[Any], distances: NDArray[Any]) -> Neighbours:
        targets = self.features.targets
        return Neighbours(
            indices=indices.astype(np.int64),
            distances=distances.astype(np.float64),
            paths=[tuple(self.features.paths[i] for i in row) for row in indices],
            targets=None if targets is None else targets[indices],
        )


def _check_same_origin(query: FeatureSet, collection: FeatureSet) -> None:
    for key in ("backbone", "weights", "structure", "layer", "pooled", "transform"):
        ours, theirs = collection.provenance.get(key), query.provenance.get(key)
        if ours != theirs:
            raise ValueError(
                f"the features were made with another {key} ({theirs}) than the collection's "
                f"({ours}); distances between them mean nothing"
            )
