"""Indexing a stored array gives what indexing the NumPy array gives, in every format."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils import open_array, save_array
from course_utils.arrays import ArrayFileError

ARRAY = np.random.default_rng(0).normal(size=(4000, 6, 40)).astype("f4")  # 7.7 MB: several chunks
FORMATS = ["ours", "bcolz", "npy", "npy in Fortran order"]


@pytest.fixture(scope="module", params=FORMATS)
def stored(request, tmp_path_factory):
    name = tmp_path_factory.mktemp("stored") / "a.npy"
    if request.param == "ours":
        save_array(name, ARRAY)
    elif request.param == "bcolz":
        bcolz = pytest.importorskip("bcolz")
        bcolz.carray(ARRAY, rootdir=str(name), chunklen=300).flush()
    else:
        np.save(name, ARRAY if request.param == "npy" else np.asfortranarray(ARRAY))
    with open_array(name) as array:
        yield array


def same_as_numpy(stored, key):
    try:
        expected = ARRAY[key]
    except IndexError:
        with pytest.raises(IndexError):
            stored[key]
        return
    found = stored[key]
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected, strict=True)


MASK = np.random.default_rng(1).random(4000) < 0.01


@pytest.mark.parametrize(
    "key",
    [
        0, -1, 3999, 4000, -4001, np.int64(7), np.array(5), slice(None), slice(10, 74),
        slice(None, None, 500), slice(None, None, -1), slice(3000, 10, -700), slice(5, 5), (),
        Ellipsis, (Ellipsis, 3), (Ellipsis, 2, 3), (7, Ellipsis), (7, 2, 3), (7, 2, 3, Ellipsis),
        (slice(0, 5), 2), (slice(0, 5), slice(None, None, 2), [1, 2]), (5, None), [3, 1, 3, -1], [],
        np.array([], dtype=np.intp), np.array([[0, 1], [3999, 2]]), ([0, 1], [2, 3]),
        ([0, 1], slice(None), [2, 3]), ([[0], [1]], [2, 3]), [4000], MASK, MASK.tolist(),
        np.zeros(4000, bool), (MASK, 2), (MASK, slice(1, 3)), np.ones(3, bool),
        (slice(0, 10), np.array([True] * 3 + [False] * 3)), ARRAY[:, :, 0] > 2.5, ARRAY > 3,
        (Ellipsis, ARRAY[0, 0] > 0), (0, 1, 2, 3), np.uint8([200, 3]), np.array([-1], np.int8),
        None, True, (None, 3), 1.5, [0.5], "row",
    ],
    ids=lambda key: f"{key!r:.40}",
)  # fmt: skip
def test_every_kind_of_index_gives_what_numpy_gives(stored, key):
    same_as_numpy(stored, key)


rows = st.one_of(
    st.integers(-4100, 4100),
    st.slices(4000),
    st.lists(st.integers(-4000, 3999), max_size=30),
    hnp.arrays(np.intp, hnp.array_shapes(max_dims=2, max_side=5), elements=st.integers(0, 3999)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=rows, rest=hnp.basic_indices((6, 40), allow_newaxis=True, allow_ellipsis=False))
def test_any_index_gives_what_numpy_gives(stored, first, rest):
    same_as_numpy(stored, (first, *(rest if isinstance(rest, tuple) else (rest,))))


def test_it_answers_like_an_array(stored):
    assert (len(stored), stored.ndim, stored.size, stored.nbytes) == (
        4000, 3, ARRAY.size, ARRAY.nbytes,
    )  # fmt: skip
    np.testing.assert_array_equal(np.asarray(stored), ARRAY)
    assert np.asarray(stored, dtype="f8").dtype == np.float64
    assert "(4000, 6, 40)" in repr(stored) and "float32" in repr(stored)
    first_rows = [row for row, _ in zip(stored, range(3), strict=False)]
    np.testing.assert_array_equal(first_rows, ARRAY[:3])


def test_chunks_are_blocks_of_rows_that_add_up(stored):
    blocks = list(stored.chunks())
    assert len(blocks) > 1
    assert all(len(block) == stored.chunk_rows for block in blocks[:-1])
    np.testing.assert_array_equal(np.concatenate(blocks), ARRAY)


def test_rows_longer_than_a_chunk_are_read_in_part(tmp_path):
    array = np.random.default_rng(0).integers(0, 9, (3, 5_000_000), dtype=np.int16)
    save_array(tmp_path / "a", array)
    stored = open_array(tmp_path / "a")
    np.testing.assert_array_equal(stored[1:], array[1:])
    np.testing.assert_array_equal(stored[[2, 0, 2], 5:9], array[[2, 0, 2], 5:9])
    np.testing.assert_array_equal(stored[-1, ::100_000], array[-1, ::100_000])


def test_an_array_without_dimensions_answers_like_one(tmp_path):
    save_array(tmp_path / "a", np.array(2.5))
    stored = open_array(tmp_path / "a")
    assert stored[()] == 2.5
    assert stored[...].shape == ()
    with pytest.raises(TypeError, match="without dimensions"):
        len(stored)
    with pytest.raises(TypeError, match="without dimensions"):
        iter(stored).__next__()
    with pytest.raises(IndexError):
        stored[0]


def test_a_slice_reads_only_the_chunks_it_needs(tmp_path):
    save_array(tmp_path / "a", ARRAY)
    (chunks,) = (tmp_path / "a").glob("chunks-*")
    damaged = bytearray(chunks.read_bytes())
    damaged[0] ^= 1
    chunks.write_bytes(damaged)
    stored = open_array(tmp_path / "a")
    np.testing.assert_array_equal(stored[2000:2064], ARRAY[2000:2064])
    with pytest.raises(ArrayFileError, match="chunk 0"):
        stored[0]


def test_a_closed_array_says_so(tmp_path):
    save_array(tmp_path / "a", ARRAY)
    with open_array(tmp_path / "a") as stored:
        pass
    with pytest.raises(ValueError, match="closed"):
        stored[0]
