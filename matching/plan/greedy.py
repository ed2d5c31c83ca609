"""A good plan fast: add what closes most for its hours, with what it asks for, as long as everything fits.

The gain is monotone and submodular; of the two classic greedy orders (by gain, by gain per hour) the better one is
kept, which is what the guarantee for a knapsack rests on (Leskovec et al., KDD 2007)."""

from __future__ import annotations

from collections.abc import Callable

from matching.plan.calendar import Span, schedule
from matching.plan.problem import Problem

Choice = tuple[list[int], dict[int, Span]]


def choose(problem: Problem) -> Choice:
    """(chosen candidates in the order of choice, their days)."""
    per_hour = _grow(problem, lambda more, hours: more / (1.0 + hours))
    plain = _grow(problem, lambda more, hours: more)
    return max((per_hour, plain), key=lambda found: value(problem, found[0]))


def value(problem: Problem, chosen: list[int]) -> tuple[float, float, float]:
    """What is compared: gates and gain, then the fewest own hours, then the fewest steps."""
    return (
        round(problem.gain(chosen, problem.priorities), 9),
        -round(problem.own_hours(chosen), 6),
        -float(len(chosen)),
    )


def fits(problem: Problem, chosen: list[int]) -> dict[int, Span] | None:
    """The days of a set that respects hours, money, variants and order; None where it does not."""
    if problem.own_hours(chosen) > problem.hours + 1e-6:
        return None
    if sum(problem.candidates[c].price for c in chosen) > problem.money + 1e-6:
        return None
    groups = [g for c in chosen if (g := problem.candidates[c].offer.outcome_group) is not None]
    if len(groups) != len(set(groups)):
        return None
    for c in chosen:
        together = problem.corequisites[c]
        if together is None or not together <= set(chosen):
            return None
    return schedule(problem, chosen)


def _grow(problem: Problem, worth: Callable[[float, float], float]) -> Choice:
    chosen: list[int] = []
    spans: dict[int, Span] = {}
    open_candidates = set(range(len(problem.candidates)))
    while True:
        best: tuple[float, list[int]] | None = None
        reached, spent = problem.gain(chosen, problem.priorities), problem.own_hours(chosen)
        for c in sorted(open_candidates):
            group = _with_needs(problem, c, chosen)
            if group is None:
                continue
            more = problem.gain([*chosen, *group], problem.priorities) - reached
            if more <= 1e-9:
                continue
            rank = worth(more, problem.own_hours([*chosen, *group]) - spent)
            if best is None or rank > best[0]:
                if fits(problem, [*chosen, *group]) is None:
                    continue
                best = rank, group
        if best is None:
            return chosen, spans
        chosen += best[1]
        spans = fits(problem, chosen) or spans
        open_candidates -= set(best[1])


def _with_needs(problem: Problem, c: int, chosen: list[int]) -> list[int] | None:
    """A candidate with everything that it asks for, cheapest first; None where something cannot be had."""
    group: list[int] = []
    queue = [c]
    while queue:
        one = queue.pop()
        if one in group or one in chosen:
            continue
        group.append(one)
        together = problem.corequisites[one]
        if together is None:
            return None
        queue += sorted(together)
        have = {*group, *chosen}
        for lacking, atoms in problem.candidates[one].asks:
            missing = lacking - sum(bool(earners & have) for earners in atoms)
            options = sorted(
                (min((problem.candidates[e].own_hours, e) for e in earners))
                for earners in atoms
                if earners and not earners & have
            )
            if len(options) < missing:
                return None
            queue += [e for _, e in options[: max(0, missing)]]
    return group
