"""The process in the sandbox that has imported the libraries, and forks for each submission.

``python -m course_utils.grading.zygote FD`` is started by `sandbox.Zygote`, in a bubblewrap. FD is
a socket for packets of JSON: ``{"import": […]}``, or the limits of a submission, which come with
file descriptors: the supervisor's control socket, the learner's main socket, and one for each
snapshot. The zygote never runs a learner's code, and a learner's process cannot reach it: it is
outside of their process namespace.

A fork becomes the *supervisor* of one submission. It enters namespaces of its own, starts process 1
in them, which starts the learner's shell, and watches memory. Its end is the end of all of them:
the kernel kills a process namespace with its process 1.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from course_utils.grading import jail
from course_utils.grading.limits import Limits

# Imported once, before the first submission, with what the instructor's notebook imports besides. A
# library that comes in later costs each submission its import.
WARM = (
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "sklearn.datasets",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.multiclass",
    "sklearn.neural_network",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "course_utils.checks",
    "course_utils.multiclass",
    "course_utils.plotting",
)
_LOOK_EVERY = 0.25  # seconds between two looks at the memory of a submission


def main(descriptor: int, protected: bool) -> None:
    """Serve until the grader closes the socket."""
    control = socket.socket(fileno=descriptor)
    if protected:
        jail.stop_being_root()
    _get_ready()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the supervisors
    control.send(b'{"ready": true}')
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, 65536, 250)
        if not packet:
            return
        order = json.loads(packet)
        if "import" in order:
            _import(order["import"])
            control.send(b'{"ready": true}')
            continue
        if os.fork() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _supervise(order, descriptors, protected)
            os._exit(0)
        for number in descriptors:
            os.close(number)


def _get_ready() -> None:
    """Do once what costs time when it is done for the first time in a process."""
    from course_utils.grading.kernel import Shell, draw_and_fail

    _import(WARM)
    draw_and_fail(Shell.instance())


def _import(modules: Sequence[str]) -> None:
    for module in modules:
        with contextlib.suppress(Exception):  # a submission that wants it hears why it failed
            __import__(module)
    # What is there now is never collected: to look through it would copy it into each submission.
    gc.collect()
    gc.freeze()


def _supervise(order: dict[str, object], descriptors: list[int], protected: bool) -> None:
    limits = Limits(**order["limits"])  # type: ignore[arg-type]
    control = socket.socket(fileno=descriptors[0])
    in_use = jail.memory_in_use()
    processes = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    if protected:
        try:
            jail.enter_namespaces(limits, os.environ["TMPDIR"])
        except OSError as error:
            control.send(json.dumps({"refused": str(error)}).encode())
            return
    first = os.fork()
    if first == 0:
        control.close()
        if protected:
            jail.be_the_first_to_go(processes)
        os.close(processes)
        if order["core"] is not None:  # so that its processes slow down no other submission
            os.sched_setaffinity(0, {int(str(order["core"]))})
        jail.die_with_parent(signal.SIGKILL)
        _first_process(descriptors[1:], limits, in_use, protected, str(order["folder"]))
    jail.set_dumpable(False)
    for number in descriptors[1:]:
        os.close(number)
    others = {1, os.getpid(), os.getppid()} if protected else None
    report = _watch(
        control,
        first,
        limits,
        lambda: _memory(processes, others),
        lambda: _sockets(processes) if protected else 0,
    )
    with contextlib.suppress(OSError):
        control.send(json.dumps(report).encode())


def _watch(
    control: socket.socket,
    first: int,
    limits: Limits,
    memory: Callable[[], int],
    sockets: Callable[[], int],
) -> dict[str, float | str]:
    """Pass signals on, and see to it that limits are kept; give what there is to report."""
    report: dict[str, float | str] = {}
    poller = select.poll()
    poller.register(control, select.POLLIN)
    deadline = time.monotonic() + limits.total + 30
    while True:
        if poller.poll(int(_LOOK_EVERY * 1000)):
            order = control.recv(16)
            if not order or order == b"end":
                break
            os.kill(first, signal.SIGUSR1 if order == b"interrupt" else signal.SIGUSR2)
        if os.waitpid(first, os.WNOHANG)[0]:
            first = 0
            break
        used = memory()
        report["memory"] = max(used, report.get("memory", 0))
        if used > limits.memory or sockets() > limits.sockets:
            report["stopped"] = "memory"
            break
        if time.monotonic() > deadline:
            report["stopped"] = "time"
            break
    if first:
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return report | {"cpu": round(usage.ru_utime + usage.ru_stime, 3), "over": 1}


def _memory(processes: int, others: set[int] | None) -> int:
    """Give the bytes that all processes of the submission use together.

    That is all processes of the sandbox but ``others``. Pages that several share are counted in
    proportion. Without a sandbox there is no telling, and only the limits of each process hold.
    """
    total = 0
    for name in os.listdir(processes) if others is not None else []:
        if not name.isdigit() or int(name) in (others or ()):
            continue
        with contextlib.suppress(OSError, ValueError):
            file = os.open(f"{name}/smaps_rollup", os.O_RDONLY, dir_fd=processes)
            try:
                text = os.read(file, 4096).decode()
            finally:
                os.close(file)
            fields = dict(line.split(":", 1) for line in text.splitlines()[1:])
            total += int(fields["Pss_Anon"].split()[0]) * 1024
            total += int(fields["Pss_Shmem"].split()[0]) * 1024
    return total


def _sockets(processes: int) -> int:
    """Give how many Unix sockets there are in this process's network namespace."""
    file = os.open("self/net/unix", os.O_RDONLY, dir_fd=processes)
    lines = 0
    try:
        while part := os.read(file, 1 << 16):
            lines += part.count(b"\n")
    finally:
        os.close(file)
    return lines - 1  # the first has the titles


def _first_process(
    descriptors: list[int], limits: Limits, in_use: int, protected: bool, folder: str
) -> None:
    """Be process 1: start the shell, pass signals on to it, bury the dead, until killed."""
    os.setsid()
    if protected:
        jail.give_up_privileges()
    jail.set_limits(limits, in_use)
    shell = os.fork()
    if shell == 0:
        _become_the_shell(descriptors, limits, folder)
    jail.set_dumpable(False)
    for number in descriptors:
        os.close(number)

    def passing(to_send: int) -> Callable[..., None]:
        def handler(*_: object) -> None:
            with contextlib.suppress(OSError):
                os.kill(shell, to_send)

        return handler

    signal.signal(signal.SIGUSR1, passing(signal.SIGINT))
    signal.signal(signal.SIGUSR2, passing(signal.SIGKILL))
    while True:
        try:
            if os.wait()[0] == shell and not protected:
                os._exit(0)
        except ChildProcessError:
            os._exit(0)


def _become_the_shell(descriptors: list[int], limits: Limits, folder: str) -> None:
    from course_utils.grading.kernel import serve

    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        Path(folder).mkdir(parents=True, exist_ok=True)
        os.chdir(folder)
        sys.path.insert(0, folder)
        serve(descriptors[0], descriptors[1:], limits)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "protected")
