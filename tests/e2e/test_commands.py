"""The command line as other programs use it: real processes, real pictures, real answers."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

ROOT = Path(__file__).parents[2]
PHOTOS = ROOT / "tests" / "data" / "photos"


LIMIT_S = 60.0

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


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


@contextlib.contextmanager
def started(
    *arguments: str | Path, stdout: int = subprocess.PIPE, encoding: str = "utf-8"
) -> Iterator[subprocess.Popen[str]]:
    """A command that is still running; what it started must be gone when it is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=ROOT,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": encoding},
        start_new_session=True,
    )
    with process:
        try:
            yield process
            process.wait(LIMIT_S)
            until(lambda: not children(process))
        finally:
            process.kill()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


def children(process: subprocess.Popen[str], name: str = "") -> list[str]:
    """The command lines of the children it started, also when it is gone."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().decode(errors="replace").replace("\0", " ")
            if f"--child {name}" in words and f"fovea-child-{process.pid}-" in words:
                found.append(words)
    return found


def loading(process: subprocess.Popen[str]) -> bool:
    """Whether it is among its imports."""
    return "msgspec" in Path(f"/proc/{process.pid}/maps").read_text()


def decoding(process: subprocess.Popen[str]) -> bool:
    return bool(children(process, "decoder"))


def looking(process: subprocess.Popen[str]) -> bool:
    return bool(children(process, "quick-look"))


def answering(process: subprocess.Popen[str]) -> bool:
    assert process.stdout is not None
    return bool(process.stdout.read(1))


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


def test_a_command_that_is_not_there_yet_says_so() -> None:
    ended = fovea("batch")
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


@needs_proc
@pytest.mark.parametrize("moment", [loading, decoding, looking, answering])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_at_any_moment_ends_a_command_in_order(
    number: signal.Signals, code: int, moment: Callable[[subprocess.Popen[str]], bool]
) -> None:
    with started("describe", PHOTOS / "page.png", PHOTOS / "coffee.png") as process:
        until(lambda: moment(process))
        process.send_signal(number)
        _, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == code
    assert said == ""


@needs_proc
def test_ctrl_c_reaches_the_children_too_and_nobody_complains() -> None:
    with started("describe", PHOTOS / "page.png", PHOTOS / "coffee.png", "--json") as process:
        until(lambda: looking(process))
        os.killpg(process.pid, signal.SIGINT)
        printed, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert said == ""
    assert "error" not in printed


@needs_proc
def test_a_conversation_that_is_kept_survives_ctrl_c(home: Path) -> None:
    with started("describe", PHOTOS / "page.png", PHOTOS / "coffee.png", "--save") as process:
        until(lambda: answering(process))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert not (home / "fovea.db-wal").exists()
    library = apsw.Connection(str(home / "fovea.db"), flags=apsw.SQLITE_OPEN_READONLY)
    assert ("interrupted",) in library.execute("SELECT status FROM turn").fetchall()
    library.close()


@needs_proc
@pytest.mark.skipif(platform.machine() != "x86_64", reason="knows the number of write() there")
def test_ctrl_c_ends_a_command_that_waits_for_its_reader() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writing, bytes(fcntl.fcntl(writing, fcntl.F_GETPIPE_SZ))):
            pass
    os.set_blocking(writing, True)
    with started("models", stdout=writing) as process:
        until(lambda: Path(f"/proc/{process.pid}/syscall").read_text().startswith("1 0x1 "))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=LIMIT_S)
    os.close(reading)
    os.close(writing)
    assert process.returncode == 130
    assert said == ""


@needs_proc
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_a_command_whose_reader_leaves_ends_quietly(options: list[str]) -> None:
    pictures = [PHOTOS / name for name in ("coffee.png", "page.png", "chelsea.png")]
    with started("describe", *pictures, *options) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 141
    assert said == ""


@needs_proc
@pytest.mark.parametrize(
    "arguments",
    [
        ["describe", PHOTOS / "coffee.png"],
        ["describe", PHOTOS / "coffee.png", "--json"],
        ["describe", PHOTOS / "coffee.png", "--save"],
        ["models"],
        ["doctor"],
        ["--help"],
    ],
    ids=str,
)
def test_an_output_that_is_full_is_one_sentence(arguments: list[str | Path]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    with started(*arguments, stdout=full) as process:
        _, said = process.communicate(timeout=LIMIT_S)
    os.close(full)
    assert process.returncode == 3
    assert said == "The output could not be written: No space left on device.\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_without_all_letters_is_answered(encoding: str) -> None:
    with started("describe", PHOTOS / "coffee.png", "--json", encoding=encoding) as process:
        printed, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0, said
    assert "600 × 400" in "".join(json.loads(line).get("text", "") for line in printed.splitlines())


def test_a_model_file_that_quick_look_would_not_use_is_bad_usage() -> None:
    ended = fovea("ask", "-m", "model.gguf", "Hello")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "-e local" in ended.stderr
    assert fovea("ask", "--mmproj", "model.gguf", "Hello").returncode == 2
    assert fovea("ask", "-m", "quick-look", "Hello").returncode == 0


def test_pictures_of_any_name_are_described(tmp_path: Path) -> None:
    names = ["a b.png", "new\nline.png", "é 猫.png", "-p.png", os.fsdecode(b"\xff.png")]
    for number, name in enumerate(names):  # what follows its end makes each another file
        (tmp_path / name).write_bytes((PHOTOS / "coffee.png").read_bytes() + bytes(number))
    ended = fovea("describe", *(tmp_path / name for name in names))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("espresso") == len(names)


def test_doctor_names_a_library_that_cannot_be_opened(home: Path) -> None:
    home.mkdir()
    (home / "fovea.db").write_text("something else")
    ended = fovea("doctor")
    assert ended.returncode == 3
    assert "fovea.db is not a Fovea library" in ended.stdout
