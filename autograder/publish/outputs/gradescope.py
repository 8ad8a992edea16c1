"""Gradescope's ``results.json``.

The format is described at
https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format.
"""

import json

from autograder.results import CheckResult, Result


def gradescope(result: Result) -> str:
    """Return the result as the JSON that Gradescope reads.

    All text is declared as plain text: Gradescope shows it as it is, so what a
    student wrote cannot become markup.
    """
    document = {
        "score": result.score,
        "execution_time": round(result.seconds, 3),
        "output": "\n".join(result.warnings),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "leaderboard": [
            {"name": "points", "value": result.score},
            {"name": "seconds", "value": round(result.seconds, 3), "order": "asc"},
        ],
        "extra_data": {
            "schema_version": result.schema_version,
            "sandbox": result.sandbox.level if result.sandbox else None,
            "unread": result.unread,
        },
        "tests": [_test(check) for check in result.checks],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _test(check: CheckResult) -> dict[str, object]:
    lines = [check.description, *check.explanations, *check.warnings]
    return {
        "name": check.name,
        "score": check.score,
        "max_score": check.max_score,
        "status": "passed" if check.status == "passed" else "failed",
        "output": "\n".join(line for line in lines if line),
        "visibility": "visible",
    }
