from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import log
from app.net.key import Key

CANARY = "nvapi-c4n4ry+log/0123456789=="


@pytest.fixture
def log_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log file of this test, with everything in it."""
    monkeypatch.setattr(logging, "raiseExceptions", True)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.to_file(home)
    root.setLevel(logging.DEBUG)
    try:
        yield home / "logs" / "fovea.log"
    finally:
        root.setLevel(level)
        for handler in [handler for handler in root.handlers if handler not in before]:
            root.removeHandler(handler)
            handler.close()


def test_t20_a_key_is_masked_in_messages_arguments_and_tracebacks(log_file: Path) -> None:
    Key(("https://models.example",), CANARY)
    logger = logging.getLogger("some.library")
    logger.debug("sent Authorization: Bearer %s", CANARY)
    logger.info("headers %r", {"authorization": f"Bearer {CANARY}".encode()})
    logger.info("an echo of its beginning: %s...", CANARY[:12])
    logger.info("cut off somewhere: %s", CANARY[:20])
    try:
        raise ValueError(CANARY) from KeyError(CANARY)
    except ValueError:
        logger.info("failed", exc_info=True, stack_info=True)
    text = log_file.read_text("utf-8")
    assert "ValueError: •••" in text
    assert "KeyError: '•••'" in text
    assert "Bearer •••" in text
    assert CANARY[:12] not in text


def test_what_is_too_short_for_a_key_is_left_as_it_is(log_file: Path) -> None:
    for short in ("EMPTY", "abc", ""):
        log.hide(short)
    logging.getLogger("some.library").info("EMPTY abc")
    assert "EMPTY abc" in log_file.read_text("utf-8")


def test_of_many_keys_those_that_are_used_stay_hidden(log_file: Path) -> None:
    for number in range(600):
        log.hide(f"passing-key-{number:06}")
        log.hide("lasting-key-that-is-used")
    logging.getLogger("some.library").info("passing-key-000599 lasting-key-that-is-used")
    assert log_file.read_text("utf-8").endswith(": ••• •••\n")
    assert len(log._hidden) <= 256


def test_stderr_is_masked_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    log.hide(CANARY)
    log.to_stderr(verbose=True)
    logging.getLogger("some.library").info("sent %s", CANARY)
    assert "sent •••" in capsys.readouterr().err
