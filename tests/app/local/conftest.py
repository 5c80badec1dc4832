"""The generated vision model, and an engine that is closed with its test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_model import TinyModel, write_tiny_model


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    """A model that names colours, with its vision part; not to be changed."""
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def damaged(tiny: TinyModel, tmp_path: Path) -> DamagedCopies:
    """Makes damaged copies of the model."""
    return DamagedCopies(tiny.model.read_bytes(), tmp_path)


class DamagedCopies:
    """Copies of the model with something wrong."""

    def __init__(self, original: bytes, folder: Path) -> None:
        self.original = original
        self._folder = folder

    def cut(self, length: int) -> Path:
        return self.write(self.original[:length])

    def replaced(self, old: bytes, new: bytes) -> Path:
        assert old in self.original
        assert len(old) == len(new)
        return self.write(self.original.replace(old, new, 1))

    def write(self, data: bytes, name: str = "damaged.gguf") -> Path:
        path = self._folder / name
        path.write_bytes(data)
        return path
