"""Why a server said no: the right error for its status, and its reason as one plain clause."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from http import HTTPStatus
from string import ascii_lowercase, ascii_uppercase
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from app.domain.errors import (
    BadAnswer,
    EndpointFailed,
    KeyRefused,
    ModelDown,
    NoCredit,
    NotAllowed,
    NotFound,
    Redirected,
    Rejected,
    Retired,
    ServerFailed,
    SignInPage,
    TooLarge,
    TooManyRequests,
)
from app.net.key import Key
from app.net.retry import retry_after
from app.providers.masking import masked

MOST_CHARACTERS = 300
SIGN_IN_STATUS = 511
SOME_TIME = "a while"

_NO_REASON = "it gave no reason"
_NO_HEADERS: Mapping[str, str] = {}
_LEAVES: dict[int, type[Rejected]] = {
    401: KeyRefused,
    402: NoCredit,
    403: NotAllowed,
    404: NotFound,
    410: Retired,
    413: TooLarge,
    429: TooManyRequests,
}
_WORDS = {
    400: "it did not understand the request",
    401: "the key is missing or wrong",
    402: "the account has no credit left",
    403: "the key does not allow this",
    404: "there is no such model or page",
    410: "it is gone",
    413: "the request is too large",
    422: "a part of the request is not valid",
    429: "there were too many requests",
    500: "something went wrong inside it",
    502: "the server behind it does not answer",
    503: "it is not ready",
    504: "the server behind it took too long",
    529: "it is overloaded",
}
_UNITS = (
    (100, 1, "second"),
    (100 * 60, 60, "minute"),
    (48 * 3600, 3600, "hour"),
    (math.inf, 86_400, "day"),
)
_MOST_MARKUP = 4096
"""So much of a web page is looked into for its words: their titles come early."""

_UNSEEN = re.compile(r"<!--|<(?:script|style|head)\b", re.IGNORECASE | re.ASCII)
"""What begins a part of a page that nobody sees."""

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
WEB_PAGE_TYPES = ("text/html", "application/xhtml+xml")

WEB_PAGE = ("<!doctype", "<html", "<?xml", "<head", "<body")
"""How web pages begin, in lower case."""


def refusal(
    endpoint: str,
    status: int,
    content_type: str,
    body: bytes,
    host: str,
    key: Key | None = None,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> EndpointFailed:
    """The error for an answer of status 300 and above; the key is masked should the body hold it.

    `headers` have lower-case names. `Retry-After` becomes `retry_after_s` and words in the remedy.
    """
    if 300 <= status < 400:
        return _elsewhere(endpoint, host, headers.get("location", ""), key)
    if status == SIGN_IN_STATUS:
        return sign_in_page(endpoint, host)
    told = said(body, content_type)
    reason = plain(told, key) or _WORDS.get(status) or _phrase(status)
    leaf = ModelDown if _is_degraded(status, told) else leaf_for(status)
    return _rejected(leaf, endpoint, str(status), reason, retry_after(headers))


def sign_in_page(endpoint: str, host: str) -> SignInPage:
    """The error for a web page where an answer should be."""
    return SignInPage(endpoint=endpoint, host=host, reason=f"it looks like a sign-in page at {host}")


def leaf_for(status: int) -> type[Rejected]:
    """The error that a status of 400 and above stands for."""
    return ServerFailed if status >= 500 else _LEAVES.get(status, Rejected)


def error_in_stream(endpoint: str, error: Any, key: Key | None, status: str = "while answering") -> Rejected:
    """The error for an error object inside an answer that had begun, or in one of status 200.

    Its own code counts as the status where it has one; `status` is said where it has none.
    """
    code = error.get("code") or error.get("status") if isinstance(error, dict) else None
    named = plain(str(code), key) if isinstance(code, int | str) else ""
    number = int(named) if named.isascii() and named.isdigit() and len(named) == 3 else 0
    reason = plain(_sentence(error), key) or _WORDS.get(number) or _NO_REASON
    leaf = ModelDown if _is_degraded(number, reason) else leaf_for(number)
    rejected = _rejected(leaf, endpoint, named or status, reason, None)
    rejected.within_answer = True
    return rejected


def said(body: bytes, content_type: str = "") -> str:
    """What an error body tells, taken out of JSON or HTML; empty where it tells nothing.

    Servers differ in where they put it. The order: the first element of a list; `error` as text;
    `error.message` with `error.metadata.raw` (OpenRouter); `detail` as text or as a list of
    {loc, msg} (FastAPI); `title` (problem+json); `message`; else the text as it is.
    """
    text = body.decode("utf-8", "replace").strip()
    if text.startswith(("{", "[", '"')):
        try:
            decoded = msgspec.json.decode(text)
        except (ValueError, RecursionError):
            return text
        return _sentence(decoded) or (text if _holds_words(decoded) else "")
    return _without_markup(text, sure="html" in content_type)


def plain(text: str, key: Key | None = None) -> str:
    """One line without control characters, without the key, of at most MOST_CHARACTERS."""
    text = masked(text[:20_000], key)
    text = "".join(character if character.isprintable() else " " for character in text)
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"


def span(seconds: float | None) -> str:
    """A time to wait in words: "5 seconds", "3 hours"; "a while" where nobody said."""
    if seconds is None:
        return SOME_TIME
    size, unit = next((size, unit) for limit, size, unit in _UNITS if seconds <= limit)
    count = max(math.ceil(seconds / size), 1)
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _rejected(
    leaf: type[Rejected], endpoint: str, status: str, reason: str, retry_after_s: float | None
) -> Rejected:
    waits = "{wait}" in leaf.remedy
    facts = {"endpoint": endpoint, "status": status, "reason": reason}
    error = leaf(**facts, wait=span(retry_after_s)) if waits else leaf(**facts)
    error.retry_after_s = retry_after_s
    return error


def _elsewhere(endpoint: str, host: str, location: str, key: Key | None) -> BadAnswer:
    """The error for a redirect: it names where it leads, without what may be secret in it."""
    try:
        target = urlsplit(urljoin(f"//{host}", location.strip()))
        name = target.netloc.rpartition("@")[2] or host
    except ValueError:
        name = ""
    if not location.strip() or not name:
        reason = f"{host} sends its visitors elsewhere without saying where"
        return BadAnswer(endpoint=endpoint, reason=reason)
    moved_within = not target.scheme and name == host
    shown = plain(f"{name}{target.path}" if moved_within else f"{target.scheme or 'https'}://{name}", key)
    return Redirected(endpoint=endpoint, host=host, target=shown, reason=f"it is now at {shown}")


def _is_degraded(status: int, told: str) -> bool:
    """Whether NVIDIA's cloud functions say, with status 400, that a model's machines are down."""
    return status == 400 and "DEGRADED" in told


def _sentence(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return _without_markup(value.strip())
    if depth > 4:
        return ""
    if isinstance(value, list):
        return _sentence(value[0], depth + 1) if value else ""
    if isinstance(value, dict):
        for read in _PLACES:
            if found := read(value, depth + 1):
                return found
    return ""


def _of_error(body: dict[str, Any], depth: int) -> str:
    error = body.get("error")
    inner = error if isinstance(error, dict) else {}
    message = _sentence(inner.get("message"), depth) or _sentence(error, depth)
    metadata = inner.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, dict) else None
    behind = said(raw.encode("utf-8", "replace")) if isinstance(raw, str) else _sentence(raw, depth)
    return f"{message}: {behind}" if message and behind and behind != message else message or behind


def _of_detail(body: dict[str, Any], depth: int) -> str:
    detail = body.get("detail")
    if isinstance(detail, list):
        return "; ".join(filter(None, (_of_field(item, depth) for item in detail[:3])))
    return _sentence(detail, depth)


def _of_field(item: Any, depth: int) -> str:
    """An item of FastAPI's list: "model: field required"."""
    if not isinstance(item, dict):
        return _sentence(item, depth)
    place = item.get("loc")
    names = [str(name) for name in place if isinstance(name, str | int)] if isinstance(place, list) else []
    field = ".".join(names[1:] if names[:1] == ["body"] else names)
    message = _sentence(item.get("msg") or item.get("message"), depth)
    return f"{field}: {message}" if field and message else message or field


def _of(*names: str) -> Any:
    def read(body: dict[str, Any], depth: int) -> str:
        return next(filter(None, (_sentence(body.get(name), depth) for name in names)), "")

    return read


_PLACES = (_of_error, _of_detail, _of("title", "message", "msg", "errors", "description"))


def _holds_words(value: Any, depth: int = 0) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if depth > 8:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_holds_words(item, depth + 1) for item in inner)


def _without_markup(text: str, sure: bool = False) -> str:
    if not sure and not text[:200].lstrip().lower().startswith(WEB_PAGE):
        return text
    page = text[:_MOST_MARKUP]
    return html.unescape(_title(page) or _words(page))


def _title(page: str) -> str:
    """What stands between the tags of the title; empty where there is none."""
    lower = page.translate(_LOWER)
    begin = lower.find("<title")
    start = lower.find(">", begin) + 1 if begin >= 0 else 0
    end = lower.find("</title", start) if start else -1
    return page[start:end].strip() if end >= 0 else ""


def _words(page: str) -> str:
    """The text outside of tags, each character looked at a bounded number of times.

    A part that does not end takes the rest of the page with it.
    """
    lower = page.translate(_LOWER)
    pieces: list[str] = []
    at = 0
    while (tag := page.find("<", at)) >= 0:
        pieces.append(page[at:tag])
        unseen = _UNSEEN.match(lower, tag)
        last = unseen[0].replace("<!--", "-->").replace("<", "</") if unseen else ""
        close = lower.find(last, tag + 1)
        end = lower.find(">", close) if close >= 0 else -1
        if end < 0:
            return " ".join(pieces)
        at = end + 1
    return " ".join([*pieces, page[at:]])


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return _NO_REASON
