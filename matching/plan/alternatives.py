"""Other plans worth a look: each is best in one way, and none is beaten by another in every way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from matching.plan.exact import improve
from matching.plan.found import Found
from matching.plan.option import Option
from matching.plan.problem import Aim, Candidate, Problem

SHARE = 0.8
"""The part of the gain of the best plan that an alternative keeps."""
NEAR = 1e-6


class Strength(StrEnum):
    """What a plan is best in."""

    MOST_COVERAGE = "most_coverage"
    FEWEST_HOURS = "fewest_hours"
    CHEAPEST = "cheapest"
    FASTEST = "fastest"


@dataclass(frozen=True)
class Measure:
    """How a choice is compared: more gain is better, less of all else."""

    gain: float
    own_hours: float
    price: float
    finish: int

    def beats(self, other: Measure) -> bool:
        """At least as good in every way, and better in one."""
        mine, theirs = self._costs(), other._costs()
        no_worse = all(a <= b + NEAR for a, b in zip(mine, theirs, strict=True))
        return no_worse and any(a < b - NEAR for a, b in zip(mine, theirs, strict=True))

    def same(self, other: Measure) -> bool:
        return all(abs(a - b) <= NEAR for a, b in zip(self._costs(), other._costs(), strict=True))

    def _costs(self) -> tuple[float, ...]:
        return -self.gain, self.own_hours, self.price, float(self.finish)


def choices(problem: Problem, best: Found, *, share: float = SHARE) -> dict[Strength, Found]:
    """The best plan, and the plans that keep at least `share` of its gain (gates in full) with the fewest own hours,
    the lowest price, the earliest finish. A plan that another one beats or repeats is left out."""
    least = _least(problem, best, share)
    tie = 1e-3 / max(problem.all_open, 1e-9)
    aims = {
        Strength.FEWEST_HOURS: Aim(gain=tie, hours=1.0, least=least),
        Strength.CHEAPEST: Aim(gain=tie * 1e-2, hours=1e-3, price=1.0, least=least),
    }
    seconds = problem.person.generation.catalogue.settings.plan_seconds
    found = {Strength.MOST_COVERAGE: best}
    for strength, aim in aims.items():
        other = improve(replace(problem, aim=aim), best, seconds)
        found[strength] = best if other is None else other
    found[Strength.FASTEST] = _fastest(problem, found.values(), aims[Strength.FEWEST_HOURS], seconds)
    return _front(problem, found)


def measure(problem: Problem, found: Found) -> Measure:
    """Hours after leave, € as stated, the last day as an ordinal."""
    spent = sum(one.option.own_hours for one in found.placed.values())
    paid = min(problem.leave, sum(one.option.contact for one in found.placed.values()))
    finish = max((one.end for one in found.placed.values()), default=problem.weeks.first_day)
    return Measure(problem.gain(found.chosen), max(0.0, spent - paid), problem.price(found.chosen), finish)


def _least(problem: Problem, best: Found, share: float) -> float:
    """Prioritised gain to keep: that of the gates in full, and a share of the rest."""
    gates = problem.gain(best.chosen, problem.priorities * problem.gates)
    rest = problem.gain(best.chosen, problem.priorities * ~problem.gates)
    return max(0.0, gates + share * rest - NEAR)


def _fastest(problem: Problem, known: Iterable[Found], aim: Aim, seconds: float) -> Found:
    """The earliest week by which enough can be reached, by halving."""
    best = min(known, key=lambda one: (measure(problem, one).finish, measure(problem, one).own_hours))
    low, high = -1, problem.weeks.of(measure(problem, best).finish)
    while high - low > 1:
        week = (low + high) // 2
        sooner = improve(replace(until(problem, problem.weeks.ends(week)), aim=aim), None, seconds)
        if sooner is None:
            low = week
        else:
            best, high = sooner, min(week, problem.weeks.of(measure(problem, sooner).finish))
    return best


def until(problem: Problem, last: int) -> Problem:
    """The same problem, everything being over by that day; what has no place left then cannot be chosen."""
    options = problem.options.until(last)
    candidates = tuple(_limited(one, options.of(one.number)) for one in problem.candidates)
    return replace(problem, candidates=candidates, options=options, weeks=options.weeks)


def _limited(candidate: Candidate, options: tuple[Option, ...]) -> Candidate:
    """The same with fewer options; without any, nothing can come together with it."""
    return candidate._replace(
        least_hours=min((option.own_hours for option in options), default=0.0),
        leave_hours=max((option.contact for option in options), default=0.0),
        together=candidate.together if options else None,
    )


def _front(problem: Problem, found: dict[Strength, Found]) -> dict[Strength, Found]:
    measures = {strength: measure(problem, one) for strength, one in found.items()}
    kept: dict[Strength, Found] = {}
    for strength, one in found.items():
        beaten = any(other.beats(measures[strength]) for other in measures.values())
        if not beaten and not any(measures[strength].same(measures[other]) for other in kept):
            kept[strength] = one
    return kept
