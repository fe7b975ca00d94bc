"""Outputs of a learner's cells, as they may stand in a notebook that others open."""

from __future__ import annotations

import re
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
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


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
            content = {k: _text(v) for k, v in data.items() if _is_shown(k, v)}
            new: dict[str, Any] = {
                "output_type": kind,
                "data": content,
                "metadata": _metadata(output.get("metadata")),
            }
            if kind == "execute_result":
                new["execution_count"] = count
            return new if content else None
    return None


def _is_shown(kind: object, content: object) -> bool:
    """Say whether content is of its kind: pages write a picture into a tag as it is."""
    if kind not in KINDS or not isinstance(content, str):
        return False
    coded = kind in ("image/png", "image/jpeg")
    return len(content) <= MAX_TEXT and (not coded or bool(_BASE64.fullmatch(content)))


def _metadata(metadata: object) -> dict[str, Any]:
    """Keep the size of a picture, and its text alternative: pages write them into a tag."""
    if not isinstance(metadata, dict):
        return {}
    return {
        kind: {name: value for name, value in part.items() if _is_setting(name, value)}
        for kind, part in metadata.items()
        if kind in KINDS and isinstance(part, dict)
    }


def _is_setting(name: object, value: object) -> bool:
    if name == "alt":
        return isinstance(value, str) and len(value) < 10_000
    return name in ("width", "height") and type(value) in (int, float) and _is_size(value)


def _is_size(value: Any) -> bool:
    return bool(0 < value < 100_000)  # which NaN is not, either


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return text[:MAX_TEXT]


def _continues(before: dict[str, Any], new: dict[str, Any]) -> bool:
    return before["output_type"] == "stream" and before["name"] == new["name"]
