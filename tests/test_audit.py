"""The trail: replay gives the same bytes, a change shows, and whoever is forgotten cannot be found again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competences.encoders.cache import CachedEncoder
from competences.errors import DataError, MisuseError, UnknownIdError
from competences.records.claims import ClaimStatus
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal
from matching.audit.audited import Audited
from matching.audit.canonical import canonical
from matching.audit.keys import Keys
from matching.audit.record import AuditRecord
from matching.audit.replay import replay
from matching.audit.trail import Trail
from matching.matcher import Matcher
from matching.settings import Settings
from strategies import TODAY, World, worlds
from toy_encoder import ToyEncoder

REPLAYED = int(os.environ.get("LEERMATCH_REPLAYS", "50"))
"""Records that are replayed; LEERMATCH_REPLAYS=1000 for the whole count."""
BREAD = LearningOffer.model_validate({"id": "o1", "title": "Bread", "outcomes": [{"competence": "bread"}], "price": 40})
ANN = LearnerProfile.model_validate(
    {
        "id": "ann.peeters@example.org", "max_price": 123.25,
        "goal": {"requirements": [{"competence": "bread"}]},
        "claims": [
            {"competence": "kneading dough", "evidence": [{"kind": "cv", "text": "Nine years in Ann's bakery"}]}
        ],
    }
)  # fmt: skip
PERSONAL = (b"ann.peeters", b"123.25", b"kneading", b"Nine years")


def matcher(*offers: LearningOffer, **changed: Any) -> Matcher:
    return Matcher.from_offers(offers or [BREAD], encoder=ToyEncoder(), settings=Settings(**changed))


def bytes_under(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


class Clock:
    """Days pass when the test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@given(worlds(max_offers=5, max_learners=2), st.booleans(), st.data())
@settings(max_examples=max(1, REPLAYED // 5), deadline=None, suppress_health_check=list(HealthCheck))
def test_every_replay_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, world: World, keep: bool, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("trail")
    audited = Audited(Matcher.from_offers(world.offers, encoder=ToyEncoder()), folder, keep_inputs=keep)
    for learner in world.learners:
        audited.match(learner, on=TODAY, k=data.draw(st.integers(1, 5)))
        plan = audited.plan(learner, on=TODAY)
        if world.offers:
            audited.override(plan, by="c1", reason="asked for", exclude=[data.draw(st.sampled_from(world.offers)).id])
    fresh = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    people = {audited.keys.of(learner.id).pseudonym(learner.id): learner for learner in world.learners}
    for record in audited.trail:
        again = replay(record, fresh, audited.keys, None if keep else people[record.person])
        assert again.same, (again.result, record.result)
        assert again.changed == ()
        assert canonical(again.result) == canonical(record.result)
    audited.trail.verify()


def test_a_replay_says_what_changed(tmp_path: Path) -> None:
    audited = Audited(matcher(), tmp_path)
    record = audited.match(ANN, on=TODAY).record
    dearer = BREAD.model_copy(update={"price": 400.0})

    class Other(ToyEncoder):
        fingerprint = "toy-2"

    assert replay(record, matcher(dearer), audited.keys, ANN).changed == ("catalogue",)
    assert not replay(record, matcher(dearer), audited.keys, ANN).same
    changed = replay(record, matcher(plan_seconds=3.0), audited.keys, ANN)
    assert (changed.same, changed.changed) == (True, ("settings",))
    other = replay(record, Matcher.from_offers([BREAD], encoder=Other()), audited.keys, ANN)
    assert other.changed == ("encoder",)
    poorer = ANN.model_copy(update={"max_price": 10.0})
    again = replay(record, matcher(), audited.keys, poorer)
    assert (again.same, again.changed) == (False, ("input",))
    assert "offers" in replay(record, matcher(BREAD, dearer.model_copy(update={"id": "o2"})), audited.keys, ANN).changed


def test_without_a_kept_input_a_replay_asks_for_the_learner(tmp_path: Path) -> None:
    audited = Audited(matcher(), tmp_path)
    record = audited.match(ANN, on=TODAY).record
    with pytest.raises(MisuseError, match="pass the learner"):
        replay(record, matcher(), audited.keys)


@pytest.mark.parametrize("keep", [False, True], ids=["hashed", "encrypted"])
def test_nothing_personal_stands_in_the_records(tmp_path: Path, keep: bool) -> None:
    audited = Audited(matcher(), tmp_path, keep_inputs=keep)
    plan = audited.plan(ANN, on=TODAY)
    audited.match(ANN, on=TODAY, goal=Goal(text="baking at Ann's"))
    audited.override(plan, by="counsellor-7", reason="Ann hurt her back", exclude=["o1"])
    written = b"".join(path.read_bytes() for path in audited.trail.files())
    assert [word for word in (*PERSONAL, b"hurt", b"baking at") if word in written] == []
    assert b"counsellor-7" in written


@pytest.mark.parametrize("keep", [False, True], ids=["hashed", "encrypted"])
def test_whoever_is_forgotten_is_in_no_byte_and_no_record_can_be_tied_to_them(tmp_path: Path, keep: bool) -> None:
    encoder = CachedEncoder(ToyEncoder())
    known = Matcher.from_offers([BREAD], encoder=encoder)
    audited = Audited(known, tmp_path, keep_inputs=keep)
    record = audited.match(ANN, on=TODAY).record
    audited.match(ANN, on=TODAY, goal=Goal(text="baking at Ann's"))
    other = audited.match(ANN.model_copy(update={"id": "bob"}), on=TODAY).record
    person = known.person(ANN, on=TODAY)
    assert ANN.id.encode() in bytes_under(tmp_path)
    (stored,) = [row for row in rows(tmp_path / "keys.sqlite") if row[0] == ANN.id]
    assert audited.forget(ANN.id)
    assert not audited.forget(ANN.id)
    left = bytes_under(tmp_path)
    assert [word for word in (*PERSONAL, stored[2]) if word in left] == []
    assert person.eligibility is not known.person(ANN, on=TODAY).eligibility, "the tables were dropped"
    assert encoder.cache.get((encoder.fingerprint, "baking at Ann's")) is None
    audited.trail.verify()
    again = replay(record, matcher(), audited.keys, ANN)
    assert (again.same, again.changed) == (False, ("forgotten",))
    assert audited.keys.of(ANN.id).pseudonym(ANN.id) != record.person, "a new key makes another pseudonym"
    assert replay(other, matcher(), audited.keys, ANN.model_copy(update={"id": "bob"})).same


def rows(path: Path) -> list[tuple[str, str, bytes]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as table:
        return list(table.execute("SELECT person, pseudonym, key FROM keys"))


def chain(folder: Path, days: int = 3) -> Trail:
    clock = Clock()
    trail = Trail(folder, clock=clock)
    for number in range(2 * days):
        trail.append(AuditRecord(id=f"r{number}", at=clock().isoformat(), kind="match"))
        clock.now += timedelta(hours=12)
    return trail


def tampered(lines: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    changed = json.loads(lines[1]) | {"person": "someone else"}
    yield "changed", [lines[0], json.dumps(changed).encode(), *lines[2:]]
    yield "removed", [lines[0], *lines[2:]]
    yield "swapped", [lines[1], lines[0], *lines[2:]]
    yield "added", [*lines[:1], lines[0], *lines[1:]]
    yield "garbage", [b"{}", *lines[1:]]


@pytest.mark.parametrize("how", ["changed", "removed", "swapped", "added", "garbage"])
def test_a_change_anywhere_shows(tmp_path: Path, how: str) -> None:
    clock = Clock()
    trail = Trail(tmp_path, clock=clock)
    for number in range(4):
        trail.append(AuditRecord(id=f"r{number}", at=clock().isoformat(), kind="match"))
    assert trail.verify()
    (path,) = trail.files()
    path.write_bytes(b"\n".join(dict(tampered(path.read_bytes().splitlines()))[how]) + b"\n")
    with pytest.raises(DataError, match=path.name):
        trail.verify()


def test_a_cut_end_shows_against_a_head_that_was_kept_elsewhere(tmp_path: Path) -> None:
    trail = chain(tmp_path)
    head = trail.verify()
    trail.files()[-1].unlink()
    trail.verify()
    with pytest.raises(DataError, match="at the end are missing"):
        trail.verify(head)


def test_missing_first_files_show_unless_they_were_pruned(tmp_path: Path) -> None:
    trail = chain(tmp_path / "a")
    trail.files()[0].unlink()
    with pytest.raises(DataError, match="before this one are missing"):
        trail.verify()
    pruned = chain(tmp_path / "b")
    assert len(pruned.prune(keep_days=2)) == 1
    assert len(pruned.files()) == 3
    pruned.verify()
    assert pruned.prune(keep_days=2) == []


def test_a_line_that_a_crash_cut_off_is_replaced(tmp_path: Path) -> None:
    trail = chain(tmp_path, days=1)
    path = trail.files()[0]
    with path.open("ab") as out:
        out.write(b'{"format":1,"id":"ha')
    trail.append(AuditRecord(id="next", at="", kind="match"))
    assert [record.id for record in trail] == ["r0", "r1", "next"]
    trail.verify()


def test_two_writers_make_one_chain(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def write(name: str) -> None:
        trail = Trail(tmp_path)
        for number in range(10):
            trail.append(AuditRecord(id=f"{name}{number}", at="", kind="match"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, "abcd"))
    assert len(list(Trail(tmp_path))) == 40
    Trail(tmp_path).verify()


def test_records_are_found_by_id_and_options_that_cannot_be_replayed_are_refused(tmp_path: Path) -> None:
    audited = Audited(matcher(), tmp_path)
    record = audited.match(ANN, on=TODAY, k=3).record
    assert audited.trail.find(record.id) == record
    with pytest.raises(UnknownIdError):
        audited.trail.find("nobody")
    with pytest.raises(MisuseError, match="not with 'previous'"):
        audited.plan(ANN, on=TODAY, previous=None)
    with pytest.raises(MisuseError, match="at least 1 day"):
        audited.trail.prune(0)


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys.sqlite")
    sealed = keys.of("a").seal({"x": 1}, "r1")
    assert keys.of("a").open(sealed, "r1") == {"x": 1}
    for key, about in ((keys.of("b"), "r1"), (keys.of("a"), "r2")):
        with pytest.raises(DataError, match="cannot be opened"):
            key.open(sealed, about)
    assert (tmp_path / "keys.sqlite").stat().st_mode & 0o077 == 0


def test_an_override_is_recorded_beside_what_it_overrules(tmp_path: Path) -> None:
    audited = Audited(matcher(), tmp_path)
    original = audited.plan(ANN, on=TODAY)
    done = audited.override(
        original, by="c", reason="why", exclude=["o1"], claims={"kneading dough": ClaimStatus.ASSESSED}
    )
    assert done.subject.original is original.subject
    assert done.record.override is not None
    assert done.record.override["of"] == original.record.id
    assert audited.trail.find(original.record.id).result["steps"] == original.record.result["steps"]
    assert replay(done.record, matcher(), audited.keys, ANN).same
