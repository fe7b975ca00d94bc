"""What the rows of a folder were made with, and by which machines: ``provenance.json``."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from course_utils._files import replace_when_complete
from course_utils.features.jobs import Job

__all__ = ["About", "HasWorkers"]

_ENGINE = ("engine", "device", "precision")
# A kill may cost so many seconds of the tally of who computed how much; never a row.
_NOTE_SECONDS = 10.0


class HasWorkers(Protocol):
    """What computes."""

    @property
    def workers(self) -> list[dict[str, Any]]:
        """Who has computed how many pictures so far."""


class About:
    """The provenance of a folder; rows that would not belong to it are refused.

    Parameters
    ----------
    folder : pathlib.Path
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "provenance.json"
        try:
            self._begun: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self._begun = {}

    def check_same(self, settings: dict[str, Any]) -> None:
        """Refuse to go on with other settings than those that the work was begun with.

        Raises
        ------
        ValueError
            Naming what differs.
        """
        different = [key for key, value in settings.items() if self._begun.get(key) != value]
        if self._begun and different:
            said = "; ".join(
                f"{key} was {self._begun.get(key)}, is {settings[key]}" for key in different
            )
            raise ValueError(
                f"{self._folder} holds features that were made otherwise ({said}); rows of both "
                f"would not belong together. Choose another folder"
            )

    def kept_to(self, asked: dict[str, str]) -> dict[str, str]:
        """Give the engine, device and precision that the work was begun with, or what is asked for.

        Raises
        ------
        ValueError
            When something else is asked for than it was begun with.
        """
        if not self._begun:
            return asked
        for key in _ENGINE:
            if asked[key].partition(":")[0] not in ("auto", self._begun[key]):
                begun = "{engine} {precision} on {device}".format(**self._begun)
                raise ValueError(
                    f"{self._folder} was begun with {begun}, not with {key}={asked[key]!r}; rows "
                    f"of two engines do not belong together. Choose another folder"
                )
        device = asked["device"] if asked["device"] != "auto" else self._begun["device"]
        return {key: self._begun[key] for key in _ENGINE} | {"device": device}

    def begin(self, job: Job, made: dict[str, Any], pictures: int) -> None:
        """Write what the first row will be made with, before it is there."""
        self._begun = self._begun or {
            **made,
            "source": job.backbone.source,
            "shape": list(job.truncated.shape),
            "pictures": pictures,
            "seconds": 0.0,
            "workers": [],
        }
        self._write(self._begun)

    @contextmanager
    def noting(self, machines: HasWorkers) -> Iterator[None]:
        """Note who computes, and how long it takes, until the block ends, however it does."""
        self._machines, self._since = machines, time.monotonic()
        self._last = self._since
        try:
            yield
        finally:
            self._note()

    def note_from_time_to_time(self) -> None:
        """Note it now, if the last time is some seconds ago."""
        if time.monotonic() - self._last > _NOTE_SECONDS:
            self._note()

    def _note(self) -> None:
        self._last = time.monotonic()
        self._write(
            {
                **self._begun,
                "seconds": round(self._begun["seconds"] + self._last - self._since, 3),
                "workers": [*self._begun["workers"], *self._machines.workers],
            }
        )

    def _write(self, provenance: dict[str, Any]) -> None:
        with replace_when_complete(self._file) as temporary:
            text = json.dumps(provenance, indent=1, ensure_ascii=False)
            temporary.write_text(text, encoding="utf-8")
