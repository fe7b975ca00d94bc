"""Classify pictures with a saved classifier: ``python -m course_utils.classify``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from course_utils._files import replace_when_complete
from course_utils._progress import ProgressBar
from course_utils.images.walking import Found, walk_files

__all__ = ["main"]

OK, SOME_UNREAD, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Words of the command line; ``None`` takes the program's own.

    Returns
    -------
    int
        0 when every file has a class, 1 when some could not be read (their rows say why) or there
        was none, 2 when the command cannot be carried out, 130 when it was interrupted.
    """
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except BrokenPipeError:
        # Whoever reads has enough, as `head` has. Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        kept = f"; {options.output} is as it was" if options.output else ""
        print(f"interrupted{kept}", file=sys.stderr)
        return INTERRUPTED
    except (OSError, ValueError, MemoryError) as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.classify",
        description="Classify pictures with a classifier that save_classifier wrote. Writes CSV: "
        "path, class, the probability of each class, and why a file could not be read.",
        epilog="Exit status: 0 every file has a class, 1 some could not be read, 2 other errors.",
    )
    parser.add_argument("saved", type=Path, metavar="SAVED", help="the saved classifier")
    parser.add_argument(
        "pictures",
        nargs="+",
        metavar="PICTURES",
        help="files, and folders with all that is in them; sorted by name within a folder",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write there, all of it or nothing, rather than to the standard output",
    )
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="the network's weights, where they are not the usual ones of its name",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="FOLDER",
        help="keep features there: a run that was interrupted goes on where it stopped",
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    return parser


def _run(options: argparse.Namespace) -> int:
    # torch takes seconds to start; a wrong option or a question for help should not wait for it.
    from course_utils.classifiers.classifying import classify_files, write_table
    from course_utils.classifiers.saving import load_classifier

    backbone = None
    if options.weights:
        from course_utils.classifiers.saving import read_about
        from course_utils.networks.loading import load_backbone

        backbone = load_backbone(read_about(options.saved).backbone, weights=options.weights)
    saved = load_classifier(options.saved, backbone=backbone)
    total = None if options.quiet else sum(1 for _ in _files(options))
    with (
        _output(options.output) as stream,
        ProgressBar(
            total=total, desc="classify", unit="file", disable=options.quiet, file=sys.stderr
        ) as bar,
    ):
        rows = classify_files(saved, _files(options), cache=options.cache)
        written, unread = write_table(stream, saved.class_names, rows, bar.update)
    if written == 0:
        print("there is no file in what was named", file=sys.stderr)
    if unread:
        print(
            f"{unread} of {written} files could not be read; the column 'problem' says why",
            file=sys.stderr,
        )
    return SOME_UNREAD if unread or not written else OK


def _files(options: argparse.Namespace) -> Iterator[Found]:
    """Give the files to classify; the output, should it lie among them, is none."""
    for found in walk_files(options.pictures):
        if options.output is None or not _is_output(found.path, options):
            yield found


def _is_output(path: str, options: argparse.Namespace) -> bool:
    if path in options.pictures:
        return False
    return (
        Path(path).name == options.output.name
        and Path(path).resolve() == Path(options.output).resolve()
    )


@contextmanager
def _output(path: Path | None) -> Iterator[IO[str]]:
    """Give where to write: a file, whole or not at all, or the standard output."""
    # A name that is no UTF-8 is written with its odd bytes as \udc.., and stops nothing.
    odd = "backslashreplace"
    if path is None:
        with open(
            sys.stdout.fileno(), "w", encoding="utf-8", errors=odd, newline="", closefd=False
        ) as stream:
            yield stream
        return
    with (
        replace_when_complete(path, make_folder=False) as temporary,
        temporary.open("w", encoding="utf-8", errors=odd, newline="") as stream,
    ):
        yield stream


if __name__ == "__main__":
    sys.exit(main())
