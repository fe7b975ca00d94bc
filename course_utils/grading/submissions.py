"""Grading one submission, in a process that the learner's code cannot reach.

The contract of a result
------------------------
`grade` gives plain data, the same whenever and wherever it is called (but for ``seconds``, ``cpu``,
``memory``), and it is what lies in the folder of results as JSON:

``version``
    of this contract: 1.
``assignment``, ``notebook``
    names.
``digest``
    what this is the result of: submission, instructor's notebook and modules, limits.
``status``
    ``"graded"``; ``"unreadable"`` for a file that is no notebook and ``"missing"`` for none, both
    of which bring no points; ``"failed"``, in a report alone, where grading itself failed twice:
    then the gradebook is as it was.
``points``, ``max_points``
    of the test cells together. What a person grades is not in it.
``exercises``
    a list, in the notebook's order, of all cells with points: ``name`` (the grade id), ``verdict``
    (``"right"``, ``"partly right"``, ``"wrong"``, ``"not attempted"``, ``"error"`` for what no
    check foresaw, ``"by hand"`` for what a person reads), ``points``, ``max_points``, ``message``
    (what the learner is told), ``misconception`` (the advice for a known mistake, or empty),
    ``seconds``.
``oddities``
    what an instructor should know, a sentence each.
``seconds``, ``cpu``, ``memory``
    time passed, processor seconds and bytes that the learner's processes took.
``executed``
    the notebook with its outputs, in nbformat 4.5.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from course_utils.grading import testcells
from course_utils.grading.limits import Limits
from course_utils.grading.outputs import clean
from course_utils.grading.restoring import (
    ExamCell,
    UnreadableError,
    grade_id,
    read_notebook,
    restore,
)
from course_utils.grading.sandbox import Learner, Zygote
from course_utils.grading.standins import Line
from course_utils.grading.wire import Gone

VERSION = 1
Result = dict[str, Any]


@dataclass(frozen=True)
class Exam:
    """What submissions of one notebook are graded by.

    Parameters
    ----------
    assignment, notebook
        Names.
    cells
        The instructor's cells with grade ids, in order.
    modules
        What test cells may import, by path in the source folder: hidden tests too.
    released
        The part of them that learners have; it is put into the sandbox.
    libraries
        What the instructor's notebook imports: it is imported once, before the first submission.
    """

    assignment: str
    notebook: str
    cells: Sequence[ExamCell]
    modules: Mapping[str, bytes] = field(default_factory=dict)
    released: Mapping[str, bytes] = field(default_factory=dict)
    libraries: Sequence[str] = ()


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    Parameters
    ----------
    content
        The notebook's file; None where there is none.
    files
        Other files, by path in the submission's folder.
    oddities
        What was noticed while they were read.
    """

    content: bytes | None
    files: Mapping[str, bytes] = field(default_factory=dict)
    oddities: Sequence[str] = ()


def digest(exam: Exam, submission: Submission, limits: Limits) -> str:
    """Give a name for the result: another one when anything is different that it depends on."""
    made = hashlib.sha256()
    parts: list[object] = [VERSION, exam.assignment, exam.notebook, limits.as_dict()]
    parts += [asdict(cell) for cell in exam.cells] + list(submission.oddities)
    made.update(json.dumps(parts).encode())
    for files in (exam.modules, exam.released, submission.files):
        for name, content in sorted(files.items()):
            made.update(f"{name} {len(content)} ".encode() + content)
    made.update(b"none" if submission.content is None else b"file" + submission.content)
    return made.hexdigest()


_zygotes: dict[str | None, Zygote] = {}
_core: int | None = None
# A worker may have several threads; its sandbox, its stdout and its random numbers are one.
_one_at_a_time = threading.Lock()


def grade(exam: Exam, submission: Submission, limits: Limits, data: str | None = None) -> Result:
    """Grade a submission: what `Executor.submit` is given. Never fails for what a learner did.

    The sandbox, with its libraries imported, is kept for the next call in the same process.

    Parameters
    ----------
    exam, submission, limits
        What to grade, by what, and what it may use.
    data
        The course's data folder.

    Raises
    ------
    SandboxMissing
        When there is no sandbox: then nothing was run.
    """
    with _one_at_a_time:
        return _grade(exam, submission, limits, data)


def _grade(exam: Exam, submission: Submission, limits: Limits, data: str | None) -> Result:
    started = time.monotonic()
    oddities = list(submission.oddities)
    status, cells = "graded", []
    if submission.content is None:
        status = "missing"
        oddities.append(f"there is no {exam.notebook}.ipynb")
    else:
        try:
            cells = read_notebook(submission.content)
        except UnreadableError as error:
            status = "unreadable"
            oddities.append(f"{exam.notebook}.ipynb could not be read: {error}")
    notebook, noticed = restore(cells, exam.cells)
    if status == "graded":
        oddities += noticed
        report = _run(exam, submission, notebook, limits, data, oddities)
    else:
        report = {}
        _without_running(notebook, oddities[-1])
    exercises = _exercises(exam, notebook)
    return {
        "version": VERSION,
        "assignment": exam.assignment,
        "notebook": exam.notebook,
        "digest": digest(exam, submission, limits),
        "status": status,
        "points": sum(e["points"] for e in exercises),
        "max_points": sum(e["max_points"] for e in exercises if e["verdict"] != testcells.BY_HAND),
        "exercises": exercises,
        "oddities": oddities,
        "seconds": round(time.monotonic() - started, 3),
        "cpu": report.get("cpu", 0),
        "memory": report.get("memory", 0),
        "executed": notebook,
    }


def use_core(core: int | None) -> None:
    """Let the submissions that this process grades from now on use one processor core only.

    Parameters
    ----------
    core
        Its number; None for all.
    """
    global _core
    _core = core


# What the library itself imports when a network is loaded: two seconds for each submission.
_WITH_TORCH = ("course_utils._torchvision", "timm")


def get_ready(data: str | None) -> None:
    """Start the sandbox, before there is a submission for it.

    Parameters
    ----------
    data
        The course's data folder.

    Raises
    ------
    SandboxMissing
    """
    with _one_at_a_time:
        _zygote(data)


def _zygote(data: str | None) -> Zygote:
    if data not in _zygotes or not _zygotes[data].alive:
        _zygotes[data] = Zygote(Path(data) if data else None, core=_core)
    return _zygotes[data]


def _zygote_for(exam: Exam, data: str | None) -> Zygote:
    zygote = _zygote(data)
    zygote.import_once((*exam.libraries, *(_WITH_TORCH if "torch" in exam.libraries else ())))
    return zygote


def _run(
    exam: Exam,
    submission: Submission,
    notebook: dict[str, Any],
    limits: Limits,
    data: str | None,
    oddities: list[str],
) -> Mapping[str, Any]:
    tests = [cell for cell in notebook["cells"] if _is_test(cell)]
    zygote = _zygote_for(exam, data)
    try:
        learner = zygote.spawn(limits, len(tests))
    except Gone:  # something ended the zygote in the meantime
        zygote = _zygote_for(exam, data)
        learner = zygote.spawn(limits, len(tests))
    try:
        learner.put_files({**submission.files, **exam.released})
        taken = _run_cells(learner, notebook, limits, oddities)
        if learner.cut_off:
            oddities.append("it put out more than there is room for: some of it is left out")
        learner.finish_cells()
        with testcells.instructors_modules(exam.modules):
            for number, cell in enumerate(tests):
                verdict = (
                    testcells.run_test(
                        cell["source"],
                        cell["metadata"]["nbgrader"]["points"],
                        Line(learner, number, limits.cell),
                    )
                    if number in taken
                    else testcells.failed("not tested: the notebook's Python had ended before.")
                )
                cell["outputs"] = verdict.outputs
                cell["metadata"]["course_verdict"] = _as_exercise(verdict)
    finally:
        try:
            learner.close()
        except Gone:
            zygote.close()
    if "stopped" in learner.report:
        what = {"memory": "memory", "time": "time"}.get(learner.report["stopped"], "everything")
        oddities.append(f"it was stopped: it used too much {what}")
    return learner.report


def _run_cells(
    learner: Learner, notebook: dict[str, Any], limits: Limits, oddities: list[str]
) -> set[int]:
    """Run all cells but the tests; give the numbers of the tests that have a snapshot."""
    taken: set[int] = set()
    tests = runs = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        runs += 1
        cell["execution_count"] = runs
        if _is_test(cell):
            learner.snapshot(tests)
            if learner.running:
                taken.add(tests)
            tests += 1
            continue
        was_running = learner.running
        outputs, end = learner.run(cell["source"])
        cell["outputs"] = clean(outputs, runs)
        if end == "timeout":
            text = f"This cell did not finish within {limits.cell:g} s, and was stopped."
            cell["outputs"].append(_error("CellTimeoutError", text))
            oddities.append(f"cell {runs} did not finish in time")
        elif end == "dead":
            text = "Python has ended. This cell, and those below it, did not run."
            cell["outputs"].append(_error("DeadKernelError", text))
            if was_running:
                oddities.append(f"Python ended in cell {runs}")
    return taken


def _without_running(notebook: dict[str, Any], reason: str) -> None:
    for cell in notebook["cells"]:
        if _is_test(cell):
            verdict = testcells.failed(f"{reason}.")
            cell["outputs"] = verdict.outputs
            cell["metadata"]["course_verdict"] = _as_exercise(verdict)


def _error(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [text]}


def _is_test(cell: Mapping[str, Any]) -> bool:
    settings = cell["metadata"].get("nbgrader", {})
    return bool(
        cell["cell_type"] == "code" and settings.get("grade") and not settings.get("solution")
    )


def _as_exercise(verdict: testcells.Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict,
        "points": verdict.points,
        "message": verdict.message,
        "misconception": verdict.misconception,
        "seconds": verdict.seconds,
    }


def _exercises(exam: Exam, notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Take the verdicts out of the notebook's cells, in the instructor's order."""
    found = {grade_id(cell): cell for cell in notebook["cells"]}
    exercises = []
    for own in exam.cells:
        if not own.grade and not own.task:
            continue
        verdict = found[own.name]["metadata"].pop("course_verdict", None)
        by_hand = {"verdict": testcells.BY_HAND, "points": 0.0, "message": "", "misconception": ""}
        exercises.append(
            {"name": own.name, "max_points": own.points} | (verdict or (by_hand | {"seconds": 0.0}))
        )
    return exercises
