"""Pictures of a branch, chosen and prepared for an endpoint: before a question is sent, and to send it."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from app.chat.filling import Filling, Made, Planned, Room
from app.chat.picture_policy import Claim, Spoken, in_turn, rulings
from app.chat.repeats import key_of
from app.chat.route import Recipient
from app.domain.conversation import Node
from app.domain.errors import PictureRefused
from app.domain.events import Event, Noted, Progress
from app.domain.message import Message, Note, PicturePart
from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, Picture, Prepared
from app.domain.region import PictureChoices, RegionSend, Treatment
from app.domain.request import PromptPicture
from app.pictures.decoder import Decoder
from app.pictures.prepare import LINK, as_sent, linked, prepare
from app.pictures.views import covered

_MOST_KNOWN = 4096
REMEMBERED_BYTES = 64 * 2**20
"""So much of what was prepared is remembered: what a plan showed is sent without preparing it again."""

_FIRST_REGIONS = (
    "This model looks at no more than {most} pictures: {count} of {all} regions of {name} went along."
)
_FIRST_REGION = "This model looks at no more than 1 picture: {count} of {all} regions of {name} went along."


class Original(NamedTuple):
    """Where the bytes of a picture are and what is known about it."""

    path: Path
    picture: Picture


Originals = Callable[[str], Awaitable[Original]]
"""Finds the original for a SHA-256. Raises KeyError for one that nobody knows."""
Kept = Callable[[str], Awaitable[bytes | None]]
"""Finds what was sent by its SHA-256; None where it is not there any more."""
Report = Callable[[Event], None]

Place = tuple[str, int]
"""The id of a message, and which of its pictures."""

AT_ONCE = 250
"""Messages of a long branch that are gone through in one turn of the event loop."""

Turn = TypeVar("Turn", bound=Message | Node)


class Turns(NamedTuple):
    """A branch as far as its pictures go: the messages that show some, the id of the question, which is
    the last one, and how many characters all messages have."""

    showing: tuple[Spoken, ...]
    question: str
    characters: int


class _Recent:
    """What was prepared last, up to a number of bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._made: OrderedDict[tuple[object, ...], Made] = OrderedDict()
        self._weight = 0

    def get(self, key: tuple[object, ...]) -> Made | None:
        found = self._made.get(key)
        if found is not None:
            self._made.move_to_end(key)
        return found

    def put(self, key: tuple[object, ...], made: Made) -> None:
        self._made[key] = made
        self._weight += made.weight
        while self._weight > self._most_bytes:
            self._weight -= self._made.popitem(last=False)[1].weight


class Planner:
    """Chooses and prepares pictures. What was prepared last is remembered.

    One picture is prepared after the other, whoever asks: who sends what a plan prepares waits for it.
    Cancelling frees the decoder.
    """

    def __init__(
        self, decoder: Decoder, originals: Originals, kept: Kept, most_bytes: int = REMEMBERED_BYTES
    ) -> None:
        self._decoder = decoder
        self._originals = originals
        self._kept = kept
        self._recent = _Recent(most_bytes)
        self._pictures: dict[str, Picture] = {}
        self._turn = asyncio.Lock()

    async def planned(
        self,
        turns: Turns,
        to: Recipient,
        choices: PictureChoices,
        report: Report,
    ) -> Planned:
        """What becomes of the pictures of a branch. `report` hears how far reading is."""
        ruled = rulings(turns.showing, turns.question, choices, to.limits, to.sees)
        room = Room(to.limits, turns.characters + to.characters)
        filling = Filling(ruled, room, as_put=not to.hears_of_pictures)
        order = in_turn(ruled)
        total = min(len(order), max(0, to.limits.most_pictures))
        if total:
            report(Progress(stage="reading", fraction=0.0))
        for done, place in enumerate(order, start=1):
            if not done % AT_ONCE:
                await asyncio.sleep(0)
            try:
                await self._fill(filling, place, to)
            except PictureRefused as refused:
                filling.refuse(place, refused, has_to_go=ruled[place].claim is not Claim.KEPT)
            if done <= total:
                report(Progress(stage="reading", fraction=done / total))
        return filling.planned()

    async def repeated(
        self,
        turns: Turns,
        to: Recipient,
        choices: PictureChoices,
        sent: Sequence[Prepared],
        report: Report,
    ) -> Planned:
        """The pictures that went with an earlier request for the same branch, as they went then."""
        before = places_of(turns.showing, sent)
        ruled = rulings(turns.showing, turns.question, choices, to.limits, to.sees)
        filling = Filling(ruled, Room(to.limits, 0), as_put=True)
        if before:
            report(Progress(stage="reading", fraction=0.0))
        done, also = 0, Counter(len(ruled) - 1 - after for prepared in sent for after in prepared.also)
        for place, ruling in enumerate(ruled):
            was = before.get((ruling.message_id, ruling.position))
            if was is None:
                continue
            try:
                made = await self._as_before(ruling.part, was, also[place], to)
                filling.put(place, made._replace(views=_shared_as(was, made.views)))
            except PictureRefused as refused:
                filling.refuse(place, refused, has_to_go=True)
            done += 1
            report(Progress(stage="reading", fraction=done / len(before)))
        filling.put_rest()
        return filling.planned()

    async def recalled(
        self, turns: Turns, to: Recipient, choices: PictureChoices, sent: Sequence[Prepared]
    ) -> Planned:
        """The pictures that went with an earlier request, as far as they are kept; nothing is prepared.

        A view that is not kept any more has no data.
        """
        before = places_of(turns.showing, sent)
        ruled = rulings(turns.showing, turns.question, choices, to.limits, to.sees, then=True)
        filling = Filling(ruled, Room(to.limits, 0), as_put=True)
        for place, ruling in enumerate(ruled):
            was = before.get((ruling.message_id, ruling.position))
            if was is not None:
                filling.put(place, await self._recalled(ruling.part, was))
        filling.put_rest()
        return filling.planned()

    async def _recalled(self, part: PicturePart, was: Sequence[Prepared]) -> Made:
        picture = await self.known(part.sha256)
        first = was[0]
        size = round(first.width * first.scale_x), round(first.height * first.scale_y)
        views = [
            PromptPicture(
                prepared=prepared,
                original_width=picture.width if picture else size[0],
                original_height=picture.height if picture else size[1],
                name=part.name,
                data=(await self._kept(prepared.sha256) or b"") if prepared.sha256 else b"",
                link=part.link if prepared.mime == LINK else "",
            )
            for prepared in was
        ]
        return Made(picture, tuple(views))

    async def _fill(self, filling: Filling, place: int, to: Recipient) -> None:
        """Prepare a picture and put it where there is room. Raises PictureRefused."""
        if not filling.room.pictures:
            filling.put_what_goes(place, filling.room.too_many())
            return
        made = await self._at_most(filling, place, filling.share(place), to)
        cause = filling.room.without(filling.fresh(made.views))
        if cause is None:
            filling.put(place, made)
        else:
            filling.put_what_goes(place, cause)

    async def _at_most(self, filling: Filling, place: int, share: int, to: Recipient) -> Made:
        """A picture with at most `share` views that do not go yet, at least one: what there is no room for is
        drawn on the whole picture.

        But where only parts were to go, no other pixel does: then the first of them go. Raises
        PictureRefused.
        """
        part = filling.ruled[place].part
        made = await self._made(part, to)
        fresh = filling.fresh(made.views)
        if len(fresh) <= share:
            return made
        if part.treatment.sends is not RegionSend.CROP:
            return await self._made(part, to._replace(limits=to.limits.replace(most_pictures=share)))
        behind = set(map(key_of, fresh[share:]))
        views = tuple(view for view in made.views if key_of(view) not in behind)
        facts = {
            "name": part.name,
            "most": str(to.limits.most_pictures),
            "count": str(len(views)),
            "all": str(len(made.views)),
        }
        what = _FIRST_REGION if to.limits.most_pictures == 1 else _FIRST_REGIONS
        note = Note(what=what, facts=facts)
        return made._replace(views=views, notes=(*made.notes, note))

    async def _made(self, part: PicturePart, to: Recipient) -> Made:
        """The views of a picture. Raises PictureRefused."""
        original, treatment = await self._original(part), part.treatment.replace(detail=None)
        if part.link and to.endpoint.takes_links and is_untreated(treatment):
            return Made(original.picture, (linked(original.picture, part.name, part.link),))
        detail, limits = part.treatment.detail or to.detail, to.limits
        if detail is Detail.TILES and limits.encoding is PictureEncoding.RGB:
            detail = Detail.FIT  # who gets rows of pixels looks at all of them at once
        if treatment.sends is RegionSend.CROP:
            limits = limits.replace(most_pictures=max(limits.most_pictures, len(treatment.regions)))
        key = (part.sha256, part.name, treatment, limits, detail)
        async with self._turn:
            made = self._recent.get(key)
            if made is None:
                made = await self._prepare(original, part.name, limits, detail, treatment)
                self._recent.put(key, made)
        return made

    async def _prepare(
        self, original: Original, name: str, limits: Limits, detail: Detail, treatment: Treatment
    ) -> Made:
        told: list[Note] = []

        def hear(event: Event) -> None:
            if isinstance(event, Noted):
                told.append(event.note)

        views = await prepare(
            self._decoder, original.path, original.picture, name, limits, detail, treatment, hear
        )
        views = tuple(view.replace(detail=detail) for view in views)
        return Made(original.picture, views, tuple(told))

    async def _as_before(self, part: PicturePart, was: Sequence[Prepared], also: int, to: Recipient) -> Made:
        """What was sent once, beside so many views that went `also`, with others; made again where its
        bytes are not kept any more, or show what was covered since. Raises PictureRefused."""
        original = await self._original(part)
        if was[0].mime == LINK and is_untreated(part.treatment):
            return Made(original.picture, (linked(original.picture, part.name, part.link),))
        detail = part.treatment.detail or to.detail
        same = [prepared for prepared in was if prepared.mime != LINK and _is_covered(part, prepared)]
        kept = [(prepared, await self._kept(prepared.sha256)) for prepared in same]
        views = tuple(
            as_sent(prepared, original.picture, part.name, data).replace(detail=detail)
            for prepared, data in kept
            if data is not None
        )
        if len(views) == len(was):
            return Made(original.picture, views)
        made, count = await self._made(part, to), len(was) + also
        if len(made.views) > count:
            made = await self._made(part, to._replace(limits=to.limits.replace(most_pictures=count)))
        numbers = {prepared.number for prepared in was}
        views = tuple(view for view in made.views if view.prepared.number in numbers)
        made = made._replace(views=views or made.views)
        if [view.prepared.sha256 for view in made.views] != [prepared.sha256 for prepared in was]:
            made = made._replace(notes=(*made.notes, _not_the_same(part.name)))
        return made

    async def known(self, sha256: str) -> Picture | None:
        """What is known of an original; None for one that nobody knows. It is looked up once."""
        if sha256 not in self._pictures:
            try:
                picture = (await self._originals(sha256)).picture
            except KeyError:
                return None
            if len(self._pictures) >= _MOST_KNOWN:
                self._pictures.clear()
            self._pictures[sha256] = picture
        return self._pictures[sha256]

    async def _original(self, part: PicturePart) -> Original:
        try:
            return await self._originals(part.sha256)
        except KeyError as error:
            raise PictureRefused(name=part.name, reason="it is not in the library") from error


def is_untreated(treatment: Treatment) -> bool:
    """Whether a picture is shown as it is: only then may whoever fetches it from its address see it."""
    return not (treatment.regions or treatment.redactions)


async def turns_of(branch: Sequence[Turn]) -> Turns:
    """The branch as far as its pictures go; others have their turn between the pieces of a long one."""
    showing, characters = list[Spoken](), 0
    async for some in in_slices(branch):
        showing += [turn for turn in some if turn.pictures]
        characters += sum(len(turn.text) if isinstance(turn, Message) else turn.characters for turn in some)
    return Turns(tuple(showing), branch[-1].id if branch else "", characters)


async def in_slices(branch: Sequence[Turn]) -> AsyncIterator[Sequence[Turn]]:
    """The messages of `branch` in pieces; between two of them others have their turn."""
    for start in range(0, len(branch), AT_ONCE):
        if start:
            await asyncio.sleep(0)
        yield branch[start : start + AT_ONCE]


def places_of(showing: Sequence[Spoken], sent: Sequence[Prepared]) -> Mapping[Place, tuple[Prepared, ...]]:
    """Where the pictures that were sent stand, each with its views: the newest was sent last.

    The views of a picture are numbered from 0; older run cards number none, each was a picture. They do
    not note the turn either.
    """
    if (noted := _noted_places(showing, sent)) is not None:
        return noted
    groups: list[list[Prepared]] = []
    for prepared in sent:
        if prepared.number and groups and groups[-1][0].original == prepared.original:
            groups[-1].append(prepared)
        else:
            groups.append([prepared])
    places = dict[Place, tuple[Prepared, ...]]()
    for message in reversed(showing):
        for position, part in reversed(tuple(enumerate(message.pictures))):
            if groups and groups[-1][0].original == part.sha256:
                places[message.id, position] = tuple(groups.pop())
    return places


def _noted_places(
    showing: Sequence[Spoken], sent: Sequence[Prepared]
) -> Mapping[Place, tuple[Prepared, ...]] | None:
    """Where the pictures stand by what was noted as they were sent; None where that says nothing, or the
    messages are others by now."""
    places: dict[Place, tuple[Prepared, ...]] = defaultdict(tuple)
    for prepared in sent:
        if prepared.turn is None or not 0 <= prepared.turn < len(showing):
            return None
        message = showing[-1 - prepared.turn]
        hashes = [part.sha256 for part in message.pictures]
        if prepared.original not in hashes:
            return None
        places[message.id, hashes.index(prepared.original)] += (prepared,)
    return places


def _shared_as(was: Sequence[Prepared], views: Sequence[PromptPicture]) -> tuple[PromptPicture, ...]:
    """The views, sent for the same other pictures as those that were sent with their numbers."""
    also = {prepared.number: prepared.also for prepared in was}
    return tuple(
        view.replace(prepared=view.prepared.replace(also=also.get(view.prepared.number, ())))
        for view in views
    )


def _is_covered(part: PicturePart, sent: Prepared) -> bool:
    """Whether everything was covered in what was sent that is covered by now.

    What was sent before it was noted which places were covered counts as sent without covers.
    """
    right, bottom = sent.left + sent.width * sent.scale_x, sent.top + sent.height * sent.scale_y
    box = round(sent.left), round(sent.top), round(right), round(bottom)
    return {redaction.digest for redaction in covered(part.treatment.redactions, box)} <= set(sent.covers)


def _not_the_same(name: str) -> Note:
    what = "{name} was prepared anew, and it is not to the byte what was sent before."
    return Note(what=what, facts={"name": name})
