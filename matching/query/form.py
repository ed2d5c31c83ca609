"""The form of an offer against a person's wishes, for showing; the kernel computes the same number inside its loop."""

from __future__ import annotations

from competences.records.learners import Preferences
from competences.records.offers import DeliveryMode
from matching.index.columns import Evening
from matching.query.condition_kernels import LIKED_BY_CHANCE


def form_of(mode: DeliveryMode | None, evening: Evening, wishes: Preferences) -> float:
    """Mean over the wishes that are stated: 1 where one is met, 0 where not, ½ where the offer does not say."""
    met = []
    if wishes.modes:
        met.append(LIKED_BY_CHANCE if mode is None else float(mode in wishes.modes))
    if wishes.evening is not None:
        unknown = evening is Evening.UNKNOWN
        met.append(LIKED_BY_CHANCE if unknown else float(evening in (Evening.ANY, int(wishes.evening))))
    return sum(met) / len(met) if met else 1.0
