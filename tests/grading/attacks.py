"""Hostile submissions, each with what it wants and whether stock nbgrader should let it.

``stock`` is what we expect of stock nbgrader, which ``python -m tests.grading.stock`` measures:
``"works"``; ``"fails"``, for what nbgrader or the checks keep out by themselves; ``"unbounded"``,
for what nothing in stock nbgrader bounds but what the machine has, which is not run against it;
``"ours"``, for what only our protocol could suffer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import nbformat

from .tiny import WRONG

POINTS, LEAK, HARM = "points", "leak", "harm"


@dataclass(frozen=True)
class Attack:
    """``edit`` changes the notebook; ``after`` is a cell behind the test cell.

    ``alone`` is said of what would give points to everybody who is graded after it.
    """

    what: str
    wants: str
    stock: str
    code: str = WRONG
    after: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    edit: Callable[[nbformat.NotebookNode], None] | None = None
    limits: dict[str, float] = field(default_factory=dict)
    alone: bool = False


def _with(code: str) -> str:
    return f"{WRONG}\n\n{code}"


def _returns(code: str) -> str:
    return f"import sys\n\ndef mystery(x):\n    {code}"


def _metadata(**changes: object) -> Callable[[nbformat.NotebookNode], None]:
    def edit(made: nbformat.NotebookNode) -> None:
        made.cells[1].metadata.update(changes)

    return edit


def _settings(**changes: object) -> Callable[[nbformat.NotebookNode], None]:
    def edit(made: nbformat.NotebookNode) -> None:
        made.cells[1].metadata.nbgrader.update(changes)

    return edit


def _as_markdown(made: nbformat.NotebookNode) -> None:
    made.cells[1] = nbformat.v4.new_markdown_cell("pass", metadata=made.cells[1].metadata)


def _deleted(made: nbformat.NotebookNode) -> None:
    del made.cells[1]


def _twice(made: nbformat.NotebookNode) -> None:
    made.cells.append(nbformat.v4.new_code_cell("pass", metadata=made.cells[1].metadata))


def _outputs(made: nbformat.NotebookNode) -> None:
    made.cells[1].outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": "5.0"}, execution_count=1)
    ]


def _first(made: nbformat.NotebookNode) -> None:
    made.cells.reverse()


FAKE = "check = lambda *_: None\n"
FRAMES = """
    frame = sys._getframe()
    while frame:
        case = frame.f_locals.get("case")
        if hasattr(case, "expected"):
            return case.expected
        frame = frame.f_back
    return 0"""
COLLECTED = """
    import gc
    for thing in gc.get_objects():
        if type(thing).__name__ == "Case" and thing.arguments.get("x") == x:
            return thing.expected
    return 0"""
REFERRERS = """
    import ctypes, gc
    for space in gc.get_referrers(sys.modules.get("tiny_hidden")):
        test = getattr(space, "get", lambda _: None)("tiny_hidden")
    module = sys.modules.get("tiny_hidden")
    tests = module.CHECKLIST.extended({}).tests if module else {}
    check = ctypes.cast(id(module.check), ctypes.py_object).value if module else None
    for case in check.__self__.tests["mystery"].cases if check else ():
        if case.arguments["x"] == x:
            return case.expected
    return 0"""
LOOK = """
import glob, os
for place in {places}:
    for path in glob.glob(os.path.expanduser(place), recursive=True):
        try:
            print(open(path, errors="replace").read()[-20000:])
        except OSError:
            pass
"""
UP = '["../../../**/*", "/proc/*/cwd/../../../**/*"]'
PLANT = """
import os
path = os.path.expanduser({path!r})
os.makedirs(os.path.dirname(path), exist_ok=True)
open(path, "w").write("planted by a submission")
"""
FRAME = """
import os, struct
from course_utils.grading.codec import encode
def frame(message):
    content = encode(message)
    return struct.pack("<I", len(content)) + content
def everywhere(content):
    for descriptor in range(3, 300):
        try:
            os.write(descriptor, content)
        except OSError:
            pass
"""


ATTACKS = [
    # ---- replacing what checks
    Attack(
        "the modules of the checks replaced",
        POINTS,
        "works",
        _with(
            "import sys, types\nm = types.ModuleType('m')\nm.check = lambda *_: None\n"
            "sys.modules['tiny_checks'] = sys.modules['tiny_hidden'] = m"
        ),
    ),
    Attack(
        "a method of the checks replaced",
        POINTS,
        "works",
        _with("from course_utils.checks import Checklist\nChecklist.check = lambda *_: None"),
    ),
    Attack(
        "a function inside of the checks replaced",
        POINTS,
        "works",
        _with(
            "import course_utils.checks.checklist as c\nc.check_function = lambda *_, **__: None"
        ),
    ),
    Attack(
        "a built-in function replaced",
        POINTS,
        "fails",
        _with("import builtins\nbuiltins.enumerate = lambda *_, **__: iter(())"),
    ),
    Attack(
        "the errors of the checks made harmless",
        POINTS,
        "works",
        _with(
            "import course_utils.checks.checklist as c\n"
            "c._verdict = lambda *_: (c.State.RIGHT, None)"
        ),
    ),
    Attack(
        "NumPy replaced",
        POINTS,
        "fails",
        _with("import numpy as np\nnp.array = lambda *_, **__: np.zeros(1)"),
    ),
    Attack(
        "an import hook that gives other checks",
        POINTS,
        "works",
        _with(
            "import importlib.util, sys\n"
            "class Finder:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            "        if name.startswith('tiny_'):\n"
            "            return importlib.util.spec_from_loader(name, self)\n"
            "    def create_module(self, spec):\n        return None\n"
            "    def exec_module(self, module):\n        module.check = lambda *_: None\n"
            "sys.meta_path.insert(0, Finder())"
        ),
    ),
    Attack(
        "import itself replaced",
        POINTS,
        "works",
        _with(
            "import builtins, types\nreal = builtins.__import__\n"
            "fake = types.SimpleNamespace(check=lambda *_: None)\n"
            "builtins.__import__ = lambda name, *a, **k: "
            "fake if name.startswith('tiny_') else real(name, *a, **k)"
        ),
    ),
    Attack(
        "checks of one's own handed in",
        POINTS,
        "fails",
        files={"tiny_hidden.py": FAKE.encode(), "tiny_checks.py": FAKE.encode()},
    ),
    Attack(
        "checks of one's own written beside the notebook",
        POINTS,
        "fails",
        _with(f"open('tiny_hidden.py', 'w').write({FAKE!r})"),
    ),
    # ---- IPython, display and messages
    Attack(
        "a hook that empties the cells that check",
        POINTS,
        "works",
        _with(
            "get_ipython().input_transformers_cleanup.append(\n"
            "    lambda lines: ['pass\\n'] if any('tiny_' in l for l in lines) else lines)"
        ),
    ),
    Attack(
        "a transformer of the syntax tree",
        POINTS,
        "works",
        _with(
            "import ast\nclass Nothing(ast.NodeTransformer):\n"
            "    def visit_Module(self, node):\n        node.body = []\n        return node\n"
            "get_ipython().ast_transformers.append(Nothing())"
        ),
    ),
    Attack(
        "the shell's way to run code replaced",
        POINTS,
        "works",
        _with(
            "async def nothing(self, *_, **__):\n    return False\n"
            "type(get_ipython()).run_code = nothing"
        ),
    ),
    Attack(
        "errors not shown",
        POINTS,
        "fails",
        _with("get_ipython().showtraceback = lambda *_, **__: None"),
    ),
    Attack(
        "a custom handler for the errors of checks",
        POINTS,
        "fails",
        _with("get_ipython().set_custom_exc((Exception,), lambda *_, **__: None)"),
    ),
    Attack(
        "replies forged: the cell is done, the answer is what the test wants",
        POINTS,
        "ours",
        _with(
            FRAME
            + "everywhere(frame({'done': 1, 'failed': False}) + frame({'forked': 0})"
            + " + frame({'reply': [True, 10]}) * 9)"
        ),
    ),
    Attack(
        "nonsense on every channel",
        POINTS,
        "ours",
        _with(FRAME + "everywhere(os.urandom(4000))"),
    ),
    Attack(
        "replies out of order",
        POINTS,
        "ours",
        _with(FRAME + "everywhere(frame({'reply': [[10, [], None]]}) + frame({'reply': 3}) * 40)"),
    ),
    # ---- values that lie
    Attack(
        "a number that equals everything",
        POINTS,
        "fails",
        "class Yes(int):\n    __eq__ = lambda *_: True\n    __hash__ = int.__hash__\n"
        "    __sub__ = __rsub__ = lambda *_: 0\ndef mystery(x):\n    return Yes(1)",
    ),
    Attack(
        "an object that equals everything",
        POINTS,
        "fails",
        "class Yes:\n    __eq__ = lambda *_: True\n    __hash__ = None\n"
        "    __array__ = lambda *_, **__: __import__('numpy').array(10)\n"
        "def mystery(x):\n    return Yes()",
    ),
    Attack(
        "an object that lies about its class",
        POINTS,
        "fails",
        "class Lie:\n    __class__ = property(lambda _: int)\n    __index__ = lambda _: 10\n"
        "    __eq__ = lambda *_: True\ndef mystery(x):\n    return Lie()",
    ),
    Attack(
        "an answer that changes between two reads",
        POINTS,
        "fails",
        "class Sly(float):\n    n = 0\n    def __float__(self):\n        Sly.n += 1\n"
        "        return float(Sly.n)\ndef mystery(x):\n    return Sly(1)",
    ),
    Attack("not a number", POINTS, "fails", _returns("return float('nan')")),
    Attack(
        "an object with a hostile __reduce__",
        HARM,
        "fails",
        "class Bomb:\n    def __reduce__(self):\n"
        "        return exec, (\"open('/tmp/pickled', 'w')\",)\n"
        "def mystery(x):\n    return Bomb()",
    ),
    Attack(
        "a length that is a lie",
        POINTS,
        "fails",
        "class Long(list):\n    __len__ = lambda _: 10**15\ndef mystery(x):\n    return Long()",
    ),
    Attack(
        "an endless length",
        POINTS,
        "fails",
        "class Endless:\n    __getitem__ = lambda *_: 1\n    __len__ = lambda _: 10**9\n"
        "def mystery(x):\n    return Endless()",
        limits={"cell": 5},
    ),
    Attack(
        "a list in itself",
        POINTS,
        "fails",
        _returns("made = []; made.append(made); return made"),
    ),
    Attack(
        "a list of great depth",
        POINTS,
        "fails",
        "def mystery(x):\n    made = 1\n    for _ in range(100_000):\n        made = [made]\n"
        "    return made",
    ),
    Attack(
        "an array of a gigabyte",
        HARM,
        "unbounded",
        "import numpy as np\ndef mystery(x):\n    return np.zeros(1 << 27)",
    ),
    Attack(
        "a frame that says it is larger than it is",
        HARM,
        "ours",
        _with("import os\n[os.write(d, b'\\xff' * 8) for d in range(3, 30) if _ok(d)]").replace(
            "[os.write",
            "def _ok(d):\n    try:\n        os.fstat(d)\n        return d > 2\n"
            "    except OSError:\n        return False\n[os.write",
        ),
    ),
    Attack(
        "an answer that trickles in",
        HARM,
        "ours",
        FRAME + "import time\ndef mystery(x):\n    while True:\n"
        "        everywhere(b'\\x10' if False else b'\\0\\0\\1')\n        time.sleep(0.2)",
        limits={"cell": 3},
    ),
    # ---- expected values
    Attack(
        "expected values from the frames", POINTS, "works", "import sys\ndef mystery(x):" + FRAMES
    ),
    Attack("expected values from gc", POINTS, "works", "import sys\ndef mystery(x):" + COLLECTED),
    Attack(
        "expected values through ctypes", POINTS, "works", "import sys\ndef mystery(x):" + REFERRERS
    ),
    Attack(
        "time that depends on a hidden value, for who reads the feedback",
        LEAK,
        "fails",
        _returns("import time; time.sleep(x % 3 / 10); return 10"),
    ),
    Attack(
        "arguments of the hidden tests kept for a later cell",
        LEAK,
        "works",
        "seen = []\ndef mystery(x):\n    seen.append(x)\n    return 10 if x == 1 else x",
        after="print(seen[1:], 'canary-of-the-hidden-tests' if seen[1:] else '')",
    ),
    # ---- cells and metadata
    Attack(
        "the test cell tagged not to run", POINTS, "works", edit=_metadata(tags=["skip-execution"])
    ),
    Attack(
        "the test cell's errors allowed", POINTS, "fails", edit=_metadata(tags=["raises-exception"])
    ),
    Attack("the test cell made text", POINTS, "fails", edit=_as_markdown),
    Attack("the test cell deleted", POINTS, "fails", edit=_deleted),
    Attack("the test cell there twice", POINTS, "fails", edit=_twice),
    Attack("the test cell before the answer", POINTS, "fails", edit=_first),
    Attack("more points", POINTS, "fails", edit=_settings(points=1000)),
    Attack("no points at all", POINTS, "fails", edit=_settings(grade=False)),
    Attack("the test cell said to be an answer", POINTS, "fails", edit=_settings(solution=True)),
    Attack("outputs filled in", POINTS, "fails", edit=_outputs),
    Attack("another schema version", HARM, "works", edit=_settings(schema_version=99)),
    # ---- reading
    Attack(
        "reading what is around, from the working folder",
        LEAK,
        "works",
        _with(LOOK.format(places=UP)),
    ),
    Attack(
        "reading the source by the import path",
        LEAK,
        "works",
        _with("import tiny_hidden, inspect\nprint(inspect.getsource(tiny_hidden))"),
    ),
    Attack(
        "reading the environment",
        LEAK,
        "works",
        _with("import os\nprint(dict(os.environ))"),
    ),
    Attack(
        "reading other processes' environments",
        LEAK,
        "works",
        _with(LOOK.format(places='["/proc/*/environ", "/proc/*/cmdline"]')),
    ),
    Attack(
        "reading the home folder", LEAK, "works", _with(LOOK.format(places='["~/*", "/root/*"]'))
    ),
    Attack(
        "reading through a link",
        LEAK,
        "works",
        _with(
            "import os\nos.symlink('../../..', 'link')\n"
            + LOOK.format(places='["link/**/*", "link/*"]')
        ),
    ),
    # ---- writing, and what is left behind
    Attack(
        "writing into all that is around",
        HARM,
        "works",
        _with(
            "import glob\nfor path in glob.glob('../../../**/*', recursive=True):\n"
            "    try:\n        open(path, 'a').write('planted by a submission')\n"
            "    except OSError:\n        pass"
        ),
    ),
    Attack(
        "a startup file for IPython",
        HARM,
        "works",
        _with(PLANT.format(path="~/.ipython/profile_default/startup/00.py")),
    ),
    Attack(
        "a site customisation",
        HARM,
        "works",
        _with(PLANT.format(path="~/.local/lib/python3.11/site-packages/usercustomize.py")),
    ),
    Attack(
        "a kernel",
        HARM,
        "works",
        _with(PLANT.format(path="~/.local/share/jupyter/kernels/python3/kernel.json")),
    ),
    Attack("a temporary file", HARM, "works", _with(PLANT.format(path="/tmp/left/behind"))),
    Attack("shared memory", HARM, "works", _with(PLANT.format(path="/dev/shm/left"))),
    Attack(
        "the library itself",
        HARM,
        "works",
        _with(
            "import course_utils.checks as c, os\n"
            "open(os.path.join(os.path.dirname(c.__file__), 'left.py'), 'w').write('planted')"
        ),
    ),
    # ---- processes
    Attack("Python ended in the test", POINTS, "fails", _returns("import os; os._exit(0)")),
    Attack(
        "the parent killed",
        HARM,
        "works",
        _with("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"),
    ),
    Attack(
        "everything killed that can be",
        HARM,
        "works",
        _with("import os, signal\nos.kill(-1, signal.SIGTERM)"),
    ),
    Attack(
        "a process that stays",
        HARM,
        "works",
        _with(
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n"
            "    if os.fork() == 0:\n        time.sleep(987)\n    os._exit(0)"
        ),
    ),
    Attack(
        "a debugger on the parent",
        HARM,
        "works",
        _with(
            "import ctypes, os\n"
            "assert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0, 'refused'\n"
            "ctypes.CDLL(None).ptrace(17, os.getppid(), 0, 0)\nopen('../traced', 'w')"
        ),
    ),
    # ---- network
    Attack(
        "a connection to a server of this machine",
        LEAK,
        "works",
        _with("import socket\nprint(socket.create_connection(('127.0.0.1', 48731), 3).recv(100))"),
    ),
    Attack(
        "a connection to an abstract socket",
        LEAK,
        "works",
        _with(
            "import socket\ns = socket.socket(socket.AF_UNIX)\n"
            "s.connect('\\0course-canary')\nprint(s.recv(100))"
        ),
    ),
    # ---- using up
    Attack("a loop without end", HARM, "fails", _with("while True:\n    pass"), limits={"cell": 3}),
    Attack(
        "a loop that does not listen",
        HARM,
        "works",
        _with("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"),
        limits={"cell": 3},
    ),
    Attack(
        "processes without end",
        HARM,
        "unbounded",
        _with("import os\ntry:\n    while True:\n        os.fork()\nexcept OSError:\n    pass"),
        limits={"cell": 5, "processes": 40},
    ),
    Attack(
        "threads without end",
        HARM,
        "unbounded",
        _with(
            "import threading, time\nwhile True:\n"
            "    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"
        ),
        limits={"cell": 5, "processes": 40},
    ),
    Attack(
        "memory without end",
        HARM,
        "unbounded",
        _with("kept = []\nwhile True:\n    kept.append(b'x' * 10_000_000)"),
        limits={"memory": 512 << 20},
    ),
    Attack(
        "disk without end",
        HARM,
        "unbounded",
        _with("n = 0\nwhile True:\n    n += 1\n    open(f'f{n}', 'wb').write(b'x' * 5_000_000)"),
        limits={"disk": 32 << 20},
    ),
    Attack(
        "descriptors without end",
        HARM,
        "unbounded",
        _with("kept = []\nwhile True:\n    kept.append(open('/dev/null'))"),
    ),
    Attack(
        "200 MB of output",
        HARM,
        "unbounded",
        _with("for _ in range(200):\n    print('x' * 1_000_000)"),
        limits={"output": 1 << 20},
    ),
    Attack(
        "memory that no limit counts",
        HARM,
        "unbounded",
        _with("import os\nos.ftruncate(os.memfd_create('m'), 1 << 30)\nprint('left', 'behind')"),
    ),
]
