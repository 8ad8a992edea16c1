"""A PostgreSQL server of the tests' own; where none is installed, a skip that says so."""

import itertools
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
import sqlalchemy

from autograder.gradebook.copied import copy_gradebook
from tests.tiny_course import ROOT

SCRIPT = str(ROOT / "tools" / "start_postgres.sh")
OPTIONS = "-c fsync=off -c full_page_writes=off -c max_connections=40"


class Server:
    """A server on loopback, whose folder lies beside pytest's own: its user may not enter that."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gradebook-server-"))
        self.folder.chmod(0o755)
        self._numbers = itertools.count()
        self._templates = {}
        self.address = ""
        self.start()

    def start(self):
        ran = subprocess.run(
            ["sh", SCRIPT, self.folder / "server"],
            capture_output=True,
            text=True,
            check=False,
            env={"POSTGRES_OPTIONS": OPTIONS, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )
        if "expected PostgreSQL, found none" in ran.stderr:
            self.close()
            pytest.skip("NOT run on PostgreSQL: it is not installed (make test-postgres)")
        assert ran.returncode == 0, ran.stderr
        self.address = ran.stdout.strip()

    @property
    def process(self):
        """The number of the server's first process."""
        return int((self.folder / "server" / "data" / "postmaster.pid").read_text().split()[0])

    def close(self):
        if self.address:
            subprocess.run(["sh", SCRIPT, "--stop", self.folder / "server"], check=True)
        shutil.rmtree(self.folder)

    def database(self, template="template1"):
        """Return the address of a new database, empty or as another."""
        name = f"test{next(self._numbers)}"
        engine = sqlalchemy.create_engine(self.address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine.dispose()
        return self.address.replace("/gradebook", f"/{name}")

    def take_over(self, course):
        """Hold the gradebook of a course from now on; what is in its file comes along."""
        content = course.gradebook.read_bytes()
        if content not in self._templates:
            copy_gradebook(course, address := self.database())
            self._templates[content] = address.rpartition("/")[2]
        use(course, self.database(self._templates[content]))
        course.gradebook.unlink()


def use(course, address):
    """Let a course keep its gradebook at an address."""
    config = course.root / "nbgrader_config.py"
    config.write_text(f'{config.read_text()}\nc.CourseDirectory.db_url = "{address}"\n')
