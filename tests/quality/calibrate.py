"""Fits the confidence of values to how often they are right, and says how well that holds for documents not fitted to.

python -m tests.quality.calibrate [--write] [--share S]

Fitted to: generated texts, drawn pages, pages of office programs, scans (half `fit`), and the real documents with gold
where they are at hand. Measured on: other generated documents (half `held`), and each real document with a table fitted
to all others. `--write` writes `sopparse/vocab/calibration.toml`; `--share` takes only a part of the documents.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from sopparse.cli.words import table as shown
from tests.faults.planting import cases
from tests.quality.documents import Asked, Read, generated, parsed, read_all, real
from tests.quality.fitting import Table, fit
from tests.quality.reliability import Predict, by_group, report, risk, samples_from
from tests.quality.samples import Sample

TARGET = Path(__file__).parent.parent.parent / "sopparse/vocab/calibration.toml"
# Documents of each kind; a scan takes as long as 200 texts.
FIT = {"texts": 420, "drawn": 90, "office": 32, "scans": 45}
HELD = {"texts": 220, "drawn": 60, "office": 32, "scans": 24}
# Planted faults of each kind, for what findings say about values.
FAULTS = 16
# A value of a real document counts as much as so many generated ones: they are few, and what the table is for.
REAL_WEIGHT = 4.0
FOLDS = 5


def weigh(sample: Sample) -> float:
    return REAL_WEIGHT if sample.group == "real" else 1.0


def collect(asked: Sequence[Asked], first: int = 0) -> list[Sample]:
    return samples_from(read_all(list(asked)), first)


def faulty() -> list[Sample]:
    """Values of documents with a planted fault, against the truth before it."""
    read = []
    for case in cases(FAULTS):
        result = parsed("pages.pdf" if case.form == "drawn" else "text.txt", case.spoilt)
        read.append(Read(Asked("faulty", "fit", case.seed, case.kind), case.truth, result))
    return samples_from(read, 10**6)


# -- what is measured -----------------------------------------------------------------------------------------------


def features(samples: Sequence[Sample], flagged: Sequence[Sample]) -> None:
    """What each feature is worth: log loss and Brier score of documents left out, fifth by fifth."""
    rows = [("features", "log loss", "Brier")]
    models: dict[str, Callable[[Sequence[Sample]], Predict]] = {
        "read x place x parse as it is": lambda _: lambda s: s.raw,
        "one curve": lambda part: _curve_of(part, kind=False, medium=False),
        "a curve for each kind": lambda part: _curve_of(part, kind=True, medium=False),
        "a curve for each medium": lambda part: _curve_of(part, kind=False, medium=True),
        "kind and medium": lambda part: _curve_of(part, kind=True, medium=True),
        "kind, medium and findings": lambda part: fit(part, weigh, flagged).of,
    }
    for name, make in models.items():
        loss = brier = 0.0
        for fold in range(FOLDS):
            predict = make([s for s in samples if s.document % FOLDS != fold])
            for s in (s for s in samples if s.document % FOLDS == fold):
                p = min(max(predict(s), 0.001), 0.999)
                loss -= math.log(p if s.right else 1 - p)
                brier += (p - s.right) ** 2
        rows.append((name, f"{loss / len(samples):.4f}", f"{brier / len(samples):.4f}"))
    print(shown(rows))


def _curve_of(part: Sequence[Sample], kind: bool, medium: bool) -> Predict:
    from dataclasses import replace

    def plain(s: Sample) -> Sample:
        return replace(s, kind=s.kind if kind else "number", medium=s.medium if medium else "text", codes=frozenset())

    fitted = fit([plain(s) for s in part], weigh)
    return lambda s: fitted.of(plain(s), findings=False)


def one_out(samples: Sequence[Sample], others: Sequence[Sample], flagged: Sequence[Sample]) -> dict[int, Table]:
    """For each document a table fitted to all others."""
    return {
        number: fit([*others, *(s for s in samples if s.document != number)], weigh, flagged)
        for number in sorted({s.document for s in samples})
    }


# -- what is written ------------------------------------------------------------------------------------------------


def text(table: Table, counts: dict[str, int], today: str) -> str:
    return "\n".join(_lines(table, counts, today)) + "\n"


def _lines(table: Table, counts: dict[str, int], today: str) -> Iterator[str]:
    yield "# Which share of the values was right, by kind, medium and the product of their signals: [product, share]."
    yield "# Written by `make calibrate`: do not edit. What the kinds are: sopparse/confidence.py."
    yield ""
    yield f'date = "{today}"'
    yield ""
    yield "# Documents that it was fitted to."
    yield "[documents]"
    yield from (f"{name} = {count}" for name, count in sorted(counts.items()))
    yield ""
    yield "# Kinds that were not measured."
    yield "[default]"
    yield f"knots = {_knots(table.default)}"
    for kind in dict.fromkeys(kind for kind, _ in table.curves):
        yield ""
        yield f"[curves.{kind}]"
        for (name, medium), knots in table.curves.items():
            if name == kind:
                yield f"{medium} = {_knots(knots)}  # {table.counts[name, medium]} values"
    yield ""
    yield "# By what the confidence is multiplied of values that a finding points at: how many there were, and right."
    yield "[findings]"
    for code, (trust, seen, right) in table.trusts.items():
        yield f"{json.dumps(code)} = {{ trust = {trust}, values = {seen}, right = {right} }}"


def _knots(knots: Sequence[Sequence[float]]) -> str:
    return json.dumps([list(knot) for knot in knots])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--share", type=float, default=1.0)
    wish = parser.parse_args()
    begun = perf_counter()
    part = {name: max(1, round(count * wish.share)) for name, count in FIT.items()}
    fitted_to = collect(list(generated("fit", **part)))
    held = collect(list(generated("held", **{k: max(1, round(n * wish.share)) for k, n in HELD.items()})))
    known = collect(list(real()), first=10**5)
    flagged = faulty()
    print(f"read in {perf_counter() - begun:.0f} s: {len(fitted_to)} values to fit, {len(held)} held out, ", end="")
    print(f"{len(known)} of real documents, {len(flagged)} of documents with a planted fault")
    print("\nWhat the features are worth, cross-validated by document")
    features([*fitted_to, *known], flagged)
    final = fit([*fitted_to, *known], weigh, flagged)
    evaluate(final, held, known, fitted_to, flagged)
    counts = Counter(s.group for s in {s.document: s for s in [*fitted_to, *known]}.values())
    if wish.write:
        TARGET.write_text(text(final, counts, datetime.date.today().isoformat()), encoding="utf-8")
        print(f"written: {TARGET}")
    print(f"{perf_counter() - begun:.0f} s")


def evaluate(
    final: Table, held: list[Sample], known: list[Sample], fitted_to: list[Sample], flagged: list[Sample]
) -> None:
    report("Generated documents that were not fitted to", held, final.of)
    by_group(held, final.of, lambda s: s.group)
    by_group(held, final.of, lambda s: f"{s.medium}: {s.kind}")
    risk(held, final.of)
    plain = [s for s in held if s.medium != "scan"]
    report("... of these, texts and drawn pages", plain, final.of)
    if known:
        without = one_out(known, fitted_to, flagged)
        report("Real documents, each with a table fitted to all others", known, lambda s: without[s.document].of(s))
        by_group(known, lambda s: without[s.document].of(s), lambda s: s.medium)
        risk(known, lambda s: without[s.document].of(s))


if __name__ == "__main__":
    main()
