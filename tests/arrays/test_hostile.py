"""Files made to do harm: an error, no large allocation, nothing executed, nothing else touched."""

import json
import os
import pickle
import struct
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import xxhash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import ArrayWriter, load_array, open_array, save_array
from course_utils.arrays import ArrayFileError
from course_utils.arrays._folder import read_manifest


@pytest.fixture
def name(tmp_path):
    save_array(tmp_path / "a", np.arange(300_000, dtype="f4").reshape(-1, 100))
    return tmp_path / "a"


def forge(name, change_header=None, index=None, tail=None, lengths=None):
    """Rewrite the manifest with valid checksums, as someone hostile would."""
    manifest = read_manifest(name)
    whole = manifest.to_bytes()
    header_length = struct.unpack_from("<Q", whole, 8)[0]
    header = json.loads(whole[40 : 40 + header_length])
    if change_header:
        header.update(change_header)
    parts = [
        header if isinstance(header, bytes) else json.dumps(header).encode(),
        manifest.index.tobytes() if index is None else index,
        manifest.tail if tail is None else tail,
    ]
    lengths = lengths or [len(part) for part in parts]
    parts.insert(0, whole[:8] + struct.pack("<QQQ", *lengths))
    (name / "manifest").write_bytes(
        b"".join(part + xxhash.xxh3_64_intdigest(part).to_bytes(8, "little") for part in parts)
    )


def test_the_forger_of_these_tests_can_forge(name):
    forge(name, {"attributes": {"forged": True}})
    assert open_array(name).attributes == {"forged": True}
    assert load_array(name)[-1, -1] == 299_999


@pytest.mark.parametrize(
    "lie",
    [
        {"shape": [2**40, 100]}, {"shape": [2**62, 2**62]}, {"shape": [-1, 100]},
        {"shape": [3000, 100.0]}, {"shape": [True, 100]}, {"shape": "3000"}, {"shape": [1] * 99},
        {"shape": [3000, 101]}, {"shape": []}, {"shape": [2**63]}, {"shape": None},
        {"dtype": "|O"}, {"dtype": "O"}, {"dtype": "<f8"}, {"dtype": "(1000000000,)f4"},
        {"dtype": "f4,f4"}, {"dtype": ["<f4"]}, {"dtype": "<f3"}, {"dtype": "<V4"},
        {"dtype": "<U999999999"}, {"dtype": "<M8[99999999999Y]"}, {"dtype": None},
        {"dtype": "<f16"},
        {"chunk_bytes": 0}, {"chunk_bytes": -4}, {"chunk_bytes": 2**40}, {"chunk_bytes": 1},
        {"chunk_bytes": 1.5}, {"chunks_id": "../../../etc/passwd"}, {"chunks_id": "/etc/passwd"},
        {"chunks_id": None}, {"chunks_id": ""}, {"chunks_id": 7}, {"chunks_id": "0" * 32},
        {"chunks_id": "0" * 31 + "\n"}, {"attributes": [1]}, {"attributes": None},
    ],
    ids=repr,
)  # fmt: skip
def test_a_lie_in_the_header_is_an_error(name, lie):
    forge(name, lie)
    with pytest.raises(ArrayFileError):
        load_array(name)


def test_a_missing_field_or_a_header_that_is_no_dictionary_is_an_error(name):
    manifest = (name / "manifest").read_bytes()
    length = struct.unpack_from("<Q", manifest, 8)[0]
    for text in (b"[]", b"{}", b"5", b"\xff\xfe", b"[" * 100_000, b""):
        parts = [
            manifest[:8] + struct.pack("<QQQ", len(text), *struct.unpack_from("<QQ", manifest, 16)),
            text,
        ]
        rest = manifest[40 + length + 8 :]
        (name / "manifest").write_bytes(
            b"".join(p + xxhash.xxh3_64_intdigest(p).to_bytes(8, "little") for p in parts) + rest
        )
        with pytest.raises(ArrayFileError):
            open_array(name)


@pytest.mark.parametrize("lengths", [[2**63, 0, 0], [0, 2**60, 1], [2**64 - 1] * 3])
def test_absurd_lengths_of_the_manifests_parts_are_an_error(name, lengths):
    forge(name, lengths=lengths)
    with pytest.raises(ArrayFileError, match="shorter or longer"):
        open_array(name)


def test_an_index_that_points_past_its_file_is_an_error(name):
    index = read_manifest(name).index.copy()
    index["length"][0] += 1000
    forge(name, index=index.tobytes())
    with pytest.raises(ArrayFileError):
        load_array(name)
    index["length"][0] = 2**32 - 1
    forge(name, index=index.tobytes())
    with pytest.raises(ArrayFileError, match="impossible length"):
        open_array(name)


def forged_chunk(name, change):
    """Change bytes of chunk 0 and correct its checksum."""
    (chunks,) = name.glob("chunks-*")
    manifest = read_manifest(name)
    length = int(manifest.index["length"][0])
    data = bytearray(chunks.read_bytes())
    for place, value in change.items():
        data[place] = value
    chunks.write_bytes(data)
    index = manifest.index.copy()
    index["checksum"][0] = xxhash.xxh3_64_intdigest(data[:length])
    forge(name, index=index.tobytes())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({7: 0x7F}, "says it holds"),  # more bytes than there is room for: Blosc2 would write them
        ({4: 0, 5: 0, 6: 0}, "says it holds"),
        ({15: 0x7F}, "says it is"),
        ({0: 99}, "version"),
        ({2: 0xE5}, "codec"),  # a codec from a plug-in, which Blosc2 would load
        ({2: 0x45}, "snappy"),
        ({16: 200}, "filters"),  # a filter from a plug-in
        ({31: 0x08}, "elsewhere"),  # a lazy chunk, read from another file
        ({31: 0x40}, "no data"),  # uninitialised memory
        ({31: 0x80}, "kind"),
        ({30: 0x01}, "kind"),
        ({8: 0, 9: 0, 10: 0}, "blocks"),
        ({11: 0x7F}, "blocks"),
    ],
)
def test_a_chunk_whose_header_lies_never_reaches_blosc(name, change, reason):
    forged_chunk(name, change)
    with pytest.raises(ArrayFileError, match=reason) as caught:
        load_array(name)
    assert "chunk 0" in caught.value.place


_FUZZ = """
import sys
import numpy as np
sys.path.insert(0, {root!r})
from tests.arrays.test_hostile import forged_chunk
from course_utils import load_array, save_array
from course_utils.arrays import ArrayFileError
name = {name!r}
import pathlib
rng = np.random.default_rng({seed})
values = np.arange(300_000, dtype="f4").reshape(-1, 100)
for trial in range(150):
    save_array(name, values, compression=["fast", "small"][trial % 2])
    places = rng.integers(32, 3000, size=4)
    forged_chunk(pathlib.Path(name), {{int(p): int(rng.integers(256)) for p in places}})
    try:
        assert load_array(name).shape == values.shape
    except ArrayFileError:
        pass
print("alive")
"""


@pytest.mark.slow
def test_chunks_forged_at_random_never_bring_the_process_down(tmp_path, project_root):
    code = _FUZZ.format(root=str(project_root), name=str(tmp_path / "fuzzed"), seed=0)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == "alive", done.stderr


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400), keep=st.integers(0, 60))
def test_any_bytes_for_a_manifest_are_an_error(tmp_path_factory, data, keep):
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "manifest").write_bytes(b"\x89CUArr\x01\n"[:keep] + data)
    with pytest.raises(ArrayFileError):
        open_array(folder)


def test_a_lie_costs_no_memory(name):
    """Run in a process that may not grow: an allocation by the lie's measure would fail there."""
    (chunks,) = name.glob("chunks-*")
    os.truncate(chunks, 2**40)  # a sparse file: apparent length without content
    index = np.zeros(10_000, read_manifest(name).index.dtype)
    index["length"] = 2**19
    forge(name, {"shape": [10_000, 131_072], "chunk_bytes": 2**19}, index=index.tobytes(), tail=b"")
    code = (
        "import sys; from course_utils import open_array\n"
        "try: open_array(sys.argv[1])[0]\n"
        "except ValueError as error: print('refused', error)\n"
        "print(next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True)
    refused, peak = done.stdout.splitlines()
    assert refused.startswith("refused") and "chunk 0" in refused
    assert int(peak) < 300 * 1024


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and symbolic links")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
@pytest.mark.parametrize("file", ["manifest", "chunks"])
def test_a_link_pipe_or_folder_in_the_place_of_a_file_is_an_error(name, tmp_path, kind, file):
    (chunks,) = name.glob("chunks-*")
    path = chunks if file == "chunks" else name / "manifest"
    moved = tmp_path / "precious"
    path.rename(moved)
    content = moved.read_bytes()
    {"link": lambda: path.symlink_to(moved), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[
        kind
    ]()
    with pytest.raises(ArrayFileError, match="not a plain file"):
        load_array(name)
    with pytest.raises(ArrayFileError, match="not a plain file"), ArrayWriter(name) as writer:
        writer.append(np.zeros((9999, 100), "f4"))
    assert moved.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs symbolic links")
def test_writing_follows_no_link_that_lies_in_the_folder(name, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("words")
    (name / "lock").unlink()
    (name / "writer.json").symlink_to(precious)
    (name / ".manifest.feed.part").symlink_to(precious)
    (name / "chunks-feed").symlink_to(precious)
    save_array(name, np.arange(5))
    assert precious.read_text() == "words"
    (name / "lock").unlink()
    (name / "lock").symlink_to(precious)
    with pytest.raises(OSError):
        save_array(name, np.arange(6))
    assert precious.read_text() == "words"


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("executed",)


def test_pickles_are_refused_and_not_executed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save(tmp_path / "bomb.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    (tmp_path / "bare.npy").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ArrayFileError, match="pickle"):
        load_array(tmp_path / "bomb.npy")
    with pytest.raises(ArrayFileError, match=r"not a \.npy file"):
        load_array(tmp_path / "bare.npy")
    assert not (tmp_path / "executed").exists()


def test_a_huge_manifest_is_not_read(name):
    os.truncate(name / "manifest", 2**33)
    with pytest.raises(ArrayFileError, match="should end"):
        open_array(name)


def test_the_manifest_that_is_written_is_the_manifest_that_is_read(name):
    manifest = read_manifest(name)
    again = type(manifest).from_bytes(manifest.to_bytes(), name)
    np.testing.assert_array_equal(again.index, manifest.index)
    assert replace(again, index=None) == replace(manifest, index=None)
