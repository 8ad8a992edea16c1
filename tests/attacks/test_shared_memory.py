"""What one worker writes, no other may see: nothing writable is shared from before the fork."""

from pathlib import Path

import pytest

from autograder.sandbox import Level, explain
from autograder.wall.zygote import Zygote, preload_for

REQUIREMENTS = ("numpy", "matplotlib", "scipy", "scikit-learn", "h5py", "tqdm")


def test_the_zygote_shares_no_writable_memory():
    """As a semaphore would be that one worker takes and never gives back."""
    if explain().level > Level.B:
        pytest.skip(f"level B is not to be had here: {explain().reasons}")
    with Zygote(level=Level.B, preload=preload_for(REQUIREMENTS)) as zygote:
        maps = Path(f"/proc/{zygote._process.pid}/maps").read_text().splitlines()
    rights = [line.split()[1] for line in maps]
    assert len(rights) > 100
    assert [right for right in rights if "w" in right and "s" in right] == []
