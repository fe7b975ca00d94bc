"""Paint from the command line: ``python -m data_scripts.painting {set,one,poster} …``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from course_utils._files import replace_when_complete
from data_scripts.errors import DataError
from data_scripts.painting.dataset import paint_dataset
from data_scripts.painting.poster import picture_format, save_poster
from data_scripts.painting.scene import KINDS, paint_animal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "set":
            paint_dataset(
                options.folder, options.train, options.valid, seed=options.seed, size=options.size
            )
        elif options.command == "poster":
            save_poster(options.file, options.columns, options.rows, seed=options.seed)
        else:
            kind = picture_format(options.file)
            animal = paint_animal(options.kind, np.random.default_rng(options.seed), options.size)
            with replace_when_complete(options.file) as temporary:
                animal.save(temporary, kind, quality=92)
    except (DataError, ValueError, OSError) as problem:
        print(f"Nothing was painted: {problem}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data_scripts.painting", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    whole = commands.add_parser("set", help="a set of cats, dogs and wild animals in two splits")
    whole.add_argument("folder", type=Path, help="new, empty, or holding a painted set")
    whole.add_argument("--train", type=int, default=50, help="pictures a class, for training")
    whole.add_argument("--valid", type=int, default=50, help="pictures a class, for validation")
    one = commands.add_parser("one", help="one picture")
    one.add_argument("kind", choices=KINDS)
    one.add_argument("file", type=Path, help="ends in .jpg or .png")
    for command in (whole, one):
        command.add_argument("--size", type=int, default=256, help="width and height in pixels")
        command.add_argument("--seed", type=int, default=0)
    poster = commands.add_parser("poster", help="a grid of many animals")
    poster.add_argument("file", type=Path, help="ends in .jpg or .png")
    poster.add_argument("--columns", type=int, default=6)
    poster.add_argument("--rows", type=int, default=2)
    poster.add_argument("--seed", type=int, default=10)
    return parser


if __name__ == "__main__":
    sys.exit(main())
