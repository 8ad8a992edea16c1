"""What the tests of an assignment's grading share: its submissions, graded and compared."""

from dataclasses import dataclass

from autograder.grade.submission import Grader
from autograder.intake.select import read
from autograder.results import Graded
from tests.submissions import overlay


@dataclass
class Desk:
    """An assignment with its grader, ready for submissions."""

    grader: Grader
    bases: overlay.Bases

    def grade(self, folder, destination, *, with_notebooks=True) -> Graded:
        files = overlay.files(folder, self.bases)
        work = handed_in(files, self.bases.assignment, destination)
        if not with_notebooks:
            work.notebooks.clear()
        return self.grader.grade(work, "student")


def handed_in(files, assignment, destination):
    """Write files as a student's folder, and take it up."""
    for path, content in files.items():
        (destination / path).parent.mkdir(parents=True, exist_ok=True)
        (destination / path).write_bytes(content)
    return read(destination, assignment)


def is_about_notebooks(folder):
    """Whether a submission is about more than the functions of modules."""
    expected = overlay.read_expected(folder)
    files = [edit.file for edit in expected.edit] + expected.untouched
    in_notebook = any(file.endswith(".ipynb") for file in files)
    return in_notebook or expected.base == "release" or folder.name.startswith("right")


def expect_what_is_right(desk, folder, with_notebooks, destination):
    """Grade a submission and compare points and explanations with its ``expected.toml``."""
    graded = desk.grade(folder, destination, with_notebooks=with_notebooks)
    expected = overlay.read_expected(folder)
    judged = {
        check.name: check
        for check in graded.result.checks
        if with_notebooks or check.name in module_checks(desk)
    }
    shares = {name: round(check.score / check.max_score, 3) for name, check in judged.items()}
    wanted = {name: round(expected.share(name), 3) for name in judged}
    assert shares == wanted, f"{shares}, expected {wanted}"
    assert graded.alerts == []
    for name in expected.says.keys() & judged.keys():
        texts = [*judged[name].explanations, *judged[name].warnings]
        assert any(expected.says[name] in text for text in texts), texts
    return graded


def module_checks(desk):
    return {check.name for check in desk.grader.plan.checks if not check.uses_notebook}


def expect_clean_run(graded):
    """Every notebook that is run went from start to end, and no question was changed."""
    runs = [run for run in graded.result.notebooks if run.status != "skipped"]
    assert {(run.status, run.error) for run in runs} <= {("ok", None)}
    assert graded.result.warnings == []
    for notebook in graded.notebooks.values():
        for cell in notebook.cells:
            kinds = {output.get("name", output.output_type) for output in cell.get("outputs", [])}
            assert not kinds & {"error", "stderr"}, cell.id
