import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_score_table

SCORES = [[-2.04, 1.5], [0.5, -0.5]]


def test_each_score_stands_in_its_cell_and_the_colours_have_a_key():
    drawn = plot_score_table(SCORES, ["star 1", "star 2"], ["ash", "birch"])
    assert [[text.get_text() for text in row] for row in drawn.texts] == [
        ["-2.0", "1.5"],
        ["0.5", "-0.5"],
    ]
    low, high = drawn.image.get_clim()
    assert low == -high == -2.04
    assert "score" in drawn.image.colorbar.ax.get_ylabel()


def test_the_words_say_every_score():
    text = get_alt_text(plot_score_table(SCORES, ["star 1", "star 2"], ["ash", "birch"]).ax.figure)
    assert "star 1: ash -2.0, birch 1.5; star 2: ash 0.5, birch -0.5" in text


@pytest.mark.parametrize(
    ("scores", "rows", "columns", "message"),
    [
        (SCORES, ["one"], ["a", "b"], "1 row names"),
        (np.zeros((31, 1)), range(31), ["a"], "cannot be read"),
        ([[np.nan]], ["one"], ["a"], "score of 'one', 'a' is nan"),
    ],
)
def test_what_is_no_table_of_scores_is_refused(scores, rows, columns, message):
    with pytest.raises(ValueError, match=message):
        plot_score_table(scores, rows, columns)


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_score_table([[0.0]], ["one"], ["a"], ax=ax).ax is ax
