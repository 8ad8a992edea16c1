"""The command line: which commands there are. What they do stands in the rooms behind them."""

import json
from typing import Annotated

import typer

from autograder.cli import author, grading, publishing
from autograder.cli.shown import console
from autograder.results import Result

app = typer.Typer(
    help="Release notebook assignments, and grade what comes back behind a process wall.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
PASSED_ON = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version  # seldom wanted

        try:
            print(f"autograder {version('autograder')}")
        except PackageNotFoundError:
            print("autograder, not installed: it runs from its folder")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


def schema() -> None:
    """Print the JSON schema of a result."""
    print(json.dumps(Result.model_json_schema(), indent=2))


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Say which sandbox level this machine gives, and why not a better one."""
    from autograder.cli.doctor import diagnose, rendered

    diagnosis = diagnose()
    if as_json:
        print(json.dumps(diagnosis.as_json(), indent=2))
    else:
        console.print(rendered(diagnosis))


for command in (
    author.release,
    grading.grade,
    grading.collect,
    publishing.feedback,
    grading.regrade,
    publishing.report,
    publishing.similar,
    publishing.export,
    publishing.copy_gradebook,
    author.audit,
    author.status,
    author.package,
    schema,
    author.init,
    author.new,
    doctor,
):
    app.command()(command)
app.command(name="import")(author.import_)
for passing in (author.datasets, author.lab):
    app.command(context_settings=PASSED_ON)(passing)
