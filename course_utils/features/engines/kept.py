"""Engines and failures that one call leaves for the next with the same network."""

from __future__ import annotations

import os
from collections.abc import Hashable
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from course_utils.features.engines.base import Engine
from course_utils.networks.backbone import Backbone

__all__ = ["KeptEngines", "kept_engines"]

# Of one backbone: two layers in turn, or training and validation with two engines.
_MOST_ENGINES = 2


class KeptEngines:
    """What became of the engines of one backbone.

    Everything is found again only for the same network: *made_from* says its identity, and what
    else an engine depends on. One backbone has one network at a time, so the last one is enough.
    """

    def __init__(self) -> None:
        self._engines: dict[Hashable, tuple[Any, Engine, float | None]] = {}
        self._failures: dict[Hashable, tuple[Any, str]] = {}

    def take(self, key: Hashable, made_from: Any) -> tuple[Engine, float | None] | None:
        """Take an engine and its difference from float32; None when there is none that fits.

        It is gone from its place then, so that two threads never share one.
        """
        kept = self._engines.pop(key, None)
        return kept[1:] if kept is not None and kept[0] == made_from else None

    def keep(self, key: Hashable, made_from: Any, engine: Engine, difference: float | None) -> None:
        """Leave an engine for the next call."""
        self._engines[key] = (made_from, engine, difference)
        for old in list(self._engines)[:-_MOST_ENGINES]:
            self._engines.pop(old, None)

    def failure(self, key: Hashable, made_from: Any) -> str:
        """Say why an engine cannot be used; empty when nothing is known against it."""
        seen, failure = self._failures.get(key, (None, ""))
        return failure if seen == made_from else ""

    def remember_failure(self, key: Hashable, made_from: Any, failure: str) -> None:
        """Keep to the step back: training and validation pictures get the same engine.

        Otherwise the few pictures that each call checks an engine on would decide, call by call.
        """
        self._failures[key] = (made_from, failure)


_kept: WeakKeyDictionary[Backbone, KeptEngines] = WeakKeyDictionary()
_of_parents: list[KeptEngines] = []
_lock = Lock()


def kept_engines(backbone: Backbone) -> KeptEngines:
    """Give what earlier calls left for a backbone; it goes when the backbone does."""
    with _lock:
        return _kept.setdefault(backbone, KeptEngines())


def _leave_to_the_parent() -> None:
    """Use none of the engines of the process that this one was forked from, and end none.

    Their threads are not in this process, and whoever waits for them waits for ever.
    """
    _of_parents.extend(_kept.values())
    _kept.clear()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_leave_to_the_parent)
