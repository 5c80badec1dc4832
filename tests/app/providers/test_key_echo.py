from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Interrupted
from app.domain.events import Event, Finished, ReasoningDelta, TextDelta, ToolCalled
from app.domain.message import ToolCall
from app.net.key import Key
from app.providers.key_echo import without_key

VALUE = "sk-aba-abac-0123456789"
KEY = Key(("https://example.com",), VALUE)


def shown(events: Sequence[Event], key: Key | None = KEY) -> list[Event]:
    async def play() -> AsyncGenerator[Event, None]:
        for event in events:
            yield event

    async def collect() -> list[Event]:
        return [event async for event in without_key(play(), key)]

    return asyncio.run(collect())


def text_of(events: Sequence[Event], kind: type = TextDelta, choice: int = 0) -> str:
    return "".join(e.text for e in events if isinstance(e, kind) and e.choice == choice)  # type: ignore[attr-defined]


def test_b27_a_key_in_an_answer_is_hidden_wherever_it_is_cut() -> None:
    said = f"Your key is {VALUE}, and again {VALUE}."
    for cut in range(len(said)):
        events = [TextDelta(text=said[:cut]), TextDelta(text=said[cut:]), Finished(reason="stop")]
        assert text_of(shown(events)) == "Your key is •••, and again •••."
    letters = [*(TextDelta(text=letter) for letter in said), Finished(reason="stop")]
    assert text_of(shown(letters)) == "Your key is •••, and again •••."


def test_b27_a_key_is_hidden_in_every_choice_in_thoughts_and_in_tools() -> None:
    call = ToolCall(id="1", name="send", arguments=f'{{"to": "{VALUE}"}}')
    half = len(VALUE) // 2
    events = shown(
        [
            TextDelta(text=VALUE[:half]),
            TextDelta(text=VALUE[:half], choice=1),
            ReasoningDelta(text=VALUE),
            TextDelta(text=VALUE[half:], choice=1),
            TextDelta(text=VALUE[half:]),
            ToolCalled(call=call),
            Finished(reason="stop"),
            Finished(reason="stop", choice=1),
        ]
    )
    assert [text_of(events), text_of(events, choice=1), text_of(events, ReasoningDelta)] == ["•••"] * 3
    assert VALUE not in repr(events)


@given(
    st.lists(st.text(alphabet="sk-abc01", max_size=12) | st.just(VALUE[:9]), max_size=8),
    st.lists(st.integers(0, 1), min_size=8, max_size=8),
)
def test_text_without_the_key_arrives_whole_and_before_its_end(pieces: list[str], choices: list[int]) -> None:
    events: list[Event] = [TextDelta(text=p, choice=c) for p, c in zip(pieces, choices, strict=False)]
    got = shown([*events, Finished(reason="stop"), Finished(reason="stop", choice=1)])
    for choice in (0, 1):
        assert text_of(got, choice=choice) == text_of(events, choice=choice)
        end = got.index(Finished(reason="stop", choice=choice))
        assert not text_of(got[end:], choice=choice)


def test_b27_what_was_held_back_is_shown_before_a_failure() -> None:
    async def broken() -> AsyncGenerator[Event, None]:
        yield TextDelta(text="It ends in sk-")
        raise Interrupted(endpoint="Box", reason="it broke")

    async def collect() -> str:
        said = ""
        with pytest.raises(Interrupted):
            async for event in without_key(broken(), KEY):
                assert isinstance(event, TextDelta)
                said += event.text
        return said

    assert asyncio.run(collect()) == "It ends in sk-"


def test_without_a_key_nothing_is_touched() -> None:
    events = [TextDelta(text="sk-"), Finished(reason="stop")]
    assert shown(events, None) == events
