"""Why the engine ended, found among the last lines it wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from app.domain.errors import EngineFailed, FoveaError, ModelFileRefused

MISSING_ENGINE = "missing"
"""The cause a child gives when the engine's package cannot be imported."""

_PREFIX = re.compile(r"^[\d.]+ [A-Z] +(?:\S+ +)?[\w:~()]*: *")
_TROUBLE = re.compile(r"error|fail|assert|abort|invalid|unable|cannot|exception|terminate", re.IGNORECASE)
_LONGEST = 200

_OF_THE_MODEL = (
    (r"not within the file bounds", "it is incomplete"),
    (r"unknown model architecture: '([^']*)'", "the engine does not know models of the kind “{0}”"),
    (r"unknown pre-tokenizer type: '([^']*)'", "the engine does not know its vocabulary “{0}”"),
    (r"CLIP cannot be used as main model", "it is a vision part (mmproj file), not a model"),
    (r"tensor '([^']*)' not found", "it is damaged: the tensor {0} is missing"),
    (
        r"check_tensor_dims: tensor '([^']*)' has wrong shape",
        "it is damaged: the tensor {0} has a wrong shape",
    ),
    (r"gguf_init_from|invalid magic|failed to read (?:key-value|tensor)", "it is damaged"),
)
_OF_THE_PROJECTOR = (
    (
        r"mismatch between text model \(n_embd = (\d+)\) and mmproj \(n_embd = (\d+)\)",
        "it belongs to another model: its width is {1}, the model's is {0}",
    ),
    (r"unknown projector type: ?'?([\w.-]*)", "the engine does not know vision parts of the kind “{0}”"),
    (
        r"Failed to load CLIP model|failed to load multimodal model",
        "the engine cannot load it as a vision part",
    ),
)
_OF_THE_COMPUTER = (
    (
        r"failed to allocate|out of memory|bad_alloc|[Cc]annot allocate memory|unable to allocate",
        "there is not enough memory for this model",
    ),
    (r"GGML_ASSERT\((.*)\) failed", "the model file is malformed (the engine's check “{0}” failed)"),
)
_SIGNALS = {
    "it was ended by signal 4": "this processor lacks instructions that the engine needs",
}


def explain(lines: Iterable[str], ending: str, model: Path, projector: Path | None) -> FoveaError:
    """The error that says best why the engine ended.

    `lines` are what it wrote to stderr, oldest first, `ending` is how it ended, as a clause.
    ModelFileRefused when a file is to blame, else EngineFailed.
    """
    text = list(lines)
    if reason := _find(text, _OF_THE_COMPUTER):
        return EngineFailed(reason=reason)
    if projector is not None and (reason := _find(text, _OF_THE_PROJECTOR)):
        return ModelFileRefused(name=projector.name, reason=reason)
    if reason := _find(text, _OF_THE_MODEL):
        return ModelFileRefused(name=model.name, reason=reason)
    if ending in _SIGNALS:
        return EngineFailed(reason=_SIGNALS[ending])
    told = _last_trouble(text)
    return EngineFailed(reason=f"{ending} ({told})" if told else ending)


def _find(lines: list[str], rules: Iterable[tuple[str, str]]) -> str:
    for pattern, reason in rules:
        for line in lines:
            if found := re.search(pattern, line):
                return reason.format(*(group[:_LONGEST] for group in found.groups()))
    return ""


def _last_trouble(lines: list[str]) -> str:
    """The last line that speaks of trouble, without the engine's time stamp and function name."""
    troubles = [line for line in lines if _TROUBLE.search(line)]
    return _PREFIX.sub("", troubles[-1]).strip()[:_LONGEST] if troubles else ""
