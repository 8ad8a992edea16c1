"""The audit: are an assignment's checks good?

The reference scores full, the untouched release and zeros everywhere score
nothing, many seeds give no false alarm, mutants of every function that
students write are rejected, and what they earn does not depend on the seed.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.audit import tasks
from autograder.audit.accepted import read_accepted
from autograder.audit.draws import Drawn
from autograder.audit.hunt import Catch
from autograder.audit.mutants import Mutant, mutants
from autograder.audit.report import (
    AuditReport,
    Draws,
    Mutants,
    Mutation,
    Survivor,
    Varying,
    lines,
    table,
)
from autograder.audit.targets import targets
from autograder.course.extras import demand
from autograder.course.folder import Assignment
from autograder.errors import InstructorError
from autograder.grade.processes import Job, processes

__all__ = [
    "AuditReport",
    "Extent",
    "audit",
    "lines",
    "number_of_mutants",
    "table",
    "write",
]

Progress = Callable[[int, int], None]
"""Called with the number of tasks that are done, and of all known."""


@dataclass(frozen=True)
class Extent:
    """How much is tried: seeds, mutants in all (None: every one), and seeds of each of these."""

    seeds: int = 200
    mutants: int | None = None
    draws: int = 20
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)


def number_of_mutants(text: str) -> int | None:
    """Read ``--mutants``: a number, or None for ``all``.

    Raises
    ------
    InstructorError
        It is neither.
    """
    if text == "all":
        return None
    if not text.isdecimal():
        raise InstructorError(f'--mutants: expected a number or "all", got "{text}".')
    return int(text)


def write(report: AuditReport, file: str) -> None:
    """Write a report as JSON into a file; ``-`` prints it."""
    text = report.model_dump_json(indent=2) + "\n"
    if file == "-":
        sys.stdout.write(text)
    else:
        Path(file).write_text(text, encoding="utf-8")


def audit(job: Job, extent: Extent, progress: Progress = lambda done, total: None) -> AuditReport:
    """Audit the checks of an assignment.

    Raises
    ------
    InstructorError
        The assignment is not as it must be, or has no checks.
    SandboxUnavailable
        This machine cannot run checks safely.
    """
    start = time.monotonic()
    assignment = job.open()
    demand(assignment.name, assignment.config.requirements)
    if assignment.judged_in_notebook and not assignment.checks.exists():
        raise InstructorError(_without_checks(assignment))
    every = _drawn(assignment, extent.mutants)
    books = [path.stem for path in assignment.notebooks]
    with processes(extent.jobs) as (pool, _):
        parts = _parts(every, extent)
        hunts = [pool.submit(tasks.hunt_modules, job, part) for part in parts]
        scores = pool.submit(tasks.scores, job)
        mistakes = pool.submit(tasks.untold_mistakes, job)
        unearned = pool.submit(tasks.unearned, job)
        shares = [range(extent.seeds)[i :: extent.jobs] for i in range(extent.jobs)]
        alarms = [pool.submit(tasks.false_alarms, job, share) for share in shares]
        draws = []
        if extent.draws > 1:
            draws = [pool.submit(tasks.draw_modules, job, part, extent.draws) for part in parts]
            draws += [pool.submit(tasks.draw_notebook, job, b, every, extent.draws) for b in books]
        total = len(hunts) + len(alarms) + 3 + len(books) + len(draws)
        caught = Catch()
        for part in _results(hunts, progress, 0, total):
            caught.add(part)
        left = caught.left(every)
        late = [pool.submit(tasks.hunt_notebook, job, name, left) for name in books]
        for part in _results(late, progress, len(hunts), total):
            caught.add(part)
        rest: list[Future[Any]] = [scores, mistakes, unearned, *alarms, *draws]
        list(_results(rest, progress, len(hunts) + len(late), total))
    points = scores.result()
    false_alarms = [alarm for task in alarms for alarm in task.result()]
    return AuditReport(
        assignment=job.assignment,
        reference_score=points.reference,
        skeleton_score=points.skeleton,
        max_score=points.maximum,
        free_points=points.free,
        seeds=extent.seeds,
        false_alarms=len(false_alarms),
        alarms=false_alarms,
        unearned=unearned.result(),
        unstable=points.unstable,
        untold_mistakes=mistakes.result(),
        mutants=_tally(every, caught),
        draws=_draws(assignment, extent.draws, [task.result() for task in draws]),
        seconds=time.monotonic() - start,
    )


def _without_checks(assignment: Assignment) -> str:
    where = assignment.course.shown(assignment.checks)
    return (
        f"{where}: expected checks to audit, found none: the cells of {assignment.name} are graded "
        "by their own tests, or by people. docs/from_nbgrader.md says how to write checks for them."
    )


def _drawn(assignment: Assignment, count: int | None) -> list[Mutant]:
    found = [mutant for target in targets(assignment) for mutant in mutants(target)]
    if count is None or count >= len(found):
        return found
    # The same ones at each run: what is drawn must not decide whether an audit passes.
    return random.Random(0).sample(found, count)


def _parts(every: Sequence[Mutant], extent: Extent) -> list[list[Mutant]]:
    """Share out the mutants of modules, each target to one process."""
    found = [mutant for mutant in every if not mutant.target.in_notebook]
    names = sorted({mutant.target for mutant in found}, key=lambda target: target.label)
    shares = [set(names[i :: 2 * extent.jobs]) for i in range(2 * extent.jobs)]
    parts = [[mutant for mutant in found if mutant.target in share] for share in shares]
    return [part for part in parts if part]


def _results(
    futures: Iterable[Future[Any]], progress: Progress, done: int, total: int
) -> Iterator[Any]:
    for number, future in enumerate(as_completed(list(futures)), start=1):
        progress(done + number, total)
        yield future.result()


def _tally(every: Sequence[Mutant], caught: Catch) -> Mutants:
    equivalent = [m for m in every if m in caught.equivalent and m not in caught.rejected]
    return Mutants(
        total=len(every),
        equivalent=len(equivalent),
        rejected=len(caught.rejected),
        survivors=[
            Survivor(
                function=mutant.target.label,
                diff=mutant.diff,
                check=", ".join(caught.calling.get(mutant.target, [])),
            )
            for mutant in caught.left(every)
        ],
        equivalents=[Mutation(function=m.target.label, diff=m.diff) for m in equivalent],
    )


def _draws(assignment: Assignment, seeds: int, parts: Sequence[Drawn]) -> Draws:
    drawn = Drawn()
    for part in parts:
        drawn.add(part)
    whys = {(item.check, item.function): item.why for item in read_accepted(assignment).varying}
    return Draws(
        seeds=seeds if drawn.tried else 0,
        tried=len(drawn.tried),
        varying=[
            Varying(
                function=mutant.target.label,
                diff=mutant.diff,
                check=check,
                least=min(shares),
                most=max(shares),
                why=whys.get((check, mutant.target.label), ""),
            )
            for mutant, earned in drawn.varying.items()
            for check, shares in earned.items()
        ],
        left_out=sorted(drawn.left_out),
    )
