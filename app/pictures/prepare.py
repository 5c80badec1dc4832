"""Fitting a picture to what an endpoint takes, without anything its file reveals."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import PictureRefused
from app.domain.events import Event, Noted
from app.domain.message import Note
from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, Picture, Prepared, View
from app.domain.region import Treatment
from app.domain.request import PromptPicture
from app.pictures.decoder import Decoder, Made

if TYPE_CHECKING:
    from app.pictures.views import Views

_MADE_SMALLER = (
    "{name} was made smaller to fit the {weight} that this model takes: {width} x {height} pixels."
)
_DULLER = (
    "Faint colours of {name} were given up, so that its writing stays sharp within the {weight} that this"
    " model takes."
)
_DRAWN_INSTEAD = (
    "The regions of {name} are drawn on the whole picture instead of cut out: the most pictures that"
    " this model looks at is {most}."
)
_LEFT_OUT = (
    "Parts of {name} in full size that did not go along: {count}. The most pictures that this model"
    " looks at is {most}; a region sends the part that matters."
)
_UNTILED = "Of {name} only its regions go along, and no parts in full size beside them."
_TOO_SHORT = (
    "{name} goes as {width} x {height} pixels: this model may refuse it, because a side is shorter than"
    " {least} pixels."
)
_TOO_NARROW = (
    "{name} goes as {width} x {height} pixels: this model may refuse it, because one side is more than"
    " {most} times the other."
)
_NOTHING_DONE = Treatment()
LINK = "text/uri-list"
"""The type of what is sent for a picture that the endpoint fetches itself."""


async def prepare(
    decoder: Decoder,
    path: Path,
    picture: Picture,
    name: str,
    limits: Limits,
    detail: Detail = Detail.FIT,
    treatment: Treatment = _NOTHING_DONE,
    report: Callable[[Event], None] = lambda _: None,
) -> tuple[PromptPicture, ...]:
    """The exact bytes to send for the original at `path`, and how they came about.

    One picture, or several where `treatment` has regions that are cut out, or where its detail (which
    goes before `detail`) asks for tiles; `limits.most_pictures` at most. JPEG, PNG or raw RGB as
    `limits` say, made anew from pixels alone, upright, never larger than the original, with what is
    redacted painted over. With FIT and TILES each has at most the pixels and bytes that `limits` say;
    `report` hears of pixels and faint colours given up for the bytes, of parts left out, and of shapes
    that the model may refuse. The other details keep all pixels; what is more bytes than the endpoint
    takes is refused then, unless it is uploaded. Raises PictureRefused.
    """
    from app.pictures.recipe import Recipe  # both only for who asks
    from app.pictures.views import views

    detail = treatment.detail or detail
    size = (picture.width, picture.height)
    asked = views(size, treatment, detail, limits)
    fitted = detail not in (Detail.ORIGINAL, Detail.UPLOAD)
    recipe = Recipe(
        size=size,
        cuts=tuple(shot.cut for shot in asked.shots),
        redactions=treatment.redactions,
        raw=limits.encoding is PictureEncoding.RGB,
        png=limits.takes_png,
        most_bytes=limits.most_bytes if fitted else None,
        multiple=limits.multiple if fitted else 1,
    )
    made = await decoder.prepare(path, name, recipe)
    if not (recipe.raw or (detail is Detail.UPLOAD and limits.takes_uploads)):
        _require_bytes(made, name, limits.most_bytes)
    for note in _notes(asked, made, name, limits):
        report(Noted(note=note))
    return await asyncio.to_thread(_sent, asked, made, picture, name, treatment)


def _sent(
    asked: Views, made: Sequence[Made], picture: Picture, name: str, treatment: Treatment
) -> tuple[PromptPicture, ...]:
    from app.pictures.views import covered

    sent: list[PromptPicture] = []
    in_original = _writing_in_original(asked, made)
    for number, (shot, file) in enumerate(zip(asked.shots, made, strict=True)):
        left, top, right, bottom = shot.cut.box
        text_px, covers = file.text_px, covered(treatment.redactions, shot.cut.box)
        if not shot.cut.searched and in_original is not None:
            text_px = round(in_original * file.width / (right - left), 2)
        prepared = Prepared(
            original=picture.sha256,
            sha256=hashlib.sha256(file.data).hexdigest(),
            mime=file.mime,
            width=file.width,
            height=file.height,
            byte_count=len(file.data),
            scale_x=(right - left) / file.width,
            scale_y=(bottom - top) / file.height,
            left=left,
            top=top,
            view=shot.view,
            number=number,
            region=shot.region,
            marked=bool(shot.cut.marks),
            redacted=len(covers),
            text_px=text_px,
            covers=tuple(redaction.digest for redaction in covers),
        )
        sent.append(as_sent(prepared, picture, name, file.data))
    return tuple(sent)


def _writing_in_original(asked: Views, made: Sequence[Made]) -> float | None:
    """How high the smallest writing is in the original, as the first picture tells."""
    left, _, right, _ = asked.shots[0].cut.box
    text_px = made[0].text_px
    return None if text_px is None else text_px * (right - left) / made[0].width


def linked(picture: Picture, name: str, link: str) -> PromptPicture:
    """The picture as an address from which the endpoint fetches it; none of its bytes are sent."""
    prepared = Prepared(
        original=picture.sha256,
        sha256="",
        mime=LINK,
        width=picture.width,
        height=picture.height,
        byte_count=0,
        scale_x=1.0,
        scale_y=1.0,
    )
    return as_sent(prepared, picture, name, b"", link)


def as_sent(prepared: Prepared, picture: Picture, name: str, data: bytes, link: str = "") -> PromptPicture:
    """A picture that is prepared already, in the bytes that are sent, or as an address."""
    return PromptPicture(
        prepared=prepared,
        original_width=picture.width,
        original_height=picture.height,
        name=name,
        data=data,
        link=link,
    )


def _require_bytes(made: Sequence[Made], name: str, most_bytes: int | None) -> None:
    for sent in made:
        if most_bytes is not None and len(sent.data) > most_bytes:
            reason = (
                f"at its full size of {sent.width} x {sent.height} pixels it is {_weight(len(sent.data))},"
                f" and this model takes {_weight(most_bytes)} a picture"
            )
            raise PictureRefused(name=name, reason=reason)


def _notes(asked: Views, made: Sequence[Made], name: str, limits: Limits) -> Iterator[Note]:
    """What the user would want to know: parts that did not go along, pixels given up for bytes."""
    if asked.drawn:
        yield Note(what=_DRAWN_INSTEAD, facts={"name": name, "most": str(limits.most_pictures)})
    if asked.left_out:
        facts = {"name": name, "most": str(limits.most_pictures), "count": str(asked.left_out)}
        yield Note(what=_LEFT_OUT, facts=facts)
    if asked.untiled:
        yield Note(what=_UNTILED, facts={"name": name})
    smaller = next((sent for sent in made if sent.smaller), None)
    if smaller is not None and limits.most_bytes is not None:
        sides = {"width": str(smaller.width), "height": str(smaller.height)}
        facts = {"name": name, "weight": _weight(limits.most_bytes), **sides}
        yield Note(what=_MADE_SMALLER, facts=facts)
    if any(sent.duller for sent in made) and limits.most_bytes is not None:
        yield Note(what=_DULLER, facts={"name": name, "weight": _weight(limits.most_bytes)})
    if asked.shots[0].view is View.WHOLE:
        yield from _odd_shape(made[0], name, limits)


def _odd_shape(sent: Made, name: str, limits: Limits) -> Iterator[Note]:
    """That the model may not take a picture of this shape."""
    least, most = sorted((sent.width, sent.height))
    facts = {"name": name, "width": str(sent.width), "height": str(sent.height)}
    if least < limits.least_side:
        yield Note(what=_TOO_SHORT, facts={**facts, "least": str(limits.least_side)})
    elif limits.most_ratio is not None and most > limits.most_ratio * least:
        yield Note(what=_TOO_NARROW, facts={**facts, "most": str(limits.most_ratio)})


def _weight(byte_count: int) -> str:
    """A number of bytes as people say it; rounded down, so that a limit is not promised too high."""
    if byte_count >= 10_000_000:
        return f"{byte_count // 1_000_000} MB"
    if byte_count >= 1_000_000:
        return f"{byte_count // 100_000 / 10:g} MB"
    return f"{byte_count // 1000} KB" if byte_count >= 1000 else f"{byte_count} bytes"
