"""`leermatch index`: an index on disk, built once and served by many."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from competences.encoders.loading import load_encoder
from competences.errors import MisuseError
from competences.records.io import numbered_lines
from competences.sources.opening import open_offers
from matching.cli import inputs, show
from matching.index.store.upkeep import collect, verify
from matching.matcher import Matcher

app = typer.Typer(help="Build, change, check and tidy an index on disk.", no_args_is_help=True)

Index = Annotated[Path, typer.Option("--index", help="The folder of the index.")]
Fold = Annotated[bool, typer.Option("--fold", help="Write a new generation at once; the journal is then empty.")]


@app.command()
def build(
    offers: inputs.Offers,
    index: Index,
    roles: inputs.Roles = None,
    competences: inputs.Competences = None,
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Embed and join offers, and write them as a new generation; readers of the folder go over to it.

    Example: leermatch index build --offers offers.jsonl --roles roles.jsonl --index /srv/index
    """
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    matcher.save(index)
    _say(as_json, f"{index}: {len(matcher.offers)} offers", offers=len(matcher.offers))


@app.command()
def add(
    offers: inputs.Offers,
    index: Index,
    encoder: inputs.EncoderOption = None,
    fold: Fold = False,
    as_json: inputs.Json = False,
) -> None:
    """Add offers to an index, or replace those with the same id.

    Example: leermatch index add --offers new.jsonl --index /srv/index
    """
    matcher, found = Matcher.load(index, load_encoder(encoder)), list(open_offers(offers))
    matcher.upsert(found)
    _ended(matcher, index, fold, as_json, f"{len(found)} offers added")


@app.command()
def remove(
    index: Index,
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of offers.")] = None,
    source: Annotated[Path | None, typer.Option("--from", help="A file with one id a line.")] = None,
    encoder: inputs.EncoderOption = None,
    fold: Fold = False,
    as_json: inputs.Json = False,
) -> None:
    """Take offers out of an index.

    Example: leermatch index remove --index /srv/index offer-17 offer-18
    """
    wanted = list(dict.fromkeys([*(ids or ()), *(_lines(source) if source else ())]))
    if not wanted:
        raise MisuseError("name the offers to remove, or a file of ids with --from")
    matcher = Matcher.load(index, load_encoder(encoder))
    matcher.remove(wanted)
    _ended(matcher, index, fold, as_json, f"{len(wanted)} offers removed")


@app.command("verify")
def verify_(index: Index, as_json: inputs.Json = False) -> None:
    """Read every byte that is served and compare it with its checksum. Exit code 2 names the first damaged file.

    Example: leermatch index verify --index /srv/index
    """
    found = verify(index)
    _say(
        as_json,
        f"{index}: in order ({found.files} files, {found.bytes:,} bytes, {found.changes} changes in the journal)",
        **found._asdict(),
    )


@app.command()
def gc(index: Index, as_json: inputs.Json = False) -> None:
    """Delete generations that are no longer served, and what dead writers left. What a reader holds open stays.

    Example: leermatch index gc --index /srv/index
    """
    gone = collect(index)
    _say(as_json, f"{index}: {len(gone)} deleted", deleted=gone)


def _ended(matcher: Matcher, index: Path, fold: bool, as_json: bool, said: str) -> None:
    if fold:
        matcher.save(index)
    _say(as_json, f"{index}: {said}, {len(matcher.offers)} in all", offers=len(matcher.offers))


def _lines(path: Path) -> list[str]:
    return [line.strip() for _, line in numbered_lines(path)]


def _say(as_json: bool, text: str, **facts: object) -> None:
    if as_json:
        show.json(facts)
    else:
        show.lines(text)
