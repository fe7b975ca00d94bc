"""The grader's side of the sandbox: starts it, runs cells in it, asks its snapshots.

Nothing that comes from there is believed: it is plain data, of limited size, and late is never.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from course_utils.grading import jail
from course_utils.grading.bubblewrap import (
    SandboxMissing,
    bubblewrap,
    environment,
    unprotected_environment,
)
from course_utils.grading.limits import Limits
from course_utils.grading.wire import Gone, TooSlow, Wire

UNPROTECTED = "COURSE_RUN_LEARNERS_CODE_UNPROTECTED"
_START_SECONDS = 120
_END_SECONDS = 20
_SNAPSHOT_SECONDS = 20
_INTERRUPT_SECONDS = 15  # to show where it was interrupted, on a busy machine too


class Zygote:
    """A sandbox with the libraries imported; makes a fresh one inside for each submission.

    Parameters
    ----------
    data
        The course's data folder, which submissions may read.
    core
        The one processor core that a submission may use; all of them unless given.

    Raises
    ------
    SandboxMissing
        When bubblewrap is not installed or not permitted.
    """

    def __init__(self, data: Path | None = None, core: int | None = None) -> None:
        self.core = core
        self._imported: set[str] = set()
        self._protected = not os.environ.get(UNPROTECTED)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        number = theirs.fileno()
        python = [sys.executable, "-P", "-s", "-B", "-m", "course_utils.grading.zygote"]
        mode = "protected" if self._protected else "unprotected"
        command = [*python, str(number), mode]
        if self._protected:
            command = [*bubblewrap(data), *command]
        try:
            self._process = subprocess.Popen(
                command,
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                env=environment(data) if self._protected else unprotected_environment(data),
                start_new_session=not self._protected,
            )
        finally:
            theirs.close()
        self._socket = ours
        self._wait_until_ready()

    def import_once(self, modules: Sequence[str]) -> None:
        """Import what submissions need beyond the course's usual libraries, unless it is there.

        Raises
        ------
        SandboxMissing
            When the sandbox does not survive it.
        """
        if new := [module for module in modules if module not in self._imported]:
            with contextlib.suppress(OSError):  # it has ended; waiting says so
                self._socket.send(json.dumps({"import": new}).encode())
            self._wait_until_ready()
            self._imported.update(new)

    def _wait_until_ready(self) -> None:
        self._socket.settimeout(_START_SECONDS)
        with contextlib.suppress(OSError):
            if self._socket.recv(100):
                return
        self.close()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip()
        raise SandboxMissing(
            "Nothing was run: the sandbox for learners' code did not start. It needs bubblewrap "
            "(bwrap) and a kernel that permits user namespaces; in a container, start that with "
            f"--security-opt seccomp=unconfined or equivalent. It said: {said[-600:] or 'nothing'}"
        )

    @property
    def alive(self) -> bool:
        """Whether its process is still there."""
        return self._process.poll() is None

    def spawn(self, limits: Limits, snapshots: int) -> Learner:
        """Start a fresh sandbox for one submission.

        Parameters
        ----------
        limits
            What it may use.
        snapshots
            How many snapshots will be taken.
        """
        folder = jail.WORK if self._protected else tempfile.mkdtemp(prefix="submission-")
        kinds = [socket.SOCK_SEQPACKET] + [socket.SOCK_STREAM] * (snapshots + 1)
        pairs = [socket.socketpair(socket.AF_UNIX, kind) for kind in kinds]
        order = json.dumps({"limits": limits.as_dict(), "folder": folder, "core": self.core})
        try:
            socket.send_fds(
                self._socket, [order.encode()], [theirs.fileno() for _, theirs in pairs]
            )
        except OSError:
            for ours, _ in pairs:
                ours.close()
            raise Gone("the sandbox has ended") from None
        finally:
            for _, theirs in pairs:
                theirs.close()
        ends = [ours for ours, _ in pairs]
        temporary = None if self._protected else Path(folder)
        return Learner(ends[0], ends[1], ends[2:], limits, temporary)

    def close(self) -> None:
        """End it, and with it everything inside."""
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


class Learner:
    """The processes of one submission. Made by `Zygote.spawn`; close it."""

    def __init__(
        self,
        control: socket.socket,
        main: socket.socket,
        snapshots: Sequence[socket.socket],
        limits: Limits,
        temporary: Path | None,
    ) -> None:
        self._control = control
        self._main = Wire(main)
        self._snapshots = [Wire(end) for end in snapshots]
        self._limits = limits
        self._temporary = temporary
        self._deadline = time.monotonic() + limits.total
        self._cells = self._kept = 0
        self.running = True
        self.cut_off = False
        self.report: dict[str, Any] = {}

    def put_files(self, files: Mapping[str, bytes]) -> None:
        """Write files, by their paths in the submission's folder, before the first cell runs."""
        for name, content in files.items():
            self._send({"files": {name: content}})

    def run(self, source: str) -> tuple[list[dict[str, Any]], str]:
        """Run a cell, of whose outputs so many are kept as the limits allow.

        Returns
        -------
        outputs
            What the learner's process says that it has put out: plain data, not yet looked at.
        end
            ``"done"``; ``"failed"`` with an error; ``"timeout"``; or ``"dead"``, when its process
            has ended, now or earlier.
        """
        self._cells += 1
        outputs: list[dict[str, Any]] = []
        if not self.running:
            return outputs, "dead"
        size = 0
        deadline = min(time.monotonic() + self._limits.cell, self._deadline)
        end = "done"
        self._send({"cell": source, "number": self._cells})
        while self.running:
            try:
                message = self._main.receive(deadline)
            except TooSlow:
                if end == "timeout":  # the interrupt did not help
                    self._signal(b"kill")
                    self.running = False
                else:
                    end, deadline = "timeout", time.monotonic() + _INTERRUPT_SECONDS
                    self._signal(b"interrupt")
                continue
            except Gone:
                self.running = False
                return outputs, "dead"
            if not isinstance(message, dict):
                continue
            if message.get("done") == self._cells:
                return outputs, end if end == "timeout" or not message.get("failed") else "failed"
            output = message.get("output")
            if isinstance(output, dict):
                weight = len(str(output))
                size += weight
                fits = size <= 2 * self._limits.output and len(outputs) < 2000
                if fits and self._kept + weight <= self._limits.all_outputs:
                    outputs.append(output)
                    self._kept += weight
                else:
                    self.cut_off = True
        return outputs, end

    def snapshot(self, number: int) -> None:
        """Have the learner's process fork its snapshot of this number."""
        self._send({"snapshot": number})
        deadline = time.monotonic() + _SNAPSHOT_SECONDS
        while self.running:
            try:
                message = self._main.receive(deadline)
            except (Gone, TooSlow):
                self.running = False
                return
            if isinstance(message, dict) and message.get("forked") == number:
                return

    def ask(self, number: int, question: Mapping[str, object], seconds: float) -> Any:
        """Ask a snapshot; give its reply, which is plain data and nothing more.

        Raises
        ------
        Gone
            When the snapshot has ended.
        TooSlow
            When it does not answer in time. It is not asked again.
        """
        deadline = time.monotonic() + max(seconds, 0.01)
        wire = self._snapshots[number]
        wire.send(question, deadline=deadline)
        return wire.receive(deadline)

    def finish_cells(self) -> None:
        """End the learner's main process; the snapshots stay."""
        self._main.close()
        self._signal(b"kill")
        self.running = False

    def close(self) -> None:
        """End all of its processes, and wait until they are gone.

        Raises
        ------
        Gone
            When it cannot be seen that they are: then the zygote is to be closed.
        """
        for wire in (self._main, *self._snapshots):
            wire.close()
        self._signal(b"end")
        self._control.settimeout(_END_SECONDS)
        try:
            self.report = json.loads(self._control.recv(4096) or b"{}")
        except (OSError, ValueError):
            self.report = {}
        finally:
            self._control.close()
            if self._temporary:
                shutil.rmtree(self._temporary, ignore_errors=True)
        if "refused" in self.report:
            raise SandboxMissing(
                "Nothing was run: the kernel does not permit a sandbox inside of bubblewrap "
                f"({self.report['refused']})."
            )
        if "over" not in self.report:
            raise Gone("the submission's processes did not end")

    def _signal(self, order: bytes) -> None:
        with contextlib.suppress(OSError):
            self._control.send(order)

    def _send(self, message: object) -> None:
        if self.running:
            try:
                self._main.send(message, deadline=time.monotonic() + self._limits.cell)
            except (Gone, TooSlow):
                self.running = False
