"""Stored arrays from the shell: ``python -m course_utils.arrays``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from course_utils._files import replace_when_complete
from course_utils.arrays import ArrayBusyError, ArrayWriter, ReadableArray, open_array, save_array
from course_utils.arrays._codec import Compression
from course_utils.arrays._folder import kind_of

OK, DIFFERENT, WRONG_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Words of the command line; ``None`` takes the program's own.

    Returns
    -------
    int
        0 when all is well, 1 when an array is damaged or two differ, 2 when the command cannot be
        carried out.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (OSError, TypeError, ArrayBusyError, MemoryError) as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_USE
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return DIFFERENT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.arrays",
        description="Look after stored arrays: our own, old bcolz directories, and .npy files.",
        epilog="Exit status: 0 all is well, 1 an array is damaged or two differ, 2 other errors.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    inspect = commands.add_parser("inspect", help="say in JSON what an array is, not reading it")
    inspect.add_argument("paths", nargs="+", type=Path, metavar="ARRAY")
    inspect.set_defaults(run=_inspect)

    verify = commands.add_parser("verify", help="read everything and check every checksum")
    verify.add_argument("paths", nargs="+", type=Path, metavar="ARRAY")
    verify.set_defaults(run=_verify)

    convert = commands.add_parser("convert", help="copy an array into our format, or as .npy")
    convert.add_argument("source", type=Path, metavar="ARRAY")
    convert.add_argument("target", type=Path, help="a name ending in .npy for that format")
    convert.add_argument("--compression", choices=("fast", "small"), default="fast")
    convert.set_defaults(run=_convert)

    compare = commands.add_parser("compare", help="say whether two arrays hold the same")
    compare.add_argument("first", type=Path, metavar="ARRAY")
    compare.add_argument("second", type=Path, metavar="ARRAY")
    compare.set_defaults(run=_compare)
    return parser


def _inspect(options: argparse.Namespace) -> int:
    for path in options.paths:
        with open_array(path) as array:
            facts = {
                "path": os.fspath(path),
                "format": array.format,
                "shape": array.shape,
                "dtype": str(array.dtype),
                "bytes": array.nbytes,
                "bytes_on_disk": array.stored_bytes,
                "rows_per_chunk": array.chunk_rows,
                "attributes": array.attributes,
            }
        print(json.dumps(facts, indent=2, ensure_ascii=False))
    return OK


def _verify(options: argparse.Namespace) -> int:
    status = OK
    for path in options.paths:
        try:
            with open_array(path) as array:
                n_chunks = array.verify()
                unchecked = f"; {array.format} has no checksums, so some damage does not show"
                if array.format == "course array":
                    unchecked = ""
                print(f"{path}: sound, {n_chunks:,} chunks, {array.nbytes:,} bytes{unchecked}")
        except (ValueError, TypeError, OSError) as error:
            print(f"{path}: NOT SOUND: {error}")
            status = DIFFERENT
    return status


def _convert(options: argparse.Namespace) -> int:
    target: Path = options.target
    if kind_of(target) != "nothing":
        raise FileExistsError(f"there is something at {target}; choose another name")
    with open_array(options.source) as source:
        if target.suffix == ".npy":
            if source.attributes:
                print("note: .npy has no place for the attributes", file=sys.stderr)
            with replace_when_complete(target) as temporary, temporary.open("wb") as file:
                np.save(file, source.load())
        elif not source.shape:
            save_array(target, source.load(), attributes=source.attributes)
        else:
            _copy(source, target, options.compression)
    print(f"{options.source} -> {target}")
    return OK


def _copy(source: ReadableArray, target: Path, compression: Compression) -> None:
    # Block by block: bcolz was made for arrays that are larger than memory.
    with ArrayWriter(
        target,
        source.shape[1:],
        source.dtype,
        mode="w",
        attributes=source.attributes,
        compression=compression,
    ) as writer:
        for rows in source.chunks():
            writer.append(rows)


def _compare(options: argparse.Namespace) -> int:
    with open_array(options.first) as first, open_array(options.second) as second:
        if first.attributes != second.attributes:
            print("note: the attributes differ")
        try:
            np.testing.assert_array_equal(first.load(), second.load(), strict=True)
        except AssertionError as difference:
            print(f"the arrays differ: {str(difference).strip()}")
            return DIFFERENT
    print("the arrays hold the same")
    return OK


if __name__ == "__main__":
    sys.exit(main())
