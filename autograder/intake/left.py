"""What was found and is not graded: nothing is passed over in silence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Left:
    """A file or folder that is not taken.

    Attributes
    ----------
    path : str
        Where it lies, to be shown.
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
        return f"{self.path}: {self.why}." + (f" {self.todo}" if self.todo else "")
