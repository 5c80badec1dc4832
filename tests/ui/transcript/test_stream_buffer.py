"""What waits for the next frame."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.transcript.entry import Entry
from ui.transcript.stream_buffer import StreamBuffer
from ui.transcript.view import TranscriptView


def test_what_is_shown_meanwhile_is_not_overwritten_by_what_waited(qtbot: QtBot) -> None:
    view = TranscriptView()
    qtbot.addWidget(view)
    view.set_entries([Entry("a", "assistant", "One", status="streaming"), Entry("b", "assistant", "Two")])
    buffer = StreamBuffer(view)
    buffer.put(Entry("a", "assistant", "One", status="done"))
    buffer.put(Entry("b", "assistant", "Two and a half"))
    buffer.drop(["a"])
    view.update_entry(Entry("a", "assistant", "One", status="done", notes=("Three shapes",)))
    buffer.flush()
    shown = [message.entry for message in view._arrangement.messages]
    assert shown[0].notes == ("Three shapes",)
    assert shown[1].text == "Two and a half"
