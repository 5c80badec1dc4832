"""The models NVIDIA hosts that see pictures, as their pages document them.

GET /v1/models names ids alone, and none of the models of ai.api.nvidia.com, so what is known
about them is kept here. Sources: the API pages of llama-3.1-nemotron-nano-vl-8b-v1, PaliGemma,
nemotron-nano-12b-v2-vl, ising-calibration-1.5-31b and minimax-m3.1-flash; for addresses and the
other names the tables of langchain-nvidia-ai-endpoints.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from app.domain.model import GoesOn, Limits, ParameterKind, ParameterSpec, PromptTask

INTEGRATE = "https://integrate.api.nvidia.com/v1/chat/completions"
VLM = "https://ai.api.nvidia.com/v1/vlm/"
GR = "https://ai.api.nvidia.com/v1/gr/"

PALIGEMMA = "google/paligemma"
NANO_VL = "nvidia/llama-3.1-nemotron-nano-vl-8b-v1"

INLINE_BASE64 = 180_000
"""A picture is part of the request when its base64 is shorter than this."""

INLINE_BYTES = INLINE_BASE64 // 4 * 3 - 3
"""The largest picture whose base64 is shorter than INLINE_BASE64."""

MOST_BODY_BYTES = 26_214_400
"""What the gateway of the integrate host takes (its source)."""

_LONGEST_SIDE = 1536
_MOST_PICTURES = 8
_ROOMY_BYTES = 2_000_000
"""For models without the rule above: eight of these fit into MOST_BODY_BYTES."""


class PictureForm(Enum):
    """How a picture is written into a message."""

    PART = "a part of type image_url"
    TAG = "an <img> tag in the text"


class NvidiaModel(NamedTuple):
    """What is documented of a model; `id` is empty for one that nothing is known about.

    `named`: the body says which model is meant, the address alone does not. `alternating`: user
    and assistant speak in turns, the system first if at all. `most_messages` and `most_pictures`
    are what its page says; what `limits` says of pictures may be our choice. `thinks_as_told`: the
    system text begins with whether to think.
    """

    id: str
    url: str
    form: PictureForm
    parameters: tuple[ParameterSpec, ...]
    limits: Limits
    named: bool = True
    alternating: bool = False
    tools: bool = False
    most_messages: int | None = None
    most_pictures: int | None = None
    thinks_as_told: bool = False
    detail: str = ""

    @property
    def most_base64(self) -> int | None:
        """The length from which on the base64 of a picture is too long for a message."""
        return INLINE_BASE64 if self.limits.most_bytes == INLINE_BYTES else None


def model_of(model: str) -> NvidiaModel:
    """What is known of a model; any other id is taken for one of the integrate host."""
    return _BY_ID.get(model) or _UNKNOWN


def _number(
    name: str, least: float | None, most: float | None, default: float | None = None
) -> ParameterSpec:
    return ParameterSpec(name=name, kind=ParameterKind.NUMBER, least=least, most=most, default=default)


def _tokens(most: int | None, default: int | None = None) -> ParameterSpec:
    return ParameterSpec(
        name="max_tokens", kind=ParameterKind.INTEGER, least=1, most=most, default=default, note="tokens"
    )


_SEED = ParameterSpec(
    name="seed",
    kind=ParameterKind.INTEGER,
    least=-(2**63),
    most=2**63 - 1,
    note="the same seed asks for the same answer, as far as the model can",
)
_NANO = (_number("temperature", 0, 1, 1), _number("top_p", 0, 1, 0.01), _tokens(2048, 1024), _SEED)
_PALI = (_number("temperature", 0, 1, 0.2), _number("top_p", 0, 1, 0.7), _tokens(1024, 1024))
_VILA = (_number("temperature", 0, 1), _number("top_p", 0, 1), _tokens(None), _SEED)
_GENERIC = (
    _number("temperature", 0, 2),
    _number("top_p", 0, 1),
    _tokens(None),
    _SEED,
    _number("frequency_penalty", -2, 2),
    _number("presence_penalty", -2, 2),
)
_THINKS = ParameterSpec(
    name="reasoning.enabled", kind=ParameterKind.SWITCH, note="Whether it thinks before it answers."
)
_NANO_12B = (_GENERIC[0], _GENERIC[1], _tokens(8192), *_GENERIC[3:], _THINKS)
_OLDER = (_number("temperature", 0, 1), _number("top_p", 0, 1), _tokens(None))

_ROOMY = Limits(
    longest_side=_LONGEST_SIDE,
    most_pictures=_MOST_PICTURES,
    most_bytes=_ROOMY_BYTES,
    most_request_bytes=MOST_BODY_BYTES,
)
_UPLOADING = _ROOMY.replace(most_bytes=INLINE_BYTES, takes_uploads=True)
_SMALL = _ROOMY.replace(most_bytes=INLINE_BYTES, most_pictures=1)

PALIGEMMA_TASKS = (
    PromptTask(name="caption", template="caption en"),
    PromptTask(name="ocr", template="ocr"),
    PromptTask(name="answer", template="answer en {text}", hint="a question about the picture"),
    PromptTask(name="detect", template="detect {text}", hint="cat ; dog"),
    PromptTask(name="segment", template="segment {text}", hint="cat ; dog"),
)
_PALI_LIMITS = Limits(
    longest_side=896,
    most_pictures=1,
    most_bytes=INLINE_BYTES,
    takes_uploads=True,
    single_turn=True,
    tasks=PALIGEMMA_TASKS,
    goes_on=GoesOn.ANEW,
)


def _hosted(model: str) -> NvidiaModel:
    """A model of the integrate host that only its name and that it sees pictures is known of."""
    return NvidiaModel(model, INTEGRATE, PictureForm.PART, _GENERIC, _ROOMY, tools=True)


def _own_address(model: str) -> NvidiaModel:
    """A model with an address of its own, which takes pictures as tags."""
    return NvidiaModel(model, VLM + model, PictureForm.TAG, _OLDER, _SMALL, named=False)


def _llama(model: str) -> NvidiaModel:
    url = f"{GR}{model}/chat/completions"
    return NvidiaModel(model, url, PictureForm.PART, _GENERIC, _SMALL, most_pictures=1)


_UNKNOWN = _hosted("")
MODELS = (
    _hosted(NANO_VL)._replace(
        parameters=_NANO,
        limits=_UPLOADING,
        alternating=True,
        tools=False,
        most_messages=1024,
    ),
    _own_address(PALIGEMMA)._replace(
        parameters=_PALI,
        limits=_PALI_LIMITS,
        most_messages=1,
        most_pictures=1,
        detail="One question about one picture: captions, text, boxes.",
    ),
    _hosted("nvidia/nemotron-nano-12b-v2-vl")._replace(
        parameters=_NANO_12B, tools=False, thinks_as_told=True
    ),
    _hosted("nvidia/ising-calibration-1.5-31b")._replace(limits=_UPLOADING, tools=False),
    _hosted("minimaxai/minimax-m3.1-flash")._replace(most_pictures=8),
    _llama("meta/llama-3.2-11b-vision-instruct"),
    _llama("meta/llama-3.2-90b-vision-instruct"),
    _own_address("nvidia/vila")._replace(
        parameters=_VILA, limits=_UPLOADING, alternating=True, most_messages=1024
    ),
    _own_address("nvidia/neva-22b"),
    _own_address("microsoft/phi-3-vision-128k-instruct"),
    _own_address("microsoft/kosmos-2"),
    _own_address("adept/fuyu-8b"),
    _own_address("google/deplot"),
    _hosted("meta/llama-4-maverick-17b-128e-instruct"),
    _hosted("meta/llama-4-scout-17b-16e-instruct"),
    _hosted("mistralai/mistral-large-3-675b-instruct-2512"),
    _hosted("mistralai/ministral-3-14b-instruct-2512"),
    _hosted("mistralai/mistral-small-4-119b-2603"),
    _hosted("mistralai/mistral-medium-3.5-128b"),
    _hosted("moonshotai/kimi-k2.5"),
    _hosted("moonshotai/kimi-k2.6"),
    _hosted("qwen/qwen3.5-122b-a10b"),
    _hosted("qwen/qwen3.5-397b-a17b"),
    _hosted("stepfun-ai/step-3.7-flash"),
)

_BY_ID = {model.id: model for model in MODELS}
