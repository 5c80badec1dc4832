"""Messages as rows of the transcript: what waits, what was told, what can be done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.chat.growth import problem_of
from app.domain.errors import FoveaError, KeyMissing, KeyNotRead, KeyRefused, ServerFailed
from app.domain.events import Progress
from app.domain.message import Message, Note, Role, RunCard, Status, TextPart, TokenUsage, ToolCall
from app.domain.picture import Prepared
from ui.actions import shortcut_rows
from ui.controllers.conversation.entries import (
    AGAIN,
    ENTER_KEY,
    GO_ON,
    LONGEST_REASON,
    NEXT,
    PREVIOUS,
    SHAPES,
    Place,
    Pointing,
    entry_of,
)
from ui.transcript.entry import Badge, Entry, EntryTool

PREPARED = Prepared(
    original="a" * 64, sha256="b" * 64, mime="image/jpeg", width=400, height=300, byte_count=9,
    scale_x=2.0, scale_y=2.0,
)  # fmt: skip

NO_KEY = {"endpoint": "Nugen", "host": "api.nugen.in", "variable": "NUGEN_API_KEY and --base-url"}


def aloud(entry: Entry) -> list[str]:
    """What is offered without hovering."""
    return [action.id for action in entry.actions if not action.quiet]


def quietly(entry: Entry) -> list[str]:
    """What is offered on hover, focus and in the menu."""
    return [action.id for action in entry.actions if action.quiet]


def answer(text: str = "", status: Status = Status.DONE, **fields: object) -> Message:
    run = RunCard(endpoint="Nugen", model="m", total_s=2.0).replace(**fields)
    return Message(
        id="0" * 32,
        parent_id=None,
        seq=0,
        role=Role.ASSISTANT,
        status=status,
        created=datetime.now(UTC),
        parts=(TextPart(text=text),) if text else (),
        run=run,
    )


@pytest.mark.parametrize(
    ("progress", "text", "said"),
    [
        (None, "", "Waiting for the first word"),
        (None, "Word", ""),
        (Progress(stage="quiet", seconds=4.2), "", "Connected, waiting for the first word, 4 s"),
        (Progress(stage="quiet", seconds=15), "Word", "Nothing new, 15 s"),
        (Progress(stage="queued", fraction=0.4, seconds=61), "", "The endpoint works on it, 40 %, 61 s"),
        (Progress(stage="retrying", seconds=5), "", "It was busy. Trying again, 5 s"),
        (
            Progress(stage="uploading", fraction=0.5, part=2, parts=3, bytes_per_s=1.4e6),
            "",
            "Uploading 2 of 3, 50 %, 1.4 MB a second",
        ),
    ],
)
def test_a_running_answer_says_what_it_waits_for(progress: Progress | None, text: str, said: str) -> None:
    assert entry_of(answer(text, Status.STREAMING), progress, running=True).waiting == said


@pytest.mark.parametrize(
    ("error", "offered"),
    [
        (ServerFailed(endpoint="Nugen", status=503, reason="busy", wait="5 seconds"), [AGAIN]),
        (KeyMissing(**NO_KEY), [AGAIN, ENTER_KEY]),
        (KeyNotRead(reason="it is locked", **NO_KEY), [AGAIN, ENTER_KEY]),
    ],
)
def test_a_failed_answer_offers_what_helps(error: FoveaError, offered: list[str]) -> None:
    failed = answer(status=Status.FAILED).replace(problem=problem_of(error, kept="It is kept."))
    assert aloud(entry_of(failed)) == offered
    assert entry_of(failed).badges == (Badge("Failed", "danger"),)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            KeyMissing(**NO_KEY),
            "Nugen needs a key, and none is known for api.nugen.in. Kept. Enter the key below the answer.",
        ),
        (
            KeyNotRead(reason="it is locked", **NO_KEY),
            "Nugen needs a key, and its key for api.nugen.in could not be read: it is locked. Kept. "
            "Unlock the keyring and try again, or enter the key below the answer.",
        ),
        (
            KeyRefused(endpoint="Nugen", status=401, reason="no"),
            "Nugen did not accept the key (401): no. Kept. Enter the key again below the answer.",
        ),
    ],
)
def test_what_helps_with_a_key_is_in_the_window(error: FoveaError, said: str) -> None:
    failed = answer(status=Status.FAILED).replace(problem=problem_of(error, kept="Kept."))
    assert entry_of(failed).notice == said


def test_only_what_is_worked_on_here_and_now_runs() -> None:
    pending = answer(status=Status.PENDING)
    left = entry_of(pending)
    assert (left.running, left.waiting, aloud(left)) == (False, "", [AGAIN])
    assert left.notice == "Not fetched yet: the endpoint may have this answer."
    assert entry_of(pending, running=True).running
    assert entry_of(answer("One of two"), running=True).running  # the other one still grows
    assert not entry_of(answer("One of two")).running


def test_one_of_several_answers_says_which_and_leads_to_the_others() -> None:
    entry = entry_of(answer("Text"), place=Place(2, 3))
    assert aloud(entry) == [PREVIOUS, "", NEXT]
    assert [action.text for action in entry.actions if not action.id] == ["2 of 3"]
    assert aloud(entry_of(answer("Text"))) == []
    assert aloud(entry_of(answer("Te", Status.STREAMING), place=Place(2, 3), running=True)) == [
        PREVIOUS,
        "",
        NEXT,
    ]


def test_what_can_be_done_with_a_message_is_offered_quietly() -> None:
    whole = ["again", "copy", "branch-off", "replay", "card", "delete"]
    assert quietly(entry_of(answer("Text"))) == whole
    assert quietly(entry_of(answer("Te", Status.INTERRUPTED))) == whole[1:]
    assert quietly(entry_of(answer(status=Status.FAILED))) == whole[2:]
    assert quietly(entry_of(answer("Te", Status.STREAMING), running=True)) == []
    question = answer("What?").replace(role=Role.USER, run=None)
    assert quietly(entry_of(question)) == ["edit", "copy", "compare", "branch-off", "delete"]
    beside = entry_of(question, place=Place(1, 2))
    assert [action.keys for action in beside.actions if action.id in (PREVIOUS, NEXT)] == [
        "Alt+Shift+Left",
        "Alt+Shift+Right",
    ]


@pytest.mark.parametrize(
    ("message", "badge"),
    [
        (answer("Te", Status.INTERRUPTED), "Interrupted"),
        (answer("Te", finish_reason="length"), "Cut off at the token limit"),
        (answer("Te", Status.FAILED), "Failed"),
    ],
)
def test_an_answer_that_was_cut_off_says_so_and_can_be_continued(message: Message, badge: str) -> None:
    entry = entry_of(message)
    assert [said.text for said in entry.badges] == [badge]
    assert GO_ON in aloud(entry)


def test_an_answer_without_a_word_cannot_be_continued() -> None:
    assert GO_ON not in aloud(entry_of(answer(status=Status.INTERRUPTED)))
    assert GO_ON not in aloud(entry_of(answer("Text", finish_reason="content_filter")))


def test_reasoning_is_told_with_its_time() -> None:
    thought = answer("Text", reasoning_s=1.5).replace(reasoning="Hm.")
    assert (entry_of(thought).reasoning, entry_of(thought).reasoning_s) == ("Hm.", 1.5)
    thinking = answer(status=Status.STREAMING).replace(reasoning="Hm")
    assert entry_of(thinking, running=True).reasoning_s is None
    assert entry_of(answer("Text")).reasoning_s is None


def test_confidence_filters_notes_and_tools_are_told() -> None:
    call = ToolCall(id="1", name="weather", arguments='{"at":"Rome"}')
    message = answer(
        "Text",
        confidence=89.54,
        finish_reason="content_filter",
        notes=(Note(what="{name} was left out.", facts={"name": "seed"}),),
    )
    entry = entry_of(message.replace(parts=(*message.parts, call)))
    assert entry.metrics == "m · 2.0 s · confidence 89.5"
    assert entry.badges == (Badge("Cut off by the endpoint's filter", "warning"),)
    assert entry.notes == ("seed was left out.",)
    assert (entry.text, entry.tools) == ("Text", (EntryTool("weather", '{"at":"Rome"}'),))


@pytest.mark.parametrize(("count", "said"), [(1, "1 token"), (2, "2 tokens")])
def test_tokens_are_counted_in_words(count: int, said: str) -> None:
    usage = TokenUsage(prompt_tokens=1200, completion_tokens=count)
    metrics = entry_of(answer("Text", usage=usage, first_token_s=1.5)).metrics.split(" · ")
    assert metrics == [
        "m",
        "2.0 s",
        "first word after 1.5 s",
        f"{count / 0.5:.1f} tokens/s",
        said,
        "1200 read",
    ]


@pytest.mark.parametrize(("count", "said"), [(0, []), (1, ["1 shape"]), (3, ["3 shapes"])])
def test_what_an_answer_points_at_is_one_quiet_line(count: int, said: list[str]) -> None:
    entry = entry_of(
        answer("<loc0256><loc0128><loc0768><loc0512> cat", prepared=(PREPARED,)), pointing=Pointing(count)
    )
    offered = [action for action in entry.actions if action.id == SHAPES]
    assert [action.text for action in offered] == said
    assert entry.notes == ()
    assert [action.keys for action in offered] == ["Ctrl+Shift+L"] * bool(count)


@pytest.mark.parametrize(
    ("model", "pointing", "marks"),
    [
        ("allenai/Molmo-7B", None, "molmo"),
        ("glm-4.5v", None, "glm-v"),
        ("glm-4.5-air", None, "tags"),
        ("glm-4.5v", Pointing(1), "tags"),  # it was read, and wrote them otherwise
        ("some-model", Pointing(1, bare="molmo"), "molmo"),
        ("glm-4.5v", Pointing(recognised=False), ""),
    ],
)
def test_places_without_tags_are_marks_where_the_answer_is_known_to_write_them(
    model: str, pointing: Pointing | None, marks: str
) -> None:
    assert entry_of(answer("a", model=model, prepared=(PREPARED,)), pointing=pointing).places.marks == marks


def test_an_answer_that_still_thinks_waits_for_no_first_word() -> None:
    thinking = answer(status=Status.STREAMING).replace(reasoning="Well")
    assert entry_of(thinking, running=True).waiting == ""
    quiet = Progress(stage="quiet", seconds=15)
    assert entry_of(thinking, quiet, running=True).waiting == "Nothing new, 15 s"


def test_an_answer_without_a_word_says_so_and_can_be_tried_again() -> None:
    wordless = entry_of(answer(finish_reason="stop"))
    assert wordless.notice == "The model ended without a word."
    assert aloud(wordless) == [AGAIN]
    assert AGAIN not in quietly(wordless)
    asked = answer().replace(parts=(ToolCall(id="1", name="look", arguments="{}"),))
    assert entry_of(asked).notice == ""
    assert entry_of(answer(status=Status.STREAMING), running=True).notice == ""


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("stop", None),
        ("", None),
        ("tool_calls", None),
        ("recitation", "Ended: recitation"),
        ("r" * 5_000, f"Ended: {'r' * LONGEST_REASON}…"),
    ],
)
def test_an_end_that_nobody_knows_is_told_in_its_own_word(reason: str, said: str | None) -> None:
    badges = entry_of(answer("Text", finish_reason=reason)).badges
    assert badges == ((Badge(said),) if said else ())


def test_what_came_all_at_once_has_no_rate() -> None:
    usage = TokenUsage(completion_tokens=9)
    at_once = entry_of(answer("Text", total_s=0.02, first_token_s=0.02 - 1e-9, usage=usage)).metrics
    assert "tokens/s" not in at_once
    assert "under 0.1 s" in at_once
    assert "4.5 tokens/s" in entry_of(answer("Text", first_token_s=0.0, usage=usage)).metrics


def test_a_deed_is_called_the_same_in_the_row_the_menu_and_the_list_of_commands() -> None:
    commands = dict(shortcut_rows())
    own = {"copy", "delete"}  # of a question, where the commands name the answer
    for message in (answer("Text"), answer("What?").replace(role=Role.USER, run=None)):
        actions = [action for action in entry_of(message).actions if action.quiet]
        names = [action.text for action in actions if message.run is not None or action.id not in own]
        assert names and all(name in commands for name in names)
