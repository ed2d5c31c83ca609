"""Every tunable number, validated once, frozen: the core then trusts them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from competences.records.base import Hours, Record, Share
from competences.records.claims import CERTAIN, ClaimStatus, CompetenceClaim, Provenance
from competences.records.offers import OfferKind
from competences.records.places import Transport

Positive = Annotated[float, Field(gt=0)]


class Settings(Record):
    """All defaults are stated here; a result keeps the settings that made it."""

    horizon_weeks: Annotated[float, Field(gt=0, le=520)] = 52.0
    """Hours without weeks or deadline count over this many weeks."""
    coverage_threshold: Annotated[float, Field(gt=0, le=1)] | None = None
    """Coverage strength below this is 0. None: as the encoder's calibration says; 1.0: only the same competence."""
    materialise: bool = True
    """False: answer through FAISS for every match; identical results, less memory, slower."""

    trust_certified: Share = 1.0
    """Trust in a claim that was assessed or certified."""
    trust_documented: Share = 0.8
    """Trust in a claim that is documented, or whose source was verified."""
    trust_declared: Share = 0.5
    """Trust in what a person says of themselves: it counts, and leaves room for recognising it."""

    assumed_hours: dict[OfferKind, Hours] = {
        OfferKind.COURSE: 60.0,
        OfferKind.MODULE: 40.0,
        OfferKind.MICROCREDENTIAL: 90.0,
        OfferKind.EVENT: 7.0,
        OfferKind.WORKPLACE: 40.0,
        OfferKind.RECOGNITION: 12.0,
    }
    """Own hours of an offer that states none, by kind; every result that rests on one says so."""
    assumed_session_hours: Positive = 7.0
    """Hours of a day of presence where an offer states its days and no hours."""
    session_hours: Positive = 3.5
    """Length of a session where only contact hours are stated: it decides how often one travels."""
    speed_kmh: dict[Transport, Positive] = {
        Transport.WALK: 4.5,
        Transport.BICYCLE: 15.0,
        Transport.PUBLIC_TRANSPORT: 25.0,
        Transport.CAR: 45.0,
    }
    """Door to door, waiting included."""
    transport: Transport = Transport.PUBLIC_TRANSPORT
    """Assumed where a person names none."""
    detour: Annotated[float, Field(ge=1)] = 1.3
    """Length of the way over the distance as the crow flies."""

    relation_strength: dict[str, Share] = {
        "exact": 1.0, "close": 0.9, "narrower": 0.5, "broader": 0.3,
    }  # fmt: skip
    """How far holding a concept gives one that stands in this relation to it (narrower: the held one is)."""

    one_variant: bool = True
    """Of the offers of one outcome group, a match proposes only the shortest that the person can follow."""
    exemption_threshold: Share = 0.8
    """A certified or assessed claim that gives this much of an outcome of a unit exempts from it, if from all."""

    plan_seconds: Positive = 5.0
    """Time limit of the exact plan; the best plan so far and its bound come back."""
    plan_candidates: Annotated[int, Field(ge=1)] = 200
    """How many offers the exact plan chooses from, best first."""
    plan_parallel: Annotated[int, Field(ge=1)] | None = None
    """How many steps of a plan may take hours in the same week; None: as many as the hours allow."""
    role_share: Share = 0.8
    """One qualifies for a role from this share on: of the whole of its requirements, and of each gate."""

    def trust(self, claim: CompetenceClaim) -> float:
        """How far a claim counts as held: status × provenance, times its own confidence."""
        if claim.status in CERTAIN:
            return self.trust_certified * claim.confidence
        if claim.status is ClaimStatus.DOCUMENTED or claim.provenance is not Provenance.SELF_DECLARED:
            return self.trust_documented * claim.confidence
        return self.trust_declared * claim.confidence
