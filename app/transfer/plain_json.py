"""JSON from outside, read within limits. Runs in the reader child."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any, NoReturn

from app.transfer import caps
from app.transfer.refusal import Unreadable

_EARLIEST, _LATEST = 0, 32_503_680_000  # 1970 to 3000, in seconds


def parse(data: bytes) -> Any:
    """What `data` says. Raises Unreadable for what is not JSON, or is too much of it."""
    if len(data) > caps.JSON_BYTES:
        raise Unreadable(f"it holds more than {caps.JSON_BYTES // 1024**2} MB of text")
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > caps.JSON_VALUES:
        raise Unreadable("it holds more values than an export has")
    try:
        return json.loads(data, parse_constant=_no_number)
    except RecursionError as error:
        raise Unreadable("its JSON is nested deeper than an export is") from error
    except (ValueError, MemoryError) as error:
        raise Unreadable("it is not whole JSON") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def mapping(value: object) -> dict[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """`value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """`value` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def whole_number(value: object) -> int | None:
    """`value` if it is an integer of at most 2**53, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**53 else None


def moment(value: object, otherwise: datetime) -> datetime:
    """Seconds since 1970 as a time; `otherwise` for anything else. Millis and nanos are taken as such."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return otherwise
    seconds = float(value) if abs(value) < 1e300 else math.inf
    for _ in range(3):
        if seconds > _LATEST:
            seconds /= 1000
    if not _EARLIEST < seconds <= _LATEST:
        return otherwise
    return datetime.fromtimestamp(seconds, UTC)
