"""F-08 and F-09 of the domain: recognise first, learn only the rest; diplomas beside other recognition."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.encoders.protocol import Encoder
from competences.records.claims import (
    ClaimStatus,
    CompetenceClaim,
    Credential,
    CredentialKind,
    Evidence,
    Provenance,
)
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.io import read_competences, read_offers, read_roles
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind
from competences.records.roles import Goal, JobRole
from competences.taxonomy.taxonomy import Taxonomy
from matching.demo import demo_world
from matching.matcher import Matcher
from matching.screening import answer, group_savings, savings, without_routes
from matching.settings import Settings
from strategies import few
from toy_encoder import ToyEncoder

ON = date(2026, 11, 24)
COMPETENCES = [f"competentie {letter}" for letter in "abcdefghij"]
ROLE = JobRole(id="rol", title="Rol", requirements=tuple(Requirement(competence=c) for c in COMPETENCES))
EXACT = Settings(coverage_threshold=1.0)
AMPLE = TimeBudget(hours_per_week=20, weeks=50)


def offer(identifier: str, hours: float, taught: list[str], kind: OfferKind = OfferKind.COURSE) -> LearningOffer:
    return LearningOffer(
        id=identifier, title=identifier, kind=kind, time=TimeDemand(contact_hours=hours),
        outcomes=tuple(Outcome(competence=one) for one in taught),
    )  # fmt: skip


def matcher(*offers: LearningOffer) -> Matcher:
    return Matcher.from_offers(offers, encoder=ToyEncoder(), roles=(ROLE,), settings=EXACT)


def learner(*claims: CompetenceClaim, credentials: tuple[Credential, ...] = ()) -> LearnerProfile:
    return LearnerProfile(id="l", goal=Goal(role="rol"), budget=AMPLE, claims=claims, credentials=credentials)


def documented(competence: str) -> CompetenceClaim:
    return CompetenceClaim(
        competence=competence, status=ClaimStatus.DOCUMENTED, provenance=Provenance.VERIFIED,
        evidence=(Evidence(kind="reference", text="Tien jaar ervaring, bevestigd door de werkgever."),),
    )  # fmt: skip


def open_shares(someone: LearnerProfile) -> dict[str, float]:
    """What is open without any offer."""
    return {one.requirement.competence: one.share for one in matcher().plan(someone, on=ON).open}


# F-08


@few
@given(st.sampled_from([2.0, 8.0, 16.0, 39.0, 41.0, 60.0]))
def test_with_strong_documented_evidence_the_plan_takes_the_route_exactly_when_it_costs_fewer_hours(
    route_hours: float,
) -> None:
    world = matcher(offer("cursus", 40, COMPETENCES), offer("evc", route_hours, COMPETENCES, OfferKind.RECOGNITION))
    plan = world.plan(learner(*map(documented, COMPETENCES)), on=ON)
    assert [step.offer_id for step in plan.steps] == ["evc" if route_hours < 40 else "cursus"]
    assert plan.own_hours == min(route_hours, 40)
    assert plan.coverage == pytest.approx(1.0)


def test_a_route_gives_nothing_to_whoever_cannot_do_it() -> None:
    world = matcher(offer("cursus", 40, COMPETENCES), offer("evc", 1, COMPETENCES, OfferKind.RECOGNITION))
    assert [step.offer_id for step in world.plan(learner(), on=ON).steps] == ["cursus"]


@pytest.mark.parametrize("status", list(ClaimStatus))
@pytest.mark.parametrize("provenance", list(Provenance))
def test_certified_claims_leave_the_gap_and_declared_ones_only_in_part(
    status: ClaimStatus, provenance: Provenance
) -> None:
    claim = CompetenceClaim(competence=COMPETENCES[0], status=status, provenance=provenance)
    left = open_shares(learner(claim)).get(COMPETENCES[0], 0.0)
    if status in (ClaimStatus.CERTIFIED, ClaimStatus.ASSESSED):
        assert left == 0
    elif status is ClaimStatus.IDENTIFIED and provenance is Provenance.SELF_DECLARED:
        assert left == pytest.approx(0.5)
    else:
        assert left == pytest.approx(0.2)


def test_no_match_plan_or_answer_raises_a_status() -> None:
    someone = learner(*(
        CompetenceClaim(competence=c, status=status) for c, status in zip(COMPETENCES, ClaimStatus, strict=False)
    ))  # fmt: skip
    before = someone.model_dump_json()
    world = matcher(offer("cursus", 40, COMPETENCES), offer("evc", 4, COMPETENCES, OfferKind.RECOGNITION))
    plan = world.plan(someone, on=ON)
    assert world.match(someone, on=ON).learner == someone == plan.person.learner
    world.match_many([someone], on=ON)
    told = answer(someone, dict.fromkeys(COMPETENCES, True), on=ON)
    assert someone.model_dump_json() == before
    for competence in COMPETENCES:
        had = {one.status for one in someone.claims if one.competence == competence}
        now = {one.status for one in told.claims if one.competence == competence}
        assert now == had | {ClaimStatus.IDENTIFIED}


@pytest.mark.parametrize("status", [ClaimStatus.IDENTIFIED, ClaimStatus.DOCUMENTED])
def test_whoever_holds_sixty_percent_of_a_role_needs_fewer_hours_with_the_route(status: ClaimStatus) -> None:
    """Six of ten competences, each taught by a course of 30 hours; assessing the six takes 16 hours."""
    courses = [offer(f"cursus {c}", 30, [c]) for c in COMPETENCES]
    route = offer("evc", 16, COMPETENCES[:6], OfferKind.RECOGNITION)
    someone = learner(*(CompetenceClaim(competence=c, status=status) for c in COMPETENCES[:6]))
    world = matcher(*courses, route)
    found = savings(world, someone, without=without_routes(world), on=ON)
    assert found.unrecognised.own_hours == matcher(*courses).plan(someone, on=ON).own_hours
    assert found.routes == ("evc",)
    assert (found.hours_without, found.hours_with) == (10 * 30, 16 + 4 * 30)
    assert found.hours_saved == 164
    assert found.comparable
    assert found.coverage_gained == pytest.approx(0)


@pytest.fixture(scope="module")
def demo(encoder: Encoder) -> Matcher:
    world = demo_world()
    labels = Taxonomy.from_competences(read_competences(world / "competences.jsonl"))
    offers, roles = read_offers(world / "offers.jsonl"), read_roles(world / "roles.jsonl")
    return Matcher.from_offers(offers, encoder=encoder, taxonomy=labels, roles=roles, settings=EXACT)


def recognisable_roles(matcher: Matcher) -> list[tuple[JobRole, tuple[Requirement, ...]]]:
    """Roles of which one route without entry conditions certifies at least 60 %, and those requirements."""
    found = []
    for role in matcher.roles.values():
        for route in matcher.offers:
            levels = {one.competence: one.level or 99.0 for one in route.outcomes}
            held = tuple(one for one in role.requirements if levels.get(one.competence, 0.0) >= (one.level or 0.0))
            weight = sum(one.weight for one in held) / sum(one.weight for one in role.requirements)
            if route.kind is OfferKind.RECOGNITION and not route.entry and not route.prerequisites and weight >= 0.6:
                found.append((role, held))
    return found


def test_in_the_demo_world_sixty_percent_undocumented_saves_hours(demo: Matcher) -> None:
    people = [
        LearnerProfile(
            id=role.id, goal=Goal(role=role), vks_level=4, has_host=False,
            claims=tuple(CompetenceClaim(competence=one.competence, level=one.level) for one in held),
        )
        for role, held in recognisable_roles(demo)
    ]  # fmt: skip
    assert len(people) >= 3
    group = group_savings(demo, people, without=without_routes(demo), on=ON)
    for one in group.people:
        assert one.comparable, one.learner_id
        assert one.routes, one.learner_id
        assert one.hours_saved > 0 or one.coverage_gained > 0.05, one.learner_id
    assert group.with_route == len(group.saving) + len(group.further) == len(people)
    assert group.hours_saved > 0
    assert group.median_saved > 0


def test_without_a_second_catalogue_nothing_informal_counts() -> None:
    world = matcher(*(offer(f"cursus {c}", 30, [c]) for c in COMPETENCES), offer("kort", 8, COMPETENCES[:2]))
    certified = CompetenceClaim(competence=COMPETENCES[9], status=ClaimStatus.CERTIFIED)
    found = savings(world, learner(CompetenceClaim(competence=COMPETENCES[0]), certified), on=ON)
    assert found.unrecognised.person.learner.claims == (certified,)
    assert found.comparable
    assert found.hours_saved == 0


def test_an_empty_group_saves_nothing() -> None:
    group = group_savings(matcher(), [], on=ON)
    assert (group.hours_saved, group.median_saved, group.hours_added, group.with_route) == (0, 0, 0, 0)


# F-09


def diploma(confidence: float) -> Credential:
    return Credential(
        id="d", kind=CredentialKind.DEGREE, title="Diploma", competences=tuple(COMPETENCES), confidence=confidence
    )


@few
@given(st.floats(0.05, 1.0))
def test_a_diploma_and_the_same_claims_leave_the_same_gap_up_to_its_confidence(confidence: float) -> None:
    by_diploma = open_shares(learner(credentials=(diploma(confidence),)))
    alike = open_shares(learner(*(
        CompetenceClaim(competence=c, status=ClaimStatus.CERTIFIED, confidence=confidence) for c in COMPETENCES
    )))  # fmt: skip
    certain = open_shares(learner(*(
        CompetenceClaim(competence=c, status=ClaimStatus.CERTIFIED) for c in COMPETENCES
    )))  # fmt: skip
    for c in COMPETENCES:
        assert by_diploma.get(c, 0.0) == pytest.approx(alike.get(c, 0.0), abs=1e-6)
        assert abs(by_diploma.get(c, 0.0) - certain.get(c, 0.0)) <= 1 - confidence + 1e-6


def test_an_expired_credential_leaves_the_gap_as_it_was() -> None:
    expired = diploma(1.0).model_copy(update={"expires": date(2026, 1, 1)})
    assert open_shares(learner(credentials=(expired,))) == open_shares(learner())
