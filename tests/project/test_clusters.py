"""docs/cluster: each cluster that one machine can be, started as told there, grades a hand-in."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import sys
import time

import pytest

from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from tests import tiny_course
from tests.course_run import KEY, hand_in
from tests.tiny_course import ROOT

pytestmark = pytest.mark.slow
FOLDER = ROOT / "docs" / "cluster"
START = 120
"""Seconds that a daemon or a cluster has to start on a busy machine."""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def command_of(name, package):
    """Return the path of a daemon, also where it is not on the path of an ordinary user."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"cluster NOT started: no {name} here (Debian: {package})")
    return found


@contextlib.contextmanager
def daemon(command, ready):
    """Run a daemon in the foreground, from when it is ready to the end of the block."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            deadline = time.monotonic() + START
            while not ready():
                assert process.poll() is None, process.stdout.read().decode()
                assert time.monotonic() < deadline, f"{command[0]} has not started"
                time.sleep(0.1)
            yield
        finally:
            process.kill()


def grades_and_ends(assignment, name, *arguments, **settings):
    """Start a cluster by its file, have it grade one hand-in, and end it as a service would."""
    hand_in(assignment, "ada", tiny_course.solved())
    command = [sys.executable, FOLDER / name, *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings}
    ) as process:
        try:
            lines = iter(process.stdout)
            line = next(line for line in lines if not line.startswith("Waiting"))
            address = line.split()[-1]
            assert line == f"autograder grade ASSIGNMENT --dask {address}\n"
            summary = grade_course(assignment, CourseSettings(KEY, dask=address))
        finally:
            process.terminate()
    assert summary.graded == ["ada"]
    assert process.returncode == 0


def test_of_this_machine(as_file):
    pytest.importorskip("distributed", reason="cluster NOT started: Dask is not installed")
    grades_and_ends(as_file, "local_cluster.py", "--workers", 1, "--port", 0)


@pytest.fixture
def ssh(tmp_path):
    """A server of SSH on loopback: its port, and a home that it lets in and whose keys it knows."""
    server = command_of("sshd", "openssh-server")
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)  # root's server wants it; a service makes it
    home, port = tmp_path / "home", free_port()
    keys = home / ".ssh"
    keys.mkdir(parents=True, mode=0o700)
    for file in (tmp_path / "host", keys / "id_ed25519"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    public = (tmp_path / "host.pub").read_text()
    (keys / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}")
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": tmp_path / "host",
        "AuthorizedKeysFile": keys / "id_ed25519.pub",
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
        "PermitRootLogin": "prohibit-password",
    }
    config = tmp_path / "sshd_config"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def ready():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    with daemon([server, "-D", "-e", "-f", config], ready):
        yield home, port


def test_over_ssh(as_file, tmp_path, ssh):
    pytest.importorskip("asyncssh", reason="cluster NOT started over SSH: no asyncssh")
    home, port = ssh
    hosts = tmp_path / "hosts.txt"
    hosts.write_text("127.0.0.1  # the scheduler\n\n127.0.0.1\n")
    arguments = "--hosts", hosts, "--ssh-port", port, "--port", free_port()
    grades_and_ends(as_file, "ssh_cluster.py", *arguments, HOME=str(home))


@pytest.fixture
def slurm(tmp_path):
    """Slurm's own daemons, with one node: this machine. Returns the path of its configuration."""
    daemons = [command_of(name, f"{name} slurm-client") for name in ("slurmctld", "slurmd")]
    host, config = socket.gethostname(), tmp_path / "slurm.conf"
    settings = {
        "ClusterName": "one",
        "SlurmctldHost": f"{host}(127.0.0.1)",
        "SlurmctldPort": free_port(),
        "SlurmdPort": free_port(),
        "SlurmUser": getpass.getuser(),
        "SlurmdUser": getpass.getuser(),
        # Nobody else is on this cluster. Munge's daemon would be a third to start.
        "AuthType": "auth/none",
        "CredType": "cred/none",
        "StateSaveLocation": tmp_path / "state",
        "SlurmdSpoolDir": tmp_path / "spool",
        "SlurmctldPidFile": tmp_path / "slurmctld.pid",
        "SlurmdPidFile": tmp_path / "slurmd.pid",
        "ProctrackType": "proctrack/linuxproc",
        "TaskPlugin": "task/none",
        "SwitchType": "switch/none",
        "MpiDefault": "none",
        "SelectType": "select/cons_tres",
        "SelectTypeParameters": "CR_CPU",
        "NodeName": f"{host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} RealMemory=4000",
        "PartitionName": f"short Nodes={host} Default=YES State=UP",
    }
    (tmp_path / "state").mkdir()
    (tmp_path / "spool").mkdir()
    config.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    environment = {**os.environ, "SLURM_CONF": str(config)}

    def idle():
        command = ["sinfo", "--noheader", "--format=%t"]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return ran.stdout.strip() == "idle"

    controller, node = daemons
    with (
        daemon([controller, "-D", "-f", config], lambda: True),
        daemon([node, "-D", "-f", config], idle),
    ):
        yield config


def test_of_slurm(as_file, tmp_path, slurm, monkeypatch):
    pytest.importorskip("dask_jobqueue", reason="cluster NOT started by Slurm: no dask-jobqueue")
    monkeypatch.chdir(tmp_path)  # where Slurm writes what its jobs print
    arguments = "--workers", 1, "--queue", "short", "--memory", "2GB"
    grades_and_ends(as_file, "slurm_cluster.py", *arguments, SLURM_CONF=str(slurm))
    assert list(tmp_path.glob("slurm-*.out")), "no job of Slurm has run"
