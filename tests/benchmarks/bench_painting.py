"""How fast animals are painted, and what the painted set teaches, over ten seeds.

python -m tests.benchmarks.bench_painting [SEEDS]
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from data_scripts.painting import paint_dataset
from tests.data_scripts.painted_lesson import lesson


def main(seeds: int) -> None:
    """Print a line for each seed, then pictures a minute."""
    head = ("seed", "pixels", "deep", "errors", "big cats", "of", "with 1 more", "with 3 more")
    print(("{:>12}" * len(head)).format(*head))
    spent = 0.0
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            paint_dataset(Path(folder) / "animals", seed=seed, progress=False)
            spent += time.perf_counter() - start
            result = lesson(Path(folder) / "animals")
        print(
            f"{seed:12}{result.pixels:12.3f}{result.deep:12.3f}{result.errors:12}"
            f"{result.big_cat_errors:12}{result.big_cats:12}"
            f"{result.repaired[1]:12.3f}{result.repaired[3]:12.3f}",
            flush=True,
        )
    print(f"{300 * seeds / spent * 60:.0f} pictures a minute on {os.cpu_count()} processors")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
