"""Who has what, who needs what, and what the words mean. Everything public is imported from here."""

from competences.embedding import Embedded, embed
from competences.encoders.loading import load_encoder
from competences.encoders.protocol import Encoder
from competences.errors import DataError, IncompatibleIndexError, LeermatchError, MisuseError, UnknownIdError
from competences.linking.linker import Link, Linker, Mention
from competences.records.claims import (
    ClaimStatus,
    CompetenceClaim,
    Credential,
    CredentialKind,
    Evidence,
    Provenance,
)
from competences.records.competence import Competence, CompetenceKind, Outcome, Requirement
from competences.records.hours import Period, Slot, TimeBudget, TimeDemand, Weekday
from competences.records.io import read_competences, read_learners, read_offers, read_roles, write
from competences.records.learners import LearnerProfile, Preferences
from competences.records.levels import CEFR
from competences.records.offers import Access, DeliveryMode, LearningOffer, OfferKind, Prerequisite, Run, Unit
from competences.records.organisations import Consortium, DemandProfile
from competences.records.places import Place, Transport
from competences.records.roles import Goal, GoalKind, JobRole
from competences.taxonomy.taxonomy import Taxonomy

__all__ = [
    "Access",
    "CEFR",
    "ClaimStatus",
    "Competence",
    "CompetenceClaim",
    "CompetenceKind",
    "Consortium",
    "Credential",
    "CredentialKind",
    "DataError",
    "DeliveryMode",
    "DemandProfile",
    "Embedded",
    "Encoder",
    "Evidence",
    "Goal",
    "GoalKind",
    "IncompatibleIndexError",
    "JobRole",
    "LearnerProfile",
    "LearningOffer",
    "LeermatchError",
    "Link",
    "Linker",
    "Mention",
    "MisuseError",
    "OfferKind",
    "Outcome",
    "Period",
    "Place",
    "Preferences",
    "Prerequisite",
    "Provenance",
    "Requirement",
    "Run",
    "Slot",
    "Taxonomy",
    "TimeBudget",
    "TimeDemand",
    "Transport",
    "Unit",
    "UnknownIdError",
    "Weekday",
    "embed",
    "load_encoder",
    "read_competences",
    "read_learners",
    "read_offers",
    "read_roles",
    "write",
]
