"""The official ESCO files: languages and versions joined by URI, nothing dropped silently, errors that say where."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from competences.errors import DataError, MisuseError
from competences.sources.esco import read_taxonomy
from competences.taxonomy.concept import ConceptKind

SKILLS = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,description\n"
OCCUPATIONS = "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,description,code\n"
FILES = {
    "v1.1.1/skills_en.csv": SKILLS
    + 'K,u:bake,skill/competence,sector-specific,bake bread,"make bread\nbread baking",,released,Bake it.\n'
    + "K,u:dough,knowledge,cross-sector,dough,,,released,\n"
    + "K,u:gone,skill/competence,,stoke ovens,,,obsolete,\n",
    "v1.1.1/occupations_en.csv": OCCUPATIONS + "O,u:baker,7512,baker,,,released,Bakes.,7512.1\n",
    "v1.1.1/skillGroups_en.csv": "conceptUri,preferredLabel,altLabels,description,code\nx/isced-f/0721,food,,,0721\n",
    "v1.1.1/broaderRelationsSkillPillar.csv": "conceptUri,broaderUri\nu:dough,x/isced-f/0721\nu:bake,u:cook\n",
    "v1.1.1/occupationSkillRelations.csv": "occupationUri,relationType,skillType,skillUri\n"
    "u:baker,essential,skill/competence,u:bake\nu:baker,optional,knowledge,u:dough\n",
    "v1.1.1/skillSkillRelations.csv": "originalSkillUri,relationType,relatedSkillUri\nu:bake,essential,u:dough\n",
    "v1.1.1/greenSkillsCollection_en.csv": "conceptUri,preferredLabel,altLabels,description\n"
    "u:bake,bake bread,cook loaves | bake loaves,\n",
    "v1.1.1/skillsHierarchy_en.csv": ",".join(
        f"Level {i} URI,Level {i} preferred term,Level {i} code" for i in range(4)
    )
    + "\nu:root,skills,S\n",
    "v1.1.1/conceptSchemes_en.csv": "not,read\n",
    "v1.0.8/skills_nl.csv": SKILLS + "K,u:bake,skill/competence,,brood bakken,,broot bakken,released,\n",
    "v1.0.8/occupations_en.csv": OCCUPATIONS
    + "O,u:baker,7512,bread maker,,,released,,7512.1\nO,u:miller,7514,miller,,,released,,7514.1\n",
    "parallel_skills_v1.1.1.csv": "conceptUri,skillType,en,nl,nl_alt,nl_desc\n"
    "u:bake,,bake,bakken van brood,broodjes bakken,\nu:dough,knowledge,dough,deeg,,Meel en water.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8-sig")
    return tmp_path


def test_languages_are_joined_by_uri_and_the_newest_version_wins(folder: Path) -> None:
    taxonomy = read_taxonomy(folder, languages=("nl", "en"))
    bake = taxonomy.concept("u:bake")
    assert bake.labels == {"en": "bake bread", "nl": "brood bakken"}
    assert bake.alternatives == {
        "en": ("make bread", "bread baking", "cook loaves", "bake loaves", "bake"),
        "nl": ("bakken van brood", "broodjes bakken"),
    }
    assert bake.hidden == {"nl": ("broot bakken",)}
    assert (bake.version, bake.reuse_level, bake.collections) == ("1.1.1", "sector-specific", ("green",))
    dough = taxonomy.concept("u:dough")
    assert (dough.kind, dough.descriptions) == (ConceptKind.KNOWLEDGE, {"nl": "Meel en water."})
    baker = taxonomy.concept("u:baker")
    assert (baker.labels, baker.alternatives, baker.code) == ({"en": "baker"}, {"en": ("bread maker",)}, "7512.1")
    assert taxonomy.label("u:root") == "skills"


def test_relations_become_hierarchy_fields_and_roles(folder: Path) -> None:
    taxonomy = read_taxonomy(folder)
    assert taxonomy.fields_of_study("u:dough") == ("0721",)
    assert taxonomy.essential("u:bake") == ("u:dough",)
    weights = {one.competence: one.weight for one in taxonomy.role("u:baker").requirements}
    assert weights["u:bake"] == 1
    assert 0 < weights["u:dough"] < 1


def test_what_could_not_be_joined_is_reported(folder: Path) -> None:
    report = read_taxonomy(folder, languages=("nl", "en")).report()
    assert set(report.missing["nl"]) == {"u:gone", "u:baker", "u:miller", "x/isced-f/0721", "u:root"}
    assert report.missing["en"] == ()
    assert set(report.outdated) == {"u:gone", "u:miller"}
    assert report.dangling == (("u:bake", "broader", "u:cook"),)


def test_folders_can_be_named_one_by_one(folder: Path) -> None:
    one = read_taxonomy(folder / "v1.0.8", languages=("en",))
    assert (one.version, one.label("u:baker")) == ("esco 1.0.8", "bread maker")
    assert "u:bake" not in one
    both = read_taxonomy([folder / "v1.0.8", folder / "v1.1.1"], languages=("en",))
    assert both.label("u:baker") == "baker"
    assert both.fingerprint == read_taxonomy([folder / "v1.1.1", folder / "v1.0.8"], languages=("en",)).fingerprint


def test_the_portals_folder_name_gives_the_version(tmp_path: Path) -> None:
    portal = tmp_path / "ESCO dataset - v1.2.0 - classification - nl - csv"
    portal.mkdir()
    (portal / "skills_nl.csv").write_text(SKILLS + "K,u:1,knowledge,,deeg,,,released,\n", encoding="utf-8")
    assert read_taxonomy(portal).version == "esco 1.2.0"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("skills_nl.csv", "uri,label\n", r"skills_nl\.csv:1: conceptUri: expected this column, found uri, label"),
        ("skills_nl.csv", "", r"skills_nl\.csv:1: conceptUri: expected this column, found an empty file"),
        ("skills_nl.csv", SKILLS + "K,u:1\n", r"skills_nl\.csv:2: expected 9 values, found 2"),
        ("skills_nl.csv", SKILLS + "K,,,,x,,,,\n", r"skills_nl\.csv:2: conceptUri: expected a value, found nothing"),
        ("skills_nl.csv", SKILLS + 'K,"u', r"skills_nl\.csv:2: cannot be read as CSV"),
        (
            "occupationSkillRelations.csv",
            "occupationUri,relationType,skillUri\na,essential,b\na,vital,b\n",
            r"Relations\.csv:3: relationType: expected essential or optional, found 'vital'",
        ),
        (
            "broaderRelationsSkillPillar.csv",
            "conceptUri,broaderUri\na,\n",
            r"Pillar\.csv:2: broaderUri: expected a value",
        ),
    ],
)
def test_a_wrong_file_is_named_with_line_and_field(folder: Path, name: str, text: str, message: str) -> None:
    (folder / "v1.1.1" / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_taxonomy(folder)


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "v1.1.1/skills_nl.csv").write_bytes(SKILLS.encode() + "K,u:1,,,cliënt,,,,\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"skills_nl\.csv"):
        read_taxonomy(folder)


def test_a_folder_without_esco_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=r"no ESCO file such as skills_en\.csv"):
        read_taxonomy(tmp_path)
    with pytest.raises(DataError, match="is not a folder"):
        read_taxonomy(tmp_path / "nowhere")


def test_the_real_files(shared_data: Path) -> None:
    begin = time.process_time()
    taxonomy = read_taxonomy(shared_data / "esco")
    assert time.process_time() - begin < 15
    kinds = [one.kind for one in taxonomy.concepts() if one.current]
    assert kinds.count(ConceptKind.SKILL) + kinds.count(ConceptKind.KNOWLEDGE) == 13896
    assert kinds.count(ConceptKind.OCCUPATION) == 3039
    report = taxonomy.report()
    assert report.dangling == ()
    assert len(report.outdated) == 112
    skills = {one.id for one in taxonomy.concepts(ConceptKind.SKILL, ConceptKind.KNOWLEDGE) if one.current}
    assert len(skills & set(report.missing["nl"])) == 13896 - 5798
    python = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"
    assert taxonomy.fields_of_study(python) == ("0613",)
    assert len(list(taxonomy.roles())) == 3045
    assert sum(len(role.requirements) for role in taxonomy.roles()) == 123855


def test_one_real_version_alone(shared_data: Path) -> None:
    taxonomy = read_taxonomy(shared_data / "esco/v1.2.0-nl", languages=("nl",))
    assert taxonomy.version == "esco 1.2.0"
    assert taxonomy.report().lines() == []
