"""What the commands print, to the letter: programs read it."""

from __future__ import annotations

import errno
import io
import json
import sys
from datetime import UTC, datetime

import pytest

from app.chat.answering import Snapshot
from app.chat.growth import problem_of
from app.cli.output import Output
from app.cli.stopping import Stopping
from app.cli.streams import Streams
from app.doctor import Finding
from app.domain.errors import FoveaError, PictureRefused, Unreachable
from app.domain.events import Progress
from app.domain.message import Message, Note, Role, RunCard, Status, TextPart, TokenUsage
from app.domain.model import Capability, Endpoint, ModelInfo
from app.domain.picture import Prepared
from tests.grounded_answers import GROUNDED, ORIGINAL

ENDPOINT = Endpoint(id="local", name="Local engine", on_this_computer=True)
USED = RunCard(
    endpoint="Local engine",
    model="m",
    usage=TokenUsage(prompt_tokens=7, completion_tokens=5),
    finish_reason="length",
)


def answer(text: str = "", reasoning: str = "", run: RunCard | None = None) -> Message:
    return Message(
        id="0" * 32,
        parent_id=None,
        seq=0,
        role=Role.ASSISTANT,
        status=Status.STREAMING,
        created=datetime.now(UTC),
        parts=(TextPart(text=text),),
        reasoning=reasoning,
        run=run,
    )


def failed(error: FoveaError, text: str = "", kept: str = "") -> Message:
    return answer(text).replace(problem=problem_of(error, kept=kept))


class Stopped(Stopping):
    """Remembers that it was told to stop."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True


class Broken(io.StringIO):
    """A standard output that fails from the second write on."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.writes = 0

    def flush(self) -> None:
        self.writes += 1
        if self.writes > 1:
            raise OSError(self.number, "it fails")


def output(*, as_json: bool) -> Output:
    return Output(Streams(Stopping()), as_json=as_json)


def test_an_answer_is_these_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    printed = output(as_json=True)
    printed.started(ENDPOINT, "m.gguf")
    printed.show(Snapshot(answer(), Progress(stage="reading", fraction=0.5)))
    printed.show(Snapshot(answer(), Progress(stage="reading", fraction=0.5)))
    printed.show(Snapshot(answer(reasoning="hm")))
    printed.show(Snapshot(answer("Ein Käse", "hm, ja")))
    printed.show(Snapshot(answer('Ein Käse\n"×"', "hm, ja")))
    assert printed.finished(answer('Ein Käse\n"×"', "hm, ja", USED)) == 0
    assert capsys.readouterr().out.splitlines() == [
        '{"type": "started", "endpoint": "local", "model": "m.gguf"}',
        '{"type": "progress", "stage": "reading", "fraction": 0.5}',
        '{"type": "reasoning", "text": "hm"}',
        '{"type": "reasoning", "text": ", ja"}',
        '{"type": "text", "text": "Ein Käse", "choice": 0}',
        '{"type": "text", "text": "\\n\\"×\\"", "choice": 0}',
        '{"type": "usage", "prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}',
        '{"type": "finished", "finish_reason": "length", "confidence": null, "choice": 0}',
    ]


def test_what_does_not_go_along_is_said_once_and_before_the_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    behind = Note(what="{name} did not go along.", facts={"name": "gps.jpg"})
    late = Note(what="It was cut off.")
    planned, ended = USED.replace(notes=(behind,)), USED.replace(notes=(behind, late))
    printed = output(as_json=False)
    printed.show(Snapshot(answer(run=planned)))
    assert capsys.readouterr() == ("", "gps.jpg did not go along.\n")
    printed.show(Snapshot(answer("A", run=planned)))
    printed.show(Snapshot(answer("A c", run=ended)))
    assert capsys.readouterr() == ("A c", "")
    printed.finished(answer("A cat", run=ended))
    assert capsys.readouterr().err == "It was cut off.\n"
    printed = output(as_json=True)
    printed.show(Snapshot(answer("A", run=planned)))
    printed.finished(answer("A", run=ended))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["type"] for line in lines] == ["note", "text", "usage", "note", "finished"]
    assert lines[0] == {"type": "note", "text": "gps.jpg did not go along."}


def test_usage_that_nobody_counted_is_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    output(as_json=True).finished(answer("x", run=USED.replace(usage=TokenUsage())))
    assert [json.loads(line)["type"] for line in capsys.readouterr().out.splitlines()] == ["finished"]


def test_an_answer_that_failed_ends_with_its_error_and_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = Unreachable(endpoint="Local engine", host="127.0.0.1", reason="refused")
    assert output(as_json=True).finished(failed(error, kept="It is kept.")) == 3
    said = capsys.readouterr()
    assert said.err == error.sentence + "\n"
    assert json.loads(said.out) == {
        "type": "error",
        "code": "unreachable",
        "message": error.sentence,
        "kept": "It is kept.",
    }


def test_an_answer_that_failed_for_its_picture_is_refused_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert output(as_json=False).finished(failed(PictureRefused(name="a", reason="it is gone"), "So")) == 4
    said = capsys.readouterr()
    assert said.out == "\n"
    assert said.err == "a cannot be opened: it is gone.\n"


def test_an_error_before_the_answer_is_a_line_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    error = PictureRefused(name="a", reason="it is text", kept="")
    output(as_json=True).error(error)
    said = capsys.readouterr()
    assert said.out == (
        '{"type": "error", "code": "picture-refused", "message": "a cannot be opened: it is text.", '
        '"kept": ""}\n'
    )
    assert said.err == "a cannot be opened: it is text.\n"


def test_people_get_the_text_as_it_grows_and_one_line_end(capsys: pytest.CaptureFixture[str]) -> None:
    printed = output(as_json=False)
    printed.started(ENDPOINT, "m")
    printed.show(Snapshot(answer("One"), Progress(stage="reading", fraction=None)))
    printed.show(Snapshot(answer("One two", "thought")))
    assert printed.finished(answer("One two")) == 0
    assert capsys.readouterr().out == "One two\n"


def test_text_that_was_a_thought_is_taken_back_and_the_answer_printed_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps = [
        answer("Let me think. "),
        answer("The ans", "Let me think. "),
        answer("The answer.", "Let me think. "),
    ]
    for as_json in (True, False):
        printed = output(as_json=as_json)
        for step in steps:
            printed.show(Snapshot(step))
        printed.finished(steps[-1])
        said = capsys.readouterr()
        if as_json:
            lines = [json.loads(line) for line in said.out.splitlines()]
            kinds = [line["type"] for line in lines]
            assert kinds == ["text", "reasoning", "text_was_reasoning", "text", "text", "finished"]
            back = kinds.index("text_was_reasoning")
            assert "".join(line["text"] for line in lines[back:] if line["type"] == "text") == "The answer."
        else:
            assert said.out == "Let me think. The answer.\n"
            assert "was a thought" in said.err


def test_what_takes_long_is_told_once_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    printed = output(as_json=False)
    for progress in (
        Progress(stage="reading", fraction=0.5),
        Progress(stage="retrying", seconds=5),
        Progress(stage="retrying", seconds=4),
        Progress(stage="uploading", fraction=0.5, part=1, parts=2, bytes_per_s=1.4e6),
        Progress(stage="queued", fraction=0.4, seconds=3),
    ):
        printed.show(Snapshot(answer(), progress))
    printed.show(Snapshot(answer("Done.")))
    printed.finished(answer("Done."))
    said = capsys.readouterr()
    assert said.out == "Done.\n"
    assert said.err.splitlines() == [
        "It was busy. Trying again, 5 s",
        "Uploading 1 of 2, 50%, 1.4 MB/s",
        "The endpoint works on it, 40%, 3 s",
    ]


def test_on_a_terminal_one_line_is_written_over_and_taken_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    printed = output(as_json=False)
    printed.show(Snapshot(answer(), Progress(stage="queued", fraction=0.4, seconds=3)))
    printed.show(Snapshot(answer(), Progress(stage="looking")))
    printed.show(Snapshot(answer("A cat.")))
    first, second, third = "The endpoint works on it, 40%, 3 s", "Looking", ""
    width = len(first)
    assert capsys.readouterr().err == f"\r{first}\r{second.ljust(width)}\r{third.ljust(len(second))}\r"


def test_models_and_findings_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    model = ModelInfo(id="m", name="M", vision=Capability(value=None, source="unknown"), detail="2B")
    good, bad = Finding("Fovea", True, "0.1"), Finding("Library", False, "it is gone")
    output(as_json=False).model(ENDPOINT, model)
    assert output(as_json=False).findings([good]) == 0
    assert output(as_json=False).findings([good, bad]) == 3
    output(as_json=True).model(ENDPOINT, model)
    output(as_json=True).findings([bad])
    *text, first, second = capsys.readouterr().out.splitlines()
    assert text[0] == "local       m  [unknown]  2B"
    assert text[-1] == "NO  Library       it is gone"
    assert json.loads(first) == {"type": "model", "endpoint": "local", **model.to_plain()}
    assert second == '{"type": "finding", "name": "Library", "ok": false, "detail": "it is gone"}'


@pytest.mark.parametrize(("number", "left"), [(errno.EPIPE, True), (errno.ENOSPC, False)])
def test_a_write_that_fails_stops_the_command_and_is_the_last(
    monkeypatch: pytest.MonkeyPatch, number: int, left: bool
) -> None:
    stdout = Broken(number)
    monkeypatch.setattr(sys, "stdout", stdout)
    stopping = Stopped()
    streams = Streams(stopping)
    printed = Output(streams, as_json=False)
    printed.show(Snapshot(answer("One")))
    assert not stopping.stopped
    for text in ("One two", "One two three"):
        printed.show(Snapshot(answer(text)))
    assert stopping.stopped
    assert stdout.writes == 2
    assert streams.reader_left is left


def test_json_for_an_output_without_all_letters_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    output(as_json=True).show(Snapshot(answer("猫 ×")))
    assert json.loads(raw.getvalue())["text"] == "猫 ×"
    assert raw.getvalue().isascii()


def test_text_for_an_output_without_all_letters_has_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    output(as_json=False).show(Snapshot(answer("猫 ×")))
    assert raw.getvalue().decode("cp1252") == "? ×"


def test_what_an_answer_points_at_is_a_line_with_only_what_each_shape_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("qwen3-vl", "gemini-mask", "gemini-structured"):
        output(as_json=True).finished(GROUNDED[name].message)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    box, point, mask, polygon = (
        shape for line in lines if line["type"] == "shapes" for shape in line["shapes"]
    )
    assert box == {
        "label": "cat",
        "kind": "box",
        "box": {"left": 0.1, "top": 0.2, "right": 0.5, "bottom": 0.6},
        "pixels": {"left": 200.0, "top": 300.0, "right": 1000.0, "bottom": 900.0},
        "original": ORIGINAL,
    }
    assert (point["kind"], point["points"]) == ("point", [[500.0, 750.0]])
    assert mask["mask"] == {"width": 4, "height": 2, "runs": [0, 2, 2, 2, 2]}
    assert polygon["points"] == [[200.0, 300.0], [1000.0, 300.0], [1000.0, 900.0]]


def test_the_way_that_places_were_read_is_told_with_the_other_possible_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = GROUNDED["qwen3-vl"].message
    assert known.run is not None
    unknown = known.replace(run=known.run.replace(model="some-model"))
    for message in (known, unknown):
        output(as_json=True).finished(message)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(line["dialect"], line["or_dialects"]) for line in lines if line["type"] == "shapes"]
    assert told[0] == ("qwen3-vl", [])
    assert told[1] == ("qwen3-vl", ["qwen2.5-vl"])


@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_sent_of_pictures_is_told_once_and_only_to_who_asks(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    far = Endpoint(id="openai", name="OpenAI", on_this_computer=False, host="api.openai.com")
    prepared = Prepared(
        original="a",
        sha256="b",
        mime="image/png",
        width=512,
        height=512,
        byte_count=12_345,
        scale_x=2.0,
        scale_y=2.0,
        redacted=2,
    )
    run = RunCard(endpoint="OpenAI", model="gpt-4o", prepared=(prepared,))
    for shows_sent in (False, True):
        streams = Streams(Stopping())
        output = Output(streams, as_json=as_json, shows_sent=shows_sent)
        output.started(far, "gpt-4o", {"a": "cat.png"})
        output.show(Snapshot(answer()))
        output.show(Snapshot(answer(run=run)))
        output.finished(answer("A cat.", run=run))
        streams.write("")
        told = capsys.readouterr()
        if as_json:
            lines = [line for line in map(json.loads, told.out.splitlines()) if line["type"] == "sent"]
            facts = ("name", "width", "bytes", "mime", "redacted", "tokens", "host")
            found = [tuple(line[fact] for fact in facts) for line in lines]
            whole = ("cat.png", 512, 12_345, "image/png", 2, 255, "api.openai.com")
            assert found == ([whole] if shows_sent else [])
        else:
            sentence = (
                "cat.png: all of it, 512 x 512 pixels, 12,345 bytes of image/png, places painted over: 2,"
                " about 255 tokens, to api.openai.com.\n"
            )
            assert told.err == (sentence if shows_sent else "")
