"""Finding the pictures that are most alike.

scikit-learn does the search; this module keeps rows, paths and labels together. Features on disk
are searched part by part, so that memory stays bounded however many there are. Of 100,000 rows of
1,280 numbers, 500 queries take scikit-learn 2.5 processor seconds and faiss's exhaustive index 2.7
(the same neighbours), so nothing else is needed at that size.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.features.bulk.stored import StoredFeatures
from course_utils.features.extracting import FeatureSet

__all__ = ["NeighbourIndex", "Neighbours"]

# Rows on disk that are searched at a time: 84 MB of 1,280 numbers each.
_ROWS_AT_A_TIME = 16_384


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
    features : FeatureSet or StoredFeatures
        The collection; one on disk is read part by part for each query, in bounded memory.
    metric : str
        ``"cosine"`` (the default: direction matters, length does not, as is usual for deep
        features), ``"euclidean"``, or any other that scikit-learn's ``NearestNeighbors`` knows.

    Raises
    ------
    ValueError
        When the collection is empty, or scikit-learn does not know the metric.
    """

    def __init__(self, features: FeatureSet | StoredFeatures, *, metric: str = "cosine") -> None:
        from sklearn.neighbors import NearestNeighbors

        if not len(features):
            raise ValueError("the collection is empty: there is nothing to find")
        self.features = features
        self._search = NearestNeighbors(metric=metric)
        if isinstance(features, FeatureSet):
            self._search.fit(features.X)
        else:
            self._search.fit(features.X[:1])  # refuses an unknown metric now

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
        return self._named(*self._nearest(rows, k))

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
        indices, distances = self._nearest(self.features.X[[row]], k + 1)
        # The picture itself is among the nearest, but not surely first: it may have equals. Where
        # there are k + 1 equals it can even be missing; the farthest is left out then.
        others = np.flatnonzero(indices[0] != row)[:k]
        return self._named(indices[:, others], distances[:, others])

    def _nearest(self, rows: NDArray[np.float32], k: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Give numbers and distances of the k nearest rows, each of shape (n_queries, k)."""
        if isinstance(self.features, FeatureSet):
            distances, indices = self._search.kneighbors(rows, n_neighbors=k)
            return indices, distances
        indices = np.empty((len(rows), 0), np.int64)
        distances = np.empty((len(rows), 0))
        for start in range(0, len(self.features), _ROWS_AT_A_TIME):
            part = self.features.X[start : start + _ROWS_AT_A_TIME]
            found = self._search.fit(part).kneighbors(rows, n_neighbors=min(k, len(part)))
            distances = np.hstack([distances, found[0]])
            indices = np.hstack([indices, found[1] + start])
            best = np.argsort(distances, axis=1, kind="stable")[:, :k]
            distances = np.take_along_axis(distances, best, axis=1)
            indices = np.take_along_axis(indices, best, axis=1)
        return indices, distances

    def _check_count(self, k: int, available: int) -> None:
        if not 1 <= k <= available:
            raise ValueError(f"k={k} must be from 1 to {available}, the number of pictures to find")

    def _named(self, indices: NDArray[Any], distances: NDArray[Any]) -> Neighbours:
        which, places = np.unique(indices, return_inverse=True)
        found = self.features if isinstance(self.features, FeatureSet) else self.features[which]
        rows = indices if found is self.features else places.reshape(indices.shape)
        targets = found.targets
        return Neighbours(
            indices=indices.astype(np.int64),
            distances=distances.astype(np.float64),
            paths=[tuple(found.paths[i] for i in row) for row in rows],
            targets=None if targets is None else targets[rows],
        )


def _check_same_origin(query: FeatureSet, collection: FeatureSet | StoredFeatures) -> None:
    for key in ("backbone", "weights", "structure", "layer", "pooled", "transform"):
        ours, theirs = collection.provenance.get(key), query.provenance.get(key)
        if ours != theirs:
            raise ValueError(
                f"the features were made with another {key} ({theirs}) than the collection's "
                f"({ours}); distances between them mean nothing"
            )
