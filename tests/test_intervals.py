"""Wilson's interval against its own definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import wilson_interval


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_limits_are_the_accuracies_that_the_measured_one_is_just_not_unlikely_under(
    right_of_total,
):
    right, total = right_of_total
    low, high = wilson_interval(right, total)
    for limit in (low, high):
        if 0 < limit < 1:
            deviations = (right / total - limit) / np.sqrt(limit * (1 - limit) / total)
            assert abs(deviations) == pytest.approx(1.959964, abs=1e-4)
    assert 0 <= low <= right / total <= high <= 1


@pytest.mark.parametrize(("right", "total"), [(3, 2), (-1, 2), (0, 0)])
def test_impossible_counts_have_no_interval(right, total):
    with pytest.raises(ValueError, match="impossible"):
        wilson_interval(right, total)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson_interval(1, 2, confidence)
