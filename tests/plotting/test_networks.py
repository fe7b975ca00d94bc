import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier

from course_utils.plotting import count_weights, get_alt_text, plot_network_graph


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=5))
def test_every_unit_is_drawn_and_joined_to_all_of_the_next_layer(layers):
    drawn = plot_network_graph(layers)
    assert [len(units) for units in drawn.units] == layers
    lines = sum(len(between.get_segments()) for between in drawn.weights)
    assert lines == count_weights(layers)[0]
    plt.close("all")


def test_parameters_are_counted_as_in_a_fitted_network():
    X, y = np.random.default_rng(0).normal(size=(20, 4)), np.arange(20) % 2
    network = MLPClassifier((5, 3), solver="lbfgs").fit(X, y)
    weights = sum(matrix.size for matrix in network.coefs_)
    biases = sum(vector.size for vector in network.intercepts_)
    assert count_weights([4, 5, 3, 1]) == (weights, biases)
    drawn = plot_network_graph([4, 5, 3, 1], weights=network.coefs_)
    largest = np.abs(network.coefs_[0]).argmax()
    assert np.argmax(drawn.weights[0].get_linewidths()) == largest


def test_the_sign_of_a_weight_shows_in_colour_and_line_style():
    drawn = plot_network_graph([2, 1], weights=[[[1.0], [-1.0]]])
    (lines,) = drawn.weights
    positive, negative = lines.get_colors()
    assert not np.array_equal(positive, negative)
    (_, solid), (_, dashed) = lines.get_linestyles()
    assert solid is None
    assert dashed is not None
    labels = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert labels == ["positive weight", "negative weight"]


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        ((4, 1), "Logistic regression: 4 weights + 1 bias"),
        ((4, 3), "Softmax regression: 12 weights + 3 biases"),
        ((4, 3, 1), "One hidden layer: 15 weights + 4 biases"),
        ((4, 3, 3, 1), "Two hidden layers: 24 weights + 7 biases"),
        ((2, 1, 1, 1, 1, 1), "4 hidden layers: 6 weights + 5 biases"),
    ],
)
def test_the_title_says_what_it_is(layers, name):
    drawn = plot_network_graph(layers)
    assert drawn.ax.get_title() == name
    assert name in get_alt_text(drawn.ax.figure)


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_network_graph(ax=ax).ax is ax


@pytest.mark.parametrize(
    ("layers", "weights", "message"),
    [
        ([4], None, "at least inputs and outputs"),
        ([4, 0], None, "1 to 12 units"),
        ([4, 13], None, "1 to 12 units"),
        ([2, 1], [np.zeros((1, 2))], r"need \[\(2, 1\)\]"),
    ],
)
def test_what_cannot_be_drawn_is_refused(layers, weights, message):
    with pytest.raises(ValueError, match=message):
        plot_network_graph(layers, weights=weights)
