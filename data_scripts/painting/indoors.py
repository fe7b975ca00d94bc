"""Backgrounds under a roof."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from data_scripts.painting.backdrop import SIDE, dabs, pick, wash
from data_scripts.painting.canvas import colour, from_image, to_image
from data_scripts.painting.noise import clouds

_WALLS = ["#d8cfc0", "#b9a58c", "#8f9aa3", "#c7b2a0", "#7a6352", "#e6dfd2", "#a8b09a", "#867a90"]
_CLOTH = ["#a34a42", "#3f5f7d", "#4a6b50", "#c2a05a", "#6a5a72", "#8a8f94", "#d9d0bd", "#54453c"]
_WOOD = ["#6b4a30", "#9c7a55", "#4a3526", "#b58f63"]


def room(rng: Generator) -> Image.Image:
    """Paint a wall, and two or three things in front of it."""
    tone = pick(rng, _WALLS)
    wall = to_image(wash(rng, tone, tone) * (1 + 0.04 * clouds(rng, (SIDE, SIDE), 4)))
    things = [_window, _shelf, _frame, _plant, _curtain]
    for k in rng.permutation(len(things))[: int(rng.integers(1, 4))]:
        things[k](wall, rng)
    if rng.random() < 0.7:
        _sofa(wall, rng)
    # Light falls in from one side.
    side = np.linspace(-1, 1, SIDE, dtype=np.float32) * np.float32(0.22)
    return to_image(from_image(wall) * (rng.uniform(0.75, 1.05) + side))


def _window(wall: Image.Image, rng: Generator) -> None:
    pen = ImageDraw.Draw(wall, "RGBA")
    x, y, w, h = (
        rng.uniform(-10, 80),
        rng.uniform(-30, 10),
        rng.uniform(35, 60),
        rng.uniform(60, 90),
    )
    pen.rectangle((x - 3, y - 3, x + w + 3, y + h + 3), fill="#f2eee6")
    pen.rectangle((x, y, x + w, y + h), fill=pick(rng, ["#e3eef6", "#cfe3d2", "#f6ead2"]))
    pen.rectangle((x, y + h * 0.6, x + w, y + h), fill=pick(rng, ["#a9c79a", "#b9cfd9", "#cbb98f"]))
    pen.rectangle((x + w / 2 - 1.5, y, x + w / 2 + 1.5, y + h), fill="#f2eee6")


def _shelf(wall: Image.Image, rng: Generator) -> None:
    pen = ImageDraw.Draw(wall, "RGBA")
    x, wood = rng.uniform(-20, 80), pick(rng, _WOOD)
    for y in range(int(rng.uniform(18, 34)), 110, 30):
        at = x
        while at < x + 60:
            wide, tall = rng.uniform(3, 7), rng.uniform(14, 24)
            pen.rectangle((at, y - tall, at + wide, y), fill=pick(rng, _CLOTH))
            at += wide
        pen.rectangle((x - 3, y, x + 64, y + 4), fill=wood)


def _frame(wall: Image.Image, rng: Generator) -> None:
    pen = ImageDraw.Draw(wall, "RGBA")
    x, y, w, h = rng.uniform(0, 100), rng.uniform(0, 40), rng.uniform(18, 36), rng.uniform(18, 36)
    pen.rectangle((x - 3, y - 3, x + w + 3, y + h + 3), fill=pick(rng, _WOOD))
    pen.rectangle((x, y, x + w, y + h), fill=pick(rng, ["#efe8da", "#b9cbd0", "#d9b98c"]))


def _plant(wall: Image.Image, rng: Generator) -> None:
    x = rng.uniform(5, SIDE - 5)
    pen = ImageDraw.Draw(wall, "RGBA")
    for angle in rng.uniform(0.15, 0.85, 14) * np.pi:
        reach = rng.uniform(22, 48)
        end = (x + reach * np.cos(angle), 90 - reach * np.sin(angle))
        leaf = pick(rng, ["#4f7a4a", "#6a955a", "#3c6040"])
        pen.line([(x, 92), end], fill=leaf, width=int(rng.integers(3, 7)))
    pot = [(x - 11, 92), (x + 11, 92), (x + 8, 116), (x - 8, 116)]
    pen.polygon(pot, fill=pick(rng, ["#b5683f", "#e0dacc", "#55606a"]))


def _curtain(wall: Image.Image, rng: Generator) -> None:
    pen = ImageDraw.Draw(wall, "RGBA")
    x, tone = float(rng.choice([-5, 95])), pick(rng, _CLOTH)
    pen.rectangle((x, 0, x + 38, SIDE), fill=tone + "e0")
    for fold in range(0, 38, 9):
        pen.rectangle((x + fold, 0, x + fold + 3, SIDE), fill="#00000030")


def _sofa(wall: Image.Image, rng: Generator) -> None:
    pen = ImageDraw.Draw(wall, "RGBA")
    y, tone = rng.uniform(70, 100), pick(rng, _CLOTH)
    pen.rounded_rectangle((-20, y, SIDE + 20, SIDE + 30), 16, fill=tone)
    pen.rectangle((-20, y + 26, SIDE + 20, SIDE), fill="#00000026")
    for _ in range(int(rng.integers(0, 3))):
        x, size = rng.uniform(0, SIDE - 20), rng.uniform(22, 34)
        box = (x, y - size * 0.3, x + size, y + size * 0.7)
        pen.rounded_rectangle(box, 6, fill=pick(rng, _CLOTH))


def lights(rng: Generator) -> Image.Image:
    """Paint lights far out of focus."""
    top, bottom, tones = (
        ("#1c2733", "#382c28", ["#ffd27a", "#ff9d5c", "#fff0c4"]),
        ("#2c4a33", "#1c301e", ["#d6f0a0", "#f6f7c8", "#9cd08a"]),
        ("#5f7a9e", "#50506c", ["#e8f2ff", "#c8d8ff", "#ffe9d0"]),
        ("#755254", "#452a38", ["#ffc0b0", "#ffe3b3", "#f7a8c0"]),
        ("#3a3a40", "#24242a", ["#8ad0e8", "#f0a0d0", "#fff2b0"]),
    )[int(rng.integers(5))]
    ground = to_image(wash(rng, top, bottom))
    return dabs(ground, rng, int(rng.integers(12, 34)), (3, 13), tones, 130)


def studio(rng: Generator) -> Image.Image:
    """Paint a sheet of paper, lit from somewhere."""
    tones = ["#8f9ba8", "#c2b49e", "#565d68", "#a56f60", "#dcdcd8", "#2a2a2d", "#5f8088", "#c9a5a0"]
    tone = colour(pick(rng, tones))
    ticks = np.linspace(-1, 1, SIDE, dtype=np.float32)
    x, y = np.meshgrid(ticks, ticks)
    cx, cy = rng.uniform(-0.6, 0.6, 2).astype(np.float32)
    glow = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) * np.float32(0.9))
    return to_image(tone * (0.72 + 0.5 * glow + 0.03 * clouds(rng, (SIDE, SIDE), 5)))
