"""The array cache: compute features once, load them for ever.

:func:`save_array` and :func:`load_array` store whole arrays, :func:`open_array` reads parts of
one, :class:`ArrayWriter` lets one grow. Arrays are compressed with Blosc2 and guarded by checksums;
a write happens wholly or not at all. Directories of the old bcolz and ``.npy`` files open too. In
the shell, ``python -m course_utils.arrays`` inspects, verifies, converts and compares arrays.
"""

from course_utils.arrays._errors import ArrayBusyError, ArrayFileError
from course_utils.arrays._loading import load_array, open_array
from course_utils.arrays._reading import ReadableArray
from course_utils.arrays._writer import ArrayWriter, save_array

__all__ = [
    "ArrayBusyError",
    "ArrayFileError",
    "ArrayWriter",
    "ReadableArray",
    "load_array",
    "open_array",
    "save_array",
]
