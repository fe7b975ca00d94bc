"""No wrong number, ever: flipped bits and cut files, in data and in metadata."""

import numpy as np
import pytest

from course_utils import ArrayWriter, load_array, open_array, save_array
from course_utils.arrays import ArrayFileError

N_FLIPS, N_CUTS = 1000, 200


@pytest.fixture
def array(tmp_path):
    """Store an array in small rows with full chunks, a tail, and attributes."""
    values = np.random.default_rng(0).normal(size=(150, 2000)).astype("f4")
    values[:, ::2] = 0
    with ArrayWriter(tmp_path / "a", 2000, "f4", attributes={"layer": "features"}) as writer:
        writer.append(values[:100])
        writer.commit()
        writer.append(values[100:])
    return tmp_path / "a", values


def files_of(name):
    return sorted(file for file in name.iterdir() if file.stat().st_size)


def read_everything(name, values):
    """Read in every way there is; return True when all was right, False when an error said where.

    Anything else, a wrong number above all, fails.
    """
    try:
        loaded = load_array(name)
        with open_array(name) as stored:
            assert stored.attributes == {"layer": "features"}
            part, picked = stored[5:120], stored[[149, 0]]
            stored.verify()
    except ArrayFileError as error:
        assert error.path in name.iterdir() or error.path.parent == name
        assert str(error.path) in str(error) and error.place in str(error)
        return False
    np.testing.assert_array_equal(loaded, values)
    np.testing.assert_array_equal(part, values[5:120])
    np.testing.assert_array_equal(picked, values[[149, 0]])
    return True


@pytest.mark.slow
def test_one_flipped_bit_never_gives_a_wrong_number(array):
    name, values = array
    rng = np.random.default_rng(1)
    files = files_of(name)
    assert {file.name.split("-")[0] for file in files} == {"chunks", "manifest"}
    noticed = 0
    for flip in range(N_FLIPS):
        file = files[flip % len(files)]
        whole = file.read_bytes()
        # Every other flip of the manifest goes to its small parts, which the tail outweighs.
        small = flip % 4 == 1 and file.name == "manifest"
        place = int(rng.integers(400 if small else len(whole)))
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(rng.integers(8))
        file.write_bytes(damaged)
        noticed += not read_everything(name, values)
        file.write_bytes(whole)
    assert noticed == N_FLIPS, "every byte of these files matters"
    assert read_everything(name, values)


def test_a_file_cut_short_never_gives_a_wrong_number(array):
    name, values = array
    rng = np.random.default_rng(2)
    files = files_of(name)
    for cut in range(N_CUTS):
        file = files[cut % len(files)]
        whole = file.read_bytes()
        ends = [0, 1, len(whole) - 1]
        end = ends[cut // 2] if cut < 6 else int(rng.integers(len(whole)))
        file.write_bytes(whole[:end])
        assert not read_everything(name, values), (file, end)
        file.write_bytes(whole)
    assert read_everything(name, values)


def test_a_missing_file_is_named(array):
    name, values = array
    (chunks,) = name.glob("chunks-*")
    chunks.rename(name / "elsewhere")
    with pytest.raises(ArrayFileError, match=f"{chunks.name}.*missing"):
        load_array(name)
    (name / "elsewhere").rename(chunks)
    assert read_everything(name, values)


def test_bytes_that_were_never_committed_do_no_harm(array):
    name, values = array
    (chunks,) = name.glob("chunks-*")
    with chunks.open("ab") as file:
        file.write(b"remains of a crash")
    assert read_everything(name, values)
    with ArrayWriter(name) as writer:
        writer.append(values)
    np.testing.assert_array_equal(load_array(name), np.concatenate([values, values]))


def test_added_bytes_in_the_manifest_are_noticed(array):
    name, _ = array
    with (name / "manifest").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ArrayFileError, match="shorter or longer"):
        open_array(name)


def test_chunks_in_each_others_place_are_noticed(tmp_path):
    same_length = np.random.default_rng(0).integers(0, 256, (600, 5000), dtype=np.uint8)
    save_array(tmp_path / "a", same_length)
    (chunks,) = (tmp_path / "a").glob("chunks-*")
    whole = chunks.read_bytes()
    length = len(whole) // (len(same_length) * 5000 // (2**19 // 5000 * 5000))
    chunks.write_bytes(whole[length : 2 * length] + whole[:length] + whole[2 * length :])
    with pytest.raises(ArrayFileError, match=r"chunk [01] "):
        load_array(tmp_path / "a")


def test_a_damaged_array_is_not_appended_to_but_can_be_replaced(array):
    name, values = array
    manifest = name / "manifest"
    damaged = bytearray(manifest.read_bytes())
    damaged[60] ^= 4
    manifest.write_bytes(damaged)
    with pytest.raises(ArrayFileError, match="manifest"):
        ArrayWriter(name)
    assert manifest.read_bytes() == damaged
    assert list(name.glob("chunks-*")), "what may be mended is kept"
    save_array(name, values + 1)
    np.testing.assert_array_equal(load_array(name), values + 1)
    assert len(list(name.glob("chunks-*"))) == 1


def test_a_chunks_file_cut_short_is_not_appended_to(array):
    name, _ = array
    (chunks,) = name.glob("chunks-*")
    whole = chunks.read_bytes()
    chunks.write_bytes(whole[:-1])
    with pytest.raises(ArrayFileError, match="cut short"):
        ArrayWriter(name)
    assert chunks.read_bytes() == whole[:-1]
