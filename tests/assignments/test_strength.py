"""The graders are graded: no wrong change to a reference passes, and no harmless one fails."""

import re

import mutation
import pytest
import rewrites
from harness import (
    assignment_names,
    cells_with_solutions,
    cells_with_tests,
    grade,
    load_proof,
    source_notebook,
    used_names,
)

ASSIGNMENTS = assignment_names()
PROOFS = {name: load_proof(name) for name in ASSIGNMENTS}
REFUSED, REFUSED_BEFORE_SUBMISSION = 0.95, 0.80


def functions_of(name):
    """Give the solution cell of each function and class, by its name."""
    return {
        function: cell
        for cell, node in cells_with_solutions(source_notebook(name)).items()
        for function in rewrites.definitions(node.source)
    }


def cells_that_test(name, function):
    tests = cells_with_tests(source_notebook(name))
    return [cell for cell, node in tests.items() if function in used_names(node.source)]


@pytest.mark.slow
@pytest.mark.notebook
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_mutant_is_refused_or_does_the_same(name):
    score = mutation.score(name)
    print(score)
    known = {(e.function, change) for e in PROOFS[name].EQUIVALENT for change in e.changes}
    alive = {(mutant.function, mutant.change) for mutant in score.survivors()}
    assert not alive - known, "no test refuses these, and no reason is given"
    assert not known - alive, "these are refused, or are no mutants any more"
    assert score.share("visible", "hidden") >= REFUSED, score
    assert score.share("visible") >= REFUSED_BEFORE_SUBMISSION, score


def every_rewrite():
    return [
        pytest.param(name, cell, rewrite, id=f"{name}: {rewrite.function}: {rewrite.what}")
        for name in ASSIGNMENTS
        for cell, node in cells_with_solutions(source_notebook(name)).items()
        for rewrite in rewrites.rewrites_of(node.source, PROOFS[name].RESULTS)
    ]


@pytest.mark.notebook
@pytest.mark.parametrize(("name", "cell", "rewrite"), every_rewrite())
def test_a_harmless_rewrite_of_the_reference_gets_every_point(name, cell, rewrite):
    for test in cells_that_test(name, rewrite.function):
        outcome = grade(name, {cell: rewrite.code}, only=test)[test]
        assert outcome.passed, f"{outcome.message}\n\n{rewrite.code}"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_forms_of_every_functions_result_are_known(name):
    assert PROOFS[name].RESULTS.keys() == functions_of(name).keys()
    for forms in PROOFS[name].RESULTS.values():
        assert set(forms) <= rewrites.FORMS.keys()


def functions_that_return_an_array():
    return [
        (name, function)
        for name in ASSIGNMENTS
        for function, forms in PROOFS[name].RESULTS.items()
        if "array" in forms and "list" not in forms
    ]


@pytest.mark.notebook
@pytest.mark.parametrize(("name", "function"), functions_that_return_an_array())
def test_where_the_text_says_array_a_list_is_refused_with_the_reason(name, function):
    cell = functions_of(name)[function]
    source = cells_with_solutions(source_notebook(name))[cell].source
    (test,) = cells_that_test(name, function)
    answer = {cell: rewrites.with_result(source, function, "list")}
    outcome = grade(name, answer, only=test, hidden_tests=False)[test]
    assert re.search(r"should be a NumPy array; it is a list.*makes one", outcome.message)
    assert re.search(r"Returns? (a|one) NumPy array|as a NumPy array", source)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_equivalent_mutant_has_a_reason(name):
    for equivalent in PROOFS[name].EQUIVALENT:
        assert len(equivalent.why.split()) >= 8
        assert equivalent.changes
