"""No address that a page makes the instructor's browser ask for runs what a learner handed in."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from .course import ROOT, Course
from .tiny import NAME, RIGHT, notebook

pytestmark = pytest.mark.slow

TOKEN = "for-this-test"
PAGE = "<script>document.title = 'mine'</script>"


class Server:
    """JupyterLab's server with the course's own settings, in a course folder of its own."""

    def __init__(self, course: Course) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = course.root / "server.log"
        flags = [f"--port={self.port}", f"--IdentityProvider.token={TOKEN}", "--allow-root"]
        flags += ["--no-browser", f"--ServerApp.root_dir={course.root}"]
        environment = course.environment(
            JUPYTER_CONFIG_PATH=str(ROOT), COURSE_FOLDER=str(course.assignments)
        )
        environment["HOME"] = str(course.root)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyter", "lab", *flags],
                cwd=course.root,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"token {TOKEN}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if self.get("/api/status")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Course(tmp_path_factory.mktemp("course"))
    made.generate()
    folder = made.hand_in("eve", notebook(RIGHT))
    trap = f"open({str(made.root / 'PWNED')!r}, 'w').write('ran')\n"
    (folder / "nbgrader_config.py").write_text(trap)
    (folder / "drawing.html").write_text(PAGE)
    made.grade("--no-feedback")
    # As where a learner's folder was not looked through yet.
    other = made.assignments / "submitted" / "mallory" / NAME
    other.mkdir(parents=True)
    (other / "nbgrader_config.py").write_text(trap)
    return made


@pytest.fixture(scope="module")
def server(course):
    started = Server(course)
    try:
        started.wait()
        yield started
    finally:
        started.process.terminate()
        started.process.wait(60)


def test_formgrader_runs_the_settings_of_no_folder_that_an_address_names(course, server):
    for folder in (
        "notebooks/assignments/submitted/mallory/tiny",
        course.assignments / "submitted" / "mallory" / NAME,
        course.assignments / "autograded" / "eve" / NAME,
    ):
        for address in ("/formgrader", "/formgrader/"):
            assert server.get(f"{address}?path={folder}")[0] == 403
    assert not (course.root / "PWNED").exists()
    assert not list(Path(course.root).rglob("eve/**/nbgrader_config.py"))


def test_formgrader_works_as_before(course, server):
    status, _, page = server.get("/formgrader/")
    assert status == 200
    assert "Formgrader" in page or "nbgrader" in page
    with Gradebook(f"sqlite:///{course.assignments}/gradebook.db", "pixels") as gradebook:
        number = gradebook.find_submission_notebook(NAME, NAME, "eve").id
    status, _, page = server.get(f"/formgrader/submissions/{number}/")
    assert status == 200
    assert "mystery" in page
    assert server.get(f"/formgrader/submissions/{number}/next")[0] == 200


def test_a_page_that_was_handed_in_runs_nothing_in_jupyterlabs_name(course, server):
    with Gradebook(f"sqlite:///{course.assignments}/gradebook.db", "pixels") as gradebook:
        number = gradebook.find_submission_notebook(NAME, NAME, "eve").id
    status, headers, page = server.get(f"/formgrader/submissions/{number}/drawing.html")
    assert (status, page) == (200, PAGE)
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert "allow-scripts" not in headers["Content-Security-Policy"]


def test_the_course_answers_before_nbgrader():
    """Jupyter loads extensions in the order of their names."""
    assert "course_utils.grading.formgrader_guard" < "nbgrader.server_extensions.formgrader"
    assert os.path.exists(ROOT / "jupyter_lab_config.py")  # noqa: PTH110
