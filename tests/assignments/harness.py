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
import re
import symtable
import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
from nbgrader.utils import determine_grade, is_grade, is_solution
from threadpoolctl import threadpool_limits

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT_ROOT / "notebooks" / "assignments" / "source"

_numbers = count(1)
# As in a kernel: what stands beside the notebook can be imported.
sys.path += [str(path) for path in sorted(SOURCE.glob("*/"))]


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
    """A whole notebook for nbgrader: the reference, but for what is named here.

    Parameters
    ----------
    learner, score
        Who hands it in, and what nbgrader has to give for it.
    wrong
        Answers, by their ``what``.
    messages
        What the feedback has to say.
    answers
        Other code, by solution cell.
    edits
        Code put in the place of locked cells, by name; None deletes the cell.
    files
        What is handed in beside the notebook: text by path.
    """

    learner: str
    wrong: tuple[str, ...]
    score: float
    messages: tuple[str, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    edits: Mapping[str, str | None] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


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


def learners_names(assignment: str) -> set[str]:
    """Give the names that the solution cells of an assignment define."""
    cells = cells_with_solutions(source_notebook(assignment)).values()
    return set().union(*(top_level_names(cell.source) for cell in cells))


def grade(
    assignment: str,
    answers: Mapping[str, str] | None = None,
    *,
    blank: bool = False,
    hidden_tests: bool = True,
    only: str | None = None,
) -> dict[str, Outcome]:
    """Run the test cells on a released notebook into which these answers were put.

    Parameters
    ----------
    assignment
        Its name.
    answers
        Code by solution cell; the other cells get the reference's answer.
    blank
        Leave the other cells as they are released.
    hidden_tests
        Whether to run the test cells in full, as grading does, or as learners have them.
    only
        The one test cell to run; all of them unless given.
    """
    source = source_notebook(assignment)
    namespace = _answered(assignment, answers or {}, blank=blank)
    cells = cells_with_tests(source if hidden_tests else released_notebook(assignment))
    return {
        name: _outcome(cell, namespace)
        for name, cell in cells.items()
        if only is None or name == only
    }


def run_given_cells(assignment: str, answers: Mapping[str, str]) -> None:
    """Run the cells that come with the notebook and use what learners wrote; they may raise."""
    import matplotlib.pyplot as plt

    namespace = _answered(assignment, answers, blank=False)
    for cell in _given(assignment, of_answers=True).values():
        _execute(cell.source, namespace)
    plt.close("all")


def _answered(assignment: str, answers: Mapping[str, str], *, blank: bool) -> dict[str, object]:
    namespace = dict(_provided(assignment))
    notebook = (released_notebook if blank else source_notebook)(assignment)
    for name, cell in cells_with_solutions(notebook).items():
        # A cell that fails is for its test cell to notice.
        with contextlib.suppress(Exception):
            _execute(textwrap.dedent(answers.get(name, cell.source)), namespace)
    return namespace


@cache
def _provided(assignment: str) -> dict[str, object]:
    """Give the names that the notebook itself defines, once: drawing its figures takes seconds.

    The answers are not among them, neither the reference's nor those that are released.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    namespace: dict[str, object] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in _given(assignment, of_answers=False).values():
            _execute(cell.source, namespace)
    plt.close("all")
    return namespace


def _given(assignment: str, *, of_answers: bool) -> dict[str, NotebookNode]:
    """Give the cells that are neither answers nor tests: those that use answers, or the others."""
    notebook, names = source_notebook(assignment), learners_names(assignment)
    graded = cells_with_tests(notebook).keys() | cells_with_solutions(notebook).keys()
    return {
        name: cell
        for name, cell in code_cells(notebook).items()
        if name not in graded and bool(used_names(cell.source) & names) is of_answers
    }


@threadpool_limits.wrap(limits=1)  # models of ten examples only wait for more
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

    It hands names of the learner's to a test of the module beside the notebook, and does nothing
    else. So it works whatever a notebook did to the names around it (learners call variables
    ``list`` and ``sum``), and can run in another process than the learner's code.
    """
    match ast.parse(cell.source).body:
        case [
            ast.Import([ast.alias(visible, None)]),
            *hidden,
            ast.Expr(
                ast.Call(
                    ast.Attribute(ast.Name(module), "check"),
                    [ast.Constant(str()), *arguments],
                    [],
                )
            ),
        ] if re.fullmatch(r"a\d_checks", visible) and module == visible:
            pass
        case _:
            yield 'is not `import aN_checks` and `aN_checks.check("…", …)`'
            return
    match hidden:
        case []:
            pass
        case [ast.Import([ast.alias(name, as_name)])] if (
            name == visible.replace("checks", "hidden") and as_name == visible
        ):
            pass
        case _:
            yield f"has another hidden part than `import …_hidden as {visible}`"
    for argument in arguments:
        if not isinstance(argument, ast.Name):
            yield f"hands over {ast.unparse(argument)}, which is no name"
        elif argument.id not in learners_names:
            yield f"uses {argument.id!r}, which is not the learner's"


def top_level_names(source: str) -> set[str]:
    table = symtable.symtable(source, "cell", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}


def used_names(source: str) -> set[str]:
    """Give the names that a cell takes from the notebook around it."""
    return _global_names(symtable.symtable(source, "cell", "exec"))


def _global_names(table: symtable.SymbolTable) -> set[str]:
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
    }
    return names.union(*map(_global_names, table.get_children()))
