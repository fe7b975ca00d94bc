"""Arrays that earlier versions wrote stay readable: the committed folders in ``written_before``."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from course_utils import ArrayWriter, load_array, open_array
from tests.arrays.examples import same

WRITTEN = Path(__file__).parent / "written_before"
EXPECTED = {
    "grown": (np.arange(450_000) // 1000).astype("<f4").reshape(150, 3000),
    "pictures": np.indices((8, 224, 224, 3), np.uint8).sum(axis=0, dtype=np.uint8),
    "big-endian": np.arange(12, dtype=">i2").reshape(3, 4),
    "words": np.array(["cat", "wild", "日本"]),
    "days": np.array(["2017-01-01", "NaT"], "M8[D]"),
    "number": np.array(2.5),
    "empty": np.zeros((0, 5), "<f8"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_array_of_an_earlier_version_is_read_and_verified(name):
    assert same(load_array(WRITTEN / name), EXPECTED[name])
    with open_array(WRITTEN / name) as stored:
        stored.verify()
        grown = {"layer": "features", "größe": [1, None]}
        assert stored.attributes == (grown if name == "grown" else {})


def test_an_array_of_an_earlier_version_is_appended_to(tmp_path):
    shutil.copytree(WRITTEN / "grown", tmp_path / "grown")
    # A killed writer of an earlier version left its name behind.
    (tmp_path / "grown" / "writer.json").write_text("{}")
    with ArrayWriter(tmp_path / "grown") as writer:
        writer.append(EXPECTED["grown"])
    assert same(load_array(tmp_path / "grown"), np.concatenate([EXPECTED["grown"]] * 2))
    assert not (tmp_path / "grown" / "writer.json").exists()
