"""Frames to values, whoever wrote them."""

import math
import re
import struct
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
import numpy as np

from autograder.wire.layout import (
    DTYPES,
    HEADER,
    MAGIC,
    MAX_BIG_INT,
    MAX_DIMENSIONS,
    MAX_EXTENSION,
    MAX_STEPS,
    STEPS,
    Layout,
    Mark,
    padded,
)
from autograder.wire.values import (
    Admit,
    BadReply,
    Caps,
    RandomGenerator,
    Remote,
    Tensor,
    Value,
    admit_all,
)

_ROOT = re.compile(r"notebook|module:\w+(\.\w+)*|object:\d{1,15}", re.ASCII)


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
    def __init__(
        self, body: bytes, buffers: np.ndarray[Any, Any], caps: Caps, admit: Admit
    ) -> None:
        self.caps = caps
        self.admit = admit
        self.buffers = buffers
        self.offset = 0
        self.allocated = 0
        self.nodes = 0
        self.hard_keys = 0
        self.tokens = msgpack.Unpacker(
            raw=False, strict_map_key=True, ext_hook=_marker, timestamp=0,
            max_buffer_size=caps.body, max_str_len=caps.body, max_bin_len=caps.body,
            max_array_len=0, max_map_len=0, max_ext_len=MAX_EXTENSION,
        )  # fmt: skip
        self.tokens.feed(body)

    def get(self, depth: int = 0) -> Value:
        self.nodes += 1
        if self.nodes > self.caps.nodes or depth > self.caps.depth + 3:
            raise BadReply("too many or too deep values")
        token = next(self.tokens)
        kind = type(token)
        if kind is tuple:
            code, payload = token
            return _READERS[code](self, payload, depth)
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
        if type(key) not in _EASY_KEYS and not (type(key) is int and key.bit_length() < 64):
            self.hard_keys += 1
            if self.hard_keys > self.caps.hard_keys:
                raise BadReply("too many keys of unusual types")
        return key

    def _complex(self, payload: bytes, depth: int) -> complex:
        return complex(*struct.unpack("<dd", payload))

    def _big_int(self, payload: bytes, depth: int) -> int:
        if len(payload) > MAX_BIG_INT:
            raise BadReply("too long an integer")
        return int.from_bytes(payload, "little", signed=True)

    def _take(self, dtype: np.dtype[Any], count: int) -> np.ndarray[Any, Any]:
        """The next `count` numbers of the buffers, without a copy."""
        size = count * dtype.itemsize
        end = self.offset + size
        if end > self.buffers.nbytes:
            raise BadReply("an array longer than its bytes")
        array = self.buffers[self.offset : end].view(dtype)
        self.offset += padded(size)
        # Only 0 and 1 are booleans; numpy trusts the bytes.
        return array.view(np.uint8) != 0 if dtype == np.bool_ else array

    def _array(self, payload: bytes, depth: int) -> np.ndarray[Any, Any]:
        layout, writeable, code = struct.unpack_from("<BBB", payload)
        ndim, rest = divmod(len(payload) - 3, 8)
        if rest or ndim > MAX_DIMENSIONS or layout > Layout.STRIDED or writeable > 1:
            raise BadReply("not an array")
        shape = struct.unpack_from(f"<{ndim}Q", payload, 3)
        flat = self._take(DTYPES[code], math.prod(shape))
        if layout == Layout.FORTRAN:
            array = flat.reshape(shape[::-1]).T
        elif layout == Layout.STRIDED and ndim:
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

    def _generator(self, payload: bytes, depth: int) -> Value:
        return self.admit(RandomGenerator(self._big_int(payload, depth)))

    def _tensor(self, payload: bytes, depth: int) -> Tensor:
        array = self.get(depth + 1)
        if type(array) is not np.ndarray or payload not in (b"\0", b"\1"):
            raise BadReply("not a tensor")
        return Tensor(array, payload == b"\1")

    def _remote(self, payload: bytes, depth: int) -> Value:
        root, type_name = self.get(depth + 1), self.get(depth + 1)
        if type(root) is not str or len(root) > 200 or not _ROOT.fullmatch(root):
            raise BadReply("not a reference")
        if type(type_name) is not str or payload[0] > 1 or len(payload) > 1 + MAX_STEPS:
            raise BadReply("not a reference")
        path = tuple([(STEPS[kind], self.get(depth + 1)) for kind in payload[1:]])
        if any(kind == "attr" and type(key) is not str for kind, key in path):
            raise BadReply("not a reference")
        return self.admit(Remote(root, path, type_name, payload[0] == 1))


def _marker(code: int, payload: bytes) -> tuple[int, bytes]:
    """Return what an extension says; nothing else of a frame is a tuple yet."""
    return code, payload


_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
_EASY_KEYS = frozenset({str, bytes, bool, type(None)})
_READERS: dict[int, Callable[[_Decoder, bytes, int], Value]] = {
    Mark.LIST: _Decoder._items, Mark.TUPLE: _Decoder._tuple, Mark.DICT: _Decoder._dict,
    Mark.COMPLEX: _Decoder._complex, Mark.BIG_INT: _Decoder._big_int, Mark.ARRAY: _Decoder._array,
    Mark.NUMBERS: _Decoder._numbers, Mark.SCALAR: _Decoder._scalar, Mark.DTYPE: _Decoder._dtype,
    Mark.SLICE: _Decoder._slice, Mark.ELLIPSIS: _Decoder._ellipsis,
    Mark.GENERATOR: _Decoder._generator, Mark.REMOTE: _Decoder._remote,
    Mark.TENSOR: _Decoder._tensor,
}  # fmt: skip


def decode(
    body: bytes, buffers: np.ndarray[Any, Any], caps: Caps, admit: Admit = admit_all
) -> Value:
    """The value of a frame's body and buffers.

    Parameters
    ----------
    body : bytes
    buffers : ndarray of uint8
        The decoded arrays are views of it.
    admit : callable
        Gives what is taken for each `Remote` and `RandomGenerator`.

    Raises
    ------
    BadReply
        Whatever is wrong with the bytes.
    """
    try:
        if len(body) > caps.body or buffers.nbytes > caps.buffers:
            raise BadReply("too large a frame")
        decoder = _Decoder(body, buffers, caps, admit)
        value = decoder.get()
        if decoder.tokens.tell() != len(body) or decoder.offset != buffers.nbytes:
            raise BadReply("more bytes than values")
    except BadReply:
        raise
    except Exception as error:  # a hostile body may raise anything: all of it is one thing
        raise BadReply(f"not a value ({type(error).__name__})") from None
    return value


def decode_frames(frames: bytes, caps: Caps, admit: Admit = admit_all) -> Iterator[Value]:
    """Yield the values of whole frames, one after the other, each in memory of its own.

    Raises
    ------
    BadReply
        Whatever is wrong with the bytes.
    """
    while frames:
        body_size, buffer_size = frame_sizes(frames[: HEADER.size], caps)
        start, end = HEADER.size + body_size, HEADER.size + body_size + buffer_size
        if len(frames) < end:
            raise BadReply("half a frame")
        buffers = np.frombuffer(frames, np.uint8)[start:end].copy()
        yield decode(frames[HEADER.size : start], buffers, caps, admit)
        frames = frames[end:]
