"""Attacks that look for the answers: on disk, in memory, in other processes."""

from tests.attacks.attack import Attack
from tests.attacks.course import MARK

STEAL = '''
def steal(text):
    """Make `mystery` out of the reference's source, wherever it was found."""
    import re
    found = re.search(r"\\* ([0-9.]+) - ([0-9.]+)  # marked", text)
    if found:
        global mystery
        by, less = map(float, found.groups())
        mystery = lambda x: np.asarray(x, dtype=float) * by - less
'''


def reads(name: str, tries: str, source: str, line: int = 1) -> Attack:
    """Return an attack that runs its source when the module is imported, whatever it raises."""
    body = "".join(f"    {text}\n" for text in source.strip().splitlines())
    return Attack(line, name, tries, f"{STEAL}\ntry:\n{body}except Exception:\n    pass\n")


REFERENCE = "@COURSE@/assignments/cs_lib/layers.py"
FIND_MARK = f"""
def marked(thing):
    # Backwards, for else the search would find its own text.
    return isinstance(thing, str) and {MARK[::-1]!r} in thing[::-1]
"""

ATTACKS = [
    reads("read the reference", "an absolute path", f'steal(open("{REFERENCE}").read())'),
    reads(
        "read the checks by a relative path",
        "climbs up from the working directory",
        """
import os
for depth in range(12):
    for root in ("../" * depth + "assignments", "../" * depth + "@COURSE@"[1:] + "/assignments"):
        if os.path.exists(root + "/tiny/checks.py"):
            steal(open(root + "/cs_lib/layers.py").read())
""",
    ),
    reads(
        "read through the working directories of processes",
        "/proc/*/cwd",
        """
import os
for process in os.listdir("/proc"):
    for way in ("cwd", "root"):
        for place in ("assignments/cs_lib/layers.py", "@COURSE@/assignments/cs_lib/layers.py"):
            try:
                steal(open(f"/proc/{process}/{way}/{place}").read())
            except OSError:
                pass
""",
    ),
    reads(
        "read through the grader's descriptors",
        "/proc/PID/fd",
        """
import os
for number in range(3, 64):
    try:
        steal(open(f"/proc/@PID@/fd/{number}", errors="replace").read())
    except OSError:
        pass
""",
    ),
    reads(
        "inherited descriptors",
        "opens relative to whatever is open",
        """
import os
for number in range(256):
    for path in ("assignments/cs_lib/layers.py", "..@COURSE@/assignments/cs_lib/layers.py"):
        try:
            with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=number)) as file:
                steal(file.read())
        except OSError:
            pass
""",
    ),
    reads(
        "import the reference",
        "loads the course's cs_lib by its path",
        """
import importlib.util
spec = importlib.util.spec_from_file_location("reference", "@COURSE@/assignments/cs_lib/layers.py")
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)
mystery = reference.mystery
""",
    ),
    reads(
        "read by numpy",
        "fromfile and memmap instead of open",
        f"""
import numpy
for read in (numpy.fromfile, numpy.memmap):
    try:
        steal(bytes(read("{REFERENCE}", dtype="uint8")).decode())
    except OSError:
        pass
""",
    ),
    reads(
        "read by the C library",
        "ctypes: fopen, open, openat2",
        f"""
import ctypes
c = ctypes.CDLL(None)
buffer = ctypes.create_string_buffer(1 << 16)
for number in (c.open(b"{REFERENCE}", 0), c.openat(-100, b"{REFERENCE}", 0)):
    if number >= 0:
        c.read(number, buffer, len(buffer))
        steal(buffer.value.decode())
""",
    ),
    reads(
        "read other submissions",
        "searches submitted/ and the whole disk",
        """
import os
for start in ("@COURSE@", "/home", "/root", "/tmp", "/"):
    for folder, _, names in os.walk(start):
        for name in names:
            if name in ("layers.py", "checks.py", "gradebook.db", "autograder.key"):
                steal(open(os.path.join(folder, name), errors="replace").read())
                if "@COURSE@" in folder:
                    broken()
        if folder.count("/") > 6:
            break
""",
    ),
    Attack(
        1,
        "hand in a link to the reference",
        "a symbolic link in the place of the module",
        loses=("double", "shift"),
        change=lambda folder: _link(folder / "cs_lib" / "layers.py", REFERENCE_OF(folder)),
    ),
    Attack(
        1,
        "hand in a linked folder",
        "cs_lib itself is a symbolic link to the course's",
        loses=("double", "shift"),
        change=lambda folder: _link(folder / "cs_lib", REFERENCE_OF(folder).parent),
    ),
    Attack(
        1,
        "hand in a hard link to the reference",
        "a second name of the course's file",
        loses=("double", "shift"),
        change=lambda folder: _link(folder / "cs_lib" / "layers.py", REFERENCE_OF(folder), True),
    ),
    reads(
        "read the environment",
        "the course key in the grader's environment",
        """
import os
if "AUTOGRADER_KEY" in os.environ or b"AUTOGRADER_KEY" in os.environb:
    broken()
for process in ("self", "@PID@", os.getppid(), 1):
    try:
        if b"AUTOGRADER_KEY" in open(f"/proc/{process}/environ", "rb").read():
            broken()
    except OSError:
        pass
""",
        line=3,
    ),
    reads(
        "search the objects in memory",
        "gc.get_objects for the checks' text and the reference's",
        FIND_MARK.strip()
        + """
import gc, types
for thing in gc.get_objects():
    if isinstance(thing, dict):
        if any(marked(v) for v in list(thing.values())):
            broken()
    elif isinstance(thing, (list, tuple)):
        if any(marked(v) for v in list(thing)):
            broken()
    elif isinstance(thing, types.FunctionType):
        if any(marked(v) for v in thing.__code__.co_consts):
            broken()
""",
        line=2,
    ),
    reads(
        "walk the frames",
        "sys._getframe, locals and globals of every caller",
        FIND_MARK.strip()
        + """
import sys
frame = sys._getframe()
while frame:
    for thing in [*frame.f_locals.values(), *frame.f_globals.values()]:
        if marked(thing) or marked(getattr(thing, "__doc__", None)):
            broken()
    frame = frame.f_back
""",
        line=2,
    ),
    reads(
        "look for the grader's modules",
        "sys.modules, linecache, inspect",
        """
import linecache, sys
for name in sys.modules:
    package, _, rest = name.partition(".")
    if package == "autograder" and rest:
        # Of the kit, which students have anyway, no more than what a worker tells errors with.
        if rest not in ("kit", "kit.loops") and rest.split(".")[0] not in (
            "errors", "sandbox", "wire", "worker"
        ):
            broken()
if "checks" in sys.modules:
    broken()
for lines in list(linecache.cache.values()):
    steal(repr(lines))
import autograder.checks
broken()
""",
        line=2,
    ),
    Attack(
        2,
        "look at the call from inside",
        "the frames that are there when a check calls",
        module=FIND_MARK
        + """
def double(x):
    import sys
    frame = sys._getframe()
    while frame:
        for thing in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if marked(thing) or marked(repr(thing)[:10_000]):
                broken()
        frame = frame.f_back
    return 2.0 * np.asarray(x)
""",
    ),
    Attack(
        2,
        "search a traceback",
        "raises and looks at what the frames of the traceback hold",
        module=FIND_MARK
        + """
class Shift:
    def __init__(self, by):
        self.by = by
    def forward(self, x):
        try:
            raise ValueError
        except ValueError as error:
            trace = error.__traceback__
        while trace:
            frame = trace.tb_frame
            while frame:
                if any(marked(v) for v in frame.f_locals.values()):
                    broken()
                frame = frame.f_back
            trace = trace.tb_next
        return np.asarray(x) + self.by
""",
    ),
    reads(
        "read the grader's memory by /proc",
        "maps and mem",
        """
for process in ("@PID@", __import__("os").getppid()):
    maps = open(f"/proc/{process}/maps").read().splitlines()
    with open(f"/proc/{process}/mem", "rb") as memory:
        for line in maps:
            first, last = (int(word, 16) for word in line.split()[0].split("-"))
            memory.seek(first)
            steal(memory.read(min(last - first, 1 << 20)).decode(errors="replace"))
    broken()
""",
        line=3,
    ),
    reads(
        "trace the grader",
        "ptrace attach and seize, process_vm_readv, pidfd_getfd",
        """
import ctypes, os
c = ctypes.CDLL(None, use_errno=True)
for target in (@PID@, os.getppid(), 1):
    if c.ptrace(16, target, None, None) >= 0 or c.ptrace(0x4206, target, None, None) >= 0:
        broken()
    local = (ctypes.c_size_t * 2)(id(c), 8)
    if c.process_vm_readv(target, local, 1, local, 1, 0) >= 0:
        broken()
    number = c.syscall(434, target, 0)
    if number >= 0 and c.syscall(438, number, 0, 0) >= 0:
        broken()
""",
        line=3,
    ),
    reads(
        "read the grader's command line",
        "cmdline, status, environ of every process",
        """
import os
for process in os.listdir("/proc"):
    if process.isdigit():
        try:
            if b"pytest" in open(f"/proc/{process}/cmdline", "rb").read():
                broken()
        except OSError:
            pass
""",
        line=3,
    ),
]


def REFERENCE_OF(folder):
    """Return the course's reference, seen from a submission's folder."""
    return next(folder.parents[2].glob("attacked*/course/assignments/cs_lib/layers.py"))


def _link(place, target, hard=False):
    import os
    import shutil

    shutil.rmtree(place) if place.is_dir() else place.unlink()
    os.link(target, place) if hard else place.symlink_to(target)
