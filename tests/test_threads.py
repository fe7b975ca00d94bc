"""Work on many items at once."""

import time

import pytest

from course_utils import _threads
from course_utils._threads import map_in_threads


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    """Let the tests take as long, and as short, on any machine."""
    monkeypatch.setattr(_threads, "usable_cores", lambda: 2)


def run(function, items, progress=False):
    return map_in_threads(function, items, doing="count", unit="item", progress=progress)


def test_results_come_in_the_order_of_the_items_however_long_each_takes():
    def slow_first(i):
        time.sleep(0.02 if i == 0 else 0)
        return i * i

    assert run(slow_first, range(20)) == [i * i for i in range(20)]
    assert run(slow_first, []) == []


def test_the_first_error_is_raised_and_what_has_not_begun_is_not_done():
    begun = []

    def fail(i):
        begun.append(i)
        time.sleep(0.01)
        raise KeyError(i)

    with pytest.raises(KeyError, match=r"^0$"):
        run(fail, range(1000))
    assert len(begun) < 500


@pytest.mark.parametrize(("progress", "shown"), [(True, True), (False, False)])
def test_long_work_shows_a_bar_unless_it_should_not(capfd, progress, shown):
    run(lambda i: time.sleep(0.4), range(6), progress=progress)
    assert ("count" in capfd.readouterr().err) == shown


def test_quick_work_shows_none(capfd):
    run(str, range(100), progress=True)
    assert capfd.readouterr().err == ""
