"""``python -m course_utils.classify``: a row for every file, in order, never a row misplaced."""

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils import classify, load_classifier
from course_utils.classifiers import saving
from course_utils.classifiers.classifying import classify_files
from course_utils.images.walking import Found, walk_files
from tests.classifiers.conftest import CLASSES, paint

COLUMNS = ["path", "class", *(f"probability of {name}" for name in CLASSES), "problem"]


@pytest.fixture
def run(saved_file, network, monkeypatch, capfd):
    """Give a function that runs the command with the small network: status, rows, words."""
    monkeypatch.setattr(saving, "shared_backbone", lambda name: network)

    def run(*words) -> tuple[int, list[dict[str, str]], str]:
        status = classify.main([str(saved_file), *map(str, words), "--quiet"])
        said = capfd.readouterr()
        return status, list(csv.DictReader(io.StringIO(said.out, newline=""))), said.err

    return run


@pytest.fixture
def mixed(tmp_path, pictures) -> Path:
    """Give a folder as people have it: deep, with odd names, broken files and other things."""
    folder = tmp_path / "holiday photos"
    (folder / "b" / "deep er").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "empty").mkdir()
    for place, number in [
        ("a.png", 0),
        ("b/ümläut <script>.png", 9),
        ('b/deep er/quote"s, and commas.png', 17),
        ("b/deep er/line\nbreak.png", 3),
        ("c.png", 12),
        ("=1+1.png", 20),
        (".hidden/secret.png", 1),
    ]:
        shutil.copy(pictures.paths[number], folder / place)
    (folder / "b" / "Thumbs.db").write_bytes(b"litter")
    (folder / ".DS_Store").write_bytes(b"litter")
    (folder / "b" / "broken.png").write_bytes(pictures.paths[5].read_bytes()[:90])
    (folder / "b" / "notes.txt").write_text("no picture")
    (folder / "b" / "zero.jpg").touch()
    return folder


def test_every_file_has_its_row_in_order_with_the_notebooks_answer(
    run, mixed, pictures, model, features
):
    status, rows, words = run(mixed)
    names = [row["path"].removeprefix(f"{mixed}/") for row in rows]
    assert names == [
        "=1+1.png",
        "a.png",
        "b/broken.png",
        "b/deep er/line\nbreak.png",
        'b/deep er/quote"s, and commas.png',
        "b/notes.txt",
        "b/zero.jpg",
        "b/ümläut <script>.png",
        "c.png",
    ]
    then = model.predict_proba(features.X)
    for place, number in [(0, 20), (1, 0), (3, 3), (4, 17), (7, 9), (8, 12)]:
        row = rows[place]
        assert row["class"] == CLASSES[then[number].argmax()]
        given = [float(row[f"probability of {name}"]) for name in CLASSES]
        np.testing.assert_allclose(given, then[number], atol=1e-6)
        assert row["problem"] == ""
    for place, reason in [(2, "cut off"), (5, "not a picture"), (6, "empty")]:
        assert rows[place]["class"] == rows[place][f"probability of {CLASSES[0]}"] == ""
        assert reason in rows[place]["problem"]
    assert status == classify.SOME_UNREAD
    assert "3 of 9 files could not be read" in words


def test_the_order_given_is_kept_and_a_file_named_twice_has_two_rows(run, pictures):
    named = [pictures.paths[i] for i in (20, 3, 20, 9)]
    status, rows, words = run(*named)
    assert [row["path"] for row in rows] == [str(path) for path in named]
    assert rows[0] == rows[2]
    assert list(rows[0]) == COLUMNS
    assert (status, words) == (classify.OK, "")


def test_what_is_named_is_never_left_out(run, tmp_path, pictures):
    hidden = tmp_path / ".hidden.png"
    shutil.copy(pictures.paths[0], hidden)
    status, rows, _ = run(hidden, tmp_path / "none.png", tmp_path / "none" / "there.png")
    assert [bool(row["class"]) for row in rows] == [True, False, False]
    assert "there is no such file" in rows[1]["problem"]
    assert "no folder" in rows[2]["problem"]
    assert status == classify.SOME_UNREAD


def test_nothing_to_classify_is_said(run, tmp_path):
    status, rows, words = run(tmp_path)
    assert (status, rows) == (classify.SOME_UNREAD, [])
    assert "there is no file" in words


def test_an_output_file_is_written_whole_and_does_not_classify_itself(run, mixed, pictures):
    target = mixed / "result.csv"
    for _ in range(2):
        status, rows, _ = run(mixed, "--output", target)
        assert rows == []
        assert status == classify.SOME_UNREAD
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 9
    assert not any("result.csv" in row["path"] for row in rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--output", "no/such/folder/a.csv"], "No such file or directory"),
        (["--weights", "no weights.pt"], "there is no network named 'tiny'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(run, pictures, words, said):
    status, rows, spoken = run(pictures.paths[0], *words)
    assert (status, rows) == (classify.WRONG_USE, [])
    assert spoken.startswith("error: ")
    assert said in spoken
    assert spoken.count("\n") == 1


def test_a_file_that_is_no_saved_classifier_is_refused(pictures, capfd):
    status = classify.main([str(pictures.paths[0]), str(pictures.paths[1])])
    assert status == classify.WRONG_USE
    assert "cannot be used as a saved classifier" in capfd.readouterr().err


def test_a_name_that_a_spreadsheet_would_run_is_harmless_and_still_the_file(
    run, pictures, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shutil.copy(pictures.paths[0], "=cmd.png")
    _, [row], _ = run("=cmd.png")
    assert row["path"] == "./=cmd.png"
    assert Path(row["path"]).is_file()


@pytest.mark.skipif(sys.platform == "darwin", reason="the file system refuses such names")
def test_a_name_that_is_no_text_stops_nothing(run, pictures, tmp_path):
    shutil.copy(pictures.paths[0], os.fsencode(tmp_path) + b"/caf\xe9.png")
    status, [row], _ = run(tmp_path)
    assert row["path"].endswith("caf\\udce9.png")
    assert status == classify.OK


def test_links_to_folders_are_named_and_a_circle_ends(run, tmp_path, pictures):
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "again").symlink_to(folder)
    (folder / "picture.png").symlink_to(pictures.paths[0])
    _, rows, _ = run(folder)
    assert [row["path"] for row in rows] == [f"{folder}/again", f"{folder}/picture.png"]
    assert "a link to a folder" in rows[0]["problem"]
    assert rows[1]["class"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_may_not_be_looked_into_has_a_row(run, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    _, [row], _ = run(closed)
    assert "cannot be looked into" in row["problem"]


def test_pictures_turned_by_a_phone_stand_upright(run, pictures, tmp_path):
    rng = np.random.default_rng(5)
    upright = paint(rng, 1)
    exif = Image.Exif()
    exif[0x0112] = 6
    upright.save(tmp_path / "1.png")
    upright.rotate(90, expand=True).save(tmp_path / "2.png", exif=exif)
    _, rows, _ = run(tmp_path)
    first, second = ([row[c] for c in COLUMNS[1:]] for row in rows)
    assert first == second


@pytest.mark.parametrize("chunk", [1, 2, 5, 100])
def test_the_size_of_a_chunk_moves_no_row(saved_file, network, pictures, tmp_path, chunk):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"bad")
    order = np.random.default_rng(chunk).permutation(np.repeat(np.arange(24), 2))
    files = [Found(str(pictures.paths[i])) if i % 5 else Found(str(bad)) for i in order]
    saved = load_classifier(saved_file, backbone=network)
    rows = list(classify_files(saved, iter(files), chunk=chunk))
    expected = saved.predict_proba(pictures, progress=False)
    assert [row.path for row in rows] == [found.path for found in files]
    for i, row in zip(order, rows, strict=True):
        assert bool(row.problem) == (i % 5 == 0)
        if i % 5:
            np.testing.assert_allclose(row.probabilities, expected[i], atol=1e-6)


def test_files_are_taken_as_they_are_needed(saved_file, network, pictures):
    taken = []

    def endless():
        while True:
            taken.append(len(taken))
            yield Found(str(pictures.paths[len(taken) % 24]))

    saved = load_classifier(saved_file, backbone=network)
    rows = classify_files(saved, endless(), chunk=8)
    for _ in range(20):
        next(rows)
    assert len(taken) == 24


def test_memory_does_not_grow_with_the_number_of_files(saved_file, network, pictures):
    saved = load_classifier(saved_file, backbone=network)

    def most_bytes(n: int) -> int:
        files = (Found(str(pictures.paths[i % 24])) for i in range(n))
        tracemalloc.start()
        try:
            for _ in classify_files(saved, files, chunk=24):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most_bytes(48)
    assert most_bytes(480) < 1.5 * most_bytes(48) + 200_000


def test_the_walk_gives_the_same_order_whatever_the_disk_says(tmp_path, monkeypatch):
    for name in ("b", "a", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.png").touch()
    (tmp_path / "b.png").touch()
    listed = [found.path.removeprefix(f"{tmp_path}/") for found in walk_files([tmp_path])]
    assert listed == ["a/x.png", "b/x.png", "b.png", "c/x.png"]


# --- as a program ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_file(tmp_path_factory, painted) -> Path:
    from sklearn.linear_model import LogisticRegression

    from course_utils import extract_features, save_classifier

    train = extract_features(painted, progress=False)
    fitted = LogisticRegression(max_iter=2000).fit(train.X, train.y)
    return save_classifier(tmp_path_factory.mktemp("real") / "animals.skops", fitted, train)


@pytest.fixture(scope="module")
def painted(tmp_path_factory):
    from course_utils.images.sets import ImageSet
    from data_scripts.painting import paint_animal

    folder = tmp_path_factory.mktemp("painted")
    for kind in ("cat", "dog"):
        (folder / kind).mkdir()
        for i in range(6):
            paint_animal(kind, np.random.default_rng(i), size=96).save(folder / kind / f"{i}.png")
    return ImageSet.from_folder(folder, origin="painted")


# The system takes 2 MB of words at most; 12 pictures, each with a path of up to 150 letters.
AS_MANY_AS_A_COMMAND_TAKES = 1000


def start(*words, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "course_utils.classify", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.slow
def test_the_program_says_what_the_notebook_said(real_file, painted):
    program = start(real_file, *painted.paths)
    out, err = program.communicate(timeout=300)
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    table = load_classifier(real_file).classify(list(painted.paths), progress=False)
    assert program.returncode == 0, err
    assert [row["path"] for row in rows] == table["path"].tolist()
    assert [row["class"] for row in rows] == table["class"].tolist()
    for name in ("cat", "dog"):
        column = f"probability of {name}"
        np.testing.assert_allclose([float(row[column]) for row in rows], table[column], atol=1e-6)
    assert "classify" in err, "no progress bar was shown"


@pytest.mark.slow
def test_a_reader_who_has_enough_is_no_error(real_file, painted):
    program = start(real_file, "--quiet", *[*painted.paths] * AS_MANY_AS_A_COMMAND_TAKES)
    program.stdout.readline()
    program.stdout.close()
    assert program.wait(timeout=300) == 0
    assert program.stderr.read() == ""


@pytest.mark.slow
def test_ctrl_c_leaves_the_old_output_and_no_traceback(real_file, painted, tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("of yesterday")
    program = start(real_file, "--output", target, *[*painted.paths] * AS_MANY_AS_A_COMMAND_TAKES)
    while "file" not in program.stderr.read(200):
        pass
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=300)
    assert program.returncode == classify.INTERRUPTED
    assert "interrupted" in err
    assert "Traceback" not in err
    assert target.read_text() == "of yesterday"
    assert list(tmp_path.iterdir()) == [target]
