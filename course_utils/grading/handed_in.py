"""A submission's folder: what of it is taken, and what is set aside before anything reads it.

Everything in there is of somebody who may want to be read as somebody else, to stop the run, or to
have a file of the instructor's copied: links, pipes that never end, names that no terminal should
print, a folder in a folder a thousand times, more files than there is room for; and settings, which
Jupyter's programs run where they find them. What is not taken is moved, not deleted, and named.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.utils import parse_utc

from course_utils.grading.restoring import MAX_NOTEBOOK_BYTES
from course_utils.grading.submissions import Submission

MAX_FILE, MAX_FILES, MAX_BYTES = 20 << 20, 500, 100 << 20
MAX_NOTEBOOKS, MAX_DEPTH, MAX_NAME = 50, 8, 200
NOTE, ASIDE, TIME = "LEFT_OUT.txt", "set_aside", "timestamp.txt"
_MAX_LINES, _MAX_LINE = 10, 300
_FIRST_LINE = "What was handed in here beside this was left out:\n"
_LEFT_OUT = "left out: "
# Formgrader, for one, runs the nbgrader_config.py of any folder that an address names.
_SETTINGS = ("nbgrader_config.*", "jupyter*config.*", "ipython*config.*", ".envrc")
_SETTINGS_FOLDERS = (".git", ".hg", ".vscode", ".idea")
# As nbgrader writes it, or another program: a time alone would be another one each day.
_TIME = re.compile(r"\s*20\d\d-\d\d-\d\d[ T]\d\d:\d\d")
# As accounts are called, or people. Nothing that a page, a table or a spreadsheet takes for more.
_NAME = re.compile(r"\w(?:[\w .@+-]*[\w.@+-])?")
HIDDEN = "*_hidden*"  # never given to learners, whatever is configured


@dataclass(frozen=True)
class HandedIn:
    """What there is in a folder.

    Parameters
    ----------
    taken
        Paths of regular files, relative to the folder, sorted.
    refused
        Paths of what is not taken, and why.
    """

    taken: Sequence[str]
    refused: Sequence[tuple[str, str]]


def is_name(who: str) -> bool:
    """Say whether somebody may be called so: with letters, digits and a few signs.

    Parameters
    ----------
    who
        The name of their folder, which whoever made it chose.
    """
    alone = unicodedata.is_normalized("NFKC", who)  # no other name that looks the same
    return len(who) <= MAX_NAME and alone and _NAME.fullmatch(who) is not None


def look_through(folder: Path) -> HandedIn:
    """Say what of a folder is taken. Nothing is opened but the time of the submission.

    Parameters
    ----------
    folder
        A submission's.
    """
    taken: list[str] = []
    refused: list[tuple[str, str]] = []
    files = notebooks = size = 0
    waiting = [""]
    while waiting:
        place = waiting.pop()
        try:
            entries = sorted(os.scandir(folder / place), key=lambda entry: entry.name)
        except OSError:
            refused.append((place.rstrip("/"), "it cannot be read"))
            continue
        for entry in entries:
            name = place + entry.name
            status = entry.stat(follow_symlinks=False)
            if reason := _refusal(name, status):
                refused.append((name, reason))
            elif stat.S_ISDIR(status.st_mode):
                waiting.append(f"{name}/")
            elif name == NOTE:
                taken.append(name)
            elif name.endswith(".ipynb"):
                notebooks += 1
                if notebooks <= MAX_NOTEBOOKS:
                    taken.append(name)
                else:
                    refused.append((name, f"more than {MAX_NOTEBOOKS} notebooks"))
            elif files >= MAX_FILES or size + status.st_size > MAX_BYTES:
                refused.append((name, f"more than {MAX_FILES} files, or {MAX_BYTES >> 20} MB"))
            elif name == TIME and not _is_time(folder / name, status.st_size):
                refused.append((name, "it is no time, so when this was handed in is not known"))
            else:
                files, size = files + 1, size + status.st_size
                taken.append(name)
    return HandedIn(sorted(taken), refused)


def _refusal(name: str, status: os.stat_result) -> str:
    """Say why something is not taken whatever else there is; nothing if it is."""
    if stat.S_ISLNK(status.st_mode):
        return "a link to somewhere else"
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        return "no file, but a pipe, a socket or a device"
    if not name.isprintable() or len(name) > MAX_NAME:
        return "a name that cannot be written, or is very long"
    if _are_settings(name, status):
        return "settings, which a program would follow"
    if stat.S_ISDIR(status.st_mode):
        too_deep = name.count("/") >= MAX_DEPTH
        return f"more than {MAX_DEPTH} folders in each other" if too_deep else ""
    if not name.endswith(".ipynb") and status.st_size > MAX_FILE:
        return f"more than {MAX_FILE >> 20} MB"
    return ""


def _are_settings(name: str, status: os.stat_result) -> bool:
    known = _SETTINGS_FOLDERS if stat.S_ISDIR(status.st_mode) else _SETTINGS
    return matches(Path(name).name.lower(), known)


def _is_time(path: Path, size: int) -> bool:
    try:
        text = path.read_text(encoding="utf-8") if size < 200 else ""
        # nbgrader takes an empty file for none, and a file that is no time for the end of its run.
        known = _TIME.match(text) is not None and parse_utc(text.strip()) is not None
        return size < 200 and (not text.strip() or known)
    except (OSError, ValueError, OverflowError):
        return False


def in_words(refused: Sequence[tuple[str, str]]) -> list[str]:
    """Say what was refused: ten lines at most, which any terminal may print."""
    lines = [f"{_LEFT_OUT}{_printable(name)}: {reason}" for name, reason in refused[:_MAX_LINES]]
    more = len(refused) - len(lines)
    return [*lines, f"{_LEFT_OUT}{more:,} more"] if more > 0 else lines


def _printable(name: str) -> str:
    name = name if len(name) <= 60 else f"{name[:57]}…"
    return name if name.isprintable() else ascii(name)


def read_submission(folder: Path, notebook: str, ignore: Iterable[str]) -> Submission:
    """Give what a learner handed in.

    Parameters
    ----------
    folder
        The submission's.
    notebook
        The name of the notebook that is graded.
    ignore
        Patterns of what is not given to the learner's code, as nbgrader has them.
    """
    found = look_through(folder)
    oddities = in_words(found.refused)
    name = f"{notebook}.ipynb"
    content = _content(folder / name, MAX_NOTEBOOK_BYTES + 1) if name in found.taken else None
    files = {}
    for path in found.taken:
        if path == NOTE:
            oddities += _noted(folder / path)
        elif path != TIME and not path.endswith(".ipynb") and not matches(path, [*ignore, HIDDEN]):
            files[path] = _content(folder / path, MAX_FILE)
    return Submission(content, files, tuple(oddities))


def read_files(folder: Path) -> dict[str, bytes]:
    """Give the files beside the instructor's own notebook, by path."""
    made = ("__pycache__", "*.pyc", ".ipynb_checkpoints", "*.ipynb")
    return {
        path: _content(folder / path, MAX_FILE)
        for path in look_through(folder).taken
        if not matches(path, made)
    }


def _content(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)


def _noted(note: Path) -> list[str]:
    text = _content(note, 10_000).decode(errors="replace")
    lines = text.removeprefix(_FIRST_LINE).splitlines() if text.startswith(_FIRST_LINE) else []
    # A learner may have written it. More blanks in a row would begin a new line on a terminal.
    kept = [" ".join(line.split()) for line in lines if line.startswith(_LEFT_OUT)]
    return [line[:_MAX_LINE] for line in kept if line.isprintable()][: _MAX_LINES + 1]


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Say whether a part of a path fits one of the patterns."""
    parts = Path(name).parts
    return any(fnmatch.fnmatch(part, pattern) for part in parts for pattern in patterns)


def set_aside(folder: Path) -> None:
    """Move what is not taken out of a submission's folder, and leave a note.

    It is in ``set_aside/LEARNER/ASSIGNMENT`` of the course's folder then: nbgrader copies all that
    lies in a submission into other folders, and follows links while it does so.

    Parameters
    ----------
    folder
        ``submitted/LEARNER/ASSIGNMENT``.
    """
    refused = look_through(folder).refused
    if not refused:
        return
    place = folder.parents[2] / ASIDE / folder.parent.name / folder.name
    number = 1
    while (place / str(number)).exists():
        number += 1
    for at, (name, _) in enumerate(refused):
        target = place / str(number) / name
        if _are_settings(name, (folder / name).lstat()):  # nor to be found under this name there
            target = place / str(number) / f"settings-{at}"
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(target)
    note_down(folder, refused)


def note_down(folder: Path, refused: Sequence[tuple[str, str]]) -> None:
    """Write into a submission's folder what of it was left out; `read_submission` reads it."""
    note = folder / NOTE
    before = _noted(note) if note.is_file() and not note.is_symlink() else []
    text = _FIRST_LINE + "\n".join([*before, *in_words(refused)]) + "\n"
    note.write_text(text, encoding="utf-8")


def defuse(*, notebooks: list[str], **_: object) -> None:
    """Set aside what is not taken, before nbgrader copies a submission.

    It is nbgrader's ``pre_convert_hook``. nbgrader goes on when this fails; so then the whole
    submission is set aside.
    """
    for folder in {Path(notebook).parent for notebook in notebooks}:
        try:
            set_aside(folder)
        except Exception:
            place = folder.parents[2] / ASIDE / folder.parent.name
            place.mkdir(parents=True, exist_ok=True)
            number = 1
            while (place / f"{folder.name}-{number}").exists():
                number += 1
            folder.rename(place / f"{folder.name}-{number}")
            folder.mkdir()
            note_down(folder, [(folder.name, "it could not be looked through")])
