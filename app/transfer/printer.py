"""The owner of the child that prints: Qt makes the PDF in a process that can be killed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from app.child.frames import Frame
from app.child.process import ChildEnded, ChildProcess
from app.domain.errors import PrintingFailed
from app.transfer.staging import Progress

log = logging.getLogger(__name__)

SILENCE_S = 300.0
"""How long it may take until the first page is painted, when all are laid out, and between two."""
_STOPPED = "the part of Fovea that prints stopped"


async def printed(
    title: str,
    page: str,
    pictures: Mapping[int, Path],
    tell: Callable[[Progress], None] | None = None,
) -> bytes:
    """A PDF file of a page as `print_page` writes it. Cancelling ends the child at once.

    Raises PrintingFailed.
    """
    child = ChildProcess("printer")
    try:
        await child.start()
        for number, file in pictures.items():
            data = await asyncio.to_thread(file.read_bytes)
            await child.send(Frame("picture", {"number": number}, data))
        await child.send(Frame("print", {"title": title}, page.encode("utf-8")))
        while True:
            async with asyncio.timeout(SILENCE_S):
                answer = await child.receive()
            if answer.kind == "pdf":
                return await asyncio.to_thread(bytes, answer.payload)
            if answer.kind != "progress":
                raise PrintingFailed(reason=str(answer.fields.get("reason", _STOPPED)))
            if tell is not None:
                tell(Progress(int(answer.fields["done"]), int(answer.fields["total"])))
    except TimeoutError as error:
        raise PrintingFailed(reason=f"a page took longer than {SILENCE_S:g} seconds") from error
    except (ChildEnded, OSError, ValueError, KeyError) as error:
        log.warning("the printer ended: %r %s", error, list(child.stderr_tail)[-5:])
        raise PrintingFailed(reason=_STOPPED) from error
    finally:
        child.kill()
        await child.close()
