"""``make demo-class n=60``: a class of invented learners, to see grading before the deadline.

What they hand in comes from the assignment's proof (``answers.py``): right answers of several
kinds, and wrong ones that learners really give. The same seed makes the same class.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import os
import random
import re
import secrets
import shutil
import subprocess
import sys
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from harness import PROJECT_ROOT, SOURCE, cells_with_solutions, load_proof, source_notebook
from nbformat import NotebookNode
from nbgrader.api import Gradebook

DEADLINE = datetime(2026, 1, 16, 23, 0, tzinfo=UTC)

# Of a hundred learners; of ten, one is of each kind at least.
KINDS = {"right": 24, "partly right": 42, "gave up": 10, "copied": 8, "blank": 6, "hostile": 10}
LATE = 0.15

FIRST = re.findall(
    r"\w+",
    "Aïcha Bogdan Chiara Dmitri Elif Fatou Goran Hana Iker Jun Kwame Leïla Magnus Nadia Oleksandr "
    "Priya Quentin Rosa Søren Thi Uma Víctor Wanjiru Ximena Yusuf Zoë Amara Björn Clémence Diego",
)
LAST = re.findall(
    r"\w+",
    "Abe Bauer Castro Dlamini Eriksen Ferrari García Haddad Ivanova Jensen Kowalski Lê Mbeki Novák "
    "Okafor Park Quispe Rossi Singh Tanaka Ueda Vargas Weber Xu Yilmaz Zhang Ahmed Brown Cohen",
)

WORDS = [
    "One-vs-one: each model is trained on two classes only, so each of its models is small.",
    "It depends on the data. I would try both and compare.",
    "one-vs-rest needs fewer models, so it is always faster",
    "With many classes the number of pairs grows with the square of their number, and each example "
    "is seen by every model of its own class. What counts is how expensive one fit is.",
]

# What some try in place of an answer; nothing of it does anything outside of the process.
HOSTILE = {
    "an endless loop": "while True:\n    pass",
    "ends Python": "import os\nos._exit(0)",
    "replaces the checks": (
        "import sys, types\nfake = types.ModuleType('course_utils.checks')\n"
        "fake.check = lambda *a, **k: None\nsys.modules['course_utils.checks'] = fake\n"
        "for name in list(sys.modules):\n"
        "    if name.endswith(('_checks', '_hidden')):\n        sys.modules[name] = fake"
    ),
    "writes without end": "while True:\n    print('x' * 10_000)",
    "looks for the gradebook": (
        "from pathlib import Path\nprint([*Path('/').glob('**/gradebook.db')][:3])"
    ),
    "is no notebook": "",
}


@dataclass(frozen=True)
class Invented:
    """A learner who does not exist.

    Parameters
    ----------
    who, first, last
        nbgrader's id, and names.
    kind
        One of `KINDS`.
    about
        What is special about the work, in words.
    answers
        Code by solution cell; the others are left as they are released.
    late
        How long after the deadline; negative before it.
    content
        What is handed in instead of a notebook.
    """

    who: str
    first: str
    last: str
    kind: str
    about: str
    answers: Mapping[str, str]
    late: timedelta
    content: bytes | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def invent_class(assignment: str, n: int, seed: int = 0) -> list[Invented]:
    """Invent a class.

    Parameters
    ----------
    assignment
        One that has a proof.
    n
        How many, at least one.
    seed
        The same one makes the same class.
    """
    if n < 1:
        raise ValueError(f"a class has at least one learner: n is {n}")
    chance = random.Random(seed)
    names = _names(n, chance)
    hostile = iter(sorted(HOSTILE) * n)
    made: list[Invented] = []
    for (who, first, last), kind in zip(names, _kinds(n, chance), strict=True):
        about, answers, content = kind, {}, None
        honest = [learner for learner in made if learner.kind in ("right", "partly right")]
        if kind == "copied" and honest:
            original = chance.choice(honest)
            about = f"copied from {original.who}, with other names"
            answers = {cell: rename(code) for cell, code in original.answers.items()}
        elif kind == "hostile":
            about = next(hostile)
            answers = _answers(assignment, chance, right=0.6, blank=0.2)
            cell = next(iter(cells_with_solutions(source_notebook(assignment))))
            answers[cell] = HOSTILE[about]
            content = b"<html>not a notebook</html>" if about == "is no notebook" else None
        elif kind == "gave up":
            everything = _answers(assignment, chance, right=0.7, blank=0)
            answers = dict(list(everything.items())[: chance.randint(1, len(everything) - 2)])
        elif kind != "blank":
            right = 1.0 if kind == "right" else 0.65
            answers = _answers(assignment, chance, right=right, blank=(1 - right) / 5)
        late = timedelta(minutes=-chance.randint(5, 5 * 24 * 60))
        if chance.random() < LATE:
            late = timedelta(minutes=chance.choice([7, 55, 9 * 60, 26 * 60, 3 * 24 * 60]))
        words = {} if kind == "blank" else _words(assignment, chance)
        made.append(Invented(who, first, last, kind, about, answers, late, content, words))
    return made


def _kinds(n: int, chance: random.Random) -> list[str]:
    """Give kinds in their shares; those who copy come last, so that there is somebody to copy."""
    several = [kind for kind in KINDS if n >= len(KINDS)]
    kinds = several + chance.choices(list(KINDS), list(KINDS.values()), k=n - len(several))
    chance.shuffle(kinds)
    return sorted(kinds, key=lambda kind: kind == "copied")


def _names(n: int, chance: random.Random) -> list[tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    while len(found) < n:
        first, last = chance.choice(FIRST), chance.choice(LAST)
        plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace("ø", "o"))
        who = plain.encode("ascii", "ignore").decode()
        # With more learners than names, some have the same.
        who = who if who not in found else f"{who}{len(found)}"
        found[who] = (who, first, last)
    return list(found.values())


def _answers(
    assignment: str, chance: random.Random, *, right: float, blank: float
) -> dict[str, str]:
    proof = load_proof(assignment)
    answers = {}
    for cell, reference in cells_with_solutions(source_notebook(assignment)).items():
        if reference.cell_type != "code":
            continue
        ways = [_reference(reference.source)] + [r.code for r in proof.RIGHT if r.cell == cell]
        wrong = list(dict.fromkeys(w.code for w in proof.WRONG if w.cell == cell))
        dice = chance.random()
        if dice < right or not wrong:
            answers[cell] = chance.choice(ways)
        elif dice < 1 - blank:
            # Some misconceptions are frequent, most are rare.
            weights = [1 / (1 + place) for place in range(len(wrong))]
            answers[cell] = chance.choices(wrong, weights)[0]
    return {cell: dedented(code) for cell, code in answers.items()}


def dedented(code: str) -> str:
    """Give an answer of the catalogue as it stands in a cell.

    Parameters
    ----------
    code
        As the catalogue has it.
    """
    return textwrap.dedent(code).strip("\n")


def _reference(source: str) -> str:
    lines = [line for line in source.splitlines() if "SOLUTION" not in line]
    return "\n".join(lines)


def _words(assignment: str, chance: random.Random) -> dict[str, str]:
    cells = source_notebook(assignment).cells
    by_hand = [c.id for c in cells if c.cell_type == "markdown" and _nbgrader(c).get("solution")]
    return {cell: chance.choice(WORDS) for cell in by_hand}


def _nbgrader(cell: NotebookNode) -> Mapping[str, object]:
    return cell.metadata.get("nbgrader", {})


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = f"my_{node.id}" if node.id in self.names else node.id
        return node


def rename(code: str) -> str:
    """Write code with other names for its variables, as somebody does who hides its origin.

    What the cell defines for others, functions and lists of examples, keeps its name.

    Parameters
    ----------
    code
        An answer; what Python cannot read stays as it is.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return code
    stored = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    arguments = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    kept = arguments | {
        target.id
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return "# my own work\n" + ast.unparse(_Renamed(stored - kept).visit(tree))


def hand_in(learner: Invented, released: NotebookNode, folder: Path, assignment: str) -> None:
    """Write what a learner submits, with the time, where nbgrader collects submissions.

    Parameters
    ----------
    learner
        Who, and what.
    released
        The notebook that learners got.
    folder
        The course's folder.
    assignment
        Its name.
    """
    place = folder / "submitted" / learner.who / assignment
    place.mkdir(parents=True)
    notebook = deepcopy(released)
    for cell in notebook.cells:
        name = _nbgrader(cell).get("grade_id")
        cell.source = {**learner.answers, **learner.words}.get(name, cell.source)
    content = learner.content or json.dumps(notebook, indent=1).encode()
    (place / f"{assignment}.ipynb").write_bytes(content)
    handed_in = DEADLINE + learner.late
    (place / "timestamp.txt").write_text(handed_in.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
    # As nbgrader's submitting does; whoever knows it finds the feedback.
    (place / "submission_secret.txt").write_text(secrets.token_hex(64))


def make_class(folder: Path, assignment: str, n: int, seed: int = 0) -> list[Invented]:
    """Make a course folder with an assignment, generated, and a class that has handed it in.

    Parameters
    ----------
    folder
        A new one.
    assignment, n, seed
        As `invent_class` takes them.

    Raises
    ------
    FileExistsError
        When something is there already. Nothing is touched then.
    """
    learners = invent_class(assignment, n, seed)
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder} is there already. Delete it, or name another folder: "
            f"make demo-class n={n} course={folder.name}_2"
        )
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    shutil.copytree(SOURCE / assignment, folder / "source" / assignment, ignore=ignored)
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)  # nbgrader collects from no other
    for step in ("generate_assignment", "release_assignment"):
        subprocess.run(
            [sys.executable, "-m", "nbgrader", step, assignment, "--log-level=ERROR"],
            cwd=PROJECT_ROOT,
            env={
                **os.environ,
                # nbgrader calls alembic by name.
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "COURSE_FOLDER": str(folder),
                "COURSE_EXCHANGE": "",
                "JUPYTER_CONFIG_PATH": str(PROJECT_ROOT),
            },
            check=True,
        )
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "pixels") as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=DEADLINE.replace(tzinfo=None))
        for each in learners:
            gradebook.update_or_create_student(
                each.who,
                first_name=each.first,
                last_name=each.last,
                email=f"{each.who}@students.example.edu",
            )
    released = nbformat.read(folder / "release" / assignment / f"{assignment}.ipynb", as_version=4)
    for each in learners:
        hand_in(each, released, folder, assignment)
    with (folder / "who_is_who.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["who", "kind", "about", "late"])
        for each in learners:
            writer.writerow([each.who, each.kind, each.about, each.late > timedelta(0)])
    return learners


def main(words: Sequence[str] | None = None) -> None:
    """Make a class, and say what to do with it."""
    parser = argparse.ArgumentParser(prog="make demo-class", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assignment", default="a1_multiclass")
    parser.add_argument("-n", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(words)
    try:
        made = make_class(given.folder.resolve(), given.assignment, given.n, given.seed)
    except (FileExistsError, FileNotFoundError, ValueError) as error:
        raise SystemExit(str(error)) from None
    print(
        f"{len(made)} invented learners have handed in {given.assignment} in {given.folder}; "
        f"{given.folder / 'who_is_who.csv'} says what each of them did. Next:\n"
        f"  make grade course={given.folder}\n"
        f"  make report course={given.folder}\n"
        f"  make teach course={given.folder}      (Nbgrader, Formgrader)"
    )


if __name__ == "__main__":
    main()
