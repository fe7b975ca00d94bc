"""One machine, in the place of a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from course_utils.features.decoding import Picture
from course_utils.features.engines import EngineChoice
from course_utils.features.jobs import Job
from course_utils.features.machine import describe_machine
from course_utils.features.run import Extraction, run, settle_engine

__all__ = ["Here"]


class Here:
    """Computes chunk after chunk, with all threads of this machine.

    Parameters
    ----------
    job : Job
    choices : list of EngineChoice
        What may compute, the fastest first.
    """

    def __init__(self, job: Job, choices: list[EngineChoice]) -> None:
        self._job, self._choices = job, choices
        self._choice = choices[0]
        self._done = 0

    def settle(self, groups: Iterable[list[Picture]]) -> dict[str, Any]:
        """Choose an engine by trying it on the first pictures.

        Returns
        -------
        dict
            What rows depend on, and why this engine.

        Raises
        ------
        EngineFailure
            When none works.
        """
        self._choice, difference = settle_engine(self._job, self._choices, groups)
        return {
            **self._job.recipe(self._choice),
            "reason": self._choice.reason,
            "difference_from_fp32": difference,
        }

    def rows(self, chunks: Iterable[list[Picture]]) -> Iterator[tuple[list[Picture], Extraction]]:
        """Compute chunk after chunk.

        Yields
        ------
        chunk : list of pictures
        rows : Extraction
        """
        for chunk in chunks:
            yield chunk, run(replace(self._job, sources=chunk), self._choice)
            self._done += len(chunk)

    @property
    def workers(self) -> list[dict[str, Any]]:
        """Who has computed how many pictures so far: this machine."""
        machine = describe_machine(self._choice, self._job.threads)
        return [{**machine, "pictures": self._done}]
