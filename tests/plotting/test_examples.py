"""The examples in the docstrings do what they say."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "alt",
        "boundaries",
        "curves",
        "images",
        "interactive",
        "maps",
        "networks",
        "palette",
        "predictions",
    ],
)
def test_docstring_examples_of_plots_hold(module):
    import matplotlib as mpl

    with mpl.rc_context():
        results = doctest.testmod(importlib.import_module(f"course_utils.plotting.{module}"))
    assert results.attempted > 0
    assert results.failed == 0


def test_every_public_plotting_function_has_an_example():
    from course_utils import plotting

    for name in plotting.__all__:
        thing = getattr(plotting, name)
        if callable(thing) and thing.__module__ != "course_utils.plotting.quality":
            assert ">>>" in (thing.__doc__ or ""), name
