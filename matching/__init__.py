"""From vectors to a plan that fits the hours. Everything public is imported from here."""

from matching.explanation.explanation import Explanation, explain
from matching.matcher import Matcher
from matching.plan.plan import OpenRequirement, Plan, PlanStatus, Step
from matching.query.conditions import Change, Reason, ReasonKind, applied
from matching.query.matches import Match, MatchResult
from matching.query.own_hours import HoursBill
from matching.query.person import Cover
from matching.settings import Settings
from matching.version import __version__

__all__ = [
    "Change",
    "Cover",
    "Explanation",
    "HoursBill",
    "Match",
    "MatchResult",
    "Matcher",
    "OpenRequirement",
    "Plan",
    "PlanStatus",
    "Reason",
    "ReasonKind",
    "Settings",
    "Step",
    "__version__",
    "applied",
    "explain",
]
