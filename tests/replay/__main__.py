from __future__ import annotations

import json

from sopparse.readers import ocr
from sopparse.readers.ocr import caching
from sopparse.readers.scan import Start, read_picture
from tests.replay import FOLDER, recording
from tests.scans import DPI, SIZE, page_picture


def main() -> None:
    stored: list[object] = []
    real = ocr._recognised
    ocr._recognised = recording(stored, real)
    try:
        with caching(False):
            read_picture(page_picture(), SIZE, DPI, Start(1, 0, 0))
    finally:
        ocr._recognised = real
    (FOLDER / "table.json").write_text(json.dumps(stored, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
