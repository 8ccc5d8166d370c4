"""Hand-made procedures with flows, for what draws them. All names are invented."""

from __future__ import annotations

from sopparse import model
from sopparse.export.chart import Wording
from sopparse.vocab import load
from tests import factories

WORDS = Wording.from_entries(load("exports"))


def duration(text: str, *, minutes: float = 30, iso8601: str | None = "PT30M") -> model.Duration:
    part = model.DurationPart(min=minutes, max=minutes, unit="minute")
    return model.Duration(text=text, parts=(part,), minutes=(minutes, minutes), iso8601=iso8601)


def step(number: int, activity: str | None = None, *actors: str, **more: object) -> model.Step:
    fields = {"number": number, "activity": activity or f"Menangani berkas {number}", "actors": actors, **more}
    return model.Step.model_validate(fields)


def node(text: str) -> model.Node:
    """`id/step/actor/symbol/words`; a dash leaves out, missing parts too."""
    key, number, actor, symbol, words = (*text.split("/"), *"----")[:5]
    return model.Node(
        id=key,
        step=None if number == "-" else int(number),
        actor=None if actor == "-" else actor,
        symbol="process" if symbol == "-" else symbol,  # type: ignore[arg-type]
        text=None if words == "-" else words,
    )


def edges(links: str) -> tuple[model.Edge, ...]:
    """`a b` from a to b, `a b yes` with a condition; separated by commas."""
    found = []
    for link in filter(None, map(str.strip, links.split(","))):
        source, target, *condition = link.split()
        found.append(model.Edge.model_validate({"from": source, "to": target, "condition": (condition or [None])[0]}))
    return tuple(found)


def flow(nodes: str, links: str = "") -> model.Flow:
    return model.Flow(nodes=tuple(node(part) for part in nodes.split()), edges=edges(links))


def actors(*labels: str | None) -> tuple[model.Actor, ...]:
    return tuple(model.Actor(id=f"a{n}", label=label) for n, label in enumerate(labels, start=1))


def result(*procedures: model.Procedure, title: str | None = "Peminjaman Alat Peraga", **more: object) -> model.Result:
    sop = factories.sop(title).model_copy(update={"procedures": procedures})
    return factories.result(sop, **more)  # type: ignore[arg-type]


def plain(count: int = 4) -> model.Procedure:
    """As text documents give it: steps and actors, no flow; some actors unknown."""
    steps = tuple(step(n, None, *(("a1",) if n % 2 else ())) for n in range(1, count + 1))
    return model.Procedure(actors=actors("Petugas", "Kepala Seksi"), steps=steps)


def loops() -> model.Procedure:
    """Two decisions with ways back, a capsule at either end, data and notes at the steps."""
    texts = (
        (
            "Pemohon mengajukan formulir peminjaman alat peraga beserta salinan kartu anggota",
            ("Formulir", "Kartu anggota"),
        ),
        ("Memeriksa kelengkapan formulir; yang belum lengkap dikembalikan kepada pemohon", ("Formulir",)),
        ("Mencatat formulir pada buku agenda dan meneruskannya", ("Buku agenda",)),
        (
            "Menelaah dan memberi persetujuan; bila tidak disetujui dikembalikan untuk diperbaiki",
            ("Nota telaah", "Formulir"),
        ),
        ("Menyiapkan alat peraga sesuai daftar", ("Daftar alat", "Kunci gudang", "Berita acara serah terima alat")),
        ("Menyerahkan alat kepada pemohon", ()),
    )
    owners = ("a1", "a2", "a2", "a4", "a3", "a1")
    steps = tuple(
        step(
            n,
            text,
            owner,
            requirements=needs,
            outputs=(f"Hasil langkah {n} yang sudah diparaf",),
            duration=duration("30 menit"),
            note="Lihat SOP Pengarsipan Dokumen" if n == 3 else None,
        )
        for n, ((text, needs), owner) in enumerate(zip(texts, owners, strict=True), start=1)
    )
    return model.Procedure(
        actors=actors(
            "Pemohon", "Petugas Pelayanan", "Pengelola Gudang", "Kepala Bidang Sarana, Prasarana dan Pelaporan"
        ),
        steps=steps,
        flow=flow(
            "n1/1/a1/terminator n2/2/a2/decision/Lengkap? n3/3/a2 n4/4/a4/decision n5/5/a3 n6/6/a1/terminator",
            "n1 n2, n2 n1 no, n2 n3 yes, n3 n4, n4 n3 no, n4 n5 yes, n5 n6",
        ),
    )


def paged() -> model.Procedure:
    """A page break with its pair of connectors, several symbols in one row, capsules with words of their own."""
    return model.Procedure(
        actors=(
            model.Actor(id="a1", label="Staf", group="Satker Pengirim"),
            model.Actor(id="a2", label="Kasubag", group="Satker Pengirim"),
            model.Actor(id="a3", label="Petugas Loket", group="Satker Penerima"),
            model.Actor(id="a4", label=None),
        ),
        steps=tuple(step(n) for n in range(1, 7)),
        flow=flow(
            "s/1/a1/terminator/Mulai n1/1/a1 n2/2/a2 n2b/2/a1/process/Paraf n3/3/a2/decision p/3/a3/off-page/A "
            "q/4/a3/off-page/A n4/4/a3/document n5/5/a4 n6/6/a1 e/6/a1/terminator/Selesai",
            "s n1, n1 n2, n2 n2b, n2b n3, n3 n1 no, n3 p yes, p q, q n4, n4 n5, n5 n6, n6 e",
        ),
    )


def crowded() -> model.Procedure:
    """Many ways back and ahead over many lanes: what routing has to keep apart."""
    count = 12
    lanes = [1, 3, 2, 5, 4, 1, 5, 3, 2, 4, 1, 5]
    symbols = ["terminator", *["decision" if n % 3 == 0 else "process" for n in range(2, count)], "terminator"]
    nodes = " ".join(f"n{n}/{n}/a{lanes[n - 1]}/{symbols[n - 1]}" for n in range(1, count + 1))
    ahead = [f"n{n} n{n + 1}" + (" yes" if symbols[n - 1] == "decision" else "") for n in range(1, count)]
    back = ["n3 n1 no", "n6 n2 no", "n9 n4 no", "n2 n7", "n4 n11", "n8 n6", "n10 n10", "n5 n3", "n7 n12"]
    return model.Procedure(
        actors=actors("Pemohon", "Staf", "Kepala Seksi", "Kepala Bidang", "Kepala Dinas"),
        steps=tuple(step(n) for n in range(1, count + 1)),
        flow=flow(nodes, ", ".join([*ahead, *back])),
    )


HOSTILE = (
    "Kutip \"ganda\" dan 'tunggal' \\ garis",
    "[kurung] (siku) {kurawal} <b>tebal</b> &amp; & <script>alert(1)</script>",
    "`cetak` ```mermaid``` **tebal** _miring_ # tanda; akhir %% catatan",
    "baris satu\nbaris dua\r\n\tbaris tiga\x00\x0b\ufffe",
    "end subgraph A --> B --- C ==> D -.-> E |x| :::kelas click style linkStyle",
    "=1+1 +62 -3 @SUM(A1) 😀 العربية 漢字",
    "1. Angka di depan\n- butir\n* butir",
    "kata" * 200,
    "Menyampaikan berkas permohonan yang sudah lengkap kepada pejabat yang berwenang " * 40,
    "#quot; #35; &#35; $x^2$ $$y$$ ~~~ \\n fa:fa-user",
    " ",
    "graph",
)


def hostile() -> model.Procedure:
    """Labels that break out of careless quoting, and far too long ones, in every place that a chart writes."""
    steps = tuple(
        step(
            n,
            text,
            f"a{(n - 1) % 4 + 1}",
            note=text,
            requirements=(text,),
            outputs=(text, text),
            duration=model.Duration(text=text),
        )
        for n, text in enumerate(HOSTILE, start=1)
    )
    chain = ", ".join(f"n{n} n{n + 1}" for n in range(1, len(HOSTILE)))
    nodes = tuple(
        model.Node(
            id=f"n{n}", step=n, actor=f"a{(n - 1) % 4 + 1}", symbol="decision" if n % 2 else "process", text=text
        )
        for n, text in enumerate(HOSTILE, start=1)
    )
    return model.Procedure(
        actors=actors(*HOSTILE[:4]), steps=steps, flow=model.Flow(nodes=nodes, edges=edges(chain + ", n3 n1 no"))
    )


PROCEDURES = {f.__name__: f for f in (plain, loops, paged, crowded, hostile)}
