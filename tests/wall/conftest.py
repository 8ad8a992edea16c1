import pytest

from autograder.wall.limits import Limits
from autograder.wall.zygote import Zygote
from autograder.wire import Remote


@pytest.fixture(scope="session")
def zygote():
    """One zygote for all tests, at the best level of this machine."""
    with Zygote(allow_unsafe=True) as zygote:
        yield zygote


@pytest.fixture
def submit(zygote):
    """Fork a worker from the source of ``cs_lib/work.py``."""
    workers = []

    def submit(source="", *, files=None, figures=True, environment=None, **limits):
        files = {"cs_lib/work.py": source.encode()} if files is None else files
        limits = Limits(**{"check_seconds": 5, "memory_mb": 512} | limits)
        worker = zygote.worker(files, limits, figures=figures, environment=environment or {})
        workers.append(worker)
        return worker

    yield submit
    for worker in workers:
        worker.close()


def work(*path):
    """Refer to something in ``cs_lib/work.py``."""
    return Remote("module:cs_lib.work", tuple(("attr", name) for name in path))
