"""Attacks by notebooks: IPython's machinery, the notebook's format, and what reports show."""

import json

from tests.attacks.attack import Attack


def in_a_cell(name: str, tries: str, source: str, line: int = 18, loses=()) -> Attack:
    """Return an attack made in a cell of the student's own before the graded ones."""
    return Attack(line, name, tries, more_cells=(source,), loses=loses)


def edited(name: str, tries: str, edit, loses=()) -> Attack:
    """Return a submission whose notebook, as JSON, was changed by hand."""

    def change(folder):
        path = folder / "tiny.ipynb"
        document = json.loads(path.read_text())
        result = edit(document)
        content = result if isinstance(result, bytes) else json.dumps(document).encode()
        path.write_bytes(content)

    return Attack(19, name, tries, loses=loses, change=change)


def _graded(document):
    return [cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]


def double_ids(document):
    for cell in document["cells"]:
        cell["id"] = "same"


def delete_tests(document):
    for cell in _graded(document):
        document["cells"].remove(cell)


def reverse(document):
    graded = _graded(document)
    for cell in graded:
        document["cells"].remove(cell)
    document["cells"][:0] = reversed(graded)


def reverse_at_the_end(document):
    graded = _graded(document)
    for cell in graded:
        document["cells"].remove(cell)
    document["cells"] += reversed(graded)


def raise_points(document):
    for cell in _graded(document):
        cell["metadata"]["nbgrader"].update(points=1000, locked=False, checksum="0" * 32)


def rename_grades(document):
    for cell in _graded(document):
        if cell["metadata"]["nbgrader"]["grade_id"] == "mystery":
            cell["metadata"]["nbgrader"]["grade_id"] = "double"


def repeat_grades(document):
    document["cells"] += [json.loads(json.dumps(cell)) for cell in _graded(document) * 3]


def empty_tests(document):
    for cell in _graded(document):
        cell["source"] = "pass"


def change_types(document):
    for cell in _graded(document):
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)


def old_format(document):
    document["nbformat"], document["nbformat_minor"] = 3, 0
    cells = document.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell.update(language="python", prompt_number=None, outputs=[])
            cell.pop("execution_count", None)
    document["worksheets"] = [{"cells": cells, "metadata": {}}]


def large_outputs(document):
    text = "x" * 1_000_000
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}] * 8
    document["metadata"]["owned"] = text


def many_cells(document):
    code = {"cell_type": "code", "source": "1", "outputs": [], "execution_count": None}
    text = {"cell_type": "markdown", "source": "text"}
    for number in range(10_000):
        kind = text if number % 10 else code
        document["cells"].append({**kind, "metadata": {}, "id": f"x{number}"})


def markup_in_outputs(document):
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/html": bad, "application/javascript": "alert(3)", "image/svg+xml": bad}
            cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]


def other_kernel(document):
    document["metadata"]["kernelspec"] = {"name": "bash", "display_name": "!", "language": "bash"}
    document["metadata"]["language_info"] = {"name": "bash"}


def wrong_shapes(document):
    document["metadata"] = []
    for cell in document["cells"]:
        cell["id"] = ["not", "text"]
        cell["source"] = list("".join(cell["source"]))
        cell["metadata"]["tags"] = 7
        cell["attachments"] = {"a": {"text/html": 1}}
    document["cells"] += [None, 7, [], {}, {"cell_type": "weird", "metadata": None}]


MARKUP = "<script>alert(1)</script><b onclick=x>](javascript:x)![](http://example.com/x.png)|=cmd()"

ATTACKS = [
    in_a_cell(
        "input transformers",
        "rewrites every cell that comes after",
        "ip = get_ipython()\n"
        "ip.input_transformers_cleanup.append(lambda lines: ['triple = lambda x: 0\\n'])\n"
        "ip.input_transformers_post.append(lambda lines: 1 / 0)",
        loses=("triple",),
    ),
    in_a_cell(
        "AST transformers",
        "rewrites the tests' syntax trees",
        "import ast\nclass Owned(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Owned())",
    ),
    in_a_cell(
        "hooks of the shell",
        "pre- and post-run events that raise",
        "def owned(*args): raise RuntimeError\n"
        "for event in ('pre_execute', 'pre_run_cell', 'post_execute', 'post_run_cell'):\n"
        "    get_ipython().events.register(event, owned)",
    ),
    in_a_cell(
        "magics of its own",
        "replaces %matplotlib, %time and run_line_magic",
        "ip = get_ipython()\n"
        "for name in ('matplotlib', 'time', 'autoreload', 'load_ext'):\n"
        "    ip.register_magic_function(lambda *a: 1 / 0, 'line', name)",
    ),
    in_a_cell(
        "a cell within a cell",
        "run_cell, run_code and reset called again from inside",
        "ip = get_ipython()\nip.run_cell('x = 1')\nip.run_cell('1 / 0')\nip.reset()",
    ),
    in_a_cell(
        "replace display",
        "display, the formatter, publisher and print",
        "import builtins, IPython.display\n"
        "IPython.display.display = builtins.print = lambda *a, **k: None\n"
        "ip = get_ipython()\nip.display_pub = ip.displayhook = ip.display_formatter = None",
        loses=("triple",),
    ),
    in_a_cell("leave the notebook", "exit(), quit and os._exit in a cell", "exit()\nquit()\n"),
    in_a_cell("kill the notebook", "os._exit in a cell", "import os\nos._exit(0)"),
    in_a_cell(
        "take the shell away",
        "replaces get_ipython and InteractiveShell's methods",
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "import builtins\nbuiltins.get_ipython = lambda: None\n"
        "InteractiveShell.run_cell = InteractiveShell.run_cell_async = lambda *a, **k: None",
        loses=("triple",),
    ),
    in_a_cell(
        "start files",
        "profile and history files for the next kernel",
        "import os\nfor folder in ('~/.ipython/profile_default/startup', '/tmp'):\n"
        "    try:\n"
        "        os.makedirs(os.path.expanduser(folder), exist_ok=True)\n"
        "        open(os.path.expanduser(folder + '/@OWNED@.py'), 'w').close()\n"
        "    except OSError:\n"
        "        pass",
    ),
    in_a_cell("%reset and %run", "clears the namespace, runs files", "%reset -f\n%run /etc/passwd"),
    edited("double cell ids", "every cell has the same id", double_ids),
    edited("no test cells", "the graded cells are deleted", delete_tests),
    edited("test cells at the end", "graded cells in another order", reverse_at_the_end),
    edited("test cells first", "before the code they test", reverse, loses=("triple",)),
    edited("more points", "points, locked and checksum changed", raise_points),
    edited("another name for a test", "one grade_id takes the place of another", rename_grades),
    edited("tests many times", "graded cells are copied", repeat_grades),
    edited("empty tests", "graded cells hold nothing", empty_tests),
    edited("tests as text", "graded cells are markdown", change_types),
    edited("format 3", "a notebook of 2013", old_format),
    edited("100 MB of outputs", "outputs and metadata beyond reason", large_outputs),
    edited("10,000 cells", "cells without end", many_cells),
    edited("markup in outputs", "HTML, JavaScript and SVG for whoever opens it", markup_in_outputs),
    edited("another kernel", "asks for bash", other_kernel),
    edited("wrong shapes", "lists where text belongs, and cells that are none", wrong_shapes),
    edited("no notebook", "not even JSON", lambda _: b"<html>", loses=("triple",)),
    edited(
        "half a notebook",
        "cut off in the middle",
        lambda d: json.dumps(d).encode()[:500],
        loses=("triple",),
    ),
    edited(
        "brackets without end", "JSON 100,000 deep", lambda _: b"[" * 100_000, loses=("triple",)
    ),
    Attack(
        24,
        "markup in an error",
        "HTML, links, pictures and formulas in the text of an exception",
        f"\ndef mystery(x):\n    raise ValueError({MARKUP!r})\n",
    ),
    Attack(
        24,
        "markup in a type's name",
        "the name of what is returned",
        f"\ndef mystery(x):\n    return type({MARKUP!r}, (), {{}})()\n",
    ),
    in_a_cell(
        "markup in a notebook",
        "shows HTML, JavaScript, SVG and LaTeX",
        "from IPython.display import HTML, SVG, Javascript, Markdown, display\n"
        f"display(HTML({MARKUP!r}), Javascript('alert(1)'), Markdown({MARKUP!r}))\n"
        f"print({MARKUP!r})\nraise ValueError({MARKUP!r})",
        line=24,
    ),
    Attack(
        24,
        "markup in a file's name",
        "attachments whose names are markup and formulas",
        files={"=cmd()|' /C calc'!A0.pdf": b"%PDF-", "<img src=x onerror=alert(1)>.png": b"no png"},
    ),
]
