"""What quick look found in a picture. Plain values; both sides of the pipe know them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from app.child.frames import Frame


class Label(NamedTuple):
    """A kind of thing, how likely the picture shows it (0..1), and the family it belongs to.

    `family` is one of the words of `labels.FAMILIES`, or empty.
    """

    name: str
    probability: float
    family: str = ""


class Colour(NamedTuple):
    """A colour by its everyday name and the share of the picture it covers (0..1)."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known so far of a picture of `width` x `height` pixels.

    `labels` (likeliest first), `families` (likeliest first) and `colours` (largest share first)
    are None until they are known. `lines` are the lines of text read so far, in reading order;
    more may come until `all_read`.
    """

    width: int
    height: int
    labels: tuple[Label, ...] | None = None
    families: tuple[Label, ...] = ()
    colours: tuple[Colour, ...] | None = None
    lines: tuple[str, ...] = ()
    all_read: bool = False

    def grown(self, frame: Frame) -> Findings:
        """With what a frame of the child adds: `labels`, `colours`, `text` or `done`."""
        fields = frame.fields
        if frame.kind == "labels":
            return replace(
                self,
                labels=tuple(Label(**label) for label in fields["labels"]),
                families=tuple(Label(**family) for family in fields["families"]),
            )
        if frame.kind == "colours":
            return replace(self, colours=tuple(Colour(**colour) for colour in fields["colours"]))
        if frame.kind == "text":
            return replace(self, lines=(*self.lines, *fields["lines"]))
        return replace(self, all_read=True)


def labels_frame(labels: list[Label], families: list[Label]) -> Frame:
    """The frame that tells what the picture may show."""
    return Frame("labels", {"labels": _plain(labels), "families": _plain(families)})


def colours_frame(colours: list[Colour]) -> Frame:
    """The frame that tells the main colours."""
    return Frame("colours", {"colours": _plain(colours)})


def _plain(values: list[Label] | list[Colour]) -> list[dict[str, Any]]:
    return [value._asdict() for value in values]
