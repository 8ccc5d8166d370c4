"""Texts that are nearly procedure documents: generated ones with lines lost, doubled, joined, torn; and lines put
together from labels, cells, separators and markup."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from sopparse import vocab
from tests.generator import document

_SEPARATORS = '\t|;,<>&"*: '


def _labels() -> list[str]:
    tables = vocab.load("labels")
    return sorted({example for group in tables.values() for entry in group.values() for example in entry["examples"]})


_CELLS = [
    "1", "2.", "(3)", "a.", "- ", "x", "√", "5 Menit", "1-2 hari kerja", "-", "Staf menerima surat", "Kepala Seksi",
    "Undang-Undang Nomor 3 Tahun 2031 tentang Contoh", "Mampu mengetikMemahami arsip", "Laptop Printer", "12 Mei 2031",
    "PEMERINTAH KABUPATEN TIRTAMUKTI", "DINAS ARSIP", "NIP. 19800101 200501 1 001", "Ratna Prameswara, S.Sos",
    "Jumlah waktu 30 menit", "Ket: *) bila perlu", "Halaman 1 dari 2", "\u202eabc", "e\u0301",
    "𝟙𝟚", "İ", "ﬁ", "²", "\x1f",
]  # fmt: skip
_MARKS = [
    "\t", "\n", "\n\n", " ", "    ", "|", " | ", "|\n|", ";", ",", "\f", "\r\n", "\r", "\v", "\u2028", "\u00a0", ":",
    " : ",
    "<td>", "</td>", "<tr>", "</tr>", "<table>", "</table>", '<td colspan="3" rowspan=2>', "<br>", "<b>", "</b>",
    "<ol><li>",
    "<p>", "<!--", "-->", "<style>", "</style>", "&amp;", "&nbsp;", "&lt;", "&#0;", "**", "__", "# ", '"', '""',
    "|---|---|\n",
]  # fmt: skip


def lines() -> st.SearchStrategy[bytes]:
    """Labels, cells and marks in any order."""
    piece = st.one_of(st.sampled_from(_labels()), st.sampled_from(_CELLS), st.sampled_from(_MARKS))
    return st.lists(piece, min_size=5, max_size=90).map(lambda parts: "".join(parts).encode())


def mutated() -> st.SearchStrategy[bytes]:
    """A generated document, damaged by lines."""
    return st.tuples(st.integers(0, 400), st.integers(0, 2**32)).map(lambda seeds: mutate(*seeds))


def mutate(document_seed: int, seed: int) -> bytes:
    rng = Random(seed)
    lines = document(document_seed)[1].decode("utf-8", "replace").replace("\0", "").split("\n")
    for _ in range(rng.randint(1, 8)):
        i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines = _damaged(rng, lines, i, j) or [""]
    return "\n".join(lines).encode("utf-8", "replace")


def _damaged(rng: Random, lines: list[str], i: int, j: int) -> list[str]:
    line = lines[i]
    changed = (
        lambda: [*lines[:i], *lines[i + rng.randint(1, 5) :]],
        lambda: [*lines[:i], *lines[j : j + rng.randint(1, 15)], *lines[i:]],
        lambda: [*lines[:i], line.replace("\t", " "), *lines[i + 1 :]],
        lambda: [*lines[:i], line.replace(" ", "\t", rng.randint(1, 3)), *lines[i + 1 :]],
        lambda: [*lines[:i], line + lines[j], *lines[i + 1 :]],
        lambda: [*lines[:i], "".join(c for c in line if rng.random() > 0.1), *lines[i + 1 :]],
        lambda: [*lines[:i], line.replace(" ", ""), *lines[i + 1 :]],
        lambda: [
            *lines[:i],
            "".join(rng.choice(_SEPARATORS) if rng.random() < 0.05 else c for c in line),
            *lines[i + 1 :],
        ],
    )
    return rng.choice(changed)()
