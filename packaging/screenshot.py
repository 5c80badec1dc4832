"""Draws the window's states as PNG files: `python packaging/screenshot.py [FOLDER]`.

Everything in them is real: the photographs of the tests, read and described by quick look.
Run through `make screenshot`, which provides a screen. FOLDER is build/screenshots by default;
each state is drawn light and dark, at 100 % and at 200 %.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import qasync
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.conversation import Draft
from app.domain.geometry import Point
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, Treatment
from app.pictures.intake import Offer
from ui.compare.compare_window import CompareWindow
from ui.controllers.comparing.comparison import Comparison
from ui.controllers.window import WindowController
from ui.inspector.dialog import InspectorDialog
from ui.main_window import MainWindow
from ui.run_card_dialog import RunCardDialog
from ui.settings.dialog import FIRST_SIZE, SettingsDialog
from ui.theme import ground, palette
from ui.theme.style import ARGUMENTS
from ui.transcript.finding.find_bar import FindBar
from ui.window_frame import WindowFrame

ROOT = Path(__file__).resolve().parents[1]
PHOTOS = ROOT / "tests" / "data" / "photos"
SIZE = QSize(1280, 800)
SMALL = QSize(640, 480)
QUESTION = "What is in this picture?"
LIMIT_S = 60


class Photographer:
    """Brings one window into each state and draws it."""

    def __init__(self, window: MainWindow, folder: Path, suffix: str) -> None:
        self._window = window
        self._folder = folder
        self._suffix = suffix

    async def draw(self, state: str, shown: QWidget | None = None) -> None:
        """Write the window (or what is `shown` over it) as it is now, when animations are over."""
        await asyncio.sleep(0.4)
        self.draw_now(state, shown)

    def draw_now(self, state: str, shown: QWidget | None = None) -> None:
        """Write the window as it is at this moment."""
        picture = (shown or self._window.window()).grab()
        file = str(self._folder / f"{state}{self._suffix}.png")
        if not picture.save(file):
            raise OSError(f"not written: {file}")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a state. Raises TimeoutError."""
        async with asyncio.timeout(LIMIT_S):
            while not condition():  # noqa: ASYNC110  what is waited for is what can be seen
                await asyncio.sleep(0.01)

    async def ask(self, text: str) -> None:
        """Type a question and send it."""
        composer = self._window.composer
        composer.set_text(text)
        await self.until(lambda: all(chip.state == "ready" for chip in composer.strip.chips()))
        composer.send.click()
        await self.until(lambda: composer.send.running)


def said(window: MainWindow) -> str:
    """The text of the conversation."""
    window.transcript.select_all()
    text = window.transcript.selected_text()
    window.transcript.deselect()
    return text


async def photograph(window: MainWindow, folder: Path, suffix: str) -> None:
    """All states, one after the other."""
    photographer = Photographer(window, folder, suffix)
    controller = WindowController(window, Path(os.environ["FOVEA_HOME"]))
    await controller.start(())
    try:
        for state in STATES:
            await state(window, controller, photographer)
    finally:
        window.window().hide()
        await controller.close()


async def empty(_: MainWindow, __: WindowController, photographer: Photographer) -> None:
    """Nothing yet."""
    await photographer.draw("empty")


async def streaming(window: MainWindow, controller: WindowController, photographer: Photographer) -> None:
    """A page of text is being read."""
    controller.open_paths([str(PHOTOS / "page.png")])
    await photographer.until(lambda: window.pane.state == "picture")
    await photographer.draw("attached")
    await photographer.ask("Read the text in this picture.")
    await photographer.until(lambda: "colours" in said(window))
    photographer.draw_now("streaming")
    await photographer.until(lambda: not window.composer.send.running)


async def finished(window: MainWindow, controller: WindowController, photographer: Photographer) -> None:
    """Several pictures, described."""
    window.actions_table["new"].trigger()
    await photographer.until(lambda: window.pane.state == "empty")
    controller.open_paths([str(PHOTOS / name) for name in ("coffee.png", "rocket.jpg", "chelsea.png")])
    await photographer.until(lambda: window.pane.state == "picture")
    await photographer.ask(QUESTION)
    await photographer.until(lambda: not window.composer.send.running)
    await photographer.draw("finished")


async def threads(window: MainWindow, _: WindowController, photographer: Photographer) -> None:
    """Another answer to a question, the question being changed, a branch deleted, how an answer was made."""
    actions = window.actions_table
    actions["again"].trigger()
    await photographer.until(lambda: window.composer.send.running)
    await photographer.until(lambda: not window.composer.send.running)
    await photographer.draw("siblings")
    actions["edit"].trigger()
    await photographer.until(lambda: window.composer.text() == QUESTION)
    await photographer.draw("editing")
    actions["stop"].trigger()
    actions["card"].trigger()
    await photographer.until(lambda: window.findChild(RunCardDialog) is not None)
    dialog = window.findChild(RunCardDialog)
    await photographer.draw("run-card", dialog)
    dialog.close()
    actions["delete"].trigger()
    await photographer.until(lambda: not window.notice.isHidden())
    await photographer.draw("deleted")
    actions["undo"].trigger()
    await photographer.until(lambda: "chelsea.png" in said(window))


async def panes(window: MainWindow, _: WindowController, photographer: Photographer) -> None:
    """Pictures side by side, with a tab each."""
    actions = window.actions_table
    actions["pane-right"].trigger()
    actions["pane-down"].trigger()
    await photographer.draw("panes")
    actions["pane-close"].trigger()
    actions["pane-close"].trigger()
    await photographer.until(lambda: len(window.panes.panes()) == 1)


async def drawn(window: MainWindow, controller: WindowController, photographer: Photographer) -> None:
    """A region and a cover on an attached picture, and what is sent of it."""
    window.actions_table["new"].trigger()
    await photographer.until(lambda: window.pane.state == "empty")
    controller.open_paths([str(PHOTOS / "astronaut.png")])
    await photographer.until(lambda: window.pane.state == "picture")
    (sha256,) = (chip.sha256 for chip in window.composer.strip.chips())
    flag = Region("00000001", RegionKind.RECTANGLE, (Point(x=20, y=20), Point(x=150, y=330)), "Flag")
    badge = Redaction(RedactionKind.BOX, (Point(x=300, y=400), Point(x=380, y=460)))
    attachments = controller._composing.attachments
    attachments.set_treatment(sha256, Treatment(regions=(flag,), redactions=(badge,)))
    window.composer.set_text("Whose flag is it?")
    await asyncio.sleep(2)
    await photographer.draw("drawn")
    window.actions_table["sent"].trigger()
    await photographer.until(lambda: bool(window.findChildren(InspectorDialog)))
    dialog = window.findChild(InspectorDialog)
    await asyncio.sleep(2)
    await photographer.draw("sent", dialog)
    dialog.close()
    window.composer.set_text("")
    attachments.drop_sent(Draft(pictures=((sha256, "astronaut.png"),)))


async def compared(window: MainWindow, _: WindowController, photographer: Photographer) -> None:
    """A question and its answers in a table, with pictures that nobody was asked about yet."""
    window.actions_table["compare"].trigger()
    await photographer.until(lambda: bool(window.findChildren(CompareWindow)))
    table = window.findChild(CompareWindow)
    table.findChild(Comparison).take(Offer(paths=(PHOTOS / "rocket.jpg",)))
    await photographer.until(lambda: len(table.cells()) > 1)
    await photographer.draw("compared", table)
    table.close()


async def searched(window: MainWindow, _: WindowController, photographer: Photographer) -> None:
    """A word in the whole library, and a word in the conversation."""
    window.actions_table["search"].trigger()
    window.library.search.setText("picture")
    await asyncio.sleep(1)
    await photographer.draw("searched")
    window.library.search.clear()
    window.actions_table["find"].trigger()
    window.findChild(FindBar).field.setText("colours")
    await photographer.draw("found")


async def refused(window: MainWindow, controller: WindowController, photographer: Photographer) -> None:
    """Files that are no pictures, and an answer that failed."""
    with tempfile.TemporaryDirectory() as folder:
        text, cut = Path(folder, "notes.png"), Path(folder, "holiday.jpg")
        text.write_text("These are notes.")
        cut.write_bytes((PHOTOS / "rocket.jpg").read_bytes()[:9000])
        controller.open_paths([str(text), str(cut)])
        chips = window.composer.strip.chips
        await photographer.until(lambda: [chip.state for chip in chips()] == ["refused", "refused"])
        await photographer.draw("refused")


async def failed(window: MainWindow, controller: WindowController, photographer: Photographer) -> None:
    """The original of an attached picture is gone when it is needed."""
    window.actions_table["new"].trigger()
    await photographer.until(lambda: window.pane.state == "empty")
    controller.open_paths([str(PHOTOS / "astronaut.png")])
    await photographer.until(lambda: window.pane.state == "picture")
    for original in Path(os.environ["FOVEA_HOME"], "pictures").rglob("*"):
        if original.is_file() and original.stat().st_size == (PHOTOS / "astronaut.png").stat().st_size:
            original.unlink()
    await photographer.ask(QUESTION)
    await photographer.until(lambda: not window.composer.send.running)
    await photographer.draw("failed")


async def settings(window: MainWindow, _: WindowController, photographer: Photographer) -> None:
    """Endpoints, a key that was kept, servers that do not answer, a new one, the themes."""
    window.actions_table["settings"].trigger()
    await photographer.until(lambda: any(d.isVisible() for d in window.findChildren(SettingsDialog)))
    dialog = window.findChild(SettingsDialog)
    page, form = dialog.endpoints, dialog.endpoints.form
    await photographer.draw("settings", dialog)
    page.open("nugen")
    form.key.edit.setText("a key that is being typed")
    await photographer.draw("settings-key", dialog)
    form.key.edit.setText("not-a-real-key")
    form.key.save_button.click()
    await photographer.until(lambda: bool(form.key.line.text()))
    await photographer.draw("settings-kept", dialog)
    page.list.add_button.click()
    page.new.name_edit.setText("My workstation")
    page.new.address.edit.setText("http://127.0.0.1:9/v1")
    page.new.address.judge_again()
    await photographer.draw("settings-new", dialog)
    page.added.emit("vllm", "My workstation", "http://127.0.0.1:9/v1")
    await photographer.until(lambda: page.open_id == "my-workstation")
    form.test.start_button.click()
    photographer.draw_now("settings-asking", dialog)
    await photographer.until(lambda: not form.test.asking)
    await photographer.draw("settings-failed", dialog)
    dialog.resize(SMALL)
    await photographer.draw("settings-small", dialog)
    form.remove_button.click()
    await photographer.until(lambda: not dialog.undo.isHidden())
    await photographer.draw("settings-removed", dialog)
    dialog.resize(FIRST_SIZE)
    dialog.pages.setCurrentRow(1)
    await photographer.draw("settings-appearance", dialog)
    dialog.close()


async def small(window: MainWindow, _: WindowController, photographer: Photographer) -> None:
    """The smallest window there is."""
    window.window().resize(SMALL)
    await photographer.draw("small")


State = Callable[[MainWindow, WindowController, Photographer], Awaitable[None]]
STATES: tuple[State, ...] = (
    *(empty, streaming, finished, panes, compared, threads, searched),
    *(drawn, refused, failed, settings, small),
)


def main() -> int:
    """Draw at both scales and in both themes, each in a process of its own."""
    if len(sys.argv) > 2:
        return draw_all(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots"
    for theme in ("light", "dark"):
        for scale in ("1", "2"):
            with tempfile.TemporaryDirectory() as home:
                environment = {
                    **os.environ,
                    "FOVEA_HOME": home,
                    "QT_SCALE_FACTOR": scale,
                    "XDG_CONFIG_HOME": home,
                    "PYTHONPATH": str(ROOT),
                }
                command = [sys.executable, __file__, str(folder), theme, scale]
                subprocess.run(command, env=environment, check=True)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


def draw_all(folder: Path, theme: str, scale: str) -> int:
    """All states in one theme at one scale."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication([*sys.argv[:1], *ARGUMENTS])
    application.setQuitOnLastWindowClosed(False)
    frame = WindowFrame(ground.of_theme(application, theme))
    palette.apply(application, theme)
    window = MainWindow()
    frame.setCentralWidget(window)
    frame.resize(SIZE)
    frame.show()
    for _ in window.build():
        pass
    suffix = f"-{theme}" + ("" if scale == "1" else f"@{scale}x")
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.run(photograph(window, folder, suffix))
    return 0


if __name__ == "__main__":
    sys.exit(main())
