"""A zip of pictures is unpacked whole, inside its folder and within bounds, or not at all."""

import io
import stat
import zipfile

import pytest

from course_utils.images import UnpackError, unpack_zip


@pytest.fixture
def make(tmp_path):
    def make(members, compression=zipfile.ZIP_DEFLATED):
        file = tmp_path / "own.zip"
        with zipfile.ZipFile(file, "w", compression) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return file

    return make


def everything_in(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_folders_come_out_as_they_went_in(make, tmp_path):
    file = make({"cat/ä b.png": b"1", "dog/it's <b>.png": b"2", "dog/sub/c.png": b"3"})
    folder = unpack_zip(file, tmp_path / "out")
    assert folder == tmp_path / "out"
    assert everything_in(folder) == [
        ".unpacked",
        "cat/ä b.png",
        "dog/it's <b>.png",
        "dog/sub/c.png",
    ]
    assert (folder / "cat" / "ä b.png").read_bytes() == b"1"


def test_a_folder_around_it_and_the_shadows_of_a_mac_are_seen_through(make, tmp_path):
    file = make(
        {
            "My pictures/cat/a.png": b"1",
            "My pictures/dog/b.png": b"2",
            "My pictures/.DS_Store": b"x",
            "__MACOSX/My pictures/cat/._a.png": b"x",
        }
    )
    folder = unpack_zip(file, tmp_path / "out")
    assert folder == tmp_path / "out" / "My pictures"
    assert everything_in(folder) == [".DS_Store", "cat/a.png", "dog/b.png"]


def test_unpacking_again_replaces_what_was_unpacked_and_nothing_else(make, tmp_path):
    unpack_zip(make({"cat/a.png": b"1", "dog/b.png": b"1"}), tmp_path / "out")
    unpack_zip(make({"cat/new.png": b"2", "dog/b.png": b"1"}), tmp_path / "out")
    assert everything_in(tmp_path / "out") == [".unpacked", "cat/new.png", "dog/b.png"]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.tex").write_text("years of work")
    with pytest.raises(FileExistsError, match="in the way"):
        unpack_zip(make({"cat/a.png": b"1"}), mine)
    assert everything_in(mine) == ["thesis.tex"]


@pytest.mark.parametrize(
    "name",
    ["../out.png", "cat/../../out.png", "/etc/out.png", "C:/out.png", "..\\out.png", "\\\\host\\a"],
)
def test_no_place_outside_of_the_folder_is_written_to(make, tmp_path, name):
    file = make({"cat/a.png": b"1", name: b"harm"})
    with pytest.raises(UnpackError, match=r"leads outside of its folder; nothing of it was kept"):
        unpack_zip(file, tmp_path / "deep" / "out")
    assert everything_in(tmp_path) == ["own.zip"]


def test_links_and_devices_are_refused(tmp_path):
    file = tmp_path / "own.zip"
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        with zipfile.ZipFile(file, "w") as archive:
            link = zipfile.ZipInfo("cat/link.png")
            link.external_attr = (kind | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
        with pytest.raises(UnpackError, match="a link or a device"):
            unpack_zip(file, tmp_path / "out")
    assert everything_in(tmp_path) == ["own.zip"]


def test_a_bomb_is_stopped_by_what_comes_out_and_not_by_what_it_claims(make, tmp_path):
    file = make({"cat/a.png": bytes(5_000_000)})
    content = bytearray(file.read_bytes())
    assert len(content) < 10_000
    with pytest.raises(UnpackError, match="more than 1,000,000 bytes come out of it"):
        unpack_zip(file, tmp_path / "out", most_bytes=1_000_000)
    with pytest.raises(UnpackError, match="it holds 3 files, more than 2"):
        unpack_zip(make({"a": b"", "b": b"", "c": b""}), tmp_path / "out", most_files=2)
    assert everything_in(tmp_path) == ["own.zip"]


def test_two_files_that_would_take_each_others_place(make, tmp_path):
    with pytest.raises(UnpackError, match=r"two files called 'cat/A\.png'"):
        unpack_zip(make({"cat/a.png": b"1", "cat/A.png": b"2"}), tmp_path / "out")
    with pytest.raises(UnpackError, match="a file and a folder at once"):
        unpack_zip(make({"cat": b"1", "cat/a.png": b"2"}), tmp_path / "out")


def test_what_is_no_zip_is_damaged_or_locked(make, tmp_path):
    file = make({"cat/a.png": bytes(range(256)) * 40})
    whole = file.read_bytes()
    broken = bytearray(whole)
    broken[45] ^= 255
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.find(b"PK\x01\x02") + 8] |= 1
    for content, words in [
        (b"", "is no zip, or it is damaged"),
        (b"Rar!", "is no zip, or it is damaged"),
        (whole[:-30], "is no zip, or it is damaged"),
        (bytes(broken), "is no zip, or it is damaged"),
        (bytes(locked), "is protected by a password"),
    ]:
        file.write_bytes(content)
        with pytest.raises(UnpackError, match=f"{words}.*nothing of it was kept"):
            unpack_zip(file, tmp_path / "out")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        unpack_zip(tmp_path / "none.zip", tmp_path / "out")
    assert everything_in(tmp_path) == ["own.zip"]


def test_a_method_that_python_cannot_unpack(make, tmp_path):
    stream = io.BytesIO(make({"cat/a.png": b"1"}, zipfile.ZIP_STORED).read_bytes())
    content = bytearray(stream.getvalue())
    content[8] = content[content.find(b"PK\x01\x02") + 10] = 99  # AES, as 7-Zip writes it
    (tmp_path / "own.zip").write_bytes(content)
    with pytest.raises(UnpackError, match="is no zip, or it is damaged"):
        unpack_zip(tmp_path / "own.zip", tmp_path / "out")
