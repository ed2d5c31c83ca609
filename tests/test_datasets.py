"""The demo world: it loads, every id leads somewhere, and it is as varied as its README says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from importlib.metadata import files, packages_distributions
from pathlib import Path

import pytest

from competences.records.base import Record
from competences.records.competence import Competence, Requirement
from competences.records.hours import Slot
from competences.records.io import read_competences, read_learners, read_offers, read_roles
from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode, LearningOffer, OfferKind, Run
from competences.records.roles import GoalKind, JobRole

WORLD = Path(__file__).parents[1] / "datasets"
COMPETENCES = {one.id: one for one in read_competences(WORLD / "competences.jsonl")}
ROLES = {one.id: one for one in read_roles(WORLD / "roles.jsonl")}
OFFERS = {one.id: one for one in read_offers(WORLD / "offers.jsonl")}
LEARNERS = {one.id: one for one in read_learners(WORLD / "learners.jsonl")}

EVENING = time(17)
LANGUAGES = {"nl", "en", "fr", "de"}
FREE_TEXT = 3
"""How many outcomes are words instead of an id, on purpose."""

KINDS: dict[str, Callable[[LearningOffer], bool]] = {
    "classroom by day": lambda o: o.mode is DeliveryMode.ONSITE and any(s.start < EVENING for s in slots(o)),
    "classroom in the evening": lambda o: o.mode is DeliveryMode.ONSITE and any(s.start >= EVENING for s in slots(o)),
    "online, self-paced": lambda o: o.mode is DeliveryMode.ONLINE and o.open_entry and not o.time.contact_hours,
    "blended": lambda o: o.mode is DeliveryMode.BLENDED,
    "dual": lambda o: bool(o.kind is OfferKind.COURSE and o.mode is DeliveryMode.WORKPLACE and o.paid and contact(o)),
    "on the job": lambda o: o.kind is OfferKind.WORKPLACE and bool(o.time.workplace_hours),
    "microcredential": lambda o: o.kind is OfferKind.MICROCREDENTIAL,
    "module": lambda o: o.kind is OfferKind.MODULE,
    "event": lambda o: o.kind is OfferKind.EVENT,
    "recognition route": lambda o: o.kind is OfferKind.RECOGNITION and bool(o.time.assessment_hours),
    "without dates": lambda o: not o.runs and not o.open_entry,
    "without hours": lambda o: not any(value is not None for value in o.time.model_dump().values()),
    "without outcomes": lambda o: not o.outcomes,
    "without a price": lambda o: o.price is None,
    "free": lambda o: o.price == 0,
    "in French": lambda o: o.language == "fr",
    "in English": lambda o: o.language == "en",
    "for job seekers only": lambda o: o.access.statuses == ("job_seeker",),
    "in Brussels only": lambda o: o.access.regions == ("brussels",),
    "with units": lambda o: bool(o.units),
    "with corequisites": lambda o: bool(o.corequisites),
    "prerequisites: one of several": lambda o: any(p.at_least == 1 < len(p.any_of) for p in o.prerequisites),
    "prerequisites: several of several": lambda o: any(p.at_least > 1 for p in o.prerequisites),
    "prerequisites: all of several": lambda o: len(o.prerequisites) > 1,
}
PEOPLE: dict[str, Callable[[LearnerProfile], bool]] = {
    **{
        status: (lambda one, status=status: one.status == status)
        for status in ("employee", "job_seeker", "self_employed", "volunteer", "student", "retired")
    },
    "newcomer": lambda one: bool(one.languages and one.languages.get("nl", 0) == 1),
    "A2 Dutch": lambda one: bool(one.languages and one.languages.get("nl", 0) == 2),
    "learns for joy": lambda one: bool(one.goal and one.goal.kind is GoalKind.JOY_OF_LEARNING),
    "goal in words": lambda one: bool(one.goal and one.goal.text),
    "few hours": lambda one: bool(one.budget and one.budget.hours_per_week and one.budget.hours_per_week <= 3),
    "no own hours": lambda one: bool(one.budget and one.budget.hours_per_week == 0),
    "unknown budget": lambda one: one.budget is None,
    "evenings only": lambda one: bool(
        one.budget and one.budget.slots and all(slot.start >= EVENING for slot in one.budget.slots)
    ),
    "no car": lambda one: one.transport is not None and one.transport.value == "public_transport",
    "wheelchair": lambda one: "wheelchair" in one.needs,
    "childcare": lambda one: "childcare" in one.needs,
    "credentials": lambda one: bool(one.credentials),
    "recognition candidate": lambda one: any(c.evidence and c.status.value == "identified" for c in one.claims),
}


def slots(offer: LearningOffer) -> Iterator[Slot]:
    return (slot for run in offer.runs for slot in run.slots or ())


def contact(offer: LearningOffer) -> float:
    return offer.time.contact_hours or (offer.time.teaching_periods or 0) * 50 / 60


def days(run: Run) -> tuple[date, ...]:
    return run.dates or tuple(day for day in (run.start, run.end) if day)


def references(one: Record) -> Iterator[str]:
    """Every competence id or text inside a record, however deep."""
    for value in dict(one).values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Record):
                yield from ([item.competence] if hasattr(item, "competence") else [])
                yield from references(item)


def taught(offers: Iterable[LearningOffer]) -> dict[str, float]:
    """Competence → the highest level that one of the offers teaches; infinity where an outcome has no level."""
    best: dict[str, float] = {}
    for offer in offers:
        for outcome in offer.outcomes:
            level = float("inf") if outcome.level is None else outcome.level
            best[outcome.competence] = max(best.get(outcome.competence, 0.0), level)
    return best


def unmet(requirements: Iterable[Requirement], best: dict[str, float]) -> list[str]:
    return [r.competence for r in requirements if best.get(r.competence, 0.0) < (r.level or 1e-9)]


def test_the_world_is_large_enough() -> None:
    sizes = [len(records) for records in (COMPETENCES, ROLES, OFFERS, LEARNERS)]
    assert all(size >= least for size, least in zip(sizes, (60, 20, 150, 20), strict=True)), sizes


def test_the_readme_states_the_sizes() -> None:
    text = (WORLD / "README.md").read_text(encoding="utf-8")
    stated = re.search(r"(\d+) competences, (\d+) roles, (\d+) offers and (\d+) learners", text)
    assert stated is not None
    assert [int(n) for n in stated.groups()] == [len(COMPETENCES), len(ROLES), len(OFFERS), len(LEARNERS)]


@pytest.mark.parametrize("record", [Competence, JobRole, LearningOffer, LearnerProfile])
def test_the_readme_describes_every_field(record: type[Record]) -> None:
    tables = (WORLD / "README.md").read_text(encoding="utf-8").split("### ")
    file = {Competence: "competences", JobRole: "roles", LearningOffer: "offers", LearnerProfile: "learners"}[record]
    table = next(part for part in tables if part.startswith(f"{file}.jsonl"))
    described = re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)
    assert described == [*dict.fromkeys(described)]
    assert set(described) == set(record.model_fields)


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_offers(kind: str) -> None:
    assert any(KINDS[kind](offer) for offer in OFFERS.values())


@pytest.mark.parametrize("kind", PEOPLE)
def test_there_are_people(kind: str) -> None:
    assert any(PEOPLE[kind](learner) for learner in LEARNERS.values())


@pytest.mark.parametrize("records", [ROLES, OFFERS, LEARNERS], ids=["roles", "offers", "learners"])
def test_competences_exist(records: dict[str, Record]) -> None:
    named = [(key, name) for key, one in records.items() for name in references(one)]
    assert len(named) > len(records) / 2
    broken = [(key, name) for key, name in named if name.startswith("c:") and name not in COMPETENCES]
    assert broken == []
    words = [name for _, name in named if not name.startswith("c:")]
    assert len(words) == (FREE_TEXT if records is OFFERS else 0), words


def test_offers_name_offers_that_exist() -> None:
    named = [
        (offer.id, name)
        for offer in OFFERS.values()
        for name in (
            *offer.corequisites,
            *offer.stackable_into,
            *(item for prerequisite in offer.prerequisites for item in prerequisite.any_of if isinstance(item, str)),
        )
    ]
    assert named
    assert [(offer, name) for offer, name in named if name not in OFFERS or name == offer] == []


def test_learners_and_roles_name_what_exists() -> None:
    goals = [one.goal.role for one in LEARNERS.values() if one.goal and isinstance(one.goal.role, str)]
    assert [goal for goal in goals if goal not in ROLES] == []
    assert [job for role in ROLES.values() if (job := role.job) is not None and job not in ROLES] == []
    assert [done for one in LEARNERS.values() for done in one.completed if done not in OFFERS] == []


def test_a_job_asks_the_union_of_its_roles() -> None:
    jobs = {role.job for role in ROLES.values() if role.job}
    assert jobs
    for job in jobs:
        asked: dict[str, float] = {}
        for role in ROLES.values():
            for one in role.requirements if role.job == job else ():
                asked[one.competence] = max(asked.get(one.competence, 0.0), one.level or 0.0)
        assert {one.competence: one.level or 0.0 for one in ROLES[job].requirements} == asked, job


@pytest.mark.parametrize("role", ROLES)
def test_a_role_can_be_learned(role: str) -> None:
    teaching = taught(offer for offer in OFFERS.values() if offer.kind is not OfferKind.RECOGNITION)
    assert ROLES[role].requirements
    assert unmet(ROLES[role].requirements, teaching) == []


def test_each_competence_is_taught_by_an_offer_that_does_not_expire() -> None:
    lasting = (o for o in OFFERS.values() if o.kind is not OfferKind.RECOGNITION and (o.open_entry or not o.runs))
    assert COMPETENCES.keys() - taught(lasting).keys() == set()


def test_competences_and_roles_are_named_in_four_languages() -> None:
    assert [one.id for one in COMPETENCES.values() if set(one.labels) != LANGUAGES] == []
    assert [one.id for one in ROLES.values() if set(one.titles) != LANGUAGES] == []
    assert [one.id for one in COMPETENCES.values() if one.labels["nl"] != one.label] == []
    labels = [one.label for one in COMPETENCES.values()]
    assert len(set(labels)) == len(labels)


def test_dutch_as_a_second_language_has_four_paces() -> None:
    for group in ("g:nt2-a1", "g:nt2-a2", "g:nt2-b1"):
        paces = {o.time.teaching_periods for o in OFFERS.values() if o.outcome_group == group}
        assert {600.0, 240.0, 120.0, 90.0} <= paces
    groups = {offer.outcome_group for offer in OFFERS.values() if offer.outcome_group}
    for group in groups:
        variants = [{x.competence: x.level for x in o.outcomes} for o in OFFERS.values() if o.outcome_group == group]
        assert len(variants) > 1
        assert set.intersection(*(set(one.items()) for one in variants)), f"{group} has no outcome in common"


def test_microcredentials_have_3_to_20_credits() -> None:
    credits = [o.time.ects for o in OFFERS.values() if o.kind is OfferKind.MICROCREDENTIAL]
    assert credits
    assert [ects for ects in credits if ects is None or not 3 <= ects <= 20] == []


def test_units_are_parts_of_their_offer() -> None:
    for offer in OFFERS.values():
        whole = {(outcome.competence, outcome.level) for outcome in offer.outcomes}
        parts = {(outcome.competence, outcome.level) for unit in offer.units for outcome in unit.outcomes}
        assert parts <= whole, offer.id
        hours = contact(offer) + (offer.time.self_study_hours or 0) + (offer.time.workplace_hours or 0)
        assert sum(unit.hours for unit in offer.units) <= max(hours, 30 * (offer.time.ects or 0)), offer.id


def test_sessions_take_place_on_the_days_of_the_slots() -> None:
    runs = [run for offer in OFFERS.values() for run in offer.runs]
    assert len(runs) > 300
    for run in runs:
        weekdays = {slot.weekday for slot in run.slots or ()}
        assert run.start is not None, run.id
        assert run.end is not None, run.id
        assert run.enrol_by is None or run.enrol_by <= run.start, run.id
        assert list(days(run)) == sorted(days(run)), run.id
        assert {run.start, run.end} >= {days(run)[0], days(run)[-1]}, run.id
        assert not weekdays or {day.weekday() for day in days(run)} <= {int(day) for day in weekdays}, run.id


def test_run_ids_belong_to_their_offer_and_occur_once() -> None:
    ids = [(offer.id, run.id) for offer in OFFERS.values() for run in offer.runs]
    assert [pair for pair in ids if not pair[1].startswith(f"{pair[0]}@")] == []
    assert len({run for _, run in ids}) == len(ids)


def test_runs_reach_over_three_years() -> None:
    years = {run.start.year for offer in OFFERS.values() for run in offer.runs if run.start}
    assert {2026, 2027, 2028} <= years


def test_places_are_known_and_online_offers_have_none() -> None:
    for offer in OFFERS.values():
        if offer.mode in (DeliveryMode.ONSITE, DeliveryMode.BLENDED):
            assert offer.place is not None, offer.id
        if offer.mode is DeliveryMode.ONLINE:
            assert (offer.place, offer.time.sessions) == (None, None), offer.id


def test_the_folder_holds_data_only() -> None:
    names = {path.name for path in WORLD.rglob("*") if path.is_file()}
    assert names == {"README.md", "competences.jsonl", "roles.jsonl", "offers.jsonl", "learners.jsonl"}


def test_an_installed_package_named_datasets_is_not_ours() -> None:
    assert "leermatch" not in packages_distributions().get("datasets", [])
    assert [path for path in files("leermatch") or () if path.parts[0] == "datasets"] == []
