"""Path operators of the symbols."""

from __future__ import annotations

from typing import Any

from tests.drawing.routes import Spot

_K = 0.5523


def outline(shape: str, spot: Spot, height: float) -> list[tuple[Any, ...]]:
    """Path operators of a symbol, in the coordinates of the file."""
    x0, top, x1, bottom = spot.box
    t, b, x, y = height - top, height - bottom, spot.x, height - spot.y
    w, h = (x1 - x0) / 2, (t - b) / 2
    if shape == "decision":
        return [("m", x, t), ("l", x1, y), ("l", x, b), ("l", x0, y)]
    if shape == "off-page":
        return [("m", x0, t), ("l", x1, t), ("l", x1, b + 0.45 * h), ("l", x, b), ("l", x0, b + 0.45 * h)]
    if shape == "document":
        low = b + 0.25 * h
        return [
            ("m", x0, t),
            ("l", x1, t),
            ("l", x1, low + 0.2 * h),
            ("c", x, low + 0.2 * h, x, b - 0.28 * h, x0, low - 0.1 * h),
        ]
    if shape == "ellipse":
        kw, kh = w * _K, h * _K
        return [
            ("m", x, t), ("c", x + kw, t, x1, y + kh, x1, y), ("c", x1, y - kh, x + kw, b, x, b),
            ("c", x - kw, b, x0, y - kh, x0, y), ("c", x0, y + kh, x - kw, t, x, t),
        ]  # fmt: skip
    if shape in ("capsule", "rounded"):
        r = min(w, h) * (1.0 if shape == "capsule" else 0.38)
        k = r * (1 - _K)
        return [
            ("m", x0 + r, t), ("l", x1 - r, t), ("c", x1 - k, t, x1, t - k, x1, t - r), ("l", x1, b + r),
            ("c", x1, b + k, x1 - k, b, x1 - r, b), ("l", x0 + r, b), ("c", x0 + k, b, x0, b + k, x0, b + r),
            ("l", x0, t - r), ("c", x0, t - k, x0 + k, t, x0 + r, t),
        ]  # fmt: skip
    return [("m", x0, t), ("l", x1, t), ("l", x1, b), ("l", x0, b)]
