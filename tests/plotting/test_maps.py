import numpy as np
import pytest
from PIL import Image

from course_utils import ImageSet
from course_utils.plotting import get_alt_text, plot_map, plot_picture_map

PLACES = [[0, 0], [1, 1], [1, 0]]


def test_each_point_stands_at_its_place_in_its_class():
    drawn = plot_map(PLACES, [1, 0, 1], ["cat", "dog"])
    cat, dog = drawn.points
    assert cat.get_xydata().tolist() == [[1, 1]]
    assert dog.get_xydata().tolist() == [[0, 0], [1, 0]]
    assert cat.get_marker() != dog.get_marker()
    assert [text.get_text() for text in drawn.ax.get_legend().get_texts()] == ["cat", "dog"]


def test_a_map_has_no_numbers_on_its_axes_and_a_text_alternative():
    drawn = plot_map(PLACES, [1, 0, 1], ["cat", "dog"], title="PCA")
    assert len(drawn.ax.get_xticks()) == len(drawn.ax.get_yticks()) == 0
    assert get_alt_text(drawn.ax.figure) == "PCA: 3 points of the classes cat, dog."


@pytest.mark.parametrize(
    ("places", "labels", "said"),
    [
        ([[0, 0, 0]], [0], "two numbers a row"),
        (np.empty((0, 2)), [], "two numbers a row"),
        (PLACES, [0, 1], "one for each of the 3"),
        (PLACES, [0, 1, 2], "2 class names"),
        (PLACES, [0, 1, -1], "2 class names"),
    ],
)
def test_labels_that_do_not_fit_the_places_are_refused(places, labels, said):
    with pytest.raises(ValueError, match=said):
        plot_map(places, labels, ["cat", "dog"])


@pytest.fixture
def three_pictures(tmp_path):
    for name, color in [("cat/1", "red"), ("dog/1", "lime"), ("dog/2", "blue")]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (60, 40), color).save(tmp_path / f"{name}.png")
    return ImageSet.from_folder(tmp_path, origin="painted")


def test_each_picture_stands_at_its_place(three_pictures):
    drawn = plot_picture_map(PLACES, three_pictures)
    assert [box.xy for box in drawn.pictures] == [(0, 0), (1, 1), (1, 0)]
    middles = [box.offsetbox.get_data()[10, 10].tolist() for box in drawn.pictures]
    assert middles == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    frames = [box.patch.get_edgecolor() for box in drawn.pictures]
    assert frames[0] != frames[1] == frames[2]


def test_a_place_is_needed_for_each_picture(three_pictures):
    with pytest.raises(ValueError, match="2 places for 3 pictures"):
        plot_picture_map(PLACES[:2], three_pictures)
