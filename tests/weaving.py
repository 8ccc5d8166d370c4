"""Procedure tables with exact truth, printed without borders in the ways in which real ones reach us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from sopparse.page import Word, Words

# Advance widths of Helvetica in 1/1000 em (Adobe font metrics): cells wrap where the next word would not fit on
# paper, not at a count of characters.
_ADVANCE = {
    **dict.fromkeys("abdeghnopqu0123456789L", 556),
    **dict.fromkeys("ckszJvxy", 500),
    **dict.fromkeys("ijl", 222),
    **dict.fromkeys("ft/.,:; I", 278),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("r()-", 333),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("mM", 833),
    "W": 944,
}

_THINGS = """berkas usulan|rekap kehadiran pegawai|daftar hadir peserta|surat permohonan pinjam ruang|nota dinas|
laporan persediaan barang|formulir isian kebun bibit|data peserta pelatihan|kartu kendali alat|jadwal ronda taman|
usulan anggaran kegiatan|buku tamu|lembar disposisi|undangan rapat koordinasi|notulen rapat|peta lokasi embung|
daftar induk arsip|laporan hasil pemeriksaan lapangan|surat tugas tim|dokumen pengadaan benih|rincian biaya perjalanan|
berita acara serah terima|rancangan keputusan kepala dinas|bahan paparan|tanda terima berkas""".replace("\n", "")
_STATES = """yang sudah diisi|yang telah diperiksa|yang telah ditandatangani|yang sudah diparaf|
yang telah disetujui kepala bidang|yang sudah diberi nomor|yang lengkap dan benar|yang telah diarsipkan|
hasil perbaikan|yang diterima oleh masing-masing seksi""".replace("\n", "")
_SUPPLIES = "ATK|Komputer|ATK, Komputer|Disposisi|Agenda surat masuk|Komputer dan Printer|Aplikasi Sipadu|Telepon"
_ACTORS = """Kepala Dinas|Sekretaris|Kasubag Umum|Kabid Tata Kebun|Kasi Benih|Staf|Pengelola Arsip|Bendahara|
Petugas Loket|Kasubag Program dan Keuangan|Tim Penilai|Pemohon""".replace("\n", "")
_VERBS = """Menyusun|Memeriksa|Menerima|Mencatat|Menandatangani|Memaraf|Menyerahkan|Mengoreksi|Mengarsipkan|
Memverifikasi|Menyiapkan|Mengumpulkan|Menggandakan|Memerintahkan penyusunan|Menelaah|Membuat""".replace("\n", "")
_TAILS = """dan menyerahkan kepada {actor}|untuk diteruskan kepada {actor}|kemudian disampaikan ke {actor}|
jika sesuai diparaf, jika tidak dikembalikan ke {actor} untuk diperbaiki|sesuai dengan ketentuan yang berlaku|
dan mencatat dalam buku agenda|secara lengkap dan benar||dari {actor} dan memeriksa kelengkapannya""".replace("\n", "")
_DURATIONS = """5 menit|10 Menit|15 Menit|30 menit|1 Jam|2 jam|1 Hari|2 Hari|3 hari|1 hari kerja|5-10 menit|
2 Minggu|60 Menit|1 x 24 jam|3 (tiga) hari""".replace("\n", "")
_NOTES = "SOP Persuratan|Setiap akhir bulan|SOP Pengarsipan|Tiap awal triwulan|Jika lengkap|Lihat SOP Serah Terima"
_TITLES = "PROSEDUR PENYUSUNAN {}|MEKANISME PENGELOLAAN {}|PROSEDUR PELAYANAN {}"

FIELDS = ("number", "activity", "requirements", "duration", "output", "note")


@dataclass(frozen=True, slots=True)
class Step:
    number: str
    activity: str
    requirements: str
    duration: str
    output: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Woven:
    """A printed table: its lines as they reach us, and what was in its cells."""

    lines: tuple[str, ...]
    steps: tuple[Step, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Damage:
    """What the reading of the page did to the lines; each a probability."""

    number_lost: float = 0.0  # of a row
    bar: float = 0.0  # a '|' behind the number
    speck: float = 0.0  # a loose mark at the start of a line
    blank: float = 0.0  # an empty line inside or between rows
    junk_line: float = 0.0
    drift: bool = False  # a line of one of the last rows stands in pieces above the heading
    heading_torn: float = 0.0


PLAIN = Damage(bar=0.3, blank=0.05)
NOISY = Damage(number_lost=0.1, bar=0.6, speck=0.06, blank=0.12, junk_line=0.03, heading_torn=0.4)
DRIFTED = replace(NOISY, drift=True)


def advance(text: str) -> float:
    return sum(_ADVANCE.get(c, 556) for c in text) / 530


def wrap(text: str, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and advance(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def pick(rng: Random, pool: str) -> str:
    return rng.choice(pool.split("|"))


def _cased(rng: Random, text: str, title_case: bool) -> str:
    if title_case:
        return " ".join(w if w in {"yang", "dan", "oleh", "di"} else w[:1].upper() + w[1:] for w in text.split())
    return text[:1].upper() + text[1:]


def invent(rng: Random, steps: int | None = None) -> tuple[Step, ...]:
    """A procedure in which the output of a step is mostly the requirement of the next."""
    title_case, actors_written = rng.random() < 0.6, rng.random() < 0.4
    notes, numbered = rng.random() < 0.25, rng.random() < 0.85
    things = rng.sample(_THINGS.split("|"), rng.randint(2, 4))
    chained = rng.choice((0.5, 0.75, 0.95))
    previous: str | None = None
    made: list[Step] = []
    for number in range(1, (steps or rng.randint(3, 12)) + 1):
        thing = rng.choice(things)
        output = thing if rng.random() < 0.3 else f"{thing} {pick(rng, _STATES)}"
        if previous is not None and rng.random() < chained:
            needed = previous
        else:
            needed = pick(rng, _SUPPLIES) if rng.random() < 0.6 else rng.choice(things)
        tail = pick(rng, _TAILS).format(actor=pick(rng, _ACTORS))
        verb = pick(rng, _VERBS)
        subject = f"{pick(rng, _ACTORS)} " if actors_written else ""
        if subject and rng.random() < 0.5:
            verb = verb.lower()
        written = _cased(rng, thing, True) if title_case else thing
        made.append(
            Step(
                number=str(number) if numbered else "",
                activity=" ".join(f"{subject}{verb} {written} {tail}".split()),
                requirements=_cased(rng, needed, title_case and rng.random() < 0.9),
                duration=pick(rng, _DURATIONS),
                output=_cased(rng, output, title_case),
                note=pick(rng, _NOTES) if notes and rng.random() < 0.6 else "",
            )
        )
        previous = output
    return tuple(made)


def _widths(rng: Random, notes: bool) -> dict[str, float]:
    widths = {"activity": rng.uniform(26, 56), "requirements": rng.uniform(13, 25), "output": rng.uniform(13, 25)}
    return {**widths, "duration": 30.0, "note": rng.uniform(12, 20) if notes else 0.0, "number": 9.0}


def _cells(step: Step, widths: dict[str, float]) -> dict[str, list[str]]:
    return {name: wrap(getattr(step, name), widths[name]) for name in FIELDS}


def _heading(rng: Random, notes: bool, damage: Damage) -> list[str]:
    top = "No Kegiatan Pelaksana Mutu Baku" + (" Keterangan" if notes or rng.random() < 0.5 else "")
    bottom = f"{rng.choice(('Staf', 'Kasi', 'Kabid'))} Sekretaris Kelengkapan Waktu Output"
    lines = [top, bottom]
    if rng.random() < damage.heading_torn:
        lines = [top.replace("No Kegiatan ", ""), "he Bagtan l(ts:)::g", bottom, "dan Umum"]
    return lines


def _title(rng: Random, steps: Sequence[Step]) -> str:
    return pick(rng, _TITLES).format(pick(rng, _THINGS).upper())


def weave(rng: Random, steps: Sequence[Step], damage: Damage = PLAIN) -> Woven:
    """Line k of every cell of a row on one line, joined by single spaces."""
    notes = any(step.note for step in steps)
    widths = _widths(rng, notes)
    body: list[str] = []
    drifted: list[str] = []
    truth: list[Step] = []
    # the line that drifts: the second of a late row of which at least two cells go on
    late = [i for i, s in enumerate(steps) if sum(len(c) > 1 for c in _cells(s, widths).values()) > 1][-2:]
    drifting = rng.choice(late) if damage.drift and late else None
    for i, step in enumerate(steps):
        cells = _cells(step, widths)
        if step.number and rng.random() < damage.number_lost:
            cells["number"], step = [], replace(step, number="")
        truth.append(step)
        for k in range(max(len(c) for c in cells.values())):
            parts = [cells[name][k] for name in FIELDS if k < len(cells[name])]
            if k == 1 and i == drifting:
                drifted.extend(parts)
                continue
            if k == 0 and cells["number"] and rng.random() < damage.bar:
                parts.insert(1, "|")
            if rng.random() < damage.speck:
                parts.insert(0 if k else bool(cells["number"]), rng.choice("—“‘|"))
            if rng.random() < damage.blank:
                body.append("")
            body.append(" ".join(parts))
        if rng.random() < damage.junk_line:
            body.append(rng.choice(("| —", ". ‘", "_ |")))
    title = _title(rng, steps)
    lines = [title, "", *(line for d in drifted for line in (d, "")), *_heading(rng, notes, damage), *body]
    return Woven(tuple(lines), tuple(truth), title)


def spread(rng: Random, steps: Sequence[Step], centred: bool = False) -> Woven:
    """Cells at their places on the page, the gutters wide: what a layout-keeping text extraction prints."""
    notes = any(step.note for step in steps)
    widths = {"number": 4, "activity": rng.randint(28, 46), "actor": rng.randint(12, 30)}
    widths |= {"requirements": rng.randint(16, 26), "duration": 12, "output": rng.randint(16, 26), "note": 18}
    starts, at = {}, 0
    for name, width in widths.items():
        starts[name] = at
        at += width + rng.randint(2, 4)
    lines = [
        "",
        _placed({"number": "No", "activity": "Kegiatan", "actor": "Pelaksana", "requirements": "Mutu Baku"}, starts),
    ]
    second = {"actor": "Staf Kabid", "requirements": "Kelengkapan", "duration": "Waktu", "output": "Output"}
    lines.append(_placed(second | ({"note": "Ket"} if notes else {}), starts))
    gap = rng.random() < 0.5
    for step in steps:
        cells = {name: _chunks(getattr(step, name), widths[name]) for name in FIELDS}
        height = max(len(c) for c in cells.values())
        shift = {name: (height - len(c)) // 2 if centred else 0 for name, c in cells.items()}
        for k in range(height):
            here = {n: c[k - shift[n]] for n, c in cells.items() if 0 <= k - shift[n] < len(c)}
            lines.append(_placed(here, starts))
        if gap:
            lines.append("")
    title = _title(rng, steps)
    return Woven((title, *lines), tuple(steps), title)


def _chunks(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _placed(parts: dict[str, str], starts: dict[str, int]) -> str:
    line = ""
    for name, text in sorted(parts.items(), key=lambda item: starts[item[0]]):
        line = line.ljust(starts[name]) + text
    return line


def stack(rng: Random, steps: Sequence[Step]) -> Woven:
    """Every cell alone: its lines one below the other, the cells of a row in order."""
    notes = any(step.note for step in steps)
    widths = _widths(rng, notes)
    title = _title(rng, steps)
    lines = [title, "No", "Kegiatan", "Pelaksana", "Mutu Baku", "Kelengkapan", "Waktu", "Output"]
    lines += ["Keterangan"] if notes else []
    for step in steps:
        for name in FIELDS:
            lines.extend(wrap(getattr(step, name), widths[name]))
    return Woven(tuple(lines), tuple(steps), title)


def words_of(lines: Sequence[str]) -> tuple[Words, ...]:
    """The lines as a reader of plain text gives them."""
    made: list[Words] = []
    index = offset = 0
    for number, line in enumerate(lines):
        words: list[Word] = []
        column = 0
        for text in line.split():
            column = line.index(text, column)
            span = (offset + column, offset + column + len(text))
            words.append(Word(text, index, span=span, line=number, column=column))
            column += len(text)
            index += 1
        made.append(tuple(words))
        offset += len(line) + 1
    return tuple(made)


Printer = Callable[[Random, Sequence[Step]], Woven]
