from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from app.domain.picture import Picture
from app.pictures.decoder import Decoder
from tests.app.child.freezing import freeze
from tests.photos import PHOTOS
from tests.ui.desk import Desk, open_desk
from ui.controllers.pictures.glances import Glances
from ui.widgets.offered import OfferedPictures

RunAsync = Callable[[Any], Any]
CAT, COFFEE = PHOTOS / "chelsea.png", PHOTOS / "coffee.png"


def glances_of(desk: Desk) -> Glances:
    return desk.controller._pictures.glances


def drop(desk: Desk, path: Path) -> None:
    desk.window.pictures_offered.emit(OfferedPictures(paths=[str(path)]), False)


async def hover(desk: Desk) -> Decoder:
    """Drag a picture over the window; returns the decoder that is ready for it then."""
    desk.window.drops.covered.emit(True)
    decoder = glances_of(desk)._further or desk.services.decoder
    await desk.until(lambda: decoder.pid is not None)
    desk.window.drops.covered.emit(False)
    return decoder


async def occupied(decoder: Decoder) -> Callable[[], Awaitable[Picture]]:
    """Give a decoder a job that goes on for as long as is wanted; returns what lets it end."""
    await decoder.get_ready()
    child = decoder.pid
    freeze(child)
    asked = asyncio.ensure_future(decoder.inspect(path=COFFEE, name="coffee.png"))
    await asyncio.sleep(0)

    def go_on() -> Awaitable[Picture]:
        assert child is not None
        os.kill(child, signal.SIGCONT)
        return asked

    return go_on


def test_what_hovers_over_the_window_finds_a_child_that_runs(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            assert desk.services.decoder.pid is None
            assert await hover(desk) is desk.services.decoder

    run_async(scenario())


def test_a_drop_is_seen_while_another_picture_is_being_read(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            go_on, pane = await occupied(desk.services.decoder), desk.window.pane
            further = await hover(desk)
            assert further is not desk.services.decoder
            drop(desk, CAT)
            await desk.until(lambda: pane.state == "picture")
            assert (pane.name, pane.sha256) == ("chelsea.png", "")
            assert (await go_on()).width == 600
            await desk.until(lambda: pane.sha256)
            glances_of(desk)._idle.timeout.emit()  # a minute later
            await desk.until(lambda: further.pid is None)

    run_async(scenario())


def test_a_look_that_comes_when_the_picture_was_taken_in_changes_nothing(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            go_on, pane = await occupied(desk.services.decoder), desk.window.pane
            look_on = await occupied(await hover(desk))
            drop(desk, CAT)
            await desk.until(lambda: "reading" in desk.chips().values())
            await go_on()
            await desk.until(lambda: pane.sha256)
            shown: list[str] = []
            tasks = desk.controller._pictures._tasks
            pane.picture_shown.connect(shown.append)
            await look_on()
            await desk.until(lambda: not tasks.runs("preview of a dropped picture"))
            assert shown == [] and pane.sha256

    run_async(scenario())


def test_a_picture_that_is_removed_while_it_is_read_leaves_a_child_for_the_next(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            decoder = desk.services.decoder
            await decoder.get_ready()
            before = decoder.pid
            freeze(before)
            asked = asyncio.ensure_future(decoder.inspect(path=COFFEE, name="coffee.png"))
            await asyncio.sleep(0)
            asked.cancel()
            desk.window.composer.attachment_removed.emit("coffee")
            await desk.until(lambda: decoder.pid not in (None, before))

    run_async(scenario())
