"""What of this machine the sandbox has: the command that starts a program in bubblewrap."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from course_utils.grading import jail

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SETTINGS = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives")
# Which cores share what: OpenVINO ends Python where it finds nothing of it.
_TOPOLOGY = ("/sys/devices/system/cpu", "/sys/devices/system/node")
_PACKAGE = Path(__file__).resolve().parents[1]


class SandboxMissing(Exception):
    """There is no sandbox, so nothing that a learner wrote was run."""


def bubblewrap(data: Path | None) -> list[str]:
    """Give the command that starts a program in the sandbox."""
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxMissing(
            "Nothing was run: grading runs what learners wrote inside bubblewrap, which is not "
            "here. Install it (Debian, Ubuntu: apt-get install bubblewrap; Fedora: dnf install "
            "bubblewrap; macOS and Windows: grade in a container, see the instructor guide)."
        )
    command = [program, "--die-with-parent", "--new-session"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    if os.getuid() == 0:
        # Root needs no user namespace here. The zygote becomes nobody at once.
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user"]
    for place in _SYSTEM:
        if Path(place).is_symlink():
            command += ["--symlink", str(Path(place).readlink()), place]
        elif Path(place).exists():
            command += ["--ro-bind", place, place]
    for place in _shown(data):
        if Path(place).exists() and not place.startswith("/usr/"):
            command += [*_parents(place), "--ro-bind", os.path.realpath(place), place]
    for place in _TOPOLOGY:
        command += [*_parents(place), "--ro-bind-try", place, place]
    package = "/course/course_utils"
    command += [*_parents(package), "--ro-bind", str(_PACKAGE), package]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for place in (jail.WORK, jail.HOME):
        command += [*_parents(place), "--perms", "0755", "--dir", place]
    # The zygote's own, while it imports; each submission gets another over it.
    command += ["--perms", "0777", "--tmpfs", _temporary(data)]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--"]


def _shown(data: Path | None) -> list[str]:
    """Give what a submission can read beyond the system's programs."""
    # An environment may consist of links into another one.
    behind = str(Path(sys.prefix, "bin").resolve().parent)
    places = [*_SETTINGS, sys.base_prefix, sys.prefix, behind, *([str(data)] if data else [])]
    return list(dict.fromkeys(places))


def _temporary(data: Path | None) -> str:
    """Give the folder for temporary files: not where it would cover something."""
    usual = "/tmp"
    taken = any(place.startswith(usual + "/") for place in _shown(data))
    return "/temporary" if taken else usual


def _parents(place: str) -> list[str]:
    """Make the folders above a place, so that somebody else than root may pass."""
    return [
        part
        for folder in reversed(Path(place).parents[:-1])
        for part in ("--perms", "0755", "--dir", str(folder))
    ]


def environment(data: Path | None) -> dict[str, str]:
    """Give the few variables that a submission has."""
    variables = {
        "PATH": f"{Path(sys.prefix, 'bin')}:/usr/bin:/bin",
        "HOME": jail.HOME,
        "USER": "learner",
        "LANG": "C.UTF-8",
        "TMPDIR": _temporary(data),
        "PYTHONPATH": "/course",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": _temporary(data),
        "NBGRADER_EXECUTION": "autograde",
        # Submissions run side by side: one thread each, which a fork survives, too.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "NUMEXPR_NUM_THREADS": "1",
    }
    if data:
        variables["COURSE_DATA"] = str(data)
    return variables


def unprotected_environment(data: Path | None) -> dict[str, str]:
    """Give the variables of a submission that runs without a sandbox."""
    temporary = tempfile.gettempdir()
    return environment(data) | {
        "PYTHONPATH": str(_PACKAGE.parent),
        "HOME": temporary,
        "TMPDIR": temporary,
        "MPLCONFIGDIR": temporary,
    }
