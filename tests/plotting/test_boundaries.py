import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from course_utils.plotting import get_alt_text, plot_multiclass_lr_ovr


@pytest.fixture(scope="module")
def points():
    return make_blobs(centers=3, n_samples=120, random_state=10)


@pytest.fixture(scope="module")
def ovr(points):
    return OneVsRestClassifier(LogisticRegression()).fit(*points)


def test_each_binary_model_scores_zero_along_its_line(points, ovr):
    drawn = plot_multiclass_lr_ovr(ovr, *points, 3)
    assert len(drawn.lines) == 3
    for line, model in zip(drawn.lines, ovr.estimators_, strict=True):
        on_line = np.array([line.get_xy1(), line.get_xy2()])
        assert np.allclose(model.decision_function(on_line), 0, atol=1e-9)


def test_regions_show_what_the_model_predicts(points, ovr):
    drawn = plot_multiclass_lr_ovr(ovr, *points, 3, decision_boundary=True)
    left, right, bottom, top = drawn.regions.get_extent()
    shown = drawn.regions.get_array()
    assert shown[0, 0] == ovr.predict([[left, bottom]])[0]
    assert shown[-1, 0] == ovr.predict([[left, top]])[0]
    assert shown[-1, -1] == ovr.predict([[right, top]])[0]


def test_regions_are_left_out_unless_asked_for(points, ovr):
    assert plot_multiclass_lr_ovr(ovr, *points, 3).regions is None


def test_test_points_are_shown_even_far_outside(points, ovr):
    drawn = plot_multiclass_lr_ovr(ovr, *points, 3, test_points=[[50, 50], [-50, 0]])
    assert drawn.test_points.get_xydata().tolist() == [[50, 50], [-50, 0]]
    assert drawn.ax.get_xlim()[0] < -50
    assert drawn.ax.get_xlim()[1] > 50


def test_a_test_point_alone_has_no_number(points, ovr):
    assert not plot_multiclass_lr_ovr(ovr, *points, 3, test_points=[0, 0]).ax.texts
    numbered = plot_multiclass_lr_ovr(ovr, *points, 3, test_points=[[0, 0], [4, 4]])
    assert [text.get_text() for text in numbered.ax.texts] == ["1", "2"]


def test_a_vertical_line_can_be_drawn():
    X, y = [[-1.0, 0], [-1, 1], [1, 0], [1, 1]], [0, 0, 1, 1]
    drawn = plot_multiclass_lr_ovr(LogisticRegression().fit(X, y), X, y, 2)
    (line,) = drawn.lines
    assert line.get_xy1()[0] == pytest.approx(line.get_xy2()[0])


def test_classes_are_told_apart_by_marker_as_well_as_colour(points, ovr):
    drawn = plot_multiclass_lr_ovr(ovr, *points, 3)
    assert len({artist.get_marker() for artist in drawn.points}) == 3
    assert len({artist.get_color() for artist in drawn.points}) == 3
    assert len({line.get_linestyle() for line in drawn.lines}) == 3
    assert sum(len(artist.get_xdata()) for artist in drawn.points) == 120


def test_draws_on_the_axes_given(points, ovr):
    _, (left, right) = plt.subplots(1, 2)
    assert plot_multiclass_lr_ovr(ovr, *points, 3, ax=right).ax is right
    assert not left.has_data()


def test_each_class_has_one_legend_entry_for_its_points_and_its_line(points, ovr):
    drawn = plot_multiclass_lr_ovr(ovr, *points, 3, test_points=[0, 0])
    legend = drawn.ax.get_legend()
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["class 0", "class 1", "class 2", "test points"]
    assert legend.get_title().get_text() == "points and line of"


def test_says_in_words_what_it_shows(points, ovr):
    drawn = plot_multiclass_lr_ovr(ovr, *points, 3, test_points=[0, 0])
    text = get_alt_text(drawn.ax.figure)
    assert "120 points of 3 classes" in text
    assert "3 straight lines" in text
    assert "1 test point without a class" in text


def test_where_test_points_lie_is_told_only_where_the_regions_show_it(points, ovr):
    here = points[0][:1]
    drawn = plot_multiclass_lr_ovr(ovr, *points, 3, here, decision_boundary=True)
    assert f"1 in class {ovr.predict(here)[0]}" in get_alt_text(drawn.ax.figure)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_classes": 4}, "n_classes is 4, but lr was fitted on 3 classes: 0, 1, 2"),
        ({"X": np.zeros((120, 3))}, r"X has shape \(120, 3\)"),
        ({"y": [0, 1]}, "one class for each of the 120 points"),
        ({"test_points": [[1, 2, 3]]}, "two features each"),
    ],
)
def test_bad_input_is_named(points, ovr, change, message):
    X, y = points
    with pytest.raises(ValueError, match=message):
        plot_multiclass_lr_ovr(**{"lr": ovr, "X": X, "y": y, "n_classes": 3, **change})


def test_a_model_without_lines_is_refused(points):
    with pytest.raises(TypeError, match="DecisionTreeClassifier has no lines to draw"):
        plot_multiclass_lr_ovr(DecisionTreeClassifier().fit(*points), *points, 3)


def test_a_model_that_is_not_fitted_is_refused(points):
    with pytest.raises(TypeError, match="give a fitted linear classifier"):
        plot_multiclass_lr_ovr(LogisticRegression(), *points, 3)


def test_a_regression_is_no_classifier(points):
    with pytest.raises(TypeError, match="LinearRegression predicts no classes"):
        plot_multiclass_lr_ovr(LinearRegression().fit(*points), *points, 3)


@pytest.mark.parametrize("model", [LogisticRegression(), LinearDiscriminantAnalysis()])
def test_softmax_scores_are_not_drawn_as_if_they_were_binary_models(points, model):
    with pytest.raises(TypeError, match=r"softmax.*OneVsRestClassifier.*plot_class_regions"):
        plot_multiclass_lr_ovr(model.fit(*points), *points, 3)


def test_a_linear_model_that_is_one_vs_rest_itself_is_drawn(points):
    model = LinearSVC().fit(*points)
    drawn = plot_multiclass_lr_ovr(model, *points, 3)
    for k, line in enumerate(drawn.lines):
        assert np.isclose(model.decision_function([line.get_xy1()])[0, k], 0, atol=1e-9)


@pytest.mark.parametrize(
    ("label", "named"), [(5, "classes: 5;"), (None, "classes: None;"), ("ant", "classes: 'ant';")]
)
def test_labels_that_the_model_does_not_know_are_named(points, ovr, label, named):
    X, y = points
    y = y.astype(object)
    y[3] = label
    with pytest.raises(ValueError, match=rf"1 of the 120 labels.*{named}"):
        plot_multiclass_lr_ovr(ovr, X, y, 3)


def test_points_without_a_place_are_named(points, ovr):
    X, y = points
    X = X.copy()
    X[4, 1] = np.nan
    with pytest.raises(ValueError, match=r"X\[4\] is .*nan"):
        plot_multiclass_lr_ovr(ovr, X, y, 3)


def test_no_number_of_a_test_point_stands_on_a_line_or_on_another():
    """The first figure of assignment a1, where they did."""
    centers = [[-3, 1], [0, -2], [3, 1.5]]
    X, y = make_blobs(n_samples=120, centers=centers, cluster_std=1.3, random_state=7)
    ovr = OneVsRestClassifier(LogisticRegression()).fit(X, y)
    drawn = plot_multiclass_lr_ovr(ovr, X, y, 3, [[0.2, 0.9], [-1.6, -0.4]])
    drawn.ax.figure.canvas.draw()
    numbers = [text.get_window_extent() for text in drawn.ax.texts]
    assert len(numbers) == 2
    assert not numbers[0].overlaps(numbers[1])
    for line in drawn.lines:
        ends = drawn.ax.transData.transform([line.get_xy1(), line.get_xy2()])
        along = np.linspace(-50, 50, 40001)[:, None]
        pixels = ends[0] + along * (ends[1] - ends[0])
        for box in numbers:
            inside = (pixels > [box.x0, box.y0]) & (pixels < [box.x1, box.y1])
            assert not inside.all(axis=1).any()
