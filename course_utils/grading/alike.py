"""Answers of two learners that are alike to a degree that deserves a look.

Names, comments, docstrings and layout are put aside; what is left is cut into overlapping stretches
of code, as plagiarism detectors do (Schleimer, Wilkerson and Aiken, *Winnowing*, SIGMOD 2003).
Stretches that many wrote, or that the assignment itself contains, say nothing and do not count.
"""

from __future__ import annotations

import ast
import io
import itertools
import textwrap
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Alike", "find_alike", "normalise"]

STRETCH = 8  # tokens: shorter ones are idioms of the language, longer ones miss edited copies
SAME = 0.8  # of all stretches of the two answers together
MIN_UNUSUAL = 60  # stretches that two learners share, in all answers together
FEW = 3  # a stretch that so many wrote, or a tenth of the class, is still unusual
MAX_SOURCE = 20_000  # characters: what is longer is no answer to an exercise
_LAYOUT = {tokenize.NL, tokenize.COMMENT, tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Alike:
    """Two learners some of whose answers are alike.

    Parameters
    ----------
    first, second
        Who they are.
    answers
        The cells that are alike, and to which degree, between 0 and 1.
    unusual
        How many stretches of code they share that few others wrote.
    """

    first: str
    second: str
    answers: Mapping[str, float]
    unusual: int


def normalise(source: str) -> str:
    r"""Write an answer without its comments and docstrings, with names in their order of use.

    Parameters
    ----------
    source
        A cell. What Python cannot read is given back without its layout.

    Examples
    --------
    >>> print(normalise("def f(a):\n    'Double.'\n    twice = 2 * a  # so\n    return twice"))
    def f(v0):
        v1 = 2 * v0
        return v1
    """
    source = source[:MAX_SOURCE]
    try:
        tree = ast.parse(textwrap.dedent(source))
        names = {name: f"v{number}" for number, name in enumerate(_own_names(tree))}
        return ast.unparse(_Renamed(names).visit(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(line for line in (part.strip() for part in source.splitlines()) if line)


def _own_names(tree: ast.AST) -> list[str]:
    """Give the names that a cell gives to values, in order; functions keep theirs."""
    bound = [
        (node.lineno, node.col_offset, node.id if isinstance(node, ast.Name) else node.arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    ]
    return list(dict.fromkeys(name for _, _, name in sorted(bound)))


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self.names.get(node.arg, node.arg), None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        if len(node.body) > 1 and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        return node


def find_alike(answers: Mapping[str, Mapping[str, str]], known: Iterable[str] = ()) -> list[Alike]:
    """Find pairs of learners whose answers are alike.

    Parameters
    ----------
    answers
        The source of each answer, by learner and by cell.
    known
        What the assignment itself contains, solutions and all: to have that is nothing unusual.

    Returns
    -------
    list of Alike
        Those who share most answers come first, then most code.
    """
    stretches = {
        who: {cell: _stretches(source) for cell, source in cells.items()}
        for who, cells in answers.items()
    }
    usual = set().union(*(_stretches(source) for source in known))
    shared = _unusual_in_common(stretches, usual, max(FEW, len(answers) // 10))
    found = []
    for (first, second), cells in shared.items():
        alike = {
            cell: degree
            for cell in cells
            if (degree := _degree(stretches[first][cell], stretches[second][cell])) >= SAME
        }
        unusual = sum(cells[cell] for cell in alike)
        if unusual >= MIN_UNUSUAL:
            order = {cell: alike[cell] for cell in answers[first] if cell in alike}
            found.append(Alike(first, second, order, unusual))
    return sorted(found, key=lambda p: (-len(p.answers), -p.unusual, p.first, p.second))


def _unusual_in_common(
    stretches: Mapping[str, Mapping[str, set[str]]], usual: set[str], few: int
) -> dict[tuple[str, str], Counter[str]]:
    """Count, for each pair and cell, the stretches that both have and few others."""
    writers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for who in sorted(stretches):
        for cell, of_cell in stretches[who].items():
            for stretch in of_cell - usual:
                writers[cell, stretch].append(who)
    shared: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (cell, _), who_all in writers.items():
        if 2 <= len(who_all) <= few:
            for pair in itertools.combinations(who_all, 2):
                shared[pair][cell] += 1
    return shared


def _stretches(source: str) -> set[str]:
    text = normalise(source)
    try:
        found = tokenize.generate_tokens(io.StringIO(text).readline)
        tokens = [token.string.strip() for token in found if token.type not in _LAYOUT]
    except (tokenize.TokenError, SyntaxError):
        tokens = text.split()
    tokens = [token for token in tokens if token]
    return {" ".join(tokens[at : at + STRETCH]) for at in range(len(tokens) - STRETCH + 1)}


def _degree(first: set[str], second: set[str]) -> float:
    return len(first & second) / len(first | second)
