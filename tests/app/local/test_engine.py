"""The engine's owner with the real engine: starting, proving, stopping, crashing, ending."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.child.process import STDERR_LINES, ChildProcess
from app.domain.errors import EngineFailed, Interrupted, LocalExtraMissing, ModelFileRefused
from app.local.engine import Engine
from app.local.watch import EngineAddress, EngineWatch
from app.net.gate import Document, Gate
from app.net.key import Key
from tests.app.child.freezing import freeze
from tests.tiny_model import TinyModel, write_model, write_projector

pytest.importorskip("xllamacpp")

ROOT = Path(__file__).resolve().parents[3]
SPACE = "\u0120"
SECONDS_TO_DIE = 2.0


@asynccontextmanager
async def running(**options: Any) -> AsyncGenerator[tuple[Engine, Gate], None]:
    gate = Gate()
    engine = Engine(gate, threads=1, **options)
    try:
        yield engine, gate
    finally:
        await engine.close()
        await gate.aclose()


async def ask(gate: Gate, address: EngineAddress, path: str, key: Key | None, **headers: str) -> Document:
    return await gate.fetch("GET", address.base_url + path, endpoint="engine", key=key, headers=headers)


async def until(condition: Callable[[], bool], within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def refusal(model: Path, projector: Path | None = None) -> str:
    async def serve() -> str:
        async with running() as (engine, _):
            with pytest.raises(ModelFileRefused) as caught:
                await engine.serve(model, projector)
            assert engine.pid is None
            return caught.value.facts["reason"]

    return asyncio.run(serve())


def test_the_same_files_are_served_by_the_same_process(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, _):
            assert not engine.serves(tiny.model, tiny.projector)
            first = await engine.serve(tiny.model, tiny.projector)
            pid = engine.pid
            assert engine.serves(tiny.model, tiny.projector)
            assert await engine.serve(tiny.model, tiny.projector) == first
            assert engine.pid == pid

    asyncio.run(scenario())


def test_other_files_replace_the_process(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, gate):
            first = await engine.serve(tiny.model)
            pid = engine.pid
            second = await engine.serve(tiny.model, tiny.projector)
            assert pid is not None
            assert gone(pid)
            assert first.key != second.key
            props = json.loads((await ask(gate, second, "/props", second.key)).body)
            assert props["modalities"]["vision"]

    asyncio.run(scenario())


def test_a_file_that_changed_is_loaded_again(tiny: TinyModel, damaged: Any) -> None:
    async def scenario() -> None:
        path = damaged.write(tiny.model.read_bytes())
        async with running() as (engine, _):
            await engine.serve(path)
            pid = engine.pid
            os.utime(path, ns=(0, 0))
            await engine.serve(path)
            assert engine.pid != pid

    asyncio.run(scenario())


def test_t10_only_our_key_is_accepted(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, gate):
            address = await engine.serve(tiny.model)
            assert address.base_url.startswith("http://127.0.0.1:")
            assert len(address.key.value) >= 43  # 256 bits in base 64
            wrong = Key((address.base_url,), "wrong")
            for path in ("/slots", "/props", "/v1/models", "/metrics", "/v1/chat/completions"):
                assert (await ask(gate, address, path, wrong)).status == 401
                assert (await ask(gate, address, path, None)).status == 401
            assert (await ask(gate, address, "/slots", address.key)).status == 200

    asyncio.run(scenario())


def test_c4_a_foreign_page_is_refused_and_not_named_as_welcome(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, gate):
            address = await engine.serve(tiny.model)
            evil = {"Origin": "http://evil.example", "Host": "evil.example"}
            assert (await ask(gate, address, "/v1/models", None, **evil)).status == 401
            async with gate.stream(
                "GET", address.base_url + "/health", endpoint="engine", headers=evil
            ) as answer:
                assert "evil" not in answer.headers.get("access-control-allow-origin", "")
            page = await ask(gate, address, "/", None)
            assert b"<html" not in page.body

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_t10_the_key_is_in_no_argument_and_no_environment(
    tiny: TinyModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with running() as (engine, _):
            address = await engine.serve(tiny.model)
            secret = address.key.value.encode()
            process = Path(f"/proc/{engine.pid}")
            assert secret not in (process / "cmdline").read_bytes()
            assert secret not in (process / "environ").read_bytes()
            assert b"sk-canary" not in (process / "environ").read_bytes()
            assert address.key.value not in repr(address)

    monkeypatch.setenv("NUGEN_API_KEY", "sk-canary")
    asyncio.run(scenario())


def test_t11_the_engine_offers_no_page_and_little_cache(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, gate):
            address = await engine.serve(tiny.model)
            props = json.loads((await ask(gate, address, "/props", address.key)).body)
            assert not props["ui"]
            assert not props["endpoint_props"]
            assert props["total_slots"] == 1
            assert props["model_alias"] == "local"

    asyncio.run(scenario())


def test_c3_a_stranger_who_accepts_every_key_is_not_trusted() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]")
        await writer.drain()
        writer.close()

    async def scenario() -> None:
        gate = Gate()
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            address = EngineAddress(url, Key((url,), "ours"))
            with pytest.raises(EngineFailed, match="another program answers"):
                await EngineWatch(gate, ChildProcess("engine"), address).prove()

    asyncio.run(scenario())


def test_c1_a_file_that_makes_the_engine_abort_is_told(damaged: Any) -> None:
    """Two equal tokens: the engine checks that only by an assertion, which ends the process."""
    path = damaged.replaced((SPACE + "image").encode(), (SPACE + "white").encode())

    async def scenario() -> None:
        async with running() as (engine, _):
            with pytest.raises(EngineFailed) as caught:
                await engine.serve(path)
            assert caught.value.facts["reason"].startswith("the model file is malformed")
            assert engine.pid is None
            assert any("GGML_ASSERT" in line for line in engine.stderr_tail)

    asyncio.run(scenario())


def test_after_a_failed_load_the_next_file_is_served(tiny: TinyModel, damaged: Any) -> None:
    path = damaged.replaced(b"blk.0.attn_q.weight", b"blk.0.attn_x.weight")

    async def scenario() -> None:
        async with running() as (engine, _):
            with pytest.raises(ModelFileRefused, match=r"the tensor blk\.0\.attn_q\.weight is missing"):
                await engine.serve(path)
            await engine.serve(tiny.model, tiny.projector)

    asyncio.run(scenario())


def test_an_unknown_architecture_is_named(damaged: Any) -> None:
    path = damaged.write(damaged.original.replace(b"llama", b"lxama"))
    assert refusal(path) == "the engine does not know models of the kind “lxama”"


def test_c5_damaged_files_never_reach_the_engine(tiny: TinyModel, damaged: Any, tmp_path: Path) -> None:
    assert refusal(damaged.cut(60_000)) == "it is incomplete: 60.0 of 128.5 kB"
    assert refusal(damaged.write(b"")) == "it is empty"
    assert refusal(tmp_path) == "it is a folder"
    assert refusal(tmp_path / "none.gguf") == "there is no such file"
    assert refusal(tiny.projector) == "it is only the vision part of a model"
    assert refusal(tiny.model, tiny.model) == "it is no vision part (mmproj file)"
    assert refusal(tiny.model, tmp_path / "none.gguf") == "there is no such file"


def test_a_vision_part_of_another_width_never_reaches_the_engine(tiny: TinyModel, tmp_path: Path) -> None:
    write_projector(tmp_path / "mmproj-other.gguf", width=32)
    assert refusal(tiny.model, tmp_path / "mmproj-other.gguf") == (
        "it belongs to another model: its width is 32, that of tiny-colour-F16.gguf is 64"
    )


def test_without_the_package_it_is_said_what_to_install(
    tiny: TinyModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with running() as (engine, _):
            with pytest.raises(LocalExtraMissing, match=r"The local engine needs.*fovea\[local\]"):
                await engine.serve(tiny.model)

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    asyncio.run(scenario())


def test_the_parent_never_imports_the_engine() -> None:
    script = (
        "import sys, app.local.engine, app.local.engine_main, app.providers.local_engine\n"
        "assert 'xllamacpp' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


def test_cancelling_the_start_kills_what_was_started(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, _):
            start = asyncio.ensure_future(engine.serve(tiny.model))
            await until(lambda: engine.pid is not None, 5.0)
            pid = engine.pid
            start.cancel()
            with pytest.raises(asyncio.CancelledError):
                await start
            assert pid is not None
            assert gone(pid)
            await engine.serve(tiny.model)

    asyncio.run(scenario())


def test_a_killed_engine_is_started_again(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, gate):
            await engine.serve(tiny.model)
            assert engine.pid is not None
            os.kill(engine.pid, signal.SIGKILL)
            await until(lambda: engine.pid is None, 5.0)
            address = await engine.serve(tiny.model)
            assert (await ask(gate, address, "/slots", address.key)).status == 200

    asyncio.run(scenario())


def test_why_the_engine_ended_is_told_for_a_broken_answer(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, _):
            broken = Interrupted(endpoint="The local engine", reason="the connection was closed too early")
            await engine.serve(tiny.model)
            assert engine.pid is not None
            os.kill(engine.pid, signal.SIGSEGV)
            told = await engine.failure(broken)
            assert isinstance(told, EngineFailed)
            assert "it crashed" in told.facts["reason"]

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="SIGSTOP and /proc")
def test_c1_an_engine_that_does_not_stop_is_killed_after_two_seconds(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, _):
            await engine.serve(tiny.model)
            assert engine.pid is not None
            pid = engine.pid
            freeze(pid)
            begun = time.monotonic()
            await engine.stopped_answering()
            await until(lambda: gone(pid), 10.0)
            assert time.monotonic() - begun < 12.0
            await engine.serve(tiny.model)

    asyncio.run(scenario())


def test_an_engine_that_is_free_survives_a_stop(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, _):
            await engine.serve(tiny.model)
            pid = engine.pid
            await engine.stopped_answering()
            assert engine.pid == pid

    asyncio.run(scenario())


def test_an_unused_model_leaves_the_memory_and_comes_back(tmp_path: Path) -> None:
    model = tmp_path / "large.gguf"
    write_model(model, ballast=1 << 15)

    async def asleep(gate: Gate, address: EngineAddress) -> bool:
        return bool(json.loads((await ask(gate, address, "/props", address.key)).body)["is_sleeping"])

    async def scenario() -> None:
        async with running(idle_s=1) as (engine, gate):
            address = await engine.serve(model)
            async with asyncio.timeout(10.0):
                while not await asleep(gate, address):
                    await asyncio.sleep(0.1)
            body = json.dumps({"messages": [{"role": "user", "content": "Hello"}]}).encode()
            answer = await gate.fetch(
                "POST",
                address.base_url + "/v1/chat/completions",
                endpoint="engine",
                key=address.key,
                json=body,
            )
            assert json.loads(answer.body)["choices"][0]["message"]["content"] == "I see no image."

    asyncio.run(scenario())


def test_the_last_lines_of_stderr_are_kept(tiny: TinyModel) -> None:
    async def scenario() -> None:
        async with running() as (engine, gate):
            address = await engine.serve(tiny.model)
            wrong = Key((address.base_url,), "wrong")
            for _ in range(STDERR_LINES + 10):
                await ask(gate, address, "/slots", wrong)
            await until(lambda: len(engine.stderr_tail) == STDERR_LINES, 5.0)
            assert "Invalid API Key" in engine.stderr_tail[-1]
            assert address.key.value not in "\n".join(engine.stderr_tail)

    asyncio.run(scenario())


PARENT = """
import asyncio, sys
from pathlib import Path
from app.local.engine import Engine
from app.net.gate import Gate

async def main():
    engine = Engine(Gate(), threads=1)
    await engine.serve(Path(sys.argv[1]))
    print(engine.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_c2_the_engine_ends_with_a_killed_parent(tiny: TinyModel) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tiny.model)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not gone(pid)
        parent.kill()
        parent.wait()
        asyncio.run(until(lambda: gone(pid), SECONDS_TO_DIE))
