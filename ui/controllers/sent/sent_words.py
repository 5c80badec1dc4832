"""What is sent of pictures, in words: for the inspector and for the line in the composer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.chat.plan import Cause, Fate, Plan, PlannedPicture, Why
from app.domain.message import Message
from app.domain.model import Limits, PictureEncoding
from app.domain.picture import Detail, View
from app.domain.region import PictureRule
from ui import problems
from ui.controllers.sent.details import sizes
from ui.controllers.sent.sent_facts import Asked, facts_of, keeps_every_pixel, view_of, view_title
from ui.controllers.sizes import counted, number_words, size_words
from ui.inspector.shown import Advice, ShownPicture, ShownPlan, Way

READABLE_PX = 8.0
"""Writing that is less high than so many pixels is often not read."""
_NO_RULES: Mapping[str, PictureRule] = MappingProxyType({})
BY_ROUTE = ""
"""The value of the way in which the model's own setting decides."""

_LINES = {
    Fate.LINK: QT_TRANSLATE_NOOP("Sent", "As an address"),
    Fate.DESCRIBED: QT_TRANSLATE_NOOP("Sent", "Described in words"),
    Fate.DROPPED: QT_TRANSLATE_NOOP("Sent", "Left out"),
    Fate.NO_ROOM: QT_TRANSLATE_NOOP("Sent", "Left out: no room"),
    Fate.UNSEEN: QT_TRANSLATE_NOOP("Sent", "Left out: not seen"),
    Fate.REFUSED: QT_TRANSLATE_NOOP("Sent", "Refused"),
}
_TONES = {Fate.NO_ROOM: "warning", Fate.UNSEEN: "warning", Fate.REFUSED: "danger"}
_REMEDIES = {
    Fate.DROPPED: QT_TRANSLATE_NOOP("Sent", "Choose below that it goes along again."),
    Fate.NO_ROOM: QT_TRANSLATE_NOOP(
        "Sent", "Choose below that it always goes along, or attach it to the question."
    ),
    Fate.UNSEEN: QT_TRANSLATE_NOOP("Sent", "Choose another model, or below that words stand in its place."),
    Fate.REFUSED: QT_TRANSLATE_NOOP("Sent", "Choose another size in which it goes, or another model."),
}
_CAUSES = {
    Why.LEFT_OUT: QT_TRANSLATE_NOOP("Sent", "You chose to leave it out."),
    Why.NO_EARLIER: QT_TRANSLATE_NOOP("Sent", "You chose to send no earlier pictures."),
    Why.NOT_DESCRIBED: QT_TRANSLATE_NOOP("Sent", "There is no description yet to stand in its place."),
    Why.COVERED_SINCE: QT_TRANSLATE_NOOP(
        "Sent", "It has to be described anew: something was covered after that was done."
    ),
    Why.SEES_NONE: QT_TRANSLATE_NOOP("Sent", "This model takes no pictures."),
    Why.OTHER_TURN: QT_TRANSLATE_NOOP(
        "Sent", "This model hears one question, with the pictures of one message."
    ),
    Why.TOO_HEAVY: QT_TRANSLATE_NOOP("Sent", "A question to this model may weigh {weight}."),
    Why.AS_BEFORE: QT_TRANSLATE_NOOP("Sent", "It did not go along then."),
}
_COUNTED_CAUSES = {
    Why.NOT_AMONG_THE_NEWEST: (
        QT_TRANSLATE_NOOP("Sent", "You chose to send only the newest picture."),
        QT_TRANSLATE_NOOP("Sent", "You chose to send only the newest {count} pictures."),
    ),
    Why.TOO_MANY: (
        QT_TRANSLATE_NOOP("Sent", "This model looks at no more than 1 picture."),
        QT_TRANSLATE_NOOP("Sent", "This model looks at no more than {count} pictures."),
    ),
}
_OWN_REMEDIES = {
    Fate.NO_ROOM: QT_TRANSLATE_NOOP("Sent", "Take others out of the question, or ask about this one after."),
}
"""What helps a picture of the question that is being written."""


class Metered(NamedTuple):
    """The line in the composer: what it says, what a screen reader does, and whether it warns."""

    words: str = ""
    spoken: str = ""
    warns: bool = False


def asked_then(answer: Message, plan: Plan) -> Asked:
    """How an answer was asked for, as its run card and what was sent say."""
    run = answer.run
    raw = any(view.prepared.mime == PictureEncoding.RGB for one in plan.pictures for view in one.views)
    limits = Limits(
        longest_side=0, most_pictures=0, encoding=PictureEncoding.RGB if raw else PictureEncoding.JPEG
    )
    return Asked(run.model if run else "", limits, run.detail if run else Detail.FIT, sent=True)


def shown_plan(plan: Plan, asked: Asked, rules: Mapping[str, PictureRule] = _NO_RULES) -> ShownPlan:
    """All of a plan; an earlier message brings no row for a picture of which all goes with another.

    `rules` are those of the pictures by their hashes.
    """
    going, behind = _different(plan, going=True), _different(plan, going=False)
    newest = plan.pictures[-1].message_id if plan.pictures else ""
    listed = [one for one in plan.pictures if one.views or not one.goes or one.message_id == newest]
    words = [_totals(plan, asked)] if going else []
    if behind:
        words.append(counted(behind, *map(_tr, _BEHIND[asked.sent])))
    return ShownPlan(
        _title(plan, going, sent=asked.sent),
        " ".join(words),
        tuple(_shown(picture, plan, asked, rules) for picture in listed),
        first=_first(plan),
    )


def _different(plan: Plan, *, going: bool) -> int:
    """How many pictures go, or do not at all; one that several messages show counts once."""
    gone = {one.part.sha256 for one in plan.pictures if one.goes}
    return len(gone if going else {one.part.sha256 for one in plan.pictures} - gone)


def _first(plan: Plan) -> str:
    """The id of the first picture of the newest question that has some, best of one that goes."""
    newest = [one for one in plan.pictures if one.message_id == plan.pictures[-1].message_id]
    going = [one for one in newest if one.goes]
    return picture_id((going or newest)[0]) if newest else ""


def metered(plan: Plan, asked: Asked) -> Metered:
    """The plan in one line; nothing where no picture is about."""
    if not plan.pictures:
        return Metered()
    going = [picture for picture in plan.pictures if picture.goes]
    behind = [picture for picture in plan.pictures if picture.fate in _TONES]
    small = [picture for picture in going if _small_writing(picture) is not None]
    if not going and not behind:
        return Metered()
    number = _different(plan, going=True)
    count = counted(number, _tr("1 picture"), _tr("{count} pictures"))
    amounts = [count, *_amounts(plan)]
    where = _tr("{what} to {host}") if not plan.endpoint.on_this_computer else _tr("{what}, on this computer")
    words = where.format(what=", ".join(amounts), host=plan.endpoint.host or plan.endpoint.name)
    spoken = [_title(plan, number) + ".", _totals(plan, asked) if going else ""]
    if behind:
        words = _tr("{count} left out; {words}").format(
            count=len({one.part.sha256 for one in behind}), words=words
        )
        spoken += [
            f"{picture.part.name}: {_line(picture, asked)}. {_cause(picture.cause)}" for picture in behind
        ]
    elif small:
        words = _tr("Small writing; {words}").format(words=words)
    spoken += [_warning(picture) for picture in small]
    return Metered(words, " ".join(filter(None, spoken)), bool(behind or small))


def picture_id(picture: PlannedPicture) -> str:
    """What tells a picture of a plan from the others."""
    return f"{picture.message_id}:{picture.position}"


# ------------------------------------------------------------- a picture


def _shown(
    picture: PlannedPicture, plan: Plan, asked: Asked, rules: Mapping[str, PictureRule]
) -> ShownPicture:
    own = not picture.message_id and not asked.sent
    return ShownPicture(
        id=picture_id(picture),
        sha256=picture.part.sha256,
        name=picture.part.name,
        line=_line(picture, asked),
        tone=_TONES.get(picture.fate, "warning" if _small_writing(picture) is not None else "muted"),
        advices=(*_advices(picture, asked), *_notes(picture, plan)),
        views=tuple(view_of(view, picture, asked) for view in picture.seen),
        facts=tuple(facts_of(picture, plan.endpoint, asked)),
        ways=_ways(picture, asked) if own else (),
        way=BY_ROUTE if picture.part.treatment.detail is None else picture.part.treatment.detail.value,
        rule="" if asked.sent else rules.get(picture.part.sha256, PictureRule.KEEP).value,
    )


def _line(picture: PlannedPicture, asked: Asked) -> str:
    if picture.fate is not Fate.GOES:
        return _tr(_LINES[picture.fate])
    if not picture.views:
        return _tr("Went with another question") if asked.sent else _tr("Goes with another question")
    weight = size_words(sum(view.prepared.byte_count for view in picture.views))
    if len(picture.views) == 1:
        sent = picture.views[0].prepared
        if picture.also:
            part = view_title(sent, picture)
            return _tr("{part}, {weight}").format(part=part, weight=weight)
        return _tr("{width} × {height}, {weight}").format(width=sent.width, height=sent.height, weight=weight)
    return _tr("{count} views, {weight}").format(count=len(picture.views), weight=weight)


def _cause(cause: Cause | None) -> str:
    """Why a picture stays behind, in a sentence; empty for no cause."""
    if cause is None:
        return ""
    if cause.refused is not None:
        return problems.sentence(cause.refused)
    if cause.why in _COUNTED_CAUSES:
        return counted(cause.number, *map(_tr, _COUNTED_CAUSES[cause.why]))
    return _tr(_CAUSES[cause.why]).format(weight=size_words(cause.number))


def _advices(picture: PlannedPicture, asked: Asked) -> Iterable[Advice]:
    if not picture.goes:
        remedies = _REMEDIES if picture.message_id else {**_REMEDIES, **_OWN_REMEDIES}
        remedy = "" if asked.sent else _tr(remedies.get(picture.fate, ""))
        words = " ".join(filter(None, (_cause(picture.cause) or _line(picture, asked) + ".", remedy)))
        yield Advice(words, _TONES.get(picture.fate, "muted"))
    if _small_writing(picture) is not None:
        yield Advice(_warning(picture) if asked.sent else f"{_warning(picture)} {_what_helps(asked)}")
    if picture.also and picture.views:
        went = _tr("The whole picture went with another question, once for both.")
        goes = _tr("The whole picture goes with another question, once for both.")
        yield Advice(went if asked.sent else goes, "muted")
    gone = [view for view in picture.views if not view.data and not view.link]
    if gone:
        yield Advice(_tr("What was sent is not kept any more; here is how it was made."), "muted")


def _notes(picture: PlannedPicture, plan: Plan) -> Iterable[Advice]:
    """What was changed so that the picture can go."""
    for note in plan.notes:
        if picture.goes and note.facts.get("name") == picture.part.name:
            yield Advice(problems.translated(note.what, note.facts), "muted")


def _small_writing(picture: PlannedPicture) -> float | None:
    """How high the smallest writing is that may not be read; None where all of it may be, or a tile
    shows it larger."""
    views = [view.prepared for view in picture.views]
    tiled = [view for view in views if view.view is View.TILE]
    heights = [view.text_px for view in tiled or views if view.text_px is not None]
    return min(heights) if heights and min(heights) < READABLE_PX else None


def _warning(picture: PlannedPicture) -> str:
    height = max(1, round(_small_writing(picture) or 0))
    return _tr("Small writing is about {height} px high in what is sent; the model may not read it.").format(
        height=height
    )


def _what_helps(asked: Asked) -> str:
    possible = {size.detail for size in sizes(asked.limits) if not size.why_not}
    if Detail.TILES in possible:
        return _tr("Let it go whole and in tiles, or mark the region that you ask about.")
    if asked.limits.encoding is PictureEncoding.RGB:
        return _tr("Mark the region that you ask about.")
    return _tr("Keep every pixel, or mark the region that you ask about.")


def _ways(picture: PlannedPicture, asked: Asked) -> tuple[Way, ...]:
    every = sizes(asked.limits, one=True)
    if _fits_as_it_is(picture, asked):
        unchanged = _tr("This picture fits as it is: every pixel goes. Nothing is uploaded.")
        every = tuple(size._replace(help=unchanged) if size.detail is Detail.FIT else size for size in every)
    now = next(size for size in every if size.detail is asked.detail)
    by_route = Way(
        BY_ROUTE, _tr("As for the model"), _tr("Now: {words}. {help}").format(words=now.words, help=now.help)
    )
    if asked.limits.encoding is PictureEncoding.RGB:
        return ()
    return (by_route, *(Way(size.detail.value, size.words, size.help, size.why_not) for size in every))


def _fits_as_it_is(picture: PlannedPicture, asked: Asked) -> bool:
    """Whether a picture that is made to fit is not made smaller, as far as that is known."""
    detail = picture.part.treatment.detail or asked.detail
    whole = [view.prepared for view in (*picture.views, *picture.also) if view.prepared.view is View.WHOLE]
    return detail is Detail.FIT and bool(whole) and all(keeps_every_pixel(sent) for sent in whole)


# ------------------------------------------------------------- all together


def _title(plan: Plan, going: int, *, sent: bool = False) -> str:
    if not going:
        return _tr("No picture went along") if sent else _tr("No picture goes along")
    here = plan.endpoint.on_this_computer
    one, many = _TITLES[sent, here]
    template = _tr(one if going == 1 else many)
    return template.format(count=number_words(going), host=plan.endpoint.host or plan.endpoint.name)


_TITLES = {
    (False, False): (
        QT_TRANSLATE_NOOP("Sent", "1 picture goes to {host}"),
        QT_TRANSLATE_NOOP("Sent", "{count} pictures go to {host}"),
    ),
    (False, True): (
        QT_TRANSLATE_NOOP("Sent", "1 picture goes to {host}, on this computer"),
        QT_TRANSLATE_NOOP("Sent", "{count} pictures go to {host}, on this computer"),
    ),
    (True, False): (
        QT_TRANSLATE_NOOP("Sent", "1 picture went to {host}"),
        QT_TRANSLATE_NOOP("Sent", "{count} pictures went to {host}"),
    ),
    (True, True): (
        QT_TRANSLATE_NOOP("Sent", "1 picture went to {host}, on this computer"),
        QT_TRANSLATE_NOOP("Sent", "{count} pictures went to {host}, on this computer"),
    ),
}
"""By whether it was sent already, and whether it stays on this computer."""


_BEHIND = {
    False: (
        QT_TRANSLATE_NOOP("Sent", "1 picture does not go along."),
        QT_TRANSLATE_NOOP("Sent", "{count} pictures do not go along."),
    ),
    True: (
        QT_TRANSLATE_NOOP("Sent", "1 picture did not go along."),
        QT_TRANSLATE_NOOP("Sent", "{count} pictures did not go along."),
    ),
}
"""By whether it was sent already."""


def _amounts(plan: Plan) -> Sequence[str]:
    weight = [size_words(plan.byte_count)] if plan.byte_count else []
    if plan.picture_tokens is None:
        return weight
    return [counted(plan.picture_tokens, _tr("1 token"), _tr("{count} tokens")), *weight]


def _totals(plan: Plan, asked: Asked) -> str:
    amounts = ", ".join(_amounts(plan))
    if asked.limits.encoding is PictureEncoding.RGB:
        return f"{amounts}." if amounts else ""
    if plan.picture_tokens is None:
        unknown = _tr("Nobody knows how this model counts their tokens.")
        return " ".join(filter(None, (f"{amounts}." if amounts else "", unknown)))
    return _tr("About {amounts}, and about {words} tokens of text.").format(
        amounts=amounts, words=number_words(plan.text_tokens)
    )


def _tr(text: object) -> str:
    return QCoreApplication.translate("Sent", str(text)) if text else ""
