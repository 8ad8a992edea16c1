"""The commands of the templates in docs/ci are commands that exist."""

import re
import shlex

import pytest
import yaml
from typer.main import get_command

from autograder.cli.app import app
from tests.tiny_course import ROOT


def commands(node):
    """Yield every shell text of a pipeline."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script", "before_script"):
                yield from value if isinstance(value, list) else [value]
            else:
                yield from commands(value)
    elif isinstance(node, list):
        for item in node:
            yield from commands(item)


def autograder_calls(path):
    text = "\n".join(commands(yaml.safe_load(path.read_text()))).replace("\\\n", " ")
    return [
        shlex.split(line)[1:] for line in re.findall(r"^\s*(autograder .*)$", text, re.MULTILINE)
    ]


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_every_option_is_one_of_the_command(name):
    calls = autograder_calls(ROOT / "docs" / "ci" / name)
    assert [call[0] for call in calls] == ["doctor", "grade"]
    for call in calls:
        known = {
            option for parameter in get_command(app).commands[call[0]].params
            for option in parameter.opts
        }  # fmt: skip
        assert {word for word in call if word.startswith("--")} <= known


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_no_input_becomes_text_of_a_command(name):
    text = (ROOT / "docs" / "ci" / name).read_text()
    for command in commands(yaml.safe_load(text)):
        assert "${{ inputs" not in command
