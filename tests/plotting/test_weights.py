import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_weights


def test_each_row_is_shown_as_its_picture_on_one_scale_around_zero():
    weights = np.arange(12.0).reshape(2, 6) - 8
    drawn = plot_weights(weights, ["cat", "dog"], shape=(2, 3))
    assert [ax.get_title() for ax in drawn.axes] == ["cat", "dog"]
    assert drawn.axes[1].images[0].get_array().tolist() == [[-2, -1, 0], [1, 2, 3]]
    assert {ax.images[0].get_clim() for ax in drawn.axes} == {(-8, 8)}
    assert "cat from -8 to -3" in get_alt_text(drawn.figure)


@pytest.mark.parametrize(
    ("weights", "names", "options", "message"),
    [
        (np.zeros((1, 6)), ["cat"], {}, "6 weights a row are no picture of 2 x 2"),
        (np.zeros((1, 4)), ["cat", "dog"], {}, "2 names"),
        (np.zeros(4), ["cat"], {}, r"shape \(4,\)"),
        ([[np.nan] * 4], ["cat"], {}, "nan or inf"),
    ],
)
def test_what_are_no_pictures_of_weights_is_refused(weights, names, options, message):
    with pytest.raises(ValueError, match=message):
        plot_weights(weights, names, **options)


def test_draws_in_the_figure_given():
    figure = plt.figure()
    assert plot_weights(np.eye(4), list("abcd"), fig=figure).figure is figure
