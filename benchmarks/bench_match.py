"""pytest-benchmark functions: `make bench`, or `pytest benchmarks/bench_match.py --benchmark-only -k 100k`."""

from __future__ import annotations

from functools import cache
from itertools import cycle

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.instances import ON, instance
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.settings import Settings

SIZES = ("1k", "10k", "100k")


@cache
def matcher_of(name: str, materialise: bool = True) -> Matcher:
    one = instance(name)
    return Matcher.from_offers(
        one.catalogue, encoder=one.space.encoder, settings=Settings(materialise=materialise)
    ).warm_up()


@pytest.mark.parametrize("name", SIZES)
def test_match(benchmark: BenchmarkFixture, name: str) -> None:
    matcher, learners = matcher_of(name), cycle(instance(name).learners(1000))
    benchmark(lambda: matcher.match(next(learners), on=ON))


@pytest.mark.parametrize("name", SIZES)
def test_match_through_faiss(benchmark: BenchmarkFixture, name: str) -> None:
    matcher, learners = matcher_of(name, materialise=False), cycle(instance(name).learners(1000))
    benchmark(lambda: matcher.match(next(learners), on=ON))


@pytest.mark.parametrize("name", SIZES)
def test_match_a_text(benchmark: BenchmarkFixture, name: str) -> None:
    matcher, learner = matcher_of(name), instance(name).learners(1)[0]
    texts = cycle(instance(name).texts(100))
    matcher.match(learner, on=ON, goal=Goal(text=next(texts)))
    benchmark(lambda: matcher.match(learner, on=ON, goal=Goal(text=next(texts))))


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("threads", [1, 2])
def test_match_many(benchmark: BenchmarkFixture, name: str, threads: int) -> None:
    matcher, learners = matcher_of(name), instance(name).learners(4096)
    benchmark(lambda: matcher.match_many(learners, on=ON, threads=threads))


@pytest.mark.parametrize("name", SIZES)
def test_build(benchmark: BenchmarkFixture, name: str) -> None:
    one = instance(name)
    benchmark.pedantic(lambda: Matcher.from_offers(one.catalogue, encoder=one.space.encoder), rounds=1)


@pytest.mark.parametrize("name", SIZES)
def test_upsert_100(benchmark: BenchmarkFixture, name: str) -> None:
    matcher, changed = matcher_of(name), instance(name).catalogue[:100]
    benchmark.pedantic(lambda: matcher.upsert(changed), rounds=5)
