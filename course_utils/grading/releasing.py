"""Handing feedback out, which no submission can end for everybody.

nbgrader finds a learner's feedback by a secret that came with the submission, and stops at the
first one that has none: one that a learner took out, or that was put into the course's folder by
hand. ``nbgrader_config.py`` names this step in its place.
"""

from __future__ import annotations

import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

__all__ = ["SafeReleaseFeedback"]

_NEEDED = ("timestamp.txt", "submission_secret.txt")
_LARGEST = 1000  # bytes; nbgrader writes 128


class SafeReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's handing out, which leaves out who cannot be handed anything, by name."""

    def copy_files(self) -> None:
        """Hand out the feedback of everybody whose submission came through the exchange."""
        left_out = [self.coursedir.student_id_exclude or ""]
        for place in sorted(glob.glob(self.src_path)):  # noqa: PTH207 - of nbgrader's own pattern
            reason = _missing(Path(place))
            if reason:
                who = Path(place).parent.name
                left_out.append(who)
                self.log.warning(
                    "%a is handed no feedback: %s, as where something was not handed in through "
                    "the exchange. The page is in %s.",
                    who,
                    reason,
                    place,
                )
        self.coursedir.student_id_exclude = ",".join(filter(None, left_out))
        super().copy_files()


def _missing(folder: Path) -> str:
    """Say what keeps nbgrader from finding whose feedback this is; nothing where nothing does."""
    for name in _NEEDED:
        try:
            with (folder / name).open("rb") as file:
                file.read(_LARGEST).decode()
        except (OSError, UnicodeDecodeError):
            return f"the submission has no {name} that can be read"
    return ""
