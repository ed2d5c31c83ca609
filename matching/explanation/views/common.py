"""What the views of several audiences say alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from matching.explanation.bundles import BILL
from matching.explanation.evidence import Evidence
from matching.explanation.plain import revived
from matching.wording.say import say, templates

SHOWN = 0.005
"""A share that would be written as 0 % is not mentioned."""


def dated(item: Evidence) -> dict[str, Any]:
    """Days as dates, so that they are written in the reader's language."""
    names = ("on", "start", "end", "finish")
    days: dict[str, Any] = {name: date.fromisoformat(item[name]) for name in names if item.get(name)}
    return {**item, **days}


def head(evidence: Evidence, language: str) -> str:
    key = "plan.head" if evidence["kind"] == "plan" else "result.head"
    return say(language, key, dated(evidence))


def goal(evidence: Evidence, language: str) -> str:
    return say(language, "result.goal", {"goal": evidence["goal"]["title"]})


def bill_sum(bill: Evidence, language: str) -> str:
    """The bill as a sum; lines of 0 hours are left out."""
    spent = [say(language, f"bill.{name}", bill) for name in BILL[:4] if bill[name]]
    saved = [say(language, f"bill.{name}", bill) for name in BILL[4:6] if bill[name]]
    return " − ".join([" + ".join(spent), *saved]) + " = " + say(language, "bill.own_hours", bill)


def parts(item: Evidence, language: str) -> Iterator[str]:
    """The parts of a bundle, in order."""
    yield from (say(language, "plan.part", dated(part)) for part in item.get("parts", ()))


def bill_lines(bill: Evidence, language: str) -> Iterator[str]:
    """The sum of own hours, hours at work, and what to know about where the hours come from."""
    if any(bill[name] for name in BILL[:4]):
        yield bill_sum(bill, language)
    if bill["workplace"]:
        yield say(language, "bill.workplace", bill)
    yield from (say(language, f"note.{note['code']}", note["facts"]) for note in bill["notes"])


def needed(reasons: list[Evidence], language: str) -> str:
    """What would have to change, reason after reason."""
    return "; ".join(_needed(one, language) for one in reasons)


def _needed(reason: Evidence, language: str) -> str:
    key = f"{reason['code']}_many" if "days" in reason["facts"] else reason["code"]
    return say(language, f"reason.{key}", revived(reason["facts"]))


def gate(item: Evidence, language: str) -> str:
    """Said of what may not be missing."""
    return f" ({say(language, 'plan.gate')})" if item["gate"] else ""


def fields(evidence: Evidence, language: str) -> str:
    """The profile fields that were used, as people call them."""
    known = templates(language)
    named = [known.get(f"field.{name}", name) for name in evidence["profile_fields_used"]]
    return say(language, "used.fields", {"names": named or [say(language, "word.none")]})
