"""The person: a goal, what they can, the hours they have, and the conditions of their life."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator

from competences.records.base import Euro, Identifier, LanguageTag, Record, Share, Text
from competences.records.claims import CompetenceClaim, Credential
from competences.records.hours import TimeBudget
from competences.records.levels import CEFR, VKSLevel
from competences.records.offers import DeliveryMode
from competences.records.places import Place, Transport
from competences.records.roles import Goal

ALWAYS_USED = frozenset({"id", "goal", "consent"})


class Preferences(Record):
    """Soft wishes about form: they order offers of equal content, and never exclude."""

    modes: tuple[DeliveryMode, ...] = ()
    evening: bool | None = None
    weight: Share = 0.0
    """How much form counts beside content, chosen by the person."""


class LearnerProfile(Record):
    """Only `id` must be stated. No age, gender, origin or health: they have no place in a match."""

    id: Identifier
    goal: Goal | None = None
    budget: TimeBudget | None = None
    claims: tuple[CompetenceClaim, ...] = ()
    credentials: tuple[Credential, ...] = ()
    languages: dict[LanguageTag, CEFR] | None = None
    """CEFR per language; None is unknown, a language that is not listed is not spoken."""
    home: Place | None = None
    transport: Transport | None = None
    max_travel_km: Annotated[float, Field(ge=0)] | None = None
    max_travel_minutes: Annotated[float, Field(ge=0)] | None = None
    max_price: Euro | None = None
    modes: tuple[DeliveryMode, ...] | None = None
    """The only delivery modes that are possible; None is unknown."""
    digital_skill: Annotated[int, Field(ge=0, le=4)] | None = None
    vks_level: VKSLevel | None = None
    has_host: bool | None = None
    """Whether an employer can host learning on the job."""
    needs: tuple[Annotated[str, Field(pattern="^(wheelchair|childcare|low_literacy)$")], ...] = ()
    """What the offer must provide."""
    region: str | None = None
    status: str | None = None
    """Employee, job seeker, …: read by rules only, never by the score."""
    completed: tuple[Identifier, ...] = ()
    """Offers that were followed before."""
    preferences: Preferences = Preferences()
    consent: tuple[Text, ...] | None = None
    """Names of the optional fields that matching may use; None means all that are filled in. The goal is always used:
    whoever states one asks for that."""

    @field_validator("consent")
    @classmethod
    def _names_fields(cls, consent: tuple[str, ...] | None) -> tuple[str, ...] | None:
        unknown = sorted(set(consent or ()) - (cls.model_fields.keys() - ALWAYS_USED))
        if unknown:
            raise ValueError(f"consent names fields of a profile; {', '.join(unknown)} is none")
        return consent

    def consented(self) -> Self:
        """The profile as matching may see it: other fields are as if they had not been filled in. It is free to use."""
        if self.consent is None:
            return self
        fields = type(self).model_fields
        hidden = (fields.keys() - ALWAYS_USED - set(self.consent)) | {"consent"}
        return self.model_copy(update={name: fields[name].get_default() for name in hidden})
