"""What the network libraries raise, as errors in our own words.

Their texts are often empty and sometimes hold an address with its query, so none of them is shown.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import httpcore2
from anyio import BrokenResourceError, ClosedResourceError, EndOfStream

from app.domain.errors import BadAnswer, EndpointFailed, Interrupted, NotTrusted, Stalled, Unreachable
from app.net.address import Address
from app.net.wake import Slept
from app.net.wire import Stage, Wire

NETWORK_ERRORS = (
    OSError,
    BrokenResourceError,
    ClosedResourceError,
    EndOfStream,
    ExceptionGroup,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
)

_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_CLOSED = "the connection was closed too early"
_CLOSED_EARLIER = "the connection was closed before an answer could begin"
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (ConnectionRefusedError, "nothing accepts connections there"),
    (TimeoutError, "it did not answer within {0.connect_s:g} seconds"),
    (ssl.SSLEOFError, _CLOSED_EARLIER),
    (ssl.SSLError, "it does not speak TLS as https needs it"),
    (ConnectionError, _CLOSED_EARLIER),
    (EndOfStream, _CLOSED_EARLIER),
)
_CLOCK = "or the clock of this computer is wrong"
_UNKNOWN = "nobody whom this computer trusts vouches for its certificate"
# By OpenSSL's X509_V_ERR_ numbers.
_NOT_TRUSTED = {
    9: f"its certificate is not valid yet, {_CLOCK}",
    10: f"its certificate has expired, {_CLOCK}",
    18: "its certificate is signed by itself, so it could be anybody's",
    19: _UNKNOWN,
    20: _UNKNOWN,
    21: _UNKNOWN,
    23: "its certificate was revoked",
    62: "its certificate belongs to another address",
    64: "its certificate belongs to another address",
}


def explain(
    error: BaseException, wire: Wire, endpoint: str, address: Address, answered: bool
) -> EndpointFailed:
    """The domain error for a network error that a request met; never with an empty reason.

    `answered`: the head of an answer had come.
    """
    if any(isinstance(cause, Slept) for cause in _causes(error)):
        return Interrupted(endpoint=endpoint, reason="the computer slept")
    if wire.stage is not Stage.OPEN:
        return _no_connection(error, wire, endpoint, address.authority)
    if any(isinstance(cause, TimeoutError) for cause in _causes(error)):
        return Stalled(endpoint=endpoint, seconds=f"{wire.write_s:g}")
    if isinstance(error, httpcore2.LocalProtocolError):
        return BadAnswer(endpoint=endpoint, reason="the request could not be written down as HTTP")
    broken_off = wire.ended and (answered or not wire.received)
    if isinstance(error, httpcore2.ProtocolError) and not broken_off:
        return BadAnswer(endpoint=endpoint, reason="it is not HTTP")
    return Interrupted(endpoint=endpoint, reason=_CLOSED)


def _no_connection(error: BaseException, wire: Wire, endpoint: str, host: str) -> Unreachable:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            unnamed = f"its certificate is not valid ({cause.verify_message or 'no reason given'})"
            return NotTrusted(
                endpoint=endpoint, host=host, reason=_NOT_TRUSTED.get(cause.verify_code, unnamed)
            )
    reasons = filter(None, (_reason(cause, wire) for cause in _causes(error)))
    return Unreachable(endpoint=endpoint, host=host, reason=next(reasons, "the connection could not be made"))


def _reason(error: BaseException, wire: Wire) -> str:
    if isinstance(error, socket.gaierror):
        unknown = error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
        return "nobody knows this name" if unknown else "the name could not be looked up"
    if isinstance(error, OSError) and error.errno in _NO_ROUTE:
        return "there is no way to it through the network"
    return next((text.format(wire) for kind, text in _REASONS if isinstance(error, kind)), "")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error`, its group members and what they came from, outermost first."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting.extend(cause.exceptions)
        waiting.extend((cause.__cause__, cause.__context__))
