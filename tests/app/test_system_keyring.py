"""Keys in a real keyring, in every state that one is met in."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.display import Display
from tests.keyring_session import PASSWORD, KeyringSession, needs_programs

CANARY = "canary-0123456789-abcdefghij"

# Does the actions named as arguments, one line of JSON for each. "wait" waits for a line of input.
SCENE = f"""
import asyncio, json, os, signal, sys
from app.credentials import Credentials
from app.domain.model import KeyGroup
from app.keyring_thread import KeyringRefused

GROUP = KeyGroup(origins=("https://a.example", "https://b.example"), variable="A_KEY")
OPTIONAL = GROUP.replace(needed=False)

async def name(keys):
    try:
        return await keys.keyring_name()
    except KeyringRefused as refused:
        return str(refused)

async def scene():
    keys = Credentials(patience_s=float(os.environ.get("PATIENCE_S", "20")))
    for action in sys.argv[1:]:
        said = None
        match action:
            case "name": said = await name(keys)
            case "keep": said = (await keys.keep(GROUP, {CANARY!r})).why
            case "find": said = await keys.find(GROUP)
            case "find-soon":
                async with asyncio.timeout(15):
                    while (said := await keys.find(GROUP)) is None:
                        await asyncio.sleep(0.02)
            case "find-optional": said = await keys.find(OPTIONAL)
            case "forget": said = await keys.forget(GROUP)
            case "again": await keys.aclose(); keys = Credentials()
            case "wait": sys.stdin.readline()
            case _: os.kill(int(os.environ["KEYRING_PID"]), getattr(signal, action))
        place, trouble = keys.place(GROUP), keys.trouble(GROUP)
        print(json.dumps([action, said, place, trouble]), flush=True)
    await keys.aclose()

asyncio.run(scene())
"""

PLAIN = '''
from pathlib import Path
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    """Writes passwords into a file, as those of keyrings.alt do."""
    priority = PRIORITY
    file = Path.home() / "plain.txt"

    def get_password(self, service, username):
        return self.file.read_text() if self.file.exists() else None

    def set_password(self, service, username, password):
        self.file.write_text(password)

    def delete_password(self, service, username):
        self.file.unlink()
'''

Said = list[list[Any]]
Do = Callable[..., Said]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[KeyringSession]:
    needs_programs()
    folder = tmp_path / "session"
    folder.mkdir()
    session = KeyringSession(folder)
    yield session
    session.end()


@pytest.fixture
def do(session: KeyringSession) -> Do:
    """`do("locked", "find", "keep", PATIENCE_S="1")`: action, what it said, place, trouble of each."""

    def act(state: str, *actions: str, **more: str) -> Said:
        return [json.loads(line) for line in session.run(state, SCENE, *actions, **more)]

    return act


def install_plain_keyring(session: KeyringSession, priority: float) -> str:
    """A package that brings a keyring along; returns the PYTHONPATH that has it installed."""
    site = session.folder / "site"
    (site / "plainring-1.dist-info").mkdir(parents=True)
    (site / "plainring.py").write_text(PLAIN.replace("PRIORITY", str(priority)))
    (site / "plainring-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: plainring\nVersion: 1\n"
    )
    (site / "plainring-1.dist-info" / "entry_points.txt").write_text(
        "[keyring.backends]\nplain = plainring\n"
    )
    return f"{session.environment()['PYTHONPATH']}:{site}"


def test_an_unlocked_keyring_keeps_finds_and_forgets(do: Do, session: KeyringSession) -> None:
    assert do("unlocked", "name", "find", "keep", "again", "find", "find-optional") == [
        ["name", "Secret Service", "nowhere", ""],
        ["find", None, "nowhere", ""],
        ["keep", "", "keyring", ""],
        ["again", None, "nowhere", ""],
        ["find", CANARY, "keyring", ""],
        ["find-optional", CANARY, "keyring", ""],
    ]
    assert session.holds(CANARY) == []
    assert do("unlocked", "find", "forget", "find") == [
        ["find", CANARY, "keyring", ""],
        ["forget", "", "nowhere", ""],
        ["find", None, "nowhere", ""],
    ]


def test_f1_a_locked_keyring_nobody_can_be_asked_to_open(do: Do, session: KeyringSession) -> None:
    do("unlocked", "keep")
    why = "the keyring is locked"
    assert do("locked", "find-optional", "find", "keep", "find", "forget") == [
        ["find-optional", None, "nowhere", why],
        ["find", None, "nowhere", why],
        ["keep", why, "session", why],
        ["find", CANARY, "session", why],
        ["forget", why, "nowhere", why],
    ]
    assert do("locked", "find", A_KEY="from-the-shell") == [["find", "from-the-shell", "environment", why]]
    assert session.holds(CANARY) == []


def test_f1_without_a_keyring_the_key_lives_as_long_as_the_program(do: Do, session: KeyringSession) -> None:
    why = "no keyring is running"
    assert do("absent", "name", "find", "keep", "find", "forget", "find") == [
        ["name", why, "nowhere", ""],
        ["find", None, "nowhere", ""],
        ["keep", why, "session", ""],
        ["find", CANARY, "session", ""],
        ["forget", "", "nowhere", ""],
        ["find", None, "nowhere", ""],
    ]
    assert session.holds(CANARY) == []


def test_looking_for_a_key_offers_nobody_to_make_a_keyring(do: Do) -> None:
    assert do("locked", "find", "keep") == [
        ["find", None, "nowhere", ""],
        ["keep", "the keyring was not opened", "session", ""],
    ]


def test_f1_a_keyring_that_hangs_costs_one_wait_and_no_key(do: Do, session: KeyringSession) -> None:
    why = "the keyring did not answer"
    began = time.monotonic()
    said = do("unlocked", "name", "SIGSTOP", "find", "find", "keep", "find", "forget", PATIENCE_S="0.5")
    assert [*said[2:]] == [
        ["find", None, "nowhere", why],
        ["find", None, "nowhere", why],
        ["keep", why, "session", why],
        ["find", CANARY, "session", why],
        ["forget", why, "nowhere", why],
    ]
    assert time.monotonic() - began < 15.0  # the end of the program did not wait for it either
    assert session.holds(CANARY) == []


def test_f1_a_keyring_that_was_killed_is_said(do: Do) -> None:
    said = do("unlocked", "keep", "again", "find", "again", "SIGKILL", "find")
    assert said[2][1] == CANARY
    assert said[-1][1:] in (
        [None, "nowhere", "the keyring is locked"],  # the bus started another, which nobody unlocked
        [None, "nowhere", "the keyring failed"],
    )


def test_f1_a_prompt_that_nobody_answers_is_given_up_and_heard_when_answered(
    do: Do, session: KeyringSession, x_display: Display
) -> None:
    do("unlocked", "keep")
    actions = ("find-optional", "find", "find", "wait", "find-soon")
    screen = {"DISPLAY": x_display.name, "PATIENCE_S": "3"}
    with session.start("locked", SCENE, *actions, **screen) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert [json.loads(process.stdout.readline()) for _ in range(3)] == [
            ["find-optional", None, "nowhere", "the keyring is locked"],  # it asks nobody
            ["find", None, "nowhere", "the keyring did not answer"],
            ["find", None, "nowhere", "the keyring did not answer"],
        ]
        _unlock(x_display)
        process.stdin.write("go on\n")
        process.stdin.close()
        assert json.loads(process.stdout.readlines()[-1]) == ["find-soon", CANARY, "keyring", ""]
    assert process.returncode == 0


def _unlock(display: Display) -> None:
    """Type the password into the prompt and wait until it is gone."""
    seen = display.run("xdotool", "search", "--sync", "--onlyvisible", "--class", "gcr-prompter", timeout=15)
    window = seen.stdout.split()[0]
    display.run("xdotool", "windowactivate", "--sync", window, "type", PASSWORD)
    display.run("xdotool", "key", "Return")
    deadline = time.monotonic() + 15
    while display.run("xdotool", "search", "--onlyvisible", "--class", "gcr-prompter").stdout:
        assert time.monotonic() < deadline, "the prompt stays"


@pytest.mark.parametrize("state", ["absent", "unlocked"])
@pytest.mark.parametrize("priority", [0.5, 9])
def test_f1_a_keyring_that_writes_a_plain_file_is_not_used(
    do: Do, session: KeyringSession, priority: float, state: str
) -> None:
    path = install_plain_keyring(session, priority)
    probe = "import keyring; print(*(type(k).__module__ for k in keyring.backend.get_all_keyring()))"
    assert "plainring" in session.run(state, probe, PYTHONPATH=path)[0]
    why = {"absent": "no keyring is running", "unlocked": ""}[state]
    assert do(state, "keep", "find", PYTHONPATH=path)[0][1] == why
    assert not (session.home / "plain.txt").exists()
    assert session.holds(CANARY) == []


@pytest.mark.parametrize("backend", ["plainring.Keyring", "keyring.backends.null.Keyring", "nowhere.Keyring"])
def test_f1_a_keyring_chosen_by_variable_is_held_to_the_same(
    do: Do, session: KeyringSession, backend: str
) -> None:
    path = install_plain_keyring(session, 9)
    said = do("unlocked", "keep", "find", PYTHONPATH=path, PYTHON_KEYRING_BACKEND=backend)
    assert said[0][2] == said[1][2] == "session"
    assert said[1][1] == CANARY
    assert session.holds(CANARY) == []


def test_what_this_file_looks_for_would_be_found(session: KeyringSession) -> None:
    path = install_plain_keyring(session, 9)
    code = f"import plainring; plainring.Keyring().set_password('a', 'b', {CANARY!r})"
    session.run("absent", code, PYTHONPATH=path)
    assert session.holds(CANARY) == [session.home / "plain.txt"]
    encoded = subprocess.run(["base64"], input=f"{CANARY}", capture_output=True, text=True, check=True).stdout
    (session.home / "plain.txt").write_text(encoded)
    assert session.holds(CANARY) == [session.home / "plain.txt"]


def test_the_keyring_is_loaded_with_the_first_question_only() -> None:
    code = "import sys, app.services; print('keyring' in sys.modules, 'secretstorage' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False False\n"
