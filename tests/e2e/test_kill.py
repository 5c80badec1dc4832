"""Killed in the middle of an answer, Fovea loses nothing that is older than half a second."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from app.domain.message import Status
from app.store.database import Store
from tests.display import Display
from tests.e2e.running_window import StoredMessage, open_window

PHOTOS = Path(__file__).parents[1] / "data" / "photos"


@pytest.mark.timeout(240)
def test_a1_a_window_killed_mid_answer_reopens_with_question_and_text(x_display: Display, home: Path) -> None:
    seen: list[StoredMessage] = []
    with (
        pytest.raises(AssertionError, match="ended with -9"),
        open_window(x_display, home, str(PHOTOS / "page.png")) as running,
    ):
        running.until(running.attached)
        running.type("Read the text, please")
        running.press("Return")
        running.until(lambda: any(m.role == "assistant" and m.text for m in running.messages()))
        seen.extend(running.messages())
        running.process.send_signal(signal.SIGKILL)
        running.until(lambda: False)
    asyncio.run(_check_reopened(home, seen))
    with open_window(x_display, home) as again:
        question, answer = again.messages()
        assert question.text == "Read the text, please"
        assert answer.status == "interrupted"


async def _check_reopened(home: Path, seen: list[StoredMessage]) -> None:
    store = await Store.open(home)
    try:
        (summary,) = await store.conversations.list()
        question, answer = (await store.conversations.get(summary.id)).messages
    finally:
        await store.close()
    assert question.text == "Read the text, please"
    assert len(question.pictures) == 1
    assert answer.text.startswith(seen[1].text)
    assert answer.status is Status.INTERRUPTED


@pytest.mark.timeout(240)
def test_a3_what_is_typed_and_attached_but_not_sent_survives_a_kill(x_display: Display, home: Path) -> None:
    with (
        pytest.raises(AssertionError, match="ended with -9"),
        open_window(x_display, home, str(PHOTOS / "coffee.png")) as running,
    ):
        running.type("A half typed quest")
        running.until(lambda: running.query("SELECT text FROM draft WHERE text = 'A half typed quest'"))
        running.until(running.attached)
        running.process.send_signal(signal.SIGKILL)
        running.until(lambda: False)
    with open_window(x_display, home) as again:
        again.type("ion")
        again.until(lambda: again.query("SELECT text FROM draft WHERE text = 'A half typed question'"))
        again.press("Return")
        again.until(lambda: again.messages() and again.messages()[0].pictures == 1)
