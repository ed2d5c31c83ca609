"""Hypothesis strategies, named by what they make: small worlds in which everything happens."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from competences.records.claims import ClaimStatus, CompetenceClaim, Provenance
from competences.records.competence import Outcome, Requirement
from competences.records.hours import Period, Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile, Preferences
from competences.records.levels import CEFR
from competences.records.offers import Access, DeliveryMode, LearningOffer, OfferKind, Prerequisite, Run, Unit
from competences.records.places import Place, Transport
from competences.records.roles import Goal

EXAMPLES = int(os.environ.get("LEERMATCH_EXAMPLES", "60"))
"""Drawn for each property; many more: `make test-properties`."""
few = settings(max_examples=max(1, EXAMPLES // 2), deadline=None)
"""For what takes long for each: a plan to solve, a document to write."""
many = settings(max_examples=2 * EXAMPLES, deadline=None)
"""For fast code against its twin, where the rare cases are those that count."""

TODAY = date(2026, 11, 24)
COMPETENCES = [f"c{i}" for i in range(8)]
POSTCODES = ["1000", "2000", "3000", "8500", "9000"]

competence_names = st.sampled_from(COMPETENCES)
levels = st.none() | st.sampled_from([1.0, 2.0, 3.0])
days = st.integers(-30, 300).map(lambda n: TODAY + timedelta(days=n))
periods = st.builds(lambda day, n: Period(start=day, end=day + timedelta(days=n)), days, st.integers(0, 30))
places = st.builds(Place, postcode=st.sampled_from(POSTCODES))
languages = st.sampled_from(["nl", "fr", "en"])
hours = st.sampled_from([0.0, 1.0, 3.0, 8.0, 20.0, 60.0])


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    start = draw(st.integers(8, 19))
    end = start + draw(st.integers(1, 4))
    return Slot(weekday=Weekday(draw(st.sampled_from([0, 1, 2, 5]))), start=time(start), end=time(end))


@st.composite
def time_demands(draw: st.DrawFn) -> TimeDemand:
    optional = {
        "contact_hours": hours,
        "self_study_hours": hours,
        "assessment_hours": st.sampled_from([0.0, 2.0]),
        "workplace_hours": st.sampled_from([0.0, 10.0, 40.0]),
        "teaching_periods": st.sampled_from([0.0, 12.0, 60.0]),
        "ects": st.sampled_from([0.0, 1.0, 3.0]),
        "hours_per_week": st.sampled_from([0.0, 2.0, 4.0, 10.0]),
        "weeks": st.sampled_from([0.5, 2.0, 10.0]),
        "sessions": st.integers(0, 5),
    }
    return TimeDemand(**{name: draw(one) for name, one in optional.items() if draw(st.integers(0, 2)) == 0})


@st.composite
def runs(draw: st.DrawFn, identifier: str) -> Run:
    start = draw(st.none() | days)
    end = start + timedelta(days=draw(st.integers(0, 100))) if start and draw(st.booleans()) else None
    dates = draw(st.lists(days, max_size=2).map(tuple)) if draw(st.integers(0, 3)) == 0 else ()
    breaks = draw(st.lists(periods, max_size=1).map(tuple)) if draw(st.integers(0, 3)) == 0 else ()
    return Run(
        id=identifier,
        start=start,
        end=end,
        slots=draw(st.none() | st.lists(slots(), max_size=2).map(tuple)),
        dates=dates,
        breaks=breaks,
        place=draw(st.none() | places),
        enrol_by=draw(st.none() | days) if draw(st.integers(0, 3)) == 0 else None,
        full=draw(st.integers(0, 7)) == 0,
        seats_left=draw(st.sampled_from([None, None, None, 0, 5])),
    )


requirements = st.builds(
    Requirement, competence=competence_names, level=levels, weight=st.sampled_from([0.5, 1.0, 2.0]), gate=st.booleans()
)
accesses = st.builds(
    Access,
    language=st.none() | st.sampled_from(list(CEFR)),
    digital_skill=st.none() | st.integers(0, 4),
    vks_level=st.none() | st.integers(1, 8),
    host_required=st.booleans(),
    wheelchair=st.none() | st.booleans(),
    childcare=st.none() | st.booleans(),
    regions=st.none() | st.just(("flanders",)),
    statuses=st.none() | st.just(("job_seeker",)),
)


outcomes = st.builds(Outcome, competence=competence_names, level=levels)
units = st.builds(
    Unit, id=st.sampled_from(["u1", "u2"]), outcomes=st.lists(outcomes, max_size=2).map(tuple), hours=hours
)
preferences = st.builds(
    Preferences,
    modes=st.lists(st.sampled_from(list(DeliveryMode)), max_size=2).map(tuple),
    evening=st.none() | st.booleans(),
    weight=st.sampled_from([0.0, 0.3, 1.0]),
)


@st.composite
def prerequisites(draw: st.DrawFn, earlier: list[str]) -> Prerequisite:
    atoms: st.SearchStrategy[str | Requirement] = st.builds(Requirement, competence=competence_names, level=levels)
    if earlier:
        atoms = atoms | st.sampled_from(earlier)
    any_of = draw(st.lists(atoms, min_size=1, max_size=3))
    return Prerequisite(any_of=tuple(any_of), at_least=draw(st.integers(1, len(any_of))))


@st.composite
def offers(draw: st.DrawFn, number: int) -> LearningOffer:
    """Most conditions are rare, so that some offers stay open to some learners."""
    earlier = [f"o{i}" for i in range(number)]
    rarely = draw(st.integers(0, 3)) == 0
    return LearningOffer(
        id=f"o{number}",
        title=f"Offer {number}",
        outcomes=tuple(draw(st.lists(outcomes, max_size=3))),
        time=draw(time_demands()),
        kind=draw(st.sampled_from(list(OfferKind))),
        language=draw(st.none() | languages),
        mode=draw(st.none() | st.sampled_from(list(DeliveryMode))),
        place=draw(st.none() | places),
        runs=tuple(draw(runs(f"r{number}-{i}")) for i in range(draw(st.integers(0, 2)))),
        open_entry=draw(st.integers(0, 4)) == 0,
        price=draw(st.none() | st.sampled_from([0.0, 50.0, 400.0])),
        access=draw(accesses) if rarely else Access(),
        entry=tuple(draw(st.lists(requirements, max_size=1))) if rarely else (),
        prerequisites=tuple(draw(st.lists(prerequisites(earlier), max_size=1))) if rarely else (),
        corequisites=(draw(st.sampled_from(earlier)),) if earlier and draw(st.integers(0, 9)) == 0 else (),
        units=tuple(draw(st.lists(units, max_size=2))) if draw(st.integers(0, 3)) == 0 else (),
        outcome_group=draw(st.sampled_from(["g1", "g2"])) if draw(st.integers(0, 3)) == 0 else None,
    )


@st.composite
def budgets(draw: st.DrawFn) -> TimeBudget:
    return TimeBudget(
        hours_per_week=draw(st.none() | st.sampled_from([0.0, 2.0, 5.0, 20.0])),
        weeks=draw(st.none() | st.sampled_from([0.0, 4.0, 30.0])),
        work_hours_per_week=draw(st.none() | st.sampled_from([0.0, 10.0])),
        paid_leave_hours=draw(st.sampled_from([0.0, 0.0, 16.0])),
        not_before=draw(st.none() | days) if draw(st.integers(0, 3)) == 0 else None,
        deadline=draw(st.none() | days) if draw(st.integers(0, 3)) == 0 else None,
        slots=draw(st.none() | st.lists(slots(), max_size=4).map(tuple)),
        exceptions=tuple(draw(st.lists(days, max_size=2))),
        school_holidays_free=draw(st.integers(0, 3)) > 0,
        pauses=tuple(draw(st.lists(periods, max_size=1))),
    )


claims = st.builds(
    CompetenceClaim,
    competence=competence_names | st.just("unlisted"),
    level=levels,
    status=st.sampled_from(list(ClaimStatus)),
    provenance=st.sampled_from(list(Provenance)),
    confidence=st.sampled_from([0.5, 1.0]),
    expires=st.none() | days,
)


@st.composite
def goals(draw: st.DrawFn) -> Goal:
    return Goal(requirements=tuple(draw(st.lists(requirements, min_size=1, max_size=5))))


@st.composite
def learners(draw: st.DrawFn, identifier: str = "l0", n_offers: int = 0) -> LearnerProfile:
    strict = draw(st.booleans())
    conditions = {
        "languages": st.dictionaries(languages, st.sampled_from(list(CEFR)), max_size=3),
        "transport": st.sampled_from(list(Transport)),
        "max_travel_km": st.sampled_from([0.0, 20.0, 90.0]),
        "max_travel_minutes": st.sampled_from([10.0, 60.0, 200.0]),
        "max_price": st.sampled_from([0.0, 100.0]),
        "modes": st.lists(st.sampled_from(list(DeliveryMode)), max_size=3).map(tuple),
        "digital_skill": st.integers(0, 4),
        "vks_level": st.integers(1, 8),
        "has_host": st.booleans(),
        "needs": st.sampled_from([("wheelchair",), ("childcare",), ("wheelchair", "childcare")]),
        "region": st.sampled_from(["flanders", "brussels"]),
        "status": st.sampled_from(["job_seeker", "employee"]),
        "preferences": preferences,
    }
    likely = 1 if strict else 5
    followed = st.lists(st.integers(0, max(0, n_offers - 1)).map(lambda i: f"o{i}"), max_size=2).map(tuple)
    return LearnerProfile(
        id=identifier,
        goal=draw(goals()),
        budget=draw(st.none() | budgets()),
        claims=tuple(draw(st.lists(claims, max_size=3))),
        home=draw(st.none() | places),
        completed=draw(followed) if n_offers else (),
        **{name: draw(one) for name, one in conditions.items() if draw(st.integers(0, likely)) == 0},
    )


@dataclass(frozen=True)
class World:
    """A catalogue and the people who look at it."""

    offers: list[LearningOffer]
    learners: list[LearnerProfile]


@st.composite
def worlds(draw: st.DrawFn, max_offers: int = 8, max_learners: int = 3) -> World:
    n = draw(st.integers(0, max_offers))
    catalogue = [draw(offers(number)) for number in range(n)]
    people = [draw(learners(f"l{i}", n)) for i in range(draw(st.integers(1, max_learners)))]
    return World(catalogue, people)
