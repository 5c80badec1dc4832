"""How covers are painted: every pixel they reach, and each but once."""

from __future__ import annotations

import io
import math
import random
from itertools import pairwise

import pytest
from PIL import Image

from app.domain.region import COVER_GREY, Redaction, RedactionKind
from app.pictures import covering, sending
from app.pictures.caps import Caps
from app.pictures.covering import Covering
from app.pictures.recipe import Cut, Recipe
from tests.app.pictures.samples import encoded, scene
from tests.app.pictures.sending import at

SIZE = (140, 110)
Place = tuple[float, float]


def brush(places: list[Place], width: float) -> Redaction:
    return Redaction(kind=RedactionKind.BRUSH, points=tuple(at(*place) for place in places), width=width)


def distance(place: Place, start: Place, end: Place) -> float:
    """From `place` to the line between two others."""
    across, down = end[0] - start[0], end[1] - start[1]
    along = (place[0] - start[0]) * across + (place[1] - start[1]) * down
    share = min(1.0, max(0.0, along / ((across**2 + down**2) or 1.0)))
    return math.dist(place, (start[0] + share * across, start[1] + share * down))


def hand(steps: int, step: float) -> list[Place]:
    """Where a hand passes that draws closely spaced places, with sharp turns."""
    choose = random.Random(steps)
    x, y, turn = 70.0, 55.0, 0.0
    places = [(x, y)]
    for number in range(steps):
        turn = choose.uniform(0, 7) if number % 9 == 0 else turn + choose.uniform(-0.4, 0.4)
        x, y = min(150, max(-10, x + step * math.cos(turn))), min(120, max(-10, y + step * math.sin(turn)))
        places.append((x, y))
    return places


@pytest.mark.parametrize("band_pixels", [4_000_000, 14 * SIZE[0]])
@pytest.mark.parametrize(
    ("places", "width"),
    [(hand(60, 2), 30), (hand(12, 25), 14), ([(20, 20), (20, 20)], 9), ([(5, 100), (130, 4)], 3)],
)
def test_a_stroke_covers_what_it_reaches_and_hardly_more(
    monkeypatch: pytest.MonkeyPatch, places: list[Place], width: float, band_pixels: int
) -> None:
    monkeypatch.setattr(covering, "_BAND_PIXELS", band_pixels)
    image = Image.new("L", SIZE, 255)
    Covering([brush(places, width)], 2, 1, SIZE)(image, 0, 0)
    rows = image.tobytes()
    for y in range(0, SIZE[1], 2):
        for x in range(y % 3, SIZE[0], 3):
            away = min(distance((x + 0.5, y + 0.5), *line) for line in pairwise(places))
            if away <= width / 2 + 1:
                assert rows[y * SIZE[0] + x] == COVER_GREY
            if away > width / 2 + 4:
                assert rows[y * SIZE[0] + x] == 255


def test_a_part_of_the_picture_is_covered_like_the_whole() -> None:
    covers = Covering([brush(hand(60, 2), 20), brush([(30, 30)], 25)], 2, 1, SIZE)
    whole, part = Image.new("RGB", SIZE), Image.new("RGB", (60, 50))
    covers(whole, 0, 0)
    covers(part, 25, 20)
    assert part.tobytes() == whole.crop((25, 20, 85, 70)).tobytes()


def test_what_needs_no_conversion_is_painted_once_for_all_that_is_cut_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    painted: list[tuple[int, int]] = []
    paint = Covering.__call__

    def counting(self: Covering, image: Image.Image, left: int, top: int) -> None:
        painted.append(image.size)
        paint(self, image, left, top)

    monkeypatch.setattr(Covering, "__call__", counting)
    cuts = tuple(Cut(box=(0, top, 97, top + 40), size=(48, 20)) for top in (0, 20, 40))
    recipe = Recipe(size=(97, 83), cuts=cuts, redactions=(brush([(40, 40), (50, 50)], 12),), raw=True)
    made = sending.files(recipe, io.BytesIO(encoded(scene(97, 83), "JPEG", quality=95)), Caps())
    assert painted == [(97, 83)]
    sent = Image.frombytes("RGB", (48, 60), bytes(made.payload))
    for place in ((20, 19), (22, 32), (22, 42)):
        assert sent.getpixel(place) == (COVER_GREY,) * 3
