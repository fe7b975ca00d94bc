"""Features on disk, found again by what they were made from.

A row is kept under the SHA-256 of the picture's bytes, in a folder named by the SHA-256 of its
*recipe*: the network's weights and structure, layer, preprocessing, engine, precision and library
versions. Whatever changes, the old row is simply not found. Nothing is ever looked up by a file's
name alone.

Layout, under the cache's folder::

    files.sqlite                    which bytes a file held when it was last read
    <recipe's digest>/recipe.json   the recipe, to be read by people
    <recipe's digest>/<segment>/    rows and keys that one call wrote, each an array

A call appends to a segment of its own, so that any number of programs can use one cache at once.
Rows are committed before their keys: after a kill at any moment, every key has its row. A cache
that cannot be written to, or whose list of files is locked, costs time and never stops a run.
"""

from course_utils.features.cache.lookup import CacheLookup, read_settled
from course_utils.features.cache.session import Session
from course_utils.features.cache.store import CacheEntry, FeatureCache, as_cache

__all__ = ["CacheEntry", "CacheLookup", "FeatureCache", "Session", "as_cache", "read_settled"]
