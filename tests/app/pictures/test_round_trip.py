"""A place of the original is found in what is sent, and leads back to where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, View
from app.domain.region import Region, RegionKind, RegionSend, Treatment
from app.domain.request import PromptPicture
from tests.app.pictures.sending import Decoding, at, save_turned, sent, shown

SIZE = (843, 619)
MARKER = 15
MARKERS = {
    (255, 0, 0): (31, 27),
    (0, 255, 0): (797, 52),
    (0, 0, 255): (418, 333),
    (255, 255, 0): (66, 580),
    (0, 255, 255): (801, 587),
}
"""The centre of each, in its colour alone."""
RAW = PictureEncoding.RGB
CENTRE = Region(id="0" * 8, kind=RegionKind.RECTANGLE, points=(at(300, 250), at(520, 471)))
CORNER = Region(id="1" * 8, kind=RegionKind.POINT, points=(at(801, 587),))
WAYS = {
    "a little smaller": (Limits(longest_side=701, most_pictures=9, encoding=RAW), Detail.FIT, ()),
    "much smaller": (Limits(longest_side=211, most_pictures=9, encoding=RAW), Detail.FIT, ()),
    "multiples": (Limits(longest_side=600, most_pictures=9, multiple=28, encoding=RAW), Detail.FIT, ()),
    "few bytes": (Limits(longest_side=800, most_pictures=9, most_bytes=9_000), Detail.FIT, ()),
    "regions": (Limits(longest_side=233, most_pictures=9, encoding=RAW), Detail.FIT, (CENTRE, CORNER)),
    "tiles": (Limits(longest_side=320, most_pictures=9, encoding=RAW), Detail.TILES, ()),
    "original": (Limits(longest_side=9, most_pictures=9, encoding=RAW), Detail.ORIGINAL, ()),
}


def marked() -> Image.Image:
    image = Image.new("RGB", SIZE, (96, 96, 96))
    draw = ImageDraw.Draw(image)
    for colour, (x, y) in MARKERS.items():
        half = MARKER // 2
        draw.rectangle((x - half, y - half, x + half, y + half), fill=colour)
    return image


def found(image: Image.Image, colour: tuple[int, int, int]) -> tuple[float, float] | None:
    """The middle of the pixels of `colour`; None where they are not all there."""
    away = ImageChops.difference(image, Image.new("RGB", image.size, colour)).split()
    near = ImageChops.lighter(ImageChops.lighter(*away[:2]), away[2]).point(
        [max(0, 96 - level) for level in range(256)]
    )
    columns = near.convert("F").resize((image.width, 1), Image.Resampling.BOX).get_flattened_data()
    rows = near.convert("F").resize((1, image.height), Image.Resampling.BOX).get_flattened_data()
    if not sum(columns) or max(columns[0], columns[-1], rows[0], rows[-1]) > 0:
        return None
    return middle(columns), middle(rows)


def middle(weights: tuple[float, ...]) -> float:
    return sum((at + 0.5) * weight for at, weight in enumerate(weights)) / sum(weights)


def assert_leads_back(picture: PromptPicture) -> int:
    """How many markers were found in `picture`, each leading back to where it is."""
    record, image, count = picture.prepared, shown(picture), 0
    for colour, (x, y) in MARKERS.items():
        if (place := found(image, colour)) is not None:
            count += 1
            assert record.left + place[0] * record.scale_x == pytest.approx(x + 0.5, abs=1)
            assert record.top + place[1] * record.scale_y == pytest.approx(y + 0.5, abs=1)
    return count


@pytest.mark.parametrize(
    ("turned", "way"),
    [
        *((turned, way) for turned in range(1, 9) for way in ("a little smaller", "regions")),
        *((6, way) for way in WAYS),
    ],
)
def test_markers_lead_back_to_their_pixel(decoding: Decoding, tmp_path: Path, turned: int, way: str) -> None:
    limits, detail, regions = WAYS[way]
    path = tmp_path / "marked.jpg"
    save_turned(marked(), path, turned, quality=95, subsampling=0)
    treatment = Treatment(regions=regions, sends=RegionSend.BOTH)
    pictures = sent(decoding, path, limits, treatment, detail)
    assert (pictures[0].original_width, pictures[0].original_height) == SIZE
    counts = [assert_leads_back(picture) for picture in pictures]
    assert counts[0] == len(MARKERS)
    views = [picture.prepared.view for picture in pictures[1:]]
    if way == "regions":
        assert views == [View.REGION, View.REGION]
        assert [picture.prepared.region for picture in pictures[1:]] == [CENTRE.id, CORNER.id]
        assert counts[1:] == [1, 1]
    if way == "tiles":
        assert views == [View.TILE] * 6
        assert sum(counts[1:]) >= len(MARKERS) - 1
    assert [picture.prepared.number for picture in pictures] == list(range(len(pictures)))
