"""What is sent of a picture, for programs and for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.model import Endpoint
from app.domain.picture import Prepared
from app.pictures.tokens import estimate

_VIEWS = {"whole": "all of it", "region": "a region of it", "tile": "a part of it"}


def facts_of(prepared: Prepared, name: str, model: str, endpoint: Endpoint) -> dict[str, Any]:
    """One sent picture as plain values; `tokens` and `host` are None where there are none to tell."""
    tokens = estimate(model, prepared.width, prepared.height)
    return {
        "name": name,
        "view": prepared.view.value,
        "region": prepared.region,
        "width": prepared.width,
        "height": prepared.height,
        "bytes": prepared.byte_count,
        "mime": prepared.mime,
        "left": prepared.left,
        "top": prepared.top,
        "scale_x": prepared.scale_x,
        "scale_y": prepared.scale_y,
        "marked": prepared.marked,
        "redacted": prepared.redacted,
        "text_px": prepared.text_px,
        "tokens": tokens.count if tokens is not None else None,
        "host": None if endpoint.on_this_computer else endpoint.host,
    }


def sentence_of(facts: Mapping[str, Any]) -> str:
    """The same in words."""
    said = [
        f"{_VIEWS[facts['view']]}, {facts['width']} x {facts['height']} pixels",
        f"{facts['bytes']:,} bytes of {facts['mime']}",
    ]
    said += [f"places painted over: {facts['redacted']}"] if facts["redacted"] else []
    said += [f"about {facts['tokens']:,} tokens"] if facts["tokens"] is not None else []
    return f"{facts['name']}: {', '.join(said)}, to {facts['host'] or 'this computer'}."
