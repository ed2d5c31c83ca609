"""Many learners: the same bytes on any number of threads and in batches of any size, out of lists and Arrow alike."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.errors import DataError, MisuseError
from competences.records.learners import LearnerProfile
from matching import matcher as module
from matching.matcher import TABLE, Matcher
from strategies import TODAY, World, few, worlds
from toy_encoder import ToyEncoder

TOY = ToyEncoder()


@given(worlds(max_learners=6), st.integers(1, 3), st.integers(1, 7))
@few
def test_threads_and_chunks_change_no_byte(world: World, threads: int, chunk: int) -> None:
    matcher, people = Matcher.from_offers(world.offers, encoder=TOY), world.learners * 3
    before, module.CHUNK = module.CHUNK, chunk
    try:
        table = matcher.match_many(people, k=3, on=TODAY, threads=threads)
    finally:
        module.CHUNK = before
    assert serialised(table) == serialised(matcher.match_many(people, k=3, on=TODAY, threads=1))


def serialised(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    return sink.getvalue().to_pybytes()


@given(worlds(max_learners=5), st.integers(1, 4))
@few
def test_a_stream_of_lists_gives_the_rows_of_one_batch(world: World, size: int) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=TOY)
    lists = [world.learners[at : at + size] for at in range(0, len(world.learners), size)]
    streamed = pa.Table.from_batches(matcher.match_batches(iter(lists), k=3, on=TODAY), TABLE)
    assert streamed.combine_chunks().equals(matcher.match_many(world.learners, k=3, on=TODAY))


@given(worlds(max_learners=4))
@few
def test_learners_come_out_of_arrow_as_they_went_in(world: World) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=TOY)
    # A struct without fields cannot say whether it is empty or unknown: speaking no language at all is left out here.
    people = [one if one.languages else one.model_copy(update={"languages": None}) for one in world.learners]
    table = pa.Table.from_pylist([learner.model_dump(mode="json") for learner in people])
    expected = matcher.match_many(people, k=3, on=TODAY)
    for source in (table, table.to_batches(), [table]):
        streamed = pa.Table.from_batches(matcher.match_batches(source, k=3, on=TODAY), TABLE)
        assert streamed.combine_chunks().equals(expected)


def test_a_stream_is_read_one_batch_at_a_time() -> None:
    matcher, read = Matcher.from_offers([], encoder=TOY), []

    def batches() -> Iterator[list[LearnerProfile]]:
        for number in range(3):
            read.append(number)
            yield [LearnerProfile.model_validate({"id": f"l{number}", "goal": {"requirements": []}})]

    stream = matcher.match_batches(batches(), on=TODAY)
    assert next(stream).column("learner_id").to_pylist() == ["l0"]
    assert read == [0]


def test_what_is_no_batch_is_refused() -> None:
    with pytest.raises(MisuseError, match="not str"):
        list(Matcher.from_offers([], encoder=TOY).match_batches(["l0"]))


def test_a_row_that_is_no_learner_is_named() -> None:
    rows = pa.table({"id": ["l0", "l1"], "shoe_size": [None, 43]})
    with pytest.raises(DataError, match="shoe_size: Extra inputs are not permitted, in row 1 of a batch"):
        list(Matcher.from_offers([], encoder=TOY).match_batches(rows))


def test_progress_is_shown_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher = Matcher.from_offers([], encoder=TOY)
    people = [LearnerProfile.model_validate({"id": "l", "goal": {"requirements": []}})]
    matcher.match_many(people, on=TODAY, progress=True)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    matcher.match_many(people, on=TODAY)
    assert capsys.readouterr().err == ""
    matcher.match_many(people, on=TODAY, progress=True)
    assert "learners" in capsys.readouterr().err
