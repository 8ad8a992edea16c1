"""Does a zygote end with its grader, also before it is ready?"""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import autograder

SLOW = """
import os, time
with open("{mark}.part", "w") as file:
    file.write(str(os.getpid()))
os.rename("{mark}.part", "{mark}")
time.sleep(600)
"""

GRADER = """
import site, sys
from pathlib import Path
from autograder.sandbox import Level
from autograder.wall import zygote
folder = Path(sys.argv[1])
zygote._PACKAGE = folder / "autograder"
site.getsitepackages = lambda: [str(folder)]
zygote.Zygote(level=Level.D, allow_unsafe=True, preload=["slow_to_import"], figures=False)
"""


def test_a_zygote_that_is_still_importing_ends_with_its_grader(tmp_path):
    mark = tmp_path / "mark"
    (tmp_path / "slow_to_import.py").write_text(SLOW.format(mark=mark))
    (tmp_path / "autograder").symlink_to(Path(autograder.__file__).parent)
    grader = subprocess.Popen([sys.executable, "-c", GRADER, str(tmp_path)])
    try:
        while not mark.exists():
            assert grader.poll() is None
            time.sleep(0.05)
        zygote = os.pidfd_open(int(mark.read_text()))
    finally:
        grader.kill()
        grader.wait()
    ended, _, _ = select.select([zygote], [], [], 5)
    os.close(zygote)
    assert ended
