"""A folder of features: any number of pictures, and nothing is lost, double or misplaced."""

import errno
import json
import multiprocessing
import os
import resource
import shutil
import signal
import time
from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from course_utils import ImageSet, extract_features, extract_to_folder, open_features
from course_utils.arrays import ArrayBusyError, ArrayWriter
from course_utils.features.__main__ import main
from course_utils.features.bulk import PictureList
from course_utils.features.bulk.listing import Listed, list_pictures
from course_utils.features.bulk.notes import SkippedNotes, picture_numbers, pictures_done
from course_utils.images.reading import BadImageError
from tests.features.conftest import make_tiny, paint

PLAIN = {"engine": "torch", "precision": "fp32", "progress": False}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr("course_utils.features.run._CHUNK_PICTURES", 5)


@pytest.fixture
def mixture(tmp_path, paths):
    """Give good and bad pictures in three class folders, and what is wrong with the bad ones."""
    folder = tmp_path / "pictures"
    for i, path in enumerate(paths):
        of_class = folder / ("cat", "dog", "fox")[i % 3]
        of_class.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, of_class / f"{i:02d}.jpg")
    for name in ("cat/00.jpg", "cat/05.jpg", "dog/two\nlines.jpg", "fox/99.jpg", "fox/zz.jpg"):
        (folder / name).write_text("no picture")
    return folder


def expected(folder):
    pictures = ImageSet.from_folder(folder, on_bad_image="skip")
    return extract_features(pictures, make_tiny(), **PLAIN)


def assert_same(stored, features):
    loaded = stored.load()
    np.testing.assert_array_equal(loaded.X, features.X)
    assert loaded.y.tolist() == features.y.tolist()
    assert loaded.paths == features.paths
    assert loaded.class_names == features.class_names


@pytest.mark.filterwarnings("ignore:left out")
def test_rows_are_those_of_extract_features_with_paths_labels_and_provenance(mixture, tmp_path):
    stored = extract_to_folder(mixture, tmp_path / "out", make_tiny(), **PLAIN)
    features = expected(mixture)
    assert_same(stored, features)
    assert stored.complete
    assert [one.path.rpartition("/")[2] for one in stored.skipped] == [
        *("00.jpg", "05.jpg", "two\nlines.jpg", "99.jpg", "zz.jpg")
    ]
    assert "not a picture" in stored.skipped[0].reason
    for key in ("backbone", "weights", "engine", "precision", "layer", "transform"):
        assert stored.provenance[key] == features.provenance[key]
    assert "5 pictures could not be read" in stored.summary()


@pytest.mark.filterwarnings("ignore:left out")
def test_any_part_comes_with_its_own_paths_and_labels(mixture, tmp_path):
    stored = extract_to_folder(mixture, tmp_path / "out", make_tiny(), **PLAIN)
    features = expected(mixture)
    for rows in (slice(3, 9), slice(None, None, 7), [20, 0, 20], np.arange(len(stored)) % 2 == 0):
        part, numbers = stored[rows], np.arange(len(stored))[rows]
        np.testing.assert_array_equal(part.X, features.X[numbers])
        assert part.targets.tolist() == features.targets[numbers].tolist()
        assert part.paths == tuple(features.paths[i] for i in numbers)
    assert np.concatenate([part.X for part in stored.chunks(4)]).tolist() == features.X.tolist()
    assert stored.path(8) == features.paths[8]
    with pytest.raises(TypeError, match=r"features\.X\[3\]"):
        stored[3]
    with pytest.raises(IndexError):
        stored.path(99)


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 60))
def test_rows_and_notes_say_how_far_the_work_is_and_whose_each_row_is(readable, ahead):
    numbers = [i for i, good in enumerate(readable) if good]
    gaps = [i for i, good in enumerate(readable) if not good]
    # A kill between the notes and the commit: notes about later pictures are there already.
    later = [len(readable) + 1 + ahead, len(readable) + 2 + ahead]
    assert pictures_done(len(numbers), [*gaps, *later]) == (len(readable), len(gaps))
    found = picture_numbers(np.arange(len(numbers)), np.array(gaps, np.int64))
    assert found.tolist() == numbers


class Stop(Exception):
    pass


@pytest.mark.filterwarnings("ignore:left out")
@pytest.mark.parametrize(
    ("owner", "method"),
    [(SkippedNotes, "add"), (ArrayWriter, "append"), (ArrayWriter, "commit")],
)
def test_a_stop_at_any_moment_loses_and_doubles_nothing(
    mixture, tmp_path, monkeypatch, owner, method
):
    original, left, stops = getattr(owner, method), 0, 0

    def stops_sooner_or_later(*arguments):
        nonlocal left
        left -= 1
        if left < 0:
            raise Stop
        return original(*arguments)

    monkeypatch.setattr(owner, method, stops_sooner_or_later)
    stored = None
    while stored is None:
        left = 3
        try:
            stored = extract_to_folder(mixture, tmp_path / "out", make_tiny(), **PLAIN)
        except Stop:
            stops += 1
    assert stops >= 1
    monkeypatch.undo()
    assert_same(stored, expected(mixture))


def run_and_be_killed(folder, out, pause):
    # This is a process of its own. It kills itself: another one may have to wait for a processor.
    import course_utils.features.run as run

    manifest = out / "features" / "manifest"
    before = manifest.stat().st_mtime_ns if manifest.exists() else 0

    def kill():
        # From its first commit on, at any moment.
        while not manifest.exists() or manifest.stat().st_mtime_ns == before:
            time.sleep(0.001)
        time.sleep(pause)
        os.kill(os.getpid(), signal.SIGKILL)

    Thread(target=kill, daemon=True).start()
    run._CHUNK_PICTURES = 1
    extract_to_folder(folder, out, make_tiny(), **PLAIN)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:left out")
def test_killed_again_and_again_it_ends_with_the_same_bits(mixture, tmp_path):
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.features.test_bulk", "course_utils._torchvision"])
    out, rng, kills, seen = tmp_path / "out", np.random.default_rng(0), 0, -1
    while kills < 8:
        pause = rng.uniform(0, 0.004)
        process = processes.Process(target=run_and_be_killed, args=(mixture, out, pause))
        process.start()
        process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        kills += 1
        stored = open_features(out)
        assert stored.done > seen
        seen = stored.done
    assert kills >= 3
    assert_same(extract_to_folder(mixture, out, make_tiny(), **PLAIN), expected(mixture))


def test_a_bad_picture_stops_the_run_if_asked_for_and_its_repair_goes_on(mixture, tmp_path):
    out = tmp_path / "out"
    for name, done in (("cat/00.jpg", 0), ("cat/05.jpg", 2)):
        with pytest.raises(BadImageError, match=name):
            extract_to_folder(mixture, out, make_tiny(), on_bad_image="raise", **PLAIN)
        assert open_features(out).done == done
        paint(np.random.default_rng(5)).save(mixture / name)
    with pytest.raises(BadImageError, match="two\nlines"):
        extract_to_folder(mixture, out, make_tiny(), on_bad_image="raise", **PLAIN)
    (mixture / "cat" / "03.jpg").write_text("is done: not read again")
    stored = extract_to_folder(mixture, out, make_tiny(), **PLAIN)
    assert [one.path.rpartition("/")[2] for one in stored.skipped] == [
        *("two\nlines.jpg", "99.jpg", "zz.jpg")
    ]


def test_features_made_otherwise_or_of_other_pictures_are_not_mixed(mixture, tmp_path):
    out = tmp_path / "out"
    extract_to_folder(mixture, out, make_tiny(), **PLAIN)
    before = open_features(out).load()
    for network, options, message in (
        (make_tiny(seed=1), PLAIN, r"weights was .*, is "),
        (make_tiny(), {**PLAIN, "layer": "logits"}, "layer was features, is logits"),
        (make_tiny(), {**PLAIN, "precision": "bf16"}, "begun with torch fp32 on cpu"),
        (make_tiny(), {**PLAIN, "draft": False}, "draft was True, is False"),
    ):
        with pytest.raises(ValueError, match=message):
            extract_to_folder(mixture, out, network, **options)
    paint(np.random.default_rng(9)).save(mixture / "dog" / "new.jpg")
    with pytest.raises(ValueError, match=r"begun with other pictures.*same_pictures=True"):
        extract_to_folder(mixture, out, make_tiny(), **PLAIN)
    stored = extract_to_folder(mixture, out, make_tiny(), same_pictures=True, **PLAIN)
    np.testing.assert_array_equal(stored.load().X, before.X)
    assert stored.load().paths == before.paths


def test_two_programs_do_not_write_to_one_folder(mixture, tmp_path):
    with (
        ArrayWriter(tmp_path / "out" / "features", (12,), np.float32),
        pytest.raises(ArrayBusyError, match="another program is writing"),
    ):
        extract_to_folder(mixture, tmp_path / "out", make_tiny(), **PLAIN)


def test_full_disk_keeps_what_is_written_and_the_same_call_goes_on(mixture, tmp_path):
    # A limit on the length of files acts as a full disk does, without a file system of its own.
    out, limits = tmp_path / "out", resource.getrlimit(resource.RLIMIT_FSIZE)
    network = make_tiny()
    stored = extract_to_folder(mixture, tmp_path / "reference", network, layer="norm", **PLAIN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, limits[1]))
    try:
        with pytest.raises(OSError) as caught:
            extract_to_folder(mixture, out, network, layer="norm", pooled=False, **PLAIN)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.errno == errno.EFBIG
    stored = extract_to_folder(mixture, out, network, layer="norm", pooled=False, **PLAIN)
    assert stored.complete
    assert len(stored) == 24 - 1


@pytest.mark.parametrize("pictures", ["set", "paths", "text", "table"])
def test_pictures_are_given_as_a_set_as_paths_or_as_a_list(paths, tmp_path, pictures):
    targets = ["b" if i % 3 else "a" for i in range(len(paths))]
    labels = [["a", "b"].index(target) for target in targets]
    names = [f"{path.parent.name}/{path.name}" for path in paths]
    source, labelled = tmp_path / "list.txt", pictures in ("set", "table")
    near = tmp_path / paths[0].parent.name
    near.symlink_to(paths[0].parent)
    if pictures == "text":
        source.write_text("\n".join(names))
    if pictures == "table":
        source = tmp_path / "list.csv"
        rows = [f"{target},{name}" for target, name in zip(targets, names, strict=True)]
        source.write_text("\n".join(["label,path", *rows]))
    given = {
        "set": ImageSet(tuple(paths), np.array(labels), ("a", "b")),
        "paths": paths,
    }.get(pictures, source)
    stored = extract_to_folder(given, tmp_path / "out", make_tiny(), **PLAIN)
    np.testing.assert_array_equal(stored.load().X, extract_features(paths, make_tiny(), **PLAIN).X)
    assert [path.name for path in stored.load().paths] == [path.name for path in paths]
    assert stored.class_names == (("a", "b") if labelled else ())
    assert (stored.y.tolist() == labels) if labelled else (stored.y is None)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("list.csv", "file,label\na.jpg,cat", "no column 'path', only file, label"),
        ("list.csv", "path,label\na.jpg,cat\nb.jpg", "line 3: there is no label"),
        ("list.csv", "", "no column 'path', only nothing"),
        ("list.txt", "\n\n", "there is no picture in"),
    ],
)
def test_list_that_cannot_be_used_is_named_with_the_line(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=message):
        extract_to_folder(tmp_path / name, tmp_path / "out", make_tiny(), **PLAIN)
    assert not (tmp_path / "out" / "pictures").exists()


def test_folder_with_pictures_beside_class_folders_is_refused(mixture, tmp_path):
    (mixture / "loose.jpg").touch()
    (mixture / ".hidden").touch()
    with pytest.raises(ValueError, match=r"holds files \(such as loose.jpg\) beside folders"):
        extract_to_folder(mixture, tmp_path / "out", make_tiny(), **PLAIN)


def test_pictures_in_memory_are_refused(tmp_path):
    with pytest.raises(TypeError, match="no path to be kept"):
        extract_to_folder([Image.new("RGB", (9, 9))], tmp_path / "out", make_tiny(), **PLAIN)


def test_nested_folders_belong_to_the_topmost_class_and_no_link_leads_in_circles(tmp_path):
    deep = tmp_path / "cat" / "2026" / "july"
    deep.mkdir(parents=True)
    (deep / "a.jpg").touch()
    (tmp_path / "cat" / "b.jpg").touch()
    (deep / "round").symlink_to(tmp_path)
    found = list(list_pictures(tmp_path))
    assert found == [
        Listed(str(tmp_path / "cat" / "b.jpg"), "cat"),
        Listed(str(deep / "a.jpg"), "cat"),
        Listed(str(deep / "round"), "cat"),
    ]


def test_list_of_more_pictures_than_a_block_gives_each_its_own_path_and_label(tmp_path):
    pictures = [Listed(f"/{'x' * (i % 7)}{i}", f"class {i % 11}") for i in range(10_000)]
    written = PictureList.write(tmp_path / "list", pictures, source="test")
    assert len(written) == 10_000
    for start, stop in ((0, 3), (4095, 4098), (8192, 8193), (9990, 10_000)):
        assert written.paths(start, stop) == [one.path for one in pictures[start:stop]]
        labels = written.labels(slice(start, stop))
        assert [written.class_names[k] for k in labels] == [
            one.label for one in pictures[start:stop]
        ]


@pytest.fixture
def tiny_by_name(monkeypatch):
    monkeypatch.setattr("course_utils.features.extracting.shared_backbone", lambda _: make_tiny())


@pytest.mark.usefixtures("tiny_by_name")
def test_the_command_says_what_it_wrote_and_what_it_left_out(mixture, tmp_path, capsys):
    options = ["--no-progress", "--engine", "torch", "--precision", "fp32"]
    assert main([str(mixture), str(tmp_path / "out"), *options]) == 0
    said = capsys.readouterr().out
    assert "23 rows of 28 pictures" in said
    assert "two\nlines.jpg: it is not a picture" in said
    assert json.loads((tmp_path / "out" / "provenance.json").read_text())["engine"] == "torch"
    assert main([str(tmp_path / "nowhere"), str(tmp_path / "other"), *options]) == 2
    assert "neither a folder of pictures nor a list" in capsys.readouterr().err


def test_ctrl_c_says_how_to_go_on(mixture, tmp_path, capsys, monkeypatch, tiny_by_name):
    def stopped(*arguments, **options):
        raise KeyboardInterrupt

    options = ["--no-progress", "--engine", "torch", "--precision", "fp32"]
    with monkeypatch.context() as patched:
        patched.setattr("course_utils.features.bulk.writing.RowWriter.add", stopped)
        assert main([str(mixture), str(tmp_path / "out"), *options]) == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert main([str(mixture), str(tmp_path / "out"), *options]) == 0


def test_opening_what_is_not_there_says_what_makes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"extract_to_folder\(pictures, "):
        open_features(tmp_path)
