"""Answers as plain data: Python's own numbers and text, in nested lists."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from course_utils.checks.errors import IncorrectError, NotAttemptedError

_KINDS = {bool: "truth values", int: "whole numbers", float: "numbers", str: "text"}


def refuse_blank(name: str, answer: object) -> None:
    """Raise `NotAttemptedError` when ``answer`` is what a released notebook holds."""
    if answer is ... or answer is NotImplemented:
        raise NotAttemptedError(f"`{name}` is still `{answer}`. Put your answer there.")
    if answer is None:
        raise NotAttemptedError(f"`{name}` is still None.")


def plain(name: str, value: object) -> Any:
    """Give ``value`` as a bool, int, float or str of Python's own, or nested lists of them.

    Raises
    ------
    IncorrectError
        When it holds anything else, or rows of different lengths.
    """
    data = _plain(name, value)
    if not _is_rectangular(data):
        raise IncorrectError(f"`{name}` should have rows of one length; it is {describe(value)}.")
    return data


def _plain(name: str, value: object) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(name, item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    # Exactly these types: one derived from them could bring an equality of its own.
    if type(value) in _KINDS:
        return value
    if type(value) is np.ndarray:
        return _plain(name, value.tolist())
    data = _array(name, value).tolist()
    if not isinstance(data, list) and type(data) not in _KINDS:
        raise IncorrectError(
            f"`{name}` should hold plain numbers or text; it holds {describe(data)}."
        )
    return _plain(name, data)


def _array(name: str, value: object) -> np.ndarray:
    try:
        probe, array = np.array([[1.5], [2.5]]), np.array(value)
    except Exception as error:  # what a class of somebody else's raises when it is made an array
        raise IncorrectError(
            f"`{name}` should be plain numbers or text; it is {describe(value)}, "
            f"of which NumPy cannot make an array: {error}"
        ) from error
    if type(probe) is not np.ndarray or probe.tolist() != [[1.5], [2.5]]:
        raise IncorrectError(
            "`numpy.array` does not do here what NumPy made it for. "
            "Does the notebook assign to it? Remove that, and restart the kernel."
        )
    return array


def shape_of(data: Any) -> tuple[int, ...]:
    """Give the shape that plain data would have as an array."""
    if not isinstance(data, list):
        return ()
    return (len(data), *shape_of(data[0])) if data else (0,)


def flat(data: Any) -> list[Any]:
    """Give the values of plain data in order, as one list."""
    return [leaf for item in data for leaf in flat(item)] if isinstance(data, list) else [data]


def kinds_of(values: list[Any]) -> set[type]:
    """Give the types of the values."""
    return {type(value) for value in values}


def kinds_in_words(kinds: set[type]) -> str:
    """Say which types these are: "whole numbers and text"."""
    if {int, float} <= kinds:
        kinds = kinds - {int}
    return " and ".join(sorted(_KINDS[kind] for kind in kinds)) or "nothing"


def equal(value: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Say whether two plain values are equal, numbers up to ``atol + rtol * |expected|``.

    NaN equals NaN, and an infinite number equals itself only.
    """
    if value == expected:
        return True
    if isinstance(value, str) or isinstance(expected, str):
        return False
    if value != value or expected != expected:  # NaN is the one number that differs from itself
        return bool(value != value and expected != expected)
    infinite = float("inf")
    if value in (infinite, -infinite) or expected in (infinite, -infinite):
        return False
    size = -expected if expected < 0 else expected
    try:
        return bool(-(atol + rtol * size) <= value - expected <= atol + rtol * size)
    except OverflowError:  # a whole number that is too large for a float
        return False


def describe(value: object) -> str:
    """Say what something is: "a list of length 3"."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, bool | np.bool_):
        return f"the truth value {value}"
    if isinstance(value, int | float | np.number):
        return f"the number {short(value)}"
    if isinstance(value, str):
        return f"the text {short(value)}"
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        return f"the {'class' if isinstance(value, type) else 'function'} {value.__name__}"
    shape = getattr(value, "shape", None)
    return f"something of type {type(value).__name__}" + (
        f" and shape {tuple(shape)}" if shape else ""
    )


def short(value: object, width: int = 60) -> str:
    """Write a value down, cut off where it gets long; floats with six digits."""
    text = repr(_rounded(value))
    return text if len(text) <= width else f"{text[: width - 1]}…"


def short_pair(expected: object, given: object) -> tuple[str, str]:
    """Write two different values down so that they look different."""
    texts = short(expected), short(given)
    return texts if texts[0] != texts[1] else (repr(expected), repr(given))


def _rounded(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _is_rectangular(data: Any) -> bool:
    if not isinstance(data, list) or not data:
        return True
    return len({shape_of(item) for item in data}) == 1 and all(map(_is_rectangular, data))
