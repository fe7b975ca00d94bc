"""Files are written whole or not at all."""

import threading

import pytest

from course_utils._files import replace_when_complete


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
