"""What is sent, as the inspector and the line in the composer show it, against what a server gets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtGui import QImage

from app.domain.events import Finished, TextDelta
from app.domain.model import Endpoint, Limits
from app.domain.request import PromptPicture
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.controllers.inspecting import InspectingController
from ui.inspector.dialog import InspectorDialog
from ui.inspector.shown import ShownPicture

RunAsync = Callable[[Any], Any]
SAYS = (TextDelta(text="A cat."), Finished(reason="stop"))
CAT, PAGE = PHOTOS / "chelsea.png", PHOTOS / "page.png"


class FarProvider(ScriptedProvider):
    """A server elsewhere that takes small pictures."""

    endpoint = Endpoint(id="quick-look", name="Scripted", on_this_computer=False, host="pictures.example")


def far(*, limits: Limits | None = None) -> FarProvider:
    return FarProvider(*SAYS, limits=limits or Limits(longest_side=192, most_pictures=4))


def inspecting(desk: Desk) -> InspectingController:
    return desk.controller._sent.inspecting


async def opened(desk: Desk) -> InspectorDialog:
    """The inspector, with the plan and its picture on the stage."""
    desk.window.actions_table["sent"].trigger()
    await desk.until(lambda: inspecting(desk).plan is not None)
    dialog = inspecting(desk).window.dialog
    assert dialog is not None
    await desk.until(lambda: dialog.stage.state != "waiting" and not dialog.busy.isVisible())
    return dialog


def image(desk: Desk) -> QImage:
    view = inspecting(desk).window._view
    assert view is not None
    return view.image


def rgb(shown: QImage) -> bytes:
    rows = shown.convertToFormat(QImage.Format.Format_RGB888)
    stride, width = rows.bytesPerLine(), 3 * rows.width()
    bits = bytes(rows.constBits())
    return b"".join(bits[y * stride : y * stride + width] for y in range(rows.height()))


def decoded(picture: PromptPicture, tmp_path: Path) -> bytes:
    """The pixels of what a server got, as Pillow decodes them."""
    path = tmp_path / picture.prepared.sha256
    path.write_bytes(picture.data)
    with Image.open(path) as opened_picture:
        return opened_picture.convert("RGB").tobytes()


def facts(picture: ShownPicture, view: int = 0) -> dict[str, str]:
    sections = (picture.views[view].facts, *picture.facts)
    return {row.label: row.value for section in reversed(sections) for row in section.rows}


def meter(desk: Desk) -> str:
    shown = inspecting(desk)._meter
    return "" if shown.isHidden() else shown.text()


def test_the_inspector_shows_the_very_pixels_that_the_server_gets(
    run_async: RunAsync, home: Path, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            provider = far()
            desk.answer_with(provider)
            await desk.attach(CAT)
            dialog = await opened(desk)
            await desk.until(lambda: not image(desk).isNull())
            (shown,) = dialog.shown.pictures
            before, seen = facts(shown), rgb(image(desk))
            assert before["To"] == "pictures.example" and before["Scale"] == "43 % of the original's width"
            await desk.ask("What?")
            await desk.answered()
            (sent,) = provider.requests[0].messages[-1].pictures
            assert hashlib.sha256(sent.data).hexdigest() == before["SHA-256"] == sent.prepared.sha256
            assert decoded(sent, tmp_path) == seen
            ((_, answer),) = await desk.stored()
            inspecting(desk).open_answer(answer)
            await desk.until(lambda: dialog.shown.title == "1 picture went to pictures.example")
            await desk.until(lambda: dialog.stage.state == "picture")
            assert rgb(image(desk)) == seen
            assert facts(dialog.shown.pictures[0])["SHA-256"] == sent.prepared.sha256

    run_async(scenario())
