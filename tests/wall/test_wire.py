"""Values over the wire arrive as they were, exactly, or not at all."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.wire import (
    HEADER,
    BadReply,
    Caps,
    NotPlain,
    RandomGenerator,
    Remote,
    Tensor,
    decode,
    decode_frames,
    encode,
    frame_sizes,
)
from autograder.wire.layout import DTYPES

SMALL = Caps(buffers=1 << 16, body=1 << 12, nodes=500, packed=1000, hard_keys=20)


def send(value, caps=SMALL, handle=None):
    """Encode, cut at the announced lengths, decode."""
    frame = b"".join(bytes(piece) for piece in encode(value, caps, handle))
    body, buffers = frame_sizes(frame[: HEADER.size], caps)
    assert len(frame) == HEADER.size + body + buffers
    rest = frame[HEADER.size :]
    return decode(rest[:body], np.frombuffer(bytearray(rest[body:]), np.uint8), caps)


def same(a, b):
    """Equal in type, dtype, shape and every bit, all the way down."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Tensor):
        return a.requires_grad is b.requires_grad and same(a.array, b.array)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, float | complex):
        return struct.pack("2d", a.real, a.imag) == struct.pack("2d", b.real, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(map(repr, a)) == list(map(repr, b)) and all(map(same, a.values(), b.values()))
    return a == b


arrays = hnp.arrays(st.sampled_from(DTYPES), hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
numbers = st.one_of(st.integers(), st.floats(), st.complex_numbers(), st.booleans())
leaves = st.one_of(
    st.none(),
    numbers,
    st.text(alphabet=st.characters(codec="utf-8")),
    st.binary(),
    arrays,
    arrays.filter(lambda a: a.size).map(lambda a: a.ravel()[0]),
    st.sampled_from(DTYPES),
    st.sampled_from([..., slice(None), slice(1, None, 2)]),
    st.integers(min_value=0).map(RandomGenerator),
    st.builds(Tensor, arrays, st.booleans()),
    st.just(Remote("module:cs_lib.layers", (("attr", "net"), ("item", 0)), "function", True)),
)
keys = st.one_of(st.text("abc", max_size=3), st.integers(), st.tuples(st.integers()))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=15,
)


@given(values)
def test_values_come_back_as_they_were(value):
    assert same(send(value), value)


@pytest.mark.parametrize("kind", [float, int, np.float32, np.int8, np.bool_])
def test_long_lists_of_numbers_come_back_as_they_were(kind):
    numbers = [kind(n) for n in range(100)]
    assert same(send(numbers), numbers)


@pytest.mark.parametrize("numbers", [[2**63] * 20, [1.0] * 20 + [1], [True] * 20, [1, 1.0] * 10])
def test_lists_that_cannot_be_packed_come_back_as_they_were(numbers):
    assert same(send(numbers), numbers)


def test_memory_layout_is_kept():
    c_order = np.arange(24.0).reshape(2, 3, 4)
    received = send([c_order, c_order.T, c_order[:, ::2], c_order[..., ::-1], np.float32(c_order)])
    assert [(a.flags.c_contiguous, a.flags.f_contiguous) for a in received] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
        (True, False),
    ]
    assert all(a.flags.aligned and a.flags.writeable for a in received)


def test_a_read_only_array_arrives_read_only():
    array = np.zeros(3)
    array.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        send(array)[0] = 1


def test_a_broadcast_array_is_measured_by_its_shape():
    huge = np.broadcast_to(np.zeros(1), (10**6, 10**6))
    with pytest.raises(NotPlain, match="MB of arrays"):
        encode(huge, Caps())


def test_byte_order_becomes_native():
    assert same(send(np.array([1, 2], ">i4")), np.array([1, 2], "=i4"))


def test_every_integer_type_of_c_travels():
    received = send([np.longlong(-3), np.uintc(3), np.zeros(2, np.longlong)])
    assert [value.dtype for value in received] == [np.int64, np.uint32, np.int64]


def test_lone_surrogates_are_replaced():
    assert send("a\udc80b") == "a?b"


class Subclass(np.ndarray):
    pass


class Real(float):
    pass


STRANGERS = [
    np.zeros(2).view(Subclass),
    np.ma.zeros(2),
    np.array([None]),
    np.array(["a"]),
    np.zeros(1, "datetime64[s]"),
    np.zeros(1, [("a", "f8")]),
    np.longdouble(1),
    Real(1),
    object(),
    range(3),
    {1, 2},
    np.dtype("U3"),
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda value: type(value).__name__)
def test_everything_else_needs_a_handle(stranger):
    with pytest.raises(NotPlain):
        encode([stranger], SMALL)
    received = send([stranger], handle=lambda thing: Remote("object:1", type_name=repr(thing)))
    assert type(received[0]) is Remote


def test_a_cycle_ends_as_a_handle():
    cycle = []
    cycle.append(cycle)
    received = send(cycle, handle=lambda thing: Remote("object:1"))
    while type(received) is list:
        (received,) = received
    assert received == Remote("object:1")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (["x"] * 1000, "values"),
        ("x" * 5000, "text"),
        ([0.5] * 2000, "numbers"),
        ([np.zeros(5000), np.zeros(5000)], "arrays"),
        (1 << 5000, "integer"),
        ([[], [[]]] * 200, "values"),
        (Remote("notebook", (("attr", "x"),) * 101), "steps"),
    ],
)
def test_more_than_a_cap_is_not_sent(value, what):
    with pytest.raises(NotPlain, match=what):
        encode(value, SMALL)


@given(st.lists(values, min_size=1, max_size=3))
def test_whole_frames_come_one_after_the_other(several):
    frames = b"".join(piece for value in several for piece in encode(value, Caps()))
    assert same(list(decode_frames(frames, Caps())), several)
    for other in (frames[:-1], frames + b"\0"):
        with pytest.raises(BadReply):
            list(decode_frames(other, Caps()))


def test_a_whole_frame_has_memory_of_its_own():
    (received,) = decode_frames(b"".join(encode(np.zeros(3), Caps())), Caps())
    assert received.flags.writeable
    assert received.flags.aligned


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"wal1",
        HEADER.pack(b"GET ", 1, 1),
        HEADER.pack(b"wal1", SMALL.body + 1, 0),
        HEADER.pack(b"wal1", 0, SMALL.buffers + 1),
        HEADER.pack(b"wal1", 2**32 - 1, 2**64 - 1),
    ],
)
def test_headers_over_the_caps_are_refused(header):
    with pytest.raises(BadReply):
        frame_sizes(header, SMALL)
