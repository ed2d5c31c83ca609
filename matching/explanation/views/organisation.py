"""For an organisation that hosts, pays or counts: the ledger of hours, and coverage. Nothing about the person."""

from __future__ import annotations

from collections.abc import Iterator

from matching.explanation.evidence import Evidence
from matching.explanation.sections import Section
from matching.explanation.views.common import SHOWN, dated, gate, goal, head, parts
from matching.wording.say import say

LEDGER = ("contact", "self_study", "assessment", "workplace", "exempted")


def view(evidence: Evidence, language: str) -> Section:
    """Coverage, the ledger, and per offer what it covers."""
    planned = evidence["kind"] == "plan"
    parts = [_ledger(evidence["ledger"], language)] if planned else []
    parts += [_offer(one, language) for one in (evidence["steps"] if planned else evidence["matches"])]
    parts += [_open(evidence, language)] if planned and evidence["open"] else []
    parts += [Section(say(language, "used.head"), (say(language, "used.versions", evidence["versions"]),))]
    lines = (say(language, "organisation.coverage", evidence),) if planned else ()
    return Section(head(evidence, language), (goal(evidence, language), *lines), (), tuple(parts))


def _ledger(ledger: Evidence, language: str) -> Section:
    return Section(say(language, "organisation.ledger"), points=tuple(_hours(ledger, language)))


def _hours(ledger: Evidence, language: str) -> Iterator[str]:
    yield from (say(language, f"organisation.{name}", ledger) for name in LEDGER)


def _offer(item: Evidence, language: str) -> Section:
    dates = (say(language, "learner.when", dated(item)), *parts(item, language)) if "start" in item else ()
    hours = ", ".join(say(language, f"organisation.{name}", item["bill"]) for name in LEDGER if item["bill"][name])
    covers = tuple(say(language, "organisation.cover", cover) for cover in item["covers"])
    title = say(language, "learner.step" if "start" in item else "learner.offer", item)
    return Section(title, (*dates, *((hours,) if hours else ())), covers)


def _open(evidence: Evidence, language: str) -> Section:
    points = (
        say(language, "learner.open", one) + gate(one, language) for one in evidence["open"] if one["share"] >= SHOWN
    )
    return Section(say(language, "learner.open_head"), points=tuple(points))
