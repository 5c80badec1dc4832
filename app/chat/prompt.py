"""A branch of the conversation becomes what a provider is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.chat.filling import Planned
from app.chat.picture_words import before_text, numbers_of, views_of, with_words
from app.chat.plan import Plan, PlannedPicture, plan_of
from app.chat.planning import Kept, Original, Originals, Planner, Report, Turn, in_slices, turns_of
from app.chat.route import Recipient, Route, recipient_of
from app.domain.events import Event, Noted
from app.domain.message import Message, Role
from app.domain.picture import Prepared
from app.domain.region import NOTHING_CHOSEN, PictureChoices
from app.domain.request import ChatRequest, PromptMessage, PromptPicture
from app.pictures.decoder import Decoder

__all__ = ["Kept", "Original", "Originals", "PromptBuilder", "Report", "nothing_kept"]


async def nothing_kept(sha256: str) -> bytes | None:
    """For who keeps nothing of what is sent."""
    return None


def _to_nobody(event: Event) -> None:
    return


class PromptBuilder:
    """Turns messages into prompt messages, their pictures prepared for an endpoint's limits."""

    def __init__(self, decoder: Decoder, originals: Originals, kept: Kept = nothing_kept) -> None:
        self._planner = Planner(decoder, originals, kept)

    async def request(
        self,
        branch: Sequence[Message],
        route: Route,
        report: Report,
        sent: Sequence[Prepared] | None = None,
        choices: PictureChoices = NOTHING_CHOSEN,
    ) -> ChatRequest:
        """What the provider of `route` is sent for `branch`, of which the last message is the question.

        `sent` are the pictures of an earlier request for `branch`: then those go along, as they
        went then. `report` hears of pictures being read, made smaller, left out, or not being what
        they were. Raises PictureRefused for one of the question, or one that the user pinned; another
        one stays behind.
        """
        turns, to = await turns_of(branch), recipient_of(route)
        if sent is None:
            planned = await self._planner.planned(turns, to, choices, report)
        else:
            planned = await self._planner.repeated(turns, to, choices, sent, report)
        if planned.refused is not None:
            raise planned.refused
        for note in planned.notes:
            report(Noted(note=note))
        first = (PromptMessage(role=Role.SYSTEM, text=route.system),) if route.system else ()
        last = (PromptMessage(role=Role.ASSISTANT, text=route.prefill),) if route.prefill else ()
        return ChatRequest(
            model=route.model,
            messages=(*first, *await _messages(branch, route, planned), *last),
            parameters=route.parameters,
            projector=route.projector,
            tools=route.tools,
            session=route.session,
            stream=route.stream,
            detail=route.detail,
        )

    async def plan(
        self,
        branch: Sequence[Turn],
        to: Recipient,
        choices: PictureChoices,
        sent: Sequence[Prepared] | None = None,
    ) -> Plan:
        """What `request` would send of the pictures of `branch`, prepared in the same way.

        A picture that is refused is told like any other that stays behind. What is prepared here is
        not prepared again to be sent. With `sent` nothing is prepared: what was sent then is told, and
        what is not kept of it has no data.
        """
        turns = await turns_of(branch)
        if sent is None:
            planned = await self._planner.planned(turns, to, choices, _to_nobody)
        else:
            planned = await self._planner.recalled(turns, to, choices, sent)
        pictures, said = list[PlannedPicture](), 0
        for message_id, those in _by_message(planned, to).items():
            pictures += [await self._told(one, to.model) for one in those.pictures]
            said += sum(map(len, _before(those, to, again=message_id != turns.question)))
        characters = turns.characters + to.characters + said
        return plan_of(tuple(pictures), to.endpoint, characters, planned.notes)

    async def _told(self, one: PlannedPicture, model: str) -> PlannedPicture:
        picture = one.picture or await self._planner.known(one.part.sha256)
        return one._replace(picture=picture, tokens=_tokens(model, one.views))


async def _messages(branch: Sequence[Message], route: Route, planned: Planned) -> tuple[PromptMessage, ...]:
    """The prompt for `branch`; messages that never said anything are left out.

    What is said of pictures is put before the text, but not where an endpoint hears a single turn:
    there the words may be a command.
    """
    question = branch[-1].id if branch else ""
    to = recipient_of(route)
    by_message = _by_message(planned, to)
    prompt: list[PromptMessage] = []
    async for part in in_slices(branch):
        for message in part:
            those = by_message.get(message.id, _Pictures([]))
            pictures = tuple(view for one in those.pictures if one.goes for view in one.views)
            before = _before(those, to, again=message.id != question)
            text = "\n\n".join(filter(None, (*before, message.text)))
            if text or pictures or message.tool_calls or message.role is Role.USER:
                prompt.append(
                    PromptMessage(
                        role=message.role,
                        text=text,
                        pictures=pictures,
                        tool_calls=message.tool_calls,
                        name=route.author if message.role is Role.USER else "",
                    )
                )
    return tuple(prompt)


class _Pictures(NamedTuple):
    """The pictures of one message, and the number of their first view in the request."""

    pictures: list[PlannedPicture]
    first: int = 1


def _by_message(planned: Planned, to: Recipient) -> Mapping[str, _Pictures]:
    """The pictures by their messages, with what is said of those that go."""
    found: dict[str, list[PlannedPicture]] = defaultdict(list)
    for picture in planned.pictures:
        found[picture.message_id].append(picture)
    if not to.hears_of_pictures:
        return {message_id: _Pictures(those) for message_id, those in found.items()}
    told, first, numbers = dict[str, _Pictures](), 1, numbers_of(planned.pictures)
    for message_id, those in found.items():
        told[message_id] = _Pictures(with_words(those, first, numbers), first)
        first += views_of(those)
    return told


def _before(those: _Pictures, to: Recipient, *, again: bool) -> list[str]:
    """The paragraphs before the text of a message; `again`: of an earlier one."""
    return [] if to.limits.single_turn else before_text(those.pictures, those.first, again=again)


def _tokens(model: str, views: Sequence[PromptPicture]) -> int | None:
    """About what the views cost the model; None where its formula is not known, or nothing goes."""
    from app.pictures.tokens import estimate  # only plans count

    found = [estimate(model, view.prepared.width, view.prepared.height) for view in views]
    known = [each.count for each in found if each is not None]
    return sum(known) if known and len(known) == len(views) else None
