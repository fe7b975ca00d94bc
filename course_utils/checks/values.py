"""Checks of one number, of an array, of labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.checks.errors import IncorrectError
from course_utils.checks.plain import (
    describe,
    equal,
    flat,
    kinds_in_words,
    kinds_of,
    plain,
    refuse_blank,
    shape_of,
    short,
    short_pair,
)

# Advice, and the wrong answer that shows who needs it.
Mistakes = Mapping[str, object]
_ROW_WIDTH = 60  # a longer row of an answer is not written out


def check_number(
    name: str,
    answer: object,
    expected: float,
    *,
    whole: bool = False,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    mistakes: Mistakes | None = None,
) -> None:
    """Check one number.

    Parameters
    ----------
    name
        The variable or the function call, as the learner would write it.
    answer
        The learner's value. Python and NumPy numbers, and arrays of no dimension, are numbers;
        truth values and text are not.
    expected
        The right value. An infinite one is equalled by itself only, NaN by NaN.
    whole
        Require an integer type: 3, and not 3.0.
    rtol, atol
        ``answer`` may differ by ``atol + rtol * |expected|``.
    mistakes
        Advice, each with the wrong number that shows who needs it.

    Raises
    ------
    NotAttemptedError
        When ``answer`` is ``...`` or None.
    IncorrectError
        When it is anything else than expected.
    """
    refuse_blank(name, answer)
    with_advice = _Advice(check_number, name, answer, mistakes, whole=whole, rtol=rtol, atol=atol)
    value, right = plain(name, answer), plain("expected", expected)
    if isinstance(value, list | bool | str):
        wanted = "one whole number" if whole else "one number"
        raise with_advice(f"`{name}` should be {wanted}; it is {describe(answer)}.")
    if whole and not isinstance(value, int):
        raise with_advice(
            f"`{name}` should be a whole number of type int; it is {value!r}, a float."
        )
    if not equal(value, right, rtol, atol):
        wanted, given = short_pair(right, value)
        raise with_advice(f"`{name}` should be {wanted}; it is {given}.")


def check_array(
    name: str,
    answer: object,
    expected: object,
    *,
    array: bool = False,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    mistakes: Mistakes | None = None,
) -> None:
    """Check numbers or truth values in an array or in nested lists: shape, kind, values.

    Parameters
    ----------
    name, rtol, atol, mistakes
        As in `check_number`.
    answer
        The learner's array: anything that NumPy makes an array of.
    expected
        The right one, array-like. Whole numbers may be answered by floats of the same value.
    array
        Require a NumPy array, as an exercise does whose text says *array*: what comes next may
        need one.

    Raises
    ------
    NotAttemptedError, IncorrectError
        As in `check_number`.
    """
    refuse_blank(name, answer)
    with_advice = _Advice(check_array, name, answer, mistakes, rtol=rtol, atol=atol)
    values, right = plain(name, answer), plain("expected", expected)
    if array and type(answer) is not np.ndarray:
        raise with_advice(
            f"`{name}` should be a NumPy array; it is {describe(answer)}. `np.array(…)` makes one."
        )
    if shape_of(values) != shape_of(right):
        raise with_advice(
            f"`{name}` should have the shape {shape_of(right)}; "
            f"it is {describe(answer)}{_shape_note(answer, values)}."
        )
    _require_equal(name, values, right, "value", with_advice, rtol, atol)


def check_labels(
    name: str, answer: object, expected: object, *, mistakes: Mistakes | None = None
) -> None:
    """Check class labels, one for each example.

    Parameters
    ----------
    name, mistakes
        As in `check_number`.
    answer
        The learner's labels: a list, an array or a pandas column of text or whole numbers.
    expected
        The right labels, shape (n,).

    Raises
    ------
    NotAttemptedError, IncorrectError
        As in `check_number`.
    """
    refuse_blank(name, answer)
    with_advice = _Advice(check_labels, name, answer, mistakes)
    labels, right = plain(name, answer), plain("expected", expected)
    if shape_of(labels) != shape_of(right):
        raise with_advice(
            f"`{name}` should be {len(right)} labels, shape {shape_of(right)}; "
            f"it is {describe(answer)}{_shape_note(answer, labels)}."
        )
    _require_equal(name, labels, right, "label", with_advice, 0.0, 0.0)


class _Advice:
    """The error for a wrong answer, with the advice for the mistake whose answer this is."""

    def __init__(
        self,
        check: Callable[..., None],
        name: str,
        answer: object,
        mistakes: Mistakes | None,
        **options: Any,
    ) -> None:
        self._check, self._name, self._answer = check, name, answer
        self._mistakes, self._options = mistakes or {}, options

    def __call__(self, message: str, row: int | None = None) -> IncorrectError:
        for advice, wrong in self._mistakes.items():
            try:
                self._check(self._name, self._answer, wrong, **self._options)
            except IncorrectError:
                continue
            return IncorrectError(f"{message}\n{advice}", row)
        return IncorrectError(message, row)


def _require_equal(
    name: str,
    answer: Any,
    expected: Any,
    what: str,
    with_advice: Callable[..., IncorrectError],
    rtol: float,
    atol: float,
) -> None:
    """Compare nested lists of one shape: first the kind of what they hold, then the values."""
    values, right = flat(answer), flat(expected)
    found, wanted = kinds_of(values), kinds_of(right)
    if found != wanted and not found | wanted <= {int, float}:
        raise with_advice(
            f"`{name}` should hold {kinds_in_words(wanted)}, such as {short(right[0])}; "
            f"it holds {kinds_in_words(found)}, such as {short(values[0])}."
        )
    wrong = [
        position
        for position, (value, other) in enumerate(zip(values, right, strict=True))
        if not equal(value, other, rtol, atol)
    ]
    if not wrong:
        return
    place = np.unravel_index(wrong[0], shape_of(expected) or (1,))
    should, given = short_pair(right[wrong[0]], values[wrong[0]])
    message = (
        f"`{name}` has the wrong {what} in {len(wrong)} of {len(values)} places. "
        f"The first is [{', '.join(map(str, place))}]: it should be {should}; it is {given}."
    )
    if len(place) > 1:
        message += _rows_in_words(answer[place[0]], expected[place[0]], int(place[0]))
    raise with_advice(message, int(place[0]))


def _rows_in_words(answer: Any, expected: Any, row: int) -> str:
    should, given = short(expected, 10_000), short(answer, 10_000)
    if max(len(should), len(given)) > _ROW_WIDTH:
        return ""
    return f"\nAll of row {row} should be {should}; it is {given}."


def _shape_note(answer: object, values: Any) -> str:
    if not isinstance(answer, list | tuple):  # arrays and tables have told their shape already
        return ""
    shape = shape_of(values)
    return f" (as an array, of shape {shape})" if len(shape) > 1 else ""
