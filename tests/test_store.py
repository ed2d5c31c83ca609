"""An index on disk: what is read is what was written, damage is found, and nothing that was acknowledged is lost."""

from __future__ import annotations

import gc
import os
import random
import shutil
from dataclasses import fields
from pathlib import Path

import pyarrow as pa
import pytest

from competences.errors import IncompatibleIndexError, MisuseError, StorageError, UnknownIdError
from competences.taxonomy.taxonomy import Taxonomy
from matching.index.catalogue import Catalogue
from matching.index.store import checked
from matching.index.store.catalogue import CODES
from matching.index.store.folder import Folder
from matching.index.store.manifest import VERSION
from matching.index.store.upkeep import collect, verify
from matching.matcher import Matcher
from small_disk import SmallDisk, quota
from store_worlds import ENCODER, ON, START, TAXONOMY, answers, apply, built, learners, listed, loaded, offer, step

FLIPS = int(os.environ.get("LEERMATCH_FLIPS", "60"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with a journal; tests copy it before they change it."""
    path = tmp_path_factory.mktemp("index")
    built(START).save(path)
    matcher = loaded(path)
    matcher.upsert([offer(3, 7), offer(30, 7)])
    matcher.remove(["offer-004"])
    return path


@pytest.fixture
def index(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "index"))


STATE = START | {"offer-003": 7, "offer-030": 7}
del STATE["offer-004"]


def test_what_is_loaded_answers_as_what_was_saved(tmp_path: Path) -> None:
    memory = built(START)
    memory.save(tmp_path)
    disk = loaded(tmp_path)
    assert list(disk.offers) == list(memory.offers)
    assert answers(disk).equals(answers(memory))
    for learner in learners(8):
        ours, theirs = disk.match(learner, on=ON), memory.match(learner, on=ON)
        assert ours.matches == theirs.matches
        assert ours.why_not("offer-003") == theirs.why_not("offer-003")
        stored, made = disk.plan(learner, on=ON), memory.plan(learner, on=ON)
        assert stored.steps == made.steps
        assert [(one.bill, one.covers) for one in stored.steps] == [(one.bill, one.covers) for one in made.steps]
        assert stored.open == made.open


def test_every_column_of_a_catalogue_is_stored() -> None:
    """A field that someone adds must be added to what is written, or derived from it."""
    named = {"settings", "vocabulary", "offers", "studies", "runs", "columns", "modular"} | set(CODES)
    assert {one.name for one in fields(Catalogue)} == named


def test_the_same_index_is_written_as_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        built(START).save(tmp_path / name)
    loaded(tmp_path / "a").save(tmp_path / "c")
    a, b, c = (Folder(tmp_path / name).pointer().digest for name in "abc")
    assert a == b == c


def test_changes_survive_and_equal_a_new_build(index: Path) -> None:
    assert listed(loaded(index)) == STATE
    assert answers(loaded(index)).equals(answers(built(STATE)))


def test_other_readers_see_a_change_at_their_next_call(index: Path) -> None:
    writer, reader = loaded(index), loaded(index)
    writer.upsert([offer(5, 9)])
    assert listed(reader)["offer-005"] == 9
    writer.save(index)
    writer.remove(["offer-005"])
    assert "offer-005" not in listed(reader)
    assert answers(reader).equals(answers(writer))


def test_two_writers_lose_nothing(index: Path) -> None:
    one, other = loaded(index), loaded(index)
    one.upsert([offer(1, 5)])
    other.upsert([offer(2, 6)])
    assert listed(loaded(index)) == STATE | {"offer-001": 5, "offer-002": 6}


def test_a_fold_changes_no_answer(index: Path) -> None:
    before = answers(loaded(index))
    loaded(index).save(index)
    assert verify(index).changes == 0
    assert answers(loaded(index)).equals(before)


def test_many_changes_in_a_row(tmp_path: Path) -> None:
    built(START).save(tmp_path)
    state = dict(START)
    for number in range(1, 25):
        state = apply(loaded(tmp_path), tmp_path, number, state)
    assert listed(loaded(tmp_path)) == state
    assert answers(loaded(tmp_path)).equals(answers(built(state)))


def test_what_cannot_be_done_changes_nothing(index: Path) -> None:
    matcher = loaded(index)
    with pytest.raises(UnknownIdError, match="offer-999"):
        matcher.remove(["offer-000", "offer-999"])
    assert listed(matcher) == listed(loaded(index)) == STATE


def test_another_encoder_is_refused(index: Path) -> None:
    class Other(type(ENCODER)):  # type: ignore[misc]
        fingerprint = "another"

    with pytest.raises(IncompatibleIndexError, match=r"manifest\.json: was made with encoder toy-1, not with another"):
        Matcher.load(index, Other())


def test_another_taxonomy_is_refused(index: Path) -> None:
    Matcher.load(index, ENCODER, taxonomy=TAXONOMY)
    with pytest.raises(IncompatibleIndexError, match="taxonomy"):
        Matcher.load(index, ENCODER, taxonomy=Taxonomy.from_competences([]))


def test_a_taxonomy_that_nothing_identifies_is_not_saved(tmp_path: Path) -> None:
    class Nameless:
        def labels(self, identifier: str) -> tuple[str, ...]:
            return ()

        def label(self, identifier: str, language: str) -> str:
            return identifier

        def relations(self, identifier: str) -> dict[str, str]:
            return {}

    with pytest.raises(MisuseError, match="fingerprint"):
        Matcher.from_offers([offer(1, 1)], encoder=ENCODER, taxonomy=Nameless()).save(tmp_path)
    with pytest.raises(IncompatibleIndexError, match="CURRENT: is missing"):
        loaded(tmp_path)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"leermatch-index {VERSION + 1} ", f"format version {VERSION + 1}; this leermatch reads version {VERSION}"),
        (f"leermatch-index {VERSION - 1} ", f"reads version {VERSION}: build the index anew"),
        ("someone-elses 1 ", "does not name a generation of a leermatch index"),
    ],
)
def test_another_version_or_a_foreign_format_is_refused(index: Path, said: str, expected: str) -> None:
    current = index / "CURRENT"
    current.write_text(current.read_text().replace(f"leermatch-index {VERSION} ", said))
    with pytest.raises(IncompatibleIndexError, match=f"CURRENT: .*{expected}"):
        loaded(index)


def test_what_is_there_instead_of_an_index_is_said(index: Path, tmp_path: Path) -> None:
    (index / "CURRENT").unlink()
    for path, said in (
        (index, "this is part of an index: copy CURRENT too"),
        (index / "journal", "is not an index"),
        (tmp_path / "nowhere", "there is no folder"),
    ):
        with pytest.raises(IncompatibleIndexError, match=f"CURRENT: is missing; .*{said}"):
            loaded(path)


def test_a_newer_journal_is_refused(index: Path) -> None:
    log = served_files(index)[1]
    log.write_bytes(log.read_bytes().replace(b"leermatch-journal 1 ", b"leermatch-journal 2 "))
    with pytest.raises(IncompatibleIndexError, match=rf"{log.name}: has format version 2; this leermatch reads"):
        loaded(index)


def served_files(index: Path) -> list[Path]:
    """Everything that is read when the index is served."""
    folder = Folder(index)
    name = folder.pointer().name
    return [folder.current, folder.journal(name).path, *sorted(folder.generation(name).iterdir())]


def test_a_truncated_or_missing_file_is_named(index: Path) -> None:
    for path in served_files(index):
        data = path.read_bytes()
        for end in (0, len(data) // 2, len(data) - 1):
            path.write_bytes(data[:end])
            with pytest.raises(IncompatibleIndexError, match=path.name):
                loaded(index)
        path.unlink()
        with pytest.raises(IncompatibleIndexError, match=path.name):
            loaded(index)
        with pytest.raises(IncompatibleIndexError, match=path.name):
            verify(index)
        path.write_bytes(data)
    assert listed(loaded(index)) == STATE


def test_every_flipped_byte_is_found(index: Path) -> None:
    """In any file, any bit: a small index is read and compared as a whole before anything is served."""
    files, draw = served_files(index), random.Random(4)
    for n in range(FLIPS):
        # Every file in turn: by size alone, nearly all places would lie in a few of them.
        path = files[n % len(files)]
        data = bytearray(path.read_bytes())
        place = draw.randrange(len(data))
        data[place] ^= 1 << draw.randrange(8)
        untouched = path.read_bytes()
        path.write_bytes(data)
        with pytest.raises(IncompatibleIndexError, match=path.name):
            list(loaded(index).offers)
        with pytest.raises(IncompatibleIndexError, match=path.name):
            verify(index)
        path.write_bytes(untouched)
    assert verify(index).changes == 2


def answered_or_refused(index: Path) -> pa.Table | str:
    try:
        return answers(loaded(index))
    except IncompatibleIndexError as error:
        return str(error)


def test_a_flip_in_a_large_index_is_found_when_it_is_used_or_changes_nothing(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large files are compared when they are first asked for: what is answered before that never leans on them."""
    monkeypatch.setattr(checked, "EAGER_BYTES", 0)
    files, draw, whole = served_files(index), random.Random(9), answers(loaded(index))
    found = 0
    for n in range(FLIPS):
        path = files[n % len(files)]
        untouched = path.read_bytes()
        data = bytearray(untouched)
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        path.write_bytes(data)
        said = answered_or_refused(index)
        found += isinstance(said, str)
        assert path.name in said if isinstance(said, str) else said.equals(whole), path.name
        path.write_bytes(untouched)
    assert found > FLIPS / 2
    print(f"{FLIPS} flips: {found} found while answering, {FLIPS - found} in files that no answer needed")


def test_what_a_dead_writer_left_in_the_journal_is_cut_off(index: Path) -> None:
    log = served_files(index)[1]
    with log.open("ab") as out:
        out.write(b"0000ffff 12345678 half a rec")
    assert listed(loaded(index)) == STATE
    loaded(index).upsert([offer(8, 8)])
    assert listed(loaded(index)) == STATE | {"offer-008": 8}


def test_one_writer_at_a_time(index: Path) -> None:
    folder = Folder(index)
    with folder.writing(), pytest.raises(StorageError, match="LOCK: another process is writing"), folder.writing(0.0):
        pass
    with folder.writing(0.0):
        pass


def test_tidying_leaves_what_is_read(index: Path) -> None:
    old = loaded(index)
    held = old.match(learners()[0], on=ON)
    for number in (7, 8, 9):
        built(START | {"offer-001": number}).save(index)
    collect(index)
    assert held.why_not("offer-003") is not None
    del old, held
    gc.collect()  # kernels that were just loaded may hold their first arguments in a circle
    collect(index)
    assert len(list(index.glob("generations/*"))) == 1
    assert listed(loaded(index))["offer-001"] == 9


def test_nobody_is_in_an_index(index: Path) -> None:
    """Learners are asked about, never stored."""
    matcher = loaded(index)
    person = learners()[0].model_copy(update={"id": "Joske Vermeulen 85.07.30"})
    matcher.match(person, on=ON)
    matcher.match_many([person], on=ON)
    matcher.upsert([offer(1, 2)])
    matcher.save(index)
    assert not [path for path in index.rglob("*") if path.is_file() and b"Vermeulen" in path.read_bytes()]


@pytest.mark.parametrize("left", [0, 4096, 65_536])
@pytest.mark.parametrize("change", ["save", "fold", "upsert"])
def test_a_full_disk_leaves_the_old_generation_served(small_disk: SmallDisk, change: str, left: int) -> None:
    """Full before the first byte, and full half-way."""
    index = small_disk.path / "index"
    built({"offer-001": 1}).save(index)
    loaded(index).upsert([offer(3, 3)])
    before, fresh, state = answers(loaded(index)), built(START), listed(loaded(index))
    live = loaded(index)
    many = [offer(i, 3).model_copy(update={"notes": ("x" * 2000,)}) for i in range(100)]
    changes = {"upsert": lambda: live.upsert(many), "fold": lambda: live.save(index), "save": lambda: fresh.save(index)}
    with small_disk.full(left), pytest.raises(StorageError, match=rf"{index}.* cannot be written: ") as raised:
        changes[change]()
    assert "No space left" in str(raised.value) or "is the disk full?" in str(raised.value)
    assert answers(live).equals(before)
    assert answers(loaded(index)).equals(before)
    assert verify(index).changes == 1
    assert not list(index.rglob(".tmp-*"))
    journal = Folder(index).journal(Folder(index).pointer().name)
    assert journal.path.stat().st_size == journal.acknowledged(), "what was not taken still takes room"
    live.upsert([offer(2, 2)])
    assert listed(loaded(index)) == state | {"offer-002": 2}


def test_a_file_that_may_not_grow_leaves_the_old_generation_served(index: Path) -> None:
    """A quota without a file system of one's own: no file may be larger than some bytes."""
    live, before = loaded(index), answers(loaded(index))
    with quota(2000), pytest.raises(StorageError, match="cannot be written: "):
        live.save(index)
    with quota(2000), pytest.raises(StorageError, match="File too large"):
        live.upsert([offer(i, 3) for i in range(20)])
    assert answers(loaded(index)).equals(before)
    assert listed(live) == STATE


def test_the_model_of_these_tests_makes_every_kind_of_change() -> None:
    assert {step(START, number)[0] for number in range(30)} == {"upsert", "remove", "fold", "save"}
