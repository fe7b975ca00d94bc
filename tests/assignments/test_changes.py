"""The generators of wrong and of harmless changes do what they say."""

import ast
import subprocess
import sys
from pathlib import Path

import mutation
import pytest
from mutants import Mutant, mutants_of
from rewrites import FORMS, rewrites_of

from course_utils.checks import Case, FunctionTest, check_number

SOURCE = '''
def pick(rows, names, n=1):
    """Keep `0` of this."""
    rows = rows.copy()
    best = []
    for i, row in enumerate(rows):
        if row.max(axis=1, initial=0) > 3 and i not in names:
            best += [min(row[:, 1:n], len(names))]
    for j in range(len(best)):
        best[j] = best[j] if j else 7
    return rows


class Stopper:
    def __init__(self, patience):
        self.patience = patience

    def stop(self, losses):
        return len(losses) - losses.index(min(losses)) > self.patience
'''
IF = "if row.max(axis=1, initial=0) > 3 and i not in names:"


def changes():
    return {(mutant.function, mutant.change) for mutant in mutants_of(SOURCE)}


@pytest.mark.parametrize(
    ("function", "change"),
    [
        ("pick", f"{IF} → {IF.replace('>', '>=')}"),
        ("pick", f"{IF} → {IF.replace('and', 'or')}"),
        ("pick", f"{IF} → {IF.replace('axis=1', 'axis=0')}"),
        ("pick", f"{IF} → {IF.replace('axis=1, ', '')}"),
        ("pick", f"{IF} → {IF.replace('max', 'min')}"),
        ("pick", f"{IF} → {IF.replace('not in', 'in')}"),
        ("pick", f"{IF} → {IF.replace(' and i not in names', '')}"),
        ("pick", f"{IF} → if True:"),
        ("pick", f"{IF} → {IF.replace('> 3', '> 4')}"),
        ("pick", "rows = rows.copy() → rows = rows"),
        ("pick", "rows = rows.copy() → pass"),
        ("pick", "for i, row in enumerate(rows): → for row, i in enumerate(rows):"),
        ("pick", "for i, row in enumerate(rows): → for i, row in []:"),
        ("pick", "for j in range(len(best)): → for j in range(0, len(best) - 1):"),
        ("pick", "for j in range(len(best)): → for j in range(1, len(best)):"),
        ("pick", "best[j] = best[j] if j else 7 → best[j] = 7 if j else best[j]"),
        (
            "pick",
            "best += [min(row[:, 1:n], len(names))] → best = [min(row[:, 1:n], len(names))]",
        ),
        (
            "pick",
            "best += [min(row[:, 1:n], len(names))] → best += [min(row[1:n, :], len(names))]",
        ),
        (
            "pick",
            "best += [min(row[:, 1:n], len(names))] → best += [min(len(names), row[:, 1:n])]",
        ),
        (
            "pick",
            "best += [min(row[:, 1:n], len(names))] → best += [max(row[:, 1:n], len(names))]",
        ),
        (
            "pick",
            "best += [min(row[:, 1:n], len(names))] → best += [min(row[:, :n], len(names))]",
        ),
        ("pick", "return rows → return names"),
        (
            "Stopper",
            "return len(losses) - losses.index(min(losses)) > self.patience → "
            "return len(losses) + losses.index(min(losses)) > self.patience",
        ),
        ("Stopper", "self.patience = patience → pass"),
    ],
)
def test_this_small_change_is_among_the_mutants(function, change):
    assert (function, change) in changes()


def test_every_mutant_is_another_program_once_and_no_docstring_is_one():
    found = [mutant.code for mutant in mutants_of(SOURCE)]
    assert len(set(found)) == len(found) > 60
    for code in found:
        assert code != ast.unparse(ast.parse(SOURCE))
        assert "Keep `0` of this." in code


# A process of its own, as mutants have: a timer signal that comes late ends whoever gets it.
ENDLESS = """
import signal

import mutation
from mutants import Mutant

from course_utils.checks import Case, FunctionTest, check_number

mutation.SECONDS = 0.2
signal.signal(signal.SIGPROF, mutation._out_of_time)
tests = {"f": FunctionTest("f", "1", [Case({"x": 1}, 2)], check_number)}
for body in ("while True: pass", "raise MemoryError", "import sys; sys.exit()", "return 2"):
    print(mutation._fate(Mutant("f", "", f"def f(x):\\n    {body}"), tests, tests, {}))
"""


def test_what_loops_for_ever_or_fills_the_memory_counts_as_refused():
    ran = subprocess.run(
        [sys.executable, "-c", ENDLESS],
        cwd=Path(mutation.__file__).parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    fates = [mutation.VISIBLE] * 3 + [mutation.SURVIVED]
    assert ran.stdout.split() == list(map(str, fates)), ran.stderr


def test_what_only_hidden_cases_refuse_is_told_apart():
    visible = FunctionTest("f", "1", [Case({"x": 1}, 2)], check_number)
    full = visible.extended([Case({"x": 2}, 4)])
    learned = Mutant("f", "", "def f(x):\n    return 2")
    assert mutation._fate(learned, {"f": visible}, {"f": full}, {}) == mutation.HIDDEN


FACTORIAL = '''
import numpy as np
import pandas as pd


def factorials(values, offset=0):
    """Give the factorials."""
    def of(n):
        return n * of(n - 1) if n > 1 else 1

    found = []
    for value in values:
        found.append(of(value + offset))
    return np.array(found)
'''


@pytest.mark.parametrize(
    "rewrite",
    rewrites_of(FACTORIAL, {"factorials": ["list", "tuple", "series", "float32", "int8"]}),
    ids=lambda rewrite: rewrite.what,
)
@pytest.mark.filterwarnings("ignore:so good")
def test_a_rewrite_does_the_same(rewrite):
    names = {}
    exec(rewrite.code, names)
    assert [int(x) for x in names["factorials"]([1, 3, 5])] == [1, 6, 120]


STOPPER = '''
class Stopper:
    """Stops."""

    def __init__(self, patience, start=0):
        self.patience, self.waited = patience, start

    def stop(self, better):
        waited = 0 if better else self.waited + 1
        self.waited = waited
        return self.waited >= self.patience
'''


@pytest.mark.parametrize("rewrite", rewrites_of(STOPPER, {}), ids=lambda rewrite: rewrite.what)
def test_a_class_is_rewritten_and_does_the_same(rewrite):
    names = {}
    exec(rewrite.code, names)
    stopper = names["Stopper"](patience=2)
    assert [stopper.stop(better) for better in (False, True, False, False)] == [0, 0, 0, 1]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_an_expression(form):
    ast.parse(FORMS[form], mode="eval")
