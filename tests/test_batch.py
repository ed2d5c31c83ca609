"""A batch: every learner is answered or rejected with a reason, and what is finished is not done again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from competences.encoders.cache import CachedEncoder
from competences.encoders.loading import load_encoder
from competences.errors import DataError, IncompatibleIndexError, MisuseError, StorageError
from competences.records.io import read_competences, read_learners, read_offers, read_roles
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from competences.taxonomy.taxonomy import Taxonomy
from matching.audit.audited import Audited
from matching.cli.forget import forget as forget_command
from matching.demo import demo_world
from matching.index.store.upkeep import collect
from matching.jobs import answering
from matching.jobs.answering import Question, answers
from matching.jobs.batch import Order, Summary, run
from matching.jobs.cluster import cluster_function
from matching.jobs.forget import forget
from matching.jobs.learners import profile
from matching.jobs.partitions import batches
from matching.jobs.schema import CLUSTER, LEARNERS
from matching.matcher import Matcher
from small_disk import SmallDisk, quota

WORLD, ON = demo_world(), date(2026, 11, 24)
PEOPLE = [learner for learner in read_learners(WORLD / "learners.jsonl") if learner.goal]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index")
    Matcher.from_offers(
        read_offers(WORLD / "offers.jsonl"),
        taxonomy=Taxonomy.from_competences(read_competences(WORLD / "competences.jsonl")),
        roles=read_roles(WORLD / "roles.jsonl"),
    ).save(path)
    return path


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Three partitions, one of each format."""
    folder = tmp_path / "in"
    folder.mkdir()
    third = len(PEOPLE) // 3
    lines = [one.model_dump_json(exclude_unset=True) for one in PEOPLE]
    (folder / "a.jsonl").write_text("\n".join(lines[:third]), encoding="utf-8")
    table = pa.table({"profile": lines[third : 2 * third]})
    pq.write_table(table, folder / "b.parquet")
    rest = pa.table({"id": [one.id for one in PEOPLE[2 * third :]], "profile": lines[2 * third :]})
    with pa.ipc.new_file(folder / "c.arrow", rest.schema) as out:
        out.write_table(rest)
    return folder


def ordered(inputs: Path, index: Path, out: Path, **more: object) -> Summary:
    said = {"learners": (str(inputs / "*"),), "index": str(index), "out": str(out), "on": ON, "workers": 1, **more}
    return run(Order.model_validate(said))


def bytes_of(out: Path) -> dict[str, bytes]:
    """Every file of a batch folder."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and path.name != "LOCK")
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def rows(out: Path, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(out / table).to_pylist()
    return found


def test_a_batch_says_what_a_matcher_says(inputs: Path, index: Path, tmp_path: Path) -> None:
    summary = ordered(inputs, index, tmp_path / "out", plans=True)
    matcher = Matcher.load(index)
    assert summary.exit_code == 0
    assert rows(tmp_path / "out", "matches") == matcher.match_many(PEOPLE, on=ON).to_pylist()
    plans = rows(tmp_path / "out", "plans")
    assert {row["learner_id"] for row in plans} == {learner.id for learner in PEOPLE}
    for learner in PEOPLE[:5]:
        steps = matcher.plan(learner, on=ON, exact=False).steps
        shown = [row["offer_id"] for row in plans if row["learner_id"] == learner.id and row["step"]]
        assert shown == [step.offer_id for step in steps]
    totals = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["totals"]
    assert totals["learners"] == len(PEOPLE)
    assert totals["matches"] == len(rows(tmp_path / "out", "matches"))


def test_processes_and_threads_change_no_byte(inputs: Path, index: Path, tmp_path: Path) -> None:
    ordered(inputs, index, tmp_path / "one", plans=True)
    ordered(inputs, index, tmp_path / "two", plans=True, workers=2)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_a_finished_partition_is_not_answered_again(
    inputs: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    ordered(inputs, index, out)
    before = bytes_of(out)
    (out / "partitions" / "b.json").unlink()
    asked: list[int] = []
    whole = answering.answer
    monkeypatch.setattr(answering, "answer", lambda *given: asked.append(given[1].num_rows) or whole(*given))
    ordered(inputs, index, out)
    assert asked == [len(PEOPLE) // 3]
    assert bytes_of(out) == before


def test_an_input_that_changed_is_answered_again(inputs: Path, index: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ordered(inputs, index, out)
    (inputs / "a.jsonl").write_text(PEOPLE[0].model_dump_json(exclude_unset=True), encoding="utf-8")
    summary = ordered(inputs, index, out)
    assert summary.manifest["partitions"]["a"]["learners"] == 1


def test_answers_to_different_questions_never_mix(inputs: Path, index: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ordered(inputs, index, out)
    with pytest.raises(MisuseError, match=r"holds results of another run \(-k was 10, not 3\)"):
        ordered(inputs, index, out, k=3)
    with pytest.raises(MisuseError, match=r"\(--on was 2026-11-24, not 2026-11-25\)"):
        ordered(inputs, index, out, on=date(2026, 11, 25))
    ordered(inputs, index, out, k=3, overwrite=True)
    ordered(inputs, index, tmp_path / "fresh", k=3)
    assert bytes_of(out) == bytes_of(tmp_path / "fresh")


def test_a_run_ends_on_the_index_with_which_it_began(inputs: Path, tmp_path: Path) -> None:
    index, out = tmp_path / "index", tmp_path / "out"
    Matcher.from_offers(read_offers(WORLD / "offers.jsonl")[:60], roles=read_roles(WORLD / "roles.jsonl")).save(index)
    ordered(inputs, index, out)
    before = bytes_of(out)
    matcher = Matcher.load(index)
    matcher.remove([matcher.offers[0].id, matcher.offers[1].id])
    (out / "partitions" / "c.json").unlink()
    ordered(inputs, index, out)
    assert bytes_of(out) == before
    matcher.save(index)
    del matcher
    collect(index)
    (out / "partitions" / "c.json").unlink()
    with pytest.raises(IncompatibleIndexError, match="no longer holds the state"):
        ordered(inputs, index, out)


def test_a_table_that_somebody_deleted_is_made_again(inputs: Path, index: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ordered(inputs, index, out)
    before = bytes_of(out)
    (out / "matches" / "b.parquet").unlink()
    ordered(inputs, index, out)
    assert bytes_of(out) == before


def test_partitions_of_an_earlier_call_stay_in_the_manifest(inputs: Path, index: Path, tmp_path: Path) -> None:
    ordered(inputs, index, tmp_path / "whole")
    for name in ("a.jsonl", "b.parquet", "c.arrow"):
        ordered(inputs, index, tmp_path / "out", learners=(str(inputs / name),))
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "whole")


def test_files_of_others_in_the_folder_of_results_stay(inputs: Path, index: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    others = [out / "matches" / "notes.txt", out / "photos" / ".tmp-1", out / "plans" / "of the house.pdf"]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    ordered(inputs, index, out, overwrite=True)
    assert [path.read_text(encoding="utf-8") for path in others] == ["mine"] * 3
    before = bytes_of(index)
    with pytest.raises(MisuseError, match="holds an index; results go into a folder of their own"):
        ordered(inputs, index, index, overwrite=True)
    assert bytes_of(index) == before


def test_an_overwrite_that_is_cut_off_leaves_no_table_of_the_run_before(
    inputs: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    ordered(inputs, index, out)
    unlink, left = Path.unlink, iter(range(5))

    def killed(self: Path, missing_ok: bool = False) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            ordered(inputs, index, out, k=3, overwrite=True)
    with pytest.raises(MisuseError, match="holds results of another run"):
        ordered(inputs, index, out, k=3)


def test_an_input_that_is_replaced_while_it_is_read_is_answered_again(
    inputs: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, whole, first = inputs / "a.jsonl", answering.answer, PEOPLE[0].model_dump_json(exclude_unset=True)

    def replaced(*given: Any) -> answering.Answer:
        path.write_text(first, encoding="utf-8")
        return whole(*given)

    with monkeypatch.context() as patch:
        patch.setattr(answering, "answer", replaced)
        ordered(inputs, index, tmp_path / "out", learners=(str(path),))
    summary = ordered(inputs, index, tmp_path / "out", learners=(str(path),))
    assert summary.manifest["totals"]["learners"] == 1


def test_what_nobody_foresaw_stops_one_partition_and_names_no_one(
    inputs: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answering.read

    def fragile(batch: pa.RecordBatch, first: int) -> Any:
        if "id" in batch.schema.names:
            raise ZeroDivisionError("Joske Vermeulen")
        return whole(batch, first)

    monkeypatch.setattr(answering, "read", fragile)
    summary = ordered(inputs, index, tmp_path / "out")
    assert summary.exit_code == 4
    assert "c.arrow: cannot be answered: ZeroDivisionError in test_batch.py, line " in summary.failed["c"]
    assert "Vermeulen" not in summary.failed["c"]
    assert set(summary.manifest["partitions"]) == {"a", "b"}


def test_an_input_that_has_gone_fails_alone(inputs: Path, index: Path, tmp_path: Path) -> None:
    ordered(inputs, index, tmp_path / "out")
    (inputs / "b.parquet").unlink()
    (inputs / "b.parquet").symlink_to(tmp_path / "nowhere")
    summary = ordered(inputs, index, tmp_path / "out")
    assert summary.exit_code == 4
    assert summary.failed == {"b": f"{inputs / 'b.parquet'}: cannot be read: No such file or directory"}


WRONG = [
    (b"{broken", "Invalid JSON"),
    (b"\xff\xfe not text", "Invalid JSON"),
    (b'{"id": "p:none"}', "states no goal"),
    (b'{"id": "p:role", "goal": {"role": "role:none"}}', "role:none"),
    (b'{"id": "p:budget", "goal": {"text": "x"}, "budget": {"hours_per_week": -3}}', "greater than or equal to 0"),
    (b'{"id": "p:field", "goal": {"text": "x"}, "birthday": "1985"}', "Extra inputs"),
    (b"[]", "should be an object"),
]


def test_wrong_rows_are_set_apart_and_stop_nobody(inputs: Path, index: Path, tmp_path: Path) -> None:
    ordered(inputs, index, tmp_path / "clean")
    with (inputs / "a.jsonl").open("ab") as out:
        out.write(b"\n" + b"\n".join(line for line, _ in WRONG))
    summary = ordered(inputs, index, tmp_path / "out")
    assert summary.exit_code == 3
    assert rows(tmp_path / "out", "matches") == rows(tmp_path / "clean", "matches")
    rejected = rows(tmp_path / "out", "rejected")
    assert [row["row"] for row in rejected] == [len(PEOPLE) // 3 + i for i in range(len(WRONG))]
    for row, (_, said) in zip(rejected, WRONG, strict=True):
        assert said in str(row["problem"])
    assert [row["learner_id"] for row in rejected][2:6] == ["p:none", "p:role", "p:budget", "p:field"]


def test_who_makes_matching_fail_is_found_and_rejected_alone(
    inputs: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, whole = PEOPLE[4].id, Matcher.match_many

    def fragile(self: Matcher, learners: list[LearnerProfile], *given: object, **more: object) -> pa.Table:
        if any(one.id == poison for one in learners):
            raise ZeroDivisionError("nobody thought of this")
        return whole(self, learners, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Matcher, "match_many", fragile)
    summary = ordered(inputs, index, tmp_path / "out")
    assert [row["problem"] for row in rows(tmp_path / "out", "rejected")] == [
        "ZeroDivisionError: nobody thought of this"
    ]
    assert summary.manifest["totals"]["rejected"] == 1
    answered = {row["learner_id"] for row in rows(tmp_path / "out", "matches")}
    assert answered == {learner.id for learner in PEOPLE} - {poison}


def test_a_file_that_cannot_be_read_fails_alone(inputs: Path, index: Path, tmp_path: Path) -> None:
    (inputs / "d.parquet").write_bytes(b"PAR1 this is none")
    summary = ordered(inputs, index, tmp_path / "out", log=str(tmp_path / "log.jsonl"))
    assert summary.exit_code == 4
    assert "d.parquet" in summary.failed["d"]
    assert summary.manifest["totals"]["learners"] == len(PEOPLE)
    events = [json.loads(line)["event"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert events == ["start", "partition", "partition", "partition", "failed", "end"]


def test_what_cannot_be_asked(inputs: Path, index: Path, tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="no file matches"):
        ordered(tmp_path / "nothing", index, tmp_path / "out")
    with pytest.raises(IncompatibleIndexError, match="CURRENT"):
        ordered(inputs, tmp_path, tmp_path / "out")
    with pytest.raises(MisuseError, match=rf"{inputs} is a folder; name the files in it"):
        ordered(inputs, index, tmp_path / "out", learners=(str(inputs),))
    (inputs / "sub").mkdir()
    (inputs / "sub" / "a.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(MisuseError, match=r"a\.jsonl and .*sub/a\.jsonl have the same name"):
        ordered(inputs, index, tmp_path / "out", learners=(str(inputs / "*.*"), str(inputs / "sub" / "*")))


def test_a_number_of_proposals_that_nobody_can_be_given_is_refused(inputs: Path, index: Path, tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="-k: the number of offers to return, at least 1, not 0"):
        ordered(inputs, index, tmp_path / "out", k=0)
    with pytest.raises(MisuseError, match="--workers: at least 1, not 0"):
        ordered(inputs, index, tmp_path / "out", workers=0)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("left", [0, 8192])
def test_a_full_disk_stops_a_batch_and_takes_nothing_with_it(
    inputs: Path, index: Path, tmp_path: Path, small_disk: SmallDisk, workers: int, left: int
) -> None:
    ordered(inputs, index, tmp_path / "whole", plans=True)
    out, more = small_disk.path / "out", {"plans": True, "workers": workers}
    with small_disk.full(left), pytest.raises(StorageError, match=rf"{out}.*: cannot be written: .*No space left"):
        ordered(inputs, index, out, **more)
    assert not list(out.rglob(".tmp-*"))
    ordered(inputs, index, out, **more)
    assert bytes_of(out) == bytes_of(tmp_path / "whole")


def test_a_file_that_may_not_grow_stops_a_batch(inputs: Path, index: Path, tmp_path: Path) -> None:
    with quota(900), pytest.raises(StorageError, match=r"cannot be written: .*File too large.*run it again to go on"):
        ordered(inputs, index, tmp_path / "out")
    ordered(inputs, index, tmp_path / "out")
    ordered(inputs, index, tmp_path / "whole")
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "whole")


def test_a_log_that_cannot_be_written_stops_a_batch(
    inputs: Path, index: Path, tmp_path: Path, small_disk: SmallDisk
) -> None:
    log = small_disk.path / "log.jsonl"
    log.write_text("")
    with small_disk.full(), pytest.raises(StorageError, match=rf"{log}: cannot be written: No space left"):
        ordered(inputs, index, tmp_path / "out", log=str(log))


def test_an_index_that_turns_out_to_be_damaged_answers_nobody(
    inputs: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large files are compared when they are first used: by then learners are being answered."""

    def damaged(self: Matcher, *given: object, **more: object) -> pa.Table:
        raise IncompatibleIndexError("strengths.npy: is damaged")

    monkeypatch.setattr(Matcher, "match_many", damaged)
    with pytest.raises(IncompatibleIndexError, match=r"strengths\.npy: is damaged"):
        ordered(inputs, index, tmp_path / "out")
    assert not list((tmp_path / "out").glob("rejected/*"))


def test_the_log_says_how_far_how_fast_and_how_long_still(inputs: Path, index: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    (inputs / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + (inputs / "a.jsonl").read_bytes() + b"\n")
    assert ordered(inputs, index, tmp_path / "out", log=str(log)).exit_code == 0
    told = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    paces = [one for one in told if one["event"] == "partition"]
    assert [one["total"] for one in paces] == [len(PEOPLE)] * 3
    assert paces[-1]["answered"] == len(PEOPLE)
    assert paces[-1]["seconds_left"] == 0.0
    assert 0 < paces[0]["answered"] < len(PEOPLE)
    assert paces[0]["per_second"] > 0
    assert paces[0]["seconds_left"] > 0


def test_one_job_at_a_time(inputs: Path, index: Path, tmp_path: Path) -> None:
    from matching.jobs.output import Output

    with Output(tmp_path / "out").lock(), pytest.raises(StorageError, match="another process"):
        ordered(inputs, index, tmp_path / "out")


def test_flat_columns_say_the_same_as_a_profile() -> None:
    flat = {
        "id": "p:1", "goal_competences": ["brood bakken"], "competences": ["deeg kneden"], "hours_per_week": 4.0,
        "deadline": date(2027, 6, 1), "postcode": "9000", "transport": "bicycle", "modes": ["online"],
        "completed": ["o:1"],
    }  # fmt: skip
    nested = {
        "id": "p:1", "goal": {"requirements": [{"competence": "brood bakken"}]},
        "claims": [{"competence": "deeg kneden"}], "budget": {"hours_per_week": 4, "deadline": "2027-06-01"},
        "home": {"postcode": "9000"}, "transport": "bicycle", "modes": ["online"], "completed": ["o:1"],
    }  # fmt: skip
    assert profile(flat) == LearnerProfile.model_validate(nested)
    assert set(flat) <= set(LEARNERS.names)
    over = {"profile": json.dumps(nested), "hours_per_week": 9.0}
    assert profile(over).budget.hours_per_week == 9  # type: ignore[union-attr]
    assert profile(over).budget.deadline == date(2027, 6, 1)  # type: ignore[union-attr]


def test_every_flat_column_is_understood() -> None:
    """A column of the schema that no profile can state would be a promise that is not kept."""
    samples = {
        "goal_role": "r", "transport": "car", "modes": ["online"], "postcode": "1000", "status": "employee",
        "profile": '{"id": "x"}', "region": "flanders",
    }  # fmt: skip
    by_type = {"string": "x", "double": 1.0, "date32[day]": ON}
    for column in LEARNERS:
        value = samples.get(column.name, by_type.get(str(column.type), ["x"]))
        assert profile({"id": "x", column.name: value}).id == "x"


def cluster_rows(index: Path, inputs: Path) -> Iterator[pa.RecordBatch]:
    asked = cluster_function(str(index), on=ON)
    for path in sorted(inputs.iterdir()):
        yield from asked(batches(path))


def test_the_cluster_function_says_what_the_batch_says(inputs: Path, index: Path, tmp_path: Path) -> None:
    with (inputs / "a.jsonl").open("ab") as more:
        more.write(b'\n{"id": "p:none"}')
    ordered(inputs, index, tmp_path / "out")
    found = pa.Table.from_batches(cluster_rows(index, inputs), CLUSTER).to_pylist()
    problems = [row for row in found if row["problem"]]
    assert [(row["learner_id"], row["problem"]) for row in problems] == [("p:none", "goal: states no goal")]
    matched = [{k: v for k, v in row.items() if k != "problem"} for row in found if not row["problem"]]
    assert matched == rows(tmp_path / "out", "matches")


def test_answers_do_not_depend_on_the_batch(index: Path) -> None:
    lines = pa.array([one.model_dump_json(exclude_unset=True) for one in PEOPLE])
    matcher, question = Matcher.load(index), Question(on=ON)
    tables = []
    for size in (1, 7, len(PEOPLE)):
        parts = (pa.record_batch([lines[at : at + size]], ["profile"]) for at in range(0, len(PEOPLE), size))
        tables.append(pa.concat_tables([one.matches for one in answers(matcher, parts, question)]))
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


def test_whoever_is_forgotten_is_in_no_byte_of_anything_that_was_written(
    inputs: Path, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Index, journal, caches, records and tables of batches, after all of them have met the person."""
    ours, out, records = Path(shutil.copytree(index, tmp_path / "index")), tmp_path / "out", tmp_path / "records"
    ann = LearnerProfile(id="p:ann-850730", goal=Goal(text="Ann wants to bake again"))
    traces = (b"ann-850730", b"Ann wants", b"bake again")
    matcher = Matcher.load(ours, CachedEncoder(load_encoder()))
    audited = Audited(matcher, records, keep_inputs=True)
    audited.match(ann, on=ON)
    matcher.upsert([matcher.offers[0].model_copy(update={"title": "other"})])
    audited.plan(ann, on=ON)
    matcher.save(ours)
    matcher.remove([matcher.offers[0].id])
    (inputs / "ann.jsonl").write_text(ann.model_dump_json(exclude_unset=True) + "\n{}", encoding="utf-8")
    ordered(inputs, ours, out, plans=True, log=str(tmp_path / "log.jsonl"))

    written = [ours, out, records, tmp_path / "log.jsonl"]
    assert found_in(written, traces)
    forget_command(ann.id, [out], [records])
    assert capsys.readouterr().out == f"{ann.id}: 11 rows of batches, 1 keys of records deleted\n"
    audited.forget(ann.id)
    assert found_in(written, traces) == []
    assert len(matcher._now.generation.encoder.cache) == 0  # type: ignore[attr-defined]
    with pytest.raises(MisuseError, match=r"run\.json is missing"):
        forget_command(ann.id, [records])


def found_in(written: list[Path], traces: tuple[bytes, ...]) -> list[Path]:
    """Files that hold a trace, also where their columns are compressed."""
    files = [path for root in written for path in (root.rglob("*") if root.is_dir() else [root]) if path.is_file()]
    tables = {path: str(pq.read_table(path).to_pylist()).encode() for path in files if path.suffix == ".parquet"}
    said = {path: path.read_bytes() + tables.get(path, b"") for path in files}
    return [path for path, data in said.items() if any(trace in data for trace in traces)]


def test_forgetting_leaves_no_byte(inputs: Path, index: Path, tmp_path: Path) -> None:
    out, log = tmp_path / "out", tmp_path / "log.jsonl"
    person, other = "p:Joske-Vermeulen-850730", PEOPLE[0].id
    ordered(inputs, index, tmp_path / "never")
    learner = PEOPLE[1].model_copy(update={"id": person})
    for name, line in (("x", learner.model_dump_json(exclude_unset=True)), ("y", json.dumps({"id": person}))):
        (inputs / f"{name}.jsonl").write_text(line, encoding="utf-8")
    ordered(inputs, index, out, plans=True, log=str(log))
    assert any(person in row.values() for row in rows(out, "matches"))
    assert forget(out, person) > 2
    found = [*out.rglob("*"), *index.rglob("*"), log]
    assert not [path for path in found if path.is_file() and person.encode() in path.read_bytes()]
    assert all(person not in str(row) for table in ("matches", "plans", "rejected") for row in rows(out, table))
    assert any(row["learner_id"] == other for row in rows(out, "matches"))
    assert json.loads((out / "manifest.json").read_bytes())["totals"]["rejected"] == 0
    assert forget(out, person) == 0
    (out / "plans" / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"plans/x\.parquet: is damaged"):
        forget(out, person)
