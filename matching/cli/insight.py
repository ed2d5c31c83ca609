"""`leermatch insight`: what the results of many people say about the supply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from competences.sources.opening import open_learners
from matching.cli import inputs, show
from matching.insight import OfferReach, Reach
from matching.insight import reach as reached_by
from matching.wording.say import say

app = typer.Typer(help="What the results of many people say about the supply.", no_args_is_help=True)


@app.callback()
def _insight() -> None:
    """A group of commands, also while it holds only one."""


@app.command()
def reach(
    offers: inputs.Offers,
    learners: Annotated[
        str, typer.Option("--learners", help="The population: a path (JSON Lines), or format:path; each with a goal.")
    ],
    roles: inputs.Roles = None,
    competences: inputs.Competences = None,
    on: inputs.On = None,
    language: inputs.LanguageOption = "nl",
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Which offers a match proposes to nobody, and the rules that keep them out.

    Example: leermatch insight reach --offers offers.jsonl --roles roles.jsonl --learners learners.jsonl
    """
    spoken, people = show.known(language), list(open_learners(learners))
    found = reached_by(inputs.load_matcher(offers, roles, competences, settings, encoder), people, on=inputs.day(on))
    if as_json:
        show.json(_evidence(found))
    else:
        show.lines("\n".join(_lines(found, spoken)))


def _evidence(found: Reach) -> dict[str, Any]:
    return {
        "on": found.on.isoformat(),
        "learners": found.learners,
        "reached": len(found.offers) - len(found.unreached),
        "rules": dict(found.rules),
        "offers": [{**vars(one), "rules": dict(one.rules)} for one in found.offers],
    }


def _lines(found: Reach, language: str) -> Iterator[str]:
    unreached = found.unreached
    counts = {"offers": len(found.offers), "reached": len(found.offers) - len(unreached)}
    yield say(language, "insight.head", {**counts, "learners": found.learners, "on": found.on})
    if not unreached:
        yield say(language, "insight.all")
        return
    yield say(language, "insight.rules")
    for rule, offers in found.rules.items():
        yield "   " + say(language, "insight.rule", {"offers": offers, "rule": say(language, f"rule.{rule}")})
    yield from ("- " + _line(one, language) for one in unreached)


def _line(one: OfferReach, language: str) -> str:
    rules = [
        say(language, "insight.counted", {"rule": say(language, f"rule.{rule}"), "learners": learners})
        for rule, learners in one.rules.items()
    ]
    return say(language, "insight.wanted" if one.wanted else "insight.unwanted", {**vars(one), "rules": rules})
