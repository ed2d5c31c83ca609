"""What can keep a person out of an offer, in one place: each condition looks at one field of each side.

Conditions on the form of an offer are plain functions here; those on numbers run in the kernel, which reports bits.
Both become `Reason`s: a code, a kind, words, and the smallest change that lifts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.records.offers import DeliveryMode
from matching.index.columns import Form
from matching.wording.say import say


class ReasonKind(StrEnum):
    """Whether learning can lift a reason."""

    FIXED = "fixed"
    """A condition that learning does not lift: language, place, dates, money, hours."""
    EARNABLE = "earnable"
    """An entry level, prerequisite or co-requisite: another step of a plan can earn it."""
    NO_GAIN = "no_gain"
    """The offer adds nothing to what this goal still needs."""
    VARIANT = "variant"
    """The person can follow a shorter variant of the same outcome."""


@dataclass(frozen=True)
class Change:
    """One edit of a learner profile: set a field, or add to or remove from a list of values."""

    field: str
    """Dotted: "budget.hours_per_week", "languages.nl"."""
    value: Any
    how: Literal["set", "add", "remove"] = "set"


@dataclass(frozen=True)
class Reason:
    """One failing condition. `changes` is the smallest edit of the profile that lifts it; it is empty where only the
    offer could change."""

    code: str
    kind: ReasonKind
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the sentence states: numbers, days, names."""
    changes: tuple[Change, ...] = ()

    def in_words(self, language: str = "en") -> str:
        """The smallest change as a sentence: "12 km further"."""
        return say(language, f"reason.{self.code}", self.facts)

    @property
    def text(self) -> str:
        """The reason in English."""
        return self.in_words()


def applied(learner: LearnerProfile, reasons: Iterable[Reason]) -> LearnerProfile:
    """The learner after all changes that the reasons name; of two changes of one number the larger holds. What the
    learner did not consent to stays out."""
    stated = learner.consented().model_dump()
    for reason in reasons:
        for change in reason.changes:
            _edit(stated, change)
    return LearnerProfile.model_validate(stated)


def _edit(stated: dict[str, Any], change: Change) -> None:
    *path, last = change.field.split(".")
    for part in path:
        stated[part] = stated.get(part) or {}
        stated = stated[part]
    before = stated.get(last)
    if change.how == "set":
        larger = isinstance(before, int | float | date) and not isinstance(before, bool) and last != "not_before"
        stated[last] = max(before, change.value) if larger and before is not None else change.value
    elif change.how == "add":
        stated[last] = (*(before or ()), *change.value)
    else:
        stated[last] = tuple(one for one in before or () if one not in change.value)


def fixed(code: str, facts: Mapping[str, Any], *changes: Change) -> Reason:
    """A reason that learning does not lift."""
    return Reason(code, ReasonKind.FIXED, facts, changes)


def language(form: Form, learner: LearnerProfile) -> Reason | None:
    """The person speaks the language of the offer at the level that it asks for (any level where it states none)."""
    if form.language is None or learner.languages is None:
        return None
    needed = form.access.language or CEFR.A1
    spoken = learner.languages.get(form.language)
    if spoken is not None and spoken >= needed:
        return None
    facts = {
        "needed": needed.name,
        "language": form.language,
        "spoken": "none" if spoken is None else spoken.name,
    }
    return fixed("language", facts, Change(f"languages.{form.language}", needed))


def mode(form: Form, learner: LearnerProfile) -> Reason | None:
    """The delivery mode is one that the person can follow."""
    if form.mode is None or learner.modes is None or form.mode in learner.modes:
        return None
    return fixed("mode", {"mode": form.mode}, Change("modes", (form.mode,), "add"))


def host(form: Form, learner: LearnerProfile) -> Reason | None:
    """Learning on the job needs an employer that hosts it."""
    needs_host = form.access.host_required or form.mode is DeliveryMode.WORKPLACE
    if not needs_host or learner.has_host is not False:
        return None
    return fixed("host", {}, Change("has_host", True))


def digital_skill(form: Form, learner: LearnerProfile) -> Reason | None:
    """The person has the digital skill that the offer asks for."""
    needed, has = form.access.digital_skill, learner.digital_skill
    if needed is None or has is None or has >= needed:
        return None
    return fixed("digital_skill", {"needed": needed, "has": has}, Change("digital_skill", needed))


def vks_level(form: Form, learner: LearnerProfile) -> Reason | None:
    """The person holds a qualification of the level that the offer asks for."""
    needed, has = form.access.vks_level, learner.vks_level
    if needed is None or has is None or has >= needed:
        return None
    return fixed("vks_level", {"needed": needed, "has": has}, Change("vks_level", needed))


def needs(form: Form, learner: LearnerProfile) -> Reason | None:
    """What the person needs and the offer is known not to provide; what it does not say is shown as unknown."""
    missing = tuple(need for need in learner.needs if getattr(form.access, need) is False)
    if not missing:
        return None
    return fixed("needs", {"missing": missing}, Change("needs", missing, "remove"))


def region(form: Form, learner: LearnerProfile) -> Reason | None:
    """The offer is open to residents of the person's region."""
    allowed = form.access.regions
    if allowed is None or learner.region is None or learner.region in allowed:
        return None
    return fixed("region", {"allowed": allowed}, *(Change("region", one) for one in allowed[:1]))


def status(form: Form, learner: LearnerProfile) -> Reason | None:
    """The offer is open to people of the person's status."""
    allowed = form.access.statuses
    if allowed is None or learner.status is None or learner.status in allowed:
        return None
    return fixed("status", {"allowed": allowed}, *(Change("status", one) for one in allowed[:1]))


FORM_CONDITIONS: tuple[Callable[[Form, LearnerProfile], Reason | None], ...] = (
    language, mode, host, digital_skill, vks_level, needs, region, status,
)  # fmt: skip


def form_reasons(form: Form, learner: LearnerProfile) -> list[Reason]:
    """All form conditions that fail."""
    return [reason for condition in FORM_CONDITIONS if (reason := condition(form, learner)) is not None]


def form_key(learner: LearnerProfile) -> tuple[object, ...]:
    """What form conditions read of a learner: equal keys share one row of the form table."""
    languages = None if learner.languages is None else tuple(sorted(learner.languages.items()))
    return (
        languages, learner.modes, learner.has_host, learner.digital_skill, learner.vks_level, learner.needs,
        learner.region, learner.status,
    )  # fmt: skip
