"""Plots as inline SVG: drawn by matplotlib, with text as text, colours that differ in lightness as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import StringIO
from statistics import median
from typing import TYPE_CHECKING, Any

from sopparse.compare.entries import Row
from sopparse.compare.figures import Figure
from sopparse.compare.questions import Comparison
from sopparse.compare.subjects import Subject
from sopparse.compare.table import Alignment

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# More lines than this cannot be read in one plot; what is left out is said in its title and stands in the tables.
MOST = 25
INK, DARK, MIDDLE, PALE = "#1b2a38", "#1f5a80", "#c77d1e", "#b9c6cf"
Say = Callable[[str], str]


def plots(comparison: Comparison, figures: Sequence[Figure], say: Say) -> dict[str, str]:
    """SVG by the name of the figure it shows; a figure without numbers has none. `say` gives the words of a key."""
    from matplotlib import use

    use("svg")
    by_name = {figure.name: figure for figure in figures}
    drawn = {
        "completeness": _heat(by_name["completeness"].rows, say),
        "ages": _bars(
            [row for row in by_name["ages"].rows if row["full_years"] is not None], "full_years", "documents", say
        ),
        "regulations": _states(by_name["regulations"].rows, say),
        "times": _boxes(comparison.groups, say),
        "violations": _stacks(comparison.answers["A13"], say),
    }
    return {name: svg for name, svg in drawn.items() if svg is not None}


def _svg(draw: Callable[[Axes], None], width: float, height: float) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    settings: dict[str, Any] = {
        "svg.fonttype": "none", "svg.hashsalt": "sopparse", "font.family": "sans-serif", "font.size": 9,
        "axes.edgecolor": INK, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
        "axes.spines.top": False, "axes.spines.right": False,
    }  # fmt: skip
    with rc_context(settings):  # type: ignore[arg-type]
        canvas = Canvas(figsize=(width, height), layout="constrained")
        draw(canvas.subplots())
        out = StringIO()
        canvas.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    # Inline in a page there is neither a prologue nor a document type; ids of several drawings must not meet.
    return re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)


def _short(text: object, most: int = 44) -> str:
    # A dollar sign would begin a formula.
    plain = str(text).replace("$", r"\$")
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _heat(rows: Sequence[Row], say: Say) -> str | None:
    from sopparse.compare.forms import PARTS

    shown = rows[:MOST]
    if not shown:
        return None
    names = list(PARTS)

    def draw(axes: Axes) -> None:
        values = [[row[name] for name in names] for row in shown]
        axes.pcolormesh(values, cmap="Blues", vmin=0, vmax=1, edgecolors="white")
        axes.invert_yaxis()
        axes.set_xticks(
            range(len(names)), [_short(say(f"column.{name}"), 20) for name in names], rotation=45, ha="right"
        )
        labels = [f"{_short(row['agency'] or say('unknown_agency'))} ({row['documents']})" for row in shown]
        axes.set_yticks([y + 0.5 for y in range(len(shown))], labels)
        for y, line in enumerate(values):
            for x, value in enumerate(line):
                colour = "white" if value > 0.6 else INK
                axes.text(x + 0.5, y + 0.5, f"{value:.0%}", ha="center", va="center", size=7, color=colour)

    return _svg(draw, 9.6, 1.8 + 0.27 * len(shown))


def _bars(rows: Sequence[Row], x: str, y: str, say: Say) -> str | None:
    if not rows:
        return None

    from matplotlib.ticker import MaxNLocator

    def draw(axes: Axes) -> None:
        axes.bar([row[x] for row in rows], [row[y] for row in rows], color=DARK)
        axes.set_xlabel(say(f"column.{x}"))
        axes.set_ylabel(say(f"column.{y}"))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))

    return _svg(draw, 6.4, 2.6)


def _states(rows: Sequence[Row], say: Say) -> str | None:
    """The most cited regulations, by their state today; hatched is what is replaced."""
    shown = list(reversed(rows[:MOST]))
    if not shown:
        return None
    from matplotlib.ticker import MaxNLocator

    looks = {"in-force": (DARK, ""), "replaced": (MIDDLE, "///"), "unknown": (PALE, "")}

    def draw(axes: Axes) -> None:
        for state, (colour, hatch) in looks.items():
            here = [(y, row["documents"]) for y, row in enumerate(shown) if row["state_today"] == state]
            if here:
                axes.barh(
                    [y for y, _ in here], [n for _, n in here], color=colour, hatch=hatch, edgecolor="white",
                    label=say(f"word.{state}"),
                )  # fmt: skip
        axes.set_yticks(range(len(shown)), [_short(row["id"]) for row in shown])
        axes.set_xlabel(say("column.documents"))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(loc="lower right", frameon=False)

    return _svg(draw, 7.6, 1.2 + 0.25 * len(shown))


def _boxes(groups: Sequence[Alignment], say: Say) -> str | None:
    """Total times of the procedures that several agencies have, each beside the others of its group."""
    totals = [(table.label, [hours for one in table.members if (hours := _hours(one))]) for table in groups]
    several = [(name, values) for name, values in totals if len(values) > 1]
    shown = sorted(several[:MOST], key=lambda pair: median(pair[1]))
    if not shown:
        return None

    from matplotlib.ticker import ScalarFormatter

    def draw(axes: Axes) -> None:
        values = [each for _, each in shown]
        axes.boxplot(values, orientation="horizontal", widths=0.6, medianprops={"color": MIDDLE})
        axes.set_yticks(range(1, len(shown) + 1), [f"{_short(name)} ({len(values)})" for name, values in shown])
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.xaxis.set_minor_formatter(ScalarFormatter())
        axes.set_xlabel(say("working_hours"))

    return _svg(draw, 8.2, 1.2 + 0.32 * len(shown))


def _hours(subject: Subject) -> float:
    """The longest time of all its steps that name one and are sure of it."""
    times = [step.minutes for step in subject.steps if step.minutes is not None and "duration" not in step.doubtful]
    return sum(high if high is not None else low or 0 for low, high in times) / 60


def _stacks(rows: Sequence[Row], say: Say) -> str | None:
    """Broken rules by agency."""
    agencies = list(dict.fromkeys(row["agency"] for row in rows))[:MOST]
    rules = sorted({row["rule"] for row in rows})
    if not rules:
        return None

    def draw(axes: Axes) -> None:
        from matplotlib import colormaps

        left = [0] * len(agencies)
        for number, rule in enumerate(rules):
            counts = [sum(row["agency"] == agency and row["rule"] == rule for row in rows) for agency in agencies]
            axes.barh(range(len(agencies)), counts, left=left, color=colormaps["tab20"](number % 20), label=rule)
            left = [a + b for a, b in zip(left, counts, strict=True)]
        axes.set_yticks(range(len(agencies)), [_short(agency or say("unknown_agency")) for agency in agencies])
        axes.invert_yaxis()
        axes.set_xlabel(say("column.count"))
        axes.legend(ncols=min(7, len(rules)), frameon=False, loc="upper center", bbox_to_anchor=(0.4, -0.18))

    return _svg(draw, 9.0, 1.5 + 0.27 * len(agencies))
