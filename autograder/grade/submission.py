"""Grade submissions of one assignment, one after the other, from one warm zygote."""

import re
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.checks.handle import PACKAGE
from autograder.course.extras import demand
from autograder.course.folder import Assignment
from autograder.course.kit import FOLDER
from autograder.grade.desk import Desk
from autograder.grade.grading import Grading
from autograder.grade.in_notebook import laid_out
from autograder.grade.plan import load_plan
from autograder.grade.settings import Settings
from autograder.grade.slices import code_needed
from autograder.grade.stand_ins import loaded_by, packages_to_read, read_ahead, stand_ins
from autograder.grade.verdicts import missing
from autograder.intake.pictures import pictures_of
from autograder.intake.select import Submission
from autograder.results import Graded
from autograder.slicing import import_lines, library_imported, packages_imported
from autograder.wall.keyboard import keyboard
from autograder.wall.zygote import Zygote, preload_of

_IN_SHELLS = ("IPython", "ipywidgets", "matplotlib")
"""Packages that ask for the shell in which they run."""
_KIT = f"{PACKAGE}/{FOLDER}/"
_OF_SHELLS = re.compile(rb"IPython|IPYTHON|get_ipython|display")
"""What a module may look for that only a shell has."""


class Grader(Desk):
    """Grades submissions of one assignment; a context manager around a warm zygote.

    Parameters
    ----------
    assignment : Assignment
    settings : Settings
    alone : Submission, optional
        The only one there will be: no more is started than it needs.

    Raises
    ------
    InstructorError
        Something in the assignment is not as it must be.
    SandboxUnavailable
        This machine cannot run hidden checks safely.
    """

    def __init__(
        self, assignment: Assignment, settings: Settings, *, alone: Submission | None = None
    ) -> None:
        self.assignment = assignment
        self.key = settings.key
        self.whole = settings.whole or settings.executor == "kernel"
        self.shown = settings.shown
        begin = time.monotonic()
        demand(assignment.name, assignment.config.requirements)
        self.plan = load_plan(assignment, settings.only)
        self.pictures = pictures_of(self.plan.released.values())
        self.timings = [("the assignment", time.monotonic() - begin)]
        begin = time.monotonic()
        loaded, preload, cells = self._needs(alone)
        self._stand_ins = stand_ins(assignment, loaded) if self._runs_cells() else None
        if alone is None and self._runs_cells():
            read_ahead(assignment)
        self._beside = laid_out(self.plan.beside)
        self.beside = Path(self._beside.name) if self._beside else None
        self.zygote = self._zygote(settings, preload, cells=cells, alone=alone is not None)
        self.timings.append(("the zygote", time.monotonic() - begin))

    def _zygote(
        self, settings: Settings, preload: Sequence[str], *, cells: bool, alone: bool
    ) -> Zygote:
        config, data = self.assignment.config, self.assignment.course.datasets
        if self._stand_ins:
            data = Path(self._stand_ins.name)
        return Zygote(
            level=settings.level,
            data=data if config.data and data.is_dir() else None,
            beside=self.beside,
            allow_unsafe=settings.allow_unsafe,
            preload=preload,
            start_seconds=config.limits.start_seconds,
            executor=settings.executor,
            cells=cells,
            figures=any(module.startswith("matplotlib") for module in preload),
            warm=not alone or self.whole,
            many=not alone,
            library={} if alone else self.plan.given,
            own=config.student_modules,
            wanted=() if alone else self._imported(),
            environment=self.plan.environment,
        )

    def _runs_cells(self) -> bool:
        """Whether cells of notebooks are run, which may load data."""
        for_checks = self.whole or any(check.uses_notebook for check in self.plan.checks)
        return self.plan.execute and (for_checks or bool(self.plan.in_notebook))

    def _needs(self, alone: Submission | None) -> tuple[Sequence[str] | None, Sequence[str], bool]:
        """Return the data sets that are loaded, None for all, and what the zygote imports.

        Last, whether that is IPython, too: cells are run, or modules may look for it.
        """
        if alone is None or self.whole:
            return None, self.plan.preload, True
        own = self.assignment.config.student_modules
        modules = self.plan.modules_with(alone.files, own)
        code = code_needed(alone, self.plan, modules)
        loaded = loaded_by(self.assignment, code)
        code += import_lines(own)
        packages = packages_imported(code, modules) | packages_to_read(loaded)
        in_shells = any(name.partition(".")[0] in _IN_SHELLS for name in packages)
        texts = (text for path, text in modules.items() if not path.startswith(_KIT))
        cells = in_shells or self._runs_cells() or any(map(_OF_SHELLS.search, texts))
        return loaded, preload_of(packages), cells

    def _imported(self) -> set[str]:
        """Return what notebooks and students' modules, as they were given, import of the rest."""
        own = self.assignment.config.student_modules
        cells = [cell for book in self.plan.released.values() for cell in book.cells]
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        return library_imported([*code, *import_lines(own)], {p: self.plan.library[p] for p in own})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote and all workers."""
        self.zygote.close()
        for folder in filter(None, (self._beside, self._stand_ins)):
            folder.cleanup()

    def grade(self, submission: Submission, student: str) -> Graded:
        """Grade one submission; what a student did wrong is in the result, never raised.

        Raises
        ------
        RuntimeError
            Something in this process has tried to end it: that costs the submission, not the run.
        """
        with keyboard() as pressed:
            try:
                if submission.unreadable:
                    return self._unreadable(student, submission.unreadable)
                return Grading(self, submission, student).grade()
            except (SystemExit, KeyboardInterrupt) as error:
                if pressed():
                    raise
                raise RuntimeError(f"{type(error).__name__} in the process that grades") from error

    def _unreadable(self, student: str, reason: str) -> Graded:
        """Return the zero of a submission that cannot be read, with the reason."""
        wanted = [
            *self.assignment.config.student_modules,
            *(p.name for p in self.assignment.notebooks),
        ]
        result = self.result(
            student,
            dict.fromkeys(self.plan.judged, missing(reason)),
            unanswered=[cell.name for cell in self.plan.manual],
            unread=[f"{name}: unreadable" for name in wanted],
            warnings=[reason],
        )
        return Graded(result)
