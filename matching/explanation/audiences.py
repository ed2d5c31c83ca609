"""Who reads an explanation decides what it holds: an organisation gets hours and coverage, nothing about the person."""

from __future__ import annotations

from typing import Any, Literal, get_args

Audience = Literal["learner", "counsellor", "organisation"]
AUDIENCES: tuple[str, ...] = get_args(Audience)

_COVER = (
    "requirement", "requirement_level", "requirement_label", "through", "through_label", "derived", "recognition",
    "strength",
)  # fmt: skip
_BILL = ("contact", "self_study", "assessment", "workplace", "exempted", "basis")
_OFFER: dict[str, Any] = {
    **dict.fromkeys(("offer_id", "title", "run_id", "start", "end", "rank", "number", "provider", "source", "url")),
    **dict.fromkeys(("offer_kind", "recognition")),
    "bill": dict.fromkeys(_BILL),
    "covers": dict.fromkeys(_COVER),
}
_STEP = {**_OFFER, "bundle": None, "parts": _OFFER}
ORGANISATION: dict[str, Any] = {
    **dict.fromkeys(("kind", "learner_id", "on", "held", "gain", "coverage", "finish", "count")),
    "goal": {"title": None},
    "ledger": dict.fromkeys(_BILL[:-1]),
    "requirements": dict.fromkeys(("competence", "label", "level", "weight", "gate")),
    "steps": _STEP,
    "matches": _OFFER,
    "open": dict.fromkeys(("competence", "label", "level", "weight", "gate", "share")),
    "versions": dict.fromkeys(("leermatch", "encoder", "taxonomy", "offers")),
}
"""What an organisation may read: no claims, no home (hence no travel), no money, no conditions, no reasons why not."""


def seen_by(evidence: dict[str, Any], audience: str) -> dict[str, Any]:
    """The part of the evidence that an audience gets."""
    return _only(evidence, ORGANISATION) if audience == "organisation" else evidence


def _only(value: Any, allowed: dict[str, Any] | None) -> Any:
    if allowed is None:
        return value
    if isinstance(value, list):
        return [_only(one, allowed) for one in value]
    return {name: _only(value[name], inside) for name, inside in allowed.items() if name in value}
