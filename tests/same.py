"""What a course run leaves behind, but for times: to compare two runs."""

import json

import sqlalchemy

from autograder.gradebook.store import TABLES, open_gradebook
from autograder.gradebook.turn import LOCK


def left_behind(assignment):
    """Return results, graded files and gradebook of an assignment."""
    course = assignment.course
    files = {
        path.relative_to(course.root).as_posix(): _content(path)
        for folder in (course.results, course.autograded)
        for path in folder.rglob("*")
        if path.is_file() and path.name != LOCK
    }
    return {"files": files, "gradebook": gradebook(assignment)}


def _content(path):
    if path.suffix == ".json":
        return _without_times(json.loads(path.read_text()))
    return path.read_bytes()


def _without_times(value):
    if isinstance(value, dict):
        return {key: _without_times(v) for key, v in value.items() if key != "seconds"}
    if isinstance(value, list):
        return [_without_times(item) for item in value]
    return value


def gradebook(assignment):
    """Return all that an assignment's gradebook holds, by name."""
    found, table = {}, TABLES[-1]
    key = sqlalchemy.select(table.c.key).where(table.c.assignment == assignment.name)
    with open_gradebook(assignment.course) as opened:
        for submission in opened.assignment_submissions(assignment.name):
            student = submission.student.id
            found[student, "submission"] = (
                submission.timestamp,
                submission.extension,
                submission.late_submission_penalty,
                submission.score,
                opened.db.scalar(key.where(table.c.student == student)),
            )
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    found[student, notebook.name, grade.name] = (
                        grade.auto_score,
                        grade.manual_score,
                        grade.extra_credit,
                        grade.needs_manual_grade,
                    )
                for comment in notebook.comments:
                    found[student, notebook.name, comment.name, "comment"] = (
                        comment.auto_comment,
                        comment.manual_comment,
                    )
    return found
