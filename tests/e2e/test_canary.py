"""A key that is used in every way, and then looked for everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app import settings
from app.domain.model import EndpointConfig, KeyGroup
from app.settings import Settings
from tests.keyring_session import KeyringSession, needs_programs
from tests.photos import PHOTOS
from tests.servers.fault_server import Answer, FaultServer, Raw, Received, Reset, running

CANARY = "canary-sk-0123456789abcdefghijklmnop"
PART = CANARY[:12]
OTHER_KINDS = ("nugen", "nvidia", "openrouter", "ollama", "lmstudio")

# A command as the user types it, with every log line there is written to the log file.
COMMAND = """
import logging, sys
from app import log
from app.cli.main import main
from app.paths import data_home

log.to_file(data_home())
logging.getLogger().setLevel(logging.DEBUG)
code = main(sys.argv[1:])
logging.getLogger().debug("all keys in use were: %s", [repr(key) for key in log._hidden])
sys.exit(code)
"""


class Seen(NamedTuple):
    """What could be seen of processes while a request was under way."""

    children: int
    found: list[str]


class Scene:
    """A user with a keyring, an endpoint and a server that misbehaves."""

    def __init__(self, session: KeyringSession, server: FaultServer) -> None:
        self.session = session
        self.server = server
        self.seen: list[Seen] = []
        self.output = ""
        group = KeyGroup(origins=(server.url,), variable="", needed=True)
        mine = EndpointConfig(id="mine", name="Mine", kind="custom", base_url=f"{server.url}/v1", key=group)
        theirs = (
            EndpointConfig(id=kind, name=f"My {kind}", kind=kind, base_url=server.url, key=group)
            for kind in OTHER_KINDS
        )
        chosen = Settings(endpoints=(mine, *theirs), models={"mine": "m"})
        settings.save(session.folder / "home", chosen)

    def fovea(self, *arguments: str, stdin: str = "") -> tuple[int, str]:
        """Run a command; its exit code and everything it printed."""
        with self.session.start("unlocked", COMMAND, *arguments) as process:
            output, errors = process.communicate(stdin, timeout=60)
        self.output += output + errors
        return process.returncode, output + errors

    def look(self, request: Received) -> None:
        """Look at all processes of this computer, as `ps` and a curious neighbour can."""
        found, children = [], 0
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes()
                environment = (process / "environ").read_bytes()
            except OSError:
                continue
            children += b"--child" in command
            if PART.encode() in command + environment:
                found.append(command.decode(errors="replace"))
        self.seen.append(Seen(children, found))
        assert request.headers["authorization"] == f"Bearer {CANARY}"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    needs_programs()
    folder = tmp_path / "session"
    folder.mkdir()
    session = KeyringSession(folder)
    with running([]) as server:
        yield Scene(session, server)
    session.end()


def _echo(scene: Scene, status: int, answer: Answer | Raw | None = None) -> object:
    """An answer that repeats the key wherever an answer can."""

    def reply(request: Received) -> Answer | Raw:
        scene.look(request)
        if answer is not None:
            return answer
        sent = request.headers["authorization"]
        body = {"error": {"message": f"Incorrect API key provided: {sent}, {PART}...", "type": sent}}
        headers = {"Content-Type": "application/json", "X-Echo": sent, "X-Request-Id": CANARY}
        return Answer([json.dumps(body).encode()], status=status, headers=headers)

    return reply


def _said(text: str) -> Answer:
    chunk = {"id": CANARY, "model": CANARY, "choices": [{"index": 0, "delta": {"content": text}}]}
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    return Answer([f"data: {json.dumps(one)}\n\n".encode() for one in (chunk, end)] + [b"data: [DONE]\n\n"])


def _called() -> Answer:
    """A tool call whose every part repeats the key, the arguments in pieces."""
    function = {"name": f"look_{CANARY}", "arguments": f'{{"at": "{CANARY[:20]}'}
    first = {"index": 0, "id": CANARY, "function": function, "extra_content": {"x": CANARY}}
    more = {"index": 0, "function": {"arguments": f'{CANARY[20:]}"}}'}}
    deltas: list[tuple[dict[str, object], str | None]] = [
        ({"tool_calls": [first]}, None),
        ({"tool_calls": [more]}, None),
        ({}, "tool_calls"),
    ]
    chunks = (
        {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]} for delta, reason in deltas
    )
    return Answer([*(f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks), b"data: [DONE]\n\n"])


def _listed() -> tuple[Answer, Answer]:
    """Documents that hold the key wherever a list of models, and what was used, is read."""
    row = {"id": f"m-{CANARY}", "name": CANARY, "display_name": CANARY, "details": {"parameter_size": CANARY}}
    base = {"model_id": f"m-{CANARY}", "model_name": CANARY, "parameters": CANARY, "capabilities": ["vision"]}
    base |= {"model": CANARY, "key": CANARY, "base_model": CANARY, "deployment_status": CANARY}
    used = {"mostUsedModel": CANARY, "totalTokens": 3, "usageByModel": {CANARY: 1}}
    body = {"data": [row], "models": [base], "domain_aligned_models": [base | {"id": f"a-{CANARY}"}]}
    return _json(body), _json({"data": used})


def _json(body: object) -> Answer:
    return Answer([json.dumps(body).encode()], headers={"Content-Type": "application/json"})


def test_f2_a_canary_key_in_tools_lists_and_figures_is_found_nowhere(scene: Scene) -> None:
    code, _ = scene.fovea("endpoints", "key", "mine", stdin=f"{CANARY}\n")
    assert code == 0
    tools = scene.session.folder / "tools.json"
    tools.write_text(json.dumps([{"name": "look"}]), "utf-8")
    scene.server.answers[:] = [_echo(scene, 0, _called())]  # type: ignore[list-item]
    for way in ("--json", "-v"):
        code, said = scene.fovea("ask", "-e", "mine", "--tools", str(tools), "--save", way, "What is it?")
        assert (code, "look_•••" in said) == (0, True), said

    listed, used = _listed()
    scene.server.answers[:] = [_echo(scene, 0, listed)]  # type: ignore[list-item]
    for endpoint_id in ("mine", *OTHER_KINDS):
        for way in ("--json", "-v"):
            code, said = scene.fovea("models", "-e", endpoint_id, way)
            assert (code, "•••" in said) == (0, True), said
    scene.server.answers[:] = [_echo(scene, 0, used)]  # type: ignore[list-item]
    for way in ("--json", "-v"):
        code, said = scene.fovea("endpoints", "usage", "nugen", way)
        assert (code, "•••" in said) == (0, True), said

    assert scene.seen
    assert [found for seen in scene.seen for found in seen.found] == []
    assert PART not in scene.output
    assert scene.session.holds(PART) == []


def test_f2_a_canary_key_is_found_nowhere(scene: Scene) -> None:
    code, said = scene.fovea("endpoints", "key", "mine", stdin=f"{CANARY}\n")
    assert (code, said) == (0, "The key is in the keyring of this computer.\n")

    ask = ("ask", "-e", "mine", "-i", str(PHOTOS / "chelsea.png"), "--save", "-v", "What is it?")
    for status in (400, 401, 429, 500):
        scene.server.answers[:] = [_echo(scene, status)]  # type: ignore[list-item]
        code, said = scene.fovea(*ask)
        assert (code, str(status) in said) == (3, True), said
    for answer, exit_code in (
        (Answer([b"<html>" + CANARY.encode()], headers={"Content-Type": "text/html"}), 3),
        (Answer([], status=302, headers={"Location": f"https://evil.example/?key={CANARY}"}), 3),
        (Answer([f"{CANARY}\n".encode()], status=200), 3),
        (Raw([f"HTTP/1.1 {CANARY}\r\n\r\n".encode()]), 3),
        (Answer([f'data: {{"error": {{"message": "{CANARY}"}}}}\n\n'.encode()]), 3),
        (Answer([b'data: {"choices": [{"delta": {"content": "a cat"}}]}\n\n', Reset()]), 3),
        (_said("a cat"), 0),
    ):
        scene.server.answers[:] = [_echo(scene, 0, answer)]  # type: ignore[list-item]
        code, said = scene.fovea(*ask)
        assert code == exit_code, said
    scene.server.answers[:] = [_echo(scene, 401)]  # type: ignore[list-item]
    assert scene.fovea("endpoints", "test", "mine", "-v")[0] == 3
    assert scene.fovea("endpoints", "list", "--json")[0] == 0
    assert scene.fovea("doctor")[0] == 0

    assert len(scene.seen) >= 12
    assert max(seen.children for seen in scene.seen) > 0
    assert [found for seen in scene.seen for found in seen.found] == []
    assert "•••" in scene.output
    assert PART not in scene.output
    log = (scene.session.folder / "home" / "logs" / "fovea.log").read_text("utf-8")
    assert "all keys in use were: [\"'•••'" in log
    assert (scene.session.folder / "home" / "fovea.db").stat().st_size > 0
    assert scene.session.holds(PART) == []

    code, said = scene.fovea("endpoints", "forget-key", "mine")
    assert (code, said) == (0, "The key for Mine is removed.\n")
