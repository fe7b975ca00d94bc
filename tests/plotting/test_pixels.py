import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_zoom

PICTURE = np.arange(100 * 120, dtype=np.int64).reshape(100, 120) % 256


def written(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_the_numbers_written_are_those_of_the_pixels_around_the_center():
    drawn = plot_zoom(PICTURE, center=(50, 60), n_pixels=4)
    expected = PICTURE[48:52, 58:62]
    assert drawn.numbers.tolist() == expected.tolist()
    assert written(drawn.axes[2]) == [str(number) for number in expected.ravel()]
    assert ", ".join(map(str, expected[0])) in get_alt_text(drawn.figure)


@pytest.mark.parametrize(
    ("center", "corner"),
    [((0, 0), (0, 0)), ((99, 119), (95, 115)), ((0, 119), (0, 115))],
)
def test_near_an_edge_the_part_moves_inwards(center, corner):
    row, column = corner
    drawn = plot_zoom(PICTURE, center=center, n_pixels=5)
    assert drawn.numbers.tolist() == PICTURE[row : row + 5, column : column + 5].tolist()


def test_a_number_stands_on_its_own_pixel_and_frames_enclose_what_is_shown_next():
    drawn = plot_zoom(PICTURE, center=(30, 40), n_pixels=6)
    _, middle, near = drawn.axes
    for text in near.texts:
        column, row = (int(place) for place in text.get_position())
        assert text.get_text() == str(PICTURE[row, column])
    (frame,) = middle.patches
    left, bottom = frame.get_xy()
    assert (left, left + frame.get_width()) == near.get_xlim()
    assert (bottom + frame.get_height(), bottom) == near.get_ylim()


def test_numbers_can_be_read_on_dark_and_on_bright_pixels():
    drawn = plot_zoom(np.array([[0.0, 1.0], [1.0, 0.2]]), center=(1, 1), n_pixels=2)
    texts = drawn.axes[2].texts
    assert [text.get_color() for text in texts] == ["white", "black", "black", "white"]
    assert [text.get_text() for text in texts] == [".00", "1.00", "1.00", ".20"]


@pytest.mark.parametrize(
    ("picture", "options", "message"),
    [
        (np.zeros((20, 20, 3)), {}, "give a grey one"),
        (np.zeros(400), {}, "reshape a flattened one"),
        (np.full((20, 20), 300), {}, "0 to 255"),
        (np.full((20, 20), np.nan), {}, "0 to 1"),
        (np.full((20, 20), -0.5), {}, "0 to 1"),
        (np.zeros((8, 20)), {}, "n_pixels is 12"),
        (np.zeros((20, 20)), {"n_pixels": 17}, "2 to 16"),
        (np.zeros((20, 20)), {"n_pixels": 1}, "2 to 16"),
        (np.zeros((20, 20)), {"center": (20, 3)}, "center is row 20, column 3"),
        (np.zeros((20, 20)), {"center": (-1, 3)}, "center is row -1"),
        (np.array([["a"] * 20] * 20), {}, "give a grey one"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(picture, options, message):
    with pytest.raises(ValueError, match=message):
        plot_zoom(picture, **{"center": (3, 3), **options})


def test_draws_in_the_figure_given():
    figure = plt.figure()
    assert plot_zoom(PICTURE, center=(9, 9), fig=figure).figure is figure
