"""Live changes: a changed catalogue equals one built anew, and readers never see anything between two states."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.errors import UnknownIdError
from competences.records.claims import CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal
from matching.index.generation import Generation
from matching.matcher import Matcher, _Now
from strategies import TODAY, World, offers, worlds
from toy_encoder import Counting, ToyEncoder

TOY = ToyEncoder()


@st.composite
def changes(draw: st.DrawFn, world: World) -> tuple[list[LearningOffer], list[str]]:
    """Offers to add or replace, and ids to remove, of which none is listed twice."""
    n = len(world.offers)
    numbers = draw(st.lists(st.integers(0, n + 2), max_size=3, unique=True))
    left = [offer.id for offer in world.offers if offer.id not in {f"o{number}" for number in numbers}]
    return [draw(offers(number)) for number in numbers], draw(
        st.lists(st.sampled_from(left), unique=True)
    ) if left else []


def everything(matcher: Matcher, learner: LearnerProfile) -> object:
    """Matches, and for every offer why it is out and what it costs."""
    result = matcher.match(learner, k=20, on=TODAY)
    ids = [offer.id for offer in matcher.offers]
    return result.matches, dict(result.excluded), [result.bill(one) for one in ids], [result.covers(one) for one in ids]


@given(st.data())
def test_a_changed_matcher_equals_one_built_anew(data: st.DataObject) -> None:
    world = data.draw(worlds())
    matcher, listed = Matcher.from_offers(world.offers, encoder=TOY), {offer.id: offer for offer in world.offers}
    for _ in range(data.draw(st.integers(1, 3))):
        upserted, removed = data.draw(changes(World(list(listed.values()), world.learners)))
        matcher.upsert(upserted)
        matcher.remove(removed)
        listed |= {offer.id: offer for offer in upserted}
        listed = {key: offer for key, offer in listed.items() if key not in removed}
        anew = Matcher.from_offers(listed.values(), encoder=TOY)
        assert list(matcher.offers) == list(anew.offers)
        for learner in world.learners:
            assert everything(matcher, learner) == everything(anew, learner)
        table = matcher.match_many(world.learners, on=TODAY)
        assert table.equals(anew.match_many(world.learners, on=TODAY))


def teaching(number: int, version: int) -> LearningOffer:
    """Version v teaches c0 at level v: the gain tells which version was seen."""
    return LearningOffer(id=f"o{number}", title=f"v{version}", outcomes=(Outcome(competence="c0", level=version),))


def test_readers_see_one_state_while_a_writer_changes_everything() -> None:
    versions, n = 20, 30
    matcher = Matcher.from_offers([teaching(i, 1) for i in range(n)], encoder=TOY)
    goal = Goal(requirements=(Requirement(competence="c0", level=versions),))
    learner, over = LearnerProfile(id="l", goal=goal), Event()

    def read() -> int:
        seen = 0
        while not over.is_set() or seen == 0:
            matches = matcher.match(learner, k=n, on=TODAY).matches
            assert {match.title for match in matches} == {matches[0].title}
            assert len(matches) == n
            assert {round(match.gain * versions) for match in matches} == {int(matches[0].title[1:])}
            seen += 1
        return seen

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(6)]
        for version in range(2, versions + 1):
            matcher.upsert([teaching(i, version) for i in range(n)])
        over.set()
        assert all(reader.result() > 0 for reader in readers)
    assert {match.title for match in matcher.match(learner, on=TODAY).matches} == {f"v{versions}"}


def test_a_result_keeps_the_state_that_made_it() -> None:
    matcher = Matcher.from_offers([teaching(0, 1), teaching(1, 2)], encoder=TOY)
    learner = LearnerProfile(id="l", goal=Goal(requirements=(Requirement(competence="c0"),)))
    before = matcher.match(learner, on=TODAY)
    matcher.remove(["o1"])
    assert [match.offer_id for match in matcher.match(learner, on=TODAY)] == ["o0"]
    assert [match.offer_id for match in before] == ["o0", "o1"]
    assert before.why_not("o1") == ()


def test_removing_what_is_not_listed_is_an_error_and_changes_nothing() -> None:
    matcher = Matcher.from_offers([teaching(0, 1)], encoder=TOY)
    with pytest.raises(UnknownIdError, match="o7"):
        matcher.remove(["o0", "o7"])
    assert len(matcher.offers) == 1


def test_a_day_that_no_run_had_before_is_known_after_a_change() -> None:
    from competences.records.hours import TimeBudget
    from competences.records.offers import Run

    matcher = Matcher.from_offers([teaching(0, 1)], encoder=TOY)
    day = TODAY + timedelta(days=100)
    matcher.upsert([teaching(1, 1).model_copy(update={"runs": (Run(id="r", dates=(day,)),)})])
    wanted = Goal(requirements=(Requirement(competence="c0"),))
    free = LearnerProfile(id="l", goal=wanted)
    busy = LearnerProfile(id="l", goal=wanted, budget=TimeBudget(exceptions=(day,)))
    assert [match.offer_id for match in matcher.match(free, on=TODAY)] == ["o0", "o1"]
    assert [match.offer_id for match in matcher.match(busy, on=TODAY)] == ["o0"]


def test_after_forgetting_nothing_that_people_said_is_known() -> None:
    encoder = Counting()
    matcher = Matcher.from_offers([teaching(0, 1)], encoder=encoder)
    goal = Goal(requirements=(Requirement(competence="c0"), Requirement(competence="what I want")))
    person = LearnerProfile(id="l", goal=goal, claims=(CompetenceClaim(competence="what I did"),))
    matcher.match(person, on=TODAY)
    for forgotten in (False, True):
        encoder.asked.clear()
        if forgotten:
            matcher.forget_people()
        matcher.match(person, on=TODAY)
        assert set(encoder.asked) == ({"what I want", "what I did"} if forgotten else set())


def test_forgetting_loses_no_change_that_comes_in_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    matcher, state_of = Matcher.from_offers([teaching(0, 1)], encoder=TOY), _Now.of
    upsert = Thread(target=lambda: matcher.upsert([teaching(1, 1)]))

    def slowly(generation: Generation) -> _Now:
        if upsert.ident is None:
            upsert.start()
            upsert.join(0.2)
        return state_of(generation)

    monkeypatch.setattr(_Now, "of", slowly)
    matcher.forget_people()
    upsert.join()
    assert [offer.id for offer in matcher.offers] == ["o0", "o1"]
