"""Print audits as a Markdown table: ``python -m autograder.audit REPORT.json ...``."""

import sys
from pathlib import Path

from autograder.audit.report import AuditReport, table


def main() -> None:
    reports = [AuditReport.model_validate_json(Path(name).read_text()) for name in sys.argv[1:]]
    print(table(reports), end="")


if __name__ == "__main__":
    main()
