"""How JupyterLab starts for this course.

``make lab`` uses it. Without make: ``JUPYTER_CONFIG_PATH=. jupyter lab`` in the course's folder;
with the instructor's tools: ``JUPYTER_CONFIG_PATH=labconfig/teach:. jupyter lab``.
"""

import os
import sys
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent

c = get_config()  # noqa: F821 - traitlets puts this name here

c.ServerApp.root_dir = str(PROJECT_ROOT)
# Ctrl-C stops the server; asking first would keep it, and its kernels, behind a closed terminal.
c.ServerApp.answer_yes = True

# The course needs no network, so JupyterLab asks none for news or newer versions. Nor does it ask
# the reader whether it may: labconfig/page_config.json turns that question off.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.handlers.announcements.NeverCheckForUpdate"

# A kernel takes modules from the folder that it starts in: never from one that was handed in.
c.ServerApp.kernel_manager_class = "course_utils.grading.kernels_apart.KernelsApart"

# Validate is for assignments: labconfig/labextensions takes its button away from lectures.
c.LabApp.extra_labextensions_path = [str(PROJECT_ROOT / "labconfig" / "labextensions")]


def terminal_command(shell: str, login: bool) -> list[str] | None:
    """Start a shell in which ``python`` is the course's, whatever the profile puts first.

    Parameters
    ----------
    shell : str
        The shell that the reader uses.
    login : bool
        Whether it is to read what a login shell reads.

    Returns
    -------
    list of str or None
        None for a shell that nobody has taught this: it then starts as JupyterLab would start it.
    """
    scripts = PROJECT_ROOT / "labconfig" / "terminal"
    course_bin = Path(sys.executable).parent
    given = {"COURSE_TERMINAL": scripts, "COURSE_BIN": course_bin}
    if sys.prefix != sys.base_prefix:
        given["COURSE_VENV"] = sys.prefix
    if login:
        given["COURSE_LOGIN"] = "yes"
    flags = ["-l"] if login else []
    kind = Path(shell).name
    if kind == "bash":
        # As a login shell bash would not read the file that it is given, so that file does it all.
        flags = ["--rcfile", str(scripts / "bashrc"), "-i"]
    elif kind == "zsh":
        given["COURSE_ZDOTDIR"] = os.environ.get("ZDOTDIR", "")
        given["ZDOTDIR"] = scripts / "zsh"
    elif kind in ("sh", "dash", "ash", "ksh"):
        given["ENV"] = scripts / "shrc"
        flags.append("-i")
    elif kind == "fish":
        flags += ["--init-command", f"set -gx PATH '{course_bin}' $PATH"]
    else:
        return None
    return ["env", *(f"{name}={value}" for name, value in given.items()), shell, *flags]


# JupyterLab starts a login shell when it was not itself started in a terminal; so does the course.
if os.name != "nt":
    command = terminal_command(os.environ.get("SHELL") or "sh", login=not sys.stdout.isatty())
    if command is not None:
        c.ServerApp.terminado_settings = {"shell_command": command}

# nbgrader's Assignment List reads its settings with the learner's folder as the working directory:
# it must exist, and nbgrader_config.py be found from there.
(PROJECT_ROOT / "my_assignments").mkdir(exist_ok=True)
given_paths = os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)
paths = [os.path.abspath(path) for path in given_paths if path]  # noqa: PTH100 - no links followed
if str(PROJECT_ROOT) not in paths:
    paths.append(str(PROJECT_ROOT))
os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
