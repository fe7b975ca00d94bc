"""A course folder with the tiny assignment, the project's own configuration, and its commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from .tiny import CHECKS, HIDDEN, NAME, RIGHT, TEST, notebook

ROOT = Path(__file__).resolve().parents[2]
ANSWER = f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION"


class Course:
    def __init__(self, root: Path):
        self.root = root
        self.assignments = root / "notebooks" / "assignments"
        self.results = self.assignments / "results" / NAME
        source = self.assignments / "source" / NAME
        source.mkdir(parents=True)
        shutil.copy(ROOT / "nbgrader_config.py", root)
        (source / "tiny_checks.py").write_text(CHECKS)
        (source / "tiny_hidden.py").write_text(HIDDEN)
        nbformat.write(notebook(ANSWER, TEST), source / f"{NAME}.ipynb")

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("COURSE_")}
        return kept | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            **more,
        }

    def command(self, *words: str, succeeds: bool | None = True, **more: str) -> str:
        done = subprocess.run(
            words, cwd=self.root, env=self.environment(**more), capture_output=True, text=True
        )
        said = done.stdout + done.stderr
        assert succeeds is None or (done.returncode == 0) is succeeds, said
        return said

    def generate(self) -> str:
        return self.command("nbgrader", "generate_assignment", NAME, "--create", "--force")

    def grade(self, *words: str, succeeds: bool = True, **more: str) -> str:
        command = [sys.executable, "-m", "course_utils.grading", NAME, *words]
        return self.command(*command, succeeds=succeeds, **more)

    def hand_in(self, who: str, content: nbformat.NotebookNode | bytes | None) -> Path:
        folder = self.assignments / "submitted" / who / NAME
        folder.mkdir(parents=True)
        if content is not None:
            text = content if isinstance(content, bytes) else json.dumps(content).encode()
            (folder / f"{NAME}.ipynb").write_bytes(text)
        return folder

    def rows(self) -> dict[str, dict[str, object]]:
        report = json.loads((self.results / "report.json").read_text())
        return {row["who"]: row for row in report["rows"]}

    def scores(self) -> dict[str, float]:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.assignments}/gradebook.db", "pixels") as gradebook:
            return {s.student.id: s.score for s in gradebook.assignment_submissions(NAME)}

    def autograded(self, who: str) -> nbformat.NotebookNode:
        return nbformat.read(self.assignments / "autograded" / who / NAME / f"{NAME}.ipynb", 4)
