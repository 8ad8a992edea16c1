"""nbgrader's configuration for this course: its commands and buttons run the kit's engine.

Lists are given whole, never appended to: nbgrader's server loads this file at each request.
"""

import os
import sys

# nbgrader starts alembic from PATH to make its database: let it be this environment's.
own = os.path.dirname(sys.executable)
if os.environ.get("PATH", "").split(os.pathsep)[0] != own:
    os.environ["PATH"] = os.pathsep.join([own, os.environ.get("PATH", "")])

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
    "autograder.nbgrader_plugins.release.SaveCellsAndAdditions",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
    "autograder.nbgrader_plugins.release.AddLibrary",
]

# Autograding. RestoreCells puts a notebook in order before nbgrader looks at its metadata;
# OverwriteChangedCells is OverwriteCells without its warning of cells that nobody changed;
# RunSubmission and SaveScores take the places of Execute and SaveAutoGrades.
c.Autograde.exporter_class = "autograder.nbgrader_plugins.autograde.TolerantExporter"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "autograder.nbgrader_plugins.autograde.RestoreCells",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "autograder.nbgrader_plugins.autograde.OverwriteChangedCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugins.autograde.RunSubmission",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.nbgrader_plugins.autograde.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback. HideSecrets comes first: hidden tests and mark schemes are the graders' alone.
c.GenerateFeedback.preprocessors = [
    "autograder.nbgrader_plugins.pages.HideSecrets",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# Archives from a learning platform: nbgrader zip_collect takes whole submissions.
c.ZipCollectApp.extractor_plugin = "autograder.nbgrader_plugins.collect.SafeExtractor"
c.ZipCollectApp.collector_plugin = "autograder.nbgrader_plugins.collect.SubmissionFolders"

# Feedback goes back to those who handed in through the exchange, whatever others did.
c.ExchangeFactory.release_feedback = "autograder.nbgrader_plugins.exchange.ReleaseFeedback"

# What students wrote, as formgrader and feedback show it: nothing in it runs in a browser.
c.HTMLExporter.preprocessors = ["autograder.nbgrader_plugins.pages.ShowSafely"]
c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader_plugins.pages.safe_markdown"}
