"""Parts of one bundle as one step: what belongs together is read together, and every part stays to be seen."""

from __future__ import annotations

from typing import Any

Evidence = dict[str, Any]

BILL = ("contact", "self_study", "assessment", "travel", "paid_leave", "exempted", "workplace", "own_hours")
"""Lines of a bill, of which a whole has the sum."""
LEAST_SURE_LAST = ("stated", "ects", "partly", "assumed")


def numbered(steps: list[Evidence]) -> list[Evidence]:
    """Steps in order, each with a number and its `parts`; steps that share a `bundle` are one, where the first is.

    A lone step, also one of a bundle whose other parts are not in the plan, has no parts."""
    members: dict[tuple[str | None, str], list[Evidence]] = {}
    for step in steps:
        members.setdefault((step["bundle"], "" if step["bundle"] else step["offer_id"]), []).append(step)
    wholes = (_whole(parts) if len(parts) > 1 else {**parts[0], "parts": []} for parts in members.values())
    return [{"number": number, **one} for number, one in enumerate(wholes, start=1)]


def parts_of(steps: list[Evidence]) -> list[Evidence]:
    """Every single offer of these steps, in order."""
    return [part for step in steps for part in (step["parts"] or [step])]


def _whole(parts: list[Evidence]) -> Evidence:
    """Hours, prices and weeks of the parts added up; of what they cover, the most that any part gives."""
    prices = [part["price"] for part in parts if part["price"] is not None]
    return {
        **{name: _alike(parts, name) for name in ("provider", "url", "source", "offer_kind", "bundle")},
        "offer_id": " + ".join(part["offer_id"] for part in parts),
        "title": " + ".join(part["title"] for part in parts),
        "run_id": None,
        "start": min(part["start"] for part in parts),
        "end": max(part["end"] for part in parts),
        "own_hours": sum(part["own_hours"] for part in parts),
        "price": sum(prices) if prices else None,
        "recognition": all(part["recognition"] for part in parts),
        "bill": _bill([part["bill"] for part in parts]),
        "covers": _covers([cover for part in parts for cover in part["covers"]]),
        "weeks": _weeks([week for part in parts for week in part["weeks"]]),
        "parts": parts,
    }


def _alike(parts: list[Evidence], name: str) -> Any:
    """What all parts say alike; None where they differ."""
    return parts[0][name] if all(part[name] == parts[0][name] for part in parts) else None


def _bill(bills: list[Evidence]) -> Evidence:
    notes = [note for bill in bills for note in bill["notes"]]
    return {
        **{name: sum(bill[name] for bill in bills) for name in BILL},
        "basis": max((bill["basis"] for bill in bills), key=LEAST_SURE_LAST.index),
        "notes": [note for i, note in enumerate(notes) if note not in notes[:i]],
    }


def _covers(covers: list[Evidence]) -> list[Evidence]:
    best: dict[tuple[str, float | None], Evidence] = {}
    for cover in covers:
        asked = cover["requirement"], cover["requirement_level"]
        if asked not in best or cover["value"] > best[asked]["value"]:
            best[asked] = cover
    return list(best.values())


def _weeks(weeks: list[Evidence]) -> list[Evidence]:
    hours: dict[str, float] = {}
    for week in sorted(weeks, key=lambda one: str(one["start"])):
        hours[week["start"]] = hours.get(week["start"], 0.0) + week["hours"]
    return [{"start": start, "hours": own} for start, own in hours.items()]
