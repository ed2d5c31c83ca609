"""For the counsellor: every number that the result rests on, and the field or claim that it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from matching.explanation.evidence import Evidence
from matching.explanation.sections import Section
from matching.explanation.views.common import bill_lines, dated, fields, gate, goal, head, needed, parts
from matching.wording.say import say


def view(evidence: Evidence, language: str) -> Section:
    """A match result or a plan with all of its evidence."""
    planned = evidence["kind"] == "plan"
    lines = _plan_lines(evidence, language) if planned else _result_lines(evidence, language)
    parts = [_held(evidence, language)] if evidence["requirements"] else []
    parts += [_offer(one, language) for one in (evidence["steps"] if planned else evidence["matches"])]
    parts += [_open(evidence, language)] if planned and evidence["open"] else []
    parts += [_excluded(evidence, language)] if evidence["excluded"] else []
    parts += [_made_with(evidence, language)]
    return Section(head(evidence, language), (goal(evidence, language), *lines), (), tuple(parts))


def _result_lines(evidence: Evidence, language: str) -> Iterator[str]:
    if evidence["empty"]:
        yield say(language, f"empty.{evidence['empty']}")


def _plan_lines(evidence: Evidence, language: str) -> Iterator[str]:
    yield say(language, f"word.{evidence['status']}")
    if evidence["steps"]:
        yield say(language, "plan.summary", evidence)
    if evidence["hours_available"] is not None:
        yield say(language, "plan.available", evidence)
    if evidence["hours_per_week"] is not None:
        yield say(language, "counsellor.hours_per_week", evidence)
    if evidence["status"] == "feasible":
        yield say(language, "plan.bound", evidence)
    if evidence["price"]:
        yield say(language, "counsellor.price", evidence)
    if evidence["impossible"]:
        yield say(language, "counsellor.impossible", {"names": evidence["impossible"]})


def _held(evidence: Evidence, language: str) -> Section:
    parts = []
    for one in evidence["requirements"]:
        title = say(language, "counsellor.held", one) + gate(one, language)
        claim = one["claim"]
        said = say(language, "counsellor.no_claim") if claim is None else say(language, "counsellor.claim", claim)
        parts.append(Section(title, (said,)))
    title = say(language, "counsellor.held_head", evidence)
    return Section(title, parts=tuple(parts))


def _offer(item: Evidence, language: str) -> Section:
    if "start" in item:
        title, lines = say(language, "plan.step", dated(item)), [*parts(item, language)]
    else:
        key = "numbers" if item["own_hours"] else "numbers_free"
        title, lines = say(language, "result.line", item), [say(language, f"result.{key}", item)]
        lines.append(say(language, "counsellor.score", item))
    if item["provider"]:
        lines.append(say(language, "counsellor.provider", item))
    lines += bill_lines(item["bill"], language)
    lines.append(say(language, "counsellor.basis", item["bill"]))
    return Section(title, tuple(lines), tuple(_cover(one, language) for one in item["covers"]))


def _cover(cover: Evidence, language: str) -> str:
    same = cover["through"] == cover["requirement"]
    key = "recognises" if cover["recognition"] else "gives" if same else "covers"
    words = {**cover, "through": cover["through_label"], "requirement": cover["requirement_label"]}
    derived = f" ({say(language, 'result.derived')})" if cover["derived"] else ""
    return f"{say(language, f'result.{key}', words)}: {say(language, 'counsellor.cover', cover)}{derived}"


def _open(evidence: Evidence, language: str) -> Section:
    parts = []
    for one in evidence["open"]:
        title = say(language, "counsellor.open", one) + gate(one, language)
        closest = one["closest"]
        said = say(language, "plan.closest", closest) if closest else say(language, "counsellor.no_closest")
        parts.append(Section(title, (said,)))
    return Section(say(language, "learner.open_head"), parts=tuple(parts))


def _excluded(evidence: Evidence, language: str) -> Section:
    parts = (
        Section(
            say(language, "counsellor.excluded", one),
            points=tuple(_reason(reason, language) for reason in one["reasons"]),
        )
        for one in evidence["excluded"]
    )
    return Section(say(language, "learner.excluded_head"), parts=tuple(parts))


def _reason(reason: Evidence, language: str) -> str:
    return f"{needed([reason], language)} [{say(language, 'kind.' + reason['kind'])}]"


def _made_with(evidence: Evidence, language: str) -> Section:
    return Section(
        say(language, "used.head"),
        (fields(evidence, language), say(language, "used.versions", evidence["versions"])),
    )
