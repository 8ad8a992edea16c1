"""The same cells in a worker and in a real kernel: the same outputs."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.wall.limits import Limits
from autograder.wall.zygote import Zygote

CELLS = {
    "nothing": "",
    "comment": "# only a comment",
    "expression": "1 + 1",
    "several expressions": "1\n2\n3",
    "silenced": "4;",
    "none": "None",
    "last values": "_, __, _2",
    "inputs": "In[2], Out[3], _i3",
    "stream": "print('a')\nprint('b', end='')\nprint('c', flush=True)",
    "both streams": "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')",
    "write": "sys.stdout.write('text')",
    "write of bytes": "sys.stdout.write(b'text')",
    "stream without a buffer": "sys.stdout.buffer",
    "stream properties": "sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.writable()",
    "carriage return": "for i in range(3): print(f'\\r{i}', end='')",
    "print and display in turn": "print(1)\ndisplay(2)\nprint(3)\n4",
    "error": "1 / 0",
    "error in a function": "def f(x):\n    return g(x)\n\ndef g(x):\n    return x['a']\n\nf({})",
    "chained errors": "try:\n    1 / 0\nexcept Exception as e:\n    raise ValueError('b') from e",
    "syntax error": "x = (1,\ny = 2",
    "indentation": "if True:\nx = 1",
    "name error": "undefined_name",
    "error with output": "print('before')\nraise RuntimeError('after')",
    "assertion": "assert 1 == 2, 'no'",
    "system exit": "raise SystemExit(2)",
    "error in a library": "import json\njson.loads('{')",
    "usage error": "%timeit -n",
    "no such magic": "%nothing_of_the_kind",
    "numpy": "import numpy as np\nnp.arange(6).reshape(2, 3)",
    "numpy warning": "np.array([1.0]) / 0",
    "linear algebra error": "np.linalg.inv(np.zeros((2, 2)))",
    "warning": "import warnings\nwarnings.warn('careful')",
    "html": "from IPython.display import HTML, Markdown, Math, Image, JSON\nHTML('<b>x</b>')",
    "markdown": "display(Markdown('*x*'), Math('x^2'))",
    "json": "JSON({'a': [1, None, 2.5]})",
    "raw display": "display({'text/plain': 'x', 'text/custom': 'y'}, raw=True)",
    "display id": "h = display(1, display_id='one')\nh.update(2)",
    "clear": "from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)",
    "clear and wait": "print(1)\nclear_output(wait=True)\nprint(2)",
    "broken repr": "class B:\n    def __repr__(self): return 1 / 0\nB()",
    "html repr": "class H:\n    def _repr_html_(self): return '<i>h</i>'\nH()",
    "png repr": "class P:\n    def _repr_png_(self): return b'\\x89PNG'\nP()",
    "await": "import asyncio\nawait asyncio.sleep(0.001)\n'done'",
    "a loop is running": "asyncio.get_running_loop().is_running()",
    "asyncio.run": "kept = asyncio.sleep(0)\nasyncio.run(kept)",
    "task": "async def t(): return 5\nawait asyncio.create_task(t())",
    "async error": "await asyncio.wait_for(asyncio.sleep(9), 0.01)",
    "input": "input('? ')",
    "getpass": "from getpass import getpass\ngetpass()",
    "main": "__name__, get_ipython() is not None",
    "time magic": "%time x = 1\nprint(x)",
    "capture": "%%capture out\nprint('hidden')",
    "captured": "out.stdout",
    "who": "%who_ls int",
    "precision": "%precision 3\n1 / 3",
    "help": "len?",
    "future": "from __future__ import annotations\ndef f(x: nothing): pass\nf.__annotations__",
    "plot": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3])",
    "two figures": "plt.figure()\nplt.plot([1])\nplt.figure(figsize=(2, 1))\nplt.title('$x^2$');",
    "show": "plt.plot([1])\nplt.show()\nprint('after')",
    "subplots": "fig, ax = plt.subplots(1, 2)\nax[0].imshow(np.eye(3));",
    "figure as value": "fig",
    "closed figure": "plt.plot([1])\nplt.close()",
    "error after a plot": "plt.plot([1])\n1 / 0",
    "formats": "%config InlineBackend.figure_format = 'svg'\nplt.figure(figsize=(1, 1));",
    "progress bar": "from tqdm import tqdm\nfor _ in tqdm([1], bar_format='{desc}|{n}'): pass",
    "class": "class A:\n    pass\nA.__module__",
    "pickle": "import pickle\ntype(pickle.loads(pickle.dumps(A()))) is A",
    "dataclass": "import dataclasses\n@dataclasses.dataclass\nclass D:\n    x: int\nD(1)",
    "annotated walrus": "(n := 10) + 1",
    "long list": "list(range(2000))",
    "long text": "'x' * 3000",
    "nested display": "def show():\n    display('in')\n    return 'out'\nshow()",
    "logging": "import logging\nlogging.warning('watch out')",
    "traceback module": "import traceback\ntry: 1 / 0\nexcept Exception: traceback.print_exc()",
    "exception group": "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
    "semicolon error": "raise ValueError('\\x1b[31mred');",
    "last": "1",
}


OTHER_LINES = {"write of bytes", "input", "getpass"}
"""Cells whose traceback goes on into the kernel."""
OTHER_LINES |= {"error in a function", "chained errors", "broken repr"}
"""Cells of which the kernel shows other lines around the one that failed than IPython does."""


@pytest.fixture(scope="module")
def kernel_outputs():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    client = NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=60)
    client.execute()
    return dict(zip(CELLS, notebook.cells, strict=True))


@pytest.fixture(scope="module", params=["inprocess", "kernel"])
def worker_runs(request):
    with (
        Zygote(allow_unsafe=True, executor=request.param) as zygote,
        zygote.worker({}, Limits()) as worker,
    ):
        runs = {name: worker.run_cell(source, 30) for name, source in CELLS.items()}
    return zygote.level, runs


NOISE = [
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"0x[0-9a-f]+"), "0x…"),
    (re.compile(r"/\w+/ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>|\b\d+\.py"), "<cell>"),
    (re.compile(r"~?(/[^\s:'\"]*)?/(site-packages|lib-dynload|lib/python3\.\d+)/"), ""),
    (re.compile(r"(CPU times|Wall time): .*"), r"\1"),
    (re.compile(r'(id="|#|url\()[mp]?[0-9a-f]{10}'), r"\1…"),
    (re.compile(r"<dc:date>[^<]*"), "<dc:date>"),
]


def comparable(outputs):
    """Outputs without colours, addresses, times and the kernel's own frames.

    What is printed between two other outputs is joined by stream: a kernel
    sends each stream when it finds the time.
    """
    kept = []
    for output in map(dict, outputs):
        place = len(kept)
        while place and kept[place - 1]["output_type"] == "stream" == output["output_type"]:
            place -= 1
            if kept[place]["name"] == output["name"]:
                kept[place]["text"] += output["text"]
                break
        else:
            kept.append(output)
        if output["output_type"] == "error":
            output["traceback"] = "\n".join(output["traceback"])
    return [without_noise(output) for output in kept]


def without_noise(value):
    if isinstance(value, dict):
        return {key: without_noise(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_noise(item) for item in value]
    if isinstance(value, str):
        for pattern, replacement in NOISE:
            value = pattern.sub(replacement, value)
    return value


@pytest.mark.parametrize("name", CELLS)
def test_outputs_are_those_of_a_kernel(name, kernel_outputs, worker_runs):
    level, runs = worker_runs
    expected, got = kernel_outputs[name], runs[name]
    if level == "C" and "image/" in repr(expected.outputs):
        pytest.skip("level C opens no fonts and draws no figures")
    outputs = [comparable(run.outputs) for run in (got, expected)]
    if name in OTHER_LINES:
        for output in outputs[0] + outputs[1]:
            output.pop("traceback", None)
    assert outputs[0] == outputs[1]
    if CELLS[name]:
        assert got.execution_count == expected.execution_count
