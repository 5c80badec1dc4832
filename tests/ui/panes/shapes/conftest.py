"""A layer for the tests of shapes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui.panes.shapes.layer import ShapeLayer


@pytest.fixture
def layer(qapp: QApplication) -> Iterator[ShapeLayer]:
    made = ShapeLayer()
    yield made
    made.deleteLater()
