"""What is known of a picture that is sent, fact by fact in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from app.chat.plan import Fate, PlannedPicture
from app.domain.model import Endpoint, Limits, PictureEncoding
from app.domain.picture import Detail, Picture, Prepared, Revealed, View
from app.domain.request import PromptPicture
from app.pictures.prepare import LINK
from ui.controllers.sizes import counted, number_words, size_words
from ui.inspector.shown import Fact, Facts, ShownView

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    PictureEncoding.RGB.value: QT_TRANSLATE_NOOP("Sent", "Raw pixels"),
    LINK: QT_TRANSLATE_NOOP("Sent", "An address"),
}
_COUNTED_BY = {
    "tiles-and-base": QT_TRANSLATE_NOOP("Sent", "{base} + {each} for each tile of {side} pixels"),
    "patches": QT_TRANSLATE_NOOP("Sent", "{each} for each patch of {side} pixels"),
    "patches-to": QT_TRANSLATE_NOOP("Sent", "one for each patch of {side} pixels, {most} at most"),
    "squares": QT_TRANSLATE_NOOP("Sent", "one for each square of {side} pixels"),
    "tiles-and-whole": QT_TRANSLATE_NOOP(
        "Sent", "{each} for each tile of {side} pixels and for the whole picture"
    ),
    "two-thirds": QT_TRANSLATE_NOOP("Sent", "{each} for each tile, which is two thirds of the shorter side"),
    "rows": QT_TRANSLATE_NOOP("Sent", "one for each patch of {side} pixels and for each row of them"),
    "patches-and-whole": QT_TRANSLATE_NOOP(
        "Sent", "one for each patch of {side} pixels, of the whole picture and of up to {most} tiles"
    ),
    "always": QT_TRANSLATE_NOOP("Sent", "always the same, whatever the picture's size"),
}
"""How tokens are counted, by the values of Counting."""


class Asked(NamedTuple):
    """How a plan came to be: the model that estimates count for, its limits, and whether it was sent
    already. `detail` is that of the route."""

    model: str
    limits: Limits
    detail: Detail
    sent: bool = False


def view_of(view: PromptPicture, picture: PlannedPicture, asked: Asked) -> ShownView:
    """One of the pictures that are sent for a picture."""
    whose = _tr("What was sent") if asked.sent else _tr("What the model gets")
    rows = list(_sent(view, asked))
    if (regions := len(picture.part.treatment.regions)) and view.prepared.view is View.WHOLE:
        rows.insert(-1, Fact(_tr("Regions"), counted(regions, _tr("1 region"), _tr("{count} regions"))))
    return ShownView(view_title(view.prepared, picture), Facts(whose, tuple(rows)))


def view_title(sent: Prepared, picture: PlannedPicture) -> str:
    """What of a picture a view shows, in a few words."""
    views = [view.prepared for view in picture.seen]
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
    yield Fact(_tr("Pixels"), _tr("{width} × {height}").format(width=sent.width, height=sent.height))
    yield Fact(_tr("Scale"), _scale(sent))
    if sent.view is not View.WHOLE:
        yield Fact(_tr("Shows"), _place(sent))
    yield Fact(_tr("Weight"), size_words(sent.byte_count))
    yield Fact(_tr("Format"), _tr(_FORMATS.get(sent.mime, sent.mime)))
    if asked.limits.encoding is not PictureEncoding.RGB:
        yield Fact(_tr("Tokens"), _tokens(asked.model, sent))
    if sent.text_px is not None:
        yield Fact(_tr("Writing"), _tr("{height} px high").format(height=int(sent.text_px)))
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
    numbers = {name: QLocale().toString(float(number), "g", 6) for name, number in cost.numbers.items()}
    formula = _tr(str(_COUNTED_BY[cost.by.value])).format_map(numbers)
    return _tr("about {count}: {formula}").format(count=number_words(cost.count), formula=formula)


def keeps_every_pixel(sent: Prepared) -> bool:
    """Whether what is sent is as large as what it shows of the original."""
    return abs(sent.scale_x - 1) < 1e-9 and abs(sent.scale_y - 1) < 1e-9


def _scale(sent: Prepared) -> str:
    share = 100 / sent.scale_x
    if keeps_every_pixel(sent):
        return _tr("every pixel of the original")
    shown = QLocale().toString(share, "f", 0 if share >= 1 else 1)
    return _tr("{share} % of the original's width").format(share=shown)


def _place(sent: Prepared) -> str:
    right, bottom = sent.left + sent.width * sent.scale_x, sent.top + sent.height * sent.scale_y
    return _tr("from {left}, {top} to {right}, {bottom} of the original").format(
        left=round(sent.left), top=round(sent.top), right=round(right), bottom=round(bottom)
    )


def facts_of(picture: PlannedPicture, endpoint: Endpoint, asked: Asked) -> Iterable[Facts]:
    """Where a picture goes, what its file told, and its original."""
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
        where = _tr("All of this was removed, the place too: only pixels are sent.")
        note = where if revealed.has_location else _tr("All of this was removed: only pixels are sent.")
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
    pixels = _tr("{width} × {height}").format(width=picture.width, height=picture.height)
    rows = (
        Fact(_tr("Pixels"), pixels),
        Fact(_tr("Weight"), size_words(picture.byte_count)),
        Fact(_tr("Format"), picture.format.upper()),
        Fact(_tr("SHA-256"), picture.sha256),
    )
    return Facts(_tr("The original"), rows)


def _host(endpoint: Endpoint) -> str:
    if endpoint.on_this_computer:
        return _tr("{name}, on this computer").format(name=endpoint.name)
    return endpoint.host or endpoint.name


def _tr(text: object) -> str:
    return QCoreApplication.translate("Sent", str(text)) if text else ""
