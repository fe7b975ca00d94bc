import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, map_features, plot_feature_map

POSITIONS = np.array([[0, 0], [0, 1], [1, 0], [9, 9], [9, 8]])
Y = [0, 0, 0, 1, 1]
NAMES = ["cat", "dog"]


def two_groups():
    rng = np.random.default_rng(0)
    return np.vstack([rng.normal(size=(20, 30)), 8 + rng.normal(size=(20, 30))])


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_similar_rows_lie_near_each_other_and_the_map_can_be_repeated(method):
    X = two_groups()
    positions = map_features(X, method, seed=1)
    assert positions.shape == (40, 2)
    centres = positions[:20].mean(axis=0), positions[20:].mean(axis=0)
    within = np.linalg.norm(positions[:20] - centres[0], axis=1).mean()
    assert np.linalg.norm(centres[0] - centres[1]) > 2 * within
    assert np.array_equal(positions, map_features(X, method, seed=1))


@pytest.mark.parametrize(
    ("X", "method", "message"),
    [
        (np.eye(4), "umap", "choose one of pca, tsne"),
        (np.eye(2), "pca", "3 rows"),
        (np.zeros(5), "pca", r"shape \(5,\)"),
    ],
)
def test_what_cannot_be_mapped_is_refused(X, method, message):
    with pytest.raises(ValueError, match=message):
        map_features(X, method)


def test_each_class_is_drawn_where_its_rows_are():
    drawn = plot_feature_map(POSITIONS, Y, NAMES)
    assert [len(points.get_xdata()) for points in drawn.points] == [3, 2]
    assert drawn.points[1].get_xydata().tolist() == [[9, 9], [9, 8]]
    assert drawn.points[0].get_marker() != drawn.points[1].get_marker()


def test_highlighted_rows_are_ringed_and_named_in_the_legend():
    drawn = plot_feature_map(POSITIONS, Y, NAMES, highlight=[3], highlight_label="wrong")
    assert drawn.rings.get_xydata().tolist() == [[9, 9]]
    assert "wrong" in [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert plot_feature_map(POSITIONS, Y, NAMES, highlight=[]).rings is None


def test_thumbnails_are_spread_over_the_map():
    pictures = [np.full((4, 4, 3), k / 5) for k in range(5)]
    drawn = plot_feature_map(POSITIONS, Y, NAMES, images=pictures, n_thumbnails=2)
    (one, other) = (np.array(box.xy) for box in drawn.thumbnails)
    assert np.linalg.norm(one - other) > 10
    every = plot_feature_map(POSITIONS, Y, NAMES, images=pictures, n_thumbnails=99)
    assert sorted(box.xy for box in every.thumbnails) == sorted(map(tuple, POSITIONS.tolist()))


def test_the_words_say_how_mixed_the_classes_are():
    apart = get_alt_text(plot_feature_map(POSITIONS, Y, NAMES).ax.figure)
    assert "3 cat, 2 dog" in apart
    assert "same class for 100%" in apart
    mixed = get_alt_text(plot_feature_map(POSITIONS, [0, 1, 1, 0, 1], NAMES).ax.figure)
    assert "same class for 0%" in mixed


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_feature_map(POSITIONS, Y, NAMES, ax=ax).ax is ax


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"positions": np.zeros((5, 3))}, "map_features makes positions"),
        ({"y": [0]}, r"y \(1,\)"),
        ({"y": [0, 0, 0, 0, 2]}, "from 0 to 1"),
        ({"images": [np.zeros((2, 2))]}, "1 images do not fit 5 positions"),
        ({"class_names": None}, "class_names are needed"),
    ],
)
def test_bad_input_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        plot_feature_map(**{"positions": POSITIONS, "y": Y, "class_names": NAMES, **change})
