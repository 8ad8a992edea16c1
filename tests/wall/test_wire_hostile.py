"""Bytes made by an enemy: one exception, no crash, no flood of memory, no long wait."""

import contextlib
import random
import struct
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.wall.handles import Handles
from autograder.wire import BadReply, Caps, Remote, decode, encode
from autograder.wire.layout import HEADER, Mark
from tests.wall.test_wire import SMALL, values

NOTHING = np.zeros(0, np.uint8)


def mark(kind, payload=b""):
    return msgpack.packb(msgpack.ExtType(kind, payload))


def container(kind, count):
    return mark(kind, struct.pack("<I", count))


def array(dtype=9, shape=(), layout=0, writeable=1):
    return mark(Mark.ARRAY, struct.pack(f"<BBB{len(shape)}Q", layout, writeable, dtype, *shape))


def numbers(count, *, scalars=1, dtype=1):
    return mark(Mark.NUMBERS, struct.pack("<BBQ", scalars, dtype, count))


def reference(*steps):
    return mark(Mark.REMOTE, bytes([1, *steps]))


NONE = msgpack.packb(None)
TEXT = msgpack.packb("x")
NOTEBOOK = msgpack.packb("notebook")
BODIES = {
    "nothing": b"",
    "two values": NONE + NONE,
    "a value and half a text": NONE + b"\xdb\xff\xff\xff\xff",
    "a value and half a mark": NONE + b"\xc7\x00",
    "a value too deep": container(Mark.LIST, 1) * (SMALL.depth + 4) + NONE,
    "truncated text": b"\xdb\xff\xff\xff\xffabc",
    "text that is not UTF-8": b"\xa2\xff\xfe",
    "reserved byte": b"\xc1",
    "msgpack array": msgpack.packb([1]),
    "msgpack map": msgpack.packb({"a": 1}),
    "array header that promises 2**32 items": b"\xdd\xff\xff\xff\xff",
    "map header that promises 2**32 items": b"\xdf\xff\xff\xff\xff",
    "nested array headers": b"\xdd\xff\xff\xff\xff" * 500,
    "timestamp": msgpack.packb(msgpack.Timestamp(1, 2)),
    "unknown extension": mark(99),
    "negative extension": b"\xc7\x00\x80",
    "long extension": b"\xc9\xff\xff\xff\xff\x00",
    "list that promises too much": container(Mark.LIST, 2**32 - 1) + NONE,
    "list without a length": mark(Mark.LIST),
    "depth": container(Mark.LIST, 1) * 400 + NONE,
    "breadth": container(Mark.LIST, 600) + NONE * 600,
    "unhashable key": container(Mark.DICT, 1) + container(Mark.LIST, 0) + NONE,
    "array as key": container(Mark.DICT, 1) + array(shape=(0,)) + NONE,
    "key twice": container(Mark.DICT, 2) + (TEXT + NONE) * 2,
    "keys made to collide": container(Mark.DICT, 30)
    + b"".join(container(Mark.TUPLE, 1) + msgpack.packb(n) + NONE for n in range(30)),
    "short complex": mark(Mark.COMPLEX, b"123"),
    "long integer": mark(Mark.BIG_INT, b"1" * 257),
    "array without buffer": array(shape=(2,)),
    "array of 2**128 bytes": array(shape=(2**63,) * 2),
    "array of nothing with huge sides": array(shape=(0, 2**63, 2**63)),
    "unknown dtype": array(dtype=200),
    "half a dimension": mark(Mark.ARRAY, b"\x00\x01\x09" + b"\x00" * 7),
    "33 dimensions": array(shape=(1,) * 33),
    "unknown layout": array(layout=3),
    "neither read-only nor not": array(writeable=2),
    "numbers without buffer": numbers(10),
    "too many numbers": numbers(2**60),
    "scalar without dtype": mark(Mark.SCALAR),
    "scalar of unknown dtype": mark(Mark.SCALAR, b"\xff12345678"),
    "short scalar": mark(Mark.SCALAR, b"\x0b123"),
    "dtype without name": mark(Mark.DTYPE),
    "unknown dtype as value": mark(Mark.DTYPE, b"\xff"),
    "slice without parts": mark(Mark.SLICE),
    "reference to nothing": reference(),
    "reference to a number": reference() + NONE + TEXT,
    "reference elsewhere": reference() + msgpack.packb("file:/etc/passwd") + TEXT,
    "reference with a long name": reference() + msgpack.packb("module:" + "a" * 300) + TEXT,
    "reference of a type without a name": reference() + NOTEBOOK + NONE,
    "reference without a word": mark(Mark.REMOTE) + NOTEBOOK + TEXT,
    "reference that can perhaps be called": mark(Mark.REMOTE, b"\2") + NOTEBOOK + TEXT,
    "reference by an unknown step": reference(2) + NOTEBOOK + TEXT * 2,
    "reference by a step that is not there": reference(0) + NOTEBOOK + TEXT,
    "reference by an attribute without a name": reference(0) + NOTEBOOK + TEXT + NONE,
    "reference by too many steps": reference(*[0] * 101) + NOTEBOOK + TEXT * 102,
    "pickle": b"\x80\x04\x95\x17\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_body_is_a_bad_reply(body):
    with pytest.raises(BadReply):
        decode(body, NOTHING, SMALL)


def test_a_body_that_is_like_these_is_a_value():
    path = (("attr", "x"), ("item", None))
    body = reference(0, 1) + NOTEBOOK + TEXT + TEXT + NONE
    assert decode(body, NOTHING, SMALL) == Remote("notebook", path, "x", True)
    assert decode(container(Mark.LIST, 100) + NONE * 100, NOTHING, SMALL) == [None] * 100


@pytest.mark.parametrize("count", [1, 15, 17, 4096])
def test_buffers_must_be_used_up(count):
    with pytest.raises(BadReply):
        decode(NONE, np.zeros(count, np.uint8), SMALL)


def test_booleans_are_only_zero_and_one():
    buffer = np.full(16, 7, np.uint8)
    received = decode(array(dtype=0, shape=(16,)), buffer, SMALL)
    assert received.tobytes() == b"\x01" * 16
    scalar = decode(mark(Mark.SCALAR, b"\x00\x07"), NOTHING, SMALL)
    assert scalar.tobytes() == b"\x01"


def test_the_name_of_a_type_is_fit_to_show():
    frame = b"".join(encode(Remote("object:1", (), "\x1b[31m\n" + "x" * 1000), SMALL))
    received = Handles().admit(decode(frame[HEADER.size :], NOTHING, SMALL))
    assert received.type_name.isprintable()
    assert len(received.type_name) == 80


@given(st.binary(max_size=300), st.binary(max_size=64))
def test_random_bytes(body, buffers):
    try_to_decode(body, buffers)


@given(values, st.randoms(use_true_random=False))
def test_damaged_frames(value, rng: random.Random):
    frame = bytearray(b"".join(bytes(piece) for piece in encode(value, SMALL)))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(HEADER.size, len(frame))
        choice = rng.randrange(3)
        if choice == 0:
            frame[place] = rng.randrange(256)
        elif choice == 1:
            del frame[place : place + rng.randrange(1, 9)]
        else:
            frame[place:place] = rng.randbytes(rng.randrange(1, 9))
        if len(frame) <= HEADER.size:
            return
    _, body, _ = HEADER.unpack(frame[: HEADER.size])
    rest = bytes(frame[HEADER.size :])
    try_to_decode(rest[:body], rest[body:])


def try_to_decode(body, buffers):
    with contextlib.suppress(BadReply):
        decode(body, np.frombuffer(bytearray(buffers), np.uint8), SMALL)


BOMBS = {
    "as many empty lists as fit": container(Mark.LIST, 99_999) + container(Mark.LIST, 0) * 99_999,
    "as many empty dicts as fit": container(Mark.LIST, 99_999) + container(Mark.DICT, 0) * 99_999,
    "16 MB of text": msgpack.packb("\U0001f600" * (1 << 22)),
    "lists that promise a million": container(Mark.LIST, 1_000_000) * 30,
    "nested msgpack headers": b"\xdc\xff\xff" * 1000,
    "integer keys that share their low bits": container(Mark.DICT, 49_000)
    + b"".join(msgpack.packb(n << 44) + NONE for n in range(49_000)),
}

# A third of a second on an idle machine; one in a long run of tests, whose garbage is collected
# too. What grows with the square of the body takes minutes.
SECONDS = 10


def cost(decoding):
    """Processor seconds, and bytes at the worst moment (of a second run: tracing is slow)."""
    start = time.process_time()
    decoding()
    seconds = time.process_time() - start
    tracemalloc.start()
    decoding()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_costs_seconds_at_most_and_a_hundred_megabytes(body):
    def decoding():
        with contextlib.suppress(BadReply):
            decode(body, NOTHING, Caps())

    seconds, peak = cost(decoding)
    assert seconds < SECONDS
    assert peak < 100 << 20


def test_millions_of_numpy_scalars_cost_what_the_caps_say():
    caps = Caps()
    buffer = np.zeros(caps.packed, np.uint8)
    seconds, peak = cost(lambda: decode(numbers(caps.packed), buffer, caps))
    assert seconds < SECONDS
    assert peak < 200 << 20


FUZZER = Path(__file__).parent / "fuzz_decode.py"


@pytest.mark.parametrize(
    "runs", [20_000, pytest.param(2_000_000, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_coverage_guided_fuzzing(runs, tmp_path):
    pytest.importorskip("atheris", reason="coverage-guided fuzzing needs atheris")
    ended = subprocess.run(
        [sys.executable, FUZZER, f"-runs={runs}", "-timeout=1", "-rss_limit_mb=1024",
         "-max_len=4096", "-seed=1", f"-artifact_prefix={tmp_path}/"],
        capture_output=True, text=True, timeout=3000, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert f"Done {runs} runs" in ended.stderr
