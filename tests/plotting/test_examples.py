"""The examples in the docstrings do what they say."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

from course_utils import plotting

MODULES = sorted(
    f"course_utils.plotting.{module.name}"
    for module in pkgutil.iter_modules(plotting.__path__)
    if not module.name.startswith("_")
)
BESIDE = [f"course_utils.{name}" for name in ("intervals", "notebooks", "predictions")]


@pytest.mark.parametrize("module", [*MODULES, *BESIDE])
def test_docstring_examples_of_plots_hold(module):
    import matplotlib as mpl

    with mpl.rc_context():
        results = doctest.testmod(importlib.import_module(module))
    assert results.attempted > 0
    assert results.failed == 0


def test_every_public_plotting_function_has_an_example():
    for name in plotting.__all__:
        thing = getattr(plotting, name)
        if callable(thing):
            assert ">>>" in (thing.__doc__ or ""), name


@pytest.mark.parametrize("module", MODULES)
def test_each_module_is_short_and_says_what_it_offers(module):
    loaded = importlib.import_module(module)
    assert len(Path(loaded.__file__).read_text(encoding="utf-8").splitlines()) <= 400
    assert set(loaded.__all__) <= set(vars(loaded))
    offered = {name for name in plotting.__all__ if getattr(plotting, name).__module__ == module}
    assert offered <= set(loaded.__all__)
