"""What was covered on a picture is painted over in documents, and stays covered in what is imported."""

from __future__ import annotations

import asyncio
import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from app.domain.geometry import Point
from app.domain.message import Message, PicturePart
from app.domain.region import COVER_GREY, Redaction, RedactionKind, Treatment
from app.domain.transfer import Heading
from app.transfer.export import FORMATS
from tests.app.transfer.conversations import DAY, Tools, library, message, one_id, photo, plant

FACE = Redaction(RedactionKind.BOX, (Point(0, 0), Point(600, 200)))
PLATE = Redaction(RedactionKind.BOX, (Point(0, 200), Point(600, 400)))
CONVERSATION = one_id(1000)


def showing(number: int, parent: int | None, *redactions: Redaction) -> Message:
    treatment = Treatment(redactions=redactions)
    return message(number, parent, PicturePart(photo().sha256, "coffee.png", treatment=treatment), "What?")


async def plant_covered(tools: Tools) -> None:
    """One question covers the upper half; another one, in the trash, the lower half; the last none."""
    heading = Heading(id=CONVERSATION, title="A cup", created=DAY, changed=DAY)
    messages = (showing(1, None, FACE), showing(3, 1, PLATE), showing(5, 1))
    await plant(tools.store, heading, messages)
    assert await tools.store.trash.put_branch(one_id(3)) is not None


def pictures_in(document: Path) -> list[Image.Image]:
    """The pictures of a document, as they lie in it."""
    data = document.read_bytes()
    match document.suffix:
        case ".md":
            files = [path.read_bytes() for path in document.parent.glob("*/*.jpg")]
        case ".html":
            files = [
                base64.b64decode(found) for found in re.findall(rb'data:image/jpeg;base64,([^"]+)', data)
            ]
        case _:
            files = re.findall(rb"<<[^<>]*/DCTDecode[^<>]*>>\s*stream\r?\n(.*?)endstream", data, re.DOTALL)
    return [Image.open(io.BytesIO(file)).convert("L") for file in files]


def test_what_any_question_covered_is_painted_over_in_documents_and_kept_in_what_is_imported(
    home: Path, tmp_path: Path
) -> None:
    async def run() -> None:
        async with library(home) as tools:
            await plant_covered(tools)
            for kind in FORMATS:
                await tools.exporter.export([CONVERSATION], kind, tmp_path / f"out.{kind}")
        async with library(tmp_path / "other") as tools:
            await tools.take(tmp_path / "out.json")
            first, last = await tools.store.conversations.showing(CONVERSATION)
            assert first.pictures[0].treatment.redactions == (FACE, PLATE)
            assert last.pictures[0].treatment.redactions == ()

    asyncio.run(run())
    for kind in ("md", "html", "pdf"):
        (picture, *_) = pictures_in(tmp_path / f"out.{kind}")
        assert picture.width / picture.height == pytest.approx(1.5, rel=0.01)
        levels = picture.getextrema()
        assert all(abs(level - COVER_GREY) < 8 for level in levels), kind
