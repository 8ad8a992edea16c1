"""Values to frames."""

import struct
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import msgpack
import numpy as np

from autograder.wire.layout import (
    DTYPES,
    HEADER,
    MAGIC,
    MAX_BIG_INT,
    MAX_DIMENSIONS,
    MAX_STEPS,
    STEPS,
    Layout,
    Mark,
    padded,
)
from autograder.wire.values import Caps, NotPlain, RandomGenerator, Remote, Tensor, Value

_PACK_FROM = 16  # a list of at least so many equal numbers travels as one buffer
_KINDS = frozenset(dtype.kind for dtype in DTYPES)
_DTYPE_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}


_DICTS = (dict, OrderedDict, defaultdict, Counter)
"""The standard library's: they arrive as dicts."""


class _Encoder:
    def __init__(self, caps: Caps, handle: Callable[[object], Remote | Tensor] | None) -> None:
        self.caps = caps
        self.handle = handle
        self.packer = msgpack.Packer(autoreset=False, strict_types=True)
        self.buffers: list[np.ndarray[Any, Any]] = []
        self.buffer_bytes = 0
        self.nodes = 0

    def put(self, value: object, depth: int = 0) -> None:
        self.nodes += 1
        if self.nodes > self.caps.nodes:
            raise NotPlain(f"more than {self.caps.nodes} values at once")
        kind = type(value)
        write = self._writers.get(kind)
        if write is not None and (depth < self.caps.depth or kind not in _CONTAINERS):
            write(self, value, depth)
        elif issubclass(kind, np.dtype) and value in _DTYPE_CODES:
            self._mark(Mark.DTYPE, bytes([_DTYPE_CODES[value]]))  # type: ignore[index]
        elif kind in _SCALAR_CODES:
            self._mark(Mark.SCALAR, bytes([_SCALAR_CODES[kind]]) + value.tobytes())  # type: ignore[attr-defined]
        else:
            self._put_foreign(value, depth)

    def _put_foreign(self, value: object, depth: int) -> None:
        if self.handle is None:
            raise NotPlain(f"a value of type {type(value).__name__} cannot travel")
        stand_in = self.handle(value)
        if isinstance(stand_in, Tensor):
            self._put_tensor(stand_in, depth)
        else:
            self._put_remote(stand_in, depth)

    def _mark(self, code: int, payload: bytes = b"") -> None:
        self.packer.pack_ext_type(code, payload)

    def _put_plain(self, value: object, depth: int) -> None:
        self.packer.pack(value)

    def _put_str(self, value: str, depth: int) -> None:
        # A lone surrogate has no UTF-8; no right answer contains one.
        self.packer.pack(value if value.isascii() else value.encode("utf-8", "replace").decode())

    def _put_int(self, value: int, depth: int) -> None:
        if -(1 << 63) <= value < 1 << 63:
            self.packer.pack(value)
        else:
            self._mark(Mark.BIG_INT, _int_bytes(value))

    def _put_complex(self, value: complex, depth: int) -> None:
        self._mark(Mark.COMPLEX, struct.pack("<dd", value.real, value.imag))

    def _put_sequence(self, value: Sequence[object], depth: int) -> None:
        if type(value) is list and self._put_numbers(value):
            return
        self._mark(Mark.LIST if type(value) is list else Mark.TUPLE, struct.pack("<I", len(value)))
        for item in value:
            self.put(item, depth + 1)

    def _put_numbers(self, value: list[Any]) -> bool:
        """A loss history is one buffer, not a node a number."""
        kind = type(value[0]) if len(value) >= _PACK_FROM else None
        dtype = _PACKED.get(kind) if kind is not None else None
        if dtype is None or any(type(item) is not kind for item in value):
            return False
        if len(value) > self.caps.packed:
            raise NotPlain(f"a list of more than {self.caps.packed} numbers")
        try:
            array = np.array(value, dtype=dtype)
        except OverflowError:  # integers beyond 64 bits
            return False
        flags = (kind not in (int, float), _DTYPE_CODES[dtype], len(value))
        self._mark(Mark.NUMBERS, struct.pack("<BBQ", *flags))
        self._put_buffer(array)
        return True

    def _put_dict(self, value: dict[object, object], depth: int) -> None:
        self._mark(Mark.DICT, struct.pack("<I", len(value)))
        for key, item in value.items():
            self.put(key, depth + 1)
            self.put(item, depth + 1)

    def _put_array(self, value: np.ndarray[Any, Any], depth: int) -> None:
        if value.dtype.kind not in _KINDS:  # others may have no byte order to ask for
            self._put_foreign(value, depth)
            return
        dtype = value.dtype.newbyteorder("=")
        if dtype not in _DTYPE_CODES or value.ndim > MAX_DIMENSIONS:
            self._put_foreign(value, depth)
            return
        if self.buffer_bytes + value.nbytes > self.caps.buffers:
            raise NotPlain(f"more than {self.caps.buffers >> 20} MB of arrays")
        flags, layout = value.flags, Layout.STRIDED
        if flags.c_contiguous or flags.f_contiguous:
            layout = Layout.C if flags.c_contiguous else Layout.FORTRAN
        self._mark(
            Mark.ARRAY,
            struct.pack("<BBB", layout, flags.writeable, _DTYPE_CODES[dtype])
            + struct.pack(f"<{value.ndim}Q", *value.shape),
        )
        rows = value.T if layout == Layout.FORTRAN else value
        self._put_buffer(np.ascontiguousarray(rows, dtype=dtype))

    def _put_buffer(self, array: np.ndarray[Any, Any]) -> None:
        self.buffers.append(array.reshape(-1).view(np.uint8))
        self.buffer_bytes += padded(array.nbytes)

    def _put_slice(self, value: slice, depth: int) -> None:
        self._mark(Mark.SLICE)
        for part in (value.start, value.stop, value.step):
            self.put(part, depth + 1)

    def _put_ellipsis(self, value: object, depth: int) -> None:
        self._mark(Mark.ELLIPSIS)

    def _put_generator(self, value: RandomGenerator, depth: int) -> None:
        self._mark(Mark.GENERATOR, _int_bytes(value.seed))

    def _put_tensor(self, value: Tensor, depth: int) -> None:
        if type(value.array) is not np.ndarray or value.array.dtype not in _DTYPE_CODES:
            raise NotPlain("a tensor of other than plain numbers cannot travel")
        self._mark(Mark.TENSOR, bytes([value.requires_grad]))
        self.put(value.array, depth + 1)

    def _put_remote(self, value: Remote, depth: int) -> None:
        steps = [STEPS.index(kind) for kind, _ in value.path]
        if len(steps) > MAX_STEPS:
            raise NotPlain(f"a reference of more than {MAX_STEPS} steps")
        self._mark(Mark.REMOTE, bytes([value.callable, *steps]))
        for part in (value.root, value.type_name, *(key for _, key in value.path)):
            self.put(part, 0)

    _writers: dict[type, Callable[["_Encoder", Any, int], None]] = {
        type(None): _put_plain, bool: _put_plain, float: _put_plain, bytes: _put_plain,
        str: _put_str, int: _put_int, complex: _put_complex,
        list: _put_sequence, tuple: _put_sequence, np.ndarray: _put_array,
        **dict.fromkeys(_DICTS, _put_dict),
        slice: _put_slice, type(...): _put_ellipsis,
        RandomGenerator: _put_generator, Remote: _put_remote, Tensor: _put_tensor,
    }  # fmt: skip


_CONTAINERS = (list, tuple, slice, *_DICTS)
_SCALAR_CODES: dict[type, int] = {  # long and long long are two types of one dtype
    kind: _DTYPE_CODES[np.dtype(kind)]
    for kind in set(np.sctypeDict.values())
    if np.dtype(kind) in _DTYPE_CODES
}
_PACKED: dict[type, np.dtype[Any]] = {kind: np.dtype(kind) for kind in _SCALAR_CODES} | {
    int: np.dtype(np.int64),
    float: np.dtype(np.float64),
}


def _int_bytes(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    if size > MAX_BIG_INT:
        raise NotPlain(f"an integer of more than {8 * MAX_BIG_INT} bits")
    return value.to_bytes(size, "little", signed=True)


def encode(
    value: Value, caps: Caps, handle: Callable[[object], Remote | Tensor] | None = None
) -> list[bytes | memoryview]:
    """The frame of a value, as pieces to send one after the other.

    Parameters
    ----------
    handle : callable, optional
        Gives a `Remote` for a thing that cannot travel, or a `Tensor`; without
        it such a thing is an error.

    Raises
    ------
    NotPlain
        Something in the value cannot travel, or is over a cap.
    """
    encoder = _Encoder(caps, handle)
    encoder.put(value)
    body = encoder.packer.bytes()
    if len(body) > caps.body:
        raise NotPlain(f"more than {caps.body >> 20} MB of text and numbers")
    pieces: list[bytes | memoryview] = [HEADER.pack(MAGIC, len(body), encoder.buffer_bytes) + body]
    for buffer in encoder.buffers:
        pieces += [buffer.data, bytes(padded(buffer.nbytes) - buffer.nbytes)]
    return pieces if encoder.buffer_bytes > 1 << 18 else [b"".join(pieces)]
