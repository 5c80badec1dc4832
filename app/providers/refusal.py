"""Why a server said no, as one plain clause, out of whatever it sent."""

from __future__ import annotations

import html
import re
from http import HTTPStatus
from typing import Any

import msgspec

from app.domain.errors import BadAnswer, EndpointFailed, Rejected
from app.net.key import Key

MOST_CHARACTERS = 300
SIGN_IN_STATUS = 511

_WORDS = {
    400: "it did not understand the request",
    401: "the key is missing or wrong",
    402: "the account has no credit left",
    403: "the key does not allow this",
    404: "there is no such model or page",
    413: "the request is too large",
    422: "a part of the request is not valid",
    429: "there were too many requests",
    500: "something went wrong inside it",
    502: "the server behind it does not answer",
    503: "it is not ready",
    529: "it is overloaded",
}
_MARKUP = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def refusal(
    endpoint: str, status: int, content_type: str, body: bytes, host: str, key: Key | None
) -> EndpointFailed:
    """The error for an answer of status 400 and above; the key is masked should the body hold it."""
    if status == SIGN_IN_STATUS:
        return BadAnswer(endpoint=endpoint, reason=f"it looks like a sign-in page at {host}")
    reason = plain(said(body, content_type), key) or _WORDS.get(status) or _phrase(status)
    return Rejected(endpoint=endpoint, status=status, reason=reason)


def error_in_stream(endpoint: str, error: Any, key: Key | None) -> Rejected:
    """The error for an error object inside an answer that had begun."""
    code = error.get("code") or error.get("status") if isinstance(error, dict) else None
    status = plain(str(code), key) if isinstance(code, int | str) else ""
    reason = plain(_sentence(error), key) or "it gave no reason"
    return Rejected(endpoint=endpoint, status=status or "while answering", reason=reason)


def said(body: bytes, content_type: str = "") -> str:
    """What an error body tells, taken out of JSON or HTML; empty where it tells nothing."""
    text = body.decode("utf-8", "replace").strip()
    if text.startswith(("{", "[", '"')):
        try:
            return _sentence(msgspec.json.decode(text))
        except (ValueError, RecursionError):
            pass
    if "html" in content_type or text[:200].lower().startswith(("<!doctype", "<html", "<?xml")):
        title = _TITLE.search(text)
        text = title.group(1) if title and title.group(1).strip() else _MARKUP.sub(" ", text)
        return html.unescape(text)
    return text


def plain(text: str, key: Key | None = None) -> str:
    """One line without control characters, without the key, of at most MOST_CHARACTERS."""
    if key is not None:
        text = key.masked(text)
    text = "".join(character if character.isprintable() else " " for character in text[:20_000])
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"


def _sentence(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return value.strip()
    if depth > 4:
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, (_sentence(item, depth + 1) for item in value[:3])))
    if isinstance(value, dict):
        for name in ("error", "message", "detail", "msg", "title", "errors", "description"):
            found = _sentence(value.get(name), depth + 1)
            if found:
                return found
    return ""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "it gave no reason"
