"""The job that every system of a comparison does, as plain columns, and the oracle that says what is right.

k = 10; weighted requirements without levels or claims; language, mode, date and hours as hard conditions; ranked by
gain · H / (H + own hours). Gain is read from the vectors: strength = calibrated cosine, 1 for the same competence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.instances import LANGUAGES, MODES, ON, Instance
from competences.records.competence import Outcome
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.vectors import similarity

K = 10
NEVER = 10**7


@dataclass(frozen=True)
class Asked:
    """One learner as numbers."""

    learner: LearnerProfile
    concepts: NDArray[np.int64]
    weights: NDArray[np.float64]
    """Sum 1."""
    spoken: NDArray[np.bool_]
    modes: NDArray[np.bool_]
    not_before: int
    last: int
    hours: float
    hours_per_week: float


@dataclass
class Job:
    """Offers as columns, without levels."""

    instance: Instance

    @cached_property
    def offers(self) -> list[LearningOffer]:
        plain = {
            o.competence: Outcome(competence=o.competence) for one in self.instance.catalogue for o in one.outcomes
        }
        return [
            one.model_copy(update={"outcomes": tuple(dict.fromkeys(plain[o.competence] for o in one.outcomes))})
            for one in self.instance.catalogue
        ]

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """(concepts, d)."""
        return self.instance.space.encoder.encode(self.instance.space.labels)

    @cached_property
    def concept(self) -> dict[str, int]:
        return {label: i for i, label in enumerate(self.instance.space.labels)}

    @cached_property
    def taught(self) -> NDArray[np.int64]:
        """(offers, 5) concepts, padded with the row after the last."""
        out = np.full((len(self.offers), 5), len(self.concept), np.int64)
        for row, offer in enumerate(self.offers):
            for at, outcome in enumerate(offer.outcomes):
                out[row, at] = self.concept[outcome.competence]
        return out

    @cached_property
    def columns(self) -> dict[str, NDArray[Any]]:
        """language, mode (codes), own, weekly (hours), start, end (days; unknown never keeps anyone out)."""
        rows = [_row(offer) for offer in self.offers]
        names = ("language", "mode", "own", "weekly", "start", "end", "weeks")
        return {name: np.array(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}

    def asked(self, n: int) -> list[Asked]:
        return [self._asked(learner) for learner in self.instance.learners(n)]

    def _asked(self, learner: LearnerProfile) -> Asked:
        goal, budget = learner.goal, learner.budget
        assert goal
        assert goal.requirements
        assert budget
        assert budget.hours_per_week is not None
        assert budget.weeks is not None
        plain = tuple(one.model_copy(update={"level": None}) for one in goal.requirements)
        weights = np.array([one.weight for one in plain])
        not_before, last = max(ON, budget.not_before or ON).toordinal(), ON.toordinal() + round(budget.weeks * 7)
        weeks = min(budget.weeks, (last - not_before + 1) / 7)
        return Asked(
            learner.model_copy(update={"claims": (), "goal": goal.model_copy(update={"requirements": plain})}),
            np.array([self.concept[one.competence] for one in plain]),
            weights / weights.sum(),
            np.array([name is None or name in (learner.languages or {}) for name in LANGUAGES]),
            np.array([mode is None or learner.modes is None or mode in learner.modes for mode in MODES]),
            not_before,
            last,
            budget.hours_per_week * weeks,
            budget.hours_per_week,
        )

    def eligible(self, one: Asked, rows: Any = slice(None)) -> NDArray[np.bool_]:
        """Of these offer rows, which the learner can follow."""
        c = {name: values[rows] for name, values in self.columns.items()}
        undated_end = one.not_before + np.ceil(c["weeks"] * 7) - 1
        end = np.where((c["start"] == NEVER) & (c["weeks"] > 0), undated_end, c["end"])
        return np.asarray(
            one.spoken[c["language"]] & one.modes[c["mode"]]
            & (c["start"] >= one.not_before) & ((end == NEVER) | (end <= one.last))
            & (c["own"] <= one.hours + 1e-9) & (c["weekly"] <= one.hours_per_week + 1e-9)
        )  # fmt: skip

    def score(self, one: Asked, gains: NDArray[np.float64], rows: Any = slice(None)) -> NDArray[np.float64]:
        own = self.columns["own"][rows]
        if np.isinf(one.hours):
            return gains
        return np.asarray(np.where(own == 0, gains, gains * one.hours / (one.hours + own)))

    def best(self, one: Asked, gains: NDArray[np.float64], rows: NDArray[np.int64]) -> list[str]:
        """Ids of the k best of these rows; gains above 0 are counted, others are out."""
        found = np.flatnonzero((gains > 0) & self.eligible(one, rows))
        scores = self.score(one, gains[found], rows[found])
        if len(found) > K:
            top = np.flatnonzero(scores >= -np.partition(-scores, K - 1)[K - 1])
            found, scores = found[top], scores[top]
        order = np.lexsort((rows[found], -scores))[:K]
        return [self.offers[row].id for row in rows[found[order]].tolist()]

    def strengths(self, one: Asked) -> NDArray[np.float64]:
        """(requirements, concepts + 1) from the vectors, pair by pair; the last column is 0."""
        n, calibration = len(self.vectors), self.instance.space.encoder.calibration  # type: ignore[attr-defined]
        left, right = np.repeat(one.concepts, n), np.tile(np.arange(n), len(one.concepts))
        values = calibration.coverage(similarity(self.vectors, left, self.vectors, right)).reshape(-1, n)
        values[values < np.float32(calibration.coverage_threshold)] = 0
        values[np.arange(len(one.concepts)), one.concepts] = 1
        return np.column_stack((values, np.zeros(len(values)))).astype(np.float64)

    def oracle(self, one: Asked) -> dict[str, float]:
        """Every offer that the learner can follow and gains from, and its score; nothing is left out."""
        strengths, gains = self.strengths(one), np.zeros(len(self.offers))
        for weight, row in zip(one.weights, strengths, strict=True):
            gains += weight * row[self.taught].max(axis=1)
        rows = np.flatnonzero((gains > 0) & self.eligible(one))
        return {
            self.offers[row].id: score
            for row, score in zip(rows.tolist(), self.score(one, gains[rows], rows).tolist(), strict=True)
        }


def recall(found: list[str], truth: dict[str, float]) -> float:
    """Share of the k best that were found; an offer with the score of the last one counts as well as that one."""
    k = min(K, len(truth))
    if k == 0:
        return 1.0
    last = sorted(truth.values(), reverse=True)[k - 1]
    return sum(truth.get(one, -1.0) >= last - 1e-6 for one in found[:k]) / k


def _row(offer: LearningOffer) -> tuple[int, int, float, float, int, int, float]:
    time, run = offer.time, offer.runs[0] if offer.runs else None
    own = (time.contact_hours or 0.0) + (time.self_study_hours or 0.0)
    weeks = time.weeks
    if run and run.start and run.end:
        weeks = ((run.end - run.start).days + 1) / 7
    return (
        LANGUAGES.index(offer.language), MODES.index(offer.mode), own, own / max(weeks, 1.0) if weeks else 0.0,
        run.start.toordinal() if run and run.start else NEVER, run.end.toordinal() if run and run.end else NEVER,
        weeks or 0.0,
    )  # fmt: skip
