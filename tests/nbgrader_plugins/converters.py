"""nbgrader's converters, run in this process on a course folder."""

import logging
import warnings

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.course.clock import load_config
from autograder.course.folder import Course


def generate(course, assignment, config=None):
    _convert(GenerateAssignment, course, assignment, config)


def autograde(course, assignment, config=None, student="*"):
    _convert(Autograde, course, assignment, config, student)


def generate_feedback(course, assignment, config=None):
    _convert(GenerateFeedback, course, assignment, config)


def stock(course: Course) -> Config:
    """nbgrader as it comes, with its kernels, in the course's folder."""
    load_config(course)  # puts alembic on the PATH, which nbgrader starts
    return Config({"CourseDirectory": {"root": str(course.root), "course_id": "course"}})


def _convert(converter, course, assignment, config, student="*"):
    config = config or load_config(course)
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id = assignment
    coursedir.student_id = student
    log = logging.getLogger("tests.nbgrader_plugins")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's and its libraries'; ours are seen elsewhere
        converter(coursedir=coursedir, config=config, log=log, force=True).start()
