"""Why an offer is out: every failing condition of the run that comes closest, and the smallest change for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from competences.records.claims import CompetenceClaim
from competences.records.hours import TimeBudget
from matching.index.columns import UNKNOWN_DAY
from matching.query import condition_kernels as kernels
from matching.query import time_kernels as days
from matching.query.budget_changes import WEEK_HOURS, later_end, more_hours, within_a_week, without
from matching.query.conditions import Change, Reason, ReasonKind, applied, fixed, form_reasons
from matching.query.eligibility import Pauses, weeks_to_horizon
from matching.query.person import Person
from matching.query.persons import Persons
from matching.query.presence import presence
from matching.query.sessions import NO_BUDGET, clashes


def reasons(person: Person, row: int) -> tuple[Reason, ...]:
    """All reasons, fixed ones first; an eligible offer has none. Making the changes of all of them admits the offer."""
    found = failing(person, row, person.run_row(row))
    if person.gain(row) <= 0:
        found.append(Reason("no_gain", ReasonKind.NO_GAIN))
    elif not found:
        found += _variant(person, row)
    elif all(reason.changes for reason in found) and _depends_on_changes(person, row, found):
        found += _afterwards(person.changed(applied(person.learner, found)), row)
    return tuple(found)


def failing(person: Person, row: int, run: int) -> list[Reason]:
    """Every condition of an offer and one of its runs that the person does not meet."""
    catalogue = person.generation.catalogue
    found = list(form_reasons(catalogue.forms.values[catalogue.columns.form[row]], person.learner))
    found += _price(person, row)
    found += _run(person, row, run)
    found += _entry(person, row)
    return found


def _depends_on_changes(person: Person, row: int, found: list[Reason]) -> bool:
    learned = any(change.field == "claims" for reason in found for change in reason.changes)
    return learned or person.generation.catalogue.columns.group[row] >= 0


def _afterwards(changed: Person, row: int) -> Iterator[Reason]:
    """Whoever has learned what the offer asks for may need nothing of it any more, or can follow a shorter variant."""
    if changed.gain(row) <= 0:
        yield Reason("no_gain_then", ReasonKind.NO_GAIN)
    else:
        yield from _variant(changed, row)


def _variant(person: Person, row: int) -> Iterator[Reason]:
    shortest = person.variant(row)
    if shortest not in (row, -1):
        offer = person.generation.catalogue.offers[shortest]
        facts = {"offer_id": offer.id, "title": offer.title, "hours": person.own_hours(shortest)}
        yield Reason("variant", ReasonKind.VARIANT, facts)


def _price(person: Person, row: int) -> Iterator[Reason]:
    price, most = float(person.generation.catalogue.columns.price[row]), person.learner.max_price
    if most is not None and price > most + kernels.SLACK:
        yield fixed("price", {"more": price - most, "price": price}, Change("max_price", price))


def _run(person: Person, row: int, run: int) -> Iterator[Reason]:
    """Conditions of one run. Days come before hours: hours are counted with the days changed."""
    bits = person.failures(row, run)
    changed = person.learner
    for bit, words in _RUN_REASONS.items():
        if bits & bit:
            reason = words(person, row, run, changed.budget or NO_BUDGET)
            changed = applied(changed, [reason])
            yield reason


def _place(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    learner, place = person.learner, int(person.generation.catalogue.columns.place[run])
    km = float(person.tables.km[person.persons.home_table[0], place])
    minutes = km / float(person.persons.speed[0]) * 60
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


def _sessions(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    catalogue = person.generation.catalogue
    sessions = catalogue.sessions.values[catalogue.columns.sessions[run]]
    return fixed("sessions", {"sessions": tuple(clashes(sessions, budget))}, *presence(sessions, budget))


def _full(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    return fixed("full", {})


def _enrol_by(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    return fixed("enrol_by", {"day": _date(person, "enrol_by", run)})


def _started(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    return fixed("started", {"day": _begins(person, run)})


def _not_before(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    start = _begins(person, run)
    return fixed("not_before", {"day": start}, Change("budget.not_before", start))


def _pauses(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    """The pauses on the days that it would take without any, as far as these are known."""
    start, end = _known(person, run)
    begin = max(person.on, budget.not_before or person.on, start or person.on).toordinal()
    if start is not None and end is not None:
        begin, last = start.toordinal(), end.toordinal()
    else:
        last = begin if end is not None else _earliest(person, run)[1]
    met = [p for p in budget.pauses if (p.start or date.min).toordinal() <= last
           and (p.end or date.max).toordinal() >= begin]  # fmt: skip
    return fixed("pauses", {}, *([without(met)] if met else []))


def _deadline(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    end = _earliest(person, run)[1]
    day, late = date.fromordinal(end), end - int(person.persons.deadline[0])
    return fixed("deadline", {"late": late, "end": day}, *later_end(budget, day, person.on))


def _hours_total(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    columns, settings = person.generation.catalogue.columns, person.generation.catalogue.settings
    start, end = _known(person, run) if np.isnan(columns.weeks[run]) else (None, None)
    hours = _own(person, row, run)
    had = min(float(person.persons.hours[0]), float(days.room(columns, person.persons, 0, run)))
    facts = {"more": hours - had, "hours": hours, "has": had}
    return fixed("hours_total", facts, *more_hours(budget, hours, person.on, settings, start, end))


def _hours_week(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    columns, persons = person.generation.catalogue.columns, _with_pauses(person, budget)
    load = float(kernels.weekly_hours(columns, person.tables, persons, 0, row, run))
    more = load - float(person.persons.hours_per_week[0])
    return fixed("hours_per_week", {"more": more, "load": load}, *within_a_week("budget.hours_per_week", load))


def _work_hours(person: Person, row: int, run: int, budget: TimeBudget) -> Reason:
    columns = person.generation.catalogue.columns
    weeks = [weeks_to_horizon(budget, person.on, person.generation.catalogue.settings)]
    if columns.weeks[run] > 0:
        weeks.append(max(1.0, float(days.weeks_of_run(columns, _with_pauses(person, budget), 0, run))))
    load = float(columns.work[row]) / min(weeks) if min(weeks) > 0 else WEEK_HOURS + 1
    more = load - float(person.persons.work_per_week[0])
    return fixed("work_hours", {"more": more, "load": load}, *within_a_week("budget.work_hours_per_week", load))


_RUN_REASONS: dict[int, Callable[[Person, int, int, TimeBudget], Reason]] = {
    kernels.PLACE: _place,
    kernels.SESSIONS: _sessions,
    kernels.FULL: _full,
    kernels.ENROL_BY: _enrol_by,
    kernels.STARTED: _started,
    kernels.NOT_BEFORE: _not_before,
    kernels.PAUSES: _pauses,
    kernels.DEADLINE: _deadline,
    kernels.HOURS_TOTAL: _hours_total,
    kernels.HOURS_WEEK: _hours_week,
    kernels.WORK_HOURS: _work_hours,
}


def _entry(person: Person, row: int) -> Iterator[Reason]:
    catalogue = person.generation.catalogue
    columns = catalogue.columns
    met, offer, first = set(person.persons.atoms.tolist()), catalogue.offers[row], int(columns.entry_start[row])
    together = first + len(offer.entry) + len(offer.prerequisites)
    for group in range(first, int(columns.entry_start[row + 1])):
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
        code = "together" if group >= together else "entry_some" if lacking < len(names) else "entry"
        if code == "together" and catalogue.row(names[0]) < 0:
            code = "together_unlisted"
        yield Reason(code, ReasonKind.EARNABLE, {"lacking": lacking, "names": tuple(names)}, tuple(changes))


def _own(person: Person, row: int, run: int) -> float:
    return float(kernels.own_hours(person.generation.catalogue.columns, person.tables, person.persons, 0, row, run))


def _date(person: Person, column: str, run: int) -> date:
    return date.fromordinal(int(getattr(person.generation.catalogue.columns, column)[run]))


def _known(person: Person, run: int) -> tuple[date | None, date | None]:
    """First and last day of a run, None where unknown."""
    columns = person.generation.catalogue.columns
    start, end = int(columns.start[run]), int(columns.end[run])
    return (
        None if start == UNKNOWN_DAY else date.fromordinal(start),
        None if end == UNKNOWN_DAY else date.fromordinal(end),
    )


def _begins(person: Person, run: int) -> date:
    """The first day that is known of a run."""
    start, end = _known(person, run)
    return start or end or person.on


def _earliest(person: Person, run: int) -> tuple[int, int]:
    first, last = days.earliest(person.generation.catalogue.columns, person.persons, 0, run)
    return int(first), int(last)


def _with_pauses(person: Person, budget: TimeBudget) -> Persons:
    """The numbers of a person with the pauses of another budget."""
    pauses = Pauses.of([budget])
    return person.persons._replace(pause_start=pauses.start, pause_first=pauses.first, pause_last=pauses.last)
