"""Eyes: lids, iris, pupil, and the glint that makes them alive."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from data_scripts.painting.canvas import Canvas, Floats, Window, colour, mix, smoothstep
from data_scripts.painting.light import Light
from data_scripts.painting.noise import clouds
from data_scripts.painting.pose import Pose
from data_scripts.painting.solid import Point

# Closed lids meet along an arc below the middle.
CLOSED = (-0.36, 0.36)


@dataclass(frozen=True)
class Eye:
    """The right eye of a head; the left one mirrors it.

    Attributes
    ----------
    centre
        In head coordinates.
    size
        Half its width in head units.
    iris
        Colour, shape (3, 1, 1).
    opening
        How far upper and lower lid are from the middle, as shares of ``size``.
    tilt
        How much higher the outer corner is, in radians.
    iris_size
        Radius of the iris as a share of ``size``.
    pupil
        Half width and half height of the pupil as shares of the iris.
    rim
        Colour of the lids' skin, shape (3, 1, 1).
    other_iris
        Colour of the left iris where it differs.
    closed
        Whether the lids are closed: contentment.
    """

    centre: Point
    size: float
    iris: Floats
    opening: tuple[float, float] = (0.7, 0.55)
    tilt: float = 0.15
    iris_size: float = 0.75
    pupil: tuple[float, float] = (0.35, 0.75)
    rim: Floats = field(default_factory=lambda: colour("#120d0d"))
    other_iris: Floats | None = None
    closed: bool = False


def local_frame(
    window: Window, pose: Pose, centre: Point, size: float, turn: float, tilt: float
) -> tuple[Floats, Floats, float]:
    """Coordinates on a small flat patch of a head.

    Parameters
    ----------
    window, pose
        The pixels, and where the head is.
    centre, size
        Middle of the patch and the length that becomes 1, in head units.
    turn
        How far the patch faces sideways, in radians.
    tilt
        Clockwise turn of the patch's own axes, in radians.

    Returns
    -------
    u, v, unit
        Coordinates of each pixel on the patch, and the length of 1 in picture coordinates.
    """
    across = np.array([np.cos(turn), 0, -np.sin(turn)])
    down = np.array([0.0, 1.0, 0.0])
    c, s = np.cos(tilt), np.sin(tilt)
    axes = np.stack([c * across + s * down, -s * across + c * down], axis=1)
    projected = (pose.rotation @ axes)[:2] * pose.scale * size
    inverse = np.linalg.inv(projected).astype(np.float32)
    middle = pose.place(centre)
    dx, dy = window.x - np.float32(middle[0]), window.y - np.float32(middle[1])
    u = inverse[0, 0] * dx + inverse[0, 1] * dy
    v = inverse[1, 0] * dx + inverse[1, 1] * dy
    return u, v, pose.scale * size


def paint_eye(
    canvas: Canvas,
    pose: Pose,
    eye: Eye,
    side: int,
    gaze: tuple[float, float],
    light: Light,
    rng: Generator,
) -> None:
    """Paint one eye.

    Parameters
    ----------
    canvas, pose, eye, light, rng
        The picture, where the head is, the eye, the light, and the source of randomness.
    side
        1 for the eye on the right of the picture, -1 for its mirror image.
    gaze
        Where it looks: right and down, each about -0.3 to 0.3.
    """
    centre = (side * eye.centre[0], eye.centre[1], eye.centre[2])
    middle = pose.place(centre)
    reach = eye.size * pose.scale * 1.9
    window = canvas.window(*(middle[:2] - reach), *(middle[:2] + reach))
    if window is None:
        return
    u, v, unit = local_frame(window, pose, centre, eye.size, side * 0.4, -side * eye.tilt)
    upper, lower = CLOSED if eye.closed else eye.opening
    arch = 1 - u * u
    # The inner corner reaches a little down towards the nose.
    corner = 0.1 * smoothstep(0.3, 1.1, -u * side)
    between = np.minimum(v + upper * arch - corner, lower * arch - v + corner) * 0.8
    inside = np.minimum(between, (1.05 - np.abs(u))) * np.float32(unit)
    soft = window.pixel * 0.9
    shadow = smoothstep(-0.55, 0.0, between) * (0.2 if eye.closed else 0.55)
    canvas.lay(window, eye.rim, shadow * smoothstep(1.9, 1.0, np.abs(u)))
    line = 0.11 if eye.closed else 0.16
    canvas.lay(
        window, eye.rim, smoothstep(-line * unit - soft, (0.06 - line) * unit + soft, inside)
    )
    if eye.closed:
        return
    ball = _ball(u, v, eye, side, gaze, light, rng, max(soft / unit, 0.02))
    canvas.lay(window, ball, smoothstep(-soft, soft, inside))


def _ball(
    u: Floats,
    v: Floats,
    eye: Eye,
    side: int,
    gaze: tuple[float, float],
    light: Light,
    rng: Generator,
    soft: float,
) -> Floats:
    iu = (u - np.float32(gaze[0])) / np.float32(eye.iris_size)
    iv = (v - np.float32(gaze[1])) / np.float32(eye.iris_size)
    radius = np.sqrt(iu * iu + iv * iv)
    iris = eye.iris if side > 0 or eye.other_iris is None else eye.other_iris
    fibres = clouds(rng, (8, 64), 48)
    around = ((np.arctan2(iv, iu) / np.pi + 1) * 31.5).astype(np.int32)
    fibre = fibres[np.minimum((radius * 6).astype(np.int32), 7), np.clip(around, 0, 63)]
    # Light that enters from above leaves on the far side, below.
    glow = 0.78 + 0.38 * smoothstep(-0.7, 0.9, iv) - 0.5 * smoothstep(0.7, 1.05, radius)
    tone = iris * (glow + 0.07 * fibre)
    tone = mix(tone, np.minimum(iris * 1.25 + 0.06, 1), smoothstep(0.75, 0.3, radius) * 0.5)
    white = colour("#9e8f85") * (0.9 - 0.35 * np.abs(u))
    ball = mix(white, tone, smoothstep(1 + soft, 1 - soft, radius))
    ball = mix(ball, ball * 0.35, smoothstep(0.16, 0.0, np.abs(radius - 1)) * 0.7)
    wide, high = eye.pupil
    pupil = np.sqrt((iu / wide) ** 2 + (iv / high) ** 2)
    edge = soft / min(wide, 0.5) * 1.5
    ball = mix(ball, colour("#050508"), smoothstep(1 + edge, 1 - edge, pupil))
    lid = smoothstep(0.55, 0.0, v + eye.opening[0] * (1 - u * u))
    ball = ball * (1 - 0.55 * lid)
    glint_u, glint_v = light.direction[0] * 0.45, -0.32
    glint = np.sqrt(((u - glint_u) / 0.19) ** 2 + ((v - glint_v) / 0.17) ** 2)
    ball = mix(ball, colour("#ffffff"), smoothstep(1.25, 0.7, glint) * 0.95)
    second = np.sqrt(((u + glint_u * 0.9) / 0.3) ** 2 + ((v - 0.34) / 0.1) ** 2)
    return mix(ball, light.sky + 0.4, smoothstep(1.3, 0.4, second) * 0.22)
