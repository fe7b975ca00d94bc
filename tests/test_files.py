"""Files are written whole or not at all."""

import threading

import pytest

from course_utils._files import (
    delete_folder,
    delete_old_folders,
    replace_folder,
    replace_when_complete,
)


def test_a_finished_block_replaces_the_file(tmp_path):
    target = tmp_path / "new folder" / "file.txt"
    with replace_when_complete(target) as temporary:
        temporary.write_text("first")
    with replace_when_complete(target) as temporary:
        temporary.write_text("second")
        assert target.read_text() == "first"
    assert target.read_text() == "second"
    assert list(target.parent.iterdir()) == [target]


def test_a_failing_block_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "file.txt"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt), replace_when_complete(target) as temporary:
        temporary.write_text("half of the n")
        raise KeyboardInterrupt
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_two_writers_at_once_do_not_mix(tmp_path):
    target = tmp_path / "file.txt"
    both_writing = threading.Barrier(2)

    def write(letter: str) -> None:
        with replace_when_complete(target) as temporary, temporary.open("w") as file:
            file.write(letter * 1000)
            both_writing.wait(timeout=10)
            file.write(letter * 1000)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_text() in ("a" * 2000, "b" * 2000)


def test_a_block_that_writes_nothing_changes_nothing(tmp_path):
    target = tmp_path / "file.txt"
    with replace_when_complete(target):
        pass
    assert not target.exists()


def test_a_finished_folder_takes_the_place_of_an_older_one_and_leaves_nothing_behind(tmp_path):
    new, target = tmp_path / "new", tmp_path / "target"
    for folder in (new, target):
        folder.mkdir()
        (folder / f"from {folder.name}").touch()
    replace_folder(new, target)
    assert [file.name for file in target.iterdir()] == ["from new"]
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_moved_leaves_the_older_one_in_place(tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "old").touch()
    with pytest.raises(OSError, match="nowhere"):
        replace_folder(tmp_path / "nowhere", target)
    assert [file.name for file in target.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_deleted_at_one_stroke_for_whoever_looks(tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file").touch()
    seen = []
    monkeypatch.setattr("shutil.rmtree", lambda old, **_: seen.append((folder.exists(), old)))
    delete_folder(folder)
    ((was_there, old),) = seen
    assert not was_there and old.name.startswith(".")
    monkeypatch.undo()
    delete_old_folders(tmp_path)  # as after a kill in the middle
    assert list(tmp_path.iterdir()) == []
    delete_folder(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_moved_is_deleted_where_it_is(tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file").touch()

    def open_files(self, target):
        raise PermissionError("a file in it is open")

    monkeypatch.setattr("pathlib.Path.replace", open_files)
    delete_folder(folder)
    assert not folder.exists()


def test_a_folder_that_somebody_deleted_is_not_made_again_where_that_is_unwanted(tmp_path):
    target = tmp_path / "deleted" / "notes.txt"
    with pytest.raises(FileNotFoundError), replace_when_complete(target, make_folder=False) as part:
        part.write_text("words")
    assert not target.parent.exists()
