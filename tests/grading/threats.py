"""The table of threats, as `book/threats.md` has it, from the list of attacks."""

from __future__ import annotations

from collections import Counter

from .attacks import HARM, LEAK, POINTS, Attack
from .more_attacks import ALL

WANTS = {POINTS: "points", LEAK: "what is secret", HARM: "harm"}
WORDS = {
    "works": "**works**",
    "fails": "fails",
    "unbounded": "not tried: nothing bounds it",
    "ours": "has nothing to attack",
}


def table() -> str:
    """Give every attack as a row."""
    lines = ["| attack | wants | nbgrader as it comes | here |", "| --- | --- | --- | --- |"]
    lines += [f"| {a.what} | {WANTS[a.wants]} | {WORDS[a.stock]} | kept out |" for a in ALL]
    return "\n".join(lines)


def summary() -> str:
    """Give the numbers of attacks by what they want and what became of them."""
    lines = [
        "| what it wants | attacks | work on nbgrader as it comes | nothing bounds there | here |",
        "| --- | --: | --: | --: | --: |",
    ]
    for wants, words in WANTS.items():
        found = Counter(attack.stock for attack in ALL if attack.wants == wants)
        lines.append(row(words, found))
    lines.append(row("all", Counter(attack.stock for attack in ALL)))
    return "\n".join(lines)


def row(words: str, found: Counter[str]) -> str:
    return f"| {words} | {found.total()} | {found['works']} | {found['unbounded']} | 0 |"


def different(measured: dict[str, str], attacks: list[Attack] = ALL) -> list[str]:
    """Say where a measurement on nbgrader as it comes is not what the list says."""
    return [
        f"{attack.what}: the list says {attack.stock}, measured: {measured[attack.what]}"
        for attack in attacks
        if attack.what in measured and measured[attack.what] != attack.stock
    ]
