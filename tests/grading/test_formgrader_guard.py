"""No address that a page makes the instructor's browser ask for runs what a learner handed in."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell
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

    def get(self, path: str, sent: object = None) -> tuple[int, dict[str, str], str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            headers={"Authorization": f"token {TOKEN}"},
            data=json.dumps(sent).encode() if sent is not None else None,
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def wait(self) -> None:
        """Wait until it answers."""

        def answers() -> bool:
            try:
                return self.get("/api/status")[0] == 200
            except OSError:
                return False

        self._wait_for(answers)

    def kernel(self, number: str) -> psutil.Process:
        """Wait until a kernel has started; give its process."""

        def listening() -> list[psutil.Process]:
            children = psutil.Process(self.process.pid).children()
            mine = [c for c in children if any(number in word for word in c.cmdline())]
            return [c for c in mine if len(c.net_connections()) >= 5]

        self._wait_for(listening)
        (process,) = listening()
        return process

    def _wait_for(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Course(tmp_path_factory.mktemp("course"))
    made.generate()
    formula = new_markdown_cell("so $\\smash{\\raise{60em}{\\text{up}}} \\leq x_1$")
    cells = notebook(RIGHT)
    shown = "from IPython.display import Latex\nLatex(r'$y_2$')"
    cells.cells += [formula, new_code_cell(shown)]
    folder = made.hand_in("eve", cells)
    trap = f"open({str(made.root / 'PWNED')!r}, 'w').write('ran')\n"
    (folder / "nbgrader_config.py").write_text(trap)
    (folder / "drawing.html").write_text(PAGE)
    (folder / "ipykernel_launcher.py").write_text(
        f"open({str(made.root / 'KERNEL')!r}, 'w').write('ran')\n"
        "from ipykernel import kernelapp; kernelapp.launch_new_instance()\n"
    )
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
            status, _, page = server.get(f"{address}?path={folder}")
            assert status == 403
            assert "make teach course=NAME" in page
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
    for slashes in ("/", "//", "///"):
        address = f"/formgrader/submissions{slashes}{number}/drawing.html"
        status, headers, page = server.get(address)
        assert (status, page) == (200, PAGE)
        assert headers["Content-Security-Policy"].startswith("sandbox;")
        assert "allow-scripts" not in headers["Content-Security-Policy"]
    assert server.get(f"/formgrader/submissions/{number}//drawing.html")[0] in (403, 404)


def test_formgrader_draws_formulas_without_a_script_and_asks_no_other_server(course, server):
    with Gradebook(f"sqlite:///{course.assignments}/gradebook.db", "pixels") as gradebook:
        number = gradebook.find_submission_notebook(NAME, NAME, "eve").id
    page = BeautifulSoup(server.get(f"/formgrader/submissions/{number}/")[2], "html.parser")
    assert len(page.find_all("math")) == 2
    assert "MathJax" not in str(page)
    for element in page.select("script[src], link[href], img[src]"):
        place = element.get("src") or element.get("href")
        assert place.startswith(("/formgrader/", "data:image/")), place
    assert "contain: paint" in str(page)


@pytest.mark.parametrize("step", ["submitted", "autograded"])
def test_looking_at_a_learners_notebook_in_jupyterlab_runs_nothing_of_theirs(course, server, step):
    place = (course.assignments / step / "eve" / NAME).relative_to(course.root)
    assert (course.root / place / "ipykernel_launcher.py").exists()
    asked = {"path": f"{place}/{NAME}.ipynb", "type": "notebook", "name": ""}
    status, _, answer = server.get("/api/sessions", {**asked, "kernel": {"name": "python3"}})
    assert status == 201
    kernel = json.loads(answer)["kernel"]["id"]
    process = server.kernel(kernel)
    assert list(Path(process.cwd()).iterdir()) == []
    assert not (course.root / "KERNEL").exists()


def test_a_kernel_of_the_instructors_own_notebook_starts_beside_it(course, server):
    place = (course.assignments / "source" / NAME).relative_to(course.root)
    asked = {"path": f"{place}/{NAME}.ipynb", "type": "notebook", "name": ""}
    status, _, answer = server.get("/api/sessions", {**asked, "kernel": {"name": "python3"}})
    assert status == 201
    process = server.kernel(json.loads(answer)["kernel"]["id"])
    assert Path(process.cwd()) == course.root / place


def test_the_course_answers_before_nbgrader():
    """Jupyter loads extensions in the order of their names."""
    assert "course_utils.grading.formgrader_guard" < "nbgrader.server_extensions.formgrader"
    assert os.path.exists(ROOT / "jupyter_lab_config.py")  # noqa: PTH110
