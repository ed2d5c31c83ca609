"""What a person asks of a plan beside the goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from competences.errors import MisuseError, UnknownIdError
from matching.index.generation import Generation
from matching.plan.plan import Plan


@dataclass(frozen=True)
class Wishes:
    """Offers by id."""

    pinned: frozenset[str] = frozenset()
    """In the plan, whatever else is."""
    forbidden: frozenset[str] = frozenset()
    """Not in the plan: unwanted, done, failed or dropped."""
    kept: frozenset[str] = frozenset()
    """Steps of an earlier plan: kept where that costs no gain."""
    max_steps: int | None = None
    max_parallel: int | None = None
    """Steps that take hours in the same week."""

    @classmethod
    def of(
        cls, generation: Generation, *, pinned: Iterable[str] = (), out: Iterable[str] = (),
        previous: Plan | None = None, max_steps: int | None = None, max_parallel: int | None = None,
    ) -> Wishes:  # fmt: skip
        """Checked: every id is listed, nothing is both pinned and out, limits are at least 1."""
        wanted, unwanted = frozenset(pinned), frozenset(out)
        for offer in sorted(wanted | unwanted):
            if generation.catalogue.row(offer) < 0:
                raise UnknownIdError("offer", offer, "it is not in this catalogue")
        if wanted & unwanted:
            both = ", ".join(sorted(wanted & unwanted))
            raise MisuseError(f"pinned offers cannot be forbidden, done or failed: {both}")
        for name, most in (("max_steps", max_steps), ("max_parallel", max_parallel)):
            if most is not None and most < 1:
                raise MisuseError(f"{name} is at least 1, not {most}")
        kept = frozenset(step.offer_id for step in previous.steps) if previous else frozenset()
        return cls(wanted, unwanted, kept - unwanted, max_steps, max_parallel)


NO_WISHES = Wishes()
