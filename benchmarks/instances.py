"""Named, seeded instances: the same name is the same catalogue and the same learners on any machine.

`esco-…` draws concepts from the labels of the taxonomy that LEERMATCH_DATA points at, seen by the shipped encoder;
`words-…` needs no data: labels of three made-up words, whose vectors share directions where labels share words.
Concepts are taught with the skew of real catalogues (few are everywhere, most are rare), offers and goals keep to a
neighbourhood of their topic, and every learner has weights of their own.
"""

from __future__ import annotations

import csv
import os
import zlib
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from competences.encoders.calibration import Calibration
from competences.encoders.loading import load_encoder
from competences.encoders.protocol import Encoder
from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.records.offers import DeliveryMode, LearningOffer, Run
from competences.records.roles import Goal

ON = date(2026, 11, 24)
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
CONCEPTS = 14_000
REQUIREMENTS = 15
SKEW = 0.7
"""Exponent of the popularity of concepts (rank ** -SKEW)."""
LANGUAGES = ("nl", "fr", "en", None)
MODES = (DeliveryMode.ONSITE, DeliveryMode.ONLINE, DeliveryMode.BLENDED, None)


@dataclass(frozen=True)
class Instance:
    """A catalogue of `offers` offers, and as many learners as are asked for."""

    name: str
    offers: int
    requirements: int
    space: Space
    seed: int = 11

    @cached_property
    def catalogue(self) -> list[LearningOffer]:
        """The offers, ids "offer-0000000" and on."""
        rng = np.random.default_rng([self.seed, self.offers])
        groups = self.space.groups(rng, self.offers, 5)
        sizes, levels, share = (
            rng.integers(1, 6, self.offers), rng.integers(0, 9, (self.offers, 5)), rng.random((self.offers, 8)),
        )  # fmt: skip
        spread = np.exp(rng.normal(3.0, 1.0, self.offers))
        rows = zip(groups, sizes, levels.tolist(), share.tolist(), spread.tolist(), strict=True)
        return [_offer(i, self.space.labels, *row) for i, row in enumerate(rows)]

    def learners(self, n: int, requirements: int | None = None) -> list[LearnerProfile]:
        """The first n learners, each with a goal of `requirements` weighted requirements."""
        asked = requirements or self.requirements
        rng = np.random.default_rng([self.seed, 7])
        groups = self.space.groups(rng, n, asked)
        levels, share = rng.integers(0, 9, (n, asked)), rng.random((n, 6))
        weights, claimed = np.round(0.5 + 2 * rng.random((n, asked)), 2), rng.integers(0, asked, (n, 4))
        rows = zip(groups, levels.tolist(), weights.tolist(), claimed.tolist(), share.tolist(), strict=True)
        return [_learner(i, self.space.labels, *row) for i, row in enumerate(rows)]

    def texts(self, n: int) -> list[str]:
        """Goals in free text: a wish of a few words about one topic."""
        rng = np.random.default_rng([self.seed, 8])
        return [f"Ik wil graag leren: {self.space.labels[topic]}" for topic in self.space.popular(rng, n)]


@dataclass(frozen=True)
class Space:
    """Concept labels, the encoder that sees them, and which lie close to which."""

    labels: tuple[str, ...]
    encoder: Encoder
    near: NDArray[np.int64]
    """(concepts, 12) the most similar other concepts."""

    @classmethod
    def of(cls, labels: Sequence[str], encoder: Encoder) -> Space:
        from competences.vectors import VectorIndex

        vectors = encoder.encode(labels)
        found = VectorIndex(vectors).nearest(vectors, 13)
        return cls(tuple(labels), encoder, found.rows.reshape(len(labels), -1)[:, 1:])

    def popular(self, rng: np.random.Generator, n: int) -> NDArray[np.int64]:
        """(n,) concepts, drawn by popularity."""
        share = np.cumsum(np.arange(1, len(self.labels) + 1) ** -SKEW)
        order = np.random.default_rng(3).permutation(len(self.labels))
        return order[np.searchsorted(share / share[-1], rng.random(n))]

    def groups(self, rng: np.random.Generator, n: int, size: int) -> list[list[int]]:
        """n times `size` distinct concepts: a popular one, then in turn one close to it and a popular one."""
        topics = self.popular(rng, n)
        drawn = self.popular(rng, n * 3 * size).reshape(n, 3 * size)
        drawn[:, 0::2] = self.near[topics[:, None], rng.integers(0, self.near.shape[1], drawn[:, 0::2].shape)]
        rows = np.column_stack((topics, drawn)).tolist()
        return [list(dict.fromkeys(row))[:size] for row in rows]


class WordEncoder:
    """A text is the mean direction of its words; each word points somewhere by its checksum."""

    dim = 128
    fingerprint = "benchmark-words-1"
    calibration = Calibration(
        link=((0.3, 0.9), (0.0, 1.0)), coverages=((0.3, 0.95), (0.0, 1.0)), coverage_threshold=0.45
    )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, 128) float32 unit rows."""
        rows = np.array([np.sum([_word(word) for word in text.split()], axis=0) for text in texts], np.float32)
        rows = rows.reshape(len(texts), self.dim)
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        return rows / np.where(lengths > 0, lengths, 1)[:, None]


@cache
def _word(word: str) -> NDArray[np.float32]:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=WordEncoder.dim).astype(np.float32)


@cache
def words_space(n: int = CONCEPTS) -> Space:
    """Labels "field topic skill"; topics are of very different size, about 13 concepts lie close to one."""
    rng = np.random.default_rng(5)
    topics = (n / 5 * rng.random(n) ** 2).astype(int)
    return Space.of([f"field{topic % 97} topic{topic} skill{i}" for i, topic in enumerate(topics)], WordEncoder())


@cache
def esco_space(n: int = CONCEPTS) -> Space:
    """Labels of skills and knowledge in Dutch, filled up with English ones."""
    path = Path(os.environ["LEERMATCH_DATA"]) / "esco" / "parallel_skills_v1.1.1.csv"
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    labels = dict.fromkeys(row[language].strip() for language in ("nl", "en") for row in rows if row[language].strip())
    return Space.of(list(labels)[:n], load_encoder())


@cache
def instance(name: str) -> Instance:
    """By name: "esco-100k", "words-1m", …; "100k" alone takes the taxonomy where its data are at hand."""
    kind, _, size = name.rpartition("-")
    kind = kind or ("esco" if os.environ.get("LEERMATCH_DATA") else "words")
    space = esco_space() if kind == "esco" else words_space()
    return Instance(f"{kind}-{size}", SIZES[size], REQUIREMENTS, space)


def _offer(
    i: int, labels: Sequence[str], concepts: list[int], size: int, levels: list[int], share: list[float], contact: float
) -> LearningOffer:
    start = ON + timedelta(days=int(share[0] * 360) - 60)
    weeks = int(1 + 12 * share[3])
    return LearningOffer(
        id=f"offer-{i:07d}",
        title=f"Opleiding {labels[concepts[0]]}",
        outcomes=tuple(_outcome(labels[c], level) for c, level in zip(concepts[:size], levels, strict=False)),
        time=_time(int(contact), int(20 * share[2] ** 2), weeks if share[4] < 0.4 else None),
        language=LANGUAGES[bisect((0.60, 0.80, 0.95), share[5])],
        mode=MODES[bisect((0.45, 0.70, 0.95), share[1])],
        runs=(Run(id="r1", start=start, end=start + timedelta(days=7 * weeks)),) if share[6] < 0.6 else (),
        price=round(600 * share[7]) if share[7] < 0.7 else None,
    )


@cache
def _outcome(label: str, level: int) -> Outcome:
    """A third of the outcomes states a level, 1 to 3."""
    return Outcome(competence=label, level=level if 1 <= level <= 3 else None)


@cache
def _time(contact: int, self_study: int, weeks: int | None) -> TimeDemand:
    return TimeDemand(contact_hours=contact, self_study_hours=self_study, weeks=weeks)


def _learner(
    i: int, labels: Sequence[str], wanted: list[int], levels: list[int], weights: list[float], claimed: list[int],
    share: list[float],
) -> LearnerProfile:  # fmt: skip
    requirements = tuple(
        Requirement(competence=labels[c], level=level if 1 <= level <= 3 else None, weight=weight)
        for c, level, weight in zip(wanted, levels, weights, strict=False)
    )
    spoken = {"nl": CEFR.C1}
    if share[0] < 0.4:
        spoken["fr"] = CEFR.B1
    if share[1] < 0.6:
        spoken["en"] = CEFR.B2
    return LearnerProfile(
        id=f"learner-{i:06d}",
        goal=Goal(requirements=requirements),
        budget=TimeBudget(
            hours_per_week=int(2 + 10 * share[2]),
            weeks=52 if share[3] < 0.5 else 30,
            not_before=ON + timedelta(days=30) if share[4] < 0.3 else None,
        ),
        claims=tuple(_claim(labels[wanted[j]], j) for j in claimed if j < len(wanted)),
        languages=spoken,
        modes=None if share[5] < 0.5 else (DeliveryMode.ONLINE, DeliveryMode.BLENDED),
    )


@cache
def _claim(label: str, j: int) -> CompetenceClaim:
    status = (ClaimStatus.IDENTIFIED, ClaimStatus.DOCUMENTED, ClaimStatus.CERTIFIED)[j % 3]
    return CompetenceClaim(competence=label, status=status, level=2 if j % 2 else None)
