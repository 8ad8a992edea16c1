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

from autograder.wire.decode import decode, decode_frames, frame_sizes
from autograder.wire.encode import encode
from autograder.wire.layout import DTYPES, HEADER, MAX_DIMENSIONS
from autograder.wire.values import (
    Admit,
    BadReply,
    Caps,
    NotPlain,
    RandomGenerator,
    Remote,
    Tensor,
    Value,
    admit_all,
    admit_none,
)

__all__ = [
    "DTYPES",
    "HEADER",
    "MAX_DIMENSIONS",
    "Admit",
    "BadReply",
    "Caps",
    "NotPlain",
    "RandomGenerator",
    "Remote",
    "Tensor",
    "Value",
    "admit_all",
    "admit_none",
    "decode",
    "decode_frames",
    "encode",
    "frame_sizes",
]
