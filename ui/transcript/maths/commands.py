"""What the commands of TeX do to what follows them."""

from __future__ import annotations

from ui.transcript.maths import symbols as signs
from ui.transcript.maths.layout import Item, Part, fraction, joined, matrix, root, scripted
from ui.transcript.maths.reader import Command, MathsReader, UnreadableMaths

CONTINUED = "\u2003\u2003"
"""Before a line of aligned equations that has nothing left of its sign."""


def _fraction(reader: MathsReader, _name: str) -> list[Item]:
    above = joined(reader.argument())
    return [fraction(above, joined(reader.argument()))]


def _binomial(reader: MathsReader, _name: str) -> list[Item]:
    above = joined(reader.argument())
    return [Item(f"C({above}, {joined(reader.argument())})", Part.CLOSED)]


def _root(reader: MathsReader, _name: str) -> list[Item]:
    degree = reader.option()
    return [root(degree, joined(reader.argument()))]


def _text(reader: MathsReader, name: str) -> list[Item]:
    words = reader.words()
    return [Item(words, Part.NAME if name == "operatorname" else Part.WORD)]


def _alphabet(reader: MathsReader, name: str) -> list[Item]:
    text = signs.in_alphabet(joined(reader.argument()), signs.ALPHABETS[name])
    return [Item(text, Part.LETTER)]


def _accent(reader: MathsReader, name: str) -> list[Item]:
    text, mark = joined(reader.argument()), signs.ACCENTS[name]
    if name in signs.EVERY_LETTER:
        return [Item("".join(char + mark for char in text), Part.LETTER)]
    return [Item(text + mark if len(text) <= 2 else f"({text}){mark}", Part.LETTER)]


def _over(reader: MathsReader, name: str) -> list[Item]:
    script = joined(reader.argument(), tight=True)
    base = reader.argument()
    item = base[0] if len(base) == 1 else Item(joined(base), Part.LETTER)
    return [scripted(item, "", "", script) if name == "underset" else scripted(item, "", script, "")]


def _arrow(reader: MathsReader, name: str) -> list[Item]:
    below = reader.option()
    arrow = "⟶" if "right" in name else "⟵"
    return [scripted(Item(arrow, Part.RELATION), "", joined(reader.argument(), tight=True), below)]


def _plain(reader: MathsReader, name: str) -> list[Item]:
    if name in ("color", "textcolor"):
        reader.words()
    return reader.argument() if name != "color" else []


def _boxed(reader: MathsReader, _name: str) -> list[Item]:
    return [Item(f"[{joined(reader.argument())}]", Part.CLOSED)]


def _tag(reader: MathsReader, _name: str) -> list[Item]:
    return [Item("\u2003", Part.SPACE), Item(f"({reader.words()})", Part.WORD)]


def _not(reader: MathsReader, _name: str) -> list[Item]:
    items = reader.argument()
    return [Item(items[0].text[:1] + "\u0338" + items[0].text[1:], items[0].part)] if items else []


def _modulo(reader: MathsReader, name: str) -> list[Item]:
    if name == "bmod":
        return [Item("mod", Part.RELATION)]
    inner = f"mod {joined(reader.argument())}"
    return [Item(" ", Part.SPACE), Item(f"({inner})" if name == "pmod" else inner, Part.CLOSED)]


def _fitted(reader: MathsReader, name: str) -> list[Item]:
    """Brackets that fit what they hold; a full stop stands for none."""
    if name in ("left", "right"):
        reader.skip(".", must=False)
    return []


def _environment(reader: MathsReader, _name: str) -> list[Item]:
    name = reader.words().rstrip("*")
    if name not in signs.BRACKETS and name not in signs.LINED:
        raise UnreadableMaths
    if name in ("array", "alignat"):
        reader.words()
    reader.option()
    outermost = reader.outermost
    rows = reader.rows()
    if reader.peek() is not None:
        reader.next()
        if reader.words().rstrip("*") != name:
            raise UnreadableMaths
    if name in signs.LINED:
        lines = [
            ("" if row[0] or not outermost else CONTINUED) + joined([item for cell in row for item in cell])
            for row in rows
        ]
        return [Item(("\n" if outermost else "; ").join(filter(None, lines)), Part.WORD)]
    cells = [[joined(cell) for cell in row] for row in rows]
    return [matrix(cells, *signs.BRACKETS[name], lines=outermost)]


COMMANDS: dict[str, Command] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "sfrac"), _fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _binomial),
    **dict.fromkeys(signs.TEXTS | {"textbf", "textit", "emph"}, _text),
    **dict.fromkeys(signs.ALPHABETS, _alphabet),
    **dict.fromkeys(signs.ACCENTS, _accent),
    **dict.fromkeys(("overset", "stackrel", "underset"), _over),
    **dict.fromkeys(("xrightarrow", "xleftarrow"), _arrow),
    **dict.fromkeys(("color", "textcolor", "mathop", "mathrel", "mathbin", "mathord"), _plain),
    **dict.fromkeys(("underbrace", "overbrace", "substack", "mathclose", "mathopen"), _plain),
    **dict.fromkeys(("pmod", "bmod", "mod"), _modulo),
    **dict.fromkeys(signs.SILENT, _fitted),
    "sqrt": _root,
    "boxed": _boxed,
    "tag": _tag,
    "not": _not,
    "begin": _environment,
}
