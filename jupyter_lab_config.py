"""How JupyterLab starts for this course.

``make lab`` uses it. Without make: ``JUPYTER_CONFIG_PATH=. jupyter lab`` in the course's folder.
"""

import os
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

# nbgrader's Assignment List reads its settings with the learner's folder as the working directory:
# it must exist, and nbgrader_config.py be found from there.
(PROJECT_ROOT / "my_assignments").mkdir(exist_ok=True)
others = [
    p for p in os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep) if p not in ("", ".")
]
os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(dict.fromkeys([str(PROJECT_ROOT), *others]))
