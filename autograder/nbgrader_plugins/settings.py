"""What ``nbgrader_config.py`` sets: nbgrader's commands and buttons run our engine.

Lists are given whole, never appended to: nbgrader's server loads the configuration at each
request.
"""

from traitlets.config import Config

from autograder.course.clock import use_own_programs

_OURS = "autograder.nbgrader_plugins"
_NBGRADERS = "nbgrader.preprocessors"


def configure(c: Config) -> None:
    """Set what makes nbgrader release, grade and give feedback by our engine.

    Parameters
    ----------
    c : Config
        What ``get_config()`` returns; a course's own settings follow this call.
    """
    use_own_programs()
    _release(c)
    _autograde(c)
    _feedback(c)
    _exchange(c)


def _release(c: Config) -> None:
    # CheckSource comes first, so that a mistake is named before anything is written; the hidden
    # tests and mark schemes go after SaveCells, which keeps them in the gradebook; AddLibrary
    # comes last, because it scans what the student will see.
    c.GenerateAssignment.preprocessors = [
        f"{_OURS}.release.CheckSource",
        f"{_NBGRADERS}.IncludeHeaderFooter",
        f"{_NBGRADERS}.InstantiateTests",
        f"{_NBGRADERS}.LockCells",
        f"{_OURS}.release.NamedStubs",
        f"{_NBGRADERS}.ClearOutput",
        f"{_NBGRADERS}.CheckCellMetadata",
        f"{_NBGRADERS}.ComputeChecksums",
        f"{_OURS}.release.SaveCellsAndAdditions",
        f"{_NBGRADERS}.ClearHiddenTests",
        f"{_NBGRADERS}.ClearMarkScheme",
        f"{_NBGRADERS}.ComputeChecksums",
        f"{_NBGRADERS}.CheckCellMetadata",
        f"{_OURS}.release.AddLibrary",
    ]


def _autograde(c: Config) -> None:
    # RestoreCells puts a notebook in order before nbgrader looks at its metadata;
    # OverwriteChangedCells is OverwriteCells without its warning of cells that nobody changed;
    # RunSubmission, SaveScores and LatePenalties take the places of Execute, SaveAutoGrades and
    # AssignLatePenalties.
    c.Autograde.exporter_class = f"{_OURS}.autograde.TolerantExporter"
    c.Autograde.sanitize_preprocessors = [
        f"{_NBGRADERS}.ClearOutput",
        f"{_OURS}.autograde.RestoreCells",
        f"{_NBGRADERS}.DeduplicateIds",
        f"{_NBGRADERS}.OverwriteKernelspec",
        f"{_OURS}.autograde.OverwriteChangedCells",
        f"{_NBGRADERS}.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{_OURS}.autograde.RunSubmission",
        f"{_NBGRADERS}.IgnorePattern",
        f"{_NBGRADERS}.LimitOutput",
        f"{_OURS}.autograde.SaveScores",
        f"{_OURS}.autograde.LatePenalties",
        f"{_NBGRADERS}.CheckCellMetadata",
    ]


def _feedback(c: Config) -> None:
    # HideSecrets comes first: hidden tests and mark schemes are the graders' alone.
    c.GenerateFeedback.preprocessors = [
        f"{_OURS}.pages.HideSecrets",
        f"{_NBGRADERS}.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    # What students wrote, as formgrader and feedback show it: nothing in it runs in a browser.
    c.HTMLExporter.preprocessors = [f"{_OURS}.pages.ShowSafely"]
    c.HTMLExporter.filters = {
        "markdown2html": f"{_OURS}.pages.safe_markdown",
        "strip_files_prefix": f"{_OURS}.pages.as_it_is",
    }


def _exchange(c: Config) -> None:
    # Archives from a learning platform: nbgrader zip_collect takes whole submissions.
    c.ZipCollectApp.extractor_plugin = f"{_OURS}.collect.SafeExtractor"
    c.ZipCollectApp.collector_plugin = f"{_OURS}.collect.SubmissionFolders"
    # Feedback goes back to those who handed in through the exchange, whatever others did.
    c.ExchangeFactory.release_feedback = f"{_OURS}.exchange.ReleaseFeedback"
