"""Every sentence that a person reads, per language, as data: `nl.toml`, `en.toml`, `fr.toml` beside this file.

A template names facts, `{own_hours:h}`; the letter after the colon says what kind of fact it is. Words, numbers and
dates are written as the language writes them (Unicode CLDR, through Babel).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal, get_args

from competences.errors import MisuseError
from competences.records.hours import Slot
from matching.wording.plain import plain

Language = Literal["nl", "en", "fr"]
LANGUAGES: tuple[str, ...] = get_args(Language)


def say(language: str, key: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence `key` ("reason.price") in a language, its facts filled in. Unknown languages are an error."""
    table = templates(language)
    return _Writer(language).vformat(table[key], (), facts or {})


@cache
def templates(language: str) -> dict[str, str]:
    """key → template; nested tables are joined with dots."""
    if language not in LANGUAGES:
        raise MisuseError(f"explanations are written in {', '.join(LANGUAGES)}, not in {language!r}")
    nested = tomllib.loads((files("matching.wording") / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{group}.{name}": text for group, part in nested.items() for name, text in part.items()}


class _Writer(Formatter):
    """Kinds of facts: `h` hours, `n` a number, `n3` one with three decimals, `%` a share, `€` an amount, `lang` a
    language tag, `w:` a coded word, `month` a day as its month."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, kind: str) -> str:
        if isinstance(value, list | tuple | set | frozenset):
            return ", ".join(self.format_field(one, kind) for one in value)
        if value is None:
            return say(self.language, "word.unknown")
        if isinstance(value, StrEnum) or kind == "w":
            return say(self.language, f"word.{value}") if f"word.{value}" in templates(self.language) else str(value)
        if isinstance(value, Slot):
            return f"{_day_name(self.language, int(value.weekday))} {value.start:%H:%M}–{value.end:%H:%M}"
        if isinstance(value, date):
            from babel.dates import format_date

            return str(format_date(value, "MMM y" if kind == "month" else "d MMMM y", locale=self.language))
        return self._number(value, kind) if kind else plain(str(value))

    def _number(self, value: Any, kind: str) -> str:
        from babel import numbers

        match kind:
            case "h":
                return numbers.format_decimal(round(float(value), 1), "#,##0.#", locale=self.language)
            case "n":
                return numbers.format_decimal(value, "#,##0.##", locale=self.language)
            case "n3":
                return numbers.format_decimal(value, "#,##0.000", locale=self.language)
            case "%":
                return numbers.format_percent(float(value), "0 %", locale=self.language)
            case "€":
                return numbers.format_currency(float(value), "EUR", locale=self.language)
            case "lang":
                return _language_name(self.language, str(value))
        return str(super().format_field(value, kind))


@cache
def _language_name(language: str, tag: str) -> str:
    from babel import Locale

    return str(Locale(language).languages.get(tag.split("-")[0], tag))


@cache
def _day_name(language: str, weekday: int) -> str:
    from babel.dates import get_day_names

    return str(get_day_names(locale=language)[weekday])
