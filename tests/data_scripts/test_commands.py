"""What ``python -m data_scripts`` says and does when all goes well, and on first use."""

import re
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from filelock import FileLock

from course_utils import load_dataset
from course_utils.datasets.manifests import read_manifest
from course_utils.datasets.registry import DATA_SETS
from data_scripts import commands
from data_scripts.__main__ import main
from tests.data_scripts import conftest as faults


def say(capsys, *arguments):
    status = main(arguments)
    said = capsys.readouterr()
    return status, said.out + said.err


def change_recipe(monkeypatch, name, **changes):
    info = DATA_SETS[name]
    monkeypatch.setitem(DATA_SETS, name, replace(info, recipe={**info.recipe, **changes}))


def test_the_list_states_licence_source_size_and_purpose_of_each(capsys, tmp_path):
    status, said = say(capsys, "list")
    assert status == 0 and str(tmp_path / "data") in said
    for name, info in DATA_SETS.items():
        assert re.search(rf"^{name}  \[", said, re.MULTILINE)
        for fact in (info.licence, info.source, info.size, info.purpose):
            assert fact and fact in said
    assert not (tmp_path / "data").exists()


def test_an_unknown_name_lists_the_ones_that_exist(capsys):
    for command in ("fetch", "verify", "remove"):
        status, said = say(capsys, command, "kittens")
        assert status == 1 and "no data set 'kittens'" in said and "animal_faces" in said


def test_the_list_says_what_is_here(capsys, tiny, tmp_path):
    assert "tiny  [to be fetched]" in say(capsys, "list")[1]
    say(capsys, "fetch", "tiny", "textures")
    said = say(capsys, "list")[1]
    assert "tiny  [here]" in said and "textures  [here]" in said
    (tmp_path / "data" / "tiny" / "train" / "cat" / "0.jpg").unlink()
    assert "tiny  [1 of 6 files missing]" in say(capsys, "list")[1]


def test_verify_finds_what_is_missing_and_damaged_and_fetch_repairs_it(capsys, tiny, tmp_path):
    say(capsys, "fetch", "tiny", "textures")
    cat = tmp_path / "data" / "tiny" / "train" / "cat" / "0.jpg"
    content = cat.read_bytes()
    cat.write_bytes(content[:-1] + b"?")
    (tmp_path / "data" / "tiny" / "valid" / "dog" / "0.jpg").unlink()
    status, said = say(capsys, "verify")
    assert status == 1
    assert re.search(r"tiny: of 6 files, 1 missing \(.*dog/0.jpg\); 1 damaged \(.*cat/0.jpg", said)
    assert "fetch tiny" in said
    asked = len(tiny.requests)
    assert say(capsys, "fetch", "tiny")[0] == 0
    assert len(tiny.requests) == asked + 2
    assert say(capsys, "verify") [0] == 0  # fmt: skip
    assert cat.read_bytes() == content


def test_verifying_what_is_not_here_fails_only_when_it_is_asked_for(capsys):
    assert say(capsys, "verify")[0] == 0
    status, said = say(capsys, "verify", "animal_faces")
    assert status == 1 and "not here" in said


def test_a_damaged_texture_is_found_and_made_anew(capsys, tmp_path):
    say(capsys, "fetch", "textures")
    patch = next((tmp_path / "data" / "textures").rglob("*.png"))
    patch.write_bytes(b"x" * patch.stat().st_size)
    status, said = say(capsys, "verify", "textures")
    assert status == 1 and "remove textures, then fetch" in said
    say(capsys, "remove", "textures")
    say(capsys, "fetch", "textures")
    assert say(capsys, "verify", "textures")[0] == 0


def test_installed_photographs_are_those_that_the_course_was_made_with(capsys):
    assert say(capsys, "verify", "sample_photos")[0] == 0


def test_remove_leaves_nothing_of_the_course_and_everything_of_the_reader(capsys, tiny, tmp_path):
    say(capsys, "fetch", "tiny", "textures")
    mine = tmp_path / "data" / "tiny" / "train" / "cat" / "my_cat.jpg"
    mine.write_bytes(b"mine")
    status, said = say(capsys, "remove", "tiny", "textures")
    assert status == 0 and "stays: it holds files that are not the course's" in said
    left = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert [path for path in left if path.name != ".fetch.lock"] == [mine]
    assert "was not here" in say(capsys, "remove", "textures")[1]


def test_a_readers_own_folder_is_never_replaced(capsys, tmp_path):
    mine = tmp_path / "data" / "textures" / "wool" / "0.png"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    status, said = say(capsys, "fetch", "textures")
    assert status == 1 and "left alone" in said
    assert "was not here" in say(capsys, "remove", "textures")[1] or mine.exists()
    assert mine.read_bytes() == b"mine"


def test_a_picture_that_the_reader_added_is_not_lost_when_the_data_set_is_made_anew(
    capsys, tmp_path, monkeypatch
):
    say(capsys, "fetch", "textures")
    mine = tmp_path / "data" / "textures" / "train" / "brick" / "mine.png"
    mine.write_bytes(b"mine")
    change_recipe(monkeypatch, "textures", patch=128)
    status, said = say(capsys, "fetch", "textures")
    assert status == 1 and "mine.png), and they are left alone" in said
    mine.unlink()
    (mine.parent / ".DS_Store").write_bytes(b"litter")
    assert say(capsys, "fetch", "textures")[0] == 0


def test_a_new_recipe_makes_the_data_set_anew(monkeypatch, tmp_path):
    assert load_dataset("textures").train[0].size == (64, 64)
    before = read_manifest(tmp_path / "data" / "textures")
    change_recipe(monkeypatch, "textures", patch=128)
    again = load_dataset("textures").train
    assert (again[0].size, len(again)) == ((128, 128), 24)
    assert read_manifest(tmp_path / "data" / "textures") != before
    assert [p.name for p in (tmp_path / "data").iterdir() if p.is_dir()] == ["textures"]


def test_what_a_killed_maker_left_is_cleared_away(tmp_path):
    mine = ".textures.mine"
    for name in (".textures.1234abcd.unfinished", ".textures.abcd1234.old", mine):
        (tmp_path / "data" / name).mkdir(parents=True)
    load_dataset("textures")
    left = sorted(p.name for p in (tmp_path / "data").iterdir() if p.is_dir())
    assert left == [mine, "textures"]


def test_two_processes_may_ask_at_once(project_root, tmp_path):
    code = "from course_utils import load_dataset; print(len(load_dataset('textures').train))"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=project_root, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["96\n"] * 3


def test_whoever_waits_for_another_process_is_told(capsys, tiny, tmp_path):
    (tmp_path / "data").mkdir()
    hold = (
        "import sys, time, filelock\n"
        "with filelock.FileLock(sys.argv[1]):\n"
        "    print('held', flush=True); time.sleep(1.5)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "data" / ".fetch.lock")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"
    status, said = say(capsys, "fetch", "tiny")
    assert status == 0 and "Waiting for another process" in said
    assert holder.wait(timeout=10) == 0


def test_a_file_system_without_locks_is_no_obstacle(capsys, tiny, monkeypatch):
    def without_locks(self, **how):
        raise NotImplementedError

    monkeypatch.setattr(FileLock, "acquire", without_locks)
    assert say(capsys, "fetch", "tiny", "textures")[0] == 0
    assert say(capsys, "verify", "tiny", "textures")[0] == 0


@pytest.fixture
def quick_painter(monkeypatch):
    """Paint two small pictures a class: which pictures is not the matter here."""
    change_recipe(monkeypatch, "painted_animals", n_train=2, n_valid=2, size=32)


def test_prepare_gets_the_photographs_and_the_second_time_does_nothing(
    mirror, serve, monkeypatch, capsys
):
    server = serve(mirror)
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address)
    status, said = say(capsys, "prepare")
    assert status == 0 and "Data: photographs, in" in said
    assert str(load_dataset("animal_faces")).startswith("animal_faces: photographs")
    asked = len(server.requests)
    start = time.monotonic()
    assert say(capsys, "prepare") == (0, f"Data: photographs, in {commands.data_directory()}.\n")
    assert time.monotonic() - start < 1
    assert len(server.requests) == asked == 308


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.silence(3), "does not answer within 0.4 seconds"),
        (faults.captive_portal, "answers with a web page"),
        (faults.missing, "answers 404"),
        (None, "there is no connection to 127.0.0.1"),
    ],
)
def test_prepare_paints_when_the_photographs_are_out_of_reach_and_says_why(
    fault, reason, tmp_path, serve, monkeypatch, capsys, quick_painter
):
    server = serve(tmp_path)
    server.every_time = fault
    monkeypatch.setattr(commands, "_PROBE_SECONDS", 0.4)
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address)
    if fault is None:
        server.shutdown()
        server.server_close()
    status, said = say(capsys, "prepare")
    assert status == 0
    assert "painted animals stand in" in said and reason in said and "fetch animal_faces" in said
    data = load_dataset("animal_faces")
    assert data.origin == data.train.origin == "painted"
    assert "PAINTED" in str(data) and "fetch animal_faces" in str(data)
    assert "PAINTED" in data.train.caption()


def test_prepare_says_what_it_could_not_get(mirror, serve, monkeypatch, capsys):
    server = serve(mirror)
    server.every_time = lambda handler: (
        faults.missing(handler) if "UBC_img" in handler.path else handler.give()
    )
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address)
    status, said = say(capsys, "prepare")
    assert status == 0
    assert re.search(r"Data: photographs, in .*; without campus_images, because .*404", said)


def test_prepare_paints_when_fetching_breaks_off_in_the_middle(
    mirror, serve, monkeypatch, capsys, quick_painter
):
    server = serve(mirror)
    server.every_time = lambda handler: (
        handler.give() if len(server.requests) < 50 else faults.forbidden(handler)
    )
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address)
    status, said = say(capsys, "prepare")
    assert status == 0 and re.search("painted animals stand in .*403", said)
    assert re.search(r"lack \d+ of 300 files", str(load_dataset("animal_faces")))


def test_paintings_are_made_once_and_again_for_a_new_painter(monkeypatch, quick_painter, tmp_path):
    picture = load_dataset("painted_animals").train.paths[0]
    painted_at = picture.stat().st_mtime_ns
    assert load_dataset("painted_animals").train.paths[0].stat().st_mtime_ns == painted_at
    change_recipe(monkeypatch, "painted_animals", painter=10**6)
    assert load_dataset("painted_animals").train.paths[0].stat().st_mtime_ns != painted_at


def test_an_interrupted_painter_leaves_nothing_behind(monkeypatch, tmp_path):
    from data_scripts.painting import dataset

    def stopped(folder, **how):
        folder.mkdir()
        (folder / "half.jpg").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(dataset, "paint_pictures", stopped)
    with pytest.raises(KeyboardInterrupt):
        load_dataset("painted_animals")
    assert [p.name for p in (tmp_path / "data").iterdir() if not p.name.endswith(".lock")] == []


def test_the_command_says_how_it_is_used(project_root):
    done = subprocess.run(
        [sys.executable, "-m", "data_scripts", "--help"],
        cwd=project_root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for word in ("list", "fetch", "verify", "remove", "prepare", "COURSE_DATA_MIRROR"):
        assert word in done.stdout
