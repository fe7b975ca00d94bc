"""``python -m course_utils.grading.handing_out NAME …``: put assignments before a learner.

What ``make lab`` does with those that are not in the learner's folder yet: what ``nbgrader
generate_assignment``, ``release_assignment`` and ``fetch_assignment`` do, in one process. Starting
nbgrader three times takes longer than the work, and its page of log for each assignment buries the
sentences that are meant for a learner.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.utils import capture_log, temp_attrs

from course_utils._progress import ProgressBar

__all__ = ["hand_out"]


def hand_out(names: Sequence[str], *, release: bool, progress: bool = True) -> list[str]:
    """Release assignments where that is the learner's to do, and fetch them.

    Nothing is written over: an assignment whose folder is there already is an error.

    Parameters
    ----------
    names
        The assignments, such as ``["a1_multiclass"]``.
    release
        Whether to make and release the learner's version first. Where the instructor has an
        exchange of their own, it is theirs to do.
    progress
        Whether to show a progress bar.

    Returns
    -------
    list of str
        Those that were fetched. Where ``release`` is False, what nobody has released yet is left
        out.

    Raises
    ------
    RuntimeError
        If one could not be made, released or fetched; it says which, with nbgrader's own words.
    """
    app: Any = NbGrader()
    app.initialize(["--log-level=CRITICAL"])
    api = NbGraderAPI(
        coursedir=app.coursedir, authenticator=app.authenticator, exchange=app.exchange, parent=app
    )
    if release:
        # Where accounts share the exchange, everybody's work goes through this folder.
        exchange = Path(app.config.Exchange.root)
        exchange.mkdir(parents=True, exist_ok=True)
        exchange.chmod(0o777)
        todo = list(names)
    else:
        released = api.get_released_assignments()
        todo = [name for name in names if name in released]
    for name in ProgressBar(
        todo, desc="assignments", unit="assignment", leave=False, disable=not progress
    ):
        if release:
            _do(name, "made", partial(api.generate_assignment, name))
            _do(name, "released", partial(_exchanged, api, "ReleaseAssignment", name))
        _do(name, "fetched", partial(_exchanged, api, "FetchAssignment", name))
    return todo


def _exchanged(api: Any, step: str, name: str) -> dict[str, Any]:
    """Let nbgrader's exchange do a step; released before or not is the same to it."""
    app = getattr(api.exchange, step)(
        coursedir=api.coursedir, authenticator=api.authenticator, parent=api
    )
    app.force = step == "ReleaseAssignment"
    with temp_attrs(api.coursedir, assignment_id=name):
        return capture_log(app)


def _do(name: str, what: str, step: Callable[[], dict[str, Any]]) -> None:
    done = step()
    if not done["success"]:
        said = done.get("log") or ""
        raise RuntimeError(f"{name} could not be {what}:\n{said}{done.get('error') or ''}")


def main(words: Sequence[str] | None = None) -> None:
    """Hand out, and say in a line or two what is where."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.grading.handing_out")
    parser.add_argument("names", nargs="+", metavar="NAME", help="such as a1_multiclass")
    names = parser.parse_args(words).names
    try:
        # The variable that nbgrader_config.py reads: somebody else's exchange.
        fetched = hand_out(names, release=not os.environ.get("COURSE_EXCHANGE"))
    except RuntimeError as error:
        raise SystemExit(str(error).rstrip()) from None
    if fetched:
        print(f"Assignments: {', '.join(fetched)} in my_assignments.")
    missing = [name for name in names if name not in fetched]
    if missing:
        print(f"Not released yet: {', '.join(missing)}.", file=sys.stderr)


if __name__ == "__main__":
    main()
