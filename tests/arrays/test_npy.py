"""``.npy`` files open like stored arrays."""

import numpy as np
import pytest

from course_utils import load_array, open_array, save_array
from course_utils.arrays import ArrayFileError
from tests.arrays.examples import example, same


@pytest.mark.parametrize("dtype", ["?", "u1", "f2", "f4", ">f8", "c16", "S3", "U4", "M8[s]"])
@pytest.mark.parametrize("shape", [(), (0, 3), (7,), (300, 4)])
def test_every_dtype_and_shape_is_read(tmp_path, dtype, shape):
    array = example(dtype, shape)
    np.save(tmp_path / "a.npy", array)
    assert same(load_array(tmp_path / "a.npy"), array)
    assert load_array(tmp_path / "a.npy").flags.writeable


def test_fortran_order_is_read(tmp_path):
    array = np.asfortranarray(np.arange(600_000.0).reshape(3000, 200))
    np.save(tmp_path / "a.npy", array)
    stored = open_array(tmp_path / "a.npy")
    np.testing.assert_array_equal(stored[[5, 2999], 7], array[[5, 2999], 7])
    assert (stored.format, stored.attributes, stored.verify()) == (".npy", {}, 1)
    assert stored.load().flags.c_contiguous


def test_a_file_cut_short_is_an_error(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(1000))
    whole = (tmp_path / "a.npy").read_bytes()
    for end in (0, 3, 7, 60, 200, len(whole) - 1):
        (tmp_path / "a.npy").write_bytes(whole[:end])
        with pytest.raises(ArrayFileError, match=r"a\.npy"):
            load_array(tmp_path / "a.npy")


def test_an_absurd_shape_is_an_error(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(1000))
    whole = (tmp_path / "a.npy").read_bytes()
    for lie in (b"(10**18,)", b"(9999999999999,)", b"(-1,)"):
        changed = whole.replace(b"(1000,), }" + b" " * len(lie), lie + b", }" + b" " * 7)
        assert changed != whole
        (tmp_path / "a.npy").write_bytes(changed)
        with pytest.raises(ArrayFileError):
            load_array(tmp_path / "a.npy")


def test_records_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]))
    with pytest.raises(TypeError, match="each field"):
        load_array(tmp_path / "a.npy")


def test_a_npy_file_is_not_replaced_by_a_folder(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(10))
    with pytest.raises(FileExistsError, match="is a file"):
        save_array(tmp_path / "a.npy", np.arange(5))
    np.testing.assert_array_equal(load_array(tmp_path / "a.npy"), np.arange(10))
