import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from course_utils.plotting import get_alt_text, plot_class_regions


@pytest.fixture(scope="module")
def points():
    return make_blobs(centers=3, n_samples=120, random_state=10)


def test_regions_of_any_classifier_can_be_drawn(points):
    X, y = points
    names = np.array(["ant", "bee", "cat"])[y]
    model = DecisionTreeClassifier(random_state=0).fit(X, names)
    drawn = plot_class_regions(model, X, names, test_points=X[0], title="A tree")
    left, right, bottom, top = drawn.regions.get_extent()
    shown = model.classes_[drawn.regions.get_array()]
    assert shown[0, 0] == model.predict([[left, bottom]])[0]
    assert shown[-1, -1] == model.predict([[right, top]])[0]
    assert drawn.ax.get_title() == "A tree"
    assert f"1 in class {names[0]}" in get_alt_text(drawn.ax.figure)


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (LogisticRegression(), TypeError, "give a fitted classifier"),
        (LogisticRegression().fit(np.eye(3), [0, 1, 1]), ValueError, "fitted on 3 features"),
    ],
)
def test_regions_need_a_fitted_classifier_of_two_features(points, model, error, message):
    with pytest.raises(error, match=message):
        plot_class_regions(model, *points)


def test_labels_that_the_model_does_not_know_are_named(points):
    X, y = points
    model = LogisticRegression().fit(X, y)
    with pytest.raises(ValueError, match=r"40 of the 120 labels .* none of .*: 7; .* 0, 1, 2"):
        plot_class_regions(model, X, np.where(y == 2, 7, y))
