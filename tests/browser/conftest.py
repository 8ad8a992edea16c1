"""A real browser on real servers; skipped, and said so, where there is no chromium."""

import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from autograder.course.folder import Course
from autograder.gradebook.store import make_rows
from autograder.handout.release import release
from autograder.handout.scaffold import scaffold
from tests.browser.server import Server
from tests.tiny_course import ROOT

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PATIENCE = 60_000  # ms, for a machine with much to do; what is there sooner is not waited for


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("NOT run in a browser: chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 1400, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page


@pytest.fixture(scope="session")
def new_course(tmp_path_factory):
    """A course with one assignment, fresh from ``autograder new`` and released."""
    root = tmp_path_factory.mktemp("browser") / "course"
    library = root / "assignments" / "cs_lib"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text('"""The course library."""\n')
    for name in ("nbgrader_config.py", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    exchange = root.parent / "exchange"
    exchange.mkdir()
    config = root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.Exchange.root = {str(exchange)!r}\n")
    course = Course(root)
    scaffold(course, "first_steps")
    make_rows(course.assignment("first_steps"))
    release(course.assignment("first_steps"))
    return course


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """Start JupyterLab in a folder; all are stopped in the end."""
    servers = []

    def start(folder):
        servers.append(Server(folder, tmp_path_factory.mktemp("jupyter")))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
