"""The reference handed in as a student would: for the audit, the demo and the tests."""

import copy

import nbformat
from nbgrader.preprocessors import ClearMarkScheme

from autograder.course.folder import Assignment
from autograder.course.kit import FOLDER
from autograder.course.settings import Module
from autograder.handout import regions
from autograder.handout.library import library_files
from autograder.handout.manifest import manifest


def solved_files(assignment: Assignment) -> dict[str, bytes]:
    """Return what a student who wrote the reference solution would hand in.

    Returns
    -------
    dict of str to bytes
        Notebooks and the whole ``cs_lib``, by path in the submission.
    """
    files = library_files(_all_given(assignment))
    names = [path.removeprefix("cs_lib/") for path in files]
    files[f"cs_lib/{FOLDER}/assignment.json"] = manifest(assignment, names)  # as it was handed out
    for name, notebook in assignment.sources.items():
        solved = _solved_notebook(copy.deepcopy(notebook))
        files[f"{name}.ipynb"] = nbformat.writes(solved).encode()
    return files


def _all_given(assignment: Assignment) -> Assignment:
    """Return the assignment with everything that is to do given."""
    config = assignment.config
    modules = {
        name: Module(given=tuple(dict.fromkeys((*module.todo, *module.given))))
        for name, module in config.modules.items()
    }
    solved = Assignment(assignment.course, assignment.name)
    solved.__dict__["config"] = config.model_copy(update={"modules": modules})
    solved.__dict__["sources"] = assignment.sources
    return solved


def _solved_notebook(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    for cell in notebook.cells:
        cell.source = "\n".join(regions.without_markers(cell.source.splitlines()))
    without_schemes, _ = ClearMarkScheme().preprocess(notebook, {})
    return without_schemes
