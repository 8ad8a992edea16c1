"""The scores of a plain course by nbgrader itself, and by the kit."""

from nbgrader.api import Gradebook
from nbgrader.preprocessors import InstantiateTests

from autograder.course.folder import Course
from autograder.course.notebooks import grade_id_of
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake import select
from tests.nbgrader_plugins.converters import autograde, generate, stock


def by_nbgrader(root, assignment, seconds=30):
    """Return nbgrader's points, by student, notebook and cell; None where a person grades."""
    course = Course(root)
    config = stock(course)
    config.Execute.timeout = seconds
    config.Execute.startup_timeout = 300  # of a busy machine
    autograde(course, assignment, config)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "course") as gradebook:
        return {
            submission.student.id: {
                (notebook.name, grade.name): grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def release(root, assignment):
    course = Course(root)
    generate(course, assignment, stock(course))


def close_channels(preprocessor, client):
    """Close a kernel's channels when nbgrader, having made tests, forgets them open."""
    before = vars(preprocessor).get("client")
    if client is None and before is not None:
        before.stop_channels()
    vars(preprocessor)["client"] = client


InstantiateTests.kc = property(lambda preprocessor: vars(preprocessor)["client"], close_channels)


def results(root, assignment):
    """Return the kit's results by student."""
    found = Course(root).assignment(assignment)
    students = sorted(path.parent.name for path in root.glob(f"submitted/*/{assignment}"))
    with Grader(found, Settings(b"")) as grader:
        return {
            student: grader.grade(select.read(found.submitted(student), found), student)
            for student in students
        }


def points(graded):
    """Return the points of a graded submission by notebook and cell, None for a person's."""
    result = graded.result
    scores = {(cell.notebook, grade_id_of(cell.name)): None for cell in result.manual}
    return scores | {(c.notebook, grade_id_of(c.name)): c.score for c in result.checks}
