"""Where the gradebook lies, and what is told of one that cannot be used."""

import math

import pytest
import sqlalchemy
from nbgrader.api import Gradebook, SubmittedAssignment

from autograder.course.database import database_of
from autograder.errors import InstructorError
from autograder.gradebook import access
from autograder.gradebook.store import make_rows, open_gradebook
from autograder.results import Result
from tests.gradebook.test_store import grade_of, notebooks, record, result
from tests.postgres import use


class TestFiles:
    """Of SQLite alone."""

    @pytest.fixture
    def released(self, request):
        """The tiny assignment, whose gradebook is a file."""
        return request.getfixturevalue("as_file")

    def test_a_file_that_is_no_database_is_named(self, released):
        with open_gradebook(released.course) as gradebook:
            gradebook.engine.dispose()
        released.course.gradebook.write_bytes(
            b"not a database, but long enough to be taken for a file" * 40
        )
        with pytest.raises(
            InstructorError, match=r"^gradebook\.db: .*file is not a database\. Put a copy"
        ):
            make_rows(released)

    def test_a_file_elsewhere_is_where_the_grades_go(self, released, tmp_path):
        released.course.gradebook.unlink()
        use(released.course, f"sqlite:///{tmp_path}/elsewhere.db")
        make_rows(released)
        with open_gradebook(released.course) as gradebook:
            assert gradebook.find_assignment("tiny").max_score == 7
        assert not released.course.gradebook.exists()
        assert database_of(released.course).shown == f"{tmp_path}/elsewhere.db"

    @pytest.mark.parametrize(
        ("address", "told"),
        [
            ("no address", "expected the address of a database"),
            ("nosuch://ada:secret@host/name", "expected the address of a database"),
            ("oracle://ada:secret@host/name", "expected what connects to oracle"),
        ],
    )
    def test_an_address_that_is_none_is_told_without_its_password(self, released, address, told):
        use(released.course, address)
        with pytest.raises(InstructorError) as caught:
            database_of(released.course)
        assert str(caught.value).startswith("nbgrader_config.py: c.CourseDirectory.db_url: ")
        assert told in str(caught.value)
        assert "secret" not in str(caught.value)

    def test_a_server_that_is_not_there_is_told_without_its_password(self, released):
        pytest.importorskip("psycopg", reason="NOT run on PostgreSQL: psycopg is not installed")
        use(released.course, "postgresql://ada:secret@127.0.0.1:9/grades")
        with pytest.raises(InstructorError) as caught:
            open_gradebook(released.course).__enter__()
        text = str(caught.value)
        assert text.startswith("postgresql://ada:***@127.0.0.1:9/grades: expected a gradebook")
        assert "See that the server runs and can be reached" in text
        assert "secret" not in text


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("attempt to write a readonly database", "Ask its owner for the right to write"),
        ("database or disk is full", "Make room on the disk"),
        ('could not extend file "base/1": No space left on device', "Make room on the disk"),
        ('FATAL:  password authentication failed for user "ada"', "Correct c.CourseDirectory"),
        ('database "grades" does not exist', "Correct c.CourseDirectory.db_url"),
        ("server closed the connection unexpectedly", "See that the server runs"),
        ("no such column: grade.late", "run `nbgrader db upgrade`"),
    ],
)
def test_each_reason_has_its_advice(released, reason, advice):
    assert advice in str(access.unusable(database_of(released.course), reason))


def test_a_nul_in_a_comment_is_seen_and_kept_out(released):
    found = result()
    found.checks[2].explanations = ["got \0 and \ud800 for 3"]
    with open_gradebook(released.course) as gradebook:
        record(gradebook, found, notebooks(released, "x"))
        note = gradebook.find_comment("why", "tiny", "tiny", "ada")
        note.manual_comment = "a\0b"
    with open_gradebook(released.course) as gradebook:
        comment = gradebook.find_comment("triple-code", "tiny", "tiny", "ada").comment
        assert comment.endswith("\ngot \ufffd and ? for 3")
        assert gradebook.find_comment("why", "tiny", "tiny", "ada").comment == "a\ufffdb"


@pytest.mark.parametrize("score", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_refused_and_nothing_written(released, score):
    def by_hand():
        with open_gradebook(released.course) as gradebook:
            record(gradebook, result("bob"), notebooks(released, "x"))
            grade_of(gradebook, "why", "bob").manual_score = score

    with pytest.raises(
        InstructorError, match=r"grade\.manual_score: expected a number, got (nan|inf)"
    ):
        by_hand()
    with open_gradebook(released.course) as gradebook:
        assert gradebook.students == []


def test_nbgraders_own_gradebook_in_this_process_takes_neither(released):
    with open_gradebook(released.course) as gradebook:
        record(gradebook, result(), notebooks(released, "x"))
    with Gradebook(database_of(released.course).url, "course") as gradebook:
        grade_of(gradebook, "double").manual_score = math.nan
        with pytest.raises(InstructorError, match="expected a number, got nan"):
            gradebook.db.commit()
        gradebook.db.rollback()
        assert gradebook.average_assignment_score("tiny") == 3


def test_a_result_holds_no_score_that_is_no_number():
    with pytest.raises(ValueError, match="finite"):
        Result(assignment="tiny", student="ada", score=math.nan, max_score=4, seconds=0.1)


def test_only_one_writes_and_others_read(released):
    address = database_of(released.course)
    with open_gradebook(released.course) as gradebook:
        gradebook.update_or_create_student("ada")
        engine = sqlalchemy.create_engine(address.url)
        with engine.connect() as other:
            count = sqlalchemy.select(sqlalchemy.func.count()).select_from(SubmittedAssignment)
            assert other.scalar(count) == 0
        engine.dispose()
