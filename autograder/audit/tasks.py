"""What the processes of an audit do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import nbformat

from autograder.audit import dishonest
from autograder.audit.accepted import FREE, read_accepted
from autograder.audit.bench import module_of
from autograder.audit.draws import Drawing, Drawn
from autograder.audit.hunt import Catch, Hunt
from autograder.audit.mutants import Mutant
from autograder.audit.report import Alarm, Unearned
from autograder.audit.stages import (
    Stage,
    module_stage,
    notebook_stages,
    stages,
)
from autograder.audit.targets import Target, targets
from autograder.checks import Check, Outcome
from autograder.checks.known_mistakes import Change, Version
from autograder.course.folder import Assignment
from autograder.course.key import check_seed
from autograder.grade.plan import load_plan
from autograder.grade.processes import Job, grader_of
from autograder.grade.submission import Grader
from autograder.handout.solved import solved_files
from autograder.intake.select import Submission
from autograder.results import CheckResult


@dataclass(frozen=True)
class Scores:
    """Points of the reference, of the untouched release, and of zeros everywhere."""

    reference: float
    skeleton: float
    maximum: float
    free: float
    unstable: list[str]


def scores(job: Job) -> Scores:
    """Grade the reference, the untouched release, and functions that return zeros."""
    grader = grader_of(job)
    best = grader.grade(_reference(grader), "audit").result
    worst = grader.grade(_untouched(grader), "audit").result
    free, unstable = _zeros(grader, job)
    return Scores(best.score, worst.score, best.max_score, free, unstable)


def _reference(grader: Grader) -> Submission:
    solved = solved_files(grader.assignment)
    return Submission(
        files={path: solved[path] for path in grader.assignment.config.student_modules},
        notebooks={path.stem: solved[path.name] for path in grader.assignment.notebooks},
    )


def _untouched(grader: Grader) -> Submission:
    plan = grader.plan
    return Submission(
        files={path: plan.library[path] for path in grader.assignment.config.student_modules},
        notebooks={
            name: nbformat.writes(notebook).encode() for name, notebook in plan.released.items()
        },
    )


def _zeros(grader: Grader, job: Job) -> tuple[float, list[str]]:
    """Return what zeros earn, and the checks that judge them differently the second time.

    Where a check calls no function of the student's, as one on a variable, zeros
    are no answer to it.
    """
    every = targets(grader.assignment)
    free, unstable = 0.0, []
    for stage in stages(grader):
        reached = _reached(stage, every)
        for check in stage.checks:
            seed = seed_of(job, check, 0)
            stage.bench.ask("watch", reached)
            stage.bench.outcome(check, seed)
            called = [reached[index] for index in stage.bench.ask("watched")]
            for module, name in called:
                stage.bench.ask("answer", module, name, "zeros", of=dishonest)
            first, second = (_verdict(stage, check, seed) for _ in range(2))
            stage.bench.ask("be_honest", of=dishonest)
            if called and check.cell is not None:
                free += first[0] * check.cell.max_score
            if first != second:
                unstable.append(check.name)
    return free, unstable


def _reached(stage: Stage, every: list[Target]) -> list[tuple[str, str]]:
    """Return module and name of the functions that a stage's checks can call."""
    return [(module_of(target), target.name) for target in every if stage.reaches(target, every)]


def unearned(job: Job) -> list[Unearned]:
    """Let every function that a check calls answer without working: what does it still give?"""
    grader = grader_of(job)
    every, found = targets(grader.assignment), []
    listed: dict[tuple[str, str], str] = {
        (item.check, item.version): item.why for item in read_accepted(grader.assignment).trivial
    }
    for stage in stages(grader):
        reached = _reached(stage, every)
        for check in stage.checks:
            for version, share in _shares(stage, check, reached, seed_of(job, check, 0)):
                why = listed.get((check.name, version), "")
                if share > FREE or why:
                    found.append(Unearned(check=check.name, version=version, share=share, why=why))
    return found


def _shares(
    stage: Stage, check: Check, reached: list[tuple[str, str]], seed: int
) -> Iterator[tuple[str, float]]:
    """Give the share of a check's points that each dishonest version of its functions earns."""
    bench = stage.bench
    bench.ask("watch", reached)
    bench.outcome(check, seed)
    called = [reached[index] for index in bench.ask("watched")]
    if not called or check.cell is None:
        return
    for module, name in called:
        bench.ask("publish", module, name, of=dishonest)
    if not stage.notebook:
        bench.try_cell(bench.grader.plan.reference.definitions(check.cell, str))
    bench.try_cell(stage.visible_test(check))
    bench.ask("be_honest", of=dishonest)
    for version in dishonest.VERSIONS[1:]:  # zeros are a part of their own
        for module, name in called:
            bench.ask("answer", module, name, version, of=dishonest)
        yield version, bench.outcome(check, seed).fraction
        if bench.worker().alive:
            bench.ask("be_honest", of=dishonest)


def _verdict(stage: Stage, check: Check, seed: int) -> tuple[float, str, list[str]]:
    outcome = stage.bench.outcome(check, seed, explain=True)
    return outcome.fraction, outcome.status, outcome.explanations


def false_alarms(job: Job, seeds: Sequence[int]) -> list[Alarm]:
    """Run all checks on the reference with many seeds."""
    grader = grader_of(job)
    alarms = []
    for stage in stages(grader):
        for check in stage.checks:
            for number in seeds:
                outcome = stage.bench.outcome(check, seed_of(job, check, number))
                if outcome.status != "passed":
                    alarms.append(_alarm(check, number, outcome))
    return alarms


def _alarm(check: Check, seed: int, outcome: Outcome) -> Alarm:
    return Alarm(check=check.name, seed=seed, explanation="; ".join(outcome.explanations))


def untold_mistakes(job: Job, *, every: int = 1) -> list[str]:
    """Hand in the reference with each known mistake: what passes, or is told something else?

    And with each accepted convention: what does not pass? Of the mistakes only each
    so-manieth, for a shorter look.
    """
    assignment = job.open()
    known = load_plan(assignment).known
    mistakes = [*enumerate(known.mistakes, start=1)][::every]
    changes: list[Change] = [*(mistake for _, mistake in mistakes), *known.conventions]
    listed = {name for change in changes for name in change.checks}
    if not listed:
        return []
    settings, untold = replace(job.settings, only=tuple(listed)), []
    # What the modules import is all that is imported, where no notebook is run.
    in_notebooks = any(change.file.endswith(".ipynb") for change in changes)
    alone = None if in_notebooks else _modules(assignment)
    with Grader(assignment, settings, alone=alone) as grader:
        for number, mistake in mistakes:
            untold += [
                _untold(f"mistakes.toml, mistake {number}", check)
                for check in _graded_with(mistake, grader)
                if not any(mistake.says in text for text in check.explanations)
            ]
        for number, convention in enumerate(known.conventions, start=1):
            untold += [
                f"mistakes.toml, convention {number}: expected {check.name} to accept it, got: "
                f"{'; '.join(check.explanations)}"
                for check in _graded_with(convention, grader)
                if check.status != "passed"
            ]
    return untold


def _modules(assignment: Assignment) -> Submission:
    """Return the reference's modules as a hand-in without notebooks."""
    solved = solved_files(assignment)
    return Submission(files={path: solved[path] for path in assignment.config.student_modules})


def _untold(where: str, check: CheckResult) -> str:
    return (
        f"{where}: expected {check.name} to tell it, got: "
        f"{'; '.join(check.explanations) or 'nothing, it passes.'} "
        "Put it before that one, or take the check off its list."
    )


def _graded_with(change: Change, grader: Grader) -> list[CheckResult]:
    """Grade the reference with a change; return what its checks find."""
    version, assignment = Version((change,)), grader.assignment
    made = version.made_in(grader.plan.reference.sources)
    work = Submission(files={path: made[path] for path in assignment.config.student_modules})
    if change.file.endswith(".ipynb"):
        text = solved_files(assignment)[change.file]
        work.notebooks[change.file.removesuffix(".ipynb")] = _in_notebook(version, text)
    with only(grader, change.checks):
        checks = grader.grade(work, "audit").result.checks
    return [check for check in checks if check.name in change.checks]


@contextmanager
def only(grader: Grader, names: Collection[str]) -> Iterator[None]:
    """Let a grader run some of its checks, and those that they require."""
    plan, wanted = grader.plan, set(names)
    for check in reversed(plan.checks):  # each stands after those it requires
        wanted |= set(check.requires) if check.name in wanted else set()
    grader.plan = replace(plan, checks=[check for check in plan.checks if check.name in wanted])
    try:
        yield
    finally:
        grader.plan = plan


def _in_notebook(version: Version, text: bytes) -> bytes:
    notebook = nbformat.reads(text.decode(), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = version.made(cell.source)
    return bytes(nbformat.writes(notebook).encode())


def hunt_modules(job: Job, mutants: Sequence[Mutant]) -> Catch:
    """Try mutants on the checks that need no notebook."""
    caught = Catch()
    for stage in module_stage(grader_of(job)):
        hunt = Hunt(stage.bench, stage.checks, lambda check: seed_of(job, check, 0))
        caught.add(hunt.run(_by_target(mutants)))
    return caught


def hunt_notebook(job: Job, name: str, mutants: Sequence[Mutant]) -> Catch:
    """Try mutants on the checks of one notebook."""
    grader = grader_of(job)
    every = targets(grader.assignment)
    caught = Catch()
    for stage in notebook_stages(grader, name):
        hunt = Hunt(stage.bench, stage.checks, lambda check: seed_of(job, check, 0))
        reached = [m for m in caught.left(mutants) if stage.reaches(m.target, every)]
        if reached:
            caught.add(hunt.run(_by_target(reached)))
    return caught


def draw_modules(job: Job, mutants: Sequence[Mutant], draws: int) -> Drawn:
    """Try mutants under several seeds on the checks that need no notebook."""
    drawn = Drawn()
    for stage in module_stage(grader_of(job)):
        drawn.add(_drawing(job, stage, draws).run(_by_target(mutants)))
    return drawn


def draw_notebook(job: Job, name: str, mutants: Sequence[Mutant], draws: int) -> Drawn:
    """Try mutants under several seeds on the checks of one notebook."""
    grader = grader_of(job)
    every = targets(grader.assignment)
    drawn = Drawn()
    for stage in notebook_stages(grader, name):
        reached = [mutant for mutant in mutants if stage.reaches(mutant.target, every)]
        drawn.add(_drawing(job, stage, draws).run(_by_target(reached)))
    return drawn


def _drawing(job: Job, stage: Stage, draws: int) -> Drawing:
    return Drawing(
        stage.bench,
        stage.checks,
        lambda check: [seed_of(job, check, number) for number in range(draws)],
    )


def _by_target(mutants: Sequence[Mutant]) -> Mapping[Target, list[Mutant]]:
    groups: dict[Target, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        groups[mutant.target].append(mutant)
    return groups


def seed_of(job: Job, check: Check, number: int) -> int:
    """Return the seed of a check for one of the audit's students."""
    return check_seed(job.settings.key, job.assignment, check.name, f"audit {number}", "")
