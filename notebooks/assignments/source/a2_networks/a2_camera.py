"""The camera with one pixel, the note that it photographed, and the safe.

Nothing in here helps to solve an exercise. The note is in here, but you will want to develop it.
"""

import hashlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

_NOTE = [1374, 1317, 1562, 1417]
_CODE = "80777a98995ceabbc5aca4b9551006a31a8041777badf307864540ae02f09747"


def photograph(
    picture: ArrayLike, n_shots: int, dark: float = 0.0, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Photograph a picture with one pixel: each shot sees it through another mask.

    Parameters
    ----------
    picture : array_like of float, shape (height, width)
        How much ink there is at each point, from 0 to 1.
    n_shots : int
        How many numbers to take, each through a mask of its own.
    dark : float, default 0
        What the sensor says when there is nothing to see.
    seed : int, default 0
        Which masks.

    Returns
    -------
    masks : ndarray of float, shape (n_shots, height * width)
        +1 where the mirror of a point is turned to the sensor, -1 where it is turned away.
    brightness : ndarray of float, shape (n_shots,)
        What the sensor said of each shot.
    """
    points = np.asarray(picture, dtype=float).ravel()
    masks = np.random.default_rng(seed).choice([-1.0, 1.0], (n_shots, points.size))
    return masks, masks @ points + dark


def shots_of_the_note() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the masks and the brightness of the 600 shots that were taken of the note."""
    from sklearn.datasets import load_digits

    note = np.hstack(load_digits().images[_NOTE]) / 16
    return photograph(note, 600, dark=-3.5, seed=2)


def try_code(digits: ArrayLike) -> bool:
    """Try a code on the safe, and say whether it opens.

    Parameters
    ----------
    digits : array_like of int, shape (4,)
        From left to right.
    """
    code = "".join(str(digit) for digit in np.asarray(digits).tolist())
    opens = hashlib.sha256(f"safe {code}".encode()).hexdigest() == _CODE
    print(f"{code}: the safe {'opens' if opens else 'stays shut'}.")
    return opens
