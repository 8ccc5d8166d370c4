"""What a source is called: in the manifest, and in the command that shows its trouble again."""

from __future__ import annotations

import os
import shlex


def shown(path: str) -> str:
    """The path as printable text, different for different paths.

    Undecodable bytes become `\\xNN`, characters that print nothing `\\uNNNN`, the backslash is doubled."""
    if path.isprintable() and "\\" not in path:
        return path
    return "".join(map(_shown, path))


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character
    code = ord(character)
    # Bytes of a file name that are no UTF-8 are kept by Python as U+DC80 to U+DCFF.
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def quoted(path: str) -> str:
    """The path as a word of the shell."""
    plain = f"./{path}" if path.startswith("-") else path
    if plain.isprintable():
        return shlex.quote(plain)
    words = (
        chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in "\\'" else f"\\x{byte:02x}" for byte in os.fsencode(plain)
    )
    return f"$'{''.join(words)}'"


def is_url(path: str) -> bool:
    """Whether this is something for fsspec and not a path."""
    return "://" in path or "::" in path


def local_path(url: str) -> str | None:
    """The path on this machine, where that is what the URL means."""
    for prefix in ("file://", "local://"):
        if url.startswith(prefix):
            return url.removeprefix(prefix)
    return None if is_url(url) else url
