import cv2
import numpy as np
import pytest

from sopparse.readers import bits as module
from sopparse.readers.areas import median, odd
from sopparse.readers.bits import bits, holes, labelled
from sopparse.readers.solids import INNER, solid


def _noise(share: float, seed: int) -> np.ndarray:
    return ((np.random.default_rng(seed).random((90, 130)) < share) * 255).astype("uint8")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4, 0.6, 0.9])
def test_bits_are_those_of_a_full_labelling(share: float) -> None:
    ink = _noise(share, 1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found = bits(ink)
    boxes = [(bit.x, bit.y, bit.width, bit.height, int(bit.of(ink).sum())) for bit in found]
    assert sorted(boxes) == sorted(tuple(row) for row in stats[1:].tolist())
    assert all((bit.of(ink) == (bit.cut(labels) == labels[bit.dot[1], bit.dot[0]])).all() for bit in found)
    assert len(found) == count - 1


@pytest.mark.parametrize("most", [0, 65_000])
def test_labels_do_not_depend_on_how_wide_they_are(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ink = _noise(0.3, 2)
    monkeypatch.setattr(module, "MOST_LABELS", most)
    labels, stats = labelled(ink)
    _, wanted, measured, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    assert (labels == wanted).all()
    assert (stats == measured).all()


def test_more_bits_than_narrow_labels_can_number() -> None:
    ink = np.zeros((600, 600), "uint8")
    ink[::2, ::2] = 255
    assert labelled(ink)[0].max() == len(bits(ink)) == 90_000


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.95])
def test_holes_are_paper_that_ink_encloses(share: float) -> None:
    ink = _noise(share, 3)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(255 - ink, connectivity=4)
    rows, columns = ink.shape
    wanted = {
        (x, y, w, h, area, (labels[y : y + h, x : x + w] == i).tobytes())
        for i, (x, y, w, h, area) in enumerate(stats.tolist())
        if i and x > 0 and y > 0 and x + w < columns and y + h < rows and min(w, h) >= 2 and w <= 40 and h <= 30
    }
    found = {(*box, int(part.sum()), part.tobytes()) for box, part in holes(ink, 2, 40, 30)}
    assert found == wanted


@pytest.mark.parametrize("size", [3, 9, 19])
def test_solid_ink_is_what_discs_cover(size: int) -> None:
    rng = np.random.default_rng(size)
    ink = np.zeros((200, 260), "uint8")
    for x, y, r in zip(rng.integers(0, 260, 14), rng.integers(0, 200, 14), rng.integers(3, 30, 14), strict=True):
        cv2.circle(ink, (int(x), int(y)), int(r), 255, -1)
        cv2.rectangle(ink, (int(y), int(x)), (int(y + r), int(x + 5)), 255, -1)
    ink[rng.random(ink.shape) < 0.01] = 0
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    assert (solid(ink, size) == cv2.morphologyEx(ink, cv2.MORPH_OPEN, disc)).all()


def test_discs_hold_the_squares_that_are_looked_for_first() -> None:
    for size in range(3, 121, 2):
        inner = odd(INNER * size)
        edge = (size - inner) // 2
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        assert disc[edge : edge + inner, edge : edge + inner].all()


@pytest.mark.parametrize("values", [[3], [4, 1], [5, 1, 2], [1.5, 9.0, 2.5, 4.0]])
def test_median(values: list[float]) -> None:
    assert median(np.array(values)) == np.median(values)
