"""What checks ask of a learner's function, and how a function of this process answers.

`LearnersFunction` is the whole contract. Everything that crosses it is plain data, so a function in
another process can keep it too: derive a class from it, and let test cells find an instance under
the learner's name. `LocalFunction` is the implementation for this process, and what the other side
of such a connection calls.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import inspect
import io
import random
import textwrap
import traceback
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# Functions of the learner's that get other arguments for a while: name -> {position: value}.
Replacing = Mapping[str, Mapping[int, object]]


@dataclass(frozen=True)
class Failure:
    """An exception that a learner's function raised, in plain words.

    Parameters
    ----------
    kind, message
        The name of the exception's class, and its text.
    line, code
        Number in its cell, and text, of the last line of the learner's own code; None if unknown.
    unfinished
        The function that raised ``NotImplementedError``, if that is what was raised.
    """

    kind: str
    message: str
    line: int | None = None
    code: str | None = None
    unfinished: str | None = None


@dataclass(frozen=True)
class Called:
    """What came of one call.

    Parameters
    ----------
    answer
        What was returned; None after a failure.
    changed
        Positions of the arguments that are no longer what they were.
    failure
        What was raised instead.
    """

    answer: object = None
    changed: tuple[int, ...] = ()
    failure: Failure | None = None


class LearnersFunction(ABC):
    """A function that a learner wrote, as checks see it."""

    @abstractmethod
    def name(self) -> str:
        """Give the name that it was defined under."""

    @abstractmethod
    def refuses(self, count: int) -> str | None:
        """Give its signature, ``"(a, b)"``, if it cannot be called with so many arguments."""

    @abstractmethod
    def has_no_body(self) -> bool:
        """Say whether there is nothing in it but a docstring, ``pass`` or ``...``."""

    @abstractmethod
    def call(self, arguments: Sequence[object], replacing: Replacing | None = None) -> Called:
        """Call it with copies of the arguments, by position.

        What it prints and warns of goes nowhere; NumPy's and Python's global random generators are
        in a fixed state, and put back. ``KeyboardInterrupt`` gets through.

        Parameters
        ----------
        arguments
            Plain data.
        replacing
            Other functions of the learner's, by name, that get other arguments during this call:
            each keeps its own answer's type, and takes these values at these positions.
        """


def learners_function(function: object) -> LearnersFunction | None:
    """Give a function as checks see it; None if it is no function."""
    if isinstance(function, LearnersFunction):
        return function
    return LocalFunction(function) if callable(function) else None


class LocalFunction(LearnersFunction):
    """A function of this process."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def name(self) -> str:
        """Give the name that it was defined under."""
        return getattr(self._function, "__name__", type(self._function).__name__)

    def refuses(self, count: int) -> str | None:
        """Give its signature if it cannot be called with so many arguments."""
        try:
            signature = inspect.signature(self._function)
        except (TypeError, ValueError):  # some built-in functions have none; let the call decide
            return None
        try:
            signature.bind(*range(count))
        except TypeError:
            return str(signature)
        return None

    def has_no_body(self) -> bool:
        """Say whether there is nothing in it but a docstring, ``pass`` or ``...``."""
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(self._function))).body[0]
        except (OSError, TypeError, SyntaxError, IndexError):
            return False
        return isinstance(tree, ast.FunctionDef) and all(
            isinstance(statement, ast.Pass)
            or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
            for statement in tree.body
        )

    def call(self, arguments: Sequence[object], replacing: Replacing | None = None) -> Called:
        """Call it with copies of the arguments, by position."""
        given = copy.deepcopy(list(arguments))
        try:
            with _quiet(), _fixed_randomness(), self._replaced(replacing or {}):
                answer = self._function(*given)
        except (Exception, SystemExit) as error:
            return Called(failure=self._failure(error))
        changed = [
            position
            for position, (before, after) in enumerate(zip(arguments, given, strict=True))
            if not _unchanged(before, after)
        ]
        return Called(answer, tuple(changed))

    @contextlib.contextmanager
    def _replaced(self, replacing: Replacing) -> Iterator[None]:
        names = getattr(inspect.unwrap(self._function), "__globals__", {})
        originals = {name: names[name] for name in replacing if callable(names.get(name))}
        names |= {
            name: _with_arguments(function, replacing[name]) for name, function in originals.items()
        }
        try:
            yield
        finally:
            names |= originals

    def _failure(self, error: BaseException) -> Failure:
        frames = traceback.extract_tb(error.__traceback__)
        function = inspect.unwrap(self._function)
        if inspect.isclass(function):  # calling a class runs this
            function = getattr(function, "__init__", function)
        code = getattr(function, "__code__", None)
        own = [frame for frame in frames if code and frame.filename == code.co_filename]
        line, text = (own[-1].lineno, own[-1].line) if own else (None, None)
        unfinished = frames[-1].name if isinstance(error, NotImplementedError) else None
        return Failure(type(error).__name__, _text(error), line, text or None, unfinished)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a learner's own exception may fail at this too
        return "(an exception that cannot be printed)"


def _with_arguments(
    function: Callable[..., object], values: Mapping[int, object]
) -> Callable[..., object]:
    signature = inspect.signature(function)
    parameters = list(signature.parameters)

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> object:
        bound = signature.bind(*args, **kwargs)
        for position, value in values.items():
            bound.arguments[parameters[position]] = copy.deepcopy(value)
        return function(*bound.args, **bound.kwargs)

    return called


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # nbgrader gives no points to a test cell that wrote to stderr, be it a mere warning.
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _fixed_randomness() -> Iterator[None]:
    # The old global generator is the one that a learner's code, or scikit-learn for it, may use.
    states = random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002


def _unchanged(before: object, after: object) -> bool:
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        if before.dtype != after.dtype or before.shape != after.shape:
            return False
        if before.dtype.kind == "O":
            return _unchanged(before.tolist(), after.tolist())
        return np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return len(before) == len(after) and all(map(_unchanged, before, after))
    if isinstance(before, dict) and isinstance(after, dict):
        return list(before) == list(after) and all(
            _unchanged(before[key], after[key]) for key in before
        )
    if isinstance(before, float | np.floating) and before != before:
        return bool(after != after)
    equals = getattr(before, "equals", None)  # pandas
    return bool(np.all(equals(after) if equals else before == after))
