"""What was found and is not graded: nothing is passed over in silence."""

from dataclasses import dataclass, replace

from autograder.text import visible

EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")
"""What nbgrader's exchange puts beside a submission, and looks for beside its feedback."""
AS_HANDED_OUT = "as it was handed out"
"""Why a file of the release that came back unchanged is left."""


@dataclass(frozen=True)
class Left:
    """A file or folder that is not taken.

    Attributes
    ----------
    path : str
        Where it lies, as it is called there; `shown` is for people.
    why : str
        Without a full stop.
    todo : str
        What to do, a sentence; empty where there is nothing to do.
    expected : bool
        It is what lies there in any course, as the files of the hand-out: of no interest.
    """

    path: str
    why: str
    todo: str = ""
    expected: bool = False

    def __str__(self) -> str:
        return f"{self.shown}: {self.why}." + (f" {self.todo}" if self.todo else "")

    @property
    def shown(self) -> str:
        return visible(self.path)

    def below(self, folder: str) -> "Left":
        """Return the same with the folder before its path."""
        return replace(self, path=f"{folder}/{self.path}")
