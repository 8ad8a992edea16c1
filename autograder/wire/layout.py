"""How a frame is laid out: what encoder and decoder agree on."""

import enum
import struct

import numpy as np

HEADER = struct.Struct("<4sIQ")
"""Magic, length of the body, length of the buffers."""
MAGIC = b"wal1"
ALIGNMENT = 16
"""Array buffers are padded to so many bytes."""

_SIZES = {"int": (8, 16, 32, 64), "uint": (8, 16, 32, 64), "float": (16, 32, 64)}
DTYPES = (
    np.dtype(np.bool_),
    *(np.dtype(f"{kind}{bits}") for kind, sizes in _SIZES.items() for bits in sizes),
    np.dtype(np.complex64),
    np.dtype(np.complex128),
)
"""The dtypes that travel; a frame has their place in this tuple."""


class Mark(enum.IntEnum):
    """Extension types of the body: what the values that follow are part of."""

    LIST = 0
    TUPLE = 1
    DICT = 2
    COMPLEX = 3
    BIG_INT = 4
    ARRAY = 5
    NUMBERS = 6
    SCALAR = 7
    DTYPE = 8
    SLICE = 9
    ELLIPSIS = 10
    GENERATOR = 11
    REMOTE = 12
    TENSOR = 13


class Layout(enum.IntEnum):
    """Order of an array's elements in memory; the other side makes the same."""

    C = 0
    FORTRAN = 1
    STRIDED = 2


STEPS = ("attr", "item")
"""Of the path of a reference; a frame has their places in this tuple."""
MAX_STEPS = 100
MAX_DIMENSIONS = 32
MAX_BIG_INT = 256
"""Bytes of an integer outside 64 bits."""
MAX_EXTENSION = 2 + 8 * MAX_DIMENSIONS + MAX_BIG_INT


def padded(size: int) -> int:
    """Return the length of a buffer with its padding."""
    return -(-size // ALIGNMENT) * ALIGNMENT
