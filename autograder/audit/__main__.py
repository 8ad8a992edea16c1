"""Print audits as a Markdown table: ``python -m autograder.audit REPORT.json ...``."""

import sys
from pathlib import Path

from pydantic import ValidationError

from autograder.audit.report import AuditReport, table
from autograder.errors import InstructorError

EXPECTED = "{}: expected a report of `autograder audit NAME --json FILE`, got {}. Make it first."


def main() -> None:
    try:
        print(table([_report(name) for name in sys.argv[1:]]), end="")
    except InstructorError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


def _report(name: str) -> AuditReport:
    try:
        return AuditReport.model_validate_json(Path(name).read_text(encoding="utf-8"))
    except ValidationError:
        raise InstructorError(EXPECTED.format(name, "something else")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InstructorError(EXPECTED.format(name, error)) from None


if __name__ == "__main__":
    main()
