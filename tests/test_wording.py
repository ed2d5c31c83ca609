"""Every language says everything, with the same facts."""

from __future__ import annotations

from datetime import date, time
from string import Formatter

import pytest

from competences.errors import MisuseError
from competences.records.hours import Slot, Weekday
from matching.plan.alternatives import Strength
from matching.query.conditions import ReasonKind
from matching.wording.say import LANGUAGES, say, templates


def facts_of(template: str) -> set[tuple[str, str]]:
    return {(name, kind or "") for _, name, kind, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_sentences_with_the_same_facts(language: str) -> None:
    english = templates("en")
    assert templates(language).keys() == english.keys()
    for key, template in templates(language).items():
        assert facts_of(template) == facts_of(english[key]), key


def test_numbers_days_and_names_are_written_as_the_language_writes_them() -> None:
    evening = Slot(weekday=Weekday.TUESDAY, start=time(18), end=time(21, 30))
    assert say("nl", "reason.sessions", {"sessions": (evening, date(2027, 1, 5))}) == (
        "vrij op dinsdag 18:00–21:30, 5 januari 2027"
    )
    assert say("nl", "reason.hours_per_week", {"more": 1.5, "load": 3.25}) == (
        "1,5 eigen uren per week meer: het vraagt er 3,2 per week"
    )
    assert say("fr", "reason.language", {"needed": "B1", "language": "nl", "spoken": "none"}) == (
        "B1 en néerlandais au lieu de aucun"
    )


def test_an_unknown_fact_is_called_unknown() -> None:
    assert say("en", "reason.price", {"more": None}) == "unknown more"


def test_a_language_that_is_not_written_is_an_error_that_lists_those_that_are() -> None:
    with pytest.raises(MisuseError, match="nl, en, fr"):
        say("de", "reason.full")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_reason_and_every_strength_of_a_plan_has_a_word(language: str) -> None:
    known = templates(language)
    assert [kind for kind in ReasonKind if f"kind.{kind.value}" not in known] == []
    assert [strength for strength in Strength if f"page.{strength.value}" not in known] == []
