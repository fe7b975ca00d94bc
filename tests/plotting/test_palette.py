"""The palette can be told apart, also by people who do not see all colours."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from skimage.color import rgb2lab

from course_utils.plotting import class_color, class_colors, class_marker, use_course_style
from course_utils.plotting.palette import COLORS, STYLE, in_course_style

# How colours look without one kind of cone: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes,
# "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1.
SIGHT = {
    "full colour": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
JUST_NOTICEABLE = 2.3  # CIE 1976 colour difference


def as_seen(color, sight):
    rgb = np.array(mpl.colors.to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(sight) @ linear, 0, 1)
    return rgb2lab(np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_colours_look_different_to_everybody(sight):
    seen = {name: as_seen(color, SIGHT[sight]) for name, color in COLORS.items()}
    for one, other in combinations(seen, 2):
        difference = np.linalg.norm(seen[one] - seen[other])
        assert difference > 6 * JUST_NOTICEABLE, f"{one} and {other}: {difference:.1f}"


def test_seventy_seven_classes_differ_in_colour_or_marker():
    looks = {(class_color(k), class_marker(k)) for k in range(77)}
    assert len(looks) == 77


def test_class_colors_are_those_of_each_class():
    assert class_colors(9) == [class_color(k) for k in range(9)]


def test_a_plot_leaves_the_callers_style_alone():
    with mpl.rc_context({"font.size": 7}):
        sizes = []
        in_course_style(lambda: sizes.append(mpl.rcParams["font.size"]))()
        assert sizes == [STYLE["font.size"]]
        assert mpl.rcParams["font.size"] == 7


def test_the_style_can_be_switched_on_for_ones_own_figures():
    with mpl.rc_context():
        use_course_style()
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == list(COLORS.values())


def test_importing_the_package_does_not_load_matplotlib():
    import subprocess
    import sys

    code = "import sys, course_utils.plotting; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_promised_name_can_be_had():
    from course_utils import plotting

    for name in plotting.__all__:
        assert getattr(plotting, name) is not None
