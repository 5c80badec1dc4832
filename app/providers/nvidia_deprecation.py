"""What NVIDIA's gateway says of models that it will not offer for long: the header `Deprecation`.

Its source sends one before a model is answered with 410. RFC 9745 writes the moment as @ and
seconds, drafts of it as a date of HTTP or as `true`; RFC 8594 tells the end in `Sunset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from app.domain.message import Note

_NOT = ("", "false", "?0")


def going_away(headers: Mapping[str, str], endpoint: str) -> Note | None:
    """What the user should know of the model, by the headers of an answer with lower-case names."""
    told = headers.get("deprecation", "").strip()
    if told.lower() in _NOT:
        return None
    day = _day(headers.get("sunset", "").strip()) or _day(told)
    what = "{endpoint} says that this model is going away"
    if not day:
        return Note(what=what + ", but not when.", facts={"endpoint": endpoint})
    return Note(what=what + ": {day}.", facts={"endpoint": endpoint, "day": day})


def _day(moment: str) -> str:
    """The day of a moment in any of its forms, as 2027-01-31; empty where it is none."""
    from email.utils import parsedate_to_datetime

    try:
        if moment.startswith("@"):
            return datetime.fromtimestamp(int(moment[1:]), UTC).date().isoformat()
        read = datetime.fromisoformat if moment[:4].isdigit() else parsedate_to_datetime
        return read(moment).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return ""
