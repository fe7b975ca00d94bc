import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_predictions


def grey_pictures(n):
    return [np.full((4, 4), i / n) for i in range(n)]


def test_pictures_stand_under_their_own_predictions():
    y, probabilities = [0, 1, 0], [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]]
    drawn = plot_predictions(grey_pictures(3), y, probabilities, class_names=["cat", "dog"])
    assert drawn.indices.tolist() == [1, 2]
    titles = [ax.get_title() for ax in drawn.axes]
    assert titles == ["dog\npredicted cat, 0.80", "cat\npredicted dog, 0.70"]
    assert drawn.axes[0].images[0].get_array()[0, 0] == pytest.approx(1 / 3)
    text = get_alt_text(drawn.figure)
    assert "Most incorrect" in text
    assert "dog, predicted cat, 0.80" in text


def test_the_heading_says_which_line_is_true_and_which_is_predicted():
    drawn = plot_predictions(grey_pictures(1), [0], [[0.4, 0.6]], class_names=["cat", "dog"])
    assert drawn.figure.get_suptitle() == "Most incorrect: true class, then prediction"


def test_a_prediction_that_fits_above_its_picture_stays_on_one_line():
    drawn = plot_predictions(
        grey_pictures(4), [0] * 4, [[0.48, 0.52]] * 4, class_names=["cat", "wild"]
    )
    assert drawn.axes[0].get_title() == "cat\npredicted wild, 0.52"
    drawn.figure.canvas.draw()
    width = drawn.axes[0].title.get_window_extent().width
    assert width <= drawn.axes[0].get_window_extent().width


def test_where_there_is_none_the_figure_says_so():
    drawn = plot_predictions(grey_pictures(1), [0], [[1, 0]], class_names=["cat", "dog"])
    assert len(drawn.indices) == 0
    assert [text.get_text() for text in drawn.figure.axes[0].texts] == [
        "no prediction is incorrect"
    ]
    assert "there is none" in get_alt_text(drawn.figure)


def test_only_pictures_of_one_class_can_be_asked_for():
    y, probabilities = [0, 1, 1], [[0.1, 0.9], [0.8, 0.2], [0.6, 0.4]]
    drawn = plot_predictions(
        grey_pictures(3), y, probabilities, class_names=["cat", "dog"], of_class="dog"
    )
    assert drawn.indices.tolist() == [1, 2]
    assert "of class dog" in drawn.figure.get_suptitle()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"class_names": None}, "class_names are needed"),
        ({"of_class": "bird"}, "choose one of cat, dog"),
        ({"images": grey_pictures(3)}, "3 images"),
        ({"class_names": ["cat"]}, "1 class names"),
    ],
)
def test_a_grid_of_predictions_refuses_what_does_not_fit(change, message):
    arguments = {
        "images": grey_pictures(1),
        "y": [0],
        "probabilities": [[0.5, 0.5]],
        "class_names": ["cat", "dog"],
    }
    with pytest.raises(ValueError, match=message):
        plot_predictions(**{**arguments, **change})
