"""How well the shipped encoder ranks, links, finds and holds, in one report beside what else could be used.

    LEERMATCH_DATA=… python -m benchmarks.quality [--model NAME_OR_PATH …]

Writes `benchmarks/results/quality.md` and `.json`. With `--only` or `--sample` the report is printed, not written.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from benchmarks.machine import publish
from benchmarks.quality.calibration import calibration
from benchmarks.quality.extraction import extraction
from benchmarks.quality.links import links
from benchmarks.quality.occupations import melo, robustness
from benchmarks.quality.section import Section, Setting
from benchmarks.quality.speed import speed
from benchmarks.quality.systems import systems
from benchmarks.quality.trainings import trainings

TASKS = (melo, links, trainings, extraction, robustness, calibration, speed)
COMPARABLE = (
    "What is comparable: leermatch's encoder was trained on the labels, alternative labels and descriptions of ESCO, "
    "which are also what is searched here; published encoders and models named by `--model` are zero-shot: they have "
    "not. Queries of MELO and the held-back share of the crosswalks were in no training, but settings were chosen by "
    "looking at these sets. TF-IDF and BM25 see the labels as they index them, and nothing else. ± is one standard "
    "error."
)


def main() -> None:
    asked = _arguments()
    setting = Setting(Path(os.environ["LEERMATCH_DATA"]), systems(asked.model), asked.sample)
    sections = [_run(task, setting) for task in TASKS if task.__name__ in asked.only]
    text = "\n\n".join([COMPARABLE, *(one.as_markdown() for one in sections)])
    if asked.sample is None and len(sections) == len(TASKS):
        publish("quality", "Quality", text, {"note": COMPARABLE, "sections": [one.as_dict() for one in sections]})
    else:
        print(text)


def _arguments() -> argparse.Namespace:
    names = [task.__name__ for task in TASKS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--model", action="append", default=[], help="a sentence-transformers model; repeatable")
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="some tasks; prints, writes nothing")
    parser.add_argument("--sample", type=int, help="queries per set; prints, writes nothing")
    return parser.parse_args()


def _run(task: object, setting: Setting) -> Section:
    begin = time.perf_counter()
    section = task(setting)  # type: ignore[operator]
    print(f"{section.title}: {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    return section


if __name__ == "__main__":
    main()
