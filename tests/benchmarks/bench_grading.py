"""How fast a class is graded: autograding, feedback and export, beside nbgrader as it comes.

``python -m tests.benchmarks.bench_grading`` grades the same honest submissions both ways, in turns,
and prints where the time goes. ``--class 500`` grades an invented class of that size instead, and
prints time and memory.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "assignments"))

from demo_class import make_class  # noqa: E402 - its folder is no package

HONEST = ("right", "partly right", "gave up", "copied")
# nbgrader as it comes, but for where the course is, and hidden tests beside the notebook.
STOCK = """
c = get_config()
c.CourseDirectory.course_id = "pixels"
c.CourseDirectory.root = {root!r}
c.Execute.timeout = 60
c.Execute.iopub_timeout = 60  # on a busy machine 4 seconds end the run
c.ExportApp.plugin_class = "nbgrader.plugins.CsvExportPlugin"
c.CsvExportPlugin.to = {root!r} + "/grades.csv"
"""


def environment(folder: Path, config: Path) -> dict[str, str]:
    """Give the variables under which nbgrader finds a course."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COURSE_FOLDER": str(folder),
        "COURSE_EXCHANGE": "",
        "JUPYTER_CONFIG_PATH": str(config),
    }


def make_course(folder: Path, assignment: str, n: int) -> None:
    """Make a class whose first ``n`` honest learners have handed something in."""
    learners = make_class(folder, assignment, max(2 * n, 10))
    honest = [each.who for each in learners if each.kind in HONEST][:n]
    for place in (folder / "submitted").iterdir():
        if place.name not in honest:
            shutil.rmtree(place)


def stock_seconds(folder: Path, assignment: str) -> dict[str, float]:
    """Grade with nbgrader as it comes; give the seconds of each step."""
    config = folder / "stock"
    config.mkdir(exist_ok=True)
    (config / "nbgrader_config.py").write_text(STOCK.format(root=str(folder)))
    variables = environment(folder, config) | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder / "source" / assignment)])
    }
    spent = {}
    for step, words in {
        "autograde": ["autograde", assignment, "--force"],
        "feedback": ["generate_feedback", assignment, "--force"],
        "export": ["export"],
    }.items():
        started = time.monotonic()
        run([sys.executable, "-m", "nbgrader", *words], config, variables)
        spent[step] = time.monotonic() - started
    return spent


def our_seconds(folder: Path, assignment: str, *words: str) -> dict[str, float]:
    """Grade with the course's command; give the seconds of each step."""
    started = time.monotonic()
    command = [sys.executable, "-m", "course_utils.grading", assignment, "--force", *words]
    run(command, ROOT, environment(folder, ROOT))
    whole = time.monotonic() - started
    report = json.loads((folder / "results" / assignment / "report.json").read_text())
    spent: dict[str, float] = report["seconds"]
    return {"starting": whole - sum(spent.values())} | spent


def run(command: list[str], folder: Path, variables: dict[str, str]) -> None:
    """Run a command; say what it said when it fails."""
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def compare(assignment: str, n: int, rounds: int) -> None:
    """Print the seconds of both ways, the best of some rounds in which they take turns."""
    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "course")
        make_course(folder, assignment, n)
        for _ in range(rounds):
            for way, grade in (("nbgrader as it comes", stock_seconds), ("ours", our_seconds)):
                spent = grade(folder, assignment)
                if way not in best or sum(spent.values()) < sum(best[way].values()):
                    best[way] = spent
    print(f"\n{n} submissions of {assignment}: autograde, feedback and export\n")
    print(
        "| way | seconds | seconds a submission | submissions a minute |\n| --- | --: | --: | --: |"
    )
    for way, spent in best.items():
        whole = sum(spent.values())
        print(f"| {way} | {whole:.1f} | {whole / n:.2f} | {60 * n / whole:.1f} |")
    print("\nWhere the time goes\n\n| way | step | seconds |\n| --- | --- | --: |")
    for way, spent in best.items():
        for step, seconds in spent.items():
            print(f"| {way} | {step} | {seconds:.1f} |")
    stock, ours = (sum(spent.values()) for spent in best.values())
    print(f"\nours: {stock / ours:.1f} times the rate of nbgrader as it comes (wanted: at least 5)")


def grade_a_class(assignment: str, n: int) -> None:
    """Print how long a class of ``n`` invented learners takes, hostile ones too, and how much."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "course")
        make_class(folder, assignment, n)
        most = {"the run's own process": 0, "all its processes": 0}
        over = threading.Event()
        watch = threading.Thread(target=watch_memory, args=(most, over), daemon=True)
        watch.start()
        spent = our_seconds(folder, assignment)
        over.set()
        watch.join()
        rows = json.loads((folder / "results" / assignment / "report.json").read_text())["rows"]
    whole = sum(spent.values())
    print(f"\n{n} invented learners, {assignment}: {whole:.0f} s, {60 * n / whole:.1f} a minute\n")
    print("| step | seconds |\n| --- | --: |")
    for step, seconds in spent.items():
        print(f"| {step} | {seconds:.1f} |")
    print("\n| memory | MB at most |\n| --- | --: |")
    for what, size in most.items():
        print(f"| {what} | {size / 1e6:.0f} |")
    print(f"| a submission | {max(row['memory'] for row in rows) / 1e6:.0f} |")


def watch_memory(most: dict[str, int], over: threading.Event) -> None:
    """Note the memory of the grading run, a few times a second, until it is over."""
    while not over.wait(0.3):
        try:
            children = psutil.Process().children(recursive=True)
            sizes = [(child.pid, child.memory_info().rss) for child in children]
            shared = sum(child.memory_full_info().pss for child in children)
        except psutil.Error:
            continue
        if sizes:
            most["the run's own process"] = max(most["the run's own process"], sizes[0][1])
            most["all its processes"] = max(most["all its processes"], shared)


def processor() -> str:
    """Name the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    """Measure, print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assignment", default="a1_multiclass")
    parser.add_argument("-n", type=int, default=12, help="submissions to compare on")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--class", type=int, dest="size", help="grade a class of so many instead")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    print(
        f"{processor()}, {cores} cores, load {load:.1f} before; Python {platform.python_version()}"
    )
    if options.size:
        grade_a_class(options.assignment, options.size)
    else:
        compare(options.assignment, options.n, options.rounds)


if __name__ == "__main__":
    main()
