"""The invented class has learners of every kind, and is the same for the same seed."""

import csv
import json
from collections import Counter
from pathlib import Path

import demo_class
import nbformat
import pytest
from harness import cells_with_solutions, grade, load_proof, source_notebook
from nbgrader.api import Gradebook

NAME = "a1_multiclass"


@pytest.fixture(scope="module")
def sixty():
    return demo_class.invent_class(NAME, 60)


def test_every_kind_is_there_and_nobody_twice(sixty):
    assert Counter(each.kind for each in sixty).keys() == demo_class.KINDS.keys()
    assert len({each.who for each in sixty}) == 60
    assert all(each.who.isascii() for each in sixty)


def test_the_same_seed_makes_the_same_class_and_another_another(sixty):
    assert demo_class.invent_class(NAME, 60) == sixty
    assert demo_class.invent_class(NAME, 60, seed=1) != sixty


@pytest.mark.parametrize("n", [1, 2, 500])
def test_a_class_may_have_any_size(n):
    made = demo_class.invent_class(NAME, n)
    assert len({each.who for each in made}) == n


def test_a_class_of_nobody_is_refused():
    with pytest.raises(ValueError, match="at least one learner: n is 0"):
        demo_class.invent_class(NAME, 0)


def test_misconceptions_come_from_the_catalogue_and_some_are_frequent(sixty):
    catalogue = {demo_class.dedented(wrong.code) for wrong in load_proof(NAME).WRONG}
    found = Counter(code for each in sixty for code in each.answers.values() if code in catalogue)
    assert len(found) >= 20
    assert found.most_common(1)[0][1] >= 4


def test_who_is_right_gets_all_points_and_a_copy_gets_those_of_its_original(sixty):
    def scores(learner):
        return {name: each.score for name, each in grade(NAME, learner.answers).items()}

    right = next(each for each in sixty if each.kind == "right")
    assert all(each.passed for each in grade(NAME, right.answers).values())
    copy = next(each for each in sixty if each.kind == "copied")
    original = next(each for each in sixty if each.who in copy.about)
    assert copy.answers != original.answers
    assert scores(copy) == scores(original)


def test_some_are_late_and_most_are_not(sixty):
    late = sum(each.late.total_seconds() > 0 for each in sixty)
    assert 3 <= late <= 20


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="Delete it, or name another folder"):
        demo_class.make_class(tmp_path, NAME, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_the_folder_is_a_course_with_an_assignment_people_a_deadline_and_their_work(tmp_path):
    folder = tmp_path / "demo class"
    made = demo_class.make_class(folder, NAME, 8)
    with (folder / "who_is_who.csv").open(encoding="utf-8", newline="") as file:
        assert {each["who"] for each in csv.DictReader(file)} == {each.who for each in made}
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "pixels") as gradebook:
        assert {student.id for student in gradebook.students} == {each.who for each in made}
        assert gradebook.find_assignment(NAME).duedate == demo_class.DEADLINE.replace(tzinfo=None)
    assert (folder / "exchange" / "pixels" / "inbound").is_dir()
    assert (folder / "exchange" / "pixels" / "outbound" / NAME).is_dir()
    for each in made:
        place = folder / "submitted" / each.who / NAME
        assert (place / "timestamp.txt").read_text().endswith("UTC")
        handed_in = place / f"{NAME}.ipynb"
        if each.content is not None:
            assert handed_in.read_bytes() == each.content
            continue
        notebook = nbformat.read(handed_in, as_version=4)
        code = {cell.id: cell.source for cell in notebook.cells}
        assert each.answers.items() <= code.items()
        left = cells_with_solutions(source_notebook(NAME)).keys() - each.answers.keys()
        assert all("NotImplementedError" in code[cell] for cell in left)
    assert not list(Path(folder, "release").rglob("*hidden*"))
    assert "SOLUTION" not in json.dumps(code)
