"""The few questions whose answers would change a plan most, and what recognition saves."""

from matching.screening.answers import answer
from matching.screening.question import Question, Screening
from matching.screening.savings import GroupSavings, Savings, group_savings, savings, without_routes
from matching.screening.screen import screen

__all__ = [
    "GroupSavings",
    "Question",
    "Savings",
    "Screening",
    "answer",
    "group_savings",
    "savings",
    "screen",
    "without_routes",
]
