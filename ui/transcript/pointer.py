"""The mouse in the transcript: selecting, links, pictures; and the context menu, also by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from app.domain.links import is_allowed
from ui.transcript import controls
from ui.transcript.selecting.selection import Position, Selection, line_at, plain_text, word_at
from ui.transcript.selecting.stretch import Stretch
from ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QPixmap

    from ui.transcript.furniture import Furniture
    from ui.transcript.layout.arrangement import Arrangement
    from ui.transcript.messages.message import Message
    from ui.transcript.reading.keyboard import Keyboard
    from ui.transcript.selecting.grip import Grip, Grips
    from ui.transcript.selecting.stretch import Grain
    from ui.transcript.view import TranscriptView

COPY_MARKDOWN = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_C
)
DRAG_SCROLL_MS = 30


class Pointer(QObject):
    """Watches the view's viewport and keeps the selection."""

    changed = Signal()
    link_clicked = Signal(str)
    picture_clicked = Signal(str)
    menu_requested = Signal(QPoint, int)
    """Global position, and the number of the message that it is for, or -1."""
    scroll_requested = Signal(int)
    """Pixels down, while a selection is drawn beyond the view."""

    def __init__(
        self,
        view: TranscriptView,
        arrangement: Arrangement,
        keyboard: Keyboard,
        furniture: Furniture,
        grips: Grips,
    ) -> None:
        super().__init__(view)
        self.selection: Selection | None = None
        self.others: Callable[[QPointF], bool] | None = None
        """Whether a point means something to somebody else who hears of clicks."""
        self._arrangement = arrangement
        self._keyboard = keyboard
        self._furniture = furniture
        self._grips = grips
        self._viewport = view.viewport()
        self._grip: Grip | None = None
        self._leaving: Grip | None = None
        self._control = (-1, controls.NONE)
        self._stretch: Stretch | None = None
        self._pressed = QPointF()
        self._at = QPointF()
        self._clicks = QTimer(self, singleShot=True)
        self._scroller = QTimer(self)
        self._scroller.setInterval(DRAG_SCROLL_MS)
        self._scroller.timeout.connect(self._scroll_on)
        self._viewport.setMouseTracking(True)
        self._viewport.installEventFilter(self)
        view.installEventFilter(self)

    def select(self, selection: Selection | None) -> None:
        """Replace the selection."""
        self.selection = selection
        self.changed.emit()

    def selected_text(self) -> str:
        """The selection as plain text."""
        if self.selection is None or self.selection.empty:
            return ""
        return plain_text(self.selection, self._arrangement.messages)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the viewport's mouse events, and the request for a menu wherever it arrives."""
        kind = event.type()
        if isinstance(event, QContextMenuEvent):
            self._ask_for_menu(event)
            return True
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._claims(event)
        if watched is not self._viewport:
            return False
        if isinstance(event, QMouseEvent):
            self._take(event)
            return True
        if kind == QEvent.Type.Leave:
            self._furniture.hover(None)
        elif kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        return False

    def key(self, event: QKeyEvent) -> bool:
        """Take a key that selects, and keep the end of the selection in sight; False for any other."""
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        from ui.transcript.selecting.keys import SelectionKeys

        end = SelectionKeys(self, self._arrangement).key(event, self._keyboard.current)
        if end is None:
            return False
        edge, y = self._arrangement.style.line_height, round(end.y())
        self.scroll_requested.emit(min(0, y - edge) + max(0, y + edge - self._viewport.height()))
        return True

    def _claims(self, event: QKeyEvent) -> bool:
        """Keep a key from a command of the window where it means something here."""
        chosen = self.selection is not None and not self.selection.empty
        here = chosen and event.keyCombination() == COPY_MARKDOWN
        here = here or (event.key() == Qt.Key.Key_Escape and self._keyboard.ringed)
        if here:
            event.accept()
        return here

    def _take(self, event: QMouseEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._moved(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._released(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            if kind == QEvent.Type.MouseButtonDblClick:
                self._clicks.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
                self._press(event, word_at)
            else:
                self._press(
                    event, line_at if self._clicks.isActive() and _is_near(self._pressed, event) else None
                )

    # ---- where

    def _locate(self, point: QPointF) -> tuple[int, Message, float, float] | None:
        """The message under a point, and the point in its coordinates."""
        arrangement = self._arrangement
        index = arrangement.message_at(point.y())
        if index < 0:
            return None
        y = point.y() + arrangement.offset - arrangement.top(index)
        return index, arrangement.messages[index], point.x() - arrangement.left, y

    def position_at(self, point: QPointF) -> Position | None:
        """The text position nearest to a point of the viewport."""
        found = self._locate(point)
        if found is None:
            return None
        index, message, x, y = found
        message.split()
        return Position(index, *message.hit(x, y))

    def link_at(self, point: QPointF) -> str:
        """The address under a point that a click may hand on, or ""."""
        found = self._locate(point)
        url = found[1].link_at(found[2], found[3]) if found is not None else ""
        return url if is_allowed(url) else ""

    def picture_at(self, point: QPointF) -> str:
        """The hash of the picture under a point, or ""."""
        found = self._locate(point)
        if found is None:
            return ""
        _, message, x, y = found
        return message.frame.picture_at(x, y, message.natural_width)

    def action_at(self, point: QPointF) -> tuple[str, str]:
        """The ids of the message and of its action under a point, or empty ones."""
        found = self._locate(point)
        if found is None:
            return "", ""
        _, message, x, y = found
        return message.entry.id, message.frame.action_at(x, y, message.height)

    def _ask_for_menu(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            current = self._keyboard.current
            number = current if current >= 0 else self._arrangement.answer_in_mind()
        else:
            placed = self._locate(QPointF(event.pos()))
            number = placed[0] if placed else -1
        self.menu_requested.emit(event.globalPos(), number)

    # ---- what the mouse does

    def _press(self, event: QMouseEvent, grain: Grain | None) -> None:
        point = event.position()
        position, found = self.position_at(point), self._locate(point)
        self._pressed, self._grip, self._leaving, self._stretch = point, None, None, None
        self._control = self._furniture.control_at(point)
        if position is None or found is None or self._control[1].kind:
            return
        index, message, x, y = found
        self._keyboard.make_current(index, ringed=False)
        if grain is None and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._grip = self._grips.at(message, x, y, position, self.selection)
        if self._grip is not None:
            return
        extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.selection is not None
        anchor = self.selection.anchor if extend and self.selection is not None else position
        self._stretch = Stretch(self._arrangement.messages, anchor, grain)
        self._select_to(position)

    def _moved(self, event: QMouseEvent) -> None:
        self._at = event.position()
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            if not _is_near(self._pressed, event):
                self._drag_out()
            return
        if self._stretch is None:
            over = self._furniture.hover(self._at)
            self._show_cursor(over=over)
            return
        self._drag()
        height = self._viewport.height()
        if not 0 <= self._at.y() < height:
            if not self._scroller.isActive():
                self._scroller.start()
        else:
            self._scroller.stop()

    def _drag(self) -> None:
        position = self.position_at(self._at)
        if position is not None:
            self._select_to(position)

    def _select_to(self, position: Position) -> None:
        made = self._stretch.to(position) if self._stretch is not None else self.selection
        if made != self.selection:
            self.select(made)

    def _drag_out(self) -> None:
        leaving, self._grip = self._grip, None

        def begin(mime: QMimeData, picture: QPixmap | None) -> None:
            if self._leaving is leaving:  # else the button was let go of before
                self._leaving = None
                from ui.widgets.drag_out import drag_out

                drag_out(self._viewport, mime, picture)

        if leaving is not None:
            self._leaving = leaving
            self._grips.drag(leaving, self._viewport.devicePixelRatioF(), begin)

    def _scroll_on(self) -> None:
        beyond = min(self._at.y(), 0) + max(self._at.y() - self._viewport.height(), 0)
        self.scroll_requested.emit(round(beyond))
        self._drag()

    def _released(self, event: QMouseEvent) -> None:
        self._scroller.stop()
        was, self._stretch = self._stretch is not None, None
        grip, self._grip, self._leaving = self._grip, None, None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position()
        index, control = self._control
        if control.kind:
            self._control = (-1, controls.NONE)
            if self._furniture.control_at(point) == (index, control):
                self._furniture.press(index, control)
        elif grip is not None:
            self._click_held(grip, point)
        elif was and self.selection is not None and not self.selection.empty:
            self._offer_to_paste()
        elif was and (url := self.link_at(point)):
            self.link_clicked.emit(url)

    def _click_held(self, grip: Grip, point: QPointF) -> None:
        """What could have been dragged was only clicked."""
        self.select(None)
        if grip.picture:
            self.picture_clicked.emit(grip.picture)
        elif url := self.link_at(point):
            self.link_clicked.emit(url)

    def _offer_to_paste(self) -> None:
        """Hand the selection to the middle mouse button where the platform has that."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection():
            clipboard.setText(self.selected_text(), clipboard.Mode.Selection)

    def _show_cursor(self, *, over: bool) -> None:
        over = over or bool(self.link_at(self._at) or self.picture_at(self._at))
        over = over or (self.others is not None and self.others(self._at))
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        if self._viewport.cursor().shape() != shape:
            self._viewport.setCursor(shape)

    def _tell(self, event: QHelpEvent) -> None:
        point = QPointF(event.pos())
        text = self.link_at(point) or self._furniture.words_at(point)
        found = self._locate(point)
        if not text and found is not None:
            _, message, x, y = found
            text = message.frame.elided_at(x, y, message.height)
            text = text or message.frame.picture_named(x, y, message.natural_width)
        if text:
            QToolTip.showText(event.globalPos(), plain_tooltip(text), self._viewport)
        else:
            QToolTip.hideText()


def _is_near(start: QPointF, event: QMouseEvent) -> bool:
    moved = (event.position() - start).manhattanLength()
    return moved < QGuiApplication.styleHints().startDragDistance()
