"""Real course files, where they are: ``CS_KIT_REAL_DATA`` or ``../shared/data``."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("CS_KIT_REAL_DATA", ROOT / ".." / "shared" / "data"))


def needs(*names):
    """Mark a test as one that reads these real files; it is skipped where they are absent."""
    missing = [name for name in names if not (FOLDER / name).is_file()]
    return pytest.mark.skipif(
        bool(missing), reason=f"no real {', '.join(missing)} in {FOLDER}; set CS_KIT_REAL_DATA"
    )
