"""Backgrounds in the open air."""

from __future__ import annotations

from numpy.random import Generator
from PIL import Image, ImageDraw

from data_scripts.painting.backdrop import SIDE, dabs, horizon, pick, wash
from data_scripts.painting.canvas import Floats, colour, from_image, mix, smoothstep, to_image
from data_scripts.painting.noise import clouds

_SHAPE = (SIDE, SIDE)


def _textured(rng: Generator, ground: Floats, coarse: float, fine: float) -> Floats:
    rough = coarse * clouds(rng, _SHAPE, 10) + fine * clouds(rng, _SHAPE, 64)
    return ground * (1 + rough)


def _trees(rng: Generator, sky: Floats, leaves: str, height: float) -> Floats:
    # A far line of trees: round crowns, lighter on top.
    crowns = _textured(rng, wash(rng, leaves, "#243018"), 0.3, 0.08)
    return horizon(rng, sky, crowns, height, 0.06)


def meadow(rng: Generator) -> Image.Image:
    """Paint grass, with a line of trees behind it."""
    sky = wash(rng, pick(rng, ["#9fc3e6", "#d5dde2", "#b8d2ea"]), "#e9efe9")
    far = _trees(rng, sky, pick(rng, ["#5f7f45", "#6f8a4a", "#4d6b45"]), rng.uniform(0.0, 0.4))
    grass = wash(rng, pick(rng, ["#93a552", "#7fa04a", "#b0a860"]), "#40602a")
    level = rng.uniform(0.4, 0.75)
    ground = to_image(horizon(rng, far, _textured(rng, grass, 0.1, 0.14), level, 0.02))
    tones = ["#f4e67a", "#f7f3e4", "#e6a9cf", "#d8e08a"]
    return dabs(ground, rng, int(rng.integers(0, 18)), (1, 4), tones, 200, (level * SIDE, SIDE))


def lawn(rng: Generator) -> Image.Image:
    """Paint grass from above."""
    top, bottom = ("#7c9a48", "#4a6e2c") if rng.random() < 0.6 else ("#a9a35c", "#6a6a34")
    ground = to_image(_textured(rng, wash(rng, top, bottom, 0.3), 0.14, 0.16))
    return dabs(ground, rng, int(rng.integers(0, 12)), (1.5, 4), ["#f6f3e2", "#f2e36b"], 180)


def woods(rng: Generator) -> Image.Image:
    """Paint trunks, undergrowth, and leaves that catch the light."""
    ground = to_image(_textured(rng, wash(rng, "#7d8a58", "#4a3c24"), 0.25, 0.06))
    pen = ImageDraw.Draw(ground, "RGBA")
    for _ in range(int(rng.integers(2, 7))):
        x, wide, lean = rng.uniform(0, SIDE), rng.uniform(3, 12), rng.normal(0, 5)
        tone = int(rng.uniform(30, 95))
        corners = [(x - wide, SIDE), (x + wide, SIDE), (x + lean + wide, 0), (x + lean - wide, 0)]
        pen.polygon(corners, fill=(tone, int(tone * 0.82), int(tone * 0.64), 215))
    tones = ["#d9d86a", "#9fb84a", "#b9d27a", "#f2f0b0"]
    return dabs(ground, rng, int(rng.integers(8, 34)), (2, 7), tones, 120)


def autumn(rng: Generator) -> Image.Image:
    """Paint woods in their brightest month."""
    ground = to_image(_textured(rng, wash(rng, "#a9793a", "#4e3420"), 0.28, 0.08))
    tones = ["#e8a93c", "#d2702c", "#b5482a", "#f0cf6a", "#7a4a26"]
    return dabs(ground, rng, int(rng.integers(30, 60)), (2, 9), tones, 140)


def snow(rng: Generator) -> Image.Image:
    """Paint snow, firs behind it, and flakes."""
    sky = wash(rng, pick(rng, ["#9db4cf", "#c3ccd6", "#d9d3d6"]), "#e4eaf2")
    drift = _textured(rng, wash(rng, "#e8eef6", "#f8faff"), 0.04, 0.01)
    level = rng.uniform(0.45, 0.8)
    ground = to_image(sky)
    pen = ImageDraw.Draw(ground, "RGBA")
    for _ in range(int(rng.integers(0, 12))):
        x, tall = rng.uniform(0, SIDE), rng.uniform(25, 90)
        foot, wide = level * SIDE + 6, tall * rng.uniform(0.16, 0.26)
        tone = pick(rng, ["#55666a", "#6d7f86", "#4b5a58"]) + "c0"
        pen.polygon([(x - wide, foot), (x + wide, foot), (x, foot - tall)], fill=tone)
    firs = from_image(ground)
    ground = to_image(horizon(rng, firs, drift, level, 0.04))
    return dabs(ground, rng, int(rng.integers(10, 60)), (0.7, 2.4), ["#ffffff"], 220)


def coast(rng: Generator) -> Image.Image:
    """Paint sky with clouds, over the sea or over hills."""
    sky = wash(rng, pick(rng, ["#6f9fd2", "#88b0d8", "#9db6cc"]), "#d8e6ee")
    # Clouds are wider than high.
    banks = clouds(rng, (3 * SIDE, SIDE), 12)[:SIDE] + 0.6 * clouds(rng, _SHAPE, 10)
    sky = mix(sky, colour("#f4f4f2"), 0.75 * smoothstep(-0.2, 1.6, banks))
    low = pick(rng, ["#5f8aa0", "#77906a", "#8d8a63"])
    land = _textured(rng, wash(rng, low, pick(rng, ["#c9b78e", "#56744a", "#3f6a80"])), 0.06, 0.04)
    return to_image(horizon(rng, sky, land, rng.uniform(0.5, 0.95), 0.015))


def sunset(rng: Generator) -> Image.Image:
    """Paint the last light over dark hills."""
    sky = wash(rng, pick(rng, ["#5a5a86", "#7d6a90", "#4f6a92"]), pick(rng, ["#f5b26b", "#f2a08a"]))
    hills = wash(rng, "#4a3a40", "#2a2226")
    ground = to_image(horizon(rng, sky, hills, rng.uniform(0.6, 0.9), 0.05))
    return dabs(ground, rng, 1, (8, 14), ["#fff0c0"], 230, (40, 80))


def savanna(rng: Generator) -> Image.Image:
    """Paint dry grass, a hazy sky, and a tree or two."""
    sky = wash(rng, "#c9d3d6", "#efe2c2")
    grass = _textured(rng, wash(rng, "#d2b877", "#9a7a40"), 0.1, 0.14)
    level = rng.uniform(0.3, 0.7)
    ground = to_image(horizon(rng, sky, grass, level, 0.03))
    pen = ImageDraw.Draw(ground, "RGBA")
    for _ in range(int(rng.integers(0, 3))):
        x, foot, tall = rng.uniform(0, SIDE), level * SIDE + 4, rng.uniform(20, 45)
        pen.line([(x, foot), (x + 3, foot - tall)], fill="#6a5a3ad0", width=3)
        wide = tall * rng.uniform(0.6, 0.9)
        crown = (x - wide, foot - tall * 1.3, x + wide, foot - tall * 0.85)
        pen.ellipse(crown, fill=pick(rng, ["#7d7a4ad0", "#6f7440d0", "#8a8450d0"]))
    return ground


def rocks(rng: Generator) -> Image.Image:
    """Paint a rock face."""
    stones = ["#9a948a #5c564e", "#b58f6a #6e4a34", "#86898c #4a4e54", "#b5aa92 #7a6f5a"]
    top, bottom = pick(rng, stones).split()
    rough = clouds(rng, _SHAPE, 5) + 0.6 * clouds(rng, (3 * SIDE, SIDE), 24)[:SIDE]
    ground = to_image(wash(rng, top, bottom) * (1 + 0.17 * rough))
    return dabs(ground, rng, int(rng.integers(0, 12)), (3, 9), ["#6f7f45", "#8a9a58"], 120)
