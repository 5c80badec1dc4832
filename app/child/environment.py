"""Which environment variables a child inherits: what it needs to run, and nothing else.

A child parses files from outside, so the passwords and keys that shells carry are not for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_NAMES = frozenset(
    {
        *("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "TZ", "FOVEA_HOME"),
        *("LANG", "LANGUAGE", "LOCPATH", "LOCALE_ARCHIVE"),
        # The Vulkan loader finds drivers through the XDG folders.
        *("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME"),
        *("XDG_DATA_DIRS", "XDG_STATE_HOME"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "GLIBC_TUNABLES"),
        *("DRI_PRIME", "AMD_VULKAN_ICD"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "PYTHONPLATLIBDIR"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUTF8", "PYTHONIOENCODING"),
        *("PYTHONWARNINGS", "PYTHONDEVMODE", "PYTHONFAULTHANDLER", "PYTHONHASHSEED", "PYTHONMALLOC"),
        *("PYTHONOPTIMIZE", "PYTHONUNBUFFERED"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "HOMEDRIVE"),
        *("HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "NUMBER_OF_PROCESSORS"),
        *("PROCESSOR_ARCHITECTURE", "PROCESSOR_IDENTIFIER"),
    }
)
_FAMILIES = (
    *("LC_", "MALLOC_"),
    *("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "GGML_", "LLAMA_"),
    *("CUDA_", "NVIDIA_", "HIP_", "HSA_", "ROCR_", "GPU_", "VK_", "MESA_", "RADV_"),
    *("SYCL_", "ONEAPI_", "ZE_"),
)
"""Beginnings of names: the language, and how native code uses processors and graphics cards."""

_SECRET = re.compile("KEY|TOKEN|SECRET|PASS|AUTH|CRED")
"""Says no to a member of a family: LLAMA_API_KEY."""


def for_child(ours: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a child inherits of our environment, with this very program importable."""
    inherited = {name: value for name, value in ours.items() if _is_needed(name)}
    here = str(Path(__file__).resolve().parents[2])
    rest = inherited.get("PYTHONPATH")
    inherited["PYTHONPATH"] = os.pathsep.join([here, rest] if rest else [here])
    return inherited


def _is_needed(name: str) -> bool:
    return name in _NAMES or (name.startswith(_FAMILIES) and not _SECRET.search(name))
