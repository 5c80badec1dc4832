from __future__ import annotations

from pathlib import Path

import pytest

from ui.controllers.dragged_pictures import DraggedPictures

SHA = "ab" * 32


@pytest.fixture
def pictures(tmp_path: Path) -> DraggedPictures:
    (tmp_path / SHA).write_bytes(b"pixels")
    return DraggedPictures(lambda sha256: tmp_path / sha256)


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
def test_a_copy_is_called_as_the_picture_is(pictures: DraggedPictures, name: str, called: str) -> None:
    file = Path(pictures.find(SHA, name))
    assert file.name == called
    assert file.read_bytes() == b"pixels"
    assert file.parent.name == SHA[:12]


def test_writing_to_the_copy_leaves_the_picture_as_it_is(pictures: DraggedPictures, tmp_path: Path) -> None:
    Path(pictures.find(SHA, "cat.png")).write_bytes(b"other")
    assert (tmp_path / SHA).read_bytes() == b"pixels"


def test_there_is_no_copy_of_a_picture_that_is_gone(pictures: DraggedPictures) -> None:
    assert pictures.find("cd" * 32, "cat.png") == ""


def test_copies_go_with_their_maker(pictures: DraggedPictures) -> None:
    file = Path(pictures.find(SHA, "cat.png"))
    pictures._folder = None
    assert not file.exists()
