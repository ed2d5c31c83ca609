"""Coverage and calendar as SVG: text stays text, and colours are names that the page fills in for light and dark."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from matching.explanation.bundles import parts_of
from matching.explanation.evidence import Evidence
from matching.wording.say import say

COLOURS = {
    "ink": "#0a0001", "faint": "#0a0002", "held": "#0a0003", "added": "#0a0004", "open": "#0a0005",
    "own": "#0a0006", "travel": "#0a0007", "work": "#0a0008", "limit": "#0a0009", "surface": "#0a000a",
}  # fmt: skip
"""Stand-ins that matplotlib can draw with; each becomes `var(--name)`."""
WIDTH = 8.6
"""Inches; the page scales the picture to the width that it has."""
LABEL = 40
"""Letters of a label before it is cut; the table beside the picture holds all of it."""


def coverage(requirements: Sequence[Evidence], language: str) -> str:
    """One bar per requirement: what is held, what the plan adds, what stays open."""
    count = len(requirements)
    figure = _figure(0.42 * count + 0.5)
    axes = figure.add_axes((0.4, 0.26 / (0.42 * count + 0.5), 0.46, 1 - 0.4 / (0.42 * count + 0.5)))
    rows = range(count)
    held = [one["held"] for one in requirements]
    after = [max(one["held"], one["after"]) for one in requirements]
    axes.barh(rows, [1.0] * count, 0.6, color=COLOURS["open"])
    axes.barh(rows, after, 0.6, color=COLOURS["added"])
    axes.barh(rows, held, 0.6, color=COLOURS["held"])
    for row, one in enumerate(requirements):
        axes.text(1.03, row, say(language, "page.change", one), va="center", color=COLOURS["ink"])
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], [say(language, "page.share", {"share": share}) for share in (0.0, 0.5, 1.0)])
    _rows(axes, [one["label"] for one in requirements])
    return _svg(figure, "coverage")


def calendar(steps: Sequence[Evidence], weeks: Sequence[Evidence], per_week: float | None, language: str) -> str:
    """Above, when each step runs; below, the hours of every week, of which some on the road and some at work."""
    from matplotlib.ticker import MaxNLocator

    tall = 0.36 * len(steps)
    height = tall + 2.65
    figure = _figure(height)
    upper = figure.add_axes((0.4, 1 - (tall + 0.05) / height, 0.58, tall / height))
    lower = figure.add_axes((0.4, 0.4 / height, 0.58, 2.1 / height), sharex=upper)
    for row, part in ((row, part) for row, step in enumerate(steps) for part in parts_of([step])):
        start, end = date.fromisoformat(part["start"]), date.fromisoformat(part["end"])
        upper.barh(row, max(2, (end - start).days + 1), 0.55, left=_x(start), color=COLOURS["added"])
    _rows(upper, [f"{step['number']}. {step['title']}" for step in steps])
    upper.tick_params(labelbottom=False)
    days = [date.fromisoformat(week["start"]) for week in weeks]
    bottom = [0.0] * len(weeks)
    for name, heights in _stack(weeks):
        lower.bar([_x(day) for day in days], heights, 6.2, bottom, align="edge", color=COLOURS[name])
        bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
    if per_week is not None:
        lower.axhline(per_week, color=COLOURS["limit"], linewidth=1.4, dashes=(4, 3))
    lower.set_ylim(0, 1.12 * max([*bottom, per_week or 0.0, 1.0]))
    lower.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    lower.set_ylabel(say(language, "page.hours_a_week"), color=COLOURS["ink"])
    months = _months(days[0], days[-1] + timedelta(days=7))
    lower.set_xticks([_x(day) for day in months], [say(language, "page.month", {"day": day}) for day in months])
    upper.set_xlim(_x(days[0]) - 1, _x(days[-1]) + 8)
    _plain(lower)
    lower.tick_params(axis="x", pad=7)
    lower.grid(axis="y", color=COLOURS["faint"], linewidth=0.6)
    return _svg(figure, "calendar")


def _stack(weeks: Sequence[Evidence]) -> list[tuple[str, list[float]]]:
    """Travel is a part of own hours; hours at work come on top."""
    return [
        ("own", [max(0.0, week["own_hours"] - week["travel"]) for week in weeks]),
        ("travel", [week["travel"] for week in weeks]),
        ("work", [week["workplace"] for week in weeks]),
    ]


def _months(first: date, last: date) -> list[date]:
    """The first days of months in a span, thinned to what can be read side by side."""
    starts = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    inside = [day for day in starts if first <= day <= last] or [first]
    return inside[:: -(-len(inside) // 6)]


def _x(day: date) -> int:
    return day.toordinal()


def _rows(axes: Any, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), [_cut(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    _plain(axes)


def _cut(label: str) -> str:
    # A dollar sign would start mathematics.
    short = label if len(label) <= LABEL else label[: LABEL - 1].rstrip() + "…"
    return short.replace("$", r"\$")


def _plain(axes: Any) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, colors=COLOURS["ink"], labelcolor=COLOURS["ink"])
    axes.patch.set_visible(False)
    axes.set_axisbelow(True)


def _figure(height: float) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height))
    figure.patch.set_visible(False)
    return figure


def _svg(figure: Any, name: str) -> str:
    """The drawing itself, without XML head and metadata: the same bytes for the same numbers."""
    import matplotlib

    out = io.StringIO()
    fixed: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "leermatch", "font.size": 10.0}
    with matplotlib.rc_context(fixed):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(out, format="svg", metadata=nothing)
    drawing = out.getvalue()
    return _named(drawing[drawing.index("<svg") :], name)


def _named(drawing: str, name: str) -> str:
    """Ids that occur once in the page, the page's own font, colours by name, and no size of its own."""
    drawing = re.sub(r"<metadata>.*?</metadata>\s*", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", drawing)
    drawing = re.sub(r"font-family: [^;\"]+", "font-family: var(--font)", drawing)
    drawing = re.sub(r"font: ([\d.]+px) [^;\"]+", r"font: \1 var(--font)", drawing)
    for colour, code in COLOURS.items():
        drawing = drawing.replace(code, f"var(--{colour})")
    opening = re.sub(r' (?:width|height)="[^"]*"', "", drawing[: drawing.index(">")])
    return f'{opening} aria-hidden="true" focusable="false"{drawing[drawing.index(">") :]}'
