"""Tokens of pictures, against the examples of those who published the formulas."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pictures.families import FAMILIES
from app.pictures.formulas import Formula, closest_tiles
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
    ("pixtral-12b", 4000, 3001, 65 * 48),
    ("mistralai/Mistral-Small-3.1-24B-Instruct-2503", 224, 224, 9 * 8),
    ("mistral-small3.2:24b", 3080, 3080, 56 * 55),
    ("gemini-3-pro-preview", 4000, 3000, 1120),
    ("google/gemini-3.5-flash", 64, 64, 1120),
    ("meta-llama/Llama-4-Scout-17B-16E-Instruct", 336, 336, 144 + 3),
    ("llama4:maverick", 300, 200, 144 + 3),
    ("meta/llama-4-maverick-17b-128e-instruct", 1024, 768, 12 * 145 + 144 + 3),
    ("llava-hf/llava-1.5-7b-hf", 640, 480, 576),
    ("llava-v1.6-mistral-7b", 672, 672, 576 + 49 * 48),
    ("llava-hf/llava-v1.6-mistral-7b-hf", 2560, 1669, 576 + 49 * 32),
    ("llava-v1.6-vicuna-7b", 183, 488, 576 + 19 * 48),
]


@pytest.mark.parametrize(("model", "width", "height", "count"), PUBLISHED)
def test_a_published_example_is_counted_as_published(model: str, width: int, height: int, count: int) -> None:
    found = estimate(model, width, height)
    assert found is not None
    assert found.count == count


def test_llama_4_takes_the_smallest_of_the_grids_that_scale_a_picture_up_the_least() -> None:
    """The example of the image processor: of 1 x 1 to 3 tiles of 224, 300 x 200 gets two side by side."""
    assert closest_tiles(224, 3, each=64)(300, 200).count == 2 * 65 + 64 + 3


UNKNOWN = (
    *("", "llama-3.2-90b-vision-instruct", "gpt-5.4", "gpt-50", "o3-mini", "claude-opus-5-1"),
    *("gemma-4-27b", "gemini-9-pro", "gemini-30-pro", "nugen-flash-vision", "qwen2.5-7b-instruct"),
    *("llava:7b", "mistral-small-2402", "mistral-medium-3", "llama-40-vision"),
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
