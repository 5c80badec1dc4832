"""Filling a request with pictures, as far as there is room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from app.chat.picture_policy import Claim, Ruling, note_of
from app.chat.picture_words import description
from app.chat.plan import Cause, Fate, PlannedPicture, Why
from app.chat.repeats import Carried, Key, key_of, once, went_also
from app.domain.errors import PictureRefused
from app.domain.message import Note, PicturePart
from app.domain.model import Limits
from app.domain.picture import Detail, Picture, Prepared
from app.domain.request import PromptPicture

_REFUSED = "{name} did not go along: {reason}."
_BYTES_A_CHARACTER = 3
_AROUND = 64 * 1024
"""Bytes of a request that are neither text nor pictures."""


class Planned(NamedTuple):
    """What becomes of the pictures of a branch, in its order, and what the user should know of it.

    `refused` is why a picture that has to go cannot be prepared.
    """

    pictures: tuple[PlannedPicture, ...]
    notes: tuple[Note, ...] = ()
    refused: PictureRefused | None = None


class Made(NamedTuple):
    """A picture as it goes, and what the user should know of that. `also` went with another message."""

    picture: Picture | None
    views: tuple[PromptPicture, ...]
    notes: tuple[Note, ...] = ()
    also: tuple[PromptPicture, ...] = ()

    @property
    def weight(self) -> int:
        """The bytes of all views."""
        return sum(len(view.data) for view in self.views)


class Room:
    """What is left of what an endpoint takes of pictures in one request."""

    def __init__(self, limits: Limits, characters: int) -> None:
        self.limits = limits
        self.pictures = max(0, limits.most_pictures)
        self._bytes: int | None = None
        if limits.most_request_bytes is not None:
            others = _AROUND + _BYTES_A_CHARACTER * characters
            self._bytes = max(0, limits.most_request_bytes - others) // 4 * 3

    def without(self, views: Sequence[PromptPicture]) -> Cause | None:
        """Why there is no room for these; None where there is."""
        if len(views) > self.pictures:
            return self.too_many()
        if self._bytes is None or self._weight(views) <= self._bytes:
            return None
        return Cause(Why.TOO_HEAVY, self.limits.most_request_bytes or 0)

    def too_many(self) -> Cause:
        """That the model looks at no more, or at none."""
        most = self.limits.most_pictures
        return Cause(Why.TOO_MANY, most) if most > 0 else Cause(Why.SEES_NONE)

    def take(self, views: Sequence[PromptPicture]) -> None:
        """Give these their room."""
        self.pictures -= len(views)
        if self._bytes is not None:
            self._bytes -= self._weight(views)

    def _weight(self, views: Sequence[PromptPicture]) -> int:
        """The bytes of those that are within the request; an upload is beside it."""
        most = self.limits.most_bytes
        return sum(
            len(view.data)
            for view in views
            if not (view.detail is Detail.UPLOAD and most is not None and len(view.data) > most)
        )


class Filling:
    """The pictures of a branch on their way into a request.

    `as_put`: each goes as it was put, and not once where it was put twice.
    """

    def __init__(self, ruled: Sequence[Ruling], room: Room, *, as_put: bool = False) -> None:
        self.ruled = ruled
        self.room = room
        self.refused: PictureRefused | None = None
        self._as_put = as_put
        self._made: dict[int, Made] = {}
        self._keys: set[Key] = set()
        self._late: set[int] = set()
        self._left: dict[int, Cause] = {n: ruling.cause for n, ruling in enumerate(ruled) if ruling.cause}
        self._refusals: dict[int, PictureRefused] = {}
        self._own = sum(ruling.claim is Claim.OWN and ruling.fate is Fate.GOES for ruling in ruled)

    def share(self, place: int) -> int:
        """How many views a picture may have; each other of the question's own is left one."""
        if self.ruled[place].claim is not Claim.OWN:
            return self.room.pictures
        self._own -= 1
        return max(1, self.room.pictures - self._own)

    def fresh(self, views: Sequence[PromptPicture]) -> Sequence[PromptPicture]:
        """Those that do not go yet: only they need room."""
        return views if self._as_put else [view for view in views if key_of(view) not in self._keys]

    def goes(self, part: PicturePart) -> bool:
        """Whether the same picture goes already, treated in the same way, or whole where nothing is drawn on
        this one: then there may be nothing new in it."""
        those = [self.ruled[place].part for place in self._made]
        treated = (one.treatment for one in those if one.sha256 == part.sha256)
        return any(part.treatment in (one, one.replace(regions=())) for one in treated)

    def put(self, place: int, made: Made) -> None:
        """It goes."""
        if not self.room.pictures:
            self._late.add(place)
        self._made[place] = made
        self.room.take(self.fresh(made.views))
        self._keys.update(map(key_of, made.views))

    def put_rest(self, sent: Sequence[Prepared]) -> None:
        """What was not put did not go along, if it should have, in the earlier request with all of `sent`;
        but it did where another message had the same to show."""
        views = [view for made in self._made.values() for view in made.views]
        went_once = all(prepared.turn is not None for prepared in sent)
        for place, ruling in enumerate(self.ruled):
            made = self._made.get(place, Made(None, ()))
            whole_elsewhere = not made.views or made.views[0].prepared.number > 0
            also = went_also(ruling.part, made.views, views) if went_once and whole_elsewhere else ()
            if also and ruling.fate is Fate.GOES and place not in self._refusals:
                self._made[place] = made._replace(also=also)
            elif ruling.fate is Fate.GOES and not made.views and place not in self._refusals:
                self.leave(place, Cause(Why.AS_BEFORE))

    def leave(self, place: int, cause: Cause) -> None:
        """It stays behind."""
        self._left[place] = cause

    def refuse(self, place: int, refused: PictureRefused, *, has_to_go: bool) -> None:
        """It cannot be prepared."""
        self._refusals[place] = refused
        if has_to_go and self.refused is None:
            self.refused = refused

    def planned(self) -> Planned:
        """All, in the order of the branch."""
        if self._as_put:
            carried = {place: Carried(made.views, made.also) for place, made in self._made.items()}
        else:
            carried = once({place: made.views for place, made in self._made.items()}, self._late)
        turns = {name: n for n, name in enumerate(dict.fromkeys(r.message_id for r in reversed(self.ruled)))}
        pictures = (
            self._planned(place, ruling, turns[ruling.message_id], carried.get(place, Carried()))
            for place, ruling in enumerate(self.ruled)
        )
        return Planned(tuple(pictures), self._notes(), self.refused)

    def _notes(self) -> tuple[Note, ...]:
        """Of pictures that were changed, then of those that stay behind."""
        changed = [note for place in sorted(self._made) for note in self._made[place].notes]
        named: dict[Cause, list[str]] = defaultdict(list)
        for place in sorted(self._left):
            named[self._left[place]].append(self._name(place))
        behind = filter(None, (note_of(cause, names) for cause, names in named.items()))
        refused = [
            Note(what=_REFUSED, facts={"name": self._name(place), "reason": refusal.facts["reason"]})
            for place, refusal in sorted(self._refusals.items())
        ]
        return (*changed, *behind, *refused)

    def _planned(self, place: int, ruling: Ruling, turn: int, carried: Carried) -> PlannedPicture:
        planned = PlannedPicture(ruling.message_id, ruling.position, ruling.part, None, ruling.fate)
        if place in self._made:
            made = self._made[place]
            is_link = any(view.link for view in made.views)
            return planned._replace(
                fate=Fate.LINK if is_link else Fate.GOES,
                picture=made.picture,
                views=tuple(
                    view.replace(prepared=view.prepared.replace(turn=turn)) for view in carried.views
                ),
                also=carried.also,
            )
        if place in self._refusals:
            cause = Cause(Why.REFUSED, refused=self._refusals[place])
            return planned._replace(fate=Fate.REFUSED, cause=cause)
        if ruling.fate is Fate.DESCRIBED:
            return planned._replace(words=description(ruling.words))
        fate = Fate.NO_ROOM if ruling.fate is Fate.GOES else ruling.fate
        return planned._replace(fate=fate, cause=self._left[place])

    def _name(self, place: int) -> str:
        return self.ruled[place].part.name
