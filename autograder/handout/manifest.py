"""What a release says of itself, for the student's tools: ``cs_lib/kit/assignment.json``."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from autograder.course.folder import Assignment
from autograder.kit.questions import questions_of


def manifest(assignment: Assignment, library: Iterable[str]) -> bytes:
    """Return what is to be handed in, what it is worth, and what was handed out, as JSON.

    It holds nothing that the release does not show in another place. Notebooks come in the
    order in which the hand-out names them.

    Parameters
    ----------
    library : iterable of str
        The files of ``cs_lib``, as ``layers.py``.
    """
    config = assignment.config
    notebooks = assignment.in_handout_order
    content = {
        "assignment": assignment.name,
        "title": config.title,
        "modules": list(config.student_modules),
        "notebooks": [path.name for path in notebooks],
        "library": sorted(f"cs_lib/{name}" for name in library if name.endswith(".py")),
        "attachments": {
            "types": list(config.attachments.types),
            "max_mb": config.attachments.max_mb,
        },
        "questions": [
            asdict(question)
            for path in notebooks
            for question in questions_of(path.stem, assignment.sources[path.stem].cells)
        ],
        "points": {cell.name: cell.max_score for cell in assignment.graded_cells},
    }
    return (json.dumps(content, indent=2) + "\n").encode()
