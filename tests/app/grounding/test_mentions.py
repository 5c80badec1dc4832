"""Which of several pictures the places of an answer are in, by what its words say."""

from __future__ import annotations

import pytest

from app.grounding.dialects import read, shapes_in
from tests.grounded_answers import answer, sent

VIEWS = [sent(original=letter * 64) for letter in "abc"]
BOX = '{"bbox_2d": [100, 200, 500, 600], "label": "%s"}'
TAG = "<ref>cat</ref><box>[[100, 200, 500, 600]]</box>"


def pictures(text: str) -> str:
    """On which pictures the places of an answer are, each a letter; the last picture is c."""
    shapes = shapes_in(answer(text.replace("@", BOX % "cat").replace("~", TAG), "qwen3-vl", VIEWS))
    return "".join(shape.original[0] for shape in shapes)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("@ (image 1), @ (image 2)", "ab"),
        ("@ (image 1) and @ (Image 2: by the door).", "ab"),
        ("~ (image 1), ~ (image 2), ~", "abc"),
        ("@, image 1\n@, image 2\n", "ab"),
        ("- @ – picture 1\n- @ – picture 2", "ab"),
        ("@ in image 1 and @ in the second image.", "ab"),
        ("@ image 1 @ image 2", "ab"),
        ("[@, @] (image 1), [@] (image 2)", "aab"),
        ("<box>[[1, 2, 500, 600], [7, 8, 500, 600]]</box> (image 1), ~ (image 2)", "aab"),
    ],
)
def test_a_number_right_after_a_place_is_about_that_place(text: str, on: str) -> None:
    assert pictures(text) == on


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Image 1: @ Image 2: @", "ab"),
        ("Image 1: @, image 2: @", "ab"),
        ("image 1 @ image 2 @", "ab"),
        ("image 1 @, image 2 @", "ab"),
        ("**Image 1**\n@ @\n**Image 2**\n@", "aab"),
        ("Image 1\n@\nImage 2\n@", "ab"),
        ("@ Image 2 has a dog: @", "cb"),
        ('{"image_1": [@, @], "image_2": [@]}', "aab"),
        ('{"first_image": [@], "second_image": [@]}', "ab"),
    ],
)
def test_a_number_before_places_is_about_all_that_follow(text: str, on: str) -> None:
    assert pictures(text) == on


@pytest.mark.parametrize(
    "text",
    [
        BOX % "photo 2" + " @",
        BOX % "image 2 poster" + " @",
        "<ref>photo 2</ref><box>[[1, 2, 500, 600]]</box> ~",
        "It shows a picture 2 meters wide. @ @",
        "On the wall is picture 2 m wide: @ @",
        "In the picture one sees cats: @ @",
        "Photo 1.5 times as wide: @ @",
    ],
)
def test_what_is_no_number_of_a_picture_moves_no_place(text: str) -> None:
    assert pictures(text) == "cc"


def test_a_label_that_ends_in_its_picture_is_about_its_own_place_alone() -> None:
    assert pictures(BOX % "cat in image 1" + BOX % "dog (picture 2)" + "@") == "abc"


@pytest.mark.parametrize(
    "said",
    ["Image one", "In image #1", "1st image", "the first picture", "First photo", "img_1", "photo no. 1"],
)
def test_pictures_are_known_by_words_and_by_figures(said: str) -> None:
    assert pictures(said + ": @ " + said.replace("1st", "3rd") + ": @")[0] == "a"


def test_more_words_for_pictures() -> None:
    assert pictures("Image two: @ 3rd picture: @ picture THREE: @ 2nd photo: @ third image: @") == "bccbc"


def test_units_are_judged_by_the_pictures_that_places_are_laid_on() -> None:
    large, small = sent(1000, 750), sent(500, 400, original="c" * 64)
    text = 'Image 1: {"bbox": [0, 0, 900, 700]} Image 2: {"bbox": [0, 0, 450, 380]}'
    for model, ways in (("some-model", ("pixels", "qwen3-vl")), ("qwen2.5-vl", ())):
        reading = read(answer(text, model, [large, small]))
        assert reading.dialect == (model if not ways else "pixels")
        assert reading.ambiguous == ways
    across = [shape.pixels.right for shape in read(answer(text, prepared=[large, small])).shapes]
    assert across == [1800, 900]
    on_small = read(answer(text.replace("Image 1", "Image 2"), prepared=[large, small]))
    assert (on_small.dialect, on_small.ambiguous) == ("qwen3-vl", ())
