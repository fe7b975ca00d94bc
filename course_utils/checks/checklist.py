"""The tests of one assignment: run by its test cells, and shown in one table."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from course_utils.checks.errors import NotAttemptedError, PartlyRightError
from course_utils.checks.examples import ExamplesTest
from course_utils.checks.functions import Case, WrongFunctions, check_function
from course_utils.checks.progress import Progress, State, in_a_notebook


@dataclass(frozen=True)
class Test:
    """What a test cell tests.

    Parameters
    ----------
    name
        What the test cell calls it, which is also the learner's name if there is one only.
    exercise
        The exercise that it belongs to, as the text numbers it: "3a".
    run
        Is called with the learner's objects, and raises a `CheckError` when they are wrong. It
        leaves them as they are, and asks of them what a `LearnersFunction` can answer, or calls
        them with plain data and gets plain data back.
    takes
        The learner's names that `run` takes, in order; ``(name,)`` unless given.
    """

    __test__ = False  # it is no test of pytest's

    name: str
    exercise: str
    run: Callable[..., None]
    takes: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Give the learner's names that it takes."""
        return self.takes or (self.name,)

    def extended(self, more: object) -> Test:
        """Give this test followed by another function that takes the same objects."""
        if not callable(more):
            raise TypeError(f"{self.name} can be extended by a function, and not by {more!r}")

        def run(*objects: object) -> None:
            self.run(*objects)
            more(*objects)

        return replace(self, run=run)


@dataclass(frozen=True)
class FunctionTest:
    """A test of one function by its answers.

    Parameters
    ----------
    name, exercise
        As for `Test`; ``name`` is the function's.
    cases, check, by_row, mistakes, options
        As `check_function` takes them.
    """

    name: str
    exercise: str
    cases: Sequence[Case]
    check: Callable[..., None]
    by_row: Sequence[str] = ()
    mistakes: WrongFunctions = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Give the learner's names that it takes."""
        return (self.name,)

    def run(self, function: object) -> None:
        """Check the learner's function."""
        check_function(
            self.name,
            function,
            self.cases,
            self.check,
            by_row=self.by_row,
            mistakes=self.mistakes,
            **self.options,
        )

    def extended(self, more: object) -> FunctionTest:
        """Give this test with more cases."""
        if not isinstance(more, Sequence) or not all(isinstance(case, Case) for case in more):
            raise TypeError(f"{self.name} can be extended by a list of cases, and not by {more!r}")
        return replace(self, cases=[*self.cases, *more])


AnyTest = Test | FunctionTest | ExamplesTest


class Checklist:
    """The tests of one assignment.

    Parameters
    ----------
    tests
        Each with a name of its own, in the order of the notebook.
    by_hand
        Exercises that a person reads, by number, in a word or two each: ``{"6": "in words"}``.

    Examples
    --------
    >>> from course_utils.checks import check_number
    >>> double = FunctionTest("double", "1", [Case({"x": 2}, 4)], check_number)
    >>> Checklist([double]).check("double", lambda x: x + x)
    Right: `double`.
    """

    def __init__(self, tests: Sequence[AnyTest], by_hand: Mapping[str, str] | None = None) -> None:
        self._tests = {test.name: test for test in tests}
        if len(self._tests) < len(tests):
            raise ValueError("two tests have the same name")
        self._progress = Progress({test.name: test.exercise for test in tests}, dict(by_hand or {}))

    @property
    def tests(self) -> Mapping[str, AnyTest]:
        """The tests by name."""
        return dict(self._tests)

    def extended(self, more: Mapping[str, object]) -> Checklist:
        """Give this list with the hidden part of some tests; both show their results in one table.

        Parameters
        ----------
        more
            By the test's name: more cases for a `FunctionTest`, more wrong programs for an
            `ExamplesTest`, another function for a `Test`.

        Raises
        ------
        KeyError
            When there is no test of such a name.
        """
        extended = Checklist([])
        extended._tests = dict(self._tests)
        extended._progress = self._progress
        for name, what in more.items():
            extended._tests[name] = self._test(name).extended(what)
        return extended

    def check(self, name: str, *objects: object) -> None:
        """Run a test on what the learner made, and say so in a line when it is right.

        Parameters
        ----------
        name
            The test.
        *objects
            What the learner's names stand for.

        Raises
        ------
        CheckError
            When it is not right, with what the learner needs to know. For a `PartlyRightError`,
            the points are shown before as the cell's value: nbgrader, which reads a cell's outputs
            in order, takes them for its grade, and *Validate* shows the message.
        """
        test = self._test(name)
        if len(objects) != len(test.names()):
            raise TypeError(f"the test {name} takes {', '.join(test.names())}")
        state, error = _verdict(test, objects)
        self._progress.note(name, state)
        if isinstance(error, PartlyRightError) and in_a_notebook():
            sys.displayhook(error.points)
        if error is not None:
            raise error
        # To stdout: what goes to stderr, or is a cell's last value, counts as a grade.
        print(f"Right: `{name}`.")

    def show_progress(self, names: Mapping[str, object]) -> None:
        """Show what is done and what is not, in a table that `check` keeps up to date.

        Parameters
        ----------
        names
            The notebook's names, ``globals()``. Each test runs on what they stand for now. While
            nbgrader runs the notebook, none does: an endless answer would cost its time again.
        """
        for name, test in self._tests.items():
            if all(needed in names for needed in test.names()):
                if "NBGRADER_EXECUTION" not in os.environ:
                    self._progress.note(
                        name, _verdict(test, [names[needed] for needed in test.names()])[0]
                    )
            else:
                self._progress.note(name, State.NOT_RUN)
        self._progress.show()

    def _test(self, name: str) -> AnyTest:
        if name not in self._tests:
            raise KeyError(f"no test {name!r}; there are {', '.join(self._tests)}")
        return self._tests[name]


def _verdict(test: AnyTest, objects: Sequence[object]) -> tuple[State, Exception | None]:
    try:
        test.run(*objects)
    except NotAttemptedError as error:
        return State.NOT_ATTEMPTED, error
    except PartlyRightError as error:
        return State.PARTLY, error
    except Exception as error:  # a test of one's own may let through what the learner's code raises
        return State.INCORRECT, error
    return State.RIGHT, None
