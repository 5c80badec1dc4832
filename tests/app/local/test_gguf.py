"""A model file's header: what it says, and that no file can do harm with it."""

from __future__ import annotations

import os
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import ModelFileRefused
from app.local.gguf import TENSOR_TYPES, GgufHeader, read_header
from tests.tiny_model import Matrix, TinyModel, write_gguf

HEADER_BYTES = 7000
fuzzed = settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def reason(path: Path) -> str:
    with pytest.raises(ModelFileRefused) as caught:
        read_header(path)
    return caught.value.facts["reason"]


def start(tensors: int = 0, pairs: int = 0, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, pairs)


def test_a_model_says_what_it_is(tiny: TinyModel) -> None:
    header = read_header(tiny.model)
    assert (header.architecture, header.name) == ("llama", "Tiny Colour Namer")
    assert (header.parameter_count, header.quantisation) == (60864, "F16")
    assert (header.context_length, header.embedding_length, header.block_count) == (4096, 64, 1)
    assert header.has_chat_template
    assert not header.is_projector
    assert header.detail == "60.9K parameters, F16"


def test_a_vision_part_says_its_kind_and_width(tiny: TinyModel) -> None:
    header = read_header(tiny.projector)
    assert header.is_projector
    assert header.sees_pictures
    assert (header.projector_type, header.projector_width) == ("idefics3", 64)


@pytest.mark.parametrize(
    ("tensor", "shape", "width"),
    [
        ("mm.input_projection.weight", (16, 80), 80),
        ("mm.model.mlp.3.weight", (80, 16), 80),
        ("mm.2.bias", (80,), 80),
        ("mm.2.weight", (80, 16), 80),
        ("mm.some.other", (80,), None),
    ],
)
def test_the_width_is_found_for_each_kind(
    tmp_path: Path, tensor: str, shape: tuple[int, ...], width: int | None
) -> None:
    path = tmp_path / "mmproj.gguf"
    write_gguf(path, {"general.architecture": ("str", "clip")}, {tensor: Matrix(*shape)})
    assert read_header(path).projector_width == width


def test_deepstack_layers_widen_both_sides(tmp_path: Path) -> None:
    eye, model = tmp_path / "mmproj.gguf", tmp_path / "model.gguf"
    layers = {"clip.vision.is_deepstack_layers": ("bool", [True, False, True])}
    write_gguf(eye, {"general.architecture": ("str", "clip"), **layers}, {"mm.2.bias": Matrix(80)})
    pairs: dict[str, tuple[str, object]] = {
        "general.architecture": ("str", "qwen3vl"),
        "qwen3vl.embedding_length": ("u32", 80),
        "qwen3vl.n_deepstack_layers": ("u32", 2),
    }
    write_gguf(model, pairs, {"token_embd.weight": Matrix(80)})
    assert read_header(eye).projector_width == read_header(model).embedding_length == 240


def test_without_a_file_type_the_largest_tensors_say_the_quantisation(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    tensors = {"a": Matrix(8, kind="f32"), "b": Matrix(64), "c": Matrix(4, kind="f32")}
    write_gguf(path, {"general.architecture": ("str", "llama")}, tensors)
    assert read_header(path).quantisation == "F16"


def test_a_large_vocabulary_is_skipped_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    tokens = [f"token number {number}" for number in range(100_000)]
    pairs = {"general.architecture": ("str", "llama"), "tokenizer.ggml.tokens": ("str", tokens)}
    write_gguf(path, pairs, {"a": Matrix(8)})
    tracemalloc.start()
    try:
        assert read_header(path).parameter_count == 8
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_the_engine_knows_the_same_tensor_types() -> None:
    engine: Any = pytest.importorskip("xllamacpp")
    known = {kind.value for kind in engine.ggml_type if not kind.name.endswith("_COUNT")}
    assert known == set(TENSOR_TYPES)


def test_c5_a_cut_file_says_how_much_of_it_is_there(damaged: Any) -> None:
    assert reason(damaged.cut(60_000)) == "it is incomplete: 60.0 of 128.5 kB"


def test_c5_a_file_cut_by_one_byte_is_refused(damaged: Any) -> None:
    assert reason(damaged.cut(len(damaged.original) - 1)).startswith("it is incomplete")


def test_c5_a_file_cut_in_its_header_is_refused(damaged: Any) -> None:
    assert reason(damaged.cut(3000)) == "it is incomplete or damaged: it ends inside its header"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "it is empty"),
        (b"GGU", "it is not a GGUF file"),
        (b"a text of mine", "it is not a GGUF file"),
        (b"\0" * 4096, "it is not a GGUF file"),
        (b"<!doctype html><title>Sign in</title>", "it is a web page, not a model"),
        (b"version https://git-lfs.github.com/spec/v1", "it is a pointer to the model, not the model itself"),
        (start(version=1), "its GGUF version 1 is not supported"),
        (start(version=0x03000000), "it was made for big-endian computers"),
        (start(tensors=1 << 40), "it is damaged: its header announces too many entries"),
        (start(pairs=1 << 63), "it is damaged: its header announces too many entries"),
        (start(), "it does not say which kind of model it is"),
        (start(pairs=1) + struct.pack("<Q", 1 << 62), "it is damaged: its header holds an impossible text"),
    ],
)
def test_c5_what_is_no_model_is_refused_with_a_reason(damaged: Any, data: bytes, expected: str) -> None:
    assert reason(damaged.write(data)) == expected


def test_c5_tensors_that_overlap_are_refused(damaged: Any) -> None:
    name = b"output_norm.weight"
    at = damaged.original.index(name) + len(name) + 4 + 8 + 4
    data = damaged.original[:at] + struct.pack("<Q", 0) + damaged.original[at + 8 :]
    assert reason(damaged.write(data)) == "it is damaged: its tensors do not follow one another"


def test_c5_a_tensor_with_a_wrapped_size_is_refused(damaged: Any) -> None:
    name = b"token_embd.weight"
    at = damaged.original.index(name) + len(name) + 4
    data = damaged.original[:at] + struct.pack("<QQ", 1 << 33, 1 << 33) + damaged.original[at + 16 :]
    assert reason(damaged.write(data)) == "it is damaged: a tensor has an impossible shape"


def test_c5_an_unknown_tensor_type_is_named(damaged: Any) -> None:
    name = b"output_norm.weight"
    at = damaged.original.index(name) + len(name) + 4 + 8
    data = damaged.original[:at] + struct.pack("<I", 99) + damaged.original[at + 4 :]
    assert reason(damaged.write(data)) == "its tensors are of type 99, which the engine does not know"


@pytest.mark.parametrize("alignment", [3, 1 << 21])
def test_c5_an_impossible_alignment_is_refused(tmp_path: Path, alignment: int) -> None:
    path = tmp_path / "model.gguf"
    pairs: dict[str, tuple[str, object]] = {
        "general.architecture": ("str", "llama"),
        "general.alignment": ("u32", alignment),
    }
    write_gguf(path, pairs, {"a": Matrix(8)})
    assert reason(path) == "it is damaged: its alignment is impossible"


def test_c5_an_entry_named_twice_is_refused(damaged: Any) -> None:
    path = damaged.replaced(b"tokenizer.ggml.bos_token_id", b"tokenizer.ggml.eos_token_id")
    assert reason(path) == "it is damaged: its header names an entry twice"


def test_c5_a_list_of_a_thousand_million_strings_takes_no_time(damaged: Any) -> None:
    key = b"k"
    data = start(pairs=1) + struct.pack("<Q", 1) + key + struct.pack("<IIQ", 9, 8, 10**9) + bytes(1 << 16)
    assert reason(damaged.write(data)) == "it is damaged: its header announces too many entries"


def test_a_folder_a_pipe_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    assert reason(tmp_path) == "it is a folder"
    assert reason(pipe) == "it is not a regular file"
    assert reason(tmp_path / "none.gguf") == "there is no such file"
    assert reason(Path("/dev/zero")) == "it is not a regular file"
    assert reason(tmp_path / "a\0b") == "no file can have such a name"
    assert reason(tmp_path / ("n" * 300)).startswith("it cannot be read")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_an_unreadable_file_is_refused(damaged: Any) -> None:
    path = damaged.write(damaged.original)
    path.chmod(0)
    assert reason(path) == "it may not be read"


def accepts_or_refuses(path: Path) -> None:
    try:
        header = read_header(path)
    except ModelFileRefused as refused:
        assert refused.facts["reason"]
    else:
        assert isinstance(header, GgufHeader)
        assert header.detail


@fuzzed
@given(flips=st.dictionaries(st.integers(0, HEADER_BYTES), st.integers(1, 255), min_size=1, max_size=8))
def test_c5_flipped_bytes_are_accepted_or_refused(damaged: Any, flips: dict[int, int]) -> None:
    data = bytearray(damaged.original)
    for place, mask in flips.items():
        data[place] ^= mask
    accepts_or_refuses(damaged.write(bytes(data)))


@fuzzed
@given(place=st.integers(8, HEADER_BYTES), value=st.integers(0, 2**64 - 1))
def test_c5_absurd_lengths_are_accepted_or_refused(damaged: Any, place: int, value: int) -> None:
    data = damaged.original[:place] + struct.pack("<Q", value) + damaged.original[place + 8 :]
    accepts_or_refuses(damaged.write(data))


@fuzzed
@given(data=st.binary(max_size=400))
def test_c5_noise_after_the_magic_is_accepted_or_refused(damaged: Any, data: bytes) -> None:
    accepts_or_refuses(damaged.write(b"GGUF\3\0\0\0" + data))
