"""Recognition of prior learning (EVC): what a person brings, judged against a standard; microcredentials that stack.

Everything here proposes. Only an assessment raises the status of a claim.
"""

from competences.recognition.finding import Finding, Missing, Span, Support
from competences.recognition.recogniser import Candidate, Partial, Recogniser, candidates, evc_candidates
from competences.recognition.stacking import LeftOut, StackMember, StackProgress, members_of, stack
from competences.recognition.standard import AssessmentStandard, Criterion, assessment_standard
from competences.recognition.statements import Standing, Statement, statements

__all__ = [
    "AssessmentStandard",
    "Candidate",
    "Criterion",
    "Finding",
    "LeftOut",
    "Missing",
    "Partial",
    "Recogniser",
    "Span",
    "StackMember",
    "StackProgress",
    "Standing",
    "Statement",
    "Support",
    "assessment_standard",
    "candidates",
    "evc_candidates",
    "members_of",
    "stack",
    "statements",
]
