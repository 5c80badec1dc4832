"""Where a question goes."""

from __future__ import annotations

from typing import NamedTuple

from app.domain.message import ToolSpec
from app.domain.picture import Detail
from app.domain.request import Parameters
from app.providers.provider import Provider


class Route(NamedTuple):
    """Who answers, and how.

    `system` is said before the conversation. `prefill` is the beginning of the answer, which the
    model goes on with. `author` is the name of who asks, for endpoints that tell people apart by
    it, empty for none. `session` is the id under which the endpoint may keep the conversation,
    empty for none. `stream` False asks for the answer in one piece. `sees`: whether the model takes
    pictures, None where nobody knows; one that does not is sent none.
    """

    provider: Provider
    model: str
    projector: str | None = None
    parameters: Parameters = Parameters()
    system: str = ""
    prefill: str = ""
    session: str = ""
    tools: tuple[ToolSpec, ...] = ()
    detail: Detail = Detail.FIT
    stream: bool = True
    author: str = ""
    sees: bool | None = None
