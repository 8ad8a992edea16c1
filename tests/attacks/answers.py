"""Attacks by what a function returns, by replacing what compares, and by forging a verdict."""

from tests.attacks.attack import Attack


def returns(name: str, value: str, line: int, before: str = "") -> Attack:
    """Return an attack whose `double` gives a value that is not the answer."""
    module = f"{before}\ndef double(x):\n    return {value}\n"
    return Attack(line, name, f"returns {value}", module, loses=("double",))


ALWAYS_EQUAL = """
class Always(np.ndarray):
    def __eq__(self, other): return np.True_
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def __abs__(self): return np.zeros(self.shape)
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(self.shape)
    def __array_function__(self, *args, **kwargs): return True
    def __le__(self, other): return np.True_
"""
EQUAL_OBJECT = """
class Equal:
    shape, dtype, ndim = (3, 4), np.dtype(float), 2
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): return np.zeros((3, 4))
    def __float__(self): return 0.0
    def __len__(self): return 3
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
"""
FLOAT = """
class Small(float):
    def __sub__(self, other): return Small(0)
    __rsub__ = __sub__
    def __abs__(self): return Small(0)
    def __le__(self, other): return True
"""

HONEST_DOUBLE = "\n    return 2.0 * np.asarray(x, dtype=float)\n"

ATTACKS = [
    returns("an array that equals everything", "np.zeros((3, 4)).view(Always)", 5, ALWAYS_EQUAL),
    returns("an object that equals everything", "Equal()", 5, EQUAL_OBJECT),
    returns("a float of its own", "Small(0)", 5, FLOAT),
    returns("a generator", "(2 * row for row in x)", 5),
    returns("a masked array", "np.ma.masked_all((3, 4))", 5),
    returns("a matrix", "np.asmatrix(np.zeros((3, 4)))", 5),
    returns(
        "an array of objects that equal everything", "np.full((3, 4), Equal())", 5, EQUAL_OBJECT
    ),
    returns("a list with a stranger in it", "[Equal()] * 3", 5, EQUAL_OBJECT),
    returns("a class", "Equal", 5, EQUAL_OBJECT),
    returns("not numbers", "np.full(np.shape(x), np.nan)", 6),
    returns("infinity", "np.full(np.shape(x), np.inf)", 6),
    returns("one number for all", "0.0", 6),
    returns("a row for all rows", "2.0 * np.asarray(x)[:1]", 6),
    returns("nothing", "None", 6),
    returns("an empty tuple", "()", 6),
    returns("too many results", "(2.0 * np.asarray(x), 0)", 6),
    returns("text", "np.full(np.shape(x), '0')", 6),
    returns("objects", "(2.0 * np.asarray(x)).astype(object)", 6),
    returns("half precision", "(2.0 * np.asarray(x)).astype(np.float16)", 6),
    returns("complex numbers", "2.0 * np.asarray(x) + 1j", 6),
    returns("an array without dimensions", "np.array(2.0)", 6),
    returns("an empty array", "np.zeros((0, 4))", 6),
    returns("an array too large for the wire", "np.zeros((2000, 4000))", 6),
    returns("an array that is large for its strides alone", "np.broadcast_to(0.0, (1 << 40,))", 6),
    returns("a structured array", "np.zeros((3, 4), dtype='f8,f8')", 6),
    returns("a number without end", "7 ** 3_000_000", 6),
    Attack(
        4,
        "replace what compares",
        "numpy.allclose and friends say yes to everything",
        """
for _name in ("allclose", "isclose", "array_equal", "abs", "absolute", "max", "all", "any"):
    setattr(np, _name, lambda *args, **kwargs: np.True_)
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None
def mystery(x):
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        4,
        "replace builtins",
        "abs, max, all, any, sum, round and hash lie",
        """
import builtins
for _name in ("abs", "max", "min", "all", "any", "sum", "round"):
    setattr(builtins, _name, lambda *args, **kwargs: True)
def mystery(x):
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        4,
        "hook into the interpreter",
        "excepthook, settrace, setprofile, audit and display hooks",
        """
import sys, threading
sys.excepthook = sys.displayhook = sys.unraisablehook = lambda *args: None
sys.settrace(lambda *args: None)
sys.setprofile(lambda *args: None)
threading.settrace(lambda *args: None)
sys.addaudithook(lambda *args: None)
""",
    ),
    Attack(
        4,
        "replace the wire",
        "patches the worker's own modules to answer for it",
        """
import sys
def mystery(x):
    for name, module in list(sys.modules.items()):
        if name.startswith("autograder"):
            for key in list(vars(module)):
                if callable(vars(module)[key]):
                    setattr(module, key, lambda *args, **kwargs: ("ok", 1.0, ""))
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        7,
        "write result files",
        "results.json in all the places that graders read",
        """
import json, os
forged = json.dumps({"score": 100, "tests": [{"score": 100, "max_score": 1}]})
for folder in ("@COURSE@/results/tiny", "@COURSE@/results", "@COURSE@", "/autograder/results",
               "/tmp", "@OUT@", os.path.expanduser("~"), ".", "..", "/shared", "/output"):
    for name in ("results.json", "mallory.json", "result.json", "@OWNED@"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(forged)
        except OSError:
            pass
""",
    ),
    Attack(
        7,
        "print a verdict",
        "JSON, JUnit and TAP on standard output and error",
        """
import sys
def mystery(x):
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        print('{"score": 7, "status": "passed"}', file=stream, flush=True)
        print('<testsuite tests="1" failures="0"/>\\\\nok 1 mystery', file=stream, flush=True)
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        7,
        "write frames to the wire",
        "sends a reply of its own on every descriptor",
        """
import os, struct
def mystery(x):
    body = b"\\xc3"
    frame = struct.pack("<4sIQ", b"wal1", len(body), 0) + body
    for number in range(3, 256):
        try:
            os.write(number, frame)
        except OSError:
            pass
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        7,
        "answer twice",
        "finds the channel in the frames above and answers the call itself, before the worker does",
        """
import sys
def mystery(x):
    frame, found = sys._getframe(), [0, 1]
    while frame:
        found += frame.f_locals.values()
        frame = frame.f_back
    for channel in [thing for thing in found if type(thing).__name__ == "Channel"]:
        for number in [thing for thing in found if type(thing) is int]:
            channel.send((number, "ok", (np.zeros(6), ()), "", 0))
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        7,
        "answer what was not asked",
        "a thread writes to the wire long after the call",
        """
import os, threading, time
def _late():
    time.sleep(0.05)
    for number in range(3, 256):
        try:
            os.write(number, b"\\0" * 64)
        except OSError:
            pass
def mystery(x):
    threading.Thread(target=_late, daemon=True).start()
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        7,
        "close the wire",
        "closes every descriptor",
        """
import os
def mystery(x):
    os.closerange(0, 1024)
    return np.zeros(np.shape(x))
""",
    ),
    Attack(
        16,
        "return a pickle payload",
        "an object whose unpickling would run a command",
        """
class Payload:
    def __reduce__(self):
        return (__import__("os").system, ("touch @OUT@/@OWNED@",))
def double(x):
    import pickle
    return [Payload(), pickle.dumps(Payload())]
""",
        loses=("double",),
    ),
    *(
        Attack(
            16,
            f"send {name}",
            "a frame that lies",
            f"""
import os, struct
def mystery(x):
    for number in range(3, 256):
        try:
            os.write(number, {frame})
        except OSError:
            pass
    return np.zeros(np.shape(x))
""",
        )
        for name, frame in {
            "a length that lies": 'struct.pack("<4sIQ", b"wal1", 0xFFFFFFFF, 1 << 60)',
            "lists without end": 'struct.pack("<4sIQ", b"wal1", 50000, 0) + b"\\xdd\\x7f" * 25000',
            "an unknown extension": 'struct.pack("<4sIQ", b"wal1", 4, 0) + b"\\xc7\\x01\\x7fx"',
            "noise": "os.urandom(65536)",
        }.items()
    ),
    Attack(
        21,
        "answer the public example",
        "a table of the example in the notebook",
        """
def double(x):
    return {(2,): np.full(2, 2.0)}.get(np.shape(x), np.zeros(np.shape(x)))
""",
        loses=("double",),
    ),
    Attack(
        21,
        "see who calls",
        "answers rightly only where no grader seems to be near",
        """
def double(x):
    import sys, os
    names = set()
    frame = sys._getframe()
    while frame:
        names.add(frame.f_globals.get("__name__", ""))
        frame = frame.f_back
    graded = any("autograder" in name for name in names) or "COURSEDATA" in os.environ
    return np.zeros(np.shape(x)) if graded else 2.0 * np.asarray(x)
""",
        loses=("double",),
    ),
    Attack(
        21,
        "remember the inputs",
        "returns the answer to the call before",
        """
_before = []
def double(x):
    _before.append(np.array(x))
    return 2.0 * _before[0] + (len(_before) == 1)
""",
        loses=("double",),
    ),
    Attack(
        21,
        "give the grader its own buffer back",
        "writes to the argument and returns it",
        "\ndef double(x):\n    x *= 0\n    return x\n",
        loses=("double",),
    ),
    Attack(
        22,
        "guess the seed",
        "draws from every generator that it can find, and shifts the answer there",
        """
def double(x):
    shape = np.shape(x)
    for seed in (0, 1, 42, "mallory", 12345):
        seed = sum(map(ord, seed)) if isinstance(seed, str) else seed
        if np.allclose(np.random.default_rng(seed).standard_normal(shape), x):
            broken()
        if np.allclose(np.random.RandomState(seed).standard_normal(shape), x):
            broken()
    np.random.set_state(np.random.get_state())
    if np.allclose(np.random.standard_normal(shape), x):
        broken()
    return 2.0 * np.asarray(x)
""",
    ),
    Attack(
        22,
        "seed inside a function",
        "np.random.seed(0) and random.seed(0) in every call",
        f"\nimport random\ndef double(x):\n    np.random.seed(0); random.seed(0){HONEST_DOUBLE}",
    ),
]
