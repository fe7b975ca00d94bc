"""Collecting submissions from the exchange, where any learner can put anything.

nbgrader's own step follows links and hard links with the instructor's rights, stops for everybody
at a file that cannot be copied or a folder with a wrong name, and takes what one learner put there
in another's name. ``nbgrader_config.py`` names this one in its place.
"""

from __future__ import annotations

import os
import pwd
import stat
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from course_utils.grading.handed_in import MAX_DEPTH, MAX_FILE, MAX_FILES, is_name, note_down

__all__ = ["SafeCollect"]

_MOST_FILES = 2 * MAX_FILES  # more are not even copied; grading takes `MAX_FILES`
_NOTEBOOK = 64 << 20


class SafeCollect(ExchangeCollect):
    """nbgrader's collecting, which follows no link and which no submission can end."""

    src_records: list[dict[str, Any]]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        refused = {"username": "", "filename": Path(path).name, "timestamp": None}
        try:
            record = dict(super()._path_to_record(path))
            status = os.lstat(path)
        except Exception as error:
            self.log.warning("Not collected: %a: %a", path, str(error))
            return refused
        if not stat.S_ISDIR(status.st_mode) or record["timestamp"] is None:
            self.log.warning("Not collected: %a is no submission", path)
            return refused
        if not is_name(record["username"]):
            self.log.warning("Not collected: %a is nobody's name", path)
            return refused
        if self.check_owner and record["username"] != _user(status.st_uid):
            self.log.warning(
                "Not collected: %a says that it is %s's, but belongs to %s. "
                "c.ExchangeCollect.check_owner = False takes it all the same.",
                path,
                record["username"],
                _user(status.st_uid),
            )
            return refused
        return record

    def _sort_by_timestamp(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        known = [record for record in records if record["username"]]
        return list(super()._sort_by_timestamp(known)) if known else records

    def init_src(self) -> None:
        """Find what there is to collect."""
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]

    def copy_files(self) -> None:
        """Copy what was found; one by one where an owner took theirs away in the meantime."""
        everything = self.src_records
        try:
            super().copy_files()
            return
        except Exception as error:
            self.log.warning("Collecting the submissions one by one: %a", str(error))
        for record in everything:
            self.src_records = [record]
            try:
                super().copy_files()
            except Exception as error:
                self.log.error("Not collected: %a: %a", record["filename"], str(error))
        self.src_records = everything

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission: regular files that belong to whom the folder belongs to."""
        try:
            with tempfile.TemporaryDirectory(prefix="collecting-") as temporary:
                clean = Path(temporary, "clean")
                clean.mkdir()
                refused = copy_regular_files(Path(src), clean)
                if refused:
                    note_down(clean, refused)
                super().do_copy(str(clean), dest, log=log)
        except Exception as error:
            self.log.error("Not collected: %a: %a", src, str(error))
            Path(dest).mkdir(parents=True, exist_ok=True)
            note_down(Path(dest), [(Path(src).name, "it could not be copied")])


def copy_regular_files(source: Path, target: Path) -> list[tuple[str, str]]:
    """Copy what is a regular file of the folder's owner; give what was left out, and why.

    Every file is opened from its folder's descriptor, and looked at once it is open: its owner may
    put a link in its place at any moment.

    Parameters
    ----------
    source
        The folder in the exchange.
    target
        A new folder.
    """
    refused: list[tuple[str, str]] = []
    owner = os.lstat(source).st_uid
    copied = 0
    for place, folders, names, descriptor in os.fwalk(source, follow_symlinks=False):
        shown = Path(place).relative_to(source)
        for name in list(folders):
            status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            if not stat.S_ISDIR(status.st_mode):
                refused.append((str(shown / name), "a link to somewhere else"))
                folders.remove(name)
            elif len(shown.parts) >= MAX_DEPTH:
                refused.append((str(shown / name), f"more than {MAX_DEPTH} folders in each other"))
                folders.remove(name)
        for name in names:
            reason = f"more than {_MOST_FILES} files"
            if copied < _MOST_FILES:
                reason = _copy(name, descriptor, target / shown / name, owner)
            if reason:
                refused.append((str(shown / name), reason))
            copied += not reason
    return refused


def _copy(name: str, folder: int, target: Path, owner: int) -> str:
    try:
        # Without blocking: nobody may ever write to a pipe.
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        return f"it cannot be read ({error.strerror}); it may be a link to somewhere else"
    with os.fdopen(file, "rb") as opened:
        status = os.fstat(opened.fileno())
        limit = _NOTEBOOK if name.endswith(".ipynb") else MAX_FILE
        if not stat.S_ISREG(status.st_mode):
            return "no file, but a pipe, a socket or a device"
        if status.st_uid != owner:
            return "it belongs to somebody else"
        if status.st_size > limit:
            return f"more than {limit >> 20} MB"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(opened.read(limit))
    return ""


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
