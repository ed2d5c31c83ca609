"""Results as they are recorded: ids, days and numbers, and a signature of all the evidence."""

from __future__ import annotations

from typing import Any

from matching.audit.keys import PersonKey
from matching.explanation.bundles import parts_of
from matching.explanation.evidence import Evidence, of_plan, of_result
from matching.plan.plan import Plan
from matching.query.matches import MatchResult

MATCH = ("offer_id", "run_id", "score", "gain", "own_hours")
STEP = ("offer_id", "run_id", "start", "end", "own_hours")
PLAN = ("status", "gain", "coverage", "bound", "own_hours", "workplace_hours", "impossible")


def recorded(subject: MatchResult | Plan, key: PersonKey) -> dict[str, Any]:
    """The numbers of a result. What it says of the person is not written down: it is signed with their key."""
    evidence = of_plan(subject, "en", 0) if isinstance(subject, Plan) else of_result(subject, "en", 0)
    return {**_numbers(evidence), "evidence": key.sign({**evidence, "versions": None})}


def _numbers(evidence: Evidence) -> dict[str, Any]:
    if evidence["kind"] == "plan":
        return {
            **{name: evidence[name] for name in PLAN},
            "steps": [{name: step[name] for name in STEP} for step in parts_of(evidence["steps"])],
        }
    matches = [{name: match[name] for name in MATCH} for match in evidence["matches"]]
    return {"empty": evidence["empty"], "matches": matches}
