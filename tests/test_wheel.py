"""What a wheel holds: the two packages with their data, and nothing that would land beside them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    builders = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = builders.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_only_our_two_packages_are_in_it(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"competences", "matching"}


def test_the_data_travels_inside(names: set[str]) -> None:
    expected = {
        "competences/py.typed",
        "matching/py.typed",
        "competences/encoders/model/calibration.json",
        "matching/index/postcodes.csv",
        "matching/wording/nl.toml",
        *(f"matching/demo_world/{name}.jsonl" for name in ("offers", "roles", "learners", "competences")),
    }
    assert expected <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_nothing_of_a_build_or_a_test_is_in_it(names: set[str]) -> None:
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".nbi", ".nbc"))]
