"""The table of what is done and what is not.

It is for the learner's eyes: no verdict depends on it.
"""

from __future__ import annotations

import enum
import html
import sys
from collections.abc import Mapping


class State(enum.Enum):
    """What a test came to, as the table says it."""

    RIGHT = "✓ right"
    PARTLY = "◐ partly right"
    INCORRECT = "✗ incorrect"
    NOT_ATTEMPTED = "○ not attempted"
    NOT_RUN = "○ not defined: run its cell"


class Progress:
    """What each test of an assignment came to last.

    Parameters
    ----------
    exercises
        The number of the exercise that each test belongs to.
    by_hand
        Exercises that a person reads, with what they are.
    """

    def __init__(self, exercises: Mapping[str, str], by_hand: Mapping[str, str]) -> None:
        self._exercises, self._by_hand = exercises, by_hand
        self._states = dict.fromkeys(exercises, State.NOT_RUN)
        self._shown = False

    def note(self, test: str, state: State) -> None:
        """Keep what a test came to, and bring the tables that are on the screen up to date."""
        self._states[test] = state
        if self._shown:
            _display(self, str(id(self)), update=True)

    def show(self) -> None:
        """Show the table here, and bring those that are on the screen up to date."""
        self._shown = True
        if in_a_notebook():
            _display(self, str(id(self)), update=True)
            _display(self, str(id(self)))
        else:
            print(self)

    def _rows(self, test: str = "{}") -> list[tuple[str, str, str]]:
        rows = [
            (self._exercises[name], test.format(name), state.value)
            for name, state in self._states.items()
        ]
        return rows + [
            (exercise, what, "a person reads it") for exercise, what in self._by_hand.items()
        ]

    def _summary(self) -> str:
        done = sum(state is State.RIGHT for state in self._states.values())
        return f"{done} of {len(self._states)} checks say right"

    def __repr__(self) -> str:
        rows = [("exercise", "what", "now"), *self._rows()]
        wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
        lines = [f"{a:{wide[0]}}  {b:{wide[1]}}  {c}" for a, b, c in rows]
        return "\n".join([*lines, self._summary()])

    def _repr_html_(self) -> str:
        body = "".join(
            f'<tr><th scope="row">{html.escape(exercise)}</th>'
            f'<td style="text-align: left">{name}</td>'
            f'<td style="text-align: left">{html.escape(state)}</td></tr>'
            for exercise, name, state in self._rows("<code>{}</code>")
        )
        head = "".join(
            f'<th scope="col" style="text-align: left">{title}</th>'
            for title in ("exercise", "what", "now")
        )
        return (
            f"<table><caption>{self._summary()}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def in_a_notebook() -> bool:
    """Say whether this runs in a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")


def _display(what: object, identity: str, *, update: bool = False) -> None:
    if not in_a_notebook():
        return
    from IPython.display import display

    display(what, display_id=f"progress-{identity}", update=update)
