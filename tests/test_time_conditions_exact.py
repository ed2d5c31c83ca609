"""Every condition of every run against the slow twin: not only of the offers that come out on top."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode
from matching.matcher import Matcher
from matching.query.why_not import failing
from matching.settings import Settings
from oracle import Oracle
from oracle_days import runs_of
from strategies import TODAY, World, budgets, goals, offers, places, runs, worlds
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
SAME = {
    **dict.fromkeys(("place_km", "place_minutes", "place_both"), "place"),
    "entry_some": "entry",
    "together_unlisted": "together",
}


def agree(world: World) -> None:
    matcher, oracle = Matcher.from_offers(world.offers, encoder=TOY), Oracle(world.offers, TOY, Settings())
    for learner in world.learners:
        person = matcher.match(learner, on=TODAY).person
        columns = person.generation.catalogue.columns
        for row, offer in enumerate(matcher.offers):
            for at, run in enumerate(runs_of(offer)):
                found = failing(person, row, int(columns.run_start[row]) + at)
                codes = {SAME.get(reason.code, reason.code) for reason in found}
                assert codes == oracle.failing(offer, run, learner, TODAY), f"{offer.id} {run}"


@given(worlds())
def test_the_conditions_of_every_run_are_those_of_the_twin(world: World) -> None:
    agree(world)


@st.composite
def dated_worlds(draw: st.DrawFn) -> World:
    """Offers of which little is asked but presence and days, and a person with a budget."""
    some = [
        draw(offers(i)).model_copy(
            update={
                "runs": tuple(draw(runs(f"r{i}-{n}")) for n in range(2)),
                "open_entry": False,
                "mode": draw(st.sampled_from([None, DeliveryMode.ONSITE])),
            }
        )
        for i in range(draw(st.integers(1, 4)))
    ]
    person = LearnerProfile(id="l0", goal=draw(goals()), budget=draw(budgets()), home=draw(st.none() | places))
    return World(some, [person])


@given(dated_worlds())
def test_days_and_sessions_are_those_of_the_twin(world: World) -> None:
    agree(world)
