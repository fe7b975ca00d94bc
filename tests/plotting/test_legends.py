"""Legends never hide another panel."""

import matplotlib.pyplot as plt
import pytest
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression

from course_utils.plotting import plot_class_regions, plot_learning_curve, plot_map

X, y = make_blobs(centers=3, n_samples=60, random_state=10)


@pytest.mark.parametrize("layout", [None, "constrained"])
@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plot_map(X, y, ["a", "b", "c"], ax=ax),
        lambda ax: plot_class_regions(LogisticRegression().fit(X, y), X, y, ax=ax),
        lambda ax: plot_learning_curve([1, 9], {"a": [0.1, 0.5]}, ax=ax),
    ],
)
def test_a_legend_of_one_panel_does_not_reach_into_the_next(draw, layout):
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout=layout)
    draw(left)
    draw(right)
    figure.canvas.draw()
    assert left.get_legend().get_window_extent().x1 <= right.get_window_extent().x0
