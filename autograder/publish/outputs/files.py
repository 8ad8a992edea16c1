"""A result written into files, each in the format of its reader."""

from collections.abc import Callable
from dataclasses import dataclass

from autograder.publish.outputs.gradescope import gradescope
from autograder.publish.outputs.junit import junit
from autograder.publish.outputs.markdown import markdown
from autograder.results import Result
from autograder.write import write_text


@dataclass(frozen=True)
class Files:
    """Where the result is written, and how; ``-`` is standard output."""

    json: str | None = None
    junit: str | None = None
    gradescope: str | None = None
    markdown: str | None = None

    def write(self, result: Result) -> None:
        """Write every file that was asked for.

        Raises
        ------
        InstructorError
            A file cannot be written.
        """
        formats: list[tuple[str | None, Callable[[Result], str]]] = [
            (self.json, _json),
            (self.junit, junit),
            (self.gradescope, gradescope),
            (self.markdown, markdown),
        ]
        for path, render in formats:
            if path is not None:
                write_text(path, render(result))


def _json(result: Result) -> str:
    return result.model_dump_json(indent=2) + "\n"
