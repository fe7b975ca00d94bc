import tracemalloc

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from course_utils import ImageSet
from course_utils.plotting import get_alt_text, map_features, plot_map, plot_picture_map

PLACES = [[0, 0], [1, 1], [1, 0]]


def test_each_point_stands_at_its_place_in_its_class():
    drawn = plot_map(PLACES, [1, 0, 1], ["cat", "dog"])
    cat, dog = drawn.points
    assert cat.get_xydata().tolist() == [[1, 1]]
    assert dog.get_xydata().tolist() == [[0, 0], [1, 0]]
    assert cat.get_marker() != dog.get_marker()
    assert [text.get_text() for text in drawn.ax.get_legend().get_texts()] == ["cat", "dog"]


def test_a_map_has_no_numbers_on_its_axes_and_a_text_alternative():
    drawn = plot_map(PLACES, [1, 0, 1], ["cat", "dog"], title="PCA")
    assert len(drawn.ax.get_xticks()) == len(drawn.ax.get_yticks()) == 0
    assert "PCA: 3 points of the classes cat, dog." in get_alt_text(drawn.ax.figure)


@pytest.mark.parametrize(
    ("places", "labels", "said"),
    [
        ([[0, 0, 0]], [0], "two numbers a row"),
        (np.empty((0, 2)), [], "two numbers a row"),
        (PLACES, [0, 1], "one for each of the 3"),
        (PLACES, [0, 1, 2], "2 class names"),
        (PLACES, [0, 1, -1], "2 class names"),
        (PLACES, None, "labels is None"),
        (PLACES, [0, None, 1], r"labels\[1\] is None"),
        (PLACES, ["cat", "dog", "dog"], "'cat'; give class numbers"),
        ([[0, 0], [np.nan, 0], [1, 1]], [0, 1, 1], r"places\[1\] is \[nan, 0.0\]"),
    ],
)
def test_labels_that_do_not_fit_the_places_are_refused(places, labels, said):
    with pytest.raises(ValueError, match=said):
        plot_map(places, labels, ["cat", "dog"])


@pytest.fixture
def three_pictures(tmp_path):
    for name, color in [("cat/1", "red"), ("dog/1", "lime"), ("dog/2", "blue")]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (60, 40), color).save(tmp_path / f"{name}.png")
    return ImageSet.from_folder(tmp_path, origin="painted")


def test_each_picture_stands_at_its_place(three_pictures):
    drawn = plot_picture_map(PLACES, three_pictures)
    assert [box.xy for box in drawn.pictures] == [(0, 0), (1, 1), (1, 0)]
    middles = [box.offsetbox.get_data()[10, 10].tolist() for box in drawn.pictures]
    assert middles == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    frames = [box.patch.get_edgecolor() for box in drawn.pictures]
    assert frames[0] != frames[1] == frames[2]
    assert "PAINTED" in drawn.ax.get_title()


def test_a_place_is_needed_for_each_picture(three_pictures):
    with pytest.raises(ValueError, match="2 places for 3 pictures"):
        plot_picture_map(PLACES[:2], three_pictures)


def test_some_pictures_are_spread_over_the_map_and_the_others_are_points(three_pictures):
    drawn = plot_picture_map([[0, 0], [0, 1], [9, 9]], three_pictures, n_pictures=2)
    assert (9, 9) in [box.xy for box in drawn.pictures]
    assert sum(len(points.get_xdata()) for points in drawn.points) == 3


@pytest.mark.parametrize("n_pictures", [None, 1])
def test_highlighted_pictures_are_named_in_the_legend(three_pictures, n_pictures):
    drawn = plot_picture_map(
        PLACES, three_pictures, n_pictures=n_pictures, highlight=[1], highlight_label="wrong"
    )
    assert "wrong" in [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert "1 are ringed: wrong" in get_alt_text(drawn.ax.figure)


def test_highlighted_points_are_ringed():
    drawn = plot_map(PLACES, [1, 0, 1], ["cat", "dog"], highlight=[1], highlight_label="wrong")
    assert drawn.rings.get_xydata().tolist() == [[1, 1]]
    assert "wrong" in [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert plot_map(PLACES, [1, 0, 1], ["cat", "dog"], highlight=[]).rings is None


@pytest.mark.parametrize("highlight", [[3], [-1], [True, False, True], [0.5]])
def test_what_are_no_rows_cannot_be_highlighted(highlight):
    with pytest.raises(ValueError, match=r"rows from 0 to 2; np\.flatnonzero"):
        plot_map(PLACES, [1, 0, 1], ["cat", "dog"], highlight=highlight)


def test_the_words_say_how_mixed_the_classes_are():
    places = [[0, 0], [0, 1], [1, 0], [9, 9], [9, 8]]
    apart = get_alt_text(plot_map(places, [0, 0, 0, 1, 1], ["cat", "dog"]).ax.figure)
    assert "same class for 100%" in apart
    mixed = get_alt_text(plot_map(places, [0, 1, 1, 0, 1], ["cat", "dog"]).ax.figure)
    assert "same class for 0%" in mixed


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_map(PLACES, [1, 0, 1], ["cat", "dog"], ax=ax).ax is ax


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


def test_the_words_of_ten_thousand_points_take_little_memory():
    rng = np.random.default_rng(0)
    places, labels = rng.normal(size=(10_000, 2)), rng.integers(2, size=10_000)
    _, ax = plt.subplots()
    tracemalloc.start()
    plot_map(places, labels, ["cat", "dog"], ax=ax)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6


@given(st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_the_words_count_neighbours_as_a_table_of_all_distances_does(n, seed):
    from course_utils.plotting._map import describe_separation

    rng = np.random.default_rng(seed)
    places, y = rng.normal(size=(n, 2)), rng.integers(3, size=n)
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    share = (y[distances.argmin(axis=1)] == y).mean()
    assert f" {share:.0%} " in describe_separation(places, y)


def test_points_at_the_same_place_are_each_others_neighbours():
    from course_utils.plotting._map import describe_separation

    assert " 100% " in describe_separation(np.zeros((5, 2)), np.zeros(5, int))
    assert " 0% " in describe_separation(np.zeros((2, 2)), np.array([0, 1]))


def test_joined_points_are_joined_and_named():
    drawn = plot_map(
        PLACES, [1, 0, 1], ["cat", "dog"], joins=[[0, 2], [1, 2]], joins_label="neighbours"
    )
    assert [segment.tolist() for segment in drawn.joins.get_segments()] == [
        [[0, 0], [1, 0]],
        [[1, 1], [1, 0]],
    ]
    assert "neighbours" in [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert "2 lines join two of them: neighbours" in get_alt_text(drawn.ax.figure)
    assert plot_map(PLACES, [1, 0, 1], ["cat", "dog"]).joins is None


@pytest.mark.parametrize(
    ("joins", "message"),
    [([[0, 3]], "0 to 2"), ([[0.5, 1]], "0 to 2"), ([0, 1], "two rows a join")],
)
def test_what_are_no_pairs_of_rows_cannot_be_joined(joins, message):
    with pytest.raises(ValueError, match=message):
        plot_map(PLACES, [1, 0, 1], ["cat", "dog"], joins=joins)
