"""The newest pictures of a folder, by their names and times."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path

import pytest

from app.pictures.camera_roll import DEPTH, Roll, listed, newest


def put(path: Path, changed: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (changed, changed))
    return path


def test_the_newest_come_first_from_the_folder_and_those_within(tmp_path: Path) -> None:
    old = put(tmp_path / "old.JPG", 100)
    new = put(tmp_path / "DCIM" / "Camera" / "new.heic", 300)
    between = put(tmp_path / "Screenshots" / "between.png", 200)
    for name in ("notes.txt", ".hidden.png", ".thumbs/a.png", "film.mp4", "png"):
        put(tmp_path / name, 400)
    (tmp_path / "folder.png").mkdir()
    roll = listed(tmp_path)
    assert [picture.path for picture in roll.pictures] == [new, between, old]
    assert [picture.changed for picture in roll.pictures] == [300, 200, 100]
    assert (roll.total, roll.more, roll.problem) == (3, False, "")
    assert [picture.path for picture in listed(tmp_path, 2).pictures] == [new, between]


def test_no_folder_lies_too_deep_and_no_circle_is_followed(tmp_path: Path) -> None:
    deep = tmp_path
    for level in range(DEPTH + 2):
        put(deep / f"{level}.png", level)
        deep = deep / "more"
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    assert sorted(p.path.stem for p in listed(tmp_path).pictures) == [str(n) for n in range(DEPTH + 1)]


def test_a_linked_picture_counts_and_a_dead_link_does_not(tmp_path: Path) -> None:
    there = put(tmp_path / "there.png", 100)
    (tmp_path / "link.png").symlink_to(there)
    (tmp_path / "dead.png").symlink_to(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "pipe.png")
    assert sorted(picture.path.name for picture in listed(tmp_path).pictures) == ["link.png", "there.png"]


@pytest.mark.parametrize(
    ("name", "problem"), [("gone", "there is no such folder"), ("file.png", "it is not a folder")]
)
def test_what_is_no_folder_is_said(tmp_path: Path, name: str, problem: str) -> None:
    put(tmp_path / "file.png", 1)
    assert listed(tmp_path / name) == Roll(problem=problem, missing=name == "gone")


def test_very_many_files_are_listed_within_a_second(tmp_path: Path) -> None:
    for number in range(5_000):
        os.close(os.open(tmp_path / f"{number}.jpg", os.O_CREAT))
    started = time.process_time()
    roll = asyncio.run(newest(tmp_path, 100))
    assert time.process_time() - started < 1
    assert (len(roll.pictures), roll.total) == (100, 5_000)


def test_d4_a_disk_that_does_not_answer_is_waited_for_a_while_and_holds_up_nothing(tmp_path: Path) -> None:
    answers = threading.Event()

    def look(folder: Path, most: int) -> Roll:
        answers.wait()
        return Roll()

    async def work() -> Roll:
        return await newest(tmp_path, seconds=0.05, look=look)

    started = time.monotonic()
    try:
        roll = asyncio.run(work())
        assert time.monotonic() - started < 20
        assert roll.problem == "the disk that it is on does not answer"
    finally:
        answers.set()


def test_an_answer_after_the_end_disturbs_nobody(tmp_path: Path) -> None:
    answers, answered = threading.Event(), threading.Event()

    def look(folder: Path, most: int) -> Roll:
        answers.wait()
        answered.set()
        return Roll()

    asyncio.run(newest(tmp_path, seconds=0.01, look=look))
    answers.set()
    assert answered.wait(5)
