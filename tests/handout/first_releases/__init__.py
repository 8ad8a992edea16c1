"""What students got of version 0.1.0, as digests: a release of today gives the same.

``digests.json`` has each module of ``cs_lib`` that was handed out, by path, and each cell of each
notebook, as ``NOTEBOOK#CELL``. What was changed since on purpose stands with its reason in
``changed.toml``. The kit's own files (tools, explanations, data sets) are not among them: they
may lie and read otherwise at any time.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
KIT = (
    "__pycache__", "assignment.json", "budget.py", "check.py", "data_utils.py", "datasets",
    "datasets.py", "explain", "handin.py", "kit", "notebook_tests.py", "numeric.py",
)  # fmt: skip
"""Files and folders of ``cs_lib`` that students only run."""


def digests(release: Path) -> dict[str, str]:
    """Return the digests of the modules and cells below a ``release/`` folder."""
    found: dict[str, str] = {}
    for path in sorted(release.glob("*/cs_lib/**/*.py")):
        name = path.relative_to(release)
        if name.parts[2] not in KIT:
            found[name.as_posix()] = digest(path.read_bytes())
    for path in sorted(release.glob("*/*.ipynb")):
        cells = json.loads(path.read_bytes())["cells"]
        found |= dict(_of_cells(path.relative_to(release).as_posix(), cells))
    return found


def _of_cells(name: str, cells: list[dict]) -> Iterator[tuple[str, str]]:
    for cell in cells:
        content = [cell["cell_type"], cell["source"], cell["metadata"].get("nbgrader")]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        yield f"{name}#{cell['id']}", digest(text.encode())


def digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def first() -> dict[str, str]:
    """Return the digests of what students got of version 0.1.0."""
    return json.loads((FOLDER / "digests.json").read_text())


def changed() -> dict[str, str]:
    """Return what was changed since, and why."""
    table = tomllib.loads((FOLDER / "changed.toml").read_text(encoding="utf-8"))
    return {name: change["why"] for change in table["change"] for name in change["what"]}


def imports() -> dict[str, list[str]]:
    """Return what notebooks and modules of then import of ``cs_lib``, by assignment."""
    return json.loads((FOLDER / "imports.json").read_text())
