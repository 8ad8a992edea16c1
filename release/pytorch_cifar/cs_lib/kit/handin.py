"""Make the zip to hand in: ``python -m cs_lib.handin --names "Ada L., Alan T." --group 31``.

Looks first whether everything is there, and warns of what would score zero:
functions still to be written, files that Python cannot read, test cells that
are gone, questions without an answer, cells that were not run. Says which
question each scan is taken for. Without --names, it takes those in the cell
"Names:" of the notebook, or asks.
"""

import argparse
import ast
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .explain import still_to_do
from .magics import without_magics
from .notebook_files import Unreadable, read_cells
from .notebook_tests import Cell, stubs
from .own_files import missing_with, told
from .questions import Question, blank, metadata_of, places, taken_for, text_of

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "chrome", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)  # fmt: skip
SKIPPED = {"cs_lib", ".ipynb_checkpoints", "__pycache__"}
EPOCH = (2000, 1, 1, 0, 0, 0)
"""The same files make the same zip."""


class Incomplete(Exception):
    """Something is missing without which nothing can be handed in."""


def main(arguments=None):
    """Check the folder, export the notebooks and make the zip.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the command line by default.

    Returns
    -------
    int
        Exit code: 0 if the zip was made, 1 if something is missing.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        target, names = _hand_in(Path(__file__).resolve().parents[2], _options(arguments))
    except Incomplete as reason:
        print(f"Not handed in: {reason}")
        return 1
    print(f"{target}:")
    print("\n".join(f"  {name}" for name in names))
    print("Hand in this file. Open it once and look whether it is what you mean.")
    return 0


def _hand_in(folder, options):
    """Make the zip of a folder; return its path and the names in it."""
    manifest = _manifest(folder)
    scans = list(_attachments(folder, manifest))
    for warning in problems(folder, manifest, scans):
        print(f"warning: {warning}")
    for scan in scans:
        print(_taken(scan, manifest))
    names, group = _who(folder, manifest, options)
    target = Path(options.out or folder / _zip_name(manifest["assignment"], names, group))
    with tempfile.TemporaryDirectory() as scratch:
        pages = [] if options.no_export else export(folder, manifest, Path(scratch))
        return target, _pack(folder, [*_required(folder, manifest), *scans], pages, target)


def _options(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m cs_lib.handin",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--names", help="yours, with commas between them")
    parser.add_argument("--group", help="number or name of your group")
    parser.add_argument("--out", help="the zip to write")
    parser.add_argument("--no-export", action="store_true", help="make no HTML and PDF")
    return parser.parse_args(arguments)


def _manifest(folder):
    path = folder / "cs_lib" / "kit" / "assignment.json"
    if not path.exists():
        raise Incomplete(
            f"{path}: expected the file that came with the assignment. Get the assignment again, "
            "and copy your work into it."
        )
    return json.loads(path.read_text(encoding="utf-8"))


def _who(folder, manifest, options):
    """Return names and group: of the command line, else of a notebook, else asked for."""
    cells = [cell for name in manifest["notebooks"] for cell in _cells_or_none(folder / name)]
    names = options.names or _filled_in(r"names?", cells)
    if not names and sys.stdin.isatty():
        print("Your names, with commas between them: ", end="", flush=True)
        names = sys.stdin.readline().strip()
    if not names:
        raise Incomplete(
            'expected names, found none. Fill in the cell "Names:" at the top of the notebook, '
            'or run `python -m cs_lib.handin --names "Ada Lovelace, Alan Turing"`.'
        )
    group = _filled_in("group", cells) if options.group is None else options.group
    return [name.strip() for name in re.split(r"[,;&]", names) if name.strip()], group


def _filled_in(what, cells):
    """Return what stands behind ``Names:`` in a Markdown cell of a notebook, "" if nothing does."""
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            fields = re.split(r"^[*_ ]*(\w+)[*_ ]*:", text_of(cell), flags=re.MULTILINE)[1:]
            for name, text in zip(fields[::2], fields[1::2], strict=True):
                lines = [line.strip(" *_\t") for line in text.splitlines()]
                if re.fullmatch(what, name, re.IGNORECASE) and any(lines):
                    return ", ".join(line for line in lines if line)
    return ""


def _cells_or_none(path):
    return _cells(path) if path.exists() else []


def problems(folder, manifest, scans=()):
    """List what would cost points.

    Parameters
    ----------
    folder : Path
        The assignment's.
    manifest : dict
        From ``cs_lib/kit/assignment.json``.
    scans : list of Path
        Files handed in beside the notebooks.

    Returns
    -------
    list of str

    Raises
    ------
    Incomplete
        There is no notebook at all.
    """
    found = []
    for name in manifest["modules"]:
        path = folder / name
        found += _module_problems(path, name) if path.exists() else [_missing(name)]
    notebooks = [name for name in manifest["notebooks"] if (folder / name).exists()]
    if manifest["notebooks"] and not notebooks:
        raise Incomplete(f"{folder}: expected {', '.join(manifest['notebooks'])}, found none.")
    found += [_missing(name) for name in manifest["notebooks"] if name not in notebooks]
    found += _own_files(folder, manifest)
    cells = {Path(name).stem: _cells(folder / name) for name in notebooks}
    for name in notebooks:
        found += _notebook_problems(cells[Path(name).stem], name)
    found += _unanswered(manifest, cells, scans)
    if len(notebooks) == len(manifest["notebooks"]):
        found += _gone(manifest, cells)
    return found


def _unanswered(manifest, cells, scans):
    """Say which of the questions in the notebooks have no answer."""
    there = _names_in(cells)
    return [
        f"{question.notebook}.ipynb, question {question.label}, worth "
        f"{manifest['points'][question.name]:g}: no answer below it, and no scan named after it."
        for question in blank(_questions(manifest), cells, [scan.name for scan in scans])
        if question.name in there
    ]


def _gone(manifest, cells):
    """Say which of the cells that carry points are in no notebook."""
    there = _names_in(cells)
    return [
        f"{name}, worth {points:g}: its cell is gone from the notebook. "
        "Copy it back from the assignment as you got it."
        for name, points in manifest["points"].items()
        if name not in there
    ]


def _names_in(cells):
    return {metadata_of(cell).get("grade_id") for notebook in cells.values() for cell in notebook}


def _own_files(folder, manifest):
    """Say which files of the student's own are imported, and stay behind."""
    taken, needed = [*manifest["modules"], *manifest["notebooks"]], {}
    for name in taken:
        for source in _sources(folder / name):
            with contextlib.suppress(SyntaxError, ValueError):
                for path in missing_with(name, ast.parse(source), folder):
                    if path not in (*taken, *manifest.get("library", [path])):
                        needed.setdefault(path, name)
    return told(needed, taken)


def _sources(path):
    if not path.is_file():
        return []
    if path.suffix == ".py":
        return [path.read_text(encoding="utf-8", errors="replace")]
    cells = (cell for cell in _cells(path) if cell.get("cell_type") == "code")
    return [without_magics(text_of(cell)) for cell in cells]


def _missing(name):
    return f"{name}: expected this file, found none. All in it would score zero."


def _module_problems(path, name):
    if path.is_dir():
        return [f"{name}: expected a file, got a folder. All in it would score zero."]
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        return [f"{name}{line}: Python cannot read this file. All in it would score zero."]
    names = stubs(tree)
    return [f"{name}: {still_to_do(', '.join(names))}"] if names else []


def _cells(path):
    try:
        return read_cells(path)
    except Unreadable as reason:
        raise Incomplete(str(reason)) from None


def _notebook_problems(cells, name):
    found, not_run = [], 0
    for cell, place in zip(cells, places(cells), strict=True):
        source, metadata = text_of(cell), metadata_of(cell)
        if cell.get("cell_type") != "code":
            continue
        not_run += bool(source.strip()) and cell.get("execution_count") is None
        tree = Cell(0, without_magics(source), metadata).tree
        if metadata.get("solution") and (names := stubs(tree)):
            found.append(f"{name}{place and f', {place}'}: {still_to_do(', '.join(names))}")
    if not_run:
        cells = "1 cell was" if not_run == 1 else f"{not_run} cells were"
        found.append(f"{name}: {cells} not run. Restart, run all, and save.")
    return found


def _questions(manifest):
    return [Question(**question) for question in manifest["questions"]]


def _taken(scan, manifest):
    """Say which question a scan will stand under."""
    questions = _questions(manifest)
    taken = taken_for(scan.name, questions)
    if len({question.notebook for question in taken}) > 1:
        named = ", ".join(f"{q.label} of {q.notebook}.ipynb" for q in taken)
        better = f"{taken[0].notebook} {taken[0].file_name}{scan.suffix}"
        return f"{scan.name}: taken for question {named}. {better} would be for the first alone."
    if taken:
        return f"{scan.name}: taken for question {', '.join(q.label for q in taken)}."
    example = f" Rename it, as {questions[0].file_name}{scan.suffix}." if questions else ""
    return (
        f"warning: {scan.name}: its name tells no question, so it stands under every one.{example}"
    )


def export(folder, manifest, scratch):
    """Turn the notebooks into HTML, and into PDF where a browser is at hand.

    Parameters
    ----------
    folder, scratch : Path
        The assignment's folder, and one to write to.
    manifest : dict

    Returns
    -------
    list of Path
    """
    made = []
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    for name in manifest["notebooks"]:
        command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir"]
        page = scratch / f"{Path(name).stem}.html"
        if not _ran([*command, str(scratch), str(folder / name)]) or not page.exists():
            print(f"warning: {name}: not exported; in Jupyter, use File > Save and Export As.")
            continue
        made.append(page)
        pdf = page.with_suffix(".pdf")
        if browser and _ran([browser, *_printing(pdf), page.as_uri()]) and pdf.exists():
            made.append(pdf)
    return made


def _printing(pdf):
    return ["--headless", "--disable-gpu", "--no-sandbox", "--no-pdf-header-footer",
            f"--print-to-pdf={pdf}"]  # fmt: skip


def _ran(command):
    try:
        return (
            subprocess.run(command, capture_output=True, timeout=180, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _zip_name(assignment, names, group):
    whose = f"group_{group}" if group else "_".join(names)
    return f"{assignment}_{re.sub(r'[^A-Za-z0-9]+', '_', whose).strip('_')}.zip"


def _required(folder, manifest):
    wanted = [*manifest["modules"], *manifest["notebooks"]]
    return [folder / name for name in wanted if (folder / name).exists()]


def _pack(folder, paths, pages, target):
    """Write the zip; return the names in it."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    for page in pages:
        files.setdefault(page.name, page.read_bytes())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return sorted(files)


def _attachments(folder, manifest):
    """Find scans and pictures for written answers."""
    types, limit = manifest["attachments"]["types"], manifest["attachments"]["max_mb"]
    environments = [marker.parent for marker in folder.rglob("pyvenv.cfg")]
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in inside)
        if hidden or SKIPPED & set(inside) or set(environments) & set(path.parents):
            continue
        if path.suffix.lower().lstrip(".") not in types:
            continue
        if not path.is_file():
            continue
        if path.stat().st_size > limit * 2**20:
            print(f"warning: {path.name}: over {limit:g} MB, left out. Scan it again, smaller.")
            continue
        yield path


if __name__ == "__main__":
    sys.exit(main())
