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

    def recorded(self) -> dict[str, str]:
        """Give the digests of the results that are in the gradebook, by learner."""
        return self._read("recorded.json")

    def record(self, recorded: Mapping[str, str]) -> None:
        """Note whose results are in the gradebook."""
        self.write("recorded.json", dict(recorded))

    def fed_back(self) -> dict[str, str]:
        """Give the digests of the results that there is feedback on, by learner."""
        return self._read("fed_back.json")

    def feed_back(self, fed_back: Mapping[str, str]) -> None:
        """Note on whose results there is feedback."""
        self.write("fed_back.json", dict(fed_back))

    def write(self, name: str, content: Any) -> Path:
        """Write a JSON file into the folder."""
        path = self.folder / name
        with replace_when_complete(path) as temporary:
            temporary.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return path

    def _read(self, name: str) -> dict[str, str]:
        try:
            found = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _path(self, digest: str) -> Path:
        return self.folder / f"{digest}.json.z"
