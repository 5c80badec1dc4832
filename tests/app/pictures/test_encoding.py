"""PNG or JPEG, by what the pixels are and weigh."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from app.pictures import encoding, jpeg, sampling
from app.pictures.edges import is_drawn
from app.pictures.encoding import File, file_of
from app.pictures.jpeg import TRIES
from app.pictures.writing import smallest_writing
from tests.app.pictures.drawn_pages import inked, page
from tests.app.pictures.samples import difference

PHOTOS = Path(__file__).resolve().parents[2] / "data" / "photos"


def photo(name: str, scale: float = 1) -> Image.Image:
    with Image.open(PHOTOS / name) as image:
        size = (round(image.width * scale), round(image.height * scale))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def pixels(made: File) -> Image.Image:
    with Image.open(io.BytesIO(made.data)) as image:
        return image.convert("RGB")


def diagram() -> Image.Image:
    image = Image.new("RGB", (900, 600), "white")
    draw = ImageDraw.Draw(image)
    for number, colour in enumerate(("red", "green", "blue", "orange")):
        draw.rectangle((40 + 200 * number, 100, 190 + 200 * number, 500), fill=colour, outline="black")
        draw.line((0, 50 * number, 900, 600 - 90 * number), fill=colour, width=2)
    return image


@pytest.mark.parametrize("name", ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"])
@pytest.mark.parametrize("scale", [0.5, 1])
def test_a_photograph_is_a_jpeg(name: str, scale: float) -> None:
    image = photo(name, scale)
    assert not is_drawn(image)
    assert file_of(image, None, png=True, multiple=1).mime == "image/jpeg"


def test_a_diagram_is_a_png_that_loses_nothing_with_a_palette() -> None:
    made = file_of(diagram(), None, png=True, multiple=1)
    assert made.mime == "image/png"
    assert pixels(made).tobytes() == diagram().tobytes()
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.mode == "P"


def test_a_page_without_colour_is_a_grey_png() -> None:
    made = file_of(page(14, 600, 400), 134_997, png=True, multiple=1)
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.mode) == ("PNG", "L")
    assert pixels(made).tobytes() == page(14, 600, 400).tobytes()


def test_writing_gives_up_quality_before_pixels_and_keeps_its_colours_sharp() -> None:
    image = page(14, 500, 400, dark=True, grain=0.1)
    assert is_drawn(image)
    sharp = file_of(image, None, png=False, multiple=1)
    made = file_of(image, len(sharp.data) // 2, png=True, multiple=1)
    assert (made.mime, made.width, made.height) == ("image/jpeg", 500, 400)
    assert difference(pixels(made), image) < 12
    with Image.open(io.BytesIO(made.data)) as jpeg:
        assert {factors[1:3] for factors in jpeg.layer} == {(1, 1)}  # type: ignore[attr-defined]


def test_an_endpoint_that_takes_no_png_gets_a_jpeg() -> None:
    assert file_of(diagram(), None, png=False, multiple=1).mime == "image/jpeg"


def test_what_is_too_heavy_without_loss_is_a_jpeg() -> None:
    made = file_of(page(10, 800, 600, grain=0.2), 12_000, png=True, multiple=1)
    assert made.mime == "image/jpeg"
    assert len(made.data) <= 12_000


def test_what_is_scaled_for_its_bytes_keeps_to_multiples() -> None:
    made = file_of(photo("astronaut.png", 2).crop((0, 0, 1008, 784)), 20_000, png=True, multiple=28)
    assert made.width < 1008
    assert made.width % 28 == made.height % 28 == 0


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made of a whole picture, one after the other."""
    made: list[str] = []
    save, png = jpeg._save, sampling.png

    def jpegs(image: Image.Image, quality: int, look: jpeg.Look) -> jpeg.Jpeg:
        made.append(f"jpeg {image.width} {quality}")
        return save(image, quality, look)

    def pngs(image: Image.Image) -> memoryview:
        made.append(f"png {image.width}")
        return png(image)

    monkeypatch.setattr(jpeg, "_save", jpegs)
    monkeypatch.setattr(encoding, "png_file", pngs)
    return made


def test_dense_writing_keeps_its_pixels_in_few_colours_rather_than_shrink(files: list[str]) -> None:
    """As a JPEG its letters would be half as high, and nobody could read them."""
    image = inked("#1a1020", "#204018", "#102050")
    made = file_of(image, 26_000, png=True, multiple=1)
    assert (made.mime, made.width, made.height) == ("image/png", 640, 480)
    assert len(made.data) <= 26_000
    assert files == ["png 640"]
    found, wanted = (writing_in(each) for each in (pixels(made), image))
    assert found == pytest.approx(wanted, abs=2)
    assert file_of(image, 26_000, png=False, multiple=1).width < 400


def writing_in(image: Image.Image) -> float:
    grey = image.convert("L")
    height = smallest_writing(grey)
    assert height is not None
    return height


@pytest.mark.parametrize(
    "colours", [("red", "blue", "black"), ("darkred", "navy", "darkgreen"), ("#a06000", "black")]
)
def test_writing_keeps_the_colours_that_tell_it_apart(files: list[str], colours: tuple[str, ...]) -> None:
    image = inked(*colours)
    made = file_of(image, 20_000, png=True, multiple=1)
    red, green, blue = pixels(made).split()
    inks = [ImageChops.subtract(*pair) for pair in ((red, blue), (blue, red), (red, green))]
    assert max(sum(ink.histogram()[45:]) for ink in inks) > 100
    assert len(files) <= TRIES


def test_a_photograph_on_a_page_keeps_its_tones(files: list[str]) -> None:
    image = inked("black")
    image.paste(photo("coffee.png", 0.5), (150, 100))
    made = file_of(image, 30_000, png=True, multiple=1)
    assert made.mime == "image/jpeg"
    assert len(files) <= TRIES
    assert len(made.data) <= 30_000


@pytest.mark.parametrize("most_bytes", [60_000, 22_000, 9_000, 3_000])
@pytest.mark.parametrize("grain", [0, 0.1])
def test_a_drawing_fits_after_few_files_none_of_them_twice(
    files: list[str], most_bytes: int, grain: float
) -> None:
    made = file_of(page(11, 600, 450, grain=grain), most_bytes, png=True, multiple=1)
    assert len(made.data) <= most_bytes
    assert len(files) <= TRIES
    jpegs = [name for name in files if name.startswith("jpeg")]
    assert len(jpegs) == len(set(jpegs))


def dense(dark: bool = False) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A page of small writing, too much for the budgets below as a JPEG of its size."""
    image = Image.new("RGB", (768, 550), (16, 16, 20) if dark else "white")
    draw, font, choose = ImageDraw.Draw(image), ImageFont.load_default(13), random.Random(1)
    for top in range(10, 530, 17):
        line = "".join(choose.choices("abcdefghij klmnopq rstuvwxyz ABC 0123", k=112))
        draw.text((10, top), line, fill=(210, 210, 210) if dark else "black", font=font)
    return image, draw


BUDGETS = (40_000, 27_000, 17_000)


@pytest.mark.parametrize("most_bytes", BUDGETS)
def test_a_red_and_a_green_mark_stay_red_and_green(most_bytes: int) -> None:
    """Two marks are a thousandth of the page, and may be all that it is about."""
    image, draw = dense()
    places = {(200, 150): (255, 0, 0), (450, 250): (0, 160, 0)}
    for (left, top), colour in places.items():
        draw.rectangle((left, top, left + 7, top + 7), fill=colour)
    made = file_of(image, most_bytes, png=True, multiple=1)
    scale, arrived = made.width / image.width, pixels(made)
    for (left, top), colour in places.items():
        middle = int((left + 4) * scale), int((top + 4) * scale)
        found = arrived.getpixel(middle)
        assert isinstance(found, tuple)
        assert found == pytest.approx(colour, abs=60)


@pytest.mark.parametrize("most_bytes", BUDGETS[:2])
@pytest.mark.parametrize("dark", [False, True])
def test_a_coloured_word_keeps_its_colour(dark: bool, most_bytes: int) -> None:
    image, draw = dense(dark)
    draw.rectangle((200, 180, 280, 196), fill=(16, 16, 20) if dark else "white")
    draw.text((202, 180), "ERROR 42", fill=(255, 0, 0), font=ImageFont.load_default(13))
    made = file_of(image, most_bytes, png=True, multiple=1)
    area = (made.width / image.width) ** 2
    assert red_pixels(pixels(made)) > 0.3 * area * red_pixels(image) > 0


def red_pixels(image: Image.Image) -> int:
    red, green, _ = image.split()
    return sum(ImageChops.subtract(red, green).histogram()[60:])


def test_a_page_with_marks_keeps_its_pixels_beside_its_colours() -> None:
    image, draw = dense()
    draw.rectangle((200, 150, 211, 161), fill="red")
    made = file_of(image, BUDGETS[0], png=True, multiple=1)
    assert (made.mime, made.width, made.duller) == ("image/png", image.width, False)


@pytest.mark.parametrize(
    ("size", "width", "height", "most_bytes"),
    [(14, 700, 900, 15_000), (14, 700, 900, 20_000), (11, 600, 450, 9_000), (9, 750, 1000, 15_000)],
)
def test_few_files_are_made_of_writing_those_of_samples_by_their_pixels(
    monkeypatch: pytest.MonkeyPatch, size: int, width: int, height: int, most_bytes: int
) -> None:
    """All that is encoded counts; what is smaller because it is scaled counts as one."""
    image = page(size, width, height)
    shares: list[float] = []
    save = Image.Image.save

    def saved(made: Image.Image, *given: object, **options: object) -> None:
        whole = abs(made.width / made.height - image.width / image.height) < 0.03
        shares.append(1.0 if whole else made.width * made.height / (image.width * image.height))
        save(made, *given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Image.Image, "save", saved)
    made = file_of(image, most_bytes, png=True, multiple=1)
    assert sum(shares) <= TRIES
    assert len(made.data) > 0.7 * most_bytes


def test_a_page_of_many_colours_is_not_weighed_in_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """To look for the common colours of a whole photograph takes most of a second."""
    image = inked(*(f"#{red:02x}{green:02x}40" for red in range(0, 160, 20) for green in range(0, 160, 20)))
    image.paste(photo("coffee.png", 0.5), (150, 100))
    looked_at: list[int] = []
    quantize = Image.Image.quantize

    def counted(given: Image.Image, *arguments: object, **options: object) -> Image.Image:
        if options.get("palette") is None:
            looked_at.append(given.width * given.height)
        return quantize(given, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Image.Image, "quantize", counted)
    assert file_of(image, 30_000, png=True, multiple=1).mime == "image/jpeg"
    assert sum(looked_at) < image.width * image.height
