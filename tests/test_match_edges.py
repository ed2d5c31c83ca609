"""Matches at the edges of what numbers can say, by hand."""

from __future__ import annotations

from datetime import date, time

import numba
import pytest
from pydantic import ValidationError

from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.hours import Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Run
from competences.records.roles import Goal
from matching.index.catalogue import Catalogue
from matching.index.columns import packed
from matching.matcher import Matcher
from matching.query import ranking
from matching.settings import Settings
from strategies import TODAY
from toy_encoder import Counting, ToyEncoder

TOY = ToyEncoder()
EXACT = Settings(coverage_threshold=1.0)


def teaching(identifier: str, level: float | None = None) -> LearningOffer:
    return LearningOffer(id=identifier, title=identifier, outcomes=(Outcome(competence="c0", level=level),))


def wanting(asked: float | None = None, **claim: object) -> LearnerProfile:
    claims = (CompetenceClaim(competence="c0", **claim),) if claim else ()
    return LearnerProfile(id="l", goal=Goal(requirements=(Requirement(competence="c0", level=asked),)), claims=claims)


def matcher(*offers: LearningOffer) -> Matcher:
    return Matcher.from_offers(offers, encoder=TOY, settings=EXACT)


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 8, 23, 24, 100])
def test_the_smallest_gains_are_ranked_like_any(steps: int) -> None:
    """Whoever is nearly sure of all that a goal asks leaves hardly anything to gain."""
    found = matcher(teaching("a"), teaching("b"))
    nearly = wanting(status=ClaimStatus.CERTIFIED, confidence=1 - steps * 2.0**-50)
    assert [(one.offer_id, one.gain) for one in found.match(nearly, on=TODAY)] == [
        ("a", steps * 2.0**-50), ("b", steps * 2.0**-50),
    ]  # fmt: skip


@pytest.mark.parametrize("level", [0.1, 0.7, 1.1, 2.3, 3.3, 99.9])
def test_equal_levels_are_equal_whatever_their_last_digit(level: float) -> None:
    found = matcher(teaching("a", level), teaching("b"))
    assert [(one.offer_id, one.gain) for one in found.match(wanting(level), on=TODAY)] == [("a", 1.0), ("b", 1.0)]
    holding = wanting(100, status=ClaimStatus.CERTIFIED, level=level)
    assert [one.offer_id for one in found.match(holding, on=TODAY)] == ["b"]
    assert found.match(holding, on=TODAY).why_not("a")[0].code == "no_gain"


def test_what_is_compiled_for_one_catalogue_serves_any() -> None:
    """To numba an array of one row or none is of another type, unless someone sees to it: a minute of compiling."""
    some = [teaching(f"o{i}") for i in range(3)]
    kinds = {numba.typeof(packed(Catalogue.from_offers(some[:n], EXACT).columns)) for n in range(4)}
    assert len(kinds) == 1


WEEKLY = (Slot(weekday=Weekday.TUESDAY, start=time(18), end=time(20)),)


@pytest.mark.parametrize("slots", [None, (), WEEKLY])
@pytest.mark.parametrize("weeks", [None, 10])
def test_days_at_the_ends_of_the_calendar_are_days(weeks: float | None, slots: tuple[Slot, ...] | None) -> None:
    """Some catalogues write them for "no end" and for "unknown"."""
    at = {
        "later": Run(id="r", start=date.max, slots=slots), "open": Run(id="r", start=TODAY, end=date.max, slots=slots),
        "past": Run(id="r", end=date.min, slots=slots), "old": Run(id="r", start=date.min, slots=slots),
    }  # fmt: skip
    asks = TimeDemand(weeks=weeks, contact_hours=10)
    found = matcher(*(teaching(name).model_copy(update={"runs": (run,), "time": asks}) for name, run in at.items()))
    result = found.match(wanting(), on=TODAY)
    assert [one.offer_id for one in result] == ["later", "open"]
    assert [reason.code for name in ("old", "past") for reason in result.why_not(name)] == ["started", "started"]


def test_what_would_run_out_of_the_calendar_is_refused() -> None:
    with pytest.raises(ValidationError, match="less than 9000-01-01"):
        TimeBudget(not_before=date.max)
    with pytest.raises(ValidationError, match="less than or equal to 520"):
        Settings(horizon_weeks=1e8)
    late = TimeBudget(hours_per_week=5, not_before=date(8999, 12, 31))
    assert matcher(teaching("a")).match(wanting().model_copy(update={"budget": late}), on=TODAY)


def test_warming_up_runs_what_a_goal_in_text_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, ran = Counting(), list[int]()
    monkeypatch.setattr(ranking, "rank_values", lambda p, given, *rest: ran.append(len(given.values)))
    Matcher.from_offers([teaching("a")], encoder=encoder).warm_up()
    assert ran == [0]
    assert "a" not in encoder.asked  # no offer is encoded for it


def test_a_run_until_the_end_of_the_calendar_has_no_known_end() -> None:
    assert Run(id="r", start=TODAY, end=date.max).end is None
    assert Run.model_validate({"id": "r", "end": "9999-12-30"}).end == date(9999, 12, 30)
