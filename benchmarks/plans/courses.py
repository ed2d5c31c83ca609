"""Own hours to close 80 % of a gap, with the catalogues of edX and Coursera.

    python benchmarks/plans/courses.py --data $LEERMATCH_DATA --goals 40

Goals are ESCO occupations, drawn with a seed from those that ask for at least 8 essential skills of which the catalogue
closes at least 30 %; a person starts from nothing. What is to be reached is 80 % of what all offers together close.
Everybody chooses among the same offers (those that close something of the goal), pays the same hours, and is judged by
the same gain. *edX* states hours per week and weeks; *Coursera* states calendar time only, so its hours are assumed:
one table is for edX alone, the other for both.

Outcomes are found in titles, the first words of descriptions (edX) and named skills (Coursera) by the shipped encoder;
skills that lie close give each other in part, as its calibration says.

- planner: the fewest own hours that reach the target, by the exact model, with a proof where it has one;
- ratio greedy: again and again the offer with the most new gain per hour; *pruned*: then without what is not needed;
- gain list: the list of `match` where hours are unknown, from the top, by what each offer closes by itself;
- semantic list: offers by cosine of their text and the title and description of the occupation;
- popularity list: by the number of people who enrolled.

Lists are followed from the top until the target is reached; what adds nothing new is passed over."""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from instances import ON
from report import write

from competences import Competence, Goal, LearnerProfile, LearningOffer, Linker, Outcome, Requirement, load_encoder
from competences.sources.courses_en import read_coursera, read_edx
from matching.matcher import Matcher
from matching.plan.exact import improve
from matching.plan.posing import pose
from matching.plan.problem import Aim, Problem
from matching.settings import Settings

SHARE = 0.8
WORDS = 20
"""Of the description, beside the title."""
ATTAINABLE, SKILLS = 0.3, 8
SECONDS = 20.0

Choice = Callable[[Problem, float], Sequence[int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--goals", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    esco, folder = asked.data / "esco" / "v1.1.1-en", asked.data / "courses-en"
    skills = {line["conceptUri"]: line["preferredLabel"] for line in _lines(esco / "skills_en.csv")}
    linker = Linker([Competence(id=uri, label=label) for uri, label in skills.items()], load_encoder())
    edx = _taught(read_edx(folder / "edx_courses.csv"), linker)
    coursera = _named(read_coursera(folder / "coursera_course_dataset_v3.csv"), linker)
    popular = _enrolled(folder)
    rows, details = [], []
    for name, offers in (("edX", [one for one in edx if _states_hours(one)]), ("edX and Coursera", [*edx, *coursera])):
        goals = _goals(esco, skills)
        found = list(_measured(offers, goals, popular, np.random.default_rng(asked.seed), asked.goals))
        rows += _summary(name, found)
        details += [{"catalogue": name, **one} for one in found]
    write("courses", "Own hours to close 80 % of a gap", __doc__ or "", rows, details)


def _measured(
    offers: list[LearningOffer], goals: list[tuple[str, str, Goal]], popular: dict[str, int],
    rng: np.random.Generator, most: int,
) -> Iterable[dict[str, object]]:  # fmt: skip
    """Own hours of each way of choosing, goal by goal."""
    matcher = Matcher.from_offers(offers, settings=Settings(plan_candidates=len(offers), horizon_weeks=520.0))
    listed = list(matcher.offers)
    texts = load_encoder().encode([f"{one.title}. {one.description or ''}" for one in listed])
    number = 0
    for i in rng.permutation(len(goals)).tolist():
        title, text, goal = goals[i]
        problem = pose(matcher.person(LearnerProfile(id="p"), goal=goal, on=ON))
        attainable = problem.gain(range(len(problem.candidates)))
        if attainable < ATTAINABLE:
            continue
        rows = [one.row for one in problem.candidates]
        liked = np.array([popular.get(listed[row].url or "", 0) for row in rows], float)
        near = texts[rows] @ load_encoder().encode([f"{title}. {text}"])[0]
        ways: dict[str, Choice] = {
            "ratio greedy": ratio, "ratio greedy, pruned": lambda p, least: pruned(p, ratio(p, least), least),
            "gain list": lambda p, least: _list(p, _alone(p), least),
            "semantic list": lambda p, least, near=near: _list(p, near, least),
            "popularity list": lambda p, least, liked=liked: _list(p, liked, least),
        }  # fmt: skip
        least = SHARE * attainable
        chosen, proven = fewest_hours(problem, least)
        hours = {"planner": problem.own_hours(chosen)}
        hours |= {way: problem.own_hours(choose(problem, least)) for way, choose in ways.items()}
        assert problem.gain(chosen) >= least - 1e-6
        yield {
            "occupation": title, "offers": len(rows), "attainable": round(attainable, 3), "proven": proven,
            "steps": len(chosen), "hours": {way: round(some, 1) for way, some in hours.items()},
        }  # fmt: skip
        number += 1
        if number == most:
            return


def fewest_hours(problem: Problem, least: float) -> tuple[list[int], bool]:
    """(the choice of the planner, whether it is proven to take the fewest hours)."""
    aim = Aim(gain=1e-3, hours=1.0, least=least)
    asked = replace(problem, aim=aim)
    found = improve(asked, None, SECONDS)
    assert found is not None
    return found.chosen, found.worth(asked) >= found.bound - 1e-4


def ratio(problem: Problem, least: float) -> list[int]:
    """The most new gain per hour, until the target is reached."""
    hours = np.array([max(one.least_hours, 1e-6) for one in problem.candidates])
    chosen: list[int] = []
    best = problem.held
    while (best - problem.held) @ problem.weights < least - 1e-9:
        more = np.maximum(problem.values - best, 0.0) @ problem.weights
        chosen.append(int(np.argmax(more / hours)))
        best = np.maximum(best, problem.values[chosen[-1]])
    return chosen


def pruned(problem: Problem, chosen: Sequence[int], least: float) -> list[int]:
    """Without what is not needed for the target, the longest first."""
    kept = list(chosen)
    for c in sorted(chosen, key=lambda c: -problem.candidates[c].least_hours):
        rest = [one for one in kept if one != c]
        if problem.gain(rest) >= least - 1e-9:
            kept = rest
    return kept


def _alone(problem: Problem) -> NDArray[np.float64]:
    return np.maximum(problem.values - problem.held, 0.0) @ problem.weights


def _list(problem: Problem, score: NDArray[np.float64], least: float) -> list[int]:
    """From the top until the target is reached; what adds nothing new is passed over."""
    best, chosen = problem.held, []
    for c in np.argsort(-score, kind="stable").tolist():
        if (best - problem.held) @ problem.weights >= least - 1e-9:
            break
        better = np.maximum(best, problem.values[c])
        if (better - best) @ problem.weights > 1e-9:
            best, chosen = better, [*chosen, c]
    return chosen


def _summary(name: str, found: list[dict[str, object]]) -> list[dict[str, object]]:
    hours: list[dict[str, float]] = [one["hours"] for one in found]  # type: ignore[misc]
    rows = []
    for way in hours[0]:
        times = [one[way] / one["planner"] for one in hours if one["planner"] > 0]
        rows.append({
            "catalogue": name, "goals": len(found), "way": way,
            "own hours, median": round(statistics.median(one[way] for one in hours), 1),
            "own hours, mean": round(statistics.mean(one[way] for one in hours), 1),
            "times the planner, median": round(statistics.median(times), 2),
            "planner takes fewer hours": sum(one["planner"] < one[way] - 0.05 for one in hours),
            "as many": sum(abs(one["planner"] - one[way]) <= 0.05 for one in hours),
            "more": sum(one["planner"] > one[way] + 0.05 for one in hours),
            "proven": f"{sum(bool(one['proven']) for one in found)} of {len(found)}" if way == "planner" else "",
        })  # fmt: skip
    return rows


def _goals(folder: Path, skills: dict[str, str]) -> list[tuple[str, str, Goal]]:
    """(title, description, essential skills) of occupations that ask for enough of them, by address."""
    needs: dict[str, list[str]] = {}
    for line in _lines(folder / "occupationSkillRelations.csv"):
        if line["relationType"] == "essential" and line["skillUri"] in skills:
            needs.setdefault(line["occupationUri"], []).append(line["skillUri"])
    listed = {line["conceptUri"]: line for line in _lines(folder / "occupations_en.csv")}
    return [
        (listed[uri]["preferredLabel"], listed[uri]["description"],
         Goal(requirements=tuple(Requirement(competence=skills[one]) for one in sorted(set(asked)))))
        for uri, asked in sorted(needs.items()) if uri in listed and len(set(asked)) >= SKILLS
    ]  # fmt: skip


def _taught(offers: list[LearningOffer], linker: Linker) -> list[LearningOffer]:
    """With outcomes found in the title and the first words of the description."""
    found = []
    for offer in offers:
        words = " ".join((offer.description or "").split()[:WORDS])
        labels = dict.fromkeys(one.link.label for one in linker.extract(f"{offer.title}. {words}"))
        outcomes = tuple(Outcome(competence=label, derived=True) for label in labels)
        found.append(offer.model_copy(update={"outcomes": outcomes}))
    return [one for one in found if one.outcomes]


def _named(offers: list[LearningOffer], linker: Linker) -> list[LearningOffer]:
    """With each named skill linked to the closest concept, where there is one."""
    names = sorted({one.competence for offer in offers for one in offer.outcomes})
    links = {name: some[0].label for name, some in zip(names, linker.link(names, k=1), strict=True) if some}
    found = []
    for offer in offers:
        labels = dict.fromkeys(links[one.competence] for one in offer.outcomes if one.competence in links)
        outcomes = tuple(Outcome(competence=label, derived=True) for label in labels)
        found.append(offer.model_copy(update={"outcomes": outcomes}))
    return [one for one in found if one.outcomes]


def _states_hours(offer: LearningOffer) -> bool:
    return bool(offer.time.self_study_hours or (offer.time.hours_per_week and offer.time.weeks))


def _enrolled(folder: Path) -> dict[str, int]:
    """Address → how many people enrolled."""
    found = {line["course_url"].strip(): line["n_enrolled"] for line in _lines(folder / "edx_courses.csv")}
    coursera = _lines(folder / "coursera_course_dataset_v3.csv")
    found |= {line["course_url"].strip(): line["course_students_enrolled"] for line in coursera}
    return {url: int(float(n.replace(",", ""))) for url, n in found.items() if n and n.replace(",", "").strip()}


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
