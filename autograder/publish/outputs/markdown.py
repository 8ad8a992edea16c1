"""A summary in Markdown, for the pages of GitHub Actions and GitLab."""

from autograder.results import CheckResult, Result
from autograder.text import escape, points

MARKS = {"passed": "✅", "partial": "🟡", "failed": "❌", "skipped": "⏭️", "error": "⚠️"}


def markdown(result: Result) -> str:
    """Return the result as a Markdown table, one row a check."""
    lines = [
        f"## {escape(result.assignment)}: {escape(result.student)}",
        "",
        f"**{points(result.score)} of {points(result.max_score)} points** "
        f"({result.percent:.0f} %), {result.seconds:.1f} s",
        "",
    ]
    if result.checks:
        lines += ["| | check | points | what was found |", "|---|---|---:|---|"]
        lines += [_row(check) for check in result.checks]
        lines.append("")
    for cell in result.manual:
        lines.append(f"- {escape(cell.name)}: graded by a person, worth {points(cell.max_score)}")
    for notebook in result.notebooks:
        if notebook.error:
            where = f"{escape(notebook.name)}.ipynb, {notebook.status}"
            lines.append(f"- {where}: {escape(notebook.error)}")
    lines += [f"- {escape(warning)}" for warning in result.warnings]
    return "\n".join(lines).rstrip() + "\n"


def _row(check: CheckResult) -> str:
    found = [*check.explanations, *check.warnings]
    text = "<br>".join(escape(line) for line in found)
    earned = f"{points(check.score)} / {points(check.max_score)}"
    return f"| {MARKS[check.status]} | {escape(check.name)} | {earned} | {text} |"
