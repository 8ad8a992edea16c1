"""Attacks that reach out: processes, disk, network, other processes, the kernel."""

from tests.attacks.attack import Attack

REFUSALS = "(OSError, MemoryError, ImportError, LookupError)"


def refused(line: int, name: str, tries: str, source: str) -> Attack:
    """Return an attack that is made at import; it calls ``broken()`` if it gets through.

    At level C a module that is not loaded yet cannot be imported: that is a refusal too.
    """
    body = "".join(f"    {text}\n" for text in source.strip().splitlines())
    return Attack(line, name, tries, f"\ntry:\n{body}except {REFUSALS}:\n    pass\n")


def system_call(name: str, numbers: dict[str, int], *arguments: object) -> Attack:
    """Return an attack that makes a system call by its number."""
    given = ", ".join(map(str, arguments))
    source = f"""
import ctypes, platform
call = ctypes.CDLL(None, use_errno=True).syscall
number = {numbers!r}.get(platform.machine())
if number is not None and call(number, {given}) >= 0:
    broken()
"""
    return Attack(15, name, "a system call by its number", source)


ATTACKS = [
    refused(
        11,
        "fork bomb",
        "forks until it cannot",
        """
import os, time
for _ in range(64):
    if os.fork() == 0:
        time.sleep(20)
        os._exit(0)
broken()
""",
    ),
    refused(
        11,
        "daemon",
        "forks twice, leaves the session, outlives the run",
        """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("@OUT@/@OWNED@", "w").close()
        time.sleep(20)
    os._exit(0)
broken()
""",
    ),
    refused(
        11,
        "subprocess",
        "subprocess, os.popen, posix_spawn, pty",
        """
import os, pty, subprocess, sys
for way in (
    lambda: subprocess.run([sys.executable, "-c", "0"]),
    lambda: subprocess.Popen("touch @OUT@/@OWNED@", shell=True).wait(),
    lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "touch @OUT@/@OWNED@"], {}),
    lambda: pty.fork(),
    lambda: os.popen("touch @OUT@/@OWNED@").read(),
):
    try:
        way()
        broken()
    except OSError:
        pass
""",
    ),
    refused(
        11,
        "become another program",
        "os.execv of a shell",
        'import os\nos.execv("/bin/sh", ["sh", "-c", "touch @OUT@/@OWNED@; exit 66"])',
    ),
    Attack(
        11,
        "os.system",
        "the C library's system()",
        '\nimport os\nif os.system("touch @OUT@/@OWNED@") == 0:\n    broken()\n',
    ),
    refused(
        11,
        "multiprocessing",
        "a pool and a process",
        """
import multiprocessing
for method in ("fork", "spawn", "forkserver"):
    try:
        process = multiprocessing.get_context(method).Process(target=print)
        process.start()
        broken()
    except (OSError, ValueError, ImportError, EOFError, AttributeError):
        pass
""",
    ),
    Attack(
        11,
        "shell in a notebook",
        "! and %%bash",
        cell="!touch @OUT@/@OWNED@\nget_ipython().system('touch @OUT@/@OWNED@')\n",
    ),
    refused(
        12,
        "fill the disk",
        "writes wherever it can until it cannot",
        """
import os
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/scratch", "@OUT@", os.getcwd()):
    try:
        with open(folder + "/@OWNED@", "wb") as file:
            for _ in range(64):
                file.write(bytes(1 << 20))
        broken()
    except OSError:
        pass
""",
    ),
    refused(
        12,
        "thousands of files",
        "makes files until it cannot",
        """
import os
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/scratch", "@OUT@"):
    try:
        for number in range(20000):
            open(f"{folder}/@OWNED@-{number}", "w").close()
        broken()
    except OSError:
        pass
""",
    ),
    refused(
        12,
        "files in memory",
        "memfd_create and shm_open hold what no limit counts",
        """
import os
number = os.memfd_create("@OWNED@")
broken()
""",
    ),
    Attack(
        13,
        "flood of output",
        "prints 200 MB in a call",
        """
def double(x):
    import sys
    for _ in range(200):
        sys.stdout.write("x" * (1 << 20))
        sys.stderr.write("y" * (1 << 20))
    return 2.0 * np.asarray(x)
""",
    ),
    Attack(
        13,
        "flood past Python",
        "writes to descriptors 1 and 2",
        """
def double(x):
    import os
    for _ in range(64):
        os.write(1, b"x" * 65536)
        os.write(2, b"\\x00\\xff" * 32768)
    return 2.0 * np.asarray(x)
""",
    ),
    Attack(
        13,
        "binary garbage and terminal escapes",
        "prints what terminals obey and no text may hold",
        """
def double(x):
    print("\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m\\x00\\x08\\ud800\\u202e")
    return 2.0 * np.asarray(x)
def mystery(x):
    raise ValueError("\\x1b]0;owned\\x07\\x1b[2J\\x00\\ud800\\u202e")
""",
    ),
    Attack(
        13,
        "a long traceback",
        "an error of 10 MB",
        "\ndef mystery(x):\n    raise ValueError('x' * 10_000_000)\n",
    ),
    Attack(
        13,
        "an object that prints at length",
        "its repr, type name and attributes are endless",
        """
class Long:
    def __repr__(self):
        return "x" * (1 << 30)
    __str__ = __repr__
def mystery(x):
    Long.__name__ = Long.__qualname__ = "N" * 1_000_000
    print(Long())
    return Long()
""",
    ),
    Attack(
        13,
        "flood of pictures",
        "a notebook shows more than anyone wants",
        more_cells=(
            "from IPython.display import display, HTML\n"
            "for _ in range(3000):\n    display(HTML('x' * 10000))",
        ),
    ),
    refused(
        14,
        "connect by TCP",
        "to a listener outside",
        "import socket\nsocket.create_connection(('127.0.0.1', @PORT@), 1)\nbroken()",
    ),
    refused(
        14,
        "send by UDP",
        "to a listener outside",
        "import socket\nudp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "udp.sendto(b'x', ('127.0.0.1', @PORT@))",
    ),
    refused(
        14,
        "connect to a unix socket",
        "one in a folder open to all",
        "import socket\nsocket.socket(socket.AF_UNIX).connect('@SOCKET@')\nbroken()",
    ),
    refused(
        14,
        "connect to an abstract socket",
        "one without a file",
        "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0@ABSTRACT@')\nbroken()",
    ),
    refused(
        14,
        "send from a pair",
        "a datagram socket of a socketpair, addressed to others",
        "import socket\none, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
        "one.sendto(b'x', '@SOCKET@')",
    ),
    refused(
        14,
        "look up a name",
        "DNS",
        "import socket\nsocket.getaddrinfo('localhost.example.com', 80)\nbroken()",
    ),
    refused(
        14,
        "listen",
        "opens a port for others",
        "import socket\nsocket.create_server(('', 0))\nbroken()",
    ),
    refused(
        14,
        "fetch a page",
        "urllib",
        "import urllib.request\n"
        "urllib.request.urlopen('http://127.0.0.1:@PORT@/', timeout=1)\nbroken()",
    ),
    *(
        refused(
            15,
            f"signal {whom}",
            "os.kill",
            f"import os, signal\nfor number in (0, signal.SIGURG, signal.SIGWINCH):\n"
            f"    os.kill({target}, number)\n    broken()",
        )
        for whom, target in {
            "everyone": "-1",
            "the group": "0",
            "the parent": "os.getppid() or 1",
            "the grader": "@PID@",
        }.items()
    ),
    Attack(
        15,
        "signal by a descriptor",
        "F_SETOWN, F_SETSIG and O_ASYNC on a socketpair",
        """
import fcntl, os, signal, socket
one, two = socket.socketpair()
try:
    fcntl.fcntl(one, 10, int(signal.SIGURG))  # F_SETSIG
    fcntl.fcntl(one, fcntl.F_SETOWN, @PID@)
    fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    two.send(b"x")
    broken()
except OSError:
    pass
""",
    ),
    Attack(
        15,
        "become root",
        "setuid, setgid, capset",
        """
import os
for change in (lambda: os.setuid(0), lambda: os.setresgid(0, 0, 0), lambda: os.setgroups([0])):
    try:
        change()
        broken()
    except OSError:
        pass
""",
    ),
    Attack(
        15,
        "raise its limits",
        "setrlimit, prlimit of the parent, nice",
        """
import os, resource
for change in (
    lambda: resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2),
    lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (1, 1)),
    lambda: resource.prlimit(@PID@, resource.RLIMIT_CORE, (0, 0)),
    lambda: os.nice(-5),
    lambda: os.setpriority(os.PRIO_PROCESS, @PID@, 19),
    lambda: os.sched_setaffinity(@PID@, {0}),
):
    try:
        change()
        broken()
    except (OSError, ValueError):
        pass
""",
    ),
    Attack(
        15,
        "take off the wall",
        "prctl, Landlock and seccomp once more, dumpable again",
        """
import ctypes
call = ctypes.CDLL(None, use_errno=True)
for option, value in ((38, 0), (4, 1), (1, 0), (8, 1), (24, 0), (22, 0), (35, 1)):
    if call.prctl(option, value, 0, 0, 0) >= 0:
        broken()
""",
    ),
    system_call("unshare", {"x86_64": 272, "aarch64": 97}, 0x10000000),
    system_call("setns", {"x86_64": 308, "aarch64": 268}, 0, 0),
    system_call("mount", {"x86_64": 165, "aarch64": 40}, "b'none'", "b'/tmp'", "b'tmpfs'", 0, 0),
    system_call("new user namespace by clone", {"x86_64": 56, "aarch64": 220}, 0x10000011, 0),
    system_call("personality", {"x86_64": 135, "aarch64": 92}, 0x0040000),
    system_call("io_uring", {"x86_64": 425, "aarch64": 425}, 4, "ctypes.create_string_buffer(120)"),
    system_call("bpf", {"x86_64": 321, "aarch64": 280}, 0, "ctypes.create_string_buffer(120)", 120),
    system_call(
        "perf_event_open",
        {"x86_64": 298, "aarch64": 241},
        "ctypes.create_string_buffer(bytes([1, 0, 0, 0, 112]), 112)",
        0,
        -1,
        -1,
        0,
    ),
    system_call("keyctl", {"x86_64": 250, "aarch64": 219}, 0, -3, 1),
    system_call("userfaultfd", {"x86_64": 323, "aarch64": 282}, 1),
    system_call("open by handle", {"x86_64": 304, "aarch64": 265}, -100, "b'\\0' * 64", 0),
    system_call("fanotify", {"x86_64": 300, "aarch64": 262}, 0, 0),
]
