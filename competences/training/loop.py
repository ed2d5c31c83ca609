"""The training loop: draw pairs, sum their rows, compare, move the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import trange

from competences.encoders.hashing import SHORTEST_PART, codes_of, known_words
from competences.encoders.protocol import Encoder
from competences.training.corpus import DESCRIPTION, Corpus
from competences.training.kernels import adam_rows, batch_features, summed
from competences.training.objective import info_nce
from competences.training.pairs import pair_source
from competences.training.teaching import targets_of

Matrix = NDArray[np.float32]
Ids = NDArray[np.int64]
WARM_UP = 50


@dataclass(frozen=True)
class Schedule:
    """Training settings; the defaults are those of the shipped model."""

    rows: int = 92_000
    dim: int = 192
    epochs: int = 12
    batch: int = 1_024
    temperature: float = 0.05
    rate: float = 0.01
    typos: float = 0.4
    """Share of words mistyped, in half of the texts."""
    drop: float = 0.1
    """Share of words left out."""
    hide: float = 0.1
    """Share of features left out, each on its own."""
    scale: float = 0.3
    """Length of a row before training: small, so that n-grams never seen add little noise."""
    guided_epochs: int = 2
    """Epochs in which texts learn to lie where the teacher puts them; none without a teacher."""
    guidance: float = 0.3
    """Weight of the teacher beside the pairs, afterwards."""
    balance: float = 0.0
    """0: every text counts alike; 1: every language of a concept does."""
    plurals: float = 0.2
    """Share of the words of English texts that get an "s": its titles come in both numbers."""
    seed: int = 0


@dataclass(frozen=True)
class Trained:
    """(rows, dim) float32 rows and the words whose presence in a compound counts."""

    table: Matrix
    words: NDArray[np.uint64]


class Student:
    """Rows in training, with what Adam remembers of them."""

    def __init__(self, corpus: Corpus, words: NDArray[np.uint64], schedule: Schedule) -> None:
        self.schedule, self.words = schedule, words
        self.rng = np.random.default_rng(schedule.seed)
        self.codes, self.offsets = codes_of(corpus.texts)
        self.plurals = np.array([schedule.plurals * (one == "en") for one in corpus.languages], np.float32)
        self.table = self.rng.standard_normal((schedule.rows, schedule.dim), np.float32)
        self.table *= np.float32(schedule.scale / np.sqrt(schedule.dim))
        self.mean, self.square = np.zeros_like(self.table), np.zeros_like(self.table)

    def read(self, batch: Ids) -> Matrix:
        """The summed vectors (n, dim) of these texts, each with fresh typos and gaps."""
        seeds = self.rng.integers(1, 2**63, len(batch), dtype=np.uint64)
        settings = self.schedule
        self._features = batch_features(
            self.codes,
            self.offsets,
            batch,
            self.words,
            settings.rows,
            settings.typos,
            settings.drop,
            settings.hide,
            self.plurals[batch],
            seeds,
        )
        return summed(self.table, *self._features)

    def learn(self, gradient: Matrix, rate: float) -> None:
        """Moves the rows of the batch last read against the gradient (n, dim) of its vectors."""
        adam_rows(self.table, self.mean, self.square, *self._features, gradient, np.float32(rate))


def train_rows(corpus: Corpus, schedule: Schedule, progress: bool = True, teacher: Encoder | None = None) -> Trained:
    """Contrastive training from random rows, or from where a teacher would put the texts."""
    words = known_words(frequent_words(corpus))
    student = Student(corpus, words, schedule)
    targets = None if teacher is None else targets_of(teacher, corpus.written, schedule.dim, progress)
    if targets is not None:
        follow(student, targets, progress)
    compare(student, corpus, targets, progress)
    return Trained(student.table, words)


def follow(student: Student, targets: Matrix, progress: bool) -> None:
    """Each text is to lie nearer to its own target (n, dim) than to those of other texts."""
    settings = student.schedule
    order = np.arange(len(targets), dtype=np.int64)
    for epoch in range(settings.guided_epochs):
        student.rng.shuffle(order)
        starts = range(0, len(order), settings.batch)
        bar = trange(len(starts), disable=not progress, desc="follow teacher", unit="batch", mininterval=2)
        for at in bar:
            batch = order[starts[at] : starts[at] + settings.batch]
            done = (epoch + at / len(starts)) / settings.guided_epochs
            loss, gradient, _ = info_nce(student.read(batch), targets[batch], batch, batch, batch, settings.temperature)
            student.learn(gradient, settings.rate * (1 - 0.7 * done))
            bar.set_postfix(loss=f"{loss:.3f}", refresh=False)


def compare(student: Student, corpus: Corpus, targets: Matrix | None, progress: bool) -> None:
    """Two texts of one concept are to lie nearer to each other than to the rest of the batch."""
    settings = student.schedule
    texts, concepts = text_ids(corpus), np.asarray(corpus.concepts, np.int64)
    source = pair_source(corpus, settings.balance)
    per_epoch = max(1, len(source.texts) // settings.batch)
    steps = settings.epochs * per_epoch
    bar = trange(steps, disable=not progress, desc="train", unit="batch", mininterval=2)
    for step in bar:
        left, right = source.draw(min(settings.batch, len(source.texts)), student.rng)
        both = np.concatenate((left, right))
        vectors = student.read(both)
        n = len(left)
        loss, *gradients = info_nce(
            vectors[:n], vectors[n:], concepts[left], texts[left], texts[right], settings.temperature
        )
        gradient = np.concatenate(gradients)
        if targets is not None and settings.guidance:
            gradient[:n] += (
                np.float32(settings.guidance)
                * info_nce(vectors[:n], targets[left], texts[left], left, left, settings.temperature)[1]
            )
        student.learn(gradient, settings.rate * min((step + 1) / WARM_UP, 1 - step / steps))
        bar.set_postfix(loss=f"{loss:.3f}", refresh=False)


def frequent_words(corpus: Corpus) -> list[str]:
    """Words of four letters or more that stand in at least two labels: parts to look for in compounds."""
    labels = (text for text, kind in zip(corpus.texts, corpus.kinds, strict=True) if kind != DESCRIPTION)
    counts = Counter(word for text in labels for word in set(text.split()) if len(word) >= SHORTEST_PART)
    return sorted(word for word, count in counts.items() if count > 1)


def text_ids(corpus: Corpus) -> Ids:
    """Equal texts share a number, whatever their concept."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in corpus.texts], np.int64)
