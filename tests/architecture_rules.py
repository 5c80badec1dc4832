"""The house rules that can be read off the source. Each yields (line, what to do instead)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

FILE_LINES = 400
FUNCTION_LINES = 50
CLASS_METHODS = 25

Complaint = tuple[int, str]
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A Python file of app/ or ui/; `name` is its path from the root, with slashes."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return parsed(self.text)

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        return walked(self.text)

    def within(self, *places: str) -> bool:
        """Whether the file is one of `places` or lies below one."""
        return any(self.name == place or self.name.startswith(place.rstrip("/") + "/") for place in places)


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree, parsed once for all rules."""
    return ast.parse(text)


@cache
def walked(text: str) -> tuple[ast.AST, ...]:
    """Every node of it, walked through once for all rules."""
    return tuple(ast.walk(parsed(text)))


def forget() -> None:
    """Let go of all trees: as long as they are there, each whole collection of garbage looks through them."""
    parsed.cache_clear()
    walked.cache_clear()


def sources(*folders: str) -> list[Source]:
    """All Python files below these folders."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths]


# ---------------------------------------------------------------- who may import what


@dataclass(frozen=True)
class Home:
    """Where modules may be imported, and what others do instead."""

    modules: tuple[str, ...]
    places: tuple[str, ...]
    instead: str


HOMES = (
    Home(
        ("PySide6", "shiboken6", "qasync"),
        ("ui",),
        "app/ exists without a window: return plain data and let ui/ draw it",
    ),
    Home(
        (
            "socket",
            "ssl",
            "http.client",
            "http.server",
            "urllib.request",
            "httpx",
            "httpx2",
            "httpcore2",
            "anyio",
            "requests",
        ),
        ("app/net",),
        "ask the network through app.net.gate.Gate",
    ),
    Home(
        ("PySide6.QtNetwork",),
        ("ui/single_instance.py",),
        "ask the network through app.net.gate.Gate",
    ),
    Home(
        ("PIL", "pillow_heif"),
        ("app/pictures",),
        "hand pictures to app.pictures.decoder.Decoder, which opens them in a child process",
    ),
    Home(("apsw", "sqlite3"), ("app/store",), "read and write through app.store.database.Store"),
    Home(
        ("keyring", "secretstorage", "jeepney"),
        ("app/credentials.py",),
        "ask app.credentials.Credentials for a key",
    ),
    Home(
        ("msgspec",),
        ("app/domain/record.py", "app/providers", "app/net"),
        "elsewhere use app.domain.record.Record",
    ),
    Home(
        ("onnxruntime", "rapidocr", "cv2", "numpy"),
        ("app/local/quick_look",),
        "let the quick look's child process do it: its libraries are heavy and bring their own Qt plug-ins",
    ),
    Home(("xllamacpp",), ("app/local/engine_main.py",), "talk to its child through app.local.engine"),
    Home(
        ("markdown_it", "pygments"),
        # An exported page is made without a window, of text that nobody is looking at.
        ("ui/transcript", "ui/bootstrap.py", "app/transfer/rendering.py"),
        "render text in ui/transcript, and for exports in app/transfer/rendering.py",
    ),
    Home(("pickle", "marshal", "shelve", "yaml"), (), "read JSON: these run what they read, or may"),
    Home(
        ("multiprocessing", "concurrent.futures.process"),
        (),
        "start children through app.child.process.ChildProcess",
    ),
)


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Every module the file imports, anywhere in it, as full names."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def misplaced_import(source: Source) -> Iterator[Complaint]:
    for line, module in imports(source):
        for home in HOMES:
            if not source.within(*home.places) and any(_is_or_below(module, m) for m in home.modules):
                yield line, f"imports {module}; {home.instead}"


def _is_or_below(module: str, parent: str) -> bool:
    return module == parent or module.startswith(parent + ".")


# ---------------------------------------------------------------- what may be called where

# Where tasks are started, and who ends them.
TASK_PLACES = {
    "ui/tasks.py": "TaskOwner.close",
    "app/child/process.py": "ChildProcess.close; it reads stderr for as long as the child lives",
    "app/local/watch.py": "its close; the watch over an answer outlives the request it watches",
}
LABEL_PLACES = ("ui/widgets/labels.py",)
# Where a loop of Qt runs: the application's, and that of a drag, which has no other form.
EXEC_PLACES = ("ui/bootstrap.py", "ui/widgets/drag_out.py")

_COLOUR = re.compile("#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the last part of the called name."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, node.func.id


def unowned_task(source: Source) -> Iterator[Complaint]:
    if source.within(*TASK_PLACES):
        return
    instead = "use ui.tasks.TaskOwner in ui/ and asyncio.TaskGroup in app/: a task without an owner is lost"
    for call, name in calls(source):
        if name in {"create_task", "ensure_future"} and not _on_task_group(call):
            yield call.lineno, f"calls {name}; {instead}"
        if name in {"asyncSlot", "asyncClose"}:
            yield call.lineno, f"uses {name}; connect a plain slot that calls TaskOwner.start"


def _on_task_group(call: ast.Call) -> bool:
    """`group.create_task(...)`, where the group is named as one."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name | ast.Attribute) and ast.unparse(owner).endswith("group")


def nested_event_loop(source: Source) -> Iterator[Complaint]:
    if not source.within("ui") or source.within(*EXEC_PLACES):
        return
    for call, name in calls(source):
        if name in {"exec", "exec_"}:
            yield call.lineno, "calls exec: it loses coroutines; call open() and connect finished"
        if name in {"processEvents", "waitForFinished", "sleep"} and not _awaited(source, call):
            yield call.lineno, f"calls {name}: return to the event loop instead, with a signal or an await"


def _awaited(source: Source, call: ast.Call) -> bool:
    return any(isinstance(node, ast.Await) and node.value is call for node in source.nodes)


def blocking_static_dialog(source: Source) -> Iterator[Complaint]:
    names = {"getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory", "getText"}
    for call, name in calls(source):
        if name in names:
            yield call.lineno, f"calls {name}, which waits in a loop of its own; open() a QFileDialog"


def style_outside_theme(source: Source) -> Iterator[Complaint]:
    if not source.within("ui") or source.within("ui/theme"):
        return
    for call, name in calls(source):
        if name == "setStyleSheet":
            yield call.lineno, "calls setStyleSheet; give ui/theme a rule and the widget an object name"
    for node in source.nodes:
        if isinstance(node, ast.Constant) and _COLOUR.fullmatch(str(node.value)):
            yield node.lineno, f"names the colour {node.value}; name a role in ui/theme/palette.py"


def rich_text_by_accident(source: Source) -> Iterator[Complaint]:
    """Qt's own labels and boxes guess whether a text is HTML, and then open what it names."""
    if not source.within("ui"):
        return
    said = "TextFormat.PlainText" in source.text
    for line, module in imports(source):
        name = module.rpartition(".")[2]
        if name in {"QErrorMessage", "QTextBrowser"} or (
            name == "QLabel" and not source.within(*LABEL_PLACES)
        ):
            yield line, f"imports {name}, which reads text as HTML; use a label of ui/widgets/labels.py"
        if name == "QMessageBox" and not said:
            yield line, "imports QMessageBox; call setTextFormat(Qt.TextFormat.PlainText) before setText"


def label_of_unsaid_format(source: Source) -> Iterator[Complaint]:
    """In the place that has QLabel, each class built on it says PlainText."""
    if not source.within(*LABEL_PLACES):
        return
    for node in source.nodes:
        is_label = isinstance(node, ast.ClassDef) and "QLabel" in map(ast.unparse, node.bases)
        if is_label and "TextFormat.PlainText" not in ast.unparse(node):
            yield node.lineno, "a class on QLabel that does not set Qt.TextFormat.PlainText in __init__"
    for call, name in calls(source):
        if name == "QLabel":
            yield call.lineno, "makes a bare QLabel; make one of the classes here"


def tooltip_of_unsaid_format(source: Source) -> Iterator[Complaint]:
    """Tooltips have no format to set: Qt reads one that looks like HTML as that."""
    if not source.within("ui"):
        return
    instead = "give it plain_tooltip(...) of ui/widgets/tooltips.py"
    for call, name in calls(source):
        text = {"setToolTip": 0, "showText": 1}.get(name, len(call.args))
        if text < len(call.args) and not _is_own_tooltip(call.args[text]):
            yield call.lineno, f"shows a tooltip that may be read as HTML; {instead}"
    for node in source.nodes:
        role = isinstance(node, ast.Attribute) and node.attr == "ToolTipRole"
        if role and "plain_tooltip(" not in source.text:
            yield node.lineno, f"answers for ToolTipRole; {instead}"


def _is_own_tooltip(text: ast.expr) -> bool:
    """Whether a tooltip is plain, or words of the program that nothing was put into."""
    if isinstance(text, ast.IfExp):
        return _is_own_tooltip(text.body) and _is_own_tooltip(text.orelse)
    if isinstance(text, ast.Call):
        called = ast.unparse(text.func).rpartition(".")[2]
        return called == "plain_tooltip" or (
            called == "tr" and all(isinstance(words, ast.Constant) for words in text.args)
        )
    return isinstance(text, ast.Constant)


def untranslatable_text(source: Source) -> Iterator[Complaint]:
    for call, name in calls(source):
        if name in {"tr", "translate"}:
            for argument in call.args:
                if any(isinstance(part, ast.JoinedStr) for part in ast.walk(argument)):
                    yield call.lineno, 'translates an f-string; write tr("... {name}").format(name=...)'


# Overrides of Qt whose names have no capital letter to tell them by.
QT_LOWER_CASE = {"count", "data", "event", "flags", "index", "paint", "parent", "redo", "shape", "undo"}


def undocumented(source: Source) -> Iterator[Complaint]:
    """Public functions of ui/ say what they mean; camelCase ones are Qt's and need no words."""
    if not source.within("ui"):
        return
    for owner, node in _definitions(source.tree):
        if isinstance(node, ast.ClassDef) or ast.get_docstring(node) or _is_setter(node):
            continue
        public = not any(part.startswith(("_", "<")) for part in owner.split("."))
        ours = node.name == node.name.lower() and node.name not in QT_LOWER_CASE
        if public and ours:
            yield node.lineno, f"{owner} has no docstring: say what it means"


def _is_setter(node: Definition) -> bool:
    return any(ast.unparse(decorator).endswith(".setter") for decorator in node.decorator_list)


# ---------------------------------------------------------------- how big things may be


def too_big(source: Source) -> Iterator[tuple[str, str]]:
    """(what, complaint), where `what` is what SIZE_EXCEPTIONS would list."""
    lines = source.text.count("\n")
    if lines > FILE_LINES:
        yield source.name, f"{lines} lines, over {FILE_LINES}: split it by what it does"
    for owner, node in _definitions(source.tree):
        what = f"{source.name}::{owner}"
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in node.body)
            if methods > CLASS_METHODS:
                yield (
                    what,
                    f"{methods} methods, over {CLASS_METHODS}: make it two classes",
                )
        elif (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES:
            yield what, f"{length} lines, over {FUNCTION_LINES}: give its steps names"


def _definitions(node: ast.AST, owner: str = "") -> Iterator[tuple[str, Definition]]:
    """Classes and functions by their dotted names; those inside a function have `<locals>` in theirs."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            name = f"{owner}.{child.name}".lstrip(".")
            yield name, child
            inside = name if isinstance(child, ast.ClassDef) else f"{name}.<locals>"
            yield from _definitions(child, inside)
        elif not isinstance(child, ast.expr):  # in an expression nothing is defined
            yield from _definitions(child, owner)


RULES = (
    misplaced_import,
    unowned_task,
    nested_event_loop,
    blocking_static_dialog,
    style_outside_theme,
    rich_text_by_accident,
    label_of_unsaid_format,
    tooltip_of_unsaid_format,
    untranslatable_text,
    undocumented,
)


def complaints(rule: object, files: Iterable[Source]) -> list[str]:
    """The rule's complaints in the form an editor can jump to."""
    assert callable(rule)
    return [f"{source.name}:{line} {what}" for source in files for line, what in rule(source)]
