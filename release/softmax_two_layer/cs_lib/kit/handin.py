"""Make the zip to hand in: ``python -m cs_lib.handin --names "Ada L., Alan T." --group 31``.

Looks first whether everything is there, and warns of what would score zero:
functions still to be written, files that Python cannot read, test cells that
are gone, questions without an answer, cells that were not run.
"""

import argparse
import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .explain import still_to_do
from .notebook_tests import Cell, stubs, without_magics

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
    options = _options(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    folder = Path(__file__).resolve().parents[2]
    try:
        manifest = _manifest(folder)
        for warning in problems(folder, manifest):
            print(f"warning: {warning}")
        target = Path(options.out or folder / _zip_name(manifest, options))
        with tempfile.TemporaryDirectory() as scratch:
            pages = [] if options.no_export else export(folder, manifest, Path(scratch))
            names = _pack(folder, manifest, options, pages, target)
    except Incomplete as reason:
        print(f"Not handed in: {reason}")
        return 1
    print(f"{target}:")
    print("\n".join(f"  {name}" for name in names))
    print("Hand in this file. Open it once and look whether it is what you mean.")
    return 0


def _options(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m cs_lib.handin",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--names", required=True, help="yours, with commas between them")
    parser.add_argument("--group", default="", help="number or name of your group")
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


def problems(folder, manifest):
    """List what would cost points.

    Parameters
    ----------
    folder : Path
        The assignment's.
    manifest : dict
        From ``cs_lib/kit/assignment.json``.

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
    seen = set()
    for name in notebooks:
        cells = _cells(folder / name)
        seen |= {_metadata(cell).get("grade_id") for cell in cells}
        found += _notebook_problems(cells, name)
    if len(notebooks) == len(manifest["notebooks"]):
        found += [
            f"{name}, worth {points:g}: its cell is gone from the notebook. "
            "Copy it back from the assignment as you got it."
            for name, points in manifest["points"].items()
            if name not in seen
        ]
    return found


def _missing(name):
    return f"{name}: expected this file, found none. All in it would score zero."


def _module_problems(path, name):
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        return [f"{name}{line}: Python cannot read this file. All in it would score zero."]
    names = stubs(tree)
    return [f"{name}: {still_to_do(', '.join(names))}"] if names else []


def _cells(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):
        raise Incomplete(
            f"{path.name}: expected a notebook, got a file that cannot be read. "
            "Open it in Jupyter and save it."
        ) from None


def _metadata(cell):
    return cell.get("metadata", {}).get("nbgrader", {})


def _notebook_problems(cells, name):
    found, not_run = [], 0
    for number, cell in enumerate(cells, start=1):
        source = "".join(cell.get("source", ""))
        metadata = _metadata(cell)
        where = f"{name}, cell {number}"
        if cell.get("cell_type") == "code":
            not_run += bool(source.strip()) and cell.get("execution_count") is None
            tree = Cell(number, without_magics(source), metadata).tree
            if metadata.get("solution") and (names := stubs(tree)):
                found.append(f"{where}: {still_to_do(', '.join(names))}")
        elif metadata.get("solution") and _is_unanswered(source):
            found.append(f"{where}: a question without an answer.")
    if not_run:
        found.append(f"{name}: {not_run} cells were not run. Restart, run all, and save.")
    return found


def _is_unanswered(source):
    return not source.strip() or "YOUR ANSWER HERE" in source


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
    for name in manifest["notebooks"]:
        command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir"]
        page = scratch / f"{Path(name).stem}.html"
        if not _ran([*command, str(scratch), str(folder / name)]) or not page.exists():
            print(f"warning: {name}: not exported; in Jupyter, use File > Save and Export As.")
            continue
        made.append(page)
        pdf = page.with_suffix(".pdf")
        browser = next((path for b in BROWSERS if (path := shutil.which(b))), None)
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


def _zip_name(manifest, options):
    who = f"group_{options.group}" if options.group else options.names
    return f"{manifest['assignment']}_{re.sub(r'[^A-Za-z0-9]+', '_', who).strip('_')}.zip"


def _pack(folder, manifest, options, pages, target):
    """Write the zip; return the names in it."""
    who = {
        "assignment": manifest["assignment"],
        "names": [name.strip() for name in options.names.split(",") if name.strip()],
        "group": options.group,
    }
    files = {"handin.json": (json.dumps(who, indent=2, ensure_ascii=False) + "\n").encode()}
    wanted = [*manifest["modules"], *manifest["notebooks"]]
    for path in [folder / name for name in wanted if (folder / name).exists()]:
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    for path in _attachments(folder, manifest, target):
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    for page in pages:
        files.setdefault(page.name, page.read_bytes())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return sorted(files)


def _attachments(folder, manifest, target):
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
        if path == target or not path.is_file():
            continue
        if path.stat().st_size > limit * 2**20:
            print(f"warning: {path.name}: over {limit:g} MB, left out. Scan it again, smaller.")
            continue
        yield path


if __name__ == "__main__":
    sys.exit(main())
