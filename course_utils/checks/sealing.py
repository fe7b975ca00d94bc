"""Programs that a released module can run, and that nobody reads by accident.

Before an assignment is handed in, something that learners have must know the right answer to any
example that they may think of. So the program that gives it is released, packed: its source,
compressed, as a line of letters.

That is an envelope and no lock. It keeps the answer from somebody who opens the module to see what
a check tries, or who searches the folder. Whoever unpacks the line has the source, and whoever
calls the program has its answers. What nobody is to have before the deadline belongs into
``aN_hidden.py``, which is not released at all.

An author writes ``aN_hidden_programs.py``, which stays in the source folder, and packs it into
``aN_sealed.py``, which is released (a test holds that the two agree)::

    python -m course_utils.checks notebooks/assignments/source/a1_multiclass
"""

from __future__ import annotations

import base64
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_LINE = 92
_PREFIX = "from course_utils.checks import Sealed\n\nPROGRAMS = Sealed(\n"


class Sealed:
    r"""The names that sealed source defines: functions to call, lists to go through.

    Nothing is unpacked before a name is used.

    Parameters
    ----------
    text
        What `seal` gave.

    Examples
    --------
    >>> programs = Sealed(seal("def double(x):\n    return x + x"))
    >>> programs.double(21)
    42
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._names: dict[str, Any] | None = None

    def __getattr__(self, name: str) -> _Packed:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Packed(self, name)

    def _get(self, name: str) -> Any:
        if self._names is None:
            names: dict[str, Any] = {"__name__": "sealed_programs"}
            exec(compile(unseal(self._text), "<sealed programs>", "exec"), names)
            self._names = names
        try:
            return self._names[name]
        except KeyError:
            raise AttributeError(f"the sealed programs define no {name!r}") from None


class _Packed:
    """One name of sealed source."""

    def __init__(self, programs: Sealed, name: str) -> None:
        self._programs, self._name = programs, name

    def __call__(self, *arguments: Any) -> Any:
        return self._programs._get(self._name)(*arguments)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._programs._get(self._name))


def seal(source: str) -> str:
    """Pack source into letters.

    Parameters
    ----------
    source
        Python.
    """
    return base64.b85encode(zlib.compress(source.encode(), 9)).decode("ascii")


def unseal(text: str) -> str:
    """Give the source that was packed.

    Parameters
    ----------
    text
        What `seal` gave.
    """
    return zlib.decompress(base64.b85decode(text)).decode()


def sealed_module(source: str, number: str) -> str:
    """Give the module that is released for the programs of an assignment.

    Parameters
    ----------
    source
        The programs.
    number
        Which assignment: ``"a1"``.
    """
    head = (
        f'"""Programs that the checks of assignment {number[1:]} compare answers with.\n\n'
        "Packed, so that nobody reads the answers by accident; "
        '`course_utils.checks.sealing` says how.\n"""\n\n'
    )
    # The alphabet has no quotation mark and no backslash.
    packed = seal(source)
    starts = range(0, len(packed), _LINE)
    lines = "".join(f'    "{packed[start : start + _LINE]}"\n' for start in starts)
    return f"{head}{_PREFIX}{lines})\n"


def main(words: Sequence[str] | None = None) -> None:
    """Pack the programs of an assignment.

    Parameters
    ----------
    words
        The assignment's source folder, as on the command line.

    Raises
    ------
    SystemExit
        When there are no programs.
    """
    (folder,) = map(Path, words if words is not None else sys.argv[1:])
    programs = sorted(folder.glob("*_hidden_programs.py"))
    if len(programs) != 1:
        raise SystemExit(f"{folder} should hold one …_hidden_programs.py; it holds {len(programs)}")
    number = programs[0].name.split("_")[0]
    made = sealed_module(programs[0].read_text(encoding="utf-8"), number)
    (folder / f"{number}_sealed.py").write_text(made, encoding="utf-8")
