"""More hostile submissions: against the sandbox's edges, the protocol, and whoever reads a file."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import nbformat

from .attacks import ATTACKS, FAKE, HARM, LEAK, POINTS, Attack, _metadata, _returns, _with

__all__ = ["ALL", "MORE", "SOCKET"]

SOCKET = "/tmp/course-canary.socket"
FILL = """
import socket, time
kept = []
def fill():
    try:
        while True:
            a, b = socket.socketpair()
            a.setblocking(False)
            kept.append((a, b))
            a.send(b"x" * 100_000)
    except OSError:
        time.sleep(9)
"""


def _bytecode() -> bytes:
    """Give bytecode of false checks that Python takes without looking at the source."""
    code = compile(FAKE, "tiny_checks.py", "exec")
    external = importlib.import_module("importlib._bootstrap_external")
    return bytes(external._code_to_hash_pyc(code, b"\0" * 8, False))


PLANT = f"""
import os, sys
name = "tiny_hidden.%s.pyc" % sys.implementation.cache_tag
for place in ["."] + sys.path:
    try:
        os.makedirs(os.path.join(place, "__pycache__"), exist_ok=True)
        open(os.path.join(place, "__pycache__", name), "wb").write({_bytecode()!r})
    except OSError:
        pass
"""


def _settings_of(format_: int) -> Callable[[nbformat.NotebookNode], None]:
    def edit(made: nbformat.NotebookNode) -> None:
        made.nbformat = format_

    return edit


def _large_metadata(made: nbformat.NotebookNode) -> None:
    made.metadata["x"] = "x" * (49 << 20)


def _six_million_brackets(made: nbformat.NotebookNode) -> None:
    made.cells[0].source += "#" + "[" * 6_000_000


def _same_ids(made: nbformat.NotebookNode) -> None:
    for cell in made.cells:
        cell["id"] = "same"


def _many_cells(made: nbformat.NotebookNode) -> None:
    made.cells += [nbformat.v4.new_code_cell("print('x' * 3_000_000)") for _ in range(25)]


def _ctypes(call: str) -> str:
    return _with(
        "import ctypes\n"
        f"if ctypes.CDLL(None, use_errno=True).{call} != -1:\n    print('left', 'behind')"
    ).replace("'left', 'behind'", "'left ' + 'behind'")


MORE = [
    # ---- reading and planting
    Attack(
        "a connection to a socket in a folder",
        LEAK,
        "works",
        _with(
            "import socket\ns = socket.socket(socket.AF_UNIX)\n"
            f"s.connect({SOCKET!r})\nprint(s.recv(100))"
        ),
    ),
    Attack("bytecode of one's own planted", POINTS, "works", _with(PLANT), alone=True),
    Attack(
        "bytecode of one's own handed in",
        POINTS,
        "fails",
        files={"tiny_checks.pyc": _bytecode(), "tiny_hidden.pyc": _bytecode()},
    ),
    Attack(
        "the process's own memory file",
        LEAK,
        "fails",
        _with("print(open('/proc/self/maps').read(), open('/proc/1/environ').read())"),
    ),
    # ---- the notebook as a file
    Attack("nbformat 5", POINTS, "fails", edit=_settings_of(5)),
    Attack("49 MB of metadata", HARM, "fails", edit=_large_metadata),
    Attack("what may be millions of lists", HARM, "ours", edit=_six_million_brackets),
    Attack("all cells with one id", POINTS, "fails", edit=_same_ids),
    Attack("the test cell as read by another tool", POINTS, "fails", edit=_metadata(trusted=True)),
    # ---- outputs
    Attack(
        "thousands of displays",
        HARM,
        "unbounded",
        _with("from IPython.display import HTML, display\nfor n in range(5_000): display(HTML(n))")
        .replace("HTML(n)", "HTML(str(n))"),
    ),
    Attack("much output in each of many cells", HARM, "unbounded", edit=_many_cells),
    # ---- answers
    Attack("a whole number of a hundred thousand digits", POINTS, "fails",
           _returns("return 10 ** 100_000")),
    Attack("a text of a hundred million characters", POINTS, "fails",
           _returns("return 'x' * 10**8")),
    Attack("a dictionary in a dictionary, a thousand deep", POINTS, "fails",
           _returns("made = {}\n    for _ in range(1000): made = {1: made}\n    return made")),
    Attack("keys with one hash", HARM, "ours",
           _returns("return [{k * (2**61 - 1): 0 for k in range(3000)}] * 20"), limits={"cell": 9}),
    Attack("an array to be broadcast", POINTS, "fails",
           "import numpy as np\ndef mystery(x):\n    return np.zeros((50_000, 1))"),
    Attack("an array of a hundred million empty rows", POINTS, "fails",
           "import numpy as np\ndef mystery(x):\n    return np.zeros((10**8, 0))"),
    Attack("SystemExit raised in the answer", POINTS, "fails", _returns("raise SystemExit(0)")),
    Attack("KeyboardInterrupt raised in the answer", POINTS, "fails",
           _returns("raise KeyboardInterrupt")),
    Attack("an error that cannot be printed", POINTS, "fails",
           "class Bad(BaseException):\n    def __str__(self):\n        raise self\n"
           "    __repr__ = __str__\ndef mystery(x):\n    raise Bad"),
    Attack("an answer that stops its process", HARM, "ours",
           _returns("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"), limits={"cell": 3}),
    Attack("recursion until Python crashes", POINTS, "fails",
           _returns("sys.setrecursionlimit(10**9)\n    return mystery(x)"), limits={"cell": 3}),
    Attack(
        "a handle that says it is a number",
        POINTS,
        "ours",
        _with(
            "import course_utils.grading.kernel as k\n"
            "from course_utils.grading.codec import Handle\n"
            "k._as_list = lambda called: [Handle(0, 'float', True), [], None]"
        ),
    ),
    Attack(
        "a child that listens to the questions and answers them",
        POINTS,
        "ours",
        _with(
            "import os\nfrom course_utils.grading.wire import Wire\nimport socket\n"
            "if os.fork() == 0:\n"
            "    for d in range(3, 12):\n"
            "        try:\n"
            "            w = Wire(socket.socket(fileno=d))\n"
            "            if os.fork() == 0:\n"
            "                while True:\n"
            "                    w.receive()\n"
            "                    w.send({'reply': [10, [], None]})\n"
            "        except OSError:\n            pass\n"
            "    os._exit(0)"
        ),
        limits={"cell": 5},
    ),
    # ---- processes, privileges, memory
    Attack("every descriptor closed", POINTS, "fails", _with("import os\nos.closerange(3, 500)")),
    Attack(
        "a process that holds every channel open",
        HARM,
        "ours",
        _with("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)"),
        limits={"cell": 5},
    ),
    Attack("a user namespace of one's own", HARM, "ours", _ctypes("unshare(0x10000000)")),
    Attack("a file system mounted", HARM, "ours", _ctypes("mount(b'n', b'/tmp', b'tmpfs', 0, 0)")),
    Attack("a key in the kernel's ring", HARM, "ours",
           _ctypes("syscall(248, b'user', b'left', b'x', 1, -3)")),
    Attack("all cores taken back", HARM, "ours",
           _ctypes("sched_setaffinity(0, 8, b'\\xff' * 8)")),
    Attack("a socket to a virtual machine's host", HARM, "ours", _ctypes("socket(40, 1, 0)")),
    Attack("the sandbox's first process killed", HARM, "ours",
           _with("import os, signal\nfor n in range(1, 65):\n    os.kill(1, n)"),
           limits={"cell": 5}),
    Attack(
        "shared memory without end",
        HARM,
        "unbounded",
        _with("import mmap\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 50_000_000))\n"
              "    kept[-1].write(b'x' * 50_000_000)"),
        limits={"memory": 512 << 20},
    ),
    Attack(
        "memory in sockets that nobody reads",
        HARM,
        "unbounded",
        _with(
            FILL + "import os\nfor _ in range(9):\n    if os.fork() == 0:\n        fill()\n"
            "        os._exit(0)\ntime.sleep(9)"
        ),
        limits={"cell": 15, "processes": 40},
    ),
]  # fmt: skip
ALL = [*ATTACKS, *MORE]
