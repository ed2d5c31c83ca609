"""For the person: short, plain, and what to do next. Dutch is kept at level B1 of the CEFR."""

from __future__ import annotations

from collections.abc import Iterator

from matching.explanation.evidence import Evidence
from matching.explanation.sections import Section
from matching.explanation.views.common import SHOWN, bill_lines, dated, fields, gate, goal, head, needed, parts
from matching.wording.say import say


def view(evidence: Evidence, language: str) -> Section:
    """A match result or a plan for the person whose it is."""
    planned = evidence["kind"] == "plan"
    lines = _plan_lines(evidence, language) if planned else _result_lines(evidence, language)
    offers = evidence["steps"] if planned else evidence["matches"]
    parts = [_offer(one, language) for one in offers]
    parts += [_open(evidence, language)] if planned and _still_open(evidence) else []
    parts += [_excluded(evidence, language)] if evidence["excluded"] else []
    parts += [Section(say(language, "used.head"), (fields(evidence, language),))]
    return Section(head(evidence, language), (goal(evidence, language), *lines), (), tuple(parts))


def _result_lines(evidence: Evidence, language: str) -> Iterator[str]:
    if evidence["empty"]:
        yield say(language, f"empty.{evidence['empty']}")
    if evidence["requirements"] and evidence["held"] >= SHOWN:
        yield say(language, "learner.already", evidence)


def _plan_lines(evidence: Evidence, language: str) -> Iterator[str]:
    if evidence["requirements"] and evidence["held"] >= SHOWN:
        yield say(language, "learner.already", evidence)
    if not evidence["steps"]:
        yield say(language, f"word.{evidence['status']}")
        return
    yield say(language, "learner.after", evidence)
    yield say(language, "learner.best" if evidence["status"] == "optimal" else "learner.bound", evidence)
    yield say(language, "learner.cost", evidence)
    if evidence["hours_available"] is not None:
        yield say(language, "learner.available", evidence)
    if evidence["workplace_hours"]:
        yield say(language, "learner.work", evidence)
    yield say(language, "learner.finish", dated(evidence))


def _offer(item: Evidence, language: str) -> Section:
    lines = []
    if "start" in item:
        title = say(language, "learner.step", item)
        lines += [say(language, "learner.when", dated(item)), *parts(item, language)]
    else:
        title = say(language, "learner.offer", item)
        lines.append(say(language, "learner.worth" if item["own_hours"] else "learner.worth_free", item))
    names = [cover["requirement_label"] for cover in item["covers"] if cover["gain"] > 0]
    if names:
        lines.append(say(language, "learner.shows" if item["recognition"] else "learner.learns", {"names": names}))
    if any(cover["derived"] for cover in item["covers"]):
        lines.append(say(language, "learner.derived"))
    return Section(title, (*lines, *bill_lines(item["bill"], language)))


def _still_open(evidence: Evidence) -> list[Evidence]:
    return [one for one in evidence["open"] if one["share"] >= SHOWN]


def _open(evidence: Evidence, language: str) -> Section:
    parts = []
    for one in _still_open(evidence):
        title = say(language, "learner.open", one) + gate(one, language)
        closest = one["closest"]
        hint = say(language, "learner.closest", closest) if closest else say(language, "learner.no_closest")
        parts.append(Section(title, (hint,)))
    return Section(say(language, "learner.open_head"), parts=tuple(parts))


def _excluded(evidence: Evidence, language: str) -> Section:
    offers = evidence["steps"] if evidence["kind"] == "plan" else evidence["matches"]
    lines = () if offers else (say(language, "learner.none_fits"),)
    parts = (
        Section(
            say(language, "learner.excluded", one),
            (say(language, "learner.needed", {"changes": needed(one["reasons"], language)}),),
        )
        for one in evidence["excluded"]
    )
    return Section(say(language, "learner.excluded_head"), lines, (), tuple(parts))
