"""The reference takes a check on notebook code again: no more of its notebook is run for that."""

from pathlib import Path

from autograder.checks import Context
from autograder.course.folder import Course
from autograder.grade import second_look
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader


def test_only_what_the_check_needs_is_run(monkeypatch):
    ran = []

    class Recorded(second_look.NotebookRun):
        def _keep(self, cell, number, result, source):
            ran.append(source)
            super()._keep(cell, number, result, source)

    monkeypatch.setattr(second_look, "NotebookRun", Recorded)
    assignment = Course(Path(__file__).parents[2]).assignment("gradient_descent_digits")
    with Grader(assignment, Settings(b"key")) as grader:
        plan = grader.plan
        item = next(check for check in plan.checks if check.name == "fn_loss")

        def context(check, worker):
            return Context(
                worker=worker, reference=plan.reference, modules=plan.modules, seed=1, seconds=5
            )

        traces = second_look.rehearse_notebook(
            assignment, plan, item, grader.reference_worker, context
        )
    assert list(traces) == ["fn_loss"]
    assert all(trace.passed and trace.given for trace in traces["fn_loss"].values())
    assert any("def fn(" in source for source in ran)
    assert not any("fit(" in source for source in ran)  # it trains
