"""Why an offer is out: every failing condition of the run that comes closest, and the smallest change for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from competences.records.claims import CompetenceClaim
from competences.records.hours import Slot
from matching.index.catalogue import UNKNOWN_DAY
from matching.query import kernels
from matching.query.conditions import Change, Reason, ReasonKind, fixed, form_reasons
from matching.query.eligibility import hours_to_horizon
from matching.query.person import Person
from matching.query.sessions import NO_BUDGET, clashes, missing_slots
from matching.query.travel import distances_km, one_way_hours


WEEK_HOURS = 168.0


def reasons(person: Person, row: int) -> tuple[Reason, ...]:
    """All reasons, fixed ones first; an eligible offer has none."""
    catalogue = person.generation.catalogue
    found = list(form_reasons(catalogue.forms.values[catalogue.columns.form[row]], person.learner))
    found += _price(person, row)
    found += _run(person, row)
    found += _entry(person, row)
    if person.gain(row) <= 0:
        found.append(Reason("no_gain", ReasonKind.NO_GAIN))
    return tuple(found)


def _price(person: Person, row: int) -> Iterator[Reason]:
    price, most = float(person.generation.catalogue.columns.price[row]), person.learner.max_price
    if most is not None and price > most + kernels.SLACK:
        yield fixed("price", {"more": price - most, "price": price}, Change("max_price", price))


def _run(person: Person, row: int) -> Iterator[Reason]:
    """Conditions of the run that comes closest."""
    run = person.run_row(row)
    failing = person.failures(row, run)
    for bit, words in _RUN_REASONS.items():
        if failing & bit:
            yield words(person, row, run)


def _place(person: Person, row: int, run: int) -> Reason:
    catalogue, learner = person.generation.catalogue, person.learner
    place = catalogue.places.values[catalogue.columns.place[run]]
    km = float(distances_km(learner.home, [place], catalogue.settings)[0])
    minutes = float(one_way_hours(np.array([km]), learner.transport, catalogue.settings)[0] * 60)
    facts: dict[str, float] = {"km": km, "minutes": minutes}
    changes = []
    if learner.max_travel_km is not None and km > learner.max_travel_km:
        facts["more_km"] = float(np.ceil(km - learner.max_travel_km))
        changes.append(Change("max_travel_km", km))
    if learner.max_travel_minutes is not None and minutes > learner.max_travel_minutes:
        facts["more_minutes"] = float(np.ceil(minutes - learner.max_travel_minutes))
        changes.append(Change("max_travel_minutes", minutes))
    code = "place_both" if len(changes) == 2 else "place_km" if "more_km" in facts else "place_minutes"
    return fixed(code, facts, *changes)


def _sessions(person: Person, row: int, run: int) -> Reason:
    catalogue, budget = person.generation.catalogue, person.learner.budget or NO_BUDGET
    sessions = catalogue.sessions.values[catalogue.columns.sessions[run]]
    changes = []
    wanted: tuple[Slot, ...] = missing_slots(sessions, budget)
    if wanted:
        changes.append(Change("budget.slots", tuple(slot.model_dump() for slot in wanted), "add"))
    taken = tuple(day for day in sessions.dates if day in budget.exceptions)
    if taken:
        changes.append(Change("budget.exceptions", taken, "remove"))
    pauses = tuple(pause.model_dump() for pause in budget.pauses if clashes(sessions, budget.model_copy(
        update={"slots": None, "exceptions": (), "pauses": (pause,)})))  # fmt: skip
    if pauses:
        changes.append(Change("budget.pauses", pauses, "remove"))
    return fixed("sessions", {"sessions": tuple(clashes(sessions, budget))}, *changes)


def _full(person: Person, row: int, run: int) -> Reason:
    return fixed("full", {})


def _enrol_by(person: Person, row: int, run: int) -> Reason:
    return fixed("enrol_by", {"day": _date(person, "enrol_by", run)})


def _started(person: Person, row: int, run: int) -> Reason:
    return fixed("started", {"day": _date(person, "start", run)})


def _not_before(person: Person, row: int, run: int) -> Reason:
    start = _date(person, "start", run)
    return fixed("not_before", {"day": start}, Change("budget.not_before", start))


def _deadline(person: Person, row: int, run: int) -> Reason:
    columns, budget = person.generation.catalogue.columns, person.learner.budget or NO_BUDGET
    end = int(columns.end[run])
    if end == UNKNOWN_DAY:
        start = int(columns.start[run])
        if start == UNKNOWN_DAY:
            start = max(person.persons.on, int(person.persons.not_before[0]))
        end = int(start + np.ceil(columns.weeks[run] * 7.0))
    changes = []
    if budget.deadline is not None and budget.deadline.toordinal() < end:
        changes.append(Change("budget.deadline", date.fromordinal(end)))
    if budget.weeks is not None and person.persons.on + round(budget.weeks * 7) < end:
        changes.append(Change("budget.weeks", (end - person.persons.on) / 7))
    late = end - int(person.persons.deadline[0])
    return fixed("deadline", {"late": late, "end": date.fromordinal(end)}, *changes)


def _hours_total(person: Person, row: int, run: int) -> Reason:
    hours, had = _own(person, row, run), float(person.persons.hours[0])
    budget = person.learner.budget or NO_BUDGET
    facts = {"more": hours - had, "hours": hours, "has": had}
    settings = person.generation.catalogue.settings
    one_a_week = hours_to_horizon(budget.model_copy(update={"hours_per_week": 1.0}), person.on, settings)
    if one_a_week > 0:
        return fixed("hours_total", facts, *_within_a_week("budget.hours_per_week", hours / one_a_week))
    per_week = budget.hours_per_week or 0.0
    return fixed("hours_total", facts, Change("budget.weeks", hours / per_week if per_week else 1.0))


def _hours_week(person: Person, row: int, run: int) -> Reason:
    columns = person.generation.catalogue.columns
    load = float(kernels.weekly_hours(columns, person.tables, person.persons, 0, row, run))
    more = load - float(person.persons.hours_per_week[0])
    return fixed("hours_per_week", {"more": more, "load": load}, *_within_a_week("budget.hours_per_week", load))


def _work_hours(person: Person, row: int, run: int) -> Reason:
    columns = person.generation.catalogue.columns
    load = float(columns.work[row] / columns.weeks[run])
    more = load - float(person.persons.work_per_week[0])
    return fixed("work_hours", {"more": more, "load": load}, *_within_a_week("budget.work_hours_per_week", load))


def _within_a_week(field: str, hours: float) -> tuple[Change, ...]:
    """The change to that many hours a week; none where a week does not have as many."""
    return (Change(field, hours),) if hours <= WEEK_HOURS else ()


_RUN_REASONS = {
    kernels.PLACE: _place,
    kernels.SESSIONS: _sessions,
    kernels.FULL: _full,
    kernels.ENROL_BY: _enrol_by,
    kernels.STARTED: _started,
    kernels.NOT_BEFORE: _not_before,
    kernels.DEADLINE: _deadline,
    kernels.HOURS_TOTAL: _hours_total,
    kernels.HOURS_WEEK: _hours_week,
    kernels.WORK_HOURS: _work_hours,
}


def _entry(person: Person, row: int) -> Iterator[Reason]:
    catalogue = person.generation.catalogue
    columns = catalogue.columns
    met = set(person.persons.atoms.tolist())
    for group in range(int(columns.entry_start[row]), int(columns.entry_start[row + 1])):
        asked = columns.group_atoms[columns.group_start[group] : columns.group_start[group + 1]].tolist()
        lacking = int(columns.group_need[group]) - sum(code in met for code in asked)
        if lacking <= 0:
            continue
        wanted = [catalogue.atoms.values[code] for code in asked if code not in met]
        changes = []
        for atom in wanted[:lacking]:
            if atom.offer is not None:
                changes.append(Change("completed", (atom.offer,), "add"))
            else:
                claim = CompetenceClaim(competence=atom.competence or "", level=atom.level or None)
                changes.append(Change("claims", (claim.model_dump(),), "add"))
        names = [
            atom.offer or f"{atom.competence}" + (f" at level {atom.level:g}" if atom.level else "") for atom in wanted
        ]
        code = "entry_some" if lacking < len(names) else "entry"
        yield Reason(code, ReasonKind.EARNABLE, {"lacking": lacking, "names": tuple(names)}, tuple(changes))


def _own(person: Person, row: int, run: int) -> float:
    return float(kernels.own_hours(person.generation.catalogue.columns, person.tables, person.persons, 0, row, run))


def _date(person: Person, column: str, run: int) -> date:
    return date.fromordinal(int(getattr(person.generation.catalogue.columns, column)[run]))
