"""Whom each offer reaches (F-07): somebody of a population, or nobody, with the rules that keep it from everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from competences.errors import MisuseError, expect_each
from competences.records.learners import LearnerProfile
from matching.matcher import Matcher
from matching.query.conflict import rule_of
from matching.query.demand import day_of
from matching.query.excluded import Excluded
from matching.query.person import Person
from matching.query.why_not import failing

NO_GAIN, VARIANT = "no_gain", "variant"


@dataclass(frozen=True)
class OfferReach:
    """One offer before a population."""

    offer_id: str
    title: str
    reached: int
    """Learners to whom `match` can propose it."""
    wanted: int
    """Learners to whose goal it adds something, whether or not they can follow it."""
    rules: Mapping[str, int] = field(default_factory=dict)
    """Where it reaches nobody: rule → how many of those who want it the rule keeps out, most first."""


@dataclass(frozen=True)
class Reach:
    """Every offer of a catalogue, in order of id."""

    on: date
    learners: int
    offers: Sequence[OfferReach]

    @property
    def unreached(self) -> tuple[OfferReach, ...]:
        """What `match` proposes to nobody, the most wanted first."""
        nobody = [one for one in self.offers if not one.reached]
        return tuple(sorted(nobody, key=lambda one: (-one.wanted, one.offer_id)))

    @property
    def rules(self) -> Mapping[str, int]:
        """Rule → how many offers that reach nobody it keeps from somebody, most first."""
        return _most_first(Counter(rule for one in self.unreached for rule in one.rules))


def reach(matcher: Matcher, learners: Iterable[LearnerProfile], *, on: date | None = None) -> Reach:
    """Each offer with the number of learners that it reaches, or with the rules that block it. Each learner's own goal
    counts, on one day (today). Nobody at all, and a learner without a goal, is a `MisuseError`."""
    people, day, offers = expect_each(learners, LearnerProfile, "learners"), day_of(on), matcher.offers
    if not people:
        raise MisuseError("a reach report needs one learner at least")
    reached, wanted = np.zeros(len(offers), np.int64), np.zeros(len(offers), np.int64)
    for learner in people:
        person = matcher.person(learner, on=day)
        proposed = np.ones(len(offers), bool)
        proposed[list(Excluded(person).rows)] = False
        reached += proposed
        wanted += person.gains > 0
    blocked = np.flatnonzero((reached == 0) & (wanted > 0))
    rules = _rules(matcher, people, day, blocked.tolist())
    return Reach(
        day, len(people),
        [
            OfferReach(
                offer.id, offer.title, int(reached[row]), int(wanted[row]),
                rules.get(row, {} if reached[row] else {NO_GAIN: len(people)}),
            )
            for row, offer in enumerate(offers)
        ],
    )  # fmt: skip


def _rules(
    matcher: Matcher, people: Iterable[LearnerProfile], on: date, rows: Sequence[int]
) -> dict[int, Mapping[str, int]]:
    """Row → rules that keep out the learners to whose goal the offer adds something."""
    found: dict[int, Counter[str]] = {row: Counter() for row in rows}
    for learner in people if rows else ():
        person = matcher.person(learner, on=on)
        for row, counted in found.items():
            if person.gains[row] > 0:
                counted.update(_blocking(person, row))
    return {row: _most_first(counted) for row, counted in found.items()}


def _blocking(person: Person, row: int) -> set[str]:
    """Every rule of the run that comes closest; where none is left, a shorter variant is proposed instead."""
    return {rule_of(reason.code) for reason in failing(person, row, person.run_row(row))} or {VARIANT}


def _most_first(counted: Counter[str]) -> Mapping[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
