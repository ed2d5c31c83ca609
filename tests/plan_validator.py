"""Whether a plan keeps every rule: an obvious function on records and plain loops.

It shares no code with the planner."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta

from competences.records.hours import TimeBudget
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind, Run
from matching.index.holidays import public_holidays
from matching.plan.plan import Plan, Step
from oracle import Oracle
from oracle_days import known_days, length_in_days, paused, runs_of
from oracle_worth import factor

NEAR = 1e-4
"""Hours, euros and shares that differ by less are equal."""


def problems(
    plan: Plan, oracle: Oracle, learner: LearnerProfile, on: date, *,
    pinned: tuple[str, ...] = (), forbidden: tuple[str, ...] = (), max_parallel: int | None = None,
    max_steps: int | None = None,
) -> list[str]:  # fmt: skip
    """Every rule that the plan breaks, in words; empty for a plan that keeps them all."""
    offers = {offer.id: offer for offer in oracle.offers}
    budget = learner.budget or TimeBudget()
    found = []
    ids = [step.offer_id for step in plan.steps]
    if len(ids) != len(set(ids)):
        found.append("an offer is taken twice")
    if set(ids) & set(forbidden):
        found.append("a forbidden offer is taken")
    if plan.status != "impossible" and not set(pinned) <= set(ids):
        found.append("a pinned offer is missing")
    if max_steps is not None and len(ids) > max_steps:
        found.append("too many steps")
    for step in plan.steps:
        offer = offers[step.offer_id]
        run = next((run for run in runs_of(offer) if (run.id if run else None) == step.run_id), "none")
        if run == "none":
            found.append(f"{offer.id}: there is no run {step.run_id}")
            continue
        if not admits(oracle, offer, run, learner, on):
            found.append(f"{offer.id}: a fixed condition keeps the person out")
        found += place_problems(step, offer, run, oracle, learner, budget, on)
        found += bill_problems(step, offer, run, oracle, learner, on)
    found += order_problems(plan.steps, offers, oracle, learner, on)
    found += total_problems(plan.steps, offers, oracle, learner, budget, on)
    found += week_problems(plan.steps, offers, learner, oracle, budget, on, max_parallel)
    found += clash_problems(plan, offers, budget, on, oracle)
    found += gain_problems(plan, offers, oracle, learner, on)
    if [(s.start, s.end, s.offer_id) for s in plan.steps] != sorted((s.start, s.end, s.offer_id) for s in plan.steps):
        found.append("steps are not in order of time")
    return found


def admits(oracle: Oracle, offer: LearningOffer, run: Run | None, learner: LearnerProfile, on: date) -> bool:
    """Whether no fixed condition keeps the person out: what can be earned first is another question."""
    return oracle.failing(offer, run, learner, on) <= {"entry", "together"}


def gross_hours(oracle: Oracle, offer: LearningOffer, run: Run | None, learner: LearnerProfile, on: date) -> float:
    """Own hours before paid leave."""
    budget = (learner.budget or TimeBudget()).model_copy(update={"paid_leave_hours": 0.0})
    return oracle.own_hours(offer, run, learner.model_copy(update={"budget": budget}), on)


def payable(oracle: Oracle, offer: LearningOffer, run: Run | None, learner: LearnerProfile, on: date) -> float:
    """What paid leave can pay for: contact hours that the person is not exempted from."""
    contact, _ = oracle.study(offer)
    return min(contact, gross_hours(oracle, offer, run, learner, on) - oracle.travel(offer, run, learner))


def meeting_days(run: Run, start: date, end: date) -> list[date]:
    """As dated, else every day that is neither a public holiday nor in a break; the weekday is looked at elsewhere."""
    if run.dates:
        return list(run.dates)
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    days = [day for day in days if day not in public_holidays(day.year)]
    return [d for d in days if not any((b.start or date.min) <= d <= (b.end or date.max) for b in run.breaks)]


def first_day(budget: TimeBudget, on: date) -> date:
    return max(on, budget.not_before or on)


def last_day(budget: TimeBudget, on: date, oracle: Oracle) -> date:
    """As asked; where nothing is, the last day on which anything ends that begins within the horizon or as dated."""
    if budget.deadline is not None or budget.weeks is not None:
        return oracle.last_day(budget, on, on)
    first, horizon = first_day(budget, on), timedelta(days=math.ceil(oracle.settings.horizon_weeks * 7))
    ends = [first + horizon - timedelta(days=1)]
    for offer in oracle.offers:
        for run in runs_of(offer):
            load = oracle.load(offer, run)
            start, end = known_days(run, load)
            length = timedelta(days=length_in_days(load[1]) if load else 1)
            ends.append(end or max(first, start or first) + horizon + length)
    return max(ends)


def place_problems(
    step: Step, offer: LearningOffer, run: Run | None, oracle: Oracle, learner: LearnerProfile, budget: TimeBudget,
    on: date,
) -> list[str]:  # fmt: skip
    """Days: inside the plan, as the run states, as long as the offer states, outside pauses."""
    found = []
    first, last = first_day(budget, on), last_day(budget, on, oracle)
    load = oracle.load(offer, run)
    start, end = known_days(run, load)
    if not first <= step.start <= step.end <= last:
        found.append(f"{offer.id}: {step.start} to {step.end} lies outside {first} to {last}")
    gross = gross_hours(oracle, offer, run, learner, on)
    if start is not None and end is not None:
        if (step.start, step.end) != (start, end):
            found.append(f"{offer.id}: the run is from {start} to {end}")
    elif load is not None:
        days = length_in_days(load[1])
        if (step.end - step.start).days + 1 != days:
            found.append(f"{offer.id}: takes {days} days, not {step.start} to {step.end}")
    if start is not None and step.start < start:
        found.append(f"{offer.id}: begins before its run")
    if end is not None and step.end > end:
        found.append(f"{offer.id}: ends after its run")
    for week, hours in step.weeks:
        days = [week + timedelta(days=n) for n in range(7)]
        if hours > NEAR and not any(step.start <= day <= step.end and not paused(day, budget) for day in days):
            found.append(f"{offer.id}: hours in the week of {week}, where it does not take place")
        share = hours + step.bill.paid_leave + NEAR
        placed = load is not None or (start and end)
        if placed and share < even_share(step, week, gross, load, start, end, budget) - NEAR:
            found.append(f"{offer.id}: fewer hours in the week of {week} than its load")
    if load is not None and not (start and end) and any(paused(step.start + timedelta(days=n), budget)
                                                      for n in range((step.end - step.start).days + 1)):  # fmt: skip
        found.append(f"{offer.id}: takes place in a pause")
    return found


def even_share(
    step: Step, week: date, gross: float, load: tuple[float, float] | None, start: date | None, end: date | None,
    budget: TimeBudget,
) -> float:  # fmt: skip
    """Hours before leave that fall in a week: evenly over the days of a dated run, over the weeks of a load."""
    if start is not None and end is not None:
        days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        days = [day for day in days if not paused(day, budget)]
        return gross * sum(week <= day < week + timedelta(days=7) for day in days) / len(days)
    weeks = load[1] if load else 1.0
    number = (week - step.start).days // 7
    return gross * max(0.0, min(1.0, weeks - number)) / weeks if weeks > 1 else gross


def bill_problems(
    step: Step, offer: LearningOffer, run: Run | None, oracle: Oracle, learner: LearnerProfile, on: date
) -> list[str]:
    """The bill is that of the run, the leave within the contact hours, the weeks add up to the own hours."""
    gross = gross_hours(oracle, offer, run, learner, on)
    found = []
    if abs(step.bill.own_hours - step.own_hours) > NEAR or abs(step.own_hours + step.bill.paid_leave - gross) > NEAR:
        found.append(f"{offer.id}: {step.own_hours} own hours and {step.bill.paid_leave} leave are not {gross}")
    if step.bill.paid_leave > payable(oracle, offer, run, learner, on) + NEAR:
        found.append(f"{offer.id}: leave pays for more than the contact hours")
    if abs(sum(hours for _, hours in step.weeks) - step.own_hours) > NEAR:
        found.append(f"{offer.id}: the weeks do not add up")
    return found


def order_problems(
    steps: tuple[Step, ...], offers: dict[str, LearningOffer], oracle: Oracle, learner: LearnerProfile, on: date
) -> list[str]:
    """Each entry group has enough atoms that are met, or earned by a step that ended before; co-requisites, groups."""
    found = []
    for step in steps:
        offer = offers[step.offer_id]
        groups = [(1, [requirement]) for requirement in offer.entry]
        groups += [(one.at_least, list(one.any_of)) for one in offer.prerequisites]
        before = [offers[s.offer_id] for s in steps if s.end < step.start and s.offer_id != step.offer_id]
        for needed, atoms in groups:
            if sum(oracle.meets(a, learner, on) or any(earns(o, a, oracle) for o in before) for a in atoms) < needed:
                found.append(f"{offer.id}: begins before what it asks for")
        for other in offer.corequisites:
            if other not in learner.completed and other not in {s.offer_id for s in steps}:
                found.append(f"{offer.id}: without its co-requisite {other}")
    groups_of = [g for step in steps if (g := offers[step.offer_id].outcome_group) is not None]
    if len(groups_of) != len(set(groups_of)):
        found.append("two variants of one outcome")
    return found


def earns(offer: LearningOffer, atom: object, oracle: Oracle) -> bool:
    if isinstance(atom, str):
        return offer.id == atom
    if offer.kind is OfferKind.RECOGNITION:
        return False
    return any(
        oracle.strength(outcome.competence, atom.competence)
        * (1.0 if outcome.level is None or atom.level is None else min(outcome.level, atom.level) / atom.level)
        >= 0.8
        for outcome in offer.outcomes
    )


def total_problems(
    steps: tuple[Step, ...], offers: dict[str, LearningOffer], oracle: Oracle, learner: LearnerProfile,
    budget: TimeBudget, on: date,
) -> list[str]:  # fmt: skip
    """Hours to the horizon, money, leave."""
    found = []
    had = oracle.hours_to_horizon(learner, on)
    if had is not None and sum(step.own_hours for step in steps) > had + NEAR:
        found.append("more own hours than there are")
    price = sum(offers[step.offer_id].price or 0.0 for step in steps)
    if learner.max_price is not None and price > learner.max_price + NEAR:
        found.append("more money than there is")
    if sum(step.bill.paid_leave for step in steps) > budget.paid_leave_hours + NEAR:
        found.append("more leave than there is")
    return found


def week_problems(
    steps: tuple[Step, ...], offers: dict[str, LearningOffer], learner: LearnerProfile, oracle: Oracle,
    budget: TimeBudget, on: date, max_parallel: int | None,
) -> list[str]:  # fmt: skip
    """Own hours and work hours week by week, and how many steps take hours in one."""
    found = []
    first, last = first_day(budget, on), last_day(budget, on, oracle)
    hours: dict[date, float] = defaultdict(float)
    busy: dict[date, int] = defaultdict(int)
    work: dict[date, float] = defaultdict(float)
    all_work = 0.0
    for step in steps:
        offer = offers[step.offer_id]
        run = next(run for run in runs_of(offer) if (run.id if run else None) == step.run_id)
        load = oracle.load(offer, run)
        start, end = known_days(run, load)
        all_work += offer.time.workplace_hours or 0.0
        for week, own in step.weeks:
            if (week - first).days % 7:
                found.append(f"{week} is not the first day of a week of the plan")
            hours[week] += own
            busy[week] += own > NEAR
            if load is not None or (start and end):
                work[week] += even_share(step, week, offer.time.workplace_hours or 0.0, load, start, end, budget)
    for week, own in hours.items():
        days = [week + timedelta(days=n) for n in range(7)]
        is_open = any(day <= last and not paused(day, budget) for day in days)
        if budget.hours_per_week is not None and own > budget.hours_per_week * is_open + NEAR:
            found.append(f"{own} own hours in the week of {week}")
    if max_parallel is not None and any(count > max_parallel for count in busy.values()):
        found.append("too many steps in one week")
    if budget.work_hours_per_week is not None:
        if any(one > budget.work_hours_per_week + NEAR for one in work.values()):
            found.append("more work time in a week than there is")
        if all_work > budget.work_hours_per_week * oracle.weeks_to_horizon(learner, on) + NEAR:
            found.append("more work time than there is")
    return found


def clash_problems(
    plan: Plan, offers: dict[str, LearningOffer], budget: TimeBudget, on: date, oracle: Oracle
) -> list[str]:
    """No two sessions at the same minute; a run of unknown length meets until the end of the plan."""
    taken: dict[tuple[date, int], str] = {}
    found = []
    for step in plan.steps:
        offer = offers[step.offer_id]
        run = next(run for run in runs_of(offer) if (run.id if run else None) == step.run_id)
        if run is None or not run.slots:
            continue
        load = oracle.load(offer, run)
        start, end = known_days(run, load)
        free = load is None and not (start and end) and step.own_hours + step.bill.paid_leave > 1e-6
        begin = max(first_day(budget, on), start or date.min) if free else step.start
        until = last_day(budget, on, oracle) if free else step.end
        for day in meeting_days(run, begin, until):
            minutes = {
                minute
                for slot in run.slots
                if slot.weekday == day.weekday()
                for minute in range(slot.start.hour * 60 + slot.start.minute, slot.end.hour * 60 + slot.end.minute)
            }
            if any(taken.setdefault((day, minute), offer.id) != offer.id for minute in minutes):
                found.append(f"{offer.id} clashes on {day}")
    return found


def gain_problems(
    plan: Plan, offers: dict[str, LearningOffer], oracle: Oracle, learner: LearnerProfile, on: date
) -> list[str]:
    """Gain counted anew, overlap once; nothing above the bound; coverage is what is held and what the steps add."""
    found = []
    taken = [offers[step.offer_id] for step in plan.steps]
    gain, covered, total = 0.0, 0.0, sum(r.weight for r in learner.goal.requirements)
    for requirement in learner.goal.requirements:
        held = oracle.held(learner, requirement, on)[0]
        best = max([held, *(value(offer, requirement, oracle, learner, on) for offer in taken)])
        gain += requirement.weight * (best - held) / total
        covered += requirement.weight * best / total
    if abs(gain - plan.gain) > NEAR or abs(covered - plan.coverage) > NEAR:
        found.append(f"gain is {gain}, not {plan.gain}; coverage {covered}, not {plan.coverage}")
    if plan.gain > plan.bound + NEAR:
        found.append("more gain than the bound")
    return found


def value(offer: LearningOffer, requirement: object, oracle: Oracle, learner: LearnerProfile, on: date) -> float:
    able = oracle.held(learner, requirement, on)[1] if offer.kind is OfferKind.RECOGNITION else 1.0
    return able * max(
        (
            oracle.strength(outcome.competence, requirement.competence) * factor(outcome.level, requirement.level)
            for outcome in offer.outcomes
        ),
        default=0.0,
    )
