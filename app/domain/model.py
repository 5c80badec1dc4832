"""Endpoints, their models and what those can do."""

from __future__ import annotations

from enum import StrEnum

from app.domain.record import Record


class Endpoint(Record, frozen=True):
    """Somewhere a question can be sent. `on_this_computer`: nothing leaves the machine."""

    id: str
    name: str
    on_this_computer: bool


class Capability(Record, frozen=True):
    """Whether something can be done, and how we know. `value` None: nobody has said.

    `file` is the path of the file that makes it possible, where there is one.
    """

    value: bool | None
    source: str
    file: str = ""


class ModelInfo(Record, frozen=True):
    """A model an endpoint offers. `detail` is one plain line about it."""

    id: str
    name: str
    vision: Capability
    detail: str = ""


class PictureEncoding(StrEnum):
    """How an endpoint takes pictures: an encoded file, or raw RGB rows."""

    JPEG = "image/jpeg"
    RGB = "image/x-rgb"


class Limits(Record, frozen=True):
    """What an endpoint takes of pictures: the longest side in pixels, how many, in which form."""

    longest_side: int
    most_pictures: int
    encoding: PictureEncoding = PictureEncoding.JPEG
