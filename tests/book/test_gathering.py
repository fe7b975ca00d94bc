"""The pages and the lectures come together in one folder, with links that still lead somewhere."""

import importlib.util
import json
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def build(project_root):
    place = project_root / "book" / "build.py"
    specification = importlib.util.spec_from_file_location("book_build", place)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": [text]}


def code(text: str) -> dict:
    return {
        "cell_type": "code",
        "id": "c",
        "metadata": {},
        "source": [text],
        "outputs": [],
        "execution_count": None,
    }


@pytest.fixture
def course(tmp_path) -> Path:
    """Give a course of one page and two lectures."""
    project = tmp_path / "course"
    (project / "book" / "_build").mkdir(parents=True)
    (project / "notebooks" / "assignments").mkdir(parents=True)
    (project / "book" / "_config.yml").write_text("title: A course\n")
    (project / "book" / "words.md").write_text(
        "See [lecture 1](../notebooks/01_first.ipynb#why).\n"
    )
    (project / "book" / "_build" / "old.md").write_text("left over\n")
    cells = [
        markdown("Go to [words](../book/words.md), [on](02_second.ipynb), [home](https://x.org/a)"),
        markdown("then [the assignment](assignments/a1.ipynb) and ![a cat](cat.png)\n"),
        code("print('[not a link](../book/words.md)')"),
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (project / "notebooks" / "01_first.ipynb").write_text(json.dumps(notebook))
    (project / "notebooks" / "02_second.ipynb").write_text(json.dumps({**notebook, "cells": []}))
    (project / "notebooks" / "scratch.ipynb").write_text("a learner's own, and no notebook")
    return project


def test_lectures_and_pages_are_gathered_and_nothing_else(build, course, tmp_path):
    build.gather(course, tmp_path / "source", tmp_path / "kept")
    gathered = {p.relative_to(tmp_path / "source").as_posix() for p in tmp_path.glob("source/**/*")}
    assert gathered == {
        "_config.yml",
        "words.md",
        "notebooks",
        "notebooks/01_first.ipynb",
        "notebooks/02_second.ipynb",
    }


def test_links_lead_to_the_new_places(build, course, tmp_path):
    build.gather(course, tmp_path / "source", tmp_path / "kept")
    assert (tmp_path / "source" / "words.md").read_text() == (
        "See [lecture 1](notebooks/01_first.ipynb#why).\n"
    )
    cells = json.loads((tmp_path / "source/notebooks/01_first.ipynb").read_text())["cells"]
    assert "".join(cells[0]["source"]) == (
        "Go to [words](../words.md), [on](02_second.ipynb), [home](https://x.org/a)"
    )


def test_a_link_to_what_the_website_does_not_hold_becomes_words(build, course, tmp_path):
    build.gather(course, tmp_path / "source", tmp_path / "kept")
    cells = json.loads((tmp_path / "source/notebooks/01_first.ipynb").read_text())["cells"]
    assert "".join(cells[1]["source"]) == (
        "then the assignment (`notebooks/assignments/a1.ipynb`) and ![a cat](cat.png)\n"
    )


def test_code_is_left_as_it_is(build, course, tmp_path):
    build.gather(course, tmp_path / "source", tmp_path / "kept")
    cells = json.loads((tmp_path / "source/notebooks/01_first.ipynb").read_text())["cells"]
    assert cells[2] == code("print('[not a link](../book/words.md)')")


def test_the_settings_name_where_executed_lectures_are_kept(build, course, tmp_path):
    build.gather(course, tmp_path / "source", tmp_path / "kept")
    settings = yaml.safe_load((tmp_path / "source" / "_config.yml").read_text())
    assert settings == {"title": "A course", "execute": {"cache": str(tmp_path / "kept")}}


def test_gathering_again_touches_only_what_changed_and_drops_what_is_gone(build, course, tmp_path):
    source, kept = tmp_path / "source", tmp_path / "kept"
    assert len(build.gather(course, source, kept)) == 4
    before = {path: path.stat().st_mtime_ns for path in source.rglob("*.*")}
    (course / "book" / "words.md").write_text("New.\n")
    assert build.gather(course, source, kept) == {Path("words.md")}
    assert {p.name for p, at in before.items() if p.stat().st_mtime_ns != at} == {"words.md"}
    (course / "notebooks" / "02_second.ipynb").unlink()
    assert Path("notebooks/02_second.ipynb") in build.gather(course, source, kept)
    assert not (source / "notebooks" / "02_second.ipynb").exists()


def test_results_are_kept_until_the_library_or_the_photographs_change(build, course):
    data = course / "data"
    (course / "course_utils").mkdir()
    library = course / "course_utils" / "a.py"
    library.write_text("A = 1\n")
    first = build.world_digest(course, data)
    assert build.world_digest(course, data) == first
    library.write_text("A = 2\n")
    second = build.world_digest(course, data)
    assert second != first
    (data / "animal_faces").mkdir(parents=True)
    (data / "animal_faces" / "cat.jpg").write_bytes(b"cat")
    assert build.world_digest(course, data) != second


def test_only_the_newest_results_are_kept(build, course, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "KEPT_EXECUTIONS", 2)
    monkeypatch.setenv("COURSE_DATA", str(course / "data"))
    (course / "course_utils").mkdir()
    made = []
    for value in range(3):
        (course / "course_utils" / "a.py").write_text(f"A = {value}\n")
        made.append(build.execution_folder(course, tmp_path / "cache"))
    assert sorted((tmp_path / "cache").iterdir()) == sorted(made[1:])


def test_the_contents_name_every_page(project_root):
    book = project_root / "book"
    contents = (book / "_toc.yml").read_text(encoding="utf-8")
    yaml.safe_load(contents)
    for page in book.rglob("*.md"):
        place = page.relative_to(book)
        if "_build" in place.parts:
            continue
        name = place.with_suffix("").as_posix()
        assert f" {name}\n" in contents, f"book/_toc.yml does not name {place}"


def test_links_to_terms_of_the_glossary_become_sphinx_s_own(build, course, tmp_path):
    (course / "book" / "glossary.md").write_text(
        ":::{glossary}\nraw score\n  A number.\n\nImageNet\n  Pictures.\n:::\n"
    )
    (course / "book" / "words.md").write_text("[scores](glossary.md#term-raw-score), ")
    lecture = course / "notebooks" / "01_first.ipynb"
    notebook = json.loads(lecture.read_text())
    notebook["cells"][0]["source"] = ["[it](../book/glossary.md#term-ImageNet)"]
    lecture.write_text(json.dumps(notebook))
    build.gather(course, tmp_path / "source", tmp_path / "kept")
    assert (tmp_path / "source/words.md").read_text() == "{term}`scores <raw score>`, "
    cells = json.loads((tmp_path / "source/notebooks/01_first.ipynb").read_text())["cells"]
    assert "".join(cells[0]["source"]) == "{term}`it <ImageNet>`"


def test_a_link_to_a_term_that_the_glossary_lacks_is_named(build, course, tmp_path):
    (course / "book" / "words.md").write_text("[scores](glossary.md#term-raw-score)")
    with pytest.raises(ValueError, match=r"words.md links to #term-raw-score, which is no term"):
        build.gather(course, tmp_path / "source", tmp_path / "kept")


def test_a_page_lists_the_lectures_as_their_notebooks_describe_themselves(build, course, tmp_path):
    (course / "book" / "words.md").write_text(f"Here:\n\n{build.LECTURE_LIST}\n")
    first = (
        "# {} · A name\n\n> Why.\n\n**After this lecture you can**\n\n- do it.\n\n"
        "**Time** an hour to read.\n"
    )
    for number, name in [(1, "01_first"), (2, "02_second")]:
        notebook = {"cells": [markdown(first.format(number))], "metadata": {}, "nbformat": 4}
        (course / "notebooks" / f"{name}.ipynb").write_text(json.dumps(notebook))
    build.gather(course, tmp_path / "source", tmp_path / "kept")
    page = (tmp_path / "source/words.md").read_text()
    assert "| 1 | [A name](notebooks/01_first.ipynb) | an hour | do it |" in page
    assert "| 2 | [A name](notebooks/02_second.ipynb) | an hour | do it |" in page
