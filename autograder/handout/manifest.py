"""What a release says of itself, for the student's tools: ``cs_lib/assignment.json``."""

import json

from autograder.course.folder import Assignment
from autograder.course.notebooks import graded_cells


def manifest(assignment: Assignment) -> bytes:
    """Return what is to be handed in, and what it is worth, as JSON.

    It holds nothing that the release does not show in another place.
    """
    config = assignment.config
    content = {
        "assignment": assignment.name,
        "title": config.title,
        "modules": list(config.student_modules),
        "notebooks": [path.name for path in assignment.notebooks],
        "attachments": {
            "types": list(config.attachments.types),
            "max_mb": config.attachments.max_mb,
        },
        "points": {cell.name: cell.max_score for cell in graded_cells(assignment)},
    }
    return (json.dumps(content, indent=2) + "\n").encode()
