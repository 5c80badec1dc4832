"""Labels show text as it is, in the order in which it is written."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from ui.widgets.labels import ElidedLabel, PlainLabel


def test_what_would_turn_the_words_around_it_is_shown_as_a_sign(qapp: QApplication) -> None:
    assert PlainLabel("\u202efdp.exe\x07\nnext").text() == "\ufffdfdp.exe\u2407\nnext"
    assert ElidedLabel("a\u2067b\n c").text() == "a\ufffdb c"
