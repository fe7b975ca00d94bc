"""Nearest neighbours: the right pictures, under their own names."""

from pathlib import Path

import numpy as np
import pytest

from course_utils import ImageSet, extract_to_folder
from course_utils.features.extracting import FeatureSet
from course_utils.features.retrieval import NeighbourIndex
from tests.features.conftest import make_tiny


def collection(n=30, d=6, seed=0, **provenance):
    rng = np.random.default_rng(seed)
    return FeatureSet(
        X=rng.normal(size=(n, d)).astype(np.float32),
        y=np.arange(n) % 3,
        paths=tuple(Path(f"{i}.jpg") for i in range(n)),
        class_names=("cat", "dog", "wild"),
        provenance={"backbone": "tiny", "weights": "0", "layer": "features", **provenance},
    )


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_are_those_of_an_exhaustive_search(metric):
    features, query = collection(), collection(5, seed=1)
    found = NeighbourIndex(features, metric=metric).query(query, k=4)
    for i, row in enumerate(query.X):
        if metric == "cosine":
            lengths = np.linalg.norm(features.X, axis=1) * np.linalg.norm(row)
            distances = 1 - features.X @ row / lengths
        else:
            distances = np.linalg.norm(features.X - row, axis=1)
        nearest = np.argsort(distances)[:4]
        assert found.indices[i].tolist() == nearest.tolist()
        np.testing.assert_allclose(found.distances[i], distances[nearest], atol=1e-5)
        assert found.paths[i] == tuple(features.paths[j] for j in nearest)
        assert found.targets[i].tolist() == features.targets[nearest].tolist()


def test_picture_is_not_its_own_neighbour_even_among_copies():
    features = collection()
    features.X[[4, 9, 17]] = features.X[4]
    found = NeighbourIndex(features).similar_to(9, k=3)
    assert 9 not in found.indices[0]
    assert set(found.indices[0][:2]) == {4, 17}
    assert found.indices.shape == (1, 3)


def test_features_of_another_network_are_refused():
    with pytest.raises(ValueError, match="another weights"):
        NeighbourIndex(collection()).query(collection(2, weights="1"))


@pytest.mark.parametrize("k", [0, 31])
def test_more_neighbours_than_pictures_are_refused(k):
    with pytest.raises(ValueError, match="must be from 1 to 30"):
        NeighbourIndex(collection()).query(collection(1), k=k)


def test_query_of_another_length_is_refused():
    with pytest.raises(ValueError, match="6 features a picture"):
        NeighbourIndex(collection()).query(np.zeros(5))


def test_a_collection_on_disk_is_searched_part_by_part_with_the_same_result(
    tmp_path, paths, monkeypatch
):
    labels = np.arange(len(paths)) % 3
    pictures = ImageSet(tuple(paths), labels, ("cat", "dog", "wild"))
    tiny = make_tiny()
    stored = extract_to_folder(pictures, tmp_path, tiny, progress=False)
    monkeypatch.setattr("course_utils.features.retrieval._ROWS_AT_A_TIME", 7)
    for metric in ("cosine", "euclidean"):
        on_disk, loaded = (NeighbourIndex(f, metric=metric) for f in (stored, stored.load()))
        for k in (1, 9):
            for found, expected in (
                (on_disk.query(stored[2:5], k), loaded.query(stored[2:5], k)),
                (on_disk.similar_to(-1, k), loaded.similar_to(-1, k)),
            ):
                np.testing.assert_array_equal(found.indices, expected.indices)
                np.testing.assert_allclose(found.distances, expected.distances, atol=1e-6)
                assert found.paths == expected.paths
                assert found.targets.tolist() == expected.targets.tolist()
    with pytest.raises(ValueError, match=r"metric"):
        NeighbourIndex(stored, metric="as the crow flies")


def test_empty_collection_is_refused():
    with pytest.raises(ValueError, match="empty"):
        NeighbourIndex(collection(0))


def test_row_that_is_not_there_is_refused():
    with pytest.raises(IndexError, match="no row 30"):
        NeighbourIndex(collection()).similar_to(30)
