"""The engine's last words, in ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import EngineFailed, ModelFileRefused
from app.local.diagnosis import explain

MODEL, EYE = Path("model.gguf"), Path("mmproj.gguf")
ENDED = "the model could not be loaded"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "0.00.011.380 E llama_model_load: error loading model: tensor 'output.weight' data is not within "
            "the file bounds, model is corrupted or incomplete",
            "it is incomplete",
        ),
        (
            "0.00.003.876 E llama_model_load: error loading model: unknown model architecture: 'new'",
            "the engine does not know models of the kind “new”",
        ),
        (
            "0.00.003.553 E llama_model_load: error loading model: CLIP cannot be used as main model, use it "
            "with --mmproj instead",
            "it is a vision part (mmproj file), not a model",
        ),
        ("0.00.002.601 E gguf_init_from_reader: failed to read key-value pairs", "it is damaged"),
    ],
)
def test_a_model_to_blame_is_named(line: str, reason: str) -> None:
    error = explain([line, "0.00.012.342 E srv  init: exiting due to model loading error"], ENDED, MODEL, EYE)
    assert isinstance(error, ModelFileRefused)
    assert error.facts == {"name": "model.gguf", "reason": reason}


def test_a_vision_part_to_blame_is_named_with_both_widths() -> None:
    line = (
        "0.00.021.344 E mtmd_init_from_file: error: mismatch between text model (n_embd = 64) and mmproj "
        "(n_embd = 32)"
    )
    error = explain([line, "hint: you may be using wrong mmproj"], ENDED, MODEL, EYE)
    assert error.facts == {
        "name": "mmproj.gguf",
        "reason": "it belongs to another model: its width is 32, the model's is 64",
    }


@pytest.mark.parametrize(
    ("lines", "ending", "reason"),
    [
        (
            ["ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 99999999999"],
            ENDED,
            "there is not enough memory for this model",
        ),
        (
            ["/src/llama-vocab.cpp:2665: GGML_ASSERT(a.size() == b.size()) failed"],
            "it crashed",
            "the model file is malformed (the engine's check “a.size() == b.size()” failed)",
        ),
        ([], "it was ended by signal 4", "this processor lacks instructions that the engine needs"),
        ([], "it ended with status 1", "it ended with status 1"),
        (
            ["0.00.001.000 E srv    load_model: failed to do something new", "0.00.002.000 I all is well"],
            ENDED,
            "the model could not be loaded (failed to do something new)",
        ),
    ],
)
def test_what_no_file_is_to_blame_for_is_a_failure_of_the_engine(
    lines: list[str], ending: str, reason: str
) -> None:
    error = explain(lines, ending, MODEL, None)
    assert isinstance(error, EngineFailed)
    assert error.facts == {"reason": reason}


def test_braces_in_the_engines_words_do_no_harm() -> None:
    error = explain(["unknown model architecture: '{0.__class__}'"], ENDED, MODEL, None)
    assert "{0.__class__}" in error.sentence
