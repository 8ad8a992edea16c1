"""`autograder copy-gradebook`: all of it, or nothing."""

import shutil
from datetime import timedelta

import pytest
import sqlalchemy
from nbgrader.api import Gradebook

from autograder.course.database import database_of
from autograder.errors import InstructorError
from autograder.gradebook.copied import copy_gradebook
from autograder.gradebook.points import final_grades
from autograder.gradebook.store import TABLES, open_gradebook
from tests.gradebook.test_store import grade_of, notebooks, record, result
from tests.postgres import use


@pytest.fixture
def full(released):
    """A gradebook in which something stands in every table a course run fills."""
    with open_gradebook(released.course) as gradebook:
        for student in ("ada", "bob"):
            record(gradebook, result(student), notebooks(released, "x"))
        grade_of(gradebook, "why").manual_score = 2.5
        gradebook.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Größer – ja."
        gradebook.find_submission("tiny", "bob").extension = timedelta(hours=36)
        gradebook.update_or_create_student("ada", first_name="Ada", email="ada@example.org")
    return released


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory):
    """A gradebook that holds nothing: to make its tables takes nbgrader two seconds."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", ""):
        return path


@pytest.fixture(scope="module")
def empty_database(postgres):
    """The name of a database that holds an empty gradebook."""
    address = postgres.database()
    with Gradebook(address, ""):
        return address.rpartition("/")[2]


@pytest.fixture
def other(released, tmp_path, request):
    """An empty gradebook in a database of the other kind."""
    if database_of(released.course).file:
        template = request.getfixturevalue("empty_database")
        return request.getfixturevalue("postgres").database(template)
    shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "copy.db")
    return f"sqlite:///{tmp_path}/copy.db"


def rows(address):
    engine = sqlalchemy.create_engine(address)
    with engine.connect() as connection:
        found = {t.name: set(map(tuple, connection.execute(sqlalchemy.select(t)))) for t in TABLES}
    engine.dispose()
    return found


def test_all_rows_come(full, other):
    copied, _ = copy_gradebook(full.course, other)
    before = rows(database_of(full.course).url)
    assert rows(other) == before
    assert {table.table: table.rows for table in copied} == {n: len(r) for n, r in before.items()}
    assert len(before["grade"]) == 8
    assert sum(table.mended for table in copied) == 0


def test_a_course_goes_on_with_the_copy(full, other):
    copy_gradebook(full.course, other)
    before = final_grades(full)
    use(full.course, other)
    assert final_grades(full) == before
    assert [grade.total for grade in before] == [5.5, 3.0]
    with open_gradebook(full.course) as gradebook:
        record(gradebook, result("cyd"), notebooks(full, "x"))
        assert gradebook.find_submission("tiny", "bob").extension == timedelta(hours=36)


def test_what_stands_there_is_not_touched(full, other):
    copy_gradebook(full.course, other)
    before = rows(other)
    with pytest.raises(InstructorError, match=r"expected an empty database, found \d+ rows in"):
        copy_gradebook(full.course, other)
    assert rows(other) == before


def test_tables_of_others_are_not_touched(full, other):
    engine = sqlalchemy.create_engine(other)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE wages (sum INTEGER)"))
    before = sorted(sqlalchemy.inspect(engine).get_table_names())
    with pytest.raises(InstructorError, match="found tables of others: wages"):
        copy_gradebook(full.course, other)
    assert sorted(sqlalchemy.inspect(engine).get_table_names()) == before
    engine.dispose()


def write(course, statement):
    engine = sqlalchemy.create_engine(database_of(course).url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(statement))
    engine.dispose()


class TestWhatOnlySQLiteHolds:
    @pytest.fixture
    def released(self, as_file):
        return as_file

    def test_a_nul_is_replaced_and_told(self, full, other):
        write(full.course, "UPDATE comment SET manual_comment = 'a' || char(0) || 'b'")
        copied, _ = copy_gradebook(full.course, other)
        (table,) = [table for table in copied if table.mended]
        assert (table.table, table.mended) == ("comment", table.rows)
        assert {row[-1] for row in rows(other)["comment"]} == {"a\ufffdb"}

    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            ("UPDATE grade SET manual_score = 9e999", "manual_score: expected a number, got inf"),
            ("UPDATE student SET email = printf('%.*c', 200, 'x')", "at most 128 characters, got"),
            ("DELETE FROM student", "expected rows that fit together, got: .*foreign key"),
            ("UPDATE alembic_version SET version_num = 'older'", "older. Run `nbgrader db upgr"),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_named_and_nothing_is_copied(self, full, other, statement, told):
        write(full.course, statement)
        with pytest.raises(InstructorError, match=told):
            copy_gradebook(full.course, other)
        assert {len(found) for found in rows(other).values()} == {0}


def test_a_course_without_gradebook_has_nothing_to_copy(as_file, tmp_path):
    as_file.course.gradebook.unlink()
    with pytest.raises(InstructorError, match=r"gradebook.db: expected a gradebook, found none"):
        copy_gradebook(as_file.course, f"sqlite:///{tmp_path}/copy.db")
    assert not as_file.course.gradebook.exists()


def test_the_command_counts_the_rows_and_says_how_to_use_them(as_file, tmp_path, run, monkeypatch):
    monkeypatch.chdir(as_file.course.root)
    code, out, _ = run("copy-gradebook", f"sqlite:///{tmp_path}/copy.db")
    assert code == 0
    assert "grade_cells" in out
    assert "c.CourseDirectory.db_url in nbgrader_config.py" in out
