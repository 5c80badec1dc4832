"""The shape of the house, checked. import-linter (`make lint`) checks who imports whom."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture_rules import RULES, Source, complaints, forget, sources, too_big

# What is larger than its like on purpose: name, and why it stays whole.
SIZE_EXCEPTIONS = {
    "ui/panes/view/picture_view.py::PictureView": "half of its methods are Qt's events",
    "ui/transcript/view.py::TranscriptView": "all that the window asks of a conversation, and Qt's events",
}

HEAVY = {
    "PIL",
    "apsw",
    "asyncio",
    "httpx2",
    "keyring",
    "markdown_it",
    "numpy",
    "msgspec",
    "pygments",
    "qasync",
    "ssl",
}

BREACHES = {
    "misplaced_import": [
        ("app/chat/service.py", "from PySide6.QtCore import QObject"),
        ("app/providers/openai.py", "def f():\n    import httpx2"),
        ("ui/panes/view.py", "from PIL import Image"),
        ("app/chat/fold.py", "import apsw"),
        ("ui/main_window.py", "from PySide6 import QtNetwork"),
    ],
    "unowned_task": [
        ("ui/panes/view.py", "asyncio.create_task(work())"),
        ("app/chat/service.py", "loop.create_task(work())"),
        ("ui/panes/view.py", "asyncio.ensure_future(work())"),
    ],
    "nested_event_loop": [
        ("ui/panes/view.py", "dialog.exec()"),
        ("ui/panes/view.py", "QApplication.processEvents()"),
        ("ui/panes/view.py", "time.sleep(1)"),
    ],
    "blocking_static_dialog": [("ui/panes/view.py", "QFileDialog.getOpenFileName(self)")],
    "style_outside_theme": [
        ("ui/panes/view.py", "self.setStyleSheet('color: red')"),
        ("ui/panes/view.py", "QColor('#ff0000')"),
    ],
    "rich_text_by_accident": [
        ("ui/panes/view.py", "from PySide6.QtWidgets import QLabel, QWidget"),
        ("ui/panes/view.py", "from PySide6.QtWidgets import QMessageBox"),
        ("ui/widgets/labels.py", "from PySide6.QtWidgets import QTextBrowser"),
    ],
    "label_of_unsaid_format": [("ui/widgets/labels.py", "class Words(QLabel):\n    pass")],
    "tooltip_of_unsaid_format": [
        ("ui/panes/view.py", "self.setToolTip(name)"),
        ("ui/panes/view.py", "self.setToolTip(self.tr('Remove {name}').format(name=name))"),
        ("ui/panes/view.py", "self.setToolTip('' if cut else name)"),
        ("ui/panes/view.py", "QToolTip.showText(place, name)"),
        ("ui/panes/model.py", "ROLES = (Qt.ItemDataRole.ToolTipRole,)"),
    ],
    "untranslatable_text": [("ui/panes/view.py", "self.tr(f'{n} pictures')")],
    "undocumented": [("ui/panes/view.py", "class View:\n    def show_all(self) -> None:\n        pass")],
}

OBSERVANCES = [
    ("app/net/gate.py", "import httpx2"),
    ("app/chat/service.py", "group.create_task(work())"),
    ("app/chat/service.py", "self._group.create_task(work())"),
    ("ui/bootstrap.py", "loop.exec()"),
    ("ui/panes/view.py", "async def _f():\n    await asyncio.sleep(0)"),
    ("ui/panes/view.py", "dialog.open()"),
    ("ui/panes/view.py", "self.tr('{n} pictures').format(n=n)"),
    ("ui/panes/view.py", "self.setToolTip(plain_tooltip(name))"),
    ("ui/panes/view.py", "self.setToolTip('' if some else self.tr('Select something first.'))"),
    ("ui/panes/view.py", "class View:\n    def paintEvent(self, event):\n        pass"),
    ("app/providers/refusal.py", "from http import HTTPStatus"),
    ("app/net/address.py", "from urllib.parse import urlsplit"),
]


@pytest.fixture(scope="module", autouse=True)
def trees_are_let_go_of() -> Iterator[None]:
    """The tests that follow have no use for them."""
    yield
    forget()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps_the_rule(rule: object) -> None:
    found = complaints(rule, sources("app", "ui"))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_each_way_to_break_it(rule: object) -> None:
    for name, text in BREACHES[getattr(rule, "__name__", "")]:
        assert complaints(rule, [Source(name, text)]), f"{name}: {text}"


@pytest.mark.parametrize(("name", "text"), OBSERVANCES)
def test_what_keeps_the_rules_is_not_complained_about(name: str, text: str) -> None:
    assert [c for rule in RULES for c in complaints(rule, [Source(name, text)])] == []


def test_files_functions_and_classes_keep_their_size() -> None:
    big = [(what, why) for source in sources("app", "ui") for what, why in too_big(source)]
    found = [f"{what}: {why}" for what, why in big if what not in SIZE_EXCEPTIONS]
    assert not found, "\n" + "\n".join(found)


def test_every_size_exception_is_still_needed() -> None:
    big = {what for source in sources("app", "ui") for what, _ in too_big(source)}
    assert set(SIZE_EXCEPTIONS) <= big


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    code = f"import sys, ui.bootstrap; print(*sorted({HEAVY!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [], "import these later: inside the function, or under TYPE_CHECKING"
