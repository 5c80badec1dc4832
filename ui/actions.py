"""Every command of the window: its id, words, shortcut and icon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui.theme import icons
from ui.widgets.tooltips import plain_tooltip

CONTEXT = "Actions"
THEMES = ("system", "light", "dark", "high_contrast")
MORE = (
    "undo",
    "redo",
    "",
    "find",
    "rename",
    "edit",
    "again",
    "go-on",
    "branch-off",
    "replay",
    "swap",
    "compare",
    "card",
    "delete",
    "",
    "panes",
    "newest",
    "",
    "export",
    "export-all",
    "import",
    "restore",
)
"""What the menu of the open conversation lists; an empty id is a line."""
PANES = (
    "zoom-fit",
    "zoom-fill",
    "zoom-full",
    "",
    "turn-right",
    "turn-left",
    "full-screen",
    "",
    "grid",
    "readout",
    "copy-colour",
    "",
    "places",
    "pane-close",
)
"""What the menu of a picture lists."""
PLACES = (
    "pane-right",
    "pane-down",
    "pane-next",
    "pane-previous",
    "together",
    "",
    "tab-next",
    "tab-previous",
    "tab-to-next",
    "tab-to-previous",
)
"""What its menu of panes and tabs lists."""
IN_PANES = tuple({*PANES, *PLACES, "zoom-in", "zoom-out"} - {"", "places"})
"""What is done in the place of the pictures."""
SWITCHES = ("grid", "readout", "together")
"""Those of them that are on or off."""
ON_AT_FIRST = ("grid",)


class Command(NamedTuple):
    """A row of the table. A shortcut that is not `bound` is answered by the focused widget."""

    id: str
    text: object  # the English words; Qt's marker for translators is typed so
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    bound: bool = True


COMMANDS = (
    Command("new", QT_TRANSLATE_NOOP("Actions", "New conversation"), ("Ctrl+N",), "square-pen"),
    Command("open", QT_TRANSLATE_NOOP("Actions", "Open pictures…"), ("Ctrl+O",), "folder-open"),
    Command("capture", QT_TRANSLATE_NOOP("Actions", "Capture the screen…"), ("Ctrl+Shift+P",), "camera"),
    Command("newest", QT_TRANSLATE_NOOP("Actions", "Newest pictures…"), ("Ctrl+Shift+N",), "images"),
    Command("paste", QT_TRANSLATE_NOOP("Actions", "Paste a picture or text"), ("Ctrl+V",), bound=False),
    Command("send", QT_TRANSLATE_NOOP("Actions", "Send"), ("Return",), "arrow-up", bound=False),
    Command("newline", QT_TRANSLATE_NOOP("Actions", "Start a new line"), ("Shift+Return",), bound=False),
    Command("stop", QT_TRANSLATE_NOOP("Actions", "Stop the answer"), ("Esc",), "square"),
    Command("undo", QT_TRANSLATE_NOOP("Actions", "Undo"), ("Ctrl+Z",)),
    Command("redo", QT_TRANSLATE_NOOP("Actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y")),
    Command("again", QT_TRANSLATE_NOOP("Actions", "Answer again"), ("Ctrl+R",)),
    Command("go-on", QT_TRANSLATE_NOOP("Actions", "Go on with the answer"), ("Ctrl+Shift+G",)),
    Command("edit", QT_TRANSLATE_NOOP("Actions", "Edit the question"), ("Ctrl+Shift+E",)),
    Command("previous", QT_TRANSLATE_NOOP("Actions", "Previous answer"), ("Alt+Left",)),
    Command("next", QT_TRANSLATE_NOOP("Actions", "Next answer"), ("Alt+Right",)),
    Command(
        "previous-question",
        QT_TRANSLATE_NOOP("Actions", "Previous version of the question"),
        ("Alt+Shift+Left",),
    ),
    Command(
        "next-question", QT_TRANSLATE_NOOP("Actions", "Next version of the question"), ("Alt+Shift+Right",)
    ),
    Command("copy", QT_TRANSLATE_NOOP("Actions", "Copy the answer"), ("Ctrl+Shift+C",)),
    Command(
        "branch-off", QT_TRANSLATE_NOOP("Actions", "Branch off to a new conversation"), ("Ctrl+Shift+B",)
    ),
    Command("replay", QT_TRANSLATE_NOOP("Actions", "Send the same request again"), ("Ctrl+Shift+R",)),
    Command("swap", QT_TRANSLATE_NOOP("Actions", "Ask the same of another picture…"), ("Ctrl+Shift+O",)),
    Command("compare", QT_TRANSLATE_NOOP("Actions", "Compare pictures and models…"), ("Ctrl+Shift+D",)),
    Command("card", QT_TRANSLATE_NOOP("Actions", "How the answer was made"), ("Ctrl+I",)),
    Command(
        "delete", QT_TRANSLATE_NOOP("Actions", "Delete the answer and what follows"), ("Ctrl+Shift+Delete",)
    ),
    Command("rename", QT_TRANSLATE_NOOP("Actions", "Rename the conversation"), ("F2",)),
    Command("search", QT_TRANSLATE_NOOP("Actions", "Search all conversations"), ("Ctrl+K",)),
    Command("find", QT_TRANSLATE_NOOP("Actions", "Find in the conversation"), ("Ctrl+F",)),
    Command("find-next", QT_TRANSLATE_NOOP("Actions", "Next place found"), ("F3",)),
    Command("find-previous", QT_TRANSLATE_NOOP("Actions", "Previous place found"), ("Shift+F3",)),
    Command(
        "message-above",
        QT_TRANSLATE_NOOP("Actions", "Message above, in the conversation"),
        ("Ctrl+Up",),
        bound=False,
    ),
    Command(
        "message-below",
        QT_TRANSLATE_NOOP("Actions", "Message below, in the conversation"),
        ("Ctrl+Down",),
        bound=False,
    ),
    Command(
        "message-part",
        QT_TRANSLATE_NOOP("Actions", "What can be pressed in a message"),
        ("Tab",),
        bound=False,
    ),
    Command("caret", QT_TRANSLATE_NOOP("Actions", "Read a message by caret"), ("F7",), bound=False),
    Command(
        "select",
        QT_TRANSLATE_NOOP("Actions", "Select in the conversation"),
        ("Shift+Right", "Shift+Down"),
        bound=False,
    ),
    Command("top", QT_TRANSLATE_NOOP("Actions", "Start of the conversation"), ("Home",), bound=False),
    Command("end", QT_TRANSLATE_NOOP("Actions", "End of the conversation"), ("End",), bound=False),
    Command("write", QT_TRANSLATE_NOOP("Actions", "Write a question"), ("Ctrl+L",)),
    Command(
        "draw",
        QT_TRANSLATE_NOOP("Actions", "Rectangle, outline, point, arrow"),
        ("R", "L", "P", "A"),
        bound=False,
    ),
    Command(
        "cover",
        QT_TRANSLATE_NOOP("Actions", "Cover with a box, a brush"),
        ("C", "B"),
        bound=False,
    ),
    Command(
        "put",
        QT_TRANSLATE_NOOP("Actions", "Put down or finish a region"),
        ("Enter",),
        bound=False,
    ),
    Command(
        "marks",
        QT_TRANSLATE_NOOP("Actions", "Next, previous region"),
        (".", ","),
        bound=False,
    ),
    Command("name", QT_TRANSLATE_NOOP("Actions", "Name a region"), ("N",), bound=False),
    Command(
        "stretch",
        QT_TRANSLATE_NOOP("Actions", "Stretch a region"),
        ("Ctrl+Right", "Ctrl+Left"),
        bound=False,
    ),
    Command("library", QT_TRANSLATE_NOOP("Actions", "Library"), ("Ctrl+B",), "panel-left"),
    Command("sent", QT_TRANSLATE_NOOP("Actions", "What is sent"), ("Ctrl+Shift+I",), "scan-eye"),
    Command("shapes", QT_TRANSLATE_NOOP("Actions", "Shapes in the picture"), ("Ctrl+Shift+L",), "shapes"),
    Command("sidebar", QT_TRANSLATE_NOOP("Actions", "Model sidebar"), ("Ctrl+Alt+B",), "panel-right"),
    Command("model", QT_TRANSLATE_NOOP("Actions", "Choose who answers"), ("Ctrl+Shift+M",), "cpu"),
    Command("zoom-in", QT_TRANSLATE_NOOP("Actions", "Zoom in"), ("Ctrl++", "Ctrl+="), "plus"),
    Command("zoom-out", QT_TRANSLATE_NOOP("Actions", "Zoom out"), ("Ctrl+-",), "minus"),
    Command("zoom-fit", QT_TRANSLATE_NOOP("Actions", "Fit the picture"), ("Ctrl+0",), "scan"),
    Command("zoom-full", QT_TRANSLATE_NOOP("Actions", "Picture at 100 %"), ("Ctrl+1",), "image"),
    Command("zoom-fill", QT_TRANSLATE_NOOP("Actions", "Fill the view with the picture"), ("Ctrl+2",)),
    Command("turn-right", QT_TRANSLATE_NOOP("Actions", "Turn the picture right"), ("Ctrl+]",), "rotate-cw"),
    Command("turn-left", QT_TRANSLATE_NOOP("Actions", "Turn the picture left"), ("Ctrl+[",), "rotate-ccw"),
    Command("full-screen", QT_TRANSLATE_NOOP("Actions", "Full screen"), ("F11",), "expand"),
    Command("grid", QT_TRANSLATE_NOOP("Actions", "Lines between large pixels"), ("Ctrl+'",)),
    Command("readout", QT_TRANSLATE_NOOP("Actions", "Colour pointed at"), ("Ctrl+Shift+U",)),
    Command("copy-colour", QT_TRANSLATE_NOOP("Actions", "Copy the colour pointed at"), ("Ctrl+U",)),
    Command("together", QT_TRANSLATE_NOOP("Actions", "Look at all panes together"), ("Ctrl+Shift+Y",)),
    Command("pane-right", QT_TRANSLATE_NOOP("Actions", "Another pane to the right"), ("Ctrl+\\",)),
    Command("pane-down", QT_TRANSLATE_NOOP("Actions", "Another pane below"), ("Ctrl+Shift+\\",)),
    Command("pane-next", QT_TRANSLATE_NOOP("Actions", "Next pane"), ("F6",)),
    Command("pane-previous", QT_TRANSLATE_NOOP("Actions", "Previous pane"), ("Shift+F6",)),
    Command("tab-next", QT_TRANSLATE_NOOP("Actions", "Next picture of the pane"), ("Ctrl+PgDown",)),
    Command("tab-previous", QT_TRANSLATE_NOOP("Actions", "Previous picture of the pane"), ("Ctrl+PgUp",)),
    Command(
        "tab-to-next",
        QT_TRANSLATE_NOOP("Actions", "Picture to the next pane"),
        ("Ctrl+Shift+PgDown",),
    ),
    Command(
        "tab-to-previous",
        QT_TRANSLATE_NOOP("Actions", "Picture to the previous pane"),
        ("Ctrl+Shift+PgUp",),
    ),
    Command("pane-close", QT_TRANSLATE_NOOP("Actions", "Close the picture"), ("Ctrl+W",)),
    Command(
        "open-beside",
        QT_TRANSLATE_NOOP("Actions", "Open beside, in the row of pictures"),
        ("Ctrl+Return",),
        bound=False,
    ),
    Command(
        "open-tab",
        QT_TRANSLATE_NOOP("Actions", "Open in a tab, in that row"),
        ("Ctrl+Shift+Return",),
        bound=False,
    ),
    Command("panes", QT_TRANSLATE_NOOP("Actions", "Pictures and panes"), (), "image"),
    Command("places", QT_TRANSLATE_NOOP("Actions", "Panes and tabs")),
    Command("more", QT_TRANSLATE_NOOP("Actions", "More"), (), "ellipsis"),
    Command("settings", QT_TRANSLATE_NOOP("Actions", "Settings…"), ("Ctrl+,",), "settings"),
    Command("export", QT_TRANSLATE_NOOP("Actions", "Export the conversation…"), ("Ctrl+Shift+S",)),
    Command("export-all", QT_TRANSLATE_NOOP("Actions", "Export all conversations…")),
    Command("import", QT_TRANSLATE_NOOP("Actions", "Import conversations…")),
    Command("restore", QT_TRANSLATE_NOOP("Actions", "Restore a copy of the library…"), (), "rotate-ccw"),
    Command("theme", QT_TRANSLATE_NOOP("Actions", "Theme"), (), "contrast"),
    Command("theme-system", QT_TRANSLATE_NOOP("Actions", "Theme of the desktop"), (), "monitor"),
    Command("theme-light", QT_TRANSLATE_NOOP("Actions", "Light theme"), (), "sun"),
    Command("theme-dark", QT_TRANSLATE_NOOP("Actions", "Dark theme"), (), "moon"),
    Command("theme-high_contrast", QT_TRANSLATE_NOOP("Actions", "High contrast theme"), (), "contrast"),
    Command("shortcuts", QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"), ("Ctrl+/",), "keyboard"),
    Command("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), ("Ctrl+Q",), "log-out"),
)
_BY_ID = {command.id: command for command in COMMANDS}


class Actions:
    """The commands as actions of one window: `actions["new"].triggered.connect(...)`."""

    def __init__(self, window: QWidget) -> None:
        self._actions = {command.id: _action(command, window) for command in COMMANDS}
        self._words = {command_id: action.text() for command_id, action in self._actions.items()}
        self._tooltips = {command_id: action.toolTip() for command_id, action in self._actions.items()}
        self.menus: dict[str, QMenu] = {}
        """Those of the open conversation (`more`), of a picture (`panes`) and, within that one, of panes
        and tabs (`places`)."""
        window.addActions(list(self._actions.values()))
        self._make_themes(window)
        for name in SWITCHES:
            self._actions[name].setCheckable(True)
            self._actions[name].setChecked(name in ON_AT_FIRST)
        for owner, rows in (("places", PLACES), ("panes", PANES), ("more", MORE)):
            self._make_menu(owner, rows, window)

    def __getitem__(self, command_id: str) -> QAction:
        """The action of a command. Raises KeyError for an unknown id."""
        return self._actions[command_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def forbid(self, command_id: str, reason: str) -> None:
        """Disable a command and say why on hover; an empty reason allows it again."""
        self._actions[command_id].setEnabled(not reason)
        self._actions[command_id].setToolTip(plain_tooltip(reason or self._tooltips[command_id]))

    def say(self, command_id: str, words: str = "") -> None:
        """Let a command say more than it does in the table; without words, what it says there."""
        action = self._actions[command_id]
        action.setText(words or self._words[command_id])

    def show_theme(self, name: str) -> None:
        """Check the theme that was chosen."""
        self._actions[f"theme-{name}" if name in THEMES else "theme-system"].setChecked(True)

    def _make_menu(self, owner: str, rows: tuple[str, ...], window: QWidget) -> None:
        menu = QMenu(window)
        for name in rows:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        self._actions[owner].setMenu(menu)
        self.menus[owner] = menu

    def _make_themes(self, window: QWidget) -> None:
        group = QActionGroup(window)
        menu = QMenu(window)
        for name in THEMES:
            action = self._actions[f"theme-{name}"]
            action.setCheckable(True)
            group.addAction(action)
            menu.addAction(action)
        self._actions["theme"].setMenu(menu)
        self.show_theme("system")


def shortcut_rows() -> list[tuple[str, str]]:
    """Each command that has a shortcut, as (words, shortcuts as this platform writes them)."""
    native = QKeySequence.SequenceFormat.NativeText
    return [
        (_words(command), ", ".join(QKeySequence(keys).toString(native) for keys in command.shortcuts))
        for command in COMMANDS
        if command.shortcuts
    ]


def words_of(command_id: str) -> str:
    """What a command is called wherever it is offered. Raises KeyError for an unknown id."""
    return _words(_BY_ID[command_id])


def keys_of(command_id: str) -> str:
    """The first shortcut of a command as this platform writes it, empty for none."""
    command = _BY_ID.get(command_id)
    keys = command.shortcuts[0] if command is not None and command.shortcuts else ""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _action(command: Command, window: QWidget) -> QAction:
    action = QAction(_words(command), window)
    action.setObjectName(command.id)
    if command.icon:
        action.setIcon(icons.icon(command.icon))
    if command.bound:
        action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
    words = _words(command).removesuffix("…")
    if command.shortcuts:
        shown = QKeySequence(command.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
        words = f"{words} ({shown})"
    action.setToolTip(plain_tooltip(words))
    return action


def _words(command: Command) -> str:
    return QCoreApplication.translate(CONTEXT, str(command.text))
