"""Regions and redactions from the command line."""

from __future__ import annotations

import argparse
import math

from app.cli.routes import BadUsage
from app.domain.errors import InputRefused
from app.domain.geometry import Box, Point
from app.domain.picture import Picture
from app.domain.region import Redaction, RedactionKind, Region, RegionKind, RegionSend, Treatment

PLACE = "X,Y,W,H"


def place(text: str) -> Box:
    """The rectangle that X,Y,W,H say in pixels. Raises argparse.ArgumentTypeError."""
    try:
        left, top, width, height = (float(number) for number in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected {PLACE} in pixels, not {text}") from error
    if not (math.isfinite(left + top + width + height) and width > 0 and height > 0):
        raise argparse.ArgumentTypeError(f"{text} is no place in a picture: {PLACE} in pixels")
    return Box(left=left, top=top, right=left + width, bottom=top + height)


def treatment_of(options: argparse.Namespace) -> Treatment:
    """What is done with the picture of `options`. Raises BadUsage where it is not one picture."""
    drawn = [*options.region, *options.redact]
    if drawn and len(options.image) != 1:
        raise BadUsage("--region and --redact are places in one picture: give exactly one.")
    if options.regions is not None and not options.region:
        raise BadUsage("--regions says how a --region goes: name one, too.")
    return Treatment(
        regions=tuple(
            Region(id=f"{number:08x}", kind=RegionKind.RECTANGLE, points=_corners(box))
            for number, box in enumerate(options.region, start=1)
        ),
        sends=options.regions or RegionSend.BOTH,
        redactions=tuple(Redaction(kind=RedactionKind.BOX, points=_corners(box)) for box in options.redact),
    )


def require_within(treatment: Treatment, picture: Picture, name: str) -> None:
    """Raises InputRefused for a place that is nowhere in the picture: nothing would be shown or hidden."""
    places = [*(each.points for each in treatment.regions), *(each.points for each in treatment.redactions)]
    for first, last in places:
        if first.x >= picture.width or first.y >= picture.height or last.x <= 0 or last.y <= 0:
            at = ",".join(f"{n:g}" for n in (first.x, first.y, last.x - first.x, last.y - first.y))
            reason = f"{at} lies outside its {picture.width} x {picture.height} pixels"
            raise InputRefused(name=name, reason=reason)


def _corners(box: Box) -> tuple[Point, Point]:
    return Point(box.left, box.top), Point(box.right, box.bottom)
