from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible

from tests.ui.transcript_pictures import MakeView
from ui.transcript.entry import Entry


@pytest.fixture
def listening(qapp: object) -> Iterator[None]:
    """Assistive technology asks for events."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


@pytest.mark.usefixtures("listening")
def test_a_finished_answer_is_announced_and_its_growth_is_not(make_view: MakeView) -> None:
    answer = Entry("1", "assistant", "", "streaming")
    view = make_view([answer])
    view.update_entry(replace(answer, text="A cat"))
    assert view.accessibleDescription() == ""
    view.update_entry(replace(answer, text="A cat.", status="done"))
    assert view.accessibleDescription() == "A cat."
    view.update_entry(replace(answer, text="A cat.", status="done", metrics="9 tokens"))
    view.update_entry(Entry("nobody", "assistant", "Other"))
    assert view.accessibleDescription() == "A cat."
