"""The engine's child process: one llama.cpp server on a loopback port, for one model.

The parent sends one `config` frame: model, projector, alias, key, threads, context, batch,
idle_s. The child answers with `ready` (its address) or `failed` (a clause; the engine's own
words are on stderr). The key travels in the frame because arguments and environment of a
process can be read by others. Standard input stays the lifeline.
"""

from __future__ import annotations

import os
from typing import Any

from app.child.channel import Channel
from app.child.frames import Frame
from app.local.diagnosis import MISSING_ENGINE

HOST = "127.0.0.1"
PROMPT_CACHE_MIB = 256
ERRORS_AND_WARNINGS = 2


def serve(channel: Channel) -> None:
    """Load the model that the parent names and serve it until the parent lets go."""
    config = channel.receive().fields
    # An engine that aborts would otherwise start a debugger and write a long trace.
    os.environ["GGML_NO_BACKTRACE"] = "1"
    try:
        import xllamacpp

        server = xllamacpp.Server(_parameters(xllamacpp, config))
        answer = Frame("ready", {"address": server.listening_address})
    except ImportError as error:
        answer = Frame("failed", {"cause": MISSING_ENGINE, "reason": str(error)})
    except RuntimeError as error:
        answer = Frame("failed", {"cause": "load", "reason": str(error)})
    channel.send(answer)
    channel.receive()  # waits with the server alive: no second frame comes, the lifeline ends it all


def _parameters(xllamacpp: Any, config: dict[str, Any]) -> Any:
    """The engine's parameters. Names that this release does not know are left out."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = config["model"]
    if config["projector"]:
        parameters.mmproj.path = config["projector"]
    parameters.api_keys = [config["key"]]
    # Waiting threads spin by default: 2.5 times as fast as sleeping ones as long as each has a
    # core, and ruinous when they have not. `threads` leaves a core to the rest of the computer.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = config["threads"]
    for name, value in _settings(config, on_cpu=not _has_gpu(xllamacpp)).items():
        if hasattr(parameters, name):
            setattr(parameters, name, value)
    return parameters


def _settings(config: dict[str, Any], *, on_cpu: bool) -> dict[str, object]:
    settings: dict[str, object] = {
        "hostnames": [HOST],
        "hostname": HOST,
        "port": 0,
        "model_alias": {config["alias"]},
        "n_parallel": 1,
        "n_ctx": config["context"],
        "n_gpu_layers": -1,
        "ui": False,
        "webui": False,
        "endpoint_slots": True,
        "endpoint_props": False,
        "cache_ram_mib": PROMPT_CACHE_MIB,
        "sleep_idle_seconds": config["idle_s"],
        "cors_origins": f"http://{HOST}",
        "cors_credentials": False,
        "offline": True,
        "verbosity": ERRORS_AND_WARNINGS,
    }
    if on_cpu:
        # A stopped answer ends only between batches, so they must be short where they are slow.
        settings["n_batch"] = settings["n_ubatch"] = config["batch"]
    return settings


def _has_gpu(xllamacpp: Any) -> bool:
    kinds = xllamacpp.ggml_backend_dev_type
    processors = {kinds.GGML_BACKEND_DEVICE_TYPE_CPU, kinds.GGML_BACKEND_DEVICE_TYPE_ACCEL}
    return any(device["type"] not in processors for device in xllamacpp.get_device_info())
