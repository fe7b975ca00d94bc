"""Outputs of a learner's cells, as they may stand in a notebook that others open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MAX_TEXT = 8 << 20
# What is shown, and starts nothing: no JavaScript, no widget.
KINDS = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
)


def clean(outputs: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Make well-formed outputs of nbformat 4 from what a learner's process sent.

    Parameters
    ----------
    outputs
        Plain data of any form; what is no output is left out.
    count
        The cell's number.
    """
    made: list[dict[str, Any]] = []
    shown: dict[str, dict[str, Any]] = {}
    clear_later = False
    for output in outputs:
        kind = output.get("output_type")
        if kind == "clear":
            clear_later = output.get("wait") is True
            if not clear_later:
                made, shown = [], {}
            continue
        new = _output(output, kind, count)
        if new is None:
            continue
        if clear_later:
            made, shown, clear_later = [], {}, False
        name = output.get("id")
        if output.get("update") is True:
            if isinstance(name, str) and name in shown:
                shown[name]["data"] = new["data"]
            continue
        if isinstance(name, str):
            shown[name] = new
        if made and kind == "stream" and _continues(made[-1], new):
            made[-1]["text"] += new["text"]
        else:
            made.append(new)
    return made


def _output(output: dict[str, Any], kind: object, count: int) -> dict[str, Any] | None:
    match kind:
        case "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
        case "error":
            lines = output.get("traceback")
            return {
                "output_type": "error",
                "ename": _text(output.get("ename"))[:200],
                "evalue": _text(output.get("evalue"))[:10_000],
                "traceback": [_text(line) for line in lines] if isinstance(lines, list) else [],
            }
        case "display_data" | "execute_result":
            data = output.get("data")
            if not isinstance(data, dict):
                return None
            content = {k: _text(v) for k, v in data.items() if k in KINDS and isinstance(v, str)}
            new: dict[str, Any] = {
                "output_type": kind,
                "data": content,
                "metadata": _metadata(output.get("metadata")),
            }
            if kind == "execute_result":
                new["execution_count"] = count
            return new if content else None
    return None


def _metadata(metadata: object) -> dict[str, Any]:
    """Keep what is text or a number: the size of an image, its text alternative."""
    if not isinstance(metadata, dict):
        return {}
    return {
        key: {
            name: value
            for name, value in (part.items() if isinstance(part, dict) else ())
            if isinstance(name, str) and isinstance(value, str | int | float | bool)
        }
        for key, part in metadata.items()
        if key in KINDS and isinstance(part, dict)
    }


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text[:MAX_TEXT]


def _continues(before: dict[str, Any], new: dict[str, Any]) -> bool:
    return before["output_type"] == "stream" and before["name"] == new["name"]
