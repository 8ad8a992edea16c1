"""Known mistakes: a student who makes one that the course has seen before is told so.

``mistakes.toml`` beside ``checks.py`` holds each as a change to the reference.
Where a check fails, the reference with that change takes the check too, with
the student's seed and behind the wall; if it gives, value for value, what the
student's code gave, that is the mistake.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations, islice, product
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from autograder.checks.handle import opaque
from autograder.checks.kept import CUT
from autograder.checks.outcome import CaseRun, CheckRun, Trace, Traces
from autograder.checks.reference import code_cells
from autograder.checks.registry import Check
from autograder.checks.session import Given
from autograder.course.folder import Assignment
from autograder.course.toml import read_table
from autograder.errors import InstructorError
from autograder.kit.explain import compare
from autograder.kit.numeric import Array

FILE = "mistakes.toml"
MOST_PAIRS = 60
"""Versions of two changes that a failed check is compared with; each takes milliseconds."""
_UNBOUND = re.compile(
    r"(?:NameError: name|UnboundLocalError: cannot access local variable) '(\w+)' "
)
"""What is raised where a name is used that nothing was bound to."""

Text = Annotated[str, Field(min_length=1)]


class Change(BaseModel):
    """A change in one place of the reference.

    Attributes
    ----------
    checks : tuple of str
        The checks that it is for: of modules for a module, else those of the notebook.
    file : str
        The module, as ``cs_lib/optim.py``, or the notebook, as ``tiny.ipynb``.
    old, new : str
        What stands there in the reference, once, and what stands there instead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    checks: Annotated[tuple[str, ...], Field(min_length=1)]
    file: str
    old: Text
    new: str


class Convention(Change):
    """Another form of the reference that the checks accept; mistakes are made in it, too."""


class KnownMistake(Change):
    """A mistake; it fails its checks.

    Attributes
    ----------
    says : str
        What the student reads; no expected value.
    """

    says: Text


@dataclass(frozen=True)
class Version:
    """The reference with changes made in it, and what the student reads of them."""

    changes: tuple[Change, ...]

    @property
    def says(self) -> list[str]:
        """The sentences of its mistakes."""
        return [change.says for change in self.changes if isinstance(change, KnownMistake)]

    def made(self, text: str) -> str:
        """Return the text of a file or cell with all changes made in it."""
        for change in self.changes:
            text = text.replace(change.old, change.new)
        return text

    def made_in(self, modules: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the reference's modules with the changes made in those they are of."""
        made = dict(modules)
        for change in self.changes:
            if change.file in made:
                text = made[change.file].decode()
                made[change.file] = text.replace(change.old, change.new).encode()
        return made


@dataclass(frozen=True)
class Known:
    """What is known of an assignment: mistakes, conventions, and the texts they are made in."""

    mistakes: tuple[KnownMistake, ...] = ()
    conventions: tuple[Convention, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    _pairs: dict[str, list[Version]] = field(default_factory=dict, init=False, compare=False)
    """Of each check that has asked: to find them, their texts are parsed."""
    _named: dict[str, bool] = field(default_factory=dict, init=False, compare=False)
    """Whether the texts have a name, of each that was asked for."""

    def versions(self, check: str) -> Iterator[Version]:
        """Yield what to compare a failed check with, the likeliest first.

        Each mistake alone, then each in every accepted convention, then two at a time.
        """
        yield from (Version((mistake,)) for mistake in self.mistakes if check in mistake.checks)
        if check not in self._pairs:
            self._pairs[check] = list(islice(self._paired(check), MOST_PAIRS))
        yield from self._pairs[check]

    def may_raise(self, version: Version, raised: str) -> bool:
        """Whether a version may end in an exception; one that lacks a name has it in its text."""
        unbound = _UNBOUND.match(raised)
        if unbound is None:
            return True
        name = unbound[1]
        if name not in self._named:
            self._named[name] = any(name in text for text in self.texts.values())
        changed = {change.file for change in version.changes}
        return self._named[name] or any(name in version.made(self.texts[file]) for file in changed)

    def _paired(self, check: str) -> Iterator[Version]:
        """Yield two changes at a time, at least one of them a mistake."""
        mistakes = [mistake for mistake in self.mistakes if check in mistake.checks]
        conventions = [item for item in self.conventions if check in item.checks]
        pairs: list[tuple[Change, Change]] = list(product(conventions, mistakes))
        pairs += [pair for pair in combinations(mistakes, 2) if pair[0].says != pair[1].says]
        yield from (version for pair in pairs if (version := self._both(*pair)) is not None)

    def _both(self, first: Change, second: Change) -> Version | None:
        """Make two changes in the order in which both fit, None where they do not."""
        for one, other in ((first, second), (second, first)):
            text = self.texts[other.file]
            if one.file == other.file:
                text = text.replace(one.old, one.new)
            if text.count(other.old) == 1 and _is_python(text.replace(other.old, other.new)):
                return Version((one, other))
        return None


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    mistake: tuple[KnownMistake, ...] = ()
    convention: tuple[Convention, ...] = ()


TakeCheck = Callable[[Version, Traces], Traces]
"""Lets the reference with a known mistake take those cases of a check that have a trace.

Each case ends where it gives another value than its trace has.
"""


def read_mistakes(
    assignment: Assignment, checks: Iterable[Check], modules: Mapping[str, bytes]
) -> Known:
    """Read an assignment's known mistakes; none where there is no file.

    Parameters
    ----------
    checks : iterable of Check
        All of the assignment.
    modules : dict of str to bytes
        Those of the reference.

    Raises
    ------
    InstructorError
        Something in the file does not fit the reference or the checks.
    """
    path = assignment.folder / FILE
    shown = assignment.course.shown(path)
    try:
        listed = read_table(path, _File, shown=shown, keys="docs/add_a_check.md")
    except FileNotFoundError:
        return Known()
    texts = {file: content.decode() for file, content in modules.items()}
    texts |= {
        f"{name}.ipynb": "\n\n".join(code_cells(notebook))
        for name, notebook in assignment.sources.items()
    }
    places = {item.name: _place(item) for item in checks}
    problems = [
        f"{shown}, {kind} {number}: {problem}"
        for kind, number, change in _numbered(listed)
        for problem in _problems(change, places, texts)
    ]
    if problems:
        raise InstructorError("\n".join(problems))
    return Known(listed.mistake, listed.convention, texts)


def _numbered(listed: _File) -> Iterator[tuple[str, int, Change]]:
    yield from (("mistake", number, item) for number, item in enumerate(listed.mistake, start=1))
    yield from (("convention", n, item) for n, item in enumerate(listed.convention, start=1))


def mistakes_said(assignment: Assignment) -> list[str]:
    """Return what an assignment's known mistakes say, for who counts them."""
    path = assignment.folder / FILE
    try:
        found = read_table(
            path, _File, shown=assignment.course.shown(path), keys="docs/add_a_check.md"
        )
    except FileNotFoundError:
        return []
    return [mistake.says for mistake in found.mistake]


def _place(item: Check) -> str:
    """Return the notebook whose code a check is about, "" for a check of modules."""
    return f"{item.cell.notebook}.ipynb" if item.uses_notebook and item.cell else ""


def _problems(
    mistake: Change, places: Mapping[str, str], texts: Mapping[str, str]
) -> Iterable[str]:
    if mistake.file not in texts:
        yield f'file: expected "cs_lib/NAME.py" or "NAME.ipynb", got "{mistake.file}".'
        return
    wanted = mistake.file if mistake.file.endswith(".ipynb") else ""
    there = [name for name, place in places.items() if place == wanted]
    for name in mistake.checks:
        if name not in there:
            of = f"code in {wanted}" if wanted else "modules"
            yield f'checks: expected checks of {of}, got "{name}". There are: {", ".join(there)}.'
    if "NotImplementedError" in mistake.new:
        yield "new: expected a mistake, got NotImplementedError. That is told anyway."
    text = texts[mistake.file]
    if text.count(mistake.old) != 1:
        yield (
            f"old: expected text that stands in {mistake.file} once, found it "
            f"{text.count(mistake.old)} times. Make it fit the reference."
        )
        return
    try:
        ast.parse(text.replace(mistake.old, mistake.new))
    except SyntaxError as error:
        yield f"new: expected Python, got a syntax error: {error.msg}."


def recognised(ran: CheckRun, known: Known, check: str, take: TakeCheck) -> CheckRun:
    """Say of each case that failed by a known mistake what mistake it is.

    Parameters
    ----------
    ran : CheckRun
        The check on the student's code.
    known : Known
        The mistakes that it is compared with.
    check : str
        Its name.
    take : callable
        Lets the reference with a known mistake take the check.
    """
    told = {name: case.outcome for name, case in ran.cases.items() if _is_open(case)}
    waiting = {name: ran.traces[name] for name in told}
    if not waiting:
        return ran
    for version in known.versions(check):
        likely = {
            k: trace for k, trace in waiting.items() if known.may_raise(version, trace.raised)
        }
        for name in _that_agree(likely, partial(take, version)) if likely else ():
            lines = told[name].explanations if told[name].cause else []
            told[name] = replace(told[name], explanations=[*version.says, *lines])
            del waiting[name]
        if not waiting:
            break
    return ran.judged(told)


def _that_agree(waiting: Traces, take: Callable[[Traces], Traces]) -> list[str]:
    """Return the cases in which a version gives what the submission gave.

    Of those that raised the same before anything was given, one is tried before all others.
    """
    alike: dict[object, list[str]] = {}
    for name, trace in waiting.items():
        alike.setdefault(name if trace.given else (trace.raised,), []).append(name)
    first = {names[0]: waiting[names[0]] for names in alike.values()}
    found = {name for name, trace in take(first).items() if _same(waiting[name], trace)}
    others = [name for names in alike.values() if names[0] in found for name in names[1:]]
    if others:
        taken = take({name: waiting[name] for name in others})
        found |= {name for name, trace in taken.items() if _same(waiting[name], trace)}
    return [name for name in waiting if name in found]


def _is_open(case: CaseRun) -> bool:
    """Whether it may be a known mistake: what is still to do is none.

    A hang or a crash gives no values that could be compared.
    """
    outcome = case.outcome
    if case.trace.raised.startswith("still to do: "):
        return False
    return outcome.status in ("failed", "partial") and outcome.cause in (None, "exception")


def _same(mine: Trace, mistaken: Trace) -> bool:
    """Whether all values agree up to where the known mistake fails the check.

    A failure is looked into by further calls, so that the student's trace may be longer. A value
    that is NaN or infinite for the most part tells no mistake from another.
    """
    if mistaken.passed or mine.raised != mistaken.raised:
        return False
    if not mistaken.given:
        return bool(mistaken.raised)
    return agrees(mine, mistaken.given) and _is_finite(opaque(mistaken.given[-1].value))


def _is_finite(value: object) -> bool:
    """Whether at least half of the numbers in a value are finite."""
    finite = [np.isfinite(array).ravel() for array in _arrays(value)]
    return not finite or bool(np.mean(np.concatenate(finite)) >= 0.5)


def _arrays(value: object) -> Iterator[Array]:
    """Go through the arrays of numbers in a value, numbers among them."""
    if isinstance(value, (Mapping, tuple, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _arrays(item)
    elif isinstance(value, (np.ndarray, np.number, float)):
        array = np.asarray(value)
        if array.size and array.dtype.kind in "fc":
            yield array


def agrees(mine: Trace, given: Sequence[Given]) -> bool:
    """Whether a submission has given a value like the last one, under the same name.

    Those before are taken to agree.
    """
    if len(mine.given) < len(given):
        return False
    own, other = mine.given[len(given) - 1], given[-1]
    if own.value is CUT or other.value is CUT:
        return False
    parts = compare(opaque(own.value), opaque(other.value), explain=False)
    return own.label == other.label and all(part.problem is None for part in parts)
