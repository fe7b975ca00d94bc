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

    src_path: str

    def copy_files(self) -> None:
        """Hand out the feedback of everybody whose submission came through the exchange."""
        everybody = self.src_path
        for place in sorted(glob.glob(everybody)):  # noqa: PTH207 - of nbgrader's own pattern
            reason = _missing(Path(place))
            if not reason:
                self.src_path = glob.escape(place)
                try:
                    super().copy_files()
                except Exception as error:  # of one learner, who is named; the others get theirs
                    reason = f"it could not be copied ({type(error).__name__})"
            if reason:
                self.log.warning(
                    "%a is handed no feedback: %s. The page is in %a.",
                    Path(place).parent.name,
                    reason,
                    place,
                )
        self.src_path = everybody


def _missing(folder: Path) -> str:
    """Say what keeps nbgrader from finding whose feedback this is; nothing where nothing does."""
    for name in _NEEDED:
        try:
            with (folder / name).open("rb") as file:
                content = file.read(_LARGEST + 1)
            content.decode()
        except (OSError, UnicodeDecodeError):
            content = b""
        if not 0 < len(content) <= _LARGEST:
            return (
                f"the submission has no {name} that can be read, as where something was not "
                "handed in through the exchange"
            )
    return ""
