"""The one style sheet: what QPalette and Fusion cannot do, in the colours of the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from app.paths import resource

if TYPE_CHECKING:
    from ui.theme.palette import Palette

ARGUMENTS = ("-style", "Fusion")
"""For QApplication, which takes the style we dress from them. Setting it later would build the
enums of QStyle, and that takes a twentieth of the time to the first paint."""

RADIUS = 8
CARD_RADIUS = 12

_SHEET = """
QWidget#panel { background: $surface; }
QMainWindow, QWidget#window { background: $window; }
QMainWindow::separator { width: 1px; height: 1px; background: $separator; }
QSplitter::handle { background: $separator; }
QSplitter::handle:hover { background: $accent; }

QLabel[tone="muted"] { color: $text_muted; }
QLabel[tone="positive"] { color: $positive; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="accent"] { color: $accent; }

QPushButton {
    background: $surface_raised; color: $text; border: 1px solid $outline; border-radius: 8px;
    padding: 0 14px; min-height: 30px;
}
QPushButton:hover { background: $surface_hover; }
QPushButton:pressed { background: $surface_pressed; }
QPushButton:focus { border: 2px solid $focus; padding: 0 13px; min-height: 28px; }
QPushButton:disabled { color: $text_muted; background: transparent; }
QPushButton[kind="primary"] { background: $accent; color: $accent_text; border: 1px solid $accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled {
    background: transparent; color: $text_muted; border: 1px solid $outline;
}

QToolButton { background: transparent; border: 2px solid transparent; border-radius: 8px; padding: 4px; }
QToolButton[kind="chip"] { padding: 0 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border: 2px solid $focus; }
QToolButton::menu-indicator { image: none; }

QComboBox {
    background: $surface_raised; color: $text; border: 1px solid $outline; border-radius: 8px;
    padding: 0 30px 0 10px; min-height: 30px; combobox-popup: 0;
}
QComboBox:hover { background: $surface_hover; }
QComboBox:focus { border: 2px solid $focus; padding: 0 29px 0 9px; min-height: 28px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QFileDialog QComboBox::down-arrow { image: url("$icons/chevron-down-grey.svg"); width: 16px; height: 16px; }
QComboBox QAbstractItemView {
    background: $surface_raised; color: $text; border: 1px solid $outline; padding: 4px; outline: none;
    selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 6px; border-radius: 6px; }
QComboBox QAbstractItemView::item:hover { background: $selection; color: $text; }
QComboBox QAbstractItemView::item:disabled { background: transparent; color: $text_muted; }

QLineEdit {
    background: $surface_raised; color: $text; border: 1px solid $outline; border-radius: 8px;
    padding: 0 10px; min-height: 30px; selection-background-color: $selection; selection-color: $text;
}
QLineEdit:focus { border: 2px solid $focus; padding: 0 9px; min-height: 28px; }
QPlainTextEdit[kind="bare"], QTextEdit[kind="bare"], QAbstractItemView[kind="bare"] {
    background: transparent; border: none;
}
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableView[kind="bare"] { selection-background-color: transparent; }
QPlainTextEdit[kind="field"] {
    background: $surface_raised; color: $text; border: 1px solid $outline; border-radius: 8px;
    padding: 3px 5px; selection-background-color: $selection; selection-color: $text;
}
QPlainTextEdit[kind="field"]:focus { border: 2px solid $focus; padding: 2px 4px; }
QLineEdit, QPlainTextEdit { placeholder-text-color: $text_muted; }
QLineEdit[kind="number"] { padding: 0 6px; min-height: 24px; border-radius: 6px; }
QLineEdit[kind="number"]:focus { padding: 0 5px; min-height: 22px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus {
    background: transparent; border: none; border-radius: 0; padding: 0; min-height: 0;
}
QAbstractItemView[kind="choices"] {
    background: $surface_raised; color: $text; border: 1px solid $outline; padding: 4px; outline: none;
}
QLabel[kind="badge"] {
    background: $hover; color: $text_muted; border: 1px solid $separator; border-radius: 9px;
    padding: 1px 7px;
}
QPushButton[kind="small"] { padding: 0 10px; min-height: 24px; border-radius: 7px; }
QPushButton[kind="small"]:focus { padding: 0 9px; min-height: 22px; }
QPushButton[kind="small"]:checked { background: $selection; }

QScrollArea[kind="bare"], QScrollArea[kind="bare"] > QWidget > QWidget {
    background: transparent; border: none;
}

QFileDialog QToolButton#backButton { qproperty-icon: url("$icons/arrow-left-grey.svg"); }
QFileDialog QToolButton#forwardButton { qproperty-icon: url("$icons/arrow-right-grey.svg"); }
QFileDialog QToolButton#toParentButton { qproperty-icon: url("$icons/arrow-up-grey.svg"); }
QFileDialog QToolButton#newFolderButton { qproperty-icon: url("$icons/folder-plus-grey.svg"); }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

QMenu {
    background: $surface_raised; color: $text; border: 1px solid $outline; padding: 4px;
}
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $text_muted; }
QMenu::icon { padding: 3px; margin-left: 4px; border-radius: 6px; }
QMenu::icon:checked { background: $selection; }
QMenu::separator { height: 1px; background: $separator; margin: 4px 8px; }
QMenuBar { background: $window; color: $text; }
QMenuBar::item { padding: 4px 10px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QToolTip {
    background: $surface_raised; color: $text; border: 1px solid $outline; padding: 4px 6px;
}

QTabBar#panes { background: $mat; border: none; }
QTabBar#panes::tab {
    background: transparent; color: $text_muted; border: 2px solid transparent; border-radius: 8px;
    margin: 2px 1px 2px 3px; padding: 0 4px 0 8px;
}
QTabBar#panes::tab:hover { background: $hover; }
QTabBar#panes::tab:selected { background: $surface_raised; color: $text; }
QTabBar#panes::tab:selected:focus { border: 2px solid $focus; }
QTabBar#panes::scroller { width: 24px; }
QTabBar#panes QToolButton { background: transparent; border-radius: 6px; padding: 0; }
QTabBar#panes QToolButton:hover { background: $hover; }
QTabBar#panes > QToolButton#ScrollLeftButton, QTabBar#panes > QToolButton#ScrollRightButton {
    background: $mat; border: none; border-radius: 0; padding: 0;
}
QTabBar#panes > QToolButton#ScrollLeftButton:hover, QTabBar#panes > QToolButton#ScrollRightButton:hover {
    background: $surface_raised;
}

QLineEdit:disabled { color: $text_muted; background: transparent; }
QLineEdit[wrong="true"], QLineEdit[wrong="true"]:focus { border-color: $danger; }
QRadioButton { spacing: 10px; padding: 4px 6px; border: 2px solid transparent; border-radius: 8px; }
QRadioButton:focus { border: 2px solid $focus; }
QRadioButton::indicator {
    width: 14px; height: 14px; border: 2px solid $text_muted; border-radius: 9px; background: transparent;
}
QRadioButton::indicator:hover { border-color: $accent; }
QRadioButton::indicator:checked {
    width: 8px; height: 8px; border: 5px solid $accent; background: $accent_text;
}
QListWidget[kind="pages"] { background: transparent; border: none; outline: none; }
QListWidget[kind="pages"]::item { padding: 8px 10px; border: 2px solid transparent; border-radius: 8px; }
QListWidget[kind="pages"]::item:hover { background: $hover; }
QListWidget[kind="pages"]::item:selected { background: $selection; color: $text; }
QListWidget[kind="pages"]::item:selected:focus { border: 2px solid $focus; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $scroll_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
"""


def sheet(palette: Palette) -> str:
    """The application's style sheet for a palette."""
    names = [name for name in palette._fields if isinstance(getattr(palette, name), QColor)]
    colors = {name: palette.color(name) for name in names}
    colors |= {
        "surface_hover": blend(palette.hover, palette.surface_raised),
        "surface_pressed": blend(palette.pressed, palette.surface_raised),
        "accent_hover": blend(palette.veil("accent_text", 0.10), palette.accent),
        "accent_pressed": blend(palette.veil("accent_text", 0.20), palette.accent),
        "scroll": palette.veil("text", 0.22),
        "scroll_hover": palette.veil("text", 0.42),
    }
    text = _SHEET.replace("$icons", resource("icons", "lucide").as_posix())
    for name in sorted(colors, key=len, reverse=True):
        text = text.replace(f"${name}", _css(colors[name]))
    return text


def blend(above: QColor, below: QColor) -> QColor:
    """What `above` looks like on the opaque colour `below`."""
    share = above.alphaF()
    return QColor.fromRgbF(
        above.redF() * share + below.redF() * (1 - share),
        above.greenF() * share + below.greenF() * (1 - share),
        above.blueF() * share + below.blueF() * (1 - share),
    )


def _css(color: QColor) -> str:
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"
