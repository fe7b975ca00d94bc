"""Checks of what a learner's function returns, case by case."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils.checks.calling import Failure, LearnersFunction, Replacing, learners_function
from course_utils.checks.errors import IncorrectError, NotAttemptedError
from course_utils.checks.plain import describe, refuse_blank, short

# Advice, and the wrong function (or several) whose answers show who needs it.
WrongFunctions = Mapping[str, Callable[..., object] | Sequence[Callable[..., object]]]
_ARGUMENT_WIDTH = 160  # a longer argument is described and not written out
# What stands in the message of an exception, and what helps where it says too little.
_EXCEPTION_ADVICE = {
    "read-only": "That array may be read and not changed, because others use it too: pandas gives "
    "away such arrays. Work on a copy, which `.copy()` makes.",
    "indexing arrays could not be broadcast": "Two lists of places in one pair of brackets make "
    "pairs, a row with its column. To get every one of these columns of every one of these rows, "
    "take the rows first, and then the columns of what that gives.",
    "list indices must be integers or slices, not tuple": "That is a list, whose brackets take one "
    "place. `np.array(…)` makes an array of it, whose brackets take one for each axis.",
    "Target is multiclass but average='binary'": "scikit-learn's measure is for two classes here, "
    "and there are more. Compare with your class first, so that each label becomes True or False.",
    "Per-column arrays must each be 1-dimensional": "A column of a table holds single values, and "
    "what should become one has rows and columns itself. Look at its shape. If a comparison picks "
    "the places: a *list* compared with a text gives a single False, an *array* one for each.",
}


@dataclass(frozen=True)
class Case:
    """One call of a learner's function, and what it must give.

    Parameters
    ----------
    arguments
        Plain data by the names that messages use for them. They are passed by position, so that a
        learner may name parameters otherwise.
    expected
        What the function must return.
    about
        Which case this is, in words that complete "This is the case of …".
    replacing
        Other functions of the learner's, by name, that get other arguments during this call:
        ``{"predict": {1: ["b", "a"]}}`` gives `predict` another second argument whenever it is
        called. This is how to see whether the answer comes from them. Say so in ``about``.
    """

    arguments: Mapping[str, object]
    expected: object
    about: str = ""
    replacing: Replacing = field(default_factory=dict)


def check_function(
    name: str,
    function: object,
    cases: Sequence[Case],
    check: Callable[..., None],
    *,
    by_row: Sequence[str] = (),
    mistakes: WrongFunctions | None = None,
    **options: Any,
) -> None:
    """Check what a learner's function returns, case by case.

    Every call gets copies of the arguments, is silent (prints and warnings go nowhere) and finds
    NumPy's and Python's global random generators in a fixed state, which are put back afterwards.

    Parameters
    ----------
    name
        What the function is called in the notebook.
    function
        The function itself, or a `LearnersFunction` that answers for it.
    cases
        The calls to make, at least one.
    check
        How to compare: `check_number`, `check_array`, `check_labels` or `check_table`.
    by_row
        Arguments of which row i belongs to row i of the answer: messages show that row alone.
    mistakes
        Advice, each with a wrong function (or several) that takes the same arguments. It is given
        when the learner's answers are this function's in every case (but for those with
        ``replacing``, where answers depend on other functions of the learner's).
    **options
        Passed on to ``check``.

    Raises
    ------
    NotAttemptedError
        When the function has no body yet, or still raises ``NotImplementedError``.
    IncorrectError
        When it is no function, takes other arguments, raises, changes an argument, returns nothing,
        or returns something wrong. The message is about the first case that is wrong.

    Examples
    --------
    >>> from course_utils.checks import check_number
    >>> def double(x):
    ...     return x * x
    >>> check_function(
    ...     "double",
    ...     double,
    ...     [Case({"x": 2}, 4), Case({"x": 5}, 10)],
    ...     check_number,
    ...     mistakes={"That is x times x.": lambda x: x**2},
    ... )
    Traceback (most recent call last):
    ...
    course_utils.checks.errors.IncorrectError: Incorrect: `double(x)` should be 10; it is 25.
    Called with x = 5.
    Hint: That is x times x.
    """
    if not cases:
        raise ValueError(f"no cases to check {name} with")
    refuse_blank(name, function)
    learned = learners_function(function)
    if learned is None:
        raise IncorrectError(f"`{name}` should be a function; it is {describe(function)}.")
    first: IncorrectError | None = None
    answers: list[object] = []
    for number, case in enumerate(cases, start=1):
        try:
            answers.append(_answer(name, learned, case))
            check(_call(name, case), answers[-1], case.expected, **options)
        except IncorrectError as error:
            context = _context(case, by_row, error.row)
            first = first or IncorrectError(f"{error.args[0]}\n{context}", error.row)
            if len(answers) < number:  # without an answer, no mistake fits every case
                raise first from None
    if first is None:
        return
    for advice in _fitting(cases, answers, check, mistakes or {}, options):
        raise IncorrectError(f"{first.args[0]}\nHint: {advice}", first.row) from None
    raise first from None


def _answer(name: str, learned: LearnersFunction, case: Case) -> object:
    signature = learned.refuses(len(case.arguments))
    if signature is not None:
        count = len(case.arguments)
        raise IncorrectError(
            f"`{name}` should take {count} argument{'s' * (count != 1)}, "
            f"({', '.join(case.arguments)}); it takes {signature}."
        )
    call = _call(name, case)
    called = learned.call(list(case.arguments.values()), case.replacing)
    if called.failure is not None:
        raise _failed(name, call, learned, called.failure)
    for position in called.changed:
        raise IncorrectError(
            f"`{call}` changed its argument `{list(case.arguments)[position]}`. "
            "Whoever calls it still needs that as it was: work on a copy."
        )
    if called.answer is None:
        if learned.has_no_body():
            raise NotAttemptedError(f"`{name}` has no code in it yet.")
        raise IncorrectError(f"`{call}` returned None. Does it end with `return …`?")
    return called.answer


def _call(name: str, case: Case) -> str:
    return f"{name}({', '.join(case.arguments)})"


def _failed(
    name: str, call: str, learned: LearnersFunction, failure: Failure
) -> NotAttemptedError | IncorrectError:
    if failure.unfinished is not None:
        itself = failure.unfinished == learned.name()
        subject = f"`{name}`" if itself else f"`{name}` calls `{failure.unfinished}`, which"
        return NotAttemptedError.still_a_stub(subject)
    where = f", in line {failure.line} of its cell: `{failure.code}`" if failure.code else ""
    found = [advice for part, advice in _EXCEPTION_ADVICE.items() if part in failure.message]
    hint = f"\nHint: {found[0]}" if found else ""
    return IncorrectError(f"`{call}` raised {failure.kind}: {failure.message[:300]}{where}.{hint}")


def _fitting(
    cases: Sequence[Case],
    answers: Sequence[object],
    check: Callable[..., None],
    mistakes: WrongFunctions,
    options: Mapping[str, Any],
) -> list[str]:
    """Give the advice for each mistake whose answers these are in every case."""
    told = [(case, answer) for case, answer in zip(cases, answers, strict=True)]
    told = [(case, answer) for case, answer in told if not case.replacing]
    found = []
    for advice, wrong in mistakes.items():
        for function in [wrong] if callable(wrong) else wrong:
            if _differs(told, function, check, options) and all(
                _passes(check, answer, _called(function, case), options) for case, answer in told
            ):
                found.append(advice)
                break
    return found


def _differs(
    told: list[tuple[Case, object]],
    function: Callable[..., object],
    check: Callable[..., None],
    options: Mapping[str, Any],
) -> bool:
    # A mistake that these cases cannot tell from the right answer is nobody's.
    return not all(_passes(check, _called(function, c), c.expected, options) for c, _ in told)


def _called(function: Callable[..., object], case: Case) -> object:
    try:
        return function(*copy.deepcopy(list(case.arguments.values())))
    except Exception:  # a mistake need not make sense of every case
        return None


def _passes(
    check: Callable[..., None], answer: object, expected: object, options: Mapping[str, Any]
) -> bool:
    if expected is None:
        return False
    try:
        check("it", answer, expected, **options)
    except (IncorrectError, NotAttemptedError):
        return False
    return True


# ---- saying what a function was called with ------------------------------------------------------


def _context(case: Case, by_row: Sequence[str], row: int | None) -> str:
    given = [
        _row(name, value, row)
        if row is not None and name in by_row
        else argument_in_words(name, value)
        for name, value in case.arguments.items()
    ]
    about = f"This is the case of {case.about}. " if case.about else ""
    return (
        f"{about}Called with {', '.join(given)}." if given else f"{about}Called without arguments."
    )


def argument_in_words(name: str, value: object) -> str:
    """Write an argument down, ``"x = 2"``; one that is long is described."""
    data = value.tolist() if isinstance(value, np.ndarray) else value
    text = " ".join(short(data, 10_000).split())
    return f"{name} = {text if len(text) <= _ARGUMENT_WIDTH else describe(value)}"


def _row(name: str, value: Any, row: int) -> str:
    if hasattr(value, "iloc"):
        found = value.iloc[row]
        return f"{name}.iloc[{row}] = {found.to_dict() if hasattr(found, 'to_dict') else found!r}"
    return argument_in_words(f"{name}[{row}]", value[row])
