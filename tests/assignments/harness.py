"""Prove an assignment: put answers into its source notebook, run its test cells, read the scores.

An assignment's proof is ``tests/assignments/<name>/answers.py``: answers that must pass, and
answers that must fail, each with what it must be told. Cells run here as in a kernel, but in this
process, which takes milliseconds for each answer; scores are nbgrader's own. That whole submissions
get the same scores through nbgrader's commands is what ``test_grading.py`` proves.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import linecache
import symtable
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
from nbgrader.utils import determine_grade, is_grade, is_solution

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT_ROOT / "notebooks" / "assignments" / "source"

_numbers = count(1)


@dataclass(frozen=True)
class Right:
    """An answer to one solution cell that must pass, beside the reference."""

    cell: str
    what: str
    code: str


@dataclass(frozen=True)
class Wrong:
    """An answer to one solution cell that must fail, and what its learner must be told.

    ``says`` is a regular expression. ``hidden`` marks an answer that only the hidden tests find
    out; all others must be told before they are submitted.
    """

    cell: str
    what: str
    code: str
    test: str
    says: str
    hidden: bool = False


@dataclass(frozen=True)
class Submission:
    """A whole notebook for nbgrader: the reference, but for the answers named here by ``what``."""

    learner: str
    wrong: tuple[str, ...]
    score: float
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What running one test cell came to."""

    score: float
    points: float
    message: str
    printed: str

    @property
    def passed(self) -> bool:
        return self.score == self.points


def assignment_names() -> list[str]:
    return sorted(path.name for path in SOURCE.iterdir() if path.is_dir())


@cache
def source_notebook(assignment: str) -> NotebookNode:
    return nbformat.read(SOURCE / assignment / f"{assignment}.ipynb", as_version=4)


@cache
def released_notebook(assignment: str) -> NotebookNode:
    """Give the notebook as learners get it: no solutions, no hidden tests."""
    notebook, _ = ClearSolutions().preprocess(deepcopy(source_notebook(assignment)), {})
    notebook, _ = ClearHiddenTests().preprocess(notebook, {})
    return notebook


def load_proof(assignment: str) -> ModuleType:
    path = Path(__file__).parent / assignment / "answers.py"
    spec = importlib.util.spec_from_file_location(f"answers_of_{assignment}", path)
    if spec is None or spec.loader is None or not path.exists():
        raise FileNotFoundError(f"{assignment} has no proof: write {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def code_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}


def cells_with_tests(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {
        name: cell
        for name, cell in code_cells(notebook).items()
        if is_grade(cell) and not is_solution(cell)
    }


def cells_with_solutions(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {name: cell for name, cell in code_cells(notebook).items() if is_solution(cell)}


def grade(
    assignment: str,
    answers: Mapping[str, str] | None = None,
    *,
    blank: bool = False,
    hidden_tests: bool = True,
    only: str | None = None,
) -> dict[str, Outcome]:
    """Run the test cells on a notebook that holds these answers.

    Parameters
    ----------
    assignment
        Its name.
    answers
        Code by solution cell; the other cells keep the reference's answer.
    blank
        Start from the released notebook instead of the reference.
    hidden_tests
        Whether to run the test cells in full, as grading does, or as learners have them.
    only
        The one test cell to run; all of them unless given.
    """
    released = released_notebook(assignment)
    source = source_notebook(assignment)
    namespace = dict(_provided(assignment))
    for name, cell in cells_with_solutions(released if blank else source).items():
        # A cell that fails is for its test cell to notice.
        with contextlib.suppress(Exception):
            _execute(textwrap.dedent((answers or {}).get(name, cell.source)), namespace)
    cells = cells_with_tests(source if hidden_tests else released)
    return {
        name: _outcome(cell, namespace)
        for name, cell in cells.items()
        if only is None or name == only
    }


@cache
def _provided(assignment: str) -> dict[str, object]:
    """Give the names that the notebook itself defines, once: drawing its figures takes seconds."""
    import matplotlib as mpl

    mpl.use("Agg")
    namespace: dict[str, object] = {"__name__": "__main__"}
    notebook = source_notebook(assignment)
    with contextlib.redirect_stdout(io.StringIO()):
        for name, cell in code_cells(notebook).items():
            if name not in cells_with_tests(notebook):
                _execute(cell.source, namespace)
    import matplotlib.pyplot as plt

    plt.close("all")
    return namespace


def _execute(source: str, namespace: dict[str, object]) -> object:
    """Run a cell as IPython does, and give the value of its last line if that is an expression."""
    filename = f"<cell {next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    tree = ast.parse(source, filename)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, filename, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), filename, "eval"), namespace)


def _outcome(cell: NotebookNode, namespace: dict[str, object]) -> Outcome:
    cell = deepcopy(cell)
    cell.outputs, message = [], ""
    stdout, stderr = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("always")
        try:
            value = _execute(cell.source, namespace)
        except Exception as error:
            message = f"{error}"
            cell.outputs.append(
                nbformat.v4.new_output("error", ename=type(error).__name__, evalue=message)
            )
        else:
            if value is not None:
                data = {"text/plain": repr(value)}
                cell.outputs.append(nbformat.v4.new_output("execute_result", data))
    if stderr.getvalue():
        cell.outputs.append(nbformat.v4.new_output("stream", name="stderr", text=stderr.getvalue()))
    return Outcome(*determine_grade(cell), message, stdout.getvalue() + stderr.getvalue())


# ---- what a test cell may do ---------------------------------------------------------------------

SLOW_TO_IMPORT = {"torch", "torchvision", "timm", "openvino"}


def broken_rules(cell: NotebookNode, learners_names: set[str]) -> Iterator[str]:
    """Say what a test cell does that it must not do.

    It must work whatever a notebook did to the names around it (learners call variables ``list``
    and ``sum``), leave nothing behind but its own function, and be quick.
    """
    tree = ast.parse(cell.source)
    match tree.body:
        case [ast.FunctionDef(name=name), ast.Expr(ast.Call(ast.Name(called), [], []))] if (
            name.startswith("test_") and name == called
        ):
            pass
        case _:
            yield "is not one function test_… and a call of it"
    allowed = learners_names | {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    for name in sorted(_global_names(symtable.symtable(cell.source, "cell", "exec")) - allowed):
        yield f"uses {name!r}, which is not the learner's, and which it does not import itself"
    for node in ast.walk(tree):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield "assigns to names outside its function"
        for module in modules:
            if module.split(".")[0] in SLOW_TO_IMPORT:
                yield f"imports {module}, which takes seconds"


def top_level_names(source: str) -> set[str]:
    table = symtable.symtable(source, "cell", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}


def _global_names(table: symtable.SymbolTable) -> set[str]:
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and symbol.is_global()
    }
    return names.union(*map(_global_names, table.get_children()))
