"""Screening: work out what each answer would do to the plan, and ask the few that change it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from competences.errors import MisuseError
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from matching.plan.plan import Plan
from matching.screening.answers import answer
from matching.screening.askable import Askable, askable
from matching.screening.question import Planner, Question, Screening

CHANGES = 1e-6
"""Own hours below this are no change."""


def screen(
    matcher: Planner, learner: LearnerProfile, goal: Goal | None = None, questions: int = 5, *, on: date | None = None,
    worked_out: int = 12, language: str = "nl",
) -> Screening:  # fmt: skip
    """The questions whose answers would change the plan's own hours most, in expectation; ties by what they change
    together with other answers, then by coverage.

    One plan is made as things stand and one for each answer that changes the profile, for at most `worked_out`
    competences. Where fewer answers than asked for change anything by themselves, each is also tried with all others
    yes. A goal in free text has no competences to ask about.
    """
    if questions < 1 or worked_out < 1:
        raise MisuseError(f"questions and worked_out are at least 1, not {questions} and {worked_out}")
    day = on or date.today()
    probe = _Probe(matcher, learner, goal, day, matcher.plan(learner, goal=goal, on=day))
    possible = askable(probe.now)
    found = [_question(one, probe, language) for one in possible[:worked_out]]
    if sum(one.expected_change > CHANGES for one in found) < min(questions, len(found)):
        found = _together(found, probe)
    ordered = sorted(found, key=_order)
    return Screening(learner, tuple(ordered[:questions]), probe.now, len(possible))


def _order(one: Question) -> tuple[float, float, float, str]:
    return -one.expected_change, -(one.together or 0.0), -abs(one.expected_coverage), one.competence


@dataclass(frozen=True)
class _Probe:
    """Plans under answers that nobody gave yet."""

    matcher: Planner
    learner: LearnerProfile
    goal: Goal | None
    on: date
    now: Plan

    def plan(self, answers: Mapping[Question | str, bool]) -> Plan:
        """An answer that says nothing new costs no plan."""
        profile = answer(self.learner, answers, on=self.on)
        if profile.claims == self.learner.claims:
            return self.now
        return self.matcher.plan(profile, goal=self.goal, on=self.on)


def _question(one: Askable, probe: _Probe, language: str) -> Question:
    label = probe.now.person.label(one.competence, language)
    blank = Question(one.competence, label, one.level, one.probability, 0.0, 0.0, 0.0, 0.0, 0.0)
    yes, no = probe.plan({blank: True}), probe.plan({blank: False})
    now, likely = probe.now, one.probability
    return replace(
        blank,
        hours_if_yes=yes.own_hours,
        hours_if_no=no.own_hours,
        expected_change=expected(likely, abs(yes.own_hours - now.own_hours), abs(no.own_hours - now.own_hours)),
        expected_saved=expected(likely, now.own_hours - yes.own_hours, now.own_hours - no.own_hours),
        expected_coverage=expected(likely, yes.coverage - now.coverage, no.coverage - now.coverage),
    )


def expected(probability: float, if_yes: float, if_no: float) -> float:
    """The mean over both answers."""
    return probability * if_yes + (1 - probability) * if_no


def _together(found: Sequence[Question], probe: _Probe) -> list[Question]:
    """Each question with what it changes once all the others are yes: n + 1 plans more."""
    everything: dict[Question | str, bool] = dict.fromkeys(found, True)
    hours = probe.plan(everything).own_hours
    return [
        replace(
            one,
            together=one.probability
            * abs(probe.plan({other: True for other in found if other is not one}).own_hours - hours),
        )
        for one in found
    ]
