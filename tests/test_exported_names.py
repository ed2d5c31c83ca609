"""The public surface is a fact: sorted, complete, nothing by accident."""

from __future__ import annotations

import types

import pytest

import competences
import matching

FIXED = {
    competences: "Competence CompetenceClaim Goal JobRole LearnerProfile LearningOffer Linker Outcome Requirement "
    "TimeBudget TimeDemand embed load_encoder read_learners read_offers read_roles",
    matching: "Matcher Settings explain",
}
"""What outside checks and every user's code import."""


@pytest.mark.parametrize("package", [competences, matching], ids=lambda package: package.__name__)
def test_all_is_sorted_and_says_everything(package: types.ModuleType) -> None:
    assert list(package.__all__) == sorted(package.__all__)
    visible = {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert visible == set(package.__all__) - {"__version__"}


@pytest.mark.parametrize("package", FIXED, ids=lambda package: package.__name__)
def test_the_fixed_names_are_there(package: types.ModuleType) -> None:
    assert set(FIXED[package].split()) <= set(package.__all__)


@pytest.mark.parametrize("package", [competences, matching], ids=lambda package: package.__name__)
def test_everything_public_has_a_docstring(package: types.ModuleType) -> None:
    for name in package.__all__:
        thing = getattr(package, name)
        if isinstance(thing, type | types.FunctionType):
            assert thing.__doc__, f"{package.__name__}.{name} has no docstring"
