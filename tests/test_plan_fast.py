"""The fast parts of planning beside slow obvious twins."""

from __future__ import annotations

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal, JobRole
from matching.matcher import Matcher
from matching.plan.calendar import Table, schedule
from matching.plan.calendar_arrays import ACTIVE, ALL_WORK, LEAVE, ROOM
from matching.plan.exact import _Choice
from matching.plan.few_steps import FewSteps
from matching.plan.greedy_kernels import Left, Offers, next_best
from matching.plan.option import Option
from matching.plan.options import options_of, ways_of, weeks_of
from matching.plan.plan import PlanStatus
from matching.plan.posing import pose
from matching.plan.problem import Problem
from matching.plan.weeks import Weeks
from matching.plan.wishes import Wishes
from matching.query.condition_kernels import FORM, PRICE, offer_failures
from matching.query.person import Person
from matching.settings import Settings
from plan_calendar import obvious_schedule
from plan_worlds import PlanWorld, names, near_budgets, plan_worlds
from strategies import TODAY, few, many
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
UNKNOWN = np.iinfo(np.int32).min


def person_of(world: PlanWorld) -> Person:
    return Matcher.from_offers(world.offers, encoder=TOY).person(world.learner, on=TODAY)


# When offers can be followed


def whole_calendar(person: Person) -> Weeks:
    """To the last day that was asked for, whether or not anything can be followed then."""
    has = person.persons
    pauses = tuple(zip(has.pause_first.tolist(), has.pause_last.tolist(), strict=True))
    per_week = has.hours_per_week[0]
    first = max(has.on, int(has.not_before[0]))
    return Weeks(first, int(has.deadline[0]), pauses, math.inf if math.isnan(per_week) else float(per_week))


def unpaused(weeks: Weeks, start: int, end: int) -> list[int]:
    """Days of a span on which something may take place."""
    days = range(start, end + 1)
    return [day for day in days if not any(first <= day <= last for first, last in weeks.pauses)]


def obvious_options(person: Person, row: int, weeks: Weeks) -> list[tuple[object, ...]]:
    """Day by day: (own hours, run, starts, days, shares, first day, last day, contact, work)."""
    columns, found = person.generation.catalogue.columns, []
    if not len(weeks) or offer_failures(columns, person.tables, person.persons, 0, row) & (FORM | PRICE):
        return []
    bill = person.bill(row)
    study = bill.contact + bill.self_study + bill.assessment - bill.exempted
    for run in range(int(columns.run_start[row]), int(columns.run_start[row + 1])):
        if person.failures(row, run):
            continue
        start = int(columns.start[run]) if columns.start[run] != UNKNOWN else None
        end = int(columns.end[run]) if columns.end[run] != UNKNOWN else None
        length = float(columns.weeks[run])
        days = None if math.isnan(length) else max(1, math.ceil(length * 7 - 1e-6))
        common = (study, run)
        rest = (min(bill.contact, study), float(columns.work[row]))
        release, latest = max(weeks.first_day, start or 0), min(weeks.last_day, end or weeks.last_day)
        open_days = unpaused(weeks, release, latest)
        if start is not None and (end is not None or days is not None):
            last = max(start, end if end is not None else start + days - 1)
            held = unpaused(weeks, start, last)
            if start >= weeks.first_day and last <= weeks.last_day and held:
                per_week = range(weeks.of(start), weeks.of(last) + 1)
                shares = [sum(weeks.of(day) == week for day in held) / len(held) for week in per_week]
                found.append((*common, (start,), last - start + 1, shares, None, None, *rest))
        elif days is not None:
            starts = [
                day
                for day in range(weeks.first_day, weeks.last_day + 1, 7)
                if day >= release and day + days - 1 <= latest and len(unpaused(weeks, day, day + days - 1)) == days
            ]
            if starts:
                shares = [1.0] if length <= 1 else [min(1.0, length - n) / length for n in range(math.ceil(length))]
                found.append((*common, tuple(starts), days, shares, None, None, *rest))
        elif study <= 1e-6:
            firsts = [min(d for d in open_days if weeks.of(d) == w) for w in sorted({weeks.of(d) for d in open_days})]
            if firsts:
                found.append((*common, tuple(firsts), 1, [1.0], None, None, *rest))
        elif open_days:
            found.append((*common, (), 0, None, open_days[0], open_days[-1], *rest))
    return sorted(found, key=lambda one: one[:2])


def facts(option: Option) -> tuple[object, ...]:
    free = option.shares is None
    return (
        option.own_hours, option.run, option.starts, option.days, None if free else list(option.shares),
        option.release if free else None, option.latest if free else None, option.contact,
        option.work + option.loose_work,
    )  # fmt: skip


@given(plan_worlds())
@few
def test_offers_can_be_followed_when_every_day_and_week_says_so(world: PlanWorld) -> None:
    person = person_of(world)
    rows = range(len(person.generation.catalogue))
    ways = ways_of(person, rows)
    options, wide = options_of(person, ways, weeks_of(person, ways)), whole_calendar(person)
    for row in rows:
        found = [facts(option) for option in options.of(row)]
        wanted = obvious_options(person, row, wide)
        assert [one[:4] for one in found] == [one[:4] for one in wanted]
        assert [one[5:] for one in found] == [pytest.approx(one[5:]) for one in wanted]
        for one, other in zip(found, wanted, strict=True):
            assert one[4] == (None if other[4] is None else pytest.approx(other[4]))


@given(near_budgets())
def test_open_days_are_counted_day_by_day(budget: TimeBudget) -> None:
    learner = LearnerProfile(id="l", goal=Goal(requirements=()), budget=budget)
    weeks = whole_calendar(Matcher.from_offers([], encoder=TOY).person(learner, on=TODAY))
    assert list(weeks.open_days) == [
        len(unpaused(weeks, weeks.starts(week), weeks.ends(week))) for week in range(len(weeks))
    ]


# Which offers are candidates


def obvious_values(person: Person, row: int, held: np.ndarray) -> np.ndarray:
    """(requirements,) val of one offer, cover by cover, at least what is held."""
    values = held.copy()
    for cover in person.covers(row):
        for r, requirement in enumerate(person.requirements):
            if requirement == cover.requirement:
                values[r] = max(values[r], cover.value)
    return values


@given(plan_worlds(), st.integers(1, 4))
def test_candidates_are_the_best_for_their_hours(world: PlanWorld, most: int) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=TOY, settings=Settings(plan_candidates=most))
    person = matcher.person(world.learner, on=TODAY)
    problem, own = pose(person), person.generation.catalogue.columns.own
    values = [obvious_values(person, row, problem.held) for row in range(len(own))]
    gains, hours = [float((one - problem.held) @ problem.weights) for one in values], person.persons.hours[0]
    ranks = [round(gain / (1 + own[row] / hours) if hours > 0 else gain, 9) for row, gain in enumerate(gains)]
    calendar = whole_calendar(person)
    gaining = {row for row in range(len(own)) if ranks[row] > 0}
    open_to = {row for row in gaining if obvious_options(person, row, calendar)}
    chosen = [one.row for one in problem.candidates]
    best = sorted((ranks[row] for row in open_to), reverse=True)[:most]
    assert [ranks[row] for row in chosen[: len(best)]] == best  # after these come those that they ask for
    for row, found in zip(chosen, problem.values, strict=True):
        assert found == pytest.approx(values[row])
    if problem.left_out is None:
        assert open_to <= set(chosen)
    else:
        least, rest = (np.array([problem.held, *(values[row] for row in some - set(chosen))]).max(axis=0)
                       for some in (open_to, gaining))  # fmt: skip
        assert (least - 1e-9 <= problem.left_out).all()
        assert (problem.left_out <= rest + 1e-9).all()


@pytest.mark.parametrize(("per_week", "first"), [(4.0, "short"), (None, "long")])
def test_hours_count_where_it_is_known_how_many_there_are(per_week: float | None, first: str) -> None:
    def offer(identifier: str, hours: float, *outcomes: str) -> LearningOffer:
        taught = tuple(Outcome(competence=name) for name in outcomes)
        return LearningOffer(id=identifier, title="O", outcomes=taught, time=TimeDemand(self_study_hours=hours))

    offers = [offer("long", 12.0, "c0", "c1", "c2"), offer("short", 1.0, "c0", "c1")]
    learner = LearnerProfile(
        id="l", goal=Goal(requirements=tuple(Requirement(competence=name) for name in ("c0", "c1", "c2"))),
        budget=TimeBudget(hours_per_week=per_week, weeks=3.0),
    )  # fmt: skip
    matcher = Matcher.from_offers(offers, encoder=TOY, settings=Settings(plan_candidates=1, coverage_threshold=1.0))
    assert [one.offer.id for one in pose(matcher.person(learner, on=TODAY)).candidates] == [first]


# The next step of the greedy, and calendars that grow


@st.composite
def steps(draw: st.DrawFn) -> tuple[Offers, np.ndarray, np.ndarray, Left]:
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    tenths = st.integers(0, 5).map(lambda i: i / 10)

    def numbers(size: int, values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), np.float64)

    hours = numbers(n, st.sampled_from([0.0, 2.0, 5.0, 9.0]))
    leave = np.minimum(hours, numbers(n, st.sampled_from([0.0, 2.0, 4.0])))
    price = numbers(n, st.sampled_from([0.0, 50.0]))
    more, kept = numbers(n * m, tenths).reshape(n, m), numbers(n, st.sampled_from([0.0, 0.001]))
    alive = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    spent, unused = st.sampled_from([1.0, 5.0, math.inf]), st.sampled_from([0.0, 3.0])
    left = Left(draw(spent), draw(unused), draw(st.sampled_from([0.0, 90.0])))
    return Offers(more, kept, hours, leave, price, np.full(n, -1), np.ones(n, bool)), numbers(m, tenths), alive, left


@given(steps(), st.booleans())
@many
def test_the_next_step_is_the_one_that_adds_the_most(step: tuple, per_hour: bool) -> None:
    offers, best, alive, left = step
    ranks = {}
    for c in range(len(alive)):
        more = offers.kept[c]
        for value, had in zip(offers.more[c], best, strict=True):
            more += max(0.0, value - had)
        fits = offers.hours[c] - min(left.leave, offers.leave[c]) <= left.hours and offers.price[c] <= left.money
        if alive[c] and fits and more > 1e-9:
            ranks[c] = more / (1 + offers.hours[c]) if per_hour else more
    found = next_best(offers, best, alive, left, per_hour)
    assert (found >= 0) == bool(ranks)
    if ranks:
        assert ranks[found] == pytest.approx(max(ranks.values()))


@given(plan_worlds(max_offers=10), st.sampled_from([None, None, 1, 2]), st.data())
@many
def test_each_step_takes_the_first_place_that_there_is(
    world: PlanWorld, parallel: int | None, data: st.DataObject
) -> None:
    problem = pose(person_of(world), Wishes(max_parallel=parallel))
    order = data.draw(st.permutations(range(len(problem.candidates))))
    chosen = order[: data.draw(st.integers(0, len(order)))]
    found, wanted = schedule(problem, chosen), obvious_schedule(problem, chosen)
    assert (found is None) == (wanted is None)
    for c, one in (found or {}).items():
        other = (wanted or {})[c]
        assert (one.option, one.start, one.end) == (other.option, other.start, other.end)
        assert dict(one.hours) == pytest.approx(dict(other.hours))
        assert dict(one.leave) == pytest.approx(dict(other.leave))


@given(plan_worlds(), st.sampled_from([None, 1, 2]), st.data())
@few
def test_a_calendar_that_grows_and_shrinks_counts_every_hour(
    world: PlanWorld, parallel: int | None, data: st.DataObject
) -> None:
    problem = pose(person_of(world), Wishes(max_parallel=parallel))
    table = Table(problem)
    for c in data.draw(st.permutations(range(len(problem.candidates)))):
        more = table.copy()
        if more.add([c]):
            table = more
    counted(problem, table)
    placed = table.placed
    for c in data.draw(st.permutations(sorted(placed))):
        if c not in problem.related:
            fewer = table.without(c)
            assert fewer.placed == {other: one for other, one in placed.items() if other != c}
            counted(problem, fewer)
            assert fewer.add([c])


def counted(problem: Problem, table: Table) -> None:
    """Room, leave, work and steps at a time are what the places leave of them."""
    placed, filled = table.placed.values(), table.filled
    for week, room in enumerate(problem.weeks.room):
        taken = sum(hours for one in placed for w, hours in one.hours if w == week)
        paid = sum(hours for one in placed for w, hours in one.leave if w == week)
        assert filled.weeks[ROOM, week] == pytest.approx(room - taken + paid)
        busy = sum(any(w == week and hours > 1e-6 for w, hours in one.hours) for one in placed)
        assert filled.weeks[ACTIVE, week] == busy <= (problem.max_parallel or math.inf)
    leave = sum(hours for one in placed for _, hours in one.leave)
    assert filled.totals[LEAVE] == pytest.approx(problem.leave - leave)
    work = sum(one.option.work + one.option.loose_work for one in placed)
    assert filled.totals[ALL_WORK] == pytest.approx(work)


# Few steps


def obvious_best(problem: Problem) -> float:
    """Worth of the best set that keeps every rule but those of the calendar."""
    best = -math.inf
    for size in range((problem.max_steps or 0) + 1):
        for chosen in combinations(range(len(problem.candidates)), size):
            groups = [g for c in chosen if (g := problem.candidates[c].group) is not None]
            if (
                problem.pinned <= set(chosen)
                and len(groups) == len(set(groups))
                and problem.affords(problem.own_hours(chosen), problem.price(chosen))
                and any(in_order(problem, order) for order in permutations(chosen))
            ):
                best = max(best, problem.worth(chosen))
    return best


def in_order(problem: Problem, order: tuple[int, ...]) -> bool:
    for i, c in enumerate(order):
        one, before = problem.candidates[c], set(order[:i])
        if one.together is None or not one.together <= set(order):
            return False
        if any(sum(bool(earners & before) for earners in atoms) < lacking for lacking, atoms in one.asks):
            return False
    return True


roles = st.lists(
    st.lists(st.builds(Requirement, competence=names, level=st.sampled_from([None, 1.0, 2.0]),
                       gate=st.integers(0, 5).map(lambda i: i == 0)), min_size=1, max_size=3),
    min_size=1, max_size=5,
).map(lambda some: [JobRole(id=f"r{i}", title="R", requirements=tuple(r)) for i, r in enumerate(some)])  # fmt: skip


@given(plan_worlds(), st.integers(1, 3), st.data())
@few
def test_of_a_few_steps_the_best_set_is_found(world: PlanWorld, most: int, data: st.DataObject) -> None:
    pinned = data.draw(st.sets(st.sampled_from([offer.id for offer in world.offers]), max_size=1))
    problem = pose(person_of(world), Wishes(max_steps=most, pinned=frozenset(pinned)))
    few = FewSteps.of(problem)
    if few is None or problem.unavailable:
        return
    answer = few.solve(1.0)
    assert answer.bound == pytest.approx(obvious_best(problem), abs=1e-9)
    if answer.chosen is None:
        return
    assert problem.worth(answer.chosen) == pytest.approx(answer.bound, abs=1e-9)
    if answer.chosen:
        few.rule_out(answer.chosen)
        other = few.solve(1.0).chosen
        assert other is None or not set(answer.chosen) <= set(other)


@given(plan_worlds(), roles, st.integers(1, 3))
@few
def test_few_steps_qualify_for_as_many_roles_as_any_set_does(world: PlanWorld, some: list[JobRole], most: int) -> None:
    found = Matcher.from_offers(world.offers, encoder=TOY, roles=some)
    plan = found.plan(world.learner, on=TODAY, objective="roles", max_steps=most)
    assert plan.status in (PlanStatus.OPTIMAL, PlanStatus.NOTHING_FITS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FewSteps, "of", lambda problem: None)  # the model instead
        other = found.plan(world.learner, on=TODAY, objective="roles", max_steps=most)
    assert len(plan.qualifies) == len(other.qualifies)
    assert plan.gain == pytest.approx(other.gain, abs=2e-4)


@given(plan_worlds(), st.integers(1, 3))
@few
def test_the_model_without_weeks_agrees(world: PlanWorld, most: int) -> None:
    problem = pose(person_of(world), Wishes(max_steps=most))
    few = FewSteps.of(problem)
    if few is None or any(one.asks or problem.stands(c) for c, one in enumerate(problem.candidates)):
        return  # the model places what stands, and knows no order
    assert few.solve(1.0).bound == pytest.approx(_Choice(problem, with_weeks=False).solve(10.0).bound, abs=1e-5)
