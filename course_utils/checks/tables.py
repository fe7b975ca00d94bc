"""Checks of a pandas DataFrame."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from course_utils.checks.errors import IncorrectError
from course_utils.checks.plain import describe, plain, refuse_blank, short
from course_utils.checks.values import Mistakes, check_array

if TYPE_CHECKING:
    import pandas as pd


def check_table(
    name: str,
    answer: object,
    expected: pd.DataFrame,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    mistakes: Mistakes | None = None,
) -> None:
    """Check a pandas DataFrame: columns, index, and the values of one column after the other.

    Parameters
    ----------
    name, rtol, atol
        As in `check_number`.
    answer
        The learner's table. Its columns may stand in any order, its rows may not.
    expected
        The right table.
    mistakes
        Advice, each with the wrong table that shows who needs it.

    Raises
    ------
    NotAttemptedError, IncorrectError
        As in `check_number`.
    """
    refuse_blank(name, answer)
    try:
        _compare(name, answer, expected, rtol, atol)
    except IncorrectError as error:
        for advice, wrong in (mistakes or {}).items():
            if _is(answer, wrong, rtol, atol):
                raise IncorrectError(f"{error.args[0]}\n{advice}", error.row) from None
        raise


def _is(answer: object, table: object, rtol: float, atol: float) -> bool:
    try:
        _compare("", answer, table, rtol, atol)
    except IncorrectError:
        return False
    return True


def _compare(name: str, answer: object, expected: object, rtol: float, atol: float) -> None:
    import pandas as pd

    if not isinstance(expected, pd.DataFrame):
        raise TypeError(f"a table is compared with a DataFrame, and not with {describe(expected)}")
    if not isinstance(answer, pd.DataFrame):
        raise IncorrectError(f"`{name}` should be a DataFrame; it is {describe(answer)}.")
    columns, wanted = list(answer.columns), list(expected.columns)
    if Counter(columns) != Counter(wanted):
        raise IncorrectError(f"`{name}` should have the columns {wanted}; it has {columns}.")
    if len(answer) != len(expected):
        raise IncorrectError(f"`{name}` should have {len(expected)} rows; it has {len(answer)}.")
    index, right = plain(name, list(answer.index)), plain("expected", list(expected.index))
    if index != right:
        row = next(i for i, (a, b) in enumerate(zip(index, right, strict=True)) if a != b)
        raise IncorrectError(
            f"row {row} of `{name}` should have {short(right[row])} as its index; "
            f"it has {short(index[row])}.",
            row,
        )
    for column in wanted:
        check_array(f"{name}[{column!r}]", answer[column], expected[column], rtol=rtol, atol=atol)
