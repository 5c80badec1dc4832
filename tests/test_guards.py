"""The guards of conftest.py: each catches what it is for, and what is announced passes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CARELESS = """
import asyncio, logging, socket, subprocess, sys, warnings
from pathlib import Path
import tests.leftovers

kept = []

def test_logs():
    logging.getLogger("x").warning("stray words")

def test_announced_log(expect_log):
    expect_log("stray words")
    logging.getLogger("x").warning("stray words")

def test_log_that_never_came(expect_log):
    expect_log("stray words")

def test_leaves_a_process():
    kept.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))

def test_leaves_a_socket():
    kept.append(socket.create_server(("127.0.0.1", 0)))

def test_leaves_a_window(qapp):
    from PySide6.QtWidgets import QWidget
    kept.append(QWidget())
    kept[-1].show()

def test_closes_its_window(qtbot):
    from PySide6.QtWidgets import QWidget
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()

def test_leaves_a_task(run_async):
    async def work():
        kept.append(asyncio.get_running_loop().create_task(asyncio.sleep(60)))
    run_async(work())

def test_loses_an_exception(run_async):
    async def fail():
        raise ValueError("lost")
    async def work():
        task = asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
    run_async(work())

def test_runs_a_coroutine(run_async):
    async def work():
        await asyncio.sleep(0)
        return 3
    assert run_async(work()) == 3

def test_leaves_a_task_of_the_app():
    names = {"asyncio": asyncio}
    source = "async def forever():\\n    await asyncio.sleep(60)"
    exec(compile(source, str(Path(tests.leftovers.__file__).parents[1] / "app" / "x.py"), "exec"), names)
    async def work():
        kept.append(asyncio.get_running_loop().create_task(names["forever"]()))
    asyncio.run(work())

def test_warns():
    warnings.warn("old", DeprecationWarning)

def test_qt_warns(qapp):
    from PySide6.QtCore import qWarning
    qWarning("words of Qt")
"""


def test_each_guard_catches_what_it_is_for(tmp_path: Path) -> None:
    file = tmp_path / "test_careless.py"
    file.write_text(CARELESS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", ROOT]
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:xvfb", "-q", "--tb=line"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [*command, *options, file], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    outcomes = {
        re.split(r"::| - ", line)[1]
        for line in ran.stdout.splitlines()
        if line.startswith(("FAILED", "ERROR")) and "::" in line
    }
    assert outcomes == {
        "test_logs",
        "test_log_that_never_came",
        "test_leaves_a_process",
        "test_leaves_a_socket",
        "test_leaves_a_window",
        "test_leaves_a_task",
        "test_leaves_a_task_of_the_app",
        "test_loses_an_exception",
        "test_warns",
        "test_qt_warns",
    }, ran.stdout
