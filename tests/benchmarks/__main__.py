"""Run every benchmark of this folder in turn: ``python -m tests.benchmarks [NAME…]``."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
BENCHMARKS = sorted(path.stem for path in FOLDER.glob("bench_*.py"))


def main(names: list[str]) -> int:
    """Run the benchmarks named (with or without ``bench_``), or all; give the worst exit status."""
    chosen = [name if name.startswith("bench_") else f"bench_{name}" for name in names]
    if unknown := sorted(set(chosen) - set(BENCHMARKS)):
        print(f"no benchmark called {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
        return 2
    # A process each: one benchmark's threads, caches and loaded networks must not help another.
    return max(
        subprocess.call([sys.executable, "-m", f"tests.benchmarks.{name}"])
        for name in chosen or BENCHMARKS
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
