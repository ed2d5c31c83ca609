"""What the kernel adds up, against adding up plainly: bounds are never below gains, and gains are the plain ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.index.concepts import Strengths
from matching.index.coverage import Teaching, by_offer, teaching
from matching.index.picking import starts_of
from matching.query.kernels import ONE, Demands, all_gains, bounds_of, most_near, unlist
from matching.query.tally import GLANCE, NUMBER, UNIT, Workspace

OFFERS, CONCEPTS = 9, 6
World = tuple[Demands, Strengths, Strengths, Teaching, Teaching]


def strengths(rng: np.random.Generator, n: int) -> Strengths:
    """Of n requirement concepts, each given by some of the listed ones."""
    near = [np.flatnonzero(rng.random(CONCEPTS) < 0.5).astype(np.int32) for _ in range(n)]
    rows = np.concatenate([*near, np.empty(0, np.int32)])
    values = rng.choice([0.25, 0.6, 0.9, 1.0], len(rows)).astype(np.float32)
    return Strengths(starts_of(map(len, near)), rows, values)


def world(seed: int, asked: int) -> World:
    """One learner who asks for so many requirements, before offers that teach up to four outcomes, or assess them."""
    rng = np.random.default_rng(seed)
    taught: list[list[tuple[int, int, float]]] = [[], []]
    for offer in range(OFFERS):
        kind = int(rng.random() < 0.3)
        for _ in range(rng.integers(0, 5)):
            taught[kind].append((int(rng.integers(CONCEPTS)), offer, float(rng.choice([0, 0, 1, 2, 3]))))
    courses, routes = (teaching(CONCEPTS, *np.array(some, float).reshape(-1, 3).T) for some in taught)
    new = 2
    demands = Demands(
        starts_of([asked]), rng.integers(0, CONCEPTS + new, asked), rng.choice([0.1, 1.0, 2.5], asked),
        rng.choice([0.0, 1.0, 2.0, 3.0], asked), rng.choice([0.0, 0.0, 0.5, 1.0], asked),
        rng.choice([0.0, 0.7, 1.0], asked),
    )  # fmt: skip
    return demands, strengths(rng, CONCEPTS), strengths(rng, new), courses, routes


def plainly(demands: Demands, listed: Strengths, new: Strengths, courses: Teaching, routes: Teaching) -> list[float]:
    """The gain of each offer, requirement by requirement, for its best outcome."""
    total, gains = sum(demands.weight.tolist()), [0] * OFFERS
    for i in range(len(demands.row)):
        row, near = int(demands.row[i]), listed
        if row >= CONCEPTS:
            row, near = row - CONCEPTS, new
        best = [0] * OFFERS
        for taught, able in ((courses, 1.0), (routes, float(demands.recognisable[i]))):
            for at in range(near.indptr[row], near.indptr[row + 1]):
                for there in range(taught.indptr[near.rows[at]], taught.indptr[near.rows[at] + 1]):
                    level, asked, value = float(taught.levels[there]), float(demands.level[i]), float(near.values[at])
                    factor = level / asked if 0 < level < asked else 1.0
                    more = float(demands.weight[i]) / total * (able * value * factor - float(demands.held[i]))
                    best[taught.offers[there]] = max(best[taught.offers[there]], int(more * ONE))
        gains = [one + more for one, more in zip(gains, best, strict=True)]
    return [gain / ONE for gain in gains]


def bounds(some: World) -> NDArray[np.float64]:
    """(offers,) what each gains at most, as the kernel tallies it; working memory is as it was afterwards."""
    space = Workspace.of(np.empty(OFFERS, GLANCE), CONCEPTS, 0).roomy(most_near(*some[:3]))
    found = np.zeros(OFFERS)
    n, near = bounds_of(0, *some, space)
    found[space.touched[:n]] = space.bounds[:n] / UNIT
    assert len(set(space.touched[:n].tolist())) == n
    unlist(near, space)
    assert not space.tally.any()
    assert not space.heads.any()
    return found


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=300)
def test_gains_are_those_of_adding_up_plainly_and_never_above_their_bounds(seed: int, asked: int) -> None:
    some = world(seed, asked)
    gains = all_gains(*some, by_offer(*some[3:], OFFERS))
    assert gains.tolist() == pytest.approx(plainly(*some), abs=1e-12)
    assert (gains <= bounds(some)).all()
    assert (bounds(some) <= 1 + (asked + 1) / UNIT).all()


@pytest.mark.parametrize("asked", [NUMBER, NUMBER + 1, 2 * NUMBER + 3])
def test_more_requirements_than_a_tally_has_numbers_are_all_counted(asked: int) -> None:
    for seed in range(20):
        some = world(seed, asked)
        gains = all_gains(*some, by_offer(*some[3:], OFFERS))
        assert gains.tolist() == pytest.approx(plainly(*some), abs=1e-12)
        assert (gains <= bounds(some)).all()


def test_what_two_outcomes_of_an_offer_give_of_one_requirement_counts_once() -> None:
    """Else the bound of broad offers would rise far above what they gain, and all of them be looked at."""
    near = Strengths(np.array([0, 2]), np.array([0, 1], np.int32), np.array([0.5, 0.9], np.float32))
    courses, none = teaching(2, [0, 1], [0, 0], [0, 0]), teaching(2, [], [], [])
    one = np.ones(1)
    some = (Demands(starts_of([1]), np.zeros(1, np.int64), one, 0 * one, 0 * one, 0 * one), near, Strengths.none())
    space = Workspace.of(np.empty(1, GLANCE), 2, 0).roomy(most_near(*some))
    assert bounds_of(0, *some, courses, none, space) == (1, 2)
    assert space.bounds[0] / UNIT == pytest.approx(0.9, abs=1e-6)
    assert all_gains(*some, courses, none, by_offer(courses, none, 1)).tolist() == pytest.approx([0.9])


def test_an_offer_that_every_255th_requirement_asks_for_counts_each_time() -> None:
    asked = 2 * NUMBER + 1
    near = Strengths(np.arange(3), np.arange(2, dtype=np.int32), np.ones(2, np.float32))
    courses, none = teaching(2, [0], [0], [0]), teaching(2, [], [], [])
    row = np.ones(asked, np.int64)
    row[::NUMBER] = 0
    nothing = np.zeros(asked)
    demands = Demands(starts_of([asked]), row, np.ones(asked), nothing, nothing, nothing)
    space = Workspace.of(np.empty(1, GLANCE), 2, 0).roomy(most_near(demands, near, Strengths.none()))
    assert bounds_of(0, demands, near, Strengths.none(), courses, none, space)[0] == 1
    assert space.bounds[0] / UNIT == pytest.approx(3 / asked, abs=1e-5)
