from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.child.environment import for_child

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "HOME", "TMPDIR", "TEMP", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "XDG_DATA_DIRS"),
        *("SYSTEMROOT", "LOCALAPPDATA", "FOVEA_HOME", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"),
        *("OMP_NUM_THREADS", "GGML_VK_VISIBLE_DEVICES", "LLAMA_CACHE", "CUDA_VISIBLE_DEVICES"),
        *("ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "VK_DRIVER_FILES"),
    ],
)
def test_what_a_child_needs_is_inherited(name: str) -> None:
    assert for_child({name: "value"})[name] == "value"


@pytest.mark.parametrize(
    "name",
    [
        *("AWS_CREDENTIALS", "AUTH", "PGPASS", "PGPASSWORD", "OPENAI_API_KEY", "GITHUB_TOKEN"),
        "DATABASE_URL",
        *("LLAMA_API_KEY", "LLAMA_ARG_SSL_KEY_FILE", "SSH_AUTH_SOCK", "HTTPS_PROXY", "HARMLESS"),
        *("PYTHONSTARTUP", "PYTHONINSPECT", "LD_PRELOAD"),
    ],
)
def test_nothing_else_is_inherited(name: str) -> None:
    assert name not in for_child({name: "value"})


def test_this_program_comes_first_among_what_a_child_imports() -> None:
    assert for_child({}) == {"PYTHONPATH": str(ROOT)}
    assert for_child({"PYTHONPATH": "mine"})["PYTHONPATH"] == os.pathsep.join([str(ROOT), "mine"])
