"""Notebook cells: outputs, errors and limits, as the grader receives them."""

import base64
import re
import time

import pytest
from matplotlib import font_manager

from autograder.wall.limits import Limits
from autograder.wall.replies import cell_outputs
from autograder.wall.zygote import StudentError, Zygote
from autograder.wire import BadReply, Remote
from autograder.worker.cells import _forget_fonts


def texts(run, name="stdout"):
    return "".join(o["text"] for o in run.outputs if o.get("name") == name)


def kinds(run):
    return [output["output_type"] for output in run.outputs]


def test_a_cell_leaves_names_outputs_and_a_count(submit):
    worker = submit()
    first = worker.run_cell("x = 2\nprint('set')\nx + 1", 5)
    second = worker.run_cell("x * _", 5)
    assert (first.status, first.error, first.execution_count) == ("ok", None, 1)
    assert first.outputs == [
        {"output_type": "stream", "name": "stdout", "text": "set\n"},
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "data": {"text/plain": "3"},
            "metadata": {},
        },
    ]
    assert second.outputs[0]["data"] == {"text/plain": "6"}
    assert second.execution_count == 2
    assert worker.get(Remote("notebook", (("attr", "x"),))) == 2


def test_an_error_names_cell_and_line(submit):
    worker = submit("def f(x):\n    return 1 / x\n")
    worker.run_cell("from cs_lib.work import f", 5)
    run = worker.run_cell("y = 0\nf(y)", 5)
    assert run.status == "error"
    assert run.error == (
        "ZeroDivisionError: division by zero\n"
        "  notebook cell 2, line 2: `f(y)`\n"
        "  cs_lib/work.py, line 2, in f: `return 1 / x`"
    )
    (output,) = run.outputs
    assert (output["ename"], output["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert worker.run_cell("1", 5).status == "ok"


def test_where_only_checks_look_an_error_has_no_lines_around_it(submit):
    cell = "y = 0\nz = 3\n1 / y"
    shown = submit().run_cell(cell, 5).outputs[0]["traceback"]
    asked = submit(figures=False).run_cell(cell, 5).outputs[0]["traceback"]
    plain = [re.sub("\x1b\\[[^m]*m", "", "\n".join(lines)) for lines in (shown, asked)]
    assert all("1 / y" in text and "ZeroDivisionError: division by zero" in text for text in plain)
    assert ["z = 3" in text for text in plain] == [True, False]


def test_the_other_executor_names_cell_and_line_too():
    with (
        Zygote(allow_unsafe=True, preload=["numpy"], executor="kernel") as zygote,
        zygote.worker({}, Limits()) as worker,
    ):
        worker.run_cell("def f(x):\n    return 1 / x", 20)
        assert worker.run_cell("f(0)", 20).error == (
            "ZeroDivisionError: division by zero\n"
            "  notebook cell 2, line 1: `f(0)`\n"
            "  notebook cell 1, line 2, in f: `return 1 / x`"
        )
        assert worker.run_cell("while True: pass", 0.5).status == "timeout"
        assert worker.call(Remote("notebook", (("attr", "f"),)), [2]) == 0.5


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = = 1", "SyntaxError: invalid syntax\n  notebook cell 1, line 1: `x = = 1`"),
        ("x = 1\n  y = 2", "unexpected indent"),
        ("%no_such_magic", "UsageError: Line magic function `%no_such_magic` not found."),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("return 1", "'return' outside function"),
    ],
)
def test_errors_before_and_outside_of_code(submit, source, message):
    run = submit().run_cell(source, 5)
    assert run.status == "error"
    assert message in run.error


def test_figures_are_png_at_the_end_of_their_cell(zygote, submit):
    if zygote.level == "C":
        pytest.skip("level C opens no fonts and draws no figures")
    source = (
        "import matplotlib.pyplot as plt\nfig = plt.figure()\nplt.plot([1, 2]);\nprint('after')"
    )
    run = submit().run_cell(source, 20)
    assert kinds(run) == ["stream", "display_data"]
    data = run.outputs[1]["data"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == "<Figure size 640x480 with 1 Axes>"


def test_figures_can_be_left_undrawn(submit):
    worker = submit(figures=False)
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.get_fignums()"
    run = worker.run_cell(source, 20)
    assert [list(output["data"]) for output in run.outputs] == [["text/plain"]] * 2
    assert run.outputs[1]["data"] == {"text/plain": "[]"}


INTERACTIVE = """
import matplotlib.pyplot as plt
plt.ioff()
with plt.ioff():
    plt.plot([1, 2])
with plt.ion():
    pass
plt.ion()
plt.ioff()
print(plt.isinteractive())
"""


def test_interactive_drawing_can_be_switched(submit):
    """By a module, by cells, in either executor."""
    worker = submit(f"{INTERACTIVE}\ndef interactive():\n    return plt.isinteractive()")
    assert worker.call(Remote("module:cs_lib.work").attribute("interactive")) is False
    with (
        Zygote(allow_unsafe=True, preload=["numpy"], executor="kernel") as zygote,
        zygote.worker({}, Limits()) as kernel,
    ):
        for other in (submit(), kernel):
            for source in (INTERACTIVE, "plt.ion(); plt.ioff()"):
                run = other.run_cell(source, 20)
                assert (run.status, run.error) == ("ok", None)


def test_a_loop_costs_its_cell_only(submit):
    worker = submit()
    worker.run_cell("x = 1", 5)
    run = worker.run_cell("print('before')\nwhile True: pass", 0.2)
    assert (run.status, run.error) == (
        "timeout",
        "no result after 0.2 s, stopped. Look for an endless loop.",
    )
    assert kinds(run) == ["stream", "error"]
    assert run.outputs[1]["ename"] == "KeyboardInterrupt"
    assert worker.run_cell("x", 5).outputs[0]["data"] == {"text/plain": "1"}


@pytest.mark.parametrize(
    "source", ["await asyncio.sleep(60)", "await asyncio.Event().wait()", "time.sleep(60)"]
)
def test_waiting_is_interrupted_too(submit, source):
    worker = submit()
    worker.run_cell("import asyncio, time", 5)
    assert worker.run_cell(source, 0.2).status == "timeout"
    assert worker.run_cell("await asyncio.sleep(0)\n7", 5).outputs[0]["data"]["text/plain"] == "7"


def test_a_closed_loop_is_replaced(submit):
    worker = submit()
    worker.run_cell("import asyncio\nloop = asyncio.get_running_loop()", 5)
    worker.run_cell("import threading\nthreading.Timer(0.05, loop.close).start()", 5)
    time.sleep(0.3)
    assert worker.run_cell("await asyncio.sleep(0)\n7", 5).status == "ok"


def test_a_cell_that_cannot_be_interrupted_ends_the_worker(submit):
    worker = submit()
    with pytest.raises(StudentError) as caught:
        worker.run_cell("import signal\nsignal.signal(2, signal.SIG_IGN)\nwhile True: pass", 0.2)
    assert caught.value.cause == "timeout"
    assert not worker.alive


def test_a_flood_is_cut_and_the_error_after_it_is_kept(submit):
    worker = submit(output_kb=64)
    run = worker.run_cell("while True: print('x' * 1000)", 0.3)
    assert kinds(run) == ["stream", "error"]
    assert len(run.outputs[0]["text"]) < 66 << 10
    assert run.outputs[0]["text"].endswith("[output cut: too much output]\n")


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nfor _ in range(10**5): print('a'); print('b', file=sys.stderr)",
        "for n in range(10**4): display(n)",
        "from IPython.display import HTML\nHTML('x' * 10**7)",
        "for n in range(100):\n    try: 1 / 0\n    except Exception: get_ipython().showtraceback()",
        "raise Exception('x' * 10**7)",
        "h = display('x', display_id=True)\nfor n in range(10**3): h.update('x' * 10**4)",
    ],
    ids=["streams", "displays", "one display", "errors", "one error", "updates"],
)
def test_outputs_of_every_kind_are_bounded(submit, source):
    run = submit(output_kb=64).run_cell(source, 30)
    assert len(repr(run.outputs)) < 200 << 10


def test_commands_of_the_operating_system_are_refused(submit):
    worker = submit()
    for source, command in [
        ("!ls -l", "!ls -l"),
        ("files = !ls\nlen(files)", "!ls"),
        ("%%bash\nls", "%%bash"),
        ("%sx ls", "%sx ls"),
        ("%system ls", "ls"),
    ]:
        run = worker.run_cell(source, 5)
        assert f"{command}: commands of the operating system" in texts(run, "stderr")
        assert run.status == "ok"


def test_autoreload_is_harmless(submit):
    run = submit().run_cell("%load_ext autoreload\n%autoreload 2\n%aimport cs_lib", 5)
    assert (run.status, run.outputs) == ("ok", [])


def test_displays_are_updated_and_cleared(submit):
    worker = submit()
    run = worker.run_cell("h = display(1, display_id=True)\nprint('x')\nh.update(2)", 5)
    assert run.outputs[0]["data"] == {"text/plain": "2"}
    run = worker.run_cell(
        "from IPython.display import clear_output\nprint(1)\nclear_output(wait=True)\nprint(2)", 5
    )
    assert texts(run) == "2\n"


def test_what_a_student_registers_in_ipython_stays_with_that_worker(submit):
    first, second = submit(), submit()
    first.run_cell(
        "get_ipython().input_transformers_post.append(lambda lines: ['print(1)'])\n"
        "get_ipython().events.register('post_run_cell', lambda result: 1 / 0)",
        5,
    )
    assert texts(first.run_cell("print(2)", 5)).startswith("1\n")
    assert texts(second.run_cell("print(2)", 5)) == "2\n"


def test_no_thread_is_started_for_history_or_progress_bars(submit):
    run = submit().run_cell(
        "import threading\nfrom tqdm.auto import tqdm\n"
        "for _ in tqdm(range(3)): pass\n[t.name for t in threading.enumerate()]",
        5,
    )
    assert run.outputs[-1]["data"]["text/plain"] == "['MainThread']"


def test_a_progress_bar_makes_no_lock_for_several_processes(submit):
    run = submit().run_cell(
        "import sys\nfrom tqdm import tqdm\n"
        "for _ in tqdm(range(3)): pass\n'multiprocessing.synchronize' in sys.modules",
        5,
    )
    assert run.outputs[-1]["data"]["text/plain"] == "False"


def test_control_characters_do_not_get_through(submit):
    run = submit().run_cell("print('a\\x00\\x07\\x9b\\x1b[31m\\rb\\tc')", 5)
    assert texts(run) == "a���\x1b[31m\rb\tc\n"


STREAM = {"output_type": "stream", "name": "stdout", "text": ""}
SHOW = {"output_type": "display_data", "data": {}, "metadata": {}}
ERROR = {"output_type": "error", "ename": "", "evalue": "", "traceback": []}


@pytest.mark.parametrize(
    "outputs",
    [
        None,
        (),
        [1],
        [{}],
        [{"output_type": "html"}],
        [{"output_type": ["stream"]}],
        [STREAM | {"extra": 1}],
        [STREAM | {"name": "stdin"}],
        [STREAM | {"text": b"x"}],
        [SHOW | {"data": {1: "x"}}],
        [SHOW | {"data": {"x": b"x"}}],
        [SHOW | {"metadata": {"x": float("nan")}}],
        [SHOW | {"data": {"x": Remote("notebook")}}],
        [ERROR | {"traceback": [1]}],
        [ERROR | {"ename": None}],
        [SHOW | {"output_type": "execute_result", "execution_count": -1}],
    ],
)
def test_outputs_that_no_notebook_can_hold_are_a_bad_reply(outputs):
    with pytest.raises(BadReply):
        cell_outputs(outputs)


def test_no_font_is_left_open_for_each_worker_to_close():
    font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    assert font_manager._get_font.cache_info().currsize > 0
    _forget_fonts()
    assert font_manager._get_font.cache_info().currsize == 0
