"""What drops down from the button that adds a model to a table."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.compare.heads import ModelColumn
from ui.compare.model_offer import FEW, ModelOffer, OfferRow

pytestmark = pytest.mark.usefixtures("dressed")


def rows(count: int) -> list[OfferRow]:
    models = (f"Model {number}" for number in range(count))
    return [OfferRow(model, column=ModelColumn(("here", model), model, "Here")) for model in models]


def test_a_search_that_was_left_does_not_stay_where_the_rows_are_few(qtbot: QtBot) -> None:
    button = QWidget()
    qtbot.addWidget(button)
    offer = ModelOffer(button)
    offer.set_rows(rows(FEW + 1))
    offer.open_below(button)
    assert not offer.search.isHidden()
    offer.search.setText("model 3")
    offer.hide()
    offer.set_rows(rows(FEW))
    offer.open_below(button)
    assert offer.search.isHidden() and len(offer.rows()) == FEW
    offer.hide()
