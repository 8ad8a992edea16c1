"""The hunt for mutants: each is to be rejected by some check."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.audit.bench import Bench, module_of
from autograder.audit.mutants import Mutant
from autograder.audit.targets import Target
from autograder.checks import Check
from autograder.wall.replies import StudentError

INPUTS = 1000
"""Random inputs on which an equivalent mutant gives what the reference gives."""
SLOWEST = 10.0
LEAST_SECONDS = 0.25
"""A mutant may take so many times as long as the reference, and at least so long."""

Seed = Callable[[Check], int]


@dataclass
class Catch:
    """What became of mutants; those in neither set have survived so far.

    ``calling`` names the checks that call a target.
    """

    rejected: set[Mutant] = field(default_factory=set)
    equivalent: set[Mutant] = field(default_factory=set)
    calling: dict[Target, list[str]] = field(default_factory=dict)

    def add(self, other: Catch) -> None:
        """Take in what another hunt has caught."""
        self.rejected |= other.rejected
        self.equivalent |= other.equivalent
        for target, names in other.calling.items():
            self.calling[target] = list(dict.fromkeys([*self.calling.get(target, []), *names]))

    def left(self, mutants: Iterable[Mutant]) -> list[Mutant]:
        """Return the mutants that nothing has rejected yet."""
        return [m for m in mutants if m not in self.rejected and m not in self.equivalent]


class Hunt:
    """The hunt with some checks on one bench.

    Parameters
    ----------
    bench : Bench
    checks : sequence of Check
    seed : callable
        Gives the seed of a check.
    """

    def __init__(self, bench: Bench, checks: Sequence[Check], seed: Seed) -> None:
        self.bench = bench
        self.checks = checks
        self.seed = seed
        self.seconds: dict[str, float] = {}

    def run(self, mutants: Mapping[Target, Sequence[Mutant]]) -> Catch:
        """Try all mutants of all targets on the checks that call them."""
        caught = Catch(calling=self._calls(list(mutants)))
        for target, group in mutants.items():
            names = caught.calling.get(target, [])
            checks = [check for check in self.checks if check.name in names]
            checks.sort(key=lambda check: self.seconds[check.name])
            if checks:
                self._try(group, checks, caught)
        return caught

    def _calls(self, targets: list[Target]) -> dict[Target, list[str]]:
        """Run the reference once: how long each check takes, and what it calls."""
        calling: dict[Target, list[str]] = {}
        for check in self.checks:
            begin = time.monotonic()
            self.bench.outcome(check, self.seed(check))
            self.seconds[check.name] = time.monotonic() - begin
            self.bench.ask("watch", [(module_of(target), target.name) for target in targets])
            self.bench.outcome(check, self.seed(check))
            for index in self.bench.ask("watched"):
                calling.setdefault(targets[index], []).append(check.name)
        return calling

    def _try(self, group: Sequence[Mutant], checks: Sequence[Check], caught: Catch) -> None:
        suspects = self._not_rejected(checks, group)
        if not all(map(self._passes, checks)):
            # A mutant has left something behind: each gets a worker of its own.
            suspects = self._not_rejected(checks, group, afresh=True)
            self.bench.discard()
        caught.rejected |= set(group) - set(suspects)
        if suspects:
            self._record(suspects[0].target, checks)
            caught.equivalent |= {mutant for mutant in suspects if self._equivalent(mutant)}

    def _not_rejected(
        self, checks: Sequence[Check], mutants: Sequence[Mutant], *, afresh: bool = False
    ) -> list[Mutant]:
        suspects = []
        for mutant in mutants:
            if afresh:
                self.bench.discard()
            try:
                with self.bench.patched(mutant.target, mutant.source):
                    passed = all(map(self._passes, checks))
            except StudentError:
                passed = False  # its def line itself raises
                self.bench.discard()
            if passed:
                suspects.append(mutant)
        return suspects

    def _passes(self, check: Check) -> bool:
        seconds = max(LEAST_SECONDS, SLOWEST * self.seconds[check.name])
        return self.bench.outcome(check, self.seed(check), seconds=seconds).status == "passed"

    def _record(self, target: Target, checks: Sequence[Check]) -> None:
        """Keep the arguments of the calls that the checks make."""
        self.bench.ask("record", module_of(target), target.name)
        for check in checks:
            self.bench.outcome(check, self.seed(check))
        self.bench.ask("stop_recording")

    def _equivalent(self, mutant: Mutant) -> bool:
        """Whether random inputs, like those of the checks but wider, show no difference."""
        target = mutant.target
        try:
            compared, differs = self.bench.ask(
                "difference", module_of(target), target.name, mutant.source, INPUTS, 1
            )
        except StudentError:
            return False
        return bool(compared >= INPUTS and not differs)
