"""Results in other notations. Every exporter is loaded at its first use; the formats do not know each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sopparse.export.chart import Place, Wording
    from sopparse.model import Result


@dataclass(frozen=True, slots=True)
class Drawing:
    """A format that draws one procedure as one text."""

    suffix: str
    render: Callable[[Result, Place, Wording], str]


@dataclass(frozen=True, slots=True)
class Tables:
    """A format that puts all results into one set of tables: one file, or by name the files for a folder."""

    suffix: str
    render: Callable[..., bytes]
    files: Callable[..., dict[str, bytes]] | None = None


def _bpmn() -> Drawing:
    from sopparse.export.bpmn import SUFFIX, render

    return Drawing(SUFFIX, render)


def _mermaid() -> Drawing:
    from sopparse.export.mermaid import SUFFIX, render

    return Drawing(SUFFIX, render)


def _csv() -> Tables:
    from sopparse.export.tables import csv_files, render_csv

    return Tables(".zip", render_csv, csv_files)


def _xlsx() -> Tables:
    from sopparse.export.tables import render_xlsx

    return Tables(".xlsx", render_xlsx)


EXPORTERS: dict[str, Callable[[], Drawing | Tables]] = {"bpmn": _bpmn, "mermaid": _mermaid, "csv": _csv, "xlsx": _xlsx}


def places(results: Sequence[Result]) -> list[tuple[Result, Place]]:
    """Every procedure that has anything to draw."""
    from sopparse.export.chart import Place

    return [
        (result, Place(s, p))
        for result in results
        for s, sop in enumerate(result.sops)
        for p, procedure in enumerate(sop.procedures)
        if procedure.steps or procedure.flow.nodes
    ]
