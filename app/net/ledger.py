"""The record of every request: enough to see who was spoken to, never what was secret."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import NamedTuple

LEDGER_ROWS = 1000


class LedgerRow(NamedTuple):
    """One request, finished. It holds no header, no body and no query string.

    `status` is None where no answer came. Bytes are counted as they crossed the connection,
    before encryption; `duration_s` runs from the request to the end of the connection.
    `outcome` is done, cancelled, or the code of the error it ended with.
    """

    time: datetime
    endpoint: str
    method: str
    origin: str
    path: str
    status: int | None
    bytes_sent: int
    bytes_received: int
    duration_s: float
    outcome: str


class Ledger(deque[LedgerRow]):
    """The last LEDGER_ROWS requests, oldest first."""

    def __init__(self) -> None:
        super().__init__(maxlen=LEDGER_ROWS)
