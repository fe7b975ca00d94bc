"""The painted animals teach what the photographs teach."""

import pytest

from data_scripts.painting import paint_dataset
from tests.data_scripts.painted_lesson import lesson


# Two seeds, because each takes some ten seconds; tests/benchmarks/bench_painting.py does ten.
@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_pixels_struggle_features_miss_the_big_cats_and_three_more_repair_it(tmp_path, seed):
    paint_dataset(tmp_path / "animals", seed=seed, progress=False)
    result = lesson(tmp_path / "animals")
    assert result.big_cats == 19
    assert 0.45 <= result.pixels <= 0.75
    assert 0.80 <= result.deep <= 0.95
    assert result.big_cat_errors >= 0.8 * result.errors
    assert result.repaired[3] >= 0.97
