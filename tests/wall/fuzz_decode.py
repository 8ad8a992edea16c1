"""Coverage-guided fuzzing of the decoder: ``python tests/wall/fuzz_decode.py -runs=20000``.

Options are libFuzzer's.  Whatever is raised but BadReply, takes over a second
or a gigabyte, is a finding.
"""

import contextlib
import sys

import atheris

with atheris.instrument_imports(include=["autograder.wire", "autograder.wall.handles"]):
    import numpy as np

    from autograder.wall.handles import Handles
    from autograder.wire import (
        HEADER,
        BadReply,
        Caps,
        NotPlain,
        RandomGenerator,
        Remote,
        Tensor,
        decode,
        encode,
        frame_sizes,
    )

CAPS = Caps(buffers=1 << 16, body=1 << 16, nodes=2000, packed=5000, hard_keys=50)
EXAMPLES = (
    (1, "ok", np.zeros((2, 3)), ""),
    (1, "error", {"cause": "exception", "type": "E", "message": "m", "frames": ()}, ""),
    [1.0] * 20,
    [Tensor(np.ones(2)), Tensor(np.zeros((2, 2), np.float32), True)],
    {"a": np.float32(1), (1, 2): [np.zeros((2, 2)).T, np.arange(6)[::2]], 1 << 70: 2j},
    [slice(1), ..., np.dtype("f4"), RandomGenerator(3), Remote("object:1", (("item", 2),))],
    [Remote("object:1"), Remote("object:2"), Remote("object:1")],
    (1, "ok", (Remote("module:cs_lib.layers", (("attr", "np"),)), ()), ""),
    (1, "ok", (Remote("notebook", (("attr", "f"),)), (0, "x")), ""),
)


def one_input(data: bytes) -> None:
    try:
        body, buffers = frame_sizes(data[: HEADER.size], CAPS)
        rest = data[HEADER.size :]
        tail = np.frombuffer(bytearray(rest[body : body + buffers]), np.uint8)
        value = decode(rest[:body], tail, CAPS)
        with contextlib.suppress(BadReply):
            only_handles(decode(rest[:body], tail, CAPS, Handles().admit))
    except BadReply:
        return
    with contextlib.suppress(NotPlain):
        encode(value, CAPS)  # what was accepted is made of nothing but plain values


def only_handles(value: object) -> None:
    """Look that an answer which the grader accepts refers to nothing but handles."""
    if isinstance(value, Remote):
        assert value.root.startswith("object:"), value
        assert value.path == (), value
    assert not isinstance(value, RandomGenerator)
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    for part in parts if isinstance(parts, list | tuple) else ():
        only_handles(part)


def main() -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as corpus:
        for number, example in enumerate(EXAMPLES):
            frame = b"".join(bytes(piece) for piece in encode(example, CAPS))
            Path(corpus, str(number)).write_bytes(frame)
        atheris.Setup([*sys.argv, corpus], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
