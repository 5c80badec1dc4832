"""The signs of TeX as Unicode has them."""

from __future__ import annotations

import unicodedata
from types import MappingProxyType


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


def _pairs(table: str) -> MappingProxyType[str, str]:
    words = table.split()
    return MappingProxyType(dict(zip(words[::2], words[1::2], strict=True)))


LETTERS = _pairs("""
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ
upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ
Upsilon Υ Phi Φ Psi Ψ Omega Ω varGamma Γ varDelta Δ
infty ∞ partial ∂ nabla ∇ hbar ℏ hslash ℏ ell ℓ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ gimel ℷ emptyset ∅
varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ measuredangle ∡ triangle △
square □ Box □ blacksquare ■ Diamond ◇ diamond ⋄ star ⋆ bigstar ★ clubsuit ♣ diamondsuit ♢ heartsuit ♡
spadesuit ♠ checkmark ✓ dagger † ddagger ‡ ldots … dots … dotsc … cdots ⋯ dotsb ⋯ vdots ⋮ ddots ⋱
prime ′ backprime ‵ degree ° celsius ℃ ohm Ω angstrom Å imath ı jmath ȷ complement ∁ mho ℧ eth ð
flat ♭ natural ♮ sharp ♯ surd √ S § P ¶ copyright © pounds £ euro € yen ¥ therefore ∴ because ∵
N ℕ Z ℤ Q ℚ R ℝ C ℂ AA Å aa å ae æ AE Æ oe œ OE Œ ss ß o ø O Ø l ł L Ł i ı
""")
"""Signs that stand like letters do."""

RELATIONS = _pairs("""
lt < gt > leq ≤ le ≤ leqslant ⩽ geq ≥ ge ≥ geqslant ⩾ neq ≠ ne ≠ equiv ≡ approx ≈ approxeq ≊
sim ∼ simeq ≃ cong ≅ ncong ≇ propto ∝ varpropto ∝ ll ≪ gg ≫ lll ⋘ ggg ⋙ prec ≺ succ ≻ preceq ⪯ succeq ⪰
doteq ≐ triangleq ≜ asymp ≍ coloneqq ≔ eqqcolon ≕ in ∈ notin ∉ ni ∋ owns ∋ subset ⊂ supset ⊃ subseteq ⊆
supseteq ⊇ nsubseteq ⊈ nsupseteq ⊉ subsetneq ⊊ supsetneq ⊋ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒
mid ∣ nmid ∤ parallel ∥ nparallel ∦ perp ⟂ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ Vdash ⊩ nvdash ⊬ bowtie ⋈
smile ⌣ frown ⌢ to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ implies ⇒ Leftarrow ⇐
impliedby ⇐ Leftrightarrow ⇔ iff ⇔ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ mapsto ↦
longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸
Longleftrightarrow ⟺ hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼
leftharpoondown ↽ rightleftharpoons ⇌ leftrightharpoons ⇋ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖
rightsquigarrow ⇝ leadsto ⇝ twoheadrightarrow ↠ nrightarrow ↛ nleftarrow ↚ nRightarrow ⇏ circlearrowleft ↺
circlearrowright ↻ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ lesssim ≲ gtrsim ≳ lessgtr ≶ between ≬ trianglelefteq ⊴
trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳
""")
"""Signs with a space on either side."""

OPERATORS = _pairs("""
+ + - − pm ± mp ∓ times × div ÷ cdot · ast ∗ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙
cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ veebar ⊻ barwedge ⊼ setminus ∖ smallsetminus ∖
wr ≀ amalg ⨿ dotplus ∔ rtimes ⋊ ltimes ⋉ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ triangleleft ◁
triangleright ▷ bigtriangleup △ bigtriangledown ▽ bigcirc ○ intercal ⊺ divideontimes ⋇
""")
"""Signs with a space on either side between two things, and none before the only one."""

LARGE = _pairs("""
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ iiiint ⨌ oint ∮ oiint ∯ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀
bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆ smallint ∫
""")
"""Signs that work on what follows them."""

NAMES = _words(
    """arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
    ln log max min sec sin sinh sup tan tanh argmax argmin Pr sgn tr rank diag softmax lcm erf cov var"""
)
"""Functions that are written out."""

FENCES = _pairs("""
langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrace { rbrace } lbrack [ rbrack ] lvert | rvert |
vert | lVert ‖ rVert ‖ Vert ‖ | ‖ { { } } lgroup ⟮ rgroup ⟯ llbracket ⟦ rrbracket ⟧ ulcorner ⌜ urcorner ⌝
""")
OPENING = frozenset("([{⟨⌈⌊⟮⟦⌜")
CLOSING = frozenset(")]}⟩⌉⌋⟯⟧⌝")

SPACES = MappingProxyType(
    dict.fromkeys((" ", ",", ":", ";", "thinspace", "enspace", "space", "nobreakspace", "medspace"), " ")
    | {"!": "", "thickspace": " ", "quad": "\u2003", "qquad": "\u2003\u2003"}
)
SILENT = _words(
    """left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm middle displaystyle
    textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag rm it bf cal hline allowbreak
    mathstrut strut relax noindent centering"""
)
"""Commands that only say how large or where."""

ACCENTS = MappingProxyType(
    {
        "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0305", "vec": "\u20d7",
        "overrightarrow": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "dddot": "\u20db", "tilde": "\u0303",
        "widetilde": "\u0303", "acute": "\u0301", "grave": "\u0300", "breve": "\u0306", "check": "\u030c",
        "mathring": "\u030a", "underline": "\u0332", "underbar": "\u0331",
    }
)  # fmt: skip
EVERY_LETTER = frozenset({"overline", "underline"})
"""Accents that go over a whole word."""

TEXTS = _words(
    """text textrm textsf texttt textnormal mbox hbox mathrm mathsf mathtt mathit mathnormal operatorname"""
)
ALPHABETS = MappingProxyType(
    {
        "mathbb": "DOUBLE-STRUCK", "Bbb": "DOUBLE-STRUCK", "mathcal": "SCRIPT", "mathscr": "SCRIPT",
        "mathfrak": "FRAKTUR", "mathbf": "BOLD", "boldsymbol": "BOLD", "bm": "BOLD", "pmb": "BOLD",
    }
)  # fmt: skip

BRACKETS = MappingProxyType(
    {
        "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"),
        "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "smallmatrix": ("", ""), "cases": ("{", ""),
        "array": ("", ""), "dcases": ("{", ""), "rcases": ("", "}"),
    }
)  # fmt: skip
"""What stands around each row of an environment."""
LINED = _words("""equation align aligned alignat gather gathered split multline eqnarray displaymath math""")
"""Environments whose rows are lines of their own."""

SUPERSCRIPTS = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
)
SUBSCRIPTS = str.maketrans("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
ROOTS = MappingProxyType({"": "√", "2": "√", "3": "∛", "4": "∜"})
FRACTIONS = MappingProxyType(
    {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "8"): "⅛"}
)
_FORMER_NAMES = MappingProxyType(
    {"SCRIPT": "SCRIPT ", "FRAKTUR": "BLACK-LETTER ", "DOUBLE-STRUCK": "DOUBLE-STRUCK "}
)


def in_alphabet(text: str, alphabet: str) -> str:
    """`text` with the letters that Unicode has in an alphabet of its own, such as "DOUBLE-STRUCK"."""
    return "".join(_letter(char, alphabet) for char in text)


def _letter(char: str, alphabet: str) -> str:
    name = unicodedata.name(char, "")
    short = name.replace("LATIN ", "").replace("LETTER ", "").replace("GREEK ", "")
    for wanted in (f"{_FORMER_NAMES.get(alphabet, '')}{short}", f"MATHEMATICAL {alphabet} {short}"):
        if char.isalnum() and wanted != short:
            try:
                return unicodedata.lookup(wanted)
            except KeyError:
                continue
    return char
