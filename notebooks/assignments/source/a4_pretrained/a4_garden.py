"""The camera at the gate: what it saw last night, when nobody was there.

Nothing in here helps to solve an exercise.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage import data

HEIGHT, WIDTH = 320, 448  # of a shot, in pixels
MOONLIGHT = 0.35 * np.array([0.6, 0.75, 1.0])  # how much of the daylight is left
MIST = np.array([70.0, 80.0, 95.0])
TIMES = [f"{hour % 24:02}:{minute:02}" for hour in range(23, 27) for minute in (0, 20, 40)]


def empty_garden() -> dict[str, NDArray[np.uint8]]:
    """Give the twelve shots of an empty garden, by the time on the camera's clock.

    They are cut from scikit-image's photographs of gravel, grass and brick, and made dark, blue and
    misty by code.

    Returns
    -------
    dict of ndarray of uint8, each of shape (320, 448, 3)
        In the order of the clock: four of the gravel, four of the lawn, four of the wall.
    """
    rng = np.random.default_rng(3)
    places = np.repeat([data.gravel(), data.grass(), data.brick()], 4, axis=0)
    return {time: _at_night(place, rng) for time, place in zip(TIMES, places, strict=True)}


def _at_night(place: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Cut a piece out of a grey photograph, and take away most of its light."""
    top, left = (rng.integers(0, size) for size in np.subtract(place.shape, (HEIGHT, WIDTH)))
    piece = place[top : top + HEIGHT, left : left + WIDTH, np.newaxis] * MOONLIGHT
    swirls = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), 40)
    mist = 0.5 * ((swirls - swirls.min()) / np.ptp(swirls))[..., np.newaxis]
    shot = (1 - mist) * piece + mist * MIST + rng.normal(scale=4, size=(HEIGHT, WIDTH, 3))
    return shot.clip(0, 255).round().astype(np.uint8)
