import numpy as np
import pytest

from course_utils import load_array, save_array


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12, dtype=np.float32).reshape(3, 4),
        np.asfortranarray(np.arange(12, dtype=">f8").reshape(3, 4)),
        np.array(7, dtype=np.int16),
        np.zeros((0, 5), dtype=np.float16),
        np.array(["cat", "wild"]),
    ],
)
def test_what_was_saved_comes_back(tmp_path, array):
    save_array(tmp_path / "a", array)
    back = load_array(tmp_path / "a")
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_saving_again_replaces(tmp_path):
    save_array(tmp_path / "a", np.arange(3))
    save_array(tmp_path / "a", np.arange(5.0))
    np.testing.assert_array_equal(load_array(tmp_path / "a"), np.arange(5.0))


def test_python_objects_are_refused(tmp_path):
    with pytest.raises(TypeError, match="objects"):
        save_array(tmp_path / "a", np.array([{}, []], dtype=object))
