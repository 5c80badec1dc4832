"""The command line as other programs use it: real processes, real pictures, real answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PHOTOS = ROOT / "tests" / "data" / "photos"


def fovea(*arguments: str | Path, timeout: float = 100) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def lines(ended: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_describe_says_what_is_in_a_photograph() -> None:
    ended = fovea("describe", PHOTOS / "chelsea.png")
    assert ended.returncode == 0, ended.stderr
    assert "cat" in ended.stdout
    assert ended.stderr == ""


def test_describe_streams_json_lines_in_order() -> None:
    ended = fovea("describe", PHOTOS / "coffee.png", "--json")
    objects = lines(ended)
    kinds = [o["type"] for o in objects]
    assert kinds[0] == "started"
    assert kinds[-1] == "finished"
    assert kinds.count("text") > 1
    assert "espresso" in "".join(str(o["text"]) for o in objects if o["type"] == "text")


def test_describe_leaves_no_library_behind(home: Path) -> None:
    assert fovea("describe", PHOTOS / "coffee.png").returncode == 0
    assert not home.exists()


def test_save_keeps_the_conversation(home: Path) -> None:
    assert fovea("ask", "-i", PHOTOS / "coffee.png", "What is it?", "--save").returncode == 0
    assert (home / "fovea.db").is_file()
    assert [p for p in (home / "pictures").rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda p: p.write_text("not a picture"), "text"),
        (lambda p: p.write_bytes((PHOTOS / "rocket.jpg").read_bytes()[:5000]), "cut off or damaged"),
        (lambda p: os.mkfifo(p), "not a regular file"),
        (lambda p: p.mkdir(), "folder"),
        (lambda p: None, "there is no such file"),
    ],
    ids=["d3 text", "d2 truncated", "d4 fifo", "d4 folder", "d4 missing"],
)
def test_what_is_no_picture_is_refused_with_4_and_a_sentence(
    tmp_path: Path, make: object, reason: str
) -> None:
    assert callable(make)
    path = tmp_path / "photo.png"
    make(path)
    ended = fovea("describe", path)
    assert ended.returncode == 4
    assert "photo.png" in ended.stderr
    assert reason in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_an_error_is_a_json_line_too(tmp_path: Path) -> None:
    ended = fovea("describe", tmp_path / "missing.png", "--json")
    assert lines(ended)[-1]["code"] == "picture-refused"


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    ended = fovea("ask", "-e", "local", "-m", tmp_path / "missing.gguf", "Hello")
    assert ended.returncode == 4
    assert "missing.gguf" in ended.stderr


def test_the_local_engine_needs_a_model() -> None:
    ended = fovea("ask", "-e", "local", "Hello")
    assert ended.returncode == 4
    assert "model" in ended.stderr


def test_an_unknown_endpoint_is_bad_usage() -> None:
    ended = fovea("ask", "-e", "nowhere", "Hello")
    assert ended.returncode == 2
    assert "quick-look, local" in ended.stderr


@pytest.mark.parametrize("command", ["batch", "endpoints", "export"])
def test_commands_that_are_not_there_yet_say_so(command: str) -> None:
    ended = fovea(command)
    assert ended.returncode == 2
    assert "not there yet" in ended.stderr


def test_a_bad_parameter_is_bad_usage() -> None:
    ended = fovea("ask", "Hello", "--param", "temperature=hot")
    assert ended.returncode == 2
    assert "temperature" in ended.stderr


def test_models_lists_quick_look() -> None:
    ended = fovea("models")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("quick-look")


def test_doctor_finds_all_well() -> None:
    ended = fovea("doctor", "--json")
    assert ended.returncode == 0, ended.stdout
    assert all(finding["ok"] for finding in lines(ended))


def test_help_lists_the_commands() -> None:
    ended = fovea("--help")
    assert ended.returncode == 0
    assert all(command in ended.stdout for command in ("describe", "ask", "models", "doctor"))


def test_an_unknown_option_of_the_window_is_bad_usage() -> None:
    ended = fovea("--nonsense")
    assert ended.returncode == 2
    assert "--nonsense" in ended.stderr
