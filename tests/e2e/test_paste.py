"""Pictures from the clipboard of another program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.display import Display
from tests.e2e.running_window import open_window
from tests.photos import PHOTOS


@pytest.mark.timeout(240)
def test_a_picture_on_the_clipboard_is_pasted_byte_for_byte(x_display: Display, home: Path) -> None:
    photo = PHOTOS / "astronaut.png"
    owner = x_display.start("xclip", "-selection", "clipboard", "-t", "image/png", "-i", "-quiet", str(photo))
    try:
        with open_window(x_display, home) as running:
            running.press("ctrl+v")
            running.until(lambda: running.query("SELECT sha256 FROM picture"))
            ((size,),) = running.query("SELECT byte_count FROM picture")
            assert size == photo.stat().st_size
    finally:
        owner.kill()
        owner.wait()
