"""The learner's side: runs the cells of a notebook, and answers for what they defined.

This is the process whose word counts for nothing. It records outputs as Jupyter does, and forks a
*snapshot* of itself where the notebook has a test cell. A snapshot waits until all cells are run;
then the grader, which runs the test cell elsewhere, asks it about the learner's names.
"""

from __future__ import annotations

import base64
import contextlib
import io
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot
from matplotlib_inline.backend_inline import flush_figures
from traitlets import Type

from course_utils.checks import Called, Failure
from course_utils.checks.calling import LocalFunction
from course_utils.grading.codec import CodecError, Handle
from course_utils.grading.limits import Limits
from course_utils.grading.wire import Wire

_STREAM_CHUNK = 1 << 16


class Recorder:
    """Sends what a cell puts out, as long as it is not too much."""

    def __init__(self) -> None:
        self._wire: Wire | None = None
        self._lock = threading.RLock()
        self._stream = ""
        self._text: list[str] = []
        self._size = 0
        self._left = 0

    def start(self, wire: Wire, limit: int) -> None:
        """Begin with a cell."""
        self._wire, self._left = wire, limit

    def stop(self) -> None:
        """Send what is left, and nothing more."""
        self.flush()
        self._wire = None

    def write(self, stream: str, text: str) -> None:
        """Put out text, joined with what came just before."""
        with self._lock:
            if stream != self._stream:
                self.flush()
            self._stream = stream
            self._text.append(text)
            self._size += len(text)
            if self._size > _STREAM_CHUNK:
                self.flush()

    def flush(self) -> None:
        """Send the text that waits."""
        with self._lock:
            text, self._text, self._size = "".join(self._text), [], 0
            if text:
                self._send({"output_type": "stream", "name": self._stream, "text": text})

    def put(self, output: dict[str, object]) -> None:
        """Send an output that is no text stream."""
        with self._lock:
            self.flush()
            self._send(output)

    def _send(self, output: dict[str, object]) -> None:
        size = sum(len(str(part)) for part in output.values())
        if self._wire is None or self._left < 0:
            return
        self._left -= size
        if self._left < 0:
            note = "\n… The output is cut off here: it is too long.\n"
            output = {"output_type": "stream", "name": "stdout", "text": note}
        with _uninterrupted():
            try:
                self._wire.send({"output": output})
            except CodecError as error:
                note = f"\n… An output was left out: {error}.\n"
                output = {"output_type": "stream", "name": "stdout", "text": note}
                self._wire.send({"output": output})


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put an interrupt off: in the middle of a message it would end all that follow."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_RECORDER = Recorder()


class _Stream(io.TextIOBase):
    encoding = "utf-8"

    def __init__(self, name: str) -> None:
        self._which = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        _RECORDER.write(self._which, text)
        return len(text)

    def writable(self) -> bool:
        return True


def _plain_data(bundle: Mapping[str, object]) -> dict[str, object]:
    return {
        kind: base64.b64encode(content).decode() if isinstance(content, bytes) else content
        for kind, content in bundle.items()
    }


class _Publisher(DisplayPublisher):
    def publish(  # type: ignore[override]
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: object,
    ) -> None:
        _RECORDER.put(
            {
                "output_type": "display_data",
                "data": _plain_data(data),
                "metadata": metadata or {},
                "id": (transient or {}).get("display_id"),
                "update": update,
            }
        )

    def clear_output(self, wait: bool = False) -> None:
        _RECORDER.put({"output_type": "clear", "wait": wait})


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """Do nothing: the number of the cell is the grader's to write."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        _RECORDER.put(
            {
                "output_type": "execute_result",
                "data": _plain_data(format_dict),
                "metadata": md_dict or {},
            }
        )

    def finish_displayhook(self) -> None:
        """Do nothing: nothing was written."""


class Shell(InteractiveShell):
    """IPython, with its outputs recorded."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def init_history(self) -> None:
        """Keep no history: there is no home to write it to."""
        self.config.HistoryManager.enabled = False
        super().init_history()

    @contextlib.contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        """Keep no second copy of what is printed: IPython's, for its history, has no bound."""
        yield

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: figures are shown inline."""

    def ask_exit(self) -> None:
        """Do nothing: `exit` does not end a notebook."""

    def _showtraceback(self, etype: type, evalue: object, stb: list[str]) -> None:
        _RECORDER.put(
            {
                "output_type": "error",
                "ename": getattr(etype, "__name__", str(etype)),
                "evalue": _text(evalue),
                "traceback": [str(line) for line in stb],
            }
        )


def _text(error: object) -> str:
    try:
        return str(error)
    except Exception:
        return "(an exception that cannot be printed)"


def draw_and_fail(shell: InteractiveShell) -> None:
    """Show figures inline; draw a first one and show a first error, to nobody.

    What comes later is faster by what that loads: fonts, drivers, the parts that show errors.
    """
    # Before pyplot's own hook, which draws every figure that is still open once more, for nobody.
    shell.events.register("post_execute", flush_figures)
    shell.enable_matplotlib("inline")
    assert shell.display_formatter is not None
    figure, axes = pyplot.subplots()
    axes.plot([0, 1], label="a line")
    axes.set(title="$a$ title", xlabel="x", ylabel="y")
    axes.legend()
    shell.display_formatter.format(figure)
    pyplot.close(figure)
    try:
        raise ValueError
    except ValueError:
        shell.InteractiveTB.structured_traceback(*sys.exc_info())


def serve(main: int, snapshots: list[int], limits: Limits) -> None:
    """Do what the grader says, until it closes the connection."""
    wire = Wire(socket.socket(fileno=main))
    shell = Shell.instance()
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    while True:
        order = wire.receive()
        if "files" in order:
            _write(order["files"])
        elif "cell" in order:
            _RECORDER.start(wire, limits.output)
            try:
                failed = not shell.run_cell(order["cell"], store_history=True).success
            except KeyboardInterrupt:  # it came a moment after the cell had ended
                failed = True
            _RECORDER.stop()
            wire.send({"done": order["number"], "failed": failed})
        else:
            number = order["snapshot"]
            if os.fork() == 0:
                wire.close()
                for position, descriptor in enumerate(snapshots):
                    if position != number and descriptor is not None:
                        os.close(descriptor)
                _answer(Wire(socket.socket(fileno=snapshots[number])), shell.user_ns)
                os._exit(0)
            wire.send({"forked": number})
            os.close(snapshots[number])
            snapshots[number] = None  # type: ignore[call-overload]


def _write(files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class _Kept:
    """The objects that the grader has handles for."""

    def __init__(self) -> None:
        self.objects: list[object] = []

    def __call__(self, value: object) -> Handle:
        self.objects.append(value)
        return Handle(len(self.objects) - 1, type(value).__name__, callable(value))


def _answer(wire: Wire, names: Mapping[str, object]) -> None:
    """Answer what the grader asks about the learner's names, until it has no more questions."""
    kept = _Kept()
    while True:
        question = wire.receive()
        try:
            reply = {"reply": _reply(question, names, kept)}
            wire.send(reply, kept)
        except CodecError as error:
            wire.send({"unsendable": str(error)})
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            place = frames[-1].name if frames else "?"
            wire.send({"raised": [type(error).__name__, _text(error), place]})


def _reply(question: Mapping[str, Any], names: Mapping[str, object], kept: _Kept) -> object:
    if question["ask"] == "name":
        name = question["name"]
        return [name in names, kept(names[name]) if callable(names.get(name)) else names.get(name)]
    thing = kept.objects[question["object"]]
    match question["ask"]:
        case "attribute":
            value = getattr(thing, question["name"])
            return kept(value) if callable(value) else value
        case "title":
            return LocalFunction(thing).name()
        case "refuses":
            return LocalFunction(thing).refuses(question["count"])
        case "has_no_body":
            return LocalFunction(thing).has_no_body()
    arguments = [
        kept.objects[item.number] if isinstance(item, Handle) else item
        for item in question["arguments"]
    ]
    called = LocalFunction(thing).call(arguments, question["replacing"])
    return _as_list(called)


def _as_list(called: Called) -> list[object]:
    failure: Failure | None = called.failure
    parts = None
    if failure is not None:
        parts = [failure.kind, failure.message, failure.line, failure.code, failure.unfinished]
    return [called.answer, list(called.changed), parts]
