"""Hold every mutant of an assignment's reference against its tests.

    python tests/assignments/mutation.py [ASSIGNMENT …]

prints a table. A mutant is *refused* when a test of the function in which it is says so: by the
cases that learners see, or only by the hidden ones. A mutant that no test can refuse, because it
does the same, stands in ``EQUIVALENT`` of the assignment's ``answers.py`` with the reason.

Mutants run in another process, with a limit on their processor time and memory: one that loops for
ever, or fills the memory, or ends Python is refused as well.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import queue
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import harness
from mutants import Mutant, mutants_of

from course_utils.checks import ExamplesTest, FunctionTest

VISIBLE, HIDDEN, SURVIVED = "visible", "hidden", "survived"
SECONDS = 10  # of processor time for a mutant
SILENCE = 120  # seconds that pass without a word before a process is given up, on a busy machine
MEMORY = 2 << 30  # bytes, beside what the libraries take


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: by which tests it was refused."""

    mutant: Mutant
    by: str


@dataclass(frozen=True)
class Score:
    """What became of the mutants of one assignment."""

    assignment: str
    fates: Sequence[Fate]
    seconds: float

    def share(self, *by: str) -> float:
        """Give the share of all mutants that was refused by these tests."""
        return sum(fate.by in by for fate in self.fates) / max(1, len(self.fates))

    def survivors(self) -> list[Mutant]:
        """Give the mutants that no test refused."""
        return [fate.mutant for fate in self.fates if fate.by == SURVIVED]

    def __str__(self) -> str:
        rows = [("function", "mutants", "refused", "by visible tests", "survived")]
        functions = list(dict.fromkeys(fate.mutant.function for fate in self.fates))
        for function in [*functions, None]:
            fates = [f for f in self.fates if function in (None, f.mutant.function)]
            count = Counter(fate.by for fate in fates)
            refused = count[VISIBLE] + count[HIDDEN]
            rows.append(
                (
                    function or "all",
                    str(len(fates)),
                    f"{refused / max(1, len(fates)):.1%}",
                    f"{count[VISIBLE] / max(1, len(fates)):.1%}",
                    str(count[SURVIVED]),
                )
            )
        wide = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = [
            "  ".join(
                cell.ljust(width) if n == 0 else cell.rjust(width)
                for n, (cell, width) in enumerate(zip(row, wide, strict=True))
            )
            for row in rows
        ]
        head = f"{self.assignment}: mutants ({self.seconds:.0f} s of processor time)"
        return "\n".join([head, *lines])


def mutants(assignment: str) -> list[Mutant]:
    """Give all mutants of an assignment's reference solutions."""
    cells = harness.cells_with_solutions(harness.source_notebook(assignment)).values()
    return [mutant for cell in cells for mutant in mutants_of(cell.source)]


def score(assignment: str) -> Score:
    """Run all mutants of an assignment.

    Parameters
    ----------
    assignment
        Its name.
    """
    found = mutants(assignment)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    fates: list[Fate] = []
    while len(fates) < len(found):
        for by in _answers(assignment, len(fates)):
            fates.append(Fate(found[len(fates)], by))
        if len(fates) < len(found):  # this one ended its process, or never let go of it
            fates.append(Fate(found[len(fates)], VISIBLE))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Score(assignment, fates, seconds)


def _answers(assignment: str, first: int) -> Iterator[str]:
    """Start a process that runs the mutants from this one on; give what it says of each."""
    command = [sys.executable, __file__, assignment, "--from", str(first)]
    # Models of ten examples only wait for more threads than one.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        while True:
            try:
                line = lines.get(timeout=SILENCE)
            except queue.Empty:
                return
            if line is None:
                return
            yield json.loads(line)
    finally:
        process.kill()
        process.wait()


# ---- in the process that runs mutants ------------------------------------------------------------


class OutOfTime(BaseException):
    """No check takes this for an answer's own error."""


def _run(assignment: str, first: int) -> None:
    number = assignment.split("_")[0]
    visible = importlib.import_module(f"{number}_checks").CHECKLIST.tests
    full = importlib.import_module(f"{number}_hidden").check.__self__.tests
    namespace = harness.reference_names(assignment)
    out, sys.stdout = sys.stdout, sys.stderr
    signal.signal(signal.SIGPROF, _out_of_time)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.RLIM_INFINITY))
    for mutant in mutants(assignment)[first:]:
        print(json.dumps(_fate(mutant, visible, full, dict(namespace))), file=out, flush=True)


def _out_of_time(*_: object) -> None:
    raise OutOfTime


def _fate(mutant: Mutant, visible: dict, full: dict, names: dict[str, object]) -> str:
    by = VISIBLE
    # Again and again, should the first be caught by the mutant itself.
    signal.setitimer(signal.ITIMER_PROF, SECONDS, 1)
    try:
        harness.execute(mutant.code, names)
        for test in visible.values():
            if mutant.function in test.names():
                _hold(test, names)
        by = HIDDEN
        for name, test in full.items():
            if mutant.function in test.names():
                _hold(test, names, after=visible[name])
        by = SURVIVED
    except (Exception, OutOfTime):
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return by


def _hold(test, names: dict[str, object], after=None) -> None:
    """Run a test, or what it has more than another; stop at the first case that is wrong."""
    objects = [names[name] for name in test.names()]
    if isinstance(test, FunctionTest):
        for case in test.cases[len(after.cases) if after else 0 :]:
            dataclasses.replace(test, cases=[case], mistakes={}).run(*objects)
    elif test is not after and not isinstance(test, ExamplesTest):
        test.run(*objects)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignment", nargs="*", default=harness.assignment_names())
    parser.add_argument("--from", type=int, dest="first", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.first is not None:
        _run(given.assignment[0], given.first)
        return
    for name in given.assignment:
        started = time.monotonic()
        made = score(name)
        print(made)
        for mutant in made.survivors():
            print(f"  survived in {mutant.function}: {mutant.change}")
        print(f"{time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    main()
