from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from course_utils.plotting import get_alt_text, plot_images
from course_utils.plotting._drawn import PAGE_INCHES


def pictures(n):
    return [np.full((4, 6, 3), i / 12) for i in range(n)]


def test_every_picture_is_shown_with_its_title():
    grid = plot_images(pictures(5), titles=list("abcde"))
    assert [ax.get_title() for ax in grid.axes] == list("abcde")
    for ax, picture in zip(grid.axes, pictures(5), strict=True):
        assert np.array_equal(ax.images[0].get_array(), picture)


def test_paths_pil_images_and_arrays_are_all_pictures(tmp_path):
    picture = Image.new("RGB", (6, 4), (255, 0, 0))
    picture.save(tmp_path / "red.png")
    grid = plot_images([tmp_path / "red.png", picture, np.asarray(picture)])
    shown = [np.asarray(ax.images[0].get_array()) for ax in grid.axes]
    assert np.array_equal(shown[0], shown[1])
    assert np.array_equal(shown[1], shown[2])


def test_a_dark_grey_picture_is_shown_dark():
    grid = plot_images([np.full((4, 4), 10, dtype=np.uint8), np.full((4, 4), 0.1)])
    assert grid.axes[0].images[0].get_clim() == (0, 255)
    assert grid.axes[1].images[0].get_clim() == (0, 1)


def test_an_image_set_brings_its_class_names_and_origin(tmp_path):
    from course_utils import ImageSet

    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (6, 4)).save(tmp_path / name / "1.png")
    dataset = ImageSet.from_folder(tmp_path, name="pets", origin="painted")
    grid = plot_images(dataset)
    assert [ax.get_title() for ax in grid.axes] == ["cat", "dog"]
    assert "pets" in grid.figure.get_suptitle()
    assert "painted" in grid.figure.get_suptitle().lower()
    assert "painted" in get_alt_text(grid.figure).lower()
    assert plot_images(dataset, title="").figure.get_suptitle() == ""


def test_places_without_a_picture_stay_blank():
    grid = plot_images(pictures(4), ncols=3)
    assert len(grid.axes) == 4
    assert len(grid.figure.axes) == 6
    assert not any(ax.axison for ax in grid.figure.axes)


def test_draws_in_the_figure_given():
    figure = plt.figure()
    assert plot_images(pictures(2), fig=figure).figure is figure


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        ([], {}, "no picture"),
        (pictures(2), {"titles": ["a"]}, "1 titles for 2 pictures"),
        (pictures(1) * 101, {}, r"at most 100.*sample"),
        ([np.zeros((2, 2, 2))], {}, r"picture 0 has shape \(2, 2, 2\)"),
        ([np.zeros((2, 2)), np.zeros((3, 224, 224))], {}, "picture 1.*permute"),
        ([np.zeros(12)], {}, "reshape a flattened one"),
        ([np.full((2, 2), -2.1)], {}, "values from -2.1.*undo the normalisation"),
        ([np.full((2, 2), 256)], {}, "lie in 0 to 255"),
        ([np.full((2, 2), np.nan)], {}, "values from nan"),
        (pictures(2), {"ncols": 0}, "ncols"),
    ],
)
def test_bad_input_is_named(images, options, message):
    with pytest.raises(ValueError, match=message):
        plot_images(images, **options)


def test_twelve_pictures_of_three_classes_fill_rows_of_four():
    grid = plot_images(pictures(12))
    assert len({ax.get_subplotspec().colspan.start for ax in grid.axes}) == 4
    assert len(grid.figure.axes) == 12


def test_long_titles_are_broken_so_that_no_two_overlap():
    grid = plot_images(pictures(5), titles=["a German short-haired pointer, 0.56"] * 5)
    grid.figure.canvas.draw()
    boxes = [ax.title.get_window_extent() for ax in grid.axes]
    assert not any(one.overlaps(other) for one, other in pairwise(boxes))


def test_one_picture_is_shown_larger_than_many():
    def shown_width(n):
        grid = plot_images([np.zeros((4, 4))] * n)
        grid.figure.canvas.draw()
        return grid.axes[0].get_window_extent().width

    assert shown_width(1) > shown_width(3) > shown_width(12)


def test_a_palette_picture_is_shown_in_its_colours():
    red = Image.new("RGB", (4, 4), (255, 0, 0)).convert("P")
    grid = plot_images([red])
    assert grid.axes[0].images[0].get_array()[0, 0].tolist() == [255, 0, 0]


def test_a_large_photograph_is_drawn_from_as_many_pixels_as_are_seen(tmp_path):
    Image.new("RGB", (4000, 3000), (9, 99, 200)).save(tmp_path / "large.jpg")
    grid = plot_images([tmp_path / "large.jpg"])
    shown = grid.axes[0].images[0].get_array()
    assert 900 <= shown.shape[1] < 4000
    assert np.allclose(shown[0, 0], [9, 99, 200], atol=3)


def test_repeated_titles_are_counted_in_words_in_the_order_in_which_they_stand():
    titles = ["wanted", "cat", "cat", "wanted", "dog", "dog"]
    grid = plot_images(pictures(6), titles=titles, title="Similar\npictures")
    assert get_alt_text(grid.figure) == (
        "Similar pictures. 6 pictures: wanted, cat (2 times), wanted, dog (2 times)."
    )
    assert get_alt_text(plot_images(pictures(1)).figure) == "1 picture."


@pytest.mark.parametrize(
    ("images", "message"),
    [
        ("coffee.jpg", r"one path: plot_images\(\['coffee.jpg'\]\)"),
        (Path("coffee.jpg"), r"one path: plot_images\(\['coffee.jpg'\]\)"),
        (Image.new("RGB", (6, 4)), r"one picture: plot_images\(\[picture\]\)"),
        (np.zeros((4, 6)), r"one array of shape \(4, 6\)"),
        (np.zeros((4, 6, 3)), r"one array of shape \(4, 6, 3\)"),
        ({"train": [], "valid": []}, r"parts: 'train', 'valid'; .*plot_images\(data\['train'\]\)"),
        (iter([np.zeros((4, 6))]), r"plot_images\(list\(pictures\)\)"),
    ],
)
def test_what_is_no_list_of_pictures_is_refused_with_what_to_write(images, message):
    with pytest.raises(TypeError, match=message):
        plot_images(images)


def test_a_whole_data_set_is_refused_by_its_name_and_its_splits():
    from course_utils import load_dataset

    with pytest.raises(TypeError, match="sample_photos has several parts: 'all'"):
        plot_images(load_dataset("sample_photos"))


@pytest.mark.parametrize("n", [1, 5, 12, 24, 48, 100])
def test_no_grid_is_wider_than_a_page(n):
    assert plot_images(pictures(1) * n).figure.get_figwidth() <= PAGE_INCHES


def test_more_pictures_a_row_are_smaller_so_that_they_fit_on_a_page():
    grid = plot_images(pictures(12), titles=["looked for"] * 12, ncols=6)
    assert grid.figure.get_figwidth() <= PAGE_INCHES
    grid.figure.canvas.draw()
    boxes = [ax.title.get_window_extent() for ax in grid.axes[:6]]
    assert not any(one.overlaps(other) for one, other in pairwise(boxes))
