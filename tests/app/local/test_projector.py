"""Which vision part goes with which model file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.domain.errors import ModelFileRefused
from app.local.gguf import read_header
from app.local.projector import check_pair, find_projector
from tests.tiny_model import TinyModel, write_projector


class Folder:
    """A folder of models and vision parts."""

    def __init__(self, path: Path, tiny: TinyModel) -> None:
        self.path = path
        self._tiny = tiny

    def model(self, name: str) -> Path:
        return Path(shutil.copy(self._tiny.model, self.path / name))

    def projector(self, name: str, width: int = 64) -> Path:
        write_projector(self.path / name, width=width)
        return self.path / name


@pytest.fixture
def folder(tmp_path: Path, tiny: TinyModel) -> Folder:
    return Folder(tmp_path, tiny)


@pytest.mark.parametrize(
    ("model", "projector"),
    [
        ("SmolVLM2-500M-Video-Instruct-Q8_0.gguf", "mmproj-SmolVLM2-500M-Video-Instruct-Q8_0.gguf"),
        ("Qwen3VL-2B-Instruct-Q4_K_M.gguf", "mmproj-Qwen3VL-2B-Instruct-F16.gguf"),
        ("moondream2-text-model-f16_ct-vicuna.gguf", "moondream2-mmproj-f16-20250414.gguf"),
        ("gemma-3-4b-it-Q4_K_M.gguf", "mmproj-model-f16.gguf"),
        ("LFM2.5-VL-450M-Q4_0.gguf", "mmproj-LFM2.5-VL-450m-Q8_0.gguf"),
        ("anything.gguf", "mmproj-BF16.gguf"),
    ],
)
def test_names_as_they_are_published_are_paired(folder: Folder, model: str, projector: str) -> None:
    path = folder.model(model)
    assert find_projector(path) is None
    expected = folder.projector(projector)
    assert find_projector(path) == expected


def test_the_longest_common_name_wins(folder: Folder) -> None:
    model = folder.model("SmolVLM2-500M-Q8_0.gguf")
    folder.projector("mmproj-SmolVLM2-256M-Q8_0.gguf")
    expected = folder.projector("mmproj-SmolVLM2-500M-Q8_0.gguf")
    assert find_projector(model) == expected


def test_another_width_is_passed_over(folder: Folder) -> None:
    model = folder.model("SmolVLM2-500M-Q8_0.gguf")
    folder.projector("mmproj-SmolVLM2-500M-Q8_0.gguf", width=32)
    assert find_projector(model) is None


def test_a_stranger_of_the_same_width_is_passed_over(folder: Folder) -> None:
    model = folder.model("SmolLM2-135M-Q4_1.gguf")
    folder.projector("mmproj-Qwen3VL-2B-F16.gguf")
    assert find_projector(model) is None


def test_a_name_that_says_nothing_counts_only_alone(folder: Folder) -> None:
    model = folder.model("gemma-3-4b-it-Q4_K_M.gguf")
    folder.projector("mmproj-F16.gguf")
    folder.projector("mmproj-model-f32.gguf", width=32)
    assert find_projector(model) is None


def test_of_equal_names_the_smallest_file_is_taken(folder: Folder) -> None:
    model = folder.model("tiny-Q4_0.gguf")
    larger = folder.projector("mmproj-tiny-F16.gguf")
    with larger.open("ab") as file:
        file.write(bytes(1000))
    smaller = folder.projector("mmproj-tiny-Q8_0.gguf")
    assert find_projector(model) == smaller


def test_a_damaged_vision_part_is_passed_over(folder: Folder) -> None:
    model = folder.model("tiny-Q4_0.gguf")
    path = folder.projector("mmproj-tiny-F16.gguf")
    path.write_bytes(path.read_bytes()[:2000])
    assert find_projector(model) is None


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileRefused):
        find_projector(tmp_path / "none" / "model.gguf")


def test_a_pair_of_two_widths_is_refused_with_both(folder: Folder) -> None:
    model = read_header(folder.model("tiny.gguf"))
    with pytest.raises(ModelFileRefused) as caught:
        check_pair(model, read_header(folder.projector("mmproj-tiny.gguf", width=32)))
    assert caught.value.facts == {
        "name": "mmproj-tiny.gguf",
        "reason": "it belongs to another model: its width is 32, that of tiny.gguf is 64",
    }


def test_a_model_is_no_vision_part(folder: Folder) -> None:
    model = read_header(folder.model("tiny.gguf"))
    with pytest.raises(ModelFileRefused, match="no vision part"):
        check_pair(model, model)
