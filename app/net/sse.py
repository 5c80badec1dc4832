"""Bytes to server-sent events, as the WHATWG standard frames them. Pure: no I/O, no clock.

Lines end at CR, LF or CRLF and nowhere else: U+2028, VT and NEL inside JSON stay what they are.
Bytes stay bytes, so a character split over two chunks is never torn.
"""

from __future__ import annotations

from typing import NamedTuple

MAX_LINE = 8 * 2**20
MAX_EVENT = 16 * 2**20

_LF, _CR = b"\n\r"
_BOM = b"\xef\xbb\xbf"


class SseEvent(NamedTuple):
    """One event. `event` is its type, None where the stream named none; `data` is never torn."""

    event: str | None
    data: bytes


class SseTooLarge(Exception):
    """A line or an event is larger than its cap; the text is a clause saying which."""


class SseSplitter:
    """Cuts a byte stream into events; each byte is looked at a bounded number of times.

    Comments (keep-alives) and what a stream says about resuming it are passed over.
    """

    def __init__(self) -> None:
        self._head: bytes | None = b""
        self._after_cr = False
        self._tail = bytearray()
        self._event: str | None = None
        self._data: bytes | None = None
        self._more = bytearray()
        self._size = 0

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """The events that `chunk` completes. Raises SseTooLarge; the splitter is done then."""
        if chunk[:6] == b"data: " and chunk[-2:] == b"\n\n" and self._is_one_event(chunk):
            return [SseEvent(None, chunk[6:-2])]
        if self._head is not None:
            chunk = self._without_bom(chunk)
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[0] == _LF:
                chunk = chunk[1:]
        if _CR in chunk:
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        end = chunk.rfind(b"\n")
        if end < 0:
            self._keep(chunk)
            return []
        whole = chunk[:end]
        if self._tail:
            self._tail += whole
            whole = bytes(self._tail)
            self._tail.clear()
        events = self._read_lines(whole)
        self._keep(chunk[end + 1 :])
        return events

    def finish(self) -> list[SseEvent]:
        """The event that the end of the stream cut off, if any.

        The standard drops it, but servers are known to leave out the last blank line. Only its
        reader can tell whether the data is whole.
        """
        head, self._head = self._head, None
        line = (head or b"") + bytes(self._tail)
        self._tail.clear()
        return self._read_lines(line + b"\n")

    def _is_one_event(self, chunk: bytes) -> bool:
        """Whether nothing is pending and `chunk` is a single line and its end, as one token comes."""
        size = len(chunk)
        return (
            chunk.find(_LF) == size - 2
            and _CR not in chunk
            and self._data is None
            and self._event is None
            and self._head is None
            and not self._tail
            and not self._after_cr
            and size < MAX_LINE
        )

    def _without_bom(self, chunk: bytes) -> bytes:
        chunk = (self._head or b"") + chunk
        if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
            self._head = chunk
            return b""
        self._head = None
        return chunk.removeprefix(_BOM)

    def _keep(self, rest: bytes) -> None:
        self._tail += rest
        if len(self._tail) > MAX_LINE:
            raise SseTooLarge(f"a line is longer than {MAX_LINE // 2**20} MB")

    def _read_lines(self, whole: bytes) -> list[SseEvent]:
        lines = whole.split(b"\n")
        if len(whole) > MAX_LINE and max(map(len, lines)) > MAX_LINE:
            raise SseTooLarge(f"a line is longer than {MAX_LINE // 2**20} MB")
        events: list[SseEvent] = []
        for line in lines:
            if not line:
                if self._data is not None:
                    events.append(self._take())
                self._event = None
            elif self._data is None and line.startswith(b"data: "):
                self._data = line[6:]
                self._size = len(line)
            else:
                self._read_field(line)
        return events

    def _take(self) -> SseEvent:
        data = self._data or b""
        if self._more:
            data += self._more
            self._more.clear()
        self._data = None
        return SseEvent(self._event, data)

    def _read_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._add_data(value)
        elif name == b"event":
            self._event = value.decode("utf-8", "replace") or None

    def _add_data(self, value: bytes) -> None:
        if self._data is None:
            self._data = value
            self._size = len(value)
            return
        self._more += b"\n" + value
        if self._size + len(self._more) > MAX_EVENT:
            raise SseTooLarge(f"an event is larger than {MAX_EVENT // 2**20} MB")
