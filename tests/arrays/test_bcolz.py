"""Directories that bcolz wrote open without bcolz."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from course_utils import ArrayWriter, load_array, open_array, save_array
from course_utils.arrays import ArrayFileError
from tests.arrays.examples import example, same

bcolz = pytest.importorskip("bcolz", reason="needs bcolz's maintained fork, bcolz-zipline")

CODECS = ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]
SHUFFLES = {"none": bcolz.NOSHUFFLE, "bytes": bcolz.SHUFFLE, "bits": bcolz.BITSHUFFLE}


def write(name, array, **options):
    carray = bcolz.carray(array, rootdir=str(name), mode="w", **options)
    carray.flush()
    return carray


@pytest.fixture
def name(tmp_path):
    return tmp_path / "old"


@pytest.mark.parametrize("shuffle", SHUFFLES)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("level", [0, 1, 5, 9])
def test_every_codec_and_shuffle_is_read(name, codec, shuffle, level):
    smooth = np.add.outer(np.arange(5000.0), np.arange(7)).astype("f4")
    parameters = bcolz.cparams(clevel=level, shuffle=SHUFFLES[shuffle], cname=codec)
    write(name, smooth, cparams=parameters, chunklen=1024)
    assert same(load_array(name), smooth)
    assert open_array(name).verify() == 5


# bcolz itself cannot write complex numbers and most dates: its metadata's JSON cannot hold their
# default value.
@pytest.mark.parametrize(
    "dtype",
    ["?", "i1", "u1", "i2", "u4", "i8", "f2", "f4", "f8", ">i4", ">f8", "S5", "U3", "M8[ns]"],
)
@pytest.mark.parametrize("shape", [(0,), (1,), (999,), (1000,), (2001, 3), (5, 2, 2)])
def test_every_dtype_and_length_is_read(name, dtype, shape):
    array = example(dtype, shape)
    write(name, array, chunklen=1000)
    assert same(load_array(name), array)
    with open_array(name) as stored:
        assert (stored.shape, stored.dtype, stored.format) == (array.shape, array.dtype, "bcolz")
        assert same(np.concatenate(list(stored.chunks()), dtype=array.dtype), array)


def test_an_array_that_grew_and_shrank_is_read(name):
    carray = write(name, np.arange(2500), chunklen=1000)
    carray.append(np.arange(2500, 3200))
    carray.flush()
    np.testing.assert_array_equal(load_array(name), np.arange(3200))
    carray.trim(900)
    carray.flush()
    np.testing.assert_array_equal(load_array(name), np.arange(2300))


def test_attributes_are_read(name):
    carray = write(name, np.arange(5))
    assert open_array(name).attributes == {}
    carray.attrs["network"] = "densenet121"
    carray.attrs["layers"] = [1, 2]
    assert open_array(name).attributes == {"network": "densenet121", "layers": [1, 2]}


def test_it_is_only_read_and_says_how_to_convert(name):
    write(name, np.arange(5.0))
    for write_to_it in (
        lambda: ArrayWriter(name, (), "f8"),
        lambda: ArrayWriter(name, (), "f8", mode="w"),
        lambda: save_array(name, np.arange(3)),
    ):
        with pytest.raises(FileExistsError, match="convert"):
            write_to_it()
    np.testing.assert_array_equal(load_array(name), np.arange(5.0))
    assert not (name / "lock").exists()


def test_it_opens_where_bcolz_is_not_installed(name):
    write(name, np.arange(5.0))
    code = (
        "import sys; sys.modules['bcolz'] = None\n"
        "from course_utils import load_array; print(load_array(sys.argv[1]).sum())"
    )
    done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True)
    assert done.stdout.strip() == "10.0", done.stderr


def change(file, place, value):
    data = bytearray(file.read_bytes())
    data[place] = value
    file.write_bytes(data)


def test_snappy_is_refused_by_name(name):
    write(name, np.arange(5000.0))
    change(name / "data" / "__0.blp", 16 + 2, 0x41)
    with pytest.raises(ArrayFileError, match=r"snappy.*rewrite it with bcolz"):
        load_array(name)


def test_objects_records_and_tables_are_refused_by_name(name):
    write(name, np.array([{"a": 1}, {}], dtype=object))
    with pytest.raises(TypeError, match="pickle"):
        load_array(name)
    write(name, np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]))
    with pytest.raises(TypeError, match="records"):
        load_array(name)
    shutil.rmtree(name)
    bcolz.ctable(columns=[np.arange(3), np.arange(3.0)], names=["x", "y"], rootdir=str(name))
    with pytest.raises(ArrayFileError, match="columns"):
        load_array(name)
    np.testing.assert_array_equal(load_array(name / "x"), np.arange(3))


def test_an_array_that_was_never_flushed_is_an_error_not_zeros(name):
    write(name, np.arange(2500), chunklen=1000)
    (name / "data" / "__2.blp").unlink()
    with pytest.raises(ArrayFileError, match=r"__2\.blp.*flushed"):
        load_array(name)


def rewrite(file, **changes):
    content = json.loads(file.read_text())
    content.update(changes)
    file.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("file", "lie"),
    [
        ("sizes", {"shape": [10**12]}), ("sizes", {"shape": [2501]}), ("sizes", {"shape": [3001]}),
        ("sizes", {"shape": [2500, 10**6]}), ("sizes", {"shape": []}), ("sizes", {"shape": [-5]}),
        ("sizes", {"shape": ["5"]}), ("sizes", {"shape": None}), ("sizes", {"shape": [1] * 70}),
        ("storage", {"chunklen": 0}), ("storage", {"chunklen": 10**12}),
        ("storage", {"chunklen": 999}), ("storage", {"chunklen": None}),
        ("storage", {"dtype": "float32"}), ("storage", {"dtype": "(9999,)f8"}),
        ("storage", {"dtype": 5}), ("storage", {"dtype": "no such"}), ("storage", {"dtype": None}),
    ],
    ids=repr,
)  # fmt: skip
def test_a_lie_in_the_metadata_is_an_error(name, file, lie):
    write(name, np.arange(2500.0), chunklen=1000)
    rewrite(name / "meta" / file, **lie)
    with pytest.raises(ArrayFileError):
        load_array(name)


def test_a_chunk_cut_short_or_of_another_length_is_an_error(name):
    write(name, np.random.default_rng(0).normal(size=2500), chunklen=1000)
    chunk = name / "data" / "__1.blp"
    whole = chunk.read_bytes()
    for end in (0, 5, 16, 31, 40, len(whole) - 1):
        chunk.write_bytes(whole[:end])
        with pytest.raises(ArrayFileError, match=r"__1\.blp"):
            load_array(name)
    chunk.write_bytes(whole + b"\0")
    with pytest.raises(ArrayFileError, match=r"__1\.blp"):
        load_array(name)
    chunk.write_bytes((name / "data" / "__2.blp").read_bytes())
    with pytest.raises(ArrayFileError, match="belong here"):
        load_array(name)
    chunk.unlink()
    chunk.symlink_to(name / "data" / "__0.blp")
    with pytest.raises(ArrayFileError, match="not a plain file"):
        load_array(name)


def test_metadata_that_is_no_json_is_an_error(name):
    write(name, np.arange(5.0))
    for file in ("meta/sizes", "meta/storage", "__attrs__"):
        shutil.copytree(name, name.with_name("copy"))
        (name.with_name("copy") / file).write_bytes(b"\xff{")
        with pytest.raises(ArrayFileError, match=file.split("/")[-1]):
            load_array(name.with_name("copy"))
        shutil.rmtree(name.with_name("copy"))
