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

    inspect = commands.add_parser("inspect", help="say what an array is, without reading it")
    inspect.add_argument("paths", nargs="+", type=Path, metavar="ARRAY")
    inspect.add_argument("--json", action="store_true", help="print one JSON object a line")
    inspect.set_defaults(run=_inspect)

    verify = commands.add_parser("verify", help="read everything and check every checksum")
    verify.add_argument("paths", nargs="+", type=Path, metavar="ARRAY")
    verify.set_defaults(run=_verify)

    convert = commands.add_parser("convert", help="rewrite an array in our format, or as .npy")
    convert.add_argument("source", type=Path, metavar="ARRAY")
    convert.add_argument(
        "target",
        type=Path,
        nargs="?",
        help="a name ending in .npy for that format; left out, the array is rewritten in its place",
    )
    convert.add_argument("--compression", choices=("fast", "small"), default="fast")
    convert.add_argument("--replace", action="store_true", help="replace an array at TARGET")
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
                "shape": list(array.shape),
                "dtype": str(array.dtype),
                "bytes": array.nbytes,
                "bytes_on_disk": array.stored_bytes,
                "rows_per_chunk": array.chunk_rows,
                "attributes": array.attributes,
            }
        if options.json:
            print(json.dumps(facts))
        else:
            _print_facts(facts)
    return OK


def _print_facts(facts: dict[str, object]) -> None:
    print(facts["path"])
    for name, value in list(facts.items())[1:-1]:
        print(
            f"  {name.replace('_', ' '):15} {value:,}"
            if isinstance(value, int)
            else f"  {name:15} {value}"
        )
    print(f"  {'attributes':15} {json.dumps(facts['attributes'], indent=4)}")


def _verify(options: argparse.Namespace) -> int:
    status = OK
    for path in options.paths:
        try:
            with open_array(path) as array:
                n_chunks = array.verify()
                unchecked = (
                    ""
                    if array.format == "course array"
                    else (f"; {array.format} has no checksums, so some damage does not show")
                )
                print(f"{path}: sound, {n_chunks:,} chunks, {array.nbytes:,} bytes{unchecked}")
        except (ValueError, TypeError, OSError) as error:
            print(f"{path}: NOT SOUND: {error}")
            status = DIFFERENT
    return status


def _convert(options: argparse.Namespace) -> int:
    target: Path = options.target or options.source
    in_place = target.resolve() == options.source.resolve()
    if kind_of(target) != "nothing" and not (options.replace or in_place):
        raise FileExistsError(f"there is something at {target}; give --replace to replace it")
    with open_array(options.source) as source:
        if target.suffix == ".npy":
            _write_npy(source, target)
        elif not source.shape:
            save_array(target, source[()], attributes=source.attributes)
        else:
            with ArrayWriter(
                target,
                source.shape[1:],
                source.dtype,
                mode="w",
                attributes=source.attributes,
                compression=options.compression,
            ) as writer:
                for rows in source.chunks():
                    writer.append(rows)
    print(f"{options.source} -> {target}")
    return OK


def _write_npy(source: ReadableArray, target: Path) -> None:
    if source.attributes:
        print("note: .npy has no place for the attributes; they are left behind", file=sys.stderr)
    with replace_when_complete(target) as temporary, temporary.open("wb") as file:
        header = {"descr": source.dtype.str, "fortran_order": False, "shape": source.shape}
        np.lib.format.write_array_header_2_0(file, header)
        for rows in source.chunks():
            file.write(rows.tobytes())


def _compare(options: argparse.Namespace) -> int:
    with open_array(options.first) as first, open_array(options.second) as second:
        findings = [
            f"{name}: {a} and {b}"
            for name, a, b in (
                ("shape", first.shape, second.shape),
                ("dtype", first.dtype.str, second.dtype.str),
            )
            if a != b
        ]
        if first.shape == second.shape:
            findings += _compare_values(first, second)
        if first.attributes != second.attributes:
            print("note: the attributes differ")
    for finding in findings:
        print(finding)
    print("the arrays differ" if findings else "the arrays hold the same")
    return DIFFERENT if findings else OK


def _compare_values(first: ReadableArray, second: ReadableArray) -> list[str]:
    n_different, example, start = 0, "", 0
    for block in first.chunks():
        stop = start + (len(block) if block.ndim else 0)
        other = second[start:stop] if block.ndim else second[()]
        different = ~_equal(block, np.asarray(other))
        if different.any() and not n_different:
            place = tuple(int(axis[0]) for axis in different.nonzero()) if block.ndim else ()
            shown = f"{block[place]!r} and {other[place]!r}"
            where = [start + place[0], *place[1:]] if place else []
            example = f", the first at {where}: {shown}"
        n_different += int(np.count_nonzero(different))
        start = stop
    return [f"values: {n_different:,} of {first.size:,} differ{example}"] if n_different else []


def _equal(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Compare item by item; a missing number equals a missing number."""
    try:
        equal = np.asarray(a == b)
    except np.exceptions.DTypePromotionError as error:
        raise TypeError(f"{a.dtype} and {b.dtype} cannot be compared") from error
    if a.dtype.kind in "fcmM" and b.dtype.kind == a.dtype.kind:
        missing = np.isnat if a.dtype.kind in "mM" else np.isnan
        equal = equal | (missing(a) & missing(b))
    return equal


if __name__ == "__main__":
    sys.exit(main())
