import os
import socket
import threading
import time

import numpy as np
import pytest

from autograder.wire import BadReply, Caps, NotPlain, encode
from autograder.wire.channel import Channel, Closed, Expired

CAPS = Caps(buffers=8 << 20)


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, CAPS), theirs


@pytest.fixture
def channels(ends):
    return ends[0], Channel(ends[1], CAPS)


def frame(value):
    return b"".join(bytes(piece) for piece in encode(value, CAPS))


def test_a_value_larger_than_the_socket_holds_gets_through(channels):
    sender, receiver = channels
    array = np.random.default_rng(0).standard_normal((1000, 1000))
    thread = threading.Thread(target=sender.send, args=([array, "end"],))
    thread.start()
    received, end = receiver.receive(time.monotonic() + 10)
    thread.join()
    assert end == "end"
    assert np.array_equal(received, array)
    assert received.flags.aligned


def test_a_frame_in_single_bytes(ends):
    channel, other = ends
    thread = threading.Thread(target=lambda: [other.send(bytes([b])) for b in frame([1, "a"])])
    thread.start()
    assert channel.receive(time.monotonic() + 10) == [1, "a"]
    thread.join()


def test_two_frames_at_once_are_a_breach(ends):
    channel, other = ends
    other.sendall(frame(1) + frame(2))
    with pytest.raises(BadReply, match="more than one answer"):
        channel.receive()


def test_what_is_said_unasked_is_seen(ends):
    channel, other = ends
    channel.expect_silence()
    other.send(b"x")
    with pytest.raises(BadReply, match="not asked for"):
        channel.expect_silence()


def test_a_closed_end_is_seen(ends):
    channel, other = ends
    other.close()
    with pytest.raises(Closed):
        channel.expect_silence()
    with pytest.raises(Closed):
        channel.receive()
    with pytest.raises(Closed):
        channel.send(1)


def test_half_a_frame_and_then_nothing(ends):
    channel, other = ends
    other.send(frame("x" * 100)[:50])
    with pytest.raises(Expired):
        channel.receive(time.monotonic() + 0.02)
    other.close()
    with pytest.raises(Closed):
        channel.receive()


def test_nobody_reads(ends):
    channel, _ = ends
    with pytest.raises(Expired):
        channel.send(np.zeros(1 << 19), time.monotonic() + 0.02)


def test_a_frame_over_the_caps_is_refused_before_it_is_read(ends):
    channel, other = ends
    other.send(b"wal1" + (2**32 - 1).to_bytes(4, "little") + bytes(8))
    with pytest.raises(BadReply, match="larger"):
        channel.receive()


def test_nothing_is_sent_of_a_value_that_cannot_travel(channels):
    sender, receiver = channels
    with pytest.raises(NotPlain):
        sender.send([np.zeros(1 << 17), object()])
    receiver.expect_silence()


def test_descriptors_travel_along(channels):
    sender, receiver = channels
    read, write = os.pipe()
    sender.send("pipe", fds=(write,))
    os.close(write)
    assert receiver.receive(max_fds=1) == "pipe"
    (received,) = receiver.received_fds
    os.write(received, b"x")
    assert os.read(read, 1) == b"x"
    assert not os.get_inheritable(received)
    os.close(received)
    os.close(read)
