"""What a model is told in words about the pictures of a message, before its text.

Pictures have the numbers of `app.domain.picture.numbered`, by which answers are read too. What is said
of a message depends on it and on those before it alone, so that it stays the same as a conversation
grows; but for a message of which a picture goes with a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from app.chat.plan import Fate, PlannedPicture
from app.chat.repeats import Key, key_of
from app.domain.geometry import Point
from app.domain.picture import Prepared, View, numbered
from app.domain.region import Region, RegionKind

NUMBERED = "The pictures of this message are numbered in their order."
"""Said once where a message has several pictures, no other had any, and something is said of them."""
_ALL_NUMBERED = "The pictures of this conversation are numbered in their order."
_NUMBERED_ON = (
    "The pictures of this conversation are numbered in their order;",
    " this message has picture {first}.",
    " this message has pictures {first} to {last}.",
)

_NO_NUMBERS: Mapping[Key, int] = MappingProxyType({})
_SHAPES = {
    RegionKind.RECTANGLE: "a rectangle",
    RegionKind.LASSO: "a free outline",
    RegionKind.POINT: "a point",
    RegionKind.ARROW: "an arrow",
}
_PLACES = {
    RegionKind.RECTANGLE: "reaches from {least} to {most}",
    RegionKind.LASSO: "reaches from {least} to {most}",
    RegionKind.POINT: "is at {first}",
    RegionKind.ARROW: "points from {first} to {last}",
}
_WHOLE = "Region {number}{name}{comma} of {whole} ({shape}) {place} in the picture as you see it, {size}."
_CUT_OUT_TOO = " {Cut} shows it cut out."
_CUT_OUT = "{Cut} shows region {number}{name}, cut out of a larger picture."
_AGAIN = "{Cut} came with this message too."
_TILE = "{Cut} shows the part from {least} to {most} of {whole} in more detail."


def description(text: str) -> str:
    """What stands in the place of a picture that is described."""
    return f"[A picture that came with this, described: {' '.join(text.split())}]"


def left_out(count: int, *, again: bool) -> str:
    """That so many pictures are missing; `again`: of an earlier message. Their names are nobody's
    business."""
    pictures = "picture that came with this is" if count == 1 else "pictures that came with this are"
    return f"[{count} {pictures} not sent{' again' if again else ''}]"


def views_of(pictures: Sequence[PlannedPicture]) -> int:
    """How many views of the pictures of a message go."""
    return sum(len(picture.views) for picture in pictures if picture.goes)


def numbers_of(pictures: Iterable[PlannedPicture]) -> Mapping[Key, int]:
    """By what every view of a request is called, its pictures in the order of the conversation."""
    going = (view for picture in pictures if picture.goes for view in picture.views)
    return {key_of(view): number for number, view in numbered(going)}


def with_words(
    pictures: Sequence[PlannedPicture], first: int = 1, numbers: Mapping[Key, int] = _NO_NUMBERS
) -> list[PlannedPicture]:
    """The pictures of one message, each with what is said of its regions and parts.

    `first` is the number of their first view in the request, `numbers` are those of what goes with other
    messages.
    """
    last, found = first + views_of(pictures) - 1, []
    for picture in pictures:
        if picture.goes:
            words = " ".join(_sentences(picture, first, last, numbers))
            found.append(picture._replace(words=words))
            first += len(picture.views)
        else:
            found.append(picture)
    return found


def before_text(pictures: Sequence[PlannedPicture], first: int = 1, *, again: bool) -> list[str]:
    """The paragraphs to put before the text of a message with these pictures, which `with_words` told
    of with the same `first`."""
    missing = sum(not picture.goes and picture.fate is not Fate.DESCRIBED for picture in pictures)
    described = [picture.words for picture in pictures if picture.fate is Fate.DESCRIBED]
    said = [picture.words for picture in pictures if picture.goes and picture.words]
    last = first + views_of(pictures) - 1
    if said and last > 1:
        said = [" ".join((_numbering(first, last), *said))]
    return [*([left_out(missing, again=again)] if missing else []), *described, *said]


def _numbering(first: int, last: int) -> str:
    """How the pictures `first` to `last` of a request are numbered, said to their message."""
    if last < first:
        return _ALL_NUMBERED
    if first == 1:
        return NUMBERED
    how, one, several = _NUMBERED_ON
    return how + (one if first == last else several).format(first=first, last=last)


def _sentences(picture: PlannedPicture, first: int, last: int, numbers: Mapping[Key, int]) -> Iterator[str]:
    """What is said of a picture of which the first view has the number `first`, in a message of which
    the last one has the number `last`; its other views have theirs of `numbers`."""
    sent = {numbers[key_of(view)]: view.prepared for view in picture.also}
    if sent and max(sent) > last:
        last = max(numbers.values())
    sent.update(numbered((view.prepared for view in picture.views), first))
    if sent and not picture.views and not picture.part.treatment.regions:
        yield _AGAIN.format(Cut=_named_by(min(sent), last).capitalize())
    whole = next((number for number, view in sent.items() if view.view is View.WHOLE), None)
    cut = {view.region: _named_by(number, last) for number, view in sent.items() if view.region}
    for number, region in enumerate(picture.part.treatment.regions, start=1):
        name = _named(region)
        facts = {"number": str(number), "name": name, "comma": name[:1]}
        facts["Cut"] = cut.get(region.id, "").capitalize()
        if whole is not None:
            named = _named_by(whole, last)
            template = _WHOLE + (_CUT_OUT_TOO if facts["Cut"] else "")
            yield template.format(**facts, whole=named, **_placed(region, sent[whole]))
        elif facts["Cut"]:
            yield _CUT_OUT.format(**facts)
    if whole is None:
        return
    for number, view in sent.items():
        if view.view is View.TILE and first <= number < first + len(picture.views):
            facts = {"Cut": _named_by(number, last).capitalize()}
            corners = (Point(view.left, view.top), _far_corner(view))
            least, most = (_seen(corner, sent[whole]) for corner in corners)
            yield _TILE.format(**facts, least=least, most=most, whole=_named_by(whole, last))


def _named_by(number: int, last: int) -> str:
    return f"picture {number}" if last > 1 else "the picture"


def _named(region: Region) -> str:
    name = " ".join(region.name.split())
    return f", “{name}”" if name else ""


def _placed(region: Region, whole: Prepared) -> dict[str, str]:
    """Where a region lies in the sent picture, in words."""
    xs, ys = [point.x for point in region.points], [point.y for point in region.points]
    corners = {
        "least": Point(min(xs), min(ys)),
        "most": Point(max(xs), max(ys)),
        "first": region.points[0],
        "last": region.points[-1],
    }
    seen = {name: _seen(corner, whole) for name, corner in corners.items()}
    return {
        "shape": _SHAPES[region.kind],
        "place": _PLACES[region.kind].format(**seen),
        "size": f"{whole.width} x {whole.height} pixels",
    }


def _far_corner(view: Prepared) -> Point:
    return Point(view.left + view.width * view.scale_x, view.top + view.height * view.scale_y)


def _seen(point: Point, whole: Prepared) -> str:
    """A point of the original in pixels of the sent picture."""
    x, y = (point.x - whole.left) / whole.scale_x, (point.y - whole.top) / whole.scale_y
    return f"({min(max(round(x), 0), whole.width)}, {min(max(round(y), 0), whole.height)})"
