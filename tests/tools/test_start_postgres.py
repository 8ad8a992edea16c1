"""`tools/start_postgres.sh`: a server that only its own user can enter, and that comes back."""

import os
import signal
import stat
import subprocess

import pytest
import sqlalchemy

from tests.postgres import SCRIPT, Server


@pytest.fixture
def server():
    pytest.importorskip("psycopg", reason="NOT run on PostgreSQL: psycopg is not installed")
    server = Server()
    yield server
    server.close()


def ask(address, statement="SELECT 1"):
    engine = sqlalchemy.create_engine(address)
    try:
        with engine.begin() as connection:
            found = connection.execute(sqlalchemy.text(statement))
            return found.scalar() if found.returns_rows else None
    finally:
        engine.dispose()


def test_it_comes_back_after_a_kill_with_what_is_in_it(server):
    address = server.address
    ask(address, "CREATE TABLE kept AS SELECT 7 AS number")
    assert ask(address, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(address, "SHOW unix_socket_directories") == ""
    folder = server.folder / "server"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    server.start()  # runs already
    os.kill(server.process, signal.SIGKILL)
    server.start()
    assert server.address == address
    assert ask(address, "SELECT number FROM kept") == 7
    password = sqlalchemy.make_url(address).password
    with pytest.raises(sqlalchemy.exc.OperationalError, match="password authentication failed"):
        ask(address.replace(password, "wrong"))


@pytest.mark.parametrize("arguments", [(), ("--nosuch", "x"), ("a", "b")])
def test_other_arguments_are_refused(arguments):
    ran = subprocess.run(["sh", SCRIPT, *arguments], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("start_postgres: expected DIR, --stop DIR or --install, got")
