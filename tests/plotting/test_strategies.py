"""Scores and duels are drawn as they are, and said in words."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from course_utils.multiclass import fit_one_vs_one
from course_utils.plotting import (
    class_color,
    get_alt_text,
    plot_duels,
    plot_raw_scores,
    plot_score_profile,
)


@pytest.fixture(scope="module")
def points():
    return make_blobs(centers=4, n_samples=80, random_state=10)


def test_bars_are_as_long_as_the_scores_and_the_highest_is_marked():
    drawn = plot_raw_scores([-2.0, -0.5, -1.0], ["cat", "dog", "wild"])
    assert [bar.get_width() for bar in drawn.bars] == [-2.0, -0.5, -1.0]
    marked = [text.get_text() for text in drawn.ax.texts if "highest" in text.get_text()]
    assert marked == ["-0.50 (highest)"]
    text = get_alt_text(drawn.ax.figure)
    assert "0 of 3 models say yes; the highest score is that of dog" in text


def test_the_zero_of_the_scores_is_in_the_middle_so_that_yes_and_no_compare():
    low, high = plot_raw_scores([-8.0, 3.0], ["a", "b"]).ax.get_xlim()
    assert low == -high <= -8.0


def test_a_profile_shows_every_score_and_who_wins_from_left_to_right():
    x = np.linspace(-4, 4, 81)
    scores = np.column_stack([-x - 2, np.full_like(x, -0.7), x - 2])
    drawn = plot_score_profile(x, scores, ["left", "middle", "right"])
    assert np.allclose(np.column_stack([line.get_ydata() for line in drawn.lines]), scores)
    text = get_alt_text(drawn.ax.figure)
    assert "the highest score is that of left, then middle, then right" in text
    assert "The score of middle is nowhere above zero" in text


def test_each_pair_has_a_panel_with_its_line_in_its_classes_colours(points):
    models = fit_one_vs_one(LogisticRegression, *points)
    drawn = plot_duels(models, *points)
    assert [ax.get_title() for ax in drawn.axes] == [f"{a} or {b}?" for a, b in models]
    for ax, line, ((a, b), model) in zip(drawn.axes, drawn.lines, models.items(), strict=True):
        on_line = np.array([line.get_xy1(), line.get_xy2()])
        assert np.allclose(model.decision_function(on_line), 0, atol=1e-9)
        grey, first, second, _ = ax.lines
        assert (first.get_color(), second.get_color()) == (class_color(a), class_color(b))
        assert len(grey.get_xdata()) == 40
    (legend,) = drawn.axes[0].figure.legends
    said = [text.get_text() for text in legend.get_texts()]
    assert said == ["class 0", "class 1", "class 2", "class 3", "not given to it"]
    assert "6 panels, one for each pair" in get_alt_text(drawn.axes[0].figure)


def test_a_duel_that_is_no_straight_line_is_refused(points):
    with pytest.raises(TypeError, match="DecisionTreeClassifier has no lines to draw"):
        plot_duels(fit_one_vs_one(DecisionTreeClassifier, *points), *points)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plot_raw_scores([1.0, 2.0], ["a"]), r"scores has shape \(2,\).*1 classes"),
        (lambda: plot_raw_scores([1.0, np.nan], ["a", "b"]), "nan or infinity"),
        (lambda: plot_score_profile([0, 1], [[1.0, 2.0]], ["a", "b"]), "each of the 1 rows"),
        (lambda: plot_score_profile([1, 0], np.eye(2), ["a", "b"]), "a rising place"),
        (lambda: plot_duels({}, np.eye(2), [0, 1]), "there are 0 models"),
        (lambda: plot_duels({(0, 1): 0}, np.eye(3), [0, 1, 1]), r"X has shape \(3, 3\)"),
    ],
)
def test_what_cannot_be_drawn_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
    assert plt.get_fignums() == []


def test_each_draws_on_the_axes_given():
    _, axes = plt.subplots(1, 2)
    assert plot_raw_scores([1.0], ["a"], ax=axes[0]).ax is axes[0]
    assert plot_score_profile([0, 1], np.eye(2), ["a", "b"], ax=axes[1]).ax is axes[1]
