"""Sources that are no SOP of the known form, and sources that are no document at all."""

from __future__ import annotations

from random import Random

from tests.generator.words import load, worded

HUGE = 100_000


def hostile() -> list[tuple[str, bytes]]:
    """Name and bytes of each; the same on every call."""
    rng = Random("hostile")
    foreign = [(name, _foreign(rng, lines)) for name, lines in load("foreign")["forms"].items()]
    prose = [(f"prose-{name}", _prose(rng, parts).encode()) for name, parts in load("foreign")["prose"].items()]
    return [*foreign, *prose, *_bytes(rng), *_shapes()]


def _foreign(rng: Random, lines: list[str]) -> bytes:
    return "\n".join(worded(rng, line) if "\t" not in line else line for line in lines).encode()


def _prose(rng: Random, parts: dict[str, list[str]], sentences: int = 400) -> str:
    order = ("who", "does", "what", "where")
    made = [" ".join(rng.choice(parts[name]) for name in order) + "." for _ in range(sentences)]
    return "\n\n".join(" ".join(made[i : i + 7]) for i in range(0, sentences, 7))


def _bytes(rng: Random) -> list[tuple[str, bytes]]:
    junk = rng.randbytes(50_000)
    return [
        ("empty", b""),
        ("spaces", b" \n\t \r\n " * 500),
        ("nul-bytes", b"\0" * 5_000),
        ("nul-between", "\0".join("Nomor SOP 12/ABC").encode()),
        ("binary", junk),
        ("binary-png", b"\x89PNG\r\n\x1a\n" + junk),
        ("binary-pdf-cut", b"%PDF-1.7\n" + junk[:3_000]),
        ("binary-zip", b"PK\x03\x04" + junk[:3_000]),
        ("utf16-odd", "Nomor SOP\t1".encode("utf-16") + b"\x41"),
        ("broken-utf8", b"Dasar Hukum\tKualifikasi Pelaksana\n" + b"\xc3\x28\xff\xfe" * 200),
        ("only-bom", b"\xef\xbb\xbf"),
    ]


def _shapes() -> list[tuple[str, bytes]]:
    texts = {
        "numbers": " ".join(str(n) for n in range(20_000)),
        "numbered-lines": "\n".join(f"{n}." for n in range(5_000)),
        "one-line": "menerima surat " * HUGE,
        "one-word": "a" * HUGE * 5,
        "tabs": "\t" * 200_000,
        "tabbed-lines": ("\t" * 60 + "\n") * 3_000,
        "pipes": "|" * 200_000,
        "newlines": "\n" * 200_000,
        "form-feeds": "\f" * 20_000,
        "deep-html": "<div>" * 20_000 + "x" + "</div>" * 20_000,
        "deep-tables": "<table><tr><td>" * 3_000 + "1" + "</td></tr></table>" * 3_000,
        "open-tags": "<td" * 60_000,
        "huge-spans": '<table><tr><td colspan="999999" rowspan="999999">1</td></tr></table>',
        "entities": "&amp;" * HUGE,
        "brackets": "((((" * 50_000,
        "quotes": '"' * HUGE,
        "labels-only": "\n".join(label for found in load("printing")["labels"].values() for label in found) * 50,
        "citations": "Undang-Undang Nomor " * 20_000,
        "durations": "1 x 24 - " * 20_000,
        "dots": ". " * HUGE,
        "combining": "e" + "\u0301" * 50_000,
        "right-to-left": "\u202e" + "\u0627\u0628 " * 20_000,
    }
    return [(name, text.encode()) for name, text in texts.items()]
