"""What stands for a learner's objects where test cells run: they ask the learner's snapshot.

A stand-in knows a number, a class name, and how to ask. A function is a `RemoteFunction`, which
keeps to the contract of `course_utils.checks.LearnersFunction`; other objects are `RemoteObject`,
whose methods can be called. Plain data is no stand-in: it is copied over, once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from course_utils.checks import Called, Failure, IncorrectError, LearnersFunction
from course_utils.grading.codec import CodecError, Handle
from course_utils.grading.sandbox import Learner
from course_utils.grading.wire import Gone, TooSlow


class LearnersError(Exception):
    """What a learner's code raised when a test cell called it directly."""


class Line:
    """The way from one test cell to its snapshot.

    Parameters
    ----------
    learner, snapshot
        Whom to ask.
    seconds
        How long all answers may take together.
    """

    def __init__(self, learner: Learner, snapshot: int, seconds: float) -> None:
        self._learner = learner
        self._snapshot = snapshot
        self._seconds = seconds
        self._left = seconds
        self._over: IncorrectError | None = None

    def find(self, name: str) -> tuple[bool, Any]:
        """Say whether the learner has something of this name, and give it."""
        reply = self.ask(f"`{name}`", {"ask": "name", "name": name})
        if type(reply) is not list or len(reply) != 2 or type(reply[0]) is not bool:
            raise IncorrectError(f"`{name}` could not be read: the notebook's process is broken.")
        return reply[0], self.stand_in(reply[1])

    def ask(self, subject: str, question: Mapping[str, object]) -> Any:
        """Ask; give the reply.

        Raises
        ------
        IncorrectError
            When there is none, or it cannot cross; ``subject`` says of what.
        """
        if self._over:
            raise self._over
        started = time.monotonic()
        try:
            reply = self._learner.ask(self._snapshot, question, self._left)
        except CodecError as error:
            raise IncorrectError(f"{subject} cannot be called with this: {error}.") from None
        except TooSlow:
            self._over = IncorrectError(f"{subject} did not finish within {self._seconds:g} s.")
        except Gone:
            self._over = IncorrectError(f"{subject} ended Python, or used too much memory.")
        self._left -= time.monotonic() - started
        if self._over:
            raise self._over from None
        if type(reply) is dict and "reply" in reply:
            return reply["reply"]
        if type(reply) is dict and type(reply.get("unsendable")) is str:
            raise IncorrectError(
                f"{subject} gives what cannot be graded: {reply['unsendable'][:300]}."
            )
        if type(reply) is dict and _are(reply.get("raised"), str, str, str):
            kind, message, _ = reply["raised"]
            raise IncorrectError(f"{subject} raised {kind[:100]}: {message[:300]}")
        raise IncorrectError(f"{subject} could not be read: the notebook's process is broken.")

    def stand_in(self, value: Any) -> Any:
        """Give a stand-in for a handle, also inside of lists and the like; else the value."""
        if type(value) is Handle:
            if value.callable:
                return RemoteFunction(self, value)
            name = value.kind if value.kind.isidentifier() and len(value.kind) < 60 else "object"
            return type(name, (RemoteObject,), {})(self, value)
        if type(value) in (list, tuple):
            return type(value)(self.stand_in(item) for item in value)
        if type(value) is dict:
            return {key: self.stand_in(item) for key, item in value.items()}
        return value


class RemoteObject:
    """An object of the learner's: its public attributes and methods, and nothing else."""

    def __init__(self, line: Line, handle: Handle) -> None:
        self._line = line
        self._handle = handle

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        question = {"ask": "attribute", "object": self._handle.number, "name": name}
        return self._line.stand_in(self._line.ask(f"`.{name}`", question))

    def __repr__(self) -> str:
        return f"<{self._handle.kind} of the learner's>"


class RemoteFunction(LearnersFunction):
    """A function, method or class of the learner's."""

    def __init__(self, line: Line, handle: Handle) -> None:
        self._line = line
        self._handle = handle
        self._title: str | None = None

    def name(self) -> str:
        """Give the name that it was defined under."""
        if self._title is None:
            title = self._ask("title")
            self._title = title[:200] if type(title) is str else "?"
        return self._title

    def refuses(self, count: int) -> str | None:
        """Give its signature if it cannot be called with so many arguments."""
        signature = self._ask("refuses", count=count)
        return signature[:200] if type(signature) is str else None

    def has_no_body(self) -> bool:
        """Say whether there is nothing in it."""
        return self._ask("has_no_body") is True

    def call(
        self, arguments: Sequence[object], replacing: Mapping[str, Any] | None = None
    ) -> Called:
        """Call it with copies of the arguments, by position."""
        self.name()  # once it runs for ever, nobody can ask it any more
        sent = [item._handle if isinstance(item, _STAND_INS) else item for item in arguments]
        reply = self._ask("call", arguments=sent, replacing=dict(replacing or {}))
        if type(reply) is not list or len(reply) != 3 or type(reply[1]) is not list:
            raise IncorrectError("the notebook's process is broken: it answers with nonsense.")
        answer, changed, failure = reply
        positions = (n for n in changed if type(n) is int and 0 <= n < len(sent))
        return Called(self._line.stand_in(answer), tuple(positions), _failure(failure))

    def __call__(self, *arguments: object) -> Any:
        """Call it from a test cell; raise `LearnersError` for what it raises."""
        called = self.call(arguments)
        if called.failure:
            raise LearnersError(f"{called.failure.kind}: {called.failure.message[:300]}")
        return called.answer

    def _ask(self, what: str, **more: object) -> Any:
        subject = f"`{self._title}`" if self._title else "the function"
        return self._line.ask(subject, {"ask": what, "object": self._handle.number} | more)


_STAND_INS = (RemoteObject, RemoteFunction)


def _are(values: object, *kinds: type) -> bool:
    return (
        type(values) is list
        and len(values) == len(kinds)
        and all(type(value) is kind for value, kind in zip(values, kinds, strict=True))
    )


def _failure(parts: object) -> Failure | None:
    if parts is None:
        return None
    if type(parts) is not list or len(parts) != 5 or not _are(parts[:2], str, str):
        return Failure("Exception", "an error that could not be read")
    kind, message, line, code, unfinished = parts
    return Failure(
        kind[:100],
        message[:2000],
        line if type(line) is int else None,
        code[:300] if type(code) is str else None,
        unfinished[:100] if type(unfinished) is str else None,
    )
