from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.single_instance import SingleInstance

ROOT = Path(__file__).parents[2]

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ui.single_instance import SingleInstance
application = QCoreApplication([])
second = SingleInstance(Path(sys.argv[1]))
if second.is_first():
    print("first")
else:
    print(second.hand_over([Path(p) for p in sys.argv[2:]]))
"""


@pytest.fixture
def first(home: Path, qtbot: QtBot) -> object:
    home.mkdir()
    instance = SingleInstance(home)
    assert instance.is_first()
    instance.listen()
    yield instance
    instance.close()


def start_second(home: Path, *paths: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(home), *paths], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_a15_a_second_start_hands_its_pictures_over(first: SingleInstance, home: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(first.paths_received, timeout=60000) as received:
        second = start_second(home, "/tmp/my pic é.png", "two.png")
    assert received.args == [["/tmp/my pic é.png", str(ROOT / "two.png")]]
    assert second.communicate(timeout=60)[0].strip() == "True"


def test_a15_of_many_starts_at_once_all_reach_the_first(
    first: SingleInstance, home: Path, qtbot: QtBot
) -> None:
    received: list[list[str]] = []
    first.paths_received.connect(received.append)
    others = [start_second(home, f"/{n}.png") for n in range(6)]
    qtbot.waitUntil(lambda: len(received) == 6, timeout=60000)
    assert sorted(paths[0] for paths in received) == [f"/{n}.png" for n in range(6)]
    assert {other.communicate(timeout=60)[0].strip() for other in others} == {"True"}


def test_after_the_first_has_gone_the_next_is_first(home: Path, qtbot: QtBot) -> None:
    home.mkdir()
    instance = SingleInstance(home)
    assert instance.is_first()
    instance.listen()
    instance.close()
    assert start_second(home).communicate(timeout=60)[0].strip() == "first"


def test_another_library_is_another_first(first: SingleInstance, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert start_second(other).communicate(timeout=60)[0].strip() == "first"


def test_a15_the_very_first_start_is_first_before_there_is_a_library(home: Path, qtbot: QtBot) -> None:
    instance = SingleInstance(home)
    assert instance.is_first()
    instance.listen()
    second = start_second(home)
    with qtbot.waitSignal(instance.paths_received, timeout=60000):
        pass
    assert second.communicate(timeout=60)[0].strip() == "True"
    instance.close()


def test_without_a_lock_the_library_has_the_verdict(tmp_path: Path, qtbot: QtBot) -> None:
    assert SingleInstance(tmp_path / "missing" / "folder").is_first()


def test_nonsense_on_the_socket_is_ignored(first: SingleInstance, qtbot: QtBot) -> None:
    from PySide6.QtNetwork import QLocalSocket

    received: list[list[str]] = []
    first.paths_received.connect(received.append)
    socket = QLocalSocket()
    socket.connectToServer(first.socket_name)
    socket.write(b"[[[[ not json\n")
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert received == []
