"""Results with defaults, so that a test shows only what matters to it. All names are invented."""

from __future__ import annotations

from typing import Any, Literal

from sopparse import model

SHA = "0" * 64


def finding(code: str = "test.code", severity: Literal["note", "warning", "error"] = "warning") -> model.Finding:
    return model.Finding(code=code, severity=severity, path="/sops/0", message="Uji.", message_en="Test.")


def sop(
    title: str | None = "Peminjaman Alat Peraga",
    *,
    layout: str = "sop-ap",
    activities: tuple[str, ...] = ("Menerima daftar alat", "Mencatat daftar alat"),
) -> model.Sop:
    steps = tuple(model.Step(number=n, activity=activity) for n, activity in enumerate(activities, start=1))
    procedures = (model.Procedure(steps=steps),) if steps else ()
    return model.Sop(pages=(1,), layout=layout, header=model.Header(title=title), procedures=procedures)


def result(
    *sops: model.Sop,
    name: str = "alat.txt",
    confidence: float = 0.93,
    findings: tuple[model.Finding, ...] = (),
    **more: Any,
) -> model.Result:
    return model.Result(
        source=model.Source(name=name, sha256=SHA, media_type="text/plain", pages=1, reading="text"),
        status=more.get("status", "complete"),
        sops=sops or (sop(),),
        report=model.Report(
            confidence=confidence,
            grade=more.get("grade", "excellent"),
            fields=more.get("fields", {}),
            findings=findings,
            coverage=model.Coverage(words=10, placed=10),
        ),
    )
