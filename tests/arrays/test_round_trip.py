"""What was saved comes back: every dtype, shape and layout."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils import load_array, open_array, save_array
from tests.arrays.examples import DTYPES, SHAPES, example, same, several_chunks


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_and_shape_comes_back(tmp_path, dtype):
    shapes = [*SHAPES, several_chunks(dtype)]
    for shape, compression in [*((shape, "fast") for shape in shapes), (shapes[-1], "small")]:
        array = example(dtype, shape)
        save_array(tmp_path / "a", array, compression=compression)
        back = load_array(tmp_path / "a")
        assert same(back, array), (dtype, shape)
        assert back.flags.c_contiguous and back.flags.writeable
        with open_array(tmp_path / "a") as stored:
            assert (stored.shape, stored.dtype) == (array.shape, array.dtype)
            blocks = list(stored.chunks())
            assert sum(map(np.size, blocks)) == array.size
            whole = np.concatenate(blocks, dtype=array.dtype) if array.shape else blocks[0]
            assert same(whole, array)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_array_in_any_layout_comes_back(tmp_path_factory, data):
    dtype = data.draw(
        st.one_of(
            hnp.boolean_dtypes(),
            hnp.integer_dtypes(endianness="?"),
            hnp.floating_dtypes(endianness="?"),
            hnp.complex_number_dtypes(),
            hnp.datetime64_dtypes(),
            hnp.byte_string_dtypes(max_len=9),
            hnp.unicode_string_dtypes(max_len=9),
        )
    )
    array = data.draw(hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_side=6)))
    if array.ndim:
        array = array.transpose(data.draw(st.permutations(range(array.ndim))))
        step = data.draw(st.sampled_from([1, -1, 2]))
        array = array[::step]
    name = tmp_path_factory.getbasetemp() / "any"
    save_array(name, array)
    back = load_array(name)
    assert back.dtype.str == array.dtype.str
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(3_000_000, dtype="f4").reshape(3, 1000, 1000)),
        np.arange(6_000_000, dtype="i2").reshape(2, 3000, 1000)[:, ::3, ::-1],
        np.arange(4_000_000.0).reshape(1, -1),
        np.broadcast_to(np.arange(1000, dtype="i8"), (2000, 1000)),
    ],
    ids=["fortran", "strided", "one long row", "broadcast"],
)
def test_large_arrays_of_awkward_layout_come_back(tmp_path, array):
    save_array(tmp_path / "a", array)
    assert same(load_array(tmp_path / "a"), np.ascontiguousarray(array))


def test_pictures_come_back_in_either_compression(tmp_path):
    smooth = np.add.outer(np.arange(224), np.arange(224 * 3)).astype(np.uint8)
    noise = np.random.default_rng(0).integers(0, 9, (40, 224, 224 * 3), dtype=np.uint8)
    for channels in (1, 3, 4):
        pictures = (smooth + noise).reshape(40, 224, -1, channels) if channels != 4 else None
        if pictures is None:
            pictures = (smooth + noise)[:, :, : 224 * 2].reshape(40, 224, -1, 4)
        for compression in ("fast", "small"):
            save_array(tmp_path / "p", pictures, compression=compression)
            assert same(load_array(tmp_path / "p"), pictures)


def test_lists_and_numbers_are_arrays_too(tmp_path):
    save_array(tmp_path / "a", [[1, 2], [3, 4]])
    np.testing.assert_array_equal(load_array(tmp_path / "a"), [[1, 2], [3, 4]])
    save_array(str(tmp_path / "a"), 2.5)
    assert load_array(str(tmp_path / "a")) == 2.5


def test_torch_tensors_come_back_as_arrays(tmp_path):
    torch = pytest.importorskip("torch")
    weights = torch.arange(6, dtype=torch.float32).reshape(2, 3).requires_grad_()
    for tensor in (
        weights,
        weights.T,
        weights.half(),
        torch.view_as_complex(weights.T.reshape(3, 2).contiguous()).conj(),
        torch.tensor(True),
    ):
        save_array(tmp_path / "t", tensor)
        expected = tensor.detach().resolve_conj()
        assert same(load_array(tmp_path / "t"), np.array(expected.numpy(), order="C"))
    for refused, advice in ((weights.to_sparse(), "to_dense"), (weights.bfloat16(), "float")):
        with pytest.raises(TypeError, match=advice):
            save_array(tmp_path / "t", refused)


def test_torch_tensors_on_a_graphics_card_come_back(tmp_path):
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("needs a CUDA graphics card")
    save_array(tmp_path / "t", torch.arange(5, device="cuda"))
    np.testing.assert_array_equal(load_array(tmp_path / "t"), np.arange(5))


@pytest.mark.parametrize(
    ("refused", "advice"),
    [
        (np.array([{}, []], dtype=object), "astype"),
        (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), "each field"),
        (np.ma.masked_array([1, 2], [True, False]), "mask"),
        ([[1, 2], [3]], "one shape"),
        (np.array(["a", "bb"], dtype=np.dtypes.StringDType()), "astype"),
        ({"a": 1}, "JSON"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_advice_and_costs_nothing(tmp_path, refused, advice):
    save_array(tmp_path / "a", np.arange(3))
    with pytest.raises(TypeError, match=advice):
        save_array(tmp_path / "a", refused)
    with pytest.raises(TypeError, match=advice):
        save_array(tmp_path / "new", refused)
    np.testing.assert_array_equal(load_array(tmp_path / "a"), np.arange(3))
    assert not (tmp_path / "new").exists()


def test_saving_again_replaces_and_leaves_nothing_behind(tmp_path):
    save_array(tmp_path / "a", np.zeros(10**6))
    save_array(tmp_path / "a", np.arange(5.0), attributes={"n": 2})
    np.testing.assert_array_equal(load_array(tmp_path / "a"), np.arange(5.0))
    assert open_array(tmp_path / "a").attributes == {"n": 2}
    assert {entry.name for entry in (tmp_path / "a").iterdir()} == {"manifest", "lock"}


def test_attributes_travel_with_the_array(tmp_path):
    attributes = {
        "network": "efficientnet_lite0",
        "layers": ("features", "logits"),
        "size": np.int64(224),
        "nested": {"mean": [0.5, None, True]},
        "ünïcode": "日本",
    }
    save_array(tmp_path / "a", np.arange(3), attributes=attributes)
    assert open_array(tmp_path / "a").attributes == {
        **attributes,
        "layers": ["features", "logits"],
    }


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ({1: "a"}, TypeError),
        ({"a": {2: 3}}, TypeError),
        ({"f": object()}, TypeError),
        ([1], TypeError),
        ({"long": "x" * 3_000_000}, ValueError),
    ],
)
def test_attributes_that_would_come_back_changed_are_refused(tmp_path, attributes, error):
    with pytest.raises(error, match="attributes"):
        save_array(tmp_path / "a", np.arange(3), attributes=attributes)
    assert not (tmp_path / "a").exists()


def test_what_is_not_an_array_is_never_overwritten(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").write_text("words")
    (tmp_path / "file").write_text("words")
    for name in ("thesis", "file"):
        with pytest.raises(FileExistsError, match=name):
            save_array(tmp_path / name, np.arange(3))
    assert (tmp_path / "thesis" / "chapter").read_text() == "words"
    assert [entry.name for entry in (tmp_path / "thesis").iterdir()] == ["chapter"]
    assert (tmp_path / "file").read_text() == "words"


def test_a_missing_array_is_said_to_be_missing(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("missing", "empty"):
        with pytest.raises(FileNotFoundError, match=name):
            load_array(tmp_path / name)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").write_text("words")
    with pytest.raises(ValueError, match="neither a stored array nor"):
        load_array(tmp_path / "thesis")


_LARGER_THAN_ALLOWED = """
import sys
import numpy as np
from course_utils import ArrayWriter, open_array, save_array

name = sys.argv[1]
row = np.arange(2**18, dtype="f4")
save_array(name + "/whole", np.broadcast_to(row, (2200, 2**18)))
with ArrayWriter(name + "/grown", 2**18, "f4", commit_rows=300) as writer:
    for start in range(0, 2200, 100):
        writer.append(np.broadcast_to(row, (100, 2**18)) + np.float32(start))
for kind in ("whole", "grown"):
    array = open_array(f"{name}/{kind}")
    assert array.nbytes > 2**31, array.nbytes
    assert (array[-1] == row + (2100 if kind == "grown" else 0)).all()
    assert (array[1500:1502, 7] == 7 + (1500 if kind == "grown" else 0)).all()
    assert sum(len(rows) for rows in array.chunks()) == 2200
# ru_maxrss would count what this process was before it became Python.
lines = open("/proc/self/status").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_an_array_over_2_gib_is_saved_grown_and_read_in_little_memory(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _LARGER_THAN_ALLOWED, tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 500 * 1024, "KiB at the most"


def test_an_array_larger_than_memory_is_not_loaded(tmp_path, monkeypatch):
    save_array(tmp_path / "a", np.zeros(1000))
    monkeypatch.setattr("os.sysconf", lambda name: 8)
    with pytest.raises(MemoryError, match="open_array"):
        load_array(tmp_path / "a")
