"""A table drawn here, as a picture, leaning or noisy: what the tests of scans read."""

from __future__ import annotations

import io
import shutil
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

needs_engine = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")

DPI = 200
SIZE = landscape(A4)

XS = (40, 70, 300, 370, 440, 560, 640, 800)
YS = (40, 75, 95, 165, 235, 305)
HEAD = ("No", "Kegiatan", "Staf", "Kepala", "Kelengkapan", "Waktu", "Output")
ROWS = (
    ("1", "Menerima surat pengaduan warga", "Surat", "10 menit", "Agenda surat"),
    ("2", "Memeriksa isi surat pengaduan", "Agenda surat", "2 jam", "Catatan"),
    ("3", "Menyimpan berkas pengaduan", "Catatan", "1 hari", "Arsip"),
)


def page_pdf() -> bytes:
    out = io.BytesIO()
    width, height = landscape(A4)
    pen = Canvas(out, pagesize=(width, height))
    for x in XS:
        pen.line(x, height - YS[0], x, height - YS[-1])
    for y in YS:
        pen.line(XS[0], height - y, XS[-1], height - y)
    pen.setFont("Helvetica", 10)
    for c, text in enumerate(HEAD):
        pen.drawString(XS[c] + 4, height - 60, text)
        pen.drawString(XS[c] + 6, height - 89, str(c + 1))
    for r, (number, activity, *rest) in enumerate(ROWS):
        y = height - YS[r + 2] - 16
        pen.drawString(XS[0] + 6, y, number)
        pen.drawString(XS[1] + 4, y, activity)
        for c, text in enumerate(rest):
            pen.drawString(XS[4 + c] + 4, y, text)
    pen.setLineWidth(1.5)
    pen.roundRect(315, height - 150, 40, 30, 12)
    pen.rect(385, height - 220, 40, 30)
    pen.roundRect(315, height - 290, 40, 30, 12)
    pen.save()
    return out.getvalue()


def page_picture(dpi: float = DPI) -> Any:
    with pypdfium2.PdfDocument(page_pdf()) as file:
        return np.asarray(file[0].render(scale=dpi / 72).to_pil().convert("RGB")).copy()


def turned(picture: Any, degrees: float) -> Any:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def noisy(picture: Any) -> Any:
    noise = np.random.default_rng(1).normal(0, 12, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.7) + noise, 0, 255).astype("uint8")


def packed(picture: Any, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()
