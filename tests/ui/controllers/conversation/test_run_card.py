from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.message import Message, Role, RunCard, Status, TextPart
from ui.controllers.conversation.run_card import card_of


def rows(finish_reason: str) -> dict[str, str]:
    run = RunCard(endpoint="Nugen", endpoint_id="nugen", model="m", finish_reason=finish_reason)
    answer = Message(
        id="a",
        parent_id="q",
        seq=2,
        role=Role.ASSISTANT,
        parts=(TextPart(text="Text"),),
        created=datetime(2026, 1, 1, tzinfo=UTC),
        status=Status.DONE,
        run=run,
    )
    return {row.label: row.value for section in card_of(answer, {}) for row in section.rows}


@pytest.mark.parametrize(
    ("reason", "said"),
    [("stop", "Whole"), ("length", "Cut off at the token limit"), ("eos", "eos"), ("", None)],
)
def test_the_end_of_an_answer_is_said_in_words_where_its_reason_is_known(
    reason: str, said: str | None
) -> None:
    assert rows(reason).get("End") == said
