"""Draws: what a mutant earns must not depend on the seed, which differs from student to student."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.audit.bench import Bench, module_of
from autograder.audit.mutants import Mutant
from autograder.audit.targets import Target
from autograder.checks import Check, Outcome
from autograder.checks.run import DEADLY
from autograder.wall.replies import StudentError

SLOW = 0.2
"""A check that takes the reference longer, in seconds, trains something, and is not drawn."""
SLOWEST = 20.0
LEAST_SECONDS = 1.0
"""A mutant may take so many times as long as the reference, and at least so long."""
MEASURES = "expect_faster_than"
"""A check that calls it measures times, which do not depend on a seed."""

Earned = dict[str, list[float]]
"""By check, the share of its points under each seed."""


@dataclass
class Drawn:
    """What came of drawing.

    Attributes
    ----------
    tried : set of Mutant
    varying : dict of Mutant to Earned
        Those whose share differs, with the checks by which it does.
    left_out : set of str
        Checks that were not drawn.
    """

    tried: set[Mutant] = field(default_factory=set)
    varying: dict[Mutant, Earned] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    def add(self, other: Drawn) -> None:
        """Take in what was drawn elsewhere."""
        self.tried |= other.tried
        self.left_out |= other.left_out
        for mutant, earned in other.varying.items():
            self.varying.setdefault(mutant, {}).update(earned)


class Drawing:
    """Mutants tried under several seeds on one bench.

    Parameters
    ----------
    bench : Bench
    checks : sequence of Check
        In the order in which they are graded.
    seeds : callable
        Gives the seeds of a check, one for each student.
    """

    def __init__(
        self, bench: Bench, checks: Sequence[Check], seeds: Callable[[Check], Sequence[int]]
    ) -> None:
        self.bench = bench
        self.checks = checks
        self.seeds = seeds
        self.seconds: dict[str, float] = {}

    def run(self, mutants: Mapping[Target, Sequence[Mutant]]) -> Drawn:
        """Try all mutants of all targets on the checks that call them."""
        drawn = Drawn()
        calling = self._calls(list(mutants), drawn)
        for target, group in mutants.items():
            checks = [check for check in self.checks if target in calling[check.name]]
            drawn.tried |= set(group if checks else ())
            for mutant in group if checks else ():
                if earned := self._varying(mutant, checks):
                    drawn.varying[mutant] = earned
        return drawn

    def _calls(self, targets: list[Target], drawn: Drawn) -> Mapping[str, list[Target]]:
        """Run the reference: what each check calls that is drawn, and how long it takes."""
        calling: dict[str, list[Target]] = defaultdict(list)
        watched = [(module_of(target), target.name) for target in targets]
        for check in self.checks:
            seed = self.seeds(check)[0]
            self.seconds[check.name] = self._seconds(check, seed)
            if self.seconds[check.name] > SLOW or MEASURES in check.function.__code__.co_names:
                drawn.left_out.add(check.name)
                continue
            self.bench.ask("watch", watched)
            self.bench.outcome(check, seed)
            calling[check.name] = [targets[index] for index in self.bench.ask("watched")]
        return calling

    def _seconds(self, check: Check, seed: int) -> float:
        """Return how long a check takes the reference: the least of three, if it seems slow."""
        least = math.inf
        for _ in range(3):
            begin = time.monotonic()
            self.bench.outcome(check, seed)
            least = min(least, time.monotonic() - begin)
            if least <= SLOW:
                break
        return least

    def _varying(self, mutant: Mutant, checks: Sequence[Check]) -> Earned:
        """Return what a mutant earns under each seed, by the checks where that differs."""
        if not _differing(self._earned(mutant, checks)):
            return {}
        self.bench.discard()  # another mutant may have left something behind
        earned = _differing(self._earned(mutant, checks))
        self.bench.discard()
        return earned

    def _earned(self, mutant: Mutant, checks: Sequence[Check]) -> Earned:
        try:
            with self.bench.patched(mutant.target, mutant.source):
                return self._shares(checks)
        except StudentError:
            self.bench.discard()
            return {}  # its def line itself raises

    def _shares(self, checks: Sequence[Check]) -> Earned:
        """Grade under each seed: a check knows what came of those before it."""
        earned: Earned = defaultdict(list)
        before: dict[int, dict[str, Outcome]] = defaultdict(dict)
        for check in checks:
            for number, seed in enumerate(self.seeds(check)):
                outcome = self.bench.outcome(
                    check,
                    seed,
                    seconds=max(LEAST_SECONDS, SLOWEST * self.seconds[check.name]),
                    before=before[number],
                    course_seed=self.seeds(check)[0],
                )
                before[number][check.name] = outcome
                earned[check.name].append(outcome.fraction)
                if outcome.cause in DEADLY and number == 0:
                    break  # it hangs whatever is drawn
        return earned


def _differing(earned: Earned) -> Earned:
    return {name: shares for name, shares in earned.items() if max(shares) - min(shares) > 1e-9}
