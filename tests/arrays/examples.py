"""Arrays of every kind that can be stored."""

import numpy as np

RNG = np.random.default_rng(0)

DTYPES = [
    *["?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "e", "f", "d", "g", "F", "D", "G"],
    *[">i2", ">u4", ">i8", ">f2", ">f4", ">f8", ">c8", ">c16", ">U3", ">M8[s]"],
    *["S1", "S7", "S300", "U1", "U5", "U90", "M8[ns]", "M8[D]", "M8[25us]", "m8[ms]", "m8"],
]
SHAPES = [(), (0,), (1,), (7,), (0, 5), (5, 0), (1, 9), (33, 4), (3, 4, 5, 6)]


def several_chunks(dtype: str) -> tuple[int, int]:
    """Give the shape of an array of 1.3 MB, which fills two chunks and a part of a third."""
    return 1_300_000 // (9 * np.dtype(dtype).itemsize), 9


def example(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    """Give an array of arbitrary bytes, made valid where the dtype asks for it."""
    kind = np.dtype(dtype)
    count = int(np.prod(shape))
    if kind.kind == "b":
        return (RNG.random(shape) < 0.5).astype(kind)
    if kind.kind in "SU":
        words = RNG.choice(["", "cat", "wild", "a b", "x" * 400], size=min(count, 997))
        return np.resize(words.astype(kind), shape)
    if kind.char in "gG":
        return RNG.normal(size=shape).astype(kind)
    raw = RNG.integers(0, 256, size=count * kind.itemsize, dtype=np.uint8)
    return raw.view(kind).reshape(shape)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Say whether two arrays have equal dtype, shape and bytes (so NaN equals NaN)."""
    if a.dtype != b.dtype or a.shape != b.shape or a.dtype.str != b.dtype.str:
        return False
    if a.dtype.kind in "SUgG" or a.dtype.char in "gG":
        return bool(np.array_equal(a, b))
    return np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
