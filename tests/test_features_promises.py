"""What the features promise a person, as properties of small worlds: hours, paces, windows, unknowns, languages."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from competences.encoders.protocol import Encoder
from competences.records.competence import Competence
from competences.records.hours import PERIOD_HOURS
from competences.records.io import read_competences, read_offers
from competences.records.learners import LearnerProfile
from competences.records.offers import Access, DeliveryMode, LearningOffer
from competences.records.roles import Goal
from competences.taxonomy.taxonomy import Taxonomy
from matching.matcher import Matcher
from matching.query.unknown import unknown_conditions
from matching.settings import Settings
from oracle import Oracle
from oracle_days import runs_of
from plan_worlds import PlanWorld, plan_worlds
from strategies import TODAY, World, few, worlds
from test_time_variants import FAST, PACES, READS, learner, matcher
from test_why_not import _shifted as shifted
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
DATASETS = Path(__file__).parents[1] / "datasets"


# F-01: nothing that does not fit, and all that does


@given(worlds(), st.integers(1, 6))
def test_k_offers_come_back_whenever_k_are_eligible(world: World, k: int) -> None:
    found = Matcher.from_offers(world.offers, encoder=TOY, settings=Settings(one_variant=False))
    oracle = Oracle(world.offers, TOY, Settings())
    for person in world.learners:
        eligible = {
            of.id for of in world.offers
            if oracle.gain(of, person, TODAY) > 0
            and any(not oracle.failing(of, run, person, TODAY) for run in runs_of(of))
        }  # fmt: skip
        ids = [match.offer_id for match in found.match(person, k, on=TODAY)]
        assert len(ids) == len(set(ids)) == min(k, len(eligible))
        assert set(ids) <= eligible


@given(worlds())
def test_the_hours_of_every_proposal_fit_a_week_and_the_whole(world: World) -> None:
    found, oracle = Matcher.from_offers(world.offers, encoder=TOY), Oracle(world.offers, TOY, Settings())
    for person in world.learners:
        if person.budget is None or person.budget.hours_per_week is None:
            continue
        for match in found.match(person, 99, on=TODAY):
            of = next(one for one in world.offers if one.id == match.offer_id)
            run = next(one for one in runs_of(of) if (one.id if one else None) == match.run_id)
            load = oracle.load(of, run)
            assert load is None or load[0] <= person.budget.hours_per_week + 1e-9
            assert match.own_hours <= oracle.hours_to_horizon(person, TODAY) + 1e-9


# F-03: the shortest pace that one can follow


@given(st.booleans(), st.booleans(), st.booleans(), st.none() | st.floats(1, 20))
def test_a_pace_is_never_beyond_a_person_and_never_slower_than_needed(
    reads: bool, fast: bool, needs_literacy: bool, per_week: float | None
) -> None:
    can = [name for name, known in ((READS, reads), (FAST, fast)) if known]
    who = learner(*can, hours_per_week=per_week, needs=("low_literacy",) if needs_literacy else ())
    possible = [
        of for of in PACES
        if {asked.competence for asked in of.entry} <= set(can)
        and not (needs_literacy and of.access.low_literacy is False)
        and (per_week is None or of.time.teaching_periods * PERIOD_HOURS / of.time.weeks <= per_week + 1e-9)
    ]  # fmt: skip
    found = [match.offer_id for match in _paces().match(who, on=TODAY)]
    assert found == [min(possible, key=lambda of: of.time.teaching_periods).id for _ in possible[:1]]


@cache
def _paces() -> Matcher:
    return matcher()


# F-16: windows


@given(plan_worlds(max_offers=5), st.integers(1, 60))
@few
def test_shifting_the_window_shifts_the_plan(world: PlanWorld, weeks: int) -> None:
    """By 52 weeks the weekdays stay the same and no holiday is asked for: every step moves along, and nothing else."""
    later = Matcher.from_offers([shifted(of) for of in world.offers], encoder=TOY)
    plan = Matcher.from_offers(world.offers, encoder=TOY).plan(world.learner, on=TODAY)
    after = later.plan(shifted(world.learner), on=TODAY + timedelta(weeks=52))
    assert plan.status == after.status
    year = timedelta(weeks=52)
    assert [(s.offer_id, s.start + year, s.end + year) for s in plan.steps] == [
        (s.offer_id, s.start, s.end) for s in after.steps
    ]
    for step in plan.steps:
        assert within(world.learner, step.start, step.end)


def within(person: LearnerProfile, start: date, end: date) -> bool:
    """No step begins before or ends after the window, nor lies wholly in a pause."""
    budget = person.budget
    if budget is None:
        return True
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    is_open = any(not any(pause.start <= day <= pause.end for pause in budget.pauses) for day in days)
    early = start < max(TODAY, budget.not_before or TODAY)
    late = budget.deadline is not None and end > budget.deadline
    return is_open and not early and not late


# Unknown is not "no"

SILENT = {
    "languages": None, "modes": None, "max_price": None, "max_travel_km": None, "max_travel_minutes": None,
    "digital_skill": None, "vks_level": None, "has_host": None, "region": None, "status": None, "home": None,
}  # fmt: skip
MUTE = {"language": None, "mode": None, "price": None, "place": None, "access": Access(), "runs": ()}


@given(worlds(max_learners=1), st.sets(st.sampled_from(sorted(SILENT)), min_size=1))
def test_what_a_person_does_not_say_keeps_nothing_out_and_is_shown(world: World, silent: set[str]) -> None:
    (person,) = world.learners
    quiet = person.model_copy(update={name: SILENT[name] for name in silent})
    found = Matcher.from_offers(world.offers, encoder=TOY, settings=Settings(one_variant=False))
    before = found.match(person, 99, on=TODAY)
    after = {match.offer_id: match for match in found.match(quiet, 99, on=TODAY)}
    assert {match.offer_id for match in before} <= after.keys()
    for offer_id, match in after.items():
        of = next(one for one in world.offers if one.id == offer_id)
        asked = {
            "language_level": "languages" in silent and of.access.language is not None,
            "digital_skill": "digital_skill" in silent and of.access.digital_skill is not None,
            "vks_level": "vks_level" in silent and of.access.vks_level is not None,
            "region": "region" in silent and of.access.regions is not None,
            "status": "status" in silent and of.access.statuses is not None,
            "host": "has_host" in silent and of.access.host_required,
            "home": "home" in silent and of.mode is not DeliveryMode.ONLINE
            and (quiet.max_travel_km, quiet.max_travel_minutes) != (None, None),
        }  # fmt: skip
        assert {name for name, is_asked in asked.items() if is_asked} <= set(match.unknown)


@given(worlds(max_learners=1), st.sets(st.sampled_from(sorted(MUTE)), min_size=1))
def test_what_an_offer_does_not_say_keeps_nobody_out_and_is_shown(world: World, mute: set[str]) -> None:
    (person,) = world.learners
    quiet = [of.model_copy(update={name: MUTE[name] for name in mute}) for of in world.offers]
    settings_ = Settings(one_variant=False)
    found = Matcher.from_offers(quiet, encoder=TOY, settings=settings_).match(person, 99, on=TODAY)
    codes = {
        "language": {"language"}, "mode": {"mode"}, "price": {"price"}, "place": set(), "runs": {
            "full", "enrol_by", "started", "sessions"},
        "access": {"digital_skill", "vks_level", "needs", "region", "status"},
    }  # fmt: skip
    gone = set().union(*(codes[name] for name in mute))
    for offer_id, reasons in found.excluded.items():
        assert not {reason.code for reason in reasons} & gone, offer_id
    for match in found:
        assert ("price" in match.unknown) or "price" not in mute
        of = next(one for one in quiet if one.id == match.offer_id)
        assert ("dates" in match.unknown) == (not of.open_entry and not _dated(of, match.run_id)) or "runs" not in mute
        assert match.unknown == unknown_conditions(of, _run(of, match.run_id), person)


def _run(of: LearningOffer, run_id: str | None) -> object:
    return next(run for run in runs_of(of) if (run.id if run else None) == run_id)


def _dated(of: LearningOffer, run_id: str | None) -> bool:
    run = _run(of, run_id)
    return run is not None and (run.start is not None or bool(run.dates))


# F-29: the same competence in two languages


def test_a_goal_in_english_finds_what_it_finds_in_dutch(encoder: Encoder) -> None:
    """Of the ten best for a Dutch label, more than half are among the ten best for the English one, over all
    competences of the demo world; for a French one too. Three in a hundred labels may share nothing."""
    competences = list(read_competences(DATASETS / "competences.jsonl"))
    found = Matcher.from_offers(
        read_offers(DATASETS / "offers.jsonl"), encoder=encoder, taxonomy=Taxonomy.from_competences(competences)
    )
    shares = {language: [_shared(found, one, language) for one in competences] for language in ("en", "fr")}
    for language, each in shares.items():
        assert np.mean(each) >= 0.55, language
        assert np.mean(np.array(each) == 0) <= 0.03, language


def _shared(found: Matcher, one: Competence, language: str) -> float:
    person = LearnerProfile(id="l")
    dutch, other = (
        {match.offer_id for match in found.match(person, 10, goal=Goal(text=one.labels[name]), on=TODAY)}
        for name in ("nl", language)
    )
    return len(dutch & other) / len(dutch)
