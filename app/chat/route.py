"""Where a question goes."""

from __future__ import annotations

from typing import NamedTuple

from app.domain.message import RunCard, ToolSpec
from app.domain.model import Endpoint, Limits, PictureEncoding
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


class Recipient(NamedTuple):
    """Who is asked, as far as the pictures go along. `characters` are those of the texts that the route
    says before and after the conversation."""

    endpoint: Endpoint
    model: str
    limits: Limits
    detail: Detail = Detail.FIT
    sees: bool | None = None
    characters: int = 0

    @property
    def hears_of_pictures(self) -> bool:
        """Whether words may name the pictures of other messages: not where each question is heard alone, nor
        where pixels are looked at and nobody reads coordinates."""
        return not self.limits.single_turn and self.limits.encoding is not PictureEncoding.RGB


def recipient_of(route: Route) -> Recipient:
    """Who is asked on a route, by what the endpoint takes now."""
    return Recipient(
        endpoint=route.provider.endpoint,
        model=route.model,
        limits=route.provider.limits(route.model),
        detail=route.detail,
        sees=route.sees,
        characters=len(route.system) + len(route.prefill),
    )


def recipient_before(run: RunCard) -> Recipient:
    """Who was asked, where only the run card is left: what the endpoint took is not known any more."""
    return Recipient(
        endpoint=Endpoint(id=run.endpoint_id, name=run.endpoint, on_this_computer=False),
        model=run.model,
        limits=Limits(longest_side=0, most_pictures=len(run.prepared)),
        detail=run.detail,
        sees=run.sees,
        characters=len(run.system) + len(run.prefill),
    )


def for_one(route: Route) -> Route:
    """The route to a single answer."""
    return route._replace(parameters=route.parameters.replace(n=None))
