"""Finding out whether a model sees: it is shown a picture whose content is known."""

from __future__ import annotations

import hashlib
import re
from contextlib import aclosing

from app.domain.errors import (
    FoveaError,
    KeyRefused,
    ModelDown,
    NoCredit,
    Rejected,
    RequestRefused,
    TooManyRequests,
    VisionPartMissing,
)
from app.domain.events import TextDelta, TextWasReasoning
from app.domain.message import Role
from app.domain.model import Capability, PictureEncoding
from app.domain.picture import Prepared
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.paths import resource
from app.providers.provider import Provider

FILE = "vision-test.jpg"
SIDE = 224
QUESTION = "What colour is the square in the middle of this picture? Answer with one word."

_WHITE = (255, 255, 255)
SQUARES = (  # left, top, side, colour
    (16, 16, 48, (215, 30, 30)),
    (160, 16, 48, (20, 140, 50)),
    (16, 160, 48, (30, 60, 210)),
    (160, 160, 48, (10, 10, 10)),
    (72, 72, 80, (255, 215, 0)),
)
"""What the picture shows on white: red, green, blue and black in the corners, yellow in the middle."""

_RIGHT = {"yellow", "gold", "golden"}
_COLOURS = _RIGHT | {"red", "green", "blue", "black", "white", "orange", "purple", "pink", "brown"}
_COLOURS |= {"gray", "grey", "cyan", "magenta", "violet", "beige", "turquoise"}
_ENOUGH = 2000  # characters: whoever has not named the colour by then does not know it
_REFUSALS = {"400", "415", "422"}
_OF_OTHER_THINGS = (KeyRefused, ModelDown, NoCredit, TooManyRequests)
_NAMES_PICTURES = re.compile(r"image|picture|\bvision|multi-?modal|modalit|mmproj", re.IGNORECASE)


async def test_vision(provider: Provider, model: str, projector: str | None = None) -> Capability:
    """Whether `model` sees, by what it says of a test picture. This costs a question.

    A refusal of the picture counts as no; `value` is None when nothing was said. Raises the
    FoveaError of any other failure.
    """
    picture = _picture(provider.limits(model).encoding)
    asked = PromptMessage(role=Role.USER, text=QUESTION, pictures=(picture,))
    try:
        said = await _answer(provider, ChatRequest(model=model, messages=(asked,), projector=projector))
    except (RequestRefused, VisionPartMissing) as error:
        return _refused(error)
    except Rejected as error:
        if not _is_of_the_picture(error):
            raise
        return _refused(error)
    if not said.strip():
        return Capability(value=None, source="it said nothing about a test picture")
    named = _COLOURS.intersection(re.findall("[a-z]+", said.lower()))
    if named and named <= _RIGHT:  # naming several is not seeing one
        return Capability(value=True, source="it named the colour of a test picture")
    return Capability(value=False, source="it did not see what a test picture shows")


def pixels() -> bytes:
    """The test picture as raw RGB rows, SIDE pixels wide and high."""
    rows = bytearray()
    for y in range(SIDE):
        row = bytearray(_WHITE * SIDE)
        for left, top, side, colour in SQUARES:
            if top <= y < top + side:
                row[3 * left : 3 * (left + side)] = bytes(colour) * side
        rows += row
    return bytes(rows)


def _picture(encoding: PictureEncoding) -> PromptPicture:
    raw = encoding is PictureEncoding.RGB
    data = pixels() if raw else resource(FILE).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    prepared = Prepared(
        original=digest,
        sha256=digest,
        mime=encoding.value,
        width=SIDE,
        height=SIDE,
        byte_count=len(data),
        scale_x=1.0,
        scale_y=1.0,
    )
    return PromptPicture(
        prepared=prepared, original_width=SIDE, original_height=SIDE, name="test picture", data=data
    )


async def _answer(provider: Provider, request: ChatRequest) -> str:
    text = ""
    async with aclosing(provider.stream(request)) as events:
        async for event in events:
            match event:
                case TextDelta(choice=0):
                    text += event.text
                case TextWasReasoning(choice=0):
                    text = text[: max(0, len(text) - event.characters)]
                case _:
                    continue
            if len(text) > _ENOUGH:
                break
    return text


def _is_of_the_picture(error: Rejected) -> bool:
    if isinstance(error, _OF_OTHER_THINGS):
        return False
    names_pictures = _NAMES_PICTURES.search(error.facts.get("reason", "")) is not None
    return names_pictures or error.facts.get("status") in _REFUSALS


def _refused(error: FoveaError) -> Capability:
    if reason := error.facts.get("reason"):
        source = "it refused a test picture: {reason}"
        return Capability(value=False, source=source, facts={"reason": reason})
    return Capability(value=False, source="it refused a test picture: it sees no pictures")
