"""Conditions of which one side is silent: shown beside a match, never a reason to exclude."""

from __future__ import annotations

from collections.abc import Iterator

from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode, LearningOffer, Run
from competences.records.places import Place
from matching.index.postcodes import coordinates


def unknown_conditions(offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> tuple[str, ...]:
    """Codes: what the offer does not say though everyone needs it, what it does not say though this person asks for
    it, and what it asks for though this person does not say."""
    return (*_of_the_offer(offer, run, learner), *_of_the_person(offer, learner))


def _of_the_offer(offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> Iterator[str]:
    if offer.price is None:
        yield "price"
    if not offer.open_entry and (run is None or (run.start is None and not run.dates)):
        yield "dates"
    if offer.language is None and learner.languages is not None:
        yield "language"
    if offer.mode is None and learner.modes is not None:
        yield "mode"
    if _must_be_near(offer, learner) and not _known((run.place if run else None) or offer.place):
        yield "place"
    timed = learner.budget is not None and learner.budget.slots is not None
    if timed and not offer.open_entry and (run is None or run.slots is None):
        yield "sessions"
    yield from (need for need in learner.needs if getattr(offer.access, need) is None)


def _of_the_person(offer: LearningOffer, learner: LearnerProfile) -> Iterator[str]:
    access = offer.access
    if _must_be_near(offer, learner) and not _known(learner.home):
        yield "home"
    if access.language is not None and learner.languages is None:
        yield "language_level"
    if (access.host_required or offer.mode is DeliveryMode.WORKPLACE) and learner.has_host is None:
        yield "host"
    if access.digital_skill is not None and learner.digital_skill is None:
        yield "digital_skill"
    if access.vks_level is not None and learner.vks_level is None:
        yield "vks_level"
    if access.regions is not None and learner.region is None:
        yield "region"
    if access.statuses is not None and learner.status is None:
        yield "status"


def _must_be_near(offer: LearningOffer, learner: LearnerProfile) -> bool:
    bounded = learner.max_travel_km is not None or learner.max_travel_minutes is not None
    return bounded and offer.mode is not DeliveryMode.ONLINE


def _known(place: Place | None) -> bool:
    return place is not None and coordinates(place) is not None
