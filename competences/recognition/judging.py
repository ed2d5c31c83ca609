"""From what a person brings to one finding per criterion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise, phrases
from competences.recognition.finding import Finding, Missing, Span, Support
from competences.recognition.naming import SUPPORTED, named
from competences.recognition.standard import Criterion
from competences.recognition.statements import Standing, Statement
from competences.records.competence import Requirement

LONGEST_RUN = 6
"""Words of the longest run within a phrase that is compared, beside the whole phrase; the shortest has two."""
AS_GOOD = 0.05
"""Of spans whose probability differs by no more than this, the shortest is shown."""
_WORD = re.compile(r"\S+")
_SUPPORT = {Standing.DECLARED: Support.DECLARED, Standing.DOCUMENTED: Support.DOCUMENTED,
            Standing.CERTIFIED: Support.CERTIFIED}  # fmt: skip


@dataclass(frozen=True)
class Brought:
    """All spans of what a person brings, encoded once for every standard."""

    statements: tuple[Statement, ...]
    spans: tuple[Span, ...]
    vectors: NDArray[np.float32]
    """(spans, dim) unit rows."""

    @classmethod
    def of(cls, statements: Sequence[Statement], encoder: Encoder) -> Brought:
        """Phrases of free text and the short runs of words in them; what names a competence outright is one span."""
        spans = tuple(span for i, one in enumerate(statements) for span in _spans(i, one))
        row = {text: i for i, text in enumerate(dict.fromkeys(span.text for span in spans))}
        vectors = encoder.encode(list(row)) if row else np.zeros((0, encoder.dim), np.float32)
        return cls(tuple(statements), spans, vectors[[row[span.text] for span in spans]])


def judge(criteria: Sequence[Criterion], brought: Brought, encoder: Encoder) -> tuple[Finding, ...]:
    """One finding per criterion, in order: the most probable span counts, and support is that of the firmest statement
    that reaches the threshold."""
    names = named(criteria, [span.text for span in brought.spans], brought.vectors, encoder)
    return tuple(_finding(one, row, brought) for one, row in zip(criteria, names, strict=True))


def _finding(criterion: Criterion, names: NDArray[np.float64], brought: Brought) -> Finding:
    """`names` is (spans,): that a span names this competence."""
    said = [brought.statements[span.statement] for span in brought.spans]
    same = np.array([_is_about(one, criterion) for one in said], bool)
    level = np.array([_level_share(one, criterion.requirement) for one in said])
    current = np.array([not one.expired for one in said], bool)
    standing = np.array([one.standing for one in said], np.int64)
    # A certificate of something that merely sounds alike, or of a lower level, is a document here.
    standing[(standing == Standing.CERTIFIED) & (~same | (level < 1))] = Standing.DOCUMENTED
    able = np.where(same, 1.0, names) * np.array([one.confidence for one in said])
    reached = able * level

    probability = _best(reached, current)
    support, at = _firmest(reached, standing, current, np.array([len(span.text) for span in brought.spans], np.int64))
    missing = _missing(
        support,
        lapsed=_best(able, ~current) >= SUPPORTED,
        below=probability < SUPPORTED <= _best(able, current & (level < 1)),
    )
    span = brought.spans[at] if at >= 0 else None
    return Finding(criterion.requirement, criterion.label, support, round(probability, 4), span, tuple(missing))


def _firmest(
    reached: NDArray[np.float64], standing: NDArray[np.int64], current: NDArray[np.bool_], length: NDArray[np.int64]
) -> tuple[Support, int]:
    """The firmest standing that reaches the threshold by itself, and the shortest span that shows it about as well."""
    for least in sorted(Standing, reverse=True):
        among = current & (standing >= least)
        probability = _best(reached, among)
        if probability >= SUPPORTED:
            shown = among & (reached >= max(SUPPORTED, probability - AS_GOOD))
            return _SUPPORT[least], int(np.argmin(np.where(shown, length, np.iinfo(np.int64).max)))
    return Support.NONE, -1


def _best(values: NDArray[np.float64], among: NDArray[np.bool_]) -> float:
    """The highest value; 0 among none."""
    return float(values[among].max()) if among.any() else 0.0


def _missing(support: Support, lapsed: bool, below: bool) -> Iterator[Missing]:
    if support is Support.CERTIFIED:
        return
    if below:
        yield Missing.LEVEL
    if lapsed:
        yield Missing.RENEWAL
    if support is Support.NONE and not lapsed and not below:
        yield Missing.EXPERIENCE
    if support in (Support.NONE, Support.DECLARED) and not lapsed:
        yield Missing.DOCUMENT
    yield Missing.ASSESSMENT


def _is_about(statement: Statement, criterion: Criterion) -> bool:
    if statement.competence is None:
        return False
    return statement.competence == criterion.requirement.competence or normalise(statement.text) == criterion.key


def _level_share(statement: Statement, requirement: Requirement) -> float:
    """1 where either level is unknown."""
    if statement.level is None or requirement.level is None:
        return 1.0
    return min(statement.level, requirement.level) / requirement.level


def _spans(position: int, statement: Statement) -> Iterator[Span]:
    text = statement.text
    if statement.competence is not None:
        yield Span(text, position, 0, len(text), statement.standing)
        return
    ends = dict.fromkeys(pair for phrase in phrases(text) for pair in _runs(text, phrase.start, phrase.end))
    yield from (Span(text[low:high], position, low, high, statement.standing) for low, high in ends)


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The phrase itself, and the runs of two to `LONGEST_RUN` words in it."""
    yield start, end
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    for first, last in combinations(range(len(words)), 2):
        if last - first < LONGEST_RUN:
            yield words[first][0], words[last][1]
