"""Every endpoint, asked from the command line, against a strict stand-in of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app import settings
from app.cli.commands import run
from app.cli.stopping import Stopping
from app.domain.model import EndpointConfig, KeyGroup
from tests.photos import PHOTOS
from tests.servers import nugen_server, nvidia_server, openai_like
from tests.servers.fault_server import DONE, Answer, FaultServer, Hang, delta, finish, in_a_thread
from tests.servers.nugen_answers import Says
from tests.servers.nugen_server import NugenServer
from tests.servers.nvidia_server import NvidiaServer
from tests.servers.openai_like import OpenAiLike
from tests.telling import SECRET, sent_in, telling_jpeg, telling_page, told_by

PHOTO = PHOTOS / "coffee.png"
ROOT = Path(__file__).parents[2]


class Wire(NamedTuple):
    """An endpoint, one of its models, and what stands in for it."""

    endpoint: str
    model: str
    server: Callable[[], Any]
    key: str


WIRES = [
    Wire("nugen", "qwen3-vl-30b", NugenServer, nugen_server.KEY),
    Wire("nugen-legacy", "nugen-lvm-legal", NugenServer, nugen_server.KEY),
    Wire("nvidia", "nvidia/llama-3.1-nemotron-nano-vl-8b-v1", NvidiaServer, nvidia_server.KEY),
    Wire("nvidia", "google/paligemma", NvidiaServer, nvidia_server.KEY),
    *(
        Wire(variant, openai_like.SEEING, lambda variant=variant: OpenAiLike(variant), openai_like.KEY)
        for variant in openai_like.VARIANTS
    ),
]
every_wire = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: f"{wire.endpoint} {wire.model}")


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    lines: list[dict[str, Any]]
    err: str

    def text(self, kind: str = "text") -> str:
        return "".join(line["text"] for line in self.lines if line["type"] == kind)


@pytest.fixture
def fovea(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """Runs a command in this process: each as its own start would, without the time that takes."""

    def command(*arguments: str | Path, key: str = "") -> Said:
        monkeypatch.setenv("FOVEA_API_KEY", key)
        code = run([*map(str, arguments), "--json"], Stopping())
        said = capfd.readouterr()
        return Said(code, [json.loads(line) for line in said.out.splitlines()], said.err)

    return command


@every_wire
@pytest.mark.parametrize("mode", [(), ("--no-stream",)], ids=["streamed", "whole"])
def test_a_picture_is_asked_about_within_every_rule(
    wire: Wire, mode: Sequence[str], fovea: Callable[..., Said]
) -> None:
    with in_a_thread(wire.server()) as server:
        said = fovea(
            *("ask", "-e", wire.endpoint, "-m", wire.model, "--base-url", server.url, "-i", PHOTO, *mode),
            *("--param", "max_tokens=200", "--param", "temperature=0.5", "What is this?"),
            key=wire.key,
        )
        assert (said.code, server.violations) == (0, []), said
        assert said.text().strip()
        assert said.lines[-1]["type"] == "finished"
        assert wire.key not in json.dumps(said.lines) + said.err


@every_wire
def test_d6_nothing_that_a_photo_tells_of_its_owner_is_in_what_is_sent(
    wire: Wire, fovea: Callable[..., Said], tmp_path: Path
) -> None:
    """A photo with a place, a comment, a thumbnail and XMP, and a page of writing that goes as PNG."""
    for name, data in (("photo.jpg", telling_jpeg()), ("page.png", telling_page())):
        (tmp_path / name).write_bytes(data)
        assert told_by("image/jpeg" if name.endswith("jpg") else "image/png", data)
    with in_a_thread(wire.server()) as server:
        said = fovea(
            *("ask", "-e", wire.endpoint, "-m", wire.model, "--base-url", server.url),
            *("-i", tmp_path / "page.png", "-i", tmp_path / "photo.jpg", "What is this?"),
            key=wire.key,
        )
        assert (said.code, server.violations) == (0, []), said
        bodies = [request.body for request in server.requests if request.body]
        sent = [picture for body in bodies for picture in sent_in(body)]
    alone, as_jpeg = wire.model == "google/paligemma", wire.endpoint.startswith("nugen")
    page = [] if alone else ["image/jpeg" if as_jpeg else "image/png"]
    assert [mime for mime, _ in sent] == [*page, "image/jpeg"]
    assert [told_by(*picture) for picture in sent] == [[]] * len(sent)
    assert not any(SECRET in body for body in bodies)


def test_d6_nothing_that_a_photo_tells_of_its_owner_is_uploaded(
    fovea: Callable[..., Said], tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(telling_jpeg(scale=4))
    with in_a_thread(NvidiaServer()) as server:
        said = fovea(
            *("ask", "-e", "nvidia", "-m", "nvidia/llama-3.1-nemotron-nano-vl-8b-v1"),
            *("--base-url", server.url, "-i", photo, "--detail", "asset", "What is this?"),
            key=nvidia_server.KEY,
        )
        assert (said.code, server.violations) == (0, []), said
        (asset,) = server.assets.values()
    assert asset.data is not None
    assert told_by(asset.content_type, asset.data) == []


def test_what_is_sent_is_told_when_it_is_asked_for(fovea: Callable[..., Said], tmp_path: Path) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(telling_jpeg(scale=4))
    with in_a_thread(OpenAiLike("openai")) as server:
        there = ("ask", "-e", "openai", "-m", openai_like.SEEING, "--base-url", server.url)
        tiles = fovea(*there, "-i", large, "--detail", "tiles", "--show-sent", "?", key=openai_like.KEY)
        marked = fovea(
            *(*there, "-i", PHOTO, "--region", "10,10,90,80", "--regions", "marked", "--redact", "0,0,9,9"),
            *("--show-sent", "?"),
            key=openai_like.KEY,
        )
        (words,) = (part["text"] for part in server.heard[1]["messages"][0]["content"] if "text" in part)
        assert server.violations == []
    sent = [line for line in tiles.lines if line["type"] == "sent"]
    assert [line["view"] for line in sent] == ["whole", *["tile"] * (len(sent) - 1)]
    assert len(sent) > 4
    assert {(line["name"], line["host"]) for line in sent} == {("large.jpg", None)}  # it is here
    (line,) = [line for line in marked.lines if line["type"] == "sent"]
    assert (line["width"], line["height"], line["mime"]) == (600, 400, "image/jpeg")
    assert (line["marked"], line["redacted"], line["view"]) == (True, 1, "whole")
    assert words == (
        "Region 1 of the picture (a rectangle) reaches from (10, 10) to (100, 90) in the picture as you see"
        " it, 600 x 400 pixels.\n\n?"
    )


@every_wire
def test_its_models_are_listed_and_it_is_tested(wire: Wire, fovea: Callable[..., Said]) -> None:
    with in_a_thread(wire.server()) as server:
        there = ("--base-url", server.url)
        listed = fovea("models", "-e", wire.endpoint, *there, key=wire.key)
        tested = fovea("endpoints", "test", wire.endpoint, *there, key=wire.key)
        assert (listed.code, tested.code, server.violations) == (0, 0, []), (listed, tested)
        assert any(line["id"] for line in listed.lines)
        assert tested.text("said")
        if wire.endpoint.startswith("nugen"):
            assert "publishes no address that tells whether its servers are well" in tested.text("said")


def test_a_key_meant_for_one_endpoint_goes_to_none_that_is_not_named(
    fovea: Callable[..., Said], home: Path
) -> None:
    with in_a_thread(OpenAiLike("openai")) as server:
        own = EndpointConfig(
            id="mine", name="Mine", kind="custom", base_url=server.url, key=KeyGroup(origins=(server.url,))
        )
        settings.save(home, settings.Settings(endpoints=(own,), shown=("quick-look", "mine", "openai")))
        listed = fovea("models", "--offline", key=openai_like.KEY)
        assert {line["endpoint"] for line in listed.lines if line["type"] == "model"} == {"quick-look"}
        assert not any("authorization" in request.headers for request in server.requests)


REMOTE = [wire for wire in WIRES if wire.endpoint in ("nugen", "nvidia", "openai")]


@pytest.mark.parametrize("wire", REMOTE, ids=lambda wire: f"{wire.endpoint} {wire.model}")
def test_b15_b16_b21_a_test_explains_what_is_wrong(wire: Wire, fovea: Callable[..., Said]) -> None:
    """A wrong key, a wrong address, nobody there, and a page to sign in at are told apart."""
    portal = Answer([b"<html><title>Hotel Wi-Fi</title></html>"], headers={"Content-Type": "text/html"})
    moved = Answer([], 302, {"Location": "https://login.example.com/?next=x"}, "length")
    stranger = Answer([b"404 page not found"], 404, {"Content-Type": "text/plain"}, "length")

    def tested(url: str) -> tuple[int, str, str]:
        said = fovea("endpoints", "test", wire.endpoint, "--base-url", url, key="wrong-key-0123456789")
        return said.code, said.lines[-1]["code"], said.err

    told = {}
    with in_a_thread(wire.server()) as server:
        told["key-refused"] = tested(server.url)
        closed = server.url
    told["unreachable"] = tested(closed)
    for code, answer in (("sign-in-page", portal), ("redirected", moved), ("not-found", stranger)):
        with in_a_thread(FaultServer([answer])) as server:
            told[code] = tested(server.url)
            assert "login.example.com" in told[code][2] or code != "redirected"
    assert [(code, got[:2]) for code, got in told.items()] == [(code, (3, code)) for code in told]
    assert len({got[2] for got in told.values()}) == len(told)
    assert not any("wrong-key-0123456789" in got[2] or "<" in got[2] for got in told.values())


def test_an_endpoint_that_says_nothing_is_left_after_the_time_the_user_gave(
    fovea: Callable[..., Said],
) -> None:
    with in_a_thread(FaultServer([Answer([Hang()])])) as server:
        said = fovea(
            *("ask", "-e", "vllm", "-m", "m", "--base-url", server.url, "--idle-timeout", "0.3", "Hello")
        )
    assert (said.code, said.lines[-1]["code"]) == (3, "stalled")


def test_parameters_tools_system_session_and_prefill_reach_the_wire(
    fovea: Callable[..., Said], tmp_path: Path
) -> None:
    tools = tmp_path / "tools.json"
    weather = {"name": "weather", "description": "Now", "parameters": {"type": "object", "properties": {}}}
    tools.write_text(json.dumps([{"type": "function", "function": weather}]))
    with in_a_thread(NugenServer()) as server:
        said = fovea(
            *("ask", "-e", "nugen", "-m", "qwen3-vl-30b", "--base-url", server.url, "--n", "2"),
            *("--param", "reasoning.effort=high", "--param", "tool_choice=weather", "--tools", tools),
            *("--system", "Be short.", "--session", "s-1", "--name", "Ada", "Weather?"),
            key=nugen_server.KEY,
        )
        assert (said.code, server.violations) == (0, []), said
        (heard,) = server.heard
    assert heard.session == "s-1"
    assert heard.body["n"] == 2
    assert heard.body["reasoning"] == {"effort": "high"}
    assert heard.body["tool_choice"] == {"type": "function", "function": {"name": "weather"}}
    assert heard.body["tools"] == [{"type": "function", "function": weather}]
    assert [message["role"] for message in heard.body["messages"]] == ["system", "user"]
    assert heard.body["messages"][1]["name"] == "Ada"
    called = [(line["name"], line["choice"]) for line in said.lines if line["type"] == "tool_call"]
    assert called == [("weather", 0)]


def test_several_answers_are_told_apart(fovea: Callable[..., Said]) -> None:
    stand_in = NugenServer()
    stand_in.says = Says(texts=("A cat.", "A dog.", "A bird."))
    with in_a_thread(stand_in) as server:
        said = fovea(
            *("ask", "-e", "nugen", "-m", "qwen3-vl-30b", "--base-url", server.url, "--n", "3", "Which?"),
            key=nugen_server.KEY,
        )
    texts = [
        "".join(line["text"] for line in said.lines if line.get("choice") == n and "text" in line)
        for n in range(3)
    ]
    assert texts == ["A cat.", "A dog.", "A bird."]
    assert [line["choice"] for line in said.lines if line["type"] == "finished"] == [0, 1, 2]


def test_options_that_an_endpoint_has_no_use_for_are_bad_usage(fovea: Callable[..., Said]) -> None:
    for endpoint, option, words in (
        ("nvidia", ["--session", "s"], "keeps no conversations"),
        ("openai", ["--as-link", "-i", "https://example.com/a.png"], "fetches no pictures itself"),
        ("nugen", ["--as-link", "-i", "a.png"], "an https address"),
        ("nugen", ["--tools", "/nowhere.json"], "No such file"),
        ("nugen", ["--mmproj", "x.gguf"], "no vision part"),
    ):
        said = fovea("ask", "-e", endpoint, "-m", "m", *option, "Hello", key="k-0123456789")
        assert said.code == 2
        assert words in said.err


def test_paligemma_s_boxes_are_told_in_pixels_of_the_picture(fovea: Callable[..., Said]) -> None:
    stand_in = NvidiaServer()
    stand_in.says = "<loc0256><loc0128><loc0768><loc0512> cup"
    with in_a_thread(stand_in) as server:
        said = fovea(
            *("ask", "-e", "nvidia", "-m", "google/paligemma", "--base-url", server.url, "-i", PHOTO),
            "detect cup",
            key=nvidia_server.KEY,
        )
    (shapes,) = [line["shapes"] for line in said.lines if line["type"] == "shapes"]
    assert [(shape["label"], shape["pixels"]) for shape in shapes] == [
        ("cup", {"left": 75.0, "top": 100.0, "right": 300.0, "bottom": 300.0})
    ]


def test_texts_are_completed_and_embedded(fovea: Callable[..., Said]) -> None:
    with in_a_thread(NugenServer()) as server:
        there = ("-e", "nugen", "--base-url", server.url)
        completed = fovea("complete", *there, "-m", "nugen-flash-instruct", "Once", key=nugen_server.KEY)
        embedded = fovea("embed", *there, "-m", "nugen-flash-embed", "cat", "dog", key=nugen_server.KEY)
        used = fovea("endpoints", "usage", "nugen", "--base-url", server.url, key=nugen_server.KEY)
        assert server.violations == []
    assert completed.text().strip()
    assert [line["text"] for line in embedded.lines] == ["cat", "dog"]
    assert all(line["numbers"] for line in embedded.lines)
    assert used.lines[0]["total_tokens"] == 3400


def test_b27_a_key_that_an_answer_repeats_is_hidden_there_and_in_the_library(
    home: Path, fovea: Callable[..., Said]
) -> None:
    canary = "canary-0123456789abcdef"
    told = Answer([delta(f"You sent {canary[:9]}"), delta(f"{canary[9:]}!"), finish(), DONE])
    with in_a_thread(FaultServer([told])) as server:
        said = fovea("ask", "--save", "-e", "vllm", "-m", "m", "--base-url", server.url, "Hi", key=canary)
    assert said.text() == "You sent •••!"
    assert not [path for path in home.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]


def test_b27_f2_a_key_is_in_nothing_that_a_process_prints_or_leaves_behind(home: Path) -> None:
    """A real process at its most talkative, with a server that repeats the key in its refusal."""
    canary = "canary-0123456789abcdef"
    echo = Answer(
        [f'{{"error": "unknown key {canary}"}}'.encode()], 401, {"Content-Type": "application/json"}
    )
    with in_a_thread(FaultServer([echo])) as server:
        ended = subprocess.run(
            [
                *(sys.executable, "-X", "dev", "-m", "app", "ask", "-v", "--json", "--save"),
                *("-e", "nugen", "-m", "m", "--base-url", server.url, "Hello"),
            ],
            cwd=ROOT,
            env={**os.environ, "NUGEN_API_KEY": canary, "PYTHONASYNCIODEBUG": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert server.requests[0].headers["authorization"] == f"Bearer {canary}"
    assert ended.returncode == 3
    assert "did not accept the key" in ended.stderr
    assert canary not in ended.stdout + ended.stderr
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if canary.encode() in path.read_bytes()]
