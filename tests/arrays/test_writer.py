"""ArrayWriter: arrays that grow row by row."""

import gc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import ArrayWriter, load_array, open_array, save_array


def rows_from(start, count, width=100):
    return np.arange(start * width, (start + count) * width, dtype="f4").reshape(count, width)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    counts=st.lists(st.integers(0, 4000), max_size=8),
    reopen=st.lists(st.booleans(), min_size=8, max_size=8),
    commit=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_appending_in_any_pieces_gives_the_same_array(tmp_path_factory, counts, reopen, commit):
    name = tmp_path_factory.mktemp("grown") / "a"
    writer = ArrayWriter(name, 100, "f4")
    total = 0
    for count, again, now in zip(counts, reopen, commit, strict=False):
        writer.append(rows_from(total, count))
        total += count
        assert len(writer) == total
        if now:
            writer.commit()
            assert writer.committed_rows == total == len(open_array(name))
        if again:
            writer.close()
            writer = ArrayWriter(name)
    writer.close()
    np.testing.assert_array_equal(load_array(name), rows_from(0, total))


def test_readers_see_rows_once_they_are_committed(tmp_path):
    with ArrayWriter(tmp_path / "a", (100,), np.float32) as writer:
        writer.append(rows_from(0, 10))
        with pytest.raises(FileNotFoundError, match="not finished"):
            open_array(tmp_path / "a")
        writer.commit()
        before = open_array(tmp_path / "a")
        writer.append(rows_from(10, 5000))
        assert len(open_array(tmp_path / "a")) == 10
        writer.commit()
        assert len(open_array(tmp_path / "a")) == 5010
        np.testing.assert_array_equal(before[:], rows_from(0, 10))


def test_a_single_row_can_be_appended(tmp_path):
    with ArrayWriter(tmp_path / "vectors", 3, "f4") as writer:
        writer.append(np.float32([1, 2, 3]))
        writer.append(np.float32([[4, 5, 6], [7, 8, 9]]))
    assert load_array(tmp_path / "vectors").tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    with ArrayWriter(tmp_path / "numbers", (), "i8") as writer:
        writer.append(5)
        writer.append([6, 7])
    assert load_array(tmp_path / "numbers").tolist() == [5, 6, 7]


def test_a_new_writer_goes_on_behind_the_committed_rows(tmp_path):
    save_array(tmp_path / "a", rows_from(0, 3000), attributes={"run": 1})
    with ArrayWriter(tmp_path / "a", (100,), "f4") as writer:
        assert len(writer) == 3000
        writer.append(rows_from(3000, 3000))
    np.testing.assert_array_equal(load_array(tmp_path / "a"), rows_from(0, 6000))
    assert open_array(tmp_path / "a").attributes == {"run": 1}
    ArrayWriter(tmp_path / "a", attributes={"run": 2}).close()
    assert open_array(tmp_path / "a").attributes == {"run": 2}


@pytest.mark.parametrize("mode", ["a", "w"])
def test_commits_come_every_so_many_rows(tmp_path, mode):
    by_rows = ArrayWriter(tmp_path / "rows", 100, "f4", commit_rows=25, mode=mode)
    seen = []
    for start in range(0, 60, 10):
        by_rows.append(rows_from(start, 10))
        seen.append(by_rows.committed_rows)
    by_rows.close()
    assert seen == [0, 0, 30, 30, 30, 60]


def test_an_exception_keeps_the_rows_appended_so_far(tmp_path):
    with pytest.raises(ZeroDivisionError), ArrayWriter(tmp_path / "a", 100, "f4") as writer:
        writer.append(rows_from(0, 7))
        1 / 0  # noqa: B018
    np.testing.assert_array_equal(load_array(tmp_path / "a"), rows_from(0, 7))


def test_an_exception_while_replacing_keeps_the_old_array(tmp_path):
    save_array(tmp_path / "a", np.arange(3))
    with pytest.raises(ZeroDivisionError), ArrayWriter(tmp_path / "a", 100, "f4", mode="w") as new:
        new.append(rows_from(0, 7000))
        assert load_array(tmp_path / "a").tolist() == [0, 1, 2]
        1 / 0  # noqa: B018
    assert load_array(tmp_path / "a").tolist() == [0, 1, 2]
    assert {entry.name for entry in (tmp_path / "a").iterdir()} == {"manifest", "lock"}


def test_replacing_takes_effect_at_the_first_commit(tmp_path):
    save_array(tmp_path / "a", np.arange(3))
    with ArrayWriter(tmp_path / "a", 100, "f4", mode="w") as writer:
        writer.append(rows_from(0, 7000))
        assert load_array(tmp_path / "a").tolist() == [0, 1, 2]
        writer.commit()
        assert len(open_array(tmp_path / "a")) == 7000
    np.testing.assert_array_equal(load_array(tmp_path / "a"), rows_from(0, 7000))


@pytest.mark.parametrize(
    ("rows", "error", "about"),
    [
        (np.zeros((2, 99), "f4"), ValueError, "shape"),
        (np.zeros((2, 100, 1), "f4"), ValueError, "shape"),
        (np.float32(1), ValueError, "shape"),
        (np.zeros((2, 100)), TypeError, "astype"),
        (np.zeros((2, 100), complex), TypeError, "astype"),
        (np.full((2, 100), None), TypeError, "objects"),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_change_nothing(tmp_path, rows, error, about):
    with ArrayWriter(tmp_path / "a", 100, "f4") as writer:
        writer.append(rows_from(0, 4))
        with pytest.raises(error, match=about):
            writer.append(rows)
        assert len(writer) == 4
        writer.append(rows_from(4, 4).astype(">f4"))
        writer.append(np.ones((1, 100), bool))
    found = load_array(tmp_path / "a")
    np.testing.assert_array_equal(found[:8], rows_from(0, 8))
    assert (found.dtype.str, found[8].tolist()) == ("<f4", [1.0] * 100)


def test_an_array_of_another_kind_is_neither_extended_nor_replaced_by_mistake(tmp_path):
    save_array(tmp_path / "a", rows_from(0, 3))
    for row_shape, dtype in ((99, "f4"), (100, "f8"), ((10, 10), "f4")):
        with pytest.raises(ValueError, match="mode='w'"):
            ArrayWriter(tmp_path / "a", row_shape, dtype)
    save_array(tmp_path / "number", 5.0)
    with pytest.raises(ValueError, match="no rows"):
        ArrayWriter(tmp_path / "number", (), "f8")
    with pytest.raises(FileNotFoundError, match="row_shape"):
        ArrayWriter(tmp_path / "new")
    with pytest.raises(ValueError, match="mode"):
        ArrayWriter(tmp_path / "a", 100, "f4", mode="r")
    with pytest.raises(TypeError, match="objects"):
        ArrayWriter(tmp_path / "new", 3, object)
    np.testing.assert_array_equal(load_array(tmp_path / "a"), rows_from(0, 3))
    assert not (tmp_path / "new").exists()


def test_a_closed_writer_refuses_rows(tmp_path):
    writer = ArrayWriter(tmp_path / "a", 100, "f4")
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.append(rows_from(0, 1))
    assert load_array(tmp_path / "a").shape == (0, 100)


def test_forgetting_to_close_warns_and_frees_the_array(tmp_path):
    writer = ArrayWriter(tmp_path / "a", 100, "f4")
    writer.append(rows_from(0, 5))
    writer.commit()
    writer.append(rows_from(5, 1))
    with pytest.warns(ResourceWarning, match="1 rows that were not committed"):
        del writer
        gc.collect()
    with ArrayWriter(tmp_path / "a") as again:
        assert len(again) == 5


def test_appending_leaves_a_hard_linked_backup_alone(tmp_path):
    save_array(tmp_path / "a", rows_from(0, 5000))
    (tmp_path / "backup").mkdir()
    for file in (tmp_path / "a").iterdir():
        (tmp_path / "backup" / file.name).hardlink_to(file)
    for start in (5000, 10_000):
        with ArrayWriter(tmp_path / "a") as writer:
            writer.append(rows_from(start, 5000))
    with ArrayWriter(tmp_path / "backup") as writer:
        writer.append(rows_from(5000, 5000))
    np.testing.assert_array_equal(load_array(tmp_path / "a"), rows_from(0, 15_000))
    np.testing.assert_array_equal(load_array(tmp_path / "backup"), rows_from(0, 10_000))
