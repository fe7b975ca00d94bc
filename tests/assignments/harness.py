"""Prove an assignment: put answers into its source notebook, run its test cells, read the scores.

An assignment's proof is ``tests/assignments/<name>/answers.py`` (a1's is the example). It holds

``RIGHT``
    answers that must pass: at least three styles for each solution cell (a loop, NumPy, pandas or
    torch, recursion, a library call …), two for a list of examples.
``WRONG``
    answers that must fail, each with what its learner must be told: at least four for each test
    cell. Most must be told before they are submitted; ``hidden=True`` marks the others.
``RESULTS``
    for each function, the forms of its result that the text allows, out of ``rewrites.FORMS``. The
    reference is rewritten in each of them, and in many other ways, and every rewrite must pass. For
    a function that is to return an *array*, they leave out ``"list"``: then the tests must refuse
    a list. ``{}`` for what is no function of a result (a class).
``EQUIVALENT``
    changes to the reference that cannot be refused, with the reason. ``python
    tests/assignments/mutation.py <name>`` changes the reference in every small way, and prints
    which changes no test refused. Most want another case in ``aN_hidden.py`` (of all mutants, 95 %
    must be refused) or ``aN_checks.py`` (80 %); only what does the same for every input that the
    text allows belongs here.
``SUBMISSIONS``
    whole notebooks for nbgrader, among them one that tries to cheat.

In the notebook, a Markdown cell with the id ``<solution cell>-hints`` stands under each exercise,
with two or three hints in ``<details>``, and no code. The table at the top gives minutes and
points.

Cells run here as in a kernel, but in this process, which takes milliseconds for each answer; scores
are nbgrader's own. That whole submissions get the same scores through nbgrader's commands is what
``test_grading.py`` proves.
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
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from itertools import count, zip_longest
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
from nbgrader.utils import determine_grade, is_grade, is_solution
from threadpoolctl import threadpool_limits

from course_utils.checks import PartlyRightError

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
    out; all others must be told before they are submitted. ``points`` are for what is right in it,
    where a part can be. ``before`` is what is told besides, as long as it is not submitted: advice
    is lost where a hidden case makes the answer raise an exception.
    """

    cell: str
    what: str
    code: str
    test: str
    says: str
    hidden: bool = False
    points: float = 0
    before: str = ""


@dataclass(frozen=True)
class Equivalent:
    """Changes to the reference that no test can refuse, because what it gives stays the same.

    Parameters
    ----------
    function
        The function or class that is changed.
    why
        The reason, in a sentence.
    changes
        Each as ``mutation.py`` prints it: the line as it was, an arrow, the line as it is now.
    """

    function: str
    why: str
    changes: tuple[str, ...]


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


SAYS_YES = """
def check(*objects):
    print("Right.")

CHECKLIST = PROGRAMS = None
show_progress = check
"""


def forged_modules(*modules: str) -> dict[str, str]:
    """Give the files of somebody who hands in an assignment's modules, and theirs say yes."""
    return {
        path: SAYS_YES for module in modules for path in (f"{module}.py", f"{module}/__init__.py")
    }


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
    """Run the cells that come with the notebook and use what learners wrote; they may raise.

    Where they train for at most ``EPOCHS`` epochs, they do so for one.
    """
    import matplotlib.pyplot as plt

    namespace = _answered(assignment, answers, blank=False, answers_alone=False)
    if "EPOCHS" in namespace:  # one shows whether training takes an answer; all take seconds
        namespace["EPOCHS"] = 1
    for cell in _given(assignment, of_answers=True).values():
        execute(cell.source, namespace)
    plt.close("all")


def side_by_side(answers: Sequence[Right | Wrong]) -> Iterator[list[Right | Wrong]]:
    """Put an answer to each cell into one notebook, the next ones into the next.

    What takes seconds for a notebook, however many of its cells have another answer, is done for a
    dozen notebooks, not for a hundred.
    """
    by_cell: dict[str, list[Right | Wrong]] = {}
    for answer in answers:
        by_cell.setdefault(answer.cell, []).append(answer)
    for together in zip_longest(*by_cell.values()):
        yield [answer for answer in together if answer is not None]


def reference_names(assignment: str) -> dict[str, object]:
    """Give the names of a notebook in which the reference has answered everything."""
    return _answered(assignment, {}, blank=False)


def _answered(
    assignment: str, answers: Mapping[str, str], *, blank: bool, answers_alone: bool = True
) -> dict[str, object]:
    namespace = dict(_provided(assignment, answers_alone=answers_alone))
    notebook = (released_notebook if blank else source_notebook)(assignment)
    for name, cell in cells_with_solutions(notebook).items():
        # A cell that fails is for its test cell to notice.
        with contextlib.suppress(Exception):
            execute(textwrap.dedent(answers.get(name, cell.source)), namespace)
    return namespace


@cache
def _provided(assignment: str, *, answers_alone: bool) -> dict[str, object]:
    """Give the names that the notebook itself defines and that an answer may want, once.

    The answers are not among them, neither the reference's nor those that are released. Cells that
    only draw are left out: figures take seconds.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    namespace: dict[str, object] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in _wanted(assignment, answers_alone=answers_alone):
            execute(cell.source, namespace)
    plt.close("all")
    return namespace


def cells_that_answers_need(assignment: str) -> list[NotebookNode]:
    """Give the cells of the notebook that define what its answers take from it."""
    return _wanted(assignment, answers_alone=True)


def _wanted(assignment: str, *, answers_alone: bool) -> list[NotebookNode]:
    """Give the cells that define what answers, and the cells that use answers, take from them."""
    takers = list(cells_with_solutions(source_notebook(assignment)).values())
    if not answers_alone:
        takers += _given(assignment, of_answers=True).values()
    names = set().union(*(used_names(cell.source) for cell in takers))
    kept = []
    for cell in reversed(_given(assignment, of_answers=False).values()):
        if (top_level_names(cell.source) | imported_names(cell.source)) & names:
            kept.append(cell)
            names |= used_names(cell.source)
    return kept[::-1]


def _given(assignment: str, *, of_answers: bool) -> dict[str, NotebookNode]:
    """Give the cells that are neither answers nor tests: those that use answers, or the others.

    A cell that uses what came of an answer, in a cell before, uses the answer too.
    """
    notebook, names = source_notebook(assignment), learners_names(assignment)
    graded = cells_with_tests(notebook).keys() | cells_with_solutions(notebook).keys()
    given, came_of_answers = {}, set()
    for name, cell in code_cells(notebook).items():
        if name in graded:
            continue
        used, assigned = used_names(cell.source), top_level_names(cell.source)
        uses_answers = bool(used & names or (used - assigned) & came_of_answers)
        came_of_answers = came_of_answers | assigned if uses_answers else came_of_answers - assigned
        if uses_answers is of_answers:
            given[name] = cell
    return given


@threadpool_limits.wrap(limits=1)  # models of ten examples only wait for more
def execute(source: str, namespace: dict[str, object]) -> object:
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
            value = execute(cell.source, namespace)
        except Exception as error:
            message = f"{error}"
            if isinstance(error, PartlyRightError):  # a kernel shows the points first
                data = {"text/plain": repr(error.points)}
                cell.outputs.append(nbformat.v4.new_output("execute_result", data))
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


def imported_names(source: str) -> set[str]:
    """Give the names that a cell imports at its top level."""
    table = symtable.symtable(source, "cell", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_imported()}


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
