from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.widgets.notice import Notice


@pytest.mark.parametrize(
    ("tone", "offer", "here", "after_question", "after_leaving"),
    [
        ("text_muted", "", False, False, False),
        ("warning", "", False, False, False),
        ("positive", "", False, False, False),
        ("danger", "", False, True, True),
        ("warning", "Save as", False, True, True),
        ("text_muted", "Go on", True, True, False),
        ("danger", "Try again", False, True, True),
    ],
)
def test_a_notice_goes_with_what_it_is_about(
    qtbot: QtBot, tone: str, offer: str, here: bool, after_question: bool, after_leaving: bool
) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    for left, stays in ((False, after_question), (True, after_leaving)):
        notice.show_text("It is so.", tone, offer, here=here)
        notice.let_go(left=left)
        assert bool(notice.text()) is stays
