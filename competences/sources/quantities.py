"""Numbers with a unit of time in running text, in Dutch, English and French, and what the text says they count."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as it stands in the text."""

    amount: float
    unit: str
    """hours, periods, ects, days, half_days, sessions, weeks, months, years"""
    text: str
    per: str = ""
    """"week", "day" or "month" for a rate; "" for a total."""
    part: str = ""
    """"workplace", "self_study" or "part" where the text says which part it counts; "" for the whole."""
    within: bool = False
    """True where the text says that the part is in the whole: "waarvan 300 uur stage"."""
    times: int = 1
    """The 3 of "3 x 2 uur"."""
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        return self.amount * self.times


_WORDS = {
    1: "één|eén|one|une", 1.5: "anderhalf|anderhalve", 2: "twee|two|deux", 3: "drie|three|trois", 4: "vier|four|quatre",
    5: "vijf|five|cinq", 6: "zes|six", 7: "zeven|seven|sept", 8: "acht|eight|huit", 9: "negen|nine|neuf",
    10: "tien|ten|dix", 12: "twaalf|twelve|douze",
}  # fmt: skip
_NUMBER_OF_WORD = {word: number for number, words in _WORDS.items() for word in words.split("|")}
_UNITS = {
    "hours": r"contacturen|contactuur|klokuren|uren|uur|uurtjes|hours?|hrs?|heures?|u|h",
    "periods": r"lestijden|lestijd|lesuren|lesuur|lt|teaching periods?|périodes?(?: de cours)?",
    "ects": r"studiepunten|studiepunt|ects(?:[- ](?:credits?|punten|studiepunten|crédits?))?|crédits? ects|sp",
    "half_days": r"halve (?:les)?dag(?:en)?|half[- ]days?|demi[- ]journées?|dagdelen|dagdeel",
    "days": r"(?:les|opleidings|cursus)?dag(?:en)?|days?|journées?|jours?",
    "sessions": r"(?:les)?sessies?|sessions?|avond(?:en|lessen)?|evenings?|soirées?|namiddag(?:en)?|voormiddag(?:en)?"
    r"|lesavonden|lessen|bijeenkomst(?:en)?|séances?",
    "weeks": r"(?:les)?weken|(?:les)?week|weeks?|semaines?",
    "months": r"maand(?:en)?|months?|mois",
    "years": r"jaar|jaren|years?|années?|ans?",
}
_NUMBER = r"\d+(?:[.,]\d+)?|" + "|".join(rf"\b(?:{words})\b" for words in _WORDS.values())
_UNIT = "|".join(rf"(?P<{name}>{words})" for name, words in _UNITS.items())
_QUANTITY = re.compile(
    rf"(?<![\w.,:/])(?:(?P<times>\d{{1,2}})\s*[x×*]\s*)?(?P<low>{_NUMBER})"
    rf"(?:\s*(?:-|–|—|tot en met|tot|à|a|to|of|ou|or)\s*(?P<high>{_NUMBER}))?"
    rf"\s*-?(?:tal\b)?\s*(?:{_UNIT})(?!\w)",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\s*(?:(?:les|opleiding|cours|effort)\s*)?(?:/|per\b|a\b|par\b|each\b|in de\b|elke\b)\s*"
    r"(?:(?P<week>week|semaine)|(?P<day>dag|day|jour)|(?P<month>maand|month|mois))\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"24\s*(?:u|uur|h)\s*(?:op|/|sur|on)\s*(?:24|7)|24\s*/\s*7"
    r"|(?<![\d.,])\d{1,2}\s*[.:]\s*[0-5]\d\s*(?:uur|u|h)\b\.?|\b\d{1,2}\s?[uh]\s?[0-5]\d\b|(?<!\d)0\d\s*(?:uur|u|h)\b"
    r"|\b(?:van|tussen|vanaf|from|de|between)\s+\d{1,2}\s*(?:uur|u|h)?\.?\s*(?:tot|en|to|à|and|-|–)\s*\d{1,2}\s*(?:uur|u|h)\b\.?",
    re.IGNORECASE,
)
_WORKPLACE = r"(?:bedrijfs)?stages?|werkplek\w*|\bibo\b|internship|placement|stage en entreprise"
_PARTS = {
    "workplace": (rf"(?:{_WORKPLACE})", rf"(?:{_WORKPLACE})(?:\s+\w+)?"),
    "self_study": (r"(?:zelfstudie|thuis\w*|self[- ]study|travail personnel)", r"(?:zelfstudie|self[- ]study)"),
    "part": (r"(?:theorie|praktijk\w*|theory|practice|théorie|pratique)", r"(?:theorie|praktijk)"),
}
_AFTER = {
    name: re.compile(rf"\s*(?:(?:aan|voor|van|de|of|op|online)\s+)?{after}(?!\w)", re.IGNORECASE)
    for name, (after, _) in _PARTS.items()
}
_BEFORE = {
    name: re.compile(
        rf"\b{before}\s*(?:\(|:)?\s*(?:(?:van|of|de)\s+)?(?:max(?:\.|imaal|imum)?|min(?:\.|imaal|imum)?|ongeveer|ca\.?)?\s*$",
        re.IGNORECASE,
    )
    for name, (_, before) in _PARTS.items()
}
_AT_MOST = re.compile(r"(?:max(?:\.|imaal|imum|imale)?|hoogstens|ten hoogste|up to|au plus)[^\d]{0,25}$", re.IGNORECASE)
_DAYS_OF = re.compile(r"(?:dag(?:en)?|days?|jours?|sessies?|sessions?) (?:van|of|de) $", re.IGNORECASE)
_UP_TO = re.compile(r"\s*(?:-|–|—|tot|à|to)\s*", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:waarvan|waaronder|of which|including|dont|inclusief|incl\.?)\b\D{0,20}$", re.IGNORECASE)


def quantities(text: str) -> tuple[list[Quantity], list[str]]:
    """The quantities of a text in order, clock times left out; each of those is named in a note."""
    notes = [unread(match.group(), "a time of the day") for match in _CLOCK.finditer(text)]
    text = _CLOCK.sub(lambda match: " " * len(match.group()), text)
    found: list[Quantity] = []
    end = 0
    for match in _QUANTITY.finditer(text):
        one = _quantity(text, match)
        if found and found[-1].unit == one.unit and _UP_TO.fullmatch(text, end, match.start()):
            said = f"{found[-1].text} tot {one.text}"
            one = replace(one, text=said, part=found.pop().part or one.part, notes=(upper_end(said), *one.notes))
        found.append(one)
        end = match.end()
    return found, notes


def upper_end(said: str) -> str:
    """The note for a range."""
    return f"{said!r}: the upper end counts"


def unread(text: str, reason: str = "") -> str:
    """The note for what was not interpreted."""
    return f"not interpreted: {text.strip()!r}" + (f" ({reason})" if reason else "")


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    said = match.group().strip()
    unit = next(name for name in _UNITS if match[name])
    before, after = text[: match.start()], text[match.end() :]
    within = bool(_WITHIN.search(before))
    part = next((name for name in _PARTS if _AFTER[name].match(after) or _BEFORE[name].search(before)), "")
    maximum = [f"{said!r} is stated as a maximum"] if _AT_MOST.search(before) else []
    return Quantity(
        amount=max(_number(match["low"]), _number(match["high"] or match["low"])),
        unit=unit,
        text=said,
        per=_rate(unit, before, after),
        part=part or ("part" if within else ""),
        within=within,
        times=int(match["times"] or 1),
        notes=(*([upper_end(said)] if match["high"] else []), *maximum),
    )


def _rate(unit: str, before: str, after: str) -> str:
    """What the amount is per: "40u per week", "10 dagen van 8 u"."""
    stated = _RATE.match(after)
    if stated:
        return next(name for name, value in stated.groupdict().items() if value)
    return "day" if unit in ("hours", "periods") and _DAYS_OF.search(before) else ""


def _number(text: str) -> float:
    word = text.strip().lower()
    return float(_NUMBER_OF_WORD[word]) if word in _NUMBER_OF_WORD else float(word.replace(",", "."))
