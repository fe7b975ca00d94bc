"""Running test cells where the learner's code cannot reach: in the grader's own process."""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import io
import random
import shutil
import symtable
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.checks import (
    CheckError,
    IncorrectError,
    NotAttemptedError,
    PartlyRightError,
)
from course_utils.grading.patience import TooLong, processor_seconds
from course_utils.grading.standins import Line

RIGHT, PARTLY, WRONG = "right", "partly right", "wrong"
NOT_ATTEMPTED, ERROR, BY_HAND = "not attempted", "error", "by hand"
CHECKING_SECONDS = 30  # of the grader's own processor, for one test cell
_LONGEST = 10_000  # characters of a message
_HINT = "\nHint: "  # how checks set off the advice for a known mistake


@dataclass(frozen=True)
class Verdict:
    """What came of one test cell.

    Parameters
    ----------
    verdict
        One of `RIGHT`, `PARTLY`, `WRONG`, `NOT_ATTEMPTED`, `ERROR`.
    points
        How many it brings.
    message
        What the learner is told; empty where it is right.
    misconception
        The advice for a known mistake, if it was one; else empty.
    outputs
        The cell's outputs, in nbformat 4. nbgrader reads the points from them.
    seconds
        How long it took.
    """

    verdict: str
    points: float
    message: str = ""
    misconception: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


def names_wanted(source: str) -> set[str]:
    """Give the names that a test cell takes from the notebook: not its own, no built-in ones.

    Raises
    ------
    SyntaxError
        When the cell is no Python; ``%`` and ``!`` commands are none.
    """
    table = symtable.symtable(source, "test cell", "exec")
    own = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    return _global_names(table) - own - set(vars(builtins))


def _global_names(table: symtable.SymbolTable) -> set[str]:
    top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (top or symbol.is_global())
    }
    return names.union(*map(_global_names, table.get_children()))


@contextlib.contextmanager
def instructors_modules(files: Mapping[str, bytes]) -> Iterator[None]:
    """Let test cells import what stands beside the instructor's notebook, and forget it afterwards.

    Parameters
    ----------
    files
        Contents by path in the assignment's source folder.
    """
    folder = tempfile.mkdtemp(prefix="instructors-")
    try:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        yield
    finally:
        sys.path[:] = [place for place in sys.path if place != folder]
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(folder):
                del sys.modules[name]
        shutil.rmtree(folder, ignore_errors=True)


def run_test(source: str, points: float, line: Line) -> Verdict:
    """Run a test cell on a learner's snapshot.

    Parameters
    ----------
    source
        The instructor's cell, with hidden tests.
    points
        What it brings when nothing is raised. A number as the value of its last line is what it
        brings instead, as in nbgrader, or the points of a `PartlyRightError`.
    line
        The way to the learner's names.
    """
    started = time.monotonic()
    stdout = io.StringIO()
    error: BaseException | None = None
    value: object = None
    with contextlib.redirect_stdout(stdout), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 - test cells may use the old generator
        try:
            with processor_seconds(CHECKING_SECONDS):
                names = {name: line.find(name) for name in sorted(names_wanted(source))}
                space = {name: thing for name, (there, thing) in names.items() if there}
                value = _execute(source, {"__name__": "__main__"} | space)
        except (Exception, SystemExit) as raised:
            error = raised
        except TooLong:
            error = IncorrectError("What this gives takes too long to check: it is too large.")
    verdict = _verdict(error, value, points, stdout.getvalue())
    return Verdict(*verdict, seconds=round(time.monotonic() - started, 3))


def failed(message: str) -> Verdict:
    """Give the verdict where a test cell could not be run."""
    return Verdict(*_verdict(IncorrectError(message), None, 0, ""))


def _execute(source: str, space: dict[str, Any]) -> object:
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "test cell", "exec"), space)
        return None
    del tree.body[-1]
    exec(compile(tree, "test cell", "exec"), space)
    return eval(compile(ast.Expression(last.value), "test cell", "eval"), space)


def _verdict(
    error: BaseException | None, value: object, points: float, printed: str
) -> tuple[str, float, str, str, list[dict[str, Any]]]:
    outputs: list[dict[str, Any]] = []
    if printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": printed[:100_000]})
    if error is not None:
        message = f"{error}"[:_LONGEST]
        part = 0.0
        if isinstance(error, PartlyRightError):
            # nbgrader reads outputs in order: a number before an error is the grade.
            part = min(max(float(error.points), 0.0), points)
            outputs.append(_value(part))
        outputs.append(
            {
                "output_type": "error",
                "ename": type(error).__name__,
                "evalue": message,
                "traceback": _told(error),
            }
        )
        advice = message.partition(_HINT)[2].partition("\n")[0]
        kind = ERROR
        if isinstance(error, PartlyRightError):
            kind = PARTLY
        elif isinstance(error, CheckError):
            kind = NOT_ATTEMPTED if isinstance(error, NotAttemptedError) else WRONG
        return kind, part, message, advice, outputs
    if isinstance(value, int | float) and not isinstance(value, bool):
        part = min(max(float(value), 0.0), points)
        outputs.append(_value(part))
        kind = RIGHT if part == points else PARTLY if part else WRONG
        return kind, part, "", "", outputs
    return RIGHT, points, "", "", outputs


def _value(points: float) -> dict[str, Any]:
    data = {"text/plain": repr(points)}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}


def _told(error: BaseException) -> list[str]:
    if isinstance(error, CheckError):
        too_long = len(f"{error}") > _LONGEST  # to break it into lines would take minutes
        return [f"{error}"[:_LONGEST]] if too_long else error._render_traceback_()
    return [f"{type(error).__name__}: {error}"[:_LONGEST]]


# ---- what a test cell may do ---------------------------------------------------------------------

_NOT_ACROSS = {"globals", "locals", "vars", "dir", "eval", "exec", "open", "input", "breakpoint"}


def broken_rules(source: str, learners_names: set[str]) -> list[str]:
    """Say what a test cell does that does not work apart from the learner's process.

    Parameters
    ----------
    source
        The test cell.
    learners_names
        What the notebook's answers define.
    """
    try:
        tree = ast.parse(source)
        wanted = names_wanted(source)
    except SyntaxError as error:
        return [f"is not Python alone (line {error.lineno}: {error.msg})"]
    found = [
        f"uses {name!r}, which no answer defines and which it does not import itself"
        for name in sorted(wanted - learners_names)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _NOT_ACROSS:
            found.append(f"calls {node.id}, which does not see the learner's process")
        elif isinstance(node, ast.Name | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            base = node.value if isinstance(node, ast.Attribute) else node
            if isinstance(base, ast.Name) and base.id in learners_names:
                found.append(f"changes {base.id!r}, which is the learner's")
        elif isinstance(node, ast.ImportFrom | ast.Import):
            modules = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            if {name.partition(".")[0] for name in modules} & {"inspect", "IPython", "gc"}:
                found.append("imports what looks into functions; ask `LearnersFunction` instead")
    return found


def names_defined(source: str) -> set[str]:
    """Give the top-level names that a cell defines; none for one that is no Python."""
    try:
        table = symtable.symtable(source, "cell", "exec")
    except SyntaxError:
        return set()
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() and not s.is_imported()}
