"""The shell command: inspect, verify, convert, compare."""

import json
import subprocess
import sys

import numpy as np
import pytest

from course_utils import load_array, open_array, save_array
from course_utils.arrays.__main__ import main


@pytest.fixture
def arrays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    features = np.random.default_rng(0).normal(size=(3000, 100)).astype("f4")
    save_array("features", features, attributes={"layer": "features"})
    np.save("features.npy", features)
    return features


def damage():
    (chunks,) = (path for path in __import__("pathlib").Path("features").glob("chunks-*"))
    data = bytearray(chunks.read_bytes())
    data[len(data) // 2] ^= 1
    chunks.write_bytes(data)


def test_it_runs_from_the_shell(arrays):
    command = [sys.executable, "-m", "course_utils.arrays"]
    done = subprocess.run([*command, "inspect", "features"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["shape"], facts["dtype"]) == ([3000, 100], "float32")
    assert facts["attributes"] == {"layer": "features"}
    assert subprocess.run(command, capture_output=True).returncode == 2


def test_inspect_says_the_format_and_both_sizes(arrays, capsys):
    facts = {}
    for name in ("features", "features.npy"):
        assert main(["inspect", name]) == 0
        facts[name] = json.loads(capsys.readouterr().out)
    ours, npy = facts.values()
    assert (ours["format"], npy["format"]) == ("course array", ".npy")
    assert ours["bytes"] == npy["bytes"] == arrays.nbytes
    assert ours["bytes_on_disk"] < npy["bytes_on_disk"]


def test_verify_tells_sound_from_damaged(arrays, capsys):
    assert main(["verify", "features", "features.npy"]) == 0
    assert "has no checksums" in capsys.readouterr().out
    damage()
    assert main(["verify", "features.npy", "features"]) == 1
    out = capsys.readouterr().out
    assert "features.npy: sound" in out
    assert "features: NOT SOUND" in out and "chunk" in out and "bytes" in out


def test_convert_there_and_back(arrays, capsys):
    assert main(["convert", "features.npy", "copy", "--compression", "small"]) == 0
    assert main(["compare", "features", "copy"]) == 0
    assert "attributes differ" in capsys.readouterr().out
    assert main(["convert", "copy", "copy.npy"]) == 0
    np.testing.assert_array_equal(np.load("copy.npy"), arrays)
    assert main(["convert", "features", "again"]) == 0
    assert open_array("again").attributes == {"layer": "features"}


@pytest.mark.parametrize("array", [np.array(5.0), np.zeros((0, 3), ">i2"), np.array(["a", "bc"])])
def test_convert_small_arrays(tmp_path, array, capsys):
    np.save(tmp_path / "a.npy", array)
    assert main(["convert", str(tmp_path / "a.npy"), str(tmp_path / "b")]) == 0
    assert main(["convert", str(tmp_path / "b"), str(tmp_path / "c.npy")]) == 0
    back = np.load(tmp_path / "c.npy")
    assert (back.shape, back.dtype.str) == (array.shape, array.dtype.str)
    np.testing.assert_array_equal(back, array)


def test_convert_copies_a_bcolz_directory(tmp_path, capsys):
    bcolz = pytest.importorskip("bcolz")
    values = np.random.default_rng(0).normal(size=(30_000, 10))
    carray = bcolz.carray(values, rootdir=str(tmp_path / "old"), mode="w")
    carray.attrs["who"] = "me"
    carray.flush()
    assert main(["convert", str(tmp_path / "old"), str(tmp_path / "new")]) == 0
    with open_array(tmp_path / "new") as stored:
        assert (stored.format, stored.attributes) == ("course array", {"who": "me"})
    np.testing.assert_array_equal(load_array(tmp_path / "new"), values)


def test_convert_overwrites_nothing(arrays, capsys):
    save_array("other", np.arange(3))
    for target in ("other", "features"):
        assert main(["convert", "features", target]) == 2
        assert "choose another name" in capsys.readouterr().err
    assert load_array("other").tolist() == [0, 1, 2]
    np.testing.assert_array_equal(load_array("features"), arrays)


def test_converting_a_damaged_array_leaves_no_target(arrays, capsys, tmp_path):
    damage()
    for target in ("copy", "copy.npy"):
        assert main(["convert", "features", target]) == 1
        assert "checksum" in capsys.readouterr().err
        assert not (tmp_path / target).exists()


def test_compare_says_what_differs(arrays, capsys):
    changed = arrays.copy()
    changed[2000, 7] += 1
    changed[2500, 7] += 1
    save_array("changed", changed)
    assert main(["compare", "features", "changed"]) == 1
    out = capsys.readouterr().out
    assert "2 / 300000" in out and "[2000, 7]" in out
    save_array("shorter", arrays[:-1])
    save_array("wider", arrays.astype("f8"))
    assert main(["compare", "features", "shorter"]) == 1
    assert "shape" in capsys.readouterr().out
    assert main(["compare", "features", "wider"]) == 1
    assert "dtype" in capsys.readouterr().out


def test_compare_takes_a_missing_number_for_equal_to_itself(tmp_path, capsys):
    for k, array in enumerate([np.array([1.0, np.nan]), np.array(np.datetime64("NaT")),
                               np.array([True]), np.array(["a"]), np.zeros((0, 2))]):  # fmt: skip
        a, b = str(tmp_path / f"a{k}"), str(tmp_path / f"b{k}")
        save_array(a, array)
        save_array(b, array)
        assert main(["compare", a, b]) == 0


def test_errors_are_one_line_without_a_traceback(arrays, capsys):
    assert main(["inspect", "missing"]) == 2
    assert main(["compare", "features", "missing"]) == 2
    assert main(["verify", "missing"]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("error: there is no array at missing") == 2
    assert "missing: NOT SOUND" in captured.out
