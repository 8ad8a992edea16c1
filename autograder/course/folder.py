"""Where things lie in a course folder."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.course.notebooks import GradedCell, find_graded_cells, read_notebook
from autograder.course.settings import AssignmentConfig, plain_config, read_config
from autograder.errors import InstructorError


@dataclass(frozen=True)
class Course:
    """A course folder: the instructor's repository, with nbgrader's folders in it."""

    root: Path

    @classmethod
    def here(cls, folder: Path | None = None) -> "Course":
        """Return the course that the current folder is the root of.

        Raises
        ------
        InstructorError
            The folder has neither ``assignments/`` nor ``source/``.
        """
        root = (folder or Path.cwd()).resolve()
        if not any((root / name).is_dir() for name in ("assignments", "source")):
            raise InstructorError(
                f"{root}: expected a course folder with assignments/ or nbgrader's source/, found "
                "none. Change to the course folder, or make one: autograder init DIR."
            )
        return cls(root)

    @property
    def assignments_folder(self) -> Path:
        """Where assignments and the reference library lie."""
        return self.root / "assignments"

    @property
    def library(self) -> Path:
        """The reference ``cs_lib``; its parent is what goes on an instructor's path."""
        return self.assignments_folder / "cs_lib"

    @property
    def datasets(self) -> Path:
        """Where data sets lie that submissions may read."""
        return self.root / "datasets"

    @property
    def submitted(self) -> Path:
        """Nbgrader's folder of what came in, by student."""
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        """Nbgrader's folder of graded submissions, by student."""
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        """Nbgrader's folder of pages for students."""
        return self.root / "feedback"

    @property
    def results(self) -> Path:
        """Where verdicts lie as JSON, by assignment."""
        return self.root / "results"

    @property
    def gradebook(self) -> Path:
        """Nbgrader's database."""
        return self.root / "gradebook.db"

    @property
    def requirements(self) -> Path:
        """The pins from which those of a release are taken."""
        return self.root / "requirements.txt"

    @property
    def policy(self) -> Path:
        """The rules on collaboration and AI, which stand in the README of each release."""
        return self.assignments_folder / "policy.md"

    @property
    def shared_checks(self) -> Path:
        """Modules that the checks of several assignments import as their own."""
        return self.assignments_folder / "shared_checks"

    def assignment_names(self) -> list[str]:
        """List the folders with an ``assignment.toml``, and those of nbgrader with notebooks."""
        ours = {path.parent.name for path in self.assignments_folder.glob("*/assignment.toml")}
        return sorted(ours | {path.parent.name for path in self.root.glob("source/*/*.ipynb")})

    def assignment(self, name: str) -> "Assignment":
        """Return an assignment by name.

        Raises
        ------
        InstructorError
            There is none of this name; the message lists those there are.
        """
        names = self.assignment_names()
        if name not in names:
            raise InstructorError(
                f'{self.assignments_folder}: expected an assignment, got "{name}". '
                f"There are: {', '.join(names) or 'none yet (run `autograder new NAME`)'}."
            )
        return Assignment(self, name)

    def assignments(self) -> list["Assignment"]:
        """Return all assignments, by name."""
        return [self.assignment(name) for name in self.assignment_names()]

    def shown(self, path: Path) -> str:
        """Return a path as a message shows it: relative to the course where it can be."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )


@dataclass(frozen=True)
class Assignment:
    """One assignment of a course."""

    course: Course
    name: str

    @property
    def folder(self) -> Path:
        """Where its ``assignment.toml`` and checks lie."""
        return self.course.assignments_folder / self.name

    @property
    def checks(self) -> Path:
        """The file with its hidden checks."""
        return self.folder / "checks.py"

    @property
    def check_files(self) -> list[Path]:
        """``checks.py``, the modules beside it, and what assignments share."""
        folders = (self.folder, self.course.shared_checks)
        return [path for folder in folders for path in sorted(folder.glob("*.py"))]

    @property
    def handout(self) -> Path:
        """What the student reads first, a README."""
        return self.folder / "README.md"

    @property
    def policy(self) -> Path:
        """The rules on collaboration and AI: its own, or else the course's; may be missing."""
        own = self.folder / "policy.md"
        return own if own.exists() else self.course.policy

    @property
    def source(self) -> Path:
        """The folder of the instructor's notebooks."""
        return self.course.root / "source" / self.name

    @property
    def release(self) -> Path:
        """The folder that students get."""
        return self.course.root / "release" / self.name

    @property
    def results(self) -> Path:
        """Where its verdicts lie, a JSON file a student."""
        return self.course.results / self.name

    @property
    def has_config(self) -> bool:
        """Whether it has an ``assignment.toml``: an nbgrader assignment needs none."""
        return (self.folder / "assignment.toml").exists()

    @cached_property
    def config(self) -> AssignmentConfig:
        """Its ``assignment.toml``, read once; nbgrader's ways where it has none."""
        if not self.has_config and any(self.source.glob("*.ipynb")):
            return plain_config(self.name)
        return read_config(self.folder / "assignment.toml")

    @property
    def has_library(self) -> bool:
        """Whether students get a ``cs_lib``, a hand-out and pins beside the notebooks."""
        checked = self.checks.exists() and self.course.library.is_dir()
        return self.has_config and (bool(self.config.modules) or self.handout.exists() or checked)

    @cached_property
    def judged_in_notebook(self) -> bool | frozenset[str]:
        """The names of the test cells that their own code grades; True for all without a check."""
        wanted = self.config.notebooks.judged_in_notebook
        if wanted is None:
            return not self.config.modules and not self.checks.exists()
        return wanted if isinstance(wanted, bool) else frozenset(wanted)

    @cached_property
    def notebooks(self) -> list[Path]:
        """The instructor's notebooks, in the order of their names.

        Raises
        ------
        InstructorError
            There is no notebook.
        """
        paths = sorted(self.source.glob("*.ipynb"))
        if not paths:
            raise InstructorError(
                f"{self.course.shown(self.source)}: expected a notebook, found none. "
                "Write one, or take the assignment away."
            )
        return paths

    @cached_property
    def in_handout_order(self) -> list[Path]:
        """The notebooks in the order in which the hand-out first names them, the others behind."""
        text = self.handout.read_text(encoding="utf-8") if self.handout.exists() else ""
        return sorted(self.notebooks, key=lambda path: text.find(path.name) % (len(text) + 1))

    @cached_property
    def sources(self) -> dict[str, NotebookNode]:
        """The instructor's notebooks by name, read once: to be copied by whoever changes one.

        Raises
        ------
        InstructorError
            There is none, or a file is no notebook.
        """
        return {path.stem: read_notebook(path) for path in self.notebooks}

    @cached_property
    def graded_cells(self) -> list[GradedCell]:
        """The cells that carry points, in the order of a run.

        Raises
        ------
        InstructorError
            Two cells share a name.
        """
        return find_graded_cells(self.sources, self.course.shown(self.source))

    def files_beside(self) -> dict[str, bytes]:
        """Return what lies beside the instructor's notebooks, data and modules, by path."""
        return {
            path.relative_to(self.source).as_posix(): path.read_bytes()
            for path in sorted(self.source.rglob("*"))
            if path.is_file()
            and path.suffix not in (".ipynb", ".pyc")
            and ".ipynb_checkpoints" not in path.parts
        }

    def submitted(self, student: str) -> Path:
        """Return the folder of a student's work."""
        return self.course.submitted / student / self.name
