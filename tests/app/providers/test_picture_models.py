"""What is known of families of models, laid over what an endpoint takes."""

from __future__ import annotations

import pytest

from app.domain.model import Limits
from app.domain.picture import Detail
from app.pictures.tokens import estimate
from app.pictures.views import sent_size
from app.providers.local_engine import LIMITS
from app.providers.picture_models import fitted

TAKES = Limits(longest_side=2048, most_pictures=16)
QWEN = {"multiple": 28, "tile": 1008, "most_pixels": 12_845_056, "least_side": 28, "most_ratio": 200}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("Qwen2.5-VL-7B-Instruct-Q4_K_M.gguf", QWEN),
        ("qwen/qwen-2.5-vl-72b", QWEN),
        ("qwen3-vl-30b", {"least_side": 32, "most_ratio": 200}),
        ("gpt-4o-mini", {"tile": 768}),
        ("openai/o3", {"tile": 768}),
        ("gpt-4.1-nano", {"tile": 1024, "most_pixels": 1_572_864}),
        ("google/gemini-3-flash", {"tile": 768}),
        ("nvidia/llama-3.1-nemotron-nano-vl-8b-v1", {"tile": 512}),
        ("solo3-large", {}),
    ],
)
def test_a_model_is_known_by_its_id(model: str, fields: dict[str, int]) -> None:
    assert fitted(TAKES, model) == TAKES.replace(**fields)


def test_the_smaller_of_two_limits_counts() -> None:
    claude = fitted(TAKES.replace(most_bytes=9_000_000, most_pixels=1_000_000), "anthropic/claude-x")
    assert (claude.longest_side, claude.most_pixels, claude.most_bytes) == (1568, 1_000_000, 3_932_160)
    assert fitted(TAKES.replace(longest_side=512, most_bytes=9), "claude").longest_side == 512


def test_the_engine_on_a_processor_keeps_its_own_tiles_whatever_the_model() -> None:
    assert fitted(LIMITS, "qwen2.5-vl-3b.gguf").tile == 512


@pytest.mark.parametrize(
    ("model", "longest_side"),
    [("anthropic/claude-opus-4.7", 2576), ("claude-sonnet-4-5", 1568), ("claude-4-opus-9", 1568)],
)
def test_a_claude_is_sent_no_more_than_it_counts_and_no_less(model: str, longest_side: int) -> None:
    """What is larger it makes smaller itself, and places in its answers would be off."""
    wide = fitted(TAKES.replace(longest_side=4096), model)
    assert wide.longest_side == longest_side
    size = sent_size(4000, 3000, wide, Detail.FIT)
    sent, whole = estimate(model, *size), estimate(model, 4000, 3000)
    if sent is not None and whole is not None:
        assert 0.95 * whole.count <= sent.count <= whole.count
