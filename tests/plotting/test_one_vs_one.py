import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.tree import DecisionTreeClassifier

from course_utils.plotting import class_color, get_alt_text, plot_one_vs_one


@pytest.fixture(scope="module")
def points():
    return make_blobs(centers=4, n_samples=120, random_state=3)


@pytest.fixture(scope="module")
def duels(points):
    return OneVsOneClassifier(LogisticRegression()).fit(*points)


def test_each_pair_of_classes_has_its_line_in_both_their_colours(points, duels):
    drawn = plot_one_vs_one(duels, *points)
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    for number, (pair, model) in enumerate(zip(pairs, duels.estimators_, strict=True)):
        both = drawn.lines[2 * number : 2 * number + 2]
        assert [line.get_color() for line in both] == [class_color(k) for k in pair]
        for line in both:
            on_line = np.array([line.get_xy1(), line.get_xy2()])
            assert np.allclose(model.decision_function(on_line), 0, atol=1e-9)


def test_regions_and_words_show_what_the_votes_elect(points, duels):
    drawn = plot_one_vs_one(duels, *points, test_points=[0, 0], decision_boundary=True)
    left, _, bottom, _ = drawn.regions.get_extent()
    assert drawn.regions.get_array()[0, 0] == duels.predict([[left, bottom]])[0]
    text = get_alt_text(drawn.ax.figure)
    assert "6 lines" in text
    assert f"1 in class {duels.predict([[0, 0]])[0]}" in text


def test_draws_on_the_axes_given(points, duels):
    _, ax = plt.subplots()
    assert plot_one_vs_one(duels, *points, ax=ax).ax is ax


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (OneVsOneClassifier(LogisticRegression()), "not one model for each pair"),
        (OneVsOneClassifier(DecisionTreeClassifier()), "has no lines"),
        (OneVsRestClassifier(LogisticRegression()), "not one model for each pair"),
    ],
)
def test_models_without_duels_are_refused(points, model, message):
    if "Tree" in repr(model) or "Rest" in repr(model):
        model.fit(*points)
    with pytest.raises(TypeError, match=message):
        plot_one_vs_one(model, *points)


def test_labels_that_the_model_does_not_know_are_named(points, duels):
    X, y = points
    with pytest.raises(ValueError, match=r"none of the model's classes: 4, 5; "):
        plot_one_vs_one(duels, X, y + 2)
