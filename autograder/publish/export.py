"""Grades for the systems that universities keep them in."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.errors import InstructorError, NotFinal
from autograder.gradebook.points import FinalGrade, final_grades
from autograder.publish.outputs.gradescope import gradescope
from autograder.text import one_line, points
from autograder.write import write_atomically

Row = Sequence[str]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OLDEST = (1980, 1, 1, 0, 0, 0)  # zip knows no earlier time; the same grades make the same zip


def export(
    assignment: Assignment,
    kind: str,
    out: Path | None = None,
    warn: Callable[[str], None] = lambda line: None,
    *,
    final: bool = False,
) -> Path:
    """Write the grades of an assignment as a file another system reads.

    Parameters
    ----------
    kind : {"csv", "canvas", "moodle", "brightspace", "gradescope"}
    out : Path, optional
        ``reports/<assignment>-<kind>.csv`` by default, ``.zip`` for Gradescope.
    warn : callable
        Gets a line of what staff should know of the grades.
    final : bool
        Write nothing while answers wait for a grader.

    Raises
    ------
    InstructorError
        There is no such format, or nothing to export.
    NotFinal
        Answers wait for a grader, and the grades were to be final.
    """
    if kind not in FORMATS:
        raise InstructorError(
            f'export: expected one of {", ".join(FORMATS)} as --format, got "{kind}".'
        )
    suffix, write = FORMATS[kind]
    path = out or assignment.course.root / "reports" / f"{assignment.name}-{kind}.{suffix}"
    grades = final_grades(assignment)
    if waiting := _waiting(assignment, grades):
        if final:
            raise NotFinal(f"{waiting} Nothing was written.")
        warn(waiting)
    write_atomically(path, write(assignment, grades))
    for line in _without_time(grades):
        warn(line)
    return path


def _without_time(grades: Iterable[FinalGrade]) -> Iterator[str]:
    for grade in grades:
        if grade.time_problem:
            yield (
                f"{grade.student}: no penalty, as it is not known when the work came: "
                f"{grade.time_problem}."
            )


def _waiting(assignment: Assignment, grades: Iterable[FinalGrade]) -> str:
    """Say how many answers of how many students no person has graded; "" if all are graded."""
    pending = [grade.pending for grade in grades if grade.pending]
    if not pending:
        return ""
    one = sum(pending) == 1
    answers = f"{_counted(sum(pending), 'written answer')} of {_counted(len(pending), 'student')}"
    return (
        f"{assignment.name}: {answers} {'is' if one else 'are'} not graded yet; "
        f"{'it counts' if one else 'they count'} 0. Grade in formgrader, and export again."
    )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _csv(rows: Iterable[Row]) -> bytes:
    """Return rows as CSV that a spreadsheet takes for text and numbers, never for formulas."""
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    # With a byte order mark, without which Excel garbles names.
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    cell = one_line(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _points(value: float | None) -> str:
    return "" if value is None else points(value)


def _table(assignment: Assignment, grades: list[FinalGrade]) -> bytes:
    """All there is: one row a student, one column a check."""
    checks = sorted(
        {check.name for grade in grades if grade.result for check in grade.result.checks}
    )
    head = ["student", "last_name", "first_name", "email", "score", "penalty", "total", "max_score"]
    rows: list[Row] = [[*head, "pending", "note", *checks]]
    for grade in grades:
        scores = {check.name: check.score for check in grade.result.checks} if grade.result else {}
        rows.append(
            [
                grade.student, grade.last_name, grade.first_name, grade.email,
                _points(grade.score), _points(grade.penalty), _points(grade.total),
                _points(grade.max_score), str(grade.pending), _note(grade),
                *(_points(scores.get(name)) for name in checks),
            ]
        )  # fmt: skip
    return _csv(rows)


def _note(grade: FinalGrade) -> str:
    return f"no penalty: {grade.time_problem}" if grade.time_problem else ""


def _canvas(assignment: Assignment, grades: list[FinalGrade]) -> bytes:
    """Canvas finds a student by ID, else by login; a line of possible points comes second."""
    most = _points(grades[0].max_score)
    rows: list[Row] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.config.title],
        ["Points Possible", "", "", "", "", most],
    ]
    rows += [
        [_name(grade), grade.lms_id, "", grade.student, "", _points(grade.total)]
        for grade in grades
    ]
    return _csv(rows)


def _moodle(assignment: Assignment, grades: list[FinalGrade]) -> bytes:
    """Moodle asks at the import which column tells the student, and which is the grade."""
    rows: list[Row] = [
        ["Username", "First name", "Last name", "Email address", assignment.config.title]
    ]
    rows += [
        [grade.student, grade.first_name, grade.last_name, grade.email, _points(grade.total)]
        for grade in grades
    ]
    return _csv(rows)


def _brightspace(assignment: Assignment, grades: list[FinalGrade]) -> bytes:
    """Brightspace reads the kind of a column off its title, and wants a mark at each line's end."""
    item = assignment.config.title
    rows: list[Row] = [["Username", f"{item} Points Grade", "End-of-Line Indicator"]]
    rows += [[grade.student, _points(grade.total), "#"] for grade in grades]
    return _csv(rows)


def _gradescope(assignment: Assignment, grades: list[FinalGrade]) -> bytes:
    """A zip with a ``results.json`` for each student who has a result."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for grade in grades:
            if grade.result is not None:
                entry = zipfile.ZipInfo(f"{grade.student}/results.json", _OLDEST)
                archive.writestr(entry, gradescope(grade.result))
    return content.getvalue()


def _name(grade: FinalGrade) -> str:
    names = ", ".join(name for name in (grade.last_name, grade.first_name) if name)
    return names or grade.student


FORMATS: dict[str, tuple[str, Callable[[Assignment, list[FinalGrade]], bytes]]] = {
    "csv": ("csv", _table),
    "canvas": ("csv", _canvas),
    "moodle": ("csv", _moodle),
    "brightspace": ("csv", _brightspace),
    "gradescope": ("zip", _gradescope),
}
