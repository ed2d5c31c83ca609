"""An explanation as a piece of HTML: headings in order, nothing but text, everything escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from matching.explanation.sections import Section


def html_of(section: Section, language: str) -> str:
    """A `<section>` in this language, headings from level 2 on."""
    return str(_template().render(section=section, language=language))


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("matching", "explanation")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("explanation.html.j2")
