import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from course_utils.plotting import get_alt_text, plot_confusion_matrix

NAMES = ["cat", "dog", "wild"]
CM = np.array([[50, 0, 0], [1, 49, 0], [12, 7, 31]])


def test_counts_stand_in_their_cells():
    drawn = plot_confusion_matrix(CM, NAMES)
    shown = [[text.get_text() for text in row] for row in drawn.texts]
    assert shown == CM.astype(str).tolist()
    assert [label.get_text() for label in drawn.ax.get_yticklabels()] == NAMES
    assert drawn.ax.get_ylabel() == "true class"
    assert drawn.ax.get_xlabel() == "predicted class"


def test_normalized_rows_are_shares_of_the_true_class():
    drawn = plot_confusion_matrix(CM, NAMES, normalize=True)
    assert [text.get_text() for text in drawn.texts[2]] == ["0.24", "0.14", "0.62"]
    assert np.allclose(drawn.image.get_array().sum(axis=1), 1)


def test_a_class_without_samples_is_zeros_not_nan():
    drawn = plot_confusion_matrix([[0, 0], [1, 3]], ["a", "b"], normalize=True)
    assert [text.get_text() for text in drawn.texts[0]] == ["0.00", "0.00"]


def test_takes_what_scikit_learn_counts_and_a_generators_class_indices():
    cm = confusion_matrix([0, 0, 1], [0, 1, 1])
    assert len(plot_confusion_matrix(cm, {"cats": 0, "dogs": 1}).texts) == 2


def test_the_words_name_the_worst_confusion_first():
    drawn = plot_confusion_matrix(CM, NAMES)
    text = get_alt_text(drawn.ax.figure)
    assert "130 of 150 predictions are right" in text
    assert text.index("12 wild predicted as cat") < text.index("7 wild predicted as dog")


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_confusion_matrix(CM, NAMES, ax=ax).ax is ax


@pytest.mark.parametrize(
    ("cm", "names", "message"),
    [
        ([[1, 2, 3]], ["a"], "square"),
        (CM, ["a", "b"], "3 rows, but there are 2 class names"),
        (CM / CM.sum(axis=1, keepdims=True), NAMES, "normalize=True"),
        (-CM, NAMES, "from 0 up"),
    ],
)
def test_bad_input_is_named(cm, names, message):
    with pytest.raises(ValueError, match=message):
        plot_confusion_matrix(cm, names)
