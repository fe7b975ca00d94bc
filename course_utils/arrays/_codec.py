"""Compressing and decompressing one chunk of bytes with Blosc2.

A chunk from a file is checked before Blosc2 sees it. Its header is 16 bytes (Blosc 1) or 32 bytes
(Blosc 2) long, and names the codec, the filters and the sizes. Blosc2 trusts it in ways that a file
from somewhere else does not deserve: it writes as many bytes as the header says, whatever the
length of the destination; it looks for unknown codecs among installed plug-ins; and a "lazy" chunk
makes it read other files. The layout is described in c-blosc2's README_CHUNK_FORMAT.
"""

from __future__ import annotations

import struct
from typing import Any, Literal

import blosc2
import numpy as np

# Chunks are compressed by a pool of threads, each calling Blosc2 on one chunk: on small chunks this
# is faster than Blosc2's own threads, but it needs the interpreter's lock to be released meanwhile.
blosc2.set_releasegil(True)

_LITTLE_HEADER = struct.Struct("<BBBBIII")
_BLOSC1_HEADER_BYTES = 16
_BLOSC2_HEADER_BYTES = 32
_BLOSC1_VERSION = 2
_VERSIONS = range(_BLOSC1_VERSION, 6)
_BLOCK_BYTES = 2**18

_CODECS = {0: "blosclz", 1: "lz4", 3: "zlib", 4: "zstd"}
_SNAPPY = 2
# No filter, shuffle, bit shuffle, and byte delta (which ships inside Blosc2 under number 35).
_FILTERS = {0, 1, 2, 35}
_FLAG_LAZY = 0x08
_FLAG_INSTRUMENTED = 0x80
_SPECIAL_UNINITIALISED = 4

Compression = Literal["fast", "small"]

LARGEST_CHUNK = 2**31 - 64
"""What Blosc can hold in one chunk, in bytes."""


class ChunkError(ValueError):
    """The bytes of one chunk are not what they should be; the message says how."""


def choose_compression(
    dtype: np.dtype, row_shape: tuple[int, ...], aim: Compression
) -> dict[str, Any]:
    """Choose codec and filters for an array's bytes.

    The choices were measured (``python -m tests.benchmarks.bench_arrays --codecs``) on the two
    kinds of array that a course on pictures keeps:

    - Deep features, float32: the bytes of a number differ in character (sign and exponent repeat,
      the mantissa is noise), so they are shuffled apart. LZ4 then reads back several times faster
      than Zstandard, which halves the size.
    - Pictures, uint8: LZ4 finds the flat areas and reads back about as fast as memory is copied.
      To make them small, the channels are shuffled apart and each pixel is replaced by its
      difference from its neighbour, as PNG does it, before Zstandard looks at them.

    Everything else is treated like features, the shuffle set to the size of one number.

    Parameters
    ----------
    dtype, row_shape
        Of the array's items, and of one row.
    aim
        ``"fast"`` or ``"small"``.

    Returns
    -------
    dict
        Keyword arguments for ``blosc2.compress2``.
    """
    chosen: dict[str, Any] = {"splitmode": blosc2.SplitMode.NEVER_SPLIT, "nthreads": 1}
    if aim == "fast":
        chosen |= {"codec": blosc2.Codec.LZ4, "clevel": 7}
    else:
        chosen |= {"codec": blosc2.Codec.ZSTD, "clevel": 1}
    filters, type_bytes = [blosc2.Filter.SHUFFLE], _bytes_of_number(dtype)
    if type_bytes == 1:
        channels = row_shape[-1] if row_shape and row_shape[-1] in (3, 4) else 1
        if aim == "small" and channels > 1:
            filters, type_bytes = [blosc2.Filter.SHUFFLE, blosc2.Filter.BYTEDELTA], channels
        else:
            filters = [blosc2.Filter.NOFILTER]
    # Blocks of whole pixels: Blosc2 cannot undo the byte delta of a block that ends inside one.
    blocks = _BLOCK_BYTES // type_bytes * type_bytes
    return chosen | {
        "typesize": type_bytes,
        "filters": filters,
        "filters_meta": [0] * len(filters),
        "blocksize": blocks,
    }


def _bytes_of_number(dtype: np.dtype) -> int:
    """Return how far apart the like bytes of an array's items are."""
    return {"S": 1, "U": 4, "c": dtype.itemsize // 2}.get(dtype.kind, dtype.itemsize)


def compress(chunk: np.ndarray, compression: dict[str, Any]) -> bytes:
    """Compress ``chunk`` (uint8, contiguous, not empty) into one Blosc2 chunk."""
    return blosc2.compress2(chunk, **compression)


def decompress_into(compressed: Any, destination: np.ndarray) -> None:
    """Decompress one chunk that must fill ``destination`` exactly.

    Parameters
    ----------
    compressed
        The chunk's bytes, nothing more: a bytes-like object.
    destination
        uint8, contiguous, not empty.

    Raises
    ------
    ChunkError
        When the chunk is damaged, holds another number of bytes, or needs a codec that is not one
        of the format's.
    """
    check_chunk(compressed, destination.nbytes)
    try:
        blosc2.decompress2(compressed, dst=destination, nthreads=1)
    except (ValueError, RuntimeError) as error:
        raise ChunkError("the compressed data cannot be decompressed") from error


def check_chunk(compressed: Any, expected_bytes: int) -> None:
    """Check a chunk's header against what is known about the chunk from elsewhere.

    Raises
    ------
    ChunkError
        When the header contradicts ``expected_bytes`` or the length of ``compressed``, or asks for
        anything but plain decompression.
    """
    if len(compressed) < _BLOSC1_HEADER_BYTES:
        raise ChunkError(f"{len(compressed)} bytes are too few for a compressed chunk")
    version, _, flags, _, plain, block, length = _LITTLE_HEADER.unpack_from(compressed)
    codec = flags >> 5
    if version not in _VERSIONS:
        raise ChunkError(f"version {version} of the chunk format is unknown")
    if plain != expected_bytes:
        raise ChunkError(f"the chunk says it holds {plain:,} bytes, not {expected_bytes:,}")
    if length != len(compressed):
        raise ChunkError(f"the chunk says it is {length:,} bytes long, not {len(compressed):,}")
    if not 0 < block <= plain:
        raise ChunkError(f"blocks of {block:,} bytes in a chunk of {plain:,}")
    if codec == _SNAPPY:
        raise ChunkError(
            "it is compressed with snappy, which Blosc2 no longer reads; "
            "rewrite it with bcolz itself, choosing another cname such as 'lz4'"
        )
    if codec not in _CODECS:
        raise ChunkError(f"codec number {codec} is none of {', '.join(_CODECS.values())}")
    # Both shuffle bits together announce Blosc 2's longer header.
    if version > _BLOSC1_VERSION and flags & 0x05 == 0x05:
        _check_longer_header(bytes(compressed[:_BLOSC2_HEADER_BYTES]))


def _check_longer_header(header: bytes) -> None:
    if len(header) < _BLOSC2_HEADER_BYTES:
        raise ChunkError(f"{len(header)} bytes are too few for a chunk with a long header")
    filters, second_flags, blosc2_flags = set(header[16:22]), header[30], header[31]
    if not filters <= _FILTERS:
        raise ChunkError(f"filters {sorted(filters - _FILTERS)} are not among the format's")
    if blosc2_flags & _FLAG_LAZY:
        raise ChunkError("the chunk points to data elsewhere")
    if second_flags or blosc2_flags & _FLAG_INSTRUMENTED:
        raise ChunkError("the chunk is of a kind that holds no plain data")
    if (blosc2_flags >> 4) & 0x07 >= _SPECIAL_UNINITIALISED:
        raise ChunkError("the chunk holds no data")
