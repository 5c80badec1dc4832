"""Rows that come, change and go one at a time stand where a whole list would have them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QModelIndex, Qt

from ui.library.list_model import LibraryModel
from ui.library.rows import Heading, LibraryRow

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
AGES = (0.01, 0.2, 0.9, 1.2, 3, 6, 10, 25, 45, 90, 300, 800)


def row(name: str, days: float = 0, touched: int = 1, **more: Any) -> LibraryRow:
    return LibraryRow(name, f"title {name}", NOW - timedelta(days=days), touched=touched, **more)


def made(rows: list[LibraryRow], *, more: bool = False) -> LibraryModel:
    model = LibraryModel(now=lambda: NOW)
    model.set_rows(sorted(rows, key=lambda one: one.key), more=more)
    return model


def texts(model: LibraryModel) -> list[str]:
    """Headings and ids, in order."""
    rows = (model.at(place) for place in range(model.rowCount()))
    return [one.text if isinstance(one, Heading) else one.id for one in rows]


def test_every_age_has_its_heading() -> None:
    rows = [row(f"{place:02}", days, 100 - place) for place, days in enumerate(AGES)]
    assert [text for text in texts(made([*rows, row("p", 500, pinned=True)])) if not text.isdigit()] == [
        "Pinned", "p", "Today", "Yesterday", "Previous 7 days", "Previous 30 days", "April", "February",
    ]  # fmt: skip
    assert "2025" in texts(made(rows)) and "2024" in texts(made(rows))


def test_what_changes_at_random_stands_as_in_a_list_set_anew(qtmodeltester: Any) -> None:
    chance = random.Random(7)
    rows = {f"{n:03}": row(f"{n:03}", chance.choice(AGES), n + 1) for n in range(40)}
    model = made([*rows.values()])
    for step in range(400):
        name = f"{chance.randrange(60):03}"
        if chance.random() < 0.3:
            rows.pop(name, None)
            model.remove(name)
        else:
            touched = step + 100 if chance.random() < 0.5 else chance.randrange(100)
            rows[name] = row(name, chance.choice(AGES), touched, pinned=chance.random() < 0.2)
            model.put(rows[name])
        assert texts(model) == texts(made([*rows.values()]))
    qtmodeltester.check(model)


def test_a_change_of_one_row_resets_nothing() -> None:
    model = made([row(f"{n:03}", n / 10, 500 - n) for n in range(200)])
    resets: list[str] = []
    model.modelReset.connect(lambda: resets.append("reset"))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _=(): told.append((first.row(), last.row())))
    place = model.row_of("007").row()
    model.put(row("007", 0.7, 493, tags=("x",)))
    assert told == [(place, place)]
    model.put(row("150", 0, 900))
    assert texts(model)[:2] == ["Today", "150"]
    assert resets == []


def test_pages_go_on_where_the_one_before_ended() -> None:
    rows = sorted((row(f"{n:03}", n / 4, 500 - n) for n in range(100)), key=lambda one: one.key)
    model = made(rows[:50], more=True)
    wanted: list[str] = []
    model.more_wanted.connect(lambda: wanted.append("page"))
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert wanted == ["page"]
    model.append_rows(rows[50:], more=False)
    assert texts(model) == texts(made(rows))
    assert not model.canFetchMore(QModelIndex())


def test_what_belongs_past_the_end_of_a_part_waits_for_its_page() -> None:
    model = made([row("a", 0, 9), row("b", 0, 8)], more=True)
    model.put(row("c", 1, 3))
    assert texts(model) == ["Today", "a", "b"]
    model.put(row("d", 0, 10))
    model.append_rows([row("d", 2, 2), row("c", 1, 3)])
    assert texts(model) == ["Today", "d", "a", "b", "Yesterday", "c"]


def test_a_row_says_its_tags_pin_and_whether_it_is_being_answered() -> None:
    model = made([row("a", tags=("red", "work"), pinned=True)])
    model.set_answering({"a"})
    spoken = model.row_of("a").data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("red, work, pinned, being answered")


def test_a_title_with_markup_is_shown_as_it_is_in_the_tooltip() -> None:
    model = made([row("a")._replace(title="<img src='x'>")])
    assert model.row_of("a").data(Qt.ItemDataRole.ToolTipRole) == "<span>&lt;img src='x'></span>"


def test_an_empty_title_is_not_taken() -> None:
    model = made([row("a")])
    renamed: list[tuple[str, str]] = []
    model.renamed.connect(lambda *given: renamed.append(given))
    assert not model.setData(model.row_of("a"), "  ")
    assert model.setData(model.row_of("a"), " New ")
    assert renamed == [("a", "New")]
