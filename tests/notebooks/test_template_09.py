"""What is true of the template *Your own pictures*: it runs on any folder, and says what is wrong.

Its cells run here one after the other in this process, on small folders of paintings, where a
kernel for each would spend its time on starting.
"""

import contextlib
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from markupsafe import escape
from PIL import Image
from running import PROJECT_ROOT, executed, in_each_world, read, texts

from course_utils.lectures import list_templates
from data_scripts.painting import KINDS, paint_animal

TEMPLATE = PROJECT_ROOT / "notebooks" / "09_your_own_pictures.ipynb"
SIZE = 64


def test_it_is_listed_as_a_template_and_in_its_own_words():
    [listed] = list_templates(TEMPLATE.parent)
    assert (listed.path, listed.title) == (TEMPLATE, "Your own pictures")
    assert len(listed.objectives) >= 5


def test_one_line_at_the_top_names_the_folder_and_no_other_cell_does():
    cells = [cell for cell in read(TEMPLATE).cells if cell.cell_type == "code"]
    assert cells[0].id == "folder"
    assert sum("← your folder" in cell.source for cell in cells) == 1
    assert not any("example_folder" in cell.source for cell in cells[1:])


def test_it_closes_with_what_to_keep():
    last = "\n".join(list(texts(TEMPLATE).values())[-2:])
    assert "## To take away" in last
    assert "**Next**" in last


def test_no_result_is_typed_into_the_text():
    for name, text in texts(TEMPLATE).items():
        typed = re.findall(r"\b0\.\d+|\b\d+ of \d+\b|\b\d+(?:\.\d+)? %", text)
        assert not typed or name.startswith("quiz"), f"{name} has {typed}"


# --- in a notebook, on the course's animals -----------------------------------------------


@executed
@in_each_world
def test_it_finds_every_accident_in_the_course_s_folder(world, run_of):
    run = run_of(TEMPLATE, world)
    said = run.said()
    assert ("PAINTED" in said) == (world == "paintings")
    assert "**1** files cannot be read" in said
    assert "download, cut off.jpg" in said
    assert "in two classes, so left out: dog/copy of a cat.jpg" in said
    assert "they look alike" in said


@executed
@in_each_world
def test_the_wrong_labels_in_it_leave_mistakes_to_look_at(world, run_of):
    [figure] = [o for o in run_of(TEMPLATE, world).outputs_of("most-wrong") if "data" in o]
    words = figure.metadata["image/png"]["alt"]
    assert words.startswith("Most incorrect")
    assert words.count(", predicted ") >= 1


@executed
def test_the_start_page_lists_it_apart_from_the_lectures(run_of):
    run = run_of(PROJECT_ROOT / "notebooks" / "00_start_here.ipynb", "paintings")
    [listed] = run.outputs_of("templates-list")
    assert f"]({TEMPLATE.name})" in listed.data["text/markdown"]
    [lectures] = run.outputs_of("lectures-list")
    assert TEMPLATE.name not in lectures.data["text/markdown"]


# --- on any folder -------------------------------------------------------------------------------


def paint_class(folder: Path, kind: str, n: int, tint: int = 0, seed: int = 0) -> None:
    folder.mkdir(parents=True)
    for i in range(n):
        picture = paint_animal(kind, np.random.default_rng((seed, tint, i)), size=SIZE)
        hue, saturation, value = picture.convert("HSV").split()
        hue = hue.point(lambda level: (level + tint) % 256)
        Image.merge("HSV", (hue, saturation, value)).convert("RGB").save(folder / f"{i}.png")


def run_template(folder: Path, monkeypatch) -> dict:
    """Run every cell on a folder; give the names that it defined."""
    matplotlib.use("Agg")
    monkeypatch.chdir(TEMPLATE.parent)
    defined: dict = {}
    for cell in read(TEMPLATE).cells:
        if cell.cell_type == "code":
            code = f"folder = {str(folder)!r}" if cell.id == "folder" else cell.source
            exec(compile(code, f"<{cell.id}>", "exec"), defined)
    plt.close("all")
    return defined


def assert_sound(found: dict) -> None:
    """Check what must hold on whatever folder."""
    parts = found["parts"]
    paths = [path for part in parts.values() for path in part.paths]
    assert len(paths) == len(set(paths)) == len(found["pictures"])
    for part in parts.values():
        assert min(part.class_counts().values()) >= 1
    page = found["written"].read_text(encoding="utf-8")
    assert "<script" not in page
    for name in found["names"]:
        assert str(escape(name)) in page
    results = found["results"]
    assert {entry.name for entry in results.iterdir()} >= {"classifier.skops", "results.html"}


@pytest.fixture(scope="module")
def messy(tmp_path_factory) -> Path:
    """Give two unequal classes with odd names, and all that goes wrong in folders."""
    folder = tmp_path_factory.mktemp("home") / "my pictures & <script>"
    cats, dogs = folder / "Kätzchen's", folder / '<script>alert("x")'
    paint_class(cats, "cat", 24)
    paint_class(dogs, "dog", 8)
    for i in range(3):  # held upright, saved lying, as telephones do
        exif = Image.Exif()
        exif[0x0112] = 6
        lying = Image.open(cats / f"{i}.png").rotate(90, expand=True)
        lying.save(cats / f"phone {i} ü'\".jpg", exif=exif, quality=95)
    shutil.copy(cats / "5.png", dogs / "the same cat.png")
    shutil.copy(cats / "6.png", cats / "copy of 6.png")
    Image.open(cats / "7.png").resize((48, 48)).save(cats / "7 small.png")
    (cats / "cut off.png").write_bytes((cats / "8.png").read_bytes()[:300])
    (cats / "notes.txt").write_text("which cat is which")
    (dogs / "empty.jpg").touch()
    for litter in (".DS_Store", "Thumbs.db", "._0.png"):
        (cats / litter).write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    Image.new("CMYK", (SIZE, SIZE), "teal").save(cats / "print.jpg")
    return folder


class MessyRun(NamedTuple):
    """The template, run on the messy folder."""

    found: dict
    said: str
    untouched: bool


@pytest.fixture(scope="module")
def messy_run(messy) -> MessyRun:
    before = {path: path.stat().st_mtime_ns for path in messy.rglob("*")}
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as monkeypatch, contextlib.redirect_stdout(said):
        found = run_template(messy, monkeypatch)
    after = {path: path.stat().st_mtime_ns for path in messy.rglob("*")}
    return MessyRun(found, said.getvalue(), before == after)


@pytest.mark.slow
def test_a_folder_with_everything_that_goes_wrong(messy_run):
    found = messy_run.found
    assert_sound(found)
    assert messy_run.untouched
    assert sorted(path.name for path, _ in found["everything"].skipped) == [
        "cut off.png",
        "empty.jpg",
        "notes.txt",
    ]
    assert sorted(path.name for path in found["disputed"]) == ["5.png", "the same cat.png"]
    part_of = {
        path.name: part for part, images in found["parts"].items() for path in images.paths
        if "Kätzchen" in path.parent.name
    }  # fmt: skip
    assert part_of["6.png"] == part_of["copy of 6.png"]
    assert part_of["7.png"] == part_of["7 small.png"]
    for i in range(3):
        assert part_of[f"{i}.png"] == part_of[f"phone {i} ü'\".jpg"], "it was read lying"
    assert "**3** files cannot be read" in messy_run.said
    page = found["written"].read_text(encoding="utf-8")
    assert "cut off.png: the file is cut off" in page
    assert "&lt;script&gt;alert(&#34;x&#34;)" in page


@pytest.mark.slow
def test_the_command_says_of_the_test_pictures_what_the_notebook_said(messy, monkeypatch, tmp_path):
    found = run_template(messy, monkeypatch)
    table = tmp_path / "table.csv"
    command = [sys.executable, "-m", "course_utils.classify", str(found["file"])]
    command += [*map(str, found["test"].paths), "--output", str(table), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT_ROOT)
    assert done.returncode == 0, done.stderr
    rows = pd.read_csv(table)
    assert rows["path"].tolist() == [str(path) for path in found["test"].paths]
    assert rows["class"].tolist() == [found["names"][label] for label in found["test_says"]]
    then = found["final"].predict_proba(found["judged_on"].X)
    now = rows[[f"probability of {name}" for name in found["names"]]].to_numpy()
    np.testing.assert_allclose(now, then, atol=1e-5)


@pytest.mark.slow
def test_two_classes_with_five_pictures_each_in_a_zip(tmp_path, monkeypatch):
    for kind in ("cat", "dog"):
        paint_class(tmp_path / "src" / "pets" / kind, kind, 5)
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for path in sorted((tmp_path / "src").rglob("*.png")):
            archive.write(path, path.relative_to(tmp_path / "src"))
        archive.writestr("__MACOSX/pets/cat/._0.png", b"shadow")
    found = run_template(tmp_path / "pets.zip", monkeypatch)
    assert_sound(found)
    assert [len(part) for part in found["parts"].values()] == [6, 2, 2]
    low, high = found["low"], found["high"]
    assert high - low > 0.5, "so few pictures say nearly nothing, and the interval has to say so"


@pytest.mark.slow
def test_forty_classes_of_five_pictures(tmp_path, monkeypatch):
    for number in range(40):
        paint_class(
            tmp_path / "own" / f"class {number:02}", KINDS[number % len(KINDS)], 5, tint=6 * number
        )
    found = run_template(tmp_path / "own", monkeypatch)
    assert_sound(found)
    assert len(found["names"]) == 40
    assert len(found["by_class"]) == 40


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda own: (own / "empty").mkdir(), "empty is empty; add pictures or remove it"),
        (lambda own: shutil.rmtree(own / "dog"), "one class only, 'cat': there is nothing to tell"),
        (lambda own: (own / "cat" / "tabby").mkdir(), "holds a folder, tabby"),
        (lambda own: (own / "dog" / "0.png").unlink(), "'dog' has 4"),
    ],
    ids=["empty class", "one class", "nested", "four pictures"],
)
def test_a_folder_that_cannot_do_stops_it_with_words(tmp_path, monkeypatch, change, words):
    for kind in ("cat", "dog"):
        paint_class(tmp_path / "own" / kind, kind, 5)
    change(tmp_path / "own")
    with pytest.raises(ValueError, match=words):
        run_template(tmp_path / "own", monkeypatch)


def test_copies_that_leave_too_little_to_divide_are_named(tmp_path, monkeypatch):
    for kind in ("cat", "dog"):
        paint_class(tmp_path / "own" / kind, kind, 5)
    for i in range(1, 5):
        shutil.copy(tmp_path / "own" / "dog" / "0.png", tmp_path / "own" / "dog" / f"{i}.png")
    with pytest.raises(ValueError, match=r"class 'dog' has too few different pictures \(5, copies"):
        run_template(tmp_path / "own", monkeypatch)
