"""Change a reference solution in every small way.

cosmic-ray's operators change operators, comparisons, numbers, truth values and loops; those below
change what it leaves alone: arguments and their order, axes and other keywords, indices, minimum
for maximum, copies, statements. A mutant is a cell in which one thing is different.
"""

from __future__ import annotations

import ast
import copy
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

ARITHMETIC = "Add|Sub|Mul|Div|FloorDiv|Mod|Pow"
FROM_COSMIC_RAY = re.compile(
    rf"core/(ReplaceBinaryOperator_(({ARITHMETIC})_({ARITHMETIC})|Bit\w+_Bit\w+)"
    r"|ReplaceComparisonOperator_(?!Is|\w+_Is)\w+|ReplaceComparisonOperator_Is(Not)?_Is(Not)?"
    r"|ReplaceUnaryOperator_\w+|AddNot|ReplaceTrueWithFalse|ReplaceFalseWithTrue|ReplaceAndWithOr"
    r"|ReplaceOrWithAnd|ReplaceBreakWithContinue|ReplaceContinueWithBreak|ExceptionReplacer"
    r"|NumberReplacer|RemoveDecorator|ZeroIterationForLoop)"
)

# Names that people take for each other.
_PAIRS = (
    "min max",
    "argmin argmax",
    "nanmin nanmax",
    "minimum maximum",
    "idxmin idxmax",
    "any all",
    "floor ceil",
    "zeros ones",
    "zeros_like ones_like",
    "mean sum",
    "append extend",
    "hstack vstack",
    "column_stack vstack",
    "logical_and logical_or",
    "union intersection",
    "startswith endswith",
    "keys values",
    "exp log",
    "log log2",
    "train eval",
)
SWAPPED = {
    one: other
    for pair in map(str.split, _PAIRS)
    for one, other in (pair, pair[::-1])
    if one != "vstack"
}
# Calls that people forget; what is left is their argument, or the object whose method it is.
_FORGOTTEN = {
    *("array", "asarray", "copy", "deepcopy", "clone", "detach", "int", "float", "list", "tuple"),
    *("set", "sorted", "reversed", "abs", "round", "bool", "str", "len", "ravel", "flatten"),
    *("reshape", "astype", "squeeze", "transpose", "sqrt", "log", "exp", "softmax", "unique"),
    "normalize",
}


@dataclass(frozen=True)
class Mutant:
    """A solution cell with one thing changed.

    Parameters
    ----------
    function
        The function or class in which it is.
    change
        The line as it was, an arrow, and as it is now.
    code
        The cell.
    """

    function: str
    change: str
    code: str


def mutants_of(source: str) -> list[Mutant]:
    """Give all mutants of the functions and classes that a cell defines, each once.

    Parameters
    ----------
    source
        The cell.
    """
    original = ast.unparse(ast.parse(source))
    found: dict[str, Mutant] = {}
    for code in [*_by_cosmic_ray(original), *_by_us(original)]:
        try:
            tidy = ast.unparse(ast.parse(code))
        except (SyntaxError, ValueError):
            continue
        function = _function_that_differs(original, tidy)
        if tidy != original and function is not None:
            found.setdefault(tidy, Mutant(function, _change(original, tidy), tidy))
    return list(found.values())


def _definitions(source: str) -> dict[str, str]:
    return {
        node.name: ast.dump(node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def _function_that_differs(original: str, mutant: str) -> str | None:
    before, after = _definitions(original), _definitions(mutant)
    return next((name for name in before if before[name] != after.get(name)), None)


def _change(original: str, mutant: str) -> str:
    gone: list[str] = []
    come: list[str] = []
    for line in difflib.ndiff(original.splitlines(), mutant.splitlines()):
        if line.startswith("- "):
            gone.append(line[2:].strip())
        elif line.startswith("+ "):
            come.append(line[2:].strip())
    return f"{' ⏎ '.join(gone)} → {' ⏎ '.join(come)}"


@cache
def _operators() -> list[Operator]:
    return [get_operator(n)() for n in operator_names() if FROM_COSMIC_RAY.fullmatch(n)]


def _by_cosmic_ray(source: str) -> Iterator[str]:
    nodes = list(ast_nodes(parso.parse(source)))
    for operator in _operators():
        places = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        for place in range(places):
            code = mutate_code(source, operator, place)
            if code is not None:
                yield code


def _by_us(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef | ast.ClassDef):
            continue
        parameters = _parameters(function)
        docstrings = {
            id(part)
            for node in ast.walk(function)
            if _has_docstring(node)
            for part in ast.walk(node.body[0])
        }
        for node in ast.walk(function):
            if id(node) in docstrings:
                continue
            for other in _alternatives(node, parameters):
                yield ast.unparse(_Replaced(node, other).visit(tree))


def _has_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None


def _parameters(function: ast.AST) -> dict[str, str]:
    """Give, for each parameter of a function, the one that comes next."""
    names = [node.arg for node in ast.walk(function) if isinstance(node, ast.arg)]
    names = [name for name in names if name != "self"]
    return dict(zip(names, names[1:] + names[:1], strict=True)) if len(names) > 1 else {}


class _Replaced(ast.NodeTransformer):
    """Gives a copy of a tree in which one node is another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.old:
            return self.new
        node = copy.copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):  # generic_visit writes into it
                setattr(node, name, list(value))
        return super().generic_visit(node)


def _with(node: ast.AST, **changes: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other


def _neighbours_swapped(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for place in range(len(items) - 1):
        if ast.dump(items[place]) != ast.dump(items[place + 1]):
            yield [*items[:place], items[place + 1], items[place], *items[place + 2 :]]


def _alternatives(node: ast.AST, parameters: dict[str, str]) -> Iterator[ast.AST]:
    """Give what can stand in the place of a node."""
    match node:
        case ast.Call():
            yield from _calls(node)
        case ast.Name(name, ast.Load()) if name in SWAPPED or name in parameters:
            yield _with(node, id=SWAPPED.get(name) or parameters[name])
        case ast.Attribute(_, name) if name in SWAPPED:
            yield _with(node, attr=SWAPPED[name])
        case ast.Attribute(value, "T"):
            yield value
        case ast.Subscript(_, ast.Tuple(items)):
            for order in _neighbours_swapped(items):
                yield _with(node, slice=ast.Tuple(order, ast.Load()))
        case ast.Slice():
            for part in ("lower", "upper", "step"):
                if getattr(node, part) is not None:
                    yield _with(node, **{part: None})
        case ast.List(items) | ast.Tuple(items):
            for order in _neighbours_swapped(items):
                yield _with(node, elts=order)
        case ast.Dict(_, values):
            for order in _neighbours_swapped(values):
                yield _with(node, values=order)
        case ast.AugAssign(target, op, value):
            stored = _with(target, ctx=ast.Store())
            yield ast.Assign([stored], value, lineno=0)
            opposite = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
            if type(op) in opposite:
                yield _with(node, op=opposite[type(op)]())
        case ast.Compare(_, [ast.In()]):
            yield _with(node, ops=[ast.NotIn()])
        case ast.Compare(_, [ast.NotIn()]):
            yield _with(node, ops=[ast.In()])
        case ast.IfExp(_, body, orelse):
            yield _with(node, body=orelse, orelse=body)
        case ast.If() | ast.While():
            yield _with(node, test=ast.Constant(False))
            if isinstance(node, ast.If):
                yield _with(node, test=ast.Constant(True))
        case ast.BoolOp(_, values):
            for place in range(len(values)):
                rest = values[:place] + values[place + 1 :]
                yield _with(node, values=rest) if len(rest) > 1 else rest[0]
        case ast.comprehension(ifs=[_, *_]):
            yield _with(node, ifs=[])
        case ast.Constant(str(text)):
            yield ast.Constant(f"{text}_")
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.If | ast.For | ast.With):
        yield ast.Pass()


def _calls(call: ast.Call) -> Iterator[ast.AST]:
    for order in _neighbours_swapped(call.args):
        yield _with(call, args=order)
    for place in range(len(call.keywords)):
        yield _with(call, keywords=call.keywords[:place] + call.keywords[place + 1 :])
    match call.func:
        case ast.Name("range"):
            end = call.args[0] if len(call.args) == 1 else call.args[1]
            start = call.args[:1] if len(call.args) > 1 else [ast.Constant(0)]
            for sign in (ast.Add(), ast.Sub()):
                moved = ast.BinOp(end, sign, ast.Constant(1))
                yield _with(call, args=[*start, moved, *call.args[2:]])
            if len(call.args) == 1:
                yield _with(call, args=[ast.Constant(1), end])
        case ast.Name(name) if name in _FORGOTTEN and len(call.args) == 1:
            yield call.args[0]
        case ast.Attribute(ast.Name("np" | "torch" | "copy" | "math" | "pd"), name):
            if name in _FORGOTTEN and call.args:
                yield call.args[0]
        case ast.Attribute(value, name) if name in _FORGOTTEN:
            yield value
