"""docs/cluster: what Dask, Slurm and Kubernetes take, as far as one machine can tell."""

import shlex
import subprocess
import sys

import pytest
import yaml

from tests.tiny_course import ROOT

FOLDER = ROOT / "docs" / "cluster"
MANIFESTS = list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text()))
WORKER = ["--nthreads", "1"]


def call(name, *arguments):
    command = [sys.executable, FOLDER / name, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def pods():
    return {
        manifest["metadata"]["name"]: manifest["spec"]["template"]["spec"]
        for manifest in MANIFESTS
        if manifest["kind"] == "Deployment"
    }


def test_the_workers_of_kubernetes_look_for_its_scheduler():
    (service,) = [manifest for manifest in MANIFESTS if manifest["kind"] == "Service"]
    port = service["spec"]["ports"][0]["port"]
    address = f"tcp://{service['metadata']['name']}:{port}"
    (worker,) = pods()["grading-worker"]["containers"]
    (scheduler,) = pods()["grading-scheduler"]["containers"]
    assert worker["command"][:3] == ["dask", "worker", address]
    assert worker["command"][3:5] == WORKER
    assert scheduler["command"][:4] == ["dask", "scheduler", "--port", str(port)]
    labels = [m["spec"]["selector"] for m in MANIFESTS if m["kind"] == "Service"]
    assert labels == [{"app": "grading", "role": "scheduler"}]


def test_its_commands_are_commands_of_dask():
    pytest.importorskip("distributed", reason="Dask's commands NOT looked at: not installed")
    from distributed.cli.dask_scheduler import main as scheduler
    from distributed.cli.dask_worker import main as worker

    known = {"scheduler": scheduler, "worker": worker}
    for pod in pods().values():
        for container in pod["containers"]:
            _, name, *arguments = container["command"]
            known[name].make_context(name, arguments)  # raises for what it does not take


def test_a_worker_of_kubernetes_has_no_rights_and_no_way_out():
    pod = pods()["grading-worker"]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    (policy,) = [m["spec"] for m in MANIFESTS if m["kind"] == "NetworkPolicy"]
    assert policy["podSelector"]["matchLabels"] == {"app": "grading", "role": "worker"}
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}


@pytest.mark.slow
def test_kubernetes_takes_every_field():
    kubernetes_validate = pytest.importorskip(
        "kubernetes_validate", reason="manifest NOT validated: kubernetes-validate not installed"
    )
    for manifest in MANIFESTS:
        kubernetes_validate.validate(manifest, "1.34", strict=True)


@pytest.mark.slow
def test_the_job_of_slurm_is_one_worker_on_one_core(tmp_path):
    pytest.importorskip("dask_jobqueue", reason="job script NOT made: dask-jobqueue not installed")
    ran = call("slurm_cluster.py", "--job-script", "--queue", "short", "--hours", "3")
    assert ran.returncode == 0, ran.stderr
    script = tmp_path / "job.sh"
    script.write_text(ran.stdout)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    asked = [line.split(None, 1)[1] for line in ran.stdout.splitlines() if line[:7] == "#SBATCH"]
    assert {"-p short", "-n 1", "--cpus-per-task=1", "-t 03:00:00", "--requeue"} <= set(asked)
    words = shlex.split(ran.stdout.strip().splitlines()[-1])
    assert words[1:3] == ["-m", "distributed.cli.dask_worker"]
    assert words[words.index("--nthreads") + 1] == "1"
    assert words[words.index("--lifetime") + 1] == "175m"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("# nobody\nlogin\n", "got 1 lines"),
        pytest.param(None, "No such file", marks=pytest.mark.slow),
    ],
)
def test_a_cluster_over_ssh_says_what_is_wrong_with_its_hosts(tmp_path, lines, told):
    file = tmp_path / "hosts.txt"
    if lines is not None:
        file.write_text(lines)
    ran = call("ssh_cluster.py", "--hosts", file)
    assert ran.returncode == 2
    assert "expected a line for the scheduler's machine" in ran.stderr
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr
