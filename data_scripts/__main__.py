"""The command ``python -m data_scripts``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from course_utils.datasets.registry import DATA_SETS
from data_scripts import commands
from data_scripts.errors import DataError
from data_scripts.fetching import TIMEOUT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give the exit status: 0 done, 1 not possible, 2 misused, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DataError as problem:
        _complain(str(problem))
        return 1
    except KeyboardInterrupt:
        _complain("stopped. What arrived is kept; give the same command to go on.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data_scripts",
        description="The course's data sets: list, fetch, verify and remove them.",
        epilog="They live in COURSE_DATA (default: data/ in the project). With COURSE_DATA_MIRROR, "
        "a folder or an http address, they are fetched from there.",
    )
    commands_of = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: object, what: str) -> argparse.ArgumentParser:
        command = commands_of.add_parser(name, help=what, description=what)
        command.set_defaults(run=run)
        return command

    add("list", _list, "say what there is, and what is here")
    fetch = add("fetch", _fetch, "get data sets; what is here already stays")
    fetch.add_argument("names", nargs="+", metavar="NAME")
    fetch.add_argument(
        "--timeout",
        type=float,
        default=TIMEOUT,
        metavar="SECONDS",
        help=f"how long to wait for an answer (default {TIMEOUT:g})",
    )
    verify = add("verify", _verify, "compare the files that are here with their SHA-256")
    verify.add_argument("names", nargs="*", metavar="NAME")
    remove = add("remove", _remove, "delete data sets")
    remove.add_argument("names", nargs="+", metavar="NAME")
    add("prepare", _prepare, "get the photographs if that takes seconds, otherwise paint")
    return parser


def _list(options: argparse.Namespace) -> int:
    root = commands.data_directory()
    print(f"Data directory: {root}")
    for name, info in DATA_SETS.items():
        print(f"\n{name}  [{info.state(root)}]")
        print(f"  {info.description}: {info.size}")
        print(f"  for: {info.purpose}")
        print(f"  licence: {info.licence}")
        print(f"  source: {info.source}")
    return 0


def _fetch(options: argparse.Namespace) -> int:
    failed = False
    for name in commands.known(options.names):
        try:
            print(commands.fetch(name, timeout=options.timeout), flush=True)
        except DataError as problem:
            _complain(str(problem))
            failed = True
    return int(failed)


def _complain(sentence: str) -> None:
    print(f"data: {sentence}", file=sys.stderr, flush=True)


def _verify(options: argparse.Namespace) -> int:
    verdicts = {
        name: commands.verify(name) for name in commands.known(options.names) or list(DATA_SETS)
    }
    for name, verdict in verdicts.items():
        print(verdict or f"{name}: not here.")
    asked_for = set(options.names)
    return int(
        any(
            name in asked_for if verdict is None else bool(verdict.missing or verdict.damaged)
            for name, verdict in verdicts.items()
        )
    )


def _remove(options: argparse.Namespace) -> int:
    for name in commands.known(options.names):
        print(commands.remove(name))
    return 0


def _prepare(options: argparse.Namespace) -> int:
    for sentence in commands.prepare():
        print(sentence, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
