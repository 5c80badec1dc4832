from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.transcript.maths.readable import LONGEST, readable

FORMULAS = [
    (r"E = mc^2", "E = mc²"),
    (r"\frac{a+b}{2}", "(a + b)/2"),
    (r"\frac12 x", "½x"),
    (r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", "x = (−b ± √(b² − 4ac))/(2a)"),
    (r"2\frac{a}{b}c", "2(a/b)c"),
    (r"\frac{\partial f}{\partial x} = \frac{df}{dx}", "∂f/∂x = df/dx"),
    (r"\sum_{i=1}^{n} i = \frac{n(n+1)}{2}", "∑ᵢ₌₁ⁿ i = n(n + 1)/2"),
    (r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}", "∫₀^∞ e^(−x²) dx = √π/2"),
    (r"\lim_{x \to 0} \frac{\sin x}{x} = 1", "lim_(x→0) (sin x)/x = 1"),
    (r"\alpha_{ij} \in \mathbb{R}^{n \times m}", "αᵢⱼ ∈ ℝ^(n×m)"),
    (r"\mathcal{L}(\theta), \mathbf{v}, \mathfrak{g}", "ℒ(θ), 𝐯, 𝔤"),
    (r"\hat{x} \to \vec{v} \cdot \bar{y}", "x\u0302 → v\u20d7 · y\u0304"),
    (r"\overline{AB} \perp \vec{AB}", "A\u0305B\u0305 ⟂ AB\u20d7"),
    (r"f'(x), f''", "f′(x), f′′"),
    (r"90^\circ", "90°"),
    (r"\log_2 n + \sin^2\theta", "log₂ n + sin² θ"),
    (r"P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}", "P(A ∣ B) = (P(B ∣ A) P(A))/P(B)"),
    (r"\left\{ x \in \mathbb{Z} \mid x^2 < 10 \right\}", "{x ∈ ℤ ∣ x² < 10}"),
    (r"\left.\frac{df}{dx}\right|_{x=0}", "(df/dx)|ₓ₌₀"),
    (r"\sqrt[3]{x+1} \sqrt{2}", "∛(x + 1)√2"),
    (r"a \equiv b \pmod{n}", "a ≡ b (mod n)"),
    (r"\binom{n}{k} = \frac{n!}{k!(n-k)!}", "C(n, k) = n!/(k!(n − k)!)"),
    (r"\text{if } x > 0", "if x > 0"),
    (r"x \neq y \not= z", "x ≠ y =\u0338 z"),
    (r"\{1, 2\} \cup \emptyset", "{1, 2} ∪ ∅"),
    (r"1,000 + f: X \to Y", "1,000 + f: X → Y"),
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a  b; c  d)"),
    (r"\xrightarrow{n} \overset{!}{=} \underbrace{a+b}_{n}", "⟶ⁿ =^! (a + b)ₙ"),
    (r"\boxed{42} \quad \tag{1}", "[42]\u2003\u2003(1)"),
    (r"\foo{x}[1] + \alpha", r"\foo{x}[1] + α"),
    (r"5\% \& \$", "5%&$"),
]


@pytest.mark.parametrize(("source", "text"), FORMULAS)
def test_a_formula_is_read(source: str, text: str) -> None:
    assert readable(source) == text


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (r"A = \begin{bmatrix}1 & 2\\3 & 4\end{bmatrix} x", ["A =", "[ 1   2 ]", "[ 3   4 ] x"]),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", ["a = b", "\u2003\u2003= c"]),
        (r"f = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", ["f =", "{ 1   x > 0", "{ 0   else"]),
        (r"a = b \\ c = d", ["a = b", "c = d"]),
    ],
)
def test_rows_stand_on_lines_of_their_own(source: str, lines: list[str]) -> None:
    text = readable(source, lines=True)
    assert text is not None
    assert text.split("\n") == lines


@pytest.mark.parametrize(
    "source",
    ["", "  ", "{", "}", r"\frac{a}", r"\begin{foo}x\end{foo}", r"\begin{pmatrix}a", "x" * (LONGEST + 1),
     r"\frac{" * 100, "{" * 100 + "}" * 100, r"\sqrt" * 100, "x^" * 100],
)  # fmt: skip
def test_what_cannot_be_read_to_its_end_is_left_to_its_source(source: str) -> None:
    assert readable(source) is None


@pytest.mark.parametrize(
    "source", [r"\frac{a", r"\frac{a}{b", r"x^{2", r"\begin{pmatrix} a & b \\ c", r"\sqrt{"]
)
def test_a_formula_that_grows_may_be_open(source: str) -> None:
    assert readable(source) is None
    assert readable(source, growing=True) is not None


_COMMANDS = ["\\frac", "\\sqrt", "\\alpha", "\\sum", "\\\\", "\\left", "\\right", "\\text", "\\hat", "\\foo"]
_MORE = ["\\", "\\mathbb", "\\not", "\\overset", "\\tag", "\\begin{pmatrix}", "\\end{pmatrix}", "\0", "𝐯"]
_PIECES = [*_COMMANDS, *_MORE, "\\begin{aligned}", "\\end{aligned}", *"{}^_x1+=&'[]().$ é"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=30), st.booleans(), st.booleans())
def test_no_source_is_too_odd(pieces: list[str], lines: bool, growing: bool) -> None:
    text = readable("".join(pieces), lines=lines, growing=growing)
    assert text is None or text.strip()
    assert lines or "\n" not in (text or "")
