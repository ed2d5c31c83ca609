"""A result in words that a person can read and contest: a view of stored evidence, which computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from competences.errors import MisuseError
from matching.explanation.evidence import BILL, Evidence, of_plan, of_result
from matching.plan.plan import Plan
from matching.query.matches import MatchResult
from matching.wording.say import Language, say, templates

SHOWN = 0.005
"""A share that would be written as 0 % is not mentioned."""


@dataclass(frozen=True)
class Explanation:
    """`str()` for people, `to_dict()` for programs; both hold the same evidence."""

    evidence: Evidence
    language: str

    def to_dict(self) -> Evidence:
        """Plain data, ready for JSON."""
        return self.evidence

    def __str__(self) -> str:
        return "\n".join(_lines(self.evidence, self.language))


def explain(subject: MatchResult | Plan, *, language: Language = "nl") -> Explanation:
    """Explain a match result or a plan in Dutch ("nl"), English ("en") or French ("fr").

    Raises `MisuseError` for another subject or language."""
    templates(language)
    if isinstance(subject, Plan):
        return Explanation(of_plan(subject, language), language)
    if isinstance(subject, MatchResult):
        return Explanation(of_result(subject, language), language)
    raise MisuseError(f"a match result or a plan can be explained, not {type(subject).__name__}")


def _lines(evidence: Evidence, language: str) -> Iterator[str]:
    if evidence["kind"] == "plan":
        yield from _plan_lines(evidence, language)
    else:
        yield from _match_lines(evidence, language)


def _match_lines(evidence: Evidence, language: str) -> Iterator[str]:
    matches = evidence["matches"]
    yield say(language, "result.head", {**_dated(evidence), "count": len(matches)})
    yield say(language, "result.goal", {"goal": evidence["goal"]["title"]})
    if evidence["empty"]:
        yield say(language, f"empty.{evidence['empty']}")
    for match in matches:
        yield ""
        yield say(language, "result.line", match)
        key = "numbers" if match["own_hours"] else "numbers_free"
        yield "   " + say(language, f"result.{key}", match)
        yield from _details(match, language)


def _plan_lines(evidence: Evidence, language: str) -> Iterator[str]:
    steps = evidence["steps"]
    yield say(language, "plan.head", _dated(evidence))
    yield say(language, "result.goal", {"goal": evidence["goal"]["title"]})
    yield say(language, f"word.{evidence['status']}")
    if steps:
        yield say(language, "plan.summary", {**evidence, "steps": len(steps)})
    if evidence["hours_available"] is not None:
        yield say(language, "plan.available", evidence)
    if evidence["status"] == "feasible":
        yield say(language, "plan.bound", evidence)
    for step in steps:
        yield ""
        yield say(language, "plan.step", _dated(step))
        yield from _details(step, language)
    if evidence["open"]:
        yield ""
    for one in evidence["open"]:
        if one["share"] < SHOWN:
            continue
        gate = f" ({say(language, 'plan.gate')})" if one["gate"] else ""
        yield say(language, "plan.open", {"requirement": one["label"], "share": one["share"]}) + gate
        if one["closest"]:
            yield "   " + say(language, "plan.closest", one["closest"])


def _details(item: Evidence, language: str) -> Iterator[str]:
    """What an offer covers and costs."""
    for cover in item["covers"]:
        if cover["gain"] <= 0:
            continue
        same = cover["through"] == cover["requirement"]
        key = "recognises" if cover["recognition"] else "gives" if same else "covers"
        words = {
            "through": cover["through_label"],
            "requirement": cover["requirement_label"],
            "value": cover["value"],
        }
        derived = f" ({say(language, 'result.derived')})" if cover["derived"] else ""
        yield "   - " + say(language, f"result.{key}", words) + derived
    bill = item["bill"]
    if bill["own_hours"]:
        yield "   " + _sum(bill, language)
    if bill["workplace"]:
        yield "   " + say(language, "bill.workplace", bill)
    for note in bill["notes"]:
        yield "   * " + say(language, f"note.{note['code']}", note["facts"])


def _sum(bill: Evidence, language: str) -> str:
    """The bill as a sum; lines of 0 hours are left out."""
    spent = [say(language, f"bill.{name}", bill) for name in BILL[:4] if bill[name]]
    saved = [say(language, f"bill.{name}", bill) for name in BILL[4:6] if bill[name]]
    return " − ".join([" + ".join(spent), *saved]) + " = " + say(language, "bill.own_hours", bill)


def _dated(item: Evidence) -> dict[str, Any]:
    """Days as dates, so that they are written in the reader's language."""
    days: dict[str, Any] = {name: date.fromisoformat(item[name]) for name in ("on", "start", "end") if name in item}
    return {**item, **days}
