"""Tensors cross the wall as numbers, and come back as numbers; the grader has no PyTorch."""

import subprocess
import sys
from pathlib import Path

import msgpack
import numpy as np
import pytest

from autograder.sandbox import Level, explain
from autograder.wall.limits import Limits
from autograder.wall.zygote import StudentError, Zygote, preload_for, preload_of
from autograder.wire import BadReply, Caps, NotPlain, Tensor, decode, encode
from autograder.wire.layout import Mark
from tests.extras import needs_torch
from tests.wall.conftest import work
from tests.wall.test_wire import send

NUMBERS = np.arange(6.0).reshape(2, 3)


@pytest.fixture(scope="module")
def zygote():
    """One that has imported PyTorch, in place of the other tests'."""
    with Zygote(allow_unsafe=True, preload=preload_for(["torch"])) as zygote:
        yield zygote


@pytest.mark.parametrize("requires_grad", [True, False])
def test_the_wire_keeps_numbers_dtype_and_the_wish_for_a_gradient(requires_grad):
    received = send((Tensor(np.float32(NUMBERS), requires_grad), NUMBERS))
    assert type(received[0]) is Tensor
    assert received[0].requires_grad is requires_grad
    assert received[0].array.dtype == np.float32
    assert np.array_equal(received[0].array, NUMBERS)
    assert type(received[1]) is np.ndarray


@pytest.mark.parametrize("content", [[1.0], np.array(["a"]), None, Tensor(NUMBERS)])
def test_a_tensor_of_anything_but_numbers_does_not_travel(content):
    with pytest.raises(NotPlain):
        encode(Tensor(content), Caps())


@pytest.mark.parametrize(
    ("payload", "inside"), [(b"\0", b"\x01"), (b"\2", None), (b"", None), (b"\0\0", None)]
)
def test_a_forged_tensor_is_a_bad_reply(payload, inside):
    packer = msgpack.Packer(autoreset=False)
    packer.pack_ext_type(Mark.TENSOR, payload)
    if inside is None:  # an array of no dimensions, one byte
        packer.pack_ext_type(Mark.ARRAY, bytes([0, 1, 1]))
    body = packer.bytes() + (inside or b"")
    with pytest.raises(BadReply):
        decode(body, np.zeros(16, np.uint8), Caps())


def test_torch_is_imported_once_for_those_who_import_it():
    assert "torch._dynamo" in preload_for(["numpy", "torch"])
    assert "torch._dynamo" in preload_of(["numpy", "torch.nn.functional.relu"])
    assert not any(name.startswith("torch") for name in preload_of(["numpy", "scipy.special"]))


@needs_torch
def test_a_tensor_is_made_on_the_other_side(submit):
    worker = submit(
        "import torch\n"
        "def look(x):\n"
        "    return type(x) is torch.Tensor, str(x.dtype), x.requires_grad, x.is_leaf, x * 2"
    )
    seen = worker.call(work("look"), [Tensor(np.float32(NUMBERS), requires_grad=True)])
    assert seen[:4] == (True, "torch.float32", True, True)
    assert np.array_equal(seen[4].array, 2 * NUMBERS)
    assert seen[4].requires_grad


@needs_torch
def test_parameters_and_views_come_back_as_numbers(submit):
    worker = submit(
        "import torch\n"
        "layer = torch.nn.Linear(3, 2)\n"
        "torch.nn.init.ones_(layer.weight)\n"
        "columns = torch.arange(6.0).reshape(2, 3).T\n"
        "labels = torch.tensor([1, 2])\n"
        "scalar = torch.tensor(1.5, dtype=torch.float64)\n"
    )
    weight = worker.get(work("layer", "weight"))
    assert weight.requires_grad
    assert np.array_equal(weight.array, np.ones((2, 3)))
    assert np.array_equal(worker.get(work("columns")).array, NUMBERS.T)
    assert worker.get(work("labels")).array.dtype == np.int64
    assert worker.get(work("scalar")).array == 1.5


@needs_torch
@pytest.mark.parametrize(
    "tensor",
    [
        "torch.eye(3).to_sparse()",
        "torch.zeros(2, dtype=torch.bfloat16)",
        "torch.zeros(2, device='meta')",
    ],
)
def test_what_numpy_has_no_form_for_stays_behind_a_handle(submit, tensor):
    worker = submit(f"import torch\ndef make():\n    return {tensor}")
    assert worker.call(work("make")).type_name == "Tensor"


@needs_torch
def test_a_tensor_that_is_changed_in_place_is_told(submit):
    worker = submit("def centre(x, y):\n    x -= x.mean()\n    return x + y")
    x = Tensor(NUMBERS.copy())
    worker.call(work("centre"), [x, Tensor(NUMBERS)])
    assert worker.last_call.changed_arguments == (0,)
    assert np.array_equal(x.array, NUMBERS)


TRAIN = """
import sys, torch

def train():
    before = set(sys.modules)
    x, y = torch.ones(4, 1, 4, 4), torch.tensor([0, 1, 0, 1])
    layers = torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(8, 2)
    net = torch.nn.Sequential(*layers)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(3):
        loss = torch.nn.functional.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item(), torch.get_num_threads(), list(set(sys.modules) - before)
"""


@needs_torch
def test_what_is_forked_has_one_thread_and_no_gpu(zygote, submit):
    """What the zygote has tried of PyTorch has left no thread, which a fork would lack."""
    inner = Path("/proc/self/fdinfo", str(zygote._inner._pidfd)).read_text()
    (process,) = [line.split()[1] for line in inner.splitlines() if line.startswith("Pid:")]
    assert len(list(Path(f"/proc/{process}/task").iterdir())) == 1
    worker = submit(
        "import os, torch\n"
        "def look():\n"
        "    return torch.cuda.is_available(), os.environ['CUDA_VISIBLE_DEVICES']"
    )
    assert worker.call(work("look")) == (False, "")


@needs_torch
def test_a_worker_takes_the_kernels_that_pytorch_takes_outside(submit):
    look = "import torch\nkernels = torch.backends.cpu.get_cpu_capability()\n"
    outside = subprocess.run(
        [sys.executable, "-c", f"{look}print(kernels)"], capture_output=True, text=True, check=True
    )
    assert submit(look).get(work("kernels")) == outside.stdout.strip()


@needs_torch
def test_pytorchs_generator_is_seeded(submit):
    worker = submit("import torch\ndef draw():\n    return torch.rand(3).tolist()")
    drawn = []
    for seed in (1, 1, 2):
        worker.seed(seed)
        drawn.append(worker.call(work("draw")))
    assert drawn[0] == drawn[1] != drawn[2]


@needs_torch
@pytest.mark.parametrize("level", [Level.A, Level.B])
def test_a_worker_trains_with_one_thread_and_no_compiler_is_imported_for_it(level):
    """An optimizer of PyTorch imports the compiler, which takes seconds, where nobody has."""
    if level < explain().level:
        pytest.skip(f"this machine gives {explain().level} at best")
    modules, limits = {"cs_lib/work.py": TRAIN.encode()}, Limits()
    preload = preload_for(["torch"])
    with (
        Zygote(level=level, allow_unsafe=True, preload=preload) as zygote,
        zygote.worker(modules, limits) as worker,
    ):
        loss, threads, new = worker.call(work("train"))
    assert 0 < loss < 2
    assert threads == 1
    assert not [name for name in new if name.startswith(("torch._dynamo", "torch._inductor"))]


@needs_torch
def test_too_much_memory_is_told(submit):
    worker = submit("import torch\ndef fill():\n    return torch.zeros(1 << 28, 2).sum()")
    with pytest.raises(StudentError) as caught:
        worker.call(work("fill"))
    assert "memory" in caught.value.message


@needs_torch
def test_a_checkpoint_is_not_unpickled_where_it_is_read_with_care(submit):
    """`torch.load` of state dicts alone, and in the worker: what a pickle would run is refused."""
    worker = submit(
        "import io, os, torch\n"
        "class Evil:\n"
        "    def __reduce__(self):\n"
        "        return (os.getenv, ('HOME',))\n"
        "def load():\n"
        "    file = io.BytesIO()\n"
        "    torch.save({'weight': Evil()}, file)\n"
        "    file.seek(0)\n"
        "    return torch.load(file, weights_only=True)"
    )
    with pytest.raises(StudentError, match="Weights only load failed"):
        worker.call(work("load"))


def test_the_grader_has_no_pytorch():
    """All that grading imports, and a tensor over the wire, without it."""
    code = (
        "import sys, autograder.grade.submission, autograder.checks, autograder.audit\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
