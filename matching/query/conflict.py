"""Where nothing is left: the fewest conditions that would have to go before anything can be followed."""

from __future__ import annotations

import numpy as np

from matching.query.condition_kernels import fewest_failures
from matching.query.conditions import form_reasons
from matching.query.person import Person
from matching.query.why_not import failing


def smallest_conflict(person: Person) -> tuple[str, ...]:
    """Codes of the smallest set, of the first offer in order of gain and then id that has one of that size.

    Each offer is kept out by its own set, and is let in exactly when all of that set goes: the smallest set that lets
    anything in is therefore the smallest of those sets."""
    catalogue = person.generation.catalogue
    rows = np.flatnonzero(person.gains > 0)
    if not len(rows):
        return ()
    forms = np.array([len(form_reasons(form, person.learner)) for form in catalogue.forms.values], np.int64)
    asked = np.array([len(catalogue.offers[row].corequisites) for row in rows.tolist()], np.int64)
    together = catalogue.columns.entry_start[rows + 1] - asked
    counts, runs = fewest_failures(
        catalogue.columns, person.tables, person.persons, person.met, rows, forms, together
    )  # fmt: skip
    best = min(range(len(rows)), key=lambda i: (counts[i], -person.gains[rows[i]], rows[i]))
    reasons = failing(person, int(rows[best]), int(runs[best]))
    return tuple(dict.fromkeys(rule_of(reason.code) for reason in reasons))


def rule_of(code: str) -> str:
    """One condition has one code, however its sentence is put."""
    return _ONE_CODE.get(code, code)


_ONE_CODE = {
    "place_km": "place", "place_minutes": "place", "place_both": "place", "entry_some": "entry",
    "together_unlisted": "together",
}  # fmt: skip
