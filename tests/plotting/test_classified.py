"""A picture beside its most probable classes."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from PIL import Image

from course_utils import BadImageError
from course_utils.plotting import get_alt_text, plot_classified

TABLE = pd.DataFrame({"class": ["tabby", "lynx"], "probability": [0.75, 0.125]})


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "RGBA", "1"])
def test_the_most_probable_class_is_the_topmost_bar_for_a_picture_of_any_mode(mode):
    drawn = plot_classified(Image.new(mode, (20, 10)), TABLE, title="A cat")
    assert [bar.get_width() for bar in drawn.bars] == [0.75, 0.125]
    bottom, top = drawn.ax.get_ylim()
    assert bottom > top, "the first class would be at the bottom"
    assert "tabby 0.75, lynx 0.12" in get_alt_text(drawn.figure)


def test_takes_a_file_and_draws_into_a_figure_that_is_given(tmp_path):
    file = tmp_path / "cat.png"
    Image.new("RGB", (8, 8)).save(file)
    figure = plt.figure()
    assert plot_classified(file, TABLE, fig=figure).figure is figure
    with pytest.raises(BadImageError, match=r"nothing\.png"):
        plot_classified(tmp_path / "nothing.png", TABLE)


@pytest.mark.parametrize("table", [TABLE.iloc[:0], TABLE.rename(columns={"class": "name"})])
def test_a_table_that_classify_image_does_not_give_is_refused(table):
    with pytest.raises(ValueError, match="give what classify_image gives"):
        plot_classified(Image.new("RGB", (8, 8)), table)
