"""What is sent for a picture, and the way back to the original's pixels."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain.errors import PictureRefused
from app.domain.events import Event, Noted
from app.domain.geometry import Point
from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, Picture, View
from app.domain.region import Region, RegionKind, RegionSend, Treatment
from app.domain.request import PromptPicture
from app.pictures.decoder import Decoder
from app.pictures.prepare import linked, prepare
from tests.app.pictures.drawn_pages import inked
from tests.app.pictures.samples import encoded, scene
from tests.app.pictures.sending import sent

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"
Decoding = Callable[..., Any]


def prepared(
    decoding: Decoding,
    path: Path,
    limits: Limits,
    detail: Detail = Detail.FIT,
    told: list[Event] | None = None,
) -> PromptPicture:
    async def work(decoder: Decoder) -> PromptPicture:
        picture = await decoder.inspect(path=path, name=path.name)
        report = [].append if told is None else told.append
        (sent,) = await prepare(decoder, path, picture, path.name, limits, detail, report=report)
        return sent

    result: PromptPicture = decoding(work)
    return result


@pytest.mark.parametrize("encoding", list(PictureEncoding))
def test_the_record_tells_exactly_what_is_sent(decoding: Decoding, encoding: PictureEncoding) -> None:
    path = PHOTOS / "coffee.png"
    sent = prepared(decoding, path, Limits(longest_side=256, most_pictures=1, encoding=encoding))
    record = sent.prepared
    assert record.original == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.sha256 == hashlib.sha256(sent.data).hexdigest()
    assert record.byte_count == len(sent.data)
    assert (record.mime, record.width, record.height) == (encoding.value, 256, 171)
    assert (sent.original_width, sent.original_height, sent.name) == (600, 400, "coffee.png")


def test_raw_rows_are_sent_where_the_endpoint_wants_them(decoding: Decoding) -> None:
    limits = Limits(longest_side=4096, most_pictures=1, encoding=PictureEncoding.RGB)
    sent = prepared(decoding, PHOTOS / "coffee.png", limits)
    with Image.open(PHOTOS / "coffee.png") as image:
        assert sent.data == image.convert("RGB").tobytes()


def test_the_corners_map_back_to_the_corners_of_the_upright_original(
    decoding: Decoding, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    path.write_bytes(encoded(scene(1600, 1200).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif))
    sent = prepared(decoding, path, Limits(longest_side=100, most_pictures=1))
    record = sent.prepared
    assert (sent.original_width, sent.original_height) == (1600, 1200)
    assert (record.width * record.scale_x, record.height * record.scale_y) == (1600, 1200)
    with Image.open(io.BytesIO(sent.data)) as image:
        assert image.size == (100, 75)


def test_a_small_picture_is_not_made_larger(decoding: Decoding, tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    path.write_bytes(encoded(scene(40, 30), "PNG"))
    record = prepared(decoding, path, Limits(longest_side=1536, most_pictures=1)).prepared
    assert (record.width, record.height, record.scale_x, record.scale_y) == (40, 30, 1.0, 1.0)


def test_a_stored_file_that_is_gone_is_a_refusal(decoding: Decoding, tmp_path: Path) -> None:
    picture = Picture(sha256="0" * 64, format="png", width=1, height=1, byte_count=1)
    limits = Limits(longest_side=10, most_pictures=1)
    with pytest.raises(PictureRefused, match="there is no such file"):
        decoding(lambda decoder: prepare(decoder, tmp_path / "gone", picture, "gone.png", limits))


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A turned photograph with a place in its metadata, some 400 KB as a JPEG of full size."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / "large.jpg"
    with Image.open(PHOTOS / "astronaut.png") as image:
        path.write_bytes(encoded(image.convert("RGB").resize((1600, 2000)), "JPEG", exif=exif, quality=95))
    return path


def test_fit_gives_up_pixels_for_the_weight_and_says_so(decoding: Decoding, large: Path) -> None:
    told: list[Event] = []
    limits = Limits(longest_side=4096, most_pictures=1, most_bytes=134_997)
    sent = prepared(decoding, large, limits, told=told)
    record = sent.prepared
    assert 0.7 * 134_997 < record.byte_count == len(sent.data) <= 134_997
    assert record.width < 2000
    assert (record.width * record.scale_x, record.height * record.scale_y) == pytest.approx((2000, 1600))
    (noted,) = told
    assert isinstance(noted, Noted)
    assert noted.note.sentence == (
        "large.jpg was made smaller to fit the 134 KB that this model takes: "
        f"{record.width} x {record.height} pixels."
    )


def test_fit_that_costs_no_pixels_is_not_worth_a_word(decoding: Decoding, large: Path) -> None:
    told: list[Event] = []
    limits = Limits(longest_side=700, most_pictures=1, most_bytes=60_000)
    record = prepared(decoding, large, limits, told=told).prepared
    assert (record.width, record.height) == (700, 560)
    assert record.byte_count <= 60_000
    assert told == []


def test_colours_that_are_given_up_for_the_weight_are_told(decoding: Decoding, tmp_path: Path) -> None:
    """Dark inks that hardly differ cost more than they say; a red word is kept."""
    told: list[Event] = []
    path = tmp_path / "inks.png"
    inked("#1a1020", "#204018", "#102050").save(path)
    limits = Limits(longest_side=640, most_pictures=1, most_bytes=26_000)
    record = prepared(decoding, path, limits, told=told).prepared
    assert (record.mime, record.width) == ("image/png", 640)
    (noted,) = told
    assert isinstance(noted, Noted)
    assert noted.note.sentence == (
        "Faint colours of inks.png were given up, so that its writing stays sharp within the 26 KB that this"
        " model takes."
    )


def test_original_keeps_every_pixel_but_nothing_else_of_the_file(decoding: Decoding, large: Path) -> None:
    limits = Limits(longest_side=64, most_pictures=1, most_bytes=10**7)
    sent = prepared(decoding, large, limits, Detail.ORIGINAL)
    assert (sent.prepared.width, sent.prepared.height) == (2000, 1600)
    with Image.open(io.BytesIO(sent.data)) as image:
        assert not image.getexif()
        assert not image.info.keys() & {"exif", "comment", "xmp", "icc_profile"}


def test_original_that_is_too_much_is_refused_with_both_sizes(decoding: Decoding, large: Path) -> None:
    limits = Limits(longest_side=4096, most_pictures=1, most_bytes=134_997)
    with pytest.raises(PictureRefused, match=r"2000 x 1600 pixels it is \d+ KB, and this model takes 134 KB"):
        prepared(decoding, large, limits, Detail.ORIGINAL)


@pytest.mark.parametrize("uploads", [True, False])
def test_upload_keeps_every_pixel_where_the_endpoint_takes_uploads(
    decoding: Decoding, large: Path, uploads: bool
) -> None:
    limits = Limits(longest_side=64, most_pictures=1, most_bytes=134_997, takes_uploads=uploads)
    if not uploads:
        with pytest.raises(PictureRefused, match="2000 x 1600"):
            prepared(decoding, large, limits, Detail.UPLOAD)
        return
    sent = prepared(decoding, large, limits, Detail.UPLOAD)
    assert (sent.prepared.width, sent.prepared.height) == (2000, 1600)
    assert len(sent.data) > 134_997


def test_original_rows_are_all_sent(decoding: Decoding) -> None:
    limits = Limits(longest_side=64, most_pictures=1, encoding=PictureEncoding.RGB)
    sent = prepared(decoding, PHOTOS / "coffee.png", limits, Detail.ORIGINAL)
    assert len(sent.data) == 3 * 600 * 400


def test_a_link_goes_without_a_byte_of_the_picture() -> None:
    picture = Picture(sha256="0" * 64, format="png", width=40, height=30, byte_count=9)
    sent = linked(picture, "cat.png", "https://example.org/cat.png")
    assert (sent.data, sent.link, sent.name) == (b"", "https://example.org/cat.png", "cat.png")
    assert (sent.prepared.byte_count, sent.prepared.sha256, sent.prepared.width) == (0, "", 40)


POINTS = tuple(
    Region(id=name * 8, kind=RegionKind.POINT, points=(Point(x=300, y=200),)) for name in ("1", "2", "3")
)


@pytest.mark.parametrize("sends", [RegionSend.CROP, RegionSend.BOTH])
def test_regions_that_would_be_too_many_pictures_are_drawn_and_the_user_hears_of_it(
    decoding: Decoding, sends: RegionSend
) -> None:
    told: list[Event] = []
    limits = Limits(longest_side=600, most_pictures=1)
    treatment = Treatment(regions=POINTS, sends=sends)
    (only,) = sent(decoding, PHOTOS / "coffee.png", limits, treatment, told=told)
    assert only.prepared.marked
    (noted,) = told
    assert isinstance(noted, Noted)
    assert noted.note.sentence == (
        "The regions of coffee.png are drawn on the whole picture instead of cut out: the most pictures"
        " that this model looks at is 1."
    )


def test_tiles_that_do_not_go_along_are_counted(decoding: Decoding) -> None:
    told: list[Event] = []
    limits = Limits(longest_side=100, most_pictures=4, tile=100)
    pictures = sent(decoding, PHOTOS / "coffee.png", limits, detail=Detail.TILES, told=told)
    assert [picture.prepared.view for picture in pictures] == [View.WHOLE, View.TILE, View.TILE, View.TILE]
    (noted,) = told
    assert isinstance(noted, Noted)
    assert noted.note.sentence.startswith("Parts of coffee.png in full size that did not go along: 21.")


def test_regions_alone_in_tiles_are_told_to_go_without_them(decoding: Decoding) -> None:
    told: list[Event] = []
    limits = Limits(longest_side=100, most_pictures=9)
    alone = Treatment(regions=POINTS[:1], sends=RegionSend.CROP)
    (only,) = sent(decoding, PHOTOS / "coffee.png", limits, alone, detail=Detail.TILES, told=told)
    assert only.prepared.view is View.REGION
    (noted,) = told
    assert isinstance(noted, Noted)
    assert noted.note.sentence.startswith("Of coffee.png only its regions go along")


def test_a_treatment_says_its_own_detail(decoding: Decoding) -> None:
    limits = Limits(longest_side=100, most_pictures=1)
    (whole,) = sent(decoding, PHOTOS / "coffee.png", limits, Treatment(detail=Detail.ORIGINAL))
    assert whole.prepared.width == 600


def test_many_pixels_at_once_are_made_fewer(decoding: Decoding) -> None:
    limits = Limits(longest_side=600, most_pictures=1, most_pixels=60_000, multiple=28)
    (whole,) = sent(decoding, PHOTOS / "coffee.png", limits)
    assert (whole.prepared.width, whole.prepared.height) == (280, 196)
    assert whole.prepared.scale_x == 600 / 280


def test_a_file_of_another_size_than_was_taken_in_is_refused(decoding: Decoding) -> None:
    limits = Limits(longest_side=100, most_pictures=1)
    picture = Picture(sha256="0" * 64, format="png", width=60, height=40, byte_count=1)
    with pytest.raises(PictureRefused, match="is not the one that was taken in"):
        decoding(lambda decoder: prepare(decoder, PHOTOS / "coffee.png", picture, "coffee.png", limits))


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((40, 40), ""),
        ((31, 40), "thin.png goes as 31 x 40 pixels: this model may refuse it, because a side is shorter"),
        (
            (32, 6_401),
            "thin.png goes as 32 x 6401 pixels: this model may refuse it, because one side is more",
        ),
        (
            (1, 20_000),
            "thin.png goes as 1 x 8000 pixels: this model may refuse it, because a side is shorter",
        ),
    ],
)
def test_a_shape_that_the_model_may_refuse_goes_as_it_is_and_is_told(
    decoding: Decoding, tmp_path: Path, size: tuple[int, int], said: str
) -> None:
    path, told = tmp_path / "thin.png", list[Event]()
    path.write_bytes(encoded(Image.new("RGB", size), "PNG"))
    limits = Limits(longest_side=8_000, most_pictures=1)
    prepared(decoding, path, limits, told=told)
    assert not told
    prepared(decoding, path, limits.replace(least_side=32, most_ratio=200), told=told)
    sentences = [noted.note.sentence for noted in told if isinstance(noted, Noted)]
    assert len(sentences) == bool(said) and all(one.startswith(said) for one in sentences)
