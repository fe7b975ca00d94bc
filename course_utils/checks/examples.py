"""Checks of examples that a learner writes before the code: inputs, and the outputs for them.

Examples are checked in two directions. The *right program* must agree with each of them: an example
that contradicts it shows what was misunderstood, before a line is written. And they must notice
*wrong programs*, each the work of somebody with one misconception: one that agrees with all of the
examples goes unnoticed. That this makes learners solve the problem that was set is the finding of
Prasad, Greenman, Nelson and Krishnamurthi, *Conceptual Mutation Testing for Student Programming
Misconceptions*, Programming 8(2), 2024, https://doi.org/10.22152/programming-journal.org/2024/8/7.

`ExamplesTest` says how an author uses it.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from course_utils.checks.errors import (
    CheckError,
    IncorrectError,
    NotAttemptedError,
    PartlyRightError,
)
from course_utils.checks.functions import argument_in_words
from course_utils.checks.plain import describe, flat, plain, refuse_blank, shape_of, short

Program = Callable[..., object]

# So much is more than anybody writes by hand, and little enough for the programs to run on.
MOST_EXAMPLES = 50
MOST_VALUES = 500  # in the input of one example
LARGEST = 1e6  # of whole numbers, which may say how many of something a program makes


@dataclass(frozen=True)
class Example:
    """An example as a learner wrote it: values by argument, and the output."""

    number: int
    arguments: Mapping[str, object]
    output: object


@dataclass(frozen=True)
class ExamplesTest:
    """A test of examples, for one function that is still to be written.

    A learner's examples are plain data, in a list::

        vote_examples = [
            ({"pair_scores": [[-2.0]], "pairs": [(0, 1)], "n_classes": 2}, [[1, 0]]),
            ({"pair_scores": [[0.5]], "pairs": [(0, 1)], "n_classes": 2}, [[0, 1]]),
        ]

    A function of one argument may take its input as it is: ``(3, 3)``.

    **For the author of an assignment.** The exercise has a solution cell that begins with
    ``vote_examples = []``, has the reference's examples between ``### BEGIN SOLUTION`` and
    ``### END SOLUTION``, and a test cell like any other:
    ``a1_checks.check("vote_examples", vote_examples)``. The programs are written in
    ``aN_hidden_programs.py`` and packed into ``aN_sealed.py`` (see `sealing`): the right one, and a
    list of two to four wrong ones that the check before submission tries. All the others stand in
    ``aN_hidden.py``, where the test is extended by a list of them. A wrong program is a function
    whose docstring completes *somebody who …*, without a full stop::

        def adds_up_scores(pair_scores, pairs, n_classes):
            \"\"\"adds up scores instead of counting votes\"\"\"

    Programs take the arguments by position, as numbers and text of Python's own in (nested) lists,
    and may take for granted what ``accepts`` has let pass.

    **Points.** One half for examples that are right, in proportion to all of them (or to
    ``at_least`` different ones, where there are fewer); the other half for wrong programs that the
    right examples notice, in proportion to all of those.

    Parameters
    ----------
    name
        The learner's list.
    exercise
        As for `Test`.
    function
        The function that the examples are for.
    arguments
        Its arguments, in order. An example must give each of them.
    right
        The right program.
    wrong
        Wrong programs.
    check
        How to compare outputs: `check_number`, `check_array` or `check_labels`.
    points
        As many as the test cell brings.
    accepts
        Is called with the arguments, and says in words what is not as the text asks, or gives None.
        It has to bound whatever the programs' time and memory depend on: the examples are the
        learner's, and the programs run where grading runs.
    at_least
        How many different examples to ask for.
    arrays
        Arguments that the programs get as NumPy arrays, whatever the learner wrote.
    options
        Passed on to ``check``.

    Examples
    --------
    >>> from course_utils.checks import check_number
    >>> def multiplies(x):
    ...     '''multiplies by itself'''
    ...     return x * x
    >>> test = ExamplesTest(
    ...     "double_examples",
    ...     "1",
    ...     "double",
    ...     ["x"],
    ...     right=lambda x: x + x,
    ...     wrong=[multiplies],
    ...     check=check_number,
    ...     points=2,
    ...     accepts=lambda x: None if isinstance(x, int) else "`x` should be a whole number",
    ...     at_least=2,
    ... )
    >>> try:
    ...     test.run([(0, 0), (2, 4)])
    ... except PartlyRightError as error:
    ...     print(error)
    Partly right: 1 of 2 points, as far as this check sees.
    Your examples would not notice somebody who multiplies by itself.
    Add one for which that gives something else.
    """

    name: str
    exercise: str
    function: str
    arguments: Sequence[str]
    right: Program
    wrong: Iterable[Program]
    check: Callable[..., None]
    points: float
    accepts: Callable[..., str | None]
    at_least: int = 3
    arrays: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Give the learner's names that it takes."""
        return (self.name,)

    def extended(self, more: object) -> ExamplesTest:
        """Give this test with more wrong programs."""
        if not isinstance(more, Sequence) or not all(map(callable, more)):
            raise TypeError(
                f"{self.name} can be extended by a list of wrong programs, and not by {more!r}"
            )
        return replace(self, wrong=[*self.wrong, *more])

    def run(self, examples: object) -> None:
        """Check the learner's examples.

        Raises
        ------
        NotAttemptedError
            When there are none.
        IncorrectError
            When they are no examples, or none of them is right.
        PartlyRightError
            When some contradict the right program, wrong programs go unnoticed, or there are too
            few.
        """
        read = self._read(examples)
        wrong = list(self.wrong)
        right, complaints = [], []
        for example in read:
            complaint = self._contradiction(example, wrong)
            if complaint is None:
                right.append(example)
            else:
                complaints.append(complaint)
        if not right:
            raise IncorrectError(complaints[0])
        different = len({repr(example.arguments) for example in right})
        missing = self.at_least - different
        unnoticed = [program for program in wrong if not self._notice(right, program)]
        if missing > 0 and not complaints:
            complaints.append(
                f"Write at least {self.at_least} examples with different inputs; "
                f"there {'is' if different == 1 else 'are'} {different}."
            )
        if unnoticed:
            complaints.append(self._unnoticed(unnoticed))
        if not complaints:
            return
        share = different / max(self.at_least, different + len(read) - len(right))
        noticed = 1 - len(unnoticed) / len(wrong) if wrong else share
        points = round(self.points * (share + noticed) / 2, 2)
        note = f"{points:g} of {self.points:g} points, as far as this check sees."
        raise PartlyRightError("\n".join([note, *complaints[:3]]), points)

    def _read(self, examples: object) -> list[Example]:
        refuse_blank(self.name, examples)
        if isinstance(examples, np.ndarray):
            examples = examples.tolist()
        if not isinstance(examples, list | tuple):
            raise IncorrectError(
                f"`{self.name}` should be a list of examples; it is {describe(examples)}."
            )
        if not examples:
            raise NotAttemptedError(
                f"`{self.name}` has no examples in it yet. Put yours in the place of the line that "
                "raises NotImplementedError."
            )
        if len(examples) > MOST_EXAMPLES:
            raise IncorrectError(
                f"`{self.name}` has {len(examples)} examples: {MOST_EXAMPLES} are enough. "
                "Keep those that differ in what they show."
            )
        return [self._example(number, given) for number, given in enumerate(examples)]

    def _example(self, number: int, given: object) -> Example:
        place = f"`{self.name}[{number}]`"
        if not isinstance(given, list | tuple) or len(given) != 2:
            raise IncorrectError(
                f"{place} should be a pair, (what goes in, what comes out); it is "
                f"{describe(given)}. Is a comma or a bracket missing?"
            )
        inputs, output = given
        if len(self.arguments) == 1 and not isinstance(inputs, dict):
            inputs = {self.arguments[0]: inputs}
        if not isinstance(inputs, dict) or set(inputs) != set(self.arguments):
            has = f"the keys {list(inputs)}" if isinstance(inputs, dict) else describe(inputs)
            raise IncorrectError(
                f"The input of {place} should be a dictionary with the arguments of "
                f"`{self.function}`, {list(self.arguments)}; it is {has}."
            )
        arguments = {
            name: self._argument(f"{self.name}[{number}][0][{name!r}]", name, inputs[name])
            for name in self.arguments
        }
        try:
            complaint = _quietly(self.accepts, arguments)
            if complaint is None:
                _quietly(self.right, arguments)
        except Exception as error:
            complaint = f"`{self.function}` cannot take it ({type(error).__name__}: {error})"
        if complaint is not None:
            raise IncorrectError(
                f"The input of {place} is not one that the text allows: {complaint}.\n"
                f"{_in_words(arguments)}"
            )
        refuse_blank(f"{self.name}[{number}][1]", output)
        return Example(number, arguments, plain(f"{self.name}[{number}][1]", output))

    def _argument(self, place: str, name: str, value: object) -> object:
        refuse_blank(place, value)
        data = plain(place, value)
        values = flat(data)
        if len(values) > MOST_VALUES:
            raise IncorrectError(
                f"`{place}` holds {len(values)} values: examples should be small enough to work "
                "out by hand."
            )
        for number in values:
            if isinstance(number, int) and abs(number) > LARGEST:
                raise IncorrectError(f"`{place}` holds a number as large as {short(number, 20)}.")
        return np.asarray(data) if name in self.arrays else data

    def _contradiction(self, example: Example, wrong: Sequence[Program]) -> str | None:
        """Say where an example contradicts the right program; never what that gives."""
        expected = _quietly(self.right, example.arguments)
        if self._agrees(example.output, expected):
            return None
        place = f"`{self.name}[{example.number}]`"
        given, should = _form(example.output), _form(plain("expected", expected))
        told = f"{place} contradicts the text: `{self.function}` does not give "
        told += f"{short(example.output, 100)} there."
        if given != should:
            told += f" What it gives is {should}; yours is {given}."
        told += f"\n{_in_words(example.arguments)}"
        for program in wrong:
            if self._agrees(example.output, _called(program, example)):
                told += f"\nHint: That is what somebody gets who {_who(program)}."
                break
        return told

    def _notice(self, examples: Sequence[Example], wrong: Program) -> bool:
        return any(
            not self._agrees(example.output, _called(wrong, example)) for example in examples
        )

    def _unnoticed(self, programs: Sequence[Program]) -> str:
        others = len(programs) - 1
        more = f", nor {others} other{'s' * (others > 1)}" if others else ""
        return (
            f"Your examples would not notice somebody who {_who(programs[0])}{more}.\n"
            "Add one for which that gives something else."
        )

    def _agrees(self, output: object, answer: object) -> bool:
        if answer is None:
            return False
        try:
            self.check("it", output, answer, **self.options)
        except CheckError:
            return False
        return True


def _called(program: Program, example: Example) -> object:
    try:
        return _quietly(program, example.arguments)
    except Exception:  # a wrong program need not make sense of every input
        return None


def _quietly(function: Callable[..., Any], arguments: Mapping[str, object]) -> Any:
    # What goes to stderr, be it a mere warning, costs a test cell its points.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*copy.deepcopy(list(arguments.values())))


def _in_words(arguments: Mapping[str, object]) -> str:
    return f"There, {', '.join(argument_in_words(n, v) for n, v in arguments.items())}."


def _form(data: object) -> str:
    shape = shape_of(data)
    if len(shape) == 1:
        return f"a list of length {shape[0]}"
    return f"an array of shape {shape}" if shape else "one value"


def _who(program: Program) -> str:
    return " ".join((program.__doc__ or "").split()).rstrip(".")
