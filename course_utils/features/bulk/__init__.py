"""Features of any number of pictures, into a folder on disk, in bounded memory.

Layout of the folder::

    pictures/         which pictures, with their labels, in the order of their numbers
    features/         an array; a row for each picture that could be read
    skipped.jsonl     the others: number, path, reason
    provenance.json   what the rows were made with, by which machines

Rows are written in the order of the pictures, and what could not be read is noted before the rows
behind it are committed. So the number of committed rows and the list of the others say together
how far the work is, after a kill at any moment, and the same call goes on from there.
"""

from course_utils.features.bulk.extracting import extract_to_folder
from course_utils.features.bulk.pictures import PictureList
from course_utils.features.bulk.stored import StoredFeatures, open_features

__all__ = ["PictureList", "StoredFeatures", "extract_to_folder", "open_features"]
