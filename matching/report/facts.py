"""What the page shows, put together from stored evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.explanation.bundles import parts_of
from matching.explanation.evidence import Evidence, of_plan
from matching.explanation.views.common import needed
from matching.plan.alternatives import Strength
from matching.plan.plan import Plan

MOST_LISTED = 300
"""Offers in the list of those that are left out; the search box looks through them."""


def facts_of(plan: Plan, alternatives: Mapping[Strength, Plan], language: str) -> dict[str, Any]:
    """Evidence of the plan, what each requirement becomes, the alternatives, and why the others are not in it."""
    evidence = of_plan(plan, language, excluded=MOST_LISTED)
    return {
        "evidence": evidence,
        "requirements": requirements_after(evidence),
        "alternatives": [_alternative(name.value, other) for name, other in alternatives.items()],
        "why_not": [{**one, "needed": needed(one["reasons"], language)} for one in evidence["excluded"]],
        "sources": sorted({one["source"] for one in parts_of(evidence["steps"]) if one["source"]}),
    }


def requirements_after(evidence: Evidence) -> list[Evidence]:
    """Each requirement with the share that is covered once the plan is done."""
    still = {(one["competence"], one["level"]): one["share"] for one in evidence["open"]}
    return [
        {**one, "after": max(one["held"], 1.0 - still.get((one["competence"], one["level"]), 0.0))}
        for one in evidence["requirements"]
    ]


def _alternative(name: str, plan: Plan) -> Evidence:
    evidence = of_plan(plan, "en", excluded=0)
    shown = ("coverage", "gain", "own_hours", "workplace_hours", "price", "finish", "count")
    return {
        "name": name,
        **{one: evidence[one] for one in shown},
        "titles": [step["title"] for step in evidence["steps"]],
    }
