"""The wire between grader and worker: typed values as frames of bytes.

A frame is a header, a body and array buffers::

    magic | body length | buffers length | body | buffers (each padded to 16 bytes)

The body is a flat run of msgpack scalars in pre-order.  Containers are marked
by extension types of ours with their length, so msgpack's own arrays and maps
are switched off: nesting, counts and sizes are decided here, before anything
is allocated.  No type that is not named here can be made by a frame.

What comes from a worker is hostile.  `decode` raises `BadReply` and nothing
else, whatever the bytes are.
"""

import math
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

Value = Any
"""None, bool, int, float, complex, str, bytes, list, tuple, dict, ndarray, numpy scalar,
dtype, slice, Ellipsis, `RandomGenerator`, `Remote`; exact types."""

MAGIC = b"wal1"
HEADER = struct.Struct("<4sIQ")
ALIGNMENT = 16

_SIZES = {"int": (8, 16, 32, 64), "uint": (8, 16, 32, 64), "float": (16, 32, 64)}
DTYPES = (
    np.dtype(np.bool_),
    *(np.dtype(f"{kind}{bits}") for kind, sizes in _SIZES.items() for bits in sizes),
    np.dtype(np.complex64),
    np.dtype(np.complex128),
)
_DTYPE_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}

(
    _LIST, _TUPLE, _DICT, _COMPLEX, _BIG_INT, _ARRAY, _NUMBERS,
    _SCALAR, _DTYPE, _SLICE, _ELLIPSIS, _GENERATOR, _REMOTE,
) = range(13)  # fmt: skip
_C_ORDER, _F_ORDER, _STRIDED = range(3)

_MAX_DIMENSIONS = 32
_MAX_BIG_INT = 256  # bytes
_MAX_EXTENSION = 2 + 8 * _MAX_DIMENSIONS + _MAX_BIG_INT
_PACK_FROM = 16  # a list of at least so many equal numbers travels as one buffer
_ROOT = re.compile(r"notebook|module:\w+(\.\w+)*|object:\d{1,15}")


class BadReply(Exception):
    """What came over the wire is not a value within the caps."""


class NotPlain(TypeError):
    """A value cannot travel."""


@dataclass(frozen=True)
class Caps:
    """The most that one frame may hold.

    ``buffers`` bounds the arrays, ``body`` all else; ``nodes`` counts values,
    ``packed`` the numbers in lists that travel as one buffer, ``hard_keys``
    dict keys whose hash somebody could make collide on purpose.
    """

    buffers: int = 256 << 20
    body: int = 16 << 20
    nodes: int = 100_000
    packed: int = 2_000_000
    depth: int = 32
    hard_keys: int = 1000


@dataclass(frozen=True)
class RandomGenerator:
    """Becomes ``numpy.random.default_rng(seed)`` in the worker."""

    seed: int


@dataclass(frozen=True)
class Remote:
    """A thing that lives in the worker, and the way to it.

    ``root`` is ``module:cs_lib.layers``, ``notebook`` or ``object:17``; each
    step of ``path`` is ``("attr", name)`` or ``("item", key)``.
    """

    root: str
    path: tuple[tuple[str, Value], ...] = ()
    type_name: str = ""
    callable: bool = False

    def attribute(self, name: str) -> "Remote":
        return Remote(self.root, (*self.path, ("attr", name)))

    def item(self, key: Value) -> "Remote":
        return Remote(self.root, (*self.path, ("item", key)))


def printable(text: str, limit: int, *, keep: str = "\n") -> str:
    """Text of a stranger made fit to show: no control characters, at most `limit` long."""
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else "\N{REPLACEMENT CHARACTER}" for c in text)


# --- encode -----------------------------------------------------------------------------


class _Encoder:
    def __init__(self, caps: Caps, handle: Callable[[object], Remote] | None) -> None:
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
        elif isinstance(value, np.dtype) and value in _DTYPE_CODES:
            self._mark(_DTYPE, bytes([_DTYPE_CODES[value]]))
        elif kind in _SCALAR_CODES:
            self._mark(_SCALAR, bytes([_SCALAR_CODES[kind]]) + value.tobytes())  # type: ignore[attr-defined]
        else:
            self._put_foreign(value, depth)

    def _put_foreign(self, value: object, depth: int) -> None:
        if self.handle is None:
            raise NotPlain(f"a value of type {type(value).__name__} cannot travel")
        self._put_remote(self.handle(value), depth)

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
            self._mark(_BIG_INT, _int_bytes(value))

    def _put_complex(self, value: complex, depth: int) -> None:
        self._mark(_COMPLEX, struct.pack("<dd", value.real, value.imag))

    def _put_sequence(self, value: Sequence[object], depth: int) -> None:
        if type(value) is list and self._put_numbers(value):
            return
        self._mark(_LIST if type(value) is list else _TUPLE, struct.pack("<I", len(value)))
        for item in value:
            self.put(item, depth + 1)

    def _put_numbers(self, value: list[object]) -> bool:
        """A loss history is one buffer, not a node a number."""
        kind = type(value[0]) if len(value) >= _PACK_FROM else None
        if kind is not float and kind not in _SCALAR_CODES:
            return False
        if any(type(item) is not kind for item in value):
            return False
        if len(value) > self.caps.packed:
            raise NotPlain(f"a list of more than {self.caps.packed} numbers")
        dtype = np.dtype(np.float64) if kind is float else DTYPES[_SCALAR_CODES[kind]]
        flags = struct.pack("<BBQ", kind is not float, _DTYPE_CODES[dtype], len(value))
        self._mark(_NUMBERS, flags)
        self._put_buffer(np.array(value, dtype=dtype))
        return True

    def _put_dict(self, value: dict[object, object], depth: int) -> None:
        self._mark(_DICT, struct.pack("<I", len(value)))
        for key, item in value.items():
            self.put(key, depth + 1)
            self.put(item, depth + 1)

    def _put_array(self, value: np.ndarray[Any, Any], depth: int) -> None:
        dtype = value.dtype.newbyteorder("=")
        if dtype not in _DTYPE_CODES or value.ndim > _MAX_DIMENSIONS:
            self._put_foreign(value, depth)
            return
        if self.buffer_bytes + value.nbytes > self.caps.buffers:
            raise NotPlain(f"more than {self.caps.buffers >> 20} MB of arrays")
        flags, layout = value.flags, _STRIDED
        if flags.c_contiguous or flags.f_contiguous:
            layout = _C_ORDER if flags.c_contiguous else _F_ORDER
        self._mark(
            _ARRAY,
            struct.pack("<BBB", layout, flags.writeable, _DTYPE_CODES[dtype])
            + struct.pack(f"<{value.ndim}Q", *value.shape),
        )
        rows = value.T if layout == _F_ORDER else value
        self._put_buffer(np.ascontiguousarray(rows, dtype=dtype))

    def _put_buffer(self, array: np.ndarray[Any, Any]) -> None:
        self.buffers.append(array.reshape(-1).view(np.uint8))
        self.buffer_bytes += _padded(array.nbytes)

    def _put_slice(self, value: slice, depth: int) -> None:
        self._mark(_SLICE)
        for part in (value.start, value.stop, value.step):
            self.put(part, depth + 1)

    def _put_ellipsis(self, value: object, depth: int) -> None:
        self._mark(_ELLIPSIS)

    def _put_generator(self, value: RandomGenerator, depth: int) -> None:
        self._mark(_GENERATOR, _int_bytes(value.seed))

    def _put_remote(self, value: Remote, depth: int) -> None:
        self._mark(_REMOTE)
        for part in (value.root, value.path, value.type_name, value.callable):
            self.put(part, 0)

    _writers: dict[type, Callable[["_Encoder", Any, int], None]] = {
        type(None): _put_plain, bool: _put_plain, float: _put_plain, bytes: _put_plain,
        str: _put_str, int: _put_int, complex: _put_complex,
        list: _put_sequence, tuple: _put_sequence, dict: _put_dict, np.ndarray: _put_array,
        slice: _put_slice, type(...): _put_ellipsis,
        RandomGenerator: _put_generator, Remote: _put_remote,
    }  # fmt: skip


_CONTAINERS = (list, tuple, dict, slice)
_SCALAR_CODES: dict[type, int] = {dtype.type: code for code, dtype in enumerate(DTYPES)}


def _int_bytes(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    if size > _MAX_BIG_INT:
        raise NotPlain(f"an integer of more than {8 * _MAX_BIG_INT} bits")
    return value.to_bytes(size, "little", signed=True)


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def encode(
    value: Value, caps: Caps, handle: Callable[[object], Remote] | None = None
) -> list[bytes | memoryview]:
    """The frame of a value, as pieces to send one after the other.

    Parameters
    ----------
    handle : callable, optional
        Gives a `Remote` for a thing that cannot travel; without it such a
        thing is an error.

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
        pieces += [memoryview(buffer), bytes(_padded(buffer.nbytes) - buffer.nbytes)]
    return pieces if encoder.buffer_bytes > 1 << 18 else [b"".join(pieces)]


# --- decode -----------------------------------------------------------------------------


def frame_sizes(header: bytes, caps: Caps) -> tuple[int, int]:
    """Lengths of body and buffers that follow a header.

    Raises
    ------
    BadReply
        Not a header, or more than the caps allow.
    """
    if len(header) != HEADER.size:
        raise BadReply(f"expected a header of {HEADER.size} bytes, got {len(header)}")
    magic, body, buffers = HEADER.unpack(header)
    if magic != MAGIC:
        raise BadReply("expected a frame, got other bytes")
    if body > caps.body or buffers > caps.buffers:
        raise BadReply(f"expected at most {caps.buffers >> 20} MB, got a larger frame")
    return body, buffers


class _Decoder:
    def __init__(self, body: bytes, buffers: np.ndarray[Any, Any], caps: Caps) -> None:
        self.caps = caps
        self.buffers = buffers
        self.offset = 0
        self.allocated = 0
        self.nodes = 0
        self.hard_keys = 0
        unpacker = msgpack.Unpacker(
            raw=False, strict_map_key=True, ext_hook=self._marker, timestamp=0,
            max_buffer_size=caps.body, max_str_len=caps.body, max_bin_len=caps.body,
            max_array_len=0, max_map_len=0, max_ext_len=_MAX_EXTENSION,
        )  # fmt: skip
        unpacker.feed(body)
        self.tokens: Iterator[object] = iter(unpacker)

    @staticmethod
    def _marker(code: int, payload: bytes) -> "_Marker":
        if code not in _READERS:
            raise BadReply("unknown kind of value")
        return _Marker(code, payload)

    def get(self, depth: int = 0) -> Value:
        self.nodes += 1
        if self.nodes > self.caps.nodes or depth > self.caps.depth + 3:
            raise BadReply("too many or too deep values")
        token = next(self.tokens)
        kind = type(token)
        if kind is _Marker:
            assert isinstance(token, _Marker)
            return _READERS[token.code](self, token.payload, depth)
        if kind not in _PLAIN:
            raise BadReply("not a value")
        return token

    def _items(self, payload: bytes, depth: int) -> list[Value]:
        (count,) = struct.unpack("<I", payload)
        return [self.get(depth + 1) for _ in range(count)]

    def _tuple(self, payload: bytes, depth: int) -> tuple[Value, ...]:
        return tuple(self._items(payload, depth))

    def _dict(self, payload: bytes, depth: int) -> dict[Value, Value]:
        (count,) = struct.unpack("<I", payload)
        result: dict[Value, Value] = {}
        for _ in range(count):
            key = self._key(depth)
            if key in result:
                raise BadReply("a key twice")
            result[key] = self.get(depth + 1)
        return result

    def _key(self, depth: int) -> Value:
        key = self.get(depth + 1)
        if type(key) not in _EASY_KEYS:
            self.hard_keys += 1
            if self.hard_keys > self.caps.hard_keys:
                raise BadReply("too many keys of unusual types")
        return key

    def _complex(self, payload: bytes, depth: int) -> complex:
        return complex(*struct.unpack("<dd", payload))

    def _big_int(self, payload: bytes, depth: int) -> int:
        if len(payload) > _MAX_BIG_INT:
            raise BadReply("too long an integer")
        return int.from_bytes(payload, "little", signed=True)

    def _take(self, dtype: np.dtype[Any], count: int) -> np.ndarray[Any, Any]:
        """The next `count` numbers of the buffers, without a copy."""
        size = count * dtype.itemsize
        end = self.offset + size
        if end > self.buffers.nbytes:
            raise BadReply("an array longer than its bytes")
        array = self.buffers[self.offset : end].view(dtype)
        self.offset += _padded(size)
        # Only 0 and 1 are booleans; numpy trusts the bytes.
        return array.view(np.uint8) != 0 if dtype == np.bool_ else array

    def _array(self, payload: bytes, depth: int) -> np.ndarray[Any, Any]:
        layout, writeable, code = struct.unpack_from("<BBB", payload)
        ndim, rest = divmod(len(payload) - 3, 8)
        if rest or ndim > _MAX_DIMENSIONS or layout > _STRIDED or writeable > 1:
            raise BadReply("not an array")
        shape = struct.unpack_from(f"<{ndim}Q", payload, 3)
        flat = self._take(DTYPES[code], math.prod(shape))
        if layout == _F_ORDER:
            array = flat.reshape(shape[::-1]).T
        elif layout == _STRIDED and ndim:
            array = self._spread(flat.reshape(shape))
        else:
            array = flat.reshape(shape)
        if not writeable:
            array.flags.writeable = False
        return array

    def _spread(self, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """A non-contiguous array of the same numbers."""
        self.allocated += 2 * array.nbytes
        if self.allocated > self.caps.buffers:
            raise BadReply("too many non-contiguous arrays")
        space = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
        spread: np.ndarray[Any, Any] = space[..., ::2]
        spread[...] = array
        return spread

    def _numbers(self, payload: bytes, depth: int) -> list[Value]:
        numpy_scalars, code, count = struct.unpack("<BBQ", payload)
        self.allocated += count
        if count > self.caps.packed or self.allocated > self.caps.buffers:
            raise BadReply("too many numbers")
        array = self._take(DTYPES[code], count)
        return list(array) if numpy_scalars else array.tolist()

    def _scalar(self, payload: bytes, depth: int) -> Value:
        dtype = DTYPES[payload[0]]
        if len(payload) != 1 + dtype.itemsize:
            raise BadReply("not a number")
        scalar = np.frombuffer(payload, dtype, offset=1)[0]
        return np.bool_(payload[1] != 0) if dtype == np.bool_ else scalar

    def _dtype(self, payload: bytes, depth: int) -> np.dtype[Any]:
        return DTYPES[payload[0]]

    def _slice(self, payload: bytes, depth: int) -> slice:
        return slice(*(self.get(depth + 1) for _ in range(3)))

    def _ellipsis(self, payload: bytes, depth: int) -> Value:
        return ...

    def _generator(self, payload: bytes, depth: int) -> RandomGenerator:
        return RandomGenerator(self._big_int(payload, depth))

    def _remote(self, payload: bytes, depth: int) -> Remote:
        root, path, type_name, is_callable = (self.get(depth + 1) for _ in range(4))
        if type(root) is not str or not _ROOT.fullmatch(root) or type(path) is not tuple:
            raise BadReply("not a reference")
        for step in path:
            if type(step) is not tuple or len(step) != 2 or step[0] not in ("attr", "item"):
                raise BadReply("not a reference")
        if type(type_name) is not str or type(is_callable) is not bool:
            raise BadReply("not a reference")
        return Remote(root, path, printable(type_name, 80, keep=""), is_callable)


@dataclass(frozen=True)
class _Marker:
    code: int
    payload: bytes


_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
_EASY_KEYS = frozenset({str, bytes, bool, type(None)})
_READERS: dict[int, Callable[[_Decoder, bytes, int], Value]] = {
    _LIST: _Decoder._items, _TUPLE: _Decoder._tuple, _DICT: _Decoder._dict,
    _COMPLEX: _Decoder._complex, _BIG_INT: _Decoder._big_int, _ARRAY: _Decoder._array,
    _NUMBERS: _Decoder._numbers, _SCALAR: _Decoder._scalar, _DTYPE: _Decoder._dtype,
    _SLICE: _Decoder._slice, _ELLIPSIS: _Decoder._ellipsis,
    _GENERATOR: _Decoder._generator, _REMOTE: _Decoder._remote,
}  # fmt: skip


def decode(body: bytes, buffers: np.ndarray[Any, Any], caps: Caps) -> Value:
    """The value of a frame's body and buffers.

    Parameters
    ----------
    body : bytes
    buffers : ndarray of uint8
        The decoded arrays are views of it.

    Raises
    ------
    BadReply
        Whatever is wrong with the bytes.
    """
    try:
        if len(body) > caps.body or buffers.nbytes > caps.buffers:
            raise BadReply("too large a frame")
        decoder = _Decoder(body, buffers, caps)
        value = decoder.get()
        if decoder.offset != buffers.nbytes or next(decoder.tokens, None) is not None:
            raise BadReply("more bytes than values")
    except BadReply:
        raise
    except Exception as error:  # a hostile body may raise anything: all of it is one thing
        raise BadReply(f"not a value ({type(error).__name__})") from None
    return value
