"""Features from the shell: ``python -m course_utils.features FOLDER OUT``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from course_utils.arrays import ArrayBusyError
from course_utils.features.bulk import extract_to_folder
from course_utils.features.engines.choosing import ENGINES
from course_utils.networks.devices import PRECISIONS

DONE, STOPPED, WRONG_USE = 0, 130, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Words of the command line; ``None`` takes the program's own.

    Returns
    -------
    int
        0 when all pictures are done, 2 when something is wrong, 130 after Ctrl-C.
    """
    options = vars(_parser().parse_args(arguments))
    try:
        features = extract_to_folder(**options)
    except KeyboardInterrupt:
        print(f"\nstopped. {_how_to_go_on(options['out'])}", file=sys.stderr)
        return STOPPED
    except (OSError, ValueError, RuntimeError, MemoryError, ImportError) as error:
        print(f"error: {error}", file=sys.stderr)
        if not isinstance(error, (ValueError, ImportError, ArrayBusyError)):
            print(_how_to_go_on(options["out"]), file=sys.stderr)
        return WRONG_USE
    print(features.summary())
    return DONE


def _how_to_go_on(out: Path) -> str:
    return f"What is finished is in {out}; the same command goes on from there"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.features",
        description="Compute deep features of any number of pictures into a folder. Stopped by "
        "whatever, the same command goes on where it was.",
        epilog="In Python, course_utils.open_features(OUT) reads them.",
    )
    parser.add_argument(
        "pictures",
        metavar="FOLDER|LIST",
        help="a folder of pictures or of class folders; a text file with a path a line; or a .csv "
        "file with the columns path and label",
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="the folder to write")
    parser.add_argument("--backbone", default="efficientnet_lite0", help="a network, by its name")
    parser.add_argument("--layer", default="features")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, mps or such as cuda:1")
    parser.add_argument("--engine", default="auto", choices=("auto", *ENGINES))
    parser.add_argument("--precision", default="auto", choices=("auto", *PRECISIONS))
    parser.add_argument("--threads", type=int, help="decoding threads; by itself one a core")
    parser.add_argument(
        "--on-bad-image",
        default="skip",
        choices=("skip", "raise"),
        help="leave pictures that cannot be read out, or stop at the first",
    )
    parser.add_argument(
        "--no-draft", dest="draft", action="store_false", help="decode JPEG files in full"
    )
    parser.add_argument(
        "--scheduler",
        help="hand the work to Dask: the address of a scheduler (tcp://host:8786), or local for a "
        "process a core on this machine",
    )
    parser.add_argument(
        "--same-pictures",
        action="store_true",
        help="go on with the pictures that OUT was begun with, without looking at them again",
    )
    parser.add_argument("--no-progress", dest="progress", action="store_false")
    return parser


if __name__ == "__main__":
    sys.exit(main())
