"""The catalogue: kinds of mistakes, one real example of each, and what the student reads.

``python -m tests.checks.catalogue`` writes the table in docs/checks.md anew.
"""

import re
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.checks import Outcome
from autograder.wall.zygote import Zygote
from tests.checks.library import LIBRARY, check_source
from tests.checks.small_course import grade_sources

FOLDER = Path(__file__).parent / "mistakes"
DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "checks.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"


@dataclass(frozen=True)
class Mistake:
    """Some wrong lines of the library: `old` replaced by `new`.

    ``says`` stands in what the student then reads; ``warning`` where it costs
    no points.
    """

    kind: str
    check: str
    old: str
    new: str
    says: str
    warning: bool = False

    def grade(self, zygote: Zygote, folder: Path) -> Outcome:
        """Grade it in a course of its own below a folder."""
        student = LIBRARY.replace(self.old, self.new, 1)
        seconds = 0.3 if self.kind == "an endless loop" else 5.0
        checks = check_source(self.check)
        course = folder / self.kind.replace("/", " ")
        return grade_sources(zygote, course, LIBRARY, checks, student, seconds=seconds)[self.check]


def groups() -> dict[str, list[Mistake]]:
    """Return the mistakes of each group, by its title."""
    tables = [tomllib.loads(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))]
    return {table["title"]: [Mistake(**row) for row in table["mistake"]] for table in tables}


MISTAKES = [mistake for group in groups().values() for mistake in group]


def table(graded: Callable[[Mistake], Outcome]) -> str:
    """Return the table: each kind of mistake with what the student reads."""
    lines = []
    for title, mistakes in groups().items():
        lines += [f"### {title}", "", "| mistake | example | what the student reads |"]
        lines += ["|---|---|---|"]
        for mistake in mistakes:
            outcome = graded(mistake)
            texts = outcome.warnings if mistake.warning else outcome.explanations
            read = _cell(_without_times("<br>".join(texts)))
            lines.append(f"| {mistake.kind} | {_code(mistake)} | {read} |")
        lines.append("")
    return "\n".join(lines)


def _code(mistake: Mistake) -> str:
    changes = (_cell(" ⏎ ".join(text.split("\n"))) for text in (mistake.old, mistake.new))
    return " → ".join(
        f"`{' '.join(text.split())}`" if text.strip() else "nothing" for text in changes
    )


def _without_times(text: str) -> str:
    """Take out what differs from machine to machine."""
    text = re.sub(r"about [\d.]+ times", "about 100 times", text)
    return re.sub(r"after [\d.]+ s", "after 10 s", text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def document(graded: Callable[[Mistake], Outcome]) -> str:
    """Return docs/checks.md with its table written anew."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    return f"{before}{BEGIN}{table(graded)}{END}{rest.partition(END)[2]}"


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Zygote(allow_unsafe=True, preload=["numpy"]) as zygote,
    ):
        read = document(lambda mistake: mistake.grade(zygote, Path(folder)))
        DOCUMENT.write_text(read)


if __name__ == "__main__":
    main()
