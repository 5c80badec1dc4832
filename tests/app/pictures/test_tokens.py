"""Tokens of pictures, against the examples of those who published the formulas."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pictures.families import FAMILIES
from app.pictures.formulas import Formula
from app.pictures.tokens import estimate

PUBLISHED = [
    ("gpt-4o", 1024, 1024, 765),
    ("openai/gpt-4o-2024-11-20", 2048, 4096, 1105),
    ("gpt-4.1-mini", 1024, 1024, 1659),
    ("gpt-4.1", 1024, 1024, 765),
    ("o4-mini", 1800, 2400, 2498),
    ("claude-sonnet-4-5-20250929", 1024, 1024, 37 * 37),
    ("anthropic/claude-haiku-4.5", 1280, 720, 46 * 26),
    ("claude-opus-4-7", 1920, 1080, 69 * 39),
    ("claude-opus-4-7", 3840, 2160, 4784),
    ("claude-sonnet-5-20260701", 3840, 2160, 4784),
    ("gemini-2.5-flash", 384, 384, 258),
    ("gemini-2.5-flash", 960, 540, 6 * 258),
    ("google/gemini-2.0-flash-001", 1024, 700, 3 * 2 * 258),
    ("gemini-2.5-pro", 4000, 300, 16 * 2 * 258),
    ("Qwen/Qwen2.5-VL-7B-Instruct", 1008, 756, 36 * 27),
    ("qwen2.5vl:7b", 28, 28, 4),
    ("qwen3-vl-30b", 1024, 768, 32 * 24),
    ("google/gemma-3-27b-it", 4000, 3000, 256),
    ("gemma3:4b", 40, 30, 256),
    ("google/paligemma", 800, 600, 256),
    ("paligemma2-3b-mix-448", 800, 600, 1024),
    ("OpenGVLab/InternVL3-8B", 448, 448, 256),
    ("InternVL2_5-8B", 1344, 448, 256 * 4),
    ("nvidia/llama-3.1-nemotron-nano-vl-8b-v1", 2048, 1536, 256 * 13),
    ("mistralai/pixtral-12b-2409", 1024, 1024, 65 * 64),
]


@pytest.mark.parametrize(("model", "width", "height", "count"), PUBLISHED)
def test_a_published_example_is_counted_as_published(model: str, width: int, height: int, count: int) -> None:
    found = estimate(model, width, height)
    assert found is not None
    assert found.count == count
    assert found.formula
    assert not found.formula.endswith(".")


UNKNOWN = (
    *("", "llama-3.2-90b-vision-instruct", "gpt-5.4", "gpt-50", "o3-mini", "claude-opus-5-1"),
    *("gemma-4-27b", "gemini-9-pro", "nugen-flash-vision", "qwen2.5-7b-instruct"),
)


@pytest.mark.parametrize("model", UNKNOWN)
def test_nobody_guesses_for_a_model_of_which_nothing_is_published(model: str) -> None:
    assert estimate(model, 1000, 1000) is None


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([family.formula for family in FAMILIES if family.formula is not None]),
    st.integers(1, 20_000),
    st.integers(1, 20_000),
)
def test_every_formula_counts_every_size(formula: Formula, width: int, height: int) -> None:
    assert 1 <= formula(width, height).count <= 200_000
