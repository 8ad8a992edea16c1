"""Attacks on the process: ending it, hanging it, filling it."""

from tests.attacks.attack import Attack


def in_a_call(line: int, name: str, tries: str, source: str, before: str = "") -> Attack:
    """Return an attack made when `mystery` is called: the other checks must not suffer."""
    body = "".join(f"    {text}\n" for text in source.strip().splitlines())
    return Attack(line, name, tries, f"{before}\ndef mystery(x):\n{body}")


ATTACKS = [
    in_a_call(8, "leave by os._exit", "ends with exit code 0", "import os; os._exit(0)"),
    in_a_call(8, "leave by sys.exit", "raises SystemExit", "import sys; sys.exit(0)"),
    in_a_call(
        8, "raise an interrupt", "KeyboardInterrupt as if by the user", "raise KeyboardInterrupt"
    ),
    in_a_call(8, "raise a bare exception", "not even an Exception", "raise BaseException('no')"),
    in_a_call(
        8,
        "leave things for the end",
        "atexit, __del__ and weakref callbacks",
        """
import atexit, os, weakref
atexit.register(os._exit, 0)
class Last:
    def __del__(self): os._exit(0)
x = Last()
""",
    ),
    in_a_call(
        8,
        "ignore every signal",
        "handlers for all signals, then an endless loop",
        """
import signal
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
""",
    ),
    in_a_call(8, "crash", "reads address 0", "import ctypes; ctypes.string_at(0)"),
    in_a_call(8, "abort", "os.abort", "import os; os.abort()"),
    in_a_call(
        8,
        "recurse without end",
        "past the interpreter's limit, into the end of the stack",
        """
import sys
sys.setrecursionlimit(10**9)
def deeper(f): return f(f)
return repr(deeper(deeper))
""",
    ),
    in_a_call(
        8,
        "recurse in C",
        "a deeply nested list is compared, shown and returned",
        """
nested = []
for _ in range(10**6):
    nested = [nested]
return nested
""",
    ),
    in_a_call(
        8,
        "an exception that fights back",
        "raises an error whose text, type and cause raise",
        """
class Angry(Exception):
    def __str__(self): raise self
    __repr__ = __str__
    @property
    def __cause__(self): raise self
    @property
    def __traceback__(self): raise self
raise Angry
""",
    ),
    in_a_call(9, "loop in Python", "an endless loop", "while True: pass"),
    in_a_call(
        9, "loop in C", "a loop that never comes back to Python", "return sum(range(10**14))"
    ),
    in_a_call(
        9,
        "loop in a regular expression",
        "catastrophic backtracking",
        "import re; return re.match(r'(a+)+$', 'a' * 60 + 'b')",
    ),
    in_a_call(9, "sleep", "time.sleep for an hour", "import time; time.sleep(3600)"),
    in_a_call(
        9,
        "swallow the interrupt",
        "catches KeyboardInterrupt again and again",
        """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    ),
    in_a_call(
        9, "stop itself", "SIGSTOP", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"
    ),
    in_a_call(
        9,
        "wait for a lock",
        "a deadlock",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    ),
    in_a_call(9, "wait for input", "reads standard input", "return input() or open(0).read()"),
    in_a_call(
        9,
        "hang when looked at",
        "returns an object whose every method hangs",
        "return Slow()",
        """
class Slow:
    def __len__(self):
        while True: pass
    __iter__ = __repr__ = __str__ = __array__ = __float__ = __bool__ = __hash__ = __len__
    def __getattr__(self, name):
        while True: pass
""",
    ),
    Attack(
        9,
        "hang at import",
        "an endless loop at the top of the module",
        "\nwhile True:\n    pass\n",
        loses=("double", "shift"),
    ),
    Attack(
        9,
        "hang in a notebook",
        "a cell of its own that loops and swallows the interrupt",
        more_cells=(
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        ),
    ),
    in_a_call(10, "take 3 GB", "one large array", "return np.ones(3 * 2**27).sum()"),
    in_a_call(
        10,
        "leak slowly",
        "a list that grows",
        "kept = []\nwhile True:\n    kept.append(bytearray(1 << 18))",
    ),
    in_a_call(
        10,
        "swallow the memory error",
        "keeps what it has and goes on",
        """
kept = []
try:
    while True:
        kept.append(bytearray(1 << 20))
except MemoryError:
    pass
try:
    while True:
        kept.append(bytearray(1 << 10))
except MemoryError:
    return kept
""",
    ),
    in_a_call(
        10,
        "map memory",
        "an anonymous map of 8 GB",
        "import mmap; return len(mmap.mmap(-1, 8 << 30))",
    ),
    in_a_call(
        10,
        "threads by the hundred",
        "starts threads until it cannot",
        """
import threading, time
for _ in range(500):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
broken()
""",
    ),
    in_a_call(
        10,
        "threads that stay",
        "leaves ordinary threads behind that never end",
        """
import threading, time
for _ in range(3):
    threading.Thread(target=time.sleep, args=(3600,)).start()
return np.zeros(6)
""",
    ),
]
