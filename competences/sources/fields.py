"""What several formats state in the same way: money, postcode, language, days, delivery mode, hours in all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from competences.records.offers import DeliveryMode
from competences.sources.documents import listed
from competences.sources.json_ld import id_of, language_tag
from competences.sources.quantities import unread

_BELGIUM = {"", "BE", "BEL", "BELGIUM", "BELGIË", "BELGIQUE", "BELGIE"}


def euro(prices: Iterable[tuple[float | None, str | None, object]], notes: list[str]) -> float | None:
    """The one price in euro among (amount, currency, as stated); several that differ are none."""
    found: set[float] = set()
    for amount, currency, stated in prices:
        if amount is not None and amount >= 0 and ((currency or "").upper() == "EUR" or amount == 0):
            found.add(amount)
        else:
            notes.append(unread(f"{stated} {currency or ''}"[:80], "no price in euro"))
    if len(found) > 1:
        notes.append(unread(", ".join(f"{price:g} EUR" for price in sorted(found)), "several prices"))
    return found.pop() if len(found) == 1 else None


def belgian_postcode(code: object, country: object = "") -> str | None:
    """Four digits, unless the country is stated to be another one."""
    text = str(code).strip() if code is not None else ""
    home = str(country or "").strip().upper() in _BELGIUM
    return text if home and re.fullmatch(r"[1-9][0-9]{3}", text) else None


def stated_language(values: Iterable[object], notes: list[str]) -> str | None:
    """The tag of the first language that can be read; one that is stated and cannot be is named."""
    stated = [value for value in values if value]
    tag = next((tag for value in stated if (tag := language_tag(value))), None)
    if stated and tag is None:
        names = (id_of(one) or str(one) for one in listed(stated[0]))
        notes.append(unread(", ".join(names)[:80], "a language without a tag here"))
    return tag


def delivery(
    stated: Iterable[object], modes: Mapping[str, DeliveryMode | None], notes: list[str]
) -> DeliveryMode | None:
    """The mode behind one or more stated names or addresses; two different ones are blended."""
    names = [re.split(r"[/#:]", name.rstrip("/"))[-1].strip().lower() for one in stated if (name := id_of(one))]
    notes.extend(unread(name, "an unknown delivery mode") for name in names if name not in modes)
    known = {mode for name in names if (mode := modes.get(name)) is not None}
    return DeliveryMode.BLENDED if len(known) > 1 else next(iter(known), None)


def period(start: dt.date | None, end: dt.date | None, notes: list[str]) -> tuple[dt.date | None, dt.date | None]:
    """First and last day; unknown where the last comes first."""
    if start and end and end < start:
        notes.append(unread(f"{start} to {end}", "ends before it starts"))
        return None, None
    return start, end


def hours_in_all(hours: float) -> str:
    """The note for study time of which the contact hours are not stated apart."""
    return f"{hours:g} hours of study in all: how many of them are contact hours is not stated"
