from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible

from tests.ui.transcript_pictures import MakeView
from ui.transcript.entry import Entry, EntryAction
from ui.transcript.reading.announcer import summary


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


AGAIN = EntryAction("again", "Try again", keys="Ctrl+R")
KEY = EntryAction("key", "Enter the key…")
QUIET = EntryAction("copy", "Copy", keys="Ctrl+Shift+C", quiet=True)


@pytest.mark.parametrize(
    ("status", "actions", "said"),
    [
        ("done", (QUIET,), "Answer finished."),
        ("failed", (AGAIN, KEY), "Answer failed. Try again with Ctrl+R."),
        (
            "interrupted",
            (AGAIN, EntryAction("", "2 of 3"), EntryAction("next", "›", "Next answer", "Alt+Right")),
            "Answer interrupted. Try again with Ctrl+R. 2 of 3. Next answer with Alt+Right.",
        ),
    ],
)
def test_it_is_told_how_an_answer_ended_and_what_keys_do_with_it(
    status: str, actions: tuple[EntryAction, ...], said: str
) -> None:
    assert summary(Entry("1", "assistant", "Text", status, actions=actions)) == said


@pytest.mark.usefixtures("listening")
def test_why_an_answer_failed_is_told(make_view: MakeView) -> None:
    answer = Entry("1", "assistant", "", "streaming")
    view = make_view([answer])
    view.update_entry(replace(answer, status="failed", notice="It broke.", actions=(AGAIN,)))
    assert view.accessibleDescription() == "It broke."
