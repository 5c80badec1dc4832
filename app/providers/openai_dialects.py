"""How the servers that speak OpenAI's chat completions differ from each other: one table.

What is here was read in the servers' own pages (llama.cpp tools/server README, docs.ollama.com/openai,
lmstudio.ai/docs, docs.vllm.ai, docs.sglang.io, openrouter.ai/docs, OpenAI's OpenAPI description,
ai.google.dev/gemini-api/docs/openai). What a page does not name is not sent. A whole request may weigh
50 MB at OpenAI (images and vision) and 20 MB at Gemini (image understanding); the others name no limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from app.domain.model import GoesOn, Limits, ParameterKind, ParameterSpec

JPEG, PNG, WEBP, GIF, BMP = "image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"


class Thinking(Enum):
    """How a server is told whether and how much to think."""

    EFFORT = "reasoning_effort"
    OBJECT = "reasoning"
    TEMPLATE = "chat_template_kwargs"


class Way(Enum):
    """Where a server tells which models it has, and whether they see."""

    LIST = "/models, with what it says of each"
    LLAMACPP = "the same, then /props"
    OLLAMA = "/api/tags and /api/show"
    LMSTUDIO = "/api/v1/models, /api/v0/models"
    ANY = "whichever answers"


class Dialect(NamedTuple):
    """One server's ways. `name` is the server's, empty for one that only the user can name.

    `base_path` is where chat completions lie when an address has no path of its own. `formats` are
    the pictures it reads. `continues` goes along when the conversation ends with the beginning of
    the answer. `returns_extras`: it wants back what it sent with a tool call. `progress`: it tells how
    far it has read. `key_check` is an address that wants the key where the list of models does not,
    from the root of the server.
    """

    name: str
    way: Way
    parameters: tuple[ParameterSpec, ...]
    limits: Limits
    formats: tuple[str, ...] = (JPEG, PNG)
    base_path: str = "/v1"
    thinking: Thinking | None = None
    max_tokens: str = "max_tokens"
    counts_streams: bool = True
    takes_tool_choice: bool = True
    takes_detail: bool = False
    returns_extras: bool = False
    progress: bool = False
    continues: Mapping[str, object] = {}
    key_check: str = ""


def _number(name: str, least: float, most: float, default: float | None = None) -> ParameterSpec:
    return ParameterSpec(name=name, kind=ParameterKind.NUMBER, least=least, most=most, default=default)


def _whole(name: str, least: float, most: float | None = None, default: float | None = None) -> ParameterSpec:
    return ParameterSpec(name=name, kind=ParameterKind.INTEGER, least=least, most=most, default=default)


def _effort(*choices: str) -> ParameterSpec:
    return ParameterSpec(
        name="reasoning.effort",
        kind=ParameterKind.CHOICE,
        choices=choices,
        note="How much it thinks before it answers. Models that do not think may refuse this.",
    )


_THINKS = ParameterSpec(
    name="reasoning.enabled",
    kind=ParameterKind.SWITCH,
    note="Whether it thinks before it answers, for models that can leave it.",
)
_TEMPERATURE = _number("temperature", 0, 2, 1)
_TOP_P = _number("top_p", 0, 1, 1)
_MAX_TOKENS = _whole("max_tokens", 1)
_SEED = _whole("seed", 0, 2**32 - 1)
_PENALTIES = (_number("frequency_penalty", -2, 2, 0), _number("presence_penalty", -2, 2, 0))
_PLAIN = (_TEMPERATURE, _TOP_P, _MAX_TOKENS, _SEED, *_PENALTIES)

_LOCAL = Limits(longest_side=1536, most_pictures=8)
_CLOUD = Limits(longest_side=2048, most_pictures=16)
_MB = 1_000_000
# What goes on with the beginning of an answer: llama.cpp (its pull request 13174), vLLM where it is told to
# (continue_final_message), OpenRouter where its model does. Ollama leaves it to each model's template, the
# pages of the others do not say, so those are asked in words.
_GOES_ON = GoesOn.BEGINNING

DIALECTS: dict[str, Dialect] = {
    "llamacpp": Dialect(
        name="llama.cpp",
        way=Way.LLAMACPP,
        parameters=(
            _number("temperature", 0, 2, 0.8),
            _number("top_p", 0, 1, 0.95),
            _whole("top_k", 0, 1000, 40),
            _MAX_TOKENS,
            _SEED,
            *_PENALTIES,
            _THINKS,
        ),
        limits=_LOCAL.replace(goes_on=_GOES_ON),
        formats=(JPEG, PNG, GIF, BMP),
        thinking=Thinking.TEMPLATE,
        progress=True,
        key_check="/props",
    ),
    "ollama": Dialect(
        name="Ollama",
        way=Way.OLLAMA,
        parameters=(
            _number("temperature", 0, 2, 0.8),
            _number("top_p", 0, 1, 0.9),
            _MAX_TOKENS,
            _SEED,
            *_PENALTIES,
            _effort("high", "medium", "low", "none"),
        ),
        limits=_LOCAL,
        formats=(JPEG, PNG, WEBP),
        thinking=Thinking.EFFORT,
        takes_tool_choice=False,
    ),
    "lmstudio": Dialect(
        name="LM Studio",
        way=Way.LMSTUDIO,
        parameters=(_TEMPERATURE, _TOP_P, _whole("top_k", 0, 1000), _MAX_TOKENS, _SEED, *_PENALTIES),
        limits=_LOCAL,
    ),
    "vllm": Dialect(
        name="vLLM",
        way=Way.LIST,
        parameters=(*_PLAIN, _whole("top_k", -1), _whole("n", 1, 16, 1), _THINKS),
        limits=_LOCAL.replace(goes_on=_GOES_ON),
        thinking=Thinking.TEMPLATE,
        continues={"continue_final_message": True, "add_generation_prompt": False},
    ),
    "sglang": Dialect(
        name="SGLang",
        way=Way.LIST,
        parameters=(*_PLAIN, _whole("top_k", -1), _whole("n", 1, 16, 1), _THINKS),
        limits=_LOCAL,
        thinking=Thinking.TEMPLATE,
    ),
    "openrouter": Dialect(
        name="OpenRouter",
        way=Way.LIST,
        parameters=(
            *_PLAIN,
            _whole("top_k", 0, None, 0),
            _effort("xhigh", "high", "medium", "low", "minimal", "none"),
            _whole("reasoning.max_tokens", 1),
            ParameterSpec(
                name="reasoning.exclude", kind=ParameterKind.SWITCH, note="Think, but do not show it."
            ),
            _THINKS,
        ),
        limits=_CLOUD.replace(goes_on=_GOES_ON),
        formats=(JPEG, PNG, WEBP, GIF),
        base_path="/api/v1",
        thinking=Thinking.OBJECT,
        counts_streams=False,
        key_check="/api/v1/key",
    ),
    "openai": Dialect(
        name="OpenAI",
        way=Way.LIST,
        parameters=(
            *_PLAIN,
            _whole("n", 1, 128, 1),
            _effort("none", "minimal", "low", "medium", "high", "xhigh"),
        ),
        limits=_CLOUD.replace(most_request_bytes=50 * _MB),
        formats=(JPEG, PNG, WEBP, GIF),
        thinking=Thinking.EFFORT,
        max_tokens="max_completion_tokens",
        takes_detail=True,
    ),
    "gemini": Dialect(
        name="Gemini",
        way=Way.LIST,
        parameters=(
            _TEMPERATURE,
            _TOP_P,
            _MAX_TOKENS,
            _whole("n", 1, 8, 1),
            _effort("none", "minimal", "low", "medium", "high"),
        ),
        limits=_CLOUD.replace(most_request_bytes=20 * _MB),
        formats=(JPEG, PNG, WEBP),
        base_path="/v1beta/openai",
        thinking=Thinking.EFFORT,
        returns_extras=True,
    ),
    "custom": Dialect(
        name="",
        way=Way.ANY,
        parameters=(*_PLAIN, _whole("top_k", 0), _whole("n", 1, 16, 1), _effort("low", "medium", "high")),
        limits=Limits(longest_side=1536, most_pictures=16),
        thinking=Thinking.EFFORT,
        returns_extras=True,
    ),
}
"""By the `kind` of an endpoint's configuration."""
