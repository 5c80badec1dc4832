from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from ui.controllers.pictures.dragged_pictures import DraggedPictures
from ui.tasks import TaskOwner

SHA = "ab" * 32
Find = Callable[[str, str], str]


@pytest.fixture
def pictures(tmp_path: Path, qapp: object) -> DraggedPictures:
    (tmp_path / SHA).write_bytes(b"pixels")
    return DraggedPictures(lambda sha256: tmp_path / sha256, TaskOwner())


@pytest.fixture
def find(pictures: DraggedPictures, run_async: Callable[..., str]) -> Find:
    """Waits for the path."""

    async def found(sha256: str, name: str) -> str:
        path = asyncio.get_running_loop().create_future()
        pictures.find(sha256, name, path.set_result)
        assert not path.done()
        return str(await path)

    return lambda sha256, name: run_async(found(sha256, name))


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("cat.png", "cat.png"),
        ("../../etc/cat.png", "_.._etc_cat.png"),
        ("c:\\x\n.png", "c__x_.png"),
        ("", "picture"),
        ("..", "picture"),
        ("x" * 400 + ".png", "x" * 116 + ".png"),
    ],
)
def test_a_copy_is_called_as_the_picture_is(find: Find, name: str, called: str) -> None:
    file = Path(find(SHA, name))
    assert file.name == called
    assert file.read_bytes() == b"pixels"
    assert file.parent.name == SHA[:12]
    assert list(file.parent.iterdir()) == [file]


def test_writing_to_the_copy_leaves_the_picture_as_it_is(find: Find, tmp_path: Path) -> None:
    Path(find(SHA, "cat.png")).write_bytes(b"other")
    assert (tmp_path / SHA).read_bytes() == b"pixels"


def test_there_is_no_copy_of_a_picture_that_is_gone(find: Find) -> None:
    assert find("cd" * 32, "cat.png") == ""


def test_copies_go_with_their_maker(pictures: DraggedPictures, find: Find) -> None:
    file = Path(find(SHA, "cat.png"))
    assert file.exists()
    pictures._folder = None
    assert not file.exists()
