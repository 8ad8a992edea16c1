"""Folders of tests that only the wall shall protect."""

import tempfile
from pathlib import Path


def let_others_in(folder: Path) -> None:
    """Open a test's folder to all users, and those that pytest has made around it."""
    temporary = Path(tempfile.gettempdir())
    around = [place for place in folder.parents[:3] if temporary in place.parents]
    for place in (folder, *around):
        place.chmod(0o755)
