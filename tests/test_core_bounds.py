"""What the kernel adds up, against adding up plainly: bounds are never below gains, and gains are the plain ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.index.concepts import Strengths
from matching.index.coverage import Teaching, by_offer, teaching
from matching.index.picking import starts_of
from matching.query.bounds import all_gains, bounds_of
from matching.query.glance import GLANCE
from matching.query.kernels import Asking, Demands
from matching.query.near import list_near, most_near, unlist
from matching.query.workspace import BOUND_ONE, NUMBER, Workspace
from strategies import many

OFFERS, CONCEPTS = 9, 6


def strengths(rng: np.random.Generator, n: int) -> Strengths:
    """Of n requirement concepts, each given by some of the listed ones."""
    near = [np.flatnonzero(rng.random(CONCEPTS) < 0.5).astype(np.int32) for _ in range(n)]
    rows = np.concatenate([*near, np.empty(0, np.int32)])
    values = rng.choice([0.25, 0.6, 0.9, 1.0], len(rows)).astype(np.float32)
    return Strengths(starts_of(map(len, near)), rows, values)


def world(seed: int, asked: int) -> Asking:
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
    listed, others = strengths(rng, CONCEPTS), strengths(rng, new)
    return Asking(demands, listed, others, courses, routes, by_offer(courses, routes, OFFERS))


def plainly(asking: Asking) -> list[float]:
    """The gain of each offer, requirement by requirement, for its best outcome."""
    demands = asking.demands
    total, gains = sum(demands.weight.tolist()), [0.0] * OFFERS
    for i in range(len(demands.row)):
        row, near = int(demands.row[i]), asking.listed
        if row >= CONCEPTS:
            row, near = row - CONCEPTS, asking.new
        best = [0.0] * OFFERS
        for taught, able in ((asking.courses, 1.0), (asking.routes, float(demands.recognisable[i]))):
            for at in range(near.indptr[row], near.indptr[row + 1]):
                for there in range(taught.indptr[near.rows[at]], taught.indptr[near.rows[at] + 1]):
                    level, asked, value = float(taught.levels[there]), float(demands.level[i]), float(near.values[at])
                    factor = level / asked if 0 < level < asked else 1.0
                    more = float(demands.weight[i]) / total * (able * value * factor - float(demands.held[i]))
                    best[taught.offers[there]] = max(best[taught.offers[there]], more)
        gains = [one + more for one, more in zip(gains, best, strict=True)]
    return gains


def bounds(asking: Asking, space: Workspace | None = None) -> NDArray[np.float64]:
    """(offers,) what each gains at most, as the kernel tallies it; working memory is as it was afterwards."""
    space = (space or Workspace.of(np.empty(OFFERS, GLANCE), CONCEPTS, 0)).roomy(most_near(asking))
    found = np.zeros(OFFERS)
    end = list_near(0, asking, space)
    n = bounds_of(end, asking, space)
    found[space.touched[:n]] = space.bounds[:n] / BOUND_ONE
    assert len(set(space.touched[:n].tolist())) == n
    unlist(end, space)
    assert not space.tally.any()
    assert not space.heads.any()
    return found


@given(st.integers(0, 2**32), st.integers(1, 40))
@many
def test_gains_are_those_of_adding_up_plainly_and_never_above_their_bounds(seed: int, asked: int) -> None:
    asking = world(seed, asked)
    gains = all_gains(asking)
    assert gains.tolist() == pytest.approx(plainly(asking), abs=1e-12)
    assert (gains <= bounds(asking)).all()


@given(st.integers(0, 2**32), st.sampled_from([1, 7, NUMBER + 1, 2 * NUMBER + 3]))
@many
def test_where_no_level_is_asked_the_bound_is_the_gain_but_for_rounding(seed: int, asked: int) -> None:
    asking = world(seed, asked)
    asking.demands.level[:] = 0
    assert bounds(asking) == pytest.approx(all_gains(asking), abs=(asked + 1) / BOUND_ONE)


@given(st.lists(st.tuples(st.integers(0, 2**32), st.integers(1, 40)), min_size=2, max_size=4))
@many
def test_one_memory_serves_many_learners(seeds: list[tuple[int, int]]) -> None:
    space = Workspace.of(np.empty(OFFERS, GLANCE), CONCEPTS, 0)
    for seed, asked in seeds:
        asking = world(seed, asked)
        space = space.roomy(most_near(asking))
        assert bounds(asking, space).tolist() == bounds(asking).tolist()


def test_outcomes_by_offer_keep_what_is_stated_twice_and_level_0() -> None:
    courses, routes = teaching(2, [1, 0, 1], [2, 0, 2], [0, 3, 2]), teaching(2, [1], [1], [0])
    found = by_offer(courses, routes, 4)
    assert [one.tolist() for one in found] == [[0, 1, 2, 4, 4], [0, 1, 1, 1], [3, 0, 0, 2], [0, 1, 0, 0]]
    assert by_offer(teaching(0, [], [], []), teaching(0, [], [], []), 0).start.tolist() == [0]


def test_what_two_outcomes_of_an_offer_give_of_one_requirement_counts_once() -> None:
    """Else the bound of broad offers would rise far above what they gain, and all of them be looked at."""
    near = Strengths(np.array([0, 2]), np.array([0, 1], np.int32), np.array([0.5, 0.9], np.float32))
    courses, none = teaching(2, [0, 1], [0, 0], [0, 0]), teaching(2, [], [], [])
    asking = _plain(np.zeros(1, np.int64), near, courses, none)
    space = Workspace.of(np.empty(1, GLANCE), 2, 0).roomy(most_near(asking))
    assert bounds_of(list_near(0, asking, space), asking, space) == 1
    assert space.bounds[0] / BOUND_ONE == pytest.approx(0.9, abs=1e-6)
    assert all_gains(asking).tolist() == pytest.approx([0.9])


def test_an_offer_that_every_255th_requirement_asks_for_counts_each_time() -> None:
    row = np.ones(2 * NUMBER + 1, np.int64)
    row[::NUMBER] = 0
    near = Strengths(np.arange(3), np.arange(2, dtype=np.int32), np.ones(2, np.float32))
    asking = _plain(row, near, teaching(2, [0], [0], [0]), teaching(2, [], [], []))
    space = Workspace.of(np.empty(1, GLANCE), 2, 0).roomy(most_near(asking))
    assert bounds_of(list_near(0, asking, space), asking, space) == 1
    assert space.bounds[0] / BOUND_ONE == pytest.approx(3 / len(row), abs=1e-5)


def _plain(row: NDArray[np.int64], near: Strengths, courses: Teaching, routes: Teaching) -> Asking:
    """One offer, and requirements of equal weight, without levels, of which nothing is held."""
    nothing = np.zeros(len(row))
    demands = Demands(starts_of([len(row)]), row, np.ones(len(row)), nothing, nothing, nothing)
    return Asking(demands, near, Strengths.none(), courses, routes, by_offer(courses, routes, 1))
