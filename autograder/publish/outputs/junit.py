"""JUnit XML: what CI systems show as test results."""

import xml.etree.ElementTree as ElementTree

from autograder.results import CheckResult, Result
from autograder.text import points


def junit(result: Result) -> str:
    """Return the result as a JUnit XML document, one test case a check.

    A check that earned part of its points is a failure: JUnit knows no partial
    credit.  The message says how much was earned.
    """
    suite = ElementTree.Element(
        "testsuite",
        name=f"{result.assignment}.{result.student}",
        tests=str(len(result.checks)),
        failures=str(_count(result, "failed", "partial")),
        errors=str(_count(result, "error")),
        skipped=str(_count(result, "skipped")),
        time=f"{result.seconds:.3f}",
    )
    for check in result.checks:
        suite.append(_case(result.assignment, check))
    if result.warnings:
        ElementTree.SubElement(suite, "system-out").text = "\n".join(result.warnings)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    document = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _count(result: Result, *statuses: str) -> int:
    return sum(check.status in statuses for check in result.checks)


def _case(assignment: str, check: CheckResult) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase",
        classname=f"{assignment}.{check.notebook}",
        name=check.name,
        time=f"{check.seconds:.3f}",
    )
    tag = {"failed": "failure", "partial": "failure", "skipped": "skipped", "error": "error"}
    if check.status in tag:
        earned = f"{points(check.score)} of {points(check.max_score)} points"
        cause = f", {check.cause}" if check.cause else ""
        verdict = ElementTree.SubElement(
            case, tag[check.status], message=f"{check.status}{cause}: {earned}"
        )
        verdict.text = "\n".join([*check.explanations, *check.warnings])
    elif check.warnings:
        ElementTree.SubElement(case, "system-out").text = "\n".join(check.warnings)
    return case
