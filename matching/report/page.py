"""One self-contained page about one person's plan: opens from disk, asks nothing of any other host."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from matching.explanation.plain import revived
from matching.explanation.views.common import bill_lines
from matching.plan.alternatives import Strength
from matching.plan.plan import Plan
from matching.report.facts import facts_of
from matching.report.pictures import calendar, coverage
from matching.wording.say import Language, say, templates


def page_of(plan: Plan, alternatives: Mapping[Strength, Plan] | None = None, *, language: Language = "nl") -> str:
    """HTML in Dutch ("nl"), English ("en") or French ("fr"); the same plan gives the same bytes.

    `alternatives`: other plans by what they are best in, as `Matcher.alternatives` gives them."""
    from markupsafe import Markup

    templates(language)
    facts = facts_of(plan, alternatives or {}, language)
    evidence, script = facts["evidence"], _asset("script.js")
    pictures = {
        "coverage": coverage(facts["requirements"], language) if facts["requirements"] else "",
        "calendar": calendar(evidence["steps"], evidence["weeks"], evidence["hours_per_week"], language)
        if evidence["steps"]
        else "",
    }

    def spoken(key: str, item: Mapping[str, Any] | None = None, **more: Any) -> str:
        return say(language, key, {name: revived(value) for name, value in {**(item or {}), **more}.items()})

    return str(
        _template().render(
            **facts,
            language=language,
            say=spoken,
            bill=lambda bill: list(bill_lines(bill, language)),
            pictures={name: Markup(drawing) for name, drawing in pictures.items()},
            style=Markup(_asset("style.css")),
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            word=lambda group, name: templates(language).get(f"{group}.{name}", name),
            year=date.fromisoformat(evidence["on"]).year,
        )
    )


def _asset(name: str) -> str:
    return (files("matching.report") / name).read_text(encoding="utf-8")


def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("matching", "report")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("page.html.j2")
