"""F-10: microcredentials stack towards a qualification, and nothing counts twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.recognition import LeftOut, members_of, stack
from competences.records.claims import CompetenceClaim, Credential, CredentialKind
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeDemand
from competences.records.io import read_offers
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind
from competences.records.roles import JobRole
from matching.demo import demo_world

ON = date(2026, 11, 24)
DEGREE = LearningOffer(
    id="postgraduaat",
    title="Postgraduaat",
    outcomes=tuple(Outcome(competence=c, level=2) for c in "abcd"),
    time=TimeDemand(ects=20),
    vks_level=6,
)


def micro(identifier: str, outcomes: str, ects: float | None = 4.0, **fields: object) -> Credential:
    return Credential(
        id=identifier, kind=CredentialKind.MICROCREDENTIAL, title=identifier, ects=ects, competences=tuple(outcomes),
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def test_members_without_overlap_count_in_full() -> None:
    progress = stack(DEGREE, [micro("m1", "ab"), micro("m2", "c", 6)], ON)
    assert (progress.ects, progress.ects_asked) == (10.0, 20.0)
    assert (progress.covered, progress.open, progress.share) == (("a", "b", "c"), ("d",), 0.75)


def test_an_outcome_in_two_members_counts_once_at_the_larger_share() -> None:
    progress = stack(DEGREE, [micro("m1", "ab", 4), micro("m2", "bc", 6)], ON)
    assert progress.ects == 2 + 3 + 3
    assert {one.id: one.competences for one in progress.members} == {"m1": ("a",), "m2": ("b", "c")}


def test_the_same_member_twice_counts_once() -> None:
    assert stack(DEGREE, [micro("m1", "ab"), micro("m1", "ab")], ON).ects == 4.0
    twin = stack(DEGREE, [micro("m1", "ab"), micro("m2", "ab")], ON)
    assert twin.ects == 4.0
    assert [one.left_out for one in twin.members] == [None, LeftOut.COUNTED_ALREADY]


def test_credits_for_what_is_not_asked_do_not_count() -> None:
    progress = stack(DEGREE, [micro("m1", "ax", 4), micro("m2", "y", 3)], ON)
    assert progress.ects == 2.0
    assert [one.left_out for one in progress.members] == [None, LeftOut.NOT_ASKED]


def test_what_has_expired_does_not_count() -> None:
    gone = micro("m1", "ab", expires=date(2026, 11, 23))
    progress = stack(DEGREE, [gone], ON)
    assert (progress.ects, progress.covered, progress.members[0].left_out) == (0.0, (), LeftOut.EXPIRED)
    assert stack(DEGREE, [gone], date(2026, 11, 23)).ects == 4.0
    part = Credential(
        id="m", kind=CredentialKind.BADGE, title="m", ects=4,
        competences=(CompetenceClaim(competence="a", expires=date(2026, 1, 1)), CompetenceClaim(competence="b")),
    )  # fmt: skip
    assert stack(DEGREE, [part], ON).covered == ("b",)


def test_a_member_below_the_level_that_is_asked_does_not_count() -> None:
    low = Credential(
        id="m", kind=CredentialKind.BADGE, title="m", ects=4, competences=(CompetenceClaim(competence="a", level=1),)
    )
    progress = stack(DEGREE, [low], ON)
    assert (progress.members[0].left_out, progress.ects) == (LeftOut.BELOW_LEVEL, 0.0)
    assert (progress.covered, progress.share) == ((), 0.5 / 4)


def test_an_offer_made_for_the_qualification_counts_its_credits_at_a_lower_level() -> None:
    start = LearningOffer(
        id="o", title="o", outcomes=(Outcome(competence="a", level=1),), time=TimeDemand(ects=3),
        stackable_into=("postgraduaat",),
    )  # fmt: skip
    progress = stack(DEGREE, [start], ON)
    assert (progress.ects, progress.covered, progress.share) == (3.0, (), 0.5 / 4)


def test_an_offer_that_stacks_elsewhere_is_left_out_and_one_that_does_not_say_is_not() -> None:
    offer = LearningOffer(
        id="o", title="o", outcomes=(Outcome(competence="a"),), kind=OfferKind.MICROCREDENTIAL,
        time=TimeDemand(ects=3), stackable_into=("iets anders",),
    )  # fmt: skip
    assert stack(DEGREE, [offer], ON).members[0].left_out is LeftOut.STACKS_ELSEWHERE
    assert stack(DEGREE, [offer.model_copy(update={"stackable_into": ()})], ON).ects == 3
    assert stack(DEGREE, [offer.model_copy(update={"stackable_into": ("postgraduaat",)})], ON).ects == 3


def test_a_lower_vks_level_is_marked_and_unknown_ects_stay_unknown() -> None:
    progress = stack(DEGREE, [micro("m1", "a", vks_level=5), micro("m2", "b", None)], ON)
    assert [one.below_level for one in progress.members] == [True, False]
    assert [one.ects for one in progress.members] == [4.0, None]
    assert progress.covered == ("a", "b")


def test_a_role_has_no_credits_and_still_a_share() -> None:
    role = JobRole(id="r", title="r", requirements=(Requirement(competence="A"), Requirement(competence="b")))
    progress = stack(role, [micro("m1", "a")], ON)
    assert (progress.ects_asked, progress.share, progress.covered) == (None, 0.5, ("A",))


def test_every_stack_of_the_demo_world_gives_no_more_than_its_members() -> None:
    offers = {one.id: one for one in read_offers(demo_world() / "offers.jsonl")}
    wholes = {target for one in offers.values() for target in one.stackable_into}
    assert wholes
    for whole in sorted(wholes):
        members = [one for one in offers.values() if whole in one.stackable_into]
        learner = LearnerProfile(id="l", completed=tuple(one.id for one in members))
        progress = stack(offers[whole], members_of(learner, offers), ON)
        assert progress.ects <= sum(one.time.ects or 0 for one in members) + 1e-9
        assert 0 < progress.share <= 1, whole


microcredentials = st.lists(
    st.builds(
        lambda i, outcomes, ects, day: micro(f"m{i}", "".join(sorted(outcomes)), ects, expires=day),
        st.integers(0, 5),
        st.sets(st.sampled_from("abcdxy"), max_size=4),
        st.none() | st.sampled_from([3.0, 4.0, 12.0]),
        st.none() | st.sampled_from([date(2026, 11, 23), ON, date(2027, 1, 1)]),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(microcredentials, st.randoms(use_true_random=False))
def test_credits_never_exceed_the_members_and_order_does_not_matter(members: list[Credential], random: object) -> None:
    progress = stack(DEGREE, members, ON)
    current = [one for one in members if one.expires is None or one.expires >= ON]
    assert progress.ects <= sum(one.ects or 0 for one in current) + 1e-9
    for member in progress.members:
        assert member.counted <= (member.ects or 0) + 1e-9
    shared = [c for member in progress.members for c in member.competences]
    assert sorted(shared) == sorted(progress.covered)
    assert set(progress.covered) == {c for one in current for c in one.competences} & set("abcd")
    shuffled = list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stack(DEGREE, shuffled, ON) == progress


@given(microcredentials, microcredentials)
def test_another_member_never_lowers_the_stack(members: list[Credential], more: list[Credential]) -> None:
    known = {one.id for one in members}
    extra = [one for one in more if one.id not in known]
    before, after = stack(DEGREE, members, ON), stack(DEGREE, [*members, *extra], ON)
    assert after.ects >= before.ects - 1e-9
    assert set(before.covered) <= set(after.covered)
    assert after.share == pytest.approx(len(after.covered) / 4)
