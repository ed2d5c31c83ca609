"""The slow obvious twin of a match: pydantic records and plain loops, no matrix, no table, no kernel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Run
from oracle_conditions import Conditions
from oracle_days import runs_of


@dataclass(frozen=True)
class Found:
    """What the twin says of one offer."""

    offer_id: str
    score: float
    gain: float
    own_hours: float


class Oracle(Conditions):
    """Ranks by looking at every offer, every run and every pair of competences."""

    def match(self, learner: LearnerProfile, on: date, k: int) -> list[Found]:
        found = {offer.id: one for offer in self.offers if (one := self.best(offer, learner, on))}
        proposed = [found[offer.id] for offer in self.offers if offer.id in found and self.shortest(offer, found)]
        return sorted(proposed, key=lambda one: (-one.score, one.offer_id))[:k]

    def best(self, offer: LearningOffer, learner: LearnerProfile, on: date) -> Found | None:
        """The offer with the run that scores highest; None where it adds nothing or cannot be followed."""
        gain = self.gain(offer, learner, on)
        found = [
            Found(offer.id, self.score(gain, self.own_hours(offer, run, learner, on), learner, on)
                  * self.liking(offer, run, learner), gain, self.own_hours(offer, run, learner, on))
            for run in runs_of(offer) if gain > 0 and not self.failing(offer, run, learner, on)
        ]  # fmt: skip
        return max(found, key=lambda one: (one.score, -one.own_hours), default=None)

    def shortest(self, offer: LearningOffer, found: dict[str, Found]) -> bool:
        """Whether no variant of the same outcome asks fewer own hours of this person."""
        if offer.outcome_group is None or not self.settings.one_variant:
            return True
        variants = [one for one in self.offers if one.id in found and one.outcome_group == offer.outcome_group]
        return offer == min(variants, key=lambda one: (found[one.id].own_hours, self.study(one)[1], one.id))

    def conflict(self, learner: LearnerProfile, on: date) -> int | None:
        """The least number of conditions that would have to go for any offer with a gain; None without one."""
        sizes = [
            len(self.failing(offer, run, learner, on))
            for offer in self.offers if self.gain(offer, learner, on) > 0 for run in runs_of(offer)
        ]  # fmt: skip
        return min(sizes, default=None)

    def score(self, gain: float, own: float, learner: LearnerProfile, on: date) -> float:
        had = self.hours_to_horizon(learner, on)
        return gain if had is None or own == 0 else gain * had / (had + own)

    def liking(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> float:
        """1 − weight · (1 − form)."""
        wishes, marks = learner.preferences, []
        if wishes.modes:
            marks.append(0.5 if offer.mode is None else float(offer.mode in wishes.modes))
        if wishes.evening is not None:
            if run is None or run.slots is None:
                marks.append(0.5)
            else:
                evening = all(slot.start.hour >= 17 for slot in run.slots)
                marks.append(1.0 if not run.slots else float(evening == wishes.evening))
        form = sum(marks) / len(marks) if marks else 1.0
        return 1.0 - wishes.weight * (1.0 - form)
