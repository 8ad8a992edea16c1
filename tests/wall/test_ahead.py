"""What the zygote imports once for all workers is what each would have imported."""

import pytest

from autograder.wall.limits import Limits
from autograder.wall.zygote import Zygote
from tests.wall.conftest import work

WHO = "import os\nwho = os.getpid()\n"
LIBRARY = {
    "cs_lib/__init__.py": "",
    "cs_lib/given.py": f'"""Of the course."""\nimport json\n{WHO}',
    "cs_lib/builds.py": f"from cs_lib import work\n{WHO}",
    "cs_lib/later.py": f"{WHO}def two():\n    from cs_lib import work\n    return work.two()\n",
    "cs_lib/acts.py": f"{WHO}os.environ['ACTED'] = 'yes'\n",
    "cs_lib/chooses.py": f"{WHO}mode = os.environ.get('MODE')\n",
    "cs_lib/fails.py": f"{WHO}1 / 0\n",
    "cs_lib/needs.py": f"import nowhere\n{WHO}",
    "cs_lib/sets/__init__.py": (
        "from importlib import import_module\n"
        "def __getattr__(name):\n"
        "    if name == 'load':\n"
        "        return import_module('cs_lib.sets.loading').load\n"
        "    raise AttributeError(name)\n"
    ),
    "cs_lib/sets/loading.py": f"{WHO}def load():\n    return who\n",
    "cs_lib/work.py": "def two():\n    return 1\n",
}
WORK = """
import os
from importlib import import_module

def two():
    return 2

def ahead(name):
    return import_module("cs_lib." + name).who != os.getpid()

def acted():
    return os.environ.get("ACTED")

def loads_ahead():
    from cs_lib.sets import load
    return load() != os.getpid()

def later():
    from cs_lib import later
    return later.two()

def of_the_package():
    from cs_lib import given
    return getattr(given, "which", "the course's")

def mode():
    from cs_lib import chooses
    return chooses.mode
"""
NAMES = [path[7:-3] for path in LIBRARY if "__" not in path and "sets" not in path]
FILES = {path: text.encode() for path, text in {**LIBRARY, "cs_lib/work.py": WORK}.items()}


@pytest.fixture(scope="module")
def zygote():
    with Zygote(
        allow_unsafe=True,
        preload=(),
        library={path: text.encode() for path, text in LIBRARY.items()},
        own=["cs_lib/work.py"],
        wanted=["cs_lib.sets.load", *(f"cs_lib.{name}" for name in NAMES)],
        environment={"MODE": "quick"},
    ) as zygote:
        yield zygote


@pytest.fixture
def submit(zygote):
    workers = []

    def start(changed=(), environment=(("MODE", "quick"),)):
        files = {**FILES, **dict(changed)}
        worker = zygote.worker(files, Limits(), environment=dict(environment))
        workers.append(worker)
        return lambda name, *args: worker.call(work(name), list(args))

    yield start
    for worker in workers:
        worker.close()


@pytest.mark.parametrize("name", ["given", "later", "chooses"])
def test_what_only_defines_is_there_before_the_worker_is(submit, name):
    assert submit()("ahead", name)


@pytest.mark.parametrize("name", ["builds", "acts"])
def test_what_needs_a_students_module_or_acts_is_not(submit, name):
    ask = submit()
    assert ask("acted") is None
    assert not ask("ahead", name)
    assert (ask("acted") == "yes") == (name == "acts")


def test_a_package_that_imports_when_it_is_asked_is_asked_before(submit):
    assert submit()("loads_ahead")


def test_a_package_that_gives_something_else_than_its_module_of_a_name_is_not():
    names = {**LIBRARY, "cs_lib/sets/load.py": f"{WHO}def load():\n    return who\n"}
    files = {path: text.encode() for path, text in names.items()}
    own, wanted = ["cs_lib/work.py"], ["cs_lib.sets.load", "cs_lib.sets.loading"]
    with (
        Zygote(allow_unsafe=True, preload=(), library=files, own=own, wanted=wanted) as zygote,
        zygote.worker({**files, "cs_lib/work.py": WORK.encode()}, Limits()) as worker,
    ):
        assert not worker.call(work("loads_ahead"))


def test_what_is_imported_in_a_function_is_the_students(submit):
    assert submit()("later") == 2


def test_other_text_of_a_given_module_is_imported_and_so_is_all_else(submit):
    other = {"cs_lib/given.py": f"{WHO}which = 'another'\n".encode()}
    ask = submit(other)
    assert not ask("ahead", "given")
    assert not ask("ahead", "later")
    assert ask("of_the_package") == "another"


def test_in_another_environment_all_is_imported_anew(submit):
    assert submit()("mode") == "quick"
    ask = submit(environment={"MODE": "full"})
    assert ask("mode") == "full"
    assert not ask("ahead", "given")


def test_after_a_change_all_is_imported_anew(zygote):
    mistaken = FILES["cs_lib/work.py"].replace(b"return 2", b"return 3")
    with zygote.worker(FILES, Limits(), environment={"MODE": "quick"}) as worker:
        assert worker.call(work("later")) == 2
        worker.change({"cs_lib/work.py": mistaken})
        assert worker.call(work("later")) == 3
        assert not worker.call(work("ahead"), ["given"])  # nothing is left of what it kept


def test_what_an_import_draws_is_the_same_in_each_run():
    draws = "import random\nimport numpy as np\nx = random.random(), np.random.rand()\n"
    files = {
        "cs_lib/draws.py": draws.encode(),
        "cs_lib/work.py": b"def f():\n    from cs_lib import draws\n    return draws.x\n",
    }
    taken = {"library": files, "own": ["cs_lib/work.py"], "wanted": ["cs_lib.draws"]}
    found = []
    for seed in range(2):
        with (
            Zygote(allow_unsafe=True, preload=(), **taken) as zygote,
            zygote.worker(files, Limits()) as worker,
        ):
            worker.seed(seed)
            found.append(worker.call(work("f")))
    assert found[0] == found[1]


def test_a_worker_that_holds_nothing_can_import_nothing(zygote):
    with zygote.worker({}, Limits()) as worker:
        run = worker.run_cell("import cs_lib", 10)
    assert "No module named 'cs_lib'" in run.error
