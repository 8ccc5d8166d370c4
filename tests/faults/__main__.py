"""`python -m tests.faults [--count N] [--pages N] [--kind K] [--show]`: how many planted faults go unseen."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict

from tests.faults.kinds import GRAVEST, KINDS
from tests.faults.planting import Verdict, cases, judge

# Faults of each kind: in texts, in drawn pages.
COUNT, PAGES = 20, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--kind", action="append", choices=tuple(KINDS))
    parser.add_argument("--show", action="store_true", help="name the documents whose fault went unseen")
    wish = parser.parse_args()
    by_kind: dict[str, list[Verdict]] = defaultdict(list)
    for case in cases(wish.count, tuple(wish.kind or KINDS), wish.pages):
        verdict = judge(case)
        by_kind[case.kind].append(verdict)
        if wish.show and verdict.wrong and not verdict.noticed:
            print(f"unseen: {case.kind} in {case.form}, seed {case.seed}: {', '.join(verdict.wrong[:4])}")
    print(f"{'fault':18} planted harmful unseen near dropped  findings")
    for kind, verdicts in by_kind.items():
        print(_line(kind, verdicts))
    for name, kinds in (("gravest", GRAVEST), ("all", tuple(by_kind))):
        chosen = [v for kind in kinds for v in by_kind.get(kind, [])]
        if chosen:
            print(_line(name, chosen))


def _line(name: str, verdicts: list[Verdict]) -> str:
    harmful = [v for v in verdicts if v.wrong]
    unseen = sum(not v.noticed for v in harmful)
    codes = Counter(code for v in harmful for code in set(v.found)).most_common(4)
    said = ", ".join(f"{code} {n}" for code, n in codes) if name in KINDS else f"unseen {unseen / len(harmful):.1%}"
    near, dropped = sum(v.near for v in harmful), sum(v.dropped for v in harmful)
    return f"{name:18} {len(verdicts):7} {len(harmful):7} {unseen:6} {near:4} {dropped:7}  {said}"


if __name__ == "__main__":
    main()
