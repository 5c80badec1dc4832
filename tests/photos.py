"""The photographs of tests/data, as a provider gets them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image

from app.domain.message import Role
from app.domain.picture import Prepared
from app.domain.request import ChatRequest, PromptMessage, PromptPicture

PHOTOS = Path(__file__).resolve().parent / "data" / "photos"


def photo(name: str) -> Image.Image:
    """A photograph of tests/data/photos in RGB."""
    with Image.open(PHOTOS / name) as image:
        return image.convert("RGB")


def as_sent(image: Image.Image, name: str, longest_side: int = 1600) -> PromptPicture:
    """`image` as raw RGB, no larger than `longest_side`."""
    small = image.copy()
    small.thumbnail((longest_side, longest_side))
    data = small.tobytes()
    prepared = Prepared(
        original=hashlib.sha256(image.tobytes()).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
        mime="image/x-rgb",
        width=small.width,
        height=small.height,
        byte_count=len(data),
        scale_x=image.width / small.width,
        scale_y=image.height / small.height,
    )
    return PromptPicture(
        prepared=prepared, original_width=image.width, original_height=image.height, name=name, data=data
    )


def question(text: str = "", *names: str) -> PromptMessage:
    """A question with photographs of tests/data/photos."""
    pictures = tuple(as_sent(photo(name), name) for name in names)
    return PromptMessage(role=Role.USER, text=text, pictures=pictures)


def request(*messages: PromptMessage) -> ChatRequest:
    """A request to quick look."""
    return ChatRequest(model="quick-look", messages=messages)
