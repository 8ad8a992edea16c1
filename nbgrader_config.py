"""nbgrader's configuration for this course: its commands and buttons run the kit's engine.

Lists are given whole, never appended to: nbgrader's server loads this file at each request.
"""

import os
import sys

# nbgrader starts alembic from PATH to make its database: let it be this environment's.
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "course"

# Release. CheckSource comes first, so that a mistake is named before anything is written;
# the hidden tests and mark schemes go after SaveCells, which keeps them in the gradebook;
# AddLibrary comes last, because it scans what the student will see.
c.GenerateAssignment.preprocessors = [
    "autograder.nbgrader_plugins.release.CheckSource",
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "autograder.nbgrader_plugins.release.NamedStubs",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
    "autograder.nbgrader_plugins.release.AddLibrary",
]
