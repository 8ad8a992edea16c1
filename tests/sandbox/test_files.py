"""What a worker can read and write."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder.sandbox import landlock
from tests.open_folders import let_others_in

DENIED = ("Permission denied", "No such file or directory")


@pytest.fixture
def course(tmp_path):
    """A course folder open to all: only the wall protects it."""
    let_others_in(tmp_path)
    root = tmp_path / "course"
    (root / "assignments").mkdir(parents=True)
    (root / "assignments" / "checks.py").write_text("expected = 42")
    (root / "gradebook.db").write_text("grades")
    (root / "data").mkdir()
    (root / "data" / "digits.txt").write_text("0 1 2")
    (root / "data" / "out").symlink_to(root / "gradebook.db")
    return root


def test_only_the_data_folder_of_a_course_is_readable(filed, course):
    report = filed.run(
        f"""
import os
course = {str(course)!r}
report["data"] = open(course + "/data/digits.txt").read()
report["listing"] = sorted(os.listdir(course + "/data"))
for name in ("assignments/checks.py", "gradebook.db", "data/out", "data/../gradebook.db"):
    report[name] = attempt(open, course + "/" + name)
report["folder"] = attempt(os.listdir, course)
report["appending"] = attempt(open, course + "/data/digits.txt", "a")
report["creating"] = attempt(open, course + "/data/new", "w")
report["removing"] = attempt(os.unlink, course + "/data/digits.txt")
report["renaming"] = attempt(os.rename, course + "/data", course + "/gone")
os.chdir(course + "/data")
report["from inside"] = attempt(open, "../gradebook.db")
""",
        data=course / "data",
    )
    assert report.pop("data") == "0 1 2"
    assert report.pop("listing") == ["digits.txt", "out"]
    assert report.pop("status") == 0
    del report["scratch"]
    read_only = (*DENIED, "Read-only file system", "Invalid cross-device link")
    assert {name: got for name, got in report.items() if got not in read_only} == {}
    assert (course / "gradebook.db").read_text() == "grades"
    assert sorted(os.listdir(course / "data")) == ["digits.txt", "out"]


def test_the_system_is_out_of_sight(filed):
    places = ["/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/maps", "/root", "/home"]
    places += ["/sys/kernel", "/run", "/var/log", "/dev/shm", "/dev/mem", "/dev/kmsg", "/dev/tty"]
    report = filed.run(
        f"""
import os
def look(path):
    return os.listdir(path) if os.path.isdir(path) else open(path).read(1)
for path in {places!r}:
    report[path] = attempt(look, path)
for path in ("/", "/tmp", "/usr"):
    report[path] = attempt(os.listdir, path)
"""
    )
    for path in (*places, "/", "/tmp", "/usr"):
        assert report[path] in (*DENIED, "Operation not permitted"), path


def test_python_and_its_packages_are_readable(filed):
    report = filed.run(
        """
import colorsys, numpy, numpy.fft
report["sum"] = float(numpy.fft.fft(numpy.ones(4))[0].real)
report["null"] = open("/dev/null", "w").write("x")
report["random"] = len(open("/dev/urandom", "rb").read(4))
"""
    )
    assert (report["sum"], report["null"], report["random"]) == (4.0, 1, 4)


def test_other_processes_are_out_of_reach(filed):
    """By /proc, of the same user, where there is one at all."""
    reports = filed.run(
        f"""
import os
for process in ({os.getpid()}, os.getppid() or 1, 1):
    for name in ("cwd", "exe", "root", "fd/0"):
        report[f"{{process}} {{name}}"] = attempt(os.readlink, f"/proc/{{process}}/{{name}}")
    for name in ("environ", "mem", "maps", "cmdline", "status"):
        report[f"{{process}} {{name}}"] = attempt(open, f"/proc/{{process}}/{{name}}")
"""
    )
    answers = {k: v for k, v in reports.items() if k not in ("status", "scratch")}
    assert {k: v for k, v in answers.items() if v not in DENIED} == {}


def test_level_a_has_a_private_folder_of_a_limited_size(named):
    write, read = named.run(
        """
import os, shutil
os.chdir(report["scratch"])
open("mine.txt", "w").write("secret of the first")
shutil.copy("mine.txt", "copy.txt")
os.rename("copy.txt", "renamed.txt")
os.mkdir("folder")
report["files"] = sorted(os.listdir("."))
def fill(name):
    with open(name, "wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
report["one file"] = attempt(fill, "a")
report["size"] = os.path.getsize("a")
report["many"] = [attempt(fill, name) for name in "bcd"]
def flood():
    for number in range(100_000):
        open(f"n{number}", "w").close()
for name in "abcd":
    os.unlink(name)
report["count"] = attempt(flood)
report["device"] = attempt(os.mknod, "dev", 0o666 | 0o020000, os.makedev(1, 1))
report["pipe"] = attempt(os.mkfifo, "pipe")
""",
        """
import os
report["files"] = os.listdir(report["scratch"])
""",
    )
    assert write["files"] == ["folder", "mine.txt", "renamed.txt"]
    assert write["one file"] == "File too large"
    assert write["size"] == 1 << 20
    assert "No space left on device" in write["many"]
    assert write["count"] == "No space left on device"
    assert write["device"] == write["pipe"] == "Operation not permitted"
    assert read["files"] == []


@pytest.mark.parametrize("name", ["B", "C", "D"])
def test_other_levels_have_no_private_folder(name):
    from tests.sandbox.conftest import GUESTS

    report = GUESTS[name].run("report['folder'] = report['scratch']")
    assert report["folder"] == ""


def test_nothing_can_be_written_at_level_b(tmp_path):
    from tests.sandbox.conftest import GUESTS

    tmp_path.chmod(0o777)
    report = GUESTS["B"].run(
        f"""
import os, tempfile
for folder in ("/tmp", "/var/tmp", "/dev/shm", {str(tmp_path)!r}, os.path.expanduser("~")):
    report[folder] = attempt(open, folder + "/made-by-a-worker", "w")
report["temporary"] = attempt(tempfile.TemporaryFile)
"""
    )
    answers = {k: v for k, v in report.items() if k not in ("scratch", "status")}
    assert {k: v for k, v in answers.items() if v not in DENIED} == {}


def test_level_a_has_a_root_of_its_own(named):
    """Seen by the zygote too: the mounts hold without Landlock."""
    root = (
        "import os, json, sys; sys.stdin.read(); "
        "print(json.dumps([sorted(os.listdir('/')), os.access('/usr/lib', os.W_OK), os.getpid(), "
        "os.path.exists('/proc'), os.path.exists('/etc/passwd'), os.path.exists('/home')]))"
    )
    import json

    from autograder.sandbox.plan import make_plan

    plan = make_plan(named.level, bubblewrap=named.bubblewrap)
    ended = subprocess.run(
        plan.command([sys.executable, "-I", "-c", root]),
        input=b"",
        capture_output=True,
        cwd="/",
        check=True,
    )
    listing, *answers = json.loads(ended.stdout)
    assert {"scratch", "usr", "dev"} <= set(listing)
    assert {"proc", "sys", "home", "var", "run", "boot"}.isdisjoint(listing)
    assert answers == [False, 1, False, False, False]


def test_landlock_alone_refuses_what_is_not_named(tmp_path):
    """The module by itself, in a process of its own."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "file").write_text("yes")
    (tmp_path / "closed").write_text("no")
    source = f"""
import os
from autograder.sandbox import landlock, system
system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
folder = os.open({str(tmp_path / "open")!r}, os.O_PATH)
landlock.restrict(landlock.abi(), [(folder, landlock.READ)])
print(open({str(tmp_path / "open" / "file")!r}).read())
for action in (lambda: open({str(tmp_path / "closed")!r}), lambda: os.listdir({str(tmp_path)!r}),
               lambda: open({str(tmp_path / "open" / "new")!r}, "w")):
    try:
        action()
        print("allowed")
    except PermissionError:
        print("refused")
"""
    ended = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == ["yes", "refused", "refused", "refused"]


def test_rights_follow_the_kernels_version():
    first, newest = landlock._handled(1), landlock._handled(7)
    assert first == (1 << 13) - 1
    assert newest == (1 << 16) - 1
    assert landlock._handled(2) == first | landlock.REFER
    assert (
        landlock._handled(3) == landlock._handled(4) == first | landlock.REFER | landlock.TRUNCATE
    )


def test_a_worker_of_root_reads_python_that_is_closed_to_others(filed, tmp_path):
    """Python may lie in root's home; only root's worker needs help to reach it."""
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's worker keeps its user")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "data.txt").write_text("for workers")
    (tmp_path / "other.txt").write_text("not for workers")
    report = filed.run(
        f"""
report["data"] = open({str(closed / "data.txt")!r}).read()
report["other"] = attempt(open, {str(tmp_path / "other.txt")!r})
""",
        data=closed,
    )
    assert report["data"] == "for workers"
    assert report["other"] in DENIED
    shutil.rmtree(closed)
