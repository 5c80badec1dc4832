from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.keyring_thread import NO_ANSWER, KeyringRefused, KeyringThread

ROOT = Path(__file__).resolve().parents[2]


async def ask(thread: KeyringThread, work: Callable[[], object]) -> object:
    return await thread.result(thread.begin(work))


def test_work_is_done_in_turn_outside_the_loop() -> None:
    order: list[int] = []

    async def scene() -> None:
        thread = KeyringThread(5.0)
        assert await ask(thread, threading.current_thread) is not threading.main_thread()
        await asyncio.gather(*(ask(thread, lambda n=n: order.append(n)) for n in range(20)))
        thread.end()

    asyncio.run(scene())
    assert order == list(range(20))


def test_what_the_work_raises_is_raised_where_it_is_waited_for() -> None:
    async def scene() -> None:
        thread = KeyringThread(5.0)
        with pytest.raises(ZeroDivisionError):
            await ask(thread, lambda: 1 // 0)
        assert await ask(thread, lambda: 1) == 1
        thread.end()

    asyncio.run(scene())


def test_f1_a_keyring_that_hangs_is_given_up_and_nobody_else_waits_for_it() -> None:
    answer = threading.Event()

    async def scene() -> None:
        thread = KeyringThread(0.05)
        hanging = thread.begin(answer.wait)
        with pytest.raises(KeyringRefused, match=NO_ANSWER):
            await thread.result(hanging)
        assert thread.silent

        async def refused_s() -> float:
            began = time.monotonic()
            with pytest.raises(KeyringRefused, match=NO_ANSWER):
                thread.begin(lambda: 1)
            with pytest.raises(KeyringRefused, match=NO_ANSWER):
                await thread.result(hanging)
            return time.monotonic() - began

        assert min([await refused_s() for _ in range(5)]) < 0.05
        answer.set()
        while thread.silent:
            await asyncio.sleep(0)
        assert await thread.result(hanging)
        assert await ask(thread, lambda: 2) == 2
        thread.end()

    asyncio.run(scene())


def test_ending_ends_the_wait_at_once() -> None:
    answer = threading.Event()

    async def scene() -> None:
        thread = KeyringThread(60.0)
        asyncio.get_running_loop().call_later(0.01, thread.end)
        with pytest.raises(KeyringRefused, match=NO_ANSWER):
            await ask(thread, answer.wait)
        answer.set()

    asyncio.run(scene())


def test_skipping_ends_the_wait_at_once_and_the_thread_goes_on() -> None:
    answer = threading.Event()

    async def scene() -> None:
        thread = KeyringThread(60.0)
        asyncio.get_running_loop().call_later(0.01, thread.skip)
        with pytest.raises(KeyringRefused, match=NO_ANSWER):
            await ask(thread, answer.wait)
        answer.set()
        while thread.silent:
            await asyncio.sleep(0)
        assert await ask(thread, lambda: 1) == 1
        thread.end()

    asyncio.run(scene())


def test_an_answer_after_the_loop_has_ended_disturbs_nobody() -> None:
    answer, threads = threading.Event(), []

    async def scene() -> None:
        thread = KeyringThread(0.01)
        thread.begin(lambda: threads.append(threading.current_thread()))
        with pytest.raises(KeyringRefused):
            await ask(thread, answer.wait)
        thread.end()

    asyncio.run(scene())
    answer.set()
    threads[0].join(5.0)
    assert not threads[0].is_alive()


def test_f1_a_keyring_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    code = """if True:
        import asyncio, threading
        from app.keyring_thread import KeyringRefused, KeyringThread
        async def scene():
            thread = KeyringThread(0.05)
            try:
                await thread.result(thread.begin(threading.Event().wait))
            except KeyringRefused:
                thread.end()
        asyncio.run(scene())
    """
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=20, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
