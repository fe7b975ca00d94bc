"""Every attack on nbgrader as it comes, beside what the course's grading makes of it.

``python -m tests.benchmarks.bench_attacks`` takes minutes. It says where what it finds differs from
the list in ``tests/grading/attacks.py``, and prints the tables of ``book/threats.md``. That every
attack fails here, `tests/grading/test_attacks.py` proves.
"""

from __future__ import annotations

import argparse
import shutil

from tests.grading.more_attacks import ALL
from tests.grading.stock import against_stock
from tests.grading.threats import different, summary, table


def main() -> None:
    """Measure, print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", action="store_true", help="measure nothing, print the tables")
    options = parser.parse_args()
    if shutil.which("bwrap") is None:
        raise SystemExit("Attacks are tried inside bubblewrap (bwrap), which is not here.")
    if not options.tables:
        tried = [n for n, attack in enumerate(ALL) if attack.stock in ("works", "fails")]
        measured = against_stock(tried)
        works = sum(outcome == "works" for outcome in measured.values())
        print(f"{works} of {len(measured)} attacks work on nbgrader as it comes.")
        for line in different(measured):
            print(f"- {line}")
    print(f"\n{summary()}\n\n{table()}")


if __name__ == "__main__":
    main()
