"""A result in words that a person can read and contest: a view of stored evidence, which computes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from competences.errors import MisuseError
from matching.explanation.audiences import AUDIENCES, Audience, seen_by
from matching.explanation.evidence import Evidence, of_plan, of_result
from matching.explanation.sections import Section, text_of
from matching.explanation.views import counsellor, learner, organisation
from matching.plan.plan import Plan
from matching.query.matches import MatchResult
from matching.wording.say import Language, templates

VIEWS = {"learner": learner.view, "counsellor": counsellor.view, "organisation": organisation.view}


@dataclass(frozen=True)
class Explanation:
    """`str()` for people, `to_html()` for pages, `to_dict()` for programs: all hold the same evidence."""

    evidence: Evidence
    language: str
    audience: str = "learner"

    @property
    def section(self) -> Section:
        """Headings, sentences and points."""
        return VIEWS[self.audience](self.evidence, self.language)

    def to_dict(self) -> Evidence:
        """Plain data, ready for JSON."""
        return self.evidence

    def to_html(self) -> str:
        """A `<section>` to put into a page; what comes from files is escaped."""
        from matching.explanation.html import html_of

        return html_of(self.section, self.language)

    def __str__(self) -> str:
        return text_of(self.section)


def explain(
    subject: MatchResult | Plan, *, language: Language = "nl", audience: Audience = "learner"
) -> Explanation:
    """Explain a match result or a plan in Dutch ("nl"), English ("en") or French ("fr").

    `audience`: a learner gets it short and plain, a counsellor gets everything, an organisation gets hours and
    coverage without anything personal. Raises `MisuseError` for another subject, language or audience."""
    templates(language)
    if audience not in AUDIENCES:
        raise MisuseError(f"explanations are written for {', '.join(AUDIENCES)}, not for {audience!r}")
    if isinstance(subject, Plan):
        evidence = of_plan(subject, language)
    elif isinstance(subject, MatchResult):
        evidence = of_result(subject, language)
    else:
        raise MisuseError(f"a match result or a plan can be explained, not {type(subject).__name__}")
    return Explanation(seen_by(evidence, audience), language, audience)
