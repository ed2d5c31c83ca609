"""What commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json as json_module
from collections.abc import Sequence
from typing import Any, cast

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from matching.query.conditions import Reason
from matching.query.matches import MatchResult
from matching.wording.plain import plain, plain_json, plain_lines
from matching.wording.say import Language, say, templates


def known(language: str) -> Language:
    """A language that explanations are written in; another one is an error that lists them."""
    templates(language)
    return cast(Language, language)


def json(evidence: Any) -> None:
    """Two-space JSON, keys in the order of the evidence, letters as they are."""
    typer.echo(plain_json(json_module.dumps(evidence, ensure_ascii=False, indent=2)))


def lines(text: str, *, err: bool = False) -> None:
    """Text for people; what came out of data acts on no terminal."""
    typer.echo(plain_lines(text), err=err)


def matches(result: MatchResult, language: str) -> None:
    """The ranked list as a table; where it is empty, the reason."""
    if result.empty:
        lines(say(language, f"empty.{result.empty}"))
        return
    table = Table(box=None, pad_edge=False)
    for name, side in (
        ("rank", "right"),
        ("title", "left"),
        ("offer", "left"),
        ("gain", "right"),
        ("hours", "right"),
    ):
        table.add_column(say(language, f"column.{name}"), justify=cast(Any, side), overflow="fold")
    for rank, match in enumerate(result.matches, start=1):
        assumed = "" if match.hours_basis.value == "stated" else " *"
        title, offer = (Text(plain(text)) for text in (match.title, match.offer_id))
        table.add_row(
            str(rank), title, offer, say(language, "column.gain_value", {"gain": match.gain}),
            say(language, "column.hours_value", {"own_hours": match.own_hours}) + assumed,
        )  # fmt: skip
    _console().print(table)
    if any(match.hours_basis.value != "stated" for match in result.matches):
        lines("* " + say(language, "column.assumed"))


def reasons(offer_id: str, found: Sequence[Reason], language: str) -> None:
    """One line per reason, with what would lift it."""
    if not found:
        lines(say(language, "column.eligible", {"offer_id": offer_id}))
    for reason in found:
        lines(f"- {reason.in_words(language)}")


def _console() -> Console:
    """Wide enough for titles where the output is not a terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=160)
