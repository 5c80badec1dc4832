"""What is sent of pictures, in words: for the inspector and for the line in the composer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from app.chat.plan import Fate, Plan, PlannedPicture
from app.domain.message import Message
from app.domain.model import Endpoint, Limits, PictureEncoding
from app.domain.picture import Detail, Picture, Prepared, Revealed, View
from app.domain.request import PromptPicture
from app.pictures.prepare import LINK
from ui.controllers.details import sizes
from ui.controllers.sizes import counted, size_words
from ui.inspector.shown import Advice, Fact, Facts, ShownPicture, ShownPlan, ShownView, Way

READABLE_PX = 8.0
"""Writing that is less high than so many pixels is often not read."""
BY_ROUTE = ""
"""The value of the way in which the model's own setting decides."""

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    PictureEncoding.RGB.value: QT_TRANSLATE_NOOP("Sent", "Raw pixels"),
    LINK: QT_TRANSLATE_NOOP("Sent", "An address"),
}
_LINES = {
    Fate.LINK: QT_TRANSLATE_NOOP("Sent", "Goes as an address"),
    Fate.DESCRIBED: QT_TRANSLATE_NOOP("Sent", "Described in words"),
    Fate.DROPPED: QT_TRANSLATE_NOOP("Sent", "Does not go along"),
    Fate.NO_ROOM: QT_TRANSLATE_NOOP("Sent", "Does not go along: no room"),
    Fate.UNSEEN: QT_TRANSLATE_NOOP("Sent", "Does not go along: not seen"),
    Fate.REFUSED: QT_TRANSLATE_NOOP("Sent", "Cannot go"),
}
_TONES = {Fate.NO_ROOM: "warning", Fate.UNSEEN: "warning", Fate.REFUSED: "danger"}
_REMEDIES = {
    Fate.DROPPED: QT_TRANSLATE_NOOP("Sent", "Its menu in the row of pictures lets it go along again."),
    Fate.NO_ROOM: QT_TRANSLATE_NOOP(
        "Sent", "Let it always go along by its menu in the row of pictures, or attach it to the question."
    ),
    Fate.UNSEEN: QT_TRANSLATE_NOOP(
        "Sent", "Choose another model, or let words stand in its place by its menu in the row of pictures."
    ),
    Fate.REFUSED: QT_TRANSLATE_NOOP("Sent", "Choose another size in which it goes, or another model."),
}


class Asked(NamedTuple):
    """How a plan came to be: the model that estimates count for, its limits, and whether it was sent
    already. `detail` is that of the route."""

    model: str
    limits: Limits
    detail: Detail
    sent: bool = False


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


def shown_plan(plan: Plan, asked: Asked) -> ShownPlan:
    """All of a plan."""
    going = [picture for picture in plan.pictures if picture.goes]
    behind = len(plan.pictures) - len(going)
    words = [_totals(plan, asked)] if going else []
    if behind:
        words.append(
            counted(behind, _tr("1 picture does not go along."), _tr("{count} pictures do not go along."))
        )
    return ShownPlan(
        _title(plan, len(going), sent=asked.sent),
        " ".join(words),
        tuple(_shown(picture, plan.endpoint, asked) for picture in plan.pictures),
    )


def metered(plan: Plan, asked: Asked) -> Metered:
    """The plan in one line; nothing where no picture is about."""
    if not plan.pictures:
        return Metered()
    going = [picture for picture in plan.pictures if picture.goes]
    behind = [picture for picture in plan.pictures if picture.fate in _TONES]
    small = [picture for picture in going if _small_writing(picture) is not None]
    if not going and not behind:
        return Metered()
    count = counted(len(going), _tr("1 picture"), _tr("{count} pictures"))
    amounts = [count, *_amounts(plan)]
    where = _tr("{what} to {host}") if not plan.endpoint.on_this_computer else _tr("{what}, on this computer")
    words = where.format(what=", ".join(amounts), host=plan.endpoint.host or plan.endpoint.name)
    spoken = [_title(plan, len(going)) + ".", _totals(plan, asked) if going else ""]
    if behind:
        words = _tr("{count} left out; {words}").format(count=len(behind), words=words)
        spoken += [f"{picture.part.name}: {_line(picture)}. {picture.why}" for picture in behind]
    elif small:
        words = _tr("Small writing; {words}").format(words=words)
    spoken += [_warning(picture) for picture in small]
    return Metered(words, " ".join(filter(None, spoken)), bool(behind or small))


def picture_id(picture: PlannedPicture) -> str:
    """What tells a picture of a plan from the others."""
    return f"{picture.message_id}:{picture.position}"


# ------------------------------------------------------------- a picture


def _shown(picture: PlannedPicture, endpoint: Endpoint, asked: Asked) -> ShownPicture:
    own = not picture.message_id and not asked.sent
    return ShownPicture(
        id=picture_id(picture),
        sha256=picture.part.sha256,
        name=picture.part.name,
        line=_line(picture),
        tone=_TONES.get(picture.fate, "warning" if _small_writing(picture) is not None else "muted"),
        advices=tuple(_advices(picture, asked)),
        views=tuple(_view(view, picture, asked) for view in picture.views),
        facts=tuple(_facts(picture, endpoint, asked)),
        ways=_ways(asked) if own else (),
        way=BY_ROUTE if picture.part.treatment.detail is None else picture.part.treatment.detail.value,
    )


def _line(picture: PlannedPicture) -> str:
    if picture.fate is not Fate.GOES:
        return _tr(_LINES[picture.fate])
    weight = size_words(sum(view.prepared.byte_count for view in picture.views))
    if len(picture.views) == 1:
        sent = picture.views[0].prepared
        return _tr("{width} x {height}, {weight}").format(width=sent.width, height=sent.height, weight=weight)
    return _tr("{count} views, {weight}").format(count=len(picture.views), weight=weight)


def _advices(picture: PlannedPicture, asked: Asked) -> Iterable[Advice]:
    if not picture.goes:
        remedy = "" if asked.sent else _tr(_REMEDIES.get(picture.fate, ""))
        words = " ".join(filter(None, (picture.why or _line(picture) + ".", remedy)))
        yield Advice(words, _TONES.get(picture.fate, "muted"))
    if _small_writing(picture) is not None:
        yield Advice(_warning(picture) if asked.sent else f"{_warning(picture)} {_what_helps(asked)}")
    gone = [view for view in picture.views if not view.data and not view.link]
    if gone:
        yield Advice(_tr("What was sent is not kept any more; here is how it was made."), "muted")


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


def _ways(asked: Asked) -> tuple[Way, ...]:
    every = sizes(asked.limits)
    now = next(size for size in every if size.detail is asked.detail)
    by_route = Way(
        BY_ROUTE, _tr("As for the model"), _tr("Now: {words}. {help}").format(words=now.words, help=now.help)
    )
    if asked.limits.encoding is PictureEncoding.RGB:
        return ()
    return (by_route, *(Way(size.detail.value, size.words, size.help, size.why_not) for size in every))


# ------------------------------------------------------------- what is known of it


def _view(view: PromptPicture, picture: PlannedPicture, asked: Asked) -> ShownView:
    whose = _tr("What was sent") if asked.sent else _tr("What the model gets")
    return ShownView(_view_title(view.prepared, picture), Facts(whose, tuple(_sent(view, asked))))


def _view_title(sent: Prepared, picture: PlannedPicture) -> str:
    views = [view.prepared for view in picture.views]
    if sent.view is View.TILE:
        tiles = [view for view in views if view.view is View.TILE]
        return _tr("Part {number} of {count}").format(number=tiles.index(sent) + 1, count=len(tiles))
    if sent.view is View.REGION:
        ids = [region.id for region in picture.part.treatment.regions]
        number = ids.index(sent.region) + 1 if sent.region in ids else sent.number
        named = [region.name for region in picture.part.treatment.regions if region.id == sent.region]
        return named[0] if named and named[0] else _tr("Region {number}").format(number=number)
    return _tr("Whole picture")


def _sent(view: PromptPicture, asked: Asked) -> Iterable[Fact]:
    sent = view.prepared
    if view.link or sent.mime == LINK:
        yield Fact(_tr("Address"), view.link)
        return
    yield Fact(_tr("Pixels"), _tr("{width} x {height}").format(width=sent.width, height=sent.height))
    yield Fact(_tr("Scale"), _scale(sent))
    if sent.view is not View.WHOLE:
        yield Fact(_tr("Shows"), _place(sent))
    yield Fact(_tr("Weight"), size_words(sent.byte_count))
    yield Fact(_tr("Format"), _tr(_FORMATS.get(sent.mime, sent.mime)))
    if asked.limits.encoding is not PictureEncoding.RGB:
        yield Fact(_tr("Tokens"), _tokens(asked.model, sent))
    if sent.text_px is not None:
        yield Fact(
            _tr("Writing"), _tr("{height} px high").format(height=QLocale().toString(sent.text_px, "f", 0))
        )
    if sent.marked:
        yield Fact(_tr("Marks"), _tr("the regions are drawn on it"))
    if sent.redacted:
        yield Fact(_tr("Covered"), counted(sent.redacted, _tr("1 place"), _tr("{count} places")))
    yield Fact(_tr("SHA-256"), sent.sha256)


def _tokens(model: str, sent: Prepared) -> str:
    from app.pictures.tokens import estimate  # only this counts

    cost = estimate(model, sent.width, sent.height)
    if cost is None:
        return _tr("nobody knows how this model counts")
    return _tr("about {count}: {formula}").format(count=_number(cost.count), formula=_tr(cost.formula))


def _scale(sent: Prepared) -> str:
    share = 100 / sent.scale_x
    if abs(sent.scale_x - 1) < 1e-9 and abs(sent.scale_y - 1) < 1e-9:
        return _tr("every pixel of the original")
    shown = QLocale().toString(share, "f", 0 if share >= 1 else 1)
    return _tr("{share} % of the original's width").format(share=shown)


def _place(sent: Prepared) -> str:
    right, bottom = sent.left + sent.width * sent.scale_x, sent.top + sent.height * sent.scale_y
    return _tr("from {left}, {top} to {right}, {bottom} of the original").format(
        left=round(sent.left), top=round(sent.top), right=round(right), bottom=round(bottom)
    )


def _facts(picture: PlannedPicture, endpoint: Endpoint, asked: Asked) -> Iterable[Facts]:
    if picture.goes or picture.words:
        where = _tr("Where it went") if asked.sent else _tr("Where it goes")
        rows = [Fact(_tr("To"), _host(endpoint))]
        if picture.words:
            rows.append(Fact(_tr("Said of it"), picture.words))
        yield Facts(where, tuple(rows))
    if picture.picture is None:
        yield Facts(_tr("The original"), note=_tr("It is not in the library any more."))
        return
    yield _metadata(picture.picture.revealed, picture.fate)
    yield _original(picture.picture)


def _metadata(revealed: Revealed, fate: Fate) -> Facts:
    """What the file tells beside its pixels, and what became of that."""
    rows = []
    if revealed.has_location:
        rows.append(Fact(_tr("GPS"), _location(revealed)))
    found = (
        (_tr("Camera"), revealed.camera),
        (_tr("Taken"), revealed.taken),
        (_tr("Comment"), revealed.comment),
    )
    rows += [Fact(label, value) for label, value in found if value]
    if revealed.found:
        rows.append(Fact(_tr("Found"), ", ".join(revealed.found)))
    if fate is Fate.LINK:
        title = _tr("In the file")
        note = _tr("The endpoint fetches the file itself, so nothing in it was removed by Fovea.")
    elif rows:
        title = _tr("In the file, not sent")
        note = _tr("All of this was removed: only pixels are sent.")
    else:
        title, note = _tr("In the file"), _tr("Nothing but pixels was found in it.")
    return Facts(title, tuple(rows), note)


def _location(revealed: Revealed) -> str:
    if revealed.latitude is None or revealed.longitude is None:
        return _tr("a place that cannot be read")
    north = _tr("{degrees}° N") if revealed.latitude >= 0 else _tr("{degrees}° S")
    east = _tr("{degrees}° E") if revealed.longitude >= 0 else _tr("{degrees}° W")
    locale = QLocale()
    latitude = north.format(degrees=locale.toString(abs(revealed.latitude), "f", 5))
    return f"{latitude}, {east.format(degrees=locale.toString(abs(revealed.longitude), 'f', 5))}"


def _original(picture: Picture) -> Facts:
    pixels = _tr("{width} x {height}").format(width=picture.width, height=picture.height)
    rows = (
        Fact(_tr("Pixels"), pixels),
        Fact(_tr("Weight"), size_words(picture.byte_count)),
        Fact(_tr("Format"), picture.format.upper()),
        Fact(_tr("SHA-256"), picture.sha256),
    )
    return Facts(_tr("The original"), rows)


# ------------------------------------------------------------- all together


def _title(plan: Plan, going: int, *, sent: bool = False) -> str:
    if not going:
        return _tr("No picture went along") if sent else _tr("No picture goes along")
    here = plan.endpoint.on_this_computer
    one, many = _TITLES[sent, here]
    template = _tr(one if going == 1 else many)
    return template.format(count=_number(going), host=plan.endpoint.host or plan.endpoint.name)


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


def _host(endpoint: Endpoint) -> str:
    if endpoint.on_this_computer:
        return _tr("{name}, on this computer").format(name=endpoint.name)
    return endpoint.host or endpoint.name


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
        amounts=amounts, words=_number(plan.text_tokens)
    )


def _number(count: int) -> str:
    return QLocale().toString(count)


def _tr(text: object) -> str:
    return QCoreApplication.translate("Sent", str(text)) if text else ""
