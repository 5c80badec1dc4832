"""Filling a request with pictures, as far as there is room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from app.chat.picture_policy import Claim, Ruling, note_of
from app.chat.picture_words import description
from app.chat.plan import Cause, Fate, PlannedPicture, Why
from app.chat.repeats import Carried, Key, Keys, once
from app.domain.errors import PictureRefused
from app.domain.message import Note
from app.domain.model import Limits
from app.domain.picture import Detail, Picture, View
from app.domain.region import RegionSend, Treatment
from app.domain.request import PromptPicture

_REFUSED = "{name} did not go along: {reason}."
_IN_WORDS = "No room was left for the regions of {name}: they are told in words."
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
        self._keys = Keys()
        self._gone: set[Key] = set()
        self._going: dict[tuple[str, Treatment], Made] = {}
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
        return views if self._as_put else [view for view in views if self._keys.of(view) not in self._gone]

    def put(self, place: int, made: Made) -> None:
        """It goes."""
        part = self.ruled[place].part
        self._made[place] = made
        self.room.take(self.fresh(made.views))
        self._gone.update(map(self._keys.of, made.views))
        self._going[part.sha256, part.treatment] = made._replace(notes=())
        whole = tuple(view for view in made.views if _is_bare_whole(view))
        if whole:
            self._going.setdefault((part.sha256, _bare(part.treatment)), Made(made.picture, whole))

    def put_what_goes(self, place: int, cause: Cause) -> None:
        """There is no room for it: it stays behind, unless the same picture goes already, treated in the
        same way, or whole where parts of this one were not to go alone: words tell its regions there."""
        part = self.ruled[place].part
        regions = part.treatment.regions
        going = self._going.get((part.sha256, part.treatment))
        if going is None and not (regions and part.treatment.sends is RegionSend.CROP):
            going = self._going.get((part.sha256, _bare(part.treatment)))
            if going and regions:
                going = going._replace(notes=(Note(what=_IN_WORDS, facts={"name": part.name}),))
        if going is None or self._as_put:
            self.leave(place, cause)
        else:
            self._made[place] = going
            self._late.add(place)

    def put_rest(self) -> None:
        """Where all that went with an earlier request is put, the others that should go stay behind; but not
        those for which something was sent with another message, as that notes."""
        also: dict[int, list[PromptPicture]] = defaultdict(list)
        for view in (view for made in self._made.values() for view in made.views):
            for after in view.prepared.also:
                also[len(self.ruled) - 1 - after].append(view)
        for place, ruling in enumerate(self.ruled):
            if ruling.fate is not Fate.GOES or place in self._refusals:
                continue
            those = tuple(view for view in also[place] if view.prepared.original == ruling.part.sha256)
            if those:
                self._made[place] = self._made.get(place, Made(None, ()))._replace(also=those)
            elif place not in self._made:
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
            carried = once(
                {place: made.views for place, made in self._made.items()}, self._late, self._keys.of
            )
        turns = {name: n for n, name in enumerate(dict.fromkeys(r.message_id for r in reversed(self.ruled)))}
        also: dict[Key, list[int]] = defaultdict(list)
        for place, (_, shared) in sorted(carried.items(), key=lambda each: each[0]):
            for view in shared:
                also[self._keys.of(view)].append(len(self.ruled) - 1 - place)

        def noted(view: PromptPicture, turn: int) -> PromptPicture:
            those = tuple(also.get(self._keys.of(view), ()))
            return view.replace(prepared=view.prepared.replace(turn=turn, also=those))

        pictures = list[PlannedPicture]()
        for place, ruling in enumerate(self.ruled):
            own, shared = carried.get(place, Carried())
            views = tuple(noted(view, turns[ruling.message_id]) for view in own)
            pictures.append(self._planned(place, ruling, Carried(views, shared)))
        return Planned(tuple(pictures), self._notes(), self.refused)

    def _notes(self) -> tuple[Note, ...]:
        """Of pictures that were changed, then of those that stay behind."""
        notes = (note for place in sorted(self._made) for note in self._made[place].notes)
        changed = {(note.what, *note.facts.items()): note for note in notes}.values()
        named: dict[Cause, list[str]] = defaultdict(list)
        for place in sorted(self._left):
            named[self._left[place]].append(self._name(place))
        behind = filter(None, (note_of(cause, names) for cause, names in named.items()))
        refused = [
            Note(what=_REFUSED, facts={"name": self._name(place), "reason": refusal.facts["reason"]})
            for place, refusal in sorted(self._refusals.items())
        ]
        return (*changed, *behind, *refused)

    def _planned(self, place: int, ruling: Ruling, carried: Carried) -> PlannedPicture:
        planned = PlannedPicture(ruling.message_id, ruling.position, ruling.part, None, ruling.fate)
        if place in self._made:
            made = self._made[place]
            is_link = any(view.link for view in (*carried.views, *carried.also))
            return planned._replace(
                fate=Fate.LINK if is_link else Fate.GOES,
                picture=made.picture,
                views=carried.views,
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


def _bare(treatment: Treatment) -> Treatment:
    """With nothing drawn on the picture, and nothing cut out of it."""
    return treatment.replace(regions=(), sends=RegionSend.BOTH)


def _is_bare_whole(view: PromptPicture) -> bool:
    return view.prepared.view is View.WHOLE and not view.prepared.marked and not view.link
