"""Answers that NVIDIA makes later: status 202 gives a request id, which is asked for until it answers.

The facts are those of the open source of its gateway and of NVCF. A question may be held by the
server for as many seconds as NVCF-POLL-SECONDS names. 404 is an id that is unknown or was already
answered; 504 says that no worker answered yet.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, aclosing

from app.domain.errors import (
    AnswerLate,
    AnswerLost,
    BadAnswer,
    Interrupted,
    NotTrusted,
    Stalled,
    Unreachable,
)
from app.domain.events import Event, Progress, RequestNamed
from app.domain.message import Ticket
from app.net.gate import Response
from app.net.key import Key
from app.net.retry import retry_after
from app.providers.openai_wire import events_of
from app.providers.retrying import countdown
from app.providers.site import Site

log = logging.getLogger(__name__)

STATUS = "https://api.nvcf.nvidia.com/v2/nvcf/pexec/status/"
REQUEST_ID = "nvcf-reqid"
PERCENT = "nvcf-percent-complete"

MOST_HELD_S = 3600
"""The service refuses a longer NVCF-POLL-SECONDS."""

SLACK_S = 20.0
PAUSE_S = 1.0
MOST_TROUBLES = 3
"""So many refusals in a row that may pass are put up with while waiting, where they name no wait."""

_MAY_PASS = (429, 502, 503)
_NAMES_WAIT = (429, 503)
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


def request_id_of(headers: Mapping[str, str]) -> str:
    """The service's name for a request, empty where it gave none that can be asked for."""
    name = headers.get(REQUEST_ID, "").strip()
    return name if _ID.fullmatch(name) else ""


def ticket_of(response: Response, endpoint_id: str, endpoint: str) -> Ticket:
    """What fetches the answer that a status of 202 promises. Raises BadAnswer without an id."""
    name = request_id_of(response.headers)
    if not name:
        reason = "it wants to answer later, but does not say under which name"
        raise BadAnswer(endpoint=endpoint, reason=reason)
    return Ticket(endpoint_id=endpoint_id, request_id=name, url=STATUS + name, given=time.time())


def fraction_of(headers: Mapping[str, str]) -> float | None:
    """How much of the answer is made, 0..1; None where nobody says."""
    try:
        percent = float(headers.get(PERCENT, ""))
    except ValueError:
        return None
    return min(max(percent / 100, 0.0), 1.0) if math.isfinite(percent) else None


async def answer_later(
    site: Site, key: Key | None, ticket: Ticket, accept: str, fraction: float | None = None
) -> AsyncGenerator[Event, None]:
    """Ask for an answer until it is there, then yield its events. Tells `Progress` of stage "queued",
    and of stage "retrying" where the service names a time after which to ask again.

    A connection that fails before the answer begins is made again. Raises AnswerLost, AnswerLate
    once `site.patience.deadline` is over since the ticket was given, and what `events_of` raises.
    """
    clock = asyncio.get_running_loop().time
    begun = clock() - max(time.time() - ticket.given, 0.0)
    troubles = 0
    while True:
        yield Progress(stage="queued", fraction=fraction, seconds=clock() - begun)
        asked, wait_s = clock(), None
        async with AsyncExitStack() as stack:
            left = site.patience.deadline - (asked - begun)
            response = await _asked(stack, site, key, ticket, accept, left)
            if response is not None and not _is_pending(response, site.name, troubles):
                async with aclosing(events_of(response, site.name, key, idle_s=site.patience.idle)) as events:
                    async for event in events:
                        if not isinstance(event, RequestNamed):
                            yield event
                return
            if response is not None:
                fraction = fraction_of(response.headers) or fraction
                wait_s = _wait_asked_for(response)
            in_trouble = response is not None and response.status in _MAY_PASS and wait_s is None
            troubles = troubles + 1 if in_trouble else 0
        left = begun + site.patience.deadline - clock()
        if left <= 0:
            raise AnswerLate(endpoint=site.name, minutes=max(round(site.patience.deadline / 60), 1))
        if wait_s is not None:
            async with aclosing(countdown(min(wait_s, left))) as seconds:
                async for progress in seconds:
                    yield progress
        await asyncio.sleep(max(asked + min(PAUSE_S, site.patience.poll) - clock(), 0.0))


async def _asked(
    stack: AsyncExitStack, site: Site, key: Key | None, ticket: Ticket, accept: str, left: float
) -> Response | None:
    """The head of the answer; None where the connection failed."""
    held = min(max(round(site.patience.poll), 1), MOST_HELD_S)
    asking = site.gate.stream(
        "GET",
        site.url(ticket.url),
        endpoint=site.name,
        headers={"accept": accept, "NVCF-POLL-SECONDS": str(held)},
        key=key,
        first_byte_s=min(held + SLACK_S, max(left, 1.5 * site.patience.poll)),
        idle_s=site.patience.idle,
    )
    try:
        return await stack.enter_async_context(asking)
    except NotTrusted:
        raise
    except (Unreachable, Interrupted, Stalled) as error:
        log.info("asking for answer %s failed: %s", ticket.request_id, error.code)
        return None


def _is_pending(response: Response, endpoint: str, troubles: int) -> bool:
    """Whether to ask again. Raises AnswerLost, and BadAnswer for an answer that is a download."""
    if response.status == 404:
        raise AnswerLost(endpoint=endpoint)
    if response.status in (302, 303, 307):
        raise download(endpoint)
    if response.status in _MAY_PASS:
        return troubles < MOST_TROUBLES or _wait_asked_for(response) is not None
    return response.status in (202, 504)


def _wait_asked_for(response: Response) -> float | None:
    """After how many seconds a service that is busy wants to be asked again, where it says so."""
    return retry_after(response.headers) if response.status in _NAMES_WAIT else None


def download(endpoint: str) -> BadAnswer:
    """The error for an answer that is so large that it is offered as a download."""
    return BadAnswer(endpoint=endpoint, reason="it is offered as a download, which is not opened here")
