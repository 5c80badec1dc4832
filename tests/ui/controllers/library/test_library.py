"""The library as the user works in it, on the real store."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from app.domain.library import Filter
from app.store.database import Store
from app.store.indexing import Indexer
from tests.app.store import samples
from tests.ui.desk import Desk, open_desk
from ui.library.list_model import ID_ROLE
from ui.library.rows import Heading, Wanted

RunAsync = Callable[[Coroutine[Any, Any, Any]], Any]
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


async def fill(home: Path, *titles: str, text: str = "What is it?") -> list[str]:
    """A library with these conversations, the last one the newest; returns their ids."""
    store = await Store.open(home)
    ids = []
    for title in titles:
        made = await store.conversations.create(title)
        await store.conversations.add(made.id, samples.question(f"{text} {title}"))
        ids.append(made.id)
    await store.close()
    connection, index = samples.raw(home), Indexer()
    while index(connection) is not None:
        pass
    connection.close()
    return ids


def titles(desk: Desk) -> list[str]:
    return [row.title for row in desk.window.library.model.rows()]


def headings(desk: Desk) -> list[str]:
    model = desk.window.library.model
    rows = (model.at(place) for place in range(model.rowCount()))
    return [row.text for row in rows if isinstance(row, Heading)]


def select(desk: Desk, *ids: str) -> None:
    library = desk.window.library
    rows = [library.model.row_of(one) for one in ids]
    library.list.select(rows, rows[0])


async def listed(desk: Desk, *expected: str) -> None:
    await desk.until(lambda: titles(desk) == list(expected))


def test_a_long_list_is_read_in_pages_as_it_is_scrolled(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        ids = await fill(home, *(f"title {n:03}" for n in range(240)))
        async with open_desk(home) as desk:
            library = desk.window.library
            await desk.until(lambda: 100 <= len(library.model.rows()) < 240)
            bar = library.list.verticalScrollBar()

            def scrolled_to_the_end() -> bool:
                bar.setValue(bar.maximum())
                return len(library.model.rows()) == 240

            await desk.until(scrolled_to_the_end)
            assert [row.id for row in library.model.rows()] == ids[::-1]

    run_async(scene())


def test_select_all_selects_what_was_not_read_yet(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        await fill(home, *(f"title {n:03}" for n in range(130)))
        async with open_desk(home) as desk:
            library = desk.window.library
            await desk.until(lambda: library.model.rowCount() > 1)
            QTest.keyClick(library.list, Qt.Key.Key_A, CONTROL)
            await desk.until(lambda: len(library.selection.rows()) == 130)

    run_async(scene())


def test_a_change_reads_one_row_and_moves_nothing_else(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        ids = await fill(home, *(f"title {n:03}" for n in range(60)))
        async with open_desk(home) as desk:
            library = desk.window.library
            await desk.until(lambda: len(library.model.rows()) == 60)
            resets: list[str] = []
            library.model.modelReset.connect(lambda: resets.append("reset"))
            select(desk, ids[20])
            bar = library.list.verticalScrollBar()
            bar.setValue(900)
            seen = library.list.visualRect(library.model.row_of(ids[25])).top()
            await desk.services.store.conversations.add(ids[0], samples.question("More?"))
            desk.controller._library.show_changed((ids[0],))
            await desk.until(lambda: titles(desk)[0] == "title 000")
            assert library.list.visualRect(library.model.row_of(ids[25])).top() == seen
            assert library.list.currentIndex().data(ID_ROLE) == ids[20]
            assert [row.id for row in library.selection.rows()] == [ids[20]]
            assert resets == []

    run_async(scene())


def test_words_are_found_while_they_are_typed_and_opened_where_they_stand(
    run_async: RunAsync, home: Path
) -> None:
    async def scene() -> None:
        ids = await fill(home, "Cat", "Rocket", "A catapult", text="Say: <b>purr</b>")
        async with open_desk(home) as desk:
            library, window = desk.window.library, desk.window
            await desk.until(lambda: library.model.rowCount() > 1)
            window.actions_table["search"].trigger()
            QTest.keyClicks(library.search, "cat")
            await desk.until(lambda: len(library.hits.model.lines) == 4)
            assert [line.title for line in library.hits.model.lines[:2]] == ["A catapult", "Cat"]
            assert [bool(line.message_id) for line in library.hits.model.lines] == [False, False, True, True]
            library.search.clear()
            QTest.keyClicks(library.search, "purr rock")
            await desk.until(lambda: len(library.hits.model.lines) == 1)
            (line,) = library.hits.model.lines
            assert "<b>purr</b>" in line.text
            assert [line.text[a:b] for a, b in line.marks] == ["purr", "Rock"]
            chosen: list[tuple[str, ...]] = []
            library.hit_chosen.connect(lambda *given: chosen.append(given))
            QTest.keyClick(library.search, Qt.Key.Key_Return)
            await desk.until(lambda: desk.controller._conversations.conversation_id == ids[1])
            assert chosen == [(ids[1], line.message_id, "purr rock")]
            library.search.setText("nothing like it")
            await desk.until(lambda: library.hits.empty.isVisible())
            assert library.hits.empty.label.text() == "Nothing found."
            QTest.keyClick(library.search, Qt.Key.Key_Escape)
            assert library.search.text() == "" and library.list.isVisible()

    run_async(scene())


def test_down_goes_to_what_was_found_and_escape_back(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        await fill(home, "Cat", "Another cat")
        async with open_desk(home) as desk:
            library = desk.window.library
            desk.window.window().activateWindow()
            await desk.until(desk.window.window().isActiveWindow)
            library.focus_search()
            QTest.keyClicks(library.search, "cat")
            await desk.until(lambda: len(library.hits.model.lines) == 4)
            QTest.keyClick(library.search, Qt.Key.Key_Down)
            assert library.hits.list.hasFocus() and library.hits.list.currentIndex().row() == 0
            QTest.keyClick(library.hits.list, Qt.Key.Key_Up)
            assert library.search.hasFocus()
            QTest.keyClick(library.search, Qt.Key.Key_Down)
            QTest.keyClick(library.hits.list, Qt.Key.Key_Escape)
            assert library.search.text() == "" and library.search.hasFocus()

    run_async(scene())


def test_an_index_that_is_not_complete_is_said(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        await fill(home, "Cat")
        async with open_desk(home) as desk:
            hits = desk.window.library.hits
            hits.show_lines((), complete=False, most=100)
            assert hits.empty.label.text() == "Nothing found so far."
            assert hits.note.text() == "Older messages are still being indexed."

    run_async(scene())


def test_a18_no_bare_key_deletes_and_what_was_deleted_comes_back(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        ids = await fill(home, "one", "two", "three")
        async with open_desk(home) as desk:
            library = desk.window.library
            await listed(desk, "three", "two", "one")
            select(desk, ids[0], ids[1])
            for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                for modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT, CONTROL):
                    QTest.keyClick(library.list, key, modifiers)
            await desk.services.store.listing.count()
            assert await desk.services.store.listing.count() == 3
            QTest.keyClick(library.list, Qt.Key.Key_Delete, CONTROL | SHIFT)
            await listed(desk, "three")
            notice = desk.window.notice
            await desk.until(lambda: notice.text() == "2 conversations are in the trash for 30 days.")
            assert notice.button is not None
            notice.button.click()
            await listed(desk, "three", "two", "one")

    run_async(scene())


def test_conversations_are_filed_by_menu_and_by_dragging(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        ids = await fill(home, "one", "two", "three")
        async with open_desk(home) as desk:
            library = desk.window.library
            await listed(desk, "three", "two", "one")
            library.head.folder_named.emit("", "Bills & more")
            await desk.until(lambda: [shelf.name for shelf in library.head.folder.shelves])
            (shelf,) = library.head.folder.shelves
            select(desk, ids[0], ids[2])
            drag_to(desk, ids[2], row=1)
            await desk.until(lambda: library.model.row(ids[0]).folder == shelf.id)  # type: ignore[union-attr]
            library.head.folder.folder_chosen.emit(shelf.id)
            await listed(desk, "three", "one")
            assert library.head.folder.words() == "Bills & more"
            library.selection.requested.emit("file", (ids[0],), "")
            await listed(desk, "three")
            library.head.folder_removed.emit(shelf.id)
            await listed(desk, "three", "two", "one")
            assert library.head.folder.words() == "All conversations"
            desk.window.actions_table["undo"].trigger()
            await desk.until(lambda: library.head.folder.shelves)
            assert len(await desk.services.store.listing.summaries(ids, Filter(folder=shelf.id))) == 1

    run_async(scene())


def drag_to(desk: Desk, conversation_id: str, *, row: int) -> None:
    """Drag a conversation over a row of the shelf that appears, and let go."""
    library = desk.window.library
    viewport = library.list.viewport()
    start = library.list.visualRect(library.model.row_of(conversation_id)).center()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    library.list._dragging = True
    library.selection._drag(viewport.mapToGlobal(start))
    shelf = library.selection.shelf
    assert shelf.isVisible()
    target = shelf.mapToGlobal(QPoint(40, 8 + row * shelf._row() + 10))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=viewport.mapFromGlobal(target))
    assert shelf.isHidden()


def test_tags_pins_and_titles_are_given_in_the_list(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        ids = await fill(home, "one", "two", "three")
        async with open_desk(home) as desk:
            library = desk.window.library
            desk.window.window().activateWindow()
            await desk.until(desk.window.window().isActiveWindow)
            await listed(desk, "three", "two", "one")
            select(desk, ids[0], ids[1])
            library.selection.tag_wanted.emit()
            await desk.until(lambda: library.head.names.isVisible())
            QTest.keyClicks(library.head.names.field, "work")
            QTest.keyClick(library.head.names.field, Qt.Key.Key_Return)
            await desk.until(lambda: library.model.row(ids[1]).tags == ("work",))  # type: ignore[union-attr]
            assert library.model.row(ids[2]).tags == ()  # type: ignore[union-attr]
            library.selection.requested.emit("pin", (ids[0],), True)
            await listed(desk, "one", "three", "two")
            assert headings(desk) == ["Pinned", "Today"]
            library.head.choose(Wanted(tag="work"))
            await listed(desk, "one", "two")
            assert [chip.accessibleName() for chip in library.head.chips()] == ["Remove the filter work"]
            library.head.chips()[0].click()
            await listed(desk, "one", "three", "two")
            select(desk, ids[2])
            library.list.setFocus()
            QTest.keyClick(library.list, Qt.Key.Key_F2)
            editor = QApplication.focusWidget()
            assert editor is not None and editor is not library.list
            assert editor.accessibleName() == "Title of the conversation"
            QTest.keyClicks(editor, "renamed")
            QTest.keyClick(editor, Qt.Key.Key_Return)
            await desk.until(lambda: "renamed" in titles(desk))

    run_async(scene())


def test_what_lies_in_the_trash_is_restored_or_deleted_for_good(run_async: RunAsync, home: Path) -> None:
    async def scene() -> None:
        ids = await fill(home, "one", "two", "three")
        store = await Store.open(home)
        await store.trash.put(ids[:2])
        outline = await store.conversations.outline(ids[2])
        await store.trash.put_branch(outline.nodes[-1].id)
        await store.close()
        async with open_desk(home) as desk:
            library = desk.window.library
            await listed(desk, "three")
            library.head.folder.trash_chosen.emit()
            trash = library.trash
            await desk.until(lambda: len(trash.model.lines) == 3)
            message = next(line for line in trash.model.lines if line.message_id)
            assert message.text == "What is it? three"
            trash.list.select([trash.model.index(trash.model.lines.index(message))], trash.model.index(0))
            QTest.keyClick(trash.list, Qt.Key.Key_Return)
            await desk.until(lambda: len(trash.model.lines) == 2)
            trash.list.select([trash.model.index(0)], trash.model.index(0))
            kept = next(line for line in trash.model.lines if line != trash.selected()[0]).title
            trash.purge_button.click()
            box = next(one for one in trash.window().findChildren(QMessageBox) if one.isVisible())
            assert len(trash.model.lines) == 2
            next(one for one in box.buttons() if one.text() == "Delete for good").click()
            await desk.until(lambda: len(trash.model.lines) == 1)
            trash.list.select([trash.model.index(0)], trash.model.index(0))
            trash.restore_button.click()
            await desk.until(lambda: trash.empty.isVisible())
            library.head.folder.folder_chosen.emit("")
            await desk.until(lambda: library.list.isVisible())
            assert sorted(titles(desk)) == sorted(["three", kept])

    run_async(scene())
