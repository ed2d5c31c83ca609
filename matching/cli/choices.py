"""What `leermatch plan` shows beside one plan: the roles of a job, other plans, and how far a wish can be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from matching.explanation.evidence import of_plan
from matching.matcher import Matcher
from matching.plan.alternatives import Strength
from matching.plan.limits import Limits
from matching.plan.plan import Plan
from matching.plan.roles import RoleFit
from matching.wording.say import say


def role_facts(matcher: Matcher, fits: tuple[RoleFit, ...], language: str) -> list[dict[str, Any]]:
    """One entry per role, nearest first; the whole job last."""
    return [
        {
            "roles": list(fit.role_ids), "title": _title(matcher, fit, language), "fits_now": fit.fits_now,
            "own_hours": fit.own_hours, **_steps(fit.plan),
        }
        for fit in fits
    ]  # fmt: skip


def role_lines(facts: list[dict[str, Any]], language: str) -> Iterator[str]:
    for one in map(_dated, facts):
        whole = len(one["roles"]) > 1
        key = "fits" if one["fits_now"] else "far" if one["own_hours"] is None else "reach"
        yield say(language, f"choice.{'whole_' if whole else ''}{key}", one)
        if one["steps"]:
            yield "   " + say(language, "choice.steps", {"names": [step["title"] for step in one["steps"]]})


def plan_facts(plans: Mapping[Strength, Plan]) -> list[dict[str, Any]]:
    """One entry per plan that no other one beats in every way."""
    return [
        {
            "best_in": strength.value, "coverage": plan.coverage, "own_hours": plan.own_hours, "price": plan.price,
            **_steps(plan),
        }
        for strength, plan in plans.items()
    ]  # fmt: skip


def plan_lines(facts: list[dict[str, Any]], language: str) -> Iterator[str]:
    for one in map(_dated, facts):
        named = one | {"best": say(language, f"page.{one['best_in']}")}
        yield say(language, "choice.plan" if one["steps"] else "choice.no_steps", named)
        if one["steps"]:
            yield "   " + say(language, "choice.steps", {"names": [step["title"] for step in one["steps"]]})


def limit_facts(limits: Limits) -> dict[str, Any]:
    """Whether the wish is met; else what is in conflict, what lifting each condition buys, and hours → coverage."""
    return {
        "wanted": limits.wanted, "met": limits.met, "coverage": limits.plan.coverage,
        "conflict": None if limits.conflict is None else list(limits.conflict),
        "relaxations": [
            {"condition": one.condition, "coverage": one.coverage, "own_hours": one.own_hours}
            for one in limits.relaxations if not one.impossible
        ],
        "curve": [{"hours": point.hours, "coverage": point.coverage} for point in limits.curve],
    }  # fmt: skip


def limit_lines(facts: Mapping[str, Any], language: str) -> Iterator[str]:
    def name(condition: str) -> str:
        return say(language, f"limit.{condition}")

    if facts["met"]:
        yield say(language, "choice.met", facts)
    elif facts["conflict"]:
        yield say(language, "choice.conflict", {**facts, "names": [name(one) for one in facts["conflict"]]})
    else:
        yield say(language, "choice.nothing_listed", facts)
    if not facts["met"] and not facts["relaxations"]:
        yield say(language, "choice.no_lift")
    for one in facts["relaxations"]:
        yield say(language, "choice.without", {**one, "name": name(one["condition"])})
    if facts["curve"]:
        yield say(language, "choice.curve")
    for point in facts["curve"]:
        yield "   " + say(language, "choice.point", point)


def _dated(one: dict[str, Any]) -> dict[str, Any]:
    """The same with its day as a day, for sentences."""
    return one | {"finish": date.fromisoformat(one["finish"]) if one["finish"] else None}


def _title(matcher: Matcher, fit: RoleFit, language: str) -> str:
    role = matcher.roles.get(fit.role_ids[0]) if len(fit.role_ids) == 1 else None
    return role.titles.get(language, role.title) if role is not None else fit.title


def _steps(plan: Plan | None) -> dict[str, Any]:
    shown = [] if plan is None else of_plan(plan, "en", excluded=0)["steps"]
    steps = [{"offer_id": step["offer_id"], "title": step["title"]} for step in shown]
    return {"steps": steps, "finish": None if plan is None or plan.finish is None else plan.finish.isoformat()}
