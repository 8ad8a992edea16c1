#!/bin/sh
# msgpack 1.2.4: while a value has come in half, Unpacker.tell() is inside of it, not where it begins.
#
# tell() is documented as the number of bytes read and "also the starting position of the next object", and so it is as long
# as what was fed ends with a value. A stream read in chunks seldom does. Then the compiled Unpacker counts what it has seen
# of the half, the pure Python one of the same package does not. Whoever notes before each value where it begins, for an
# index to seek by, gets positions inside of those values that cross a chunk: of 200 records in chunks of 64 bytes 33 do, and
# each of these is another value when it is read from there, without an error.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check msgpack==1.2.4
cd "$folder"
cat >look.py <<'END'
import sys
from importlib.metadata import version

import msgpack
from msgpack import fallback

print("msgpack", version("msgpack"))
RECORDS = [[n, n % 7, "step %d" % n] for n in range(200)]
stream = b"".join(map(msgpack.packb, RECORDS))


def index(kind, size):
    """Positions at which the records begin, of a stream that comes in chunks."""
    unpacker, found = kind(), []
    for begin in range(0, len(stream), size):
        unpacker.feed(stream[begin : begin + size])
        while True:
            at = unpacker.tell()
            try:
                unpacker.unpack()
            except msgpack.OutOfData:
                break
            found.append(at)
    return found


def at(position):
    unpacker = fallback.Unpacker()
    unpacker.feed(stream[position:])
    try:
        return unpacker.unpack()
    except msgpack.OutOfData:
        return None


as_seen = []
true = index(fallback.Unpacker, len(stream))
for size in (len(stream), 64):
    for kind in (msgpack.Unpacker, fallback.Unpacker):
        found = index(kind, size)
        wrong = [(place, record) for place, record in zip(found, RECORDS) if at(place) != record]
        silent = sum(at(place) is not None for place, _ in wrong)
        print(f"{kind.__module__}, chunks of {size}: {len(wrong)} of {len(found)} positions are wrong, {silent} of them read")
        as_seen.append((len(found), len(wrong)))
half = msgpack.Unpacker()
half.feed(b"\x01\xa5he")
values = list(half)
print("fed 01 a5 68 65: values", values, "tell", half.tell(), "the next begins at 1")
crossing = sum(t // 64 != (t + len(msgpack.packb(r)) - 1) // 64 for t, r in zip(true, RECORDS))
print("records that cross a chunk:", crossing)
(whole_c, whole_python, parts_c, parts_python) = as_seen
same = whole_c == whole_python == parts_python == (200, 0)
sys.exit(0 if same and parts_c == (200, crossing) and crossing > 30 and half.tell() == 2 else "it behaves otherwise now")
END
"$folder/venv/bin/python" look.py
