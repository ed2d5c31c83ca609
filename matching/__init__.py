"""From vectors to a plan that fits the hours. Everything public is imported from here."""

from matching.audit.audited import Audited, Recorded
from matching.audit.override import Overridden, override
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
    "Audited",
    "Change",
    "Cover",
    "Explanation",
    "HoursBill",
    "Match",
    "MatchResult",
    "Matcher",
    "OpenRequirement",
    "Overridden",
    "Plan",
    "PlanStatus",
    "Reason",
    "ReasonKind",
    "Recorded",
    "Settings",
    "Step",
    "__version__",
    "applied",
    "explain",
    "override",
]
