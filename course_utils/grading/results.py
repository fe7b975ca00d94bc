"""The folder of results: what a run has graded is there for the next one."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils._files import replace_when_complete

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

    from course_utils.grading.submissions import Result


class Results:
    """Results of one assignment, by digest, and who of the class has which in the gradebook.

    Parameters
    ----------
    course
        Where the course is.
    assignment
        Its name.
    """

    def __init__(self, course: CourseDirectory, assignment: str) -> None:
        self.folder = Path(course.root, "results", assignment)

    def get(self, digest: str) -> Result | None:
        """Give a result; None where there is none, or none that can be read."""
        try:
            result = json.loads(zlib.decompress(self._path(digest).read_bytes()))
        except (OSError, ValueError, zlib.error):
            return None
        return result if isinstance(result, dict) and result.get("digest") == digest else None

    def put(self, result: Result) -> None:
        """Keep a result."""
        with replace_when_complete(self._path(result["digest"])) as temporary:
            temporary.write_bytes(zlib.compress(json.dumps(result).encode(), 1))

    def noted(self, step: str) -> dict[str, str]:
        """Give the digests of the results that a step has been done with, by learner.

        Parameters
        ----------
        step
            ``"recorded"`` in the gradebook, or ``"fed_back"`` to the learner.
        """
        try:
            found = json.loads((self.folder / f"{step}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def note(self, step: str, done: Mapping[str, str]) -> None:
        """Note with whose results a step has been done; see `noted`."""
        self.write(f"{step}.json", dict(done))

    def write(self, name: str, content: Any) -> Path:
        """Write a JSON file into the folder."""
        path = self.folder / name
        with replace_when_complete(path) as temporary:
            temporary.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return path

    def _path(self, digest: str) -> Path:
        return self.folder / f"{digest}.json.z"
