"""The models that a table can be given, in a real window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.errors import Unreachable
from app.domain.events import Finished, TextDelta
from app.domain.model import Capability, ModelInfo
from tests.photos import PHOTOS
from tests.scripted_provider import ScriptedProvider
from tests.ui.desk import Desk, open_desk
from ui.compare.compare_window import CompareWindow
from ui.compare.model_offer import ModelOffer

RunAsync = Callable[[Any], Any]
SEES = Capability(value=True, source="the script")


class Listing(ScriptedProvider):
    """Offers models, or cannot be asked."""

    def __init__(self, *offered: ModelInfo, fails: bool = False) -> None:
        super().__init__(TextDelta(text="A cat."), Finished(reason="stop"))
        self.offered = offered
        self.fails = fails
        self.asked = 0

    async def models(self) -> Sequence[ModelInfo]:
        self.asked += 1
        if self.fails:
            raise Unreachable(endpoint="Far", host="example.org", reason="nobody is there")
        return self.offered


async def table(desk: Desk) -> CompareWindow:
    desk.answer_with(ScriptedProvider(TextDelta(text="A cat."), Finished(reason="stop")))
    await desk.attach(PHOTOS / "chelsea.png")
    await desk.ask("What is it?")
    await desk.answered()
    desk.window.actions_table["compare"].trigger()
    await desk.until(lambda: desk.window.findChildren(CompareWindow))
    (opened,) = desk.window.findChildren(CompareWindow)
    await desk.until(opened.isVisible)
    return opened


def words(offer: ModelOffer) -> list[str]:
    return [row.words for row in offer.rows()]


def test_all_models_of_an_endpoint_in_use_can_be_added(run_async: RunAsync, home: Path) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            listing = Listing(ModelInfo("seeing-8b", "Seeing", SEES), ModelInfo("other", "Other", SEES))
            desk.services.registry._providers["nugen"] = listing
            desk.controller._choices.change(models={"nugen": "other"})
            window = await table(desk)
            window.add_model.click()
            await desk.until(lambda: "Seeing" in words(window.models))
            assert words(window.models) == ["Quick look", "Other", "Seeing", "Ask NVIDIA for its models"]
            (seeing,) = [row for row in window.models.rows() if row.words == "Seeing"]
            assert seeing.vision and "seeing-8b" in seeing.detail
            QTest.keyClick(window.models.list, Qt.Key.Key_Down)
            QTest.keyClick(window.models.list, Qt.Key.Key_Down)
            QTest.keyClick(window.models.list, Qt.Key.Key_Return)
            assert window.models.isHidden() and len(window.cells()) == 2
            window.add_model.click()
            assert "Seeing" not in words(window.models) and listing.asked == 1
            QTest.keyClick(window.models.list, Qt.Key.Key_Escape)
            window.close()

    run_async(scenario())


def test_an_endpoint_that_was_never_used_is_asked_only_when_the_user_says_so(
    run_async: RunAsync, home: Path
) -> None:
    async def scenario() -> None:
        async with open_desk(home) as desk:
            many = Listing(*(ModelInfo(f"m{number}", f"Model {number}", SEES) for number in range(40)))
            desk.services.registry._providers |= {"nugen": Listing(fails=True), "nvidia": many}
            window = await table(desk)
            window.add_model.click()
            offer = window.models
            assert many.asked == 0 and offer.search.isHidden()
            offer.asked.emit("nugen")
            await desk.until(lambda: any(row.asks == "nugen" and row.detail for row in offer.rows()))
            offer.asked.emit("nvidia")
            await desk.until(lambda: "Model 39" in words(offer))
            assert not offer.search.isHidden()
            offer.search.setText("model 17")
            assert words(offer) == ["Model 17"]
            QTest.keyClick(offer.search, Qt.Key.Key_Return)
            assert len(window.cells()) == 2
            window.close()

    run_async(scenario())
