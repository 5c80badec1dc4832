"""What the bytes of an answer are, told by how they begin: servers call them what they like."""

from __future__ import annotations

from enum import Enum
from io import BytesIO

from app.domain.errors import BadAnswer
from app.domain.events import Event
from app.providers.openai_answers import MOST_TEXT
from app.providers.openai_chunks import AnswerReader
from app.providers.refusal import WEB_PAGE, sign_in_page

MOST_DOCUMENT = MOST_TEXT + 2 * 2**20
"""The most bytes of an answer in one piece."""

BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PAGES = tuple(mark.encode() for mark in WEB_PAGE)


class Form(Enum):
    """What a body is."""

    STREAM = "events"
    DOCUMENT = "one JSON document"
    PAGE = "a web page"
    UTF_16 = "text of two bytes a character"


def form_of(head: bytes) -> Form | None:
    """What a body is that begins with `head`; None where more must come to tell."""
    if head.startswith(_UTF_16) or b"\0" in head[:2]:
        return Form.UTF_16
    begin = head.removeprefix(BOM).lstrip()[:16].lower()
    if not begin or (len(head) < len(BOM) and BOM.startswith(head)):
        return None
    if begin.startswith((b"{", b"[")):
        return Form.DOCUMENT
    if begin.startswith(_PAGES):
        return Form.PAGE
    return None if any(mark.startswith(begin) for mark in _PAGES) else Form.STREAM


class Body:
    """Hands the bytes of an answer to `reader` as what they are.

    Raises SignInPage for a web page, and BadAnswer for nothing at all, for UTF-16 and for a document
    of more than MOST_DOCUMENT bytes. `heard`: the last piece was more than a keep-alive.
    """

    def __init__(self, reader: AnswerReader, endpoint: str, host: str) -> None:
        self.heard = False
        self._reader = reader
        self._endpoint = endpoint
        self._host = host
        self._form: Form | None = None
        self._head = b""
        self._document = BytesIO()

    def feed(self, chunk: bytes) -> list[Event]:
        """What `chunk` adds to the answer."""
        if self._form is None:
            self._head += chunk
            self._form = form_of(self._head)
            if self._form is None:
                self._head = self._head.strip()
                return []
            chunk, self._head = self._head, b""
        if self._form is Form.STREAM:
            events = self._reader.feed(chunk)
            self.heard = bool(events)
            return events
        self._keep(chunk)
        return []

    def finish(self) -> list[Event]:
        """What the end of the body adds."""
        if self._form is None:
            if self._head in (b"", BOM):
                raise BadAnswer(endpoint=self._endpoint, reason="it was empty")
            return [*self._reader.feed(self._head), *self._reader.finish()]
        if self._form is Form.DOCUMENT:
            return self._reader.whole(self._document.getvalue())
        return self._reader.finish()

    def _keep(self, chunk: bytes) -> None:
        if self._form is Form.PAGE:
            raise sign_in_page(self._endpoint, self._host)
        if self._form is Form.UTF_16:
            reason = "it is written in UTF-16, where UTF-8 is meant to be"
            raise BadAnswer(endpoint=self._endpoint, reason=reason)
        self.heard = not chunk.isspace()
        if self._document.tell() == 0:
            chunk = chunk.removeprefix(BOM).lstrip()
        if self._document.tell() + len(chunk) > MOST_DOCUMENT:
            raise BadAnswer(endpoint=self._endpoint, reason=f"it is larger than {MOST_DOCUMENT // 2**20} MB")
        self._document.write(chunk)
