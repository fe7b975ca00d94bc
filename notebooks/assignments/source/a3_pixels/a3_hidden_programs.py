"""What exercise 4 of assignment 3 holds examples against: how a picture moves, and ways to miss it.

Packed into a3_sealed.py, which is released; this file is not. After a change, pack it again:
``python -m course_utils.checks.sealing notebooks/assignments/source/a3_pixels``.
"""

LONGEST = 1000


def read(picture, where):
    """Make a picture of the same shape, of what `where` gives for each place."""
    height, width = len(picture), len(picture[0])
    return [[where(row, column) for column in range(width)] for row in range(height)]


def nearest(position, size):
    """Give the position in the picture that is nearest to this one."""
    return min(max(position, 0), size - 1)


def accepts(picture, right, down):
    """Say what is wrong with the input of an example."""
    rows = list(picture) if isinstance(picture, (list, tuple)) else []
    if not rows or not all(isinstance(row, (list, tuple)) and len(row) > 0 for row in rows):
        return "`picture` should be a list of rows, and each row a list of numbers"
    pixels = [pixel for row in rows for pixel in row]
    if any(
        isinstance(pixel, (bool, str, list, tuple)) or not abs(pixel) <= 1000 for pixel in pixels
    ):
        return "pixels should be numbers between -1000 and 1000"
    for name, steps in (("right", right), ("down", down)):
        if isinstance(steps, bool) or not isinstance(steps, int) or abs(steps) > LONGEST:
            return f"`{name}` should be a whole number between -{LONGEST} and {LONGEST}"
    return None


def right(picture, right, down):
    """Move the picture, and repeat the pixels at the border."""
    height, width = len(picture), len(picture[0])
    return read(
        picture,
        lambda row, column: picture[nearest(row - down, height)][nearest(column - right, width)],
    )


def wraps_around(picture, right, down):
    """lets what leaves on one side come in on the other"""
    height, width = len(picture), len(picture[0])
    return read(
        picture, lambda row, column: picture[(row - down) % height][(column - right) % width]
    )


def black_bars(picture, right, down):
    """puts 0 where nothing comes from"""
    height, width = len(picture), len(picture[0])

    def pixel(row, column):
        row, column = row - down, column - right
        return picture[row][column] if 0 <= row < height and 0 <= column < width else 0

    return read(picture, pixel)


def the_other_way(picture, steps_right, steps_down):
    """moves to the left instead of the right, and up instead of down"""
    return right(picture, -steps_right, -steps_down)


WRONG = [wraps_around, black_bars, the_other_way]
