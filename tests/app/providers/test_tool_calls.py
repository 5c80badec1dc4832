from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message import ToolCall
from app.providers.tool_calls import MOST_CALLS, ToolCalls


def piece(
    index: Any = None, call_id: str | None = None, name: str | None = None, arguments: Any = None
) -> Any:
    written = {"index": index, "id": call_id, "type": "function"}
    function = {"name": name, "arguments": arguments}
    written["function"] = {key: value for key, value in function.items() if value is not None}
    return {key: value for key, value in written.items() if value is not None}


def merged(*deltas: Any) -> ToolCalls:
    calls = ToolCalls()
    for delta in deltas:
        calls.add([delta])
    return calls


def told(*deltas: Any) -> list[tuple[str, str, str]]:
    return [(call.id, call.name, call.arguments) for call in merged(*deltas).whole()]


def test_an_index_says_which_call_a_piece_belongs_to() -> None:
    assert told(
        piece(0, "a", "paint", ""),
        piece(1, "b", "draw", '{"x'),
        piece(0, None, None, '{"y":'),
        piece(1, None, None, '":1}'),
        piece(0, None, "", "2}"),
    ) == [("a", "paint", '{"y":2}'), ("b", "draw", '{"x":1}')]


def test_without_an_index_the_same_id_goes_on_with_its_call() -> None:
    assert told(
        piece(None, "a", "paint", '{"y":'),
        piece(None, "b", "draw", "{}"),
        piece(None, "a", None, "2}"),
    ) == [("a", "paint", '{"y":2}'), ("b", "draw", "{}")]


def test_without_an_index_a_new_id_or_name_begins_another_call() -> None:
    assert told(
        piece(None, "a", "paint", "{}"),
        piece(None, "b", "paint", "{}"),
        piece(None, None, "draw", '{"x":1}'),
        piece(None, None, "draw", '{"x":2}'),
    ) == [
        ("a", "paint", "{}"),
        ("b", "paint", "{}"),
        ("call_2", "draw", '{"x":1}'),
        ("call_3", "draw", '{"x":2}'),
    ]


def test_without_any_of_them_a_piece_goes_on_with_the_last_call() -> None:
    assert told(piece(None, "a", "paint", '{"y"'), piece(arguments=":2"), piece(arguments="}")) == [
        ("a", "paint", '{"y":2}')
    ]


def test_a_name_repeated_with_every_piece_is_one_call() -> None:
    pieces = [piece(None, None, "paint", part) for part in ("", '{"y"', ":{}", "}")]
    assert told(*pieces) == [("call_0", "paint", '{"y":{}}')]


def test_a_missing_index_is_never_the_first() -> None:
    assert told(piece(0, "a", "paint", "{}"), piece(None, "b", "draw", "{}")) == [
        ("a", "paint", "{}"),
        ("b", "draw", "{}"),
    ]


@pytest.mark.parametrize("arguments", ["", "  ", None, "{}"])
def test_a_call_without_arguments_has_none(arguments: str | None) -> None:
    ((_, _, written),) = told(piece(0, "a", "paint", arguments))
    assert json.loads(written) == {}


def test_arguments_that_came_as_an_object_are_written_down() -> None:
    ((_, _, written),) = told(piece(0, "a", "paint", {"city": "Bari"}))
    assert json.loads(written) == {"city": "Bari"}


def test_what_is_cut_off_or_nameless_is_no_call() -> None:
    calls = merged(piece(0, "a", "paint", '{"y":'), piece(1, "b", None, "{}"), piece(2, "c", "draw", "{}"))
    assert [call.name for call in calls.whole()] == ["draw"]
    assert calls.broken() == ["paint", ""]


def test_what_the_server_wants_back_is_kept() -> None:
    given_extra = {"google": {"thought_signature": "eA=="}}
    calls = merged({**piece(None, "a", "paint", "{}"), "extra_content": given_extra})
    (call,) = calls.whole()
    assert isinstance(call, ToolCall)
    assert json.loads(call.extra) == given_extra


@pytest.mark.parametrize(
    "junk",
    [
        None,
        5,
        "x",
        {},
        {"index": "0"},
        [],
        [None],
        [{"EVIL": 1}],
        [{"function": "rm"}],
        [{"function": {"name": 5}}],
    ],
)
def test_what_is_no_call_is_passed_over(junk: Any) -> None:
    calls = ToolCalls()
    assert calls.add(junk) == 0
    assert (calls.whole(), calls.broken()) == ([], [])


def test_calls_without_end_are_capped() -> None:
    calls = merged(*(piece(index, str(index), "paint", "{}") for index in range(MOST_CALLS + 50)))
    assert len(calls.whole()) == MOST_CALLS


def test_pieces_without_end_cost_no_more_than_their_number() -> None:
    calls = merged(piece(None, None, "paint", '{"y":"'))
    begun = time.process_time()
    for _ in range(20_000):
        calls.add([piece(None, None, "paint", "{" * 50)])
    assert time.process_time() - begun < 5
    assert calls.whole() == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["paint", "draw"]),
            st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3),
        ),
        max_size=4,
    ),
    st.integers(1, 9),
    st.booleans(),
)
def test_any_cut_of_indexed_pieces_gives_the_same_calls(
    asked: list[tuple[str, dict[str, str]]], size: int, in_turns: bool
) -> None:
    streams = []
    for place, (name, values) in enumerate(asked):
        text = json.dumps(values)
        cut = [text[start : start + size] for start in range(0, len(text), size)]
        streams.append(
            [piece(place, f"id{place}", name, ""), *(piece(place, arguments=part) for part in cut)]
        )
    if in_turns:
        longest = max(map(len, streams), default=0)
        pieces = [stream[at] for at in range(longest) for stream in streams if at < len(stream)]
    else:
        pieces = [item for stream in streams for item in stream]
    found = merged(*pieces).whole()
    assert [(call.name, json.loads(call.arguments)) for call in found] == asked
