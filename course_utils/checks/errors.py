"""How a check fails."""

from __future__ import annotations

import textwrap

_MESSAGE_WIDTH = 80  # `nbgrader validate` cuts lines off at 87


class CheckError(AssertionError):
    """A check that failed. In a notebook it shows as its message, without a traceback."""

    verdict = "Check failed"

    def __str__(self) -> str:
        return f"{self.verdict}: {super().__str__()}"

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this. The learner's way to the error is in the message; the way through
        # this module would only push it off the screen.
        return [
            line
            for paragraph in str(self).splitlines()
            for line in textwrap.wrap(paragraph, _MESSAGE_WIDTH, subsequent_indent="  ") or [""]
        ]


class NotAttemptedError(CheckError):
    """There is no answer yet."""

    verdict = "Not attempted"

    @classmethod
    def still_a_stub(cls, what: str) -> NotAttemptedError:
        """Give the error for code that is as nbgrader released it.

        Parameters
        ----------
        what
            The code, as the subject of the sentence: "`area`", for instance.
        """
        return cls(
            f"{what} still raises NotImplementedError. Put your code in the place of that line."
        )


class IncorrectError(CheckError):
    """There is an answer, and it is wrong.

    Parameters
    ----------
    message
        What is wrong, in words.
    row
        The first row of the answer that is wrong, where that is what is wrong.
    """

    verdict = "Incorrect"

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


class PartlyRightError(CheckError):
    """There is an answer, and a part of it is right.

    Parameters
    ----------
    message
        What is missing, in words.
    points
        What the part that is right brings; more than none, and less than all.
    """

    verdict = "Partly right"

    def __init__(self, message: str, points: float) -> None:
        super().__init__(message)
        self.points = points
