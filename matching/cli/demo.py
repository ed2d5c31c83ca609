"""`leermatch demo`: the main job on the embedded demo world."""

from __future__ import annotations

from typing import Annotated

import typer

from matching.cli import inputs, show
from matching.demo import demo_world
from matching.explanation.explanation import explain

DEMO_LEARNER = "l:werknemer-dinsdag"


def demo(
    identifier: Annotated[str, typer.Option("--id", help="Which learner of the demo world.")] = DEMO_LEARNER,
    on: inputs.On = None,
    k: inputs.Count = 5,
    language: inputs.LanguageOption = "nl",
    as_json: inputs.Json = False,
) -> None:
    """Rank offers and make a plan for a learner of the embedded demo world.

    Example: leermatch demo --id l:evc-heftruck --language en
    """
    world = demo_world()
    person = inputs.load_learner(str(world / "learners.jsonl"), identifier, None, None, None, None)
    matcher = inputs.load_matcher(str(world / "offers.jsonl"), world / "roles.jsonl", world / "competences.jsonl", None)
    result = matcher.match(person, k, on=inputs.day(on))
    plan = explain(matcher.plan(person, on=inputs.day(on)), language=show.known(language))
    if as_json:
        show.json({"matches": explain(result, language=show.known(language)).to_dict(), "plan": plan.to_dict()})
        return
    show.matches(result, language)
    show.lines("")
    show.lines(str(plan))
